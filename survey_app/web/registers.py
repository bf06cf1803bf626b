"""Plan i rejestry: all registers of a gmina or a region, the entries of one, its files; and the routes of all pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from survey_app.forms.interviews import whole_number
from survey_app.forms.register_page import ABOUT, SECTOR, STAKEHOLDER
from survey_app.instrument.model import AnswerType, Instrument
from survey_app.services.gminas import GminaDescription
from survey_app.services.registers import entries as entries_of
from survey_app.services.registers import files
from survey_app.services.registers.definitions import rules_of
from survey_app.services.registers.entries import Listed
from survey_app.services.registers.listing import LATE, OPEN, Wanted, about_words, filtered, state_labels
from survey_app.services.registers.overview import overview
from survey_app.services.rollup.regions import Region
from survey_app.web.access import current_context, member_of_gmina, region_reader
from survey_app.web.downloads import download, plain_name
from survey_app.web.panel_frame import page_of
from survey_app.web.register_deeds import (
    add_parties,
    adding_parties,
    remove_party,
    reply,
    replying,
    set_state,
    write_log,
)
from survey_app.web.register_entry import create, edit, new, save, show
from survey_app.web.register_frame import House, register_page

blueprint = Blueprint("registers", __name__, url_prefix="/panel/<string(length=6):gmina_code>/rejestry")
region_blueprint = Blueprint(
    "region_registers", __name__, url_prefix="/panel/region/<string(maxlength=4):region_code>/rejestry"
)
LENGTH = 50  # entries of one page
CHOICE = "pole-"  # before the id of a question of one choice, in the address of a list


def index(house: House) -> str:
    found = overview(current_context(), house.owner)
    return register_page("panel/registers.html", house, [], found=found)


def entries(house: House, key: str) -> str:
    found, wanted = _listed(house, key)
    rows = filtered(found, wanted)
    number, pages = page_of(len(rows), LENGTH)
    shown = rows[(number - 1) * LENGTH : number * LENGTH]
    asked = {name: value for name, value in request.args.items() if name != "strona" and value}
    return register_page(
        "panel/register_entries.html",
        house,
        [(found.definition.title, None)],
        definition=found.definition,
        rules=rules_of(found.definition),
        label=lambda one: found.definition.by_id[one].text.rstrip(" :"),
        total=len(found.entries),
        count=len(rows),
        rows=shown,
        late=found.late,
        states=state_labels(found, shown),
        abouts={one.id: about_words(found, one) for one in shown},
        people=found.people,
        filters=_filters(found, wanted),
        wanted=wanted,
        asked=asked,
        number=number,
        pages=pages,
        page_address=house.to("entries", key=key, strona="PAGE", **asked),
    )


def table_csv(house: House, key: str) -> Response:
    """What the list shows, all pages of it."""
    found, wanted = _listed(house, key)
    content = files.table_csv(current_context(), house.owner, found, filtered(found, wanted))
    return download(content, f"{plain_name(found.definition.title)}-{plain_name(house.name)}.csv")


def calendar(house: House) -> Response:
    """`rejestr`: of one register; then its list's filters hold here, too."""
    key = request.args.get("rejestr", "")
    name = plain_name(house.name)
    if not key:
        content = files.calendar(current_context(), house.owner, house.name, lambda one: _outside(house, one))
        return download(content, f"plan-{name}.ics")
    found, wanted = _listed(house, key)
    some = found.definition, filtered(found, wanted)
    content = files.calendar(
        current_context(), house.owner, house.name, lambda one: _outside(house, one), some
    )
    return download(content, f"{plain_name(found.definition.title)}-{name}.ics")


def _outside(house: House, entry_id: int) -> str:
    """An entry's address, as a calendar needs it: with the service's name."""
    return house.to("show", entry_id=entry_id, _external=True)


def _listed(house: House, key: str) -> tuple[Listed, Wanted]:
    found = entries_of.listed(current_context(), house.owner, key)
    args = request.args
    kind, _, about = args.get(ABOUT, "").partition("-")
    choices = {one.id: args.get(f"{CHOICE}{one.id}", "") for one in _choice_questions(found.definition)}
    return found, Wanted(
        args.get("stan", ""),
        whole_number(args["osoba"]) if args.get("osoba") else None,
        args.get("szukaj", "").strip(),
        whole_number(about) if kind == STAKEHOLDER else None,
        about if kind == SECTOR else "",
        choices,
    )


def _choice_questions(definition: Instrument) -> list[Any]:
    return [one for one in definition.questions if one.type is AnswerType.SINGLE_CHOICE]


def _filters(found: Listed, wanted: Wanted) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """(label, name, options, chosen) of each way to show less."""
    rules = rules_of(found.definition)
    states = [(OPEN, "wszystko, co nie jest zamknięte"), (LATE, "po terminie")]
    states += [(one.id, one.label) for one in rules.states]
    filters = [("Stan", "stan", states, wanted.state)]
    if rules.responsible and found.people:
        people = sorted(((str(one), name) for one, name in found.people.items()), key=lambda one: one[1])
        filters.append(("Odpowiada", "osoba", people, str(wanted.person_id or "")))
    for question in _choice_questions(found.definition):
        listed = [(one.id, one.label) for one in question.options]
        label = question.text.rstrip(" :")
        filters.append((label, f"{CHOICE}{question.id}", listed, wanted.choices[question.id]))
    return filters


# Method, what comes after the prefix, the view; its name is the endpoint's. Both kinds of registers have all of them.
ROUTES: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "", index),
    ("GET", "/kalendarz.ics", calendar),
    ("GET", "/<key>", entries),
    ("GET", "/<key>/tabela.csv", table_csv),
    ("GET", "/<key>/nowy", new),
    ("POST", "/<key>/nowy", create),
    ("GET", "/wpis/<int:entry_id>", show),
    ("GET", "/wpis/<int:entry_id>/pola", edit),
    ("POST", "/wpis/<int:entry_id>/pola", save),
    ("POST", "/wpis/<int:entry_id>/stan", set_state),
    ("POST", "/wpis/<int:entry_id>/dziennik", write_log),
    ("GET", "/wpis/<int:entry_id>/uczestnicy", adding_parties),
    ("POST", "/wpis/<int:entry_id>/uczestnicy", add_parties),
    ("POST", "/wpis/<int:entry_id>/uczestnicy/<int:party_id>/usun", remove_party),
    ("GET", "/wpis/<int:entry_id>/uczestnicy/<int:party_id>", replying),
    ("POST", "/wpis/<int:entry_id>/uczestnicy/<int:party_id>", reply),
)


def _of_gmina(view: Callable[..., Any]) -> Callable[..., Any]:
    def shown(gmina: GminaDescription, **values: Any) -> Any:
        return view(House(gmina=gmina), **values)

    return member_of_gmina(shown)


def _of_region(view: Callable[..., Any]) -> Callable[..., Any]:
    def shown(region: Region, **values: Any) -> Any:
        return view(House(region=region), **values)

    return region_reader(shown)


for _method, _rule, _view in ROUTES:
    _name = _view.__name__
    blueprint.add_url_rule(_rule, _name, _of_gmina(_view), methods=[_method])
    region_blueprint.add_url_rule(_rule, _name, _of_region(_view), methods=[_method])
