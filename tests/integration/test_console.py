"""The console's two doors: what a device is given, what it may send, and what it is told when it may not."""

from __future__ import annotations

import json
import logging
import uuid
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import console_sync, interviews, moderators, participants
from survey_app.services.interviewing.console_message import NoteChange
from survey_app.services.interviewing.interviews import InterviewDraft, SeatDraft
from survey_app.services.interviewing.participants import PersonalData
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, OTHER_GMINA, PASSWORD, Staff, staff
from tests.stores import Clock

MODERATOR = "mod@example.org"
OTHER = "drugi@example.org"
WRITER = "a" * 32
LEADER = "Zofia Liderska"  # a natural person: the entry's name is her own


@pytest.fixture
def interview_id(app: Flask, sqlite_context: Context) -> int:
    """With the ośrodek's one who works, and with a person who speaks for herself."""
    for email in (MODERATOR, OTHER):
        accounts.create_user(sqlite_context, email, "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    entries = [
        catalogue.add_stakeholder(
            sqlite_context,
            GMINA,
            StakeholderDraft(name, "edukacja", internal=True, natural_person=natural),
            None,
        ).id
        for name, natural in (("Ośrodek Pomocy", False), (LEADER, True))
    ]
    draft = InterviewDraft(
        sqlite_context.clock(),
        55,
        (SeatDraft("A", entries[0], "works"), SeatDraft("B", entries[1], "manages")),
        place="Świetlica",
        moderator_id=id_of(sqlite_context, MODERATOR),
        departure_reason="Chciały mówić razem",
        project_title="Sieć Reintegracji",
    )
    return interviews.plan(sqlite_context, GMINA, "idi", draft, None).id


@pytest.fixture
def moderator(app: Flask, interview_id: int) -> Staff:
    return staff(app, MODERATOR)


def address(interview_id: int, door: str = "") -> str:
    return f"/panel/{GMINA}/wywiady/{interview_id}/konsola{door}"


def state(person: Staff, interview_id: int) -> dict[str, Any]:
    response = person.client.get(address(interview_id, "/stan"))
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.get_json()
    return found


def post(person: Staff, interview_id: int, body: bytes, csrf: str | None = None) -> TestResponse:
    token = state(person, interview_id)["csrf"] if csrf is None else csrf
    return person.client.post(
        address(interview_id, "/zmiany"),
        data=body,
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )


def message(*changes: Any, **more: Any) -> bytes:
    return json.dumps({"writer": WRITER, "now": 0, "changes": list(changes), **more}).encode()


def send(staffer: Staff, interview_id: int, *changes: Any, **more: Any) -> list[dict[str, Any]]:
    response = post(staffer, interview_id, message(*changes, **more))
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.get_json()["results"]
    return found


def consent(letter: str = "A", **words: Any) -> dict[str, Any]:
    asked = {"kind": "consent", "letter": letter, "agreed": True, "evidence": None, "at": 0, "base": 0}
    return {"key": f"zgoda-{letter}", **asked, **words}


def note(text: str, **words: Any) -> dict[str, Any]:
    written = {"question": "p1_1", "letter": "A", "text": text, "base": 0, "change": 1}
    return {"key": "n", "kind": "note", "id": uuid.uuid4().hex, **written, **words}


# What a device is given ------------------------------------------------------------------------------------------


def test_what_was_sent_stands_in_the_state(moderator: Staff, interview_id: int) -> None:
    sent = note("Działamy razem ze szkołą 🤝.", quotation=True, second=61)
    answered = send(
        moderator,
        interview_id,
        consent(),
        sent,
        {"key": "z", "kind": "mark", "question": "p1_1", "mark": "asked", "base": 0, "change": 2},
        {"key": "c", "kind": "part", "section": "wiedza_partnerstwo", "seconds": 61.9, "change": 3},
        {"key": "p", "kind": "fields", "letter": "A", "fields": {"wiek": 47, "stanowisko": "pracownica"}},
    )
    assert [(one["key"], one["outcome"]) for one in answered] == [
        (key, "kept") for key in ("zgoda-A", "n", "z", "c", "p")
    ], answered
    found = state(moderator, interview_id)
    assert found["notes"] == [
        {
            "id": sent["id"],
            "question": "p1_1",
            "letter": "A",
            "text": sent["text"],
            "quotation": True,
            "second": 61,
            "variant_of": None,
            "revision": 1,
        }
    ]
    assert found["marks"] == {"p1_1": {"mark": "asked", "revision": 1}}
    assert found["parts"] == {"wiedza_partnerstwo": {"seconds": 61, "revision": 1}}
    seat = found["seats"][0]
    assert (seat["agreed"], seat["evidence"], seat["revision"]) == (True, None, 1)
    assert seat["fields"] == {"wiek": "47", "stanowisko": "pracownica"}


def test_the_state_holds_what_the_talk_needs(moderator: Staff, interview_id: int) -> None:
    found = state(moderator, interview_id)
    told = found["interview"]
    assert told["when"] == "2 listopada 2026, 10:00"
    assert told["institutions"] == ["Ośrodek Pomocy", "osoba fizyczna"]
    assert told["told"] == ["Liczba osób w IDI: 2, według metody 1."]
    assert (told["state"], told["locked"], told["minutes"]) == ("planned", 0, 55)
    consented = found["scenario"]["consent"]
    assert consented["project"] == "Rozmowa jest częścią projektu „Sieć Reintegracji”."
    assert "{" not in "".join(consented.values())
    first = found["scenario"]["sections"][0]
    assert (first["respondent"], first["questions"][0]["options"][0]["label"]) == (True, "kobieta")
    assert found["addresses"]["interview"] == f"/panel/{GMINA}/wywiady/{interview_id}"
    assert (found["wipe_after_days"], found["gone"]) == (7, [])


def test_no_name_of_a_participant_is_given_to_the_device(
    moderator: Staff, interview_id: int, sqlite_context: Context
) -> None:
    person = id_of(sqlite_context, MODERATOR)
    known = PersonalData("Halina Tajna", "halina@example.org 600 100 200", {})
    participants.set_personal(sqlite_context, GMINA, interview_id, "A", known, person)
    for page in (
        json.dumps(state(moderator, interview_id), ensure_ascii=False),
        moderator.get(address(interview_id)),
    ):
        for word in ("Halina", "600 100 200", "Liderska", MODERATOR, "Łucja"):
            assert word not in page


def test_the_page_that_the_device_keeps_says_nothing(moderator: Staff, interview_id: int) -> None:
    send(moderator, interview_id, consent(), note("Wiedzą o klubie."))
    page = moderator.get(address(interview_id))
    for word in ("klubie", "Ośrodek", "Świetlica", "Janów", "csrf", "Sieć Reintegracji"):
        assert word not in page


# What is refused, in words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        "{„now”: 1}".encode("cp1250"),
        b'{"writer": "x", "now": 0, "changes": []}',
        b'{"now": 0, "changes": []}',
        message(),
        b"[" * 200_000,
        b'{"writer": "' + b"a" * 32 + b'", "now": 1e999, "changes": []}',
        b'{"writer": "' + b"a" * 32 + b'", "now": ' + b"9" * 6000 + b', "changes": []}',
        b'{"writer": "' + b"a" * 32 + b'", "now": 0, "changes": {}}',
    ],
    ids=range(12),
)
def test_a_damaged_message_is_told_and_changes_nothing(
    moderator: Staff, interview_id: int, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = post(moderator, interview_id, body)
    if body == message():
        assert (response.status_code, response.get_json()["results"]) == (200, [])
        return
    assert response.status_code == 422
    assert "nie da się odczytać" in response.get_json()["message"]
    assert caplog.text == ""


def test_one_change_that_cannot_be_kept_leaves_the_others_alone(moderator: Staff, interview_id: int) -> None:
    long = "ą" * 50_001
    answered = send(
        moderator,
        interview_id,
        consent(),
        note(long),
        "nie zmiana",
        {"key": "k", "kind": ["note"]},
        {"key": "m", "kind": "mark", "question": "p1_1", "mark": "done", "base": 0, "change": 1},
        note("Bez litery", letter="Ą"),
        note("Bez pytania", question="p9_9"),
        note("Pod polem o osobie", question="wiek"),
        note("Zła liczba", base=-1),
        note("Zła prawda", quotation="tak"),
        {"key": "p", "kind": "part", "section": "nie_ma", "seconds": 1, "change": 1},
        {"key": "f", "kind": "fields", "letter": "A", "fields": {"pesel": "1"}},
        {"key": "w", "kind": "fields", "letter": "A", "fields": {"wiek": "sto"}},
        note("Ostatnia"),
    )
    assert [one["outcome"] for one in answered] == ["kept", *["refused"] * 12, "kept"]
    assert all(one["message"] for one in answered if one["outcome"] == "refused")
    assert "50\xa0001\xa0znaków, a może mieć najwyżej 50\xa0000" in answered[1]["message"]
    found = state(moderator, interview_id)
    assert [one["text"] for one in found["notes"]] == ["Ostatnia"]
    assert found["seats"][0]["fields"] is None


def test_signs_that_no_store_holds_become_a_visible_mark(moderator: Staff, interview_id: int) -> None:
    odd = "a\r\nb\rc\u0000d\\ud800e\vf\tg e\u0301 👩\u200d👧"
    raw = json.dumps(note("?")).replace('"?"', json.dumps(odd).replace("\\\\ud800", "\\ud800"))
    body = message(consent()).replace(b"]", b", " + raw.encode() + b"]")
    response = post(moderator, interview_id, body)
    kept = "a\nb\nc\ufffdd\ufffde\nf\tg e\u0301 👩\u200d👧"
    assert response.get_json()["results"][1]["current"]["text"] == kept
    assert state(moderator, interview_id)["notes"][0]["text"] == kept


def test_a_message_may_hold_two_hundred_changes_and_a_megabyte(moderator: Staff, interview_id: int) -> None:
    assert [one["outcome"] for one in send(moderator, interview_id, consent())] == ["kept"]
    found = send(moderator, interview_id, *(note(f"Notatka {n}") for n in range(200)))
    assert {one["outcome"] for one in found} == {"kept"}
    response = post(moderator, interview_id, message(*(note("x") for _ in range(201))))
    assert (response.status_code, "najwyżej 200 zmian" in response.get_json()["message"]) == (422, True)
    response = post(moderator, interview_id, message(*(note("x" * 40_000) for _ in range(30))))
    assert response.status_code == 413
    assert "wszystko jest nadal na urządzeniu" in response.get_json()["message"]
    assert len(state(moderator, interview_id)["notes"]) == 200


# Who is let in ---------------------------------------------------------------------------------------------------


def test_a_session_that_ended_is_told_without_a_redirect(
    moderator: Staff, interview_id: int, clock: Clock
) -> None:
    csrf = state(moderator, interview_id)["csrf"]
    clock.advance(minutes=61)
    shell = address(interview_id)
    for response in (
        post(moderator, interview_id, message(consent()), csrf),
        moderator.client.get(address(interview_id, "/stan")),
    ):
        assert response.status_code == 401
        told = response.get_json()
        assert told["login"] == f"/logowanie?next={shell}"
        assert response.location is None
    moderator.address = "/logowanie"
    back = moderator.send(told["login"], {"email": MODERATOR, "password": PASSWORD})
    assert back.location == shell
    assert send(moderator, interview_id, consent())[0]["outcome"] == "kept"


def test_a_stranger_is_told_where_the_log_in_is(app: Flask, interview_id: int) -> None:
    response = app.test_client().post(address(interview_id, "/zmiany"), json={})
    assert (response.status_code, "login" in response.get_json()) == (401, True)


@pytest.mark.parametrize("csrf", ["", "stary", "x" * 5000])
def test_a_forged_message_is_refused_with_a_new_token(moderator: Staff, interview_id: int, csrf: str) -> None:
    response = post(moderator, interview_id, message(consent()), csrf)
    assert response.status_code == 403
    told = response.get_json()
    assert told["person"] == state(moderator, interview_id)["person"]
    assert state(moderator, interview_id)["seats"][0]["agreed"] is None
    assert post(moderator, interview_id, message(consent()), told["csrf"]).status_code == 200


def test_notes_of_another_person_are_not_taken(app: Flask, moderator: Staff, interview_id: int) -> None:
    """Anna logged in on Łucja's tablet: the tablet says whose notes wait there."""
    writer = state(moderator, interview_id)["person"]
    anna = staff(app, "anna@example.org")
    response = post(anna, interview_id, message(consent(), person=writer))
    assert response.status_code == 403
    assert response.get_json()["person"] == state(anna, interview_id)["person"] != writer
    assert state(anna, interview_id)["seats"][0]["agreed"] is None
    assert send(moderator, interview_id, consent(), person=writer)[0]["outcome"] == "kept"


@pytest.mark.parametrize(
    ("email", "status"), [(OTHER, 404), ("jan@example.org", 403), ("obca@example.org", 403)]
)
def test_who_may_not_is_told_in_json(app: Flask, interview_id: int, email: str, status: int) -> None:
    person = staff(app, email)
    token = person.client.get("/panel/haslo").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    for response in (
        person.client.get(address(interview_id, "/stan")),
        post(person, interview_id, message(consent()), token),
    ):
        assert response.status_code == status
        assert response.mimetype == "application/json"
        assert response.get_json()["message"]


def test_whose_role_was_taken_away_is_told(
    moderator: Staff, interview_id: int, sqlite_context: Context
) -> None:
    csrf = state(moderator, interview_id)["csrf"]
    moderators.remove(sqlite_context, GMINA, id_of(sqlite_context, MODERATOR), None)
    response = post(moderator, interview_id, message(consent()), csrf)
    assert (response.status_code, response.mimetype) == (403, "application/json")


def test_another_gminas_address_leads_nowhere(app: Flask, interview_id: int) -> None:
    foreign = staff(app, "obca@example.org")
    found = foreign.client.get(f"/panel/{OTHER_GMINA}/wywiady/{interview_id}/konsola/stan")
    assert (found.status_code, found.mimetype) == (404, "application/json")


def test_a_form_is_no_message(moderator: Staff, interview_id: int) -> None:
    response = moderator.client.post(
        address(interview_id, "/zmiany"), data={"csrf_token": state(moderator, interview_id)["csrf"]}
    )
    assert (response.status_code, response.mimetype) == (415, "application/json")


def test_a_failure_is_told_and_no_log_line_holds_what_was_said(
    moderator: Staff,
    interview_id: int,
    app: Flask,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_batch: object, _session: object, _talk: object, change: Any) -> None:
        raise RuntimeError(change.text)

    monkeypatch.setitem(console_sync._APPLY, NoteChange, fail)
    app.testing = False
    csrf = state(moderator, interview_id)["csrf"]
    with caplog.at_level(logging.DEBUG):
        response = post(moderator, interview_id, message(consent(), note("Tajne słowa")), csrf)
    assert (response.status_code, response.mimetype) == (500, "application/json")
    assert "RuntimeError" in caplog.text
    assert "Tajne" not in caplog.text + response.text
    assert state(moderator, interview_id)["seats"][0]["agreed"] is None  # all of the message, or nothing
