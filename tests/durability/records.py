"""What the store holds of a running anonymous campaign, as only its key opens it."""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import text as sql

from survey_app.instrument.values import answers_from_json, choice_of
from survey_app.services.context import Context
from survey_app.services.survey import seal
from survey_app.store import responses
from tests.campaign_kit import Held


def now(context: Context) -> dict[str, object]:
    """Dates of a campaign that runs by the machine's own clock."""
    moment = context.clock()
    return {"opens_at": moment - dt.timedelta(hours=1), "closes_at": moment + dt.timedelta(days=2)}


def opened(context: Context, held: Held) -> list[tuple[str, str, str]]:
    """(type, p5, text) of every answer that was sealed; none of them may be half there."""
    with context.database.reading() as session:
        boxes = responses.boxes(session, held.campaign.id)
    assert held.campaign.inbox_public_key is not None
    folders = context.settings.key_folders
    plain = seal.open_boxes(folders, held.campaign.public_id, held.campaign.inbox_public_key, boxes)
    records = [answers_from_json(json.loads(one)["answers"]) for one in plain]
    assert all(set(one) == set(held.instrument.by_id) for one in records)
    return [(str(choice_of(one["p1"].value)), str(one["p5"].value), str(one["p10"].value)) for one in records]


def count(context: Context, rows: str, held: Held) -> int:
    """Rows of the campaign in a table, or those `WHERE` something holds."""
    glue = "AND" if "WHERE" in rows else "WHERE"
    with context.database.reading() as session:
        query = sql(f"SELECT count(*) FROM {rows} {glue} campaign_id = :one")
        return int(session.scalar(query, {"one": held.campaign.id}) or 0)
