"""The local network of reintegration: its graph, and the table that says the same."""

from __future__ import annotations

from survey_app.analysis.charts.network import network_chart
from survey_app.analysis.diagnoza.document import (
    Block,
    BulletList,
    Chapter,
    Figure,
    Paragraph,
    Subheading,
    TextTable,
)
from survey_app.analysis.diagnoza.result import Diagnoza

TABLE = "tabela-sieci"
HEADER = ("Numer i nazwa", "Typ", "Sektor", "Miejsce w sieci", "Partnerstwa")


def network_chapter(diagnoza: Diagnoza) -> Chapter:
    """Left out while the team keeps no network that stands in this edition."""
    found = diagnoza.work.network
    blocks: list[Block] = []
    if found is not None:
        author = (
            "Skład sieci zapisał Zespół Synergii Lokalnej; typy i sektory pochodzą z katalogu interesariuszy."
        )
        blocks = [
            Paragraph(author, "note"),
            Figure("Graf sieci lokalnej", network_chart(found.name, found.dots, found.teams), TABLE),
            TextTable("Kto jest w sieci", HEADER, tuple(map(_cells, found.rows)), (4.2, 1, 3.6, 2, 4), TABLE),
            Paragraph("W sieci: " + "; ".join(f"{words}: {number}" for words, number in found.counts) + "."),
        ]
        if found.partnerships:
            header = ("Znak", "Partnerstwo", "Cel")
            blocks.append(TextTable("Partnerstwa zadaniowe", header, found.partnerships, (1, 4, 7)))
        if found.lacks:
            blocks += [Subheading("Czego sieci brakuje", "siec-braki"), BulletList(found.lacks)]
    return Chapter("", "Sieć lokalna", "siec-lokalna", blocks)


def _cells(row: tuple[str, ...]) -> tuple[str, ...]:
    """Seven narrow columns would be a page of single words: number and name, and the two words on sectors, together."""
    number, name, sector, part, kind, place, partnerships = row
    sectors = "\n".join(one for one in (sector, part) if one)
    return f"{number}. {name}", kind, sectors, place, partnerships.replace("; ", "\n")
