"""Whom a log-in service of the office means: its `issuer` and `subject`, tied to an account once.

What comes in here has been checked by the web's edge: signed by the configured issuer, for this service, just now.
No account is made here. Afterwards the e-mail address at that service counts for nothing: it may pass to somebody else.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.errors import ForbiddenError, NotFoundError
from survey_app.services import accounts
from survey_app.services.accounts import Person
from survey_app.services.context import Context
from survey_app.services.person_trace import record
from survey_app.store import people, sign_in

MAX_LENGTH = 255  # of issuer and subject, as OpenID Connect has it for the latter

NAMELESS = "Usługa logowania nie podała, czyje to konto. Prosimy zgłosić to osobom, które ją prowadzą."
NO_EMAIL = (
    "Usługa logowania nie podała adresu e-mail, więc serwis nie wie, czyje to konto. Prosimy zgłosić to osobom, które"
    " ją prowadzą, albo zalogować się hasłem."
)
UNVERIFIED = (
    "Usługa logowania nie potwierdza, że adres e-mail należy do osoby, która się loguje, więc serwis nie połączy z nim"
    " konta. Kto zaloguje się hasłem, może to zrobić na stronie „Konto”."
)
NO_ACCOUNT = (
    "W tym serwisie nie ma konta o adresie {address}. Konto zakłada koordynator zespołu albo administrator serwisu,"
    " z tym samym adresem, który zna usługa logowania."
)
CLOSED = "Konto w tym serwisie jest zamknięte. Może je otworzyć administrator serwisu."
ADMINISTRATORS = (
    "Konto administratora serwisu loguje się tylko hasłem i kodem z telefonu, nigdy przez inną usługę."
)
TIED_ALREADY = (
    "To konto jest już połączone z kimś innym w usłudze logowania albo ktoś inny z niej jest połączony z innym kontem."
    " Prosimy zalogować się hasłem albo zwrócić się do administratora serwisu."
)


def person_of(
    context: Context, issuer: str, subject: object, email: object, email_verified: object
) -> Person:
    """The active person; one who comes for the first time is tied by an address that the service has verified.

    ForbiddenError, in words for the person: no such account, closed, an administrator's, tied to somebody else, an
    address that is missing or not verified. `email_verified` counts as the boolean True alone.
    """
    if not isinstance(subject, str) or not _keepable(subject) or not _keepable(issuer):
        raise ForbiddenError(NAMELESS)
    with context.database.reading() as session:
        found = _of_identity(session, issuer, subject)
    if found is not None:
        return _may_enter(found)
    if not isinstance(email, str) or not email:
        raise ForbiddenError(NO_EMAIL)
    if email_verified is not True:
        raise ForbiddenError(UNVERIFIED)
    with context.database.transaction() as session:
        return _tied(context, session, issuer, subject, email)


def tie_own(context: Context, person_id: int, issuer: str, subject: object) -> None:
    """By the person, logged in with a password: for services that verify no address. ForbiddenError, as above."""
    if not isinstance(subject, str) or not _keepable(subject) or not _keepable(issuer):
        raise ForbiddenError(NAMELESS)
    with context.database.transaction() as session:
        known = _require(session, person_id)
        people.hold(session, known)
        if sign_in.person_of_identity(session, issuer, subject) != known.id:
            _tie(context, session, _may_enter(known), issuer, subject)


def is_tied(context: Context, person_id: int) -> bool:
    with context.database.reading() as session:
        return sign_in.has_identity(session, person_id)


def untie(context: Context, person_id: int, actor: int | None) -> None:
    """By the administrator: the person's sessions end; the next log-in there ties anew. NotFoundError: not tied."""
    with context.database.transaction() as session:
        found = _require(session, person_id)
        if not sign_in.remove_identities(session, found.id):
            raise NotFoundError("To konto nie jest połączone z inną usługą logowania.")
        sign_in.end_sessions(session, found.id)
        record(context, session, "identity_untied", found.id, actor)


def _tied(context: Context, session: Session, issuer: str, subject: str, email: str) -> Person:
    address = _address(email)
    known = people.by_email(session, address) if address else None
    if known is None:
        raise ForbiddenError(NO_ACCOUNT.format(address=email[: accounts.MAX_EMAIL_LENGTH]))
    people.hold(session, known)
    found = _of_identity(session, issuer, subject)  # somebody may have been quicker
    if found is not None:
        return _may_enter(found)
    _tie(context, session, _may_enter(known), issuer, subject)
    return known


def _tie(context: Context, session: Session, person: Person, issuer: str, subject: str) -> None:
    """The invitation that waited ends: whoever handed it out could still choose a password with it."""
    if sign_in.has_identity(session, person.id, issuer) or not sign_in.add_identity(
        session, person.id, issuer, subject
    ):
        raise ForbiddenError(TIED_ALREADY)
    sign_in.remove_link(session, person.id)
    record(context, session, "identity_tied", person.id, person.id)


def _require(session: Session, person_id: int) -> Person:
    found = people.get(session, person_id)
    if found is None:
        raise NotFoundError("Nie ma takiego konta.")
    return found


def _of_identity(session: Session, issuer: str, subject: str) -> Person | None:
    number = sign_in.person_of_identity(session, issuer, subject)
    return None if number is None else people.get(session, number)


def _may_enter(person: Person) -> Person:
    if not person.active:
        raise ForbiddenError(CLOSED)
    if accounts.is_administrator(person):
        raise ForbiddenError(ADMINISTRATORS)
    return person


def _address(email: str) -> str | None:
    """In the form that accounts are kept in. None: signs that only look like those of an account are not the same.

    A provider may hold anna@… and ａnna@… for two people; what a person types here is made alike, what it says is not.
    """
    address = email.lower() if email.isascii() else email
    return address if accounts.is_email(address) and accounts.normal_email(address) == address else None


def _keepable(text: str) -> bool:
    return 0 < len(text) <= MAX_LENGTH and text.isprintable()
