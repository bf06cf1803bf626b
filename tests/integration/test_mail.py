"""Codes and reminders by mail, through a real SMTP server: everyone gets theirs, and nobody learns who answered."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from survey_app.config import Mail, MailSecurity
from survey_app.errors import ConflictError
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.survey import campaign_mail, campaigns
from survey_app.web.app import create_app
from tests.campaign_kit import DRAFT, GMINA, add_gmina, hold, send
from tests.integration.staff import PASSWORD, Staff
from tests.stores import Clock, free_port

REFUSED = "pelna-skrzynka@example.org"


@dataclass
class Post:
    """Keeps what arrives; one mailbox is full."""

    letters: list[Message] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  (the library's name)
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address == REFUSED:
            return "552 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def to(self, address: str) -> list[str]:
        """The texts that came to an address."""
        return [letter.get_content() for letter in self.letters if letter["To"] == address]  # type: ignore[attr-defined]


@pytest.fixture
def post() -> Iterator[tuple[Post, Mail]]:
    kept = Post()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    controller.start()
    yield kept, Mail("127.0.0.1", controller.port, "zsl@example.org", security=MailSecurity.NONE)
    controller.stop()


@pytest.fixture
def mailing(sqlite_context: Context, post: tuple[Post, Mail]) -> Context:
    """Two institutions that can be written to, one whose mailbox is full, one without an address."""
    context = replace(sqlite_context, settings=replace(sqlite_context.settings, mail=post[1]))
    add_gmina(context, institutions=0)
    for name, address in (
        ("Szkoła „Żak”", "szkola@example.org"),
        ("Biblioteka", "biblioteka@example.org"),
        ("Piekarnia", REFUSED),
        ("Parafia", ""),
    ):
        sector = next(iter(catalogue.catalogue_sectors()))
        draft = StakeholderDraft(name=name, sector=sector, internal=True, contact_email=address)
        catalogue.add_stakeholder(context, GMINA, draft, actor=None)
    return context


def test_each_institution_gets_its_own_code_and_the_rest_is_told_by_name(
    mailing: Context, post: tuple[Post, Mail]
) -> None:
    held = hold(mailing)
    report = campaign_mail.mail_codes(mailing, held.campaign, held.issued)
    assert (report.sent, report.without_address, report.failed) == (2, ("Parafia",), ("Piekarnia",))
    codes = {row.name: row.code for row in held.issued}
    (text,) = post[0].to("szkola@example.org")
    assert codes["Szkoła „Żak”"] in text
    assert "zapraszamy instytucję „Szkoła „Żak””" in text
    assert "Ankieta jest anonimowa" in text
    assert codes["Biblioteka"] not in text


def test_a_reminder_is_the_same_for_those_who_answered_and_those_who_did_not(
    mailing: Context, post: tuple[Post, Mail]
) -> None:
    held = hold(mailing)
    school = next(row for row in held.issued if row.name == "Szkoła „Żak”")
    send(mailing, held, school.code, {"p5": "tak"})
    report = campaign_mail.remind_everyone(mailing, held.campaign.id, actor=None)
    assert report.sent == 2
    assert post[0].to("szkola@example.org") == post[0].to("biblioteka@example.org")
    assert "Jeśli już Państwo odpowiedzieli, dziękujemy." in post[0].to("szkola@example.org")[0]
    assert not any(row.code in post[0].to("szkola@example.org")[0] for row in held.issued)
    assert any(
        "przypomnienie pocztą do wszystkich" in line for line in campaigns.trace(mailing, held.campaign.id)
    )


def test_a_reminder_before_the_opening_or_after_the_close_is_refused(
    mailing: Context, post: tuple[Post, Mail], clock: Clock
) -> None:
    held = hold(mailing)
    clock.advance(days=8)
    with pytest.raises(ConflictError):
        campaign_mail.remind_everyone(mailing, held.campaign.id, actor=None)
    assert post[0].letters == []


def test_a_mail_server_that_is_down_loses_no_code(mailing: Context) -> None:
    """The campaign is open and the codes are in hand: the report says that nothing was sent."""
    nobody = Mail("127.0.0.1", 9, "zsl@example.org", security=MailSecurity.NONE)
    context = replace(mailing, settings=replace(mailing.settings, mail=nobody))
    held = hold(context)
    report = campaign_mail.mail_codes(context, held.campaign, held.issued)
    assert report.sent == 0
    assert set(report.failed) == {"Szkoła „Żak”", "Biblioteka", "Piekarnia"}


def test_a_server_that_cannot_protect_the_connection_gets_no_message(
    mailing: Context, post: tuple[Post, Mail]
) -> None:
    wary = replace(mailing.settings.mail, security=MailSecurity.STARTTLS)  # type: ignore[type-var]
    context = replace(mailing, settings=replace(mailing.settings, mail=wary))
    held = hold(context)
    assert campaign_mail.mail_codes(context, held.campaign, held.issued).sent == 0
    assert post[0].letters == []


def test_a_coordinator_has_the_codes_mailed_at_the_opening_and_reminds_everyone(
    mailing: Context, post: tuple[Post, Mail]
) -> None:
    from survey_app.services import accounts

    accounts.create_user(mailing, "anna@example.org", "Anna Zając", PASSWORD, coordinator_of=GMINA)
    campaign = campaigns.create_campaign(mailing, GMINA, DRAFT, actor=None)
    anna = Staff(create_app(context=mailing).test_client())
    anna.log_in("anna@example.org")
    base = f"/panel/{GMINA}/kampanie/{campaign.id}"
    assert "Adresów w katalogu: 3" in anna.get(f"{base}/otwarcie")
    page = anna.send(f"{base}/otwarcie", {"mail_codes": "1"}).text
    assert "Serwer poczty przyjął" in page
    assert "Piekarnia" in page
    anna.get(f"{base}/przypomnienie")
    assert "Serwer poczty przyjął" in anna.send(f"{base}/przypomnienie").text
    assert len(post[0].to("biblioteka@example.org")) == 2


def test_without_a_mail_server_the_pages_offer_no_mail(sqlite_context: Context) -> None:
    add_gmina(sqlite_context, institutions=1)
    held = hold(sqlite_context)
    with pytest.raises(ConflictError, match="nie ma ustawionej poczty"):
        campaign_mail.mail_codes(sqlite_context, held.campaign, held.issued)
