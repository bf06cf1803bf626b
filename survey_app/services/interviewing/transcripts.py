"""Transcripts of an interview: kept apart from its notes, under letters, never under names.

METHOD, "IDI and FGI": nothing is written down of who did not agree. Recordings are not kept by the service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError
from survey_app.services.context import Context
from survey_app.services.interviewing import deletion_notes
from survey_app.services.interviewing.compose_text import BETWEEN_TURNS, compose, hole_of_lines
from survey_app.services.interviewing.interview_rules import require_interview
from survey_app.services.interviewing.interview_texts import (
    TRANSCRIPT,
    InterviewText,
    Unattributed,
    cut_holes,
    record_text,
    remove_text,
    require_numbered,
    segments_of,
    unattributed,
)
from survey_app.services.interviewing.interviews import CANCELLED, IDI, Interview
from survey_app.services.interviewing.participants import Consent, consents
from survey_app.services.interviewing.transcript_files import KINDS, Transcript, read_file, read_pasted
from survey_app.services.interviewing.transcript_turns import (
    LEFT_OUT,
    NOBODY,
    WORDS,
    Speaker,
    letter_of,
    runs_of,
    speakers_of,
    suggested,
)
from survey_app.store import interview_texts as store
from survey_app.store import interviews as interview_store
from survey_app.store import participants as participant_store

__all__ = [
    "KINDS",
    "LEFT_OUT",
    "MOST_TRANSCRIPTS",
    "NOBODY",
    "WORDS",
    "InterviewText",
    "LineView",
    "Overview",
    "Speaker",
    "Transcript",
    "cut",
    "keep",
    "line_views",
    "overview",
    "read_file",
    "read_pasted",
    "remove",
    "speakers",
    "suggestions",
    "transcript",
]

MOST_TRANSCRIPTS = 20
CHANGED = (
    "Ta transkrypcja zmieniła się, odkąd strona została otwarta. Niczego nie usunięto."
    " Prosimy przeczytać ją jeszcze raz."
)


@dataclass(frozen=True, slots=True)
class Overview:
    """`letters`: whose words may be kept. `refusal`: why nothing can be added now; "" if it can."""

    texts: tuple[InterviewText, ...]
    letters: tuple[str, ...]
    refusal: str
    loose: tuple[Unattributed, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a transcript, counted from 1. `letter` None: nobody's alone."""

    number: int
    words: str
    letter: str | None


def overview(context: Context, gmina_code: str, interview_id: int) -> Overview:
    """What there is, and what may be added."""
    with context.database.reading() as session:
        interview = require_interview(session, gmina_code, interview_id)
        found = tuple(store.of_interview(session, interview.id, TRANSCRIPT))
        agreed = _agreed(session, interview)
        loose = tuple(unattributed(session, interview))
        return Overview(found, tuple(agreed), _refusal(interview, agreed, len(found)), loose)


def speakers(found: Transcript) -> tuple[Speaker, ...]:
    """Marks of people in it, to be given letters."""
    return speakers_of(found.turns)


def suggestions(found: Transcript, letters: Sequence[str]) -> list[str]:
    """For each speaker, what the mark probably means; "" where a person must say."""
    return [suggested(one, letters) for one in speakers(found)]


def keep(
    context: Context,
    gmina_code: str,
    interview_id: int,
    found: Transcript,
    meanings: Mapping[str, str],
    actor: int | None,
) -> InterviewText:
    """`meanings`: mark of a speaker -> letter, NOBODY, LEFT_OUT or WORDS.

    InvalidInputError: a mark without a meaning, a letter that did not agree, nothing left. ConflictError: no consent,
    cancelled, or the same transcript is there already.
    """
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id, alone=True)
        agreed = _agreed(session, interview)
        there = store.of_interview(session, interview.id, TRANSCRIPT)
        if refusal := _refusal(interview, agreed, len(there)):
            raise ConflictError(refusal)
        _require_meanings(interview, found, meanings, agreed)
        composed = compose(runs_of(found.turns, meanings), BETWEEN_TURNS)
        if not composed.segments:
            raise InvalidInputError("W transkrypcji nie zostało żadnych wypowiedzi. Niczego nie zapisano.")
        for other in there:
            if other.sha256 == composed.sha256:
                raise ConflictError(f"Ta transkrypcja już jest zapisana jako nr {other.number}.")
        added = store.add(
            session,
            interview_id=interview.id,
            kind=TRANSCRIPT,
            text=composed.text,
            segments=composed.columns,
            sha256=composed.sha256,
            file_name=KINDS[found.kind],  # a file's own name is often a person's
            created_at=context.clock(),
            created_by=actor,
        )
        record_text(context, session, interview, added, "transcript_added", actor)
        return added


def transcript(context: Context, gmina_code: str, interview_id: int, number: int) -> InterviewText:
    """GoneError: the interview has no such transcript, or no longer."""
    with context.database.reading() as session:
        return _require(session, gmina_code, interview_id, number)


def remove(
    context: Context, gmina_code: str, interview_id: int, number: int, seen_sha256: str, actor: int | None
) -> None:
    """Its words and every passage in it are gone; its number is not given again. ConflictError: as `cut`."""
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id, alone=True)
        row = _require(session, gmina_code, interview_id, number, alone=True)
        if row.sha256 != seen_sha256:
            raise ConflictError(CHANGED)
        gone = deletion_notes.removed(row)
        remove_text(context, session, row)
        participant_store.leave_traces(session, interview.id, context.clock())
        record_text(context, session, interview, row, "transcript_removed", actor)
        session.flush()
        deletion_notes.note(context, gone)


def cut(
    context: Context,
    gmina_code: str,
    interview_id: int,
    number: int,
    first: int,
    last: int,
    seen_sha256: str,
    actor: int | None,
) -> None:
    """Lines `first` to `last`, counted from 1, go, with the passages that touch them.

    ConflictError: the transcript is not the one that was read. InvalidInputError: there are no such lines.
    """
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id, alone=True)
        row = _require(session, gmina_code, interview_id, number, alone=True)
        if row.sha256 != seen_sha256:
            raise ConflictError(CHANGED)
        require_lines(row, first, last)
        holes = [hole_of_lines(row.text, first, last)]
        gone = deletion_notes.cuts(row, holes)
        cut_holes(context, session, row, holes)
        participant_store.leave_traces(session, interview.id, context.clock())
        record_text(context, session, interview, row, "transcript_cut", actor)
        session.flush()
        deletion_notes.note(context, *gone)


def line_views(row: InterviewText) -> list[LineView]:
    """Every line with whose it is."""
    segments = iter(segments_of(row).segments)
    segment, at, found = next(segments, None), 0, []
    for number, words in enumerate(row.text.split("\n"), start=1):
        while segment is not None and segment.end < at + len(words):
            segment = next(segments, None)
        letter = segment.letter if segment is not None and segment.start <= at else None
        found.append(LineView(number, words, letter))
        at += len(words) + 1
    return found


def require_lines(row: InterviewText, first: int, last: int) -> None:
    """InvalidInputError: the text has no such run of lines."""
    count = row.text.count("\n") + 1
    if first < 1 or first > count:
        raise InvalidInputError(
            "Niczego nie wycięto.", [Fault("no_line", "first", f"Transkrypcja ma wiersze od 1 do {count}.")]
        )
    if not first <= last <= count:
        message = f"Ostatni wiersz jest od {first} do {count}."
        raise InvalidInputError("Niczego nie wycięto.", [Fault("no_line", "last", message)])


def _require(
    session: Session, gmina_code: str, interview_id: int, number: int, *, alone: bool = False
) -> InterviewText:
    interview = require_interview(session, gmina_code, interview_id)
    return require_numbered(session, interview, TRANSCRIPT, number, alone=alone)


def _agreed(session: Session, interview: Interview) -> dict[str, Consent]:
    return {letter: one for letter, one in consents(session, interview).items() if one.may_note}


def _refusal(interview: Interview, agreed: Mapping[str, Consent], there: int) -> str:
    if interview.state == CANCELLED:
        return "Wywiad jest odwołany, więc nie ma do niego transkrypcji."
    if not agreed:
        who = "Rozmówca" if interview.form == interview_store.IDI else "Nikt z uczestników"
        none = (
            "nie wyraził zgody albo jej jeszcze nie zapisano"
            if interview.form == IDI
            else "nie ma zapisanej zgody"
        )
        return f"{who} {none}. Bez zgody niczego z rozmowy się nie zapisuje."
    if there >= MOST_TRANSCRIPTS:
        return f"Ten wywiad ma już {MOST_TRANSCRIPTS} transkrypcji. Więcej nie można dodać."
    return ""


def _require_meanings(
    interview: Interview, found: Transcript, meanings: Mapping[str, str], agreed: Mapping[str, Consent]
) -> None:
    silent = {seat.letter for seat in interview.seats} - set(agreed)
    faults = []
    for place, one in enumerate(speakers(found)):
        meaning, where = meanings.get(one.mark, ""), f"mowca-{place}"
        if meaning in agreed or meaning == LEFT_OUT:
            continue
        marked = letter_of(one.mark)
        letter = marked if marked in silent else meaning
        if letter not in (NOBODY, WORDS, ""):
            message = f"Osoba {letter} nie wyraziła zgody albo ją cofnęła, więc jej słów nie można zapisać."
            hint = "Prosimy wybrać „nie zapisuj tych wypowiedzi”."
            faults.append(Fault("no_consent", where, message, hint))
        elif not meaning or (meaning == WORDS and (one.voice or not one.mark)):
            faults.append(Fault("speaker_unknown", where, f"„{one.mark}”: prosimy wskazać, kto to jest."))
    if faults:
        raise InvalidInputError("Nie zapisano transkrypcji. Prosimy poprawić wskazane pola.", faults)
