"""Passwords: made, kept and checked (argon2id with the library's defaults). Knows nothing of the web."""

from __future__ import annotations

import functools
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 200  # hashing time grows with length: nobody may send a book
# No look-alikes (0 o, 1 l i): a first password is often read from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher.hash(_normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Takes as long when there is no hash at all, so that the time does not tell which accounts exist."""
    given = _normal(password) if len(password) <= MAX_PASSWORD_LENGTH else ""
    try:
        right = _hasher.verify(password_hash or _hash_of_nobody(), given)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return right and password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """True for a hash made with older, weaker parameters."""
    return _hasher.check_needs_rehash(password_hash)


def forbid_core_dumps() -> None:
    """A process that crashes writes no image of its memory, which may hold answers, keys and passwords."""
    try:
        import resource
    except ImportError:  # no such limit on this system, and no such file either
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def first_password() -> str:
    """A random password to hand over, about 79 bits: "k7wd-m3xp-9rta-hq5n"."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def password_fault(password: str, email: str) -> str | None:
    """What is wrong with a chosen password, in Polish, or None."""
    if len(password) < MIN_PASSWORD_LENGTH:
        return f"Hasło musi mieć co najmniej {MIN_PASSWORD_LENGTH} znaków. Dobrze sprawdza się kilka słów."
    if len(password) > MAX_PASSWORD_LENGTH:
        return f"Hasło może mieć najwyżej {MAX_PASSWORD_LENGTH} znaków."
    if not password.isprintable():
        return "Hasło zawiera niewidoczne znaki. Wpisz je z klawiatury."
    if len(set(password)) < 5:
        return "Hasło powtarza wciąż te same znaki. Wybierz kilka różnych słów."
    if email and email.casefold() in password.casefold():
        return "Hasło nie może zawierać adresu e-mail."
    return None


def _normal(password: str) -> str:
    """One form for letters with diacritics: keyboards differ in how they send them."""
    return unicodedata.normalize("NFC", password)


@functools.cache
def _hash_of_nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
