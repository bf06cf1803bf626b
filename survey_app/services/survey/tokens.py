"""Codes of invitations and public names of campaigns: random, easy to read from paper, kept only as hashes."""

from __future__ import annotations

import hashlib
import secrets

# Without I, L, O and U: they are taken for 1, 0 and V. 16 signs of 32 are 80 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_LENGTH = 16
GROUP = 4
PUBLIC_ID_LENGTH = 10
MAX_TYPED_LENGTH = 40
_CONFUSIONS = str.maketrans("ILOU", "110V")


def new_token() -> str:
    """As printed: "K7WD-M3XP-9RTA-HQ5N"."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))
    return "-".join(signs[start : start + GROUP] for start in range(0, TOKEN_LENGTH, GROUP))


def new_public_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH)).lower()


def token_hash(typed: str) -> str | None:
    """What the store knows a token by; None for what cannot be one. Case, dashes and spaces do not matter."""
    if len(typed) > MAX_TYPED_LENGTH or not typed.isascii():
        return None
    signs = "".join(typed.replace("-", " ").split()).upper().translate(_CONFUSIONS)
    if len(signs) != TOKEN_LENGTH or set(signs) - set(ALPHABET):
        return None
    return hashlib.sha256(signs.encode("ascii")).hexdigest()


def key_hash(public_id: str, token_hash_or_empty: str, form_key: str) -> str:
    """What a repeated form is known by. With the token in it, one institution's form key never swallows
    another's answer on a shared computer; with the form key's 128 random bits, nobody can find the token.
    """
    return hashlib.sha256("\x00".join((public_id, token_hash_or_empty, form_key)).encode()).hexdigest()
