"""Passages of an interview's texts and the themes that coders gave them. METHOD, "IDI and FGI".

Coders work apart: what others chose in a text is shown to who has finished it, and agreement counts only what was
chosen before that. A passage points at its words by place, [start, end) in code points, and keeps no copy of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.analysis.themes.places import joined, whole_run
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.interviewing import interview_texts as texts
from survey_app.services.interviewing.compose_text import Segment
from survey_app.services.interviewing.interview_rules import require_interview
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.themes import ThemeNode, tree_within
from survey_app.store import audit
from survey_app.store import excerpts as store
from survey_app.store import interview_texts as text_store
from survey_app.store.excerpts import Excerpt
from survey_app.store.interview_texts import NOTES, InterviewText

__all__ = [
    "CodedPassage",
    "Excerpt",
    "PassageDraft",
    "add",
    "change",
    "coded",
    "finish",
    "own_passage",
    "place_of",
    "remove",
    "reopen",
    "text_name",
]

MEMO_LENGTH = 5000
MOST_RUNS = 50
NOT_SAVED = "Nie zapisano fragmentu. Prosimy poprawić wskazane pola."
NOT_OWN = "W tym tekście nie mają Państwo takiego fragmentu."


@dataclass(frozen=True, slots=True)
class CodedPassage:
    """A passage with what tables, files and evidence need. `end` exclusive, in code points; `role`: a key of ROLES.

    `letter`, `seat_id`, `role`: whose words it is wholly, else None, None, "". `question_id`: "" where it is in
    none, or in several. `cleared`: read for names, may be quoted. `may_be_evidence`: whoever said it agreed to that.
    `latest`: no later version of the notes is there; a transcript always is.
    """

    excerpt_id: int
    interview_id: int
    form: str
    text_id: int
    text_kind: str
    text_number: int
    question_id: str
    letter: str | None
    seat_id: int | None
    stakeholder_id: int | None
    role: str
    start: int
    end: int
    words: str
    theme_ids: tuple[int, ...]
    coder_id: int
    memo: str
    cleared: bool
    may_be_evidence: bool
    latest: bool


@dataclass(frozen=True, slots=True)
class PassageDraft:
    """What a coder chose. `runs`: [start, end) of the text whose checksum is `sha256`; runs apart are passages apart.

    `words`: of the one run as the page showed it, "" where the page did not say; a second check of the place.
    """

    runs: tuple[tuple[int, int], ...]
    theme_ids: frozenset[int]
    memo: str = ""
    sha256: str = ""
    words: str = ""


def coded(session: Session, gmina_code: str) -> list[CodedPassage]:
    """Every passage of the gmina that is there and that its coder means, by interview, text and place.

    Who may read which of them the caller asks: services.interviewing.readers.
    """
    rows = store.of_gmina(session, gmina_code)
    themes = store.themes_of(session, [row.excerpt.id for row in rows])
    newest = text_store.newest_notes(session, gmina_code)
    return [_coded(row, themes.get(row.excerpt.id, ()), newest) for row in rows]


def _coded(row: store.Coded, theme_ids: tuple[int, ...], newest: dict[int, int]) -> CodedPassage:
    excerpt, text, seat = row.excerpt, row.text, row.seat
    older = text.kind == NOTES and text.number < newest[row.interview.id]
    return CodedPassage(
        excerpt_id=excerpt.id,
        interview_id=row.interview.id,
        form=row.interview.form,
        text_id=text.id,
        text_kind=text.kind,
        text_number=text.number,
        question_id=excerpt.question_id,
        letter=seat.letter if seat else None,
        seat_id=seat.id if seat else None,
        stakeholder_id=seat.stakeholder_id if seat else None,
        role=seat.role if seat else "",
        start=excerpt.start_at,
        end=excerpt.end_at,
        words=text.text[excerpt.start_at : excerpt.end_at],
        theme_ids=theme_ids,
        coder_id=excerpt.coder_id,
        memo=excerpt.memo,
        cleared=excerpt.cleared_at is not None,
        may_be_evidence=row.evidence,
        latest=not older,
    )


def text_name(row: InterviewText) -> str:
    """As pages call it."""
    return f"Notatki, wersja {row.number}" if row.kind == NOTES else f"Transkrypcja {row.number}"


def place_of(segments: Iterable[Segment], start: int, end: int) -> tuple[str | None, str]:
    """The letter that all of the run stands under, and the question: None, "" where there are several or none."""
    touched = [one for one in segments if one.start < end and start < one.end]
    letters = {one.letter for one in touched}
    questions = {one.question for one in touched}
    return letters.pop() if len(letters) == 1 else None, questions.pop() if len(questions) == 1 else ""


# Own passages --------------------------------------------------------------------------------------------------


def add(
    context: Context, gmina_code: str, interview_id: int, text_id: int, draft: PassageDraft, actor: int
) -> list[int]:
    """A passage for each run; a run that the coder has already gets these themes, too. Returns their numbers.

    InvalidInputError: every fault. ConflictError: the text is no longer the one that the page showed.
    """
    with context.database.transaction() as session:
        interview, text = _held(session, gmina_code, interview_id, text_id)
        if draft.sha256 != text.sha256:
            raise ConflictError(
                "Tekst zmienił się, odkąd strona została otwarta: wycięto z niego słowa osoby, która cofnęła zgodę."
                " Niczego nie zapisano. Prosimy zaznaczyć fragment jeszcze raz."
            )
        runs = _checked(tree_within(session, gmina_code), text.text, draft, frozenset())
        own = {
            (one.start_at, one.end_at): one
            for one in store.of_text(session, text.id)
            if one.coder_id == actor
        }
        independent = actor not in store.finished(session, [text.id]).get(text.id, {})
        numbers = []
        for run in runs:
            if run in own:
                there = own[run]
                before = store.themes_of(session, [there.id]).get(there.id, ())
                memo = "\n".join(filter(None, dict.fromkeys((there.memo, _tidy(draft.memo)))))
                there = _rewrite(context, session, there, draft.theme_ids | set(before), memo, independent)
            else:
                there = _add(context, session, interview, text, run, draft, actor, independent)
            _record(context, session, interview, there, "passage_coded", actor)
            numbers.append(there.id)
        return numbers


def change(
    context: Context,
    gmina_code: str,
    interview_id: int,
    excerpt_id: int,
    theme_ids: frozenset[int],
    memo: str,
    actor: int,
) -> int:
    """Other themes or another memo. Returns its number: another one where the former has to stay for agreement."""
    with context.database.transaction() as session:
        excerpt, text, interview = _own(session, gmina_code, interview_id, excerpt_id, actor)
        before = frozenset(store.themes_of(session, [excerpt.id]).get(excerpt.id, ()))
        draft = PassageDraft(((excerpt.start_at, excerpt.end_at),), theme_ids, memo)
        _checked(tree_within(session, gmina_code), text.text, draft, before)
        independent = actor not in store.finished(session, [text.id]).get(text.id, {})
        changed = _rewrite(context, session, excerpt, theme_ids, _tidy(memo), independent)
        _record(context, session, interview, changed, "passage_changed", actor)
        return changed.id


def remove(context: Context, gmina_code: str, interview_id: int, excerpt_id: int, actor: int) -> None:
    """The coder does not mean it any more. It stays, unseen: agreement may be counted on it, or evidence point at it.

    Always: whether it stays must not tell that somebody's rating leans on it (METHOD, "Coding").
    """
    with context.database.transaction() as session:
        excerpt, text, interview = _own(session, gmina_code, interview_id, excerpt_id, actor)
        finished = actor in store.finished(session, [text.id]).get(text.id, {})
        store.set_aside(session, excerpt, context.clock(), independent=finished)
        _record(context, session, interview, excerpt, "passage_removed", actor)


def own_passage(
    context: Context, gmina_code: str, interview_id: int, excerpt_id: int, actor: int
) -> tuple[Excerpt, InterviewText, tuple[int, ...]]:
    """With its text and its themes. NotFoundError: the person has no such passage in this interview."""
    with context.database.reading() as session:
        excerpt, text, _ = _own(session, gmina_code, interview_id, excerpt_id, actor, alone=False)
        return excerpt, text, store.themes_of(session, [excerpt.id]).get(excerpt.id, ())


def finish(context: Context, gmina_code: str, interview_id: int, text_id: int, actor: int) -> None:
    """The person has gone through the text alone, and sees what the others chose from now on."""
    with context.database.transaction() as session:
        interview, text = _held(session, gmina_code, interview_id, text_id)
        if actor not in store.finished(session, [text.id]).get(text.id, {}):
            store.finish(session, text.id, actor, context.clock())
            texts.record_text(context, session, interview, text, "coding_finished", actor)


def reopen(context: Context, gmina_code: str, interview_id: int, text_id: int, actor: int) -> None:
    """Goes on with it. ConflictError: somebody else's passages could be seen already."""
    with context.database.transaction() as session:
        interview, text = _held(session, gmina_code, interview_id, text_id)
        done = store.finished(session, [text.id]).get(text.id, {})
        if actor in done and len(done) > 1:
            raise ConflictError(
                "Ten tekst zakodował już do końca ktoś jeszcze, więc widzą Państwo cudze zaznaczenia. Swoje nadal można"
                " zmieniać; do zgodności liczy się to, co było zaznaczone wcześniej."
            )
        if actor in done:
            store.unfinish(session, text.id, actor)
            texts.record_text(context, session, interview, text, "coding_reopened", actor)


# What a change is made of --------------------------------------------------------------------------------------


def _held(
    session: Session, gmina_code: str, interview_id: int, text_id: int
) -> tuple[Interview, InterviewText]:
    """Nobody cuts the text meanwhile."""
    interview = require_interview(session, gmina_code, interview_id, alone=True)
    return interview, texts.text(session, gmina_code, interview_id, text_id, alone=True)


def _own(
    session: Session,
    gmina_code: str,
    interview_id: int,
    excerpt_id: int,
    actor: int,
    *,
    alone: bool = True,
) -> tuple[Excerpt, InterviewText, Interview]:
    interview = require_interview(session, gmina_code, interview_id, alone=alone)
    excerpt = store.get(session, excerpt_id)
    if (
        excerpt is None
        or excerpt.coder_id != actor
        or excerpt.removed_at is not None
        or excerpt.set_aside_at is not None
    ):
        raise NotFoundError(NOT_OWN)
    text = text_store.get(session, gmina_code, interview_id, excerpt.text_id)
    if text is None:
        raise NotFoundError(NOT_OWN)
    return excerpt, text, interview


def _add(
    context: Context,
    session: Session,
    interview: Interview,
    text: InterviewText,
    run: tuple[int, int],
    draft: PassageDraft,
    actor: int,
    independent: bool,
) -> Excerpt:
    letter, question = place_of(texts.segments_of(text).segments, *run)
    seats = {seat.letter: seat.id for seat in interview.seats}
    return store.add(
        session,
        text_id=text.id,
        seat_id=seats.get(letter) if letter is not None else None,
        question_id=question,
        start_at=run[0],
        end_at=run[1],
        coder_id=actor,
        memo=_tidy(draft.memo),
        created_at=context.clock(),
        independent=independent,
        theme_ids=draft.theme_ids,
    )


def _rewrite(
    context: Context,
    session: Session,
    excerpt: Excerpt,
    theme_ids: Collection[int],
    memo: str,
    independent: bool,
) -> Excerpt:
    """In its row; but once the coder has seen the others', what was meant before stays as it was beside a new row."""
    themes_change = set(theme_ids) != set(store.themes_of(session, [excerpt.id]).get(excerpt.id, ()))
    if independent or not themes_change or not excerpt.independent:
        excerpt.memo = memo
        if themes_change:
            store.set_themes(session, excerpt, theme_ids)
        return excerpt
    added = store.add(
        session,
        text_id=excerpt.text_id,
        seat_id=excerpt.seat_id,
        question_id=excerpt.question_id,
        start_at=excerpt.start_at,
        end_at=excerpt.end_at,
        coder_id=excerpt.coder_id,
        memo=memo,
        created_at=context.clock(),
        independent=False,
        theme_ids=theme_ids,
    )
    added.cleared_at, added.cleared_by = excerpt.cleared_at, excerpt.cleared_by
    store.set_aside(session, excerpt, context.clock(), independent=True)
    return added


def _checked(
    themes: Iterable[ThemeNode], text: str, draft: PassageDraft, kept: frozenset[int]
) -> list[tuple[int, int]]:
    """The runs, tidied. `kept`: themes that the passage has already, retired ones among them."""
    known = {node.id for node in themes if not node.retired} | kept
    faults = []
    whole = [whole_run(text, *run) for run in draft.runs]
    runs = joined([run for run in whole if run is not None], text)
    if not runs or None in whole:
        hint = "Prosimy zaznaczyć słowa jeszcze raz."
        faults.append(Fault("passage.place", "runs", "Nie zaznaczono żadnych słów tego tekstu.", hint))
    elif draft.words and _plain(text[draft.runs[0][0] : draft.runs[0][1]]) != _plain(draft.words):
        hint = "Prosimy zaznaczyć słowa jeszcze raz albo wybrać zdania z listy."
        faults.append(Fault("passage.words", "runs", "Zaznaczenie nie zgadza się z tekstem.", hint))
    if len(runs) > MOST_RUNS:
        faults.append(Fault("passage.many", "runs", f"Naraz można zapisać najwyżej {MOST_RUNS} fragmentów."))
    if not draft.theme_ids:
        faults.append(Fault("passage.themes", "themes", "Prosimy wybrać co najmniej jeden temat."))
    elif not draft.theme_ids <= known:
        hint = "Prosimy wybrać z listy jeszcze raz."
        faults.append(
            Fault("passage.themes", "themes", "Jednego z tematów nie ma już w drzewie tematów.", hint)
        )
    memo = _tidy(draft.memo)
    if len(memo) > MEMO_LENGTH:
        over = polish.counted(len(memo) - MEMO_LENGTH, "znak", "znaki", "znaków")
        faults.append(
            Fault("text.too_long", "memo", f"Najwyżej {MEMO_LENGTH} znaków.", f"Prosimy skrócić o {over}.")
        )
    if "\0" in memo:
        faults.append(Fault("text.nul", "memo", "Notatka zawiera znak, którego nie da się zapisać."))
    if faults:
        raise InvalidInputError(NOT_SAVED, faults)
    return runs


def _plain(words: str) -> str:
    return " ".join(words.split())


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _record(
    context: Context, session: Session, interview: Interview, excerpt: Excerpt, action: str, actor: int
) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="excerpt",
        object_id=excerpt.id,
        gmina_code=interview.gmina_code,
        detail=f"interview {interview.id}, text {excerpt.text_id}",
    )
