"""Passwords: made, kept and checked (argon2id with the library's defaults). Knows nothing of the web."""

from __future__ import annotations

import functools
import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 200  # hashing time grows with length: nobody may send a book
# No look-alikes (0 o, 1 l i): a first password is often read from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

WORDS_FILE = Path(__file__).with_name("password_words.txt")
MIN_GUESSES_LOG10 = 10  # zxcvbn: safe even when somebody has the hashes
MIN_OWN_LETTERS = 5
MAX_ZXCVBN_LENGTH = 72  # it takes long over long ones, which need no such check

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


def digest(secret: str) -> str:
    """What the store knows a token, a key or a code by. These are random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def readable_code(groups: int) -> str:
    """Random, to be read aloud or copied from paper; 20 bits a group: "k7wd-m3xp-9rta"."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(groups))


def password_fault(password: str, *known_words: str) -> str | None:
    """What is wrong with a chosen password, in Polish, or None. `known_words`: the person's address and name."""
    if len(password) < MIN_PASSWORD_LENGTH:
        return f"Hasło musi mieć co najmniej {MIN_PASSWORD_LENGTH} znaków. Dobrze sprawdza się kilka słów."
    if len(password) > MAX_PASSWORD_LENGTH:
        return f"Hasło może mieć najwyżej {MAX_PASSWORD_LENGTH} znaków."
    if not password.isprintable():
        return "Hasło zawiera niewidoczne znaki. Wpisz je z klawiatury."
    if len(set(password)) < 5:
        return "Hasło powtarza wciąż te same znaki. Wybierz kilka różnych słów."
    if any("@" in word and word.casefold() in password.casefold() for word in known_words):
        return "Hasło nie może zawierać adresu e-mail."
    if _guessable(password, known_words):
        return "To hasło łatwo zgadnąć: jest na liście znanych haseł albo z nich złożone. Wybierz kilka różnych słów."
    return None


def _guessable(password: str, known_words: Sequence[str]) -> bool:
    """By zxcvbn's lists of passwords, names and keyboard rows; or little is left without the best known words."""
    from zxcvbn import zxcvbn

    plain = _without_diacritics(password)[:MAX_ZXCVBN_LENGTH]
    local_parts = " ".join(word.partition("@")[0] for word in known_words)
    own = re.split(r"[\W_]+", _without_diacritics(local_parts).lower())
    words = [word for word in (*own, *_polish_words()) if len(word) > 2]
    if zxcvbn(plain, user_inputs=words)["guesses_log10"] < MIN_GUESSES_LOG10:
        return True
    rest = plain.lower()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != plain.lower() and sum(sign.isalpha() for sign in rest) < MIN_OWN_LETTERS


@functools.cache
def _polish_words() -> tuple[str, ...]:
    """zxcvbn's lists are of the English-speaking world: these are what Polish passwords are most often made of."""
    return tuple(WORDS_FILE.read_text(encoding="ascii").split())


def _without_diacritics(text: str) -> str:
    """Lists of passwords know no ł, and neither do most who guess."""
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _normal(password: str) -> str:
    """One form for letters with diacritics: keyboards differ in how they send them."""
    return unicodedata.normalize("NFC", password)


@functools.cache
def _hash_of_nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
