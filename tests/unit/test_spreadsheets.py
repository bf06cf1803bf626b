"""Files that spreadsheets open: nothing in them runs, and Polish letters arrive whole."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from survey_app.services.spreadsheets import Sheet, csv_bytes, xlsx_bytes


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
