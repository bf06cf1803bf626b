"""From a locked campaign and the closed rounds of coding to the diagnoza: the result object, the document, the PDF."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from survey_app import polish
from survey_app.analysis.diagnoza.build import build_diagnoza
from survey_app.analysis.diagnoza.compose import compose, compose_figures
from survey_app.analysis.diagnoza.document import Document
from survey_app.analysis.diagnoza.result import CampaignFacts, Diagnoza, Edition, TeamText, TeamWork
from survey_app.errors import NotFoundError
from survey_app.services import emblems
from survey_app.services.coding import coding_results
from survey_app.services.context import Context
from survey_app.services.interviewing import answer_themes, interview_results
from survey_app.services.method.report_papers import papers_of_report
from survey_app.services.registers.network import network_of_report
from survey_app.services.registers.report import registers_of_report
from survey_app.services.survey import kept_reports, monitor, results
from survey_app.services.survey.campaign_rules import ANONYMOUS, INVITATIONS
from survey_app.services.survey.results import Results
from survey_app.store import report_texts


def build(context: Context, campaign_id: int, edition: Edition) -> Diagnoza:
    """Raises ConflictError while the campaign is not locked: before that, no results exist."""
    found = results.load_results(context, campaign_id)
    coded = coding_results.held(context, found.campaign.gmina_code)
    return _of_campaign(context, found, edition)(
        history=coded.history if coded else None,
        resources=coded.resources if coded else (),
        material=interview_results.material(context, found.campaign.gmina_code),
        team_words=_team_words(context, campaign_id),
        work=TeamWork(
            tuple(papers_of_report(context, found.campaign.gmina_code, edition)),
            tuple(registers_of_report(context, found.campaign.gmina_code, edition)),
            network_of_report(context, found.campaign.gmina_code, edition),
        ),
        diary=coded.diary if coded else None,
    )


def figures(context: Context, campaign_id: int) -> Document:
    """What the campaign itself found, as the public edition says it, without what coding and interviews add."""
    found = results.load_results(context, campaign_id)
    return compose_figures(_of_campaign(context, found, Edition.PUBLIC)())


def _of_campaign(context: Context, found: Results, edition: Edition) -> Callable[..., Diagnoza]:
    """The building of a report, with everything that the campaign itself gives to it."""
    return partial(
        build_diagnoza,
        edition,
        found.instrument,
        _facts(found),
        found.records,
        found.groups,
        found.population,
        found.cleared_texts,
        text_themes=answer_themes.released_tables(context, found),
        steps=monitor.steps(found.campaign),
    )


def document(context: Context, campaign_id: int, edition: Edition) -> Document:
    """The report as chapters and blocks, for the web page."""
    return laid_out(context, build(context, campaign_id, edition))


def laid_out(context: Context, diagnoza: Diagnoza) -> Document:
    """The report with the gmina's herb on its title page."""
    gmina_code = diagnoza.facts.gmina_teryt[:6]  # the seventh digit is the kind (METHOD, "Words")
    return emblems.with_emblem(context, gmina_code, compose(diagnoza))


def pdf(context: Context, campaign_id: int, edition: Edition, actor: int | None) -> bytes:
    """The report as a file; who made which edition, when and from which data is kept."""
    from survey_app.analysis.diagnoza.pdf import render_pdf

    diagnoza = build(context, campaign_id, edition)
    document = laid_out(context, diagnoza)
    content = render_pdf(document)
    kept_reports.keep(context, campaign_id, diagnoza, document, actor)
    return content


def pdf_of_gmina(context: Context, gmina_code: str, edition: str, public_id: str | None) -> bytes:
    """For the command line: of the named campaign, or of the gmina's last locked one. NotFoundError: there is none."""
    return pdf(context, locked_campaign(context, gmina_code, public_id), Edition(edition), actor=None)


def locked_campaign(context: Context, gmina_code: str, public_id: str | None) -> int:
    """The number of the named campaign, or of the gmina's last locked one. NotFoundError if there is none."""
    for campaign in results.locked_campaigns(context, gmina_code):
        if public_id in (None, campaign.public_id):
            return campaign.id
    which = "takiej zablokowanej kampanii" if public_id else "zablokowanej kampanii"
    raise NotFoundError(f"Ta gmina nie ma {which}; diagnoza powstaje po blokadzie.")


def rests_on_coding_alone(context: Context, gmina_code: str) -> bool:
    """No campaign is locked, but a round of coding is closed: there is the report on coding, and no diagnoza."""
    if results.locked_campaigns(context, gmina_code):
        return False
    return coding_results.held(context, gmina_code) is not None


def _team_words(context: Context, campaign_id: int) -> dict[str, TeamText]:
    with context.database.reading() as session:
        return {
            row.part: TeamText(row.text, row.changed_at.astimezone(polish.WARSAW).date(), row.rests_on)
            for row in report_texts.of_campaign(session, campaign_id)
        }


def _facts(found: Results) -> CampaignFacts:
    campaign, gmina = found.campaign, found.gmina
    anonymous = campaign.mode == ANONYMOUS
    assert campaign.locked_at is not None
    return CampaignFacts(
        gmina_name=gmina.name,
        gmina_teryt=gmina.teryt7,
        gmina_kind=gmina.kind_label,
        powiat=gmina.powiat,
        wojewodztwo=gmina.wojewodztwo,
        title=campaign.title,
        anonymous=anonymous,
        invitations=campaign.access == INVITATIONS,
        opens_at=campaign.opens_at,
        closes_at=campaign.closes_at,
        locked_at=campaign.locked_at,
        k=campaign.k,
        paper_sheets=found.paper_sheets,
        paper_used=found.paper_used,
        example=gmina.example,
        notice=campaign.notice,
        introduction=tuple(found.instrument.introduction(anonymous=anonymous)),
    )
