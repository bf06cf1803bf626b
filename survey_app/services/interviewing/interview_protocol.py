"""The protocol of one interview as PDF: of a locked version of its notes, or of the notes as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from survey_app import polish
from survey_app.analysis.interview_record import (
    InterviewProtocol,
    ProtocolNote,
    ProtocolPart,
    ProtocolQuestion,
)
from survey_app.services.context import Context
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing.interview_scenario import FORM_WORDS
from survey_app.services.interviewing.interview_views import InterviewView, SeatView
from survey_app.services.interviewing.interviews import HELD, STATES
from survey_app.services.interviewing.note_review import (
    PartNotes,
    QuestionNotes,
    VersionView,
    minutes_words,
    version_view,
)
from survey_app.services.interviewing.participants import Consent

NATURAL_PERSON = "osoba fizyczna"
NOT_LOCKED = (
    "Te notatki nie są zamknięte jako wersja i mogą się jeszcze zmienić."
    " Do akt prosimy wziąć protokół z zamkniętej wersji."
)


def protocol_pdf(context: Context, gmina: GminaDescription, view: InterviewView, number: int) -> bytes:
    """`number`: of the version; 0: the notes as they are. GoneError: there is no such version."""
    from survey_app.analysis.pdf.interview_protocol import render_interview_protocol

    found = version_view(context, gmina.code, view.interview.id, number)
    protocol = InterviewProtocol(
        name=f"Protokół: {FORM_WORDS[view.interview.form]}",
        gmina_name=gmina.name,
        facts=_facts(view),
        consents=tuple(_consent_row(seat, found.consents.get(seat.letter)) for seat in view.seats),
        times=_times(found.parts),
        parts=tuple(_part(part) for part in found.parts if part.questions),
        version=_version_words(found),
        sha256=found.sha256,
        warning="" if found.row is not None else NOT_LOCKED,
        made_at=found.row.created_at if found.row is not None else context.clock(),
    )
    return render_interview_protocol(protocol)


def _facts(view: InterviewView) -> tuple[tuple[str, str], ...]:
    row = view.interview
    taken = (
        f"odbył się {polish.date(row.held_on)}" if row.state == HELD and row.held_on else STATES[row.state]
    )
    facts = [
        ("Numer wywiadu", str(row.id)),
        ("Planowany termin", polish.moment(row.starts_at)),
        ("Stan", taken),
        ("Miejsce", row.place or ("rozmowa wideo" if row.video_link else "nie podano")),
        ("Moderator", view.moderator or "nie wyznaczono"),
        ("Tytuł projektu", row.project_title or "nie podano"),
    ]
    if row.departure_reason:
        facts.append(("Powód odstępstwa od metody", row.departure_reason))
    return tuple(facts)


def _consent_row(seat: SeatView, consent: Consent | None) -> tuple[str, str, str, str, str]:
    name = NATURAL_PERSON if seat.natural_person else seat.name
    role = f"{seat.role} (nie przyszła)" if seat.absent else seat.role
    if consent is None or consent.agreed is None:
        return seat.letter, name, role, "nie zapisano", "nie zapisano"
    if consent.withdrawn_at is not None:
        gone = f"cofnięta {polish.date_short(consent.withdrawn_at)}; słowa usunięte"
        return seat.letter, name, role, gone, "cofnięta"
    first = _answer(consent.agreed, consent.agreed_at)
    second = "nie pytano" if consent.evidence is None else _answer(consent.evidence, consent.evidence_at)
    return seat.letter, name, role, first, second


def _answer(agreed: bool, at: dt.datetime | None) -> str:
    when = f", {polish.moment(at)}" if at is not None else ""
    return f"{'tak' if agreed else 'nie'}{when}"


def _times(parts: Sequence[PartNotes]) -> tuple[tuple[str, str, str], ...]:
    if not any(part.seconds for part in parts):
        return ()
    return tuple(
        (part.title, f"{part.minutes} min" if part.minutes else "", minutes_words(part.seconds))
        for part in parts
        if part.minutes or part.seconds
    )


def _part(part: PartNotes) -> ProtocolPart:
    return ProtocolPart(part.title, tuple(_question(one) for one in part.questions))


def _question(question: QuestionNotes) -> ProtocolQuestion:
    return ProtocolQuestion(
        f"{question.number}. {question.text}" if question.number else question.text,
        question.mark,
        tuple(
            ProtocolNote(f"Osoba {note.letter}" if note.letter else "Bez litery", note.quotation, note.text)
            for note in question.notes
        ),
    )


def _version_words(found: VersionView) -> str:
    row = found.row
    if row is None:
        return "Notatki robocze."
    cut = f", po usunięciu słów {polish.date_short(row.redacted_at)}" if row.redacted_at else ""
    return f"Wersja {row.number} notatek, zamknięta {polish.moment(row.created_at)}{cut}."
