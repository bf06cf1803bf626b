"""A store with as many answers as wanted, in seconds: those of one real, locked campaign, copied past the service.

Every copy is a row as the lock leaves one: a random id, a campaign, a gmina, a version, the answers.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Table, insert, select

from survey_app.config import Settings
from survey_app.models import Campaign, CampaignRelease, Gmina, GminaKind, Response
from survey_app.services.context import Context
from survey_app.services.gminas import WOJEWODZTWA
from survey_app.store.gminas import name_regions

CODE = "990101"
KINDS = ("administracja", "pomoc_spoleczna", "edukacja", "kultura", "zdrowie", "sport", "gospodarka")
COLUMNS = ("id", "campaign_id", "mode", "gmina_code", "instrument_version_id", "answers", "institution_name")
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Source:
    """The campaign that is copied, as it lies in the store, and its answers as text."""

    campaign: dict[str, Any]
    release: dict[str, Any]
    answers: list[str]


def context_at(folder: Path, database_url: str) -> Context:
    """A service that a password opens alone: nobody holds a second factor for a benchmark."""
    settings = Settings.from_environment({"SURVEY_VAR": str(folder), "DATABASE_URL": database_url})
    return Context.from_settings(replace(settings, second_factor_required=False, secure_cookies=False))


def one_gmina(context: Context, answers: int, mode: str = "anonymous") -> int:
    """An example gmina with a locked campaign by an open link; the campaign's id."""
    from survey_app.services import gminas, schema
    from survey_app.services.demo.answers import made_up
    from survey_app.services.instruments import current_ankieta
    from survey_app.services.survey import campaigns, take_survey

    schema.upgrade(context)
    gminas.add_gmina(context, CODE + "2", "Pomiarowo", "przykładowe", "przykładowy", actor=None, example=True)
    now = context.clock().replace(microsecond=0)
    past = replace(context, clock=lambda: now - 3 * WEEK)
    draft = campaigns.CampaignDraft(
        "Ankieta",
        mode,
        "open_link",
        now - 3 * WEEK,
        now - 2 * WEEK,
        30,
        3,
        "Administratorem danych jest Wójt.",
    )
    campaign = campaigns.create_campaign(past, CODE, draft, actor=None)
    campaigns.open_campaign(past, campaign.id, actor=None)
    source, instrument = random.Random(1), current_ankieta(context)
    for number in range(answers):
        settled = made_up(instrument, source.choice(KINDS), source)
        name = f"Instytucja {number}" if mode == "named" else None
        take_survey.submit(past, campaign.public_id, None, f"{number:040d}", settled, name)
    campaigns.lock_campaign(context, campaign.id, actor=None)
    return campaign.id


def source_of(context: Context, campaign_id: int) -> Source:
    with context.database.reading() as session:
        campaign = session.execute(select(_table(Campaign)).filter_by(id=campaign_id)).mappings().one()
        release = session.execute(select(_table(CampaignRelease)).filter_by(campaign_id=campaign_id))
        known = session.scalars(select(Response.answers).where(Response.campaign_id == campaign_id))
        texts = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in known]
        return Source(dict(campaign), dict(release.mappings().one()), texts)


def add_campaigns(context: Context, source: Source, codes: list[str]) -> dict[str, int]:
    """A gmina, a locked campaign and its release for each code; code -> the campaign's id."""
    ids = {code: 1_000 + number for number, code in enumerate(codes)}
    with context.database.transaction() as session:
        name_regions(session, WOJEWODZTWA, {code[:4]: code[:4] for code in codes})
        session.execute(insert(Gmina), [{"code": code, "name": code} for code in codes])
        long_ago = dt.date(1999, 1, 1)
        kinds = [{"gmina_code": code, "valid_from": long_ago, "kind": "2"} for code in codes]
        session.execute(insert(GminaKind), kinds)
        session.execute(
            insert(_table(Campaign)),
            [
                {**source.campaign, "id": ids[code], "gmina_code": code, "public_id": f"c{ids[code]}"}
                for code in codes
            ],
        )
        session.execute(
            insert(_table(CampaignRelease)),
            [{**source.release, "campaign_id": ids[code], "gmina_code": code} for code in codes],
        )
    return ids


def add_responses(context: Context, source: Source, campaigns: dict[str, int], each: int) -> int:
    """So many copied answers in each campaign; how many in all. The store's statistics are made anew."""
    rows = _rows(source, campaigns, each)
    if context.database.is_sqlite:
        assert context.database.url.database is not None
        with closing(sqlite3.connect(context.database.url.database)) as connection, connection:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA cache_size=-400000")  # rows with random ids go all over their index
            marks = ", ".join("?" * len(COLUMNS))
            connection.executemany(f"INSERT INTO response ({', '.join(COLUMNS)}) VALUES ({marks})", rows)
    else:
        address = context.database.url.render_as_string(hide_password=False).replace("+psycopg", "")
        with psycopg.connect(address) as postgres:
            with postgres.cursor().copy(f"COPY response ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            postgres.execute("ANALYZE")
    return each * len(campaigns)


def _rows(source: Source, campaigns: dict[str, int], each: int) -> Iterator[tuple[Any, ...]]:
    """Of gminas in turns, as their answers came in: those of one lie nowhere together."""
    mode, version = source.campaign["mode"], source.campaign["instrument_version_id"]
    for number in range(each):
        name = f"Instytucja {number * 7919 % each:07d}" if mode == "named" else None
        text = source.answers[number % len(source.answers)]
        for code, campaign_id in campaigns.items():
            yield secrets.token_hex(16), campaign_id, mode, code, version, text, name


def codes_of_country(count: int) -> list[str]:
    """Made-up codes in all województwa and in many powiaty."""
    listed = list(WOJEWODZTWA)
    return [f"{listed[n % 16]}{n // 16 % 24 + 1:02d}{n // 384 + 1:02d}" for n in range(count)]


def _table(model: Any) -> Table:
    found: Table = model.__table__
    return found
