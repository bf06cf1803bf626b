"""A meeting has an hour and a place: checked on its page, told in calendars, and in the minutes that begin with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from survey_app.services import definition_files
from survey_app.services.context import Context
from survey_app.services.method.begun_from import prefilled_from
from survey_app.services.method.definitions import paper_definition
from survey_app.services.method.paper_text import text_of
from survey_app.services.registers import entries
from survey_app.services.registers.entries import Owner
from tests import meeting_kit
from tests.integration.staff import GMINA, Staff, staff
from tests.integration.test_interviews import events

OWNER = Owner(gmina_code=GMINA)
PANEL = f"/panel/{GMINA}/rejestry"
NEW = f"{PANEL}/posiedzenia/nowy"
PLACE = "Świetlica; Żółkiewska 3, sala „Łęgi”"
SHIPPED = (definition_files.INSTRUMENTS / "registers" / "posiedzenia.yml").read_text(encoding="utf-8")
TYPED = {"nazwa-1": "Posiedzenie nr 4", "rodzaj": "posiedzenie", "miejsce-1": PLACE}


@pytest.fixture
def jan(app: Flask) -> Staff:
    return staff(app, "jan@example.org")


def test_an_hour_that_no_clock_shows_is_refused_and_stays_as_it_was_typed(
    jan: Staff, sqlite_context: Context
) -> None:
    page = jan.get(NEW)
    for name in ("nazwa-1", "godzina-1", "miejsce-1"):
        assert re.search(rf'<input [^>]*name="{name}" type="text"', page), name
    assert '<textarea class="input" id="porzadek-1"' in page, "points of an agenda may be long"
    assert re.findall(r'<label [^>]*for="porzadek-[19]">([^<]+)</label>', page) == ["Punkt 1", "Punkt 9"]
    for day, hour, words in (
        (
            "2026-12-01",
            "25:99",
            "nie ma godziny „25:99”. Prosimy wpisać godzinę i minuty, na przykład 16:30.",
        ),
        ("2027-03-28", "02:30", "28 marca 2027 nie ma godziny 02:30: zegary są wtedy przestawiane"),
        ("2027-10-31", "02:30", "31 października 2027 godzina 02:30 jest dwa razy"),
    ):
        refused = jan.send(NEW, {**TYPED, "dzien": day, "godzina-1": hour})
        assert (refused.status_code, words in refused.text) == (422, True), hour
        assert 'href="#godzina-1"' in refused.text
        assert re.search(rf'name="godzina-1"[^>]*value="{hour}"', refused.text)
    made = jan.send(NEW, {**TYPED, "dzien": "2026-12-01", "godzina-1": " 9.05"})
    assert made.status_code == 303
    kept = entries.view(sqlite_context, OWNER, int(made.location.rsplit("/", 1)[1])).entry
    assert kept.answers["godzina"] == ["09:05"]


def test_a_calendar_has_moments_and_places_also_around_the_change_of_clocks(
    jan: Staff, sqlite_context: Context
) -> None:
    for day, hour in (
        ("2026-10-25", ["16:30"]),
        ("2027-03-27", ["16:30"]),
        ("2027-03-28", ["03:00"]),
        ("2027-10-31", ["01:59"]),
        ("2027-11-01", None),
    ):
        answers = {"godzina": hour} if hour else {}
        meeting_kit.a_meeting(sqlite_context, GMINA, dzien=day, miejsce=[PLACE], **answers)
    found = events(jan.file(f"{PANEL}/kalendarz.ics"))
    starts = [one["DTSTART"] for one in found[:-1]]
    assert starts == ["20261025T153000Z", "20270327T153000Z", "20270328T010000Z", "20271030T235900Z"]
    assert {"DTEND", "TRANSP"}.isdisjoint(found[0]), "nobody said how long it takes, and who comes is busy"
    assert found[-1]["DTSTART;VALUE=DATE"] == "20271101"
    assert {(one["LOCATION"], one["CATEGORIES"]) for one in found} == {(PLACE, "Posiedzenia i spotkania")}
    assert events(jan.file(f"{PANEL}/kalendarz.ics?rejestr=posiedzenia")) == found


def test_an_older_entry_with_a_wrong_hour_keeps_its_day_until_somebody_mends_it(
    jan: Staff, sqlite_context: Context, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as before:
        offer(before, tmp_path, re.sub(r"    (hour: godzina|place: miejsce)\n", "", SHIPPED))
        wrong = meeting_kit.a_meeting(sqlite_context, GMINA, dzien="2026-12-01", godzina=["ok. 16"])
        twice = meeting_kit.a_meeting(sqlite_context, GMINA, dzien="2027-10-31", godzina=["02:30"])
        meeting_kit.a_meeting(sqlite_context, GMINA, dzien="2026-12-02", godzina=["16.30"])
    first, second, third = events(jan.file(f"{PANEL}/kalendarz.ics"))
    assert (first["DTSTART;VALUE=DATE"], second["DTSTART;VALUE=DATE"]) == ("20261201", "20271031")
    assert (third["DTSTART"], third["LOCATION"]) == ("20261202T153000Z", "Urząd"), "a right one is told"
    page = f"{PANEL}/wpis/{wrong}/pola"
    assert re.search(r'<input [^>]*name="godzina-1"[^>]*value="ok\. 16"', jan.get(page))
    typed = {**TYPED, "dzien": "2026-12-01", "revision": "1"}
    assert "nie ma godziny „ok. 16”" in jan.send(page, {**typed, "godzina-1": "ok. 16"}).text
    assert jan.send(page, {**typed, "godzina-1": "16:00"}).status_code == 303
    assert events(jan.file(f"{PANEL}/kalendarz.ics"))[0]["DTSTART"] == "20261201T150000Z"
    assert "godz. 02:30" in minutes(sqlite_context, twice), "what was recorded stays"


def test_what_ends_on_a_later_day_stands_there_and_tells_when_it_begins(
    jan: Staff, sqlite_context: Context, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    offer(
        monkeypatch,
        tmp_path,
        SHIPPED.replace(
            "  - id: godzina\n", "  - {id: koniec, type: date, text: Koniec}\n      - id: godzina\n"
        ).replace("    starts: dzien\n", "    starts: dzien\n    due: koniec\n"),
    )
    for last in ("2026-12-01", "2026-12-03"):
        when = {"dzien": "2026-12-01", "godzina": ["16:30"], "koniec": last}
        meeting_kit.a_meeting(sqlite_context, GMINA, **when)
    same, later = events(jan.file(f"{PANEL}/kalendarz.ics"))
    assert same["DTSTART"] == "20261201T153000Z"
    assert later["DTSTART;VALUE=DATE"] == "20261203"
    assert later["DESCRIPTION"].endswith("Początek: 1 grudnia 2026, godz. 16:30")


def test_minutes_begin_with_the_hour(jan: Staff, sqlite_context: Context) -> None:
    held = meeting_kit.a_meeting(sqlite_context, GMINA, godzina=["16:30"])
    page = jan.get(f"/panel/{GMINA}/pisma/nowe/protokol?wpis={held}")
    assert re.search(r'name="godzina-1"[^>]*>\s*16:30</textarea>', page)
    assert "godz. 16:30, Urząd" in minutes(sqlite_context, held)


def offer(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    """The only register is one of meetings, defined so."""
    (folder / "registers").mkdir()
    (folder / "registers" / "posiedzenia.yml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(definition_files, "INSTRUMENTS", folder)


def minutes(context: Context, entry_id: int) -> str:
    definition = paper_definition("protokol")
    return text_of(definition, prefilled_from(context, GMINA, definition, entry_id), {"gmina": "Godziszów"})
