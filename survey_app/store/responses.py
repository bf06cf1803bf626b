"""The sealed inbox of a running campaign, its submission keys, and the responses and texts that the lock leaves.

Ids are 128 random bits and say nothing about time or order.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey_app.models import Campaign, OpenText, OpenTextTheme, Response, SealedAnswer, SubmissionKey
from survey_app.store.campaigns import OpenedCampaign, rows_changed

__all__ = [
    "OpenText",
    "Response",
    "add_named",
    "add_sealed",
    "add_texts",
    "add_unlinked",
    "boxes",
    "by_ids",
    "count_responses",
    "count_sealed",
    "count_uncleared",
    "delete_boxes",
    "delete_keys",
    "forget_uncleared",
    "ids",
    "knows_key",
    "names",
    "new_id",
    "remember_key",
    "responded_stakeholders",
    "responses",
    "shown_texts",
    "text",
    "texts",
    "with_uncleared",
]

# Words beyond what may be shown.
_UNCLEARED = or_(OpenText.state != "cleared", OpenText.text != OpenText.cleared_text)
# Made once, of tables and not of classes: the detour by the ORM takes longer than the statement.
_TABLES = SubmissionKey.metadata.tables
_KEYS, _BOXES = _TABLES["submission_key"], _TABLES["sealed_answer"]
_REMEMBER = {
    "postgresql": postgresql.insert(_KEYS).on_conflict_do_nothing().returning(_KEYS.c.key_hash),
    "sqlite": sqlite.insert(_KEYS).on_conflict_do_nothing().returning(_KEYS.c.key_hash),
}
_SEALED = insert(_BOXES)
_FEW = {"yield_per": 5_000}  # rows in memory at a time


def new_id() -> str:
    return secrets.token_hex(16)


def remember_key(connection: Connection, campaign_id: int, key_hash: str) -> bool:
    """False if it is known. Of two at once, the second waits for the first; no error reaches a server's log."""
    statement = _REMEMBER[connection.dialect.name]
    return connection.scalar(statement, {"key_hash": key_hash, "campaign_id": campaign_id}) is not None


def knows_key(connection: Connection, campaign_id: int, key_hash: str) -> bool:
    query = select(SubmissionKey.key_hash).filter_by(campaign_id=campaign_id, key_hash=key_hash)
    return connection.scalar(query) is not None


def add_sealed(connection: Connection, campaign_id: int, box: bytes) -> None:
    connection.execute(_SEALED, {"id": new_id(), "campaign_id": campaign_id, "box": box})


def count_sealed(session: Session, campaign_id: int) -> int:
    query = select(func.count()).select_from(SealedAnswer).where(SealedAnswer.campaign_id == campaign_id)
    return session.scalar(query) or 0


def boxes(session: Session, campaign_id: int) -> list[bytes]:
    return list(session.scalars(select(SealedAnswer.box).where(SealedAnswer.campaign_id == campaign_id)))


def delete_boxes(session: Session, campaign_id: int) -> int:
    return rows_changed(session, delete(SealedAnswer).where(SealedAnswer.campaign_id == campaign_id))


def delete_keys(session: Session, campaign_id: int) -> None:
    session.execute(delete(SubmissionKey).where(SubmissionKey.campaign_id == campaign_id))


def add_unlinked(session: Session, campaign: Campaign, answers: Sequence[Mapping[str, Any]]) -> None:
    """The answers of an anonymous campaign at its lock, in the (shuffled) order given."""
    rows = [{**_common(campaign), "id": new_id(), "answers": dict(one)} for one in answers]
    if rows:
        session.execute(insert(Response), rows)


def add_named(
    connection: Connection,
    campaign: Campaign | OpenedCampaign,
    answers: Mapping[str, Any],
    *,
    stakeholder_id: int | None,
    institution_name: str | None,
    received_at: dt.datetime,
    channel: str,
) -> None:
    connection.execute(
        insert(Response).values(
            **_common(campaign),
            id=new_id(),
            answers=dict(answers),
            stakeholder_id=stakeholder_id,
            institution_name=institution_name,
            received_at=received_at,
            channel=channel,
        )
    )


def responses(session: Session, campaign_id: int) -> list[Response]:
    """By their random ids: an order that says nothing."""
    query = select(Response).where(Response.campaign_id == campaign_id)
    return list(session.scalars(query.order_by(Response.id)))


def documents(session: Session, campaign_id: int) -> list[dict[str, Any]]:
    """The answers alone, in the order of `responses`: a fifth of the time that whole rows take."""
    query = select(Response.answers).where(Response.campaign_id == campaign_id)
    return list(session.scalars(query.order_by(Response.id)))


def ids(session: Session, campaign_id: int) -> Iterator[str]:
    """Of every response, few at a time and in no order: whoever reads on by them draws one."""
    query = select(Response.id).where(Response.campaign_id == campaign_id)
    yield from session.scalars(query, execution_options=_FEW)


def names(session: Session, campaign_id: int) -> Iterator[tuple[str, str | None, int | None]]:
    """(id, typed name, stakeholder) of every response of a named campaign, few at a time, in no order."""
    query = select(Response.id, Response.institution_name, Response.stakeholder_id)
    found = session.execute(query.where(Response.campaign_id == campaign_id), execution_options=_FEW)
    for row in found:
        yield row.id, row.institution_name, row.stakeholder_id


def by_ids(session: Session, campaign_id: int, wanted: Sequence[str]) -> list[Response]:
    """These, in the order given. KeyError for one that the campaign does not have.

    Asked for by their ids alone: told the campaign, too, SQLite looks through all of the campaign's each time.
    """
    rows = session.scalars(select(Response).where(Response.id.in_(wanted)))
    found = {row.id: row for row in rows if row.campaign_id == campaign_id}
    return [found[one] for one in wanted]


def count_responses(session: Session, campaign_id: int) -> int:
    query = select(func.count()).select_from(Response).where(Response.campaign_id == campaign_id)
    return session.scalar(query) or 0


def responded_stakeholders(session: Session, campaign_id: int) -> set[int]:
    """Of a named campaign; an anonymous one has none to tell."""
    query = select(Response.stakeholder_id).where(Response.campaign_id == campaign_id)
    return {found for found in session.scalars(query) if found is not None}


def add_texts(session: Session, campaign_id: int, written: Sequence[tuple[str, str, str]]) -> None:
    """(question id, text, state), in the (shuffled) order given; each a row of its own."""
    rows = [
        {
            "id": new_id(),
            "campaign_id": campaign_id,
            "question_id": question_id,
            "text": words,
            "state": state,
        }
        for question_id, words, state in written
    ]
    if rows:
        session.execute(insert(OpenText), rows)


def texts(session: Session, campaign_id: int, state: str | None = None) -> list[OpenText]:
    """By their random ids."""
    query = select(OpenText).where(OpenText.campaign_id == campaign_id)
    if state is not None:
        query = query.where(OpenText.state == state)
    return list(session.scalars(query.order_by(OpenText.id)))


def text_places(session: Session, campaign_id: int) -> list[tuple[str, str, str]]:
    """(id, question id, state) of every text, by their random ids: of a thousand texts, a page needs few whole."""
    query = select(OpenText.id, OpenText.question_id, OpenText.state).where(
        OpenText.campaign_id == campaign_id
    )
    return [(one.id, one.question_id, one.state) for one in session.execute(query.order_by(OpenText.id))]


def texts_of(session: Session, text_ids: Collection[str]) -> dict[str, OpenText]:
    """By id."""
    rows = session.scalars(select(OpenText).where(OpenText.id.in_(text_ids))) if text_ids else ()
    return {row.id: row for row in rows}


def count_texts(session: Session, campaign_id: int, state: str) -> int:
    query = select(func.count()).select_from(OpenText)
    return session.scalar(query.filter_by(campaign_id=campaign_id, state=state)) or 0


def campaigns_with_texts(session: Session, gmina_code: str, state: str) -> set[int]:
    """Ids of the gmina's campaigns that have a text in that state."""
    query = select(OpenText.campaign_id).join(Campaign, Campaign.id == OpenText.campaign_id)
    return set(
        session.scalars(query.where(Campaign.gmina_code == gmina_code, OpenText.state == state).distinct())
    )


def shown_texts(session: Session, campaign_id: int, state: str) -> list[tuple[str, str]]:
    """(question id, what may be shown) of every text in that state, by their random ids."""
    query = (
        select(OpenText.question_id, OpenText.cleared_text)
        .where(OpenText.campaign_id == campaign_id, OpenText.state == state)
        .order_by(OpenText.id)
    )
    return [(question_id, words or "") for question_id, words in session.execute(query)]


def text(session: Session, text_id: str) -> OpenText | None:
    if not (text_id.isascii() and text_id.isalnum()):  # PostgreSQL balks at a NUL
        return None
    return session.get(OpenText, text_id)


def _common(campaign: Campaign | OpenedCampaign) -> dict[str, Any]:
    return {
        "campaign_id": campaign.id,
        "mode": campaign.mode,
        "gmina_code": campaign.gmina_code,
        "instrument_version_id": campaign.instrument_version_id,
    }


def with_uncleared(session: Session, locked_before: dt.datetime) -> list[int]:
    """Campaigns locked by then that keep words which nobody let into a report, or whose free pages may."""
    words = select(OpenText.id).where(OpenText.campaign_id == Campaign.id, _UNCLEARED)
    query = select(Campaign.id).where(
        Campaign.locked_at <= locked_before, or_(Campaign.words_gone_at.is_(None), words.exists())
    )
    return list(session.scalars(query.order_by(Campaign.id)))


def count_uncleared(session: Session, campaign_id: int) -> int:
    query = select(func.count()).select_from(OpenText).where(OpenText.campaign_id == campaign_id, _UNCLEARED)
    return session.scalar(query) or 0


def forget_uncleared(session: Session, campaign_id: int) -> None:
    """Texts that are not to be shown go, with their themes; of the others only what may be shown stays."""
    here = OpenText.campaign_id == campaign_id
    unshown = select(OpenText.id).where(here, OpenText.state != "cleared")
    session.execute(delete(OpenTextTheme).where(OpenTextTheme.open_text_id.in_(unshown)))
    session.execute(delete(OpenText).where(here, OpenText.state != "cleared"))
    session.execute(update(OpenText).where(here, _UNCLEARED).values(text=OpenText.cleared_text))
