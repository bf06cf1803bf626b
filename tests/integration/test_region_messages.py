"""A region writes to its teams: who may, who sees it, until when it is new, taking back, letters by the worker."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from flask import Flask

from survey_app.config import Mail
from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import accounts, gminas, housekeeping, trace
from survey_app.services.context import Context
from survey_app.services.rollup import messages, regions
from survey_app.services.signing_in import links
from tests.integration.staff import GMINA, OTHER_GMINA, PASSWORD, Staff, people, staff
from tests.integration.test_mail import REFUSED, Post, post
from tests.stores import Clock

__all__ = ["post"]
READER = "rops@example.org"
TYPED = {"title": "Spotkanie sieci", "text": "Zapraszamy 5 marca.\n\nPełna sala <b>czeka</b>."}


def reader(context: Context, app: Flask, code: str = "06") -> Staff:
    links.use(context, regions.appoint(context, READER, "Róża Regionalna", code, None), PASSWORD)
    return staff(app, READER)


def test_a_message_is_looked_at_sent_read_and_taken_back(app: Flask, sqlite_context: Context) -> None:
    region, member = reader(sqlite_context, app), staff(app, "jan@example.org")
    address = "/panel/region/06/wiadomosci"
    assert "Nie ma jeszcze żadnej wiadomości" in region.get(address)
    region.get(f"{address}/nowa")
    refused = region.send(f"{address}/nowa", {**TYPED, "title": " ", "co": "wyslij"})
    assert refused.status_code == 422
    assert "Zapraszamy 5 marca." in refused.text
    looked_at = region.send(f"{address}/nowa", {**TYPED, "co": "podglad"})
    assert "Tak zobaczą ją zespoły" in looked_at.text
    assert "&lt;b&gt;czeka" in looked_at.text
    assert "Spotkanie sieci" not in member.get(f"/panel/{GMINA}")
    assert region.send(f"{address}/nowa", {**TYPED, "co": "wyslij"}).status_code == 302
    region.send(f"{address}/nowa", {**TYPED, "co": "wyslij"})  # the same page sent twice
    assert region.get(address).count("<h2") == 1
    for person, gmina in ((member, GMINA), (staff(app, "obca@example.org"), OTHER_GMINA)):
        assert "Nowe wiadomości regionu" in person.get(f"/panel/{gmina}")
    member.get(f"/panel/{GMINA}/wiadomosci/1")
    assert "Nowa: " in member.get(f"/panel/{GMINA}/wiadomosci")
    member.get(f"/panel/{GMINA}/wiadomosci/1")
    assert member.send(f"/panel/{GMINA}/wiadomosci/1").status_code == 302
    member.send(f"/panel/{GMINA}/wiadomosci/1")
    assert "Nowe wiadomości regionu" not in member.get(f"/panel/{GMINA}")
    assert "Nowe wiadomości regionu" in staff(app, "maria@example.org").get(f"/panel/{GMINA}")
    assert "Spotkanie sieci" in member.get(f"/panel/{GMINA}/wiadomosci")
    region.get(f"{address}/1/cofniecie")
    assert region.send(f"{address}/1/cofniecie").status_code == 302
    assert "Cofnięta" in region.get(address)
    assert "Spotkanie sieci" not in member.get(f"/panel/{GMINA}/wiadomosci")
    member.get(f"/panel/{GMINA}/wiadomosci/1", expect=404)
    assert "Wyślij też e-mailem" not in region.get(f"{address}/nowa")  # there is no mail server here


def test_who_reads_a_powiat_writes_to_it_and_not_to_the_wojewodztwo(
    app: Flask, sqlite_context: Context
) -> None:
    region = reader(sqlite_context, app, "0605")
    region.get("/panel/region/0605/wiadomosci/nowa")
    assert region.send("/panel/region/0605/wiadomosci/nowa", {**TYPED, "co": "wyslij"}).status_code == 302
    for code in ("06", "PL", "0602"):
        region.get(f"/panel/region/{code}/wiadomosci", expect=403)
        assert (
            region.send(f"/panel/region/{code}/wiadomosci/nowa", {**TYPED, "co": "wyslij"}).status_code == 403
        )
    assert "Nowe wiadomości" in staff(app, "anna@example.org").get(f"/panel/{GMINA}")
    assert "Nowe wiadomości" not in staff(app, "obca@example.org").get(f"/panel/{OTHER_GMINA}")
    staff(app, "obca@example.org").get(f"/panel/{OTHER_GMINA}/wiadomosci/1", expect=404)


def test_messages_of_all_levels_reach_a_gmina_on_both_stores(context: Context) -> None:
    people(context)
    jan = accounts.find_person(context, "jan@example.org")
    assert jan is not None
    for code in ("PL", "06", "0605", "0602", "10"):
        messages.send(context, code, f"Do {code}", "Treść", jan.id)
    assert [one.title for one in messages.for_gmina(context, GMINA, jan.id)] == ["Do 0605", "Do 06", "Do PL"]
    messages.read(context, GMINA, 1, jan.id)
    messages.read(context, GMINA, 1, jan.id)
    assert [one.read for one in messages.for_gmina(context, GMINA, jan.id)] == [False, False, True]
    for number in (4, 99):
        with pytest.raises(NotFoundError):
            messages.read(context, GMINA, number, jan.id)
    with pytest.raises(NotFoundError):
        messages.take_back(context, "06", 1, None)  # it was sent to the country
    messages.take_back(context, "PL", 1, jan.id)
    with pytest.raises(ConflictError):
        messages.take_back(context, "PL", 1, jan.id)
    with pytest.raises(InvalidInputError) as refused:
        messages.send(context, "PL", "", "x" * 6_000, jan.id)
    assert {fault.where for fault in refused.value.faults} == {"title", "text"}
    told = [one.words for one in trace.page(context, "")]
    assert told[:2] == ["cofnięcie wiadomości do zespołów", "wysłanie wiadomości do zespołów"]


def test_letters_go_out_with_the_worker_to_the_teams_of_the_region_once(
    sqlite_context: Context, post: tuple[Post, Mail], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, server = post
    people(sqlite_context)
    gminas.add_gmina(sqlite_context, "1001012", "Daleka", "łódzkie", "bełchatowski", None)
    accounts.create_user(sqlite_context, "daleka@example.org", "Daleka", PASSWORD, coordinator_of="100101")
    accounts.create_user(sqlite_context, REFUSED, "Pełna Skrzynka", PASSWORD, member_of=GMINA)
    context = Context(
        replace(sqlite_context.settings, mail=server), sqlite_context.database, sqlite_context.clock
    )
    monkeypatch.setattr(messages, "LETTERS", 3)
    number = messages.send(context, "06", "Tytuł", "Treść", None, by_mail=True)
    messages.send(context, "06", "Bez listów", "Treść", None)
    assert messages.sent_one(context, "06", number).mailing
    assert not kept.letters
    lines = [line for _ in range(5) for line in housekeeping.run_once(context) if "e-mailem" in line]
    assert lines == [f"Wiadomość regionu {number} poszła e-mailem."]
    expected = {f"{name}@example.org" for name in ("anna", "jan", "maria", "piotr", "obca", "obcy")}
    assert sorted(letter["To"] for letter in kept.letters) == sorted(expected)
    assert "Województwo lubelskie" in kept.to("jan@example.org")[0]


def test_a_mail_server_that_is_away_costs_nothing_and_is_tried_again(
    sqlite_context: Context, post: tuple[Post, Mail]
) -> None:
    kept, server = post
    people(sqlite_context)
    away = replace(server, port=1)
    context = Context(
        replace(sqlite_context.settings, mail=away), sqlite_context.database, sqlite_context.clock
    )
    number = messages.send(context, "0605", "Tytuł", "Treść", None, by_mail=True)
    assert messages.mail_waiting(context) == []
    assert messages.sent_one(context, "0605", number).mailing
    clock = context.clock
    assert isinstance(clock, Clock)
    back = Context(replace(context.settings, mail=server), context.database, clock)
    assert messages.mail_waiting(back)
    assert len(kept.letters) == 4
    again = messages.send(context, "0605", "Drugi", "Treść", None, by_mail=True)
    clock.advance(days=messages.DAYS + 1)
    messages.mail_waiting(context)
    assert not messages.sent_one(context, "0605", again).mailing
    assert clock.now > dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
