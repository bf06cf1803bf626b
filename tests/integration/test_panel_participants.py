"""The pages of people, consent and personal data: what is typed, what comes back, and who sees what."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews, participants
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.participants import PersonalData
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, PASSWORD, Staff, staff
from tests.interview_kit import TITLE, agree, note, planned
from tests.stores import Clock

ANSWER = {"at_date": "2026-11-01", "at_time": "11:05"}
TYPED = {"name": "Zofia Wrzos", "contact": "600 100 200", "pole_wiek": "44", "pole_plec": "kobieta"}


@pytest.fixture
def group(app: Flask, sqlite_context: Context) -> Interview:
    """An FGI of two, given to a moderator from outside the team."""
    accounts.create_user(sqlite_context, "mod@example.org", "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    return planned(sqlite_context, "fgi", 2, id_of(sqlite_context, "mod@example.org"))


def base(made: Interview) -> str:
    return f"/panel/{GMINA}/wywiady/{made.id}/osoby"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    return found[1] if found else ""


def test_a_consent_from_paper_with_its_own_moment(app: Flask, group: Interview) -> None:
    mod = staff(app, "mod@example.org")
    assert "nie zapisano odpowiedzi" in mod.get(base(group))
    page = mod.get(f"{base(group)}/A/zgoda")
    assert f"częścią projektu „{TITLE}”" in page
    assert "Nie zobaczą go ci z nich, którzy sami reprezentują" in page
    sent = mod.send(f"{base(group)}/A/zgoda", {"base": "0", "agreed": "tak", "evidence": "nie", **ANSWER})
    assert sent.status_code == 303
    page = mod.get(base(group))
    assert "tak, 1 listopada 2026, godz. 11:05" in page
    assert "nie, 1 listopada 2026, godz. 11:05" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agreed": ""}, "Prosimy zaznaczyć odpowiedź."),
        ({"agreed": "może"}, "Prosimy zaznaczyć odpowiedź."),
        ({"at_time": "25:00"}, "nie ma takiej godziny"),
        ({"at_date": "2026-11-03"}, "Ten czas jeszcze nie nadszedł."),
        ({"base": "7"}, "ktoś inny zapisał zgodę"),
    ],
)
def test_an_answer_that_cannot_be_kept_comes_back(
    app: Flask, group: Interview, changes: dict[str, str], words: str
) -> None:
    mod = staff(app, "mod@example.org")
    sent = mod.send(
        f"{base(group)}/A/zgoda", {"base": "0", "agreed": "tak", "evidence": "tak", **ANSWER} | changes
    )
    assert sent.status_code == 422
    assert words in sent.text
    assert re.search(r'name="evidence" value="tak" checked', sent.text)
    assert "nie zapisano odpowiedzi" in mod.get(base(group))


def test_personal_data_are_on_one_page_only_and_looking_is_recorded(
    app: Flask, sqlite_context: Context, group: Interview
) -> None:
    agree(sqlite_context, group, "A")
    mod = staff(app, "mod@example.org")
    mod.get(f"{base(group)}/A/dane")
    assert mod.send(f"{base(group)}/A/dane", {"version": "", **TYPED}).status_code == 303
    index = mod.get(base(group))
    assert "Wrzos" not in index
    assert "do usunięcia 1 listopada 2027" in index
    page = mod.get(f"{base(group)}/A/dane")
    assert 'value="Zofia Wrzos"' in page
    assert re.search(r'name="pole_plec" value="kobieta" checked', page)
    anna = staff(app, "anna@example.org")
    anna.get(f"{base(group)}/A/dane")
    trace = anna.get(base(group))
    assert "otwarto dane osobowe – Anna Zając" in trace
    assert "otwarto dane osobowe – Łucja Moderator" in trace


def test_a_wrong_field_stands_beside_itself_and_nothing_typed_is_lost(
    app: Flask, sqlite_context: Context, group: Interview
) -> None:
    agree(sqlite_context, group, "A")
    mod = staff(app, "mod@example.org")
    sent = mod.send(f"{base(group)}/A/dane", {**TYPED, "pole_wiek": "czterdzieści"})
    assert sent.status_code == 422
    assert '<a href="#pole_wiek">' in sent.text
    assert 'value="Zofia Wrzos"' in sent.text
    assert 'value="czterdzieści"' in sent.text or "czterdzie" in sent.text


def test_the_second_window_sees_both(app: Flask, sqlite_context: Context, group: Interview) -> None:
    agree(sqlite_context, group, "A")
    mod = staff(app, "mod@example.org")
    mod.send(f"{base(group)}/A/dane", {"version": "", **TYPED})
    sent = mod.send(f"{base(group)}/A/dane", {"version": "", **TYPED, "name": "Zofia Wrzosek"})
    assert sent.status_code == 422
    assert "ktoś zmienił te dane" in sent.text
    assert "<dd>Zofia Wrzos</dd>" in sent.text
    assert 'value="Zofia Wrzosek"' in sent.text
    again = {"version": hidden(sent.text, "version"), **TYPED, "name": "Zofia Wrzosek"}
    assert mod.send(f"{base(group)}/A/dane", again).status_code == 303


def test_only_the_coordinator_moves_the_day_of_deletion(
    app: Flask, sqlite_context: Context, group: Interview
) -> None:
    mod, anna = staff(app, "mod@example.org"), staff(app, "anna@example.org")
    mod.get(f"{base(group)}/A/termin", expect=403)
    assert "Zmień termin" not in mod.get(base(group))
    assert 'value="2027-11-01"' in anna.get(f"{base(group)}/A/termin")
    sent = anna.send(f"{base(group)}/A/termin", {"retain_until": "2060-01-01"})
    assert sent.status_code == 422
    assert "najwyżej 10 lat" in sent.text
    assert anna.send(f"{base(group)}/A/termin", {"retain_until": "2026-12-31"}).status_code == 303


def test_deletion_asks_first_and_then_nothing_can_be_typed(
    app: Flask, sqlite_context: Context, group: Interview
) -> None:
    agree(sqlite_context, group, "A")
    mod = staff(app, "mod@example.org")
    mod.send(f"{base(group)}/A/dane", {"version": "", **TYPED})
    assert "stare kopie zapasowe" in mod.get(f"{base(group)}/A/usuniecie")
    assert mod.send(f"{base(group)}/A/usuniecie").status_code == 303
    assert "usunięte 2 listopada 2026" in mod.get(base(group))
    assert "Nowych się nie zapisuje" in mod.get(f"{base(group)}/A/dane")
    assert mod.send(f"{base(group)}/A/dane", {"version": "", **TYPED}).status_code == 422
    assert mod.send(f"{base(group)}/A/usuniecie").status_code == 422


def test_a_folder_of_keys_out_of_reach_is_told(app: Flask, sqlite_context: Context, group: Interview) -> None:
    agree(sqlite_context, group, "A")
    mod = staff(app, "mod@example.org")
    mod.send(f"{base(group)}/A/dane", {"version": "", **TYPED})
    second = sqlite_context.settings.key_folders[1]
    second.rename(second.with_name("unplugged"))
    assert mod.send(f"{base(group)}/A/usuniecie").status_code == 303
    page = mod.get(base(group))
    assert "klucza nie udało się usunąć" in page
    assert "usuwane" in page


def test_a_withdrawal_says_what_goes_before_it_goes(
    app: Flask, sqlite_context: Context, group: Interview
) -> None:
    agree(sqlite_context, group, "AB")
    note(sqlite_context, group, 1, "A", "Znam trzy partnerstwa.")
    note(sqlite_context, group, 2, "A", "Jedno działa.")
    data = PersonalData("Zofia Wrzos")
    participants.set_personal(sqlite_context, GMINA, group.id, "A", data, None)
    mod = staff(app, "mod@example.org")
    page = mod.get(f"{base(group)}/A/cofniecie")
    assert "wszystko, co zapisano pod literą A: 2\N{NO-BREAK SPACE}notatki." in page
    sent = mod.send(f"{base(group)}/A/cofniecie", {"personal_data": "y"})
    assert sent.status_code == 303
    page = mod.get(base(group))
    assert "Zgoda osoby A jest cofnięta. Usunięto: 2\N{NO-BREAK SPACE}notatki." in page
    assert "cofnięta 2 listopada 2026" in page
    assert "Dane osobowe osoby A i ich klucz są usunięte." in page
    assert "albo jest już cofnięta" in mod.get(f"{base(group)}/A/cofniecie")
    assert mod.send(f"{base(group)}/A/cofniecie").status_code == 422
    last = mod.get(f"{base(group)}/B/cofniecie")
    assert "bo nikt inny nie zgadza się już na notatki" in last


def test_the_title_of_the_project_is_asked_for_once(
    app: Flask, sqlite_context: Context, clock: Clock, group: Interview
) -> None:
    anna = staff(app, "anna@example.org")
    assert f'value="{TITLE}"' in anna.get(f"/panel/{GMINA}/wywiady/nowy/idi")
    draft = interviews.InterviewDraft(group.starts_at, 60, (), departure_reason="x")
    bare = interviews.plan(sqlite_context, GMINA, "fgi", draft, None)
    assert f'value="{TITLE}"' in anna.get(f"/panel/{GMINA}/wywiady/nowy/fgi")
    assert "Nie ma jeszcze uczestników" in anna.get(base(bare))


def test_a_letter_that_nobody_has_is_not_found(app: Flask, group: Interview) -> None:
    mod: Staff = staff(app, "mod@example.org")
    for path in ("zgoda", "dane", "usuniecie", "cofniecie"):
        mod.get(f"{base(group)}/Z/{path}", expect=404)
        mod.get(f"{base(group)}/a/{path}", expect=404)
