"""The same page in the hands of the staff: a preview that never counts, and a typed paper sheet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from survey_app.instrument.values import State
from survey_app.services.context import Context
from survey_app.services.survey import results
from survey_app.web.app import create_app
from survey_app.web.survey_page import LAST_REACHED, Sheet, read_sheet, render_preview, render_sheet
from tests.campaign_kit import Held, add_gmina, hold, lock
from tests.page_police import police

KEY = "a" * 32


@pytest.fixture
def held(sqlite_context: Context) -> Held:
    add_gmina(sqlite_context, 1)
    return hold(sqlite_context, access="open_link")


@pytest.fixture
def app(sqlite_context: Context, held: Held) -> Iterator[Flask]:
    application = create_app(context=sqlite_context)
    with application.test_request_context("/panel/060502/kampanie/1/podglad"):
        yield application


def sheet(held: Held, **fields: str) -> Sheet:
    named = {name.replace("sheet_last", LAST_REACHED): value for name, value in fields.items()}
    return read_sheet(held.instrument, MultiDict({"csrf_token": "x", "form_key": KEY, **named}))


def test_preview_is_the_respondents_page_and_says_what_it_is(app: Flask, held: Held) -> None:
    page = render_preview(held.campaign, held.instrument).get_data(as_text=True)
    police(page)
    assert "podgląd – odpowiedzi się nie liczą" in page
    assert "przy zapewnieniu pełnej anonimowości" in page
    assert 'name="csrf_token"' in page


def test_preview_reads_what_was_sent_and_keeps_nothing(
    app: Flask, held: Held, sqlite_context: Context
) -> None:
    form = MultiDict({"csrf_token": "x", "form_key": KEY, "p2": "nie", "p3": "tak"})
    refused = render_preview(held.campaign, held.instrument, form)
    assert refused.status_code == 422
    assert "Pytanie 3: jest odpowiedź" in refused.get_data(as_text=True)
    police(refused.get_data(as_text=True))
    form["drop_off_path"] = "p3"
    taken = render_preview(held.campaign, held.instrument, form)
    assert taken.status_code == 200
    assert "nic nie zostało zapisane" in taken.get_data(as_text=True)
    police(taken.get_data(as_text=True))
    lock(sqlite_context, held)
    assert results.load_results(sqlite_context, held.campaign.id).records == []


def test_a_typed_sheet_is_settled_like_any_answer(app: Flask, held: Held) -> None:
    police(render_sheet(held.campaign, held.instrument))
    typed = sheet(held, p2="nie", p5="tak")
    assert typed.settled is not None
    assert typed.form_key == KEY
    states = {key: answer.state for key, answer in typed.settled.answers.items()}
    assert (states["p5"], states["p3"], states["p7"]) == (State.ANSWERED, State.NOT_ASKED, State.UNANSWERED)


def test_a_sheet_that_breaks_off_is_not_reached_from_there_on(app: Flask, held: Held) -> None:
    typed = sheet(held, p2="nie", p5="tak", sheet_last="p6")
    assert typed.settled is not None
    states = {key: answer.state for key, answer in typed.settled.answers.items()}
    assert (states["p6"], states["p7"], states["p11"]) == (
        State.UNANSWERED,
        State.NOT_REACHED,
        State.NOT_REACHED,
    )


def test_a_faulty_sheet_comes_back_with_everything_on_it(app: Flask, held: Held) -> None:
    typed = sheet(held, p2="nie", p3="tak", p10="ładne pismo", sheet_last="p10")
    assert typed.settled is None
    page = render_sheet(held.campaign, held.instrument, typed)
    police(page)
    for words in ("Pytanie 3: jest odpowiedź", "ładne pismo", 'value="p10" selected', KEY):
        assert words in page
