"""A region's report: few gminas and many, what it may not say, and the same tables in every rendering."""

from __future__ import annotations

import pytest

from survey_app.analysis.charts.primitives import Chart, Text
from survey_app.analysis.charts.regions import SpreadLine, change_chart, spread_chart, sums_chart
from survey_app.analysis.diagnoza.cells import cells
from survey_app.analysis.diagnoza.document import CountTable, Document, Figure, TextTable, words_of
from survey_app.analysis.diagnoza.docx import render_docx
from survey_app.analysis.diagnoza.pdf import render_pdf, summary_fits
from survey_app.analysis.diagnoza.workbook import render_workbook
from survey_app.analysis.disclosure.rollup import Spread
from survey_app.analysis.rollup.regions import RollUp
from survey_app.polish import NBSP
from tests.pdf_structure import read_structure
from tests.renderings import as_printed, of_document, of_docx, of_pdf, of_workbook, said
from tests.unit.example_region import codes, document, region

HARD = {
    "06": "województwo " + "Bardzodługaniepodzielnanazwa" * 4,
    "0602": "powiat 👩\u200d🌾 biłgorajski",
    "0605": "powiat \u202eيانوف\u202c <b>&",
}


def words(made: Document) -> str:
    """Everything that is printed, in its order."""
    found = [made.title, made.subtitle, *(part for fact in made.facts for part in fact)]
    for chapter in made.chapters:
        found += [chapter.title, *words_of(chapter)]
        for block in chapter.blocks:
            if isinstance(block, CountTable | TextTable):
                found += [block.caption, *(cell for row in cells(block).rows for cell in row)]
            if isinstance(block, Figure):
                found += [block.chart.title, block.chart.alt]
    return "\n".join(found)


def charts(made: Document) -> list[Chart]:
    return [one.chart for chapter in made.chapters for one in chapter.blocks if isinstance(one, Figure)]


def summary(made: Document) -> str:
    return " ".join(words_of(made.chapters[0])).replace(NBSP, " ")


@pytest.mark.parametrize("count", [0, 1, 2, 3, 12])
def test_every_rendering_holds_the_tables_of_the_document(count: int) -> None:
    made = document(region(count))
    expected = [said(table) for table in of_document(made)]
    assert [said(table) for table in of_pdf(render_pdf(made))] == [
        said(as_printed(table)) for table in of_document(made)
    ]
    assert [said(table) for table in of_docx(render_docx(made))] == expected
    assert [said(table) for table in of_workbook(render_workbook(made), made)] == expected
    assert summary_fits(made)


@pytest.mark.parametrize("count", [1, 2])
def test_of_one_or_two_gminas_nothing_but_their_number_is_said(count: int) -> None:
    made = document(region(count))
    assert charts(made) == []
    assert "Za mało gmin" in [getattr(block, "title", "") for block in made.chapters[0].blocks]
    for block in (one for chapter in made.chapters for one in chapter.blocks):
        if isinstance(block, TextTable) and block.figures:
            assert {cell for row in block.rows for cell in row[1:]} == {"ukryte"}
    assert "24" not in summary(made)  # so many answered in each


def test_without_a_gmina_the_report_says_so_and_keeps_its_annexes() -> None:
    made = document(region(0), ankieta_title="")
    assert "Żadna gmina tego obszaru nie ma" in summary(made)
    assert [chapter.title for chapter in made.chapters] == [
        "Podsumowanie", "Definicje i wzory", "Co jest ukryte i dlaczego", "Dane i suma kontrolna",
    ]  # fmt: skip
    assert "żadna gmina nie ma jeszcze zablokowanej kampanii" in words(made)


def test_three_gminas_have_sums_and_measures() -> None:
    found = region(3)
    made = document(found)
    assert found.readiness.spread is not None
    assert f"Mediana gotowości w 3 gminach: {found.readiness.spread.median:.0f} na 100" in summary(made)
    assert "Otrzymano 72 ankiety" in summary(made)
    assert "Zwolenników było 9, jest 27: efekt animacji +18." in summary(made)


def test_coding_alone_is_a_report_too() -> None:
    made = document(region(0, coded=4))
    assert "Żadna gmina tego obszaru nie ma jeszcze zablokowanej kampanii." in summary(made)
    assert "4 gminy mają zamkniętą turę kodowania" in summary(made)
    assert "Kodowanie interesariuszy" in [chapter.title for chapter in made.chapters]
    assert "Gminy i odpowiedzi" not in words(made)


def test_where_all_is_hidden_nothing_is_drawn() -> None:
    """Two answers of each gmina: their own rows are hidden, and so is every sum of them."""
    made = document(region(3, answered=2, coded=0))
    assert charts(made) == []
    assert "Pytania, których wszystkie sumy są ukryte" in [
        getattr(block, "text", "") for chapter in made.chapters for block in chapter.blocks
    ]
    assert "Wynik gotowości mają mniej niż trzy gminy" in summary(made)


def test_no_gmina_is_named_unless_it_lets_its_row_be_seen() -> None:
    assert "gmina 06" not in words(document(region(12)))
    shown = document(region(12, code="0605", willing=codes(12)))
    assert "gmina 060501" in words(shown)


def test_nothing_is_ranked() -> None:
    """Sectors alphabetically, components and questions as in the ankieta; no word of an order."""
    found = region(12)
    made = document(found)
    labels = [one.label for one in found.sectors]
    table = next(
        block
        for chapter in made.chapters
        for block in chapter.blocks
        if isinstance(block, TextTable) and block.anchor == "tabela-sektory"
    )
    assert [row[0] for row in table.rows] == labels
    for word in ("najlepsz", "lider", "ranking:", "na pierwszym miejscu"):
        assert word not in words(made).lower()


def test_names_that_are_hard_to_print_leave_the_structure_whole() -> None:
    made = document(region(12, labels=HARD), ankieta_title="Ankieta \u202eمرحبا\u202c " + "x" * 300)
    structure = read_structure(render_pdf(made))
    assert len(list(structure.all("Figure"))) == len(charts(made)) > 3
    assert len(list(structure.all("H1"))) == 1
    assert [said(table) for table in of_pdf(render_pdf(made))] == [
        said(as_printed(table)) for table in of_document(made)
    ]
    render_docx(made)


def test_the_checksum_is_of_what_is_shown_and_the_file_of_nothing_else() -> None:
    made = document(region(3))
    assert document(region(3)).checksum == made.checksum != document(region(12)).checksum
    assert render_pdf(made) == render_pdf(document(region(3)))


def test_made_up_gminas_say_so_on_every_page() -> None:
    assert document(region(3, example=True)).watermark == "PRZYKŁAD"
    assert document(region(3)).watermark == ""


@pytest.mark.parametrize("count", [3, 12])
def test_a_chart_holds_the_numbers_of_its_table(count: int) -> None:
    found: RollUp = region(count)
    made = document(found)
    drawn = {text.text for chart in charts(made) for text in chart.primitives if isinstance(text, Text)}
    for chapter in made.chapters:
        for block in chapter.blocks:
            if isinstance(block, TextTable) and block.anchor in ("tabela-gotowosc", "tabela-sektory"):
                assert {row[3] for row in block.rows if row[3] != "–"} <= drawn


def test_a_scale_of_counts_holds_nought_and_what_lies_below() -> None:
    line = SpreadLine("Efekt", Spread(3, -7, 0.5, 18, 0, None))
    chart = spread_chart([line, SpreadLine("Nic", None)], "Efekt", whole_scale=False)
    drawn = [one.text for one in chart.primitives if isinstance(one, Text)]
    assert {"−10", "0", "20", "0,5", "−7–18", "mniej niż trzy gminy"} <= set(drawn)
    assert "Efekt: mediana 0,5, od −7 do 18, gmin: 3." in chart.alt


def test_charts_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="line"):
        spread_chart([], "")
    with pytest.raises(ValueError, match="question"):
        sums_chart([], "", "")
    hidden = region(2).coding
    assert hidden is not None
    with pytest.raises(ValueError, match="area"):
        change_chart(hidden.change, "")
