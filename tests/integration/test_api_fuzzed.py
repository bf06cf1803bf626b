"""The API under schemathesis: whatever is asked for, the answer is as the document says, and needs a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth

from survey_app.extensions import limiter
from survey_app.services.context import Context
from survey_app.services.rollup import api_keys
from survey_app.web.api_document import openapi_document
from tests.region_rows import send_up_towns

EXAMPLES = 20
PATHS = tuple(openapi_document()["paths"])
BOUNDED = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def served(app: Flask, sqlite_context: Context) -> Iterator[tuple[Any, str]]:
    """The schema over the application itself, and a key to a voivodship."""
    app.testing = False  # as in production: what nobody thought of would be a page with status 500
    send_up_towns(sqlite_context)
    key = api_keys.issue(sqlite_context, "06", "ROPS", None)
    limiter.enabled = False
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app), key
    limiter.enabled = True


def asked(schema: Any, path: str, mode: GenerationMode, key: str | None) -> set[int]:
    """What the API answered to some requests that the document describes, or, in the negative mode, forbids."""
    statuses: set[int] = set()

    @given(case=schema[path]["GET"].as_strategy(generation_mode=mode))
    @BOUNDED
    def ask(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {key}" if key else ""})
        statuses.add(answer.status_code)
        # It takes the key, which is sent beside what it made up itself, for one of its own making.
        case.validate_response(answer, excluded_checks=[ignored_auth])

    ask()
    return statuses


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_as_the_document_says(served: tuple[Any, str], path: str) -> None:
    schema, key = served
    assert asked(schema, path, GenerationMode.POSITIVE, key) <= {200, 403, 404}


@pytest.mark.parametrize("path", PATHS[2:])
def test_what_the_document_forbids_is_refused_in_its_words(served: tuple[Any, str], path: str) -> None:
    schema, key = served
    assert asked(schema, path, GenerationMode.NEGATIVE, key) <= {200, 401, 403, 404}


@pytest.mark.parametrize("path", PATHS[1:])
def test_nothing_is_told_without_a_key(served: tuple[Any, str], path: str) -> None:
    schema, _ = served
    assert asked(schema, path, GenerationMode.POSITIVE, None) <= {401, 404}


@pytest.mark.parametrize("address", ["/api/v1/regions/060505", "/api/v1/nic", "/api/", "/api/v1/regions/%00"])
def test_an_address_that_there_is_not_is_told_in_json(app: Flask, address: str) -> None:
    answer = app.test_client().get(address)
    assert answer.status_code in (401, 404)
    assert set(answer.json or {}) == {"message"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_it_only_reads(app: Flask, path: str, method: str) -> None:
    address = path.format(region_code="06", table_id="p7")
    answer = app.test_client().open(address, method=method, json={"a": 1})
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "OPTIONS"}
