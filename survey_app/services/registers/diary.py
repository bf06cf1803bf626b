"""What took place of the scenariusz oddziaływań: the logs of its entries, without plans and without difficulties."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from survey_app.analysis.coding.persuasion_effect import Action
from survey_app.analysis.diagnoza.coding_section import Diary
from survey_app.instrument.model import Instrument
from survey_app.services.context import Context
from survey_app.services.register.sectors import standard_sectors
from survey_app.services.registers.definitions import register_definition, rules_of
from survey_app.store import catalogue, registers
from survey_app.store.registers import LogLine

REGISTER = "oddzialywania"
OBSTACLE = "trudnosc"  # a line about a difficulty tells of no action


def diary(context: Context, gmina_code: str) -> Diary:
    with context.database.reading() as session:
        return diary_of(session, gmina_code)


def diary_of(session: Session, gmina_code: str) -> Diary:
    """One statement; a second where a line is about a team's own sector."""
    lines = [one for one in registers.lines(session, gmina_code, REGISTER) if one.kind != OBSTACLE]
    own = {one.sector for one in lines if one.sector and one.sector not in standard_sectors()}
    members = _members(session, gmina_code) if own else {}
    actions = tuple(_action(one, members) for one in lines)
    kinds = action_kinds(register_definition(REGISTER))
    # A kind that a later version of the file has dropped keeps its place at the end, by its id.
    return Diary(actions, {**kinds, **{one.kind: one.kind for one in actions if one.kind not in kinds}})


def action_kinds(definition: Instrument) -> Mapping[str, str]:
    """Kind of a line -> how it is called, in order."""
    return {one.id: one.label for one in rules_of(definition).log if one.id != OBSTACLE}


def _action(line: LogLine, members: Mapping[str, frozenset[int]]) -> Action:
    if line.stakeholder_id is not None:
        return Action(line.on_day, line.kind, line.stakeholder_id)
    if line.sector in standard_sectors():
        return Action(line.on_day, line.kind, sector=line.sector)
    return Action(line.on_day, line.kind, members=members.get(line.sector, frozenset()))


def _members(session: Session, gmina_code: str) -> Mapping[str, frozenset[int]]:
    """Sector -> who is in it, those who left among them."""
    found: dict[str, set[int]] = {}
    for one in catalogue.stakeholders(session, gmina_code, include_left=True):
        found.setdefault(one.sector, set()).add(one.id)
    return {sector: frozenset(ids) for sector, ids in found.items()}
