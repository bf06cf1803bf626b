"""Passages of interviews as evidence: which may be, who may read them, and what is left when consent is taken back.

METHOD, "IDI and FGI": only with the second yes of the person whose words they are, only for the code of that person's
own institution, and never seen by a member who represents it. A page names a passage by its number; the words stand in
the interview's text alone, so they are gone everywhere when they are gone there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import Fault, ForbiddenError, InvalidInputError, NotFoundError
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import passage_words
from survey_app.services.interviewing.compose_text import read_segments
from survey_app.services.interviewing.interview_scenario import FORM_WORDS
from survey_app.services.interviewing.interviews import ROLES
from survey_app.services.interviewing.readers import may_read
from survey_app.services.interviewing.scenarios import scenario_of
from survey_app.store import catalogue, interviews, people, spoken_excerpts
from survey_app.store.spoken_excerpts import SpokenExcerpt

EXCERPT = "excerpt"
UNKNOWN = "W tej gminie nie ma takiego fragmentu wywiadu."
REPRESENTS = (
    "Reprezentują Państwo tę instytucję, a wypowiedzi osób z własnej instytucji nie czyta się ani nie wskazuje."
    " Czytają je inni członkowie zespołu."
)
NOT_HERS = (
    "Ten fragment wypowiedziała osoba z innej instytucji. Zgodziła się, żeby jej zdanie było podstawą kodu tylko tej"
    " instytucji, z którą sama jest związana."
)
NO_CONSENT = (
    "Ten fragment nie może być dowodem: nie ma na to zgody osoby, która to powiedziała, "
    "albo została ona cofnięta."
)
NO_NOTE = (
    "Przy fragmencie wywiadu nie zapisujemy notatki: zostałaby także wtedy, kiedy osoba cofnie zgodę. Wystarczy wskazać"
    " fragment, a notatkę usunąć."
)


@dataclass(frozen=True, slots=True)
class ExcerptChoice:
    """A passage that may be pointed at. `value` goes back as it is; `told`: which talk, which day, in what role."""

    value: str
    excerpt_id: int
    words: str
    told: str
    literal: bool


@dataclass(frozen=True, slots=True)
class ExcerptReading:
    """One passage in front of one person. `words` is None where nobody reads it any more, or ever did as evidence.

    `before`, `after`: a little around it, for who may read the whole talk. `institution`: "" for a natural person.
    """

    excerpt_id: int
    words: str | None
    before: str = ""
    after: str = ""
    literal: bool = False
    transcript: bool = False
    form: str = ""
    day: dt.date | None = None
    role: str = ""
    institution: str = ""
    question: str = ""


def named(excerpt_id: int) -> str:
    """The whole of what a closed round keeps of a passage."""
    return f"fragment wywiadu nr {excerpt_id}"


def choices(
    session: Session, gmina_code: str, person: accounts.Person, stakeholder_id: int
) -> tuple[ExcerptChoice, ...]:
    """What may be pointed at when this institution is coded, by this person; the same words in one talk once."""
    own = people.representations(session, gmina_code).get(person.id, frozenset())
    spoken_by = _kept_entry(session, gmina_code, stakeholder_id)
    if {stakeholder_id, spoken_by} & own or not accounts.is_member(person, gmina_code):
        return ()
    found = spoken_excerpts.of_stakeholder(session, gmina_code, spoken_by)
    latest = {(one.interview_id, one.letter, one.words): one for one in found}
    kept = sorted(latest.values(), key=lambda one: (one.starts_at, one.interview_id, one.start, one.id))
    literal = _literal(session, kept)
    return tuple(
        ExcerptChoice(f"{EXCERPT}:{one.id}", one.id, one.words, _told(one), literal[one.id]) for one in kept
    )


def target(
    session: Session, gmina_code: str, person_id: int | None, stakeholder_id: int, typed: str, note: str
) -> dict[str, Any]:
    """The columns that point at the passage. InvalidInputError in words for one that cannot be pointed at."""
    number = int(typed) if typed.isdecimal() and len(typed) < 11 else 0
    found = spoken_excerpts.find(session, gmina_code, number)
    own = people.representations(session, gmina_code).get(person_id or 0, frozenset())
    if found is None:
        raise _refused("evidence_unknown", "Nie ma takiego fragmentu.", "Prosimy wybrać z listy.")
    spoken_by = _kept_entry(session, gmina_code, stakeholder_id)
    if own & {stakeholder_id, spoken_by, found.stakeholder_id}:
        raise _refused("represents", REPRESENTS)
    if found.removed or not found.consented:
        raise _refused("no_consent", NO_CONSENT)
    if found.stakeholder_id != spoken_by:
        raise _refused("another_institution", NOT_HERS)
    if note:
        raise _refused("note_of_excerpt", NO_NOTE, where="note")
    return {"kind": EXCERPT, "note": "", "excerpt_id": found.id}


def open_to(
    context: Context, gmina_code: str, person_id: int, excerpt_ids: Collection[int]
) -> frozenset[int]:
    """Of these passages, those whose words the person may read as evidence."""
    if not excerpt_ids:
        return frozenset()
    with context.database.reading() as session:
        person = people.get(session, person_id)
        if person is None:
            return frozenset()
        own = people.representations(session, gmina_code).get(person_id, frozenset())
        found = spoken_excerpts.of_gmina(session, gmina_code, excerpt_ids)
    return frozenset(one.id for one in found if one.consented and _may_see(person, gmina_code, one, own))


def reading(context: Context, gmina_code: str, excerpt_id: int, person_id: int) -> ExcerptReading:
    """The passage as this person may see it.

    NotFoundError: not of this gmina. ForbiddenError: of the institution that the person represents, or no member.
    """
    with context.database.reading() as session:
        person = people.get(session, person_id)
        found = spoken_excerpts.find(session, gmina_code, excerpt_id)
        if person is None or found is None:
            raise NotFoundError(UNKNOWN)
        own = people.representations(session, gmina_code).get(person_id, frozenset())
        if not _may_see(person, gmina_code, found, own):
            raise ForbiddenError(REPRESENTS if found.stakeholder_id in own else _NOT_GIVEN)
        if not found.consented:
            return ExcerptReading(found.id, None)
        return _reading(session, gmina_code, person, found)


_NOT_GIVEN = "Fragmenty wywiadów czytają członkowie zespołu gminy i osoby, które prowadziły rozmowę."


def _may_see(person: accounts.Person, gmina_code: str, one: SpokenExcerpt, own: Collection[int]) -> bool:
    """METHOD, "IDI and FGI": the team, but for who represents the speaker's institution; who moderated has heard it."""
    if one.moderator_id == person.id and (
        accounts.moderates(person, gmina_code) or accounts.coordinates(person, gmina_code)
    ):
        return True
    return accounts.is_member(person, gmina_code) and one.stakeholder_id not in own


def _reading(
    session: Session, gmina_code: str, person: accounts.Person, one: SpokenExcerpt
) -> ExcerptReading:
    """Who was asked agreed that the team reads a sentence: what stands around it is for the talk's readers alone."""
    interview = interviews.get(session, gmina_code, one.interview_id)
    assert interview is not None
    text = spoken_excerpts.text_runs(session, [one.text_id])[one.text_id]
    runs = passage_words.runs_of(read_segments(text.segments), one.start, one.end)
    before, after = "", ""
    if one.letter and may_read(session, person, interview):
        before, after = passage_words.around(text.text, runs, one.start, one.end, one.letter)
    question = scenario_of(interview.instrument_version).by_id.get(one.question_id)
    transcript = one.text_kind == "transcript"
    return ExcerptReading(
        excerpt_id=one.id,
        words=one.words,
        before=before,
        after=after,
        literal=passage_words.is_literal(runs, transcript),
        transcript=transcript,
        form=FORM_WORDS[one.form],
        day=_day(one),
        role=ROLES.get(one.role or "", ""),
        institution="" if one.natural_person else one.institution or "",
        question=question.text if question else "",
    )


def _literal(session: Session, found: Collection[SpokenExcerpt]) -> Mapping[int, bool]:
    texts = spoken_excerpts.text_runs(session, {one.text_id for one in found})
    segments = {key: read_segments(text.segments) for key, text in texts.items()}
    return {
        one.id: passage_words.is_literal(
            passage_words.runs_of(segments[one.text_id], one.start, one.end), one.text_kind == "transcript"
        )
        for one in found
    }


def _told(one: SpokenExcerpt) -> str:
    parts = (FORM_WORDS[one.form], polish.date(_day(one)), f"rola: {ROLES.get(one.role or '', '')}")
    return ", ".join(parts)


def _day(one: SpokenExcerpt) -> dt.date:
    return one.held_on or one.starts_at.astimezone(polish.WARSAW).date()


def _kept_entry(session: Session, gmina_code: str, stakeholder_id: int) -> int:
    """People of an entry that was a double belong to the entry that stayed."""
    return catalogue.merged_into(session, gmina_code).get(stakeholder_id, stakeholder_id)


def _refused(code: str, message: str, hint: str = "", *, where: str = "target") -> InvalidInputError:
    return InvalidInputError(
        f"Dowód nie został dodany. {message} {hint}".strip(), [Fault(code, where, message, hint)]
    )
