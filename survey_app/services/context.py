"""What every use case is given: the settings, the store and the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from survey_app import polish
from survey_app.config import OWNER_ONLY, Settings
from survey_app.store.database import Database


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """`clock` returns an aware datetime; tests hand in one of their own."""

    settings: Settings
    database: Database
    clock: Callable[[], dt.datetime] = _now

    @classmethod
    def from_settings(cls, settings: Settings) -> Context:
        settings.var.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
        return cls(settings, Database(settings.database_url))

    def today(self) -> dt.date:
        """The date in Warsaw."""
        return self.clock().astimezone(polish.WARSAW).date()
