"""How many times the store is asked for one page: the same for a hundred stakeholders as for one.

The ceilings are what the pages need today, with a little air; a query per stakeholder, rater, vote or decision would
go far beyond them. Lower one when a page learns to ask for less.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from survey_app.services.coding import agree
from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests import coding_kit as kit
from tests.campaign_kit import GMINA
from tests.integration.staff import Staff, staff

STAKEHOLDERS, SEATS, BALLOTS = 30, 4, 8
PANEL = f"/panel/{GMINA}"
CEILINGS = {
    f"{PANEL}/katalog": 6,
    f"{PANEL}/katalog/{{stakeholder}}": 13,
    f"{PANEL}/kodowanie": 13,
    f"{PANEL}/kodowanie/{{going_on}}": 10,
    f"{PANEL}/kodowanie/{{going_on}}/oceny": 11,
    f"{PANEL}/kodowanie/{{going_on}}/oceny/{{stakeholder}}": 11,
    f"{PANEL}/kodowanie/{{going_on}}/uzgodnienia": 14,
    f"{PANEL}/kodowanie/{{going_on}}/uzgodnienia/{{stakeholder}}": 15,
    f"{PANEL}/kodowanie/{{closed}}/uzgodnienia": 10,
    f"{PANEL}/kodowanie/wyniki": 15,
}


@contextmanager
def asked(context: Context) -> Iterator[list[str]]:
    """The statements that reach the store meanwhile; the beginning of a transaction is none."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(context.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(context.database.engine, "before_cursor_execute", note)


@pytest.fixture
def coded(sqlite_context: Context) -> tuple[Staff, dict[str, int]]:
    """A closed round, and one that is laid open with votes counted and a vote going on."""
    team = kit.add_team(sqlite_context, STAKEHOLDERS, SEATS)
    first = kit.laid_open_round(sqlite_context, team, lambda _seat, place: (2, 2, 1 + place % 3))
    agree.confirm_agreed(sqlite_context, GMINA, first.id, team.coordinator)
    closed = kit.close(sqlite_context, first.id, team)
    going_on = kit.laid_open_round(sqlite_context, team, lambda seat, place: (2, 2, 1 + (seat + place) % 3))
    for place, stakeholder in enumerate(team.stakeholders[:BALLOTS]):
        where = (sqlite_context, GMINA, going_on.id)
        ballot = agree.open_ballot(*where, stakeholder, "zwolennik", kit.REASON, team.coordinator)
        for person in team.people:
            agree.cast_vote(*where, ballot, person, "for")
        if place:
            agree.close_ballot(*where, ballot, team.coordinator)
    app: Flask = create_app(context=sqlite_context)
    app.testing = True
    person = staff(app)
    assert person.log_in(f"osoba1.{GMINA}@example.org", kit.PASSWORD).status_code == 302
    places = {"closed": closed.id, "going_on": going_on.id, "stakeholder": team.stakeholders[0]}
    return person, places


def test_no_page_of_coding_asks_the_store_once_per_row(
    sqlite_context: Context, coded: tuple[Staff, dict[str, int]]
) -> None:
    person, places = coded
    beyond = {}
    for address, ceiling in CEILINGS.items():
        with asked(sqlite_context) as seen:
            person.get(address.format(**places))
        if len(seen) > ceiling:
            beyond[address] = (len(seen), ceiling)
    assert not beyond, "page: (queries, ceiling)"


def test_a_decision_reads_the_ratings_of_its_own_stakeholder_alone(
    sqlite_context: Context, coded: tuple[Staff, dict[str, int]]
) -> None:
    _, places = coded
    where = (sqlite_context, GMINA, places["going_on"])
    stakeholder = agree.overview(*where).entries[-1].stakeholder.stakeholder_id
    with asked(sqlite_context) as seen:
        agree.decide(*where, stakeholder, "neutralny", kit.REASON, None)
    assert len(seen) <= 24
    of_ratings = [one for one in seen if "rating.point" in one]
    assert of_ratings
    assert all("rating.stakeholder_id = ?" in one for one in of_ratings)
