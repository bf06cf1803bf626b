"""The scenariusz oddziaływań on both stores, and its page: suggested from a closed round, planned, logged, counted."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from flask import Flask

from survey_app.analysis.edition import Edition
from survey_app.errors import ConflictError, InvalidInputError
from survey_app.services.coding import coding_results
from survey_app.services.context import Context
from survey_app.services.register import catalogue, own_sectors
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.registers import diary, entries, persuasion
from survey_app.services.registers.entries import Owner
from survey_app.services.registers.persuasion import PlanDraft
from survey_app.web.app import create_app
from tests import coding_kit as kit
from tests.campaign_kit import GMINA, hold, lock, send
from tests.integration.staff import Staff, staff
from tests.stores import Clock

OWNER = Owner(gmina_code=GMINA)
PAGE = f"/panel/{GMINA}/scenariusz"
GOAL = "Przekonać do udziału w partnerstwie"


def neutral(team: kit.Team, *supporters: int) -> Mapping[int, str]:
    """Everybody Neutralny but those at these places."""
    return {
        key: "zwolennik" if place in supporters else "neutralny"
        for place, key in enumerate(team.stakeholders)
    }


def points(_seat: int, place: int) -> kit.Points:
    """The third has the greatest influence."""
    return (3 if place == 2 else 1, 1, 2)


def draft(context: Context, *ids: int, **changes: object) -> PlanDraft:
    due = context.today() + dt.timedelta(days=30)
    return replace(PlanDraft(ids, (), "rozmowa", GOAL, due, None), **changes)  # type: ignore[arg-type]


def coded(context: Context) -> kit.Team:
    team = kit.add_team(context, 5)
    kit.closed_round(context, team, neutral(team, 4), points)
    return team


def places(error: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return [fault.where for fault in error.value.faults]


def with_ankieta(context: Context) -> None:
    """Seven schools through an open link: all see a need and are willing, two act already."""
    held = hold(context, access="open_link")
    for number in range(7):
        said = {"p1": {"option": "edukacja"}, "p5": "tak", "p7": "tak" if number < 2 else "nie", "p9": "tak"}
        send(context, held, None, said)
    lock(context, held)


def test_from_a_closed_round_to_actions_and_what_became_of_them(context: Context, clock: Clock) -> None:
    with pytest.raises(ConflictError):
        persuasion.plan(context, GMINA, draft(context, 1), None)
    assert persuasion.view(context, GMINA).scenario is None
    team = coded(context)
    first, second, third, fourth, _ = team.stakeholders
    seen = persuasion.view(context, GMINA)
    assert seen.scenario is not None
    assert [one.stakeholder.stakeholder_id for one in seen.scenario.talks] == [third, first, second, fourth]
    assert seen.section is None

    wanted = draft(
        context, third, first, person_id=team.people[1], barrier="spoleczne", argument="edukacyjne"
    )
    made = persuasion.plan(context, GMINA, wanted, team.coordinator)
    assert [one.stakeholder_id for one in made.entries] == [third, first]
    assert made.entries[0].answers == {
        "cel": [GOAL],
        "dzialanie": {"option": "rozmowa"},
        "termin": wanted.due_on.isoformat() if wanted.due_on else "",
        "bariera": {"option": "spoleczne"},
        "argument": {"option": "edukacyjne"},
    }
    again = persuasion.plan(context, GMINA, replace(wanted, stakeholder_ids=(third, second)), team.people[2])
    assert ([one.stakeholder_id for one in again.entries], again.held) == ([second], 1)
    asked = persuasion.plan(context, GMINA, replace(wanted, goal="Drugi raz", again=True), None)
    assert len(asked.entries) == 2

    today = context.today()
    talk = made.entries[0].id
    entries.write_log(context, OWNER, talk, "trudnosc", today, "Nie odbierają telefonu.", None)
    assert persuasion.view(context, GMINA).section is None, "a difficulty is no action"
    entries.write_log(context, OWNER, talk, "rozmowa", today, "Dyrektor zna problem.", None)
    entries.set_state(context, OWNER, talk, "done", today, "", None)
    seen = persuasion.view(context, GMINA)
    assert [one.goal for one in seen.open_of[third]] == ["Drugi raz"], "what is over is not open"
    assert seen.section is not None
    assert seen.section.effect.waiting == 1
    clock.advance(days=20)
    kit.closed_round(context, team, neutral(team, 2, 4), points, title="Tura 2", occasion="before_pact")
    seen = persuasion.view(context, GMINA)
    assert seen.section is not None
    table = seen.section.released.parts
    assert [(row.label, row.base, table.count(row.id, "zwolennik")) for row in table.rows] == [
        ("Tura 1 i 2: z działaniami między tymi turami", 1, 1),
        ("Tura 1 i 2: bez działań", 3, 0),
    ]
    assert seen.scenario is not None
    assert third not in {one.stakeholder.stakeholder_id for one in seen.scenario.talks}
    section = coding_results.section(context, GMINA, Edition.INTERNAL)
    assert section is not None
    assert section.persuasion == seen.section
    public = coding_results.section(context, GMINA, Edition.PUBLIC)
    assert public is not None
    assert public.persuasion is None


def test_what_is_wrong_with_a_plan_is_told_at_once_and_nothing_is_made(sqlite_context: Context) -> None:
    context, team = sqlite_context, coded(sqlite_context)
    yesterday = context.today() - dt.timedelta(days=1)
    wrong = PlanDraft((team.stakeholders[4],), ("sport",), "spacer", " ", yesterday, 999, "x", "y", "z")
    with pytest.raises(InvalidInputError) as refused:
        persuasion.plan(context, GMINA, wrong, None)
    assert places(refused) == [
        "who",
        "goal",
        "due_on",
        "person_id",
        "kind",
        "argument",
        "barrier",
        "knowledge",
    ]
    with pytest.raises(InvalidInputError) as refused:
        persuasion.plan(context, GMINA, draft(context, due_on=None), None)
    assert places(refused) == ["who", "due_on"]
    assert entries.listed(context, OWNER, diary.REGISTER).entries == []


def test_two_who_plan_at_once_make_one_action_each(postgres_context: Context) -> None:
    team = coded(postgres_context)
    wanted = draft(postgres_context, *team.stakeholders[:4])
    made = kit.together(
        *(lambda who=who: persuasion.plan(postgres_context, GMINA, wanted, who) for who in team.people)
    )
    assert sorted(len(one.entries) for one in made) == [0, 0, 4]  # type: ignore[attr-defined]
    assert len(entries.listed(postgres_context, OWNER, diary.REGISTER).entries) == 4


def test_the_ankieta_points_to_the_argument_and_sectors_are_planned_as_a_whole(
    sqlite_context: Context,
) -> None:
    context = sqlite_context
    team = kit.add_team(context, 14)
    own = own_sectors.add_own_sector(context, GMINA, "Szkoły językowe", "kultura", None)
    ours = catalogue.add_stakeholder(context, GMINA, StakeholderDraft("Lingua", own, True), None).id
    with_ankieta(context)
    kit.closed_round(context, team, neutral(team), points, stakeholder_ids=(*team.stakeholders, ours))
    seen = persuasion.view(context, GMINA)
    assert seen.scenario is not None
    schools = seen.scenario.of_sector("edukacja")
    assert schools is not None
    assert [one.id for one in schools.suggestion.arguments] == ["dzialanie"]
    assert any("Działanie 29%" in one and "7\u00a0odpowiedzi" in one for one in schools.suggestion.basis)
    wanted = draft(context, team.stakeholders[1], sectors=("edukacja",), argument=persuasion.SUGGESTED)
    made = persuasion.plan(context, GMINA, wanted, None)
    assert [(one.sector, one.answers["argument"]) for one in made.entries] == [
        ("edukacja", {"option": "dzialanie"}),
        ("", {"option": "dzialanie"}),
    ]
    # An entry about a team's own sector stands with the sector that it counts as, and reaches whoever is in it.
    content = entries.Content({**made.entries[0].answers, "cel": ["Własny"]}, sector=own)
    entry = entries.add(context, OWNER, diary.REGISTER, content, None)
    assert [one.goal for one in persuasion.view(context, GMINA).open_of_sector["kultura"]] == ["Własny"]
    entries.write_log(context, OWNER, entry.id, "wizyta", context.today(), "Byliśmy.", None)
    entries.write_log(context, OWNER, made.entries[0].id, "wizyta", context.today(), "Byliśmy.", None)
    found = persuasion.view(context, GMINA).section
    assert found is not None
    assert [one.sector_label for one in found.effect.reached] == ["edukacja"] * 7 + ["kultura"]


@pytest.fixture
def app(sqlite_context: Context) -> Flask:
    app: Flask = create_app(context=sqlite_context)
    app.testing = True
    return app


def enter(app: Flask, number: int = 1) -> Staff:
    person = staff(app)
    assert person.log_in(f"osoba{number}.{GMINA}@example.org", kit.PASSWORD).status_code == 302
    return person


def test_the_page_says_what_is_missing_keeps_what_was_typed_and_shows_what_is_planned(
    app: Flask, sqlite_context: Context
) -> None:
    context = sqlite_context
    team = kit.add_team(context, 4)
    person = enter(app)
    assert "Nie ma jeszcze zamkniętej tury kodowania" in person.get(PAGE)
    kit.closed_round(context, team, neutral(team, 3), points)
    person = enter(app)
    kit.represent(context, team.people[1], team.stakeholders[0])
    text = person.get(PAGE)
    assert text.index("1. Instytucja 003") < text.index("2. Instytucja 001") < text.index("3. Instytucja 002")
    assert "Instytucja 004" not in text
    assert "reprezentuje ją: Osoba 2" in text
    typed = {"who": [f"i-{team.stakeholders[0]}"], "goal": "Nasz cel", "due_on": "kiedyś", "kind": "wizyta"}
    refused = person.send(PAGE, typed)
    assert refused.status_code == 422
    for kept in ("Nasz cel", "kiedyś", f'value="i-{team.stakeholders[0]}" checked', "Nie ma takiego dnia"):
        assert kept in refused.text
    right = {**typed, "due_on": "30.06.2027", "person_id": str(team.people[1])}
    assert person.send(PAGE, right).status_code == 303
    text = person.get(PAGE)
    assert "Utworzono 1\u00a0działanie." in text
    assert "Osoba, która odpowiada, reprezentuje: „Instytucja 001”" in text
    assert "wizyta studyjna</a> (zaplanowane), do 30.06.2027, Osoba 2" in text or (
        "wizyta studyjna (zaplanowane), do 30.06.2027, Osoba 2" in text
    )
    assert f'value="i-{team.stakeholders[0]}"' not in text
    assert f'value="i-{team.stakeholders[0]}"' in person.get(f"{PAGE}?wszystkie=1")
    assert person.send(PAGE, right).status_code == 303
    assert "jest już działanie, więc drugiego nie utworzono" in person.get(PAGE)
    assert person.client.get("/panel/060505/scenariusz").status_code in (403, 404)


def test_many_neutral_are_behind_their_sectors_and_what_is_late_or_next_stands_first(
    app: Flask, sqlite_context: Context, clock: Clock
) -> None:
    context = sqlite_context
    team = kit.add_team(context, 16)
    kit.closed_round(context, team, neutral(team), points)
    late, soon = team.stakeholders[5], team.stakeholders[6]
    for one, days, goal in ((soon, 60, "Później"), (late, 3, "Zaległe")):
        due = context.today() + dt.timedelta(days=days)
        persuasion.plan(context, GMINA, draft(context, one, goal=goal, due_on=due), None)
    clock.advance(days=5)
    person = enter(app)
    text = person.get(PAGE)
    now = text[text.index('id="teraz"') : text.index('id="rozmowy"')]
    assert "po terminie: 1" in now
    assert now.index("Zaległe") < now.index("Później")
    coming = now[now.index("Następni do rozmowy") :]
    assert "1. Instytucja 003" in coming
    assert coming.count("<li>") == 5
    assert "Instytucja 006" not in coming, "something is planned with it"
    sectors = text.count('<details class="disclosure sector"')
    assert sectors > 1
    assert len(re.findall(r'sector" id="[^"]+" open>', text)) == 0
    assert len(re.findall(r'sector" id="[^"]+" open>', person.get(f"{PAGE}?calosc=1"))) == sectors
    refused = person.send(PAGE, {"who": [f"i-{team.stakeholders[0]}"], "goal": ""}).text
    (opened,) = re.findall(r'sector" id="sektor-([^"]+)" open>', refused)
    assert f'value="i-{team.stakeholders[0]}" checked' in refused[refused.index(f'id="sektor-{opened}"') :]
