"""Files that spreadsheets open: nothing in them runs, and Polish letters arrive whole."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from survey_app.services.spreadsheets import CUT, FORMULA_STARTS, LONGEST_CELL, Sheet, csv_bytes, xlsx_bytes
from tests import naughty

SURROGATE = re.compile("[\ud800-\udfff]")


@pytest.mark.parametrize("text", ["=1+1", "+48 600", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe_in_csv(text: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_bytes(["a"], [[text]]).decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == ["'" + text]


def test_a_negative_number_stays_a_number_in_csv() -> None:
    assert csv_bytes(["a", "b"], [[-1, 2.5]]).decode("utf-8-sig") == "a;b\r\n-1;2,5\r\n"


def test_csv_says_that_it_is_utf8_so_that_polish_letters_survive() -> None:
    content = csv_bytes(["zażółć"], [["gęślą jaźń; „cytat”"]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == 'zażółć\r\n"gęślą jaźń; „cytat”"\r\n'


def test_a_formula_in_a_workbook_is_a_text() -> None:
    content = xlsx_bytes([Sheet("dane", ["a", "b"], [["=HYPERLINK(1)", "https://example.org"], [None, 3]])])
    page = openpyxl.load_workbook(io.BytesIO(content))["dane"]
    assert [(cell.value, cell.data_type) for cell in page[2]] == [
        ("=HYPERLINK(1)", "s"),
        ("https://example.org", "s"),
    ]
    assert page["B2"].hyperlink is None
    assert (page["A3"].value, page["B3"].value) == (None, 3)


@pytest.mark.parametrize("kind", naughty.BY_KIND)
def test_naughty_texts_come_back_from_csv_and_workbook_as_they_were(kind: str) -> None:
    texts = [text for text in naughty.BY_KIND[kind] if text.isascii() or not SURROGATE.search(text)]
    rows = [[f"{number}", text] for number, text in enumerate(texts)]
    page = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([Sheet("dane", ["nr", "tekst"], rows)])))["dane"]
    for text, (_, cell) in zip(texts, page.iter_rows(min_row=2), strict=True):
        assert cell.data_type in ("s", "n" if not text else "s", "inlineStr")
        found = unescape(cell.value or "")
        assert found == text if len(text) <= LONGEST_CELL else found.endswith(CUT) and text[:1000] in found
    read = list(
        csv.reader(
            io.StringIO(csv_bytes(["nr", "tekst"], rows).decode("utf-8-sig"), newline=""), delimiter=";"
        )
    )
    for text, (_, cell) in zip(texts, read[1:], strict=True):
        assert cell.removeprefix("'") == text.removeprefix("'")
        assert not cell.startswith(FORMULA_STARTS)
