"""Every route, and who may use it. A route that nobody declared fails here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from docs import make_access
from survey_app.errors import SurveyError
from survey_app.services import accounts, team_people
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews, moderators
from survey_app.services.interviewing.compose_text import Run
from survey_app.services.interviewing.interviews import InterviewDraft, SeatDraft
from survey_app.services.survey import campaigns
from survey_app.services.survey.campaigns import CampaignDraft
from survey_app.web.access import (
    Access,
    coordinator_of_round,
    declared_access,
    member_of_round,
    rater_of_round,
)
from survey_app.web.auth import begin_session
from tests.coding_rows import a_round, id_of
from tests.excerpt_rows import a_talk, an_excerpt
from tests.integration.interview_route_lists import (
    OF_INTERVIEW,
    OF_KEEPERS,
    OF_MODERATORS,
    OF_READERS,
    OF_SCRIPTS,
)
from tests.integration.route_lists import (
    ADMINISTRATOR,
    DECLARED,
    FRAMEWORKS_OWN,
    OF_ANY_ROUND,
    OF_CAMPAIGN,
    OF_COORDINATORS,
    OF_KEYS,
    OF_MEMBERS,
    OF_ONE_INTERVIEW,
    OF_REGION,
    OF_ROUND,
    OF_ROUND_RATERS,
    OF_TEAMS,
    SIGNED_IN,
)
from tests.integration.staff import GMINA, OTHER_GMINA, PASSWORD, Staff, staff

OUTSIDER = "lucja@example.org"  # moderates in GMINA and has no seat in its team


@dataclass(frozen=True, slots=True)
class Things:
    """What addresses may name: a campaign of GMINA, a coding round in which Jan and the coordinator have seats, and
    an interview that was given to Maria, and one that was given to the moderator from outside the team.
    """

    campaign_id: int
    round_id: int
    interview_id: int
    outsiders_interview_id: int
    excerpt_id: int  # of a talk that the moderator from outside the team held


@pytest.fixture
def things(app: Flask, sqlite_context: Context, draft: CampaignDraft) -> Things:
    campaign = campaigns.create_campaign(sqlite_context, GMINA, draft, None)
    accounts.create_user(sqlite_context, OUTSIDER, "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    given = [an_interview(sqlite_context, email) for email in ("maria@example.org", OUTSIDER)]
    outsider = id_of(sqlite_context, OUTSIDER)
    talk = a_talk(sqlite_context, GMINA, {"A": None}, [Run("Pomagamy.", "A")], moderator_id=outsider)
    excerpt_id = an_excerpt(sqlite_context, talk, "Pomagamy.", outsider)
    coding_round = a_round(sqlite_context, ("jan@example.org", "anna@example.org"))
    return Things(campaign.id, coding_round, *given, excerpt_id)


def an_interview(context: Context, email: str) -> int:
    """Given to this person; a past date, for what may be done afterwards."""
    draft = InterviewDraft(
        context.clock(),
        55,
        (SeatDraft("A", None, "other"),),
        place="Urząd",
        moderator_id=id_of(context, email),
    )
    return interviews.plan(context, GMINA, "idi", draft, None).id


def test_every_route_is_listed_with_who_may_use_it(app: Flask) -> None:
    found: dict[str, Access | None] = {}
    for name, view in app.view_functions.items():
        if not name.startswith("respondent."):
            found[name] = Access.PUBLIC if name in FRAMEWORKS_OWN else declared_access(view)
    listed = {name: access for access, names in DECLARED.items() for name in names}
    assert found == listed


def test_the_manual_lists_the_routes_as_they_are(app: Flask) -> None:
    """After a change: `python docs/make_access.py`."""
    assert make_access.FILE.read_text(encoding="utf-8") == make_access.table(app)


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


def statuses(
    app: Flask, person: Staff, names: set[str], things: Things, gmina: str, interview_id: int = 0
) -> dict[str, int]:
    """What each of the routes answers, with a form's token where it takes a form."""
    values = {
        "gmina_code": gmina,
        "campaign_id": things.campaign_id,
        "round_id": things.round_id,
        "interview_id": interview_id or things.interview_id,
        "form": "idi",
        "stakeholder_id": 1,
        "person_id": 1,
        "document_id": 1,
        "paper_id": 1,
        "entry_id": 1,
        "party_id": 1,
        "remark_id": 1,
        "message_id": 1,
        "signature_id": 1,
        "seat_id": 1,
        "key": "swot",
        "decision_id": 1,
        "ballot_id": 1,
        "evidence_id": 1,
        "theme_id": 1,
        "step_id": "akt",
        "arrangement": "wyzej",
        "deed": "koniec",
        "excerpt_id": things.excerpt_id,
        "criterion": "wplyw",
        "declaration_id": 1,
        "sector_id": "wlasny_inny",
        "version_id": 1,
        "text_id": "0" * 32,
        "note_id": "0" * 32,
        "number": 1,
        "edition_name": "public",
        "part": "wnioski",
        "question_id": "p6",
        "code": GMINA,
        "region_code": "06",
        "key_id": 1,
        "table_id": "response",
        "letter": "A",
        "session_id": 1,
        "token": "x",
        "kind": "txt",
        "item_id": 1,
        "item_kind": "odnosnik",
    }
    found = {}
    with app.test_request_context():
        addresses = {rule.endpoint: (_address(app, rule, values), rule) for rule in app.url_map.iter_rules()}
    for name in names:
        address, rule = addresses[name]
        assert address, f"{name}: `values` above lacks one of {sorted(rule.arguments)}"
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


def test_a_stranger_is_sent_to_the_log_in(app: Flask, things: Things) -> None:
    person = Staff(app.test_client(), "/logowanie")
    names = (SIGNED_IN | ADMINISTRATOR | OF_REGION | OF_TEAMS) - {"auth.log_out"}
    found = statuses(app, person, names, things, GMINA)
    assert {
        name: status for name, status in found.items() if status != (401 if name in OF_SCRIPTS else 302)
    } == {}


@pytest.mark.parametrize("email", ["obca@example.org", "obcy@example.org"])
def test_the_team_of_another_gmina_gets_nothing(app: Flask, things: Things, email: str) -> None:
    found = statuses(app, staff(app, email), OF_TEAMS | OF_REGION | ADMINISTRATOR, things, GMINA)
    assert {name: status for name, status in found.items() if status != 403} == {}


def test_a_foreign_campaign_under_ones_own_gmina_does_not_exist(app: Flask, things: Things) -> None:
    found = statuses(app, staff(app, "obca@example.org"), OF_CAMPAIGN, things, OTHER_GMINA)
    assert {name: status for name, status in found.items() if status != 404} == {}


@pytest.mark.parametrize("email", ["obca@example.org", "obcy@example.org"])
def test_a_foreign_round_under_ones_own_gmina_does_not_exist(app: Flask, things: Things, email: str) -> None:
    names = OF_ANY_ROUND if email == "obca@example.org" else OF_ROUND | OF_ROUND_RATERS
    found = statuses(app, staff(app, email), names, things, OTHER_GMINA)
    assert {name: status for name, status in found.items() if status != 404} == {}


@pytest.mark.parametrize("email", ["anna@example.org", "admin@example.org"])
def test_a_session_is_no_key(app: Flask, things: Things, email: str) -> None:
    found = statuses(app, staff(app, email), OF_KEYS, things, GMINA)
    assert set(found.values()) == {401}


def test_the_administrator_sees_no_gminas_things(app: Flask, things: Things) -> None:
    found = statuses(app, staff(app, "admin@example.org"), OF_TEAMS | OF_REGION, things, GMINA)
    assert {name: status for name, status in found.items() if status != 403} == {}


def test_a_member_does_not_do_what_the_coordinator_does(app: Flask, things: Things) -> None:
    found = statuses(app, staff(app, "jan@example.org"), OF_COORDINATORS | ADMINISTRATOR, things, GMINA)
    assert {name: status for name, status in found.items() if status != 403} == {}


def test_a_member_without_a_seat_rates_nothing(app: Flask, things: Things) -> None:
    found = statuses(app, staff(app, "piotr@example.org"), OF_ROUND_RATERS, things, GMINA)
    assert {name: status for name, status in found.items() if status != 403} == {}


@pytest.mark.parametrize("email", ["jan@example.org", "anna@example.org"])
def test_the_coordinator_passes_where_members_pass(app: Flask, things: Things, email: str) -> None:
    """Whatever comes of the request: it is not the person who is refused."""
    person = staff(app, email)
    shown = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint in OF_MEMBERS | OF_ROUND | OF_ROUND_RATERS and "GET" in (rule.methods or ())
    }
    found = statuses(app, person, shown, things, GMINA)
    assert {name: status for name, status in found.items() if status in (302, 401, 403)} == {}


def whole_interviews(app: Flask) -> set[str]:
    """Routes of one interview that name nothing in it (a text, a note, a passage), which `Things` has not got."""
    named = {"text_id", "note_id", "excerpt_id", "letter"}
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint in OF_ONE_INTERVIEW and not named & rule.arguments
    } | {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint in OF_INTERVIEW}


def test_a_moderator_opens_what_was_given_to_them_and_nothing_else(app: Flask, things: Things) -> None:
    person = staff(app, OUTSIDER)
    closed = (OF_TEAMS | ADMINISTRATOR) - OF_MODERATORS - OF_ONE_INTERVIEW
    found = statuses(app, person, closed, things, GMINA)
    assert {name: status for name, status in found.items() if status != 403} == {}
    found = statuses(app, person, OF_ONE_INTERVIEW, things, GMINA)  # Maria's
    assert {name: status for name, status in found.items() if status != 404} == {}
    own = OF_MODERATORS | whole_interviews(app)
    found = statuses(app, person, own, things, GMINA, things.outsiders_interview_id)
    assert {name: status for name, status in found.items() if status in (302, 401, 403, 404)} == {}
    found = statuses(app, person, OF_TEAMS, things, OTHER_GMINA)
    assert {name: status for name, status in found.items() if status != 403} == {}


def test_a_member_opens_only_the_interviews_given_to_them(app: Flask, things: Things) -> None:
    """Maria hers; Jan, who was given none, reads the plan."""
    found = statuses(app, staff(app, "maria@example.org"), whole_interviews(app), things, GMINA)
    assert {name: status for name, status in found.items() if status in (302, 401, 403, 404)} == {}
    found = statuses(app, staff(app, "jan@example.org"), OF_INTERVIEW | OF_KEEPERS, things, GMINA)
    assert {name: status for name, status in found.items() if status != 403} == {}
    found = statuses(app, staff(app, "jan@example.org"), OF_READERS, things, GMINA)
    assert {name: status for name, status in found.items() if status != 404} == {}
    found = statuses(app, staff(app, "jan@example.org"), {"interviews.index"}, things, GMINA)
    assert found == {"interviews.index": 200}


def test_whose_role_is_taken_away_is_out_at_once(app: Flask, sqlite_context: Context, things: Things) -> None:
    person = staff(app, OUTSIDER)
    moderators.remove(sqlite_context, GMINA, id_of(sqlite_context, OUTSIDER), None)
    found = statuses(app, person, OF_TEAMS, things, GMINA, things.outsiders_interview_id)
    assert {name: status for name, status in found.items() if status != 403} == {}


@pytest.mark.parametrize("kind", ["member", "coordinator", "rater"])
def test_a_round_is_of_its_gmina_and_its_people(app: Flask, things: Things, kind: str) -> None:
    """The four decorators themselves, whatever routes there are."""
    passes = {
        "member": {"anna": 200, "jan": 200, "piotr": 200, "obcy": 403, "obca": 403, "admin": 403},
        "coordinator": {"anna": 200, "jan": 403, "piotr": 403, "obcy": 403, "obca": 403, "admin": 403},
        "rater": {"anna": 200, "jan": 200, "piotr": 403, "obcy": 403, "obca": 403, "admin": 403},
    }
    checked = {"member": member_of_round, "coordinator": coordinator_of_round, "rater": rater_of_round}[kind]
    for name, status in passes[kind].items():
        assert asked_as(app, f"{name}@example.org", checked, GMINA, things.round_id) == status, name
    for name in ("anna", "jan"):
        assert asked_as(app, f"{name}@example.org", checked, OTHER_GMINA, things.round_id) == 403
        if passes[kind][name] == 200:
            assert asked_as(app, f"{name}@example.org", checked, GMINA, things.round_id + 1) == 404


def asked_as(app: Flask, email: str, checked: Callable[..., Any], gmina_code: str, round_id: int) -> int:
    """The status of a view behind the decorator, asked for by this person."""
    person = accounts.find_person(app.extensions["context"], email)
    assert person is not None
    view = checked(lambda gmina, coding_round: f"{gmina.code} {coding_round.id}")
    with app.test_request_context():
        begin_session(person, with_factor=False)
        try:
            assert view(gmina_code=gmina_code, round_id=round_id) == f"{gmina_code} {round_id}"
        except SurveyError as error:
            return error.status
    return 200


def test_who_is_removed_from_the_team_is_out_at_once(
    app: Flask, sqlite_context: Context, things: Things
) -> None:
    person = staff(app, "jan@example.org")
    jan = accounts.find_person(sqlite_context, "jan@example.org")
    assert jan is not None
    team_people.remove_member(sqlite_context, GMINA, jan.id, actor=None)
    found = statuses(app, person, OF_TEAMS, things, GMINA)
    assert {name: status for name, status in found.items() if status != 403} == {}


def test_a_form_without_its_token_changes_nothing(app: Flask, things: Things) -> None:
    person = staff(app, "anna@example.org")
    refused = person.client.post(f"/panel/{GMINA}/kampanie/{things.campaign_id}/otwarcie")
    assert refused.status_code == 400
