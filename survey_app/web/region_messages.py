"""Messages of a region to its teams: written, looked at, sent and taken back by its readers; read by the teams."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.errors import NotFoundError
from survey_app.forms.region import RegionMessageForm
from survey_app.services.gminas import GminaDescription
from survey_app.services.rollup import messages
from survey_app.services.rollup.regions import Region
from survey_app.web.access import current_context, current_person, member_of_gmina, region_reader
from survey_app.web.panel_frame import accepted, panel_page

blueprint = Blueprint(
    "region_messages", __name__, url_prefix="/panel/region/<string(maxlength=4):region_code>/wiadomosci"
)
team_blueprint = Blueprint(
    "team_messages", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wiadomosci"
)


@blueprint.get("")
@region_reader
def index(region: Region) -> str:
    return _page(
        region, "panel/region_messages.html", None, messages=messages.sent(current_context(), region.code)
    )


@blueprint.get("/nowa")
@region_reader
def new(region: Region) -> str:
    return _new_page(region, RegionMessageForm())


@blueprint.post("/nowa")
@region_reader
def write(region: Region) -> Any:
    """Shows what teams will see; only the second button sends it."""
    form, context = RegionMessageForm(request.form), current_context()
    sends = request.form.get("co") == "wyslij"

    def deed() -> None:
        if sends:
            messages.send(
                context,
                region.code,
                form.title.data,
                form.text.data,
                current_person().id,
                by_mail=form.by_mail.data,
            )

    if not accepted(form, deed):
        return _new_page(region, form, faults=True), 422
    if sends:
        flash("Wiadomość jest wysłana. Zespoły zobaczą ją na stronie początkowej.", "success")
        return redirect(url_for("region_messages.index", region_code=region.code))
    return _new_page(region, form, preview=messages.paragraphs(form.text.data))


@blueprint.get("/<int:message_id>/cofniecie")
@region_reader
def taking_back(region: Region, message_id: int) -> str:
    found = messages.sent_one(current_context(), region.code, message_id)
    return _page(region, "panel/region_message_back.html", "Cofnięcie", message=found)


@blueprint.post("/<int:message_id>/cofniecie")
@region_reader
def take_back(region: Region, message_id: int) -> Any:
    messages.take_back(current_context(), region.code, message_id, current_person().id)
    flash("Wiadomość jest cofnięta: zespoły już jej nie widzą.", "success")
    return redirect(url_for("region_messages.index", region_code=region.code))


@team_blueprint.get("", endpoint="index")
@member_of_gmina
def of_gmina(gmina: GminaDescription) -> str:
    found = messages.for_gmina(current_context(), gmina.code, current_person().id)
    return panel_page(
        "panel/team_messages.html",
        gmina=gmina,
        section="team",
        crumbs=[("Wiadomości regionu", None)],
        messages=found,
    )


@team_blueprint.get("/<int:message_id>", endpoint="show")
@member_of_gmina
def one_of_gmina(gmina: GminaDescription, message_id: int) -> str:
    found = messages.for_gmina(current_context(), gmina.code, current_person().id)
    one = next((one for one in found if one.id == message_id), None)
    if one is None:
        raise NotFoundError(messages.UNKNOWN)
    return panel_page(
        "panel/team_message.html",
        gmina=gmina,
        section="team",
        crumbs=[
            ("Wiadomości regionu", url_for("team_messages.index", gmina_code=gmina.code)),
            (one.title, None),
        ],
        message=one,
    )


@team_blueprint.post("/<int:message_id>", endpoint="read")
@member_of_gmina
def has_read(gmina: GminaDescription, message_id: int) -> Any:
    messages.read(current_context(), gmina.code, message_id, current_person().id)
    return redirect(url_for("team_messages.index", gmina_code=gmina.code))


def _new_page(
    region: Region, form: RegionMessageForm, preview: list[str] | None = None, *, faults: bool = False
) -> str:
    return _page(
        region,
        "panel/region_message_new.html",
        "Nowa wiadomość",
        form=form,
        preview=preview,
        faults=faults,
        mails=current_context().settings.mail is not None,
    )


def _page(region: Region, template: str, here: str | None, **words: Any) -> str:
    index_url = url_for("region_messages.index", region_code=region.code)
    crumbs: list[tuple[str, str | None]] = [
        (region.label, url_for("region.show", region_code=region.code)),
        ("Wiadomości do zespołów", index_url if here else None),
    ]
    if here:
        crumbs.append((here, None))
    return panel_page(template, section="region", crumbs=crumbs, region=region, **words)
