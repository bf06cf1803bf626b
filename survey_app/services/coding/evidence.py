"""What a rating or a decision leans on: a catalogue entry, a passage of an interview, a document, a named answer.

METHOD, "Coding". Never an answer of an anonymous campaign: refused here in words, and by the tables themselves. A
rating's evidence is its rater's alone until the round is laid open. What may be a passage: `excerpt_evidence`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.analysis.coding.result import mark_gone
from survey_app.errors import ConflictError, Fault, ForbiddenError, InvalidInputError, NotFoundError
from survey_app.services import accounts
from survey_app.services.coding import excerpt_evidence
from survey_app.services.coding.excerpt_evidence import EXCERPT, ExcerptChoice
from survey_app.services.coding.round_rules import (
    instrument_and_coding,
    refuse_representative,
    require_entry,
    require_round,
    require_seat,
)
from survey_app.services.context import Context
from survey_app.store import audit, catalogue, coding, coding_ratings, documents, evidence, people
from survey_app.store.evidence import Answer, Evidence, Pointed

CATALOGUE = "catalogue"
DOCUMENT = "document"
NAMED_ANSWER = "named_answer"
KINDS = {
    CATALOGUE: "wpis w katalogu",
    DOCUMENT: "dokument",
    NAMED_ANSWER: "odpowiedź imienna",
    EXCERPT: "fragment wywiadu",
}
MAX_NOTE = 500
MAX_PIECES = 20  # of one rating or decision
UNKNOWN = "Nie ma takiego dowodu."
NOT_ADDED = "Dowód nie został dodany."
NEVER_ANONYMOUS = (
    "Odpowiedź z kampanii anonimowej nie może być dowodem: nie wolno jej wiązać z instytucją ani osobą."
)


@dataclass(frozen=True, slots=True)
class EvidenceDraft:
    """`target`: the id of what is pointed at, as a page sends it."""

    kind: str
    target: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One piece in words. `document_id`: where there is a file to open; `excerpt_id`: a passage of an interview.

    `gone`: the passage's words are no longer there, or may no longer be evidence; only its number is left.
    """

    id: int
    kind: str
    words: str
    note: str
    document_id: int | None = None
    excerpt_id: int | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceChoice:
    """`value` goes back as it is, to `draft_of_choice`."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class EvidenceChoices:
    """What evidence may point at, each kind in an order for reading. Excerpts are chosen by their words."""

    entries: tuple[EvidenceChoice, ...]
    documents: tuple[EvidenceChoice, ...]
    named_answers: tuple[EvidenceChoice, ...]
    excerpts: tuple[ExcerptChoice, ...] = ()

    @property
    def groups(self) -> tuple[tuple[str, tuple[EvidenceChoice, ...]], ...]:
        """Heading and choices of each kind that has any."""
        named = (
            ("Dokumenty", self.documents),
            ("Katalog interesariuszy", self.entries),
            ("Odpowiedzi imienne", self.named_answers),
        )
        return tuple((heading, choices) for heading, choices in named if choices)


def draft_of_choice(chosen: str, note: str) -> EvidenceDraft:
    """What a page sent back, read; anything else comes back as a draft that no use case takes."""
    kind, _, target = chosen.partition(":")
    return EvidenceDraft(kind, target, note)


def offered(
    context: Context, gmina_code: str, person_id: int, stakeholder_id: int | None = None
) -> EvidenceChoices:
    """ForbiddenError if the person does not sit in the gmina's team.

    `stakeholder_id`: whose code it would be evidence of; only its own people's passages are offered, and none without.
    """
    with context.database.reading() as session:
        person = _require_member(session, gmina_code, person_id)
        entries = catalogue.stakeholders(session, gmina_code)
        kept = documents.documents(session, gmina_code)
        answers = evidence.locked_named_answers(session, gmina_code)
        excerpts = (
            excerpt_evidence.choices(session, gmina_code, person, stakeholder_id) if stakeholder_id else ()
        )
    named = [(answer.id, _answer_words(answer.institution, answer.campaign)) for answer in answers]
    return EvidenceChoices(
        _choices(CATALOGUE, ((row.id, row.name) for row in entries)),
        _choices(DOCUMENT, ((row.id, row.title) for row in kept)),
        _choices(NAMED_ANSWER, named),
        excerpts,
    )


def attach_to_rating(
    context: Context,
    gmina_code: str,
    round_id: int,
    person_id: int,
    stakeholder_id: int,
    criterion: str,
    draft: EvidenceDraft,
) -> int:
    """The id of the evidence; the same one when the same is sent again. Only the rater's own, only while rating."""
    with context.database.transaction() as session:
        found = require_round(session, gmina_code, round_id, alone=True, stage=coding.RATING)
        require_seat(session, found, person_id)
        require_entry(session, found, stakeholder_id)
        refuse_representative(session, found, person_id, stakeholder_id)
        question = instrument_and_coding(found)[0].by_id.get(criterion)
        if question is None or question.scale is None:
            raise NotFoundError("Tego kryterium nie ma w tej turze.")
        key = {
            "round_id": found.id,
            "person_id": person_id,
            "stakeholder_id": stakeholder_id,
            "criterion": criterion,
        }
        pointed_at = _target(session, gmina_code, draft, stakeholder_id, person_id)
        if coding_ratings.get(session, *key.values()) is None:  # type: ignore[arg-type]
            # Evidence may come before the point; the row that it hangs on says nothing yet.
            coding_ratings.add(session, **key, point=None, dont_know=False, reason="")
            session.flush()
        return _attach(context, session, gmina_code, {**key, **pointed_at}, key, person_id)


def attach_to_decision(
    context: Context, gmina_code: str, decision_id: int, draft: EvidenceDraft, actor: int | None
) -> int:
    """As above, for a decision: by the coordinator, while the team agrees on codes; of a correction, afterwards."""
    with context.database.transaction() as session:
        row = evidence.decision(session, decision_id)
        if row is None:
            raise NotFoundError("Nie ma takiej decyzji.")
        stage = coding.CLOSED if row.correction else coding.AGREEMENT
        require_round(session, gmina_code, row.round_id, alone=True, stage=stage)
        if actor is not None:
            _require_coordinator(session, gmina_code, actor)
        key = {"decision_id": row.id}
        pointed_at = _target(session, gmina_code, draft, row.stakeholder_id, actor)
        return _attach(context, session, gmina_code, {**key, **pointed_at}, key, actor)


def detach(context: Context, gmina_code: str, evidence_id: int, person_id: int) -> None:
    """Under the same rules as attaching, but from a correction nothing is taken away.

    Of another person's rating not even its existence is told.
    """
    with context.database.transaction() as session:
        row = evidence.get(session, evidence_id)
        if row is None:
            raise NotFoundError(UNKNOWN)
        if row.decision_id is not None:
            decided = evidence.decision(session, row.decision_id)
            assert decided is not None
            require_round(session, gmina_code, decided.round_id, alone=True, stage=coding.AGREEMENT)
            _require_coordinator(session, gmina_code, person_id)
        else:
            if row.person_id != person_id:
                raise NotFoundError(UNKNOWN)
            assert row.round_id is not None
            found = require_round(session, gmina_code, row.round_id, alone=True, stage=coding.RATING)
            require_seat(session, found, person_id)
        evidence.remove(session, row)
        _record(context, session, "evidence_removed", gmina_code, evidence_id, person_id)


def of_own_ratings(
    session: Session, round_id: int, person_id: int
) -> dict[tuple[int, int, str], list[EvidenceView]]:
    """By person, stakeholder and criterion; of one rater alone."""
    return _by_key(evidence.of_ratings(session, round_id, person_id), _rating_key)


def of_decisions(session: Session, round_id: int) -> dict[int, list[EvidenceView]]:
    """By decision."""
    return _by_key(evidence.of_decisions(session, round_id), _decision_key)


def of_round(
    session: Session, round_id: int
) -> tuple[dict[tuple[int, int, str], list[EvidenceView]], dict[int, list[EvidenceView]]]:
    """Of ratings by person, stakeholder and criterion; and by decision.

    Everybody's: who asks shows it only as METHOD, "Coding" allows.
    """
    pieces = evidence.of_round(session, round_id)
    return (
        _by_key((one for one in pieces if one.row.decision_id is None), _rating_key),
        _by_key((one for one in pieces if one.row.decision_id is not None), _decision_key),
    )


def in_words(pieces: Iterable[EvidenceView]) -> tuple[str, ...]:
    """As a closed round and a report name them: a passage by its number alone, whatever becomes of its words."""
    return tuple(f"{one.words} ({one.note})" if one.note else one.words for one in pieces)


def in_words_now(pieces: Iterable[EvidenceView]) -> tuple[str, ...]:
    """As `in_words`, and what nobody may read any more marked so: for what is not frozen."""
    pieces = list(pieces)
    return tuple(
        mark_gone(words) if one.gone else words for one, words in zip(pieces, in_words(pieces), strict=True)
    )


def gone_from_decisions(session: Session, round_id: int) -> dict[int, frozenset[str]]:
    """By stakeholder: pieces as `in_words` names them whose words nobody may read any more."""
    found: dict[int, set[str]] = defaultdict(set)
    for stakeholder_id, excerpt_id in evidence.gone_from_decisions(session, round_id):
        found[stakeholder_id].add(excerpt_evidence.named(excerpt_id))
    return {key: frozenset(words) for key, words in found.items()}


Key = TypeVar("Key")


def _by_key(pieces: Iterable[Pointed], key: Callable[[Evidence], Key]) -> dict[Key, list[EvidenceView]]:
    found: dict[Key, list[EvidenceView]] = defaultdict(list)
    for piece in pieces:
        found[key(piece.row)].append(_view(piece))
    return dict(found)


def _rating_key(row: Evidence) -> tuple[int, int, str]:
    return row.person_id or 0, row.stakeholder_id or 0, row.criterion or ""


def _decision_key(row: Evidence) -> int:
    return row.decision_id or 0


def _view(piece: Pointed) -> EvidenceView:
    row = piece.row
    words = {
        CATALOGUE: piece.entry,
        DOCUMENT: piece.document,
        NAMED_ANSWER: _answer_words(piece.institution, piece.campaign or ""),
        EXCERPT: excerpt_evidence.named(row.excerpt_id or 0),
    }.get(row.kind)
    return EvidenceView(
        row.id,
        row.kind,
        words or KINDS[row.kind],
        row.note,
        row.document_id,
        row.excerpt_id,
        gone=row.kind == EXCERPT and not piece.standing,
    )


def _answer_words(institution: str | None, campaign: str) -> str:
    return f"{institution or 'instytucja bez nazwy'} (kampania „{campaign}”)"


def _choices(kind: str, pairs: Iterable[tuple[object, str]]) -> tuple[EvidenceChoice, ...]:
    ordered = sorted(pairs, key=lambda pair: (polish.alphabetical(pair[1]), str(pair[0])))
    return tuple(EvidenceChoice(f"{kind}:{target}", words) for target, words in ordered)


def _target(
    session: Session, gmina_code: str, draft: EvidenceDraft, stakeholder_id: int, person_id: int | None
) -> dict[str, Any]:
    """The columns that point. InvalidInputError in words for everything that cannot be pointed at."""
    note = " ".join(draft.note.split())
    if len(note) > MAX_NOTE or not note.isprintable():
        hint = "Prosimy ją skrócić albo wpisać ręcznie."
        raise _refused("note_form", "note", f"Notatka może mieć najwyżej {MAX_NOTE} zwykłych znaków.", hint)
    if draft.kind == EXCERPT:
        return excerpt_evidence.target(session, gmina_code, person_id, stakeholder_id, draft.target, note)
    if draft.kind == NAMED_ANSWER:
        return {"kind": NAMED_ANSWER, "note": note, **_answer_target(session, gmina_code, draft.target)}
    number = int(draft.target) if draft.target.isdecimal() and len(draft.target) < 11 else 0
    if draft.kind == CATALOGUE:
        entry = catalogue.get(session, number)
        if entry is not None and entry.gmina_code == gmina_code:
            return {"kind": CATALOGUE, "note": note, "entry_id": entry.id}
    if draft.kind == DOCUMENT:
        document = documents.get(session, gmina_code, number)
        if document is not None:
            return {"kind": DOCUMENT, "note": note, "document_id": document.id}
    raise _refused(
        "evidence_unknown", "target", "Nie wybrano, na co wskazuje dowód.", "Prosimy wybrać z listy."
    )


def _answer_target(session: Session, gmina_code: str, response_id: str) -> dict[str, Any]:
    found: Answer | None = evidence.answer(session, gmina_code, response_id)
    if found is None:
        raise _refused("evidence_unknown", "target", "Nie ma takiej odpowiedzi.", "Prosimy wybrać z listy.")
    if found.mode != "named":
        raise _refused("anonymous_answer", "target", NEVER_ANONYMOUS)
    if not found.locked:
        message = "Kampania jeszcze nie jest zablokowana, więc jej odpowiedzi nie można wskazać."
        raise _refused("campaign_not_locked", "target", message)
    return {"response_id": found.id, "response_mode": found.mode}


def _attach(
    context: Context,
    session: Session,
    gmina_code: str,
    columns: dict[str, Any],
    key: dict[str, Any],
    actor: int | None,
) -> int:
    known = evidence.same(session, columns)
    if known is not None:
        return known.id
    if evidence.count(session, key) >= MAX_PIECES:
        limit = polish.counted(MAX_PIECES, "dowód", "dowody", "dowodów")
        raise ConflictError(f"Można wskazać najwyżej {limit}. Prosimy najpierw usunąć któryś z nich.")
    row = evidence.add(session, columns)
    _record(context, session, "evidence_added", gmina_code, row.id, actor)
    return row.id


def _require_member(session: Session, gmina_code: str, person_id: int) -> accounts.Person:
    person = people.get(session, person_id)
    if person is None or not accounts.is_member(person, gmina_code):
        raise ForbiddenError("To konto nie należy do zespołu tej gminy.")
    return person


def _require_coordinator(session: Session, gmina_code: str, person_id: int) -> None:
    person = people.get(session, person_id)
    if person is None or not accounts.coordinates(person, gmina_code):
        raise ForbiddenError("Dowody decyzji dodaje i usuwa koordynator zespołu.")


def _refused(code: str, where: str, message: str, hint: str = "") -> InvalidInputError:
    return InvalidInputError(f"{NOT_ADDED} {message} {hint}".strip(), [Fault(code, where, message, hint)])


def _record(
    context: Context, session: Session, action: str, gmina_code: str, evidence_id: int, actor: int | None
) -> None:
    """Not to the round: its trace is read by the whole team, and would tell who works on what."""
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="evidence",
        object_id=evidence_id,
        gmina_code=gmina_code,
    )
