"""Guesses by the thousand: slowed, not served; right codes go on working; nothing is kept that names a caller."""

from __future__ import annotations

import datetime as dt
import logging
import time
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey_app.services.context import Context
from survey_app.services.survey.tokens import new_token
from survey_app.web.app import create_app
from survey_app.web.wrong_codes import MOST_CALLERS, PER_CALLER, TOGETHER, WrongCodes
from tests.campaign_kit import Held, add_gmina, hold
from tests.page_police import police
from tests.statements import asked
from tests.stores import Clock

ALLOWED = PER_CALLER.amount
GUESSES = 2_000
QUARTER = 15 * 60
DAY = dt.date(2026, 11, 2)


@pytest.fixture
def held(sqlite_context: Context) -> Held:
    add_gmina(sqlite_context, 2)
    return hold(sqlite_context)


@pytest.fixture
def service(sqlite_context: Context) -> Flask:
    return create_app(context=sqlite_context)


@pytest.fixture
def client(service: Flask) -> FlaskClient:
    return service.test_client()


def guess(client: FlaskClient, held: Held, times: int, **options: object) -> list[int]:
    return [
        client.get(f"/a/{held.campaign.public_id}/{new_token()}", **options).status_code for _ in range(times)
    ]


def test_thousands_of_wrong_codes_are_refused_and_right_ones_served(client: FlaskClient, held: Held) -> None:
    found = guess(client, held, GUESSES)
    assert found == [404] * ALLOWED + [429] * (GUESSES - ALLOWED)
    for code in held.codes:
        assert client.get(f"/a/{held.campaign.public_id}/{code}").status_code == 200
        typed = client.post(f"/a/{held.campaign.public_id}/kod", data={"kod": code.lower()})
        assert typed.status_code == 303


def test_who_is_refused_is_told_in_plain_words_when_to_come_back(client: FlaskClient, held: Held) -> None:
    guess(client, held, ALLOWED)
    page = client.get(f"/a/{held.campaign.public_id}/{new_token()}")
    police(page.text)
    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= QUARTER + 1
    assert "Właściwy kod działa przez cały czas" in page.text


def test_the_page_of_codes_counts_as_well_and_keeps_what_was_typed(client: FlaskClient, held: Held) -> None:
    address = f"/a/{held.campaign.public_id}/kod"
    for number in range(ALLOWED):
        assert client.post(address, data={"kod": f"zły-{number}"}).status_code == 404
    page = client.post(address, data={"kod": "ŹLE-PRZEPISANY"})
    police(page.text)
    assert (page.status_code, "ŹLE-PRZEPISANY" in page.text) == (429, True)
    assert int(page.headers["Retry-After"]) > 0
    assert client.get(f"/a/{held.campaign.public_id}/{new_token()}").status_code == 429


def test_a_form_sent_with_one_wrong_code_too_many_comes_back_whole(client: FlaskClient, held: Held) -> None:
    guess(client, held, ALLOWED)
    sent = {"p10": "Słowa, nad którymi ktoś myślał", "form_key": "0" * 32}
    page = client.post(f"/a/{held.campaign.public_id}/{new_token()}", data=sent)
    police(page.text)
    assert (page.status_code, sent["p10"] in page.text) == (429, True)
    assert int(page.headers["Retry-After"]) > 0


def test_what_cannot_be_a_code_costs_no_question_to_the_store(
    client: FlaskClient, held: Held, sqlite_context: Context
) -> None:
    guess(client, held, ALLOWED + 1)
    with asked(sqlite_context) as seen:
        assert client.get(f"/a/{held.campaign.public_id}/zgaduję").status_code == 429
        assert seen == []
        assert guess(client, held, 1) == [429]
        assert seen


def test_each_caller_is_counted_alone_and_a_quarter_later_anew(
    client: FlaskClient, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = ({"REMOTE_ADDR": address} for address in ("198.51.100.7", "198.51.100.8"))
    assert guess(client, held, ALLOWED + 1, environ_base=one)[-1] == 429
    assert guess(client, held, 1, environ_base=other) == [404]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + QUARTER + 5)
    assert guess(client, held, 1, environ_base=one) == [404]


def test_one_office_of_ipv6_is_one_caller() -> None:
    counts = WrongCodes()
    for number in range(ALLOWED):
        assert not counts.count(f"2001:db8:1:2::{number:x}", DAY)
    assert counts.count("2001:db8:1:2:ffff::1", DAY)
    assert not counts.count("2001:db8:1:3::1", DAY)
    assert not counts.count("::ffff:192.0.2.1", DAY)
    for strange in ("unix:", "ż\ud800", "fe80::1%eth0"):
        assert not counts.count(strange, DAY)


def test_behind_a_proxy_that_names_nobody_all_are_counted_together(
    sqlite_context: Context, held: Held
) -> None:
    """As deploy/nginx.conf sends requests under /a/; a right code is served even then."""
    settings = replace(sqlite_context.settings, trusted_proxies=1)
    context = Context(settings, sqlite_context.database, sqlite_context.clock)
    client = create_app(context=context).test_client()
    assert guess(client, held, TOGETHER.amount + 5) == [404] * TOGETHER.amount + [429] * 5
    assert client.get(f"/a/{held.campaign.public_id}/{held.codes[0]}").status_code == 200
    named = {"headers": {"X-Forwarded-For": "198.51.100.9"}}
    assert guess(client, held, ALLOWED + 1, **named) == [404] * ALLOWED + [429]


def test_right_codes_and_pages_without_a_code_are_not_counted(
    client: FlaskClient, held: Held, service: Flask
) -> None:
    for _ in range(ALLOWED + 5):
        assert client.get(f"/a/{held.campaign.public_id}/{held.codes[0]}").status_code == 200
        assert client.get(f"/a/{held.campaign.public_id}").status_code == 200
        assert client.get("/a/zzzzzzzzzz").status_code == 404
    assert len(service.extensions.get("wrong_codes", ())) == 0


def test_a_flood_from_countless_addresses_takes_no_more_memory() -> None:
    counts = WrongCodes()
    refused = [counts.count(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", DAY) for n in range(3 * MOST_CALLERS)]
    assert len(counts) <= MOST_CALLERS + 1
    assert not any(refused[:MOST_CALLERS])
    assert all(refused[-10:])


def test_no_address_is_kept_and_the_salt_lasts_a_day(
    client: FlaskClient, held: Held, service: Flask, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    address = "203.0.113.77"
    with caplog.at_level(logging.DEBUG):
        guess(client, held, ALLOWED + 1, environ_base={"REMOTE_ADDR": address})
    counts = service.extensions["wrong_codes"]
    first = set(counts._storage.storage)
    assert len(first) == 1
    assert address not in caplog.text + repr(first)
    clock.set(clock() + dt.timedelta(days=1))
    guess(client, held, 1, environ_base={"REMOTE_ADDR": address})
    second = set(service.extensions["wrong_codes"]._storage.storage)
    assert len(second) == 1
    assert not first & second
