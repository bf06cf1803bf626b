"""All registers of a gmina or a region at a glance: how many entries each has, what is late, what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.instrument.model import Instrument
from survey_app.instrument.register_model import RegisterGroup
from survey_app.services.context import Context
from survey_app.services.registers.definitions import registers as defined
from survey_app.services.registers.definitions import rules_of
from survey_app.services.registers.entries import Owner, is_late
from survey_app.store import people, registers
from survey_app.store.registers import BriefEntry

AHEAD = dt.timedelta(days=30)
GROUP_NAMES: Mapping[RegisterGroup, str] = {
    RegisterGroup.PLAN: "Plan i informowanie",
    RegisterGroup.MEETING: "Posiedzenia",
    RegisterGroup.PERSUASION: "Oddziaływania",
    RegisterGroup.RESOURCES: "Zasoby i potrzeby",
    RegisterGroup.SERVICES: "Usługi i certyfikacja",
    RegisterGroup.NETWORK: "Sieć i partnerstwa",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a register stands. `open`: entries of which something is still expected; `late` are among them."""

    definition: Instrument
    entries: int
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class Day:
    """An entry of which something is expected on a day."""

    day: dt.date
    entry: BriefEntry
    register: str
    person: str


@dataclass(frozen=True, slots=True)
class Overview:
    """`groups`: name of a group -> its registers, in order. `late`, `soon`: by days, the earliest first."""

    groups: Mapping[str, Sequence[Standing]]
    late: Sequence[Day]
    soon: Sequence[Day]


def overview(context: Context, owner: Owner) -> Overview:
    """Two statements, whatever the number of registers. `soon`: today and the thirty days after it."""
    today, known = context.today(), defined(owner.level)
    with context.database.reading() as session:
        held = registers.brief(session, owner.gmina_code, owner.region_code)
        names = people.names(session, {one.person_id for one in held if one.person_id})
    return of_entries(known, held, names, today)


def of_entries(
    known: Mapping[str, Instrument], held: Sequence[BriefEntry], names: Mapping[int, str], today: dt.date
) -> Overview:
    """As `overview`, of entries that were read already."""
    groups: dict[str, list[Standing]] = {}
    late: list[Day] = []
    soon: list[Day] = []
    for key, definition in known.items():
        own = [one for one in held if one.key == key]
        expected = [one for one in own if not rules_of(definition).known_state(one.state).final]
        overdue = {one.id for one in expected if is_late(definition, one, today)}
        standing = Standing(definition, len(own), len(expected), len(overdue))
        groups.setdefault(GROUP_NAMES[rules_of(definition).group], []).append(standing)
        for one in expected:
            day = one.due_on or one.starts_on
            if day is None or not (one.id in overdue or today <= day <= today + AHEAD):
                continue
            found = Day(day, one, definition.title, names.get(one.person_id or 0, ""))
            (late if one.id in overdue else soon).append(found)
    return Overview(groups, sorted(late, key=_order), sorted(soon, key=_order))


def _order(one: Day) -> tuple[dt.date, str, int]:
    return one.day, one.entry.title, one.entry.id
