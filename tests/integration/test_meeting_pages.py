"""Pages of a meeting as a team uses them: attendance, motions, votes, minutes, the list of resolutions."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from survey_app.services.context import Context
from survey_app.services.registers import entries, votes
from survey_app.services.registers.entries import Owner
from tests import meeting_kit
from tests.integration.staff import GMINA, OTHER_GMINA, Staff, staff

OWNER = Owner(gmina_code=GMINA)
REGISTER = f"/panel/{GMINA}/rejestry/posiedzenia"
JAN = "jan@example.org"


@pytest.fixture
def place(app: Flask, sqlite_context: Context) -> str:
    return f"{REGISTER}/{meeting_kit.a_meeting(sqlite_context, GMINA)}/glosowania"


@pytest.fixture
def jan(app: Flask) -> Staff:
    return staff(app, JAN)


def opened(jan: Staff, place: str, present: int = 4) -> list[str]:
    """The ids of the seats: Anna, Jan, Maria, Piotr, none of whom represents an institution."""
    assert jan.send(f"{place}/miejsca").status_code == 303
    seats = re.findall(r'name="present" value="(\d+)"', jan.get(place))
    assert jan.send(f"{place}/obecnosc", {"present": seats[:present]}).status_code == 303
    return seats


def put(jan: Staff, place: str, kind: str = "named", text: str = "Przyjąć plan") -> str:
    """The address of the motion."""
    response = jan.send(f"{place}/nowy", {"text": text, "kind": kind})
    assert response.status_code == 303, response.text
    return str(response.location)


def test_a_member_takes_a_meeting_from_attendance_to_minutes(jan: Staff, place: str) -> None:
    assert "Otwórz listę obecności" in jan.get(place)
    seats = opened(jan, place, 3)
    page = jan.get(place)
    assert "Obecność jest zapisana: obecne 3 z 4\xa0miejsc, kworum jest" in page
    motion = put(jan, place)
    refused = jan.send(f"{motion}/glosy")
    assert (refused.status_code, "Nie wybrano żadnego głosu" in refused.text) == (422, True)
    assert jan.send(f"{motion}/glosy", {f"glos-{one}": "for" for one in seats[:3]}).status_code == 303
    refused = jan.send(f"{motion}/zamkniecie", {"note": "Bez uwag"})
    assert (refused.status_code, "Bez uwag" in refused.text) == (422, True)
    assert jan.send(f"{motion}/zamkniecie", {"sure": "1"}).status_code == 303
    assert "przyjęty jednomyślnie" in jan.get(motion)
    assert "zamkniecie" not in jan.get(motion)
    page = jan.get(f"/panel/{GMINA}/pisma/nowe/protokol?wpis={place.split('/')[-2]}")
    assert "przyjęty jednomyślnie" in page
    assert "obecne 3 z 4\xa0miejsc, kworum jest (potrzeba więcej niż połowy)</textarea>" in page
    assert "Maria Ćwik" in page
    assert "Piotr Żuk" not in page


def test_who_has_voted_is_not_asked_again_and_a_change_says_what_was(jan: Staff, place: str) -> None:
    first, second, *_ = opened(jan, place)
    motion = put(jan, place)
    jan.send(f"{motion}/glosy", {f"glos-{first}": "for"})
    late = jan.send(f"{motion}/glosy", {f"glos-{first}": "against", f"glos-{second}": "abstained"})
    assert late.status_code == 422
    assert "ma już głos: za. Nie został zastąpiony." in late.text
    assert re.search(rf'name="glos-{second}" value="abstained" checked', late.text), "what was chosen stays"
    change = f"{motion}/glosy/{first}"
    assert "ma zapisany głos: <strong>za</strong>" in jan.get(change)
    stale = jan.send(change, {"was": "against", "vote": "abstained"})
    assert (stale.status_code, "Niczego nie zastąpiono" in stale.text) == (422, True)
    assert re.search(r'name="was"[^>]*value="for"', stale.text), "sent again, it is done knowingly"
    assert jan.send(change, {"was": "for", "vote": "none"}).status_code == 303
    assert "Głosy zapisane" not in jan.get(motion)


def test_counts_are_told_apart_from_votes_and_what_was_typed_stays(
    jan: Staff, place: str, sqlite_context: Context
) -> None:
    opened(jan, place, 3)
    motion = put(jan, place, "counted", "Wybór przewodniczącego")
    wrong = {"votes_for": "3", "against": "1", "abstained": "0", "note": "Uwaga", "sure": "1"}
    refused = jan.send(f"{motion}/zamkniecie", wrong)
    assert refused.status_code == 422
    assert "Razem 4\xa0głosy, a obecnych miejsc jest 3" in refused.text
    assert re.search(r'name="votes_for"[^>]*value="3"', refused.text)
    assert jan.send(f"{motion}/zamkniecie", {**wrong, "against": "0"}).status_code == 303
    page = jan.get(motion)
    assert "serwis nie wie, kto jak głosował" in page
    assert "Kto jak głosował" not in page
    for address in (f"{motion}/glosy/1", f"{place}/9"):
        jan.get(address, 404)
    listed = jan.get(f"{REGISTER}/uchwaly")
    assert "Wybór przewodniczącego" in listed
    assert "Wybór przewodniczącego" in jan.file(f"{REGISTER}/uchwaly.csv").decode()
    trace = staff(jan.client.application, "anna@example.org").get(f"/panel/{GMINA}/slad")
    assert "zamknięcie głosowania" in trace
    assert "Wybór przewodniczącego" not in trace
    assert votes.resolutions(sqlite_context, GMINA, 10)[1] == 1


def test_a_meeting_that_is_called_off_shows_why_nothing_can_be_done(
    jan: Staff, place: str, sqlite_context: Context
) -> None:
    opened(jan, place)
    motion = put(jan, place)
    day = sqlite_context.today()
    entries.set_state(sqlite_context, OWNER, int(place.split("/")[-2]), "cancelled", day, "Choroba", None)
    assert "spotkanie jest odwołane" in jan.get(place)
    assert "Teraz nie można zapisywać głosów" in jan.get(motion)
    for address, typed in (
        ("nowy", {"text": "Drugi", "kind": "named"}),
        ("miejsca", {}),
        ("obecnosc", {"present": "1"}),
        ("1/glosy", {"glos-1": "for"}),
        ("1/zamkniecie", {"sure": "1"}),
        ("1/wycofanie", {}),
    ):
        jan.address = "/panel/haslo"
        response = jan.send(f"{place}/{address}", typed)
        assert response.status_code in (409, 422), address
        assert "odwołane" in response.text, address


def test_a_withdrawn_motion_is_gone_and_another_gminas_meeting_is_not_there(
    app: Flask, jan: Staff, place: str
) -> None:
    opened(jan, place)
    motion = put(jan, place)
    assert "Wycofać wniosek nr 1?" in jan.get(f"{motion}/wycofanie")
    assert jan.send(f"{motion}/wycofanie").status_code == 303
    assert "Nie ma jeszcze żadnego wniosku" in jan.get(place)
    foreign = staff(app, "obcy@example.org")
    foreign.get(place.replace(GMINA, OTHER_GMINA), 404)
    foreign.address = "/panel/haslo"
    assert foreign.send(f"{place.replace(GMINA, OTHER_GMINA)}/miejsca").status_code == 404
    foreign.get(place, 403)


def test_what_was_decided_by_name_stays_inside_the_team(jan: Staff, place: str) -> None:
    """The file that leaves has numbers; whose vote it was is on the motion's page alone."""
    seats = opened(jan, place)
    motion = put(jan, place)
    jan.send(f"{motion}/glosy", {f"glos-{one}": "against" for one in seats})
    jan.send(f"{motion}/zamkniecie", {"sure": "1"})
    assert jan.get(motion).count("<td>przeciw</td>") == 4
    file = jan.file(f"{REGISTER}/uchwaly.csv").decode("utf-8-sig")
    assert ";4;4;0;4;0;odrzucony;" in file
    for name in ("Anna Zając", "Jan Łoś"):
        assert name not in file
        assert name not in jan.get(f"{REGISTER}/uchwaly").split("<main")[1]
