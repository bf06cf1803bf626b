"""The network's chapter of a region's report: stages, ways of setting up, forms of services, supporters.

With it the report serves as a partial or final report of implementation (document 002).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey_app import polish
from survey_app.analysis.charts.regions import change_chart
from survey_app.analysis.diagnoza.chapters.change import signed
from survey_app.analysis.diagnoza.document import (
    Block,
    BulletList,
    Chapter,
    Figure,
    Notice,
    Paragraph,
    Subheading,
    TextTable,
)
from survey_app.analysis.released import HIDDEN, ReleasedTable
from survey_app.analysis.rollup.measure import Measure
from survey_app.analysis.rollup.network import NetworkOver
from survey_app.analysis.rollup.region_tables import AREA, area_table, count_word
from survey_app.analysis.rollup.regions import RollUp

_ALONE = "Liczby mniejszych obszarów są w pliku CSV."


def network_chapter(found: RollUp) -> Chapter:
    """Empty where nothing is known of any gmina."""
    network = found.network
    if network is None:
        return Chapter("", "Sieć gmin", "siec", [])
    words = " ".join(network_words(network))
    blocks: list[Block] = [Paragraph(words)] if words else []
    blocks += _stages(network)
    if network.ways:
        blocks.append(Subheading("Sposoby powołania zespołów", "siec-powolanie"))
        columns = [(column.id, column.label) for column in network.ways.columns]
        blocks.append(area_table("Sposoby powołania zespołów", network.ways, columns, "tabela-powolanie"))
        blocks += _notes(network.ways)
    if network.forms:
        blocks.append(Subheading("Wybrane formy usług", "siec-formy"))
        blocks.append(_of_region("Wybrane formy usług", "Forma usług", network.forms, "tabela-formy"))
        blocks += _notes(network.forms, several=len(network.forms.rows) > 1)
    blocks += _supporters(network)
    if network.sources:
        blocks += [Subheading("Źródła zapisów", "siec-zrodla"), BulletList(network.sources)]
    return Chapter("", "Sieć gmin", "siec", blocks)


def network_words(network: NetworkOver, *, apart: bool = False) -> Iterator[str]:
    """How many gminas follow the process, and what is known of them. `apart`: supporters only where some were recorded
    from files; those of the gminas' own rounds are told elsewhere.
    """
    if network.of:
        follow = polish.counted(network.following, "gmina", "gminy", "gmin")
        without = polish.counted(network.of - network.following, "gmina", "gminy", "gmin")
        yield f"Proces w serwisie prowadzi {follow} z {polish.whole(network.of)}; bez procesu: {without}."
    if network.ways:
        yield f"Sposoby powołania zespołów: {counts_words(network.ways)}."
    if network.forms:
        yield f"Formy usług: {counts_words(network.forms)}."
    words, table = supporters_words(network), network.supporters
    if words and table and not (apart and not table.count(table.rows[0].id, "recorded")):
        yield f"{words}."


def counts_words(table: ReleasedTable) -> str:
    """ "administracyjny 16, obywatelski 3, mieszany (A+O) 1", of the region's own row."""
    row = table.rows[0]
    pairs = zip(table.columns, row.counts, strict=True)
    return ", ".join(f"{column.label} {count_word(count)}" for column, count in pairs)


def supporters_words(network: NetworkOver) -> str:
    """ "Zwolenników było 34, jest 170 w 14 gminach z obiema liczbami: efekt animacji +136"; empty where hidden."""
    table = network.supporters
    if table is None or table.rows[0].hidden:
        return ""
    row = table.rows[0].id
    gminas, start, end, effect = (table.count(row, one) or 0 for one in ("gminas", "start", "end", "effect"))
    where = polish.counted(gminas, "gminie", "gminach", "gminach")
    return (
        f"Zwolenników było {polish.whole(start)}, jest {polish.whole(end)} w {where} z obiema liczbami: efekt animacji "
        f"{signed(effect)}"
    )


def _stages(network: NetworkOver) -> Iterator[Block]:
    table = network.stages
    if table is None:
        return
    yield Subheading("Etapy procesu", "siec-etapy")
    if table.rows[0].hidden:
        yield Notice(
            "Za mało gmin z procesem",
            "Etapy podaje się od trzech gmin, z których żadnej nie da się odczytać przez odejmowanie obszarów.",
        )
    yield _of_region("Gminy według najdalszego etapu procesu", "Etap", table, "tabela-etapy")
    if len(table.rows) > 1:
        columns = [(column.id, f"Etap {place}") for place, column in enumerate(table.columns, 1)]
        yield area_table("Etapy procesu w mniejszych obszarach", table, columns, "tabela-etapy-obszary", 1.0)
    yield from _notes(table)


def _of_region(caption: str, first: str, table: ReleasedTable, anchor: str) -> TextTable:
    """The columns of the region's own row, one below the other."""
    row = table.rows[0]
    numbered = table.id == "network_stages"
    rows = tuple(
        (f"{place}. {column.label}" if numbered else column.label, count_word(count))
        for place, (column, count) in enumerate(zip(table.columns, row.counts, strict=True), 1)
    )
    total = ("Razem", count_word(row.base))
    return TextTable(caption, (first, "Gminy"), (*rows, total), (4, 1), anchor, figures=True)


def _supporters(network: NetworkOver) -> Iterator[Block]:
    table = network.supporters
    if table is None and not network.unpaired:
        return
    yield Subheading("Zwolennicy na początku i na końcu", "siec-zwolennicy")
    if network.unpaired:
        told = polish.counted(network.unpaired, "gminie", "gminach", "gminach")
        yield Paragraph(
            f"W {told} z zapisów brakuje jednej z dwóch liczb albo jest to liczba osób fizycznych: tych gmin "
            "nie ma w sumach."
        )
    if table is None:
        return
    if not table.rows[0].hidden:
        yield Figure(
            "Zwolennicy na początku i na końcu", change_chart(table, supporters_words(network)), "tabela-siec"
        )
    yield _supporters_table(table)
    if network.measures:
        yield _measures_table(table, network.measures)
    yield from _notes(table)


def _supporters_table(table: ReleasedTable) -> TextTable:
    """The layout of document 002, Tabela 2, by area."""
    rows = []
    for row in table.rows:
        effect = table.count(row.id, "effect")
        numbers = (count_word(table.count(row.id, one)) for one in ("gminas", "recorded", "start", "end"))
        rows.append((row.label, *numbers, HIDDEN if effect is None else signed(effect)))
    header = (AREA, "Gminy", "W tym z zapisów", "Początek", "Koniec", "Efekt animacji")
    caption = "Zwolennicy na początku i na końcu według obszarów"
    return TextTable(
        caption, header, tuple(rows), (2.9, 0.9, 1.1, 1.1, 1.0, 1.2), "tabela-siec", figures=True
    )


def _measures_table(table: ReleasedTable, measures: Sequence[Measure]) -> TextTable:
    row = table.rows[0]
    sums = [polish.whole(table.count(row.id, one) or 0) for one in ("start", "end")]
    spreads = [one.spread for one in measures if one.spread is not None]
    rows = (
        ("Suma", *sums, signed(table.count(row.id, "effect") or 0)),
        ("Średnia", *(polish.decimal(one.mean or 0, 2) for one in measures)),
        ("Mediana", *(_halves(one.median) for one in spreads)),
        ("Najmniej", *(_halves(one.lowest) for one in spreads)),
        ("Najwięcej", *(_halves(one.highest) for one in spreads)),
    )
    caption = "Zwolennicy w gminach z obiema liczbami"
    header = ("Miara", "Początek", "Koniec", "Efekt animacji")
    return TextTable(caption, header, rows, (2.4, 1.2, 1.2, 1.4), "tabela-siec-miary", figures=True)


def _halves(value: float) -> str:
    return polish.decimal(value, 1 if value % 1 else 0)


def _notes(table: ReleasedTable, several: bool = False) -> Iterator[Block]:
    if several:
        yield Paragraph(_ALONE, "note")
    for note in table.notes:
        yield Paragraph(note, "note")
