"""The page of one stakeholder whose ratings lie open: what was given, what is proposed, and the ways to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import url_for

from survey_app import polish
from survey_app.forms.agreement import (
    BallotForm,
    ConfirmForm,
    CorrectionForm,
    DecisionForm,
    ShowOfHandsForm,
    VoteForm,
)
from survey_app.forms.staff_fields import StaffForm
from survey_app.services import accounts
from survey_app.services.coding import agree, evidence, excerpt_evidence
from survey_app.services.coding.agree import DecisionView, LaidOpen
from survey_app.services.coding.coding_rounds import CodingRound
from survey_app.services.coding.evidence import EvidenceChoices
from survey_app.services.gminas import GminaDescription
from survey_app.web import agreement_words as words
from survey_app.web.access import current_context, current_person
from survey_app.web.panel_frame import panel_page

CODED = TypeVar("CODED", DecisionForm, BallotForm, ShowOfHandsForm, CorrectionForm)


@dataclass(slots=True)
class Typed:
    """A form that was refused, to be shown again with everything in it."""

    vote: VoteForm | None = None
    confirm: ConfirmForm | None = None
    decision: DecisionForm | None = None
    ballot: BallotForm | None = None
    hands: ShowOfHandsForm | None = None
    correction: CorrectionForm | None = None
    evidence: str = ""  # why a piece of evidence was refused,
    evidence_chosen: str = ""  # and what was sent of it
    evidence_note: str = ""

    def seen(self) -> int | None:
        """The decision that the person had before their eyes; None: none, or nothing was typed."""
        form = self.confirm or self.decision or self.correction
        return form.replaces.number() if form else None

    @property
    def of_a_decision(self) -> bool:
        return bool(self.confirm or self.decision or self.correction)


@dataclass(frozen=True, slots=True)
class Opened:
    """A stakeholder of a round in front of the person who asks."""

    gmina: GminaDescription
    coding_round: CodingRound
    found: agree.Opened

    @property
    def laid(self) -> LaidOpen:
        return self.found.laid

    @property
    def closed(self) -> bool:
        return self.coding_round.stage == "closed"

    @property
    def coordinates(self) -> bool:
        return accounts.coordinates(current_person(), self.gmina.code)

    def codes(self, *, without: str | None = None) -> list[tuple[str, str, str]]:
        """Codes of the round's scheme, from the most to the least favourable."""
        used = self.found.scheme.codes
        return [
            (one.id, one.label, one.meaning)
            for one in self.found.coding.codes
            if one.id in used and one.id != without
        ]


def opened(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> Opened:
    asking = current_person().id
    found = agree.opened(current_context(), gmina.code, coding_round.id, stakeholder_id, asking)
    return Opened(gmina, coding_round, found)


def confirm_form(one: Opened, sent: Any = None) -> ConfirmForm:
    start = {"code": one.laid.proposed, "replaces": decision_id(one.laid), "reason": composed(one.laid)}
    return ConfirmForm(sent, prefix="tak-", data=start)


def decision_form(one: Opened, sent: Any = None) -> DecisionForm:
    form = DecisionForm(sent, prefix="inny-", data={"replaces": decision_id(one.laid)})
    form.proposed, form.composed = one.laid.proposed, composed(one.laid)
    return offered(form, one)


def ballot_form(one: Opened, sent: Any = None) -> BallotForm:
    return offered(BallotForm(sent, prefix="glos-", data={"code": one.laid.proposed}), one)


def hands_form(one: Opened, sent: Any = None) -> ShowOfHandsForm:
    return offered(ShowOfHandsForm(sent, prefix="rece-", data={"code": one.laid.proposed}), one)


def correction_form(one: Opened, sent: Any = None) -> CorrectionForm:
    form = CorrectionForm(sent, prefix="sprostowanie-", data={"replaces": decision_id(one.laid)})
    form.code.offer(one.codes(without=one.laid.decision.code if one.laid.decision else None))
    return form


def offered(form: CODED, one: Opened) -> CODED:
    form.code.offer(one.codes())
    return form


def decision_id(laid: LaidOpen) -> int | str:
    return laid.decision.id if laid.decision else ""


def composed(laid: LaidOpen) -> str:
    return agree.composed_reason(laid) if laid.proposed else ""


def show_page(one: Opened, typed: Typed | None = None) -> str:
    typed = typed or Typed()
    laid, coding = one.laid, one.found.coding
    changed = _changed_meanwhile(one, typed)
    page_forms = _forms(one, typed)
    return panel_page(
        "panel/agreement_stakeholder.html",
        gmina=one.gmina,
        section="coding",
        crumbs=_crumbs(one),
        coding_round=one.coding_round,
        stakeholder=laid.stakeholder,
        criteria=[words.criterion_shown(each) for each in laid.criteria],
        proposed_label=words.code_label(coding, laid.proposed),
        why=words.proposal_words(laid, composed(laid)),
        facts=words.facts_words(laid),
        decision=words.decision_shown(coding, laid.decision) if laid.decision else None,
        ballot=words.ballot_shown(coding, laid.ballot) if laid.ballot else None,
        history=words.history_rows(coding, laid),
        past_ballots=[words.past_ballot_row(coding, each) for each in laid.past_ballots],
        represented=laid.represented,
        may_vote=laid.may_vote,
        own_vote=laid.own_vote,
        seats=laid.seats,
        seats_words=polish.counted(laid.seats, "osoba", "osoby", "osób"),
        coordinates=one.coordinates,
        changed=words.decision_shown(coding, changed) if changed else None,
        faults=bool(typed.evidence) or any(form.errors for form in page_forms.values() if form),
        forms_shown=[form for form in page_forms.values() if form],
        choices=_evidence_choices(one),
        readable=_readable(one),
        evidence_error=typed.evidence,
        evidence_chosen=typed.evidence_chosen,
        evidence_note=typed.evidence_note,
        detaches=one.coordinates and not one.closed,
        **page_forms,
        **_neighbours(one),
    )


def _forms(one: Opened, typed: Typed) -> dict[str, StaffForm | None]:
    """The ways to decide that the person has now; a refused one as it was typed."""
    decides = one.coordinates and not one.closed
    confirms = decides and one.laid.decision is None and one.laid.proposed is not None
    votes = typed.ballot or typed.hands or (decides and one.laid.ballot is None and one.laid.seats > 0)
    found: dict[str, StaffForm | None] = {
        "vote_form": typed.vote or VoteForm(data={"choice": one.laid.own_vote}),
        "confirm_form": (typed.confirm or confirm_form(one)) if confirms else None,
        "decision_form": (typed.decision or _moved(one, typed.confirm)) if decides else None,
        "ballot_form": (typed.ballot or ballot_form(one)) if votes else None,
        "hands_form": (typed.hands or hands_form(one)) if votes else None,
        "correction_form": (typed.correction or correction_form(one)) if _corrects(one) else None,
    }
    for form in found.values():
        if form is not None and "replaces" in form:
            form.replaces.data = decision_id(one.laid)  # sent again, it replaces what is shown now
    return found


def _corrects(one: Opened) -> bool:
    return one.closed and one.coordinates and one.laid.decision is not None


def _moved(one: Opened, refused: ConfirmForm | None) -> DecisionForm:
    """A confirmation that met another decision goes on as a decision of the team's own, words and all."""
    form = decision_form(one)
    if refused is not None and one.laid.decision is not None:
        form.code.data, form.reason.data = refused.code.data, refused.reason.data
        form.reason.errors = [*refused.reason.errors]
        form.form_errors = [*refused.form_errors]
    return form


def _changed_meanwhile(one: Opened, typed: Typed) -> DecisionView | None:
    now = one.laid.decision
    return now if typed.of_a_decision and now is not None and now.id != typed.seen() else None


def _evidence_choices(one: Opened) -> EvidenceChoices | None:
    """For the decision that holds; after the close only a correction is given evidence (METHOD, "Coding")."""
    decision = one.laid.decision
    if not one.coordinates or decision is None or (one.closed and not decision.correction):
        return None
    stakeholder_id = one.laid.stakeholder.stakeholder_id
    return evidence.offered(current_context(), one.gmina.code, current_person().id, stakeholder_id)


def _readable(one: Opened) -> frozenset[int]:
    """Of the passages of interviews that are pointed at here, those that the person may open."""
    laid = one.laid
    pieces = [piece for each in laid.criteria for reason in each.reasons for piece in reason.evidence]
    pieces += laid.decision.evidence if laid.decision else ()
    pointed_at = {piece.excerpt_id for piece in pieces if piece.excerpt_id is not None}
    return excerpt_evidence.open_to(current_context(), one.gmina.code, current_person().id, pointed_at)


def _neighbours(one: Opened) -> dict[str, object]:
    """Where the list goes on from here, and the next one that still needs a decision."""
    ids = [entry.stakeholder_id for entry in one.found.stakeholders]
    here = ids.index(one.laid.stakeholder.stakeholder_id)
    return {
        "position": here + 1,
        "total": len(ids),
        "previous_id": ids[here - 1] if here else None,
        "next_id": ids[here + 1] if here + 1 < len(ids) else None,
        "next_undecided_id": None if one.closed else _next(one.found.undecided, ids, here),
    }


def _next(waiting: Sequence[int], ids: Sequence[int], here: int) -> int | None:
    """The first that waits after this one, else the first that waits at all."""
    after = [one for one in ids[here + 1 :] if one in waiting]
    before = [one for one in ids[:here] if one in waiting]
    return next(iter(after + before), None)


def _crumbs(one: Opened) -> list[tuple[str, str | None]]:
    where: dict[str, Any] = {"gmina_code": one.gmina.code, "round_id": one.coding_round.id}
    return [
        ("Kodowanie", url_for("coding.index", gmina_code=one.gmina.code)),
        (one.coding_round.title, url_for("coding.show", **where)),
        ("Uzgodnienia", url_for("agreement.index", **where)),
        (one.laid.stakeholder.name, None),
    ]
