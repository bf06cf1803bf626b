"""Registers as files: a table (CSV), and the calendar of all that has a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from survey_app import polish
from survey_app.analysis.papers.values import words_of
from survey_app.instrument.model import AnswerType, Instrument, Question
from survey_app.instrument.register_model import About
from survey_app.instrument.values import Value
from survey_app.services.calendar_file import CalendarDay, CalendarEvent, calendar_bytes
from survey_app.services.context import Context
from survey_app.services.registers import parties
from survey_app.services.registers.definitions import registers as defined
from survey_app.services.registers.definitions import rules_of
from survey_app.services.registers.entries import Listed, Owner
from survey_app.services.registers.hours import begins_at, place_of
from survey_app.services.registers.listing import about_words, state_label
from survey_app.services.spreadsheets import Cell, csv_bytes
from survey_app.store import registers
from survey_app.store.registers import RegisterEntry

REPLY_WORDS = {"yes": "zgoda", "no": "odmowa", "": "bez odpowiedzi"}


def table_csv(context: Context, owner: Owner, found: Listed, rows: Sequence[RegisterEntry]) -> bytes:
    """A line for each of `rows`: every field, whom it is about, who answers for it, its state, its parties."""
    definition, rules = found.definition, rules_of(found.definition)
    header = ["Numer", *(one.text.rstrip(" :") for one in definition.questions)]
    if rules.about is not About.NOTHING:
        header.append(rules.about_label)
    if rules.responsible:
        header.append("Odpowiada")
    header += ["Stan", "Po terminie"]
    joined: dict[int, list[str]] = {}
    if rules.parties:
        header.append(rules.parties.label)
        joined = _joined(context, owner, found.definition.key, replies=rules.parties.replies)

    def line(one: RegisterEntry) -> list[Cell]:
        cells: list[Cell] = [one.id]
        cells += [_cell(question, one.answers.get(question.id)) for question in definition.questions]
        if rules.about is not About.NOTHING:
            cells.append(about_words(found, one))
        if rules.responsible:
            cells.append(found.people.get(one.person_id or 0, ""))
        cells += [state_label(found, one), "tak" if one.id in found.late else ""]
        if rules.parties:
            cells.append("; ".join(joined.get(one.id, ())))
        return cells

    return csv_bytes(header, (line(one) for one in rows))


def calendar(
    context: Context,
    owner: Owner,
    name: str,
    address: Callable[[int], str],
    some: tuple[Instrument, Iterable[RegisterEntry]] | None = None,
) -> bytes:
    """Events of every entry with a day, all day long unless it has an hour; `some`: of these of one register alone.

    `name`: of the gmina or region; `address`: entry id -> its page. Titles, places and states only: a calendar is seen
    by many.
    """
    if some is None:
        with context.database.reading() as session:
            held = registers.entries(session, owner.gmina_code, owner.region_code)
        known = defined(owner.level)
        events = [_event(known[one.key], one, name, address) for one in held if one.key in known]
        title = f"{name}: plan i rejestry"
    else:
        events = [_event(some[0], one, name, address) for one in some[1]]
        title = f"{name}: {some[0].title}"
    return calendar_bytes((one for one in events if one is not None), "rejestry", title)


def _event(
    definition: Instrument, one: RegisterEntry, name: str, address: Callable[[int], str]
) -> CalendarDay | CalendarEvent | None:
    """An entry stands at its last day; one that only begins, at that, and at its hour. Nobody said when it ends."""
    day = one.due_on or one.starts_on
    if day is None:
        return None
    rules = rules_of(definition)
    state, begins = rules.known_state(one.state), begins_at(rules, one)
    words = f"{definition.title}, {state.label}. {name}"
    if one.due_on and one.starts_on and one.starts_on != one.due_on:
        words += f". Początek: {polish.moment(begins) if begins else polish.date(one.starts_on)}"
    owner = one.gmina_code or one.region_code
    told: dict[str, Any] = {
        "uid": f"wpis-{owner}-{one.id}-{int(one.created_at.timestamp())}@survey-app",
        "sequence": one.revision - 1,
        "changed_at": one.changed_at,
        "summary": one.title,
        "category": definition.title,
        "location": place_of(rules, one),
        "address": address(one.id),
        "description": words,
        "cancelled": state.final and state.reason,
    }
    if begins is not None and day == one.starts_on:
        return CalendarEvent(starts_at=begins, ends_at=None, **told)
    return CalendarDay(day=day, **told)


def _cell(question: Question, value: Value | None) -> Cell:
    """Numbers as numbers, days as a spreadsheet reads them; everything else in words."""
    if question.type is AnswerType.NUMBER and isinstance(value, (int, float)):
        return value
    if question.type is AnswerType.DATE and isinstance(value, str):
        return value
    return "\n".join(words_of(question, value))


def _joined(context: Context, owner: Owner, key: str, *, replies: bool) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for entry_id, one in parties.of_register(context, owner, key):
        words = f"{one.name} ({one.party.role})" if one.party.role else one.name
        if replies:
            words += f": {REPLY_WORDS[one.party.reply]}"
        found.setdefault(entry_id, []).append(words)
    return found
