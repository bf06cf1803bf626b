"""The pages of registers, as a member of the team uses them, and a reader of a region."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from pathlib import Path

import pytest
from flask import Flask

from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.registers import entries, parties
from survey_app.services.registers.entries import Content, Owner
from survey_app.services.rollup import regions
from survey_app.services.trace import WORDS
from survey_app.store import audit
from tests.integration.staff import GMINA, OTHER_GMINA, Staff, staff
from tests.register_kit import offer_registers

PANEL = f"/panel/{GMINA}/rejestry"
OWNER = Owner(gmina_code=GMINA)
SCHOOL = StakeholderDraft(name="Szkoła, „Jedynka”", sector="edukacja", internal=True)


@pytest.fixture
def jan(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Staff:
    offer_registers(monkeypatch, tmp_path)
    return staff(app, "jan@example.org")


def day(context: Context, days: int) -> str:
    return (context.today() + dt.timedelta(days)).isoformat()


def task(context: Context, name: str, days: int, horizon: str = "rok", state: str = "") -> int:
    content = Content({"nazwa": [name], "do": day(context, days), "horyzont": {"option": horizon}})
    made = entries.add(context, OWNER, "terminarz", content, None)
    if state:
        entries.set_state(context, OWNER, made.id, state, context.today(), "powód", None)
    return made.id


def need(context: Context) -> int:
    content = Content({"nazwa": ["Sala"], "do": day(context, 3)}, sector="edukacja")
    return entries.add(context, OWNER, "potrzeby", content, None).id


def test_a_task_goes_from_nothing_to_done(jan: Staff, sqlite_context: Context) -> None:
    assert "Nie ma jeszcze wpisów" in jan.get(PANEL)
    assert "Nie ma jeszcze wpisów" in jan.get(f"{PANEL}/terminarz")
    jan.get(f"{PANEL}/terminarz/nowy")
    typed = {"nazwa-1": "=Zebrać listy", "od": "2027-01-01", "do": "2026-12-01", "opis": "Ważne „słowa”"}
    refused = jan.send(f"{PANEL}/terminarz/nowy", {**typed, "person_id": "999"})
    assert refused.status_code == 422
    for text in (*typed.values(), "wypada wcześniej", "Tej osoby nie ma w zespole"):
        assert text in refused.text
    assert 'href="#nazwa-1"' in jan.send(f"{PANEL}/terminarz/nowy", {**typed, "nazwa-1": ""}).text
    made = jan.send(f"{PANEL}/terminarz/nowy", {**typed, "od": ""})
    assert made.status_code == 303
    assert "zaplanowane" in jan.get(made.location)
    assert jan.send(f"{PANEL}/terminarz/nowy", {**typed, "od": ""}).location == made.location, "sent twice"

    state = {"stan-state": "dropped", "stan-on_day": day(sqlite_context, 0), "stan-text": ""}
    refused = jan.send(f"{made.location}/stan", state)
    assert refused.status_code == 422
    assert "wymaga powodu" in refused.text
    assert jan.send(f"{made.location}/dziennik", {"dziennik-kind": "note"}).status_code == 422
    line = {
        "dziennik-kind": "note",
        "dziennik-on_day": day(sqlite_context, 0),
        "dziennik-text": "<b>Rozmowa</b>",
    }
    assert jan.send(f"{made.location}/dziennik", line).status_code == 303
    assert jan.send(f"{made.location}/stan", {**state, "stan-state": "done"}).status_code == 303
    page = jan.get(made.location)
    for text in ("zaplanowane → zrobione", "&lt;b&gt;Rozmowa", "Jan Łoś"):
        assert text in page
    with sqlite_context.database.reading() as session:
        told = [one.action for one in audit.about(session, "register_entry", 1)]
    assert told == ["entry_added", "entry_logged", "entry_state"]
    assert set(told) <= set(WORDS)


def test_two_at_once_see_each_others_words_and_a_second_save_decides(
    jan: Staff, sqlite_context: Context
) -> None:
    number = task(sqlite_context, "Listy", 20)
    address = f"{PANEL}/wpis/{number}/pola"
    assert 'name="revision" value="1"' in jan.get(address)
    mine = {"nazwa-1": "Listy", "do": day(sqlite_context, 20), "opis": "moje", "revision": "1"}
    other = Content({"nazwa": ["Listy"], "do": day(sqlite_context, 25), "opis": "cudze"})
    entries.change(sqlite_context, OWNER, number, 1, other, None)
    beside = jan.send(address, mine)
    assert beside.status_code == 409
    rows = re.findall(r"<tr role=\"row\"><th[^>]*>([^<]+)</th>", beside.text)
    assert rows[1:] == ["Do kiedy", "Opis"], "the fields that differ, and no others"
    for text in ("moje", "cudze", 'name="revision" value="2"', "Zapisz mimo to"):
        assert text in beside.text
    assert entries.view(sqlite_context, OWNER, number).entry.answers["opis"] == "cudze"
    assert jan.send(address, {**mine, "revision": "2"}).status_code == 303
    assert entries.view(sqlite_context, OWNER, number).entry.answers["opis"] == "moje"


def test_a_list_shows_what_is_asked_for_and_the_files_hold_the_same(
    jan: Staff, sqlite_context: Context
) -> None:
    task(sqlite_context, "Spóźnione", -2)
    task(sqlite_context, "=Strategia; „lata”", 400, "lata")
    task(sqlite_context, "Gotowe", 5, state="done")
    task(sqlite_context, "Porzucone", 6, state="dropped")
    asked = {
        "": ["Spóźnione", "=Strategia; „lata”", "Porzucone", "Gotowe"],
        "?stan=otwarte": ["Spóźnione", "=Strategia; „lata”"],
        "?stan=po-terminie": ["Spóźnione"],
        "?stan=done": ["Gotowe"],
        "?pole-horyzont=lata": ["=Strategia; „lata”"],
        "?szukaj=GOTOW": ["Gotowe"],
        "?osoba=7": [],
    }
    for query, names in asked.items():
        page = jan.get(f"{PANEL}/terminarz{query}")
        assert re.findall(r'rowheader"><a href="[^"]+">([^<]+)</a>', page) == names, query
        table = list(
            csv.reader(
                io.StringIO(jan.file(f"{PANEL}/terminarz/tabela.csv{query}").decode("utf-8-sig")),
                delimiter=";",
            )
        )
        assert [row[1].removeprefix("'") for row in table[1:]] == names, query
    assert table[0][-2:] == ["Stan", "Po terminie"]
    front = jan.get(PANEL)
    assert "po terminie: <strong>1</strong>" in front
    assert "Spóźnione" in front.partition("Najbliższe 30 dni")[0]
    assert "Po terminie: 1\u00a0wpis" in jan.get(f"/panel/{GMINA}")


def test_the_calendar_is_one_that_calendars_read(jan: Staff, sqlite_context: Context) -> None:
    number = task(
        sqlite_context, "Strategia; na 3–4 lata, \\ z „przecinkami” " + "i dłużyzną " * 9, 400, "lata"
    )
    task(sqlite_context, "Porzucone", 6, state="dropped")
    need(sqlite_context)
    content = jan.file(f"{PANEL}/kalendarz.ics")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.count(b"\n") == content.count(b"\r\n")
    unfolded = content.decode().replace("\r\n ", "").split("\r\n")
    events = "\n".join(unfolded).split("BEGIN:VEVENT\n")[1:]
    assert [re.search(r"STATUS:(.*)", one)[1] for one in events] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]  # type: ignore[index]
    assert "SUMMARY:Strategia\\; na 3–4 lata\\, \\\\ z „przecinkami” i" in events[0]
    due = sqlite_context.today() + dt.timedelta(400)
    assert f"DTSTART;VALUE=DATE:{due:%Y%m%d}\nDTEND;VALUE=DATE:{due + dt.timedelta(1):%Y%m%d}" in events[0]
    assert f"URL:http://localhost{PANEL}/wpis/{number}" in events[0]
    uids = [line for line in unfolded if line.startswith("UID:")]
    assert len(set(uids)) == 3

    moved = Content({"nazwa": ["Inna nazwa"], "do": day(sqlite_context, 3)})
    entries.change(sqlite_context, OWNER, number, 1, moved, None)
    again = jan.file(f"{PANEL}/kalendarz.ics?rejestr=terminarz&pole-horyzont=").decode()
    assert uids[0] in again, "the same event, moved"
    assert "SEQUENCE:1" in again
    assert "potrzeby" not in again
    assert b"VEVENT" not in jan.file(f"{PANEL}/kalendarz.ics?rejestr=terminarz&stan=done")


def test_a_need_is_answered_and_then_gone(jan: Staff, sqlite_context: Context) -> None:
    school = catalogue.add_stakeholder(sqlite_context, GMINA, SCHOOL, None).id
    offered = entries.add(sqlite_context, OWNER, "oferty", Content({"nazwa": ["Aula"]}, school), None).id
    number = need(sqlite_context)
    entry = f"{PANEL}/wpis/{number}"
    page = jan.get(entry)
    assert "Zgłoszono 3\u00a0dni przed tym dniem, umówiono się na co najmniej 14\u00a0dni." in page
    assert "Dopiero po wpisie „wysłano”" in page
    late = {"dziennik-kind": "reminded", "dziennik-on_day": day(sqlite_context, 0), "dziennik-text": "Pytamy"}
    assert "Najpierw powinien być wpis „wysłano”" in jan.send(f"{entry}/dziennik", late).text

    assert SCHOOL.name in jan.get(f"{entry}/uczestnicy")
    assert jan.send(f"{entry}/uczestnicy", {"role": "wykonawca"}).status_code == 422
    assert jan.send(f"{entry}/uczestnicy", {"who": f"i-{school}", "role": "wykonawca"}).status_code == 303
    party = parties.lines(sqlite_context, entries.view(sqlite_context, OWNER, number))[0].party.id
    reply = f"{entry}/uczestnicy/{party}"
    assert "Aula" in jan.get(reply)
    refused = jan.send(reply, {"says": "no", "on_day": day(sqlite_context, 0)})
    assert refused.status_code == 422
    assert "Odmowa wymaga powodu" in refused.text
    given = {"says": "yes", "on_day": day(sqlite_context, 0), "offer_id": str(offered), "text": "Po 16"}
    assert jan.send(reply, given).status_code == 303
    assert "Aula" in jan.get(entry)
    jan.send(f"{reply}/usun")
    assert "już odpowiedział" in jan.get(entry)

    entries.set_state(sqlite_context, OWNER, number, "met", sqlite_context.today(), "", None)
    gone = jan.send(reply, {**given, "text": "Jednak po 18"})
    assert gone.status_code == 409
    for text in ("ten wpis jest już zamknięty", "Jednak po 18"):
        assert text in gone.text
    assert jan.client.get(reply).status_code == 303


def test_what_is_not_the_gminas_is_not_there(jan: Staff, app: Flask, sqlite_context: Context) -> None:
    number = need(sqlite_context)
    strange = staff(app, "obcy@example.org")
    for rest in ("", "/pola", "/uczestnicy"):
        strange.get(f"/panel/{OTHER_GMINA}/rejestry/wpis/{number}{rest}", 404)
        strange.get(f"{PANEL}/wpis/{number}{rest}", 403)
    for place in ("nic", "rpw", "nic/nowy", "wpis/999"):
        jan.get(f"{PANEL}/{place}", 404)


def test_a_region_keeps_its_own(app: Flask, jan: Staff, sqlite_context: Context) -> None:
    regions.appoint(sqlite_context, "maria@example.org", "Maria Ćwik", "06", None)
    maria, place = staff(app, "maria@example.org"), "/panel/region/06/rejestry"
    assert "Regionalny program wsparcia" in maria.get(place)
    maria.get(f"{place}/rpw/nowy")
    made = maria.send(f"{place}/rpw/nowy", {"nazwa-1": "Program", "dzien": day(sqlite_context, 9)})
    assert made.status_code == 303
    assert "Janów Lubelski" in maria.get(f"{made.location}/uczestnicy")
    sent = maria.send(f"{made.location}/uczestnicy", {"who": f"g-{GMINA}", "names": "ROPS\nPCPR"})
    assert sent.status_code == 303
    for name in ("Janów Lubelski", "ROPS", "PCPR"):
        assert name in maria.get(made.location)
    assert maria.client.get(f"{place}/rpw/nowy").location == made.location, "there is only one"
    assert b"SUMMARY:Program" in maria.file(f"{place}/kalendarz.ics")
    maria.get(f"{place}/terminarz", 404)
    jan.get(place, 403)
    maria.get("/panel/region/14/rejestry", 403)
