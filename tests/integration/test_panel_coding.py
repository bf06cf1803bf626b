"""Coding rounds in front of the pages: the coordinator opens and leads one, members rate alone."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey_app.services import team_people
from survey_app.services.coding import coding_rounds, rate
from survey_app.services.coding.coding_rounds import RoundDraft
from survey_app.services.coding.rate import RatingDraft
from survey_app.services.context import Context
from survey_app.services.register import catalogue, declarations
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.register.declarations import DeclarationDraft
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, Staff, staff
from tests.page_police import police

HOME = f"/panel/{GMINA}/kodowanie"
NAMES = ("Bank Spółdzielczy", "Gminny Ośrodek Pomocy Społecznej", "Szkoła Podstawowa")
RATERS = ("anna@example.org", "jan@example.org", "maria@example.org")
CRITERIA = ("wplyw", "wiedza", "zainteresowanie")


@pytest.fixture
def ids(app: Flask, sqlite_context: Context) -> list[int]:
    """Three stakeholders in the catalogue, by name; the application is there, with its people."""
    sectors = list(catalogue.catalogue_sectors())
    return [
        catalogue.add_stakeholder(
            sqlite_context, GMINA, StakeholderDraft(name=name, sector=sectors[place % 2], internal=True), None
        ).id
        for place, name in enumerate(NAMES)
    ]


@pytest.fixture
def round_id(sqlite_context: Context, ids: list[int]) -> int:
    raters = tuple(id_of(sqlite_context, email) for email in RATERS)
    draft = RoundDraft("Tura jesienna", "start", "dwa_kody", tuple(ids), raters)
    return coding_rounds.open_round(sqlite_context, GMINA, draft, None).id


def rated(context: Context, round_id: int, email: str, stakeholder_id: int, *points: int) -> None:
    for criterion, point in zip(CRITERIA, points, strict=False):
        rate.save_rating(
            context, GMINA, round_id, id_of(context, email), stakeholder_id, criterion, RatingDraft(point), 0
        )


def own(context: Context, round_id: int, email: str, stakeholder_id: int) -> list[tuple[Any, ...]]:
    sheet = rate.sheet(context, GMINA, round_id, id_of(context, email), stakeholder_id)
    return [(one.point, one.dont_know, one.reason) for one in sheet.own.values()]


def filled(*choices: str, reason: str = "", revision: int = 0) -> dict[str, str]:
    """A rating form as a browser sends it."""
    sent = {}
    for criterion, choice in zip(CRITERIA, choices, strict=False):
        sent |= {
            f"punkt-{criterion}": choice,
            f"powod-{criterion}": reason,
            f"wersja-{criterion}": str(revision),
        }
    return sent


def ticked(page: str, name: str) -> list[str]:
    boxes = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return [re.findall(r'value="(\d+)"', box)[0] for box in boxes if " checked" in box]


def seen(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)))


def as_json(person: Staff, address: str, typed: dict[str, str]) -> TestResponse:
    return person.send(address, typed, headers={"Accept": "application/json"})


# Rounds --------------------------------------------------------------------------------------------------------


def test_before_the_first_round_the_page_says_what_coding_is(app: Flask) -> None:
    page = staff(app, "anna@example.org").get(HOME)
    assert "Nie było jeszcze żadnej tury" in page
    assert "nie widzi ocen innych" in page
    assert f"{HOME}/nowa" in page
    assert f"{HOME}/nowa" not in staff(app, "jan@example.org").get(HOME)


def test_a_new_round_begins_with_a_title_and_everybody_ticked(app: Flask, ids: list[int]) -> None:
    page = staff(app, "anna@example.org").get(f"{HOME}/nowa")
    assert 'value="Tura 1"' in page
    assert sorted(ticked(page, "stakeholder_ids"), key=int) == [str(one) for one in ids]
    assert len(ticked(page, "rater_ids")) == 4
    assert "Podział z metody (dokument 000)" in page


def test_what_a_rater_represents_stands_beside_the_name(
    app: Flask, sqlite_context: Context, ids: list[int]
) -> None:
    team_people.set_representations(
        sqlite_context, GMINA, id_of(sqlite_context, "jan@example.org"), [ids[1]], None
    )
    page = staff(app, "anna@example.org").get(f"{HOME}/nowa")
    assert "Reprezentuje, więc nie ocenia: Gminny Ośrodek Pomocy Społecznej." in page


def test_a_round_is_opened_and_the_next_one_waits_for_its_end(
    app: Flask, sqlite_context: Context, ids: list[int]
) -> None:
    anna = staff(app, "anna@example.org")
    anna.get(f"{HOME}/nowa")
    raters = [id_of(sqlite_context, email) for email in RATERS]
    typed = {
        "title": "Tura 1",
        "occasion": "start",
        "scheme": "trzy_kody",
        "stakeholder_ids": ids[:2],
        "rater_ids": raters,
        "rating_until": "2026-11-20",
    }
    opened = anna.send(f"{HOME}/nowa", typed)
    assert opened.status_code == 303
    view = coding_rounds.round_view(sqlite_context, GMINA, coding_rounds.rounds(sqlite_context, GMINA)[0].id)
    assert [one.stakeholder_id for one in view.stakeholders] == ids[:2]
    assert view.scheme.id == "trzy_kody"
    assert view.round.rating_until == dt.date(2026, 11, 20)
    page = anna.get(opened.location)
    assert "Oceniamy do 20 listopada 2026" in page
    assert "Ocenione: 0 z 2" in page
    refused = anna.send(f"{HOME}/nowa", {**typed, "title": "Tura druga", "stakeholder_ids": ids[1:]})
    assert refused.status_code == 422
    assert 'value="Tura druga"' in refused.text
    assert sorted(ticked(refused.text, "stakeholder_ids"), key=int) == [str(one) for one in ids[1:]]
    assert len(coding_rounds.rounds(sqlite_context, GMINA)) == 1


def test_a_refused_round_comes_back_as_it_was_typed(
    app: Flask, sqlite_context: Context, ids: list[int]
) -> None:
    anna = staff(app, "anna@example.org")
    anna.get(f"{HOME}/nowa")
    typed = {"title": "  ", "occasion": "between", "scheme": "trzy_kody", "stakeholder_ids": ids[2:]}
    refused = anna.send(f"{HOME}/nowa", {**typed, "rating_until": "kiedyś"})
    assert refused.status_code == 422
    assert "Prosimy podać nazwę tury." in refused.text
    assert "choć jedną osobę" in refused.text
    assert ticked(refused.text, "stakeholder_ids") == [str(ids[2])]
    assert re.search(r'value="trzy_kody" checked', refused.text)
    assert 'value="kiedyś"' in refused.text
    gone = anna.send(
        f"{HOME}/nowa", {**typed, "title": "T", "rating_until": "2026-01-01", "rater_ids": [9999]}
    )
    assert gone.status_code == 422
    assert "już minął" in gone.text
    assert coding_rounds.rounds(sqlite_context, GMINA) == []


def test_only_the_coordinator_reads_how_far_the_others_are(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    rated(sqlite_context, round_id, "maria@example.org", ids[0], 3, 2, 1)
    page = staff(app, "anna@example.org").get(f"{HOME}/{round_id}")
    assert re.search(r"Maria Ćwik</th><td class=\"number\"[^>]*>1 z 3", page)
    jans = staff(app, "jan@example.org")
    assert "1 z 3" not in jans.get(f"{HOME}/{round_id}")
    assert "Ocenione: 0 z 3" in jans.get(HOME)
    assert "Ocenione: 1 z 3" in staff(app, "maria@example.org").get(HOME)
    assert "nie mają Państwo miejsca" in staff(app, "piotr@example.org").get(f"{HOME}/{round_id}")


def test_somebody_is_added_while_the_team_rates(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    late = catalogue.add_stakeholder(
        sqlite_context,
        GMINA,
        StakeholderDraft(name="Ochotnicza Straż", sector="edukacja", internal=True),
        None,
    )
    anna = staff(app, "anna@example.org")
    page = anna.get(f"{HOME}/{round_id}/uzupelnienie")
    assert "Ochotnicza Straż" in page
    assert NAMES[0] not in page
    piotr = id_of(sqlite_context, "piotr@example.org")
    sent = anna.send(f"{HOME}/{round_id}/uzupelnienie", {"stakeholder_ids": [late.id], "rater_ids": [piotr]})
    assert sent.status_code == 303
    view = coding_rounds.round_view(sqlite_context, GMINA, round_id)
    assert "Ochotnicza Straż" in [one.name for one in view.stakeholders]
    assert piotr in [one.person_id for one in view.raters]
    refused = anna.send(f"{HOME}/{round_id}/uzupelnienie", {"stakeholder_ids": [99999]})
    assert refused.status_code == 422


def test_a_stakeholder_is_taken_out_with_a_reason_only(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    anna = staff(app, "anna@example.org")
    address = f"{HOME}/{round_id}/wylaczenie/{ids[0]}"
    assert NAMES[0] in anna.get(address)
    refused = anna.send(address, {"reason": "   "})
    assert refused.status_code == 422
    assert "Prosimy napisać powód." in refused.text
    assert "x" * 501 in anna.send(address, {"reason": "x" * 501}).text
    assert anna.send(address, {"reason": "Bank przeniósł się do Lublina."}).status_code == 303
    page = anna.get(f"{HOME}/{round_id}")
    assert "Bank Spółdzielczy: Bank przeniósł się do Lublina." in page
    assert "już wyłączony" in anna.get(address)
    jan = staff(app, "jan@example.org")
    assert NAMES[0] not in jan.get(f"{HOME}/{round_id}/oceny")
    jan.get(f"{HOME}/{round_id}/oceny/{ids[0]}", expect=404)


def test_who_leaves_the_seat_rates_no_more(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    anna, jan = staff(app, "anna@example.org"), staff(app, "jan@example.org")
    address = f"{HOME}/{round_id}/odejscie/{id_of(sqlite_context, 'jan@example.org')}"
    assert "Jan Łoś" in anna.get(address)
    assert anna.send(address).status_code == 303
    assert "miejsce zwolnione" in anna.get(f"{HOME}/{round_id}")
    jan.get(f"{HOME}/{round_id}/oceny/{ids[0]}", expect=403)
    anna.get(f"{HOME}/{round_id}/odejscie/9999", expect=404)


def test_laying_open_says_who_has_not_finished_and_closing_who_is_undecided(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    for one in ids:
        rated(sqlite_context, round_id, "maria@example.org", one, 3, 2, 1)
    anna = staff(app, "anna@example.org")
    page = anna.get(f"{HOME}/{round_id}/wylozenie")
    assert "Jan Łoś: ocenione 0 z 3" in page
    assert "Maria Ćwik: " not in page
    assert anna.send(f"{HOME}/{round_id}/wylozenie").status_code == 303
    assert anna.send(f"{HOME}/{round_id}/wylozenie").status_code == 409
    assert "już zakończone" in anna.get(f"{HOME}/{round_id}/wylozenie")
    page = anna.get(f"{HOME}/{round_id}/zamkniecie")
    for one, name in zip(ids, NAMES, strict=True):
        assert f'{HOME}/{round_id}/uzgodnienia/{one}">{name}' in page
    refused = anna.send(f"{HOME}/{round_id}/zamkniecie")
    assert refused.status_code == 409
    assert NAMES[0] in refused.text
    assert "już zakończone" in anna.get(f"{HOME}/{round_id}/uzupelnienie")
    assert "uzgodnie" in staff(app, "jan@example.org").get(f"{HOME}/{round_id}")


def test_a_round_is_given_up_with_a_reason_and_makes_room(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    anna = staff(app, "anna@example.org")
    assert anna.send(f"{HOME}/{round_id}/porzucenie", {"reason": ""}).status_code == 422
    assert anna.send(f"{HOME}/{round_id}/porzucenie", {"reason": "Pomylony katalog."}).status_code == 303
    page = staff(app, "jan@example.org").get(HOME)
    assert "Pomylony katalog." in page
    assert "porzucona" in page
    assert "została porzucona" in anna.get(f"{HOME}/{round_id}")
    assert 'value="Tura 1"' in anna.get(f"{HOME}/nowa")
    assert "nie można porzucić" in anna.get(f"{HOME}/{round_id}/porzucenie")


# Rating --------------------------------------------------------------------------------------------------------


def test_the_sheet_shows_every_anchor_and_leads_on(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    jan = staff(app, "jan@example.org")
    page = jan.get(f"{HOME}/{round_id}/oceny/{ids[0]}")
    instrument = coding_rounds.round_view(sqlite_context, GMINA, round_id).instrument
    for question in instrument.questions:
        assert question.scale is not None
        for anchor in question.scale.anchors.values():
            assert anchor in seen(page)
    assert page.count('value="nie_wiem"') == 3
    assert "1 z 3" in page
    sent = jan.send(f"{HOME}/{round_id}/oceny/{ids[0]}", filled("3", "nie_wiem", "2", reason="Bo tak."))
    assert sent.status_code == 303
    assert sent.location.endswith(f"/oceny/{ids[1]}")
    assert own(sqlite_context, round_id, "jan@example.org", ids[0]) == [
        (3, False, "Bo tak."),
        (None, True, "Bo tak."),
        (2, False, "Bo tak."),
    ]
    listed = seen(jan.get(f"{HOME}/{round_id}/oceny"))
    assert "Ocenione: 1 z 3" in listed
    last = jan.send(f"{HOME}/{round_id}/oceny/{ids[2]}", filled("", "", "", reason="Jeszcze pomyślę."))
    assert last.location.endswith("/oceny")
    assert "zaczęte" in jan.get(f"{HOME}/{round_id}/oceny")


def test_a_point_out_of_scale_takes_nothing_from_the_others(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    jan = staff(app, "jan@example.org")
    address = f"{HOME}/{round_id}/oceny/{ids[0]}"
    for wrong in ("4", "0", "-1", "3.5", "trzy", "99999999999999999999"):
        refused = jan.send(address, filled(wrong, "2", "1", reason="Powód wpisany."))
        assert refused.status_code == 422, wrong
        assert "takiej oceny nie ma" in refused.text
        assert "Powód wpisany." in refused.text
    assert [one[0] for one in own(sqlite_context, round_id, "jan@example.org", ids[0])] == [None, 2, 1]
    long = jan.send(address, filled("1", "2", "1", reason="ż" * 2001))
    assert long.status_code == 422
    assert "ż" * 2001 in long.text
    answer = as_json(jan, address, {"punkt-wplyw": "7", "powod-wplyw": "", "wersja-wplyw": "0"})
    assert answer.status_code == 422
    assert "od 1 do 3" in answer.get_json()["ratings"]["wplyw"]["message"]


def test_two_windows_with_different_values_are_both_shown(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    jan = staff(app, "jan@example.org")
    address = f"{HOME}/{round_id}/oceny/{ids[0]}"
    jan.send(address, filled("3", reason="Z pierwszego okna."))
    page = jan.send(address, filled("1", reason="Z drugiego okna."))
    assert page.status_code == 409
    assert "W innym oknie zapisano: 3; powód: „Z pierwszego okna.”" in page.text
    assert "W tym oknie: 1; powód: „Z drugiego okna.”" in page.text
    assert own(sqlite_context, round_id, "jan@example.org", ids[0])[0] == (3, False, "Z pierwszego okna.")
    # What the page now holds is saved when it is sent again: it knows the revision it replaces.
    revision = re.search(r'name="wersja-wplyw" value="(\d+)"', page.text)
    assert revision is not None
    took = jan.send(address, {**filled("1", reason="Z drugiego okna."), "wez": "wplyw", "dalej": "zostan"})
    assert took.status_code == 303
    assert own(sqlite_context, round_id, "jan@example.org", ids[0])[0][0] == 3
    kept = jan.send(address, filled("1", reason="Z drugiego okna.", revision=int(revision[1])))
    assert kept.status_code == 303
    assert own(sqlite_context, round_id, "jan@example.org", ids[0])[0] == (1, False, "Z drugiego okna.")


def test_the_pages_script_is_told_the_revision_and_the_other_value(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    jan = staff(app, "jan@example.org")
    address = f"{HOME}/{round_id}/oceny/{ids[0]}"
    first = as_json(jan, address, filled("3"))
    assert (first.status_code, first.get_json()) == (
        200,
        {"ratings": {"wplyw": {"saved": True, "revision": 1}}},
    )
    again = as_json(jan, address, filled("3", revision=1))
    assert again.get_json()["ratings"]["wplyw"]["revision"] == 1
    stale = as_json(jan, address, filled("nie_wiem"))
    assert stale.status_code == 409
    assert stale.get_json()["ratings"]["wplyw"] == {
        "saved": False,
        "stored": {"point": 3, "dont_know": False, "reason": "", "revision": 1},
    }


def test_nobody_rates_what_they_represent(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    person_id = id_of(sqlite_context, "jan@example.org")
    team_people.set_representations(sqlite_context, GMINA, person_id, [ids[1]], None)
    jan = staff(app, "jan@example.org")
    page = jan.get(f"{HOME}/{round_id}/oceny/{ids[1]}")
    assert "Reprezentują Państwo tę instytucję" in page
    assert 'id="ocena"' not in page
    assert jan.send(f"{HOME}/{round_id}/oceny/{ids[1]}", filled("3")).status_code == 403
    assert "bez oceny: to Państwa instytucja" in jan.get(f"{HOME}/{round_id}/oceny")
    # The walk passes it by.
    assert jan.send(f"{HOME}/{round_id}/oceny/{ids[0]}", filled("3")).location.endswith(f"/oceny/{ids[2]}")
    assert "1 z 2" in jan.get(f"{HOME}/{round_id}/oceny/{ids[0]}")


def test_what_the_catalogue_knows_is_in_sight_while_rating(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    for kind, words, resource in (
        ("contribution", "sala na warsztaty", next(iter(declarations.RESOURCES))),
        ("refusal", "Odmówili na piśmie.", None),
    ):
        draft = DeclarationDraft(kind, words, sqlite_context.today(), resource)
        declarations.add_declaration(sqlite_context, GMINA, ids[0], draft, None)
    page = seen(staff(app, "jan@example.org").get(f"{HOME}/{round_id}/oceny/{ids[0]}"))
    assert re.search(r"Zapisany wkład: .*sala na warsztaty", page)
    assert "Zapisana odmowa: Odmówili na piśmie." in page
    assert "Zapisan" not in seen(staff(app, "maria@example.org").get(f"{HOME}/{round_id}/oceny/{ids[1]}"))


def test_after_the_stage_what_was_typed_is_shown_to_be_copied(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    jan = staff(app, "jan@example.org")
    address = f"{HOME}/{round_id}/oceny/{ids[0]}"
    jan.get(address)
    rated(sqlite_context, round_id, "maria@example.org", ids[0], 3, 2, 1)
    coding_rounds.lay_open(sqlite_context, GMINA, round_id, None)
    late = jan.send(address, filled("2", "nie_wiem", "", reason="Spóźniony, ale ważny."))
    assert late.status_code == 409
    assert "Ocenianie w tej turze jest zakończone" in late.text
    assert late.text.count("Spóźniony, ale ważny.") == 3
    told = as_json(jan, address, filled("2"))
    assert told.status_code == 409
    assert told.get_json()["over"] is True
    assert "zakończone" in jan.get(address)
    assert "zakończone" in jan.get(f"{HOME}/{round_id}/oceny")
    assert own(sqlite_context, round_id, "jan@example.org", ids[0])[0] == (None, False, "")


def test_a_rating_leans_on_evidence_that_its_rater_can_take_back(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    jan = staff(app, "jan@example.org")
    address = f"{HOME}/{round_id}/oceny/{ids[0]}/dowody/wplyw"
    assert "Dodaj dowód" in jan.get(address)
    refused = jan.send(address, {"dowod": "", "dowod-notatka": "Strona 4."})
    assert refused.status_code == 422
    assert 'value="Strona 4."' in refused.text
    assert (
        jan.send(address, {"dowod": f"catalogue:{ids[1]}", "dowod-notatka": "Strona 4."}).status_code == 303
    )
    page = jan.get(address)
    assert "Strona 4." in page
    assert "Dowody: 1" in jan.get(f"{HOME}/{round_id}/oceny/{ids[0]}")
    taking_back = re.search(r'action="([^"]+/usuniecie)"', page)
    assert taking_back is not None
    assert staff(app, "maria@example.org").client.get(address).status_code == 200
    maria = staff(app, "maria@example.org")
    assert "Strona 4." not in maria.get(address)
    assert maria.send(taking_back[1]).status_code == 404
    assert jan.send(taking_back[1]).status_code == 303
    assert "Strona 4." not in jan.get(address)
    jan.get(f"{HOME}/{round_id}/oceny/{ids[0]}/dowody/nie_ma", expect=404)


def test_every_page_of_a_round_is_sound(
    app: Flask, sqlite_context: Context, ids: list[int], round_id: int
) -> None:
    """`staff` polices each page; here the ones that no other test opens."""
    anna = staff(app, "anna@example.org")
    for path in ("", f"/{round_id}", f"/{round_id}/porzucenie", f"/{round_id}/zamkniecie"):
        police(anna.get(HOME + path))
