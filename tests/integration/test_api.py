"""The read-only API: keys, what they open, answers as the document describes them, silence in the log."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from survey_app.errors import ConflictError, InvalidInputError
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.rollup import api_keys, region_report
from survey_app.store import api_keys as stored
from survey_app.web.api import PER_KEY, TOO_MANY
from survey_app.web.api_document import SCHEMAS, openapi_document
from tests.integration.staff import staff
from tests.region_rows import TOWNS, send_up_towns


@pytest.fixture
def key(app: Flask, sqlite_context: Context) -> str:
    assert app
    send_up_towns(sqlite_context)
    return api_keys.issue(sqlite_context, "06", "ROPS Lublin, hurtownia", None)


def ask(client: FlaskClient, address: str, key: str, expect: int = 200) -> Any:
    answer = client.get(address, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == expect, answer.text
    assert answer.mimetype == "application/json"
    return answer.json


def hold_against(schema: str, told: Any) -> None:
    document = {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": SCHEMAS}}
    Draft202012Validator(document).validate(told)


def test_the_document_is_openapi_and_names_every_address(app: Flask) -> None:
    told = app.test_client().get("/api/v1/openapi.json").json
    validate(told)
    assert told == openapi_document()
    addresses = {
        rule.rule.replace("<string(maxlength=4):region_code>", "{region_code}").replace(
            "<string(maxlength=60):table_id>", "{table_id}"
        )
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
    }
    assert addresses == set(told["paths"])


def test_answers_are_what_the_document_says_and_what_the_report_holds(
    app: Flask, sqlite_context: Context, key: str
) -> None:
    client = app.test_client()
    own = ask(client, "/api/v1/region", key)
    hold_against("Region", own)
    assert own["code"] == "06"
    told = ask(client, "/api/v1/regions/06", key)
    hold_against("Report", told)
    found = region_report.report(sqlite_context, "06").roll_up
    assert told["gminas"] == len(TOWNS)
    assert [one["id"] for one in told["tables"]] == [one.id for one in found.tables]
    for shown, table in zip(told["tables"], found.tables, strict=True):
        assert [(row["base"], tuple(row["counts"])) for row in shown["rows"]] == [
            (row.base, row.counts) for row in table.rows
        ]
    hidden = next(row for row in told["tables"][0]["rows"] if row["code"] == "0602")
    assert set(hidden["counts"]) == {None}
    one = ask(client, "/api/v1/regions/0605/tables/p7", key)
    hold_against("Table", one)
    assert one["rows"][0]["code"] == "0605"


def test_a_key_opens_its_region_and_what_lies_in_it_and_nothing_else(app: Flask, key: str) -> None:
    client = app.test_client()
    for address, status in (
        ("/api/v1/regions/0605", 200),
        ("/api/v1/regions/PL", 403),
        ("/api/v1/regions/10", 403),
        ("/api/v1/regions/0699", 404),
        ("/api/v1/regions/06/tables/nieznana", 404),
        ("/api/v1/regions/06?instrument=nieznana", 404),
    ):
        told = ask(client, address, key, status)
        if status != 200:
            hold_against("Refusal", told)
    for wrong in ("", "dl_0", f"{key}0", key[:-1], "ż"):
        refused = client.get("/api/v1/regions/06", headers={"Authorization": f"Bearer {wrong}".encode()})
        assert refused.status_code == 401
        hold_against("Refusal", refused.json)
        assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert client.post("/api/v1/region", headers={"Authorization": f"Bearer {key}"}).status_code == 405


def test_only_the_hash_is_kept_and_a_revoked_key_is_dead_at_once(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    key = api_keys.issue(context, "06", "ROPS", None)
    with context.database.reading() as session:
        [row] = stored.everyone(session)
        assert key not in (row.key_hash, row.label)
        assert row.last_used_on is None
    assert api_keys.region_of(context, key) == "06"
    [view] = api_keys.everyone(context)
    assert view.last_used_on == context.today()
    api_keys.revoke(context, view.id, None)
    assert api_keys.region_of(context, key) is None
    with pytest.raises(ConflictError):
        api_keys.revoke(context, view.id, None)
    with pytest.raises(InvalidInputError) as refused:
        api_keys.issue(context, "77", " ", None)
    assert len(refused.value.faults) == 2


def test_too_many_questions_of_one_key_are_refused_and_another_goes_on(
    app: Flask, sqlite_context: Context, key: str
) -> None:
    client = app.test_client()
    for _ in range(int(PER_KEY.split()[0])):
        assert client.get("/api/v1/region", headers={"Authorization": f"Bearer {key}x"}).status_code in (
            401,
            429,
        )
    refused = client.get("/api/v1/region", headers={"Authorization": f"Bearer {key}x"})
    assert refused.status_code == 429
    assert refused.json["message"] == TOO_MANY
    hold_against("Refusal", refused.json)
    ask(client, "/api/v1/region", key)
    assert sqlite_context


def test_no_key_and_no_address_is_logged(app: Flask, key: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(app.test_client(), "/api/v1/regions/06", key)
        ask(app.test_client(), "/api/v1/regions/PL", key, 403)
    assert key not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_the_administrator_issues_and_revokes(app: Flask, sqlite_context: Context) -> None:
    administrator = staff(app, "admin@example.org")
    administrator.get("/panel/admin/region/klucz")
    refused = administrator.send("/panel/admin/region/klucz", {"label": "ROPS", "region_code": "77"})
    assert refused.status_code == 422
    assert "ROPS" in refused.text
    issued = administrator.send("/panel/admin/region/klucz", {"label": "ROPS", "region_code": "06"})
    [view] = api_keys.everyone(sqlite_context)
    key = "dl_" + issued.text.split("dl_")[1][:64]
    assert api_keys.region_of(sqlite_context, key) == "06"
    assert key not in administrator.get("/panel/admin/region")
    administrator.send(f"/panel/admin/region/klucz/{view.id}/uniewaznienie")
    assert api_keys.region_of(sqlite_context, key) is None
