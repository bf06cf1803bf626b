"""Passwords: the one that is handed over, and the ones that are refused."""

from __future__ import annotations

import re
import subprocess
import sys

import argon2
import pytest

from survey_app import security


def test_a_code_can_be_read_aloud() -> None:
    made = {security.readable_code(3) for _ in range(50)}
    assert len(made) == 50
    for code in made:
        assert re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}", code)


@pytest.mark.parametrize(
    "password",
    [
        "", "jedenaście1", "x" * 201, "abababababababab", "ANNA@example.pl 2026", "qwertyuiop12", "password1234",
        "zaq12wsx2026", "hasłoHasło123", "Warszawa2026!", "Lublin2026lato", "Tajne.hasło.123",
        "Anna.Zając.1985", "zajacanna2026!", "Gmina2026Urząd!", "biblioteka2026",
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_with_a_reason(password: str) -> None:
    assert security.password_fault(password, "anna@example.pl", "Anna Zając")


@pytest.mark.parametrize(
    "password",
    [
        "cztery zwykłe słowa razem",
        "łódka żółta 12",
        "X9#kd82Lq!vB",
        "7381-2231-9482-1123",
        "łąka pod lasem 7",
    ],
)
def test_a_good_password_is_taken(password: str) -> None:
    assert security.password_fault(password, "anna@example.pl", "Anna Zając") is None


def test_a_long_password_is_checked_at_once() -> None:
    assert security.password_fault("ąęśćżź łóżko " * 15, "anna@example.pl", "Anna Zając") is None


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
