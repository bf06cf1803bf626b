"""The whole application with people of the staff in it; and one beside a log-in service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask

from survey_app.services.context import Context
from survey_app.services.survey.campaigns import CampaignDraft
from survey_app.web.app import create_app
from tests.integration.staff import people
from tests.sign_on_kit import Provider, a_provider, app_with
from tests.stores import Clock, free_port


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


@pytest.fixture
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that this machine may need is not asked for this machine itself; this one would not answer."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "localhost,127.0.0.1")


@pytest.fixture(scope="session")
def _served() -> Iterator[Provider]:
    """One per test process."""
    with a_provider() as provider:
        yield provider


@pytest.fixture
def provider(_served: Provider, _no_proxy: None) -> Provider:
    """As it is when nothing is wrong."""
    address = _served.issuer
    _served.__init__(address)  # type: ignore[misc]
    return _served


@pytest.fixture
def service(sqlite_context: Context, provider: Provider) -> Flask:
    people(sqlite_context)
    return app_with(sqlite_context, provider.issuer)
