"""Codes and reminders by mail, where the operator has set a mail server.

The mailer never learns who answered (METHOD, "The ankieta"): a reminder goes to every institution with an address,
and nothing here reads whether an invitation was used. Codes are mailed while they are in hand, right after they were
made; they are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app import polish
from survey_app.errors import ConflictError
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.mail import Message, send
from survey_app.services.register import catalogue
from survey_app.services.survey import campaigns
from survey_app.services.survey.campaign_rules import ANONYMOUS, INVITATIONS
from survey_app.services.survey.campaign_trace import record
from survey_app.services.survey.campaigns import Campaign, IssuedInvitation, Phase, form_address, phase
from survey_app.store import campaigns as campaign_rows
from survey_app.store.catalogue import Stakeholder

PROMISE = {
    True: "Ankieta jest anonimowa: nikt nie może powiązać odpowiedzi z instytucją.",
    False: "Ankieta jest imienna: odpowiedzi będą czytane razem z nazwą instytucji.",
}
CODE_TEXT = """Szanowni Państwo,

zapraszamy instytucję „{institution}” do udziału w ankiecie „{title}” (gmina {gmina}).
Wypełnienie zajmuje około 10 minut i nie wymaga logowania.

Adres ankiety: {link}
Kod, gdyby adres nie działał: {code}

Adres i kod są jednorazowe, tylko dla Państwa instytucji. Odpowiedzi przyjmujemy do: {closes}.
{promise}
"""
REMINDER_TEXT = """Szanowni Państwo,

przypominamy o ankiecie „{title}” (gmina {gmina}). Odpowiedzi przyjmujemy do: {closes}.
{where}

To przypomnienie dostają wszyscy, także ci, którzy już odpowiedzieli.
Jeśli już Państwo odpowiedzieli, dziękujemy.

{promise}
"""
WITH_CODE = "Adres i kod są w zaproszeniu, które Państwo otrzymali. Kod można też wpisać tutaj: {address}"
WITHOUT_CODE = "Adres ankiety: {address}"


@dataclass(frozen=True, slots=True)
class MailReport:
    """`sent`: messages taken by the server. The others by name: no address in the catalogue, or not taken."""

    sent: int
    without_address: tuple[str, ...]
    failed: tuple[str, ...]


def mail_codes(context: Context, campaign: Campaign, issued: Sequence[IssuedInvitation]) -> MailReport:
    """One message per institution that has an address, with its own code. ConflictError without a mail server."""
    rows = _rows(context, campaign)
    common = _common(context, campaign)
    bodies = {
        row.stakeholder_id: CODE_TEXT.format(**common, institution=row.name, link=row.link, code=row.code)
        for row in issued
    }
    subject = f"Ankieta: {campaign.title}"
    return _mailed(context, [row for row in rows if row.id in bodies], subject, bodies)


def remind_everyone(context: Context, campaign_id: int, actor: int | None) -> MailReport:
    """The same words to every institution with an address. ConflictError unless the campaign is open."""
    campaign = campaigns.campaign(context, campaign_id)
    if phase(campaign, context.clock()) is not Phase.OPEN:
        raise ConflictError("Przypomnienie można wysłać tylko wtedy, gdy kampania jest otwarta.")
    address = form_address(context.settings, campaign)
    where = (WITH_CODE if campaign.access == INVITATIONS else WITHOUT_CODE).format(address=address)
    text = REMINDER_TEXT.format(**_common(context, campaign), where=where)
    rows = _rows(context, campaign)
    report = _mailed(context, rows, f"Przypomnienie: {campaign.title}", {row.id: text for row in rows})
    with context.database.transaction() as session:
        record(context, session, campaign, "campaign_reminded", actor, f"wiadomości: {report.sent}")
    return report


def addressed(context: Context, campaign: Campaign) -> int:
    """How many institutions of the campaign have an address to write to."""
    return sum(1 for row in _rows(context, campaign) if _address(row))


def _rows(context: Context, campaign: Campaign) -> list[Stakeholder]:
    """Those invited, whoever answered; before the opening and with an open link, the whole catalogue."""
    rows = catalogue.stakeholders(context, campaign.gmina_code)
    if campaign.access != INVITATIONS or campaign.opened_at is None:
        return rows
    with context.database.reading() as session:
        invited = set(campaign_rows.invited_stakeholders(session, campaign.id))
    return [row for row in rows if row.id in invited]


def _common(context: Context, campaign: Campaign) -> dict[str, str]:
    return {
        "title": campaign.title,
        "gmina": gminas.describe(context, campaign.gmina_code).name,
        "closes": polish.moment(campaign.closes_at),
        "promise": PROMISE[campaign.mode == ANONYMOUS],
    }


def _address(row: Stakeholder) -> str:
    return row.contact.email.strip() if row.contact else ""


def _mailed(
    context: Context, rows: Sequence[Stakeholder], subject: str, bodies: Mapping[int, str]
) -> MailReport:
    if context.settings.mail is None:
        raise ConflictError("Serwis nie ma ustawionej poczty. Kody i listy są do pobrania jako pliki.")
    reachable = [row for row in rows if _address(row)]
    taken = send(
        context.settings.mail, [Message(_address(row), subject, bodies[row.id]) for row in reachable]
    )
    failed = tuple(row.name for row, done in zip(reachable, taken, strict=True) if not done)
    return MailReport(
        sent=len(reachable) - len(failed),
        without_address=tuple(row.name for row in rows if not _address(row)),
        failed=failed,
    )
