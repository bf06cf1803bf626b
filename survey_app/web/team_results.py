"""After the lock: results question by question, open texts, the diagnoza and the files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict

from survey_app.analysis.diagnoza.result import Edition
from survey_app.errors import NotFoundError
from survey_app.forms.staff_campaign import ClearTextForm
from survey_app.forms.staff_fields import many_lines
from survey_app.instrument.model import Question
from survey_app.services import instruments
from survey_app.services.gminas import GminaDescription
from survey_app.services.survey import build_diagnoza, export_responses, export_rows, open_texts
from survey_app.services.survey.campaigns import Campaign
from survey_app.services.survey.open_texts import OpenText
from survey_app.web.access import coordinator_of_campaign, current_context, current_person
from survey_app.web.downloads import download, plain_name
from survey_app.web.panel_frame import accepted, page_of
from survey_app.web.team_campaigns import campaign_page

blueprint = Blueprint(
    "results", __name__, url_prefix="/panel/<string(length=6):gmina_code>/kampanie/<int:campaign_id>/wyniki"
)

TEXTS_ON_A_PAGE = 25
# Of the texts that were decided on: the words they are looked for by, and the page of them.
WANTED, DECIDED_PAGE = "slowa", "przejrzane"


@blueprint.get("")
@coordinator_of_campaign
def index(gmina: GminaDescription, campaign: Campaign) -> str:
    """What the campaign found: chapters of the diagnoza, so the numbers cannot differ."""
    document = build_diagnoza.figures(current_context(), campaign.id)
    waiting = open_texts.waiting_count(current_context(), campaign.id)
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
    pieces = export_rows.csv_file(current_context(), campaign.id, current_person().id)
    return download(pieces, f"dane-{plain_name(gmina.name)}.csv")


@blueprint.get("/dane.xlsx")
@coordinator_of_campaign
def export_xlsx(gmina: GminaDescription, campaign: Campaign) -> Response:
    content = export_responses.export_xlsx(current_context(), campaign.id, current_person().id)
    return download(content, f"dane-{plain_name(gmina.name)}.xlsx")


@blueprint.get("/teksty")
@coordinator_of_campaign
def texts(gmina: GminaDescription, campaign: Campaign) -> str:
    return _texts_page(gmina, campaign)


@blueprint.post("/teksty")
@coordinator_of_campaign
def decide_page(gmina: GminaDescription, campaign: Campaign) -> Any:
    """Everything that was decided on the page, at once; one faulty text, and nothing is saved or lost."""
    context, person = current_context(), current_person()
    sent = [_tried(text) for text in open_texts.waiting(context, campaign.id)]
    rows = [(text, decision, form) for text, decision, form in sent if decision or form.errors]
    if any(form.errors for _, _, form in rows):
        return _texts_page(gmina, campaign, rows), 422
    for text, decision, form in rows:
        if decision == "withhold":
            open_texts.withhold(context, text.id, person.id)
        else:
            open_texts.clear(context, text.id, form.cleared_text.data, person.id)
    told = f"Zapisane decyzje: {len(rows)}." if rows else "Przy żadnym tekście nie ma jeszcze decyzji."
    flash(told, "success" if rows else "info")
    page = request.args.get("strona")
    return redirect(
        url_for("results.texts", gmina_code=gmina.code, campaign_id=campaign.id, strona=page or None)
    )


@blueprint.post("/teksty/<text_id>")
@coordinator_of_campaign
def decide(gmina: GminaDescription, campaign: Campaign, text_id: str) -> Any:
    """Think again about one text: clear what may be shown, or withhold it."""
    context, person = current_context(), current_person()
    text = open_texts.text_of(context, campaign.id, text_id)
    form = ClearTextForm(request.form)
    if request.form.get("decyzja") == "withhold":
        open_texts.withhold(context, text_id, person.id)
        flash("Tekst nie będzie pokazany.", "success")
    elif not accepted(form, lambda: open_texts.clear(context, text_id, form.cleared_text.data, person.id)):
        return _texts_page(gmina, campaign, [(text, "clear", form)]), 422
    else:
        flash("Tekst może być pokazany.", "success")
    return redirect(url_for("results.texts", gmina_code=gmina.code, campaign_id=campaign.id))


Tried = tuple[OpenText, str, ClearTextForm]


def _decision(text: OpenText) -> str:
    sent = request.form.get(f"decyzja-{text.id}", "")
    return sent if sent in ("clear", "withhold") else ""


def _tried(text: OpenText) -> Tried:
    form = ClearTextForm(MultiDict({"cleared_text": request.form.get(f"tekst-{text.id}", text.text)}))
    decision = _decision(text)
    if decision == "clear":
        form.validate()
    elif not decision and form.cleared_text.data != many_lines(text.text):
        form.cleared_text.errors = ["Tekst jest zmieniony. Prosimy wybrać, czy może być pokazany."]
    return text, decision, form


def _texts_page(gmina: GminaDescription, campaign: Campaign, tried: Sequence[Tried] = ()) -> str:
    """The waiting texts question by question, so that one reads on in one subject; a page at a time."""
    instrument = instruments.instrument_of(campaign.instrument_version)
    typed = {text.id: (decision, form) for text, decision, form in tried}
    context = current_context()

    def shown(keys: list[str], page: int) -> list[tuple[OpenText, Question, str, ClearTextForm | None]]:
        texts = open_texts.whole(context, keys[(page - 1) * TEXTS_ON_A_PAGE : page * TEXTS_ON_A_PAGE])
        return [(text, instrument.by_id[text.question_id], *typed.get(text.id, ("", None))) for text in texts]

    wanted = request.args.get(WANTED, "").strip()
    places = open_texts.places(context, campaign.id, wanted)
    # What was refused just now is seen first.
    found = sorted(places.found, key=lambda key: key not in typed)
    page, pages = page_of(len(places.waiting), TEXTS_ON_A_PAGE)
    looked_for: dict[str, Any] = {WANTED: wanted.casefold() or None, DECIDED_PAGE: "PAGE"}
    there, theres = page_of(len(found), TEXTS_ON_A_PAGE, DECIDED_PAGE)
    own: dict[str, Any] = {"gmina_code": gmina.code, "campaign_id": campaign.id}
    return campaign_page(
        "panel/open_texts.html",
        gmina,
        campaign,
        "Odpowiedzi otwarte",
        count=len(places.waiting),
        rows=shown(places.waiting, page),
        decided=len(places.decided),
        decided_found=len(found),
        decided_rows=shown(found, there),
        decided_first=(there - 1) * TEXTS_ON_A_PAGE,
        decided_page=there,
        decided_pages=theres,
        decided_link=url_for("results.texts", **own, **looked_for) + "#przejrzane",
        wanted=wanted,
        wanted_name=WANTED,
        faults=bool(tried),
        page_number=page,
        pages=pages,
        page_link=url_for("results.texts", **own, strona="PAGE"),
    )


def _edition(name: str) -> Edition:
    try:
        return Edition(name)
    except ValueError:
        raise NotFoundError("Nie ma takiego wydania diagnozy.") from None
