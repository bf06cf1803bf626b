"""One report, five renderings: every number read back from each of them is the same, in both editions."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.document import CountTable, Document
from survey_app.analysis.diagnoza.docx import render_docx
from survey_app.analysis.diagnoza.package import TABLES, build_package, released_tables
from survey_app.analysis.diagnoza.pdf import render_pdf
from survey_app.analysis.diagnoza.result import Diagnoza
from survey_app.analysis.diagnoza.workbook import render_workbook
from survey_app.analysis.edition import Edition
from survey_app.analysis.fixed_zip import zip_of
from survey_app.analysis.groups import Groups, form_groups, type_counts
from survey_app.analysis.released import ReleasedTable
from survey_app.services.spreadsheets import csv_bytes
from tests import renderings
from tests.renderings import said
from tests.unit import example_coding as coding
from tests.unit import example_diagnoza as example
from tests.unit.test_interview_section import fgi, idi
from tests.unit.test_interview_section import section as interviews
from tests.unit.test_page_of_report import page

SMALL = {
    "administracja": 2,
    "pomoc_spoleczna": 1,
    "edukacja": 2,
    "gospodarka": 1,
    "koscielna": 1,
    "pozarzadowa": 2,
}
SIZES = {"large": (example.TYPES, 74), "small, open link": (SMALL, None), "empty": ({}, 22)}


@cache
def groups_of(size: str) -> Groups:
    records = example.made_up_records(SIZES[size][0])
    return form_groups(example.ankieta(), type_counts(example.ankieta(), records), 3, anonymous=True)


@cache
def diagnoza(size: str, edition: Edition) -> Diagnoza:
    """With coding, where two rounds were closed, and with interviews."""
    types, invited = SIZES[size]
    made = example.build(example.made_up_records(types), invited, edition)
    heard = interviews(
        edition, *(idi(number, "Edukacja", "works", 1 + number % 2) for number in range(8)), fgi(9, 5, 1)
    )
    return replace(made, coding=coding.section(coding.two_rounds(), edition), interviews=heard)


@cache
def document(size: str, edition: Edition) -> Document:
    return compose(diagnoza(size, edition))


CASES = [(size, edition) for size in SIZES for edition in Edition]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1].value}", scope="module")
def report(request: pytest.FixtureRequest) -> Document:
    return document(*request.param)


@pytest.fixture(scope="module")
def expected(report: Document) -> list[renderings.Table]:
    found = renderings.of_document(report)
    assert len(found) > 5
    return found


def test_the_pdf_says_every_cell(report: Document, expected: list[renderings.Table]) -> None:
    printed = [said(renderings.as_printed(table)) for table in expected]
    assert [said(table) for table in renderings.of_pdf(render_pdf(report))] == printed


def test_the_page_says_every_cell(report: Document, expected: list[renderings.Table]) -> None:
    assert [said(table) for table in renderings.of_page(page(report))] == [said(table) for table in expected]


def test_the_word_document_says_every_cell(report: Document, expected: list[renderings.Table]) -> None:
    found = renderings.of_docx(render_docx(report))
    assert [said(table) for table in found] == [said(table) for table in expected]


def test_the_workbook_says_every_cell(report: Document, expected: list[renderings.Table]) -> None:
    for found, wanted in zip(renderings.of_workbook(render_workbook(report), report), expected, strict=True):
        assert said(found)[0] == said(wanted)[0]
        assert said(found)[1][1:] == said(wanted)[1][1:]  # the sheet's header has a column more for a share


@pytest.mark.parametrize(("size", "edition"), CASES)
def test_the_package_holds_every_released_number_of_the_report(size: str, edition: Edition) -> None:
    package = build_package(diagnoza(size, edition), groups_of(size), None)
    content = zip_of([(file.name, csv_bytes(file.header, file.rows)) for file in package.files])
    lines = renderings.of_package(content, TABLES)
    keys = [(line["tabela"], line["grupa_id"], line["kategoria_id"]) for line in lines]
    assert len(set(keys)) == len(keys), "no line stands twice"
    written = dict(zip(keys, lines, strict=True))
    names = {id(one.table): one.name for one in released_tables(diagnoza(size, edition))}
    compared = 0
    for chapter in document(size, edition).chapters:
        for block in chapter.blocks:
            if isinstance(block, CountTable):
                compared += compare(names[id(block.table)], block.table, written)
    assert compared > 5


def compare(name: str, table: ReleasedTable, written: dict[tuple[str, str, str], dict[str, str]]) -> int:
    compared = 0
    for row in table.rows:
        for column, count in zip(table.columns, row.counts, strict=True):
            line = written[name, row.id, column.id]
            assert line["liczba"] == ("ukryte" if count is None else str(count))
            assert line["podstawa"] == ("ukryte" if row.base is None else str(row.base))
            compared += 1
    return compared


def test_a_wrong_number_in_any_rendering_would_be_seen() -> None:
    """The readers do read: a report with one count changed reads differently from each file."""
    one, other = document("large", Edition.PUBLIC), document("small, open link", Edition.PUBLIC)
    for read in (
        lambda report: renderings.of_pdf(render_pdf(report)),
        lambda report: renderings.of_page(page(report)),
        lambda report: renderings.of_docx(render_docx(report)),
        lambda report: renderings.of_workbook(render_workbook(report), report),
    ):
        assert read(one) != read(other)
