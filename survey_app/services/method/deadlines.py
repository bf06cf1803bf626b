"""Days that a team should not miss: steps with a day, papers that are due again, days that follow from papers."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_app import polish
from survey_app.instrument.paper_model import Deadline
from survey_app.services.context import Context
from survey_app.services.method import definitions
from survey_app.services.method.partnership import PACT
from survey_app.services.method.process import ProcessView
from survey_app.store import papers
from survey_app.store.papers import Paper

AHEAD = dt.timedelta(days=60)  # how long before its day something is shown


@dataclass(frozen=True, slots=True)
class Due:
    """`paper_id` or `step_id` says where it leads; a form that is due again has its `key` instead."""

    day: dt.date
    words: str
    late: bool
    paper_id: int | None = None
    step_id: str = ""
    key: str = ""


def due(context: Context, gmina_code: str, view: ProcessView) -> Sequence[Due]:
    """Past ones and those of the next sixty days, the earliest first."""
    today = context.today()
    held = [one for one in view.facts.held if one.state != "withdrawn"]
    with context.database.reading() as session:
        newest = papers.newest_answers(session, gmina_code) if held else {}
    found = [*_of_steps(view, today), *_again(held, today), *_of_papers(held, newest, today)]
    return sorted((one for one in found if one.day <= today + AHEAD), key=lambda one: (one.day, one.words))


def _of_steps(view: ProcessView, today: dt.date) -> Iterator[Due]:
    for one in view.steps:
        if one.said and one.said.due_on and not one.over:
            yield Due(one.said.due_on, one.step.title, one.said.due_on < today, step_id=one.step.id)


def _again(held: Sequence[Paper], today: dt.date) -> Iterator[Due]:
    """A form that repeats is due so many months after the last one was agreed to, or else begun; the first one, so many
    after the Pakt was agreed to.
    """
    pacts = [one.agreed_on for one in held if one.key == PACT and one.agreed_on]
    for key, definition in definitions.papers().items():
        months = definitions.rules_of(definition).repeat_months
        days = [
            one.agreed_on or one.created_at.astimezone(polish.WARSAW).date() for one in held if one.key == key
        ]
        if months and (days or pacts):
            day = months_after(max(days) if days else min(pacts), months)
            time = "następny raz" if days else "pierwszy raz"
            yield Due(day, f"{definition.title}: {time}", day < today, key=key)


def _of_papers(
    held: Sequence[Paper], newest: Mapping[int, Mapping[str, Any]], today: dt.date
) -> Iterator[Due]:
    known = definitions.papers()
    for paper in held:
        definition = known.get(paper.key)
        if definition is None:  # a paper of a file that is there no more
            continue
        for one in definitions.rules_of(definition).deadlines:
            day = _day_of(one, newest[paper.id], today)
            if day is not None:
                yield Due(day, f"{paper.title}: {one.label}", day < today, paper_id=paper.id)


def _day_of(deadline: Deadline, answers: Mapping[str, Any], today: dt.date) -> dt.date | None:
    if deadline.yearly:
        month, day = (int(part) for part in deadline.yearly.split("-"))
        this_year = _day(today.year, month, day)
        return this_year if this_year >= today else _day(today.year + 1, month, day)
    given = answers.get(deadline.question)
    return dt.date.fromisoformat(given) + dt.timedelta(days=deadline.days) if isinstance(given, str) else None


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last one."""
    year, month = divmod(day.month - 1 + months, 12)
    return _day(day.year + year, month + 1, day.day)


def _day(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))
