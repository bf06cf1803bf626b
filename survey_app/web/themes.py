"""Tematy: the gmina's tree of themes, where to give them, and how far coders agree. METHOD, "IDI and FGI"."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.errors import ConflictError
from survey_app.forms.interviews import whole_number
from survey_app.forms.themes import TOP, ThemeForm
from survey_app.services import accounts
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import interviews, passage_views, theme_agreement, themes
from survey_app.services.interviewing.themes import ThemeDraft, ThemeNode
from survey_app.web.access import coordinator_of_gmina, current_context, current_person, member_or_moderator
from survey_app.web.interview_frame import interviews_page
from survey_app.web.panel_frame import accepted, may_open

blueprint = Blueprint("themes", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wywiady/tematy")

# Other pages on themes, as far as they are there and the person may open them.
MORE = (
    ("Wyniki wywiadów", "interview_results.index"),
    ("Odpowiedzi otwarte z ankiety", "answer_themes.index"),
    ("Cytaty do diagnozy", "quotations.index"),
    ("Zgodność koderów", "themes.agreement"),
    ("Tabela tematów i projekt REFI-QDA", "theme_files.index"),
)


@blueprint.get("")
@member_or_moderator
def index(gmina: GminaDescription) -> str:
    context, person = current_context(), current_person()
    return interviews_page(
        "panel/themes.html",
        gmina,
        [("Tematy", None)],
        tree=themes.tree(context, gmina.code),
        readable=passage_views.readable(context, gmina.code, person),
        forms_of=interviews.FORMS,
        coordinates=accounts.coordinates(person, gmina.code),
        more=[
            (words, url_for(name, gmina_code=gmina.code))
            for words, name in MORE
            if may_open(name, gmina.code)
        ],
    )


@blueprint.get("/zgodnosc")
@coordinator_of_gmina
def agreement(gmina: GminaDescription) -> str:
    return interviews_page(
        "panel/theme_agreement.html",
        gmina,
        [_tree_link(gmina), ("Zgodność koderów", None)],
        found=theme_agreement.of_gmina(current_context(), gmina.code),
        level=theme_agreement.level,
    )


@blueprint.get("/nowy")
@coordinator_of_gmina
def new(gmina: GminaDescription) -> str:
    parent = whole_number(request.args.get("pod", ""))
    return _form_page(gmina, _form(gmina, data={"parent_id": parent}), None)


@blueprint.post("/nowy")
@coordinator_of_gmina
def create(gmina: GminaDescription) -> Any:
    form = _form(gmina, typed=request.form)
    actor = current_person().id
    if not accepted(form, lambda: themes.add(current_context(), gmina.code, _draft(form), actor)):
        return _form_page(gmina, form, None), 422
    flash(f"Temat „{form.label.data.strip()}” jest w drzewie.", "success")
    return _to_tree(gmina)


@blueprint.get("/<int:theme_id>/zmiana")
@coordinator_of_gmina
def edit(gmina: GminaDescription, theme_id: int) -> str:
    found = themes.theme(current_context(), gmina.code, theme_id)
    words = {name: getattr(found, name) for name in ("label", "definition", "example")}
    form = _form(gmina, data=words | {"parent_id": found.parent_id or TOP}, of=found)
    return _form_page(gmina, form, found)


@blueprint.post("/<int:theme_id>/zmiana")
@coordinator_of_gmina
def save(gmina: GminaDescription, theme_id: int) -> Any:
    context, actor = current_context(), current_person().id
    found = themes.theme(context, gmina.code, theme_id)
    form = _form(gmina, typed=request.form, of=found)
    if not accepted(form, lambda: themes.change(context, gmina.code, theme_id, _draft(form), actor)):
        return _form_page(gmina, form, found), 422
    flash("Zmieniono temat.", "success")
    return _to_tree(gmina)


@blueprint.post("/<int:theme_id>/<any(wyzej, nizej, wycofanie, przywrocenie, usuniecie):arrangement>")
@coordinator_of_gmina
def arrange(gmina: GminaDescription, theme_id: int, arrangement: str) -> Any:
    context, actor = current_context(), current_person().id
    found = themes.theme(context, gmina.code, theme_id)
    try:
        if arrangement in ("wyzej", "nizej"):
            themes.move(context, gmina.code, theme_id, -1 if arrangement == "wyzej" else 1, actor)
        else:
            change = {"wycofanie": themes.retire, "przywrocenie": themes.restore, "usuniecie": themes.delete}
            change[arrangement](context, gmina.code, theme_id, actor)
    except ConflictError as error:
        flash(error.message, "warning")
        return redirect(url_for("themes.edit", gmina_code=gmina.code, theme_id=theme_id), 303)
    done = {"wycofanie": "wycofany", "przywrocenie": "znowu w użyciu", "usuniecie": "usunięty"}
    if arrangement in done:
        flash(f"Temat „{found.label}” jest {done[arrangement]}.", "success")
    return _to_tree(gmina)


def _form(
    gmina: GminaDescription, typed: Any = None, data: Any = None, of: ThemeNode | None = None
) -> ThemeForm:
    form = ThemeForm(typed, data=data)
    nodes = themes.tree(current_context(), gmina.code)
    offered = themes.parents_for(nodes, of)
    if of is not None and of.parent_id not in {None, *(node.id for node in offered)}:
        offered = [*offered, *(node for node in nodes if node.id == of.parent_id)]
    form.offer((node.id, " › ".join(node.path)) for node in offered)
    return form


def _draft(form: ThemeForm) -> ThemeDraft:
    parent = form.parent_id.data
    return ThemeDraft(form.label.data, form.definition.data, form.example.data, parent or None)


def _form_page(gmina: GminaDescription, form: ThemeForm, of: ThemeNode | None) -> str:
    here = "Zmiana tematu" if of is not None else "Nowy temat"
    children = of is not None and any(
        node.parent_id == of.id for node in themes.tree(current_context(), gmina.code)
    )
    return interviews_page(
        "panel/theme_form.html",
        gmina,
        [_tree_link(gmina), (here, None)],
        form=form,
        theme=of,
        here=here,
        children=children,
        faults=bool(form.errors),
    )


def _tree_link(gmina: GminaDescription) -> tuple[str, str | None]:
    return "Tematy", url_for("themes.index", gmina_code=gmina.code)


def _to_tree(gmina: GminaDescription) -> Any:
    return redirect(url_for("themes.index", gmina_code=gmina.code), 303)
