"""Links with which somebody chooses a password: a new account's first one, or a new one for one that was forgotten.

Nobody but the person ever knows a password; whoever hands over the link knows it until it is used, so it works once
and for seven days.
"""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy.orm import Session

from survey_app import polish, security
from survey_app.config import LOCAL_ADDRESS
from survey_app.errors import Fault, GoneError, InvalidInputError, NotFoundError
from survey_app.services import mail
from survey_app.services.context import Context
from survey_app.services.mail import Message
from survey_app.services.person_trace import record
from survey_app.store import people, sign_in
from survey_app.store.people import Person

DAYS = 7
DEAD = (
    "Ten odnośnik już nie działa: został użyty, zastąpił go nowszy albo minęło 7 dni. Kto ustawił już hasło, loguje się"
    " nim. O nowy odnośnik prosimy koordynatora zespołu albo administratora serwisu."
)
SUBJECT = "Dostęp do panelu"
LETTER = """Dzień dobry,

pod tym adresem można ustawić hasło do panelu zespołu (konto {email}):

{address}

Odnośnik działa raz, do: {until}. Jeśli to pomyłka, prosimy nic nie robić.
"""


def issue(context: Context, person_id: int, actor: int | None) -> str:
    """A new link's token; one from before stops working. NotFoundError: no such account, or a closed one."""
    with context.database.transaction() as session:
        found = people.get(session, person_id)
        if found is None or not found.active:
            raise NotFoundError("Nie ma czynnego konta, do którego można wydać odnośnik.")
        return issue_within(context, session, person_id, actor)


def new_token() -> str:
    """192 random bits."""
    return secrets.token_urlsafe(24)


def issue_within(context: Context, session: Session, person_id: int, actor: int | None) -> str:
    """As `issue`, in a transaction that goes on."""
    token = new_token()
    sign_in.put_link(session, person_id, security.digest(token), expires_at(context), actor)
    record(context, session, "link_issued", person_id, actor)
    return token


def expires_at(context: Context) -> dt.datetime:
    """Of a link that is issued now."""
    return context.clock() + dt.timedelta(days=DAYS)


def address(context: Context, token: str) -> str:
    return f"{context.settings.public_url or LOCAL_ADDRESS}/konto/{token}"


def send(context: Context, person: Person, token: str) -> bool:
    """By mail, where there is a mail server; says whether the server took it."""
    if context.settings.mail is None:
        return False
    until = polish.moment(expires_at(context))
    body = LETTER.format(email=person.email, address=address(context, token), until=until)
    return mail.send(context.settings.mail, [Message(person.email, SUBJECT, body)]) == [True]


def owner(context: Context, token: str) -> Person:
    """Whose link it is. GoneError: used, replaced, too old, or made up."""
    with context.database.reading() as session:
        return _owner(context, session, token)


def use(context: Context, token: str, password: str) -> Person:
    """Sets the password; the link stops working and every session of the person ends.

    InvalidInputError: the password will not do (the link still works). GoneError as `owner`.
    """
    fault = security.password_fault(password, *_known_words(owner(context, token)))
    if fault:
        raise InvalidInputError("Hasło nie zostało ustawione.", [Fault("password_weak", "new", fault)])
    password_hash = security.hash_password(password)
    with context.database.transaction() as session:
        found = _owner(context, session, token)
        if not sign_in.remove_link(session, found.id):
            raise GoneError(DEAD)
        found.password_hash = password_hash
        sign_in.end_sessions(session, found.id)
        record(context, session, "password_chosen", found.id, found.id)
        return found


def _owner(context: Context, session: Session, token: str) -> Person:
    link = sign_in.link(session, security.digest(token))
    if link is None or link.expires_at <= context.clock():
        raise GoneError(DEAD)
    found = people.get(session, link.person_id)
    if found is None or not found.active:
        raise GoneError(DEAD)
    return found


def _known_words(person: Person) -> tuple[str, ...]:
    return person.email, person.name
