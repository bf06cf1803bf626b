"""What the team agreed to, as it reads: one part for each paper; then what its registers hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from survey_app import polish
from survey_app.analysis.diagnoza.document import (
    Block,
    BulletList,
    Chapter,
    Figure,
    Paragraph,
    Subheading,
    TextTable,
)
from survey_app.analysis.diagnoza.result import Diagnoza, TeamPaper, TeamRegister
from survey_app.analysis.papers.paper_document import sheet_of

AGREED = "Te materiały uzgodnił Zespół Synergii Lokalnej."
UNTOUCHED = "Serwis niczego w nich nie zmienił."
CALCULATED = "Serwis niczego w nich nie zmienił; w kalkulatorze policzył wynik z założeń, które podał zespół."
OF_REGISTER = "Z rejestru zespołu, tak jak stał w chwili, gdy powstał ten raport."
PERSONS = "Wśród sygnatariuszy są też osoby, których tu się nie wymienia z nazwiska."


def papers_chapter(diagnoza: Diagnoza) -> Chapter:
    """Left out until the team has agreed to something, or keeps a register, that stands in this edition."""
    blocks: list[Block] = []
    for paper in diagnoza.work.papers:
        blocks += _paper(paper)
    if blocks:
        has_calculated = any(isinstance(block, Figure) for block in blocks)
        blocks.insert(0, Paragraph(f"{AGREED} {CALCULATED if has_calculated else UNTOUCHED}", "note"))
    for register in diagnoza.work.registers:
        blocks += _register(register)
    return Chapter("", "Materiały zespołu", "materialy-zespolu", blocks)


def _paper(paper: TeamPaper) -> Iterator[Block]:
    yield Subheading(paper.title, f"material-{paper.id}")
    yield Paragraph(f"Wersja {paper.version}, uzgodniona {polish.date(paper.agreed_on)}.", "note")
    sheet = sheet_of(paper.text, paper.title)
    yield from (Paragraph(words) for words in sheet.under)
    caption, number = paper.title, 0
    for block, after in zip(sheet.body, (*sheet.body[1:], None), strict=True):
        if isinstance(block, Subheading):
            number += 1
            caption = block.text
            if not isinstance(after, TextTable):  # a table has these words for its caption
                yield Subheading(block.text, f"material-{paper.id}-{number}", 3)
        elif isinstance(block, TextTable):
            anchor = f"material-{paper.id}-{block.anchor}" if block.anchor else ""
            yield replace(block, caption=caption, anchor=anchor)
        elif isinstance(block, Figure):
            yield replace(block, table_anchor=f"material-{paper.id}-{block.table_anchor}")
        elif not (isinstance(block, Paragraph) and block.style == "signature"):
            yield block
    yield from _signatories(paper, number + 1)


def _register(register: TeamRegister) -> Iterator[Block]:
    yield Subheading(register.title, f"rejestr-{register.key}")
    yield Paragraph(f"{OF_REGISTER} W rejestrze: {register.counted}.", "note")
    widths = (4.0, *(2.0 for _ in register.header[1:]))
    yield TextTable(register.title, register.header, register.rows, widths)
    if register.more:
        most = len(register.rows)
        yield Paragraph(
            f"W tabeli jest pierwszych {most}; pozostałe ({register.more}) są w rejestrze.", "note"
        )


def _signatories(paper: TeamPaper, number: int) -> Iterator[Block]:
    """Institutions alone: who signed for them, and natural persons, are not named."""
    if not paper.signatories and not paper.persons_signed:
        return
    yield Subheading("Sygnatariusze", f"material-{paper.id}-{number}", 3)
    if paper.signatories:
        yield BulletList(paper.signatories)
    if paper.persons_signed:
        yield Paragraph(PERSONS, "note")
