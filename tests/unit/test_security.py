"""Passwords: the one that is handed over, and the ones that are refused."""

from __future__ import annotations

import re
import subprocess
import sys

import argon2
import pytest

from survey_app import security


def test_a_first_password_can_be_read_aloud_and_is_accepted() -> None:
    made = {security.first_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        assert re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}", password)
        assert security.password_fault(password, "anna@example.pl") is None


@pytest.mark.parametrize(
    "password", ["", "jedenaście1", "x" * 201, "abababababababab", "ANNA@example.pl 2026"]
)
def test_a_weak_password_is_refused_with_a_reason(password: str) -> None:
    assert security.password_fault(password, "anna@example.pl")


def test_a_damaged_hash_lets_nobody_in() -> None:
    assert not security.matches("to nie jest skrót", "jakieś hasło 12")
    assert not security.matches("", "jakieś hasło 12")


def test_a_kept_hash_is_slow_to_guess() -> None:
    """In a process of its own: the tests' own hasher is the cheapest there is."""
    made = subprocess.run(
        [
            sys.executable,
            "-c",
            "from survey_app.security import hash_password; print(hash_password('x' * 12))",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    kept = argon2.extract_parameters(made.strip())
    assert kept.type is argon2.Type.ID
    assert (kept.memory_cost, kept.time_cost) >= (19 * 1024, 2), "OWASP's least, in KiB and passes"
