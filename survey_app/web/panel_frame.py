"""What every staff page shares: the bar, the navigation, and the way a form that was refused comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import current_app, render_template, request, url_for
from wtforms import Form

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.forms.staff_fields import put_faults
from survey_app.services import accounts
from survey_app.services.gminas import GminaDescription
from survey_app.services.rollup import regions
from survey_app.web.access import Access, current_person, declared_access

Link = tuple[str, str | None]


def panel_page(
    template: str,
    *,
    gmina: GminaDescription | None = None,
    section: str = "",
    crumbs: Sequence[Link] = (),
    **words: Any,
) -> str:
    """A staff page. `section` marks the current entry of the navigation; `crumbs` come after the gmina's own."""
    person = current_person()
    return render_template(
        template,
        gmina=gmina,
        gmina_name=gmina.name if gmina else None,
        switch_gmina=url_for("team.home") if gmina and len(accounts.opened_gmina_codes(person)) > 1 else None,
        person_name=person.name,
        person_id=person.id,
        logout_url=url_for("auth.log_out"),
        nav_links=_navigation(gmina, section),
        crumbs=_trail(gmina, crumbs),
        **words,
    )


def page_of(count: int, length: int, name: str = "strona") -> tuple[int, int]:
    """Which page of a long list the address asks for, within those that there are; and how many."""
    pages = max(1, -(-count // length))
    asked = request.args.get(name, "1")
    return min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 6 else 1, pages


def accepted(form: Form, action: Callable[[], object]) -> bool:
    """True when the form is right and the use case took it; else every fault stands beside its field.

    What was typed stays in the form, so that the page can show it again.
    """
    if not form.validate():
        return False
    try:
        action()
    except InvalidInputError as error:
        form.form_errors = put_faults(form, error.faults)
        if not form.errors:
            form.form_errors = [error.message]
    except (ConflictError, NotFoundError) as error:
        form.form_errors = [error.message]
    return not form.errors


# Text, endpoint, and the section that marks it as current.
ENTRIES = (
    ("Początek", "team.gmina", "team"),
    ("Proces", "process.index", "process"),
    ("Pisma", "papers.index", "papers"),
    ("Rejestry", "registers.index", "registers"),
    ("Katalog", "catalogue.index", "catalogue"),
    ("Kampanie", "campaigns.index", "campaigns"),
    ("Kodowanie", "coding.index", "coding"),
    ("Wywiady", "interviews.index", "interviews"),
    ("Biblioteczka", "library.index", "library"),
    ("Zespół", "team_people.index", "people"),
)


def _navigation(gmina: GminaDescription | None, section: str) -> list[tuple[str, str, bool]]:
    """Of the gmina's pages, those that the person may open; the region that they read, or the list of several."""
    links = []
    if gmina is not None:
        links = [
            (text, url_for(endpoint, gmina_code=gmina.code), section == of)
            for text, endpoint, of in ENTRIES
            if may_open(endpoint, gmina.code)
        ]
    if read := regions.region_codes(current_person()):
        address = url_for("region.show", region_code=read[0]) if len(read) == 1 else url_for("team.home")
        links.append(("Zestawienia", address, section == "region"))
    if accounts.is_administrator(current_person()):
        links.append(("Administracja", url_for("admin.index"), section == "admin"))
    return [*links, ("Konto", url_for("account.show"), section == "account")]


def may_open(endpoint: str, gmina_code: str) -> bool:
    """May the person who is logged in open this page of the gmina?"""
    view, person = current_app.view_functions.get(endpoint), current_person()
    if view is None:
        return False
    if declared_access(view) is Access.MEMBER_OF_GMINA:
        return accounts.is_member(person, gmina_code)
    if declared_access(view) is Access.MEMBER_OR_MODERATOR:
        return accounts.is_member(person, gmina_code) or accounts.moderates(person, gmina_code)
    return accounts.coordinates(person, gmina_code)


def first_page(gmina_code: str) -> str:
    """Where the person begins in this gmina: its start page, or the interviews of one who only moderates."""
    endpoint = "team.gmina" if may_open("team.gmina", gmina_code) else "interviews.index"
    return url_for(endpoint, gmina_code=gmina_code)


def _trail(gmina: GminaDescription | None, crumbs: Sequence[Link]) -> list[Link]:
    if not crumbs:
        return []
    first = (gmina.name, first_page(gmina.code)) if gmina else ("Panel", url_for("team.home"))
    return [first, *crumbs]
