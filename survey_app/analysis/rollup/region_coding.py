"""Coding over gminas: codes in the last round, supporters before and after, and how far gminas lie apart."""

from __future__ import annotations

from collections.abc import Iterator

from survey_app import polish
from survey_app.analysis.charts.regions import SpreadLine, change_chart, number, spread_chart, stances_chart
from survey_app.analysis.diagnoza.chapters.change import signed
from survey_app.analysis.diagnoza.document import (
    Block,
    Chapter,
    Figure,
    Notice,
    Paragraph,
    Subheading,
    TextTable,
)
from survey_app.analysis.released import HIDDEN, ReleasedTable
from survey_app.analysis.rollup.coding_release import STANCES
from survey_app.analysis.rollup.region_tables import AREA, area_table, count_word, measure_table, notes_of
from survey_app.analysis.rollup.regions import CodingOver, RollUp

NO_SAMPLE = "Kody są decyzjami zespołów o całych katalogach, nie próbą, więc nie stosuje się do nich testów istotności."


def coding_chapter(found: RollUp) -> Chapter:
    """Empty where no gmina has closed a round."""
    coding = found.coding
    if coding is None:
        return Chapter("", "Kodowanie interesariuszy", "kodowanie", [])
    blocks: list[Block] = [Paragraph(f"{gminas_words(coding)} Osób fizycznych nie liczymy. {NO_SAMPLE}")]
    stances = [("gminas", "Gminy"), *((stance.value, word) for stance, word in STANCES.items())]
    blocks.append(Subheading("Kody w ostatniej turze", "kodowanie-kody"))
    if not coding.stances.rows[0].hidden:
        chart = stances_chart(
            coding.stances, [stance.value for stance in STANCES], _stances_words(coding.stances)
        )
        blocks.append(Figure("Kody w ostatniej turze", chart, "tabela-kody"))
    blocks.append(area_table("Kody w ostatniej turze", coding.stances, stances, "tabela-kody"))
    blocks += notes_of(coding.stances, ("Bez osób fizycznych.",))
    blocks += _change(coding)
    blocks += _spread(coding)
    return Chapter("", "Kodowanie interesariuszy", "kodowanie", blocks)


def gminas_words(coding: CodingOver) -> str:
    """How many gminas have closed a round, and for how many two rounds may be shown."""
    told = polish.counted(coding.gminas, "gmina ma", "gminy mają", "gmin ma")
    pairs = polish.counted(coding.pairs, "gminy", "gmin", "gmin")
    return f"{told} zamkniętą turę kodowania. Liczby z dwóch tur można pokazać dla {pairs}."


def _stances_words(table: ReleasedTable) -> str:
    """ "Zwolennicy to 162 z 258 ocenionych instytucji (63%)". The region's own row must be shown."""
    counts = [table.count(table.rows[0].id, stance.value) or 0 for stance in STANCES]
    if not sum(counts):
        return "W ostatniej turze nie oceniono żadnej instytucji"
    of = f"{polish.whole(counts[0])} z {polish.whole(sum(counts))}"
    return f"Zwolennicy to {of} ocenionych instytucji ({polish.percent(counts[0] / sum(counts))})"


def _change(coding: CodingOver) -> Iterator[Block]:
    table = coding.change
    yield Subheading("Zwolennicy przed i po", "kodowanie-zmiana")
    yield Paragraph(
        "Tylko gminy z dwiema zamkniętymi turami, których liczby wolno pokazać. Układ tabeli: dokument 002, Tabela 2."
    )
    if not table.rows[0].hidden:
        caption = "Zwolennicy w pierwszej i w ostatniej turze"
        yield Figure(caption, change_chart(table, effect_words(table)), "tabela-zmiana")
    rows = []
    for row in table.rows:
        effect = table.count(row.id, "effect")
        numbers = (count_word(table.count(row.id, one)) for one in ("gminas", "start", "end"))
        rows.append((row.label, *numbers, HIDDEN if effect is None else signed(effect)))
    header = (AREA, "Gminy", "Początek (pierwsze kodowanie)", "Ostatnie kodowanie", "Efekt animacji")
    caption = "Zmiany w liczbie Zwolenników"
    yield TextTable(caption, header, tuple(rows), (2.9, 0.9, 1.6, 1.3, 1.2), "tabela-zmiana", figures=True)


def effect_words(table: ReleasedTable) -> str:
    """ "Zwolenników było 34, jest 170: efekt animacji +136". The region's own row must be shown."""
    row = table.rows[0].id
    start, end, effect = (table.count(row, one) or 0 for one in ("start", "end", "effect"))
    return (
        f"Zwolenników było {polish.whole(start)}, jest {polish.whole(end)}: efekt animacji {signed(effect)}"
    )


def _spread(coding: CodingOver) -> Iterator[Block]:
    yield Subheading("Różnice między gminami", "kodowanie-roznice")
    effect = next((one.spread for one in coding.measures if one.id == "effect"), None)
    if effect is None:
        yield Notice(
            "Za mało gmin z dwiema turami",
            "Najniższą, środkową i najwyższą liczbę podaje się, gdy dwie tury można pokazać w co najmniej trzech "
            "gminach.",
        )
        return
    caption = "Zwolennicy w gminach"
    title = (
        f"Efekt animacji w {polish.whole(effect.gminas)} gminach: mediana "
        f"{number(effect.median, halves=True)}, od {number(effect.lowest)} do {number(effect.highest)}"
    )
    lines = [SpreadLine(one.label, one.spread) for one in coding.measures]
    yield Figure(caption, spread_chart(lines, title, whole_scale=False), "tabela-roznice")
    yield measure_table(
        caption, "Miara", [(one, "") for one in coding.measures], "tabela-roznice", halves=True
    )
