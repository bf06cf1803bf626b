"""Facts of gminas from a public table: choose a file, see every fault by its line, and only then record them.

For who reads a region, of the gminas that lie in it; and for the administrator, of all.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app import polish
from survey_app.errors import InvalidInputError
from survey_app.services.rollup import import_records
from survey_app.services.rollup.import_records import RecordsPreview
from survey_app.services.rollup.record_values import KINDS
from survey_app.services.rollup.regions import COUNTRY, Region
from survey_app.web.access import administrator, current_context, current_person, region_reader
from survey_app.web.body_size import takes_file
from survey_app.web.carried_file import pack, unpack
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint(
    "region_records", __name__, url_prefix="/panel/region/<string(maxlength=4):region_code>/zapisy"
)
admin_blueprint = Blueprint("records_admin", __name__, url_prefix="/panel/admin/zapisy")

SHOWN_ROWS = 50
EVERYWHERE = Region(COUNTRY, "Polska")
NO_FILE = "Prosimy wybrać plik."


@blueprint.get("")
@region_reader
def index(region: Region) -> str:
    return _start_page(region)


@blueprint.post("")
@takes_file
@region_reader
def preview(region: Region) -> Any:
    return _preview(region)


@blueprint.post("/zapisz")
@takes_file
@region_reader
def save(region: Region) -> Any:
    return _save(region)


@blueprint.post("/usun")
@region_reader
def remove(region: Region) -> Any:
    return _remove(region)


@admin_blueprint.get("", endpoint="index")
@administrator
def admin_index() -> str:
    return _start_page(EVERYWHERE)


@admin_blueprint.post("", endpoint="preview")
@takes_file
@administrator
def admin_preview() -> Any:
    return _preview(EVERYWHERE)


@admin_blueprint.post("/zapisz", endpoint="save")
@takes_file
@administrator
def admin_save() -> Any:
    return _save(EVERYWHERE)


@admin_blueprint.post("/usun", endpoint="remove")
@administrator
def admin_remove() -> Any:
    return _remove(EVERYWHERE)


def _preview(region: Region) -> Any:
    """Shows what would be recorded; records nothing. A source that is missing can be typed beside the preview."""
    upload, source = request.files.get("plik"), request.form.get("zrodlo", "")
    if upload is None or not upload.filename:
        return _start_page(region, InvalidInputError(NO_FILE), source), 422
    name, content = upload.filename[-200:], upload.read()
    try:
        read = import_records.read_file(current_context(), name, content, region.code)
    except InvalidInputError as error:
        return _start_page(region, error, source), 422
    return _preview_page(region, read, source, content)


def _preview_page(region: Region, read: RecordsPreview, source: str, content: bytes) -> Any:
    ready, faults = read.ready and read.facts > 0, import_records.source_faults(source)
    page = _page(
        region,
        "panel/region_records_preview.html",
        "Podgląd",
        preview=read,
        ready=ready,
        source=source,
        fault_rows=[(one.line or "–", one.where, one.message, one.hint) for one in read.faults],
        header=["Wiersz", "Gmina", *(f"{words[0].upper()}{words[1:]}" for words in KINDS.values())],
        cell_rows=read.cells()[:SHOWN_ROWS],
        facts_words=polish.counted(read.facts, "fakt", "fakty", "faktów"),
        rows_words=polish.counted(len(read.rows), "wiersz", "wiersze", "wierszy"),
        replaced_words=polish.counted(read.replaced, "fakt", "fakty", "faktów") if read.replaced else "",
        carried=pack(read.file_name, content) if ready else "",
        error=f"{faults[0].message} {faults[0].hint}" if faults else "",
        faults=bool(faults) or not ready,
    )
    return page, 422 if faults or not ready else 200


def _save(region: Region) -> Any:
    source, context = request.form.get("zrodlo", ""), current_context()
    try:
        name, content = unpack(request.form.get("plik", ""))
        read = import_records.read_file(context, name, content, region.code)
        if import_records.source_faults(source):
            return _preview_page(region, read, source, content)
        facts = import_records.save(context, read, source, current_person().id, region.code)
    except InvalidInputError as error:
        return _start_page(region, error, source), 422
    flash(f"Zapisano: {polish.counted(facts, 'fakt', 'fakty', 'faktów')}.", "success")
    return redirect(_address("index", region))


def _remove(region: Region) -> Any:
    source = request.form.get("zrodlo", "")
    removed = import_records.remove(current_context(), region.code, source, current_person().id)
    words = polish.counted(removed, "fakt", "fakty", "faktów")
    flash(f"Usunięto: {words}." if removed else "Tych zapisów już nie ma.", "success")
    return redirect(_address("index", region))


def _start_page(region: Region, error: InvalidInputError | None = None, source: str = "") -> str:
    return _page(
        region,
        "panel/region_records.html",
        None,
        error=error.message if error else "",
        faults=error is not None,
        typed_source=source,
        recorded=import_records.sources(current_context(), region.code),
    )


def _page(region: Region, template: str, here: str | None, **words: Any) -> str:
    index_url = _address("index", region)
    if _is_admin():
        crumbs = [("Administracja", url_for("admin.index"))]
    else:
        crumbs = [(region.label, url_for("region.show", region_code=region.code))]
    trail: list[tuple[str, str | None]] = [*crumbs, ("Zapisy o gminach", index_url if here else None)]
    if here:
        trail.append((here, None))
    return panel_page(
        template,
        section="admin" if _is_admin() else "region",
        crumbs=trail,
        region=region,
        address={name: _address(name, region) for name in ("index", "preview", "save", "remove")},
        **words,
    )


def _is_admin() -> bool:
    return (request.blueprint or "") == admin_blueprint.name


def _address(name: str, region: Region) -> str:
    if _is_admin():
        return url_for(f"records_admin.{name}")
    return url_for(f"region_records.{name}", region_code=region.code)
