"""Hands messages to the operator's mail server. Knows addresses and words, nothing of campaigns or answers."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from survey_app.config import Mail, MailSecurity

PATIENCE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Message:
    """Plain text to one address. `subject` is one line."""

    to: str
    subject: str
    body: str


def send(mail: Mail, messages: Sequence[Message]) -> list[bool]:
    """Sends each message by itself; says of each whether the server took it. Never raises for a mail fault.

    What was sent stays sent: when the server fails half-way, the rest counts as not sent.
    """
    taken: list[bool] = []
    # A connection that is gone ends the loop: what is missing below was not sent.
    with suppress(OSError, smtplib.SMTPException), _connected(mail) as server:
        taken.extend(_taken(server, mail, message) for message in messages)
    return taken + [False] * (len(messages) - len(taken))


def answers(mail: Mail) -> bool:
    """Does the server let us in? Where it does, a letter that it did not take was refused for its address."""
    with suppress(OSError, smtplib.SMTPException), _connected(mail):
        return True
    return False


def _connected(mail: Mail) -> smtplib.SMTP:
    if mail.security is MailSecurity.TLS:
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, timeout=PATIENCE_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=PATIENCE_SECONDS)
    try:
        _introduce(server, mail)
    except BaseException:
        server.close()
        raise
    return server


def _introduce(server: smtplib.SMTP, mail: Mail) -> None:
    if mail.security is MailSecurity.STARTTLS:
        server.starttls(context=ssl.create_default_context())
    if mail.user:
        server.login(mail.user, mail.password or "")


def _taken(server: smtplib.SMTP, mail: Mail, message: Message) -> bool:
    """Whether the server took it. A refused address must not keep the others from their message."""
    try:
        server.send_message(_letter(mail, message))
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused, ValueError):
        server.rset()
        return False
    return True


def _letter(mail: Mail, message: Message) -> EmailMessage:
    """ValueError for an address that is none."""
    letter = EmailMessage()
    letter["From"] = mail.sender
    letter["To"] = message.to
    letter["Subject"] = message.subject
    letter["Date"] = formatdate()
    letter["Message-ID"] = make_msgid(domain=mail.sender.rsplit("@", 1)[-1].strip(" >"))
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.body)
    return letter
