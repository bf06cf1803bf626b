"""How the large example gmina goes through the method: its process, papers, registers and library.

Everything goes through the use cases of a team, each at its own day before now; what an earlier run made is left as it
is. What tells of an institution or a person that a visitor took away is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from survey_app import polish
from survey_app.instrument.calculator_model import SOURCE, TABLE_OF, VALUES
from survey_app.instrument.model import AnswerType, Instrument
from survey_app.instrument.paper_model import ROW_ID, Row
from survey_app.instrument.values import Value
from survey_app.services import team_people
from survey_app.services.context import Context
from survey_app.services.library import items, search, shelf
from survey_app.services.method import papers, process
from survey_app.services.method.definitions import paper_definition
from survey_app.services.method.definitions import rules_of as paper_rules
from survey_app.services.method.paper_facts import prefilled
from survey_app.services.method.process import StepDraft
from survey_app.services.register import catalogue
from survey_app.services.registers import bank, entries, meetings, parties, votes
from survey_app.services.registers.definitions import register_definition, rules_of
from survey_app.services.registers.entries import Owner
from survey_app.services.registers.meetings import Meeting
from survey_app.services.registers.parties import Who
from survey_app.services.registers.quorum import Counts
from survey_app.store.registers import RegisterEntry

STORY = Path(__file__).with_name("method.yml")
NOON = dt.time(12)
Told = Mapping[str, Any]


@cache
def story() -> Told:
    """Where the team stands, what it wrote, planned, promised and keeps."""
    told: Told = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    return told


@dataclass(frozen=True, slots=True)
class _Team:
    """The gmina with ids by name, of its catalogue and its team. `actor`: who writes everything down."""

    context: Context
    gmina_code: str
    actor: int
    institutions: Mapping[str, int]
    people: Mapping[str, int]

    @property
    def owner(self) -> Owner:
        return Owner(gmina_code=self.gmina_code)

    def day(self, days: int) -> dt.date:
        return self.context.today() + dt.timedelta(days=days)

    def on(self, days: int) -> Context:
        """The service at noon of that day before now."""
        moment = dt.datetime.combine(self.day(days), NOON, tzinfo=polish.WARSAW).astimezone(dt.UTC)
        return replace(self.context, clock=lambda: min(moment, self.context.clock()))

    def ids(self, names: Sequence[str]) -> list[int]:
        return [self.institutions[one] for one in names if one in self.institutions]


def is_there(context: Context, gmina_code: str) -> bool:
    """Was the last thing of the story made?"""
    last = story()["steps"][-1]["id"]
    seen = process.view(context, gmina_code)
    return any(one.said is not None for one in seen.steps if one.step.id == last)


def fill(context: Context, gmina_code: str, actor: int) -> None:
    """What of the story is not there yet."""
    seats = team_people.team(context, gmina_code)
    team = _Team(
        context,
        gmina_code,
        actor,
        {one.name: one.id for one in catalogue.stakeholders(context, gmina_code)},
        {one.name: one.person_id for one in seats},
    )
    path = story()["path"]
    if process.view(context, gmina_code).followed is None:
        process.choose_path(team.on(path["day"]), gmina_code, path["id"], actor)
    held = {one.title: one for one in papers.listed(context, gmina_code)}
    for told in story()["papers"]:
        _write(team, told, held)
    for told in story()["registers"]:
        _keep(team, told)
    _shelve(team)
    _say(team)


def _write(team: _Team, told: Told, held: Mapping[str, papers.Paper]) -> None:
    """A paper, begun as its page begins it; a visitor's own of a kind that can be there only once stays alone."""
    code, definition = team.gmina_code, paper_definition(told["key"])
    paper = held.get(told["title"])
    if paper is None:
        same = any(one.key == told["key"] and one.state != "withdrawn" for one in held.values())
        if same and not paper_rules(definition).many:
            return
        begun = team.on(told["begun"])
        known = prefilled(begun, code, definition)
        content = papers.Content(
            {**known.answers, **_answers(team, definition, told["answers"])},
            {**known.tables, **told.get("tables", {}), **_assumptions(definition, told)},
        )
        paper = papers.start(begun, code, told["key"], content, told["title"], team.actor)
    if "agreed" in told and paper.state == "draft":
        day = team.day(told["agreed"])
        papers.agree(team.on(told["agreed"]), code, paper.id, 1, day, team.actor)


def _assumptions(definition: Instrument, told: Told) -> dict[str, list[Row]]:
    """The tables of a calculator's numbers; of another paper none."""
    calculator = paper_rules(definition).calculator
    tables: dict[str, list[Row]] = {}
    for one in calculator.assumptions if calculator else ():
        numbers = zip(VALUES, told["assumptions"][one.id], strict=True)
        row = {ROW_ID: one.id, **dict(numbers), SOURCE: told["source"]}
        tables.setdefault(f"{TABLE_OF}{one.section}", []).append(row)
    return tables


def _answers(team: _Team, definition: Instrument, told: Mapping[str, Any]) -> dict[str, Value]:
    """As they are kept: the story writes days as numbers, an option by its id, a text alone where there may be more."""
    answers: dict[str, Value] = {}
    for question_id, value in told.items():
        kind = definition.by_id[question_id].type
        if kind is AnswerType.DATE:
            answers[question_id] = team.day(value).isoformat()
        elif kind is AnswerType.SINGLE_CHOICE:
            answers[question_id] = {"option": value}
        elif kind is AnswerType.SHORT_TEXTS:
            answers[question_id] = value if isinstance(value, list) else [value]
        else:
            answers[question_id] = value
    return answers


def _keep(team: _Team, told: Told) -> None:
    """A register's entries, with all that hangs on each."""
    key = told["key"]
    definition = register_definition(key)
    if "taken_over" in told:
        _take_over(team, told)
    held = {one.title: one for one in entries.listed(team.context, team.owner, key).entries}
    for one in told["entries"]:
        known = "about" not in one or one["about"] in team.institutions
        content = _answers(team, definition, one["answers"])
        title = one["answers"][rules_of(definition).named_by]
        entry = held.get(title)
        if not known or (entry is None and held and rules_of(definition).single):
            continue
        if entry is None:
            entry = entries.add(
                team.on(one["day"]), team.owner, key, _content(team, one, content), team.actor
            )
        if entry.state == rules_of(definition).states[0].id:
            _go_on(team, one, entry)


def _content(team: _Team, told: Told, answers: Mapping[str, Value]) -> entries.Content:
    return entries.Content(
        answers,
        stakeholder_id=team.institutions.get(told.get("about", "")),
        sector=told.get("sector", ""),
        person_id=team.people.get(told.get("person", "")),
    )


def _take_over(team: _Team, told: Told) -> None:
    waiting = bank.bank(team.context, team.gmina_code).contributions
    chosen = [one.id for one, _ in waiting if one.description in told["taken_over"]]
    if chosen:
        bank.take_over(team.on(told["day"]), team.gmina_code, chosen, team.actor)


def _go_on(team: _Team, told: Told, entry: RegisterEntry) -> None:
    """What happened to an entry since; its state comes last and says that all of it is there."""
    _join(team, told, entry)
    if "motions" in told:
        _meet(team, told, entry)
    seen = (
        {one.text for one in entries.view(team.context, team.owner, entry.id).events}
        if "log" in told
        else set()
    )
    for days, kind, text in told.get("log", ()):
        if text not in seen:
            entries.write_log(team.on(days), team.owner, entry.id, kind, team.day(days), text, team.actor)
    if "state" in told:
        days, state, *reason = told["state"]
        words = reason[0] if reason else ""
        entries.set_state(team.on(days), team.owner, entry.id, state, team.day(days), words, team.actor)


def _join(team: _Team, told: Told, entry: RegisterEntry) -> None:
    """Whom an entry brings together, and what they replied."""
    then = team.on(told["day"])
    for role, names in told.get("parties", {}).items():
        if who := [Who(stakeholder_id=one) for one in team.ids(names)]:
            parties.add(then, team.owner, entry.id, who, role, team.actor)
    for role, names in told.get("guests", {}).items():
        parties.add(then, team.owner, entry.id, [Who(name=one) for one in names], role, team.actor)
    if "replies" not in told:
        return
    asked = {one.stakeholder_id: one for one in entries.view(team.context, team.owner, entry.id).parties}
    offers = entries.listed(team.context, team.owner, bank.OFFERS).entries
    for name, days, says, text, offer in told["replies"]:
        party = asked.get(team.institutions.get(name))
        given = next((one.id for one in offers if one.title == offer), None)
        if party is not None and not party.reply:
            parties.reply(
                team.on(days),
                team.owner,
                entry.id,
                party.id,
                says,
                team.day(days),
                text,
                team.actor,
                offer_id=given,
            )


def _meet(team: _Team, told: Told, entry: RegisterEntry) -> None:
    """Attendance, and each motion put, voted on and closed."""
    then = team.on(told["answers"]["dzien"])
    found = meetings.meeting(then, team.owner, entry.id)
    if not found.seats:
        meetings.list_seats(then, team.owner, entry.id, team.actor)
        found = meetings.meeting(then, team.owner, entry.id)
    seats = {one.label: one.id for one in found.seats}
    here = {one.id for one in found.seats if one.present}
    coming = {seats[one] for one in told["present"] if one in seats}
    if not here:
        meetings.record_attendance(then, team.owner, entry.id, [], sorted(coming), team.actor)
    for motion in told["motions"]:
        _vote(team, then, found, motion, seats)


def _vote(team: _Team, then: Context, found: Meeting, told: Told, seats: Mapping[str, int]) -> None:
    known = next((one for one in found.motions if one.text == told["text"]), None)
    if known is not None and known.outcome:
        return
    named, entry_id = "votes" in told, found.entry.id
    motion = known or votes.put(then, team.owner, entry_id, told["text"], named, team.actor)
    if named:
        given = {seats[name]: vote for name, vote in told["votes"].items() if name in seats}
        votes.cast(then, team.owner, entry_id, motion.number, given, team.actor)
    counted = None if named else Counts(*told["counts"])
    votes.close(then, team.owner, entry_id, motion.number, counted, told.get("note", ""), team.actor)


def _shelve(team: _Team) -> None:
    """Own items of the library; the text of a document is made here."""
    scope = items.Scope(gmina=team.gmina_code)
    own = search.search(team.context, scope, search.Asked(owner="own")).hits
    there = {one.item.title for one in own}
    for told in story()["library"]:
        if told["title"] not in there:
            given = {key: value for key, value in told.items() if key not in ("day", "lines")}
            text = "\n".join(told.get("lines", ()))
            draft = items.ItemDraft(**given, content=text.encode() if told["kind"] == shelf.DOCUMENT else b"")
            items.add(team.on(told["day"]), scope, draft, team.actor)


def _say(team: _Team) -> None:
    """What the team says of steps; what somebody said already stays."""
    seen = {one.step.id: one for one in process.view(team.context, team.gmina_code).steps}
    for told in story()["steps"]:
        if told["id"] in seen and seen[told["id"]].said is None:
            draft = StepDraft(
                told["state"],
                team.people.get(told.get("person", "")),
                team.day(told["due"]) if "due" in told else None,
                told.get("reason", ""),
                told.get("note", ""),
                0,
            )
            process.save_step(team.on(told["day"]), team.gmina_code, told["id"], draft, team.actor)
