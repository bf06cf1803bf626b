"""The read-only API of roll-ups: released tables as JSON, for the holder of a region's key."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from survey_app.analysis.released import ReleasedTable
from survey_app.analysis.rollup.regions import Measure, RegionQuestion
from survey_app.errors import NotFoundError
from survey_app.extensions import limiter, nameless
from survey_app.services.rollup import region_files, region_report
from survey_app.services.rollup.region_report import RegionReport
from survey_app.services.rollup.regions import Region
from survey_app.web.access import api_region, bearer, current_context, key_holder, public
from survey_app.web.api_document import openapi_document
from survey_app.web.json_answers import speaks_json

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

PER_KEY = "60 per minute"
TOO_MANY = "Za dużo zapytań: jeden klucz ma 60 na minutę. Prosimy poczekać minutę."


def _key() -> str:
    """Counted by key; without one by caller. Neither can be read back from it."""
    return nameless(f"api:{bearer() or request.remote_addr or ''}")


@blueprint.get("/openapi.json")
@public
@speaks_json
def document() -> Response:
    return jsonify(openapi_document())


@blueprint.get("/region")
@limiter.limit(PER_KEY, key_func=_key, error_message=TOO_MANY)
@key_holder
@speaks_json
def own(region: Region) -> Response:
    """The key's own region, and the instruments that there are reports of."""
    report = _report(region)
    return jsonify(
        code=region.code,
        label=region.label,
        instruments=[{"key": one.key, "title": one.title} for one in report.ankietas],
    )


@blueprint.get("/regions/<string(maxlength=4):region_code>")
@limiter.limit(PER_KEY, key_func=_key, error_message=TOO_MANY)
@key_holder
@speaks_json
def show(region: Region, region_code: str) -> Response:
    """The whole report of the region, or of one that lies in it."""
    report = _report(api_region(region, region_code))
    found = report.roll_up
    counted = {one.question: one for one in found.questions}
    return jsonify(
        code=found.code,
        label=report.region.label,
        instrument=report.ankieta.key,
        gminas=found.gminas,
        response_rates=dict(found.rr1),
        tables=[_table(one, counted.get(one.id)) for one in found.tables],
        measures=[_measure(kind, one) for kind, one in region_files.measures(report)],
    )


@blueprint.get("/regions/<string(maxlength=4):region_code>/tables/<string(maxlength=60):table_id>")
@limiter.limit(PER_KEY, key_func=_key, error_message=TOO_MANY)
@key_holder
@speaks_json
def table(region: Region, region_code: str, table_id: str) -> Response:
    found = _report(api_region(region, region_code)).roll_up
    counted = {one.question: one for one in found.questions}
    for one in found.tables:
        if one.id == table_id:
            return jsonify(_table(one, counted.get(one.id)))
    raise NotFoundError("W zestawieniu nie ma takiej tabeli.")


def _report(region: Region) -> RegionReport:
    return region_report.report(current_context(), region.code, request.args.get("instrument"))


def _table(table: ReleasedTable, question: RegionQuestion | None) -> dict[str, Any]:
    """`null` stands for a hidden number, never for nought."""
    return {
        "id": table.id,
        "title": table.title,
        "columns": [{"id": column.id, "label": column.label} for column in table.columns],
        "rows": [
            {
                "code": row.id,
                "label": row.label,
                "level": row.level,
                "base": row.base,
                "counts": list(row.counts),
                "gminas": question.gminas.get(row.id) if question else None,
            }
            for row in table.rows
        ],
        "notes": list(table.notes),
    }


def _measure(kind: str, measure: Measure) -> dict[str, Any]:
    found = measure.spread
    return {
        "kind": kind,
        "id": measure.id,
        "label": measure.label,
        "gminas": found.gminas if found else None,
        "lowest": found.lowest if found else None,
        "median": found.median if found else None,
        "highest": found.highest if found else None,
        "mean": measure.mean,
        "median_bounds": list(found.bounds) if found and found.bounds else None,
    }
