"""Every route, and who may use it. A route that nobody declared fails here."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Rule

from survey_app.services import campaigns
from survey_app.services.campaigns import CampaignDraft
from survey_app.services.context import Context
from survey_app.web.access import Access, declared_access
from tests.integration.staff import GMINA, OTHER_GMINA, Staff, staff

PUBLIC = {
    "static",
    "styleguide.show",
    "health.health",
    "site.home",
    "site.privacy",
    "site.anonymity",
    "site.accessibility",
    "site.help_page",
    "auth.log_in",
    "auth.log_in_now",
}
SIGNED_IN = {"auth.log_out", "auth.password", "auth.change_password", "team.home"}
ADMINISTRATOR = {
    "admin.index",
    "admin.new_gmina",
    "admin.add_gmina",
    "admin.new_team",
    "admin.create_team",
    "admin.new_user",
    "admin.create_user",
    "admin.person",
    "admin.new_password",
    "admin.close",
}
OF_GMINA = {
    "team.gmina",
    "catalogue.index",
    "catalogue.new",
    "catalogue.add",
    "catalogue.edit",
    "catalogue.save",
    "catalogue.leaving",
    "catalogue.leave",
    "catalogue_import.start",
    "catalogue_import.template",
    "catalogue_import.preview",
    "catalogue_import.save",
    "campaigns.index",
    "campaigns.new",
    "campaigns.create",
}
OF_CAMPAIGN = {
    "campaigns.show",
    "campaigns.edit",
    "campaigns.save",
    "campaigns.discard",
    "campaigns.end",
    "campaigns.move_end",
    "campaigns.close",
    "campaigns.locking",
    "campaigns.lock",
    "opening.preview",
    "opening.try_out",
    "opening.opening",
    "opening.open_now",
    "opening.reissuing",
    "opening.reissue",
    "opening.reminding",
    "opening.remind",
    "opening.qr_svg",
    "opening.qr_png",
    "opening.poster",
    "opening.blank_form",
    "paper.returned",
    "paper.tick",
    "paper.typing",
    "paper.type_sheet",
    "results.index",
    "results.diagnoza",
    "results.diagnoza_pdf",
    "results.export_csv",
    "results.export_xlsx",
    "results.texts",
    "results.decide",
    "results.decide_page",
}
DECLARED = {
    Access.PUBLIC: PUBLIC,
    Access.SIGNED_IN: SIGNED_IN,
    Access.ADMINISTRATOR: ADMINISTRATOR,
    Access.COORDINATOR_OF_GMINA: OF_GMINA,
    Access.COORDINATOR_OF_CAMPAIGN: OF_CAMPAIGN,
}
FRAMEWORKS_OWN = {"static", "styleguide.show"}


@pytest.fixture
def campaign_id(app: Flask, sqlite_context: Context, draft: CampaignDraft) -> int:
    return campaigns.create_campaign(sqlite_context, GMINA, draft, None).id


def test_every_route_is_listed_with_who_may_use_it(app: Flask) -> None:
    found: dict[str, Access | None] = {}
    for name, view in app.view_functions.items():
        if not name.startswith("respondent."):
            found[name] = Access.PUBLIC if name in FRAMEWORKS_OWN else declared_access(view)
    listed = {name: access for access, names in DECLARED.items() for name in names}
    assert found == listed


def test_every_route_of_a_respondent_is_public(app: Flask) -> None:
    views = {name: view for name, view in app.view_functions.items() if name.startswith("respondent.")}
    assert views
    assert {name for name, view in views.items() if declared_access(view) is not Access.PUBLIC} == set()


def test_every_change_needs_a_post(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert set(rule.methods or ()) <= {"GET", "HEAD", "OPTIONS"} or set(rule.methods or ()) <= {
            "POST",
            "OPTIONS",
        }


def statuses(app: Flask, person: Staff, names: set[str], campaign_id: int, gmina: str) -> dict[str, int]:
    """What each of the routes answers, with a form's token where it takes a form."""
    values = {
        "gmina_code": gmina,
        "campaign_id": campaign_id,
        "stakeholder_id": 1,
        "person_id": 1,
        "text_id": "0" * 32,
        "edition_name": "public",
        "code": GMINA,
    }
    found = {}
    with app.test_request_context():
        addresses = {rule.endpoint: (_address(app, rule, values), rule) for rule in app.url_map.iter_rules()}
    for name in names:
        address, rule = addresses[name]
        if "POST" in (rule.methods or ()):
            found[name] = person.send(address).status_code
        else:
            response = person.client.get(address)
            found[name] = response.status_code
    return found


def _address(app: Flask, rule: Rule, values: dict[str, object]) -> str:
    known = {name: values[name] for name in rule.arguments if name in values}
    if set(known) != rule.arguments:
        return ""
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, known)


def test_a_stranger_is_sent_to_the_log_in(app: Flask, campaign_id: int) -> None:
    person = Staff(app.test_client(), "/logowanie")
    names = (SIGNED_IN | ADMINISTRATOR | OF_GMINA | OF_CAMPAIGN) - {"auth.log_out"}
    found = statuses(app, person, names, campaign_id, GMINA)
    assert {name: status for name, status in found.items() if status != 302} == {}


def test_another_gminas_coordinator_gets_nothing(app: Flask, campaign_id: int) -> None:
    person = staff(app, "obca@example.org")
    found = statuses(app, person, OF_GMINA | OF_CAMPAIGN | ADMINISTRATOR, campaign_id, GMINA)
    assert {name: status for name, status in found.items() if status != 403} == {}


def test_a_foreign_campaign_under_ones_own_gmina_does_not_exist(app: Flask, campaign_id: int) -> None:
    person = staff(app, "obca@example.org")
    found = statuses(app, person, OF_CAMPAIGN, campaign_id, OTHER_GMINA)
    assert {name: status for name, status in found.items() if status != 404} == {}


def test_the_administrator_sees_no_gminas_things(app: Flask, campaign_id: int) -> None:
    person = staff(app, "admin@example.org")
    found = statuses(app, person, OF_GMINA | OF_CAMPAIGN, campaign_id, GMINA)
    assert {name: status for name, status in found.items() if status != 403} == {}


def test_a_form_without_its_token_changes_nothing(app: Flask, campaign_id: int) -> None:
    person = staff(app, "anna@example.org")
    refused = person.client.post(f"/panel/{GMINA}/kampanie/{campaign_id}/otwarcie")
    assert refused.status_code == 400
