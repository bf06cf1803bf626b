"""Messages of a region to the teams of its gminas. Who reads a region's panel may write to it and what lies in it.

A message is words in plain text. It is on the gmina's first page until read; where the operator has set a mail server,
the worker also sends it as letters, some at a time, so that nobody waits for them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services import mail
from survey_app.services.context import Context
from survey_app.services.mail import Message
from survey_app.services.rollup.regions import COUNTRY, region_labels
from survey_app.store import audit, gminas, network
from survey_app.store.network import RegionMessage

TITLE, TEXT = 200, 5_000
LETTERS = 100  # in one round of the worker
DAYS = 2  # for so long letters are tried again where the server does not answer
UNKNOWN = "Nie ma takiej wiadomości."
LETTER = """{text}

{label}

Wszystkie wiadomości są w panelu zespołu: {address}
"""


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as a team sees it. `region`: whose it is, in words; `read`: by the person who looks."""

    id: int
    region: str
    title: str
    text: str
    sent_at: dt.datetime
    read: bool

    @property
    def paragraphs(self) -> list[str]:
        return paragraphs(self.text)


@dataclass(frozen=True, slots=True)
class SentView:
    """A message as its region sees it. `by`: who sent it, "" when the account is gone."""

    id: int
    title: str
    text: str
    sent_at: dt.datetime
    taken_back_at: dt.datetime | None
    by: str
    mailing: bool


def paragraphs(text: str) -> list[str]:
    """Lines with something on them."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def send(
    context: Context, region_code: str, title: str, text: str, actor: int | None, *, by_mail: bool = False
) -> int:
    """The message's number. Sent twice at once by the same person, it is one. InvalidInputError with every fault."""
    title, text = " ".join(title.split()), text.strip()
    faults = []
    for where, typed, most in (("title", title, TITLE), ("text", text, TEXT)):
        if not typed or len(typed) > most:
            faults.append(Fault(where, where, f"Prosimy wpisać od 1 do {most} znaków."))
    if faults:
        raise InvalidInputError("Wiadomości nie wysłano.", faults)
    now = context.clock()
    with context.database.transaction() as session:
        gminas.hold_region(session, region_code)
        for one, _ in network.sent(session, region_code)[:1]:
            same = (one.title, one.text, one.sent_by) == (title, text, actor)
            if same and one.taken_back_at is None and now - one.sent_at < dt.timedelta(minutes=5):
                return one.id
        letters = by_mail and context.settings.mail is not None
        made = network.send(
            session,
            RegionMessage(
                region_code=region_code,
                title=title,
                text=text,
                sent_at=now,
                sent_by=actor,
                mail_after=0 if letters else None,
            ),
        )
        _record(context, session, "region_message_sent", made, actor)
        return made.id


def take_back(context: Context, region_code: str, message_id: int, actor: int | None) -> None:
    """No team sees it any more; letters that went out are out. NotFoundError, or ConflictError if it was taken back."""
    with context.database.transaction() as session:
        gminas.hold_region(session, region_code)
        found = _of_region(session, region_code, message_id)
        if found.taken_back_at is not None:
            raise ConflictError("Ta wiadomość jest już cofnięta.")
        found.taken_back_at, found.mail_after = context.clock(), None
        _record(context, session, "region_message_taken_back", found, actor)


def sent(context: Context, region_code: str) -> list[SentView]:
    """What was sent to exactly this region, the newest first."""
    with context.database.reading() as session:
        return [_sent_view(one, by) for one, by in network.sent(session, region_code)]


def sent_one(context: Context, region_code: str, message_id: int) -> SentView:
    """NotFoundError if no such message was sent to this region."""
    with context.database.reading() as session:
        return _sent_view(_of_region(session, region_code, message_id), "")


def for_gmina(context: Context, gmina_code: str, person_id: int) -> list[MessageView]:
    """All messages that reach the gmina's team, the newest first. One statement."""
    codes = (COUNTRY, gmina_code[:2], gmina_code[:4])
    with context.database.reading() as session:
        found = network.messages_for(session, codes, person_id)
        return [
            MessageView(one.id, _from(one.region_code), one.title, one.text, one.sent_at, read)
            for one, read in found
        ]


def _from(region_code: str) -> str:
    if region_code == COUNTRY:
        return "koordynator krajowy"
    return "koordynator wojewódzki" if len(region_code) == 2 else "koordynator powiatowy"


def read(context: Context, gmina_code: str, message_id: int, person_id: int) -> None:
    """The person has read it: it is new to them no more. NotFoundError if it does not reach this gmina."""
    with context.database.transaction() as session:
        found = network.message(session, message_id)
        reaches = found is not None and found.region_code in (COUNTRY, gmina_code[:2], gmina_code[:4])
        if found is None or not reaches or found.taken_back_at is not None:
            raise NotFoundError(UNKNOWN)
        network.mark_read(session, message_id, person_id)


def mail_waiting(context: Context) -> list[str]:
    """From the worker: the next letters of messages that are to go out by mail. A line for each message that is done.

    Who was written to is noted before the letters leave: a fault may cost a letter, and never sends one twice.
    """
    if context.settings.mail is None:
        return []
    lines = []
    with context.database.reading() as session:
        waiting = [one.id for one in network.to_mail(session)]
    for message_id in waiting:
        line = _mail_some(context, message_id)
        if line:
            lines.append(line)
    return lines


def _mail_some(context: Context, message_id: int) -> str:
    assert context.settings.mail is not None, "asked only where there is a mail server"
    with context.database.transaction() as session:
        found = network.message(session, message_id)
        if found is None or found.mail_after is None:
            return ""
        before = found.mail_after
        people = network.addresses(session, found.region_code, before, LETTERS)
        found.mail_after = people[-1][0] if len(people) == LETTERS else None
        label = region_labels(session).get(found.region_code, found.region_code)
        letter = LETTER.format(
            text=found.text,
            label=f"{label[:1].upper()}{label[1:]}",
            address=context.settings.public_url or "",
        )
        title, sent_at, done = found.title, found.sent_at, found.mail_after is None
    taken = mail.send(context.settings.mail, [Message(email, title, letter) for _, email in people])
    young = context.clock() - sent_at < dt.timedelta(days=DAYS)
    if people and not any(taken) and young and not mail.answers(context.settings.mail):
        with context.database.transaction() as session:
            again = network.message(session, message_id)
            if again is not None and again.taken_back_at is None:
                again.mail_after = before
        return ""
    return f"Wiadomość regionu {message_id} poszła e-mailem." if done else ""


def _of_region(session: Session, region_code: str, message_id: int) -> RegionMessage:
    found = network.message(session, message_id)
    if found is None or found.region_code != region_code:
        raise NotFoundError(UNKNOWN)
    return found


def _sent_view(one: RegionMessage, by: str) -> SentView:
    return SentView(
        one.id, one.title, one.text, one.sent_at, one.taken_back_at, by, one.mail_after is not None
    )


def _record(
    context: Context, session: Session, action: str, message: RegionMessage, actor: int | None
) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="region_message",
        object_id=message.id,
        detail=message.region_code,
    )
