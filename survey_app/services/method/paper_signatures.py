"""Who signed an agreed paper, added one by one or many at once; who leaves stays on the list, with day and reason.

What was entered by mistake is corrected or taken back, with a reason, which `signature_history` tells afterwards.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.analysis.diagnoza.document import Block, Subheading, TextTable
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.instrument.model import Stance
from survey_app.services.coding.coding_history import present_codes
from survey_app.services.context import Context
from survey_app.services.instruments import used_instrument
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.paper_trace import record
from survey_app.services.method.papers import require
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import lock_catalogue, require_stakeholder, text_faults
from survey_app.store import paper_people, papers
from survey_app.store.paper_people import PaperSignature
from survey_app.store.papers import Paper

LENGTHS = {"role": 200, "contribution": 500, "signed_by": 200}
REASON_LENGTH = 500
WHY_LENGTH = 180  # of a correction: with days and what was changed it has to fit into an entry of the trace
NOT_SIGNED = "Tego pisma się nie podpisuje."
UNKNOWN = "Pod tym pismem nie ma takiego podpisu. Mógł go w tym czasie wycofać inny koordynator."
CHANGED_MEANWHILE = (
    "W tym czasie ktoś inny zmienił ten podpis. Jego zapis widać niżej; to, co Państwo wpisali, jest nadal"
    " w formularzu. Prosimy sprawdzić i zapisać jeszcze raz."
)
NOT_AGREED = "Podpisać można pismo uzgodnione. Najpierw koordynator zapisuje, kiedy zespół je uzgodnił."
NOBODY = "Nie wybrano nikogo. Prosimy zaznaczyć przynajmniej jedną instytucję."
_NOT_SAVED = "Nie zapisano. Prosimy poprawić wskazane pola."


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a signatory: `signed_by` is who signed for it, and as what."""

    role: str = ""
    contribution: str = ""
    signed_by: str = ""


WORD_LABELS = {"role": "rola", "contribution": "wkład", "signed_by": "kto podpisał"}


@dataclass(frozen=True, slots=True)
class Signatory:
    """A signature with its institution. `in_catalogue`: it has not left that; `natural`: a person, no institution.

    `mark`: what a page hands back, so that nobody corrects what somebody else has just changed.
    """

    id: int
    stakeholder_id: int
    name: str
    words: Words
    signed_on: dt.date
    left_on: dt.date | None
    left_reason: str
    in_catalogue: bool
    natural: bool
    mark: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Of the catalogue, without a signature yet."""

    id: int
    name: str


def signatories(context: Context, gmina_code: str, paper_id: int) -> list[Signatory]:
    """In Polish alphabetical order; who left the paper or the catalogue is among them.

    NotFoundError: no such paper, or one that nobody signs.
    """
    with context.database.reading() as session:
        _signed_paper(session, gmina_code, paper_id)
        return listed(session, paper_id)


def listed(session: Session, paper_id: int) -> list[Signatory]:
    """The same, within a transaction."""
    found = [
        Signatory(
            one.id,
            who.id,
            who.name,
            Words(one.role, one.contribution, one.signed_by),
            one.signed_on,
            one.left_on,
            one.left_reason,
            who.left_on is None,
            who.natural_person,
            _mark(one),
        )
        for one, who in papers.signatures(session, [paper_id])
    ]
    return sorted(found, key=lambda one: polish.alphabetical(one.name))


def candidates(context: Context, gmina_code: str, paper_id: int) -> list[Candidate]:
    """Who can be added, in Polish alphabetical order; who has left the paper comes back instead."""
    signed = {one.stakeholder_id for one in signatories(context, gmina_code, paper_id)}
    return [
        Candidate(one.id, one.name)
        for one in catalogue.stakeholders(context, gmina_code)
        if one.id not in signed
    ]


def supporters(context: Context, gmina_code: str, paper_id: int) -> list[Candidate]:
    """Candidates that were coded Zwolennik in the last closed round; doubles count as what they were merged into."""
    wanted = {
        one.stakeholder_id
        for one, code in present_codes(context, gmina_code)
        if code.stance is Stance.SUPPORTER
    }
    return [one for one in candidates(context, gmina_code, paper_id) if one.id in wanted]


def sign(
    context: Context,
    gmina_code: str,
    paper_id: int,
    stakeholder_ids: Collection[int],
    on: dt.date,
    actor: int | None,
    words: Words | Mapping[int, Words] | None = None,
) -> int:
    """All of them on that day; how many signatures were added. Who has signed already is passed over, so that the same
    page sent twice adds nothing. `words`: of all of them, or by stakeholder id.

    InvalidInputError: a day to come, or before the paper was agreed; nobody chosen; words that are too long.
    ConflictError: the paper is not agreed, or one of them has left the catalogue. NotFoundError: not of this gmina.
    """
    said = dict.fromkeys(stakeholder_ids, words or Words()) if isinstance(words, Words | None) else words
    tidy = {one: _tidy(said.get(one, Words())) for one in stakeholder_ids}
    if not stakeholder_ids:
        raise InvalidInputError(_NOT_SAVED, [Fault("nobody", "stakeholders", NOBODY)])
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        paper = _held(session, gmina_code, paper_id)
        wrong = [fault for one in dict.fromkeys(tidy.values()) for fault in _word_faults(one)]
        _refuse(wrong + _signing_faults(context, _agreed(paper), on))
        signed = {one.stakeholder_id for one, _ in papers.signatures(session, [paper_id])}
        added = sorted(set(stakeholder_ids) - signed)
        for stakeholder_id in added:
            who = require_stakeholder(session, gmina_code, stakeholder_id)
            if who.left_on is not None:
                raise ConflictError(f"„{who.name}” nie jest już w katalogu, więc nie może podpisać pisma.")
            made = paper_people.add_signature(
                session,
                paper_id,
                stakeholder_id,
                **asdict(tidy[stakeholder_id]),
                signed_on=on,
                left_reason="",
                recorded_at=context.clock(),
                recorded_by=actor,
            )
            _record(context, session, "paper_signed", paper, made, actor, polish.date(on))
        return len(added)


def change(
    context: Context,
    gmina_code: str,
    paper_id: int,
    signature_id: int,
    on: dt.date,
    words: Words,
    actor: int | None,
    why: str = "",
    seen: str | None = None,
) -> None:
    """Corrects what was typed; another day needs a reason. As `sign`; a signature stays before the day on which it
    ended. `seen`: the mark of what the person saw; ConflictError: somebody else changed it since.
    """
    tidy, why = _tidy(words), " ".join(why.split())
    with context.database.transaction() as session:
        paper, found = _held_signature(session, gmina_code, paper_id, signature_id)
        held = Words(found.role, found.contribution, found.signed_by)
        if (held, found.signed_on) == (tidy, on):
            return
        _refuse_stale(found, seen)
        faults = text_faults("why", why, WHY_LENGTH)
        if on != found.signed_on:
            # The paper may have been opened and agreed to again since: the day that stands stays good.
            faults += _signing_faults(context, _agreed(paper), on)
            if not why:
                hint = "Napisz krótko, dlaczego. Zostanie to w historii podpisów."
                faults.append(Fault("why_missing", "why", "Zmienia się dzień podpisu.", hint))
        if found.left_on is not None and on > found.left_on:
            message = f"Odejście jest zapisane dniem {polish.date(found.left_on)}."
            faults.append(Fault("after_leaving", "signed_on", message, "Wpisz ten dzień albo wcześniejszy."))
        _refuse(_word_faults(tidy) + faults)
        told = [f"{polish.date(on)} zamiast {polish.date(found.signed_on)}"] if on != found.signed_on else []
        other = [label for name, label in WORD_LABELS.items() if getattr(held, name) != getattr(tidy, name)]
        told += [f"zmieniono: {', '.join(other)}"] if other else []
        told += [f"powód: {why}"] if why else []
        found.role, found.contribution, found.signed_by = tidy.role, tidy.contribution, tidy.signed_by
        found.signed_on = on
        _record(context, session, "paper_signature_changed", paper, found, actor, "; ".join(told))


def take_back(
    context: Context,
    gmina_code: str,
    paper_id: int,
    signature_id: int,
    why: str,
    actor: int | None,
    seen: str | None = None,
) -> None:
    """A signature that was entered by mistake is none: it stands on no list and in no file, whether it had ended or
    not, and also while the paper is open again. That it stood there, and why no more, the history keeps.

    ConflictError: changed since it was seen. InvalidInputError: no reason. NotFoundError: not there, or not any more.
    """
    why = " ".join(why.split())
    with context.database.transaction() as session:
        paper, found = _held_signature(session, gmina_code, paper_id, signature_id)
        _refuse_stale(found, seen)
        _refuse(_why_faults(why))
        detail = f"podpis z dnia {polish.date(found.signed_on)}; powód: {why}"
        _record(context, session, "paper_signature_withdrawn", paper, found, actor, detail)
        paper_people.delete_signature(session, found)


def undo_leaving(
    context: Context,
    gmina_code: str,
    paper_id: int,
    signature_id: int,
    why: str,
    actor: int | None,
    seen: str | None = None,
) -> None:
    """An end that was entered by mistake: the signature holds as before, from its own day. Said twice, it is said once.

    Errors as of `take_back`.
    """
    why = " ".join(why.split())
    with context.database.transaction() as session:
        paper, found = _held_signature(session, gmina_code, paper_id, signature_id)
        if found.left_on is None:
            return
        _refuse_stale(found, seen)
        _refuse(_why_faults(why))
        detail = f"odejście z dnia {polish.date(found.left_on)}; powód: {why}"
        found.left_on, found.left_reason = None, ""
        _record(context, session, "paper_leaving_undone", paper, found, actor, detail)


def leave(
    context: Context,
    gmina_code: str,
    paper_id: int,
    signature_id: int,
    on: dt.date,
    reason: str,
    actor: int | None,
    seen: str | None = None,
) -> None:
    """No party to the paper since that day; the signature stays on the list. Said twice, it is said once."""
    reason = " ".join(reason.split())
    with context.database.transaction() as session:
        paper, found = _held_signature(session, gmina_code, paper_id, signature_id)
        if (found.left_on, found.left_reason) == (on, reason):
            return
        if found.left_on is not None:
            raise ConflictError(f"Odejście jest już zapisane, z dniem {polish.date(found.left_on)}.")
        _refuse_stale(found, seen)
        faults = text_faults("left_reason", reason, REASON_LENGTH) + _future_faults(context, "left_on", on)
        if not reason:
            message = "Brakuje powodu."
            faults.append(Fault("reason_missing", "left_reason", message, "Wpisz choćby: nie podano."))
        if on < found.signed_on:
            hint = f"Wpisz {polish.date(found.signed_on)} albo późniejszy dzień."
            faults.append(Fault("too_early", "left_on", "To dzień sprzed podpisu.", hint))
        _refuse(faults)
        found.left_on, found.left_reason = on, reason
        _record(context, session, "paper_left", paper, found, actor, polish.date(on))


def come_back(
    context: Context,
    gmina_code: str,
    paper_id: int,
    signature_id: int,
    on: dt.date,
    actor: int | None,
    seen: str | None = None,
) -> None:
    """Signs anew on that day. The list shows the new day; the trace keeps the earlier signature and its end."""
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        paper, found = _held_signature(session, gmina_code, paper_id, signature_id)
        if found.left_on is None:
            if found.signed_on == on:
                return
            raise ConflictError("Ten sygnatariusz nie odszedł, więc nie ma do czego wracać.")
        _refuse_stale(found, seen)
        who = require_stakeholder(session, gmina_code, found.stakeholder_id)
        if who.left_on is not None:
            raise ConflictError(f"„{who.name}” nie jest już w katalogu, więc nie może podpisać pisma.")
        faults = _signing_faults(context, _agreed(paper), on)
        if on < found.left_on:
            hint = f"Wpisz {polish.date(found.left_on)} albo późniejszy dzień."
            faults.append(Fault("too_early", "signed_on", "To dzień sprzed odejścia.", hint))
        _refuse(faults)
        before = f"wcześniej od {polish.date(found.signed_on)} do {polish.date(found.left_on)}"
        found.signed_on, found.left_on, found.left_reason = on, None, ""
        _record(context, session, "paper_returned", paper, found, actor, f"{polish.date(on)}; {before}")


def _signed_paper(session: Session, gmina_code: str, paper_id: int) -> Paper:
    paper = require(session, gmina_code, paper_id)
    newest = papers.newest_head(session, paper_id)
    if not rules_of(used_instrument(session, newest.instrument_version_id)).signed:
        raise NotFoundError(NOT_SIGNED)
    return paper


def _held(session: Session, gmina_code: str, paper_id: int) -> Paper:
    paper = _signed_paper(session, gmina_code, paper_id)
    papers.hold(session, paper)
    session.refresh(paper)
    return paper


def _agreed(paper: Paper) -> dt.date:
    """The day on which it was agreed to. ConflictError: it is not."""
    if paper.agreed_on is None:
        raise ConflictError(NOT_AGREED)
    return paper.agreed_on


def _held_signature(
    session: Session, gmina_code: str, paper_id: int, signature_id: int
) -> tuple[Paper, PaperSignature]:
    """Both, until the transaction ends. NotFoundError: the paper has no such signature, or not any more."""
    paper = _held(session, gmina_code, paper_id)
    found = papers.signature(session, paper.id, signature_id)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return paper, found


def _mark(found: PaperSignature) -> str:
    """Of everything that the page shows, and of whose it is: a number may be given again to another signature."""
    told = (found.stakeholder_id, found.signed_on, found.left_on, found.left_reason)
    words = (found.role, found.contribution, found.signed_by)
    return hashlib.sha256(repr((told, words)).encode()).hexdigest()[:16]


def _refuse_stale(found: PaperSignature, seen: str | None) -> None:
    """None: nobody looked before, as where a file or a command acts."""
    if seen is not None and seen != _mark(found):
        raise ConflictError(CHANGED_MEANWHILE)


def _why_faults(why: str) -> list[Fault]:
    faults = text_faults("why", why, WHY_LENGTH)
    if not why:
        hint = "Wpisz choćby: pomyłka przy wpisywaniu."
        faults.append(Fault("why_missing", "why", "Brakuje powodu.", hint))
    return faults


def _tidy(words: Words) -> Words:
    return Words(*(" ".join(getattr(words, name).split()) for name in LENGTHS))


def _word_faults(words: Words) -> list[Fault]:
    return [
        fault
        for name, longest in LENGTHS.items()
        for fault in text_faults(name, getattr(words, name), longest)
    ]


def _future_faults(context: Context, where: str, day: dt.date) -> list[Fault]:
    if day <= context.today():
        return []
    message = "Ten dzień jeszcze nie nadszedł."
    return [Fault("in_the_future", where, message, "Wpisz dzisiejszy albo wcześniejszy.")]


def _signing_faults(context: Context, agreed_on: dt.date, on: dt.date) -> list[Fault]:
    faults = _future_faults(context, "signed_on", on)
    if on < agreed_on:
        message = f"Pismo uzgodniono {polish.date(agreed_on)}, a to dzień wcześniejszy."
        hint = f"Wpisz {polish.date(agreed_on)} albo późniejszy dzień."
        faults.append(Fault("before_agreement", "signed_on", message, hint))
    return faults


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise InvalidInputError(_NOT_SAVED, list(faults))


def _record(
    context: Context,
    session: Session,
    action: str,
    paper: Paper,
    found: PaperSignature,
    actor: int | None,
    detail: str,
) -> None:
    """By the number of the entry in the catalogue: the trace outlives names."""
    told = f"wpis {found.stakeholder_id}"
    record(context, session, action, paper, actor, f"{told}: {detail}" if detail else told)


# On paper --------------------------------------------------------------------------------------------------------


def signature_blocks(context: Context, gmina_code: str, paper_id: int) -> tuple[Block, ...]:
    """The list as it is printed below the agreed version; nothing while nobody has signed."""
    found = signatories(context, gmina_code, paper_id)
    if not found:
        return ()
    rows = tuple((one.name, _part(one.words), _days(one)) for one in found)
    header = ("Podmiot", "Rola i wkład", "Podpis")
    return (Subheading("Lista sygnatariuszy", "sygnatariusze"), TextTable("", header, rows, (4.0, 4.0, 3.0)))


def _part(words: Words) -> str:
    return "\n".join(text for text in (words.role, words.contribution) if text)


def _days(one: Signatory) -> str:
    left = f"odejście: {polish.date(one.left_on)}" if one.left_on else ""
    return "\n".join(text for text in (polish.date(one.signed_on), one.words.signed_by, left) if text)
