"""Scenariusz oddziaływań: whom to win over and with what, actions for many at once, what became of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app import polish
from survey_app.analysis.diagnoza.chapters.persuasion import persuasion_blocks
from survey_app.analysis.diagnoza.page import PageBlock, page_blocks
from survey_app.forms.persuasion import SECTOR, STAKEHOLDER, PlanForm
from survey_app.services.gminas import GminaDescription
from survey_app.services.registers import persuasion
from survey_app.services.registers.diary import REGISTER
from survey_app.services.registers.persuasion import Made, PersuasionView, PlanDraft, Planned
from survey_app.web.access import current_context, current_person, member_of_gmina
from survey_app.web.panel_frame import accepted, panel_page

blueprint = Blueprint("persuasion", __name__, url_prefix="/panel/<string(length=6):gmina_code>/scenariusz")
NAME = "Scenariusz oddziaływań"
ALL = "wszystkie"  # of the address: boxes also beside those with whom something is planned
WHOLE = "calosc"  # of the address: every sector is open, to be printed or searched
FEW = 12  # Neutralni that are shown without a click
NEXT = 5
UNDER_WAY = 8


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    return _page(gmina, PlanForm())


@blueprint.post("")
@member_of_gmina
def plan(gmina: GminaDescription) -> Any:
    context, form, made = current_context(), PlanForm(request.form), list[Made]()
    seen = persuasion.view(context, gmina.code)
    _offer(form, seen)

    def make() -> None:
        draft = PlanDraft(
            form.stakeholder_ids,
            form.sectors,
            form.kind.data or "",
            form.goal.data or "",
            form.due_on.data,
            int(form.person_id.data) if (form.person_id.data or "").isdecimal() else None,
            form.argument.data or "",
            form.barrier.data or "",
            form.knowledge.data or "",
            bool(form.again.data),
        )
        made.append(persuasion.plan(context, gmina.code, draft, current_person().id))

    if not accepted(form, make):
        return _page(gmina, form, seen), 422
    for kind, words in _said(made[0]):
        flash(words, kind)
    return redirect(url_for("persuasion.index", gmina_code=gmina.code), 303)


def _said(made: Made) -> list[tuple[str, str]]:
    said = []
    if made.entries:
        count = polish.counted(len(made.entries), "działanie", "działania", "działań")
        said.append(("success", f"Utworzono {count}."))
    if made.held:
        count = polish.counted(made.held, "miejscu", "miejscach", "miejscach")
        said.append(("info", f"W {count} jest już działanie, więc drugiego nie utworzono."))
    if made.talks_to_own:
        names = ", ".join(f"„{name}”" for name in made.talks_to_own)
        words = f"Osoba, która odpowiada, reprezentuje: {names}. Lepiej, żeby rozmawiał ktoś inny."
        said.append(("warning", words))
    return said


def _page(gmina: GminaDescription, form: PlanForm, seen: PersuasionView | None = None) -> str:
    view = seen or persuasion.view(current_context(), gmina.code)
    _offer(form, view)
    going_on = _under_way(view)
    talks = view.scenario.talks if view.scenario else ()
    chosen = set(form.who.data or ())
    return panel_page(
        "panel/persuasion.html",
        gmina=gmina,
        section="coding",
        crumbs=[("Kodowanie", url_for("coding.index", gmina_code=gmina.code)), (NAME, None)],
        view=view,
        form=form,
        everybody=ALL in request.args or bool(form.again.data),
        stakeholder=STAKEHOLDER,
        sector=SECTOR,
        effect=_effect(view),
        under_way=going_on[:UNDER_WAY],
        more_under_way=len(going_on[UNDER_WAY:]),
        late_count=sum(one.late for _, one in going_on),
        next_talks=[talk for talk in talks if talk.stakeholder.stakeholder_id not in view.open_of][:NEXT],
        opened=WHOLE in request.args or ALL in request.args or len(talks) <= FEW,
        chosen_sectors={
            *(one.partition("-")[2] for one in chosen if one.startswith(SECTOR)),
            *(
                talk.stakeholder.sector
                for talk in talks
                if f"{STAKEHOLDER}-{talk.stakeholder.stakeholder_id}" in chosen
            ),
        },
        entry_link=lambda one: _entry_link(gmina, one),
        register_link=url_for("registers.entries", gmina_code=gmina.code, key=REGISTER),
    )


def _under_way(view: PersuasionView) -> list[tuple[str, Planned]]:
    """Whom each action that is not over is for, and the action; what is late, or due first, first."""
    if view.scenario is None:
        return []
    names = {one.stakeholder_id: one.name for one in view.scenario.round.stakeholders}
    sectors = {one.sector: one.sector_label for one in view.scenario.round.stakeholders}
    found = [
        (names.get(key, "Ktoś spoza katalogu"), one) for key, held in view.open_of.items() for one in held
    ]
    found += [
        (f"Sektor: {sectors.get(key, key)}", one) for key, held in view.open_of_sector.items() for one in held
    ]
    return sorted(found, key=lambda pair: (not pair[1].late, pair[1].due_on or dt.date.max, pair[1].entry_id))


def _effect(view: PersuasionView) -> list[PageBlock]:
    return page_blocks(list(persuasion_blocks(view.section, level=0)), "skutek") if view.section else []


def _entry_link(gmina: GminaDescription, one: Planned) -> str:
    return url_for("registers.show", gmina_code=gmina.code, entry_id=one.entry_id)


def _offer(form: PlanForm, view: PersuasionView) -> None:
    """The choices are those of the register's definition and of the team."""

    def of(question: str) -> list[tuple[str, str]]:
        return [(one.id, one.label) for one in view.definition.by_id[question].options]

    form.kind.choices = of("dzialanie")
    form.argument.choices = [
        ("", "jeszcze nie wiemy"),
        (persuasion.SUGGESTED, "ten, który podpowiada ankieta, jeśli jest jeden"),
        *of("argument"),
    ]
    form.barrier.choices = [("", "jeszcze nie wiemy"), *of("bariera")]
    form.knowledge.choices = [("", "nic albo jeszcze nie wiemy"), *of("bariera_wiedzy")]
    form.person_id.choices = [("", "nikt jeszcze"), *((str(key), name) for key, name in view.team.items())]
