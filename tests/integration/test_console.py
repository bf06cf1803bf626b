"""The console's two doors: what a device is given, what it may send, and what it is told when it may not."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews
from survey_app.services.interviewing.interviews import InterviewDraft, SeatDraft
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, PASSWORD, Staff, staff

MODERATOR = "mod@example.org"
WRITER = "a" * 32


@pytest.fixture
def interview_id(app: Flask, sqlite_context: Context) -> int:
    accounts.create_user(sqlite_context, MODERATOR, "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    draft = InterviewDraft(
        sqlite_context.clock(),
        55,
        (SeatDraft("A", None, "other"),),
        place="Świetlica",
        moderator_id=id_of(sqlite_context, MODERATOR),
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


def send(
    person: Staff, interview_id: int, *changes: dict[str, Any], csrf: str | None = None, **more: Any
) -> TestResponse:
    token = state(person, interview_id)["csrf"] if csrf is None else csrf
    now = int(person.client.application.extensions["context"].clock().timestamp() * 1000)
    message = {"writer": WRITER, "now": now, "changes": list(changes), **more}
    return person.client.post(
        address(interview_id, "/zmiany"), json=message, headers={"X-CSRFToken": token}
    )


def results(response: TestResponse) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.get_json()["results"]
    return found


def consent(letter: str = "A", **words: Any) -> dict[str, Any]:
    return {"key": f"zgoda-{letter}", "kind": "consent", "letter": letter, "agreed": True, "evidence": None} | {
        "at": 0,
        "base": 0,
        **words,
    }


def note(text: str, **words: Any) -> dict[str, Any]:
    return {
        "key": "n",
        "kind": "note",
        "id": uuid.uuid4().hex,
        "base": 0,
        "change": 1,
        "question": "p1_1",
        "letter": "A",
        "text": text,
        **words,
    }


def test_what_was_sent_stands_in_the_state(moderator: Staff, interview_id: int) -> None:
    answered = results(send(moderator, interview_id, consent(), note("Działamy razem ze szkołą.")))
    assert [one["outcome"] for one in answered] == ["kept", "kept"], json.dumps(answered, ensure_ascii=False)
    found = state(moderator, interview_id)
    assert [one["text"] for one in found["notes"]] == ["Działamy razem ze szkołą."]
    assert found["seats"][0]["agreed"] is True
