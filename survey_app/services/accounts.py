"""Staff accounts: made, logged in to, changed, ended; and the questions of who may do what."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy.orm import Session

from survey_app import security
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.store import audit, gminas, people
from survey_app.store.people import ADMINISTRATOR, COORDINATOR, MEMBER, MODERATOR, TEAM, Person

__all__ = [
    "Person",
    "admit",
    "change_password",
    "close_account",
    "coordinates",
    "coordinators",
    "create_user",
    "end_sessions",
    "ensure_coordinator",
    "everyone",
    "find_person",
    "gmina_codes",
    "is_administrator",
    "is_email",
    "is_member",
    "log_in",
    "make_coordinator",
    "member_gmina_codes",
    "moderated_gmina_codes",
    "moderates",
    "normal_email",
    "opened_gmina_codes",
    "person",
    "reopen_account",
    "set_password",
]

EMAIL_FORM = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\".]+(\.[^@\s,;<>()\".]+)+")
MAX_EMAIL_LENGTH = 254
MAX_NAME_LENGTH = 200


def create_user(
    context: Context,
    email: str,
    name: str,
    password: str,
    *,
    administrator: bool = False,
    coordinator_of: str | None = None,
    member_of: str | None = None,
    moderator_of: str | None = None,
    actor: int | None = None,
) -> Person:
    """InvalidInputError with every fault; ConflictError if the address has an account; NotFoundError: no such gmina."""
    email, name = normal_email(email), " ".join(name.split())
    faults = _email_faults(email) + _name_faults(name) + _password_faults(password, email, "password")
    if faults:
        raise InvalidInputError("Nie można założyć konta. Popraw wskazane pola.", faults)
    password_hash = security.hash_password(password)
    with context.database.transaction() as session:
        person = people.add(session, email=email, name=name, password_hash=password_hash, at=context.clock())
        _record(context, session, person, "user_created", actor)
        if administrator:
            _give(context, session, person, ADMINISTRATOR, None, actor)
        if coordinator_of is not None:
            _give(context, session, person, COORDINATOR, coordinator_of, actor)
        if member_of is not None:
            _give(context, session, person, MEMBER, member_of, actor)
        if moderator_of is not None:
            _give(context, session, person, MODERATOR, moderator_of, actor)
        return person


def admit(context: Context, gmina_code: str, email: str, name: str, role: str, actor: int | None) -> str:
    """Gives the role of a member or a moderator, with an account if there is none yet.

    Returns the first password of a new account; "" where the address has an account, which keeps its own. Who has
    the role, or more than a member's, stays as they are, even when two do this at once. InvalidInputError: the
    account is closed.
    """
    if find_person(context, email) is None:
        password = security.first_password()
        try:
            create_user(
                context,
                email,
                name,
                password,
                member_of=gmina_code if role == MEMBER else None,
                moderator_of=gmina_code if role == MODERATOR else None,
                actor=actor,
            )
        except ConflictError:
            pass  # somebody else made the account meanwhile
        else:
            return password
    known = find_person(context, email)
    with context.database.transaction() as session:
        found = people.get(session, known.id) if known else None
        if found is None or not found.active:
            message = "Tej osoby nie można dodać."
            hint = "Prosimy zwrócić się do administratora serwisu."
            raise InvalidInputError(message, [Fault("account_closed", "email", message, hint)])
        if role != MEMBER or not is_member(found, gmina_code):
            _give(context, session, found, role, gmina_code, actor)
    return ""


def log_in(context: Context, email: str, password: str) -> Person | None:
    """The person, or None: no such account, an account that was closed, a wrong password: all look the same.

    The slow check runs outside the transaction, so that a log-in keeps nobody else waiting for the store.
    """
    found = find_person(context, email)
    right = security.matches(found.password_hash if found else None, password)
    if not right or found is None or not found.active:
        return None
    if security.needs_rehash(found.password_hash):
        new_hash = security.hash_password(password)
        with context.database.transaction() as session:
            _require(session, found.id).password_hash = new_hash
    return found


def person(context: Context, person_id: int) -> Person | None:
    """The person with their roles; None if there is no such account."""
    with context.database.reading() as session:
        return people.get(session, person_id)


def find_person(context: Context, email: str) -> Person | None:
    """By e-mail address, in any case. What has not even the form of an address is asked of no store."""
    address = normal_email(email)
    if not is_email(address):
        return None
    with context.database.reading() as session:
        return people.by_email(session, address)


def everyone(context: Context) -> list[Person]:
    """All accounts, by address."""
    with context.database.reading() as session:
        return people.everyone(session)


def coordinators(context: Context, gmina_code: str) -> list[Person]:
    """The gmina's active coordinators."""
    with context.database.reading() as session:
        return people.coordinators(session, gmina_code)


def change_password(context: Context, person_id: int, old: str, new: str) -> Person:
    """A new password of one's own; it ends every other session of the person."""
    current = person(context, person_id)
    if current is None or not security.matches(current.password_hash, old):
        fault = Fault("password_wrong", "old", "To nie jest obecne hasło.", "Wpisz je jeszcze raz.")
        raise InvalidInputError("Hasło nie zostało zmienione.", [fault])
    return _set_password(context, person_id, new, "password_changed", actor=person_id)


def set_password(context: Context, person_id: int, new: str, actor: int | None) -> Person:
    """A new password for somebody who forgot theirs (administrator, command line)."""
    return _set_password(context, person_id, new, "password_reset", actor)


def end_sessions(context: Context, person_id: int, actor: int | None) -> None:
    """Every session of the person ends with its next request."""
    with context.database.transaction() as session:
        found = _require(session, person_id)
        found.session_epoch += 1
        _record(context, session, found, "sessions_ended", actor)


def close_account(context: Context, person_id: int, actor: int | None) -> None:
    """The person can no longer log in; the trace of what they did stays."""
    with context.database.transaction() as session:
        found = _require(session, person_id)
        found.active = False
        found.session_epoch += 1
        _record(context, session, found, "account_closed", actor)


def reopen_account(context: Context, person_id: int, actor: int | None) -> None:
    """The person may log in again, with the roles that they had."""
    with context.database.transaction() as session:
        found = _require(session, person_id)
        found.active = True
        _record(context, session, found, "account_reopened", actor)


def make_coordinator(context: Context, email: str, gmina_code: str, actor: int | None) -> Person:
    """Gives somebody who has an account the gmina's team, too."""
    known = find_person(context, email)
    with context.database.transaction() as session:
        found = people.get(session, known.id) if known else None
        if found is None or not found.active:
            raise NotFoundError(f"Nie ma czynnego konta o adresie {normal_email(email)}.")
        _give(context, session, found, COORDINATOR, gmina_code, actor)
        return found


def ensure_coordinator(
    context: Context, email: str, name: str, password: str, gmina_code: str, actor: int | None = None
) -> Person:
    """Makes the account if there is none; one that is there keeps its name and password."""
    if find_person(context, email) is None:
        return create_user(context, email, name, password, coordinator_of=gmina_code, actor=actor)
    return make_coordinator(context, email, gmina_code, actor)


def is_administrator(person: Person) -> bool:
    return person.active and any(row.role == ADMINISTRATOR for row in person.memberships)


def coordinates(person: Person, gmina_code: str) -> bool:
    """Is the person a coordinator of this gmina's team? An administrator is not, by that alone."""
    return person.active and gmina_code in gmina_codes(person)


def is_member(person: Person, gmina_code: str) -> bool:
    """Does the person sit in this gmina's team, as a member or as its coordinator?"""
    return person.active and gmina_code in member_gmina_codes(person)


def member_gmina_codes(person: Person) -> list[str]:
    """The gminas in whose teams the person sits, as a member or as the coordinator."""
    return sorted({row.gmina_code for row in person.memberships if row.role in TEAM and row.gmina_code})


def moderates(person: Person, gmina_code: str) -> bool:
    """May the person be given interviews of this gmina? It opens those and nothing else of it."""
    return person.active and gmina_code in moderated_gmina_codes(person)


def moderated_gmina_codes(person: Person) -> list[str]:
    """The gminas in which the person moderates interviews."""
    return sorted(row.gmina_code for row in person.memberships if row.role == MODERATOR and row.gmina_code)


def opened_gmina_codes(person: Person) -> list[str]:
    """The gminas of which the person opens anything: sits in the team, or moderates interviews."""
    return sorted({*member_gmina_codes(person), *moderated_gmina_codes(person)})


def gmina_codes(person: Person) -> list[str]:
    """The gminas whose teams the person coordinates."""
    return sorted(row.gmina_code for row in person.memberships if row.role == COORDINATOR and row.gmina_code)


def normal_email(email: str) -> str:
    """The form that addresses are stored and compared in."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def is_email(text: str) -> bool:
    """Has it the form of an address? Whether it exists nobody can tell from its form."""
    return len(text) <= MAX_EMAIL_LENGTH and text.isprintable() and bool(EMAIL_FORM.fullmatch(text))


def _set_password(context: Context, person_id: int, new: str, action: str, actor: int | None) -> Person:
    current = person(context, person_id)
    faults = _password_faults(new, current.email if current else "", "new")
    if faults:
        raise InvalidInputError("Hasło nie zostało zmienione.", faults)
    new_hash = security.hash_password(new)
    with context.database.transaction() as session:
        found = _require(session, person_id)
        found.password_hash = new_hash
        found.session_epoch += 1
        _record(context, session, found, action, actor)
        return found


def _give(
    context: Context, session: Session, person: Person, role: str, gmina_code: str | None, actor: int | None
) -> None:
    if gmina_code is not None and gminas.get(session, gmina_code) is None:
        raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}. Konto nie zostało zmienione.")
    if people.add_membership(session, person, role, gmina_code):
        _record(context, session, person, f"{role}_appointed", actor, gmina_code)


def _require(session: Session, person_id: int) -> Person:
    found = people.get(session, person_id)
    if found is None:
        raise NotFoundError("Nie ma takiego konta.")
    return found


def _record(
    context: Context,
    session: Session,
    person: Person,
    action: str,
    actor: int | None,
    gmina_code: str | None = None,
) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="person",
        object_id=person.id,
        gmina_code=gmina_code,
    )


def _email_faults(email: str) -> list[Fault]:
    if is_email(email):
        return []
    return [Fault("email_form", "email", "To nie jest adres e-mail.", "Wpisz go w postaci nazwa@domena.pl.")]


def _name_faults(name: str) -> list[Fault]:
    if name and len(name) <= MAX_NAME_LENGTH and name.isprintable():
        return []
    message = f"Imię i nazwisko musi mieć od 1 do {MAX_NAME_LENGTH} zwykłych znaków."
    return [Fault("name_form", "name", message, "Wpisz imię i nazwisko.")]


def _password_faults(password: str, email: str, where: str) -> list[Fault]:
    fault = security.password_fault(password, email)
    return [Fault("password_weak", where, fault)] if fault else []
