"""Papers as PDF and DOCX: readable for everyone, the same words in both, the same bytes for the same version."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest

from survey_app.analysis.papers.compose import composed
from survey_app.analysis.papers.paper_document import PaperFile, sheet_of
from survey_app.analysis.papers.paper_docx import paper_docx
from survey_app.analysis.papers.paper_pdf import paper_pdf
from survey_app.instrument.loader import load_instrument
from survey_app.instrument.paper_model import PaperGroup
from survey_app.services.method.definitions import papers, rules_of
from tests.pdf_structure import read_structure

FOLDER = Path(__file__).parents[1] / "fixtures" / "papers"
LETTER, FORM = (load_instrument(FOLDER / f"{key}.yml") for key in ("zaproszenie", "bilans"))
MADE = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
ANSWERS: Mapping[str, Any] = {
    "kiedy": "2026-12-01",
    "gdzie": "Sala OSP\n# 5\n1. piętro",
    "sprawy": ["Plan „Razem”", "Budżet"],
    "posilek": "tak",
}
TABLES = {
    "porzadek": [
        {"_id": "a", "godzina": "10:00", "sprawa": "Otwarcie", "osoba": "Wójt"},
        {"_id": "b", "godzina": "10:15", "sprawa": "Sprawozdanie", "osoba": "Anna Żółć"},
    ]
}
ACT = "# Uchwała nr 1\n\nRady Gminy\n\nz dnia 1 maja\n\n§ 1. Powołuje się.\n\n## § 2. Skład\n\nPodpis: Wójt"


def letter_to(name: str, person: str = "") -> str:
    facts = {"gmina": "Kosów", "today": "21 listopada 2026", "recipient": name, "recipient_person": person}
    return composed(LETTER, ANSWERS, TABLES, facts)


def file_of(*texts: str, title: str = "Zaproszenie") -> PaperFile:
    return PaperFile(title, "Kosów", tuple(sheet_of(text, title) for text in texts), MADE)


def squashed(words: str) -> str:
    return re.sub(r"\s+", "", words)


LAYOUTS = {
    "letter": letter_to("OPS"),
    "blank": composed(LETTER, {}, {}, {}),
    "act": ACT,
    "form": composed(FORM, {"opis": "x " * 3_000}, {}, {}),
    "nothing": "",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_a_tagged_file_whose_headings_do_not_skip_a_level(name: str) -> None:
    is_sound(paper_pdf(file_of(LAYOUTS[name])))


@pytest.mark.parametrize(
    "key", [key for key, one in papers().items() if rules_of(one).group != PaperGroup.ADVICE]
)
def test_so_is_every_paper_that_is_shipped_and_it_opens_as_a_word_document(key: str) -> None:
    first = {  # the first option of every choice: what hangs on one is there, too
        question.id: {"option": question.options[0].id}
        for question in papers()[key].questions
        if question.options
    }
    made = file_of(composed(papers()[key], first, {}, {}))
    is_sound(paper_pdf(made))
    headings = [one for one in docx.Document(io.BytesIO(paper_docx(made))).paragraphs if one.style]
    assert [one.text for one in headings if str(one.style.name).startswith(("Heading", "Title"))]


def is_sound(content: bytes) -> None:
    """What PDF/UA-1 asks of a file's own description, headings and tables."""
    with pikepdf.open(io.BytesIO(content)) as file:
        assert str(file.Root.Lang) == "pl-PL"
        assert bool(file.Root.MarkInfo.Marked)
        assert str(file.docinfo["/Title"]) == "Zaproszenie"
        assert str(file.docinfo["/CreationDate"]).startswith("D:20261121")
        assert b"<pdfuaid:part>1</pdfuaid:part>" in file.Root.Metadata.read_bytes()
    tree = read_structure(content)
    levels = [int(one.kind[1]) for one in tree.all("H1", "H2", "H3", "H4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    for table in tree.all("Table"):
        (head,) = table.all("THead")
        assert all(cell.text for cell in head.all("TH"))
        assert not list(table.all("Caption"))


def test_what_was_filled_in_stands_in_both_files_in_the_same_order() -> None:
    text = letter_to("Ośrodek „Razem” & 'Spółka' <b>", "Anna Żółć")
    tree = read_structure(paper_pdf(file_of(text)))
    assert [one.text for one in tree.all("H1", "H2")] == [
        "Zaproszenie na spotkanie Zespołu Synergii Lokalnej",
        "§ 1. Sprawy do omówienia",
        "§ 2. Goście",
    ]
    word = docx.Document(io.BytesIO(paper_docx(file_of(text))))
    headings = [one.text for one in word.paragraphs if (one.style.name or "").startswith("Heading")]
    assert headings == [one.text for one in tree.all("H1", "H2")]
    printed = squashed(tree.text)
    written = squashed(
        "".join(node.text or "" for node in word.element.body.iter() if node.tag.endswith("}t"))
    )
    for words in (
        "Ośrodek „Razem” & 'Spółka' <b>",
        "Anna Żółć",
        "# 5",
        "1. piętro",
        "Plan „Razem”",
        "Sprawozdanie",
    ):
        assert squashed(words) in printed
        assert squashed(words) in written
    assert [[cell.text for cell in row.cells] for row in word.tables[0].rows] == [
        ["Godzina", "Sprawa", "Kto mówi"],
        ["10:00", "Otwarcie", "Wójt"],
        ["10:15", "Sprawozdanie", "Anna Żółć"],
    ]
    assert {one.style.name for one in word.paragraphs} >= {"List Bullet", "List Number"}


def test_letters_are_counted_each_by_itself() -> None:
    texts = (
        letter_to("Pierwszy"),
        letter_to("Drugi") + "\n\n" + "Długi akapit. \n\n" * 80,
        letter_to("Trzeci"),
    )
    run = subprocess.run(
        [shutil.which("pdftotext") or pytest.skip("poppler-utils is missing"), "-raw", "-", "-"],
        input=paper_pdf(file_of(*texts)),
        capture_output=True,
        check=True,
    )
    pages = run.stdout.decode().split("\f")[:-1]
    counted = [re.findall(r"strona \d+ z \d+", page) for page in pages]
    assert counted[0] == ["strona 1 z 1"]
    assert counted[1][0].startswith("strona 1 z ")
    assert counted[-1] == ["strona 1 z 1"]
    assert counted[1][0] == f"strona 1 z {len(pages) - 2}"
    assert ["Pierwszy" in page for page in pages] == [True, *[False] * (len(pages) - 1)]
    assert "Trzeci" in pages[-1]
    word = docx.Document(io.BytesIO(paper_docx(file_of(*texts))))
    assert len(word.sections) == 3


@pytest.mark.parametrize("name", ["„Cudzysłów” \"i\" 'apostrof'", "Klub 👍🏽", "שלום עולם", "a\u202eb"])
def test_a_name_of_any_letters_makes_both_files(name: str) -> None:
    tree = read_structure(paper_pdf(file_of(letter_to(name))))
    assert next(tree.all("H1")).text
    word = docx.Document(io.BytesIO(paper_docx(file_of(letter_to(name)))))
    assert any(name in one.text for one in word.paragraphs)


def test_the_same_version_is_the_same_bytes_and_another_text_is_not() -> None:
    once, again = file_of(letter_to("OPS")), file_of(letter_to("OPS"))
    assert paper_pdf(once) == paper_pdf(again)
    assert paper_docx(once) == paper_docx(again)
    assert paper_pdf(once) != paper_pdf(file_of(letter_to("GOPS")))
    assert paper_docx(once) != paper_docx(file_of(letter_to("GOPS")))


def test_places_to_sign_say_who_signs() -> None:
    signed = [one.text for one in read_structure(paper_pdf(file_of(ACT))).all("P") if "podpis" in one.text]
    assert [squashed(one) for one in signed] == ["Wójt(podpis)"]


def test_a_word_processor_opens_the_document_and_prints_the_same_words(tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is missing")
    (tmp_path / "list.docx").write_bytes(paper_docx(file_of(letter_to("OPS w Kosowie"), ACT)))
    home = f"-env:UserInstallation=file://{tmp_path}/biuro"
    run = [
        program,
        home,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "list.docx"),
    ]
    subprocess.run(run, check=True, capture_output=True, timeout=120)
    shown = subprocess.run(
        ["pdftotext", "-raw", str(tmp_path / "list.pdf"), "-"], capture_output=True, check=True
    )
    opened = shown.stdout.decode()
    assert opened.count("\f") == 2  # a page for each, and no empty one
    for words in ("OPS w Kosowie", "Sprawozdanie", "Budżet", "§ 1. Powołuje się.", "strona 1 z 1"):
        assert squashed(words) in squashed(opened)


def test_a_heading_is_never_the_last_thing_on_a_page() -> None:
    """However much stands above it."""
    rows = "\n".join(f"| {number} | opis |" for number in range(9))
    for lines in range(20, 44, 3):
        text = (
            "# T\n\n"
            + "linia\n\n" * lines
            + f"## Nagłówek\n\n### Mniejszy\n\nO tabeli.\n\n| a | b |\n|---|---|\n{rows}\n"
        )
        with pikepdf.open(io.BytesIO(paper_pdf(file_of(text)))) as file:
            pages = [_shown(page) for page in file.pages]
        at = next(number for number, words in enumerate(pages) if "H2" in words)
        assert pages[at][pages[at].index("H2") :].count("P") > 3  # the words and cells of the table below it


def _shown(page: Any) -> list[str]:
    """The types of marked content in the order in which they are drawn."""
    steps = pikepdf.parse_content_stream(page)
    return [str(one.operands[0])[1:] for one in steps if str(one.operator) == "BDC"]
