"""A paper that is begun from an entry of a register: minutes from a meeting, with attendance, motions and results.

Nothing of how anybody voted goes into a paper: counts and results alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey_app.errors import NotFoundError
from survey_app.instrument.model import AnswerType, Instrument, Question
from survey_app.instrument.paper_model import EntryFact, Row
from survey_app.instrument.values import Value
from survey_app.services.context import Context
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.paper_facts import prefilled, put
from survey_app.services.method.papers import Content
from survey_app.services.registers import entries, meetings, votes
from survey_app.services.registers.entries import UNKNOWN, EntryView, Owner
from survey_app.services.registers.meetings import Meeting


def prefilled_from(context: Context, gmina_code: str, definition: Instrument, entry_id: int) -> Content:
    """As `prefilled`, and over it what the entry gives. NotFoundError: the gmina has no such entry, or the paper is not
    begun from entries of that register.
    """
    begun = rules_of(definition).begun_from
    owner = Owner(gmina_code=gmina_code)
    view = entries.view(context, owner, entry_id)
    if begun is None or view.entry.key != begun.register:
        raise NotFoundError(UNKNOWN)
    meeting = meetings.meeting(context, owner, entry_id) if view.rules.votes else None
    content = prefilled(context, gmina_code, definition)
    answers, tables = dict(content.answers), dict(content.tables)
    for into, source in begun.prefill.items():
        put(definition, into, _found(view, meeting, source), answers, tables)
    return Content(answers, tables)


def _found(view: EntryView, meeting: Meeting | None, source: str) -> object:
    """A text, rows, or None."""
    if source == EntryFact.RESPONSIBLE:
        return view.people.get(view.entry.person_id or 0)
    if source == EntryFact.ATTENDANCE_ROWS:
        return [*(_present(meeting) if meeting else ()), *_parties(view)]
    if source in set(EntryFact):
        return _of_meeting(meeting, source) if meeting else None
    question = view.definition.by_id.get(source)
    value = view.entry.answers.get(source)
    return _told(question, value) if question is not None and value is not None else None


def _of_meeting(meeting: Meeting, source: str) -> object:
    closed = [votes.resolution(meeting, one) for one in meeting.motions if one.outcome]
    if source == EntryFact.QUORUM:
        return meeting.quorum.words if meeting.seats else None
    if source == EntryFact.DISSENT:
        notes = [f"Wniosek {one.motion.number}: {one.motion.note}" for one in closed if one.motion.note]
        return "\n\n".join(notes)
    return [
        {
            "tresc_decyzji": one.motion.text,
            "za": str(one.counts.votes_for),
            "przeciw": str(one.counts.against),
            "wstrzymalo": str(one.counts.abstained),
            "wynik": one.result,
        }
        for one in closed
    ]


def _present(meeting: Meeting) -> Sequence[Row]:
    """Of an institution that several people represent, all are named: which of them came, the team knows."""
    rows = []
    for seat in meeting.seats:
        if seat.present and seat.stakeholder_id is None:
            rows.append({"osoba": seat.label})
        elif seat.present:
            rows.append({"osoba": " albo ".join(meeting.sitting[seat.id]), "instytucja": seat.label})
    return rows


def _parties(view: EntryView) -> Sequence[Row]:
    return [
        {"instytucja": view.stakeholders.get(one.stakeholder_id, "")}
        if one.stakeholder_id
        else {"osoba": one.name}
        for one in view.parties
    ]


def _told(question: Question, value: Value) -> object:
    """An option by its words, which another definition may have under another id."""
    if question.type is AnswerType.SINGLE_CHOICE and isinstance(value, dict):
        return value.get("text") or question.option(str(value["option"])).label
    return value
