"""Readiness: score with components and bounds, experience, concreteness, arguments. Groups are never ranked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from survey_app import polish
from survey_app.analysis.charts.boxes import boxes_chart
from survey_app.analysis.charts.readiness import readiness_chart
from survey_app.analysis.diagnoza.document import (
    Block,
    Chapter,
    Figure,
    Notice,
    Paragraph,
    Subheading,
    TextTable,
)
from survey_app.analysis.diagnoza.result import (
    Bounds,
    ComponentResult,
    Diagnoza,
    ReadinessResult,
    ReadinessRow,
)
from survey_app.analysis.frequencies import median_and_range
from survey_app.analysis.released import HIDDEN, ReleasedTable


def readiness_chapter(diagnoza: Diagnoza) -> Chapter:
    """Empty where nobody answered, or where no number of it may be shown."""
    blocks: list[Block] = []
    definition, readiness = diagnoza.instrument.definitions.readiness, diagnoza.readiness
    if definition and readiness and diagnoza.response.answered and _has_numbers(readiness):
        blocks.append(Paragraph(definition.description))
        blocks += _scores(readiness)
        blocks += _arguments(readiness)
        blocks += _experience(readiness)
        blocks += _concreteness(readiness)
    return Chapter("", "Gotowość sektorów", "gotowosc", blocks)


def _has_numbers(readiness: ReadinessResult) -> bool:
    return any(component.base for row in readiness.rows for component in row.components)


def _scores(readiness: ReadinessResult) -> Iterator[Block]:
    header = ("Grupa", "Wynik (0–100)", *(component.label for component in readiness.rows[0].components))
    caption = "Gotowość i jej składowe, z granicami w nawiasach"
    if any(row.score is not None for row in readiness.rows):
        yield Figure(
            "Gotowość i jej składowe; kreska pokazuje granice", readiness_chart(readiness), "tabela-gotowosc"
        )
    yield TextTable(
        caption,
        header,
        tuple(_score_row(row) for row in readiness.rows),
        (3, 1.6, 1.6, 1.6, 1.6),
        "tabela-gotowosc",
    )
    yield from _reasons(readiness)
    if not readiness.separable and sum(row.score is not None for row in readiness.rows[1:]) > 1:
        yield Notice(
            "Bez rankingu",
            "Dane nie pozwalają powiedzieć, która grupa jest gotowa bardziej. "
            "Kolejność w tabeli jest taka jak w ankiecie.",
        )


def _score_row(row: ReadinessRow) -> tuple[str, ...]:
    score = "–" if row.score is None else polish.decimal(row.score, 0) + _in_brackets(row.bounds, 1)
    return (row.label, score, *(component_words(component) for component in row.components))


def component_words(component: ComponentResult) -> str:
    """ "86% (68–91)", counts where the base is small, "ukryte" where it may not be shown."""
    if component.positive is None or component.base is None:
        return HIDDEN
    counts = f"{polish.whole(component.positive)} z {polish.whole(component.base)}"
    if component.share is None:
        return counts
    if component.bounds is None:
        return f"{polish.percent(component.share)}, {counts}"
    return f"{polish.percent(component.share)}{_in_brackets(component.bounds, 100)}\n{counts}"


def _in_brackets(bounds: Bounds | None, scale: float) -> str:
    if bounds is None:
        return ""
    return f" ({polish.decimal(bounds.low * scale, 0)}–{polish.decimal(bounds.high * scale, 0)})"


def _reasons(readiness: ReadinessResult) -> Iterator[Block]:
    """Why a score or its bounds are missing, each reason once with its groups."""
    for what, reasons in (
        ("Bez wyniku", [(row.why_no_score, row.label) for row in readiness.rows]),
        ("Bez granic", [(row.why_no_bounds, row.label) for row in readiness.rows if row.score is not None]),
    ):
        for reason, labels in _grouped(reasons):
            yield Paragraph(f"{what}: {'; '.join(labels)}. {reason}", "note")


def _grouped(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for key, label in pairs:
        if key:
            found.setdefault(key, []).append(label)
    yield from found.items()


def _arguments(readiness: ReadinessResult) -> Iterator[Block]:
    pairs = [(argument, row.label) for row in readiness.rows for argument in row.arguments]
    if not pairs:
        return
    yield Subheading("Od czego zacząć rozmowę", "gotowosc-argumenty")
    yield Paragraph(
        "Najniższa składowa podpowiada argument do scenariusza oddziaływań. Gdy granice składowych zachodzą na siebie, "
        "podajemy wszystkie, które mogą być najniższe."
    )
    rows = tuple((argument, "; ".join(labels)) for argument, labels in _grouped(pairs))
    yield TextTable(
        "Argumenty i grupy, do których pasują",
        ("Składowa i argument", "Grupy"),
        rows,
        (3, 2),
        "tabela-argumenty",
    )


def _experience(readiness: ReadinessResult) -> Iterator[Block]:
    known = [component for component in readiness.experience if component.base]
    if not known:
        return
    yield Subheading("Doświadczenie partnerskie", "gotowosc-doswiadczenie")
    yield Paragraph("Wśród tych, którym pytanie zadano; dla całej gminy.")
    rows = tuple((component.label, component_words(component)) for component in known)
    yield TextTable(
        "Odpowiedzi TAK na pytania o partnerstwo", ("Pytanie", "TAK"), rows, (3, 2), "tabela-doswiadczenie"
    )


def _concreteness(readiness: ReadinessResult) -> Iterator[Block]:
    shown = [(label, table) for label, table in readiness.concreteness if _is_shown(table)]
    if not shown:
        return
    yield Subheading("Konkretność odpowiedzi", "gotowosc-konkretnosc")
    yield Paragraph("Ile wpisów podano w pytaniach, w których jest na nie kilka miejsc; dla całej gminy.")
    columns = max((table.columns for _, table in shown), key=len)
    yield Figure("Liczba wpisów w jednej ankiecie", boxes_chart(shown), "tabela-konkretnosc")
    header = ("Pytanie", *(column.label for column in columns), "n", "Mediana (od–do)")
    rows = tuple(_box_row(label, table, len(columns)) for label, table in shown)
    yield TextTable(
        "Liczba wpisów w jednej ankiecie",
        header,
        rows,
        (3, *[1] * len(columns), 0.7, 1.5),
        "tabela-konkretnosc",
    )


def _is_shown(table: ReleasedTable) -> bool:
    return not table.rows[0].hidden and bool(table.rows[0].base)


def _box_row(label: str, table: ReleasedTable, columns: int) -> tuple[str, ...]:
    row = table.rows[0]
    counts = [polish.whole(count or 0) for count in row.counts]
    found = median_and_range(row.counts)
    middle = f"{found[0]} ({found[1]}–{found[2]})" if found else "–"
    return (label, *counts, *["–"] * (columns - len(counts)), polish.whole(row.base or 0), middle)
