"""How often something was tried, counted in the store: for limits that hold over all processes and replicas."""

from __future__ import annotations

import datetime as dt

from survey_app.services.context import Context
from survey_app.store import sign_in


def hit(context: Context, key: str, seconds: int, amount: int) -> int:
    """How many by now, in the span of that many seconds that the first one began."""
    now = context.clock()
    with context.database.transaction() as session:
        return sign_in.hit(session, key, amount, now, now + dt.timedelta(seconds=seconds))


def tries(context: Context, key: str) -> tuple[int, dt.datetime]:
    """How many in the span that goes on, and when it ends."""
    with context.database.reading() as session:
        return sign_in.tries(session, key, context.clock())


def forget(context: Context, key: str | None = None) -> int:
    """Of one key, or all; how many keys."""
    with context.database.transaction() as session:
        return sign_in.forget_attempts(session, key)
