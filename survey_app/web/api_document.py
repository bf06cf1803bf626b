"""The API's description, OpenAPI 3.1. A test validates it, and holds every answer against its schemas."""

from __future__ import annotations

from typing import Any

HIDDEN = "null: liczba jest ukryta (nigdy nie znaczy zera)"
REGION = {"type": "string", "pattern": "^(PL|[0-9]{2}|[0-9]{4})$"}
CODE = {"type": "string", "pattern": "^(PL|[0-9]{2}|[0-9]{4}|[0-9]{6})$"}


def openapi_document() -> dict[str, Any]:
    """As plain JSON."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Diagnoza lokalna: zestawienia regionu",
            "version": "1.0.0",
            "description": "Tylko odczyt. Sumy z kampanii gmin: powiat, województwo, kraj. Liczby ukryte są jako null.",
        },
        "security": [{"key": []}],
        "paths": {
            "/api/v1/openapi.json": {
                "get": {
                    "operationId": "document",
                    "summary": "Ten opis",
                    "security": [],
                    "responses": {
                        "200": _json("Opis w OpenAPI 3.1", {"type": "object"}),
                    },
                }
            },
            "/api/v1/region": _path("own", "Obszar, do którego jest klucz", [INSTRUMENT], "Region"),
            "/api/v1/regions/{region_code}": _path(
                "report", "Zestawienie obszaru", [CODE_PARAMETER, INSTRUMENT], "Report"
            ),
            "/api/v1/regions/{region_code}/tables/{table_id}": _path(
                "table", "Jedna tabela zestawienia", [CODE_PARAMETER, TABLE_PARAMETER, INSTRUMENT], "Table"
            ),
        },
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Klucz wydaje administrator serwisu; jest do jednego obszaru i tego, co w nim leży.",
                }
            },
            "schemas": SCHEMAS,
        },
    }


def _parameter(name: str, where: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "schema": schema,
        "description": words,
    }


CODE_PARAMETER = _parameter("region_code", "path", REGION, "PL, dwie cyfry województwa albo cztery powiatu")
TABLE_PARAMETER = _parameter(
    "table_id", "path", {"type": "string", "maxLength": 60}, "Identyfikator tabeli z zestawienia"
)
INSTRUMENT = _parameter(
    "instrument", "query", {"type": "string"}, "Klucz ankiety; bez niego ta, z której jest najwięcej kampanii"
)


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _path(operation: str, words: str, parameters: list[dict[str, Any]], schema: str) -> dict[str, Any]:
    answers = {"200": _json(words, _ref(schema))}
    for status, what in (
        ("401", "Nie ma klucza albo nie działa"),
        ("403", "Klucz jest do innego obszaru"),
        ("404", "Nie ma takiego obszaru, ankiety albo tabeli"),
        ("429", "Za dużo zapytań: najwyżej 60 na minutę"),
    ):
        answers[status] = _json(what, _ref("Refusal"))
    return {
        "get": {
            "operationId": operation,
            "summary": words,
            "parameters": parameters,
            "responses": answers,
        }
    }


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


TEXT = {"type": "string"}
WHOLE = {"type": "integer", "minimum": 0}
HIDDEN_WHOLE = {"type": ["integer", "null"], "description": HIDDEN}
HIDDEN_NUMBER = {"type": ["number", "null"], "description": "null: mniej niż trzy gminy"}

SCHEMAS: dict[str, Any] = {
    "Refusal": _object(message=TEXT),
    "Region": _object(code=CODE, label=TEXT, instruments=_list(_object(key=TEXT, title=TEXT))),
    "Table": _object(
        id=TEXT,
        title=TEXT,
        columns=_list(_object(id=TEXT, label=TEXT)),
        rows=_list(
            _object(
                code=CODE,
                label=TEXT,
                level={"enum": ["region", "part", "gmina"]},
                base=HIDDEN_WHOLE,
                counts=_list(HIDDEN_WHOLE),
                gminas={"type": ["integer", "null"], "description": "ile gmin jest w sumie"},
            )
        ),
        notes=_list(TEXT),
    ),
    "Measure": _object(
        kind=TEXT,
        id=TEXT,
        label=TEXT,
        gminas=HIDDEN_WHOLE,
        lowest=HIDDEN_NUMBER,
        median=HIDDEN_NUMBER,
        highest=HIDDEN_NUMBER,
        mean={"type": ["number", "null"], "description": "null: tej miary nie uśrednia się albo jest ukryta"},
        median_bounds={
            "type": ["array", "null"],
            "items": {"type": "number"},
            "minItems": 2,
            "maxItems": 2,
            "description": "gdzie leży mediana, cokolwiek powiedzieliby milczący",
        },
    ),
    "Report": _object(
        code=CODE,
        label=TEXT,
        instrument=TEXT,
        gminas=WHOLE,
        response_rates={
            "type": "object",
            "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
            "description": "RR1 według kodu obszaru, gdzie wolno je podać",
        },
        tables=_list(_ref("Table")),
        measures=_list(_ref("Measure")),
    ),
}
