"""Who answered, and readiness over gminas: the lowest, the median and the highest, with the median's bounds."""

from __future__ import annotations

from collections.abc import Iterator

from survey_app import polish
from survey_app.analysis.charts.regions import SpreadLine, number, spread_chart
from survey_app.analysis.diagnoza.document import (
    Block,
    Chapter,
    Figure,
    Notice,
    Paragraph,
    Subheading,
    TextTable,
)
from survey_app.analysis.disclosure.rollup import Spread
from survey_app.analysis.released import HIDDEN
from survey_app.analysis.rollup.region_tables import (
    AREA,
    area_table,
    count_word,
    few_note,
    measure_table,
    notes_of,
)
from survey_app.analysis.rollup.regions import FEW, ROWS_OF_GMINAS, RollUp

NO_SECTORS = "Gotowości sektorów nie zestawiamy: żadnego z nich nie podały co najmniej trzy gminy."
EACH_ALIKE = "Każda gmina liczy się tak samo, niezależnie od liczby ankiet."
BOUNDS = (
    "Granice mówią, gdzie leży mediana wyników bez względu na to, co powiedzieliby ci, którzy nie odpowiedzieli. "
    "Gmina, której granic nie znamy, może mieć w tym rachunku dowolny wynik."
)


def response_chapter(found: RollUp) -> Chapter:
    """Empty where no gmina has a locked campaign."""
    if not found.gminas:
        return Chapter("", "Gminy i odpowiedzi", "odpowiedzi", [])
    table = found.response
    gminas = (
        ("gminas", "Gminy z kampanią"),
        ("answered", "Otrzymane ankiety"),
        ("complete", "W tym kompletne"),
    )
    blocks: list[Block] = [
        Paragraph(FEW),
        area_table("Gminy i otrzymane ankiety", table, gminas, "tabela-odpowiedzi"),
        Paragraph(ROWS_OF_GMINAS, "note"),
        Subheading("Odsetek odpowiedzi", "odpowiedzi-odsetek"),
        Paragraph(
            "Tylko gminy, które wysłały zaproszenia: przy otwartym adresie nie wiadomo, ilu mogło odpowiedzieć."
        ),
        _rates(found),
    ]
    blocks += notes_of(table, (ROWS_OF_GMINAS,))
    return Chapter("", "Gminy i odpowiedzi", "odpowiedzi", blocks)


def _rates(found: RollUp) -> TextTable:
    table = found.response
    header = (AREA, "Gminy", "Zaproszone instytucje", "Kompletne ankiety", "RR1")
    columns = ("with_invitations", "invited", "complete_of_invited")
    rows = []
    for row in table.rows:
        rate = polish.percent(found.rr1[row.id]) if row.id in found.rr1 else HIDDEN if row.hidden else "–"
        rows.append((row.label, *(count_word(table.count(row.id, one)) for one in columns), rate))
    widths = (2.6, 1.0, 1.3, 1.3, 0.9)
    return TextTable(
        "Odpowiedzi w gminach z zaproszeniami", header, tuple(rows), widths, "tabela-odsetek", figures=True
    )


def readiness_chapter(found: RollUp) -> Chapter:
    """Empty where the ankieta defines no readiness, or no gmina has a locked campaign."""
    if not found.gminas or not found.shares:
        return Chapter("", "Gotowość gmin", "gotowosc", [])
    blocks: list[Block] = [Paragraph(_intro(found))]
    over = found.readiness.spread
    if over is None:
        blocks.append(_too_few(found))
    blocks += _spread(found)
    if found.sectors and not any(one.spread for one in found.sectors):
        blocks.append(Paragraph(NO_SECTORS))
    if over is not None:
        known = f"{polish.whole(over.bounded)} z {polish.whole(over.gminas)}"
        blocks.append(Paragraph(f"{BOUNDS} Granice znamy dla {known} gmin.", "note"))
    return Chapter("", "Gotowość gmin", "gotowosc", blocks)


def _intro(found: RollUp) -> str:
    listed = ", ".join(one.label for one in found.shares)
    return (
        f"Gotowość gminy to średnia odsetków TAK w pytaniach o: {listed}, razy 100. Wynik ma gmina, w której na każde "
        f"z tych pytań odpowiedziało dość instytucji, a liczby wolno pokazać. {EACH_ALIKE}"
    )


def _too_few(found: RollUp) -> Notice:
    return Notice(
        "Za mało gmin z wynikiem",
        "Najniższy wynik, medianę i najwyższy podaje się, gdy wynik gotowości mają co najmniej trzy gminy. Gmin "
        f"z zablokowaną kampanią jest tu {polish.whole(found.gminas)}.",
    )


def _spread(found: RollUp) -> Iterator[Block]:
    """The whole gmina first, then what its score is made of."""
    whole, caption = found.readiness, "Gotowość gmin i odsetki TAK w jej składowych"
    measures = [(whole, ""), *((one, "%") for one in found.shares)]
    if not any(one.spread for one, _ in measures):
        return
    lines = [SpreadLine(one.label, one.spread, one is whole, unit) for one, unit in measures]
    title = "Wyniku gotowości nie mają trzy gminy; niżej odsetki TAK"
    if whole.spread is not None:
        title = readiness_words(whole.spread)
    yield Figure(caption, spread_chart(lines, title), "tabela-gotowosc")
    yield measure_table(caption, "Miara", measures, "tabela-gotowosc")
    yield from few_note(measures)


def readiness_words(over: Spread) -> str:
    """ "Mediana gotowości w 7 gminach: 52 na 100, od 41 do 63"."""
    return (
        f"Mediana gotowości w {polish.whole(over.gminas)} gminach: {number(over.median)} na 100, od "
        f"{number(over.lowest)} do {number(over.highest)}"
    )


def bounds_words(over: Spread) -> str:
    return f"od {number(over.bounds[0])} do {number(over.bounds[1])}" if over.bounds else ""
