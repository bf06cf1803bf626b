"""Wyróżniki i skale: the team reads them; its coordinator changes them by form or by file, always with a reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app import polish
from survey_app.errors import ConflictError, Fault, InvalidInputError
from survey_app.forms.criteria import FEWEST_POINTS, MOST_POINTS, REASON_LIMIT, CriteriaForm
from survey_app.forms.typed_text import shown
from survey_app.instrument.coding_words import minimum_words, scheme_words
from survey_app.instrument.model import Instrument
from survey_app.services import accounts
from survey_app.services.coding import coding_rounds, criteria
from survey_app.services.coding.criteria import InstrumentVersion
from survey_app.services.gminas import GminaDescription
from survey_app.web.access import coordinator_of_gmina, current_context, current_person, member_of_gmina
from survey_app.web.body_size import takes_file
from survey_app.web.downloads import download
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint("criteria", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wyrozniki")

NAME = "Wyróżniki i skale"


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    return _version_page(gmina, criteria.current_criteria(current_context(), gmina.code), in_use=True)


@blueprint.get("/wersje/<int:version_id>")
@member_of_gmina
def version(gmina: GminaDescription, version_id: int) -> str:
    """Any version that the team ever worked with: a closed round names it."""
    context = current_context()
    found = criteria.criteria_version(context, gmina.code, version_id)
    return _version_page(gmina, found, in_use=found.id == criteria.current_criteria(context, gmina.code).id)


@blueprint.get("/wersje/<int:version_id>/plik")
@member_of_gmina
def version_file(gmina: GminaDescription, version_id: int) -> Response:
    found = criteria.criteria_version(current_context(), gmina.code, version_id)
    return download(criteria.criteria_file(found), f"{found.key}.yml")


@blueprint.get("/zmiana")
@coordinator_of_gmina
def edit(gmina: GminaDescription) -> str:
    context = current_context()
    in_use = criteria.current_criteria(context, gmina.code)
    form = CriteriaForm.of(in_use.definition, criteria.common_criteria(context).definition)
    return _edit_page(gmina, in_use, form)


@blueprint.post("/zmiana")
@coordinator_of_gmina
def save(gmina: GminaDescription) -> Any:
    context = current_context()
    begun_on = criteria.criteria_version(context, gmina.code, _number(request.form.get("wersja", "")))
    common = criteria.common_criteria(context).definition
    form = CriteriaForm.typed(begun_on.definition, common, request.form)
    document = form.changed()
    if not form.errors:
        try:
            criteria.publish_copy(
                context, gmina.code, document, form.reason, current_person().id, replaces=begun_on.id
            )
        except InvalidInputError as error:
            form.put_faults(error.faults)
        except ConflictError as error:
            form.errors[""] = [error.message]
    if form.errors:
        return _edit_page(gmina, begun_on, form), 422
    flash("Zapisano nową wersję wyróżników. Użyje jej następna tura.", "success")
    return redirect(url_for("criteria.index", gmina_code=gmina.code))


@blueprint.get("/wczytaj")
@coordinator_of_gmina
def uploading(gmina: GminaDescription) -> str:
    return _upload_page(gmina)


@blueprint.post("/wczytaj")
@takes_file
@coordinator_of_gmina
def upload(gmina: GminaDescription) -> Any:
    chosen, reason = request.files.get("plik"), request.form.get("powod", "")
    content = chosen.read() if chosen is not None and chosen.filename else None
    try:
        if content is None:
            raise InvalidInputError(
                "Prosimy wybrać plik.", [Fault("file.missing", "plik", "Prosimy wybrać plik.")]
            )
        criteria.publish_file_of_team(current_context(), gmina.code, content, reason, current_person().id)
    except InvalidInputError as error:
        return _upload_page(gmina, reason, error.faults), 422
    except ConflictError as error:
        return _upload_page(gmina, reason, [Fault("conflict", "plik", error.message)]), 422
    flash("Wczytano nową wersję wyróżników. Użyje jej następna tura.", "success")
    return redirect(url_for("criteria.index", gmina_code=gmina.code))


@blueprint.get("/powrot")
@coordinator_of_gmina
def returning(gmina: GminaDescription) -> str:
    return _return_page(gmina)


@blueprint.post("/powrot")
@coordinator_of_gmina
def return_to_common(gmina: GminaDescription) -> Any:
    reason = request.form.get("powod", "")
    try:
        criteria.return_to_common(current_context(), gmina.code, reason, current_person().id)
    except (InvalidInputError, ConflictError) as error:
        faults = error.faults if isinstance(error, InvalidInputError) else []
        return _return_page(gmina, reason, _messages(faults) or [error.message]), 422
    flash("Zespół korzysta znowu ze wspólnej definicji. Użyje jej następna tura.", "success")
    return redirect(url_for("criteria.index", gmina_code=gmina.code))


def _version_page(gmina: GminaDescription, shown_version: InstrumentVersion, *, in_use: bool) -> str:
    context, instrument = current_context(), criteria.criteria_of(shown_version)
    versions = criteria.criteria_versions(context, gmina.code)
    here = None if in_use else _title(shown_version)
    return panel_page(
        "panel/criteria.html",
        gmina=gmina,
        section="coding",
        crumbs=_crumbs(gmina, here),
        name=NAME,
        version=shown_version,
        version_title=_title(shown_version),
        in_use=in_use,
        coordinates=accounts.coordinates(current_person(), gmina.code),
        instrument=instrument,
        scales=_scales(instrument),
        codes=[(code.label, code.meaning) for code in _coding_codes(instrument)],
        minimum=_minimum(instrument),
        schemes=_scheme_rules(instrument),
        versions=_version_rows(gmina, versions),
    )


def _version_rows(gmina: GminaDescription, versions: list[InstrumentVersion]) -> list[dict[str, Any]]:
    context = current_context()
    names = criteria.authors(context, versions)
    rounds = coding_rounds.rounds(context, gmina.code)
    return [
        {
            "id": each.id,
            "title": _title(each),
            "date": polish.date(each.published_at),
            "author": names.get(each.published_by or 0, ""),
            "reason": each.reason,
            "rounds": [one.title for one in rounds if one.instrument_version_id == each.id],
        }
        for each in versions
    ]


def _scheme_rules(instrument: Instrument) -> list[tuple[str, str, tuple[str, ...]]]:
    coding = instrument.definitions.coding
    names = {question.id: question.text for question in instrument.questions}
    if coding is None:
        return []
    return [
        (scheme.label, scheme.description, scheme_words(coding, scheme, names)) for scheme in coding.schemes
    ]


def _scales(instrument: Instrument) -> dict[str, list[tuple[str, str]]]:
    return {
        question.id: [(f"Punkt {point}", anchor) for point, anchor in question.scale.anchors.items()]
        for question in instrument.questions
        if question.scale is not None
    }


def _coding_codes(instrument: Instrument) -> tuple[Any, ...]:
    return instrument.definitions.coding.codes if instrument.definitions.coding else ()


def _minimum(instrument: Instrument) -> str:
    return minimum_words(instrument.definitions.coding) if instrument.definitions.coding else ""


def _edit_page(gmina: GminaDescription, begun_on: InstrumentVersion, form: CriteriaForm) -> str:
    return panel_page(
        "panel/criteria_edit.html",
        gmina=gmina,
        section="coding",
        crumbs=_crumbs(gmina, "Zmiana"),
        form=form,
        values=form.shown,
        version=begun_on,
        version_title=_title(begun_on),
        faults=bool(form.errors),
        fewest_points=FEWEST_POINTS,
        most_points=MOST_POINTS,
        reason_limit=REASON_LIMIT,
    )


def _upload_page(gmina: GminaDescription, reason: str = "", faults: list[Fault] | None = None) -> str:
    found = faults or []
    in_use = criteria.current_criteria(current_context(), gmina.code)
    return panel_page(
        "panel/criteria_upload.html",
        gmina=gmina,
        section="coding",
        crumbs=_crumbs(gmina, "Wczytanie z pliku"),
        reason=shown(reason),
        reason_errors=_messages([fault for fault in found if fault.where == "reason"]),
        file_faults=[fault for fault in found if fault.where != "reason"],
        faults=bool(found),
        version=in_use,
        reason_limit=REASON_LIMIT,
    )


def _return_page(gmina: GminaDescription, reason: str = "", errors: list[str] | None = None) -> str:
    in_use = criteria.current_criteria(current_context(), gmina.code)
    return panel_page(
        "panel/criteria_return.html",
        gmina=gmina,
        section="coding",
        crumbs=_crumbs(gmina, "Powrót do wspólnej definicji"),
        reason=shown(reason),
        errors=errors or [],
        faults=bool(errors),
        has_copy=in_use.gmina_code is not None,
        reason_limit=REASON_LIMIT,
    )


def _messages(faults: list[Fault]) -> list[str]:
    return [f"{fault.message} {fault.hint}".strip() for fault in faults]


def _title(shown_version: InstrumentVersion) -> str:
    if shown_version.gmina_code is None:
        return "Wspólna definicja"
    return f"Wersja {shown_version.version} zespołu"


def _crumbs(gmina: GminaDescription, here: str | None = None) -> list[tuple[str, str | None]]:
    coding = ("Kodowanie", url_for("coding.index", gmina_code=gmina.code))
    if here is None:
        return [coding, (NAME, None)]
    return [coding, (NAME, url_for("criteria.index", gmina_code=gmina.code)), (here, None)]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
