"""Sectors over gminas, and the sums of answers: how many gminas are in each sum, and how many are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from survey_app import polish
from survey_app.analysis.charts.regions import SpreadLine, spread_chart, sums_chart
from survey_app.analysis.diagnoza.document import Block, BulletList, Chapter, Figure, Paragraph, Subheading
from survey_app.analysis.rollup.region_readiness import EACH_ALIKE
from survey_app.analysis.rollup.region_tables import (
    WIDEST,
    few_note,
    measure_table,
    notes_of,
    question_table,
    title_of,
)
from survey_app.analysis.rollup.regions import Measure, RegionQuestion, RollUp

_BARS = 12  # of one chart, so that it fits on a page with its words
_MOST_COLUMNS = 4
_NO_SUMS = "Żadnej sumy odpowiedzi nie można tu pokazać."
_HOW_TO_READ = (
    "Sumy odpowiedzi z gmin, których liczby wolno dodać. Kolumna „Gminy w sumie” mówi, ile z gmin z kampanią jest w "
    "sumie; n to liczba instytucji, które odpowiedziały na pytanie."
)
Entry = TypeVar("Entry")


def sectors_chapter(found: RollUp) -> Chapter:
    """Empty where no sector has a score in three gminas."""
    if not any(one.spread for one in found.sectors):
        return Chapter("", "Gotowość sektorów", "sektory", [])
    blocks: list[Block] = [
        Paragraph(
            "Gotowość sektora w jednej gminie liczy się tak samo jak gotowość gminy. Tu widać, jak wyniki sektora "
            f"różnią się między gminami, które je podały w swoich diagnozach. {EACH_ALIKE}"
        ),
        Paragraph(
            "Sektory stoją alfabetycznie, bez rankingu: każdy opiera się na innych gminach, więc z tych liczb nie "
            "wynika, który jest gotowy bardziej."
        ),
    ]
    caption = "Gotowość sektorów w gminach, od 0 do 100"
    for part, listed in enumerate(_by_chart(found.sectors)):
        lines = [SpreadLine(one.label, one.spread) for one in listed]
        told = caption if part == 0 else f"{caption} (ciąg dalszy)"
        blocks.append(Figure(told, spread_chart(lines, _sectors_finding(listed)), "tabela-sektory"))
    measures = [(one, "") for one in found.sectors]
    blocks.append(measure_table(caption, "Sektor", measures, "tabela-sektory"))
    blocks += few_note(measures)
    return Chapter("", "Gotowość sektorów", "sektory", blocks)


def _by_chart(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(entries), _BARS):
        yield entries[start : start + _BARS]


def _sectors_finding(measures: Sequence[Measure]) -> str:
    """How far gminas lie apart inside one sector: not which sector stands higher."""
    reaches = [one.spread.highest - one.spread.lowest for one in measures if one.spread]
    if not reaches:
        return "W żadnym z tych sektorów nie ma wyników z trzech gmin"
    low, high = (polish.decimal(one, 0) for one in (min(reaches), max(reaches)))
    told = f"o {low}" if low == high else f"o {low}–{high}"
    return f"W jednym sektorze wyniki gmin różnią się {told} na 100"


def answers_chapter(found: RollUp) -> Chapter:
    """Sums of released counts; those that readiness is made of first. Empty without questions in common."""
    if not found.gminas or not found.questions:
        return Chapter("", "Odpowiedzi na pytania", "pytania", [])
    core = {one.id for one in found.shares}
    known = [one for one in found.questions if not all(row.hidden for row in one.table.rows)]
    first = [one for one in known if one.question in core]
    others = [one for one in known if one.question not in core]
    blocks: list[Block] = [Paragraph(_HOW_TO_READ if known else _NO_SUMS)]
    blocks += _section("Pytania, z których liczy się gotowość", "pytania-gotowosc", first)
    blocks += _section("Pozostałe pytania" if first else "Pytania", "pytania-pozostale", others)
    hidden = [title_of(one.table) for one in found.questions if one not in known]
    if hidden:
        blocks.append(Subheading("Pytania, których wszystkie sumy są ukryte", "pytania-ukryte"))
        blocks.append(BulletList(tuple(hidden)))
    return Chapter("", "Odpowiedzi na pytania", "pytania", blocks)


def _section(heading: str, anchor: str, questions: Sequence[RegionQuestion]) -> Iterator[Block]:
    if not questions:
        return
    yield Subheading(heading, anchor)
    alike: dict[tuple[str, ...], list[RegionQuestion]] = {}
    for one in questions:
        alike.setdefault(tuple(column.label for column in one.table.columns), []).append(one)
    for columns, listed in alike.items():
        if 2 <= len(columns) <= _MOST_COLUMNS and any(not one.table.rows[0].hidden for one in listed):
            yield from _charts(listed)
    for one in questions:
        yield question_table(one)
        if len(one.table.columns) > WIDEST:
            yield Paragraph("Liczby mniejszych obszarów są w pliku CSV.", "note")
        yield from notes_of(one.table)


def _charts(questions: Sequence[RegionQuestion]) -> Iterator[Block]:
    for listed in _by_chart(questions):
        bars = [(one.table.title, one.table) for one in listed]
        told = f"Wykres słupkowy: odsetki odpowiedzi w sumie gmin, {listed[0].table.rows[0].label}."
        caption = "Odpowiedzi w sumie gmin, które wolno dodać"
        yield Figure(
            caption, sums_chart(bars, _answers_finding(listed), told), f"tabela-{listed[0].question}"
        )


def _answers_finding(questions: Sequence[RegionQuestion]) -> str:
    """Of two answers: where the first one has more than half. Of more: where the last one is given most often."""
    shown = [one.table for one in questions if not one.table.rows[0].hidden and one.table.rows[0].base]
    if not shown:
        return "Nikt nie odpowiedział na te pytania"
    columns, rows = shown[0].columns, [table.rows[0] for table in shown]
    of = "pokazanych pytań" if len(shown) < len(questions) else "pytań"
    if len(columns) == 2:
        most = sum(2 * (row.counts[0] or 0) > (row.base or 0) for row in rows)
        told = f"{columns[0].label} to ponad połowa odpowiedzi"
    else:
        most = sum((row.counts[-1] or 0) > max(one or 0 for one in row.counts[:-1]) for row in rows)
        told = f"„{columns[-1].label}” to najczęstsza odpowiedź"
    return f"{told} w {polish.whole(most)} z {polish.whole(len(shown))} {of}"
