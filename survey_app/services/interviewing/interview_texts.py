"""The texts of an interview: notes locked as versions, and what is cut out of them when somebody withdraws.

METHOD, "IDI and FGI". A text is never edited; only what a person takes back is cut out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, GoneError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.interviewing.compose_text import (
    BETWEEN_NOTES,
    ComposedText,
    Hole,
    Run,
    Segment,
    compose,
    holes_of_segments,
    read_segments,
    without,
)
from survey_app.services.interviewing.interview_rules import require_interview
from survey_app.services.interviewing.interviews import HELD, STATES, Interview
from survey_app.services.interviewing.scenarios import scenario_of
from survey_app.store import audit, excerpts, notes
from survey_app.store import interview_texts as store
from survey_app.store import interviews as interview_store
from survey_app.store.interview_texts import NOTES, TRANSCRIPT, InterviewText

__all__ = [
    "NOTES",
    "TRANSCRIPT",
    "InterviewText",
    "Unattributed",
    "composed_notes",
    "cut_holes",
    "cut_letter",
    "cut_where",
    "disown",
    "lock_notes",
    "own_text",
    "record_text",
    "remove_text",
    "require_numbered",
    "said_by",
    "segments_of",
    "text",
    "texts",
    "unattributed",
]

NO_SUCH_TEXT = "W tym wywiadzie nie ma takiego tekstu albo został usunięty."
KIND_WORDS = {NOTES: "zamkniętej wersji notatek", TRANSCRIPT: "transkrypcji"}


@dataclass(frozen=True, slots=True)
class Unattributed:
    """A transcript of a group in which `characters` of words have no letter, so nobody's withdrawal takes them."""

    text_id: int
    number: int
    characters: int


def lock_notes(
    context: Context, gmina_code: str, interview_id: int, seen_sha256: str, actor: int | None
) -> InterviewText:
    """The notes as they are become the next version. `seen_sha256`: of what the person had read.

    ConflictError: not held yet, two writings of one note not settled, nothing written, nothing changed since the
    last version, or the notes are others than those that were read.
    """
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id, alone=True)
        if interview.state != HELD:
            raise ConflictError(
                f"Notatki zamyka się po rozmowie, a stan tego wywiadu to: {STATES[interview.state]}."
                " Prosimy najpierw zapisać, że wywiad się odbył."
            )
        composed = composed_notes(session, interview)
        _refuse_lock(session, interview, composed, seen_sha256)
        added = store.add(
            session,
            interview_id=interview.id,
            kind=NOTES,
            text=composed.text,
            segments=composed.columns,
            sha256=composed.sha256,
            file_name="",
            created_at=context.clock(),
            created_by=actor,
        )
        record_text(context, session, interview, added, "interview_notes_locked", actor)
        return added


def _refuse_lock(session: Session, interview: Interview, composed: ComposedText, seen_sha256: str) -> None:
    if any(note.variant_of is not None for note in notes.notes(session, interview.id)):
        raise ConflictError(
            "Jedna z notatek ma dwie wersje napisane w tym samym czasie. Prosimy najpierw wybrać, co zostaje."
        )
    last = store.latest(session, interview.id, NOTES)
    if last is not None and last.sha256 == composed.sha256:
        raise ConflictError(
            f"Te notatki są już zamknięte jako wersja {last.number} ({polish.moment(last.created_at)})."
            " Nic się od tego czasu nie zmieniło, więc nie ma czego zamykać."
        )
    if not composed.segments:
        raise ConflictError("Nie ma żadnych notatek, więc nie ma czego zamykać.")
    if composed.sha256 != seen_sha256:
        raise ConflictError(
            "Notatki zmieniły się, odkąd strona została otwarta. Nie zamknięto ich."
            " Prosimy przeczytać je jeszcze raz i wtedy zamknąć."
        )


def composed_notes(session: Session, interview: Interview) -> ComposedText:
    """The notes as they are now, in the order of the scenario's questions, then as they were written.

    What stands under no question of the scenario comes last.
    """
    letters = {seat.id: seat.letter for seat in interview.seats}
    scenario = scenario_of(interview.instrument_version)
    order = {question.id: at for at, question in enumerate(scenario.questions)}
    kept = [note for note in notes.notes(session, interview.id) if note.variant_of is None]
    kept.sort(key=lambda note: (order.get(note.question_id, len(order)), note.second, note.id))
    return compose(
        (
            Run(
                note.text,
                letters.get(note.seat_id) if note.seat_id is not None else None,
                note.question_id,
                note.quotation,
                note.id,
            )
            for note in kept
        ),
        BETWEEN_NOTES,
    )


def texts(session: Session, interview_id: int) -> list[InterviewText]:
    """Versions of the notes by number, then transcripts by number; without those whose words are gone."""
    return store.of_interview(session, interview_id)


def text(
    session: Session, gmina_code: str, interview_id: int, text_id: int, *, alone: bool = False
) -> InterviewText:
    """NotFoundError: the interview of this gmina has no such text, or its words are gone."""
    found = store.get(session, gmina_code, interview_id, text_id, alone=alone)
    if found is None:
        raise NotFoundError(NO_SUCH_TEXT)
    return found


def own_text(session: Session, interview: Interview, text_id: int) -> InterviewText:
    """As `text`, out of all that the interview has: for pages that need the others, too."""
    for one in texts(session, interview.id):
        if one.id == text_id:
            return one
    raise NotFoundError(NO_SUCH_TEXT)


def require_numbered(
    session: Session, interview: Interview, kind: str, number: int, *, alone: bool = False
) -> InterviewText:
    """GoneError: there is no such text of this kind, or no longer."""
    found = store.numbered(session, interview.id, kind, number, alone=alone)
    if found is None:
        raise GoneError(f"W tym wywiadzie nie ma (albo już nie ma) {KIND_WORDS[kind]} o numerze {number}.")
    return found


def segments_of(row: InterviewText) -> ComposedText:
    """The text with its segments, as the store keeps it."""
    return ComposedText(row.text, read_segments(row.segments))


def cut_letter(context: Context, session: Session, interview: Interview, letter: str | None) -> int:
    """What this letter said goes out of every text, with the passages in it; None: every text goes.

    Returns how many runs of words went. The caller holds the interview's row, says so in the audit, and lets the
    notes themselves go only afterwards.
    """
    cut, said = 0, said_by(session, interview, letter)
    for row in store.of_interview(session, interview.id):
        if letter is None:
            cut += len(row.segments)
            remove_text(context, session, row)
        else:
            cut += cut_where(context, session, row, said)
    return cut


def said_by(session: Session, interview: Interview, letter: str | None) -> Callable[[Segment], bool]:
    """Is a run of a text this letter's? It is, too, in a version that was locked before the note got the right letter.

    None: every run is.
    """
    if letter is None:
        return lambda _segment: True
    letters = {seat.id: seat.letter for seat in interview.seats}
    latest: dict[str, str | None] = {}
    for row in store.of_interview(session, interview.id, NOTES):  # by number: the last one stands
        latest |= {one.note: one.letter for one in segments_of(row).segments if one.note}
    latest |= {one.id: letters.get(one.seat_id or 0) for one in notes.notes(session, interview.id)}
    return lambda segment: segment.letter == letter or latest.get(segment.note) == letter


def disown(session: Session, interview_id: int, note_id: str, letter: str | None) -> None:
    """A note turned out to be another person's words: in versions that were locked before, passages in it are
    nobody's, so that they lean on no consent, and support no institution's code, of whom it was taken for.
    """
    for row in store.of_interview(session, interview_id, NOTES):
        wrong = [one for one in segments_of(row).segments if one.note == note_id and one.letter != letter]
        for excerpt in excerpts.of_text(session, row.id, set_aside=True) if wrong else ():
            if any(one.start < excerpt.end_at and excerpt.start_at < one.end for one in wrong):
                excerpt.seat_id = None
    session.flush()


def cut_where(context: Context, session: Session, row: InterviewText, gone: Callable[[Segment], bool]) -> int:
    """Cuts segments out of one text. Returns how many holes that made."""
    return cut_holes(context, session, row, holes_of_segments(segments_of(row), gone))


def cut_holes(context: Context, session: Session, row: InterviewText, holes: Sequence[Hole]) -> int:
    """Cuts runs out of one text; passages that touch them lose their words, those behind them move along."""
    if not holes:
        return 0
    rest = without(segments_of(row), holes)
    if rest.segments:
        excerpts.cut(session, row.id, holes, context.clock())
        store.rewrite(session, row, rest.text, rest.columns, rest.sha256, context.clock())
    else:
        remove_text(context, session, row)
    return len(holes)


def remove_text(context: Context, session: Session, row: InterviewText) -> None:
    """The whole text goes, and every passage in it."""
    excerpts.remove_of_text(session, row.id, context.clock())
    store.remove(session, row, context.clock())


def unattributed(session: Session, interview: Interview) -> list[Unattributed]:
    """Transcripts of a group with words under no letter: a withdrawal cannot take those; a person has to cut them.

    In an IDI there is one person, and a withdrawal takes every text.
    """
    if interview.form == interview_store.IDI:
        return []
    found = []
    for row in store.of_interview(session, interview.id, TRANSCRIPT):
        characters = _characters(one for one in read_segments(row.segments) if one.letter is None)
        if characters:
            found.append(Unattributed(row.id, row.number, characters))
    return found


def _characters(segments: Iterable[Segment]) -> int:
    return sum(one.end - one.start for one in segments)


def record_text(
    context: Context,
    session: Session,
    interview: Interview,
    row: InterviewText,
    action: str,
    actor: int | None,
) -> None:
    """Who did what to which text; never a word of it."""
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="interview_text",
        object_id=row.id,
        gmina_code=interview.gmina_code,
        detail=f"interview {interview.id}, {row.kind} {row.number}",
    )
