"""At what hour an entry begins, and where: what is wrong with an hour that was typed, and the moment that it means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from survey_app.errors import Fault
from survey_app.forms.staff_fields import read_time, warsaw_moment
from survey_app.instrument.model import Instrument
from survey_app.instrument.register_model import RegisterRules
from survey_app.instrument.values import Value
from survey_app.store.registers import RegisterEntry


def hour_faults(
    rules: RegisterRules, definition: Instrument, answers: Mapping[str, Value], day: dt.date | None
) -> list[Fault]:
    """An hour that no clock shows, or that clocks in Poland show never or twice on the `day`. `definition`: the one
    that was filled in; its rules may be older than `rules`.
    """
    typed = _text(answers, rules.hour)
    if not typed:
        return []
    name = definition.by_id[rules.hour].text.rstrip(" :")
    try:
        read_time(typed)
    except ValueError:
        message = f"„{name}”: nie ma godziny „{typed}”."
        hint = "Prosimy wpisać godzinę i minuty, na przykład 16:30."
        return [Fault("entry.hour", rules.hour, message, hint)]
    try:
        if day is not None:
            warsaw_moment(day.isoformat(), typed)
    except ValueError as error:
        said = str(error)
        return [Fault("entry.clocks", rules.hour, f"„{name}”: {said[0].lower()}{said[1:]}")]
    return []


def with_plain_hour(rules: RegisterRules, answers: Mapping[str, Value]) -> dict[str, Value]:
    """The answers, with a right hour as HH:MM: "9.05" is "09:05"."""
    typed = _text(answers, rules.hour)
    return {**answers, rules.hour: [f"{read_time(typed):%H:%M}"]} if typed else dict(answers)


def begins_at(rules: RegisterRules, entry: RegisterEntry) -> dt.datetime | None:
    """The moment in UTC. None: the entry has no hour, or one that is no single moment; older entries may."""
    typed = _text(entry.answers, rules.hour)
    if entry.starts_on is None or not typed:
        return None
    try:
        return warsaw_moment(entry.starts_on.isoformat(), typed)
    except ValueError:
        return None


def place_of(rules: RegisterRules, entry: RegisterEntry) -> str:
    """Where it is; empty where nobody said."""
    return _text(entry.answers, rules.place)


def _text(answers: Mapping[str, Value], question_id: str) -> str:
    value = answers.get(question_id)
    return " ".join(" ".join(value).split()) if isinstance(value, list) else ""
