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
            TextTable("Kto jest w sieci", found.header, found.rows, (1.7, 4, 3, 2.6, 1.3, 2.7, 3.7), TABLE),
            Paragraph("; ".join(f"{words}: {number}" for words, number in found.counts) + "."),
        ]
        if found.partnerships:
            header = ("Znak", "Partnerstwo", "Cel")
            blocks.append(TextTable("Partnerstwa zadaniowe", header, found.partnerships, (1, 4, 7)))
        if found.lacks:
            blocks += [Subheading("Czego sieci brakuje", "siec-braki"), BulletList(found.lacks)]
    return Chapter("", "Sieć lokalna", "siec-lokalna", blocks)
