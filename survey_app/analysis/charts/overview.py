"""All questions with the same answers on one sheet: stacked bars of everyone who sent a form, none left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.parts import LegendEntry, Segment
from survey_app.analysis.charts.primitives import Chart, Primitive
from survey_app.analysis.released import ReleasedRow, ReleasedTable

NO_ANSWER = "bez odpowiedzi lub nie dotyczy"
_TONES = ("strong", "soft", "step2", "step1")
_LABELS = 236.0  # the wording of a question needs more room than the name of a group
_HEAD = 22.0


def overview_chart(questions: Sequence[tuple[str, ReleasedTable]], forms: int) -> Chart:
    """One bar for each question: label, and its table whose first row is the whole gmina.

    Every bar is as long as `forms`, so that lengths compare; what has no answer is outlined. Tables share columns.
    """
    marks: list[Primitive] = list(parts.legend(_legend(questions, forms), 0, 9))
    top = _HEAD
    for label, table in questions:
        height = parts.row_height(label, _LABELS)
        marks += _bar(label, table.rows[0], forms, top, height)
        top += height
    told = describe(questions, forms)
    return Chart(parts.WIDTH, top + 2, finding(questions), told, tuple(marks))


def finding(questions: Sequence[tuple[str, ReleasedTable]]) -> str:
    """In how many questions the first answer (TAK) has more than half; of those who answered, and of those shown."""
    shown = [table for _, table in questions if _is_shown(table.rows[0])]
    if not shown:
        return "Wyniki dla całej gminy są ukryte, bo mogłyby wskazać konkretne osoby"
    most = sum(2 * (table.rows[0].counts[0] or 0) > (table.rows[0].base or 0) for table in shown)
    answer = shown[0].columns[0].label
    of = "pokazanych pytań" if len(shown) < len(questions) else "pytań"
    return f"{answer} to ponad połowa odpowiedzi w {polish.whole(most)} z {polish.whole(len(shown))} {of}"


def describe(questions: Sequence[tuple[str, ReleasedTable]], forms: int) -> str:
    """The alternative text: every bar in words."""
    sentences = [f"Wykres słupkowy: odpowiedzi z całej gminy, pytanie po pytaniu; ankiet: {forms}."]
    for label, table in questions:
        row = table.rows[0]
        told = "dane ukryte"
        if _is_shown(row):
            pieces = [
                (column.label, count or 0) for column, count in zip(table.columns, row.counts, strict=True)
            ]
            pieces.append((NO_ANSWER, without_answer(row, forms)))
            told = ", ".join(f"{words} {polish.whole(count)}" for words, count in pieces)
        sentences.append(f"{label.rstrip('.:?')}: {told}.")
    return " ".join(sentences)


def without_answer(row: ReleasedRow, forms: int) -> int:
    """Forms without an answer here. Both numbers are printed beside each other anyway, so it tells nothing new."""
    return max(forms - (row.base or 0), 0)


def _is_shown(row: ReleasedRow) -> bool:
    return not row.hidden


def _legend(questions: Sequence[tuple[str, ReleasedTable]], forms: int) -> list[LegendEntry]:
    columns = max((table.columns for _, table in questions), key=len)
    entries = [LegendEntry(tone, column.label) for tone, column in zip(_TONES, columns, strict=False)]
    rows = [table.rows[0] for _, table in questions]
    if any(without_answer(row, forms) for row in rows if _is_shown(row)):
        entries.append(LegendEntry("none", NO_ANSWER, outline=True))
    if not all(_is_shown(row) for row in rows):
        entries.append(LegendEntry("hidden", "dane ukryte", hatched=True))
    return entries


def _bar(label: str, row: ReleasedRow, forms: int, top: float, height: float) -> Iterator[Primitive]:
    yield from parts.row_label(label, top, height, width=_LABELS)
    width, bar_top = parts.WIDTH - _LABELS, top + (height - parts.BAR) / 2
    if not _is_shown(row):
        yield from parts.hidden_bar(_LABELS, bar_top, width)
        return
    bars = [
        Segment((count or 0) / forms, tone, polish.whole(count or 0))
        for count, tone in zip(row.counts, _TONES, strict=False)
    ]
    rest = without_answer(row, forms)
    yield from parts.segments(
        [*bars, Segment(rest / forms, "none", polish.whole(rest), outline=True)], _LABELS, bar_top, width
    )
