"""Who is logged in with which browser: begun, seen, ended. The cookie holds a token; the store only its hash."""

from __future__ import annotations

import datetime as dt
import secrets
from contextlib import suppress

from survey_app import security
from survey_app.errors import NotFoundError, UnavailableError
from survey_app.services.context import Context
from survey_app.services.person_trace import record
from survey_app.services.signing_in import second_factor
from survey_app.store import sign_in
from survey_app.store.sign_in import StaffSession

__all__ = [
    "StaffSession",
    "alive",
    "begin",
    "end",
    "end_by_token",
    "end_others",
    "forget_overdue",
    "of_person",
]

SEEN_EVERY = dt.timedelta(minutes=1)  # a page a second is not a write a second
UNKNOWN_DEVICE = "nieznana przeglądarka"


def begin(context: Context, person_id: int, device: str, *, with_factor: bool) -> str:
    """The token for the cookie: 256 random bits."""
    token, now = secrets.token_urlsafe(32), context.clock()
    with context.database.transaction() as session:
        sign_in.add_session(
            session,
            person_id=person_id,
            token_hash=security.digest(token),
            started_at=now,
            seen_at=now,
            device=device[:80] or UNKNOWN_DEVICE,
            with_factor=with_factor,
        )
    return token


def alive(context: Context, token: str) -> StaffSession | None:
    """The session with its person; None: ended, too old, unused for too long, of a closed account, or begun without
    a second factor that the person's roles ask for by now.
    """
    with context.database.reading() as session:
        found = sign_in.session_of(session, security.digest(token))
    if found is None or not found.person.active:
        return None
    if not _goes_on(context, found):
        return None
    if not found.with_factor and second_factor.required(context, found.person):
        return None
    now = context.clock()
    if now - found.seen_at >= SEEN_EVERY:
        _touch(context, found.id, now)
    return found


def of_person(context: Context, person_id: int) -> list[StaffSession]:
    """Those that go on, the newest use first."""
    with context.database.reading() as session:
        found = sign_in.sessions(session, person_id)
    return [one for one in found if _goes_on(context, one)]


def end(context: Context, person_id: int, session_id: int) -> None:
    """One of the person's own. NotFoundError: not theirs, or ended already."""
    with context.database.transaction() as session:
        if not sign_in.end_session(session, person_id, session_id):
            raise NotFoundError("Ta sesja już się skończyła.")
        record(context, session, "sessions_ended", person_id, person_id)


def end_by_token(context: Context, token: str) -> None:
    """The session of this cookie, if it goes on: a log-out."""
    with context.database.transaction() as session:
        found = sign_in.session_of(session, security.digest(token))
        if found is not None:
            sign_in.end_session(session, found.person_id, found.id)


def end_others(context: Context, person_id: int, keep: int) -> int:
    """All of the person's own but this one; how many."""
    with context.database.transaction() as session:
        ended = sign_in.end_sessions(session, person_id, keep)
        if ended:
            record(context, session, "sessions_ended", person_id, person_id)
    return ended


def forget_overdue(context: Context) -> None:
    """What has ended by itself leaves the store, too: sessions and counted tries."""
    with context.database.transaction() as session:
        sign_in.forget_overdue(session, context.clock(), *_bounds(context))


def _goes_on(context: Context, one: StaffSession) -> bool:
    started, seen = _bounds(context)
    return one.started_at > started and one.seen_at > seen


def _bounds(context: Context) -> tuple[dt.datetime, dt.datetime]:
    """Whatever was begun at the first moment or before it, or used last at the second, is over."""
    now, settings = context.clock(), context.settings
    return (
        now - dt.timedelta(minutes=settings.session_minutes),
        now - dt.timedelta(minutes=settings.session_idle_minutes),
    )


def _touch(context: Context, session_id: int, now: dt.datetime) -> None:
    """A store that is busy must not keep somebody from reading a page."""
    with suppress(UnavailableError), context.database.transaction() as session:
        sign_in.touch(session, session_id, now)
