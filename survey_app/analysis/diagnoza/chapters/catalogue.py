"""The catalogue with types, and what its stakeholders declared: as coded in the last closed round."""

from __future__ import annotations

from collections.abc import Iterator

from survey_app import polish
from survey_app.analysis.diagnoza.coding_section import CatalogueRow, CodingSection
from survey_app.analysis.diagnoza.document import Block, Chapter, Paragraph, TextTable

_TYPES = ("A", "B", "C")
WITHOUT_PERSONS = (
    "W tym wydaniu nie liczymy osób fizycznych: ich kody są danymi osobowymi. Liczby mówią tu o instytucjach."
)


def catalogue_chapter(section: CodingSection) -> Chapter:
    """Sectors, internal and external, types A, B and C; the count of C is said in words."""
    rows = section.catalogue
    blocks: list[Block] = list(_catalogue(section, rows)) if rows[-1].total else []
    return Chapter("", "Gminny Katalog Interesariuszy", "katalog", blocks)


def resources_chapter(section: CodingSection) -> Chapter:
    """What was declared by the close of the last round: counts by kind, and in the internal edition the list."""
    blocks: list[Block] = list(_resources(section)) if section.resource_counts else []
    return Chapter("", "Zadeklarowane zasoby", "zasoby", blocks)


def _catalogue(section: CodingSection, rows: tuple[CatalogueRow, ...]) -> Iterator[Block]:
    whole, last = rows[-1], section.last
    counted = polish.counted(whole.total, "interesariusza", "interesariuszy", "interesariuszy")
    yield Paragraph(
        f"Tura {last.number}, zamknięta {polish.date(last.closed_on)}, objęła {counted} z katalogu: wewnętrznych "
        f"{polish.whole(whole.internal)}, zewnętrznych {polish.whole(whole.external)}. {_type_c(whole)}"
    )
    if not section.is_internal:
        yield Paragraph(WITHOUT_PERSONS, "note")
    yield TextTable(
        "Interesariusze według sektora, miejsca i typu",
        ("Sektor", "Razem", "Wewn.", "Zewn.", *(f"Typ {letter}" for letter in _TYPES), "Bez typu"),
        tuple(_catalogue_cells(row) for row in rows),
        (3.2, *[1.0] * 7),
        "tabela-katalog",
    )
    yield Paragraph(
        "Typ A: reintegracja jest głównym celem działania; typ B: jednym z celów; typ C: nie jest celem, ale "
        "instytucja ma usługi, z których mogą korzystać osoby objęte reintegracją. Typ wynika z zadań instytucji, jest "
        "czymś innym niż kod, który mówi o postawie.",
        "note",
    )


def _type_c(whole: CatalogueRow) -> str:
    count = whole.types[_TYPES.index("C")]
    if not count:
        return "Żaden z nich nie jest typu C."
    return f"Typu C jest {polish.whole(count)} z {polish.whole(whole.total)}."


def _catalogue_cells(row: CatalogueRow) -> tuple[str, ...]:
    return (row.label, *(polish.whole(n) for n in (row.total, row.internal, row.external, *row.types)))


def _resources(section: CodingSection) -> Iterator[Block]:
    day = polish.date(section.last.closed_on)
    total = sum(count for _, count in section.resource_counts)
    words = polish.counted(total, "zasób", "zasoby", "zasobów")
    yield Paragraph(
        f"Do zamknięcia tury {section.last.number} ({day}) zadeklarowano i zapisano w katalogu {words}."
    )
    yield TextTable(
        "Zadeklarowane zasoby według rodzaju",
        ("Rodzaj zasobu", "Liczba deklaracji"),
        tuple((kind, polish.whole(count)) for kind, count in section.resource_counts),
        (3, 1),
        "tabela-zasoby",
    )
    if section.resources:
        rows = sorted(
            section.resources, key=lambda one: (polish.alphabetical(one.stakeholder), one.declared_on)
        )
        yield TextTable(
            "Kto co zadeklarował",
            ("Interesariusz", "Rodzaj", "Opis", "Kiedy"),
            tuple(
                (one.stakeholder, one.kind, one.description, polish.date_short(one.declared_on))
                for one in rows
            ),
            (2.6, 1.8, 3.2, 1.3),
            "tabela-zasoby-lista",
        )
