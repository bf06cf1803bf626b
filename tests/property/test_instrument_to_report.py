"""A definition that passes the check never breaks form, store or report, whatever people answer to it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import openpyxl
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.pdf import render_pdf
from survey_app.analysis.diagnoza.result import Edition
from survey_app.analysis.row_file import STATE_WORDS
from survey_app.forms.handlers import handler
from survey_app.forms.page import read_page
from survey_app.instrument.model import AnswerType, Instrument, Question
from survey_app.instrument.routing import settle
from survey_app.instrument.values import Answer, Answers, State, Value, choice_of
from survey_app.services.context import Context
from survey_app.services.survey import (
    build_diagnoza,
    campaign_materials,
    campaigns,
    export_responses,
    export_rows,
    open_texts,
    results,
    take_survey,
)
from survey_app.store import campaigns as campaign_rows
from survey_app.store import instruments as instrument_rows
from survey_app.web.app import create_app
from survey_app.web.survey_page import Face, Filled, Use, blank_page, filled_page
from tests.campaign_kit import DRAFT, GMINA, Held, add_gmina, hold, lock, new_key
from tests.page_police import police
from tests.stores import Clock, settings_for
from tests.strategies import instruments, typed

INSTITUTIONS = 8
KEY = "0" * 32
REPORT = """<!doctype html><html lang="pl"><head><meta charset="utf-8"><title>Diagnoza</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main>{% import "diagnoza/document.html" as report %}{{ report.document(document) }}</main></body></html>"""
Fields = dict[str, list[str]]


@pytest.fixture(scope="module")
def prepared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a gmina and its catalogue, to copy from."""
    folder = tmp_path_factory.mktemp("prepared")
    with _service(sqlite_template, folder) as context:
        add_gmina(context, INSTITUTIONS)
    return folder / "survey.sqlite3"


@pytest.fixture(scope="module")
def app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with _service(sqlite_template, tmp_path_factory.mktemp("pages")) as context:
        yield create_app(context=context)


@contextmanager
def _service(file: Path, folder: Path) -> Iterator[Context]:
    """The service on a copy of the database."""
    copy = folder / "survey.sqlite3"
    shutil.copyfile(file, copy)
    own = settings_for(folder, f"sqlite:///{copy}")
    context = Context(own, Context.from_settings(own).database, Clock())
    yield context
    context.database.dispose()


@st.composite
def filled_forms(draw: st.DrawFn) -> tuple[Instrument, dict[str, Value]]:
    instrument = draw(instruments())
    return instrument, draw(typed(instrument))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(form=filled_forms(), use=st.sampled_from(Use), anonymous=st.booleans())
def test_every_question_has_its_controls_and_what_is_typed_is_read_back_and_shown_again(
    app: Flask, form: tuple[Instrument, dict[str, Value]], use: Use, *, anonymous: bool
) -> None:
    instrument, values = form
    face = _face(instrument, use, anonymous=anonymous)
    sent = {name: texts for q in instrument.questions if q.id in values for name, texts in _sent(q, values)}
    with app.test_request_context("/"):
        blank = blank_page(face, "/a/x").decode()
        back = filled_page(face, "/a/x", KEY, Filled(_raw(sent)), csrf=None)
    police(blank)
    police(back)
    assert {name for q in instrument.questions for name in handler(q.type).field_names(q)} <= _names(blank)
    assert read_page(instrument, _submitted(blank)).values == {}
    for fields in (sent, _submitted(back)):
        result = read_page(instrument, {**fields, "form_key": [KEY]}, also=_own_names(blank))
        assert (result.values, result.faults, result.unknown_fields) == (values, [], [])


@st.composite
def held_campaigns(draw: st.DrawFn) -> tuple[Instrument, list[dict[str, Value]], str, str]:
    instrument = draw(instruments())
    forms = [draw(typed(instrument)) for _ in range(draw(st.sampled_from([5, INSTITUTIONS, 1, 0])))]
    mode = draw(st.sampled_from(["anonymous", "named"]))
    return instrument, forms, mode, draw(st.sampled_from(["invitations", "open_link"]))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(campaign=held_campaigns())
def test_answers_come_back_in_their_four_states_and_report_and_files_are_made(
    app: Flask, prepared: Path, campaign: tuple[Instrument, list[dict[str, Value]], str, str]
) -> None:
    instrument, forms, mode, access = campaign
    settled = [settle(instrument, form) for form in forms]
    with tempfile.TemporaryDirectory() as folder, _service(prepared, Path(folder)) as context:
        held = _hold(context, instrument, mode, access)
        for number, one in enumerate(settled):
            code = held.codes[number] if held.codes else None
            take_survey.submit(context, held.campaign.public_id, code, new_key(), one, f"Firma {number}")
        number = lock(context, held).id
        told = results.load_results(context, number)
        assert told.instrument == instrument
        anonymous = mode == "anonymous"
        kept = [_comparable(instrument, one, anonymous=anonymous) for one in told.records]
        assert Counter(kept) == Counter(
            _comparable(instrument, one.answers, anonymous=anonymous) for one in settled
        )
        for text in open_texts.waiting(context, number):
            open_texts.clear(context, text.id, text.text, actor=None)
        _report_is_made(app, context, number)
        in_files = [] if anonymous and len(settled) < DRAFT.k else settled
        _files_hold_every_row(context, number, [one.answers for one in in_files])
        assert campaign_materials.blank_form_pdf(context, campaigns.campaign(context, number))


def _hold(context: Context, instrument: Instrument, mode: str, access: str) -> Held:
    """An open campaign that asks by a version of this instrument."""
    held = hold(context, mode=mode, access=access)
    with context.database.transaction() as session:
        found = campaign_rows.get(session, held.campaign.id)
        assert found is not None
        found.instrument_version_id = instrument_rows.publish(session, instrument, context.clock()).id
        if found.population:
            found.population = {"invited": INSTITUTIONS, "by_sector": {"pierwszy": INSTITUTIONS}}
    return Held(campaigns.campaign(context, held.campaign.id), held.issued, instrument)


def _report_is_made(app: Flask, context: Context, number: int) -> None:
    assert compose(build_diagnoza.build(context, number, Edition.INTERNAL)).chapters
    document = compose(build_diagnoza.build(context, number, Edition.PUBLIC))
    assert render_pdf(document).startswith(b"%PDF")
    with app.test_request_context("/"):
        police(app.jinja_env.from_string(REPORT).render(document=document))


def _files_hold_every_row(context: Context, number: int, records: Sequence[Answers]) -> None:
    """As many rows as answers (none where fewer than k answered), and each state as often as it was given."""
    content = b"".join(export_rows.csv_file(context, number, None)).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(content), delimiter=";")
    assert len(rows) == len(records)
    for place, column in enumerate(header):
        if column.endswith("_stan"):
            question = column.removesuffix("_stan")
            states = Counter(STATE_WORDS[record[question].state] for record in records)
            assert Counter(row[place] for row in rows) == states
    book = openpyxl.load_workbook(io.BytesIO(export_responses.export_xlsx(context, number, None)))
    assert book["dane"].max_row == len(records) + 1
    described = csv.reader(
        io.StringIO(export_rows.codebook_csv(context, number).decode("utf-8-sig")), delimiter=";"
    )
    assert set(header) <= {line[0] for line in described}


def _comparable(instrument: Instrument, answers: Answers, *, anonymous: bool) -> str:
    """What must survive of a record: every state, and every closed value; a named one whole."""
    sectors = instrument.definitions.sectors
    grouping = sectors.question if anonymous and sectors else None
    return json.dumps(
        {
            question.id: [
                answers[question.id].state,
                _kept(question, answers[question.id], anonymous=anonymous),
            ]
            for question in instrument.questions
            if question.id != grouping
        }
    )


def _kept(question: Question, answer: Answer, *, anonymous: bool) -> Value | None:
    if answer.state is not State.ANSWERED or not anonymous:
        return answer.value
    if isinstance(answer.value, list):
        return len(answer.value)
    if question.type is AnswerType.LONG_TEXT:
        return None
    return choice_of(answer.value) if isinstance(answer.value, dict) else answer.value


def _face(instrument: Instrument, use: Use, *, anonymous: bool) -> Face:
    return Face(
        instrument=instrument,
        use=use,
        public_id="x",
        title="Ankieta",
        gmina=GMINA,
        example=False,
        anonymous=anonymous,
        asks_name=False,
        closes="jutro",
        late_until=None,
        notice="Administratorem danych jest Wójt.",
    )


def _sent(question: Question, values: Mapping[str, Value]) -> list[tuple[str, list[str]]]:
    return list(handler(question.type).fields(question, values[question.id]).items())


def _raw(fields: Fields) -> dict[str, str]:
    return {"sheet.last_reached": ""} | {name: texts[0] for name, texts in fields.items()}


def _controls(html: str) -> list[Element]:
    root = html5lib.parse(html, namespaceHTMLElements=False)
    return [
        element
        for element in root.iter()
        if element.tag in ("input", "textarea", "select")
        and element.get("name")
        and element.get("type") != "submit"
    ]


def _names(html: str) -> set[str]:
    return {str(control.get("name")) for control in _controls(html)}


def _own_names(html: str) -> frozenset[str]:
    return frozenset(_names(html) & {"csrf_token", "sheet.last_reached"})


def _submitted(html: str) -> Fields:
    """What a browser without scripts sends when the page is sent as it is."""
    fields: Fields = {}
    for control in _controls(html):
        if control.get("type") in ("radio", "checkbox") and control.get("checked") is None:
            continue
        if control.tag == "select":
            continue
        typed_in = "".join(control.itertext()) if control.tag == "textarea" else control.get("value", "")
        fields.setdefault(str(control.get("name")), []).append(typed_in)
    return fields
