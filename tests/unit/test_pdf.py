"""The diagnoza and the sheets on paper: tagged, the same bytes each time, and proof against what people type."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.document import Chapter, Paragraph, Subheading, TextTable
from survey_app.analysis.diagnoza.pdf import render_pdf
from survey_app.analysis.diagnoza.result import Edition
from survey_app.analysis.pdf.blank_form import render_blank_form
from survey_app.analysis.pdf.canvas import Metadata
from survey_app.analysis.pdf.flowables import paragraph
from survey_app.analysis.pdf.fonts import markup, printable, wrap_text
from survey_app.analysis.pdf.layout import RunningHead, build_pdf
from survey_app.analysis.pdf.letters import Letter, render_letters
from survey_app.analysis.pdf.poster import render_poster
from survey_app.analysis.pdf.tables import table_with_caption
from tests.unit import example_diagnoza as example

ADDRESS = "https://ankieta.example.pl/a/k7qp3xwd"


def letter(institution: str, code: str) -> Letter:
    introduction = example.ankieta().introduction(anonymous=True)
    return Letter(
        institution, "ul. Szkolna 1, 12-345 Przykładowo", f"{ADDRESS}/{code}", code,
        "16 listopada 2026, godz. 09:00", "Przykładowo", introduction,
    )  # fmt: skip


def blank(anonymous: bool = True) -> bytes:
    introduction = example.ankieta().introduction(anonymous=anonymous)
    return render_blank_form(
        example.ankieta(), "Ankieta", "Przykładowo", introduction, "Administrator.", anonymous
    )


def poster() -> bytes:
    return render_poster(
        gmina="Przykładowo", title="Ankieta", address=ADDRESS, opens_at="2 listopada 2026, godz. 09:00",
        closes_at="16 listopada 2026, godz. 09:00", anonymous=True,
    )  # fmt: skip


def elements(file: pikepdf.Pdf) -> Iterator[Any]:
    """All structure elements, in reading order."""

    def walk(element: Any) -> Iterator[Any]:
        yield element
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from walk(kid)

    yield from walk(file.Root.StructTreeRoot.K[0])


def tags(content: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(content)) as file:
        return [str(element.S)[1:] for element in elements(file)]


def text_of(content: bytes, *, pages: bool = False) -> str:
    """In one line; with `pages` as it is, a form feed after each page."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler-utils) is missing")
    run = subprocess.run([program, "-raw", "-", "-"], input=content, capture_output=True, check=True)
    return run.stdout.decode() if pages else " ".join(run.stdout.decode().split())


@pytest.fixture(scope="module")
def report() -> bytes:
    return render_pdf(compose(example.example_60()))


def test_the_same_report_is_the_same_file(report: bytes) -> None:
    assert render_pdf(compose(example.example_60())) == report


def test_the_file_says_title_language_and_conformance(report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as file:
        assert str(file.Root.Lang) == "pl-PL"
        assert bool(file.Root.MarkInfo.Marked)
        assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
        assert str(file.docinfo["/Title"]) == "Diagnoza lokalna: gmina Przykładowo"
        assert str(file.docinfo["/CreationDate"]).startswith("D:20261118")
        assert b"<pdfuaid:part>1</pdfuaid:part>" in file.Root.Metadata.read_bytes()


def test_the_file_can_be_archived(report: bytes) -> None:
    """PDF/A-2a, as far as it can be seen without its checker: the claim, the colours, the ends of streams."""
    with pikepdf.open(io.BytesIO(report)) as file:
        with file.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        intent = file.Root.OutputIntents[0]
        profile = intent.DestOutputProfile
        assert (str(intent.S), int(profile.N)) == ("/GTS_PDFA1", 3)
        colours = profile.read_bytes()
    assert (colours[12:16], colours[16:20], colours[36:40]) == (b"mntr", b"RGB ", b"acsp")
    assert int.from_bytes(colours[:4]) == len(colours)
    assert report.count(b"\nendstream") == report.count(b"endstream\nendobj") > 20


def test_headings_never_skip_a_level(report: bytes) -> None:
    for content in (
        report,
        render_pdf(compose(example.example_9())),
        render_pdf(compose(example.example_0())),
        blank(),
    ):
        levels = [int(tag[1]) for tag in tags(content) if re.fullmatch(r"H\d", tag)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("rows", [4, 40])
def test_two_headings_in_a_row_stay_with_what_they_lead_to(rows: int) -> None:
    """Wherever on a page they fall: after a few lines more in each chapter."""
    chapters = []
    for lines in range(22, 34):
        table = TextTable("Tabela", ("Co",), tuple((f"Komórka {lines}.{row};",) for row in range(rows)))
        filler = [Paragraph("Wiersz.")] * lines
        headings = [Subheading(f"Wyżej {lines};", f"w{lines}"), Subheading(f"Niżej {lines};", f"n{lines}", 3)]
        chapters.append(Chapter("", f"Rozdział {lines}", f"r{lines}", [*filler, *headings, table]))
    document = compose(example.example_0())
    content = render_pdf(replace(document, chapters=(document.chapters[0], *chapters)))
    pages = text_of(content, pages=True).split("\f")
    for lines in range(22, 34):
        places = [
            next(number for number, page in enumerate(pages) if words in page)
            for words in (f"Wyżej {lines};", f"Niżej {lines};", f"Komórka {lines}.0;")
        ]
        assert len(set(places)) == 1, (lines, places)


def test_each_figure_has_its_alternative_text_and_each_table_a_caption_and_scopes(report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as file:
        found = list(elements(file))
        figures = [element for element in found if element.S == "/Figure"]
        assert figures
        assert all(len(str(figure.Alt)) > 40 for figure in figures)
        headers = [element for element in found if element.S == "/TH"]
        assert {str(header.A.Scope) for header in headers} == {"/Column", "/Row"}
    counts = Counter(tags(report))
    assert counts["Table"] == counts["Caption"] + 1  # the facts on the title page need none


def test_links_of_the_contents_lie_in_toc_items_and_lead_to_pages_that_exist(report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as file:
        items = [element for element in elements(file) if element.S == "/TOCI"]
        chapters = len(compose(example.example_60()).chapters)
        overview = 1
        assert len(items) == chapters + overview + len(example.ankieta().numbered)
        assert all(item.K[0].S == "/Reference" and item.K[0].K[0].S == "/Link" for item in items)
        assert len(file.open_outline().root) == chapters + 1


def test_numbers_and_polish_letters_survive(report: bytes) -> None:
    text = text_of(report)
    assert "Potrzeba (pytanie 5): TAK to" in text
    assert "strona 3 z" in text
    assert "Partnerstwo oraz reintegracja społeczna i zawodowa w opinii instytucji" in text
    assert "Gotowość sektorów" in text
    assert "PRZYKŁAD" in text


def test_every_page_number_of_the_contents_is_where_the_chapter_stands(report: bytes) -> None:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler-utils) is missing")
    run = subprocess.run([program, "-layout", "-", "-"], input=report, capture_output=True, check=True)
    pages = run.stdout.decode().split("\f")
    stated = re.findall(r"^ *(\d) +(.+?) [. ]{6,} *(\d+)$", pages[1], flags=re.MULTILINE)
    assert len(stated) == 6
    for number, title, page in stated:
        assert f"{number}. {title.strip()}" in pages[int(page) - 1]


@pytest.mark.parametrize("edition", list(Edition))
def test_the_summary_is_one_page_however_much_it_has_to_say(edition: Edition) -> None:
    diagnoza = replace(example.example_60(), edition=edition)
    wordy = tuple(replace(part, sentences=part.sentences * 3) for part in diagnoza.summary)
    for each in (diagnoza, replace(diagnoza, summary=wordy)):
        text = text_of(render_pdf(compose(each)))
        entries = {
            title: int(page)
            for title, page in re.findall(r"(Podsumowanie|Metoda i jej ograniczenia)[ .]{6,}(\d+)", text)
        }
        assert entries["Metoda i jej ograniczenia"] == entries["Podsumowanie"] + 1


@pytest.mark.parametrize("words", [1, 25, 60, 1500])  # the last: rows longer than a page
def test_a_long_table_shows_its_header_once_on_each_page(words: int) -> None:
    """Rows of uneven height end a page at every possible place; only a row longer than a page is cut."""
    for count in (17, 22, 31) if words < 1500 else (8,):
        rows = [[paragraph(f"w{n}"), paragraph("słowo " * (words * (1 + n % 3)))] for n in range(count)]
        content = build_pdf(
            table_with_caption("Tabela", ("Nagłówek", "Słowa"), rows, (100, 300)),
            Metadata("Próba", "", "", dt.datetime(2026, 11, 21, tzinfo=dt.UTC), "pl-PL"),
            RunningHead("", ""),
        )
        pages = text_of(content, pages=True).split("\f")
        if words < 1500:  # what is left of a cut row is a table of its own, with the header above
            assert max(page.count("Nagłówek") for page in pages) == 1
        assert sum(page.count("słowo") for page in pages) == sum(words * (1 + n % 3) for n in range(count))


def test_a_long_row_is_cut_where_the_page_ends_and_stays_one_row_for_a_screen_reader() -> None:
    """Twenty long rows, none as high as a page: they fill the pages, and the tree does not know of the breaks."""
    count = 20
    rows = [[paragraph(f"w{n}"), paragraph("słowo " * 360)] for n in range(count)]
    content = build_pdf(
        table_with_caption("Tabela", ("Nagłówek", "Słowa"), rows, (100, 300)),
        Metadata("Próba", "", "", dt.datetime(2026, 11, 21, tzinfo=dt.UTC), "pl-PL"),
        RunningHead("", ""),
    )
    pages = [page for page in text_of(content, pages=True).split("\f") if page.strip()]
    assert {page.count("Nagłówek") for page in pages} == {1}
    words = [page.count("słowo") for page in pages]
    assert sum(words) == 360 * count
    assert min(words[1:-1]) > 0.9 * max(words)  # no page is left half empty
    found = Counter(tags(content))
    assert (found["TR"], found["TH"], found["TD"]) == (count + 1, count + 2, count)
    assert found["P"] == 2 * (count + 1)


def test_what_people_type_never_breaks_the_report() -> None:
    texts = {
        "p6": [
            "a < b & c",
            "Ł" * 300,
            "długi tekst " * 850,
            "Dziękuję 😀👍🏽",
            "שלום עולם",
            "x\u200by\u0301\x07",
            "<b>nie</b>",
        ],
    }
    diagnoza = example.build(example.made_up_records(example.TYPES), 74, extra_texts=texts)
    text = text_of(render_pdf(compose(diagnoza)))
    assert "a < b & c" in text
    assert "<b>nie</b>" in text
    assert text.count("długi") == 850
    assert text.replace(" ", "").count("Ł" * 300) == 1
    assert "Dziękuję [emoji]" in text
    assert "[tekst pismem hebrajskim, liczba znaków: 8]" in text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("zażółć gęślą jaźń „–…”", "zażółć gęślą jaźń „–…”"),
        ("super 👍🏽!", "super [emoji]!"),
        ("rodzina 👨\u200d👩\u200d👧 i 🇵🇱", "rodzina [emoji] i [emoji]"),
        ("مرحبا", "[tekst pismem arabskim, liczba znaków: 5]"),
        ("日本", "[tekst pismem chińskim, liczba znaków: 2]"),
        ("Привет", "Привет"),
        ("a\tb\u200e\x00c", "a bc"),
        ("e\u0301", "é"),
        ("⠿", "□"),
    ],
)
def test_what_the_typeface_lacks_is_replaced_by_visible_words(typed: str, printed: str) -> None:
    assert printable(typed) == printed


def test_markup_is_made_in_one_place() -> None:
    assert markup("<b>\na & b") == "&lt;b&gt;<br/>a &amp; b"


def test_a_word_of_one_letter_is_not_left_at_the_end_of_a_line() -> None:
    assert markup("6 z 22 w gminie, a i o tym") == "6 z\u00a022 w\u00a0gminie, a\u00a0i\u00a0o\u00a0tym"
    assert markup("od 1 do 2") == "od 1 do 2"


def test_a_word_wider_than_the_line_is_broken_and_nothing_is_lost() -> None:
    lines = wrap_text("W" * 50 + " koniec", 8, 60)
    assert "".join(lines).replace(" ", "") == "W" * 50 + "koniec"
    assert len(lines) > 3


def test_the_blank_ankieta_has_the_routing_written_out_and_no_code() -> None:
    text = text_of(blank())
    assert "Odpowiedz tylko, jeśli w pytaniu 2 zaznaczono TAK." in text
    assert "Jeśli NIE, przejdź do pytania 5." in text
    assert "zakleić" in text
    assert "bez podpisu" in text
    for question in example.ankieta().numbered:
        assert question.text in text


def test_the_named_blank_asks_for_the_name_instead() -> None:
    text = text_of(blank(anonymous=False))
    assert "bez podpisu" not in text
    assert "anonimowość" not in text
    assert "anonimowość" in text_of(blank(anonymous=True))
    assert "napisać nazwę instytucji" in text


def test_each_letter_has_a_page_with_its_own_code_only() -> None:
    content = render_letters([letter("Zespół Szkół & Przedszkole", "KOD-A1"), letter("Parafia", "KOD-B2")])
    with pikepdf.open(io.BytesIO(content)) as file:
        assert len(file.pages) == 2
        addresses = [[str(note.A.URI) for note in page.Annots] for page in file.pages]
    assert addresses == [[f"{ADDRESS}/KOD-A1"], [f"{ADDRESS}/KOD-B2"]]
    assert "Zespół Szkół & Przedszkole" in text_of(content)
    assert "wpisać kod: KOD-B2" in " ".join(text_of(content).split())


def test_no_letters_are_a_file_that_says_so() -> None:
    assert "Nie ma listów" in text_of(render_letters([]))


def test_the_poster_is_one_page_with_address_and_dates() -> None:
    content = poster()
    with pikepdf.open(io.BytesIO(content)) as file:
        assert len(file.pages) == 1
    text = text_of(content)
    assert ADDRESS in text
    assert "bez logowania · ok. 10 minut · anonimowo" in text
    assert "16 listopada 2026" in text
    assert "Figure" in tags(content)
