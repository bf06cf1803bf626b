"""What other accounts of the same machine may read of the service's files: nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_app.config import Settings
from survey_app.services.context import Context


@pytest.mark.parametrize("secret", ["", "kW4-oZ81_qnT5vXeR0bLy7HdAu2SjMc9PfGi"])
def test_the_folder_with_the_database_is_made_for_its_owner_alone(tmp_path: Path, secret: str) -> None:
    folder = tmp_path / "diagnoza"
    settings = Settings.from_environment({"SURVEY_VAR": str(folder), "SECRET_KEY": secret})
    Context.from_settings(settings).database.dispose()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_the_operator_made_keeps_the_rights_they_gave_it(tmp_path: Path) -> None:
    folder = tmp_path / "diagnoza"
    folder.mkdir(mode=0o750)
    settings = Settings.from_environment({"SURVEY_VAR": str(folder)})
    Context.from_settings(settings).database.dispose()
    assert folder.stat().st_mode & 0o777 == 0o750
