"""The calculator and the comparison of variants in the service: the same numbers on every surface, refused input."""

from __future__ import annotations

import csv
import io
import re

import docx
import pypdf
import pytest
from flask import Flask

from survey_app.analysis.diagnoza.document import Figure, Paragraph, Subheading, TextTable
from survey_app.analysis.diagnoza.pdf import render_pdf
from survey_app.analysis.diagnoza.result import Edition
from survey_app.errors import InvalidInputError, NotFoundError
from survey_app.instrument.calculator_model import Calculator
from survey_app.instrument.values import Value
from survey_app.services.context import Context
from survey_app.services.method import paper_calculation, paper_facts, paper_files, papers, process
from survey_app.services.method.definitions import paper_definition, rules_of
from survey_app.services.method.papers import Content
from survey_app.services.survey import build_diagnoza
from tests import campaign_kit
from tests.calculator_rows import EXAMPLE, SOURCE, fields, rows
from tests.integration.staff import GMINA, people, staff
from tests.integration.test_build_diagnoza import locked
from tests.pdf_structure import read_structure

PAPERS = f"/panel/{GMINA}/pisma"
# Recomputed by hand in tests/unit/test_calculator.py.
NUMBERS = ("−405 587", "−1 499 024", "1 390 200", "70 883", "890 000", "590 688")


def calculator() -> Calculator:
    found = rules_of(paper_definition("kalkulator")).calculator
    assert found is not None
    return found


def filled(context: Context, gmina: str = GMINA) -> int:
    content = Content({"wniosek": "Zaczynamy od małego klubu."}, rows(calculator(), EXAMPLE))
    return papers.start(context, gmina, "kalkulator", content, "", None).id


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def words_of_docx(content: bytes) -> str:
    return plain(" ".join(docx.Document(io.BytesIO(content)).element.body.itertext()))


def test_every_surface_has_the_same_numbers(sqlite_context: Context, app: Flask) -> None:
    context = sqlite_context
    number = filled(context)
    jan = staff(app, "jan@example.org")
    page = plain(re.sub(r"<[^>]+>", " ", jan.get(f"{PAPERS}/{number}")))
    pdf = plain(read_structure(paper_files.pdf(context, GMINA, number)).text)
    word = words_of_docx(paper_files.docx(context, GMINA, number))
    for told in NUMBERS:
        assert told in page, told
        assert told in pdf, told
        assert told in word, told
    assert len(list(read_structure(paper_files.pdf(context, GMINA, number)).all("Figure"))) == 1
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="chart"' in jan.get(f"{PAPERS}/{number}")

    table = list(
        csv.reader(
            io.StringIO(jan.file(f"{PAPERS}/{number}/obliczenie.csv").decode("utf-8-sig")), delimiter=";"
        )
    )
    assert ["Wynik dla budżetu gminy", "Wynik dla budżetu gminy w całym okresie", "zł"] + [
        one.replace("−", "-").replace(" ", "") for one in (NUMBERS[1], NUMBERS[0], NUMBERS[2])
    ] + [""] in table
    assert ["założenie", "Etaty w klubie", "etaty", "1", "1,5", "2", SOURCE] in table
    assert [row[3:6] for row in table if row[0].startswith("próg")] == [
        ["żadna liczba nie wystarcza", "18", "2"]
    ]
    swot = papers.start(context, GMINA, "swot", Content(), "", None).id
    assert jan.client.get(f"{PAPERS}/{swot}/obliczenie.csv").status_code == 404
    with pytest.raises(NotFoundError):
        paper_calculation.csv_of(context, GMINA, number, 7)


def test_the_diagnoza_has_the_agreed_one_in_both_editions(sqlite_context: Context) -> None:
    context, campaign = sqlite_context, locked(sqlite_context).campaign.id
    number = filled(context, campaign_kit.GMINA)
    papers.agree(context, campaign_kit.GMINA, number, 1, context.today(), None)
    for edition in Edition:
        document = build_diagnoza.document(context, campaign, edition)
        (chapter,) = [one for one in document.chapters if one.anchor == "materialy-zespolu"]
        (figure,) = [block for block in chapter.blocks if isinstance(block, Figure)]
        tables = {
            block.anchor or block.caption: block for block in chapter.blocks if isinstance(block, TextTable)
        }
        assert tables[figure.table_anchor].caption.startswith(figure.table_label)
        captions = [block.caption for block in chapter.blocks if isinstance(block, TextTable)]
        assert not [
            one for one in captions if one.endswith("Stan na dzień")
        ]  # a question, not the table's title
        assert isinstance(chapter.blocks[0], Paragraph)
        assert "wynik z założeń" in chapter.blocks[0].text
        assert figure.table_anchor == f"material-{number}-wrazliwosc"
        words = " ".join(cell for table in tables.values() for row in table.rows for cell in row)
        assert all(told in plain(words) for told in NUMBERS)
        # Two or three pages: what a council asks for, and every number with its source; the rest is in the paper.
        assert [re.sub(r"^Tabela \d+\. ", "", one) for one in captions] == [
            "Trzy scenariusze",
            "Co zmienia wynik najbardziej",
            "Założenia i ich źródła",
        ]
        effects, given = tables[figure.table_anchor], list(tables.values())[-1]
        assert len(effects.rows) == 6
        assert len(given.rows) == len(calculator().assumptions)
        assert {row[-1] for row in given.rows} == {SOURCE}
        said = " ".join(block.text for block in chapter.blocks if isinstance(block, Paragraph))
        assert "Zaczynamy od małego klubu." in said
        assert f"Dalsze {len(calculator().assumptions) - 6 - 3}" in said.replace("\u00a0", " ")
        assert "potrzeba co najmniej 18" in said.replace("\u00a0", " ")
        text = "".join(
            page.extract_text() for page in pypdf.PdfReader(io.BytesIO(render_pdf(document))).pages
        )
        assert "Kalkulator wydatków" in text


def test_variants_that_nobody_considered_are_named_and_take_no_rows(sqlite_context: Context) -> None:
    context, campaign = sqlite_context, locked(sqlite_context).campaign.id
    rows = {"warianty": [{"_id": "cis", "koszt": "ponad możliwości"}, {"_id": "ngo", "ocena": "   "}]}
    number = papers.start(context, campaign_kit.GMINA, "warianty_uslug", Content({}, rows), "", None).id
    papers.agree(context, campaign_kit.GMINA, number, 1, context.today(), None)
    document = build_diagnoza.document(context, campaign, Edition.PUBLIC)
    (chapter,) = [one for one in document.chapters if one.anchor == "materialy-zespolu"]
    (table,) = [block for block in chapter.blocks if isinstance(block, TextTable)]
    assert [row[0] for row in table.rows] == ["centrum integracji społecznej"]
    (told,) = [
        block.text
        for block in chapter.blocks
        if isinstance(block, Paragraph) and block.text.startswith("Bez wpisu: ")
    ]
    assert told.count(";") == 5
    headings = [block.text for block in chapter.blocks if isinstance(block, Subheading)]
    assert "Warianty" not in headings, "the caption says it"
    whole = plain(words_of_docx(paper_files.docx(context, campaign_kit.GMINA, number)))
    assert "Bez wpisu" not in whole, "the paper itself keeps its rows, to be completed"


def test_a_page_with_bad_numbers_comes_back_whole_and_names_each(sqlite_context: Context, app: Flask) -> None:
    jan = staff(app, "jan@example.org")
    new = jan.get(f"{PAPERS}/nowe/kalkulator")
    assert 'value="4806"' in new
    assert "Od 1 do 50\u00a0000. Wartości na początek: minimalne wynagrodzenie" in new
    typed = fields(calculator(), EXAMPLE) | {
        "zalozenia_klub-etaty-source": "",
        "zalozenia_klub-dotacje-low": "-5",
        "zalozenia_klub-uczestnicy-middle": "dużo",
        "zalozenia_zwrot-udzial_pit-high": "2",
    }
    refused = jan.send(f"{PAPERS}/nowe/kalkulator", typed)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    for told in (
        "„Dotacje i projekty na prowadzenie klubu”, Najmniej: wartość −5 nie może być prawdziwa.",
        "Najpewniej: to nie jest liczba",
        "Najwięcej: mniej niż „Najpewniej”.",
    ):
        assert told in page, told
    assert page.count('href="#zalozenia_') == 3, "one complaint of each"
    assert 'value="dużo"' in page
    assert papers.listed(sqlite_context, GMINA) == []

    typed |= {
        "zalozenia_klub-dotacje-low": "",
        "zalozenia_zwrot-udzial_pit-high": "5",
    }
    typed |= dict.fromkeys(
        (f"zalozenia_klub-uczestnicy-{column}" for column in ("low", "middle", "high", "source")), ""
    )
    saved = jan.send(f"{PAPERS}/nowe/kalkulator", typed)
    assert saved.status_code == 303
    shown = jan.get(saved.headers["Location"])
    assert "Nie wszystko da się policzyć" in shown
    assert "a więc i wyniku" in shown
    assert "nie policzono" in shown
    assert "brak źródła przy 1\u00a0założeniu" in shown, "a draft is kept all the same"


def test_a_draft_waits_for_its_sources_and_is_not_agreed_to_without(
    sqlite_context: Context, app: Flask
) -> None:
    context = sqlite_context
    anna, number = staff(app, "anna@example.org"), filled(context)
    page, base = f"{PAPERS}/{number}", {"base": "1"}
    typed = fields(calculator(), EXAMPLE) | {
        "zalozenia_klub-etaty-source": "",
        "zalozenia_zwrot-danina-source": "–",
        "zalozenia_zwrot-danina-middle": "1913",
    }
    assert anna.send(f"{page}/pola", typed | base).status_code == 303
    links = [f'href="{page}/pola#zalozenia_{one}-source"' for one in ("klub-etaty", "zwrot-danina")]
    for address in (page, f"{page}/uzgodnienie"):
        shown = anna.get(address)
        assert "brak źródła przy 2\u00a0założeniach" in shown
        assert all(link in shown for link in links)
    assert 'href="#zalozenia_klub-etaty-source"' in anna.get(f"{page}/pola")
    for words in (
        plain(read_structure(paper_files.pdf(context, GMINA, number)).text),
        words_of_docx(paper_files.docx(context, GMINA, number)),
    ):
        assert "Brak źródła przy 2 założeniach." in words
        assert words.count("brak źródła") >= 4, "by name, and in the cell"
    table = anna.file(f"{page}/obliczenie.csv").decode("utf-8-sig")
    assert "Etaty w klubie;etaty;1;1,5;2;brak źródła" in table

    refused = anna.send(f"{page}/uzgodnienie", {"number": "2", "agreed_on": "2026-11-01"})
    assert refused.status_code == 422
    assert "„Etaty w klubie”: brak źródła." in refused.text
    assert all(link in refused.text for link in links)
    assert papers.view(context, GMINA, number).paper.state == "draft"
    typed |= {"zalozenia_klub-etaty-source": SOURCE, "zalozenia_zwrot-danina-source": SOURCE, "base": "2"}
    anna.send(f"{page}/pola", typed)
    assert "brak źródła" not in anna.get(f"{page}/uzgodnienie")
    agreed = anna.send(f"{page}/uzgodnienie", {"number": "3", "agreed_on": "2026-11-01"})
    assert agreed.status_code == 303
    assert papers.view(context, GMINA, number).paper.state == "agreed"


def test_computed_text_is_not_written_by_hand(sqlite_context: Context, app: Flask) -> None:
    number = filled(sqlite_context)
    jan = staff(app, "jan@example.org")
    assert "Poprawianie treści" not in jan.get(f"{PAPERS}/{number}")
    assert jan.client.get(f"{PAPERS}/{number}/tresc").status_code == 303
    sent = jan.send(f"{PAPERS}/{number}/tresc", {"text": "# Zysk\n\nMilion", "base": "1"})
    assert sent.status_code == 303
    assert len(papers.view(sqlite_context, GMINA, number).versions) == 1


def test_the_variants_begin_with_the_result_and_the_pact_with_the_decision(context: Context) -> None:
    people(context)
    empty = papers.start(context, GMINA, "kalkulator", Content(), "", None)
    told = paper_facts.prefilled(context, GMINA, paper_definition("warianty_uslug")).answers
    assert str(told["wynik_kalkulatora"]).startswith("Wyniku kalkulatora jeszcze nie ma")
    papers.withdraw(context, GMINA, empty.id, None)
    filled(context)
    told = paper_facts.prefilled(context, GMINA, paper_definition("warianty_uslug")).answers
    assert plain(str(told["wynik_kalkulatora"])).startswith(
        "Wynik dla budżetu gminy w całym okresie: −405 587 zł w scenariuszu środkowym"
    )
    answers: dict[str, Value] = {"decyzja": {"option": "renewed_kis"}, "uzasadnienie": "Klub już jest."}
    paper = papers.start(context, GMINA, "warianty_uslug", Content(answers), "", None)
    pact = paper_facts.prefilled(context, GMINA, paper_definition("pakt")).answers
    assert (pact["forma_uslug"], pact["uzasadnienie"]) == ({"option": "rewitalizacja"}, "Klub już jest.")
    assert process.view(context, GMINA).step("warianty").state == "open"
    bare = Content({"decyzja": {"option": "renewed_kis"}})
    papers.save(context, GMINA, paper.id, 1, bare, None)
    with pytest.raises(InvalidInputError) as refused:
        papers.agree(context, GMINA, paper.id, 2, context.today(), None)
    (fault,) = refused.value.faults
    assert "„Którą formę wybrano” jest wypełnione, a pole „Uzasadnienie” jest puste" in fault.message
    papers.save(context, GMINA, paper.id, 2, Content({}), None)
    papers.agree(context, GMINA, paper.id, 3, context.today(), None)  # a comparison without a decision
    papers.reopen(context, GMINA, paper.id, None)
    papers.save(context, GMINA, paper.id, 3, Content(answers), None)
    papers.agree(context, GMINA, paper.id, 4, context.today(), None)
    assert process.view(context, GMINA).step("warianty").state == "done"


def test_the_decisions_are_the_ones_that_others_read() -> None:
    """The region's page reads these ids: a renamed one would be lost there."""
    definition = paper_definition("warianty_uslug")
    ids = ["new_kis", "renewed_kis", "with_other_gmina", "social_economy", "cis", "social_cooperative", "ngo"]
    assert [option.id for option in definition.by_id["decyzja"].options] == ids
    (table,) = definition.tables
    assert [row.id for row in table.rows] == ids
    assert [row.label for row in table.rows] == [one.label for one in definition.by_id["decyzja"].options]
    pact = {option.label for option in paper_definition("pakt").by_id["forma_uslug"].options}
    assert {option.label for option in definition.by_id["decyzja"].options[:4]} <= pact
