"""What in a planned interview departs from its scenario or from the calendar; each told in one sentence.

METHOD, "IDI and FGI": one person at a time in an IDI, 6 to 12 people and 1 to 2 hours in an FGI.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.services.context import Context
from survey_app.services.interviewing.interview_scenario import FORMS, Limits
from survey_app.store import interviews as store
from survey_app.store.interviews import Interview

LONGEST = dt.timedelta(minutes=600)


class Plan(Protocol):
    """What is looked at in a draft and in a kept interview alike."""

    @property
    def starts_at(self) -> dt.datetime: ...
    @property
    def minutes(self) -> int: ...
    @property
    def moderator_id(self) -> int | None: ...
    @property
    def seats(self) -> tuple[object, ...] | list[object]: ...


def departures(
    context: Context,
    session: Session,
    gmina_code: str,
    form: str,
    limits: Limits,
    plan: Plan,
    own: Interview | None,
) -> list[str]:
    """`own`: the interview that the plan changes; a date that it had already is not told again."""
    moved = own is None or own.starts_at != plan.starts_at
    return [
        *scenario_departures(form, limits, len(plan.seats), plan.minutes),
        *(_past(plan.starts_at, context.clock()) if moved else ()),
        *_clashes(session, gmina_code, plan, own.id if own is not None else None),
    ]


def scenario_departures(form: str, limits: Limits, people: int, minutes: int) -> list[str]:
    """An FGI whose people are not known yet departs from nothing."""
    told = people_departures(form, limits, people) if people else []
    if not limits.minutes_low <= minutes <= limits.minutes_high:
        wanted = f"od {limits.minutes_low} do {limits.minutes_high}"
        told.append(f"Czas {FORMS[form]}: w planie {minutes} min, według metody {wanted} min.")
    return told


def people_departures(form: str, limits: Limits, people: int) -> list[str]:
    if limits.people_low <= people <= limits.people_high:
        return []
    low, high = limits.people_low, limits.people_high
    wanted = str(low) if low == high else f"od {low} do {high}"
    return [f"Liczba osób w {FORMS[form]}: {people}, według metody {wanted}."]


def _past(starts_at: dt.datetime, now: dt.datetime) -> list[str]:
    return [f"Ten termin już minął: {polish.moment(starts_at)}."] if starts_at < now else []


def _clashes(session: Session, gmina_code: str, plan: Plan, own_id: int | None) -> list[str]:
    if plan.moderator_id is None:
        return []
    ends_at = plan.starts_at + dt.timedelta(minutes=plan.minutes)
    near = store.planned_between(session, plan.moderator_id, plan.starts_at - LONGEST, ends_at)
    return [
        _clash_words(other, gmina_code)
        for other in near
        if other.id != own_id and other.starts_at + dt.timedelta(minutes=other.minutes) > plan.starts_at
    ]


def _clash_words(other: Interview, gmina_code: str) -> str:
    """Of another gmina's interview nothing is told but that it is there."""
    if other.gmina_code != gmina_code:
        return "Moderator prowadzi w tym czasie wywiad w innej gminie."
    return (
        f"Moderator prowadzi w tym czasie inny wywiad: {FORMS[other.form]}, {polish.moment(other.starts_at)}."
    )
