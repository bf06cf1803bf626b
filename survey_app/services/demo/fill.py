"""`survey-app demo`: two example gminas, filled through the same use cases that a team works with.

What is made: a gmina with a locked campaign, one that is open now, two closed coding rounds, and the papers, registers
and library of a team that is half-way through the method; and a small gmina (22 institutions, 9 answers, one parish)
whose campaign is locked and whose first coding round is being rated. Both are marked as examples wherever they are
shown. Over them a region, with somebody who reads it and has written to its teams.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from survey_app import polish
from survey_app.analysis.diagnoza.result import Edition
from survey_app.errors import ConflictError, GoneError
from survey_app.instrument.model import Instrument
from survey_app.services import accounts, gminas, schema
from survey_app.services.context import Context
from survey_app.services.demo import coding, interviews, method, region
from survey_app.services.demo.answers import made_up
from survey_app.services.instruments import current_ankieta
from survey_app.services.library import items
from survey_app.services.register import catalogue, import_catalogue
from survey_app.services.survey import build_diagnoza, campaigns, open_texts, take_survey
from survey_app.services.survey.campaigns import Campaign

EMAIL = "koordynator@przyklad.pl"
PASSWORD = "przykladowe-haslo"  # noqa: S105  (printed on purpose: the example holds nothing to protect)
FOLDER = Path(__file__).parent
AT_WORK = (
    "W tej bazie są już konta ludzi, a przykład zakłada konta z hasłem, które każdy zna. Niczego nie dodano. Przykład "
    "można zrobić w osobnej bazie i osobnym katalogu: DATABASE_URL i SURVEY_VAR."
)
WEEK = dt.timedelta(days=7)
HELD_TITLE = "Ankieta o współpracy instytucji"
OPEN_TITLE = "Ankieta jesienna (przykład)"


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
            f"Członek zespołu:       {coding.MEMBER_EMAIL}, to samo hasło (ocenia w gminie {SMALL.name})",
            f"Moderator:             {interviews.MODERATOR_EMAIL}, to samo hasło (prowadzi wywiady)",
            f"Region i kraj:         {region.READER_EMAIL}, to samo hasło (czyta zestawienia, pisze do zespołów)",
            "",
            "Zatrzymanie: Ctrl+C",
        ]


def fill(context: Context) -> DemoReport:
    """Makes what is missing, also what an interrupted run left undone; what is there stays as it is.

    ConflictError: the store is that of a service at work, to which the printed password would open a way in.
    """
    schema.upgrade(context)
    _refuse_a_service_at_work(context)
    gminas.seed_pilot_gminas(context)  # so that a visitor can found a team of their own, too
    items.add_first_acts(context)
    missing = [gmina for gmina in (LARGE, SMALL) if not _is_held(context, gmina)]
    for gmina in missing:
        _fill_gmina(context, gmina)
    open_now = _open_campaign(context)
    talked_now = _talk(context)
    coded_now = _code(context)
    went_on_now = _go_on(context)
    read_now = region.fill(context, LARGE.code, PASSWORD)
    return DemoReport(
        open_campaign=(open_now or _open_campaign_now(context)).public_id,
        pdf=_pdf(context, LARGE),
        small_pdf=_pdf(context, SMALL),
        made_now=bool(missing) or coded_now or talked_now or went_on_now or read_now or open_now is None,
    )


def _refuse_a_service_at_work(context: Context) -> None:
    """Where people have accounts and the example is not there. Whoever has the example may add people of their own."""
    addresses = {one.email for one in accounts.everyone(context)}
    of_example = EMAIL.partition("@")[2]
    if EMAIL not in addresses and any(not one.endswith(f"@{of_example}") for one in addresses):
        raise ConflictError(AT_WORK)


def _talk(context: Context) -> bool:
    """Both gminas' interviews, unless they are there; the large one's report is made anew with them."""
    missing = [
        (gmina, key)
        for gmina, key in ((LARGE, "large"), (SMALL, "small"))
        if not interviews.are_there(context, gmina.code, key)
    ]
    for gmina, key in missing:
        interviews.fill(context, gmina.code, key, EMAIL, PASSWORD)
        _pdf_file(context, gmina).unlink(missing_ok=True)
    return bool(missing)


def _code(context: Context) -> bool:
    """Both gminas' coding, unless it is there; the large one's report is made anew with it."""
    coded, running = coding.is_coded(context, LARGE.code), coding.is_running(context, SMALL.code)
    if not coded:
        coding.code_twice(context, LARGE.code, coding.team(context, LARGE.code, EMAIL, PASSWORD))
        _pdf_file(context, LARGE).unlink(missing_ok=True)
    if not running:
        coding.begin_round(context, SMALL.code, coding.team(context, SMALL.code, EMAIL, PASSWORD))
    return not (coded and running)


def _go_on(context: Context) -> bool:
    """The large gmina's way through the method, unless it is there; its report is made anew with it."""
    if method.is_there(context, LARGE.code):
        return False
    coordinator = accounts.find_person(context, EMAIL)
    assert coordinator is not None
    method.fill(context, LARGE.code, coordinator.id)
    _pdf_file(context, LARGE).unlink(missing_ok=True)
    return True


def _held_campaign(context: Context, gmina: ExampleGmina) -> Campaign | None:
    found = campaigns.campaigns_of(context, gmina.code)
    return next((campaign for campaign in found if campaign.title == HELD_TITLE), None)


def _is_held(context: Context, gmina: ExampleGmina) -> bool:
    """Is the gmina's past campaign there as a whole: locked, its texts read?"""
    campaign = _held_campaign(context, gmina)
    return bool(campaign and campaign.cleaned_at and not open_texts.waiting(context, campaign.id))


def _fill_gmina(context: Context, gmina: ExampleGmina) -> None:
    """Skips what an interrupted run has already made."""
    joined = context.clock() - coding.EARLY - WEEK
    if not gminas.exists(context, gmina.code):
        gminas.add_gmina(
            context, gmina.teryt7, gmina.name, "przykładowe", "przykładowy", actor=None, example=True
        )
    accounts.ensure_coordinator(context, EMAIL, "Koordynator Przykładowy", PASSWORD, gmina.code)
    if not catalogue.stakeholders(context, gmina.code):
        preview = import_catalogue.read_file(gmina.file, (FOLDER / gmina.file).read_bytes())
        import_catalogue.save(replace(context, clock=lambda: joined), gmina.code, preview, actor=None)
    _hold_campaign(context, gmina)


def _hold_campaign(context: Context, gmina: ExampleGmina) -> None:
    """A whole campaign of three weeks ago: opened, answered, locked, its texts cleared."""
    campaign = _held_campaign(context, gmina) or _past_campaign(context, gmina)
    opens = campaign.opens_at
    past = replace(context, clock=lambda: opens)
    if campaign.locked_at is None:
        make_codes = campaigns.reissue_codes if campaign.opened_at else campaigns.open_campaign
        _answer(past, campaign, gmina, make_codes(past, campaign.id, actor=None))
    campaigns.lock_campaign(replace(context, clock=lambda: opens + 2 * WEEK), campaign.id, actor=None)
    for text in open_texts.waiting(context, campaign.id):
        open_texts.clear(context, text.id, text.text, actor=None)


def _past_campaign(context: Context, gmina: ExampleGmina) -> Campaign:
    opens = context.clock().replace(second=0, microsecond=0) - 3 * WEEK
    draft = _draft(HELD_TITLE, opens, WEEK, "invitations", gmina)
    return campaigns.create_campaign(replace(context, clock=lambda: opens), gmina.code, draft, actor=None)


def _answer(
    context: Context, campaign: Campaign, gmina: ExampleGmina, issued: Sequence[campaigns.IssuedInvitation]
) -> None:
    """Many on the first day, fewer each day after it, with a look at the monitor every morning."""
    source = random.Random(gmina.seed)  # noqa: S311  (made-up data must be the same on every machine)
    instrument = current_ankieta(context)
    sectors = {each.id: each.sector for each in catalogue.stakeholders(context, gmina.code)}
    parish_first = sorted(
        issued, key=lambda one: (sectors[one.stakeholder_id] != "organizacje_koscielne", one.name)
    )
    answering = parish_first[:1] + source.sample(parish_first[1:], gmina.answers - 1)
    today, here = -1, context
    for number, invitation in enumerate(answering):
        option = _type_of(instrument, sectors[invitation.stakeholder_id], invitation.name)
        settled = made_up(instrument, option, source)
        day = int(7 * (number / gmina.answers) ** 1.6)
        if day > today:
            today, here = day, _that_morning(context, campaign.id, day)
        with contextlib.suppress(GoneError):  # an interrupted run has sent this one already
            take_survey.submit(
                here, campaign.public_id, invitation.code, f"{gmina.seed}-{number:032d}", settled
            )


def _that_morning(context: Context, campaign_id: int, day: int) -> Context:
    """The service so many days later, the monitor looked at first."""
    now = context.clock() + dt.timedelta(days=day)
    later = replace(context, clock=lambda: now)
    campaigns.monitor(later, campaign_id)
    return later


def _type_of(instrument: Instrument, sector: str, name: str) -> str:
    """What an institution of this catalogue sector would tick in question 1."""
    assert instrument.definitions.sectors is not None
    options = instrument.definitions.sectors.catalogue_options[sector]
    return "rada_gminy" if "rada_gminy" in options and name.startswith("Rada") else options[0]


def _open_campaign_now(context: Context) -> Campaign:
    now = context.clock().replace(second=0, microsecond=0)
    draft = _draft(OPEN_TITLE, now, 2 * WEEK, "open_link", LARGE)
    campaign = campaigns.create_campaign(context, LARGE.code, draft, actor=None)
    campaigns.open_campaign(context, campaign.id, actor=None)
    return campaign


def _open_campaign(context: Context) -> Campaign | None:
    """One that takes answers right now from anybody who has its address."""
    now = context.clock()
    found = campaigns.campaigns_of(context, LARGE.code)
    running = (each for each in found if campaigns.phase(each, now) is campaigns.Phase.OPEN)
    return next((each for each in running if each.title == OPEN_TITLE), None)


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
    filled = campaigns.default_notice(name).replace("[Wójt, Burmistrz albo Prezydent]", "Wójt")
    while "[" in filled:
        start, end = filled.index("["), filled.index("]")
        filled = f"{filled[:start]}kontakt@przyklad.pl{filled[end + 1 :]}"
    return filled


def _pdf(context: Context, gmina: ExampleGmina) -> Path:
    target = _pdf_file(context, gmina)
    if not target.exists():
        held = _held_campaign(context, gmina)
        assert held is not None
        unfinished = target.with_suffix(".part")
        unfinished.write_bytes(build_diagnoza.pdf(context, held.id, Edition.PUBLIC, actor=None))
        os.replace(unfinished, target)
    return target


def _pdf_file(context: Context, gmina: ExampleGmina) -> Path:
    return context.settings.var / f"diagnoza-{gmina.code}-{polish.fold(gmina.name)}.pdf"
