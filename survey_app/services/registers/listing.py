"""A register's entries as a list: which of them, in which order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey_app import polish
from survey_app.services.registers.definitions import rules_of
from survey_app.services.registers.entries import Listed
from survey_app.store.registers import RegisterEntry

OPEN, LATE = "otwarte", "po-terminie"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows; empty: everything. `state`: OPEN, LATE, or the id of a state. `words`: in the title.

    `choices`: question of one choice -> the option. `stakeholder_id`, `sector`: what the entries are about.
    """

    state: str = ""
    person_id: int | None = None
    words: str = ""
    stakeholder_id: int | None = None
    sector: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


def filtered(listed: Listed, wanted: Wanted) -> list[RegisterEntry]:
    """What is wanted: first what is still expected, by days, then what is over, the newest first."""
    found = [one for one in listed.entries if _is_wanted(listed, one, wanted)]
    expected = [one for one in found if not _is_over(listed, one)]
    ended = [one for one in found if _is_over(listed, one)]
    return sorted(expected, key=_day) + sorted(ended, key=_day, reverse=True)


def _is_wanted(listed: Listed, one: RegisterEntry, wanted: Wanted) -> bool:
    if wanted.state == OPEN:
        in_state = not _is_over(listed, one)
    elif wanted.state == LATE:
        in_state = one.id in listed.late
    else:
        in_state = wanted.state in ("", one.state)
    return (
        in_state
        and wanted.person_id in (None, one.person_id)
        and wanted.stakeholder_id in (None, one.stakeholder_id)
        and wanted.sector in ("", one.sector)
        and polish.fold(wanted.words) in polish.fold(one.title)
        and all(_chosen(one, question) == option for question, option in wanted.choices.items() if option)
    )


def _is_over(listed: Listed, one: RegisterEntry) -> bool:
    return rules_of(listed.definition).known_state(one.state).final


def _chosen(one: RegisterEntry, question_id: str) -> str:
    value = one.answers.get(question_id)
    return str(value.get("option", "")) if isinstance(value, dict) else ""


def _day(one: RegisterEntry) -> tuple[dt.date, int]:
    """Without a day comes last."""
    return one.due_on or one.starts_on or dt.date.max, one.id


def about_words(listed: Listed, one: RegisterEntry) -> str:
    """Whom an entry is about; empty for none."""
    if one.stakeholder_id is not None:
        return listed.stakeholders.get(one.stakeholder_id, "?")
    return f"sektor: {listed.sectors.get(one.sector, one.sector)}" if one.sector else ""


def state_label(listed: Listed, one: RegisterEntry) -> str:
    """The state in words; a state that the file no longer has, as it is."""
    return rules_of(listed.definition).known_state(one.state).label


def state_labels(listed: Listed, found: Sequence[RegisterEntry]) -> dict[int, str]:
    """Id of an entry -> its state in words."""
    return {one.id: state_label(listed, one) for one in found}
