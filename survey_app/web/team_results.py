"""After the lock: results question by question, open texts, the diagnoza and the files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app.analysis.diagnoza.result import Edition
from survey_app.errors import NotFoundError
from survey_app.forms.staff_campaign import ClearTextForm
from survey_app.instrument.model import Question
from survey_app.services import build_diagnoza, export_responses, instruments, open_texts
from survey_app.services.campaigns import Campaign
from survey_app.services.gminas import GminaDescription
from survey_app.services.open_texts import OpenText
from survey_app.web.access import coordinator_of_campaign, current_context, current_person
from survey_app.web.downloads import download, plain_name
from survey_app.web.panel_frame import accepted
from survey_app.web.team_campaigns import campaign_page

blueprint = Blueprint(
    "results", __name__, url_prefix="/panel/<string(length=6):gmina_code>/kampanie/<int:campaign_id>/wyniki"
)


@blueprint.get("")
@coordinator_of_campaign
def index(gmina: GminaDescription, campaign: Campaign) -> str:
    """Frequencies: the same chapters as in the diagnoza, so the numbers cannot differ."""
    document = build_diagnoza.document(current_context(), campaign.id, Edition.PUBLIC)
    waiting = len(open_texts.waiting(current_context(), campaign.id))
    return campaign_page("panel/results.html", gmina, campaign, "Wyniki", document=document, waiting=waiting)


@blueprint.get("/diagnoza")
@coordinator_of_campaign
def diagnoza(gmina: GminaDescription, campaign: Campaign) -> str:
    edition = _edition(request.args.get("wydanie", "public"))
    document = build_diagnoza.document(current_context(), campaign.id, edition)
    return campaign_page(
        "panel/diagnoza.html", gmina, campaign, "Diagnoza", document=document, edition=edition
    )


@blueprint.get("/diagnoza-<edition_name>.pdf")
@coordinator_of_campaign
def diagnoza_pdf(gmina: GminaDescription, campaign: Campaign, edition_name: str) -> Response:
    edition = _edition(edition_name)
    content = build_diagnoza.pdf(current_context(), campaign.id, edition, current_person().id)
    word = "publiczna" if edition is Edition.PUBLIC else "wewnetrzna"
    return download(content, f"diagnoza-{plain_name(gmina.name)}-{word}.pdf")


@blueprint.get("/dane.csv")
@coordinator_of_campaign
def export_csv(gmina: GminaDescription, campaign: Campaign) -> Response:
    content = export_responses.export_csv(current_context(), campaign.id, current_person().id)
    return download(content, f"dane-{plain_name(gmina.name)}.csv")


@blueprint.get("/dane.xlsx")
@coordinator_of_campaign
def export_xlsx(gmina: GminaDescription, campaign: Campaign) -> Response:
    content = export_responses.export_xlsx(current_context(), campaign.id, current_person().id)
    return download(content, f"dane-{plain_name(gmina.name)}.xlsx")


@blueprint.get("/teksty")
@coordinator_of_campaign
def texts(gmina: GminaDescription, campaign: Campaign) -> str:
    return _texts_page(gmina, campaign)


@blueprint.post("/teksty/<text_id>")
@coordinator_of_campaign
def decide(gmina: GminaDescription, campaign: Campaign, text_id: str) -> Any:
    """Clear what may be shown, or withhold the text."""
    context, person = current_context(), current_person()
    open_texts.text_of(context, campaign.id, text_id)
    form = ClearTextForm(request.form)
    if request.form.get("decyzja") == "withhold":
        open_texts.withhold(context, text_id, person.id)
        flash("Tekst nie będzie pokazany.", "success")
    elif not accepted(form, lambda: open_texts.clear(context, text_id, form.cleared_text.data, person.id)):
        return _texts_page(gmina, campaign, text_id, form), 422
    else:
        flash("Tekst może być pokazany.", "success")
    return redirect(url_for("results.texts", gmina_code=gmina.code, campaign_id=campaign.id))


def _texts_page(
    gmina: GminaDescription, campaign: Campaign, tried: str = "", form: ClearTextForm | None = None
) -> str:
    instrument = instruments.instrument_of(campaign.instrument_version)

    def shown(texts: list[OpenText]) -> list[tuple[OpenText, Question, ClearTextForm | None]]:
        return [
            (text, instrument.by_id[text.question_id], form if text.id == tried else None) for text in texts
        ]

    return campaign_page(
        "panel/open_texts.html",
        gmina,
        campaign,
        "Odpowiedzi otwarte",
        rows=shown(open_texts.waiting(current_context(), campaign.id)),
        decided=shown(open_texts.decided(current_context(), campaign.id)),
        faults=form is not None,
    )


def _edition(name: str) -> Edition:
    try:
        return Edition(name)
    except ValueError:
        raise NotFoundError("Nie ma takiego wydania diagnozy.") from None
