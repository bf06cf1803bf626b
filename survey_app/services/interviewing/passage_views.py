"""A text as its coder reads it: words by question and speaker, with the passages that lie over them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.analysis.themes import places
from survey_app.analysis.themes.places import Span
from survey_app.services.context import Context
from survey_app.services.interviewing import interview_texts as texts
from survey_app.services.interviewing import readers
from survey_app.services.interviewing.carry_passages import CarryOffer, offer
from survey_app.services.interviewing.compose_text import Segment
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.passages import text_name
from survey_app.services.interviewing.scenarios import scenario_of
from survey_app.services.interviewing.themes import ThemeNode, tree_within
from survey_app.store import excerpts as store
from survey_app.store import interview_texts as text_store
from survey_app.store import interviews as interview_store
from survey_app.store import people
from survey_app.store.excerpts import Excerpt
from survey_app.store.interview_texts import InterviewText

LANES = 6  # drawn apart; more passages over one word share the last line, and keep their numbers


@dataclass(frozen=True, slots=True)
class PassageView:
    """`lane`: which of the lines under the words is its own, from 1. `letter`: whose words, None: several people's."""

    id: int
    start: int
    words: str
    themes: tuple[ThemeNode, ...]
    memo: str
    coder: str
    own: bool
    lane: int
    letter: str | None


@dataclass(frozen=True, slots=True)
class PieceView:
    """A run of words with the same passages over it; which of them begin and end here."""

    words: str
    passages: tuple[PassageView, ...]
    begins: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """One note, or one turn of a talk. `sentences`: (start, end, words)."""

    start: int
    end: int
    letter: str | None
    quotation: bool
    pieces: tuple[PieceView, ...]
    sentences: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class PartView:
    """What stands under one question; `question` "" where none is named."""

    question: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class TextView:
    """`others`: who else has finished it, by name; what they chose is among `passages` once the reader has, too."""

    text: InterviewText
    name: str
    parts: tuple[PartView, ...]
    passages: tuple[PassageView, ...]
    finished_at: dt.datetime | None
    others: tuple[str, ...]
    carry: CarryOffer | None


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text in a list. `own`: how many passages the reader has in it; `finished`: names of those who are through."""

    text: InterviewText
    name: str
    own: int
    done: bool
    finished: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InterviewRow:
    """An interview with texts that the reader may give themes to."""

    interview: Interview
    texts: tuple[TextRow, ...]


def text_rows(context: Context, interview: Interview, person_id: int) -> tuple[TextRow, ...]:
    """The interview's texts."""
    with context.database.reading() as session:
        return _rows(session, texts.texts(session, interview.id), person_id)


def readable(context: Context, gmina_code: str, person: people.Person) -> list[InterviewRow]:
    """Interviews of the gmina that have a text and that the person may read, by date."""
    with context.database.reading() as session:
        known = text_store.of_gmina(session, gmina_code)
        there = [one for one in interview_store.of_gmina(session, gmina_code) if one.id in known]
        found = readers.readable(session, person, there)
        rows = _rows(session, [text for interview in found for text in known[interview.id]], person.id)
        by_text = {row.text.id: row for row in rows}
        return [
            InterviewRow(interview, tuple(by_text[text.id] for text in known[interview.id]))
            for interview in found
        ]


def text_view(
    context: Context, gmina_code: str, interview: Interview, text_id: int, person_id: int
) -> TextView:
    """NotFoundError: the interview has no such text."""
    with context.database.reading() as session:
        text = texts.own_text(session, interview, text_id)
        done = store.finished(session, [text.id]).get(text.id, {})
        shown = [
            row
            for row in store.of_text(session, text.id)
            if row.coder_id == person_id or (person_id in done and row.coder_id in done)
        ]
        names = people.names(session, {row.coder_id for row in shown} | set(done))
        passages = _passages(session, gmina_code, interview, text, shown, names, person_id)
        return TextView(
            text,
            text_name(text),
            _parts(interview, text, passages, shown),
            passages,
            done.get(person_id),
            tuple(names[coder] for coder in done if coder != person_id),
            offer(session, interview, text, person_id),
        )


def _rows(session: Session, rows: Sequence[InterviewText], person_id: int) -> tuple[TextRow, ...]:
    numbers = [row.id for row in rows]
    done = store.finished(session, numbers)
    own = [one.text_id for one in store.of_texts(session, numbers) if one.coder_id == person_id]
    names = people.names(session, {coder for coders in done.values() for coder in coders})
    return tuple(
        TextRow(
            row,
            text_name(row),
            own.count(row.id),
            person_id in done.get(row.id, {}),
            tuple(names[coder] for coder in done.get(row.id, {})),
        )
        for row in rows
    )


def _passages(
    session: Session,
    gmina_code: str,
    interview: Interview,
    text: InterviewText,
    rows: Sequence[Excerpt],
    names: dict[int, str],
    person_id: int,
) -> tuple[PassageView, ...]:
    nodes = {node.id: node for node in tree_within(session, gmina_code)}
    themes = store.themes_of(session, [row.id for row in rows])
    lanes = places.lanes(_spans(rows))
    letters = {seat.id: seat.letter for seat in interview.seats}
    return tuple(
        PassageView(
            row.id,
            row.start_at,
            text.text[row.start_at : row.end_at],
            tuple(node for number, node in nodes.items() if number in themes.get(row.id, ())),
            row.memo,
            names[row.coder_id],
            row.coder_id == person_id,
            min(lanes[row.id], LANES - 1) + 1,
            letters.get(row.seat_id) if row.seat_id is not None else None,
        )
        for row in rows
    )


def _parts(
    interview: Interview,
    text: InterviewText,
    passages: Sequence[PassageView],
    rows: Sequence[Excerpt],
) -> tuple[PartView, ...]:
    questions = {
        question.id: f"{question.number} {question.text}".strip()
        for question in scenario_of(interview.instrument_version).questions
    }
    parts: list[tuple[str, list[LineView]]] = []
    for segment in texts.segments_of(text).segments:
        question = questions.get(segment.question, "")
        if not parts or parts[-1][0] != question:
            parts.append((question, []))
        parts[-1][1].append(_line(text.text, segment, passages, rows))
    return tuple(PartView(question, tuple(lines)) for question, lines in parts)


def _line(text: str, segment: Segment, passages: Sequence[PassageView], rows: Sequence[Excerpt]) -> LineView:
    known = {one.id: one for one in passages}
    ends = {row.id: row.end_at for row in rows}
    return LineView(
        segment.start,
        segment.end,
        segment.letter,
        segment.quotation,
        tuple(
            PieceView(
                text[piece.start : piece.end],
                tuple(known[number] for number in piece.ids),
                tuple(number for number in piece.ids if known[number].start == piece.start),
                tuple(number for number in piece.ids if ends[number] == piece.end),
            )
            for piece in places.pieces(segment.start, segment.end, _spans(rows))
        ),
        tuple(
            (start, end, text[start:end]) for start, end in places.sentences(text, segment.start, segment.end)
        ),
    )


def _spans(rows: Sequence[Excerpt]) -> list[Span]:
    return [Span(row.id, row.start_at, row.end_at) for row in rows]
