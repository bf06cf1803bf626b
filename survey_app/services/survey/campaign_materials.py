"""What a team prints and hangs up: the QR code, the poster, the blank ankieta. None of it carries a code of anyone."""

from __future__ import annotations

import io

import segno

from survey_app import polish
from survey_app.services import gminas, instruments
from survey_app.services.context import Context
from survey_app.services.survey.campaign_rules import ANONYMOUS
from survey_app.services.survey.campaigns import Campaign, form_address


def qr_svg(context: Context, campaign: Campaign) -> bytes:
    """For print shops: sharp at any size."""
    return _drawn(context, campaign, "svg", scale=8)


def qr_png(context: Context, campaign: Campaign) -> bytes:
    """For documents and web pages; about 600 pixels wide."""
    return _drawn(context, campaign, "png", scale=16)


def poster_pdf(context: Context, campaign: Campaign) -> bytes:
    """A4, for the notice board."""
    from survey_app.analysis.pdf.poster import render_poster

    gmina = gminas.describe(context, campaign.gmina_code)
    return render_poster(
        gmina=gmina.name,
        title=campaign.title,
        address=form_address(context.settings, campaign),
        opens_at=polish.moment(campaign.opens_at),
        closes_at=polish.moment(campaign.closes_at),
        anonymous=campaign.mode == ANONYMOUS,
    )


def blank_form_pdf(context: Context, campaign: Campaign) -> bytes:
    """The paper ankieta; the same sheet for everyone (METHOD, "The ankieta": the blank carries no code)."""
    from survey_app.analysis.pdf.blank_form import render_blank_form

    anonymous = campaign.mode == ANONYMOUS
    instrument = instruments.instrument_of(campaign.instrument_version)
    return render_blank_form(
        instrument,
        campaign.title,
        gminas.describe(context, campaign.gmina_code).name,
        instrument.introduction(anonymous=anonymous),
        campaign.notice,
        anonymous=anonymous,
    )


def _drawn(context: Context, campaign: Campaign, kind: str, scale: int) -> bytes:
    target = io.BytesIO()
    code = segno.make(form_address(context.settings, campaign), error="m", micro=False)
    code.save(target, kind=kind, scale=scale, border=4)
    return target.getvalue()
