"""Biblioteczka in the panel: the same pages for a team, for a region's readers and for the administrator.

A team's members read and add for themselves; its coordinator decides who else reads an item, changes and withdraws.
Of a region's and the country's items whoever may keep them does it all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app.errors import ConflictError, NotFoundError
from survey_app.forms.library import FORMS, ItemForm
from survey_app.forms.staff_fields import put_faults
from survey_app.services import accounts
from survey_app.services.gminas import GminaDescription
from survey_app.services.library import drafts, items, search, take_down
from survey_app.services.library.files import KINDS as FILE_KINDS
from survey_app.services.library.files import MAX_SIZE, ending
from survey_app.services.library.items import ItemDraft, Reading, Scope
from survey_app.services.library.shelf import DOCUMENT, KINDS, shelf
from survey_app.services.rollup.regions import COUNTRY, Region
from survey_app.web.access import (
    administrator,
    coordinator_of_gmina,
    current_context,
    current_person,
    member_of_gmina,
    region_reader,
)
from survey_app.web.body_size import takes_up_to
from survey_app.web.downloads import size_words, untrusted_download
from survey_app.web.library_words import asked_of, item_words, page_link
from survey_app.web.panel_frame import Link, accepted, page_of, panel_page

NAME = "Biblioteczka"
WITH_FILE = MAX_SIZE + 256 * 1024
OWNERS = {"gmina": "gmin", "region": "regionów", "country": "krajowe"}
# What is written in an address -> kind.
ADDRESSES = {"dokument": "document", "odnosnik": "link", "akt": "act"}
SHARED = {
    "gmina": [
        ("own", "tylko nasz zespół"),
        ("region", "zespoły z województwa"),
        ("country", "wszystkie zespoły"),
    ],
    "region": [
        ("own", "tylko czytający ten region"),
        ("region", "zespoły z regionu"),
        ("country", "wszystkie zespoły"),
    ],
    "country": [("own", "tylko administrator"), ("country", "wszystkie zespoły")],
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose library the page is of. `decides`: may this person change, open and withdraw what is the owner's."""

    scope: Scope
    endpoint: str
    place: dict[str, Any]
    decides: bool
    owner: str
    whose: str
    gmina: GminaDescription | None = None
    region: Region | None = None

    def to(self, view: str, **values: Any) -> str:
        """The address of one of its pages."""
        return url_for(f"{self.endpoint}.{view}", **self.place, **values)

    def page(self, template: str, crumbs: list[Link], **words: Any) -> str:
        """`crumbs` come after the library's own."""
        above: list[Link] = []
        if self.region is not None:
            above = [(self.region.label, url_for("region.show", region_code=self.region.code))]
        elif self.gmina is None:
            above = [("Administracja", url_for("admin.index"))]
        section = "library" if self.gmina else "region" if self.region else "admin"
        trail = [*above, (NAME, self.to("index") if crumbs else None), *crumbs]
        return panel_page(template, gmina=self.gmina, section=section, crumbs=trail, desk=self, **words)


View = Callable[..., Any]
Guard = Callable[[View], View]


def _of_gmina(values: dict[str, Any]) -> Desk:
    gmina: GminaDescription = values.pop("gmina")
    return Desk(
        Scope(gmina=gmina.code),
        "library",
        {"gmina_code": gmina.code},
        accounts.coordinates(current_person(), gmina.code),
        "gmina",
        gmina.name,
        gmina=gmina,
    )


def _of_region(values: dict[str, Any]) -> Desk:
    region: Region = values.pop("region")
    owner = "country" if region.code == COUNTRY else "region"
    place = {"region_code": region.code}
    return Desk(Scope(region=region.code), "library_region", place, True, owner, region.label, region=region)


def _of_country(_values: dict[str, Any]) -> Desk:
    return Desk(Scope(region=COUNTRY), "library_admin", {}, True, "country", "zasób krajowy")


def _pages(
    name: str, prefix: str, read: Guard, keep: Guard, desk_of: Callable[[dict[str, Any]], Desk]
) -> Blueprint:
    """`read`: who opens and adds; `keep`: who changes and withdraws."""
    blueprint = Blueprint(name, __name__, url_prefix=prefix)

    def add(
        method: str, rule: str, endpoint: str, guard: Guard, view: Callable[..., Any], *, file: bool = False
    ) -> None:
        @wraps(view)
        def at_desk(**values: Any) -> Any:
            desk = desk_of(values)
            return view(desk, **values)

        guarded = guard(at_desk)
        if file:
            guarded = takes_up_to(WITH_FILE)(guarded)
        blueprint.add_url_rule(rule, endpoint, guarded, methods=[method])

    add("GET", "", "index", read, _index)
    add("GET", "/nowa/<any(dokument, odnosnik, akt):item_kind>", "new", read, _new)
    add("POST", "/nowa/<any(dokument, odnosnik, akt):item_kind>", "add", read, _add, file=True)
    add("GET", "/<int:item_id>", "show", read, _show)
    add("GET", "/<int:item_id>/plik", "open_file", read, _open_file)
    add("GET", "/<int:item_id>/zmiana", "edit", keep, _edit)
    add("POST", "/<int:item_id>/zmiana", "save", keep, _save, file=True)
    add("GET", "/<int:item_id>/wycofanie", "withdrawing", keep, _withdrawing)
    add("POST", "/<int:item_id>/wycofanie", "withdraw", keep, _withdraw)
    add("POST", "/<int:item_id>/sprawdzenie", "ask_link", keep, _ask_link)
    return blueprint


def _index(desk: Desk) -> str:
    asked = asked_of(request.args, ("own", "gmina", "region", "country"))
    number, _ = page_of(10**6, search.PAGE)
    found = search.search(current_context(), desk.scope, asked, number)
    return desk.page(
        "panel/library.html",
        [],
        asked=asked,
        found=found,
        shelf=shelf(),
        kinds=KINDS,
        owners=[("own", "nasze" if desk.gmina else "własne"), *OWNERS.items()],
        page_link=page_link(desk.to("index"), asked),
        new_kinds=list(ADDRESSES.items()),
        taken_down=take_down.of_gmina(current_context(), desk.gmina.code) if desk.gmina else (),
    )


def _show(desk: Desk, item_id: int) -> str:
    context = current_context()
    found = items.item(context, desk.scope, item_id)
    return desk.page(
        "panel/library_item.html",
        [(found.item.title, None)],
        found=found,
        words=item_words(found, search.owner_of(context, found.item)),
        size=size_words(found.file.size) if found.file else "",
        decides=found.own and desk.decides,
        taken_down=found.own and found.item.taken_down_at is not None,
        can_take_down=desk.owner == "country" and desk.region is None and not found.own,
        readers=dict(SHARED[desk.owner]).get(found.item.shared, "") if found.own else "",
    )


def _open_file(desk: Desk, item_id: int) -> Response:
    return untrusted_download(*items.file_of(current_context(), desk.scope, item_id))


def _new(desk: Desk, item_kind: str) -> str:
    kind = ADDRESSES[item_kind]
    start = {"shared": "own" if desk.gmina else "country", "licence": "official" if kind == "act" else ""}
    return _form_page(desk, kind, _offered(desk, kind, FORMS[kind](data=start)), None)


def _add(desk: Desk, item_kind: str) -> Any:
    kind, made = ADDRESSES[item_kind], []
    form = _offered(desk, kind, FORMS[kind](request.form))
    _without_deciding(desk, form)
    context, actor, draft = current_context(), current_person().id, _draft(kind, form)
    if not accepted(form, lambda: made.append(items.add(context, desk.scope, draft, actor))):
        _tell_the_rest(form, draft, needs_file=True)
        return _form_page(desk, kind, form, None), 422
    flash("Pozycja jest dodana.", "success")
    _tell_of_file(desk, made[0].id, draft)
    return redirect(desk.to("show", item_id=made[0].id), 303)


def _edit(desk: Desk, item_id: int) -> str:
    found = _own(desk, item_id)
    kind = found.item.kind
    return _form_page(desk, kind, _offered(desk, kind, FORMS[kind](data=_typed(found))), found)


def _save(desk: Desk, item_id: int) -> Any:
    found = _own(desk, item_id)
    kind = found.item.kind
    form = _offered(desk, kind, FORMS[kind](request.form))
    context, actor, draft = current_context(), current_person().id, _draft(kind, form)
    if not accepted(form, lambda: items.change(context, desk.scope, item_id, draft, actor)):
        _tell_the_rest(form, draft, needs_file=False)
        return _form_page(desk, kind, form, found), 422
    flash("Zmiany są zapisane.", "success")
    _tell_of_file(desk, item_id, draft)
    return redirect(desk.to("show", item_id=item_id), 303)


def _withdrawing(desk: Desk, item_id: int) -> str:
    found = _own(desk, item_id)
    crumbs: list[Link] = [(found.item.title, desk.to("show", item_id=item_id)), ("Wycofanie", None)]
    return desk.page("panel/library_withdrawing.html", crumbs, found=found)


def _withdraw(desk: Desk, item_id: int) -> Any:
    try:
        items.withdraw(current_context(), desk.scope, item_id, current_person().id)
    except NotFoundError as error:
        flash(error.message, "warning")
    else:
        flash("Pozycja jest wycofana. Jej tytuł zostaje w śladzie zmian.", "success")
    return redirect(desk.to("index"), 303)


def _ask_link(desk: Desk, item_id: int) -> Any:
    try:
        items.ask_link_again(current_context(), desk.scope, item_id, current_person().id)
    except ConflictError as error:
        flash(error.message, "warning")
    else:
        flash("Adres zostanie sprawdzony w tle; wynik będzie na tej stronie za chwilę.", "success")
    return redirect(desk.to("show", item_id=item_id), 303)


def _own(desk: Desk, item_id: int) -> Reading:
    found = items.item(current_context(), desk.scope, item_id)
    if not found.own:
        raise NotFoundError(items.UNKNOWN)
    return found


def _offered(desk: Desk, kind: str, form: ItemForm) -> ItemForm:
    told = shelf()
    licences = [(one.id, one.label) for one in told.licences_for(kind)]
    form.offer(told.categories.items(), licences, SHARED[desk.owner])
    return form


def _without_deciding(desk: Desk, form: ItemForm) -> None:
    """Who does not decide adds for the own team alone, whatever was sent."""
    if not desk.decides:
        form.shared.data, form.open_to_all.data = drafts.OWN, False


def _tell_the_rest(form: ItemForm, draft: ItemDraft, *, needs_file: bool) -> None:
    """What is refused for one field never comes to the use case, which checks the others: all are told at once."""
    told = set(form.errors)
    faults = items.faults_of(current_context(), draft, needs_file=needs_file)
    put_faults(form, [one for one in faults if one.where not in told])


def _draft(kind: str, form: ItemForm) -> ItemDraft:
    file = request.files.get("content") if kind == DOCUMENT else None
    name = (file.filename or "")[-300:] if file else ""
    return ItemDraft(
        kind=kind,
        title=form.title.data or "",
        licence=form.licence.data or "",
        description=form.description.data or "",
        category=form.category.data or "",
        author=form.author.data or "",
        licence_note=form.licence_note.data or "",
        url=form.url.data or "",
        law_reference=form.law_reference.data or "" if "law_reference" in form else "",
        as_of=form.as_of.data,
        outdated_since=form.outdated_since.data,
        outdated_by=form.outdated_by.data or "",
        shared=form.shared.data or drafts.OWN,
        open_to_all=bool(form.open_to_all.data),
        file_name=name,
        content=file.read() if file and name else b"",
    )


def _typed(found: Reading) -> dict[str, Any]:
    """What the item says now, as its form shows it."""
    item = found.item
    names = ("title", "description", "category", "author", "licence", "licence_note", "url", "law_reference")
    more = ("as_of", "outdated_since", "outdated_by", "shared", "open_to_all")
    return {name: getattr(item, name) for name in (*names, *more)}


def _form_page(desk: Desk, kind: str, form: ItemForm, found: Reading | None) -> str:
    told = shelf()
    name = f"Nowa pozycja: {KINDS[kind]}" if found is None else "Zmiana"
    crumbs: list[Link] = [(name, None)]
    if found is not None:
        crumbs.insert(0, (found.item.title, desk.to("show", item_id=found.item.id)))
    return desk.page(
        "panel/library_form.html",
        crumbs,
        form=form,
        found=found,
        heading=name if found is None else found.item.title,
        kind=kind,
        faults=form.errors,
        notes=[(one.label, one.note) for one in told.licences_for(kind) if one.note],
        closed=[one.label for one in told.licences_for(kind) if not one.open],
        file_kinds=FILE_KINDS,
        limit=MAX_SIZE // 1024 // 1024,
    )


def _tell_of_file(desk: Desk, item_id: int, sent: ItemDraft) -> None:
    """That it got another ending than it was sent with, and that nothing could be read from it."""
    found = items.item(current_context(), desk.scope, item_id)
    before = ending(sent.file_name)
    if found.file is not None and before and before != (now := ending(found.file.name)):
        flash(
            f"Nazwa pliku kończy się teraz na .{now} zamiast .{before[:20]}, bo taki plik jest w środku.",
            "info",
        )
    if found.file is not None and not found.file.read:
        flash(
            "Z pliku nie dało się odczytać tekstu, więc pozycję znajdzie się tylko po tytule i opisie.",
            "warning",
        )


blueprint = _pages(
    "library",
    "/panel/<string(length=6):gmina_code>/biblioteczka",
    member_of_gmina,
    coordinator_of_gmina,
    _of_gmina,
)
region_blueprint = _pages(
    "library_region",
    "/panel/region/<string(maxlength=4):region_code>/biblioteczka",
    region_reader,
    region_reader,
    _of_region,
)
admin_blueprint = _pages(
    "library_admin", "/panel/admin/biblioteczka", administrator, administrator, _of_country
)
