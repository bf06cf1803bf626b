"""The pages after an interview: notes read over and locked, two writings settled, transcripts kept, the protocol."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from flask import Flask

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import note_review, transcripts
from survey_app.services.interviewing.interviews import Interview
from survey_app.store import notes as note_store
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, PASSWORD, Staff, staff
from tests.interview_kit import agree, held, write
from tests.unit.test_pdf import tags, text_of

MODERATOR = "lucja@example.org"


@pytest.fixture
def talk(app: Flask, sqlite_context: Context) -> Interview:
    """An FGI that was given to the moderator; A and B agreed, C did not."""
    accounts.create_user(sqlite_context, MODERATOR, "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    made = held(sqlite_context, "fgi", 6, id_of(sqlite_context, MODERATOR))
    agree(sqlite_context, made, {"A": (True, True), "B": (True, False), "C": (False, None)})
    write(sqlite_context, made, "g1_1", "A", "Źródło: „dwa” partnerstwa <b>.", quotation=True, second=10)
    return made


@pytest.fixture
def person(app: Flask, talk: Interview) -> Staff:
    return staff(app, MODERATOR)


def base(talk: Interview) -> str:
    return f"/panel/{GMINA}/wywiady/{talk.id}"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]


def test_a_note_is_added_changed_and_removed_without_a_console(person: Staff, talk: Interview) -> None:
    address = f"{base(talk)}/notatki"
    page = person.get(f"{address}/nowa?pytanie=g1_1")
    assert "C: " not in page, "nobody who did not agree is offered"
    typed = {"revision": "0", "question": "g1_2", "letter": "B", "text": "Nowa\r\nnotatka"}
    assert person.send(f"{address}/nowa", typed).status_code == 303
    page = person.get(address)
    assert "Nowa\nnotatka" in page
    note_id = re.findall(rf"{address}/([0-9a-f]{{32}})\"", page)[-1]
    edit = person.get(f"{address}/{note_id}")
    changed = {**typed, "revision": hidden(edit, "revision"), "text": "Zmieniona", "letter": "0"}
    assert person.send(f"{address}/{note_id}", changed).status_code == 303
    stale = person.send(f"{address}/{note_id}", {**changed, "text": "Spóźniona, ale cenna"})
    assert stale.status_code == 422
    assert "Zmieniona" in stale.text
    assert "Spóźniona, ale cenna" in stale.text
    again = {**changed, "revision": hidden(stale.text, "revision"), "text": "Świadomie zastąpiona"}
    assert person.send(f"{address}/{note_id}", again).status_code == 303
    person.get(f"{address}/{note_id}/usuniecie")
    assert person.send(f"{address}/{note_id}/usuniecie", {"revision": "1"}).status_code == 303
    assert "Świadomie zastąpiona" in person.get(address), "an old page removes nothing"
    revision = hidden(person.get(f"{address}/{note_id}/usuniecie"), "revision")
    assert person.send(f"{address}/{note_id}/usuniecie", {"revision": revision}).status_code == 303
    assert "Świadomie zastąpiona" not in person.get(address)
    late = person.send(f"{address}/{note_id}", {**again, "text": "Po usunięciu"})
    assert late.status_code == 422
    assert "Po usunięciu" in late.text


def test_no_note_under_a_letter_that_did_not_agree(person: Staff, talk: Interview) -> None:
    typed = {"revision": "0", "question": "g1_2", "letter": "C", "text": "Nie wolno"}
    refused = person.send(f"{base(talk)}/notatki/nowa", typed)
    assert refused.status_code == 422
    assert "nie zgodziła się" in refused.text
    assert "Nie wolno" in refused.text


def test_notes_are_locked_as_they_were_read_and_later_changes_are_shown(
    person: Staff, talk: Interview, sqlite_context: Context
) -> None:
    address = f"{base(talk)}/notatki"
    seen = hidden(person.get(address), "seen")
    write(sqlite_context, talk, "g1_1", "B", "Dopisane gdzie indziej.")
    person.send(f"{address}/zamkniecie", {"seen": seen})
    assert "Notatki zmieniły się, odkąd" in person.get(address)
    person.send(f"{address}/zamkniecie", {"seen": hidden(person.get(address), "seen")})
    page = person.get(address)
    assert "wersja 1 jest aktualna" in page
    assert "zamkniecie" not in page, "nothing is left to be locked"
    write(sqlite_context, talk, "g1_2", "B", "Jeszcze jedno.")
    page = person.get(address)
    assert "zmiany po wersji 1" in page
    assert "Jeszcze jedno." in page
    assert "Zamknij jako wersję 2" in page
    assert "Jeszcze jedno." not in person.get(f"{address}/wersje/1")
    person.get(f"{address}/wersje/2", expect=410)


def test_two_writings_stand_side_by_side_until_a_person_decides(
    person: Staff, talk: Interview, sqlite_context: Context
) -> None:
    with sqlite_context.database.transaction() as session:
        root = note_store.notes(session, talk.id)[0]
        note_store.put(
            session,
            "f" * 32,
            talk.id,
            question_id=root.question_id,
            seat_id=root.seat_id,
            text="Druga wersja.",
            quotation=False,
            second=11,
            variant_of=root.id,
            writer="e" * 32,
            changed_at=sqlite_context.clock(),
        )
    address = f"{base(talk)}/notatki"
    assert "dwie wersje" in person.get(address)
    page = person.get(f"{address}/{root.id}/wersje")
    assert "Druga wersja." in page
    known = hidden(page, "known")
    missing = person.send(f"{address}/{root.id}/wersje", {"known": known, "text": "Moje"})
    assert missing.status_code == 422
    stale = person.send(f"{address}/{root.id}/wersje", {"known": "9-9", "keep": "text", "text": "Moje słowa"})
    assert stale.status_code == 422
    assert "Moje słowa" in stale.text
    typed = {"known": known, "keep": "text", "text": "Uzgodniony tekst"}
    assert person.send(f"{address}/{root.id}/wersje", typed).status_code == 303
    page = person.get(address)
    assert "Uzgodniony tekst" in page
    assert "Druga wersja." not in page


# Transcripts ----------------------------------------------------------------------------------------------------

TALK = "M: Kto zacznie?\nA: Ja, żółć 👩\u200d🌾.\nC: A ja nie chcę.\n"


def test_a_file_gets_letters_before_it_is_kept(
    person: Staff, talk: Interview, sqlite_context: Context
) -> None:
    address = f"{base(talk)}/transkrypcje"
    person.get(address)
    upload = {
        "plik": (io.BytesIO(TALK.replace("👩\u200d🌾", "").encode("cp1250")), "Jan Kowalski.txt"),
        "tekst": "",
    }
    page = person.send(f"{address}/odczyt", upload, content_type="multipart/form-data")
    assert page.status_code == 200
    assert "żółć" in page.text
    assert transcripts.overview(sqlite_context, GMINA, talk.id).texts == ()
    carried = hidden(page.text, "carried")
    typed = {"carried": carried, "mowca-0": "bez-litery", "mowca-1": "A", "mowca-2": "tekst"}
    refused = person.send(address, typed)
    assert refused.status_code == 422
    assert "Osoba C nie wyraziła zgody" in refused.text
    assert person.send(address, {**typed, "mowca-2": "pomin"}).status_code == 303
    page = person.get(address)
    assert "plik TXT" in page
    assert "Kowalski" not in page
    assert "słowa bez litery" in page
    page = person.get(f"{address}/1")
    assert "Ja, żółć" in page
    assert "nie chcę" not in page


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("duzy.txt", b"A: tak\n" * 800_000, "Plik ma ponad 2"),
        ("a.docx", b"PK\x03\x04zepsute", "nie dokument DOCX"),
        ("", b"", "Prosimy wybrać plik albo wkleić tekst"),
    ],
)
def test_a_file_that_cannot_be_read_comes_back_with_words(
    person: Staff, talk: Interview, name: str, content: bytes, words: str
) -> None:
    person.get(f"{base(talk)}/transkrypcje")
    upload = {"plik": (io.BytesIO(content), name), "tekst": ""}
    page = person.send(f"{base(talk)}/transkrypcje/odczyt", upload, content_type="multipart/form-data")
    page.request.environ["wsgi.input"].close()  # the test client's own, on disk when it is large
    assert page.status_code == 422
    assert words in page.text


def test_a_carried_transcript_that_was_changed_is_refused(person: Staff, talk: Interview) -> None:
    person.get(f"{base(talk)}/transkrypcje")
    page = person.send(f"{base(talk)}/transkrypcje", {"carried": "AAAA", "mowca-0": "A"})
    assert page.status_code == 422
    assert "nie wrócił w całości" in page.text


def test_lines_are_shown_before_they_are_cut(person: Staff, talk: Interview, sqlite_context: Context) -> None:
    found = transcripts.read_pasted("A: raz\nA: dwa\nA: trzy")
    transcripts.keep(sqlite_context, GMINA, talk.id, found, {"A": "A"}, None)
    address = f"{base(talk)}/transkrypcje/1"
    person.get(f"{address}/wyciecie?first=3&last=2", expect=422)
    person.get(f"{address}/wyciecie?first=x&last=", expect=422)
    page = person.get(f"{address}/wyciecie?first=2&last=2")
    assert "dwa" in page
    assert "trzy" not in page
    typed = {"first": "2", "last": "2", "seen": hidden(page, "seen")}
    assert person.send(f"{address}/wyciecie", typed).status_code == 303
    assert "dwa" not in person.get(address)
    assert person.send(f"{address}/wyciecie", typed).status_code == 422, "sent twice, it cuts once"
    assert "trzy" in person.get(address)
    seen = hidden(person.get(f"{address}/usuniecie"), "seen")
    assert person.send(f"{address}/usuniecie", {"seen": seen}).status_code == 303
    person.get(address, expect=410)


def test_without_consent_there_is_nothing_to_write(
    app: Flask, talk: Interview, sqlite_context: Context
) -> None:
    silent = held(sqlite_context, "idi", 1, id_of(sqlite_context, MODERATOR))
    person = staff(app, MODERATOR)
    assert "nie ma jeszcze zgody" in person.get(f"{base(silent)}/notatki")
    page = person.get(f"{base(silent)}/transkrypcje")
    assert "Bez zgody niczego z rozmowy się nie zapisuje." in page
    assert 'name="plik"' not in page


# The protocol ---------------------------------------------------------------------------------------------------


def test_the_protocol_says_consents_and_notes_and_which_version(
    person: Staff, talk: Interview, sqlite_context: Context
) -> None:
    address = f"{base(talk)}/notatki"
    draft = text_of(person.file(f"{address}/wersje/0/protokol.pdf"))
    assert "nie są zamknięte" in draft
    person.send(f"{address}/zamkniecie", {"seen": hidden(person.get(address), "seen")})
    content = person.file(f"{address}/wersje/1/protokol.pdf")
    text = text_of(content).replace("\u00a0", " ")
    assert "Wersja 1 notatek, zamknięta" in text
    assert "nie są zamknięte" not in text
    assert note_review.review(sqlite_context, GMINA, talk.id).sha256 in text.replace("\n", "").replace(
        " ", ""
    )
    assert "Źródło: „dwa” partnerstwa <b>." in text
    assert "Osoba A, słowa dosłowne" in text
    assert re.search(r"B .*tak, 2 listopada 2026.*nie, 2 listopada 2026", text, re.DOTALL)
    assert content == person.file(f"{address}/wersje/1/protokol.pdf")
    assert {"H1", "H2", "H3", "Table", "TH"} <= set(tags(content))
    with pikepdf.open(io.BytesIO(content)) as file:
        assert "Łucja" not in str(file.docinfo)
