"""What a respondent's pages ask of the store, and that what is kept of them between requests is never a stale page.

Two processes serve: one has the page in its memory, the other changes the campaign, and the first shows it at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from survey_app.services.context import Context
from survey_app.services.survey import campaigns
from survey_app.services.survey.campaigns import Campaign
from survey_app.store.database import Database
from survey_app.web.app import create_app
from tests.campaign_kit import Held, add_gmina, end, hold
from tests.statements import asked

# What each asks today, on SQLite and on PostgreSQL. A GET: the campaign as columns. A POST: with what was seen of it
# held against it once more, the invitation marked, the key and the box, which is one on PostgreSQL.
CEILINGS = {
    ("open_link", "GET"): (1, 1),
    ("open_link", "POST"): (2, 1),
    ("invitations", "GET"): (1, 1),
    ("invitations", "POST"): (3, 1),
}


def path_of(held: Held) -> str:
    return "/".join(["/a", held.campaign.public_id, *held.codes[:1]])


def form_of(client: FlaskClient, path: str) -> dict[str, str]:
    found = re.search(r'name="form_key" value="([0-9a-f]{32})"', client.get(path).get_data(as_text=True))
    assert found
    return {"form_key": found[1], "p10": "zdanie"}


@pytest.mark.parametrize("access", ["open_link", "invitations"])
def test_a_page_and_an_answer_ask_the_store_no_more_than_this(context: Context, access: str) -> None:
    add_gmina(context, 2)
    held = hold(context, access=access)
    client = create_app(context=context).test_client()
    form = form_of(client, path_of(held))  # the page is made once
    with asked(context) as read:
        assert client.get(path_of(held)).status_code == 200
    with asked(context) as sent:
        assert client.post(path_of(held), data=form).status_code == 303
    store = 0 if context.database.is_sqlite else 1
    assert len(read) == CEILINGS[access, "GET"][store], read
    assert len(sent) == CEILINGS[access, "POST"][store], sent


def test_each_form_has_a_key_of_its_own(context: Context) -> None:
    add_gmina(context, 2)
    held = hold(context)
    client = create_app(context=context).test_client()
    keys = {form_of(client, f"/a/{held.campaign.public_id}/{code}")["form_key"] for code in held.codes * 5}
    assert len(keys) == 10


def close_at_once(other: Context, campaign: Campaign) -> None:
    campaigns.close_now(other, campaign.id, actor=None)


def end_later(other: Context, campaign: Campaign) -> None:
    campaigns.move_end(other, campaign.id, campaign.closes_at + dt.timedelta(days=1), actor=None)


def rename(other: Context, campaign: Campaign) -> None:
    """By hand, as nobody does it: whatever the page shows is looked at."""
    with other.database.transaction() as session:
        session.execute(text("UPDATE campaign SET title = 'Nowy tytuł'"))


def rename_gmina(other: Context, campaign: Campaign) -> None:
    with other.database.transaction() as session:
        session.execute(text(f"UPDATE gmina SET name = 'Nowa Nazwa' WHERE code = '{campaign.gmina_code}'"))


def change_notice(other: Context, campaign: Campaign) -> None:
    with other.database.transaction() as session:
        session.execute(text("UPDATE campaign SET notice = 'Nowa informacja'"))


CHANGES = {
    close_at_once: "Kto zaczął wcześniej, może jeszcze wysłać ankietę",
    end_later: "10 listopada 2026",
    rename: "Nowy tytuł",
    rename_gmina: "Nowa Nazwa",
    change_notice: "Nowa informacja",
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_what_another_process_changed_is_seen_at_once(
    context: Context, change: Callable[[Context, Campaign], None]
) -> None:
    add_gmina(context, 2)
    held = hold(context, access="open_link")
    client = create_app(context=context).test_client()
    assert CHANGES[change] not in client.get(path_of(held)).get_data(as_text=True)
    context.clock.advance(hours=1)  # type: ignore[attr-defined]
    with another_process(context) as other:
        change(other, held.campaign)
    assert CHANGES[change] in client.get(path_of(held)).get_data(as_text=True)


def test_an_answer_is_refused_from_the_moment_that_another_process_locked_the_campaign(
    context: Context,
) -> None:
    add_gmina(context, 2)
    held = hold(context)
    client = create_app(context=context).test_client()
    form = form_of(client, path_of(held))
    end(context, held)
    with another_process(context) as other:
        campaigns.lock_campaign(other, held.campaign.id, actor=None)
    assert client.get(path_of(held)).status_code == 410
    assert client.post(path_of(held), data=form).status_code == 410


def test_the_page_turns_at_the_very_moment(context: Context) -> None:
    """The clock alone moves: nothing in the store changes between opening, closing and the end of the grace time."""
    add_gmina(context, 2)
    opens = context.clock() + dt.timedelta(hours=1)
    held = hold(context, access="open_link", opens_at=opens)
    client = create_app(context=context).test_client()
    instant = dt.timedelta(microseconds=1)
    closes, gone = held.campaign.closes_at, held.campaign.closes_at + dt.timedelta(minutes=30)
    statuses = []
    for moment in (opens - instant, opens, closes - instant, closes, gone - instant, gone):
        context.clock.set(moment)  # type: ignore[attr-defined]
        page = client.get(path_of(held))
        words = page.get_data(as_text=True)
        statuses.append((page.status_code, "form_key" in words, "termin minął" in words))
    assert statuses == [
        (200, False, False),
        (200, True, False),
        (200, True, False),
        (200, True, True),
        (200, True, True),
        (410, False, False),
    ]


@contextmanager
def another_process(context: Context) -> Iterator[Context]:
    """As another process sees it: nothing but the store and the clock in common."""
    database = Database(context.database.url.render_as_string(hide_password=False))
    try:
        yield Context(context.settings, database, context.clock)
    finally:
        database.dispose()
