"""Interviews for tests: a gmina with three institutions, an IDI or a group, consent, notes and a locked version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from survey_app.services import accounts, gminas
from survey_app.services.context import Context
from survey_app.services.interviewing import interview_texts, interviews, participants
from survey_app.services.interviewing import notes as note_cases
from survey_app.services.interviewing.interviews import LETTERS, Interview, InterviewDraft, SeatDraft
from survey_app.services.interviewing.notes import Note, NoteDraft
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.store import notes

GMINA = "060505"
TITLE = "Lokalna Sieć Reintegracji"
WHEN = dt.datetime(2026, 11, 1, 10, 0, tzinfo=dt.UTC)


def entries(context: Context) -> list[int]:
    """Three institutions of the gmina, made where they are not there yet."""
    gminas.seed_pilot_gminas(context)
    known = {row.name: row.id for row in catalogue.stakeholders(context, GMINA)}
    for name in ("Bank", "Ośrodek", "Szkoła"):
        if name not in known:
            draft = StakeholderDraft(name, "edukacja", internal=True)
            known[name] = catalogue.add_stakeholder(context, GMINA, draft, None).id
    return [known[name] for name in ("Bank", "Ośrodek", "Szkoła")]


def planned(context: Context, form: str = "idi", people: int = 1, moderator: int | None = None) -> Interview:
    """In its plan; the letters belong to the three institutions in turn."""
    ids = entries(context)
    seats = tuple(SeatDraft(interviews.LETTERS[n], ids[n % 3], "works") for n in range(people))
    draft = InterviewDraft(
        WHEN, 55, seats, moderator_id=moderator, departure_reason="Próba", project_title=TITLE
    )
    return interviews.interview(context, GMINA, interviews.plan(context, GMINA, form, draft, None).id)


def agree(
    context: Context,
    interview: Interview,
    letters: Iterable[str] | Mapping[str, tuple[bool, bool | None]] = "A",
    *,
    agreed: bool = True,
    evidence: bool | None = True,
) -> None:
    """Each of them answers both questions, all alike or each as the mapping says, at the service's own moment."""
    alike = (agreed, evidence if agreed else None)
    answers = letters if isinstance(letters, Mapping) else dict.fromkeys(letters, alike)
    with context.database.transaction() as session:
        known = participants.consents(session, interview)
        for letter, (first, second) in answers.items():
            participants.record_consent(
                context,
                session,
                interview,
                letter,
                first,
                second,
                context.clock(),
                None,
                known[letter].revision,
            )


def note(
    context: Context, interview: Interview, number: int, letter: str | None, text: str, question: str = ""
) -> str:
    """As a console would write it."""
    seats = {seat.letter: seat.id for seat in interview.seats}
    name = f"{interview.id:08x}{number:024x}"
    with context.database.transaction() as session:
        notes.put(
            session,
            name,
            interview.id,
            seat_id=seats[letter] if letter else None,
            question_id=question,
            text=text,
            quotation=False,
            second=number,
            variant_of=None,
            writer="0" * 32,
            writer_change=1,
            changed_at=context.clock(),
            changed_by=None,
            deleted_at=None,
        )
    return name


def lock_notes(
    context: Context, interview: Interview, actor: int | None = None
) -> interview_texts.InterviewText:
    """The next version of the notes as they are."""
    with context.database.reading() as session:
        seen = interview_texts.composed_notes(session, interview).sha256
    return interview_texts.lock_notes(context, GMINA, interview.id, seen, actor)


def member(context: Context, email: str, name: str) -> int:
    return accounts.create_user(context, email, name, "cztery-zwykle-slowa-razem", member_of=GMINA).id


def held(context: Context, form: str, people: int, moderator_id: int | None = None) -> Interview:
    """Of people of no institution, who all came; nobody has agreed yet."""
    seats = tuple(SeatDraft(LETTERS[place], None, "other") for place in range(people))
    draft = InterviewDraft(
        context.clock() + dt.timedelta(hours=1),
        55 if form == "idi" else 90,
        seats,
        place="Świetlica w Godziszowie",
        moderator_id=moderator_id,
    )
    made = interviews.plan(context, GMINA, form, draft, None)
    return interviews.hold(context, GMINA, made.id, context.today(), (), "", made.revision, None)


def write(
    context: Context,
    interview: Interview,
    question: str,
    letter: str | None,
    text: str,
    *,
    quotation: bool = False,
    second: int = 0,
) -> Note:
    """As somebody types it on the page of notes."""
    draft = NoteDraft(question, letter, text, quotation, second)
    return note_cases.add_or_change(context, GMINA, interview.id, None, draft, 0, None)
