"""Free texts of a locked campaign, cleared of names by a person of the team before anybody else reads them.

METHOD, "Disclosure control": free text is shown without the group, in random order, after it was cleared.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.errors import Fault, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.instruments import instrument_of
from survey_app.services.survey.campaign_rules import ANONYMOUS
from survey_app.services.survey.find_campaign import require_locked
from survey_app.services.survey.unlinking import WAITING, WITHHELD, names_institution
from survey_app.store import audit, campaigns, responses
from survey_app.store.campaigns import Campaign
from survey_app.store.responses import OpenText

__all__ = ["OpenText", "clear", "cleared_texts", "decided", "text_of", "waiting", "withhold"]

CLEARED = "cleared"
NOT_YET = "Teksty można czytać dopiero po zablokowaniu kampanii."
MAX_LENGTH = 10_000


def waiting(context: Context, campaign_id: int) -> list[OpenText]:
    """Texts on which nobody has decided, in an order that says nothing. ConflictError before the lock."""
    with context.database.reading() as session:
        require_locked(session, campaign_id, NOT_YET)
        return responses.texts(session, campaign_id, WAITING)


def decided(context: Context, campaign_id: int) -> list[OpenText]:
    """Texts that were cleared or withheld and may be decided on again; never those that can name a respondent."""
    with context.database.reading() as session:
        campaign = require_locked(session, campaign_id, NOT_YET)
        found = responses.texts(session, campaign_id)
        return [row for row in found if row.state != WAITING and not _is_closed(campaign, row)]


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
    question = instrument_of(campaign.instrument_version).by_id[row.question_id]
    return campaign.mode == ANONYMOUS and names_institution(question)


def _unknown() -> NotFoundError:
    return NotFoundError("Nie ma takiego tekstu.")
