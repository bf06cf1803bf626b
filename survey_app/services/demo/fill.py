"""`survey-app demo`: two example gminas, filled through the same use cases that a team works with.

What is made: a gmina with a locked campaign and one that is open now, and a small gmina (22 institutions, 9
answers, one parish) whose campaign is locked. Both are marked as examples wherever they are shown.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from survey_app.analysis.diagnoza.result import Edition
from survey_app.instrument.model import Instrument
from survey_app.services import (
    accounts,
    build_diagnoza,
    campaigns,
    catalogue,
    gminas,
    import_catalogue,
    open_texts,
    schema,
    take_survey,
)
from survey_app.services.context import Context
from survey_app.services.demo.answers import made_up
from survey_app.services.instruments import current_ankieta

EMAIL = "koordynator@przyklad.pl"
PASSWORD = "przykladowe-haslo"  # noqa: S105  (printed on purpose: the example holds nothing to protect)
FOLDER = Path(__file__).parent
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ExampleGmina:
    teryt7: str
    name: str
    file: str
    answers: int
    seed: int

    @property
    def code(self) -> str:
        return self.teryt7[:6]


LARGE = ExampleGmina("9901012", "Przykładowo", "przykladowo.csv", 60, 20261)
SMALL = ExampleGmina("9901022", "Małowice", "malowice.csv", 9, 20265)


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the command prints: addresses, the log-in, and where the PDF lies."""

    open_campaign: str
    pdf: Path
    small_pdf: Path
    made_now: bool

    def lines(self, base: str) -> list[str]:
        return [
            "",
            "Przykładowe dane są gotowe." if self.made_now else "Przykładowe dane już są; nic nie zmieniono.",
            f"Diagnoza (PDF):        {self.pdf}",
            f"Diagnoza małej gminy:  {self.small_pdf}",
            "",
            f"Serwis:                {base}/",
            f"Otwarta ankieta:       {base}/a/{self.open_campaign}",
            f"Panel zespołu:         {base}/panel",
            f"  e-mail:              {EMAIL}",
            f"  hasło:               {PASSWORD}",
            "",
            "Zatrzymanie: Ctrl+C",
        ]


def fill(context: Context) -> DemoReport:
    """Makes what is missing; what is there stays as it is."""
    schema.upgrade(context)
    made_now = not _filled(context)
    if made_now:
        _fill_gmina(context, LARGE)
        _fill_gmina(context, SMALL)
        _open_campaign_now(context)
    return DemoReport(
        open_campaign=_open_campaign(context),
        pdf=_pdf(context, LARGE),
        small_pdf=_pdf(context, SMALL),
        made_now=made_now,
    )


def _filled(context: Context) -> bool:
    found = campaigns.campaigns_of(context, LARGE.code)
    return any(not campaign.locked_at for campaign in found)


def _fill_gmina(context: Context, gmina: ExampleGmina) -> None:
    """Skips what an interrupted run has already made."""
    if not gminas.exists(context, gmina.code):
        gminas.add_gmina(
            context, gmina.teryt7, gmina.name, "przykładowe", "przykładowy", actor=None, example=True
        )
    accounts.ensure_coordinator(context, EMAIL, "Koordynator Przykładowy", PASSWORD, gmina.code)
    if not catalogue.stakeholders(context, gmina.code):
        preview = import_catalogue.read_file(gmina.file, (FOLDER / gmina.file).read_bytes())
        import_catalogue.save(context, gmina.code, preview, actor=None)
    if not any(campaign.locked_at for campaign in campaigns.campaigns_of(context, gmina.code)):
        _hold_campaign(context, gmina)


def _hold_campaign(context: Context, gmina: ExampleGmina) -> None:
    """A whole campaign of three weeks ago: opened, answered, locked, its texts cleared."""
    now = context.clock().replace(second=0, microsecond=0)
    opens = now - 3 * WEEK
    past = replace(context, clock=lambda: opens)
    draft = _draft("Ankieta o współpracy instytucji", opens, WEEK, "invitations", gmina)
    campaign = campaigns.create_campaign(past, gmina.code, draft, actor=None)
    issued = campaigns.open_campaign(past, campaign.id, actor=None)
    _answer(past, campaign.public_id, gmina, issued)
    campaigns.lock_campaign(replace(context, clock=lambda: opens + 2 * WEEK), campaign.id, actor=None)
    for text in open_texts.waiting(context, campaign.id):
        open_texts.clear(context, text.id, text.text, actor=None)


def _answer(
    context: Context, public_id: str, gmina: ExampleGmina, issued: Sequence[campaigns.IssuedInvitation]
) -> None:
    source = random.Random(gmina.seed)  # noqa: S311  (made-up data must be the same on every machine)
    instrument = current_ankieta(context)
    sectors = {each.id: each.sector for each in catalogue.stakeholders(context, gmina.code)}
    parish_first = sorted(
        issued, key=lambda one: (sectors[one.stakeholder_id] != "organizacje_koscielne", one.name)
    )
    answering = parish_first[:1] + source.sample(parish_first[1:], gmina.answers - 1)
    for number, invitation in enumerate(answering):
        option = _type_of(instrument, sectors[invitation.stakeholder_id], invitation.name)
        take_survey.submit(
            context,
            public_id,
            invitation.code,
            form_key=f"{gmina.seed}-{number:032d}",
            settled=made_up(instrument, option, source),
        )


def _type_of(instrument: Instrument, sector: str, name: str) -> str:
    """What an institution of this catalogue sector would tick in question 1."""
    assert instrument.definitions.sectors is not None
    options = instrument.definitions.sectors.catalogue_options[sector]
    return "rada_gminy" if "rada_gminy" in options and name.startswith("Rada") else options[0]


def _open_campaign_now(context: Context) -> None:
    now = context.clock().replace(second=0, microsecond=0)
    draft = _draft("Ankieta jesienna (przykład)", now, 2 * WEEK, "open_link", LARGE)
    campaign = campaigns.create_campaign(context, LARGE.code, draft, actor=None)
    campaigns.open_campaign(context, campaign.id, actor=None)


def _draft(
    title: str, opens: dt.datetime, length: dt.timedelta, access: str, gmina: ExampleGmina
) -> campaigns.CampaignDraft:
    return campaigns.CampaignDraft(
        title=title,
        mode="anonymous",
        access=access,
        opens_at=opens,
        closes_at=opens + length,
        grace_minutes=30,
        k=3,
        notice=_notice(gmina.name),
    )


def _notice(name: str) -> str:
    """The template with its places filled; the contact is invented, like everything in an example gmina."""
    filled = campaigns.default_notice(name)
    while "[" in filled:
        start, end = filled.index("["), filled.index("]")
        filled = f"{filled[:start]}kontakt@przyklad.pl{filled[end + 1 :]}"
    return filled


def _open_campaign(context: Context) -> str:
    unlocked = [each for each in campaigns.campaigns_of(context, LARGE.code) if not each.locked_at]
    return max(unlocked, key=lambda campaign: campaign.opens_at).public_id


def _pdf(context: Context, gmina: ExampleGmina) -> Path:
    target = context.settings.var / f"diagnoza-{gmina.code}-{gmina.name.lower()}.pdf"
    if not target.exists():
        locked = max(
            (each for each in campaigns.campaigns_of(context, gmina.code) if each.locked_at),
            key=lambda campaign: campaign.opens_at,
        )
        target.write_bytes(build_diagnoza.pdf(context, locked.id, Edition.PUBLIC, actor=None))
    return target
