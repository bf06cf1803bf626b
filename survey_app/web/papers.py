"""Pisma: forms and documents of a team: the list, one begun, one filled in, one as it reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app import polish
from survey_app.errors import Fault, SurveyError
from survey_app.forms.handlers import handler
from survey_app.forms.interviews import whole_number
from survey_app.forms.paper_page import Blank, SentPaper, begun, off_path, parts, read_paper
from survey_app.forms.typed_text import clean_line
from survey_app.instrument.model import AnswerType, Instrument
from survey_app.instrument.paper_model import ROW_ID, Row
from survey_app.instrument.routing import path
from survey_app.instrument.values import Value
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import papers, process
from survey_app.services.method.advice import advised
from survey_app.services.method.begun_from import prefilled_from
from survey_app.services.method.definitions import paper_definition, rules_of
from survey_app.services.method.paper_facts import prefilled
from survey_app.services.method.paper_list import groups, standing
from survey_app.services.method.paper_sources import unsourced
from survey_app.services.method.papers import Content, PaperView, content_of
from survey_app.web.access import current_context, current_person, member_of_gmina
from survey_app.web.body_size import takes_up_to
from survey_app.web.panel_frame import panel_page
from survey_app.web.paper_frame import (
    SECTION,
    STATE_WORDS,
    MadeFrom,
    after_saving,
    by_place,
    closed_already,
    compared,
    find,
    is_advice,
    is_calculator,
    made_from,
    number_beside,
    paper_page,
    shown_text,
    text_of_version,
)

blueprint = Blueprint("papers", __name__, url_prefix="/panel/<string(length=6):gmina_code>/pisma")

LARGEST = 2 * 1024 * 1024
ADD_ROWS = "dodaj"


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    return panel_page(
        "panel/papers.html",
        gmina=gmina,
        section=SECTION,
        crumbs=[("Pisma", None)],
        groups=groups(current_context(), gmina.code),
        states=STATE_WORDS,
    )


@blueprint.get("/nowe/<key>")
@member_of_gmina
def new(gmina: GminaDescription, key: str) -> Any:
    """Filled with what the service knows, and with the entry `wpis`; nothing is kept before it is sent."""
    definition = paper_definition(key)
    if held := standing(current_context(), gmina.code, definition):
        flash("To pismo już jest. Można zmieniać to, które jest.", "info")
        return redirect(url_for("papers.show", gmina_code=gmina.code, paper_id=held.id), 303)
    if entry := request.args.get("wpis"):
        content = prefilled_from(current_context(), gmina.code, definition, whole_number(entry))
    else:
        content = prefilled(current_context(), gmina.code, definition)
    return _new_page(gmina, definition, begun(definition, content.answers, content.tables))


@blueprint.post("/nowe/<key>")
@takes_up_to(LARGEST)
@member_of_gmina
def create(gmina: GminaDescription, key: str) -> Any:
    definition, context = paper_definition(key), current_context()
    sent = read_paper(definition, request.form.to_dict(flat=False), f"{current_person().id}:0")
    if added := request.form.get(ADD_ROWS):
        return _new_page(gmina, definition, sent, added=added)
    if sent.faults:
        return _new_page(gmina, definition, sent, sent.faults), 422
    content = Content(sent.values, sent.rows)
    try:
        made = papers.start(
            context, gmina.code, key, content, _title(definition, sent.values), current_person().id
        )
    except SurveyError as error:
        held = standing(context, gmina.code, definition)
        return _new_page(
            gmina, definition, sent, [Fault("paper", "", error.message)], held=held
        ), error.status
    flash("Pismo jest zapisane jako szkic.", "success")
    return redirect(url_for("papers.show", gmina_code=gmina.code, paper_id=made.id), 303)


@blueprint.get("/<int:paper_id>")
@member_of_gmina
def show(gmina: GminaDescription, paper_id: int) -> str:
    """The text as it is now, or the advice; what was typed and is no part of it is said."""
    view = find(gmina, paper_id)
    answers = view.newest.answers
    asked = {key: answers[key] for key in path(view.definition, answers) if key in answers}
    return paper_page(
        "panel/paper.html",
        gmina,
        view,
        "papers.show",
        blocks=[] if is_advice(view) else shown_text(text_of_version(gmina, view, view.newest)),
        advice=advised(view.definition, asked) if is_advice(view) else None,
        is_advice=is_advice(view),
        is_calculator=is_calculator(view),
        unsourced=unsourced(view.definition, view.newest.tables),
        letters=rules_of(view.definition).letters,
        signed=rules_of(view.definition).signed,
        step=process.step_of_paper(current_context(), gmina.code, view.paper.key),
        passed_over=_passed_over(view.definition, answers),
    )


@blueprint.get("/<int:paper_id>/pola")
@member_of_gmina
def edit(gmina: GminaDescription, paper_id: int) -> Any:
    """`scal`: a version that stands beside; then the page holds what only that one has, too."""
    view = find(gmina, paper_id)
    if away := closed_already(gmina, view):
        return away
    content, settles = content_of(view.newest), number_beside(view, request.args.get("scal"))
    if settles:
        content = _united(content, content_of(view.version(settles)))
    page = begun(view.definition, content.answers, content.tables)
    return fill_page(gmina, view, page, MadeFrom(view.newest.number, settles))


@blueprint.post("/<int:paper_id>/pola")
@takes_up_to(LARGEST)
@member_of_gmina
def save(gmina: GminaDescription, paper_id: int) -> Any:
    """A version of its own, whatever was saved meanwhile; a refused page keeps everything that was typed."""
    view, actor = find(gmina, paper_id), current_person().id
    origin, faults = made_from(view, request.form)
    sent = read_paper(view.definition, request.form.to_dict(flat=False), f"{actor}:{origin.base}")
    if added := request.form.get(ADD_ROWS):
        return fill_page(gmina, view, sent, origin, added=added)
    if faults := [*sent.faults, *faults]:
        return fill_page(gmina, view, sent, origin, faults), 422
    content = Content(sent.values, sent.rows, view.version(origin.base).text)
    try:
        saved = papers.save(
            current_context(),
            gmina.code,
            paper_id,
            origin.base,
            content,
            actor,
            title=_title(view.definition, sent.values),
            said=origin.said,
            settles=origin.settles,
        )
    except SurveyError as error:
        return fill_page(gmina, view, sent, origin, [Fault("paper", "", error.message)]), error.status
    return after_saving(gmina, paper_id, saved, view.newest.number)


def _new_page(
    gmina: GminaDescription,
    definition: Instrument,
    page: Blank | SentPaper,
    faults: Sequence[Fault] = (),
    *,
    added: str | None = None,
    held: object = None,
) -> str:
    return panel_page(
        "panel/paper_new.html",
        gmina=gmina,
        section=SECTION,
        crumbs=[("Pisma", url_for("papers.index", gmina_code=gmina.code)), (definition.title, None)],
        held=held,
        **_page_words(definition, page, faults, added),
    )


def fill_page(
    gmina: GminaDescription,
    view: PaperView,
    page: Blank | SentPaper,
    origin: MadeFrom,
    faults: Sequence[Fault] = (),
    *,
    added: str | None = None,
    from_file: str = "",
) -> str:
    """`from_file`: the title of the table that a file has just filled; nothing of it is saved yet."""
    return paper_page(
        "panel/paper_fill.html",
        gmina,
        view,
        "papers.edit",
        origin=origin,
        from_file=from_file,
        difference=compared(gmina, view, origin.settles, origin.base) if origin.settles else None,
        unsourced=[] if faults else unsourced(view.definition, view.newest.tables),
        **_page_words(view.definition, page, faults, added),
    )


def _page_words(
    definition: Instrument, page: Blank | SentPaper, faults: Sequence[Fault], added: str | None
) -> dict[str, Any]:
    return {
        "definition": definition,
        "parts": parts(definition, page, added),
        "raw": page.raw,
        "faults": faults,
        "errors": by_place(faults),
    }


def _united(newest: Content, other: Content) -> Content:
    """The newest with the answers and rows that only the other has; what both have and differs is for a person."""
    tables: dict[str, list[Row]] = {table: list(rows) for table, rows in newest.tables.items()}
    for table, rows in other.tables.items():
        held = {row.get(ROW_ID) for row in tables.get(table, [])}
        tables[table] = [*tables.get(table, []), *(row for row in rows if row.get(ROW_ID) not in held)]
    return Content({**other.answers, **newest.answers}, tables, newest.text)


def _title(definition: Instrument, answers: Mapping[str, Value]) -> str:
    """What tells this one from others of its kind; empty where nothing does, and the definition's name stands."""
    named_by = rules_of(definition).named_by
    value = answers.get(named_by)
    if not named_by or value is None:
        return definition.title
    question = definition.by_id[named_by]
    raw = {name: texts[0] for name, texts in handler(question.type).fields(question, value).items() if texts}
    if question.type is AnswerType.DATE:
        told = polish.date(dt.date.fromisoformat(str(value)))
    else:
        told = clean_line(", ".join(handler(question.type).told(question, raw)))
    name = "".join(char for char in told if char.isprintable())
    return (
        f"{definition.title[:100]}: {name if len(name) < 90 else name[:89] + '…'}"
        if name
        else definition.title
    )


def _passed_over(definition: Instrument, answers: Mapping[str, Value]) -> list[str]:
    return [question.text for question in off_path(definition, answers)]
