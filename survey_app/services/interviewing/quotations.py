"""Passages that may be quoted in the diagnoza, read for names by who knows the talk. METHOD, "The diagnoza".

A quotation stands without letter, role and institution. Consent to notes is enough for it; the second yes is asked for
evidence, where it is known whose words they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, ForbiddenError, NotFoundError
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import passage_words
from survey_app.services.interviewing.compose_text import Segment, read_segments
from survey_app.services.interviewing.interviews import is_moderator_of
from survey_app.store import audit, interview_texts, interviews, people, spoken_excerpts
from survey_app.store.interviews import Interview
from survey_app.store.spoken_excerpts import SpokenExcerpt

UNKNOWN = "Nie ma takiego fragmentu wywiadu wśród tych, które Państwo czytają."
NOT_YOURS = "Cytaty dopuszcza moderator tej rozmowy albo koordynator zespołu."
REMOVED = "Tego fragmentu już nie ma: osoba cofnęła zgodę albo fragment usunięto."
NOBODYS = "To słowa moderatora albo niczyje, więc nie są cytatem."


@dataclass(frozen=True, slots=True)
class Quotation:
    """A cleared passage as the diagnoza may print it. `literal`: own words, not a note of them.

    `question_id`: "" where it stands under none. Nothing here says who, in what role or of which institution.
    """

    excerpt_id: int
    form: str
    question_id: str
    words: str
    literal: bool
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A passage in front of who may clear it, which talk it is of among them."""

    quotation: Quotation
    interview_id: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class Quotations:
    """`waiting`: not cleared, of talks that the person keeps, by talk and place. `cleared`: alphabetically.

    `mine`: of the cleared ones, those that the person may take back. `keeps`: is any talk the person's to clear?
    """

    waiting: tuple[Proposal, ...]
    cleared: tuple[Quotation, ...]
    mine: frozenset[int]
    keeps: bool


@dataclass(frozen=True, slots=True)
class _Passage:
    row: SpokenExcerpt
    runs: tuple[Segment, ...]


def cleared(session: Session, gmina_code: str) -> tuple[Quotation, ...]:
    """All that may be quoted, alphabetically, so that the order tells nothing of who said it."""
    return _as_quotations(
        session, [one for one in _passages(session, gmina_code) if one.row.cleared_at is not None]
    )


def quotations(context: Context, gmina_code: str, person_id: int) -> Quotations:
    """What the person may clear, and what is cleared.

    METHOD, "IDI and FGI": nobody clears, or reads before it is cleared, what people of the institution said that they
    represent, unless they moderated. What is cleared stands in the results before the whole team: the list is the same
    for all of it, and so is who may take back, for what is missing in one of two lists would tell who had said it. Who
    moderates and has no seat in the team sees their own talks alone.
    """
    with context.database.reading() as session:
        person = people.get(session, person_id)
        if person is None:
            raise ForbiddenError(NOT_YOURS)
        talks = {one.id: one for one in interviews.of_gmina(session, gmina_code)}
        own = people.representations(session, gmina_code).get(person_id, frozenset())
        kept = {key for key, one in talks.items() if _keeps(person, one, own)}
        member = accounts.is_member(person, gmina_code)
        seen = [
            one
            for one in _passages(session, gmina_code)
            if one.row.interview_id in kept or (member and one.row.cleared_at is not None)
        ]
        done = [one for one in seen if one.row.cleared_at is not None]
        coordinates = accounts.coordinates(person, gmina_code)
        known = {(one.row.interview_id, one.row.words) for one in done}
        rest = [one for one in seen if one.row.interview_id in kept and one.row.cleared_at is None]
        rest = [one for one in _once(rest) if (one.row.interview_id, one.row.words) not in known]
        return Quotations(
            waiting=_as_proposals(session, rest),
            cleared=_as_quotations(session, done),
            mine=frozenset(one.row.id for one in done if coordinates or one.row.interview_id in kept),
            keeps=bool(kept),
        )


def clear(context: Context, gmina_code: str, excerpt_id: int, person_id: int) -> None:
    """The person has read it for names: it may be quoted. Nothing changes where it was cleared before.

    NotFoundError, ForbiddenError: not of this gmina, or not the person's to clear. ConflictError: its words are gone,
    or nobody's.
    """
    with context.database.transaction() as session:
        row = _hold(session, gmina_code, excerpt_id, person_id)
        if row.removed_at is not None or row.set_aside_at is not None:
            raise ConflictError(REMOVED)
        if excerpt_id not in {one.row.id for one in _passages(session, gmina_code)}:
            raise ConflictError(NOBODYS)
        if row.cleared_at is None:
            row.cleared_at, row.cleared_by = context.clock(), person_id
            _record(context, session, "quotation_cleared", gmina_code, excerpt_id, person_id)


def take_back(context: Context, gmina_code: str, excerpt_id: int, person_id: int) -> None:
    """It may no longer be quoted. What was printed meanwhile stays printed. Raises as `clear`, but for a coordinator,
    who takes back any quotation without being told of which talk it is.
    """
    with context.database.transaction() as session:
        row = _hold(session, gmina_code, excerpt_id, person_id, take_back=True)
        if row.cleared_at is not None:
            row.cleared_at = row.cleared_by = None
            _record(context, session, "quotation_taken_back", gmina_code, excerpt_id, person_id)


def _hold(
    session: Session, gmina_code: str, excerpt_id: int, person_id: int, *, take_back: bool = False
) -> spoken_excerpts.Excerpt:
    """The row, alone, so that consent that is taken back at this moment comes before or after, never between."""
    person = people.get(session, person_id)
    found = spoken_excerpts.find(session, gmina_code, excerpt_id)
    if person is None or found is None:
        raise NotFoundError(UNKNOWN)
    talk = interviews.get(session, gmina_code, found.interview_id)
    own = people.representations(session, gmina_code).get(person_id, frozenset())
    anyway = take_back and accounts.coordinates(person, gmina_code)
    if talk is None or not (anyway or _keeps(person, talk, own)):
        raise ForbiddenError(NOT_YOURS)
    row = spoken_excerpts.get_alone(session, excerpt_id)
    assert row is not None
    return row


def _keeps(person: accounts.Person, talk: Interview, own: frozenset[int]) -> bool:
    """As services.interviewing.readers.require_keeper, for many talks at once."""
    if is_moderator_of(person, talk):
        return True
    represented = any(seat.stakeholder_id in own for seat in talk.seats)
    return accounts.coordinates(person, talk.gmina_code) and not represented


def _passages(session: Session, gmina_code: str) -> list[_Passage]:
    """Those in which somebody speaks: the moderator's own words are nobody's quotation."""
    rows = spoken_excerpts.of_gmina(session, gmina_code)
    texts = spoken_excerpts.text_runs(session, {row.text_id for row in rows})
    segments = {key: read_segments(one.segments) for key, one in texts.items()}
    found = []
    for row in rows:
        runs = passage_words.runs_of(segments[row.text_id], row.start, row.end)
        if passage_words.letters_of(runs):
            found.append(_Passage(row, runs))
    return found


def _once(passages: Iterable[_Passage]) -> list[_Passage]:
    """The same words of one talk were chosen by two coders, or carried over to a later version: the newest."""
    newest: dict[tuple[int, str], _Passage] = {}
    for one in passages:
        key = (one.row.interview_id, one.row.words)
        if key not in newest or newest[key].row.id < one.row.id:
            newest[key] = one
    return list(newest.values())


def _as_quotations(session: Session, passages: Iterable[_Passage]) -> tuple[Quotation, ...]:
    kept = _once(passages)
    themes = spoken_excerpts.themes(session, [one.row.id for one in kept])
    found = [_quotation(one, themes) for one in kept]
    return tuple(sorted(found, key=lambda one: (polish.alphabetical(one.words), one.words)))


def _as_proposals(session: Session, passages: Collection[_Passage]) -> tuple[Proposal, ...]:
    themes = spoken_excerpts.themes(session, [one.row.id for one in passages])
    ordered = sorted(
        passages, key=lambda one: (one.row.starts_at, one.row.interview_id, one.row.start, one.row.id)
    )
    return tuple(
        Proposal(
            _quotation(one, themes),
            one.row.interview_id,
            one.row.held_on or one.row.starts_at.astimezone(polish.WARSAW).date(),
        )
        for one in ordered
    )


def _quotation(one: _Passage, themes: Mapping[int, tuple[str, ...]]) -> Quotation:
    row = one.row
    literal = passage_words.is_literal(one.runs, row.text_kind == interview_texts.TRANSCRIPT)
    return Quotation(row.id, row.form, row.question_id, row.words, literal, themes.get(row.id, ()))


def _record(
    context: Context, session: Session, action: str, gmina_code: str, excerpt_id: int, actor: int
) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="excerpt",
        object_id=excerpt_id,
        gmina_code=gmina_code,
    )
