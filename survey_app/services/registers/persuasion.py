"""The scenariusz oddziaływań: whom to win over and with what, what is planned, what became of it.

Made anew at each view from closed rounds, the newest locked ankieta, the library of arguments and the register of
actions. METHOD, "Coding", "Readiness per sector".
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.analysis.coding.change import counted_rounds
from survey_app.analysis.coding.persuasion import Scenario, scenario
from survey_app.analysis.coding.result import CodingHistory
from survey_app.analysis.diagnoza.coding_section import persuasion_section
from survey_app.analysis.diagnoza.persuasion_section import PersuasionSection
from survey_app.config import INSTRUMENTS
from survey_app.errors import ConflictError, Fault, InvalidInputError
from survey_app.instrument.arguments_loader import load_library
from survey_app.instrument.arguments_model import Library
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import Value
from survey_app.services.coding import coding_history, coding_results
from survey_app.services.context import Context
from survey_app.services.instruments import publish_instrument
from survey_app.services.register.sectors import standard_of, standard_sectors
from survey_app.services.registers import entries
from survey_app.services.registers.definitions import register_definition, rules_of
from survey_app.services.registers.diary import REGISTER, diary_of
from survey_app.services.registers.entries import Content, Owner
from survey_app.store import catalogue, people, registers
from survey_app.store.registers import RegisterEntry

SUGGESTED = "podpowiedziany"  # the argument that the ankieta points to, where it points to one alone
NO_ROUND = "Scenariusz powstaje z zamkniętej tury kodowania, a żadnej jeszcze nie ma."


@dataclass(frozen=True, slots=True)
class Planned:
    """An action that is not over. `what`: its kind; `state`: in words; `person`: who answers for it, or ""."""

    entry_id: int
    what: str
    goal: str
    state: str
    due_on: dt.date | None
    person: str
    late: bool


@dataclass(frozen=True, slots=True)
class PersuasionView:
    """`scenario` is None before any round is closed. `open_of`, `open_of_sector`: stakeholder id, id of a standard
    sector -> actions that are not over. `team`: id -> name; `represented_by`: stakeholder id -> people of the team.
    `held`: how many actions there are, also those that are over.
    """

    definition: Instrument
    library: Library
    scenario: Scenario | None
    section: PersuasionSection | None
    open_of: Mapping[int, Sequence[Planned]]
    open_of_sector: Mapping[str, Sequence[Planned]]
    team: Mapping[int, str]
    represented_by: Mapping[int, Sequence[int]]
    held: int


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What several are planned with at once. `kind`, `argument`, `barrier`, `knowledge`: ids of options of the
    register, "" for none; `argument` may be `SUGGESTED`. `again`: also for those that have an action that is not over.
    """

    stakeholder_ids: Collection[int]
    sectors: Collection[str]
    kind: str
    goal: str
    due_on: dt.date | None
    person_id: int | None
    argument: str = ""
    barrier: str = ""
    knowledge: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """`entries`: those that were made. `held`: how many had an action already and were left alone.

    `talks_to_own`: names of institutions that whoever answers for the actions represents: said, not refused.
    """

    entries: tuple[RegisterEntry, ...]
    held: int
    talks_to_own: tuple[str, ...]


def library() -> Library:
    """The words of `instruments/arguments/argumenty.yml`. InvalidInputError: the file has faults."""
    path = INSTRUMENTS / "arguments" / "argumenty.yml"
    return _library(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=2)
def _library(path: Path, _changed: int) -> Library:
    return load_library(path)


def view(context: Context, gmina_code: str) -> PersuasionView:
    """Everything of the page. ConflictError: a closed round no longer agrees with its checksum."""
    history = coding_history.history(context, gmina_code)
    definition = register_definition(REGISTER)
    with context.database.reading() as session:
        found = registers.entries(session, gmina_code, None, {REGISTER})
        diary = diary_of(session, gmina_code)
        team = {one.id: one.name for one in people.team(session, gmina_code)}
        gone = {one.person_id for one in found if one.person_id} - set(team)
        names = {**team, **(people.names(session, gone) if gone else {})}
        open_of, open_of_sector = _open(
            context, session, gmina_code, definition, found, names, history.merged
        )
        represented_by: dict[int, list[int]] = {}
        for person_id, own in people.representations(session, gmina_code).items():
            for stakeholder_id in own:
                represented_by.setdefault(stakeholder_id, []).append(person_id)
    return PersuasionView(
        definition,
        library(),
        _scenario(context, gmina_code, history),
        persuasion_section(history, diary),
        open_of,
        open_of_sector,
        team,
        represented_by,
        len(found),
    )


def _scenario(context: Context, gmina_code: str, history: CodingHistory) -> Scenario | None:
    """Of the last closed round as it is counted now, without those who have left the catalogue."""
    if not history.rounds:
        return None
    last = counted_rounds(history)[-1]
    here = tuple(one for one in last.stakeholders if one.stakeholder_id not in history.left)
    ankieta = coding_results.ankieta(context, gmina_code)
    asked = (ankieta.readiness, ankieta.groups, ankieta.sectors) if ankieta else (None, None, None)
    return scenario(replace(last, stakeholders=here), library(), *asked)


def _open(
    context: Context,
    session: Session,
    gmina_code: str,
    definition: Instrument,
    found: Sequence[RegisterEntry],
    names: Mapping[int, str],
    merged: Mapping[int, int],
) -> tuple[dict[int, list[Planned]], dict[str, list[Planned]]]:
    """By stakeholder, and by the standard sector that an entry's sector counts as."""
    of_one: dict[int, list[Planned]] = {}
    of_sector: dict[str, list[Planned]] = {}
    own = {one.sector for one in found if one.sector and one.sector not in standard_sectors()}
    standard = standard_of(session, gmina_code) if own else str
    rules = rules_of(definition)
    kinds = {one.id: one.label for one in definition.by_id["dzialanie"].options}
    for one in found:
        state = rules.known_state(one.state)
        if state.final:
            continue
        planned = Planned(
            entry_id=one.id,
            what=kinds.get(_option(one.answers.get("dzialanie")), "działanie"),
            goal=one.title,
            state=state.label,
            due_on=one.due_on,
            person=names.get(one.person_id or 0, ""),
            late=entries.is_late(definition, one, context.today()),
        )
        if one.stakeholder_id is not None:
            of_one.setdefault(merged.get(one.stakeholder_id, one.stakeholder_id), []).append(planned)
        elif one.sector:
            of_sector.setdefault(standard(one.sector), []).append(planned)
    return of_one, of_sector


def _option(value: Value | None) -> str:
    return str(value.get("option", "")) if isinstance(value, Mapping) else ""


def plan(context: Context, gmina_code: str, draft: PlanDraft, actor: int | None) -> Made:
    """An entry of the register for each of those chosen, all or none; whoever has an action that is not over gets none
    unless asked for. The same page sent twice, also by two people at once, makes one entry for each.

    InvalidInputError (places `who`, `kind`, `goal`, `due_on`, `person_id`, ...). ConflictError: no round is closed.
    """
    seen = view(context, gmina_code)
    if seen.scenario is None:
        raise ConflictError(NO_ROUND)
    faults = _faults(context, seen, seen.scenario, draft)
    if faults:
        raise InvalidInputError("Nie utworzono działań.", faults)
    version = publish_instrument(context, seen.definition)
    made, held = [], 0
    with context.database.transaction() as session:
        people.hold_team(session, gmina_code)
        found = registers.entries(session, gmina_code, None, {REGISTER})
        merged = catalogue.merged_into(session, gmina_code)
        of_one, of_sector = _open(context, session, gmina_code, seen.definition, found, {}, merged)
        for content, busy in _contents(seen.scenario, draft, of_one, of_sector):
            if busy and not draft.again:
                held += 1
                continue
            made.append(
                entries.add_within(
                    context,
                    session,
                    Owner(gmina_code=gmina_code),
                    seen.definition,
                    version.id,
                    content,
                    actor,
                )
            )
    own = {key for key, by in seen.represented_by.items() if draft.person_id in by}
    named = {one.stakeholder.stakeholder_id: one.stakeholder.name for one in seen.scenario.talks}
    to_own = tuple(named[one.stakeholder_id] for one in made if one.stakeholder_id in own)
    return Made(tuple(made), held, to_own)


def _faults(context: Context, seen: PersuasionView, found: Scenario, draft: PlanDraft) -> list[Fault]:
    faults = []
    known = {one.stakeholder.stakeholder_id for one in found.talks}
    sectors = {one.sector for one in found.sectors}
    if not draft.stakeholder_ids and not draft.sectors:
        hint = "Zaznacz instytucje albo całe sektory."
        faults.append(Fault("plan.nobody", "who", "Nikogo nie zaznaczono.", hint))
    elif not (set(draft.stakeholder_ids) <= known and set(draft.sectors) <= sectors):
        hint = "Odśwież stronę i zaznacz jeszcze raz."
        message = "Kogoś z zaznaczonych nie ma już wśród Neutralnych ostatniej tury."
        faults.append(Fault("plan.unknown", "who", message, hint))
    if not draft.goal.strip():
        hint = "Jedno zdanie, wspólne dla wszystkich zaznaczonych."
        faults.append(Fault("plan.goal", "goal", "Cel jest pusty.", hint))
    if draft.due_on is None:
        faults.append(Fault("plan.due", "due_on", "Nie podano dnia.", "Wpisz, do kiedy to się stanie."))
    elif draft.due_on < context.today():
        hint = "Wpisz dzień, który jeszcze nie minął."
        faults.append(Fault("plan.past", "due_on", "Ten dzień już minął.", hint))
    if draft.person_id is not None and draft.person_id not in seen.team:
        message = "Tej osoby nie ma w zespole."
        faults.append(Fault("plan.person", "person_id", message, "Wybierz osobę z listy."))
    for place, question, value, spare in (
        ("kind", "dzialanie", draft.kind, ()),
        ("argument", "argument", draft.argument, ("", SUGGESTED)),
        ("barrier", "bariera", draft.barrier, ("",)),
        ("knowledge", "bariera_wiedzy", draft.knowledge, ("",)),
    ):
        options = {one.id for one in seen.definition.by_id[question].options}
        if value not in options | set(spare):
            name = seen.definition.by_id[question].text
            hint = "Wybierz jedno z listy."
            faults.append(Fault("plan.choice", place, f"„{name}”: nie ma takiej możliwości.", hint))
    return faults


def _contents(
    found: Scenario,
    draft: PlanDraft,
    of_one: Mapping[int, Sequence[Planned]],
    of_sector: Mapping[str, Sequence[Planned]],
) -> list[tuple[Content, bool]]:
    """What each entry says, sectors first, and whether there is one already that is not over."""
    assert draft.due_on is not None
    shared: dict[str, Value] = {
        "cel": [draft.goal.strip()],
        "dzialanie": {"option": draft.kind},
        "termin": draft.due_on.isoformat(),
    }
    if draft.barrier:
        shared["bariera"] = {"option": draft.barrier}
    if draft.knowledge:
        shared["bariera_wiedzy"] = {"option": draft.knowledge}
    contents = []
    for target in found.sectors:
        if target.sector in draft.sectors:
            answers = {**shared, **_argument(found, draft.argument, target.sector)}
            content = Content(answers, sector=target.sector, person_id=draft.person_id)
            contents.append((content, bool(of_sector.get(target.sector))))
    for talk in found.talks:
        one = talk.stakeholder
        if one.stakeholder_id in draft.stakeholder_ids:
            answers = {**shared, **_argument(found, draft.argument, one.sector)}
            content = Content(answers, stakeholder_id=one.stakeholder_id, person_id=draft.person_id)
            contents.append((content, bool(of_one.get(one.stakeholder_id))))
    return contents


def _argument(found: Scenario, chosen: str, sector: str) -> dict[str, Value]:
    """None where the ankieta leaves several open: the team chooses, not the service."""
    if chosen != SUGGESTED:
        return {"argument": {"option": chosen}} if chosen else {}
    target = found.of_sector(sector)
    suggested = target.suggestion.arguments if target else ()
    return {"argument": {"option": suggested[0].id}} if len(suggested) == 1 else {}
