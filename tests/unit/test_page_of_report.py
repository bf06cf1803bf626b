"""The report as a web page: the same numbers as on paper, in valid and accessible HTML."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from survey_app.analysis.diagnoza.cells import cells
from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.document import CountTable, Document
from survey_app.analysis.diagnoza.page import page_chapters
from tests.page_police import police
from tests.unit import example_diagnoza as example

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FRAME = """<!doctype html><html lang="pl"><head><meta charset="utf-8"><title>Diagnoza</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main>{% import "diagnoza/document.html" as report %}{{ WHAT }}</main></body></html>"""


RESULTS = "''}}<h1>Wyniki</h1>{{ report.chapters(document)"


def page(document: Document, what: str = "report.document(document)") -> str:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters["page_chapters"] = page_chapters
    return environment.from_string(FRAME.replace("WHAT", what)).render(document=document)


def test_the_page_of_a_full_report_has_no_fault() -> None:
    police(page(compose(example.example_60())))


def test_the_page_of_a_small_gmina_has_no_fault() -> None:
    police(page(compose(example.example_9())))


def test_results_alone_can_stand_under_a_page_heading() -> None:
    html = page(compose(example.example_60()), RESULTS)
    assert "Aneks" not in html
    assert ">Kto odpowiedział</h2>" in html  # chapters 1 and 2 are not there, so no number 3
    assert "Pytanie 5." in html


def test_every_cell_of_every_table_is_on_the_page() -> None:
    document = compose(example.example_60())
    html = page(document)
    for chapter in document.chapters:
        for block in chapter.blocks:
            if isinstance(block, CountTable):
                for row in cells(block).rows:
                    assert f'<th scope="row">{row[0]}</th>' in html
    assert "88%" in html


def test_what_people_wrote_cannot_become_markup() -> None:
    texts = {"p6": ["<script>alert(1)</script> & „cudzysłów”"]}
    html = page(compose(example.build(example.made_up_records(example.TYPES), 74, extra_texts=texts)))
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; „cudzysłów”" in html


def test_no_style_attribute_so_that_the_security_policy_lets_charts_through() -> None:
    html = page(compose(example.example_60()))
    assert "<svg" in html
    assert not re.search(r"\sstyle=|<style", html)
