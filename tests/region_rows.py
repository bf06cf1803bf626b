"""Campaigns that have gone up, written past the respondents: what tests of roll-ups begin with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from survey_app.analysis.groups import form_groups, type_counts
from survey_app.analysis.response import Population
from survey_app.analysis.rollup.gmina_release import release_document
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.survey import campaigns
from survey_app.services.survey.campaigns import CampaignDraft
from survey_app.store import releases
from tests.stores import START
from tests.unit.analysis_records import ankieta, drawn

# Gmina, answers, the chance of TAK: four of powiat janowski, two of biłgorajski, one of kraśnicki.
TOWNS: Sequence[tuple[str, int, float]] = (
    ("060505", 18, 0.5),
    ("060504", 16, 0.6),
    ("060501", 15, 0.4),
    ("060506", 17, 0.5),
    ("060203", 19, 0.5),
    ("060208", 14, 0.6),
    ("060704", 13, 0.5),
)
KINDS = ("administracja", "edukacja", "pozarzadowa", "gospodarka")


def send_up_towns(
    context: Context, towns: Sequence[tuple[str, int, float]] = TOWNS, *, first: int = 0
) -> None:
    """Each as if locked a minute after the one before; all with 30 institutions invited."""
    for place, (code, answered, yes) in enumerate(towns, start=first):
        if not gminas.exists(context, code):
            powiat = {"0605": "janowski", "0602": "biłgorajski"}[code[:4]]
            gminas.add_gmina(context, f"{code}2", f"Gmina {code}", "lubelskie", powiat, None)
        records = drawn(place, answered, KINDS, yes, 0.0)
        groups = form_groups(ankieta(), type_counts(ankieta(), records), 3)
        draft = CampaignDraft(
            title="Ankieta",
            mode="anonymous",
            access="invitations",
            opens_at=START,
            closes_at=START + dt.timedelta(days=7),
            grace_minutes=30,
            k=3,
            notice="Administratorem danych jest Wójt.",
        )
        campaign = campaigns.create_campaign(context, code, draft, None)
        with context.database.transaction() as session:
            session.add(
                releases.CampaignRelease(
                    campaign_id=campaign.id,
                    gmina_code=code,
                    instrument_key="ankieta",
                    locked_at=START + dt.timedelta(minutes=place),
                    document=release_document(ankieta(), records, groups, Population(30)),
                )
            )
