"""Everything that a team may do at the same moment: nobody waits for ever, and nothing is lost or half done."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from survey_app.errors import SurveyError, UnavailableError
from survey_app.services import team_people
from survey_app.services.coding import agree, coding_history, coding_rounds, documents, evidence, rate
from survey_app.services.coding.evidence import EvidenceDraft
from survey_app.services.coding.rate import RatingDraft
from survey_app.services.context import Context
from survey_app.services.register import catalogue, declarations, merge_catalogue, own_sectors
from survey_app.services.register.declarations import DeclarationDraft
from tests import coding_kit as kit
from tests.campaign_kit import GMINA
from tests.coding_kit import Team
from tests.example_files import a_pdf

Calls = list[Callable[[], object]]


def around(context: Context, team: Team, turn: int) -> Calls:
    """What touches the gmina, its catalogue and its people, whatever stage a round is in."""
    ids, people = team.stakeholders, team.people
    entry = catalogue.draft_of(catalogue.stakeholder(context, GMINA, ids[1]))
    contribution = DeclarationDraft("contribution", f"Sala {turn}", context.today(), "lokal")
    return [
        partial(team_people.set_representations, context, GMINA, people[1], ids[turn % 2 : 1], people[0]),
        partial(team_people.remove_member, context, GMINA, people[4 + turn], people[0]),
        partial(merge_catalogue.merge, context, GMINA, ids[6 + turn], ids[2], people[0]),
        partial(
            catalogue.update_stakeholder, context, GMINA, ids[1], replace(entry, note=f"{turn}"), people[0]
        ),
        partial(declarations.add_declaration, context, GMINA, ids[2], contribution, people[0]),
        partial(documents.upload, context, GMINA, f"D{turn}", "d.pdf", a_pdf(f"Plik {turn}"), people[1]),
        partial(own_sectors.add_own_sector, context, GMINA, f"Sektor {turn}", "edukacja", people[0]),
    ]


def rating(context: Context, team: Team, round_id: int, turn: int) -> Calls:
    ids, people = team.stakeholders, team.people
    pointed = EvidenceDraft("catalogue", str(ids[2]), f"{turn}")
    return [
        *(
            partial(
                rate.save_rating,
                context,
                GMINA,
                round_id,
                person,
                ids[2],
                "wplyw",
                RatingDraft(1 + turn % 3),
                turn,
            )
            for person in people[1:4]
        ),
        partial(evidence.attach_to_rating, context, GMINA, round_id, people[2], ids[1], "wiedza", pointed),
        partial(coding_rounds.add_to_round, context, GMINA, round_id, ids[3:4], people[3:4], people[0]),
    ]


def deciding(context: Context, team: Team, round_id: int, turn: int) -> Calls:
    ids, people = team.stakeholders, team.people
    key = ids[turn % 3]
    return [
        partial(agree.decide, context, GMINA, round_id, key, "neutralny", f"Powód {turn}.", people[0]),
        partial(
            agree.record_show_of_hands, context, GMINA, round_id, key, "zwolennik", "Głos.", 2, 0, 0, None
        ),
        partial(agree.confirm_agreed, context, GMINA, round_id, people[0]),
        partial(agree.agree_to_names, context, GMINA, round_id, people[1], bool(turn % 2)),
        partial(coding_rounds.close, context, GMINA, round_id, people[0]),
    ]


def all_at_once(calls: Calls) -> Iterator[object]:
    for result in kit.together(*calls):
        if isinstance(result, Exception):
            assert isinstance(result, SurveyError), result
            assert not isinstance(result, UnavailableError), result.__cause__
        yield result


def test_nobody_waits_for_ever(context: Context) -> None:
    team = kit.add_team(context, 10, 9)
    first = team.stakeholders[:4]
    found = kit.open_round(context, team, stakeholder_ids=first)
    for turn in range(3):
        results = list(all_at_once([*around(context, team, turn), *rating(context, team, found.id, turn)]))
        assert [one for one in results if not isinstance(one, Exception)], "all were refused"
    for person, stakeholder in itertools.product(team.people[:4], first):
        if stakeholder != first[2] and person != team.people[1]:  # who represents one of them now, or not
            kit.rate_one(context, found.id, person, stakeholder, (2, 2, 3))
    late = partial(kit.rate_one, context, found.id, team.people[0], first[2], (1, 1, 1))
    opened = [partial(coding_rounds.lay_open, context, GMINA, found.id, team.coordinator)] * 2
    assert sum(one is None for one in all_at_once([late, *opened])) in (1, 2)
    for turn in range(2):
        list(all_at_once([*around(context, team, turn), *deciding(context, team, found.id, turn)]))
    if coding_rounds.coding_round(context, GMINA, found.id).stage != "closed":
        kit.decide_all(context, found.id, team)
        kit.close(context, found.id, team)
    assert len(coding_history.closed_round(context, GMINA, found.id).stakeholders) == 4
