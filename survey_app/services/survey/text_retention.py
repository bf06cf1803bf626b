"""Words of an ankieta that nobody let into a report go after a year: texts that wait or were withheld, and, of those
that were cleared, what the team had blacked out.

The date follows from the lock alone, so a restored backup loses them again by the same rule, without any ledger. Words
that an institution gave under its own name (a named campaign) belong to its answer and stay with it.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.services.context import Context
from survey_app.services.survey import campaign_trace
from survey_app.store import audit, campaigns, responses

MONTHS_KEPT = 12
DAYS_KEPT = 365
TABLES = ("open_text", "open_text_theme")
DEED = "words_deleted"


def gone_on(locked_at: dt.datetime) -> dt.date:
    """The day on which the words of a campaign locked then are deleted."""
    return (locked_at + dt.timedelta(days=DAYS_KEPT)).astimezone(polish.WARSAW).date()


def run_once(context: Context) -> list[str]:
    """Deletes what is due and rewrites the tables; what was interrupted is done again. A line for each campaign."""
    limit = context.clock() - dt.timedelta(days=DAYS_KEPT)
    with context.database.reading() as session:
        due = responses.with_uncleared(session, limit)
    if not due:
        return []
    lines = [line for number in due if (line := _delete(context, number))]
    if not context.database.vacuum(*TABLES):
        return [
            *lines,
            "UWAGA: usunięte słowa z ankiety mogą jeszcze leżeć na wolnych stronach bazy; tabel nie można teraz"
            " przepisać. Następna próba za chwilę.",
        ]
    with context.database.transaction() as session:
        for number in due:
            _finish(context, session, number)
    return lines


def _delete(context: Context, campaign_id: int) -> str | None:
    """Said once of every campaign, whether it had such words or not: that there were some would tell of texts that
    nobody is to know of (question 1 of an anonymous campaign).
    """
    with context.database.transaction() as session:
        campaign = campaigns.get(session, campaign_id, alone=True)
        if campaign is None:
            return None
        count = responses.count_uncleared(session, campaign_id)
        deeds = audit.about(session, campaign_trace.OBJECT, campaign_id)
        if not count and any(deed.action == DEED for deed in deeds):
            return None  # only the rewriting was left to be done
        responses.forget_uncleared(session, campaign_id)
        campaign.words_gone_at = None
        campaign_trace.record(context, session, campaign, DEED, None)
        return f"Kampania {campaign_id}: nie ma już słów, których nie dopuszczono do raportu."


def _finish(context: Context, session: Session, campaign_id: int) -> None:
    campaign = campaigns.get(session, campaign_id, alone=True)
    if campaign is not None and not responses.count_uncleared(session, campaign_id):
        campaign.words_gone_at = context.clock()
