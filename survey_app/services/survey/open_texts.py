"""Free texts of a locked campaign, cleared of names by a person of the team before anybody else reads them.

METHOD, "Disclosure control": free text is shown without the group, in random order, after it was cleared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import Fault, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.instruments import instrument_of
from survey_app.services.survey.campaign_rules import ANONYMOUS
from survey_app.services.survey.find_campaign import require_locked
from survey_app.services.survey.unlinking import WAITING, WITHHELD, names_institution
from survey_app.store import audit, campaigns, responses
from survey_app.store.campaigns import Campaign
from survey_app.store.responses import OpenText

__all__ = [
    "OpenText",
    "clear",
    "cleared_texts",
    "places",
    "text_of",
    "waiting",
    "waiting_count",
    "whole",
    "withhold",
]

CLEARED = "cleared"
NOT_YET = "Teksty można czytać dopiero po zablokowaniu kampanii."
MAX_LENGTH = 10_000


def waiting(context: Context, campaign_id: int) -> list[OpenText]:
    """Texts on which nobody has decided, in an order that says nothing. ConflictError before the lock."""
    with context.database.reading() as session:
        require_locked(session, campaign_id, NOT_YET)
        return responses.texts(session, campaign_id, WAITING)


def waiting_count(context: Context, campaign_id: int) -> int:
    """How many of them there are. ConflictError before the lock."""
    with context.database.reading() as session:
        require_locked(session, campaign_id, NOT_YET)
        return responses.count_texts(session, campaign_id, WAITING)


@dataclass(frozen=True, slots=True)
class TextPlaces:
    """Ids of a campaign's texts, question by question in the instrument's order, each in an order that says nothing.

    `waiting`: nobody has decided; `decided`: cleared or withheld, may be decided on again, never those that can name
    a respondent; `found`: those of them that hold the words that were looked for.
    """

    waiting: list[str]
    decided: list[str]
    found: list[str]


def places(context: Context, campaign_id: int, wanted: str = "") -> TextPlaces:
    """ConflictError before the lock. Whole texts are read for a page alone (`whole`), or to look for words."""
    with context.database.reading() as session:
        campaign = require_locked(session, campaign_id, NOT_YET)
        rows = responses.text_places(session, campaign_id)
        questions = instrument_of(campaign.instrument_version).questions
        order = {question.id: place for place, question in enumerate(questions)}
        closed = _closed_questions(campaign)
        rows.sort(key=lambda row: order[row[1]])
        decided = [key for key, question_id, state in rows if state != WAITING and question_id not in closed]
        found = decided
        if wanted:
            texts = {
                row.id: polish.fold(row.cleared_text or row.text)
                for row in responses.texts(session, campaign_id)
            }
            found = [key for key in decided if polish.fold(wanted) in texts[key]]
    return TextPlaces([key for key, _, state in rows if state == WAITING], decided, found)


def whole(context: Context, text_ids: Sequence[str]) -> list[OpenText]:
    """In that order; one that is gone meanwhile is left out."""
    with context.database.reading() as session:
        rows = responses.texts_of(session, text_ids)
    return [rows[key] for key in text_ids if key in rows]


def cleared_texts(session: Session, campaign_id: int) -> dict[str, list[str]]:
    """Question id -> what may be shown."""
    found: dict[str, list[str]] = {}
    for question_id, words in responses.shown_texts(session, campaign_id, CLEARED):
        found.setdefault(question_id, []).append(words)
    return found


def text_of(context: Context, campaign_id: int, text_id: str) -> OpenText:
    """NotFoundError if it is not of this campaign, or is one that nobody is to see."""
    with context.database.reading() as session:
        row = responses.text(session, text_id)
        if row is None or row.campaign_id != campaign_id:
            raise _unknown()
        _refuse_closed(session, row)
        return row


def clear(context: Context, text_id: str, cleared_text: str, actor: int | None) -> OpenText:
    """`cleared_text` is what may be shown: the text as written, or with names blacked out."""
    tidy = cleared_text.strip()
    if not tidy or len(tidy) > MAX_LENGTH:
        message = "Tekst do pokazania jest pusty albo za długi."
        hint = "Zostaw treść bez nazw albo wybierz „Nie pokazuj”."
        raise InvalidInputError(message, [Fault("cleared_text", "cleared_text", message, hint)])
    return _decide(context, text_id, CLEARED, tidy, actor)


def withhold(context: Context, text_id: str, actor: int | None) -> OpenText:
    """It will not be shown."""
    return _decide(context, text_id, WITHHELD, None, actor)


def _decide(
    context: Context, text_id: str, state: str, cleared_text: str | None, actor: int | None
) -> OpenText:
    with context.database.transaction() as session:
        row = responses.text(session, text_id)
        if row is None:
            raise _unknown()
        campaign = _refuse_closed(session, row)
        row.state, row.cleared_text = state, cleared_text
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action=f"text_{state}",
            object_type="open_text",
            object_id=row.id,
            gmina_code=campaign.gmina_code,
        )
        return row


def _refuse_closed(session: Session, row: OpenText) -> Campaign:
    campaign = campaigns.get(session, row.campaign_id)
    assert campaign is not None
    if _is_closed(campaign, row):
        raise _unknown()
    return campaign


def _is_closed(campaign: Campaign, row: OpenText) -> bool:
    """METHOD, "The ankieta": question 1's texts are never shown in an anonymous campaign, not even to the team."""
    return row.question_id in _closed_questions(campaign)


def _closed_questions(campaign: Campaign) -> set[str]:
    if campaign.mode != ANONYMOUS:
        return set()
    questions = instrument_of(campaign.instrument_version).questions
    return {question.id for question in questions if names_institution(question)}


def _unknown() -> NotFoundError:
    return NotFoundError("Nie ma takiego tekstu.")
