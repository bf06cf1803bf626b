"""The register of a gmina, contact persons of its catalogue, one participant's copy, the notice of an interview."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask

from survey_app import polish
from survey_app.errors import InvalidInputError, NotFoundError
from survey_app.services import deleted_ledger, gminas
from survey_app.services.context import Context
from survey_app.services.interviewing import interview_notice, interviews, retention
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.personal_data import contacts, controller, participant_data, register
from survey_app.services.personal_data.controller import Controller
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.survey import campaigns
from tests.coding_rows import id_of
from tests.integration.staff import staff
from tests.interview_kit import GMINA, WHEN, agree, lock_notes, note, planned
from tests.participant_kit import DATA, actions, keep
from tests.pdf_structure import read_structure
from tests.stores import Clock

FACTS = Controller(
    "Burmistrz Janowa Lubelskiego",
    "ul. Zamoyskiego 59, Janów Lubelski",
    "um@example.org, 15 872 00 00",
    "Zenon Wzorowy, iod@example.org",
    "uchwała nr 1/2026",
    "ROPS, ul. Przykładowa 1",
)


def contact(
    context: Context,
    name: str = "Bank Spółdzielczy",
    person: str = "Żaneta Łącka",
    email: str = "zaneta@example.org",
) -> int:
    gminas.seed_pilot_gminas(context)
    draft = StakeholderDraft(name, "edukacja", internal=True, contact_name=person, contact_email=email)
    return catalogue.add_stakeholder(context, GMINA, draft, None).id


def here(context: Context, kind: str) -> str:
    return next(one.here for one in register.register(context, GMINA) if one.kind.id == kind)


def test_the_register_counts_people_and_names_the_next_deletion(context: Context) -> None:
    talk = planned(context, "fgi", 2)
    agree(context, talk, "AB")
    assert here(context, "participants") == "nikogo"
    keep(context, talk, "A")
    keep(context, talk, "B")
    day = retention.retention_date(talk, None)
    assert here(context, "participants") == f"2\u00a0osoby, najbliższe usunięcie {polish.date_short(day)}"
    assert here(context, "contacts") == "nikogo"
    contact(context)
    assert here(context, "contacts") == "1\u00a0osoba"


@pytest.mark.parametrize("text", ["żaneta", "ZANETA łąc", "zaneta@example", " lacka "])
def test_a_contact_is_found_by_name_or_address(context: Context, text: str) -> None:
    number = contact(context)
    contact(context, "Szkoła", "Piotr Inny", "piotr@example.org")
    assert [one.stakeholder_id for one in contacts.search(context, GMINA, text)] == [number]


def test_too_few_letters_or_nobody_find_nobody(context: Context) -> None:
    contact(context)
    assert contacts.search(context, GMINA, "ża") == []
    assert contacts.search(context, GMINA, "nikt taki") == []


def test_a_contact_is_copied_and_erased_for_good(context: Context) -> None:
    number = contact(context)
    found = contacts.export(context, GMINA, number, None)
    assert found["osoba do kontaktu"]["imię i nazwisko"] == "Żaneta Łącka"
    contacts.erase(context, GMINA, number, None)
    left = catalogue.stakeholder(context, GMINA, number)
    assert (left.name, left.contact) == ("Bank Spółdzielczy", None)
    ledger = deleted_ledger.read(context.settings.key_folders)
    assert ledger is not None
    assert [(one["kind"], one["stakeholder"]) for one in ledger.entries] == [("contact", number)]
    for call in (contacts.export, contacts.erase):
        with pytest.raises(NotFoundError):
            call(context, GMINA, number, None)
    with pytest.raises(NotFoundError):
        contacts.export(context, "060203", number, None)


def test_no_page_of_the_file_keeps_an_erased_contact(sqlite_context: Context, var: Path) -> None:
    number = contact(sqlite_context)
    contacts.erase(sqlite_context, GMINA, number, None)
    kept = b"".join(file.read_bytes() for file in var.glob("survey.sqlite3*"))
    assert "Żaneta Łącka".encode() not in kept
    assert b"zaneta@example.org" not in kept


def test_a_participants_copy_has_their_words_and_nobody_elses(context: Context) -> None:
    talk = planned(context, "fgi", 2)
    interviews.hold(context, GMINA, talk.id, WHEN.date(), (), "", talk.revision, None)
    agree(context, talk, "AB")
    keep(context, talk, "A", DATA)
    note(context, talk, 1, "A", "Bibliotekę prowadzi stowarzyszenie")
    note(context, talk, 2, "B", "Słowa drugiej osoby")
    lock_notes(context, talk)
    found = participant_data.export(context, GMINA, talk.id, "A", None)
    assert found["dane osobowe"]["Imię i nazwisko"] == "Zofia Wrzos"
    assert found["zgoda"]["na rozmowę i notatki"] is True
    assert [one["zapisano"] for one in found["notatki"]] == ["Bibliotekę prowadzi stowarzyszenie"]
    assert any("Bibliotekę" in words for one in found["teksty"] for words in one["fragmenty"])
    assert "drugiej osoby" not in json.dumps(found, ensure_ascii=False)
    assert actions(context, talk)[-2:] == ["personal_data_read", "participant_copied"]


# The notice of an interview -------------------------------------------------------------------------------------


def text_of(found: interview_notice.Notice) -> str:
    return "\n".join(words for part in found.parts for words in part.paragraphs)


def notice_of(context: Context, talk: Interview) -> interview_notice.Notice:
    talk = interviews.interview(context, GMINA, talk.id)
    return interview_notice.notice(context, gminas.describe(context, GMINA), talk)


def test_a_notice_says_what_is_missing_and_then_nothing(context: Context) -> None:
    talk = planned(context)
    found = notice_of(context, talk)
    assert len(found.missing) == 7
    assert "[inspektor ochrony danych]" in text_of(found)
    controller.keep(context, GMINA, FACTS, None)
    interview_notice.set_recorded(context, GMINA, talk.id, False, None)
    found = notice_of(context, talk)
    assert found.missing == ()
    words = text_of(found)
    assert "[" not in words
    for fact in (
        "Burmistrz Janowa Lubelskiego",
        "iod@example.org",
        "uchwała nr 1/2026",
        "nie będzie nagrywana",
    ):
        assert fact in words
    assert "Lokalna Sieć Reintegracji" in words


def test_the_notice_names_the_interviews_own_day_of_deletion(context: Context, clock: Clock) -> None:
    talk = planned(context, "fgi", 2)
    assert "1 listopada 2027" in text_of(notice_of(context, talk))
    until = clock.now.date().replace(year=2028)
    retention.set_retention(context, GMINA, talk.id, "B", until, None)
    assert "najpóźniej 2 listopada 2028" in text_of(notice_of(context, talk))


def test_what_the_team_wrote_once_fills_the_ankietas_notice(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    template = campaigns.default_notice("Janów Lubelski")
    assert controller.filled(context, GMINA, template) == template
    controller.keep(context, GMINA, FACTS, None)
    filled = controller.filled(context, GMINA, template)
    left = campaigns.unfilled_places(filled)
    assert left == ["[data albo zdarzenie, po którym dane zostaną usunięte]"]
    assert f"Administratorem danych jest {FACTS.name}, {FACTS.address}, {FACTS.contact}." in filled


def test_a_fact_that_is_too_long_is_refused_with_its_place(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    with pytest.raises(InvalidInputError) as told:
        controller.keep(context, GMINA, Controller(name="x" * 301), None)
    assert [fault.where for fault in told.value.faults] == ["name"]
    assert controller.controller(context, GMINA) == Controller()


def test_the_sheet_is_tagged_and_says_the_same(sqlite_context: Context) -> None:
    talk = planned(sqlite_context)
    controller.keep(sqlite_context, GMINA, FACTS, None)
    gmina = gminas.describe(sqlite_context, GMINA)
    content = interview_notice.notice_pdf(sqlite_context, gmina, talk)
    assert content == interview_notice.notice_pdf(sqlite_context, gmina, talk)
    structure = read_structure(content)
    words = structure.text.replace("\u00a0", " ")
    assert "Przed wręczeniem trzeba uzupełnić: czy rozmowa będzie nagrywana." in words
    found = interview_notice.notice(sqlite_context, gmina, talk)
    assert [one.text for one in structure.all("H2")] == [part.heading for part in found.parts]
    assert "Zenon Wzorowy" in words
    assert "1 listopada 2027" in words


# Pages ----------------------------------------------------------------------------------------------------------


def test_members_read_the_register_and_only_the_coordinator_a_persons_data(
    app: Flask, sqlite_context: Context
) -> None:
    number = contact(sqlite_context)
    jan, anna = staff(app, "jan@example.org"), staff(app, "anna@example.org")
    page = jan.get(f"/panel/{GMINA}/dane")
    assert "osoby do kontaktu z instytucji w katalogu" in page
    assert "Dane jednej osoby" not in page
    assert "Żaneta" not in page
    anna.get(f"/panel/{GMINA}/dane")
    assert "Żaneta Łącka" in anna.get(f"/panel/{GMINA}/dane/osoby?szukaj=%C5%82%C4%85cka")
    assert "Nie ma takiej osoby" in anna.get(f"/panel/{GMINA}/dane/osoby?szukaj=nikt")
    copied = anna.file(f"/panel/{GMINA}/dane/osoby/{number}/plik.txt").decode()
    assert "imię i nazwisko: Żaneta Łącka" in copied
    address = f"/panel/{GMINA}/dane/osoby/{number}/usuniecie"
    assert "Żaneta Łącka" in anna.get(address)
    assert anna.send(address).status_code == 303
    assert catalogue.stakeholder(sqlite_context, GMINA, number).contact is None
    anna.get(address, expect=404)


def test_the_facts_are_typed_once_and_come_back_with_their_fault(app: Flask) -> None:
    anna, address = staff(app, "anna@example.org"), f"/panel/{GMINA}/dane/administrator"
    assert "jeszcze nie wpisano" in anna.get(address)
    sent = anna.send(address, {"name": "x" * 301, "dpo": "iod@example.org"})
    assert sent.status_code == 422
    assert "Najwyżej 300 znaków" in sent.text
    assert 'value="iod@example.org"' in sent.text
    assert (
        anna.send(address, {"name": "Burmistrz", "address": "Rynek 1", "contact": "15 1"}).status_code == 303
    )
    assert 'value="Burmistrz"' in anna.get(address)
    assert "Burmistrz, Rynek 1, 15 1." in anna.get(f"/panel/{GMINA}/kampanie/nowa")


def test_the_notice_page_is_read_completed_and_printed(app: Flask, sqlite_context: Context) -> None:
    talk = planned(sqlite_context, "fgi", 2, id_of(sqlite_context, "jan@example.org"))
    address = f"/panel/{GMINA}/wywiady/{talk.id}/informacja"
    anna = staff(app, "anna@example.org")
    page = anna.get(address)
    assert "czy rozmowa będzie nagrywana" in page
    assert re.search(r'href="/panel/\d+/dane/administrator"', page)
    refused = anna.send(address, {})
    assert refused.status_code == 422
    assert "Prosimy zaznaczyć" in refused.text
    assert anna.send(address, {"recorded": "tak"}).status_code == 303
    assert "Rozmowa będzie nagrywana" in anna.get(address)
    assert anna.file(f"{address}/informacja.pdf").startswith(b"%PDF")
    assert "Informacja dla uczestników" in anna.get(f"/panel/{GMINA}/wywiady/{talk.id}/osoby")


def test_a_participants_copy_is_a_file_of_the_keepers(app: Flask, sqlite_context: Context) -> None:
    talk = planned(sqlite_context, "fgi", 2)
    agree(sqlite_context, talk, "A")
    keep(sqlite_context, talk, "A", DATA)
    base = f"/panel/{GMINA}/wywiady/{talk.id}/osoby"
    anna = staff(app, "anna@example.org")
    assert "Kopia danych tej osoby" in anna.get(base)
    assert "Zofia Wrzos" in anna.file(f"{base}/A/kopia.txt").decode()
    assert json.loads(anna.file(f"{base}/A/kopia.json"))["litera w notatkach"] == "A"
    anna.get(f"{base}/C/kopia.txt", expect=404)
    staff(app, "jan@example.org").get(f"{base}/A/kopia.txt", expect=403)
