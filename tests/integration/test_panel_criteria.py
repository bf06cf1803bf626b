"""The pages of criteria: the team reads, the coordinator changes, and nothing that was typed is lost."""

from __future__ import annotations

import copy
import html
import io
import re
from typing import Any

import pytest
import yaml
from flask import Flask

from survey_app.services.coding import coding_rounds, criteria
from survey_app.services.context import Context
from tests.coding_rows import a_round
from tests.integration.staff import GMINA, Staff, staff

PAGE = f"/panel/{GMINA}/wyrozniki"
EDIT = f"{PAGE}/zmiana"
UPLOAD = f"{PAGE}/wczytaj"
THRESHOLD = "prog-0-0-0-0"  # two codes, Zwolennik, first clause: interest at least 3


@pytest.fixture
def anna(app: Flask) -> Staff:
    return staff(app, "anna@example.org")


def shown(page: str) -> dict[str, str]:
    """What the form's fields hold."""
    inputs = re.findall(r'<input [^>]*name="([^"]+)"(?: type="[^"]+")?(?: value="([^"]*)")?', page)
    areas = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n([^<]*)</textarea>', page)
    unticked = {name for name, _ in inputs if name.startswith("usun-")}
    values = {name: html.unescape(value) for name, value in (*inputs, *areas)}
    return {name: value for name, value in values.items() if name not in (*unticked, "csrf_token")}


def current(context: Context) -> criteria.InstrumentVersion:
    return criteria.current_criteria(context, GMINA)


def sent(anna: Staff, changes: dict[str, str], expect: int) -> str:
    """The answer to the form as it is shown, with some fields changed."""
    typed = {**shown(anna.get(EDIT)), "powod": "Tak zdecydował zespół.", **changes}
    response = anna.send(EDIT, typed)
    assert response.status_code == expect, response.text
    return html.unescape(response.text)


def test_a_member_reads_the_criteria_and_the_coordinator_may_change_them(app: Flask, anna: Staff) -> None:
    jan = staff(app, "jan@example.org")
    for page in (jan.get(PAGE), anna.get(PAGE)):
        assert "Wyróżnik 1: siła oddziaływania" in page
        assert "Przychodzi na spotkania, pyta i słucha" in page
        assert "Zwolennik: ocena „Zainteresowanie zatrudnieniem socjalnym” co najmniej 3; albo" in page
        assert "zachowuje wersję, z którą ją otwarto" in page
    assert EDIT not in jan.get(PAGE)
    assert EDIT in anna.get(PAGE)


def test_the_form_changes_names_anchors_thresholds_and_codes(anna: Staff, sqlite_context: Context) -> None:
    changes = {
        "nazwa-wplyw": "Wpływ na gminę",
        "opis-wiedza-1": "Nie słyszała.",
        "opis-zainteresowanie-4": "Prowadzi takie działania od lat.",
        THRESHOLD: "4",
        "minimum": "5",
        "kod-neutralny": "Niezdecydowany",
        "kody-neutralny": "Niezdecydowani",
    }
    sent(anna, changes, 302)
    version = current(sqlite_context)
    instrument = criteria.criteria_of(version)
    coding = instrument.definitions.coding
    assert coding is not None
    assert version.reason == "Tak zdecydował zespół."
    assert instrument.by_id["wplyw"].text == "Wpływ na gminę"
    assert instrument.by_id["wiedza"].scale is not None
    assert instrument.by_id["wiedza"].scale.anchors[1] == "Nie słyszała."
    assert instrument.by_id["zainteresowanie"].scale is not None
    assert instrument.by_id["zainteresowanie"].scale.high == 4
    assert coding.minimum_ratings == 5
    assert coding.code("neutralny").label == "Niezdecydowany"
    page = html.unescape(anna.get(PAGE))
    assert "Wersja 1 zespołu" in page
    assert "co najmniej 4; albo" in page
    assert "Anna Zając" in page


def test_a_criterion_is_added_and_taken_out_again(anna: Staff, sqlite_context: Context) -> None:
    new = {
        "nowy-nazwa": "Gotowość do współpracy",
        "nowy-pytanie": "Czy chce działać razem?",
        "nowy-opis-1": "Nie.",
        "nowy-opis-2": "Tak.",
    }
    sent(anna, new, 302)
    added = criteria.criteria_of(current(sqlite_context)).questions[-1]
    assert (added.id, added.number, added.text) == ("z_gotowosc_do_wspolpracy", "3", "Gotowość do współpracy")
    assert added.scale is not None
    assert added.scale.anchors == {1: "Nie.", 2: "Tak."}
    page = anna.get(EDIT)
    assert [*re.findall(r'name="(usun-[^"]+)"', page)] == ["usun-z_gotowosc_do_wspolpracy"]
    sent(anna, {"usun-z_gotowosc_do_wspolpracy": "1"}, 302)
    assert len(criteria.criteria_of(current(sqlite_context)).questions) == 3


def test_what_was_typed_comes_back_beside_every_fault(anna: Staff, sqlite_context: Context) -> None:
    changes = {
        "nazwa-wplyw": "",
        "opis-wiedza-2": "",
        "opis-wiedza-5": "Piąty.",
        "minimum": "dużo",
        "kod-neutralny": "Zwolennik",
        "powod": " ",
        "nowy-nazwa": "Bez opisów",
    }
    page = sent(anna, changes, 422)
    for said in (
        "„Siła oddziaływania”, nazwa: prosimy wypełnić to pole.",
        "„Wiedza o zatrudnieniu socjalnym”, punkt 2: nie ma opisu.",
        "„Wiedza o zatrudnieniu socjalnym”, punkt 4: nie ma opisu.",
        "Prosimy wpisać liczbę całkowitą od 1 do 100.",
        "Tak nazywa się już inny kod: „Zwolennik”.",
        "Prosimy podać powód zmiany.",
        "„Nowy wyróżnik”, punkt 1: nie ma opisu.",
    ):
        assert said in page
    values = shown(page)
    assert {name: values[name].strip() for name in changes} == {
        name: text.strip() for name, text in changes.items()
    }
    assert current(sqlite_context).gmina_code is None


def test_faults_of_the_rules_come_back_in_the_scores_concerned(anna: Staff) -> None:
    page = sent(anna, {THRESHOLD: "5"}, 422)
    assert "Punktu 5 nie ma na skali tego kryterium. Skala ma punkty od 1 do 3." in page
    assert f'id="{THRESHOLD}-error"' in page
    assert shown(page)[THRESHOLD] == "5"


def three_steps(context: Context) -> dict[str, Any]:
    """The common definition with a third code between the two of the first scheme."""
    document = copy.deepcopy(dict(current(context).definition))
    coding = document["definitions"]["coding"]
    between = {
        "id": "sprzyjajacy",
        "label": "Sprzyjający",
        "label_plural": "Sprzyjający",
        "stance": "supporter",
    }
    coding["codes"].insert(1, {**between, "meaning": "Przychodzi i pyta."})
    interest = {"criterion": "zainteresowanie"}
    coding["schemes"][0]["rules"] = [
        {"code": "zwolennik", "any": [{"all": [{**interest, "op": "ge", "value": 3}]}]},
        {
            "code": "sprzyjajacy",
            "any": [{"all": [{**interest, "op": "ge", "value": 2}, {**interest, "op": "le", "value": 2}]}],
        },
        {"code": "neutralny", "otherwise": True},
    ]
    return document


def test_thresholds_that_overlap_are_told_beside_their_scheme(anna: Staff, sqlite_context: Context) -> None:
    criteria.publish_copy(sqlite_context, GMINA, three_steps(sqlite_context), "Trzy stopnie.", None)
    page = sent(anna, {"prog-0-1-0-1": "3"}, 422)
    told = "„Zainteresowanie zatrudnieniem socjalnym” 3: pasują dwa kody: Zwolennik i Sprzyjający."
    assert f'<a href="#podzial-0-group">{told}' in page
    assert 'id="podzial-0-group"' in page
    assert 'id="podzial-0-error"' in page
    assert shown(page)["prog-0-1-0-1"] == "3"
    assert current(sqlite_context).version == 1


def test_faults_of_a_file_are_told_with_their_lines(anna: Staff, sqlite_context: Context) -> None:
    document = three_steps(sqlite_context)
    document["definitions"]["coding"]["schemes"][0]["rules"][1]["any"][0]["all"][1]["value"] = 3
    document["sections"][0]["questions"][0]["tekst"] = "Klucz, którego nie ma."
    content = yaml.safe_dump(document, allow_unicode=True).encode("utf-8")
    anna.get(UPLOAD)
    response = anna.send(UPLOAD, {"powod": "Próba.", "plik": (io.BytesIO(content), "moje.yml")})
    page = html.unescape(response.text)
    assert response.status_code == 422
    rules = next(i for i, line in enumerate(content.decode("utf-8").splitlines(), 1) if "tekst:" in line)
    assert f"Wiersz {rules}: Nieznany klucz „tekst”." in page
    assert "3: pasują dwa kody: Zwolennik i Sprzyjający." in page
    assert "Próba." in page
    assert current(sqlite_context).gmina_code is None


def test_without_a_change_nothing_is_published(anna: Staff, sqlite_context: Context) -> None:
    assert "Nic się nie zmieniło" in sent(anna, {}, 422)
    assert current(sqlite_context).gmina_code is None


def test_who_began_before_somebody_else_saved_is_told_and_keeps_the_text(
    anna: Staff, sqlite_context: Context
) -> None:
    begun = shown(anna.get(EDIT))
    sent(anna, {"minimum": "4"}, 302)
    response = anna.send(EDIT, {**begun, "minimum": "6", "powod": "Druga karta."})
    assert response.status_code == 422
    assert "ktoś inny zmienił wyróżniki" in response.text
    assert shown(html.unescape(response.text))["minimum"] == "6"
    assert current(sqlite_context).version == 1


def test_the_file_goes_out_and_comes_back_changed(anna: Staff, sqlite_context: Context) -> None:
    content = anna.file(f"{PAGE}/wersje/{current(sqlite_context).id}/plik")
    changed = content.replace(b"minimum_ratings: 3", b"minimum_ratings: 4")
    anna.get(UPLOAD)
    response = anna.send(UPLOAD, {"powod": "Z pliku.", "plik": (io.BytesIO(changed), "wyrozniki (1).yml")})
    assert response.status_code == 302
    assert current(sqlite_context).reason == "Z pliku."
    anna.get(UPLOAD)
    nothing = anna.send(UPLOAD, {"powod": "Bez pliku."})
    assert nothing.status_code == 422
    assert "Prosimy wybrać plik." in nothing.text


def test_going_back_asks_for_a_reason(anna: Staff, sqlite_context: Context) -> None:
    assert "korzysta już ze wspólnej definicji" in anna.get(f"{PAGE}/powrot")
    sent(anna, {"minimum": "4"}, 302)
    anna.get(f"{PAGE}/powrot")
    assert anna.send(f"{PAGE}/powrot", {"powod": ""}).status_code == 422
    assert anna.send(f"{PAGE}/powrot", {"powod": "Wracamy."}).status_code == 302
    page = anna.get(PAGE)
    assert "Wersja 2 zespołu" in page
    assert "Wersja 1 zespołu" in page


def test_another_teams_version_does_not_exist(app: Flask, anna: Staff, sqlite_context: Context) -> None:
    sent(anna, {"minimum": "4"}, 302)
    other = staff(app, "obca@example.org")
    for address in (
        f"/panel/060203/wyrozniki/wersje/{current(sqlite_context).id}",
        "/panel/060203/wyrozniki/wersje/99999999999",
    ):
        assert other.client.get(address).status_code == 404
    assert "To konto" in html.unescape(other.client.get(PAGE).text)


def test_a_round_keeps_the_version_it_was_opened_with(anna: Staff, sqlite_context: Context) -> None:
    round_id = a_round(sqlite_context, ("anna@example.org",))
    used = current(sqlite_context)
    sent(anna, {"minimum": "4"}, 302)
    assert coding_rounds.coding_round(sqlite_context, GMINA, round_id).instrument_version_id == used.id
    assert current(sqlite_context).id != used.id
    rows = re.findall(r"<tr><th scope.*?</tr>", anna.get(PAGE), re.S)
    assert ["Tura 1" in row for row in rows if "wersje" in row] == [False, True]
    assert "nie jest wersja, z której zespół teraz korzysta" in anna.get(f"{PAGE}/wersje/{used.id}")
