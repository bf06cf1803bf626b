"""How many times the store is asked for every page of the staff: no more where there is more, and at most a dozen."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from survey_app.services import schema
from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests import big_gmina
from tests.statements import CEILING, asked
from tests.stores import Clock, settings_for

# What cannot be said with a dozen, and why. Each is a ceiling as well.
_WHOLE_DIAGNOZA = 33  # made anew at each view, so that no number is stale; each of its tables is read once
_EVERY_TABLE = (
    114  # what is kept of one person: each table that can name them is asked once, and none is left out
)
EXCEPTIONS = {
    "results.diagnoza": _WHOLE_DIAGNOZA,
    "report_texts.index": _WHOLE_DIAGNOZA,
    "report_texts.edit": _WHOLE_DIAGNOZA,
    "report_texts.restoring": _WHOLE_DIAGNOZA,
    "kept_reports.index": _WHOLE_DIAGNOZA,
    "interview_results.index": 17,  # the talks' half of the diagnoza
    "personal_data.own": _EVERY_TABLE,
    "personal_data.erasing": _EVERY_TABLE,
    "rating_evidence.show": 16,  # the sheet, and everything that may be evidence: five kinds of things
    "agreement.show": 14,  # one stakeholder's whole discussion: ratings, codes, votes, evidence, declarations
}
SMALL = big_gmina.Size(5, 10)
LARGER = big_gmina.Size(25, 40, seats=5, interviews=6, notes=9, reports=5, events=300)


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> list[dict[tuple[str, str], int]]:
    """By page and role, how often the store was asked: in a small gmina, and in one with more of everything."""
    return [counts(tmp_path_factory.mktemp("gmina"), size) for size in (SMALL, LARGER)]


def counts(folder: Path, size: big_gmina.Size) -> dict[tuple[str, str], int]:
    settings = settings_for(folder, f"sqlite:///{folder / 'survey.sqlite3'}")
    context = Context(settings, Context.from_settings(settings).database, Clock())
    schema.upgrade(context)
    big = big_gmina.build(context, size)
    app: Flask = create_app(context=context)
    found: dict[tuple[str, str], int] = {}
    for page, client in big_gmina.visits(app, big):
        client.get(page.address)  # what is begun when somebody first asks is not what a page asks
        with asked(context) as seen:
            answer = client.get(page.address)
        assert answer.status_code == big_gmina.ANSWERS_OTHERWISE.get((page.view, page.role), 200), page
        found[page.view, page.role] = len(seen)
    context.database.dispose()
    return found


def test_no_page_asks_more_often_where_there_is_more(counted: list[dict[tuple[str, str], int]]) -> None:
    small, larger = counted
    assert {page: (small[page], count) for page, count in larger.items() if count > small[page]} == {}


def test_no_page_of_the_staff_asks_the_store_more_than_a_dozen_times(
    counted: list[dict[tuple[str, str], int]],
) -> None:
    _, larger = counted
    beyond = {page: count for page, count in larger.items() if count > EXCEPTIONS.get(page[0], CEILING)}
    assert beyond == {}


def test_every_exception_is_still_needed(counted: list[dict[tuple[str, str], int]]) -> None:
    most: dict[str, int] = {}
    for (view, _), count in counted[1].items():
        most[view] = max(most.get(view, 0), count)
    assert {view for view in EXCEPTIONS if most[view] <= CEILING} == set()
