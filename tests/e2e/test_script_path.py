"""The script and the service agree on the path, whatever the instrument and whatever was typed."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from survey_app.config import INSTRUMENTS
from survey_app.forms.handlers import handler
from survey_app.forms.page import read_page
from survey_app.forms.steps import condition_rule
from survey_app.instrument.loader import load_instrument
from survey_app.instrument.model import Comparison, Condition, Instrument, Operator
from survey_app.instrument.routing import holds, path
from survey_app.instrument.values import Value
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
    def random_survey() -> bytes:
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


def _cases() -> list[tuple[Condition, dict[str, Value]]]:
    """Every operator on, under and over its constant, for texts, numbers and dates; and `all` against `any`."""
    cases: list[tuple[Condition, dict[str, Value]]] = []
    for values in ((1, 2, 3), ("2026-01-31", "2026-02-01", "2026-10-01"), ("nie", "tak", "wiem")):
        for op in Operator:
            constant = values[:2] if op in (Operator.IN, Operator.NOT_IN) else values[1]
            part = Comparison("a", op, None if op is Operator.ANSWERED else constant)
            other = Comparison("b", Operator.EQ, values[0])
            for mode, value, second in itertools.product(("all", "any"), values, values[:2]):
                cases.append((Condition(mode, (part,)), {"a": value}))
                cases.append((Condition(mode, (part, other)), {"a": value, "b": second}))
            cases.append((Condition("all", (part,)), {}))
    return cases


def test_every_operator_means_the_same_in_the_script(page: Page, shelf: Shelf) -> None:
    shelf.instrument = load_instrument(INSTRUMENTS / "ankieta.yml")
    page.goto(page.url.rpartition("/")[0] + "/losowa")
    cases = _cases()
    sent = [[json.loads(condition_rule(condition)), list(answers.items())] for condition, answers in cases]
    told = page.evaluate("cases => cases.map(([rule, answers]) => met(rule, new Map(answers)))", sent)
    assert told == [holds(condition, answers) for condition, answers in cases]
    assert 0 < told.count(True) < len(told)
