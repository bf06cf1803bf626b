"""What took place of the scenariusz oddziaływań: the logs of its entries, without plans and without difficulties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from survey_app.analysis.coding.persuasion_effect import Action
from survey_app.analysis.diagnoza.coding_section import Diary
from survey_app.instrument.model import Instrument
from survey_app.services.context import Context
from survey_app.services.register.sectors import standard_sectors
from survey_app.services.registers.definitions import register_definition, rules_of
from survey_app.store import catalogue, registers
from survey_app.store.registers import RegisterEntry, RegisterEvent

REGISTER = "oddzialywania"
OBSTACLE = "trudnosc"  # a line about a difficulty tells of no action


def diary(context: Context, gmina_code: str) -> Diary:
    """One statement where nothing was planned, else two; a third where an entry is about a team's own sector."""
    with context.database.reading() as session:
        found = registers.entries(session, gmina_code, None, {REGISTER})
        events = registers.events(session, [one.id for one in found]) if found else []
        return diary_of(session, gmina_code, found, events)


def diary_of(
    session: Session, gmina_code: str, found: Sequence[RegisterEntry], events: Iterable[RegisterEvent]
) -> Diary:
    """From entries and their events that are read already."""
    by_id = {one.id: one for one in found}
    own = {one.sector for one in found if one.sector and one.sector not in standard_sectors()}
    members = _members(session, gmina_code) if own else {}
    told = [(by_id[one.entry_id], one) for one in events if one.kind and one.kind != OBSTACLE]
    actions = tuple(_action(entry, event, members) for entry, event in told)
    kinds = action_kinds(register_definition(REGISTER))
    # A kind that a later version of the file has dropped keeps its place at the end, by its id.
    return Diary(actions, {**kinds, **{one.kind: one.kind for one in actions if one.kind not in kinds}})


def action_kinds(definition: Instrument) -> Mapping[str, str]:
    """Kind of a line -> how it is called, in order."""
    return {one.id: one.label for one in rules_of(definition).log if one.id != OBSTACLE}


def _action(entry: RegisterEntry, event: RegisterEvent, members: Mapping[str, frozenset[int]]) -> Action:
    if entry.stakeholder_id is not None:
        return Action(event.on_day, event.kind, entry.stakeholder_id)
    if entry.sector in standard_sectors():
        return Action(event.on_day, event.kind, sector=entry.sector)
    return Action(event.on_day, event.kind, members=members.get(entry.sector, frozenset()))


def _members(session: Session, gmina_code: str) -> Mapping[str, frozenset[int]]:
    """Sector -> who is in it, those who left among them."""
    found: dict[str, set[int]] = {}
    for one in catalogue.stakeholders(session, gmina_code, include_left=True):
        found.setdefault(one.sector, set()).add(one.id)
    return {sector: frozenset(ids) for sector, ids in found.items()}
