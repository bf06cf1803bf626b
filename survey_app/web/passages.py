"""Tematy of one interview: its texts, passages and their themes, who codes it, and how far coders agree.

METHOD, "IDI and FGI".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app import polish
from survey_app.errors import ConflictError
from survey_app.forms.themes import CoderForm, PassageForm, ThemesOfPassageForm, read_sentences
from survey_app.services import accounts
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import (
    carry_passages,
    coders,
    interviews,
    passage_views,
    passages,
    theme_agreement,
    themes,
)
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.passages import PassageDraft
from survey_app.services.interviewing.themes import ThemeNode
from survey_app.web.access import coordinator_of_gmina, current_context, current_person, reader_of_interview
from survey_app.web.interview_frame import interview_page
from survey_app.web.panel_frame import accepted

blueprint = Blueprint(
    "passages", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wywiady/<int:interview_id>/tematy"
)


@blueprint.get("")
@reader_of_interview
def index(gmina: GminaDescription, interview: Interview) -> str:
    context, person = current_context(), current_person()
    return interview_page(
        "panel/passages.html",
        gmina,
        interview,
        "Tematy",
        texts=passage_views.text_rows(context, interview, person.id),
        coders=coders.coders(context, interview),
        coordinates=accounts.coordinates(person, gmina.code),
    )


@blueprint.get("/<int:text_id>")
@reader_of_interview
def show(gmina: GminaDescription, interview: Interview, text_id: int) -> str:
    return _text_page(gmina, interview, text_id, "panel/passage_text.html")


@blueprint.get("/<int:text_id>/zdania")
@reader_of_interview
def sentences(gmina: GminaDescription, interview: Interview, text_id: int) -> str:
    """The same without a mouse and without scripts: whole sentences, by check boxes."""
    return _text_page(gmina, interview, text_id, "panel/passage_sentences.html")


@blueprint.post("/<int:text_id>")
@reader_of_interview
def add(gmina: GminaDescription, interview: Interview, text_id: int) -> Any:
    form = _passage_form(gmina)
    return _add(gmina, interview, text_id, form, (form.run,) if form.run else (), "panel/passage_text.html")


@blueprint.post("/<int:text_id>/zdania")
@reader_of_interview
def add_sentences(gmina: GminaDescription, interview: Interview, text_id: int) -> Any:
    runs = read_sentences(request.form.getlist("zdania"))
    return _add(
        gmina, interview, text_id, _passage_form(gmina), runs, "panel/passage_sentences.html", ticked=runs
    )


@blueprint.get("/fragmenty/<int:excerpt_id>")
@reader_of_interview
def edit(gmina: GminaDescription, interview: Interview, excerpt_id: int) -> str:
    excerpt, _, given = passages.own_passage(
        current_context(), gmina.code, interview.id, excerpt_id, current_person().id
    )
    nodes = _offered(gmina, given)
    form = ThemesOfPassageForm(data={"themes": list(given), "memo": excerpt.memo})
    form.offer(_pairs(nodes))
    return _edit_page(gmina, interview, excerpt_id, form, nodes)


@blueprint.post("/fragmenty/<int:excerpt_id>")
@reader_of_interview
def change(gmina: GminaDescription, interview: Interview, excerpt_id: int) -> Any:
    context, actor = current_context(), current_person().id
    _, text, given = passages.own_passage(context, gmina.code, interview.id, excerpt_id, actor)
    nodes, form = _offered(gmina, given), ThemesOfPassageForm(request.form)
    form.offer(_pairs(nodes))
    kept: list[int] = []

    def save() -> None:
        chosen = frozenset(form.themes.data)
        kept.append(
            passages.change(context, gmina.code, interview.id, excerpt_id, chosen, form.memo.data, actor)
        )

    if not accepted(form, save):
        return _edit_page(gmina, interview, excerpt_id, form, nodes), 422
    flash("Zmieniono fragment.", "success")
    return _to_text(gmina, interview, text.id, f"miejsce-{kept[0]}")


@blueprint.post("/fragmenty/<int:excerpt_id>/usuniecie")
@reader_of_interview
def remove(gmina: GminaDescription, interview: Interview, excerpt_id: int) -> Any:
    context, actor = current_context(), current_person().id
    _, text, _ = passages.own_passage(context, gmina.code, interview.id, excerpt_id, actor)
    passages.remove(context, gmina.code, interview.id, excerpt_id, actor)
    flash("Fragment nie ma już Państwa tematów.", "success")
    return _to_text(gmina, interview, text.id)


@blueprint.post("/<int:text_id>/<any(koniec, powrot, przeniesienie):deed>")
@reader_of_interview
def arrange(gmina: GminaDescription, interview: Interview, text_id: int, deed: str) -> Any:
    """Finished with the text; back to it; own passages of the version before."""
    context, actor = current_context(), current_person().id
    try:
        if deed == "koniec":
            passages.finish(context, gmina.code, interview.id, text_id, actor)
            flash("Kodowanie tego tekstu jest zakończone. Widać teraz, co zaznaczyli inni.", "success")
        elif deed == "powrot":
            passages.reopen(context, gmina.code, interview.id, text_id, actor)
            flash("Mogą Państwo kodować dalej.", "success")
        else:
            carried = carry_passages.carry(context, gmina.code, interview.id, text_id, actor)
            words = polish.counted(carried, "fragment", "fragmenty", "fragmentów")
            flash(f"Przeniesiono {words} z wcześniejszej wersji.", "success")
    except ConflictError as error:
        flash(error.message, "warning")
    return _to_text(gmina, interview, text_id)


@blueprint.get("/<int:text_id>/zgodnosc")
@reader_of_interview
def agreement(gmina: GminaDescription, interview: Interview, text_id: int) -> Any:
    context, person = current_context(), current_person()
    try:
        found = theme_agreement.of_text(context, gmina.code, interview, text_id, person.id)
    except ConflictError as error:
        flash(error.message, "warning")
        return _to_text(gmina, interview, text_id)
    return interview_page(
        "panel/passage_agreement.html",
        gmina,
        interview,
        "Zgodność koderów",
        found=found,
        level=theme_agreement.level,
    )


# Who codes -----------------------------------------------------------------------------------------------------


@blueprint.get("/koderzy")
@coordinator_of_gmina
def people(gmina: GminaDescription, interview_id: int) -> str:
    interview = interviews.interview(current_context(), gmina.code, interview_id)
    return _people_page(gmina, interview, CoderForm())


@blueprint.post("/koderzy")
@coordinator_of_gmina
def assign(gmina: GminaDescription, interview_id: int) -> Any:
    context, actor = current_context(), current_person().id
    interview, form = interviews.interview(context, gmina.code, interview_id), CoderForm(request.form)
    form.offer((one.id, one.name) for one in coders.choices(context, interview))
    if not accepted(form, lambda: coders.assign(context, gmina.code, interview_id, form.person.data, actor)):
        return _people_page(gmina, interview, form), 422
    flash("Dano wywiad do kodowania.", "success")
    return redirect(url_for("passages.people", gmina_code=gmina.code, interview_id=interview_id), 303)


@blueprint.post("/koderzy/<int:person_id>")
@coordinator_of_gmina
def unassign(gmina: GminaDescription, interview_id: int, person_id: int) -> Any:
    coders.unassign(current_context(), gmina.code, interview_id, person_id, current_person().id)
    flash("Ta osoba nie czyta już tego wywiadu. Jej fragmenty zostały.", "success")
    return redirect(url_for("passages.people", gmina_code=gmina.code, interview_id=interview_id), 303)


def _people_page(gmina: GminaDescription, interview: Interview, form: CoderForm) -> str:
    context = current_context()
    offered = coders.choices(context, interview)
    form.offer((one.id, one.name) for one in offered)
    return interview_page(
        "panel/passage_coders.html",
        gmina,
        interview,
        "Kto koduje",
        form=form,
        coders=coders.coders(context, interview),
        offered=bool(offered),
        faults=bool(form.errors),
    )


# What pages are made of ----------------------------------------------------------------------------------------


def _add(
    gmina: GminaDescription,
    interview: Interview,
    text_id: int,
    form: PassageForm,
    runs: tuple[tuple[int, int], ...],
    template: str,
    ticked: tuple[tuple[int, int], ...] = (),
) -> Any:
    context, actor = current_context(), current_person().id
    made: list[int] = []

    def save() -> None:
        draft = PassageDraft(
            runs,
            frozenset(form.themes.data),
            form.memo.data,
            form.sha256.data,
            "" if ticked else form.words.data,
        )
        made.extend(passages.add(context, gmina.code, interview.id, text_id, draft, actor))

    if not accepted(form, save):
        return _text_page(gmina, interview, text_id, template, form, ticked), 422
    flash(
        "Zapisano fragment."
        if len(made) == 1
        else f"Zapisano {polish.counted(len(made), 'fragment', 'fragmenty', 'fragmentów')}.",
        "success",
    )
    if ticked:
        return redirect(_address("passages.sentences", gmina, interview, text_id), 303)
    return _to_text(gmina, interview, text_id, f"miejsce-{made[0]}")


def _passage_form(gmina: GminaDescription) -> PassageForm:
    form = PassageForm(request.form)
    form.offer(_pairs(_offered(gmina)))
    return form


def _offered(gmina: GminaDescription, given: Iterable[int] = ()) -> list[ThemeNode]:
    """Themes that can be given, and those that the passage has already."""
    kept = set(given)
    tree = themes.tree(current_context(), gmina.code)
    return [node for node in tree if not node.retired or node.id in kept]


def _pairs(nodes: Iterable[ThemeNode]) -> list[tuple[int, str]]:
    return [(node.id, node.label) for node in nodes]


def _text_page(
    gmina: GminaDescription,
    interview: Interview,
    text_id: int,
    template: str,
    form: PassageForm | None = None,
    ticked: tuple[tuple[int, int], ...] = (),
) -> str:
    context, person = current_context(), current_person()
    view = passage_views.text_view(context, gmina.code, interview, text_id, person.id)
    refused = form is not None
    form = form or PassageForm(data={"themes": []})
    stale = refused and form.sha256.data != view.text.sha256
    run = form.run if refused and not stale else None
    nodes = _offered(gmina)
    form.offer(_pairs(nodes))
    form.sha256.data = view.text.sha256
    return interview_page(
        template,
        gmina,
        interview,
        view.name,
        found=view,
        form=form,
        themes=nodes,
        chosen=view.text.text[run[0] : run[1]] if run else "",
        ticked=() if stale else ticked,
        refused=refused,
        most_lanes=max((one.lane for one in view.passages), default=1),
        faults=bool(form.errors),
    )


def _edit_page(
    gmina: GminaDescription,
    interview: Interview,
    excerpt_id: int,
    form: ThemesOfPassageForm,
    nodes: list[ThemeNode],
) -> str:
    excerpt, text, _ = passages.own_passage(
        current_context(), gmina.code, interview.id, excerpt_id, current_person().id
    )
    return interview_page(
        "panel/passage_edit.html",
        gmina,
        interview,
        "Fragment",
        form=form,
        themes=nodes,
        excerpt=excerpt,
        words=text.text[excerpt.start_at : excerpt.end_at],
        text=text,
        text_name=passages.text_name(text),
        faults=bool(form.errors),
    )


def _address(name: str, gmina: GminaDescription, interview: Interview, text_id: int, **more: Any) -> str:
    return url_for(name, gmina_code=gmina.code, interview_id=interview.id, text_id=text_id, **more)


def _to_text(gmina: GminaDescription, interview: Interview, text_id: int, anchor: str = "") -> Any:
    more = {"_anchor": anchor} if anchor else {}
    return redirect(_address("passages.show", gmina, interview, text_id, **more), 303)
