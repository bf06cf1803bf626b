"""The second factor: codes of six digits from a telephone (TOTP, RFC 6238), and recovery codes for a lost one.

The secret is sealed with a key made from the service's SECRET_KEY: whoever has only the database makes no codes.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from urllib.parse import quote

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy.orm import Session

from survey_app import security
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.person_trace import record
from survey_app.store import sign_in
from survey_app.store.people import ADMINISTRATOR, COORDINATOR, Person

SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20  # as RFC 4226 recommends
RECOVERY_CODES = 10
SERVICE = "Diagnoza lokalna"
WRONG = "Ten kod się nie zgadza albo był już użyty."
UNREADABLE = (
    "Serwis nie może odczytać drugiego składnika tego konta: zmieniono SECRET_KEY. Administrator serwisu może go"
    " wyzerować na stronie konta."
)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What goes into the telephone: `uri` as a QR code, or `secret` typed by hand (base32, groups of four)."""

    uri: str
    secret: str


@dataclass(frozen=True, slots=True)
class FactorState:
    """Of a second factor in use."""

    since: dt.datetime
    codes_left: int


def required(context: Context, person: Person) -> bool:
    """Administrators and coordinators need one, unless the operator has switched that off."""
    if not context.settings.second_factor_required:
        return False
    return any(row.role in (ADMINISTRATOR, COORDINATOR) for row in person.memberships)


def state(context: Context, person_id: int) -> FactorState | None:
    """None: no second factor, or one that was begun and never shown to work."""
    with context.database.reading() as session:
        found = sign_in.factor(session, person_id)
        if found is None or found.confirmed_at is None:
            return None
        return FactorState(found.confirmed_at, sign_in.codes_left(session, person_id))


def enrol(context: Context, person: Person) -> Enrolment:
    """A secret to put into the telephone; asked again, the same one. ConflictError: there is one in use."""
    with context.database.transaction() as session:
        found = sign_in.factor(session, person.id)
        if found is not None and found.confirmed_at is not None:
            raise ConflictError("Drugi składnik już działa. Najpierw trzeba wyłączyć obecny.")
        secret = _opened(context, person.id, found.sealed_secret) if found else None
        if secret is None:
            secret = new_secret()
            sign_in.put_factor(session, person.id, _seal(context, person.id, secret))
    word = base64.b32encode(secret).decode().rstrip("=")
    label = quote(f"{SERVICE}:{person.email}", safe="")
    uri = f"otpauth://totp/{label}?secret={word}&issuer={quote(SERVICE)}&digits={DIGITS}&period={SECONDS}"
    return Enrolment(uri, " ".join(word[place : place + 4] for place in range(0, len(word), 4)))


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def confirm(context: Context, person_id: int, code: str) -> list[str]:
    """Puts the factor into use and returns the recovery codes, which are shown once. InvalidInputError: wrong code."""
    with context.database.transaction() as session:
        if not _spend_code(context, session, person_id, code, confirmed=False):
            raise _wrong("Prosimy sprawdzić, czy zegar telefonu jest nastawiony, i wpisać nowy kod.")
        found = sign_in.factor(session, person_id)
        if found is None:
            raise NotFoundError("Nie ma takiego konta.")
        found.confirmed_at = context.clock()
        record(context, session, "factor_confirmed", person_id, person_id)
        return _new_codes(session, person_id)


def check(context: Context, person_id: int, code: str) -> bool:
    """Does the code stand for the person now: from the telephone, or a recovery code? Either works once."""
    with context.database.transaction() as session:
        return _spend(context, session, person_id, code)


def new_recovery_codes(context: Context, person_id: int, code: str) -> list[str]:
    """In place of the older ones. InvalidInputError: wrong code."""
    with context.database.transaction() as session:
        if not _spend(context, session, person_id, code):
            raise _wrong()
        record(context, session, "recovery_codes_made", person_id, person_id)
        return _new_codes(session, person_id)


def remove(context: Context, person_id: int, code: str) -> None:
    """By the person: for another telephone, or for good. InvalidInputError: wrong code."""
    with context.database.transaction() as session:
        if not _spend(context, session, person_id, code):
            raise _wrong()
        sign_in.remove_factor(session, person_id)
        record(context, session, "factor_removed", person_id, person_id)


def reset(context: Context, person_id: int, actor: int | None) -> None:
    """By the administrator, for somebody who lost telephone and codes; their sessions end. NotFoundError: none."""
    with context.database.transaction() as session:
        if not sign_in.remove_factor(session, person_id):
            raise NotFoundError("To konto nie ma drugiego składnika.")
        sign_in.end_sessions(session, person_id)
        record(context, session, "factor_reset", person_id, actor)


def _spend(context: Context, session: Session, person_id: int, code: str) -> bool:
    typed = "".join(code.split()).lower()
    if re.fullmatch(r"[0-9]{6}", typed):
        return _spend_code(context, session, person_id, typed, confirmed=True)
    return sign_in.spend_recovery_code(session, person_id, _hash(person_id, typed))


def _spend_code(context: Context, session: Session, person_id: int, code: str, *, confirmed: bool) -> bool:
    """The code of this half minute, of the one before and of the one after: telephones' clocks are not exact."""
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    found = sign_in.factor(session, person_id)
    if found is None or (found.confirmed_at is not None) is not confirmed:
        return False
    secret = _opened(context, person_id, found.sealed_secret)
    if secret is None:
        raise ConflictError(UNREADABLE)
    typed = "".join(code.split()).encode("utf-8", "surrogatepass")
    now = int(context.clock().timestamp()) // SECONDS
    totp = TOTP(secret, DIGITS, SHA1(), SECONDS)  # noqa: S303  (what telephones know; HMAC-SHA1 holds)
    for step in (now - 1, now, now + 1):
        if hmac.compare_digest(totp.generate(step * SECONDS), typed):
            found.sealed_secret = _seal(context, person_id, secret)  # under today's secret of the service
            session.flush()
            return sign_in.spend_step(session, person_id, step)
    return False


def _new_codes(session: Session, person_id: int) -> list[str]:
    codes = [security.readable_code(3) for _ in range(RECOVERY_CODES)]
    sign_in.set_recovery_codes(session, person_id, [_hash(person_id, one) for one in codes])
    return codes


def _wrong(hint: str = "Prosimy wpisać nowy kod.") -> InvalidInputError:
    return InvalidInputError("Kod nie został przyjęty.", [Fault("code_wrong", "code", WRONG, hint)])


def _hash(person_id: int, code: str) -> str:
    """59 random bits need no slow hash. Hyphens do not matter, nor capitals."""
    return security.digest(f"{person_id}:{code.replace('-', '')}")


def _seal(context: Context, person_id: int, secret: bytes) -> bytes:
    return bytes(SecretBox(_key(context.settings.secret_key, person_id)).encrypt(secret))


def _opened(context: Context, person_id: int, box: bytes) -> bytes | None:
    """With the service's secret, or with one from before it; None: with none of them."""
    for word in (context.settings.secret_key, *context.settings.secret_key_fallbacks):
        try:
            return SecretBox(_key(word, person_id)).decrypt(box)
        except CryptoError:
            continue
    return None


def _key(word: str, person_id: int) -> bytes:
    """Bound to the person: a box that was put into another row does not open there."""
    purpose = f"second factor of {person_id}".encode()
    return hashlib.blake2b(purpose, key=hashlib.sha512(word.encode()).digest(), digest_size=32).digest()
