"""Proces: where the team is in the method, step by step; the partnership's kind; a region's own variant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml
from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app.errors import ConflictError, InvalidInputError
from survey_app.forms.interviews import whole_number
from survey_app.forms.process import PathForm, StepForm, VariantForm
from survey_app.forms.staff_fields import options
from survey_app.instrument.process_model import Step, StepPage
from survey_app.services import accounts, team_people
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import deadlines, definitions, partnership, process
from survey_app.services.method.papers import Paper
from survey_app.services.method.process import ProcessView, StepDraft, StepView
from survey_app.services.registers.definitions import registers
from survey_app.services.rollup.regions import Region
from survey_app.web.access import (
    coordinator_of_gmina,
    current_context,
    current_person,
    member_of_gmina,
    region_reader,
)
from survey_app.web.body_size import takes_file
from survey_app.web.downloads import download
from survey_app.web.panel_frame import accepted, may_open, panel_page

blueprint = Blueprint("process", __name__, url_prefix="/panel/<string(length=6):gmina_code>/proces")
region_blueprint = Blueprint("region_process", __name__, url_prefix="/panel/region")

NAME = "Proces"
PAGES = {
    StepPage.CATALOGUE: ("Katalog interesariuszy", "catalogue.index"),
    StepPage.TEAM: ("Zespół", "team_people.index"),
    StepPage.CAMPAIGNS: ("Kampanie ankiety", "campaigns.index"),
    StepPage.INTERVIEWS: ("Wywiady", "interviews.index"),
    StepPage.CODING: ("Kodowanie", "coding.index"),
    StepPage.RESULTS: ("Wyniki kodowania", "coding_results.index"),
    StepPage.PERSUASION: ("Scenariusz oddziaływań", "persuasion.index"),
    StepPage.DIAGNOZA: ("Kampanie i diagnozy", "campaigns.index"),
    StepPage.PAPERS: ("Pisma", "papers.index"),
    StepPage.LIBRARY: ("Biblioteczka", "library.index"),
    StepPage.PARTNERSHIP: ("Partnerstwo: rodzaj i skład", "process.show_partnership"),
}


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    return _index_page(gmina, PathForm())


@blueprint.post("/sciezka")
@coordinator_of_gmina
def choose_path(gmina: GminaDescription) -> Any:
    form, context = PathForm(request.form), current_context()
    form.path.choices = _paths(process.view(context, gmina.code))
    seen = whole_number(form.revision.data)
    if not accepted(
        form,
        lambda: process.choose_path(context, gmina.code, form.path.data or "", current_person().id, seen),
    ):
        return _index_page(gmina, form), 422
    flash("Ścieżka jest zapisana. Pierwszy krok widać na górze strony.", "success")
    return redirect(url_for("process.index", gmina_code=gmina.code))


@blueprint.post("/nowa-wersja")
@coordinator_of_gmina
def follow_newest(gmina: GminaDescription) -> Any:
    try:
        seen = whole_number(request.form.get("revision"))
        process.follow_newest(current_context(), gmina.code, current_person().id, seen)
        flash("Zespół korzysta z nowej wersji procesu. Zapisy przy krokach zostały.", "success")
    except ConflictError as error:
        flash(error.message, "warning")
    return redirect(url_for("process.index", gmina_code=gmina.code))


@blueprint.get("/krok/<string(maxlength=40):step_id>")
@member_of_gmina
def step(gmina: GminaDescription, step_id: str) -> str:
    view = process.view(current_context(), gmina.code)
    return _step_page(gmina, view, step_id, _form_of(gmina, view.step(step_id)))


@blueprint.post("/krok/<string(maxlength=40):step_id>")
@member_of_gmina
def save_step(gmina: GminaDescription, step_id: str) -> Any:
    context = current_context()
    seen = process.view(context, gmina.code).step(step_id)
    form = StepForm(request.form)
    form.person_id.choices = _people(gmina)
    revision = form.revision.data or ""

    def save() -> None:
        draft = StepDraft(
            form.state.data or "",
            int(form.person_id.data) if form.person_id.data else None,
            form.due_on.data,
            form.reason.data or "",
            form.note.data or "",
            whole_number(revision),
        )
        process.save_step(context, gmina.code, step_id, draft, current_person().id)

    if not accepted(form, save):
        now = process.view(context, gmina.code)
        said = now.step(step_id).said
        form.revision.data = str(said.revision if said else 0)
        return _step_page(gmina, now, step_id, form), 422
    flash(f"Krok „{seen.step.title}” jest zapisany.", "success")
    return redirect(url_for("process.index", gmina_code=gmina.code, _anchor=f"krok-{step_id}"))


@blueprint.get("/partnerstwo")
@member_of_gmina
def show_partnership(gmina: GminaDescription) -> str:
    found = partnership.partnership(current_context(), gmina.code)
    return panel_page(
        "panel/partnership.html",
        gmina=gmina,
        section="process",
        crumbs=[(NAME, url_for("process.index", gmina_code=gmina.code)), ("Partnerstwo", None)],
        found=found,
        rows=[(one.name, one.sector, one.part, one.stakeholder_type) for one in found.partners],
    )


@region_blueprint.get("/<string(maxlength=4):region_code>/proces", endpoint="show")
@region_reader
def show_variant(region: Region) -> str:
    return _variant_page(region, VariantForm())


@region_blueprint.get("/<string(maxlength=4):region_code>/proces/plik", endpoint="file")
@region_reader
def variant_file(region: Region) -> Response:
    known, _ = process.region_variant(current_context(), region.code[:2])
    written = yaml.safe_dump(dict(known.document), allow_unicode=True, sort_keys=False, width=110)
    return download(written.encode(), f"{known.key}.yml")


@region_blueprint.post("/<string(maxlength=4):region_code>/proces", endpoint="publish")
@takes_file
@region_reader
def publish_variant(region: Region) -> Any:
    form, file = VariantForm(), request.files.get("content")
    content = file.read() if file else b""
    if len(region.code) != 2 or not region.code.isdecimal():
        form.form_errors = ["Własny wariant procesu wydaje województwo, nie powiat i nie kraj."]
        return _variant_page(region, form), 422
    if not content:
        form.content.errors = ["Prosimy wybrać plik."]
        return _variant_page(region, form), 422
    try:
        process.publish_variant(current_context(), region.code, content, current_person().id)
    except InvalidInputError as error:
        form.content.errors = [
            f"{f'Wiersz {fault.line}: ' if fault.line else ''}{fault.message} {fault.hint}".strip()
            for fault in error.faults
        ]
        return _variant_page(region, form), 422
    flash("Wariant jest wydany. Zespoły, które zaczną od teraz, pójdą nim od razu.", "success")
    return redirect(url_for("region_process.show", region_code=region.code))


def _index_page(gmina: GminaDescription, form: PathForm, **words: Any) -> str:
    context = current_context()
    found = process.view(context, gmina.code)
    form.revision.data = str(found.followed.revision if found.followed else 0)
    form.path.choices = _paths(found)
    if form.path.data in (None, "None") and found.followed:
        form.path.data = found.path.id
    return panel_page(
        "panel/process.html",
        gmina=gmina,
        section="process",
        crumbs=[(NAME, None)],
        view=found,
        states=process.STATES,
        due=deadlines.due(context, gmina.code, found),
        due_link=lambda one: due_link(gmina, one),
        form=form,
        newer=found.newer,
        coordinator=accounts.coordinates(current_person(), gmina.code),
        **words,
    )


def due_link(gmina: GminaDescription, one: deadlines.Due) -> str:
    """Where a deadline leads."""
    if one.step_id:
        return url_for("process.step", gmina_code=gmina.code, step_id=one.step_id)
    if one.paper_id:
        return url_for("papers.show", gmina_code=gmina.code, paper_id=one.paper_id)
    return url_for("papers.new", gmina_code=gmina.code, key=one.key)


def _paths(found: ProcessView) -> list[Any]:
    return options(
        [(one.id, one.label) for one in found.process.paths],
        {one.id: one.description for one in found.process.paths},
    )


def _step_page(gmina: GminaDescription, view: ProcessView, step_id: str, form: StepForm, **words: Any) -> str:
    seen = view.step(step_id)
    return panel_page(
        "panel/process_step.html",
        gmina=gmina,
        section="process",
        crumbs=[(NAME, url_for("process.index", gmina_code=gmina.code)), (seen.step.title, None)],
        seen=seen,
        states=process.STATES,
        page_link=_page_link(gmina, seen.step),
        papers=_papers(gmina, seen.step, view.facts.held),
        registers=_registers(gmina, seen.step),
        form=form,
        **words,
    )


def _page_link(gmina: GminaDescription, step: Step) -> tuple[str, str] | None:
    if step.page is None:
        return None
    words, endpoint = PAGES[step.page]
    return (words, url_for(endpoint, gmina_code=gmina.code)) if may_open(endpoint, gmina.code) else None


def _papers(gmina: GminaDescription, step: Step, held: Sequence[Paper]) -> list[tuple[str, str, str]]:
    """(title, address, state in words) of the step's papers; those that have no definition are left out."""
    known = definitions.papers()
    links = []
    for key in step.papers:
        if key not in known:
            continue
        own = [one for one in held if one.key == key and one.state != "withdrawn"]
        for one in own:
            address = url_for("papers.show", gmina_code=gmina.code, paper_id=one.id)
            links.append((one.title, address, "uzgodnione" if one.state == "agreed" else "rozpoczęte"))
        if not own or definitions.rules_of(known[key]).many:
            address = url_for("papers.new", gmina_code=gmina.code, key=key)
            links.append((known[key].title, address, "nowe"))
    return links


def _registers(gmina: GminaDescription, step: Step) -> list[tuple[str, str]]:
    """(title, address) of the step's registers; those that have no definition are left out."""
    known = registers()
    return [
        (known[key].title, url_for("registers.entries", gmina_code=gmina.code, key=key))
        for key in step.registers
        if key in known
    ]


def _form_of(gmina: GminaDescription, seen: StepView) -> StepForm:
    said = seen.said
    form = StepForm(
        data={
            "state": said.state if said else "open",
            "reason": said.reason if said else "",
            "person_id": str(said.person_id or "") if said else "",
            "due_on": said.due_on if said else None,
            "note": said.note if said else "",
            "revision": str(said.revision) if said else "0",
        }
    )
    form.person_id.choices = _people(gmina)
    return form


def _people(gmina: GminaDescription) -> list[tuple[str, str]]:
    team = team_people.team(current_context(), gmina.code)
    return [("", "nikt jeszcze"), *((str(one.person_id), one.name) for one in team)]


def _variant_page(region: Region, form: VariantForm) -> str:
    known, own = process.region_variant(current_context(), region.code[:2])
    return panel_page(
        "panel/region_process.html",
        section="region",
        crumbs=[
            (region.label, url_for("region.show", region_code=region.code)),
            ("Wariant procesu", None),
        ],
        region=region,
        process=known,
        own=own,
        publishes=len(region.code) == 2 and region.code.isdecimal(),
        form=form,
    )
