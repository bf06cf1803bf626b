"""A catalogue file as teams really have it: what the preview shows, and why a file or a row is refused."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.errors import InvalidInputError
from survey_app.services.demo.fill import LARGE, SMALL
from survey_app.services.register.catalogue import catalogue_sectors
from survey_app.services.register.import_catalogue import CataloguePreview, read_file, template_csv

HEADINGS = "nazwa;sektor;wewnętrzny/zewnętrzny;typ;adres;osoba kontaktowa;e-mail;telefon;uwagi\n"
GOPS = "GOPS w Małowicach;pomoc społeczna;wewnętrzny;B;ul. Łąkowa 3;Żaneta Ćwik;gops@example.pl;15 871 00 00;ważne\n"
SHEET = "xl/worksheets/sheet1.xml"
XLSX_HEADINGS = ["Nazwa", "Sektor", "Wewnętrzny/zewnętrzny", "Typ", "Telefon"]


def preview(text: str, name: str = "katalog.csv", encoding: str = "utf-8") -> CataloguePreview:
    return read_file(name, text.encode(encoding))


def row_faults(text: str) -> list[tuple[int | None, str, str]]:
    return [(fault.line, fault.where, fault.code) for fault in preview(HEADINGS + text).faults]


def refusal(name: str, content: bytes) -> tuple[str, str]:
    """The code of the reason, and the sentence that the person reads."""
    with pytest.raises(InvalidInputError) as caught:
        read_file(name, content)
    return caught.value.faults[0].code, caught.value.message


def xlsx(*rows: list[object], other_sheet: bool = False) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    if other_sheet:
        book.create_sheet("Notatki")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def excel(*rows: list[object]) -> bytes:
    """A workbook as Excel writes it: texts in a table of their own, results beside formulas."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(number, column, value, value=f"wynik {value}")
                else:
                    sheet.write(number, column, value)
    return file.getvalue()


def _sheet_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(SHEET).decode()


def repacked(content: bytes, part: str, new: bytes) -> bytes:
    """The workbook with one part replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for item in old.namelist():
            made.writestr(item, new if item == part else old.read(item))
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "iso8859-2", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_polish_letters_survive_every_usual_way_to_save(encoding: str, delimiter: str) -> None:
    read = preview((HEADINGS + GOPS).replace(";", delimiter), encoding=encoding)
    assert read.ready, read.faults
    draft = read.rows[0].draft
    assert draft is not None
    assert (draft.name, draft.sector, draft.internal) == ("GOPS w Małowicach", "pomoc_spoleczna", True)
    assert (draft.stakeholder_type, draft.address, draft.note) == ("B", "ul. Łąkowa 3", "ważne")
    assert (draft.contact_name, draft.contact_email) == ("Żaneta Ćwik", "gops@example.pl")
    assert draft.contact_phone == "15 871 00 00"


def test_headings_in_capitals_without_diacritics_and_in_another_order() -> None:
    read = preview("LP.;SEKTOR;WEWNETRZNY / ZEWNETRZNY;NAZWA INSTYTUCJI\n1;Sport;z;LKS „Łan”\n")
    assert read.ready, read.faults
    assert read.notes == ()
    draft = read.rows[0].draft
    assert draft is not None
    assert (draft.name, draft.internal, draft.stakeholder_type) == ("LKS „Łan”", False, None)


def test_a_title_above_the_table_and_blank_rows_do_no_harm() -> None:
    read = preview("Katalog 2026;;\n\nnazwa;sektor;wewnętrzny\nA;sport;TAK\n\n;;\nB;media;nie\n")
    assert [(row.number, row.draft.internal if row.draft else None) for row in read.rows] == [
        (4, True),
        (7, False),
    ]
    assert read.notes == ("Wiersz 1 nad nagłówkami nie zostanie wczytany.",)


def test_the_first_line_that_excel_understands_as_a_separator() -> None:
    read = preview('sep=,\nnazwa,sektor,wewnętrzny/zewnętrzny\n"Zakład; sp. z o.o.",finanse,w\n')
    assert read.ready, read.faults
    assert read.rows[0].number == 3
    assert read.rows[0].cells["name"] == "Zakład; sp. z o.o."


def test_the_template_can_be_filled_and_read_back() -> None:
    read = read_file("wzor.csv", template_csv())
    assert read.ready, read.faults
    assert len(read.rows) == 1


def test_every_sector_is_known_by_its_name_and_by_its_id() -> None:
    rows = "".join(
        f'Nr {n} {place};"{form}";w\n'
        for n, sector in enumerate(catalogue_sectors().items())
        for place, form in enumerate(sector)
    )
    read = preview("nazwa;sektor;wewnętrzny/zewnętrzny\n" + rows)
    assert read.ready, read.faults
    assert {row.draft.sector for row in read.rows if row.draft} == set(catalogue_sectors())


def test_every_faulty_row_is_shown_at_once_with_row_and_column() -> None:
    assert row_faults(
        GOPS
        + ";sport;wewnętrzny\n"
        + "A;;wewnętrzny\n"
        + "B;sport;\n"
        + "C;sport;może\n"
        + "D;sport;w;D\n"
        + "E;sport;w;A;;;to nie adres\n"
        + f"{'F' * 301};sport;w\n"
    ) == [
        (3, "nazwa", "name_missing"),
        (4, "sektor", "sector_unknown"),
        (5, "wewnętrzny/zewnętrzny", "internal_unknown"),
        (6, "wewnętrzny/zewnętrzny", "internal_unknown"),
        (7, "typ", "type_unknown"),
        (8, "e-mail", "email_form"),
        (9, "nazwa", "too_long"),
    ]


def test_a_row_with_faults_offers_nothing_to_save_and_keeps_what_was_written() -> None:
    read = preview(HEADINGS + "A;sporty zimowe;wewnętrzny\n" + GOPS)
    assert not read.ready
    assert [row.number for row in read.faulty_rows] == [2]
    assert read.rows[0].draft is None
    assert read.rows[0].cells["sector"] == "sporty zimowe"
    assert read.rows[1].draft is not None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pomoc spoleczn", "pomoc społeczna"),
        ("Przedsiębiorca", "przedsiębiorcy"),
        ("organizacja kościelna", "organizacje kościelne, w tym parafie"),
        ("edukcja", "edukacja"),
    ],
)
def test_a_near_miss_in_the_sector_is_answered_with_what_was_meant(written: str, meant: str) -> None:
    (fault,) = preview(HEADINGS + f"A;{written};w\n").faults
    assert fault.hint == f"Czy chodzi o „{meant}”?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Oświata", "edukacja"), ("NGO", "organizacje obywatelskie"), ("Kościół", "organizacje kościelne")],
)
def test_a_sector_in_everyday_words_is_asked_back(written: str, meant: str) -> None:
    (fault,) = preview(f"{HEADINGS}Instytucja;{written};wewnętrzny;;;;;;\n").faults
    assert f"Czy chodzi o „{meant}" in fault.hint


def test_a_missing_heading_is_told_with_the_row_and_what_stands_there() -> None:
    code, told = refusal("a.csv", "Katalog gminy;;\nnazwa;sektor;gdzie działa\nGOPS;kultura;tu\n".encode())
    assert code == "heading_missing"
    assert "Wiersz 2: Brakuje kolumny: „wewnętrzny/zewnętrzny”" in told
    assert "„gdzie działa”" in told


def test_a_heading_shortened_as_offices_do_is_understood() -> None:
    assert preview("Nazwa podmiotu;Sektor działalności;Wewn./zewn.\nGOPS;kultura;wewn.\n").ready


def test_a_sector_like_no_other_is_answered_with_the_list() -> None:
    (fault,) = preview(HEADINGS + "A;xyz;w\n").faults
    assert all(label in fault.hint for label in catalogue_sectors().values())


def test_a_name_twice_in_the_file_names_the_earlier_row() -> None:
    read = preview(HEADINGS + "Świetlica „Promyk”;kultura;w\nB;sport;w\nSWIETLICA  'PROMYK';kultura;z\n")
    (fault,) = read.faults
    assert (fault.line, fault.code) == (4, "name_double")
    assert "wierszu 2" in fault.message


def test_an_unquoted_separator_that_moves_the_row_is_noticed() -> None:
    read = preview("nazwa;sektor;wewnętrzny/zewnętrzny\nSklep; hurtownia;sport;w\n")
    assert "cell_without_heading" in {fault.code for fault in read.faults}


def test_a_column_that_is_not_read_is_named() -> None:
    assert preview("nazwa;sektor;wewnętrzny;NIP\nA;sport;tak;123\n").notes == (
        "Kolumna „NIP” nie zostanie wczytana.",
    )


@pytest.mark.parametrize(
    "name",
    [
        'Stowarzyszenie "Razem"',
        "Fundacja 🌻 Słonecznik",
        "🌻",
        "בית קפה",
        "=1+1",
        "+48 Fundacja",
        "@projekt",
        "<script>alert(1)</script>",
        "O'Hara; DROP TABLE stakeholder",
        "Dom\u00a0Kultury",
    ],
)
def test_unusual_names_are_kept_as_they_are(name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    read = preview("nazwa;sektor;wewnętrzny/zewnętrzny\n" + f"{quoted};kultura;w\n")
    assert read.ready, read.faults
    draft = read.rows[0].draft
    assert draft is not None
    assert draft.name == name.replace("\u00a0", " ")


@pytest.mark.parametrize("name", ["Dom\x07 Kultury", "Dom \u202eyrutluK"])
def test_invisible_characters_are_named_not_kept(name: str) -> None:
    assert row_faults(f"{name};kultura;w\n")[0][1] == "nazwa"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("k.csv", b"", "file_empty"),
        ("k.csv", b" \r\n\r\n", "file_empty"),
        ("k.csv", b";;;\n;;;\n", "file_empty"),
        ("k.csv", b"%PDF-1.7 ...", "not_a_table"),
        ("k.csv", b"\x89PNG\r\n\x1a\n", "not_a_table"),
        ("k.csv", b"\x01\x02\x00\x03", "not_a_table"),
        ("k.docx", b"PK\x03\x04", "file_kind"),
        ("k", b"nazwa;sektor\n", "file_kind"),
        ("k.xlsx", b"nazwa;sektor\n", "file_kind"),
        ("k.csv", b"PK\x03\x04", "file_kind"),
        ("k.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "file_locked"),
        ("k.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1", "file_locked"),
        ("k.xlsx", b"PK\x03\x04 broken", "xlsx_broken"),
        ("k.csv", b"nazwa;sektor;typ\nA;sport;B\n", "heading_missing"),
        ("k.csv", b"nazwa;interesariusz;sektor;wewnetrzny\nA;B;sport;tak\n", "heading_double"),
        ("k.csv", b"nazwa;sektor;wewnetrzny\n", "no_rows"),
        ("k.csv", b'nazwa;sektor;wewnetrzny\n"A;sport;tak\nB;sport;tak\n', "csv_row"),
        ("k.csv", b"nazwa;sektor;wewnetrzny\n\x81\x83;sport;tak\n", "encoding"),
        ("k.csv", b"x" * 5_000_001, "file_too_big"),
        ("k.csv", b"nazwa;sektor;wewnetrzny\n" + b"A;sport;tak\n" * 10_001, "too_many_rows"),
    ],
)
def test_a_file_that_is_not_a_catalogue_is_refused_with_the_reason(
    name: str, content: bytes, code: str
) -> None:
    found, message = refusal(name, content)
    assert found == code
    assert message.startswith("Nie można wczytać pliku. ")


def test_an_unclosed_quotation_mark_names_its_row() -> None:
    with pytest.raises(InvalidInputError) as caught:
        preview(HEADINGS + GOPS + '"Bez końca;sport;w\nA;sport;w\n')
    assert caught.value.faults[0].line == 3


def test_a_workbook_is_read_as_the_person_sees_it() -> None:
    content = xlsx(
        ["Katalog"],
        XLSX_HEADINGS,
        ["Ośrodek „Żuraw” 🌻", "Zdrowie", "zewnętrzny", "a", 158712345.0],
        [],
        ["GOPS", "pomoc_spoleczna", "w", None, "15 871"],
        other_sheet=True,
    )
    read = read_file("Katalog.XLSX", content)
    assert read.ready, read.faults
    first = read.rows[0].draft
    assert first is not None
    assert (first.name, first.stakeholder_type, first.contact_phone) == (
        "Ośrodek „Żuraw” 🌻",
        "A",
        "158712345",
    )
    assert [row.number for row in read.rows] == [3, 5]
    assert read.notes[0] == "Arkusz „Notatki” nie zostanie wczytany: wczytywany jest pierwszy."


def test_a_formula_counts_with_the_result_that_the_sheet_shows() -> None:
    read = read_file("k.xlsx", excel(XLSX_HEADINGS, ['="Dom"&" Kultury"', "Kultura", "w", "B", 15]))
    assert read.ready, read.faults
    assert read.rows[0].cells["name"] == 'wynik ="Dom"&" Kultury"'
    assert read.rows[0].cells["contact_phone"] == "15"


def test_a_formula_without_a_saved_result_is_not_taken_for_a_blank() -> None:
    content = xlsx(XLSX_HEADINGS, ["=A1&A2", "Zdrowie", "z"], ["B", "Zdrowie", "z", "A", "=1+1"])
    assert [(fault.line, fault.where) for fault in read_file("k.xlsx", content).faults] == [
        (2, "nazwa"),
        (3, "telefon"),
    ]


def test_an_error_in_a_cell_is_named() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(XLSX_HEADINGS)
    book.active.append(["A", "#N/A", "z"])
    file = io.BytesIO()
    book.save(file)
    (fault,) = read_file("k.xlsx", file.getvalue()).faults
    assert (fault.line, fault.where) == (2, "sektor")


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_unpacking() -> None:
    bomb = repacked(xlsx(XLSX_HEADINGS, ["A", "sport", "w"]), "xl/worksheets/sheet1.xml", b" " * 70_000_000)
    assert len(bomb) < 200_000
    assert refusal("k.xlsx", bomb)[0] == "xlsx_too_big"


def test_a_sheet_that_claims_the_largest_size_there_is_is_read_at_once() -> None:
    """Whole columns were coloured: the file says A1:XFD1048576, and holds thousands of blank rows."""
    content = xlsx(XLSX_HEADINGS, ["Szkoła", "edukacja", "wewnętrzny", "B", "1"])
    blank = "".join(f'<row r="{row}"/>' for row in range(3, 60_000))
    sheet = re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', _sheet_of(content))
    read = read_file(
        "k.xlsx", repacked(content, SHEET, sheet.replace("</sheetData>", blank + "</sheetData>").encode())
    )
    assert [row.cells["name"] for row in read.rows] == ["Szkoła"]


def test_a_sheet_that_claims_too_small_a_size_loses_no_column() -> None:
    content = xlsx(XLSX_HEADINGS, ["Szkoła", "edukacja", "wewnętrzny", "B", "15 871"])
    sheet = re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:C1"', _sheet_of(content))
    read = read_file("k.xlsx", repacked(content, SHEET, sheet.encode()))
    assert read.rows[0].cells["contact_phone"] == "15 871"


def test_rows_formatted_to_the_last_column_are_refused_before_they_cost_minutes() -> None:
    content = xlsx(XLSX_HEADINGS, ["Szkoła", "edukacja", "wewnętrzny", "B", "1"])
    wide = "".join(f'<row r="{row}"><c r="XFD{row}"/></row>' for row in range(3, 1000))
    sheet = _sheet_of(content).replace("</sheetData>", wide + "</sheetData>")
    code, _ = refusal("k.xlsx", repacked(content, SHEET, sheet.encode()))
    assert code == "too_many_columns"


def test_a_workbook_with_entities_that_multiply_is_refused() -> None:
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    )
    bad = repacked(xlsx(XLSX_HEADINGS, ["A", "sport", "w"]), "xl/worksheets/sheet1.xml", laughs)
    assert refusal("k.xlsx", bad)[0] == "xlsx_broken"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"]
)
def test_a_workbook_with_a_broken_part_is_refused(part: str) -> None:
    bad = repacked(excel(XLSX_HEADINGS, ["A", "sport", "w"]), part, b"<broken")
    assert refusal("k.xlsx", bad)[0] == "xlsx_broken"


def test_a_locked_workbook_is_refused() -> None:
    content = bytearray(xlsx(XLSX_HEADINGS))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    assert refusal("k.xlsx", bytes(content))[0] == "file_locked"


def test_some_other_archive_is_not_a_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("hello.txt", "x")
    assert refusal("k.xlsx", file.getvalue())[0] == "file_kind"


def rows_or_reason(name: str, content: bytes) -> int:
    """How many rows the preview shows, or how many faults the refusal names."""
    try:
        return len(read_file(name, content).rows)
    except InvalidInputError as error:
        return len(error.faults)


@settings(deadline=None, max_examples=60)
@given(content=st.binary(max_size=300), name=st.sampled_from(["a.csv", "a.xlsx", "a.txt"]))
def test_any_bytes_give_a_preview_or_a_reason(content: bytes, name: str) -> None:
    for given_bytes in (content, HEADINGS.encode() + content, b"PK\x03\x04" + content):
        assert rows_or_reason(name, given_bytes) > 0


@settings(deadline=None, max_examples=40)
@given(place=st.integers(0, 4000), byte=st.integers(0, 255))
def test_a_workbook_damaged_anywhere_gives_a_preview_or_a_reason(place: int, byte: int) -> None:
    content = bytearray(DAMAGED)
    content[place % len(content)] = byte
    assert rows_or_reason("a.xlsx", bytes(content)) > 0


DAMAGED = xlsx(XLSX_HEADINGS, ["A", "sport", "w", "B", "1"])


def test_the_example_catalogues_of_the_demo_are_without_fault() -> None:
    for example in (LARGE, SMALL):
        path = Path(__file__).parents[2] / "survey_app/services/demo" / example.file
        assert read_file(path.name, path.read_bytes()).ready, path.name
