"""The trace of a gmina as a whole: read page by page, checked link by link, shortened when its time is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from survey_app import polish
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.trace_words import OBJECTS, WORDS
from survey_app.store import audit, people

KEPT_YEARS = 5  # as long as the papers of a project may be asked for
PAGE = 50
WHOLE = 2000  # places: a chain up to here is checked at each view, which takes some hundredths of a second
SERVICE = "serwis"


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One entry. `thing`: its kind and number, without a name; `who`: a person, or the service itself."""

    place: int
    at: dt.datetime
    words: str
    thing: str
    who: str


@dataclass(frozen=True, slots=True)
class ChainState:
    """`broken`: places that are missing or were changed; `digest`: of the last entry, to compare with a noted one.

    `first` to `last`: the places that were looked at; 0 both when that was the whole chain.
    """

    ledger: str
    entries: int
    digest: str
    broken: tuple[int, ...]
    first: int = 0
    last: int = 0

    @property
    def whole(self) -> bool:
        return not self.last

    @property
    def sentence(self) -> str:
        """For people: what is known of this chain, in one line."""
        name = f"Ślad gminy {self.ledger}" if self.ledger else "Ślad serwisu"
        entries = polish.counted(self.entries, "wpis", "wpisy", "wpisów")
        if not self.broken:
            return f"{name}: {entries}, bez zmian i luk; skrót ostatniego: {self.digest or 'brak'}"
        places = ", ".join(map(str, self.broken[:10])) + (" i dalsze" if len(self.broken) > 10 else "")
        return f"{name}: {entries}; NIE ZGADZA SIĘ, miejsca: {places}"


def page(context: Context, gmina_code: str, before: int = 0) -> list[TraceLine]:
    """At most PAGE entries, the newest first, from below place `before` (0: from the end).

    Details stay out: they are for the one thing that they are about, where its own page shows them to those who may
    read it.
    """
    with context.database.reading() as session:
        found = audit.events(session, gmina_code, PAGE, before)
        names = people.names(session, {one.person_id for one in found if one.person_id is not None})
    return [
        TraceLine(
            one.place,
            one.at,
            WORDS.get(one.action, one.action),
            f"{OBJECTS[one.object_type]} {one.object_id}" if one.object_type in OBJECTS else "",
            names.get(one.person_id or 0, SERVICE),
        )
        for one in found
    ]


def check(context: Context, ledger: str) -> ChainState:
    """Reads the whole chain of a gmina; "" is that of the service."""
    with context.database.reading() as session:
        link = audit.head(session, ledger)
        return ChainState(ledger, link.place, link.digest, tuple(audit.breaks(session, ledger)))


def check_shown(context: Context, ledger: str, lines: Sequence[TraceLine]) -> ChainState:
    """What a page can say of the chain: all of a short one; of a long one, only that its own lines are as written."""
    with context.database.reading() as session:
        link = audit.head(session, ledger)
        first, last = (lines[-1].place, lines[0].place) if lines and link.place > WHOLE else (0, 0)
        return ChainState(
            ledger, link.place, link.digest, tuple(audit.breaks(session, ledger, first, last)), first, last
        )


def check_all(context: Context, gmina_code: str | None = None) -> list[ChainState]:
    """Every chain, or that of one gmina. NotFoundError: no such gmina."""
    if gmina_code is not None:
        gminas.describe(context, gmina_code)
        return [check(context, gmina_code)]
    with context.database.reading() as session:
        ledgers = audit.ledgers(session)
    return [check(context, ledger) for ledger in ledgers]


def shorten(context: Context) -> list[str]:
    """Deletes what is older than KEPT_YEARS, a chain at a time, leaving a checkpoint that the rest follows from."""
    now = context.clock()
    limit = now - dt.timedelta(days=365 * KEPT_YEARS + KEPT_YEARS // 4)
    with context.database.reading() as session:
        ledgers = audit.overdue(session, limit)
    lines = []
    for ledger in ledgers:
        with context.database.transaction() as session:
            gone = audit.forget(session, ledger, limit, now)
            audit.record(
                session,
                at=now,
                actor=None,
                action="trace_shortened",
                object_type="trace",
                object_id=ledger or "service",
                gmina_code=ledger or None,
                detail=str(gone),
            )
        name = f"gminy {ledger}" if ledger else "serwisu"
        lines.append(f"Ślad {name}: usunięto wpisy starsze niż {KEPT_YEARS} lat: {gone}.")
    return lines
