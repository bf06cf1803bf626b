"""What a stakeholder declares: a contribution, a refusal, and the withdrawal of either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, request

from survey_app.forms.staff_catalogue import ContributionForm, RefusalForm, WithdrawalForm
from survey_app.forms.staff_fields import StaffForm
from survey_app.services.gminas import GminaDescription
from survey_app.services.register import catalogue, declarations
from survey_app.services.register.declarations import CONTRIBUTION, REFUSAL, RESOURCES, DeclarationDraft
from survey_app.web.access import coordinator_of_gmina, current_context, current_person
from survey_app.web.panel_frame import accepted, panel_page
from survey_app.web.team_catalogue import back_to_entry, entry_crumbs

blueprint = Blueprint(
    "declarations", __name__, url_prefix="/panel/<string(length=6):gmina_code>/katalog/<int:stakeholder_id>"
)

WITHDRAWING = "/deklaracje/<int:declaration_id>/wycofanie"


@blueprint.get("/wklad")
@coordinator_of_gmina
def new_contribution(gmina: GminaDescription, stakeholder_id: int) -> str:
    return _form_page(gmina, stakeholder_id, _contribution_form(), "Wkład")


@blueprint.post("/wklad")
@coordinator_of_gmina
def add_contribution(gmina: GminaDescription, stakeholder_id: int) -> Any:
    return _add(gmina, stakeholder_id, _contribution_form(request.form), "Wkład")


@blueprint.get("/odmowa")
@coordinator_of_gmina
def new_refusal(gmina: GminaDescription, stakeholder_id: int) -> str:
    return _form_page(gmina, stakeholder_id, _today(RefusalForm), "Odmowa")


@blueprint.post("/odmowa")
@coordinator_of_gmina
def add_refusal(gmina: GminaDescription, stakeholder_id: int) -> Any:
    return _add(gmina, stakeholder_id, RefusalForm(request.form), "Odmowa")


@blueprint.get(WITHDRAWING)
@coordinator_of_gmina
def withdrawing(gmina: GminaDescription, stakeholder_id: int, declaration_id: int) -> str:
    return _withdrawal_page(gmina, stakeholder_id, declaration_id, _today(WithdrawalForm, "withdrawn_on"))


@blueprint.post(WITHDRAWING)
@coordinator_of_gmina
def withdraw(gmina: GminaDescription, stakeholder_id: int, declaration_id: int) -> Any:
    form = WithdrawalForm(request.form)
    declarations.declaration(current_context(), gmina.code, stakeholder_id, declaration_id)
    if not accepted(
        form,
        lambda: declarations.withdraw_declaration(
            current_context(),
            gmina.code,
            stakeholder_id,
            declaration_id,
            form.withdrawn_on.data,
            current_person().id,
        ),
    ):
        return _withdrawal_page(gmina, stakeholder_id, declaration_id, form), 422
    flash("Zapisano wycofanie.", "success")
    return back_to_entry(gmina, stakeholder_id)


def _add(gmina: GminaDescription, stakeholder_id: int, form: StaffForm, here: str) -> Any:
    context = current_context()
    catalogue.stakeholder(context, gmina.code, stakeholder_id)
    if not accepted(
        form,
        lambda: declarations.add_declaration(
            context, gmina.code, stakeholder_id, _draft(form), current_person().id
        ),
    ):
        return _form_page(gmina, stakeholder_id, form, here), 422
    flash("Zapisano deklarację.", "success")
    return back_to_entry(gmina, stakeholder_id)


def _draft(form: StaffForm) -> DeclarationDraft:
    resource = form.resource.data if isinstance(form, ContributionForm) else None
    kind = CONTRIBUTION if isinstance(form, ContributionForm) else REFUSAL
    return DeclarationDraft(kind, form.description.data, form.declared_on.data, resource)


def _contribution_form(typed: Any = None) -> ContributionForm:
    form = ContributionForm(typed) if typed is not None else _today(ContributionForm)
    assert isinstance(form, ContributionForm)
    form.offer(RESOURCES)
    return form


def _today(make: Callable[..., StaffForm], field: str = "declared_on") -> StaffForm:
    return make(data={field: current_context().today()})


def _form_page(gmina: GminaDescription, stakeholder_id: int, form: StaffForm, here: str) -> str:
    entry = catalogue.stakeholder(current_context(), gmina.code, stakeholder_id)
    return panel_page(
        "panel/stakeholder_declaring.html",
        gmina=gmina,
        section="catalogue",
        crumbs=entry_crumbs(gmina, entry, here),
        entry=entry,
        form=form,
        refusal=isinstance(form, RefusalForm),
        faults=bool(form.errors),
    )


def _withdrawal_page(
    gmina: GminaDescription, stakeholder_id: int, declaration_id: int, form: StaffForm
) -> str:
    context = current_context()
    entry = catalogue.stakeholder(context, gmina.code, stakeholder_id)
    return panel_page(
        "panel/stakeholder_withdrawing.html",
        gmina=gmina,
        section="catalogue",
        crumbs=entry_crumbs(gmina, entry, "Wycofanie"),
        entry=entry,
        one=declarations.declaration(context, gmina.code, stakeholder_id, declaration_id),
        resources=RESOURCES,
        form=form,
        faults=bool(form.errors),
    )
