"""The example gminas' coding: two closed rounds in the large one, one that is being rated in the small one.

Everything goes through the use cases of a team, and each step looks first whether an earlier run made it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace

from survey_app import polish
from survey_app.instrument.model import Fact
from survey_app.services import accounts, team_people
from survey_app.services.coding import agree, coding_history, coding_rounds, evidence, rate
from survey_app.services.coding.agree import LaidOpen
from survey_app.services.coding.coding_rounds import CodingRound, RoundDraft
from survey_app.services.coding.evidence import EvidenceDraft
from survey_app.services.coding.rate import GivenRating
from survey_app.services.context import Context
from survey_app.services.demo.ratings import made_up, story
from survey_app.services.register import catalogue, declarations
from survey_app.services.register.catalogue import Stakeholder
from survey_app.services.register.declarations import DeclarationDraft

FIRST, SECOND, RUNNING = "Tura 1: na początku", "Tura 2: przed Paktem", "Tura 1 (przykład, trwa)"
SCHEME, SUPPORTER, NEUTRAL = "trzy_kody", "zwolennik", "neutralny"
EARLY = dt.timedelta(weeks=10)  # the first round, before now
BETWEEN = dt.timedelta(weeks=4)
RECENT = dt.timedelta(days=3)
MEETING = dt.timedelta(days=1)  # from the opening of a round to the decisions
ALREADY_RATED = 9  # institutions that the others have rated in the round that is open

MEMBER_EMAIL: str = story()["members"][0][1]


def team(context: Context, gmina_code: str, coordinator: str, password: str) -> list[int]:
    """The members, who also represent institutions; ids of all seats, the coordinator's first."""
    names = {row.name: row.id for row in catalogue.stakeholders(context, gmina_code)}
    seats = [_person_id(context, coordinator)]
    for name, email, represents in story()["members"]:
        if email == MEMBER_EMAIL and accounts.find_person(context, email) is None:
            accounts.create_user(context, email, name, password, member_of=gmina_code)
        team_people.add_member(context, gmina_code, email, name, actor=seats[0])
        seats.append(_person_id(context, email))
        if represents in names:
            team_people.set_representations(
                context, gmina_code, seats[-1], [names[represents]], actor=seats[0]
            )
    return seats


def is_coded(context: Context, gmina_code: str) -> bool:
    """Are both closed rounds there, with their correction?"""
    closed = [one for one in coding_rounds.rounds(context, gmina_code) if one.stage == "closed"]
    return len(closed) > 1 and _corrected(context, gmina_code, closed[0])


def is_running(context: Context, gmina_code: str) -> bool:
    """Was the round to try out ever made as a whole?"""
    found = _round(context, gmina_code, RUNNING)
    if found is None or found.stage != "rating":
        return found is not None
    view = coding_rounds.round_view(context, gmina_code, found.id)
    return sum(seat.rated for seat in view.raters) >= ALREADY_RATED * (len(view.raters) - 2)


def code_twice(context: Context, gmina_code: str, seats: list[int]) -> None:
    """A round at the start, what was declared since, and a round before the Pakt, with one correction."""
    everyone = catalogue.stakeholders(context, gmina_code)
    now = context.clock()
    begin = max(now - EARLY, _morning(max(one.joined_on for one in everyone)))
    later = max(begin, now - RECENT)
    first = [one for one in everyone if one.name not in story()["came_later"]]
    second = [one for one in everyone if one.name not in story()["gone_since"]]
    _hold(context, begin, gmina_code, (FIRST, "start"), first, seats)
    _declare(_at(context, min(begin + BETWEEN, later)), gmina_code, everyone, seats[0])
    _hold(context, later, gmina_code, (SECOND, "before_pact"), second, seats)
    _correct(context, gmina_code, everyone, seats[0])


def begin_round(context: Context, gmina_code: str, seats: list[int]) -> None:
    """A round that somebody can try: the others have begun, the printed member has not."""
    found = _round(context, gmina_code, RUNNING)
    everyone = catalogue.stakeholders(context, gmina_code)
    if found is None:
        until = context.today() + dt.timedelta(days=14)
        found = _open(context, gmina_code, (RUNNING, "start"), everyone, seats, until)
    if found.stage == "rating":
        _rate(context, found, everyone[:ALREADY_RATED], [seats[0], *seats[2:]])


def _hold(
    context: Context,
    opens: dt.datetime,
    gmina_code: str,
    named: tuple[str, str],
    stakeholders: Collection[Stakeholder],
    seats: list[int],
) -> None:
    """A whole round, in the past: opened, rated by each, laid open, decided, closed. `named`: title and occasion."""
    past, met = _at(context, opens), _at(context, min(opens + MEETING, context.clock()))
    found = _round(context, gmina_code, named[0])
    found = found or _open(past, gmina_code, named, stakeholders, seats)
    if found.stage == "rating":
        _rate(past, found, stakeholders, seats)
        coding_rounds.lay_open(met, gmina_code, found.id, seats[0])
    if found.stage != "closed":
        _decide(met, gmina_code, found.id, seats[0], later=named[0] == SECOND)
        coding_rounds.close(met, gmina_code, found.id, seats[0])


def _open(
    context: Context,
    gmina_code: str,
    named: tuple[str, str],
    stakeholders: Iterable[Stakeholder],
    seats: list[int],
    until: dt.date | None = None,
) -> CodingRound:
    chosen = tuple(one.id for one in stakeholders)
    draft = RoundDraft(*named, SCHEME, chosen, tuple(seats), until)
    return coding_rounds.open_round(context, gmina_code, draft, seats[0])


def _rate(
    context: Context, found: CodingRound, stakeholders: Iterable[Stakeholder], raters: Iterable[int]
) -> None:
    """A rating that an interrupted run saved is the same one, and is not written again."""
    own = {one.person_id: one for one in team_people.team(context, found.gmina_code)}
    listed = list(stakeholders)
    for person_id in raters:
        represented = {stakeholder_id for stakeholder_id, _ in own[person_id].represents}
        given = [
            GivenRating(stakeholder.id, criterion, draft)
            for stakeholder in listed
            if stakeholder.id not in represented
            for criterion, draft in made_up(stakeholder, own[person_id].name, found.title == SECOND).items()
        ]
        rate.save_ratings(context, found.gmina_code, found.id, person_id, given)


def _decide(context: Context, gmina_code: str, round_id: int, actor: int, *, later: bool) -> None:
    """Votes where the team differs, then what all agree on at once, then one by one."""
    for laid in _undecided(context, gmina_code, round_id) if later else ():
        _vote(context, gmina_code, round_id, laid, actor)
    agree.confirm_agreed(context, gmina_code, round_id, actor)
    for laid in _undecided(context, gmina_code, round_id):
        own = laid.stakeholder.stakeholder_id
        reason = agree.composed_reason(laid) if laid.proposed else story()["own_reason"]
        made = agree.decide(context, gmina_code, round_id, own, laid.proposed or NEUTRAL, reason, actor, None)
        if Fact.CONTRIBUTION in laid.facts:
            draft = EvidenceDraft("catalogue", str(own), story()["catalogue_evidence"])
            evidence.attach_to_decision(context, gmina_code, made.id, draft, actor)


def _undecided(context: Context, gmina_code: str, round_id: int) -> list[LaidOpen]:
    entries = agree.overview(context, gmina_code, round_id).entries
    return [laid for laid in entries if laid.decision is None]


def _vote(context: Context, gmina_code: str, round_id: int, laid: LaidOpen, actor: int) -> None:
    """A show of hands where the story tells of one: on the proposal, or on the supporter's code."""
    counts = {name: votes for name, *votes in story()["hands"]}.get(laid.stakeholder.name)
    if counts is not None:
        code = laid.proposed or SUPPORTER
        reason = story()["hand_reasons"][code]
        own, (votes_for, against, abstained) = laid.stakeholder.stakeholder_id, counts
        agree.record_show_of_hands(
            context, gmina_code, round_id, own, code, reason, votes_for, against, abstained, actor
        )


def _declare(context: Context, gmina_code: str, everyone: Iterable[Stakeholder], actor: int) -> None:
    """Resources that institutions promised, and one refusal; each once."""
    told = {name: ("contribution", text, resource) for name, resource, text in story()["contributions"]}
    refusing, text = story()["refusal"]
    told[refusing] = ("refusal", text, None)
    for one in everyone:
        if one.name in told and not declarations.declarations(context, gmina_code, one.id):
            kind, description, resource = told[one.name]
            draft = DeclarationDraft(kind, description, context.today(), resource)
            declarations.add_declaration(context, gmina_code, one.id, draft, actor)


def _correct(context: Context, gmina_code: str, everyone: Iterable[Stakeholder], actor: int) -> None:
    """One code of the closed second round was a slip of the pen."""
    found = _round(context, gmina_code, SECOND)
    assert found is not None
    if not _corrected(context, gmina_code, found):
        slip = next(one for one in everyone if one.name == story()["correction"]["institution"])
        laid = agree.laid_open(context, gmina_code, found.id, slip.id, actor)
        assert laid.decision is not None
        code = SUPPORTER if laid.decision.code == NEUTRAL else NEUTRAL
        agree.correct(context, gmina_code, found.id, slip.id, code, story()["correction"]["reason"], actor)


def _corrected(context: Context, gmina_code: str, found: CodingRound) -> bool:
    return bool(coding_history.closed_round(context, gmina_code, found.id).corrections)


def _round(context: Context, gmina_code: str, title: str) -> CodingRound | None:
    return next((one for one in coding_rounds.rounds(context, gmina_code) if one.title == title), None)


def _person_id(context: Context, email: str) -> int:
    found = accounts.find_person(context, email)
    assert found is not None
    return found.id


def _at(context: Context, moment: dt.datetime) -> Context:
    return replace(context, clock=lambda: moment)


def _morning(day: dt.date) -> dt.datetime:
    """The first moment of a day in Poland."""
    return dt.datetime.combine(day, dt.time(), tzinfo=polish.WARSAW).astimezone(dt.UTC)
