"""What the worker does again and again: finish interrupted locks, refresh the daily numbers, mind the keys,
delete personal data, words of an ankieta and entries of the trace whose time is over, ask links of the library.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from survey_app.errors import SurveyError
from survey_app.services import trace
from survey_app.services.context import Context
from survey_app.services.interviewing import retention
from survey_app.services.library import links
from survey_app.services.rollup import messages
from survey_app.services.rollup.releases import refresh_coding, send_up_missing
from survey_app.services.signing_in import sessions
from survey_app.services.survey import seal, text_retention
from survey_app.services.survey.campaign_rules import ANONYMOUS
from survey_app.services.survey.lock import finish_locks
from survey_app.services.survey.monitor import refresh_monitors
from survey_app.store import campaigns, housekeeping
from survey_app.store.database import WORK_LOCK


def run_once(context: Context) -> list[str]:
    """One line for each thing done, and for each that a person must look at. While another worker is at it: nothing."""
    with context.database.turn(WORK_LOCK) as mine:
        return _round(context) if mine else []


def _round(context: Context) -> list[str]:
    lines = [f"Dokończono blokadę kampanii {number}." for number in finish_locks(context)]
    lines += _unfinished(context)
    refresh_monitors(context)
    lines += [f"Kampania {number} liczy się w zestawieniach regionu." for number in send_up_missing(context)]
    refresh_coding(context)
    sessions.forget_overdue(context)
    lines += _mind_keys(context) + retention.run_once(context) + text_retention.run_once(context)
    lines += trace.shorten(context)
    context.database.empty_log()  # it tells which answer came when, next to whose invitation
    # Last, what waits for servers elsewhere: nothing else waits for them with it.
    return lines + messages.mail_waiting(context) + links.check_due(context)


def run_forever(context: Context, every: int) -> Iterator[str]:
    """`run_once` again after that many seconds, for as long as the process lives.

    A fault that a person can read is told, and does not end the work of later rounds.
    """
    while True:
        try:
            yield from run_once(context)
        except SurveyError as error:
            yield error.message
        time.sleep(every)


def _unfinished(context: Context) -> list[str]:
    """Results are there, but something of the time before the lock is left: a person must know."""
    with context.database.transaction() as session:
        left = housekeeping.unfinished_locks(session)
    return [
        f"UWAGA: blokada kampanii {one.id} nie jest dokończona: nie można usunąć klucza (KEY_FOLDERS) albo"
        " przepisać tabel. Następna próba za chwilę."
        for one in left
    ]


def _mind_keys(context: Context) -> list[str]:
    """A key that lies in one place only is copied to the other while there is still one to copy from."""
    with context.database.transaction() as session:
        running = [row.id for row in housekeeping.running(session) if row.mode == ANONYMOUS]
    return [line for campaign_id in running if (line := _mind_key(context, campaign_id))]


def _mind_key(context: Context, campaign_id: int) -> str | None:
    """Holds the campaign meanwhile: a lock must not destroy one copy while the other is being written again."""
    with context.database.transaction() as session:
        campaign = campaigns.get(session, campaign_id, alone=True)
        if campaign is None or campaign.locked_at is not None or campaign.inbox_public_key is None:
            return None
        name = campaign.public_id
        key = (context.settings.key_folders, name, campaign.inbox_public_key)
        if all(seal.places_with_key(*key)):
            return None
        try:
            found = seal.copy_key_where_missing(*key)
        except OSError:
            return f"UWAGA: klucz kampanii {name} jest w jednym miejscu, a drugiego nie da się zapisać."
    if found:
        return f"Klucz kampanii {name} był w jednym miejscu; zapisano go także w drugim."
    return f"UWAGA: klucza kampanii {name} nie ma w żadnym z dwóch miejsc. Trzeba odzyskać jego plik."
