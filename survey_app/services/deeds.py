"""Who did what to a thing, read from the trace: campaigns, rounds and entries of the catalogue tell it alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.store import audit, people

SERVICE = "serwis"


@dataclass(frozen=True, slots=True)
class Deed:
    """`words`: what was done, in Polish; `who`: a person's name, or the service itself."""

    at: dt.datetime
    words: str
    detail: str
    who: str

    @property
    def line(self) -> str:
        """When, what, who."""
        return f"{polish.moment(self.at)}: {self.words} – {self.who}"


def deeds(session: Session, object_type: str, object_id: int, words: Mapping[str, str]) -> list[Deed]:
    """The oldest first. `words`: action -> what it is called; an action without words stands as it is."""
    events = audit.about(session, object_type, object_id)
    names = people.names(session, {event.person_id for event in events if event.person_id is not None})
    return [
        Deed(
            event.at,
            words.get(event.action, event.action),
            event.detail,
            names.get(event.person_id or 0, SERVICE),
        )
        for event in events
    ]
