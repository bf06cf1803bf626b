"""Addresses that nobody types by chance: no sign in one may reach a store that chokes on it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from survey_app.errors import NotFoundError
from survey_app.services.context import Context
from survey_app.services.survey import campaigns, open_texts
from survey_app.web.app import create_app
from tests.campaign_kit import Held, add_gmina, hold

STRANGE = ["%00", "abc%00", "%F0%9F%98%80", "%ED%A0%80", "9" * 3000, "%C5%BF", "'--", "..%2f..%2f"]


@pytest.fixture
def held(context: Context) -> Held:
    add_gmina(context, 2)
    return hold(context)


@pytest.fixture
def client(context: Context) -> FlaskClient:
    """As in production: an error that nobody thought of would be a page with status 500."""
    return create_app(context=context).test_client()


@pytest.mark.parametrize("strange", STRANGE)
def test_an_address_that_names_no_ankieta_is_not_found(client: FlaskClient, held: Held, strange: str) -> None:
    known = held.campaign.public_id
    for address in (f"/a/{strange}", f"/a/{strange}/{held.codes[0]}", f"/a/{known}/{strange}"):
        assert client.get(address).status_code == 404
        assert client.post(address, data={"p2": "nie"}).status_code == 404


def test_a_text_or_a_campaign_by_a_strange_name_is_not_found(context: Context, held: Held) -> None:
    for strange in ("\x00", "a\x00", "ſ", "😀"):
        with pytest.raises(NotFoundError):
            open_texts.text_of(context, held.campaign.id, strange)
        with pytest.raises(NotFoundError):
            campaigns.by_public_id(context, strange)
