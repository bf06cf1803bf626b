"""Entries of a register: added, changed, brought from one state to another, with a log that is only ever added to.

Whoever saves says which revision the page was made from; if somebody saved meanwhile, nothing is overwritten.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.instrument.model import Instrument
from survey_app.instrument.register_model import About, RegisterLevel, RegisterRules
from survey_app.instrument.values import Value
from survey_app.services.context import Context
from survey_app.services.instruments import publish_instrument, used_instrument
from survey_app.services.register.sectors import sector_labels
from survey_app.services.registers.definitions import newest_rules, register_definition, rules_of
from survey_app.services.registers.hours import hour_faults, with_plain_hour
from survey_app.store import audit, catalogue, gminas, people, registers
from survey_app.store.registers import BriefEntry, RegisterEntry, RegisterEvent, RegisterParty

MOST = 5_000  # entries of one register
TITLE, TEXT = 200, 5_000
JOINER = "\u200d"  # makes one emoji of several
EARLIEST = dt.date(2000, 1, 1)
UNKNOWN = "W tym rejestrze nie ma takiego wpisu."
SAVED_MEANWHILE = (
    "Ktoś inny zmienił ten wpis w tym czasie. Obok widać, jak brzmi teraz; to, co tu wpisano, zostało na stronie. "
    "Zapisanie jeszcze raz zastąpi tamtą zmianę."
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose register it is: exactly one of the two."""

    gmina_code: str | None = None
    region_code: str | None = None

    @property
    def level(self) -> RegisterLevel:
        return RegisterLevel.REGION if self.gmina_code is None else RegisterLevel.GMINA


@dataclass(frozen=True, slots=True)
class Content:
    """What a person says in an entry. `answers`: question id -> value, only what was filled in.

    `stakeholder_id` or `sector`: what it is about; `person_id`: the member who answers for it.
    """

    answers: Mapping[str, Value]
    stakeholder_id: int | None = None
    sector: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with all that hangs on it. `definition`: the one that it was filled in with.

    `events`: its log by days. `people`: person id -> name; `stakeholders`: id -> name, of all that are named here.
    """

    entry: RegisterEntry
    definition: Instrument
    events: Sequence[RegisterEvent]
    parties: Sequence[RegisterParty]
    people: Mapping[int, str]
    stakeholders: Mapping[int, str]

    @property
    def rules(self) -> RegisterRules:
        return rules_of(self.definition)

    @property
    def is_over(self) -> bool:
        """Nothing is expected any more."""
        return self.rules.state(self.entry.state).final


@dataclass(frozen=True, slots=True)
class Listed:
    """The entries of a register. `late`: ids of those whose day has passed and that are not over."""

    definition: Instrument
    entries: Sequence[RegisterEntry]
    people: Mapping[int, str]
    stakeholders: Mapping[int, str]
    sectors: Mapping[str, str]
    late: frozenset[int] = field(default_factory=frozenset)


def listed(context: Context, owner: Owner, key: str) -> Listed:
    """Of a register, as they were made. NotFoundError if there is no such register."""
    definition = register_definition(key, owner.level)
    with context.database.reading() as session:
        found = registers.entries(session, owner.gmina_code, owner.region_code, {key})
        return Listed(
            definition,
            found,
            people.names(session, {one.person_id for one in found if one.person_id}),
            registers.stakeholder_names(session, {one.stakeholder_id for one in found if one.stakeholder_id}),
            sector_labels(session, owner.gmina_code) if owner.gmina_code else {},
            frozenset(one.id for one in found if is_late(definition, one, context.today())),
        )


def is_late(definition: Instrument, entry: RegisterEntry | BriefEntry, today: dt.date) -> bool:
    """Its deadline has passed, and something is still expected. The day that it starts on is one if the file says."""
    rules = rules_of(definition)
    day = entry.due_on or (entry.starts_on if rules.late_after_start else None)
    return day is not None and day < today and not rules.known_state(entry.state).final


def view(context: Context, owner: Owner, entry_id: int) -> EntryView:
    """NotFoundError if the owner has no such entry."""
    with context.database.reading() as session:
        entry = require(session, owner, entry_id)
        events = registers.events(session, {entry_id})
        joined = registers.parties(session, {entry_id})
        named = {one.made_by for one in events} | {entry.person_id, entry.created_by, entry.changed_by}
        institutions = {entry.stakeholder_id} | {one.stakeholder_id for one in joined}
        return EntryView(
            entry,
            used_instrument(session, entry.instrument_version_id),
            events,
            joined,
            people.names(session, {one for one in named if one}),
            registers.stakeholder_names(session, {one for one in institutions if one}),
        )


def require(session: Session, owner: Owner, entry_id: int) -> RegisterEntry:
    """NotFoundError if the owner has no such entry."""
    entry = registers.get(session, owner.gmina_code, owner.region_code, entry_id)
    if entry is None:
        raise NotFoundError(UNKNOWN)
    return entry


def add(
    context: Context,
    owner: Owner,
    key: str,
    content: Content,
    actor: int | None,
    *,
    declaration_id: int | None = None,
) -> RegisterEntry:
    """A new entry in the register's first state. The same page sent twice by the same person is the same entry, and so
    is what is taken over from the same declaration of the catalogue by anybody.

    InvalidInputError with every fault (its place: a question's id, or `about`, `person_id`). ConflictError: the
    register is full, or can have only one.
    """
    definition = register_definition(key, owner.level)
    version = publish_instrument(context, definition)
    with context.database.transaction() as session:
        return add_within(
            context, session, owner, definition, version.id, content, actor, declaration_id=declaration_id
        )


def add_within(
    context: Context,
    session: Session,
    owner: Owner,
    definition: Instrument,
    version_id: int,
    content: Content,
    actor: int | None,
    *,
    declaration_id: int | None = None,
) -> RegisterEntry:
    """As `add`, as a part of something larger: all of it is kept, or nothing."""
    key, rules = definition.key, rules_of(definition)
    columns = _columns(session, owner, definition, content)
    if owner.gmina_code:
        people.hold_team(session, owner.gmina_code)
    elif owner.region_code:
        gminas.hold_region(session, owner.region_code)
    held = registers.entries(session, owner.gmina_code, owner.region_code, {key})
    for one in held:
        if declaration_id is not None:
            if one.declaration_id == declaration_id:
                return one
        elif one.revision == 1 and one.created_by == actor and _says(one, columns):
            return one
    if rules.single and held:
        raise ConflictError(f"„{definition.title}” ma już swój wpis. Można zmieniać ten, który jest.")
    if len(held) >= MOST:
        raise ConflictError(f"Ten rejestr ma już {MOST} wpisów, więcej się w nim nie zmieści.")
    at, first = context.clock(), rules.states[0].id
    entry = registers.add(
        session,
        at,
        actor,
        gmina_code=owner.gmina_code,
        region_code=owner.region_code,
        key=key,
        instrument_version_id=version_id,
        state=first,
        declaration_id=declaration_id,
        **columns,
    )
    registers.add_event(session, entry.id, context.today(), at, actor, state_to=first)
    record(context, session, "entry_added", entry, actor)
    return entry


def change(
    context: Context, owner: Owner, entry_id: int, revision: int, content: Content, actor: int | None
) -> RegisterEntry:
    """Saves what an entry says. ConflictError: somebody saved meanwhile. Nothing changed is nothing saved."""
    with context.database.transaction() as session:
        entry = require(session, owner, entry_id)
        registers.hold(session, entry)
        definition = used_instrument(session, entry.instrument_version_id)
        columns = _columns(session, owner, definition, content, entry)
        if _says(entry, columns):
            return entry
        if entry.revision != revision:
            raise ConflictError(SAVED_MEANWHILE)
        for name, value in columns.items():
            setattr(entry, name, value)
        _touch(context, entry, actor)
        record(context, session, "entry_changed", entry, actor)
        return entry


def set_state(
    context: Context, owner: Owner, entry_id: int, state: str, on: dt.date, text: str, actor: int | None
) -> None:
    """Brings an entry into a state on a day, with words; said twice, it is said once.

    InvalidInputError (places `state`, `on_day`, `text`): an unknown state, a day to come, no reason where one is asked,
    or no evidence.
    """
    with context.database.transaction() as session:
        entry = require(session, owner, entry_id)
        registers.hold(session, entry)
        rules = used_rules(session, entry)
        wanted = next((one for one in rules.states if one.id == state), None)
        faults = _event_faults(context, on, text)
        if wanted is None:
            faults.append(Fault("entry.state", "state", "Nie ma takiego stanu.", "Wybierz jeden z listy."))
        elif wanted.reason and not text.strip():
            hint = "Napisz w kilku słowach, dlaczego."
            faults.append(Fault("entry.reason", "text", f"„{wanted.label}” wymaga powodu.", hint))
        elif wanted.proof and not text.strip():
            message = f"„{wanted.label}” wymaga dowodu."
            faults.append(Fault("entry.proof", "text", message, f"Napisz: {wanted.proof}."))
        if faults:
            raise InvalidInputError("Stan nie został zmieniony.", faults)
        if entry.state == state:
            return
        before, entry.state = entry.state, state
        _touch(context, entry, actor)
        registers.add_event(
            session,
            entry.id,
            on,
            context.clock(),
            actor,
            state_from=before,
            state_to=state,
            text=text.strip(),
        )
        record(context, session, "entry_state", entry, actor, rules.state(state).label)


def write_log(
    context: Context, owner: Owner, entry_id: int, kind: str, on: dt.date, text: str, actor: int | None
) -> None:
    """A line in an entry's log. The same line sent twice by the same person is one line.

    InvalidInputError (places `kind`, `on_day`, `text`): an unknown kind, one that another has to come before, a day to
    come, no words.
    """
    with context.database.transaction() as session:
        entry = require(session, owner, entry_id)
        registers.hold(session, entry)
        rules = used_rules(session, entry)
        before = registers.events(session, {entry_id})
        faults = [*_event_faults(context, on, text), *_kind_faults(rules, kind, on, before)]
        if not text.strip():
            faults.append(
                Fault("entry.words", "text", "Wpis w dzienniku jest pusty.", "Napisz, co się stało.")
            )
        if faults:
            raise InvalidInputError("Nie dopisano do dziennika.", faults)
        line = (kind, on, text.strip(), actor)
        if line in {(one.kind, one.on_day, one.text, one.made_by) for one in before}:
            return
        registers.add_event(session, entry_id, on, context.clock(), actor, kind=kind, text=text.strip())
        record(context, session, "entry_logged", entry, actor, rules.log_kind(kind).label)


def used_rules(session: Session, entry: RegisterEntry) -> RegisterRules:
    """Of the version that the entry was made with."""
    return rules_of(used_instrument(session, entry.instrument_version_id))


def record(
    context: Context,
    session: Session,
    action: str,
    entry: RegisterEntry,
    actor: int | None,
    detail: str = "",
) -> None:
    """By the entry's number: its title may name a person, and the trace outlives names."""
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="register_entry",
        object_id=entry.id,
        gmina_code=entry.gmina_code,
        detail=detail,
    )


def _touch(context: Context, entry: RegisterEntry, actor: int | None) -> None:
    entry.revision += 1
    entry.changed_at, entry.changed_by = context.clock(), actor


def _says(entry: RegisterEntry, columns: Mapping[str, Any]) -> bool:
    return all(getattr(entry, name) == value for name, value in columns.items())


def _columns(
    session: Session,
    owner: Owner,
    definition: Instrument,
    content: Content,
    entry: RegisterEntry | None = None,
) -> dict[str, Any]:
    """What an entry's row holds of its content; `entry`: as it stands. InvalidInputError with every fault.

    A page can still name a double: the entry is about the one that it was merged into.
    """
    if content.stakeholder_id:
        content = replace(content, stakeholder_id=catalogue.kept_id(session, content.stakeholder_id))
    rules, answers = rules_of(definition), dict(content.answers)
    faults = [
        _missing(definition, one)
        for one in dict.fromkeys((rules.named_by, *rules.required))
        if one not in answers
    ]
    title = _title(definition, answers[rules.named_by]) if rules.named_by in answers else ""
    if rules.named_by in answers and not title:
        message = "Nazwa składa się ze znaków, których nie da się pokazać."
        faults.append(Fault("entry.title", rules.named_by, message, "Prosimy wpisać ją literami."))
    faults += _order_faults(definition, answers)
    now, starts_on = newest_rules(definition, owner.level), _day(answers, rules.starts)
    faults += hour_faults(now, definition, answers, starts_on)
    faults += _reference_faults(session, owner, rules, content, entry.person_id if entry else None)
    if faults:
        raise InvalidInputError("Wpis nie został zapisany.", faults)
    return {
        "title": title,
        "answers": with_plain_hour(now, answers),
        "starts_on": starts_on,
        "due_on": _day(answers, rules.due),
        "stakeholder_id": content.stakeholder_id,
        "sector": content.sector,
        "person_id": content.person_id,
    }


def _reference_faults(
    session: Session, owner: Owner, rules: RegisterRules, content: Content, person_before: int | None
) -> list[Fault]:
    """Who answered for the entry before may go on, also after leaving the team: nobody has to be found at once."""
    faults = []
    code = owner.gmina_code
    about = bool(content.stakeholder_id), bool(content.sector)
    if rules.about is About.NOTHING:
        wrong = any(about)
    elif rules.about is About.STAKEHOLDER:
        wrong = about != (True, False)
    else:
        wrong = sum(about) != 1
    if content.stakeholder_id and not wrong:
        found = catalogue.get(session, content.stakeholder_id)
        wrong = found is None or found.gmina_code != code
    if content.sector and not wrong:
        wrong = code is None or content.sector not in sector_labels(session, code)
    if wrong:
        what = "instytucję" if rules.about is About.STAKEHOLDER else "instytucję albo sektor"
        hint = f"Wybierz {what} z listy." if rules.about is not About.NOTHING else "Zostaw to pole puste."
        faults.append(Fault("entry.about", "about", "Nie wiadomo, kogo dotyczy ten wpis.", hint))
    if content.person_id not in (None, person_before):
        seats = {one.id for one in people.team(session, code)} if code and rules.responsible else set()
        if content.person_id not in seats:
            message = "Tej osoby nie ma w zespole."
            faults.append(Fault("entry.person", "person_id", message, "Wybierz osobę z listy."))
    return faults


def _missing(definition: Instrument, question_id: str) -> Fault:
    name = definition.by_id[question_id].text.rstrip(" :")
    return Fault("entry.required", question_id, f"Pole „{name}” jest puste.", "Bez niego wpis nie powstanie.")


def _order_faults(definition: Instrument, answers: Mapping[str, Value]) -> list[Fault]:
    """One for each day that comes before the one that it should follow."""
    faults = []
    for first, last in rules_of(definition).days_in_order:
        earlier, later = _day(answers, first), _day(answers, last)
        if earlier and later and later < earlier:
            names = [definition.by_id[one].text.rstrip(" :") for one in (last, first)]
            message = f"„{names[0]}” wypada wcześniej niż „{names[1]}”."
            faults.append(Fault("entry.days", last, message, "Prosimy poprawić jedną z tych dat."))
    return faults


def _day(answers: Mapping[str, Value], question_id: str) -> dt.date | None:
    value = answers.get(question_id) if question_id else None
    return dt.date.fromisoformat(value) if isinstance(value, str) else None


def _title(definition: Instrument, value: Value) -> str:
    """The naming answer in one line of plain signs, cut where it is too long."""
    if isinstance(value, Mapping):
        named_by = definition.by_id[rules_of(definition).named_by]
        words = value.get("text") or named_by.option(str(value["option"])).label
    else:
        words = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    title = " ".join("".join(map(_plain, words)).split()).strip(JOINER)
    return title if len(title) <= TITLE else title[: TITLE - 1].rstrip(JOINER) + "…"


def _plain(char: str) -> str:
    """Marks that nobody sees go, but for the one that joins emoji; what has no picture of its own is a space."""
    if char.isprintable() or char == JOINER:
        return char
    return "" if unicodedata.category(char) == "Cf" else " "


def _event_faults(context: Context, on: dt.date, text: str) -> list[Fault]:
    faults = []
    if on > context.today():
        faults.append(
            Fault(
                "entry.future", "on_day", "Ten dzień jeszcze nie nadszedł.", "Wpisz dzień, w którym to było."
            )
        )
    elif on < EARLIEST:
        faults.append(Fault("entry.past", "on_day", "Ten dzień jest zbyt dawny.", "Sprawdź rok."))
    if len(text) > TEXT:
        message = f"Tekst ma {len(text)} znaków, a może mieć najwyżej {TEXT}."
        faults.append(Fault("entry.long", "text", message, "Skróć go."))
    return faults


def _kind_faults(
    rules: RegisterRules, kind: str, on: dt.date, before: Sequence[RegisterEvent]
) -> list[Fault]:
    known = next((one for one in rules.log if one.id == kind), None)
    if known is None:
        return [Fault("entry.kind", "kind", "Nie ma takiego rodzaju.", "Wybierz jeden z listy.")]
    if known.after and not any(one.kind == known.after and one.on_day <= on for one in before):
        label = rules.log_kind(known.after).label
        message = f"Najpierw powinien być wpis „{label}”, z dniem nie późniejszym."
        return [Fault("entry.order", "kind", message, "Dopisz go przed tym wpisem.")]
    return []
