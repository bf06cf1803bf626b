"""Codes of each round as bars of counts, and the moves between two rounds, one bar for each pair of codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.code_marks import Look, looks
from survey_app.analysis.charts.parts import LegendEntry
from survey_app.analysis.charts.primitives import Chart, Primitive, Rect, Text
from survey_app.analysis.charts.tones import label_tone
from survey_app.analysis.pdf.fonts import text_width
from survey_app.analysis.released import ReleasedRow, ReleasedTable
from survey_app.instrument.model import Code

_BASE_COLUMN = 46.0
_ARROW = " → "


def codes_by_round(rounds: Sequence[tuple[str, ReleasedTable]], codes: Sequence[Code]) -> Chart:
    """One bar for each round: label and its table of one row, whose columns are codes; lengths are counts."""
    look_of = looks(codes)
    longest = max((table.rows[0].base or 0 for _, table in rounds), default=0) or 1
    entries = [_legend_entry(code, look_of[code.id]) for code in codes]
    marks: list[Primitive] = list(parts.legend(entries, parts.LABELS, 9))
    top = 20.0
    for label, table in rounds:
        height = parts.row_height(label)
        marks += _round_bar(label, table, look_of, longest, top, height)
        top += height
    return Chart(parts.WIDTH, top + 2, _codes_finding(rounds, codes), _codes_told(rounds), tuple(marks))


def flows(matrix: ReleasedTable) -> Chart:
    """The table's rows are codes before, its columns codes after; moves are dark, those who stayed are outlined."""
    rows = _flow_rows(matrix)
    longest = max((count for *_, count in rows if count), default=1)
    entries = [LegendEntry("strong", "zmiana kodu"), LegendEntry("none", "bez zmiany", outline=True)]
    marks: list[Primitive] = list(parts.legend(entries, parts.LABELS, 9))
    top = 20.0
    for label, moved, count in rows:
        height = parts.row_height(label)
        marks += _flow_bar(label, count, longest, top, height, moved=moved)
        top += height
    told = "; ".join(
        f"{label}: {'dane ukryte' if count is None else polish.whole(count)}" for label, _, count in rows
    )
    alt = f"Wykres słupkowy: zmiany kodów między turami. {told}."
    return Chart(parts.WIDTH, top + 2, _flow_finding(rows), alt, tuple(marks))


def _legend_entry(code: Code, look: Look) -> LegendEntry:
    return LegendEntry(
        _bar_tone(look), code.label, outline=look.bar == "outline", hatched=look.bar == "hatched"
    )


def _bar_tone(look: Look) -> str:
    return look.ground if look.bar == "solid" else "ink"


def _round_bar(
    label: str, table: ReleasedTable, look_of: dict[str, Look], longest: int, top: float, height: float
) -> Iterator[Primitive]:
    yield from parts.row_label(label, top, height)
    row, width = table.rows[0], parts.WIDTH - parts.LABELS - _BASE_COLUMN
    bar_top = top + (height - parts.BAR) / 2
    if row.hidden or row.base is None:
        yield from parts.hidden_bar(parts.LABELS, bar_top, width)
        return
    x = parts.LABELS
    for column, count in zip(table.columns, row.counts, strict=True):
        length = width * (count or 0) / longest
        if count:
            yield from _piece(look_of[column.id], str(count), x, bar_top, length)
        x += length
    yield Text(parts.WIDTH, top + height / 2 + 3, f"n = {polish.whole(row.base)}", parts.SIZE, "end", "muted")


def _piece(look: Look, words: str, x: float, top: float, length: float) -> Iterator[Primitive]:
    tone = _bar_tone(look)
    if look.bar == "solid":
        yield Rect(x, top, length, parts.BAR, tone)
    else:
        yield Rect(x + 0.4, top + 0.4, max(length - 0.8, 0.4), parts.BAR - 0.8, tone, look.bar)
    room = text_width(words, parts.SIZE, bold=True) + 6
    if room > length:
        return
    middle = x + length / 2
    if look.bar == "hatched":  # a number over hatching is hard to read
        yield Rect(middle - room / 2, top + 1.5, room, parts.BAR - 3, "paper")
    on = label_tone(tone) if look.bar == "solid" else "ink"
    yield Text(middle, top + parts.BAR / 2 + 3, words, parts.SIZE, "middle", on, bold=True)


def _codes_finding(rounds: Sequence[tuple[str, ReleasedTable]], codes: Sequence[Code]) -> str:
    """The most favourable code's count, in the first and in the last round."""
    if not rounds or not codes:
        return "Brak liczb, które można pokazać"
    counts = [_count(table.rows[0], table, codes[0].id) for _, table in (rounds[0], rounds[-1])]
    if any(count is None for count in counts):
        return "Liczby kodów są ukryte, bo mogłyby wskazać pojedyncze instytucje"
    first, last = (polish.whole(count or 0) for count in counts)
    label = codes[0].label_plural
    return f"{label}: {first}" if len(rounds) == 1 else f"{label}: najpierw {first}, na koniec {last}"


def _count(row: ReleasedRow, table: ReleasedTable, code_id: str) -> int | None:
    ids = [column.id for column in table.columns]
    return row.counts[ids.index(code_id)] if code_id in ids else 0


def _codes_told(rounds: Sequence[tuple[str, ReleasedTable]]) -> str:
    sentences = ["Wykres słupkowy: liczba interesariuszy z każdym kodem w każdej turze."]
    for label, table in rounds:
        row = table.rows[0]
        told = ", ".join(
            f"{column.label} {'dane ukryte' if count is None else polish.whole(count)}"
            for column, count in zip(table.columns, row.counts, strict=True)
        )
        sentences.append(f"{label}: {told}.")
    return " ".join(sentences)


def _flow_rows(matrix: ReleasedTable) -> list[tuple[str, bool, int | None]]:
    """Label, whether the code changed, and the count; moves first. Pairs that nobody made are left out."""
    made = [
        (row.label + _ARROW + column.label, row.id != column.id, count)
        for row in matrix.rows
        if row.level == "group"
        for column, count in zip(matrix.columns, row.counts, strict=True)
        if count != 0
    ]
    return sorted(made, key=lambda one: not one[1])


def _flow_bar(
    label: str, count: int | None, longest: int, top: float, height: float, *, moved: bool
) -> Iterator[Primitive]:
    yield from parts.row_label(label, top, height, bold=moved)
    bar_top = top + (height - parts.BAR) / 2
    if count is None:
        yield from parts.hidden_bar(parts.LABELS, bar_top, 90)
        return
    length = (parts.WIDTH - parts.LABELS - _BASE_COLUMN) * count / longest
    if moved:
        yield Rect(parts.LABELS, bar_top, length, parts.BAR, "strong")
    else:
        yield Rect(
            parts.LABELS + 0.4, bar_top + 0.4, max(length - 0.8, 0.4), parts.BAR - 0.8, "none", "outline"
        )
    yield Text(parts.LABELS + length + 5, top + height / 2 + 3, polish.whole(count), parts.SIZE, bold=True)


def _flow_finding(rows: Sequence[tuple[str, bool, int | None]]) -> str:
    if any(count is None for *_, count in rows):
        return "Część zmian jest ukryta, bo mogłaby wskazać pojedyncze instytucje"
    moved = sum(count or 0 for _, changed, count in rows if changed)
    total = sum(count or 0 for *_, count in rows)
    return f"Kod zmienił się u {polish.whole(moved)} z {polish.whole(total)} ocenionych w obu turach"
