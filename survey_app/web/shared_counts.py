"""A storage for Flask-Limiter in the service's own store, so that its limits hold over several processes."""

from __future__ import annotations

from flask import current_app
from limits.storage import Storage

from survey_app import security
from survey_app.errors import UnavailableError
from survey_app.services.context import Context
from survey_app.services.signing_in import attempts


class SharedCounts(Storage):
    """Counts of fixed spans. The context is that of the application that asks: one process may hold several."""

    STORAGE_SCHEME = ["survey-store"]  # noqa: RUF012  (as the library declares it)
    URI = "survey-store://"

    @property
    def base_exceptions(self) -> type[Exception]:
        return UnavailableError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        return attempts.hit(_context(), _short(key), int(expiry), amount)

    def get(self, key: str) -> int:
        return attempts.tries(_context(), _short(key))[0]

    def get_expiry(self, key: str) -> float:
        return attempts.tries(_context(), _short(key))[1].timestamp()

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        return attempts.forget(_context())

    def clear(self, key: str) -> None:
        attempts.forget(_context(), _short(key))


def _context() -> Context:
    found: Context = current_app.extensions["context"]
    return found


def _short(key: str) -> str:
    """What the library counts under is long, and holds nothing that anybody has to read."""
    return security.digest(key)
