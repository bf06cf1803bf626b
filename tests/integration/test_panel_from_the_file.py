"""What a team finds in its panel because the ankieta's file says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from survey_app.config import INSTRUMENTS
from survey_app.services import instruments
from tests.integration.staff import GMINA, staff


def test_a_new_campaign_begins_with_the_smallest_group_of_the_file(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (INSTRUMENTS / "ankieta.yml").read_text(encoding="utf-8")
    changed = text.replace("smallest_cell: 3", "smallest_cell: 7")
    (tmp_path / "ankieta.yml").write_text(changed, encoding="utf-8")
    monkeypatch.setattr(instruments, "INSTRUMENTS", tmp_path)
    page = staff(app, "anna@example.org").get(f"/panel/{GMINA}/kampanie/nowa")
    assert 'name="k"' in page
    assert 'value="7"' in page
