"""Remarks on papers, of the team and of those who are asked, and what became of each; papers under consultation.

Every remark is answered: accepted, partly, or not, with words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.forms.paper_people import OUTCOMES
from survey_app.instrument.paper_model import PaperGroup, PaperRules
from survey_app.services.coding.coding_history import present_codes
from survey_app.services.context import Context
from survey_app.services.instruments import used_instrument
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.paper_trace import record
from survey_app.services.method.papers import UNKNOWN_VERSION, WITHDRAWN, require
from survey_app.services.register.catalogue import require_stakeholder, text_faults, tidy_lines
from survey_app.store import paper_people, papers, people
from survey_app.store.paper_people import PaperRemark
from survey_app.store.papers import Paper

LENGTH = 4_000
MOST = 2_000  # remarks on one paper
UNKNOWN = "Do tego pisma nie ma takiej uwagi."
OF_TEAM_ALONE = "Do tego pisma uwagi zgłasza tylko zespół."
NOT_CONSULTED = "Tego pisma nie daje się do konsultacji."
ANSWERED = (
    "Ktoś w tym czasie odpowiedział na tę uwagę. Prosimy przeczytać tę odpowiedź i zapisać jeszcze raz."
)


@dataclass(frozen=True, slots=True)
class Remark:
    """`said_by`: the stakeholder's name, "" for the team; `made_by`: who typed it in.

    `outcome`: "" while it is not answered, or a key of OUTCOMES.
    """

    id: int
    number: int
    stakeholder_id: int | None
    said_by: str
    in_catalogue: bool
    text: str
    made_at: dt.datetime
    made_by: str
    outcome: str
    answer: str
    answered_at: dt.datetime | None
    answered_by: str


def remarks(context: Context, gmina_code: str, paper_id: int) -> list[Remark]:
    """Those without an answer first, each group in the order in which they came. NotFoundError: no such paper."""
    with context.database.reading() as session:
        require(session, gmina_code, paper_id)
        held = paper_people.remarks(session, paper_id)
        asked = {person for one, _ in held for person in (one.made_by, one.answered_by) if person}
        names = people.names(session, asked)
        found = [
            Remark(
                one.id,
                one.number,
                one.stakeholder_id,
                who.name if who else "",
                who is None or who.left_on is None,
                one.text,
                one.made_at,
                names.get(one.made_by or 0, ""),
                one.outcome,
                one.answer,
                one.answered_at,
                names.get(one.answered_by or 0, ""),
            )
            for one, who in held
        ]
        return sorted(found, key=lambda one: one.outcome != "")


def codes(context: Context, gmina_code: str) -> Mapping[int, str]:
    """Stakeholder -> what it was coded in the last closed round, corrections applied."""
    return {one.stakeholder_id: code.label for one, code in present_codes(context, gmina_code)}


def add(
    context: Context,
    gmina_code: str,
    paper_id: int,
    number: int,
    text: str,
    stakeholder_id: int | None,
    actor: int | None,
) -> int:
    """The number of the remark, on the version that the page showed. The same page sent twice is one remark.

    `stakeholder_id`: who said it, None for the team. InvalidInputError: no text, or too long. ConflictError: the paper
    is withdrawn, or too many. NotFoundError: no such paper, version or stakeholder; a paper for the team alone.
    """
    text = tidy_lines(text)
    faults = text_faults("text", text, LENGTH, many_lines=True)
    if not text:
        faults.append(Fault("text_missing", "text", "Brakuje uwagi.", "Wpisz, czego dotyczy i co zmienić."))
    if faults:
        raise InvalidInputError("Uwaga nie jest zapisana.", faults)
    with context.database.transaction() as session:
        paper, rules = _held(session, gmina_code, paper_id)
        if paper.state == "withdrawn":
            raise ConflictError(WITHDRAWN)
        if papers.version(session, paper_id, number) is None:
            raise NotFoundError(UNKNOWN_VERSION)
        if stakeholder_id is not None:
            if not rules.consulted:
                raise NotFoundError(OF_TEAM_ALONE)
            require_stakeholder(session, gmina_code, stakeholder_id)
        held = papers.remarks(session, paper_id)
        sent = (number, stakeholder_id, text, actor)
        for one in held:
            if (one.number, one.stakeholder_id, one.text, one.made_by) == sent:
                return one.id
        if len(held) >= MOST:
            raise ConflictError(f"Pismo ma już {MOST} uwag.")
        made = paper_people.add_remark(
            session,
            paper_id,
            number,
            stakeholder_id=stakeholder_id,
            text=text,
            made_at=context.clock(),
            made_by=actor,
            outcome="",
            answer="",
        )
        record(context, session, "paper_remarked", paper, actor, f"uwaga {made.id}, wersja {number}")
        return made.id


def answer(
    context: Context,
    gmina_code: str,
    paper_id: int,
    remark_id: int,
    outcome: str,
    words: str,
    actor: int | None,
    before: str = "",
) -> None:
    """What becomes of a remark. A later answer takes the place of an earlier one, which the trace keeps.

    `before`: `answer_mark` of the answer that the page showed. ConflictError: somebody answered meanwhile.
    """
    words = tidy_lines(words)
    faults = text_faults("answer", words, LENGTH, many_lines=True)
    if not words:
        faults.append(Fault("answer_missing", "answer", "Brakuje odpowiedzi.", "Wpisz choćby jedno zdanie."))
    if outcome not in OUTCOMES:
        hint = "Wybierz jedną z trzech możliwości."
        faults.append(Fault("outcome_unknown", "outcome", "Nie wiadomo, co z uwagą.", hint))
    if faults:
        raise InvalidInputError("Odpowiedź nie jest zapisana.", faults)
    with context.database.transaction() as session:
        paper, _ = _held(session, gmina_code, paper_id)
        found = _found(session, paper_id, remark_id)
        if (found.outcome, found.answer) == (outcome, words):
            return
        if answer_mark(found.answered_at) != before:
            raise ConflictError(ANSWERED)
        detail = f"uwaga {found.id}: {OUTCOMES[outcome]}"
        if found.outcome:
            detail += f"; wcześniej {OUTCOMES[found.outcome]}: {found.answer}"
        found.outcome, found.answer = outcome, words
        found.answered_at, found.answered_by = context.clock(), actor
        record(context, session, "paper_remark_answered", paper, actor, detail)


def answer_mark(answered_at: dt.datetime | None) -> str:
    """What tells an answer from a later one; "" for none."""
    return answered_at.astimezone(dt.UTC).isoformat() if answered_at else ""


def waiting(context: Context, gmina_code: str, paper_id: int) -> Sequence[Remark]:
    """Remarks that nobody has answered."""
    return [one for one in remarks(context, gmina_code, paper_id) if not one.outcome]


def consult(context: Context, gmina_code: str, paper_id: int, actor: int | None) -> None:
    """A draft is given to others to read; it can be changed as before. NotFoundError: a paper for the team alone."""
    with context.database.transaction() as session:
        paper, rules = _held(session, gmina_code, paper_id)
        if not rules.consulted:
            raise NotFoundError(NOT_CONSULTED)
        if paper.state == "consulted":
            return
        if paper.state != "draft":
            raise ConflictError("Do konsultacji daje się szkic. Najpierw trzeba otworzyć pismo na nowo.")
        paper.state = "consulted"
        record(context, session, "paper_consulted", paper, actor, "")


def end_consultation(context: Context, gmina_code: str, paper_id: int, actor: int | None) -> None:
    """The paper is a draft again; its remarks stay."""
    with context.database.transaction() as session:
        paper, _ = _held(session, gmina_code, paper_id)
        if paper.state == "consulted":
            paper.state = "draft"
            record(context, session, "paper_consultation_ended", paper, actor, "")


def _held(session: Session, gmina_code: str, paper_id: int) -> tuple[Paper, PaperRules]:
    paper = require(session, gmina_code, paper_id)
    papers.hold(session, paper)
    session.refresh(paper)
    newest = papers.newest_head(session, paper_id)
    rules = rules_of(used_instrument(session, newest.instrument_version_id))
    if rules.group is PaperGroup.ADVICE:
        raise NotFoundError("Do tego formularza nie zgłasza się uwag.")
    return paper, rules


def _found(session: Session, paper_id: int, remark_id: int) -> PaperRemark:
    found = papers.remark(session, paper_id, remark_id)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found
