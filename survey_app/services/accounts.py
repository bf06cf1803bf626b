"""Staff accounts: made, logged in to, changed, ended; and the questions of who may do what."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

from sqlalchemy.orm import Session

from survey_app import security
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.person_trace import record
from survey_app.services.signing_in import links
from survey_app.store import gminas, people, sign_in
from survey_app.store.people import ADMINISTRATOR, COORDINATOR, MEMBER, MODERATOR, TEAM, Person

__all__ = [
    "Person",
    "address_of_nobody",
    "admit",
    "change_name",
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
    "is_erased",
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
]

EMAIL_FORM = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\".]+(\.[^@\s,;<>()\".]+)+")
MAX_EMAIL_LENGTH = 254
MAX_NAME_LENGTH = 200


def create_user(
    context: Context,
    email: str,
    name: str,
    password: str | None,
    *,
    administrator: bool = False,
    coordinator_of: str | None = None,
    member_of: str | None = None,
    moderator_of: str | None = None,
    actor: int | None = None,
) -> Person:
    """Without a password the person chooses one by a link (`signing_in.links`).

    InvalidInputError with every fault; ConflictError if the address has an account; NotFoundError: no such gmina.
    """
    email, name = _checked(email, name, password)
    password_hash = None if password is None else security.hash_password(password)
    with context.database.transaction() as session:
        person = _add(context, session, email, name, password_hash, actor)
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
    """Gives the role of a coordinator, a member or a moderator, with an account if there is none yet.

    Returns the token of a link for a new account, or for one that this actor invited and that waits; "" where the
    person logs in already. Who has the role, or more than a member's, stays as they are, even when two do this at
    once. InvalidInputError: the account is closed, or waits for somebody else's invitation to be taken.
    """
    if find_person(context, email) is None:
        checked = _checked(email, name, None)
        # ConflictError: somebody else made the account meanwhile.
        with suppress(ConflictError), context.database.transaction() as session:
            made = _add(context, session, *checked, None, actor)
            _give(context, session, made, role, gmina_code, actor)
            return links.issue_within(context, session, made.id, actor)
    known = find_person(context, email)
    with context.database.transaction() as session:
        found = admissible(session, known, actor)
        if role != MEMBER or not is_member(found, gmina_code):
            _give(context, session, found, role, gmina_code, actor)
        return links.issue_within(context, session, found.id, actor) if waits(session, found) else ""


def admissible(session: Session, known: Person | None, actor: int | None) -> Person:
    """The person, to be given a role. InvalidInputError: the account is closed, or somebody else's invitation waits.

    Whoever holds that invitation could use what is given now.
    """
    found = people.get(session, known.id) if known else None
    if found is None or not found.active:
        message, hint = "Tej osoby nie można dodać.", "Prosimy zwrócić się do administratora serwisu."
        raise InvalidInputError(message, [Fault("account_closed", "email", message, hint)])
    inviter = sign_in.link_author(session, found.id)
    if waits(session, found) and not _may_invite_again(session, inviter, actor):
        message = "Ta osoba ma zaproszenie od kogo innego i jeszcze go nie przyjęła."
        hint = "Można ją dodać, kiedy ustawi hasło. Nowe zaproszenie wyda jej administrator serwisu."
        raise InvalidInputError(message, [Fault("account_waits", "email", message, hint)])
    return found


def waits(session: Session, person: Person) -> bool:
    """Has the person never chosen a password, nor come in by another service?"""
    return person.password_hash is None and not sign_in.has_identity(session, person.id)


def log_in(context: Context, email: str, password: str) -> Person | None:
    """The person, or None: no such account, an account that was closed, a wrong password: all look the same.

    The slow check runs outside the transaction, so that a log-in keeps nobody else waiting for the store.
    """
    found = find_person(context, email)
    right = security.matches(found.password_hash if found else None, password)
    if not right or found is None or not found.active:
        return None
    if found.password_hash is not None and security.needs_rehash(found.password_hash):
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
    """All accounts, by address, but those whose data were erased."""
    with context.database.reading() as session:
        return [one for one in people.everyone(session) if not is_erased(one)]


def coordinators(context: Context, gmina_code: str) -> list[Person]:
    """The gmina's active coordinators."""
    with context.database.reading() as session:
        return people.coordinators(session, gmina_code)


def change_name(context: Context, person_id: int, name: str) -> Person:
    """One's own name, mended; what was kept under the old one (seats of a meeting, reports) stays as it was.

    The trace tells that it changed, and neither name (decision 13). InvalidInputError: it is no name.
    """
    name = " ".join(name.split())
    if faults := _name_faults(name):
        raise InvalidInputError("Imię i nazwisko nie zostało zmienione.", faults)
    with context.database.transaction() as session:
        found = _require(session, person_id)
        if found.name != name:
            found.name = name
            record(context, session, "name_changed", found.id, person_id)
        return found


def change_password(context: Context, person_id: int, old: str, new: str) -> Person:
    """A new password of one's own; it ends every session of the person, this one included."""
    current = person(context, person_id)
    if current is None or not security.matches(current.password_hash, old):
        fault = Fault("password_wrong", "old", "To nie jest obecne hasło.", "Wpisz je jeszcze raz.")
        raise InvalidInputError("Hasło nie zostało zmienione.", [fault])
    faults = _password_faults(new, "new", current.email, current.name)
    if faults:
        raise InvalidInputError("Hasło nie zostało zmienione.", faults)
    new_hash = security.hash_password(new)
    with context.database.transaction() as session:
        found = _require(session, person_id)
        found.password_hash = new_hash
        sign_in.end_sessions(session, found.id)
        record(context, session, "password_changed", found.id, person_id)
        return found


def end_sessions(context: Context, person_id: int, actor: int | None) -> None:
    """Every session of the person ends with its next request."""
    with context.database.transaction() as session:
        found = _require(session, person_id)
        sign_in.end_sessions(session, found.id)
        record(context, session, "sessions_ended", found.id, actor)


def close_account(context: Context, person_id: int, actor: int | None) -> None:
    """The person can no longer log in; the trace of what they did stays."""
    with context.database.transaction() as session:
        found = _require(session, person_id)
        found.active = False
        sign_in.end_sessions(session, found.id)
        sign_in.remove_link(session, found.id)
        record(context, session, "account_closed", found.id, actor)


def reopen_account(context: Context, person_id: int, actor: int | None) -> None:
    """The person may log in again, with the roles that they had, once they have chosen a new password."""
    with context.database.transaction() as session:
        found = _require(session, person_id)
        if is_erased(found):
            raise ConflictError("Dane tego konta usunięto na zawsze. Tej osobie trzeba założyć nowe konto.")
        found.active = True
        found.password_hash = None
        record(context, session, "account_reopened", found.id, actor)


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


def is_erased(person: Person) -> bool:
    """Was the account erased (`personal_data.accounts_data`)? Nothing opens it again."""
    return not person.active and person.email == address_of_nobody(person.id)


def address_of_nobody(person_id: int) -> str:
    """Unique, as the column demands, and nobody's: `.invalid` never leads anywhere (RFC 2606)."""
    return f"usunieto-{person_id}@konto.invalid"


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


def _checked(email: str, name: str, password: str | None) -> tuple[str, str]:
    """Address and name in the form that they are kept in. InvalidInputError with every fault."""
    email, name = normal_email(email), " ".join(name.split())
    faults = _email_faults(email) + _name_faults(name)
    if password is not None:
        faults += _password_faults(password, "password", email, name)
    if faults:
        raise InvalidInputError("Nie można założyć konta. Popraw wskazane pola.", faults)
    return email, name


def _add(
    context: Context, session: Session, email: str, name: str, password_hash: str | None, actor: int | None
) -> Person:
    person = people.add(session, email=email, name=name, password_hash=password_hash, at=context.clock())
    record(context, session, "user_created", person.id, actor)
    return person


def _give(
    context: Context, session: Session, person: Person, role: str, gmina_code: str | None, actor: int | None
) -> None:
    if gmina_code is not None and gminas.get(session, gmina_code) is None:
        raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}. Konto nie zostało zmienione.")
    if people.add_membership(session, person, role, gmina_code):
        record(context, session, f"{role}_appointed", person.id, actor, gmina_code=gmina_code)


def _require(session: Session, person_id: int) -> Person:
    found = people.get(session, person_id)
    if found is None:
        raise NotFoundError("Nie ma takiego konta.")
    return found


def _may_invite_again(session: Session, link: sign_in.AccountLink | None, actor: int | None) -> bool:
    """Who invited, or an administrator; a link that is gone leaves it to the administrator."""
    if actor is None or (link is not None and link.created_by == actor):
        return True
    inviter = people.get(session, actor)
    return inviter is not None and is_administrator(inviter)


def _email_faults(email: str) -> list[Fault]:
    if is_email(email):
        return []
    return [Fault("email_form", "email", "To nie jest adres e-mail.", "Wpisz go w postaci nazwa@domena.pl.")]


def _name_faults(name: str) -> list[Fault]:
    if name and len(name) <= MAX_NAME_LENGTH and name.isprintable():
        return []
    message = f"Imię i nazwisko musi mieć od 1 do {MAX_NAME_LENGTH} zwykłych znaków."
    return [Fault("name_form", "name", message, "Wpisz imię i nazwisko.")]


def _password_faults(password: str, where: str, *known_words: str) -> list[Fault]:
    fault = security.password_fault(password, *known_words)
    return [Fault("password_weak", where, fault)] if fault else []
