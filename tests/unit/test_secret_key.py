"""The secret that signs sessions: guessable ones are refused, the kept one is whole and its owner's alone."""

from __future__ import annotations

import secrets
import threading
from pathlib import Path

import pytest

from survey_app.config import MIN_SECRET_LENGTH, Settings, secret_weakness
from survey_app.errors import ConfigurationError
from tests.stores import settings_for

STRONG = "q7Vd-x0Rr2mB_pT9kE4wYs6uNa1cJh8LfZg3"
WEAK = [
    "x",
    STRONG[: MIN_SECRET_LENGTH - 1],
    "a" * 64,
    "abababab" * 8,
    "k9Qz!" * 10,
    "q7Vdx0Rr2mBpT9kE" * 2,
    "0123456789abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba9876543210",
    "change-me-" + STRONG,
    "CHANGE_ME_please_before_production_1",
    "my-super-SECRET-key-for-the-service!",
    "zmień-mnie-zanim-cokolwiek-uruchomisz",
    "Przykład: tu wpisz losowe znaki z 32",
]


@pytest.mark.parametrize("value", WEAK)
def test_a_secret_that_can_be_guessed_is_refused_and_never_repeated(value: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_environment({"SECRET_KEY": value, "SURVEY_VAR": str(tmp_path)})
    assert "SECRET_KEY" in refused.value.message
    assert len(value) < 2 or value not in refused.value.message
    assert not (tmp_path / "secret-key").exists()


def test_the_tests_own_secret_is_refused(tmp_path: Path) -> None:
    assert secret_weakness(settings_for(tmp_path, "sqlite://").secret_key)


def test_random_secrets_of_every_usual_make_are_taken(tmp_path: Path) -> None:
    for value in (STRONG, secrets.token_urlsafe(48), secrets.token_hex(32), "Ł" + secrets.token_urlsafe(32)):
        assert (
            Settings.from_environment({"SECRET_KEY": value, "SURVEY_VAR": str(tmp_path)}).secret_key == value
        )


def test_without_one_it_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, again = (Settings.from_environment({"SURVEY_VAR": str(tmp_path / "var")}) for _ in range(2))
    assert first.secret_key == again.secret_key
    assert secret_weakness(first.secret_key) is None
    kept = tmp_path / "var" / "secret-key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret-key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_kept_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    Settings.from_environment({"SURVEY_VAR": str(tmp_path)})
    kept = tmp_path / "secret-key"
    kept.chmod(mode)
    with pytest.raises(ConfigurationError, match="inne konta") as refused:
        Settings.from_environment({"SURVEY_VAR": str(tmp_path)})
    assert str(kept) in refused.value.message
    kept.unlink()
    assert Settings.from_environment({"SURVEY_VAR": str(tmp_path)}).secret_key


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\xff" * 64, b"a" * 64])
def test_a_kept_secret_that_is_cut_off_is_refused(tmp_path: Path, content: bytes) -> None:
    kept = tmp_path / "secret-key"
    kept.write_bytes(content)
    kept.chmod(0o600)
    with pytest.raises(ConfigurationError, match="uszkodzony"):
        Settings.from_environment({"SURVEY_VAR": str(tmp_path)})


def test_many_that_start_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    found: list[str] = []
    gate = threading.Barrier(8)

    def begin() -> None:
        gate.wait()
        found.append(Settings.from_environment({"SURVEY_VAR": str(tmp_path)}).secret_key)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
