"""A paper as PDF and as a Word document; of a letter, the page that chooses to whom it goes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, Response, request, url_for

from survey_app import polish
from survey_app.errors import InvalidInputError, NotFoundError
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import paper_calculation, paper_files, papers
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.paper_files import FORMATS, Recipient
from survey_app.web.access import coordinator_of_gmina, current_context, current_person, member_of_gmina
from survey_app.web.downloads import download, plain_name
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint(
    "paper_files", __name__, url_prefix="/panel/<string(length=6):gmina_code>/pisma/<int:paper_id>"
)
EVERYONE = "wszyscy"
_LONGEST_NUMBER = 10


@blueprint.get("/plik.pdf")
@member_of_gmina
def pdf(gmina: GminaDescription, paper_id: int) -> Response:
    content = paper_files.pdf(current_context(), gmina.code, paper_id, _number())
    return download(content, _name(gmina, paper_id, "pdf"))


@blueprint.get("/plik.docx")
@member_of_gmina
def docx(gmina: GminaDescription, paper_id: int) -> Response:
    content = paper_files.docx(current_context(), gmina.code, paper_id, _number())
    return download(content, _name(gmina, paper_id, "docx"))


@blueprint.get("/obliczenie.csv")
@member_of_gmina
def calculation(gmina: GminaDescription, paper_id: int) -> Response:
    """Assumptions with their sources, and what a calculator made of them. NotFoundError if the paper is none."""
    content = paper_calculation.csv_of(current_context(), gmina.code, paper_id, _number())
    return download(content, _name(gmina, paper_id, "csv", "obliczenie"))


@blueprint.get("/listy")
@coordinator_of_gmina
def recipients(gmina: GminaDescription, paper_id: int) -> str:
    """Whom the letter goes to; `zaznacz` in the address ticks everyone, those of a code, or those of a sector."""
    everyone = paper_files.recipients(current_context(), gmina.code)
    wanted = request.args.get("zaznacz", "")
    ticked = {one.id for one in everyone if wanted in _groups_of(one)}
    return _page(gmina, paper_id, ticked, wanted=wanted)


@blueprint.post("/listy")
@coordinator_of_gmina
def letters(gmina: GminaDescription, paper_id: int) -> Any:
    """The file; the same page with the reason, and with what was ticked, if it cannot be made."""
    chosen = {int(text) for text in request.form.getlist("odbiorca") if _is_number(text)}
    form = request.form.get("plik", "pdf")
    form = form if form in FORMATS else "pdf"
    try:
        content = paper_files.letters(
            current_context(), gmina.code, paper_id, chosen, form, current_person().id, _number()
        )
    except InvalidInputError as error:
        return _page(gmina, paper_id, chosen, fault=error.message), error.status
    return download(content, _name(gmina, paper_id, form, "listy"))


def _page(
    gmina: GminaDescription, paper_id: int, ticked: Collection[int], *, wanted: str = "", fault: str = ""
) -> str:
    view = papers.view(current_context(), gmina.code, paper_id)
    if not rules_of(view.definition).letters:
        raise NotFoundError("To pismo nie jest listem do wielu odbiorców.")
    everyone = paper_files.recipients(current_context(), gmina.code)
    return panel_page(
        "panel/paper_letters.html",
        gmina=gmina,
        section="papers",
        crumbs=[
            ("Pisma", url_for("papers.index", gmina_code=gmina.code)),
            (view.paper.title, url_for("papers.show", gmina_code=gmina.code, paper_id=paper_id)),
            ("Listy", None),
        ],
        paper=view.paper,
        options=[{"value": one.id, "label": one.name, "hint": _told(one)} for one in everyone],
        groups=_groups(everyone),
        ticked=ticked,
        wanted=wanted,
        fault=fault,
        count=polish.institutions(len(everyone)),
    )


def _told(one: Recipient) -> str:
    person = one.person or "brak osoby do kontaktu"
    return "; ".join(part for part in (one.sector_label, one.code_label, person) if part)


def _groups_of(one: Recipient) -> tuple[str, ...]:
    return (EVERYONE, f"kod-{one.code}", f"sektor-{one.sector}")


def _groups(everyone: Collection[Recipient]) -> list[tuple[str, str]]:
    """What can be ticked at once: value and words, only of what there is."""
    codes = {f"kod-{one.code}": one.code_label for one in everyone if one.code}
    sectors = {f"sektor-{one.sector}": one.sector_label for one in everyone}
    return [
        (EVERYONE, "wszyscy z katalogu"),
        *((value, f"kod: {words}") for value, words in sorted(codes.items(), key=_alphabetical)),
        *((value, f"sektor: {words}") for value, words in sorted(sectors.items(), key=_alphabetical)),
    ]


def _alphabetical(entry: tuple[str, str]) -> tuple[str, str]:
    return polish.alphabetical(entry[1])


def _number() -> int | None:
    """The version that the address asks for. NotFoundError if that is no number."""
    text = request.args.get("wersja")
    if text is None:
        return None
    if not _is_number(text):
        raise NotFoundError(papers.UNKNOWN_VERSION)
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < _LONGEST_NUMBER


def _name(gmina: GminaDescription, paper_id: int, ending: str, what: str = "") -> str:
    title = papers.view(current_context(), gmina.code, paper_id).paper.title
    parts = [what, plain_name(title), plain_name(gmina.name)]
    return f"{'-'.join(part for part in parts if part)}.{ending}"
