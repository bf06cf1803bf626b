"""The notes of an interview as they are read over afterwards: by question, with what is undecided and what changed.

METHOD, "IDI and FGI".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlalchemy.orm import Session

from survey_app.errors import GoneError
from survey_app.instrument.model import RESPONDENT, Instrument, Question, Section
from survey_app.services.context import Context
from survey_app.services.interviewing.compose_text import ComposedText, Segment
from survey_app.services.interviewing.interview_rules import require_interview
from survey_app.services.interviewing.interview_texts import (
    NOTES,
    InterviewText,
    composed_notes,
    require_numbered,
    segments_of,
)
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.participants import Consent, consents
from survey_app.services.interviewing.scenarios import scenario_of
from survey_app.store import interview_texts as text_store
from survey_app.store import notes as store
from survey_app.store.notes import PART, Note

MARKS = {"": "", "asked": "zadane", "skipped": "pominięte", "earlier": "odpowiedź padła wcześniej"}
APART = "Poza pytaniami"
MOST_COMPARED = 1500  # words
SHOWN_AROUND = 8
_WORD = re.compile(r"\s*\S+")


@dataclass(frozen=True, slots=True)
class NoteView:
    """`letter` None: the moderator's own words, or the group's. `variants`: written beside it at the same time."""

    id: str
    question: str
    letter: str | None
    text: str
    quotation: bool
    second: int
    revision: int
    variants: tuple[NoteView, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionNotes:
    """`mark`: in words. `question_id` "": under no question."""

    question_id: str
    number: str
    text: str
    mark: str
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True)
class PartNotes:
    """A part of the scenario; `minutes` as planned, `seconds` as they were spent (None: not measured)."""

    title: str
    minutes: int | None
    seconds: int | None
    questions: tuple[QuestionNotes, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Of a note that changed: words that are the "same", "gone" or "new"."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What is different from the last version. `kind`: "added", "changed" or "removed"; `question`: in words."""

    kind: str
    question: str
    before: Segment | None
    before_words: str
    after: Segment | None
    after_words: str

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Word by word; of a long run that stayed, its ends."""
        return difference(self.before_words, self.after_words)

    @property
    def same_about(self) -> bool:
        """Letter, question and mark of a quotation did not change."""
        return (
            self.before is not None
            and self.after is not None
            and _content(self.before, "") == _content(self.after, "")
        )


@dataclass(frozen=True, slots=True)
class Review:
    """`sha256`: of the notes as they are shown. `letters`: who may be written about. `next_number`: of a version."""

    parts: tuple[PartNotes, ...]
    versions: tuple[InterviewText, ...]
    changes: tuple[ChangeView, ...]
    sha256: str
    next_number: int
    undecided: int
    letters: tuple[str, ...]
    consents: Mapping[str, Consent]

    @property
    def count(self) -> int:
        return sum(len(question.notes) for part in self.parts for question in part.questions)

    @property
    def latest(self) -> InterviewText | None:
        return self.versions[-1] if self.versions else None

    @property
    def locked(self) -> bool:
        """The last version says what the notes say."""
        return self.latest is not None and self.latest.sha256 == self.sha256


@dataclass(frozen=True, slots=True)
class VersionView:
    """A locked version; `row` None: the notes as they are. Marks and times are those that are known now."""

    row: InterviewText | None
    sha256: str
    parts: tuple[PartNotes, ...]
    consents: Mapping[str, Consent]


def review(context: Context, gmina_code: str, interview_id: int) -> Review:
    """NotFoundError: the gmina has no such interview."""
    with context.database.reading() as session:
        interview = require_interview(session, gmina_code, interview_id)
        scenario = scenario_of(interview.instrument_version)
        composed = composed_notes(session, interview)
        versions = tuple(text_store.of_interview(session, interview.id, NOTES))
        views = _note_views(session, interview)
        agreed = consents(session, interview)
        return Review(
            parts=_parts(session, interview, scenario, views),
            versions=versions,
            changes=_changes(scenario, versions[-1], composed) if versions else (),
            sha256=composed.sha256,
            next_number=store.locked_versions(session, interview.id) + 1,
            undecided=sum(bool(view.variants) for view in views),
            letters=tuple(letter for letter, one in agreed.items() if one.may_note),
            consents=agreed,
        )


def version_view(context: Context, gmina_code: str, interview_id: int, number: int) -> VersionView:
    """GoneError: there is no such version, or its words are gone."""
    with context.database.reading() as session:
        interview = require_interview(session, gmina_code, interview_id)
        scenario, agreed = scenario_of(interview.instrument_version), consents(session, interview)
        row = require_numbered(session, interview, NOTES, number) if number else None
        composed = segments_of(row) if row is not None else composed_notes(session, interview)
        views = [
            NoteView(
                one.note,
                one.question,
                one.letter,
                composed.text[one.start : one.end],
                one.quotation,
                second=0,
                revision=0,
            )
            for one in composed.segments
        ]
        return VersionView(row, composed.sha256, _parts(session, interview, scenario, views), agreed)


def note_view(context: Context, gmina_code: str, interview_id: int, note_id: str) -> NoteView:
    """GoneError: the interview has no such note, or no longer."""
    with context.database.reading() as session:
        interview = require_interview(session, gmina_code, interview_id)
        for view in _note_views(session, interview):
            for one in (view, *view.variants):
                if one.id == note_id:
                    return one
    raise GoneError("Tej notatki nie ma (albo już nie ma) w tym wywiadzie.")


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """What of the words went, came and stayed; a very long note as a whole."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MOST_COMPARED:
        return tuple(piece for piece in (Piece("gone", before), Piece("new", after)) if piece.words)
    found: list[Piece] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            found.append(Piece("same", _shortened(new[new_from:new_to])))
            continue
        gone, came = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        found += [piece for piece in (Piece("gone", gone), Piece("new", came)) if piece.words]
    return tuple(found)


def _shortened(words: list[str]) -> str:
    if len(words) <= 3 * SHOWN_AROUND:
        return "".join(words)
    return f"{''.join(words[:SHOWN_AROUND])} […]{''.join(words[-SHOWN_AROUND:])}"


def questions_of(interview: Interview) -> list[tuple[str, str]]:
    """What a note can stand under: id and words; what describes a person is no note."""
    scenario = scenario_of(interview.instrument_version)
    return [
        *((one.id, question_words(one)) for part in _asked(scenario) for one in part.questions),
        ("", APART),
    ]


def question_words(question: Question) -> str:
    return f"{question.number}. {question.text}" if question.number else question.text


def minutes_words(seconds: int | None) -> str:
    """ "9 min 05 s"."""
    return f"{seconds // 60} min {seconds % 60:02} s" if seconds else "nie zmierzono"


def _asked(scenario: Instrument) -> list[Section]:
    return [section for section in scenario.sections if section.id != RESPONDENT]


def _note_views(session: Session, interview: Interview) -> list[NoteView]:
    """Each with its variants; in the order in which they were begun."""
    letters: dict[int | None, str] = {seat.id: seat.letter for seat in interview.seats}
    rows = store.notes(session, interview.id)
    beside: dict[str, list[NoteView]] = {}
    for row in rows:
        if row.variant_of is not None:
            beside.setdefault(row.variant_of, []).append(_view(row, letters))
    return [
        _view(row, letters, tuple(beside.get(row.id, ())))
        for row in rows
        if row.variant_of is None and (row.text.strip() or row.id in beside)
    ]


def _view(row: Note, letters: Mapping[int | None, str], variants: tuple[NoteView, ...] = ()) -> NoteView:
    return NoteView(
        row.id,
        row.question_id,
        letters.get(row.seat_id),
        row.text,
        row.quotation,
        row.second,
        row.revision,
        variants,
    )


def _parts(
    session: Session, interview: Interview, scenario: Instrument, views: Iterable[NoteView]
) -> tuple[PartNotes, ...]:
    """All parts and questions of the scenario, and last what stands under none of them."""
    progress = {row.item: row for row in store.progress(session, interview.id)}
    by_question: dict[str, list[NoteView]] = {}
    known = {question.id for part in _asked(scenario) for question in part.questions}
    for view in views:
        by_question.setdefault(view.question if view.question in known else "", []).append(view)

    def questions(section: Section) -> tuple[QuestionNotes, ...]:
        return tuple(
            QuestionNotes(
                one.id,
                one.number or "",
                one.text,
                MARKS[progress[one.id].mark] if one.id in progress else "",
                tuple(by_question.get(one.id, ())),
            )
            for one in section.questions
        )

    def seconds(section: Section) -> int | None:
        row = progress.get(PART + section.id)
        return row.seconds if row is not None and row.seconds else None

    parts = [
        PartNotes(
            section.title or scenario.title,
            section.minutes,
            seconds(section),
            questions(section) if section.id != RESPONDENT else (),
        )
        for section in scenario.sections
    ]
    apart = tuple(by_question.get("", ()))
    if apart:
        parts.append(PartNotes(APART, None, None, (QuestionNotes("", "", "", "", apart),)))
    return tuple(parts)


def _changes(scenario: Instrument, version: InterviewText, now: ComposedText) -> tuple[ChangeView, ...]:
    """Note by note: what the version has, and what the notes say now."""
    locked = segments_of(version)
    before = {one.note: (one, locked.text[one.start : one.end]) for one in locked.segments}
    after = {one.note: (one, now.text[one.start : one.end]) for one in now.segments}
    found = []
    for note_id in [*after, *(note_id for note_id in before if note_id not in after)]:
        old, new = before.get(note_id), after.get(note_id)
        if old is not None and new is not None and _content(*old) == _content(*new):
            continue
        kind = "added" if old is None else "removed" if new is None else "changed"
        shown = (new or old or (None, ""))[0]
        question = scenario.by_id.get(shown.question) if shown is not None else None
        words = question_words(question) if question is not None else APART
        found.append(ChangeView(kind, words, *(old or (None, "")), *(new or (None, ""))))
    return tuple(found)


def _content(segment: Segment, words: str) -> tuple[str, str | None, str, bool]:
    return words, segment.letter, segment.question, segment.quotation
