"""The whole application with people of the staff in it."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from survey_app.services.context import Context
from survey_app.services.survey.campaigns import CampaignDraft
from survey_app.web.app import create_app
from tests.integration.staff import people
from tests.stores import Clock


@pytest.fixture
def app(sqlite_context: Context) -> Flask:
    """Two coordinators and an administrator."""
    people(sqlite_context)
    application = create_app(context=sqlite_context)
    application.testing = True
    return application


@pytest.fixture
def draft(clock: Clock) -> CampaignDraft:
    """A week, anonymous, by invitation, beginning now; the notice is filled in."""
    now = clock()
    return CampaignDraft(
        title="Ankieta, jesień 2026",
        mode="anonymous",
        access="invitations",
        opens_at=now,
        closes_at=now + dt.timedelta(days=7),
        grace_minutes=30,
        k=3,
        notice="Administratorem danych jest Burmistrz.",
    )
