"""Stage 2 on the pages: ratings laid open, decisions, votes, names, the close and corrections."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from survey_app.services import accounts
from survey_app.services.coding import agree, coding_history, coding_rounds
from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests.campaign_kit import GMINA
from tests.coding_kit import (
    Points,
    Team,
    add_team,
    close,
    decide_all,
    laid_open_round,
    open_round,
    rate_all,
    represent,
)
from tests.integration.staff import Staff

PASSWORD = "cztery-zwykle-slowa-razem"
OUTSIDER = "obcy@example.org"
OWN_WORDS = "Kierownik zgłosił udział na spotkaniu 3 listopada."


@pytest.fixture
def team(sqlite_context: Context) -> Team:
    """Four institutions, a coordinator and three members."""
    return add_team(sqlite_context, stakeholders=4, seats=4)


@pytest.fixture
def pages(sqlite_context: Context) -> Flask:
    application = create_app(context=sqlite_context)
    application.testing = True
    return application


def person(pages: Flask, number: int) -> Staff:
    """The person of that number; the first coordinates."""
    browser = Staff(pages.test_client())
    assert browser.log_in(f"osoba{number}.{GMINA}@example.org", PASSWORD).status_code == 302
    return browser


def points(seat: int, place: int) -> Points:
    """The first institution: all agree on 3. The second: they differ. The third: nobody knows. The fourth: all 1."""
    return ((2, 2, 3), (1 + seat % 3, 2, 1 + seat % 3), (None, None, None), (1, 1, 1))[place]


@pytest.fixture
def round_id(sqlite_context: Context, team: Team) -> int:
    return laid_open_round(sqlite_context, team, points).id


def base(round_id: int) -> str:
    return f"/panel/{GMINA}/kodowanie/{round_id}/uzgodnienia"


def decision_of(context: Context, team: Team, round_id: int, place: int) -> agree.DecisionView | None:
    return agree.laid_open(context, GMINA, round_id, team.stakeholders[place], team.coordinator).decision


def test_nobody_sees_the_page_before_the_ratings_are_laid_open(
    sqlite_context: Context, pages: Flask, team: Team
) -> None:
    found = open_round(sqlite_context, team)
    rate_all(sqlite_context, found.id, team)
    for number in (1, 2):
        for address in (base(found.id), f"{base(found.id)}/{team.stakeholders[0]}"):
            page = person(pages, number).get(address, expect=409)
            assert "każda osoba ocenia na razie sama" in page


def test_the_overview_shows_medians_spread_and_what_is_left(pages: Flask, team: Team, round_id: int) -> None:
    page = person(pages, 2).get(base(round_id))
    assert "0 z 4" in page
    assert "3 (wszyscy)" in page
    assert "1 (1–3)" in page
    assert "brak ocen" in page
    assert "Alfa Krippendorffa" in page
    assert "Osoba 3" not in page, "no rater is named"
    assert "Potwierdź propozycje" not in page, "a member decides nothing"
    differing = person(pages, 2).get(f"{base(round_id)}?pokaz=roznice")
    assert ("Instytucja 002" in differing, "Instytucja 001" in differing) == (True, False)


def test_a_long_overview_is_cut_into_pages_and_keeps_its_filter(
    sqlite_context: Context, pages: Flask
) -> None:
    many = add_team(sqlite_context, stakeholders=103, seats=3)
    found = laid_open_round(sqlite_context, many, lambda seat, place: (2, 2, 1 + seat if place else 2))
    browser = person(pages, 2)

    def shown(query: str) -> list[str]:
        return re.findall(r">(Instytucja \d+)</a>", browser.get(base(found.id) + query))

    names = [f"Instytucja {number:03}" for number in range(1, 104)]
    assert shown("") == names[:100]
    assert shown("?strona=2") == names[100:]
    assert shown("?strona=99") == names[100:], "the last page there is"
    assert shown("?pokaz=roznice") == names[1:101]
    assert shown("?pokaz=roznice&strona=2") == names[101:]
    first = browser.get(f"{base(found.id)}?pokaz=roznice")
    assert "0 z 103" in first, "the figures are of the whole round"
    assert re.search(r'rel="next" href="[^"]*pokaz=roznice&amp;strona=2', first)


def test_no_variation_at_all_is_said_to_be_undefined(
    sqlite_context: Context, pages: Flask, team: Team
) -> None:
    found = laid_open_round(sqlite_context, team, (2, 2, 2))
    assert "nieokreślona" in person(pages, 1).get(base(found.id))


def test_what_all_agree_on_is_listed_and_then_confirmed_at_once(
    sqlite_context: Context, pages: Flask, team: Team, round_id: int
) -> None:
    anna = person(pages, 1)
    assert "wszyscy są zgodni (2)" in anna.get(base(round_id))
    listed = anna.get(f"{base(round_id)}/potwierdzenie")
    assert ("Instytucja 001" in listed, "Instytucja 002" in listed) == (True, False)
    assert decision_of(sqlite_context, team, round_id, 0) is None, "a look confirms nothing"
    assert anna.send(f"{base(round_id)}/potwierdzenie").status_code == 302
    assert "Potwierdzono 2" in anna.get(base(round_id)).replace("\u00a0", " ")
    made = decision_of(sqlite_context, team, round_id, 0)
    assert made is not None
    assert made.code == "zwolennik"
    assert decision_of(sqlite_context, team, round_id, 1) is None
    again = anna.get(f"{base(round_id)}/potwierdzenie")
    assert "Nie ma czego potwierdzić" in again


def test_the_page_of_one_shows_how_many_gave_which_point_and_reasons_without_names(
    sqlite_context: Context, pages: Flask, team: Team
) -> None:
    from tests.coding_kit import lay_open, rate_one

    found = open_round(sqlite_context, team)
    rate_all(sqlite_context, found.id, team, points)
    rate_one(sqlite_context, found.id, team.people[2], team.stakeholders[0], (3, 3, 3), "Ma ludzi i lokal.")
    lay_open(sqlite_context, found.id, team)
    page = person(pages, 2).get(f"{base(found.id)}/{team.stakeholders[0]}")
    assert "Ma ludzi i lokal." in page
    assert "Najbardziej odbiega ocena 3" in page
    assert "Osoba 3" not in page
    for place in range(1, 5):
        browser = person(pages, place)
        browser.get(base(found.id))
        assert browser.send(f"{base(found.id)}/nazwiska", {"zgoda": "1"}).status_code == 302
        shown = browser.get(f"{base(found.id)}/{team.stakeholders[0]}")
        assert ("(Osoba 3)" in shown) == (place == 4), "only when everybody who rated has agreed"
    browser.send(f"{base(found.id)}/nazwiska", {"zgoda": "0"})
    assert "(Osoba 3)" not in browser.get(f"{base(found.id)}/{team.stakeholders[0]}")


def test_a_proposal_is_confirmed_and_later_changed_with_the_teams_own_reason(
    sqlite_context: Context, pages: Flask, team: Team, round_id: int
) -> None:
    anna, address = person(pages, 1), f"{base(round_id)}/{team.stakeholders[0]}"
    page = anna.get(address)
    assert "Potwierdź propozycję: Zwolennik" in page
    typed = {"tak-code": "zwolennik", "tak-replaces": "", "tak-reason": "Zgadzamy się."}
    assert anna.send(f"{address}/potwierdzenie", typed).status_code == 302
    made = decision_of(sqlite_context, team, round_id, 0)
    assert made is not None
    anna.get(address)
    typed = {"inny-code": "neutralny", "inny-replaces": str(made.id), "inny-reason": OWN_WORDS}
    assert anna.send(f"{address}/decyzja", typed).status_code == 302
    changed = decision_of(sqlite_context, team, round_id, 0)
    assert changed is not None
    assert (changed.code, changed.reason) == ("neutralny", OWN_WORDS)
    assert "Zgadzamy się." in anna.get(address), "the earlier decision stays readable"


def test_a_code_without_a_reason_or_with_the_words_of_another_is_refused_and_nothing_is_lost(
    sqlite_context: Context, pages: Flask, team: Team, round_id: int
) -> None:
    anna, address = person(pages, 1), f"{base(round_id)}/{team.stakeholders[0]}"
    composed = re.search(r'name="tak-reason"[^>]*>\s*([^<]+)</textarea>', anna.get(address))
    assert composed is not None
    for reason, told in (("", "Prosimy napisać"), (composed[1].strip(), "mówi o potwierdzeniu propozycji")):
        response = anna.send(f"{address}/decyzja", {"inny-code": "neutralny", "inny-reason": reason})
        assert response.status_code == 422
        assert told in response.text
        assert 'value="neutralny" checked' in response.text
    response = anna.send(f"{address}/decyzja", {"inny-code": "nieznany", "inny-reason": OWN_WORDS})
    assert (response.status_code, OWN_WORDS in response.text) == (422, True)
    assert decision_of(sqlite_context, team, round_id, 0) is None


@pytest.mark.parametrize("way", ["decyzja", "potwierdzenie"])
def test_a_decision_that_somebody_changed_meanwhile_is_shown_beside_ones_own(
    sqlite_context: Context, pages: Flask, team: Team, round_id: int, way: str
) -> None:
    anna, address = person(pages, 1), f"{base(round_id)}/{team.stakeholders[0]}"
    anna.get(address)
    agree.decide(
        sqlite_context, GMINA, round_id, team.stakeholders[0], "neutralny", "Tamten powód.", team.coordinator
    )
    prefix = "inny" if way == "decyzja" else "tak"
    typed = {f"{prefix}-code": "zwolennik", f"{prefix}-replaces": "", f"{prefix}-reason": OWN_WORDS}
    response = anna.send(f"{address}/{way}", typed)
    assert response.status_code == 422
    assert "decyzja zmieniła się w międzyczasie" in response.text
    assert "Tamten powód." in response.text
    assert OWN_WORDS in response.text
    seen = re.search(r'name="inny-replaces"[^>]*value="(\d+)"', response.text)
    assert seen is not None
    typed = {"inny-code": "zwolennik", "inny-replaces": seen[1], "inny-reason": OWN_WORDS}
    assert anna.send(f"{address}/decyzja", typed).status_code == 302
    made = decision_of(sqlite_context, team, round_id, 0)
    assert made is not None
    assert made.reason == OWN_WORDS


def test_a_vote_is_opened_cast_on_phones_and_closed(
    sqlite_context: Context, pages: Flask, team: Team, round_id: int
) -> None:
    represent(sqlite_context, team.people[3], team.stakeholders[1])
    anna, address = person(pages, 1), f"{base(round_id)}/{team.stakeholders[1]}"
    assert "Głosuje 3\u00a0osoby" in anna.get(address)
    typed = {"glos-code": "zwolennik", "glos-reason": OWN_WORDS}
    assert anna.send(f"{address}/glosowanie", typed).status_code == 302
    laid = agree.laid_open(sqlite_context, GMINA, round_id, team.stakeholders[1], team.coordinator)
    assert laid.ballot is not None
    urn = f"{address}/glosowanie/{laid.ballot.id}"
    for number, choice in ((1, "for"), (2, "for"), (3, "against")):
        browser = person(pages, number)
        page = browser.get(address)
        assert "Oddaj głos" in page
        assert browser.send(urn, {"choice": choice}).status_code == 302
        page = browser.get(address)
        assert f"Oddane głosy: {number} z 3" in page
        assert "Głosowanie: " not in page, "nobody learns how others voted while it goes on"
    represents = person(pages, 4)
    page = represents.get(address)
    assert ("Oddaj głos" in page, "Państwa instytucja" in page) == (False, True)
    assert represents.send(urn, {"choice": "against"}).status_code == 403
    assert person(pages, 2).send(f"{urn}/zamkniecie").status_code == 403
    anna.get(address)
    assert anna.send(f"{urn}/zamkniecie").status_code == 302
    assert "Głosowanie: 2 za, 1 przeciw, 0 wstrzymało się (miejsc: 3)." in anna.get(address)
    made = decision_of(sqlite_context, team, round_id, 1)
    assert made is not None
    assert (made.code, made.reason) == ("zwolennik", OWN_WORDS)


def test_a_choice_that_is_none_is_refused(
    sqlite_context: Context, pages: Flask, team: Team, round_id: int
) -> None:
    stakeholder = team.stakeholders[1]
    ballot = agree.open_ballot(
        sqlite_context, GMINA, round_id, stakeholder, "zwolennik", OWN_WORDS, team.coordinator
    )
    browser = person(pages, 2)
    browser.get(f"{base(round_id)}/{stakeholder}")
    response = browser.send(f"{base(round_id)}/{stakeholder}/glosowanie/{ballot}", {"choice": "może"})
    assert response.status_code == 422
    assert "Prosimy wybrać: za, przeciw albo wstrzymuję się." in response.text


def test_hands_counted_in_the_room_must_fit_the_seats(
    sqlite_context: Context, pages: Flask, team: Team, round_id: int
) -> None:
    anna, address = person(pages, 1), f"{base(round_id)}/{team.stakeholders[1]}"
    anna.get(address)
    typed = {"rece-code": "neutralny", "rece-reason": OWN_WORDS, "rece-abstained": "0"}
    for votes_for, against, status in (("4", "1", 422), ("-1", "1", 422), ("", "1", 422), ("3", "1", 302)):
        counts = {"rece-votes_for": votes_for, "rece-against": against}
        response = anna.send(f"{address}/rece", {**typed, **counts})
        assert response.status_code == status, (votes_for, against)
        if status == 422:
            assert OWN_WORDS in response.text
            assert decision_of(sqlite_context, team, round_id, 1) is None
    made = decision_of(sqlite_context, team, round_id, 1)
    assert made is not None
    assert made.ballot is not None
    assert (made.ballot.votes_for, made.ballot.votes_against) == (3, 1)


def test_a_decision_leans_on_an_entry_and_no_longer(
    sqlite_context: Context, pages: Flask, team: Team, round_id: int
) -> None:
    anna, address = person(pages, 1), f"{base(round_id)}/{team.stakeholders[0]}"
    decide_all(sqlite_context, round_id, team)
    anna.get(address)
    chosen = f"catalogue:{team.stakeholders[0]}"
    typed = {"dowod": chosen, "dowod-notatka": "wkład: lokal"}
    assert anna.send(f"{address}/dowody", typed).status_code == 302
    page = anna.get(address)
    assert "wkład: lokal" in page
    removal = re.search(r'action="([^"]+/dowody/\d+/usun)"', page)
    assert removal is not None
    assert anna.send(removal[1]).status_code == 302
    assert "wkład: lokal" not in anna.get(address)
    assert anna.send(f"{address}/dowody", {"dowod": ""}).status_code == 422
    refused = anna.send(f"{address}/dowody", {"dowod": chosen, "dowod-notatka": "strona 4 " * 60})
    assert refused.status_code == 422
    assert f'value="{chosen}" selected' in refused.text
    assert "strona 4 strona 4" in refused.text


def test_after_the_close_the_page_only_reads_and_takes_corrections(
    sqlite_context: Context, pages: Flask, team: Team, round_id: int
) -> None:
    decide_all(sqlite_context, round_id, team)
    close(sqlite_context, round_id, team)
    frozen = coding_rounds.coding_round(sqlite_context, GMINA, round_id).result
    anna, address = person(pages, 1), f"{base(round_id)}/{team.stakeholders[0]}"
    page = anna.get(address)
    assert "Popraw kod (sprostowanie)" in page
    for word in ("Zmień decyzję", "Głosowanie na telefonach", "Dodaj dowód"):
        assert word not in page
    assert anna.send(
        f"{address}/decyzja", {"inny-code": "neutralny", "inny-reason": OWN_WORDS}
    ).status_code in (
        409,
        422,
    )
    assert anna.send(f"{address}/sprostowanie", {"sprostowanie-code": "neutralny"}).status_code == 422
    made = decision_of(sqlite_context, team, round_id, 0)
    assert made is not None
    typed = {
        "sprostowanie-code": "neutralny",
        "sprostowanie-replaces": str(made.id),
        "sprostowanie-reason": OWN_WORDS,
    }
    assert anna.send(f"{address}/sprostowanie", typed).status_code == 302
    overview = person(pages, 2).get(base(round_id))
    assert "Sprostowania po zamknięciu" in overview
    assert OWN_WORDS in overview
    assert coding_rounds.coding_round(sqlite_context, GMINA, round_id).result == frozen
    (correction,) = coding_history.closed_round(sqlite_context, GMINA, round_id).corrections
    assert (correction.replaces, correction.code) == ("zwolennik", "neutralny")
    assert "Popraw kod" not in person(pages, 2).get(address), "a member corrects nothing"


def test_a_person_of_another_team_gets_nothing(
    sqlite_context: Context, pages: Flask, team: Team, round_id: int
) -> None:
    accounts.create_user(sqlite_context, OUTSIDER, "Olaf Obcy", PASSWORD)
    browser = Staff(pages.test_client())
    browser.log_in(OUTSIDER, PASSWORD)
    browser.get(base(round_id), expect=403)
    browser.get(f"{base(round_id)}/{team.stakeholders[0]}", expect=403)
