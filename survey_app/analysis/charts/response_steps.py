"""Answers over time: a stair from the monitor's steps, closed by the number that the lock found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.primitives import Chart, Circle, Line, Primitive, Rect, Text
from survey_app.analysis.pdf.fonts import text_width
from survey_app.analysis.released import ReleasedTable

_TOP, _HEIGHT = 16.0, 120.0
_LEFT = 30.0
_BOTTOM = _TOP + _HEIGHT
_SPACING = 6.0  # between two dates on the axis


def steps_chart(steps: ReleasedTable, opened: dt.date, closed: dt.date, answered: int) -> Chart:
    """`steps`: columns are mornings (ids are ISO dates), counts what there was at least. `answered`: in the end.

    The stair shows the morning's number until the next one; answers of the last day come in with the lock.
    """
    counts = zip(steps.columns, steps.rows[0].counts, strict=True)
    days = [(dt.date.fromisoformat(column.id), count or 0) for column, count in counts]
    first, last = min(opened, days[0][0]), max(closed, days[-1][0])
    plot = _Plot(first, (last - first).days + 1, _ceiling(max(answered, days[-1][1])))
    marks = [*_grid(plot), *_stair(plot, days), *_end(plot, answered), *_dates(plot, days)]
    return Chart(parts.WIDTH, _BOTTOM + 26, finding(days, answered), describe(days, answered), tuple(marks))


def finding(days: Sequence[tuple[dt.date, int]], answered: int) -> str:
    """The first morning on which at least half of all answers were there for certain."""
    forms = polish.counted(answered, "ankiety", "ankiet", "ankiet")
    for day, count in days:
        if answered and 2 * count >= answered:
            return f"Co najmniej połowa z {forms} była już {polish.date(day)} rano"
    return f"Większość z {forms} przyszła pod koniec"


def describe(days: Sequence[tuple[dt.date, int]], answered: int) -> str:
    """Every step in words."""
    told = "; ".join(f"{polish.date(day)}: {polish.whole(count)}" for day, count in days)
    return (
        f"Wykres schodkowy: ile ankiet co najmniej było rano danego dnia. {told}. "
        f"Po zakończeniu: {polish.whole(answered)}."
    )


class _Plot:
    """Days to the right, from the first morning to the end of the last day; counts upwards."""

    def __init__(self, first: dt.date, days: int, ceiling: int) -> None:
        self.first, self.days, self.ceiling = first, days, ceiling
        self.right = parts.WIDTH - 34

    def x(self, day: dt.date) -> float:
        return _LEFT + (self.right - _LEFT) * (day - self.first).days / self.days

    def y(self, count: int) -> float:
        return _BOTTOM - _HEIGHT * count / self.ceiling


def _ceiling(most: int) -> int:
    """The next round number, so that the axis ends on a label; at least 10."""
    step = _tick(most)
    return max(10, -(-most // step) * step)


def _tick(most: int) -> int:
    """5, 10, 20, 50, 100, 200, ...: between two and six lines."""
    size = 5
    while most / size > 6:
        size = size * 5 // 2 if str(size).startswith("2") else size * 2
    return size


def _grid(plot: _Plot) -> Iterator[Primitive]:
    for count in range(0, plot.ceiling + 1, _tick(plot.ceiling)):
        y = plot.y(count)
        yield Line(_LEFT, y, plot.right, y, "rule" if count else "ink", 0.5 if count else 0.8)
        yield Text(_LEFT - 6, y + 3, polish.whole(count), parts.SMALL, "end", "muted")
    yield Text(0, 8, "ankiety (co najmniej)", parts.SMALL, tone="muted")


def _stair(plot: _Plot, days: Sequence[tuple[dt.date, int]]) -> Iterator[Primitive]:
    ends = [*(plot.x(day) for day, _ in days[1:]), plot.right]
    before = 0
    for (day, count), end in zip(days, ends, strict=True):
        x, y = plot.x(day), plot.y(count)
        if count:
            yield Rect(x, y, end - x, _BOTTOM - y, "step1")
        yield Line(x, plot.y(before), x, y, "strong", 1.4)
        yield Line(x, y, end, y, "strong", 1.4)
        if count:
            yield Text(x + 3, y - 4, polish.whole(count), parts.SMALL, bold=True)
        before = count


def _end(plot: _Plot, answered: int) -> Iterator[Primitive]:
    y = plot.y(answered)
    yield Circle(plot.right, y, 3.4, "strong")
    yield Text(plot.right + 7, y + 3, polish.whole(answered), parts.SIZE, bold=True)


def _dates(plot: _Plot, days: Sequence[tuple[dt.date, int]]) -> Iterator[Primitive]:
    """Under each step its day, as far as there is room; those that stand too close are left to the table."""
    free = 0.0
    for day, _ in days:
        words = f"{day.day}.{day.month:02d}"
        half = text_width(words, parts.SMALL) / 2
        x = plot.x(day)
        if x - half < free:
            continue
        yield Line(x, _BOTTOM, x, _BOTTOM + 3, "ink", 0.8)
        yield Text(x, _BOTTOM + 12, words, parts.SMALL, "middle", "muted")
        free = x + half + _SPACING
    if plot.right - text_width("koniec", parts.SMALL) / 2 > free:
        yield Text(plot.right, _BOTTOM + 12, "koniec", parts.SMALL, "middle", "muted")
