"""The script and the service agree on the path, whatever the instrument and whatever was typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from survey_app.forms.handlers import handler
from survey_app.forms.page import read_page
from survey_app.instrument.model import Instrument
from survey_app.instrument.routing import path
from survey_app.services.context import Context
from survey_app.web.app import create_app
from survey_app.web.survey_page import Face, Use, blank_page
from tests.e2e.browser import Visitor, serving
from tests.page_police import police
from tests.strategies import instruments, typed

pytestmark = pytest.mark.browser

TYPE_IN = """fields => {
  const form = document.getElementById("ankieta");
  for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
  form.dispatchEvent(new Event("input", {bubbles: true}));
  const body = new FormData(form);
  return [[...pathOf([...form.querySelectorAll("[data-question]")]).keys()], [...body.entries()]];
}"""


def face(instrument: Instrument) -> Face:
    moment = dt.datetime(2026, 11, 9, tzinfo=dt.UTC)
    return Face(
        instrument,
        Use.RESPONDENT,
        "losowa",
        "Losowa",
        "Godziszów",
        False,
        True,
        False,
        str(moment),
        None,
        "Klauzula",
    )


class Shelf:
    """The instrument whose page is served now."""

    instrument: Instrument | None = None


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def page(visitor: Visitor, sqlite_context: Context, shelf: Shelf) -> Iterator[Page]:
    app = create_app(context=sqlite_context)
    _serve_instruments(app, shelf)
    with serving(app) as base:
        yield visitor.page(f"{base}/health")


def _serve_instruments(app: Flask, shelf: Shelf) -> None:
    @app.get("/losowa")
    def random_survey() -> str:
        assert shelf.instrument
        return blank_page(face(shelf.instrument), "/losowa")


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_script_asks_and_sends_what_the_service_would(
    page: Page, shelf: Shelf, data: st.DataObject
) -> None:
    instrument = data.draw(instruments(definitions=False))
    values = data.draw(typed(instrument))
    shelf.instrument = replace(instrument)
    page.goto(page.url.rpartition("/")[0] + "/losowa")
    police(page.request.get(page.url).text())
    fields = {}
    for question_id, value in values.items():
        question = instrument.by_id[question_id]
        sent = handler(question.type).fields(question, value)
        fields |= {name: texts[0] for name, texts in sent.items()}
    on_path, body = page.evaluate(TYPE_IN, fields)
    expected = path(instrument, values)
    assert tuple(on_path) == expected
    page.evaluate("survey.sent = true")  # leaving is meant
    form: dict[str, list[str]] = {}
    for name, value in body:
        form.setdefault(name, []).append(value)
    read = read_page(instrument, form)
    assert (read.faults, read.unknown_fields) == ([], [])
    assert set(read.values) == set(expected) & set(values)
