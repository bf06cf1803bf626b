"""What monitoring begins with from registers: how many needs, what was hard, and the figures of the last time.

Each says where it comes from and of which days, for the team can change all of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from survey_app import polish
from survey_app.instrument.paper_model import ROW_ID, Row
from survey_app.services.context import Context
from survey_app.services.registers import bank, diary
from survey_app.services.registers.definitions import registers as defined
from survey_app.store import registers

HALF_A_YEAR = dt.timedelta(days=182)
INDICATORS = "wskazniki"  # the table of `monitoring`
RAISED, ANSWERED = "potrzeby", "zaspokojone"  # its rows
PLAN, PLAN_OBSTACLE = "terminarz", "obstacle"
MOST = 2_500  # letters of difficulties; the questions take 3,000


def period(last_end: str | None, today: dt.date) -> tuple[dt.date, dt.date]:
    """Since the end of the newest monitoring, else the last half of a year; both days included."""
    end = dt.date.fromisoformat(last_end) if last_end else None
    first = end + dt.timedelta(days=1) if end is not None and end < today else today - HALF_A_YEAR
    return first, today


def indicators(context: Context, gmina_code: str, days: tuple[dt.date, dt.date], last: object) -> list[Row]:
    """Rows of the indicators, by their ids: needs of the bank for these days, and what `last` (the same table of the
    newest monitoring) said of now. A bank without needs for these days counts nothing.
    """
    before = {one[ROW_ID]: one["teraz"] for one in _rows(last) if one.get("teraz") and one.get(ROW_ID)}
    rows: dict[str, dict[str, str]] = {key: {"poprzednio": number} for key, number in before.items()}
    with context.database.reading() as session:
        counted = bank.counts(session, gmina_code, *days)
    if counted.raised:
        source = f"z rejestru „{_title(bank.NEEDS)}”, {_between(days)}"
        for key, number in ((RAISED, counted.raised), (ANSWERED, counted.answered)):
            rows.setdefault(key, {}).update(teraz=str(number), uwagi=source)
    return [{ROW_ID: key, **row} for key, row in rows.items()]


def plan_difficulties(context: Context, gmina_code: str, days: tuple[dt.date, dt.date]) -> str:
    """What was hard in the team's own tasks, from their logs."""
    return _difficulties(context, gmina_code, PLAN, PLAN_OBSTACLE, days)


def partner_difficulties(context: Context, gmina_code: str, days: tuple[dt.date, dt.date]) -> str:
    """What was hard in the actions towards institutions, from their logs; whom an action is about is not said."""
    return _difficulties(context, gmina_code, diary.REGISTER, diary.OBSTACLE, days)


def _difficulties(
    context: Context, gmina_code: str, key: str, kind: str, days: tuple[dt.date, dt.date]
) -> str:
    """A line for each, by days; those that do not fit are counted."""
    with context.database.reading() as session:
        found = registers.told(session, gmina_code, key, kind, *days)
    if not found:
        return ""
    lines = [f"Z dziennika rejestru „{_title(key)}”, {_between(days)}:"]
    for number, (day, title, words) in enumerate(found):
        line = f"{polish.date_short(day)}, „{title}”: {' '.join(words.split())}"
        if sum(map(len, lines)) + len(lines) + len(line) > MOST:
            left = polish.counted(len(found) - number, "wpis", "wpisy", "wpisów")
            return "\n".join([*lines, f"W dzienniku: jeszcze {left}, które się tu nie zmieściły."])
        lines.append(line)
    return "\n".join(lines)


def _between(days: tuple[dt.date, dt.date]) -> str:
    return f"od {polish.date_short(days[0])} do {polish.date_short(days[1])}"


def _title(key: str) -> str:
    found = defined().get(key)
    return found.title if found else key


def _rows(found: object) -> Sequence[Mapping[str, str]]:
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else ()
