"""METHOD, "Coding": a closed round is never changed, whatever is called and whatever happens around it."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from survey_app.analysis.coding.freeze import round_to_json
from survey_app.errors import SurveyError
from survey_app.services import team_people
from survey_app.services.coding import (
    agree,
    coding_history,
    coding_rounds,
    criteria,
    evidence,
    excerpt_evidence,
    rate,
)
from survey_app.services.coding.evidence import EvidenceDraft
from survey_app.services.coding.rate import GivenRating, RatingDraft
from survey_app.services.context import Context
from survey_app.services.interviewing import passages, quotations, transcripts, withdraw
from survey_app.services.interviewing.compose_text import Run
from survey_app.services.register import catalogue, declarations, merge_catalogue
from survey_app.services.register.declarations import DeclarationDraft
from survey_app.services.registers import persuasion
from survey_app.services.registers.persuasion import PlanDraft
from tests import coding_kit as kit
from tests.campaign_kit import GMINA
from tests.excerpt_rows import Talk, a_talk, an_excerpt
from tests.stores import Clock, settings_for

OF_ROUNDS = (coding_rounds, rate, agree, coding_history)
AROUND = (
    excerpt_evidence,
    quotations,
    passages,
    transcripts,
    withdraw,
    evidence,
    catalogue,
    declarations,
    merge_catalogue,
    team_people,
    criteria,
    persuasion,
)
# What a round is made of besides its own row; corrections are decisions, too, and may be added.
TABLES = {
    "rating": "round_id",
    "round_rater": "round_id",
    "round_stakeholder": "round_id",
    "ballot": "round_id",
    "evidence": "round_id",
    "vote": "ballot_id IN (SELECT id FROM ballot WHERE round_id = :id) AND :id",
    "decision": "NOT correction AND round_id",
}
# What takes away what the others need comes last.
LAST = {"remove": 1, "merge": 1, "withdraw": 2, "mark_left": 3, "remove_member": 4}
SAID = "Klucze do sali leżą u dozorcy."
RECORDED = "Autobus dowozi nas za darmo."
Call = Callable[..., object]


@dataclass(frozen=True)
class Held:
    """A closed round with a vote, a withdrawn stakeholder, evidence and a replaced decision in it.

    One decision leans on two passages, one of notes and one of a transcript, whose words may be taken back or cut out
    at any time.
    """

    context: Context
    team: kit.Team
    round_id: int
    before: object
    excerpt_ids: tuple[int, int] = (1, 2)
    interview_ids: tuple[int, int] = (1, 2)
    transcript_sha256: str = ""


def hold(context: Context) -> Held:
    team = kit.add_team(context, 5, 4)
    ids = team.stakeholders
    catalogue_draft = catalogue.draft_of(catalogue.stakeholder(context, GMINA, ids[4]))
    catalogue.update_stakeholder(context, GMINA, ids[4], replace(catalogue_draft, natural_person=True), None)
    typed = DeclarationDraft("contribution", "Sala", context.today(), "lokal")
    declarations.add_declaration(context, GMINA, ids[1], typed, None)
    kit.represent(context, team.people[3], ids[0])
    found = kit.laid_open_round(
        context,
        replace(team, stakeholders=ids[1:]),
        lambda seat, place: (1 + place % 3, None, 2 + seat % 2),
        stakeholder_ids=ids,
    )
    agree.record_show_of_hands(context, GMINA, found.id, ids[1], "neutralny", "Nie przyszli.", 3, 1, 0, None)
    ballot = agree.open_ballot(context, GMINA, found.id, ids[2], "zwolennik", "Bo działają.", None)
    agree.cast_vote(context, GMINA, found.id, ballot, team.people[0], "for")
    agree.close_ballot(context, GMINA, found.id, ballot, None)
    coding_rounds.withdraw_stakeholder(context, GMINA, found.id, ids[3], "Zlikwidowana.", None)
    first = agree.decide(context, GMINA, found.id, ids[0], "neutralny", "Nikt nie zna.", None)
    last = agree.decide(context, GMINA, found.id, ids[0], "zwolennik", "Po rozmowie.", None, first.id)
    evidence.attach_to_decision(
        context, GMINA, last.id, EvidenceDraft("catalogue", str(ids[0])), team.coordinator
    )
    talks = [
        a_talk_of(context, ids[0], said, kind) for said, kind in ((SAID, "notes"), (RECORDED, "transcript"))
    ]
    said, recorded = (
        an_excerpt(context, talk, words, team.people[0])
        for talk, words in zip(talks, (SAID, RECORDED), strict=True)
    )
    for excerpt_id in (said, recorded):
        draft = EvidenceDraft("excerpt", str(excerpt_id))
        evidence.attach_to_decision(context, GMINA, last.id, draft, team.coordinator)
    kit.decide_all(context, found.id, team)
    kit.close(context, found.id, team)
    return Held(
        context,
        team,
        found.id,
        state(context, found.id),
        (said, recorded),
        (talks[0].interview_id, talks[1].interview_id),
        transcripts.transcript(context, GMINA, talks[1].interview_id, 1).sha256,
    )


def a_talk_of(context: Context, stakeholder_id: int, said: str, kind: str) -> Talk:
    """What somebody of this institution said."""
    return a_talk(context, GMINA, {"A": stakeholder_id}, [Run(said, "A", quotation=True)], kind=kind)


def state(context: Context, round_id: int) -> object:
    """The frozen bytes, every row that the round is made of, and what is read and exported of it."""
    with context.database.connection() as connection:
        rows = {
            table: sorted(
                repr(tuple(row))
                for row in connection.execute(
                    text(f"SELECT * FROM {table} WHERE {key} = :id"), {"id": round_id}
                )
            )
            for table, key in TABLES.items()
        }
        own = connection.execute(
            text(
                "SELECT number, title, scheme, stage, closed_at, result_sha256 FROM coding_round WHERE id = :id"
            ),
            {"id": round_id},
        ).one()
    result = coding_history.closed_round(context, GMINA, round_id)
    overview = agree.overview(context, GMINA, round_id)
    shown = [
        (one.stakeholder, one.criteria, one.facts, one.proposed, one.past_ballots) for one in overview.entries
    ]
    view = coding_rounds.round_view(context, GMINA, round_id)
    return (
        kit.frozen(context, round_id),
        rows,
        tuple(own),
        round_to_json(result),
        result.checksum,
        shown,
        overview.agreements,
        (view.stakeholders, view.raters),
    )


def pools(held: Held) -> dict[str, list[Any]]:
    """Plausible values by the name of the parameter."""
    ids, people = held.team.stakeholders, held.team.people
    return {
        "gmina_code": [GMINA],
        "round_id": [held.round_id],
        "stakeholder_id": [ids[0], ids[2], ids[3]],
        "stakeholder_ids": [ids, ids[:1]],
        "rater_ids": [people, people[:1]],
        "person_id": [people[0], people[3]],
        "actor": [people[0]],
        "ballot_id": [1, 2],
        "decision_id": [1, 2, 3, 4],
        "evidence_id": [1, 2],
        "excerpt_id": list(held.excerpt_ids),
        "excerpt_ids": [held.excerpt_ids],
        "interview_id": list(held.interview_ids),
        "text_id": [1, 2],
        "number": [1],
        "first": [1],
        "last": [1],
        "seen_sha256": [held.transcript_sha256],
        "theme_ids": [frozenset({1})],
        "memo": ["Ważne."],
        "letter": ["A"],
        "personal_data": [True],
        "declaration_id": [1],
        "criterion": ["zainteresowanie", "wplyw"],
        "revision": [0, 1],
        "given": [[GivenRating(ids[0], "wplyw", RatingDraft(1, reason="Zmieniam."), 1)]],
        "code": ["neutralny", "zwolennik"],
        "reason": ["Zmieniamy zdanie."],
        "replaces": [None, 2],
        "choice": ["against"],
        "agrees": [True, False],
        "votes_for": [3],
        "against": [0],
        "abstained": [0],
        "double_id": [ids[0], ids[1]],
        "into_id": [ids[2]],
        "withdrawn_on": [held.context.today()],
        "email": ["nowa@example.org"],
        "name": ["Nowa Osoba"],
    }


def drafts(held: Held, module: ModuleType) -> list[Any]:
    entry = catalogue.draft_of(catalogue.stakeholder(held.context, GMINA, held.team.stakeholders[0]))
    today = held.context.today()
    return {
        coding_rounds: [kit.draft(held.team, stakeholder_ids=held.team.stakeholders[2:3])],
        rate: [RatingDraft(1, reason="Zmieniam."), RatingDraft(None, dont_know=True)],
        evidence: [
            EvidenceDraft("catalogue", str(held.team.stakeholders[1])),
            EvidenceDraft("excerpt", str(held.excerpt_ids[0])),
        ],
        catalogue: [
            replace(entry, name="Inna nazwa", sector="gospodarka"),
            replace(entry, natural_person=True),
        ],
        declarations: [
            DeclarationDraft("refusal", "Odmowa", today),
            DeclarationDraft("contribution", "Ludzie", today, "ludzie"),
        ],
        persuasion: [PlanDraft(held.team.stakeholders[:1], (), "rozmowa", "Cel", today, None, again=True)],
    }.get(module, [])  # type: ignore[arg-type]


def use_cases(modules: tuple[ModuleType, ...]) -> list[tuple[ModuleType, Call]]:
    """Every public function that is given a context and a gmina."""
    found: dict[Call, ModuleType] = {}
    for module in modules:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            takes = list(inspect.signature(function).parameters)
            if not name.startswith("_") and takes[:2] == ["context", "gmina_code"]:
                found.setdefault(function, module)
    return sorted(
        ((module, function) for function, module in found.items()),
        key=lambda one: LAST.get(one[1].__name__, 0),
    )


def arguments(held: Held, module: ModuleType, function: Call) -> Iterator[dict[str, Any]]:
    """Every combination of plausible values; parameters without one keep their default."""
    known = {**pools(held), "draft": drafts(held, module)}
    parameters = list(inspect.signature(function).parameters.values())[1:]
    named = [one.name for one in parameters if known.get(one.name)]
    for values in product(*[known[name] for name in named]):
        yield dict(zip(named, values, strict=True))


def call(held: Held, function: Call, typed: dict[str, Any]) -> str:
    """What came of it: "taken", or the kind of refusal. Anything but a refusal in words fails the test."""
    try:
        function(held.context, **typed)
    except SurveyError as refused:
        return type(refused).__name__
    return "taken"


def required(function: Call) -> set[str]:
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return {one.name for one in parameters if one.default is inspect.Parameter.empty}


def test_every_use_case_of_rounds_is_called() -> None:
    """A new parameter needs a plausible value here, or the test below would pass it by."""
    values = {*pools(Held(*_anything())), "draft"}
    for _, function in use_cases(OF_ROUNDS):
        assert required(function) <= values, function


def _anything() -> tuple[Any, ...]:
    class Today:
        @staticmethod
        def today() -> None: ...

    return Today(), kit.Team((1, 2, 3, 4), (1, 2, 3, 4)), 1, None


def test_nothing_that_is_called_changes_a_closed_round(context: Context) -> None:
    held = hold(context)
    outcomes: dict[str, set[str]] = {}
    for module, function in use_cases(OF_ROUNDS) + use_cases(AROUND):
        for typed in arguments(held, module, function):
            if required(function) <= typed.keys():
                outcomes.setdefault(function.__name__, set()).add(call(held, function, typed))
        assert state(context, held.round_id) == held.before, function
    # The test would be worth nothing if all that is allowed had been refused.
    for name in (
        "correct",
        "open_round",
        "update_stakeholder",
        "mark_left",
        "merge",
        "add_declaration",
        "clear",
        "cut",
        "remove",
        "withdraw",
    ):
        assert "taken" in outcomes[name], (name, outcomes[name])
    for name in (
        "save_rating",
        "save_ratings",
        "decide",
        "open_ballot",
        "cast_vote",
        "close",
        "abandon",
        "lay_open",
        "add_to_round",
    ):
        assert "taken" not in outcomes[name], (name, outcomes[name])


def test_words_that_are_taken_back_leave_a_closed_round_as_it_was(context: Context) -> None:
    held = hold(context)
    bytes_before, _ = kit.frozen(context, held.round_id)
    assert SAID not in str(bytes_before)
    said, recorded = (f"fragment wywiadu nr {excerpt_id}" for excerpt_id in held.excerpt_ids)
    assert shown_evidence(held) == [said, recorded]
    withdraw.withdraw(context, GMINA, held.interview_ids[0], "A", None)
    assert state(context, held.round_id) == held.before
    assert shown_evidence(held) == [f"{said} (dowód usunięty)", recorded]


@pytest.mark.parametrize("lines", [(1, 1), None], ids=["cut", "removed"])
def test_words_that_go_from_a_transcript_leave_a_closed_round_as_it_was(
    context: Context, lines: tuple[int, int] | None
) -> None:
    held = hold(context)
    where = (context, GMINA, held.interview_ids[1], 1)
    if lines is None:
        transcripts.remove(*where, held.transcript_sha256, None)
    else:
        transcripts.cut(*where, *lines, held.transcript_sha256, None)
    assert state(context, held.round_id) == held.before
    said, recorded = (f"fragment wywiadu nr {excerpt_id}" for excerpt_id in held.excerpt_ids)
    assert shown_evidence(held) == [said, f"{recorded} (dowód usunięty)"]


def shown_evidence(held: Held) -> list[str]:
    """Passages, as pages and files name them."""
    shown = coding_history.closed_round(held.context, GMINA, held.round_id).corrected()
    return [words for one in shown.stakeholders for words in one.evidence if words.startswith("fragment")]


@pytest.fixture(scope="module")
def held(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    var = tmp_path_factory.mktemp("closed") / "var"
    var.mkdir()
    shutil.copyfile(sqlite_template, var / "survey.sqlite3")
    service = Context.from_settings(settings_for(var, f"sqlite:///{var / 'survey.sqlite3'}"))
    yield hold(Context(service.settings, service.database, Clock()))
    service.database.dispose()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(chooser=st.data())
def test_no_order_of_calls_changes_a_closed_round(held: Held, chooser: st.DataObject) -> None:
    """The calls of all examples pile up on one database: what came before is never undone."""
    cases = use_cases(OF_ROUNDS) + use_cases(AROUND)
    for _ in range(chooser.draw(st.integers(1, 6))):
        module, function = chooser.draw(st.sampled_from(cases))
        offered = [typed for typed in arguments(held, module, function) if required(function) <= typed.keys()]
        if offered:
            call(held, function, chooser.draw(st.sampled_from(offered)))
    held.context.clock.advance(days=1)  # type: ignore[attr-defined]
    assert state(held.context, held.round_id) == held.before
