"""How answers came in, in the steps that the monitor showed while the campaign ran, and in no finer ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from survey_app import polish
from survey_app.analysis.disclosure.maker import GMINA, GMINA_LABEL, make_table
from survey_app.analysis.released import Column, ReleasedRow, ReleasedTable

STEP = 5  # METHOD, "The ankieta": the number of answers in steps of at least 5, refreshed once a day


def release_steps(shown: Sequence[tuple[dt.date, int]], percent_from: int) -> ReleasedTable | None:
    """A column for each morning on which the monitor's number was another one than before; None under two of them.

    ValueError for a number that is not a multiple of `STEP`, that falls, or that stands on an earlier day than the one
    before it: such numbers were never shown to anybody, and may not be now.
    """
    grown: list[tuple[dt.date, int]] = []
    last_day, last = dt.date.min, -STEP
    for day, count in shown:
        if count % STEP or count < last or day <= last_day:
            raise ValueError(f"{count} on {day:%Y-%m-%d} is no step of the monitor")
        if count > last:
            grown.append((day, count))
        last_day, last = day, count
    if len(grown) < 2:
        return None
    columns = [Column(day.isoformat(), polish.date(day)) for day, _ in grown]
    row = ReleasedRow(GMINA, GMINA_LABEL, "gmina", last, tuple(count for _, count in grown))
    title = f"Ankiety otrzymane do rana danego dnia, w krokach po {STEP}"
    return make_table("response_steps", title, columns, [row], percent_from)
