"""The pages of registers, as a member of the team uses them, and a reader of a region."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from survey_app.services.context import Context
from survey_app.services.registers import entries
from survey_app.services.registers.entries import Owner
from tests.integration.staff import GMINA, Staff, staff
from tests.register_kit import offer_registers

PANEL = f"/panel/{GMINA}/rejestry"
OWNER = Owner(gmina_code=GMINA)


@pytest.fixture
def jan(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Staff:
    offer_registers(monkeypatch, tmp_path)
    return staff(app, "jan@example.org")


def test_a_task_goes_from_nothing_to_done(jan: Staff, sqlite_context: Context) -> None:
    assert "Nie ma jeszcze wpisów" in jan.get(PANEL)
    jan.get(f"{PANEL}/terminarz")
    jan.get(f"{PANEL}/terminarz/nowy")
    typed = {"nazwa-1": "Zebrać listy", "od": "2027-01-01", "do": "2026-12-01", "opis": "Ważne „słowa”"}
    refused = jan.send(f"{PANEL}/terminarz/nowy", typed)
    assert refused.status_code == 422
    for text in typed.values():
        assert text in refused.text
    typed["od"] = ""
    made = jan.send(f"{PANEL}/terminarz/nowy", typed)
    assert made.status_code == 303
    page = jan.get(made.location)
    assert "zaplanowane" in page
    state = f"{made.location}/stan"
    assert jan.send(state, {"stan-state": "dropped", "stan-on_day": "2026-11-01"}).status_code == 422
    assert jan.send(state, {"stan-state": "done", "stan-on_day": "2026-11-01"}).status_code == 303
    assert entries.listed(sqlite_context, OWNER, "terminarz").entries[0].state == "done"
