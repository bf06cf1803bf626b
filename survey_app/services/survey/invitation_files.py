"""The codes of an opened campaign as files. They exist only in what `open_campaign` returned: nothing is kept here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from survey_app import polish
from survey_app.services import gminas, instruments
from survey_app.services.context import Context
from survey_app.services.spreadsheets import Sheet, csv_bytes, xlsx_bytes
from survey_app.services.survey.campaign_rules import ANONYMOUS
from survey_app.services.survey.campaigns import Campaign, IssuedInvitation

HEADER = ("instytucja", "adres", "kod", "link")


def codes_csv(issued: Sequence[IssuedInvitation]) -> bytes:
    """For mail merge."""
    return csv_bytes(HEADER, _rows(issued))


def codes_xlsx(issued: Sequence[IssuedInvitation]) -> bytes:
    return xlsx_bytes([Sheet("Kody", HEADER, _rows(issued))])


def letters_pdf(context: Context, campaign: Campaign, issued: Sequence[IssuedInvitation]) -> bytes:
    """One page per institution."""
    from survey_app.analysis.pdf.letters import Letter, render_letters

    gmina = gminas.describe(context, campaign.gmina_code)
    instrument = instruments.instrument_of(campaign.instrument_version)
    introduction = instrument.introduction(anonymous=campaign.mode == ANONYMOUS)
    return render_letters(
        [
            Letter(
                institution=invitation.name,
                address=invitation.address,
                link=invitation.link,
                code=invitation.code,
                closes_at=polish.moment(campaign.closes_at),
                gmina=gmina.name,
                introduction=introduction,
            )
            for invitation in issued
        ]
    )


def bundle(files: Sequence[tuple[str, bytes]]) -> bytes:
    """All of them in one ZIP. Its entries carry no time of their own."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _rows(issued: Sequence[IssuedInvitation]) -> list[tuple[str, str, str, str]]:
    return [(row.name, row.address, row.code, row.link) for row in issued]
