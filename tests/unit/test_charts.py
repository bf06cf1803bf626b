"""Charts: what a reader sees, what a reader hears, and that hidden numbers do neither."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from survey_app.analysis.charts.answers import answers_by_group
from survey_app.analysis.charts.boxes import boxes_chart
from survey_app.analysis.charts.counts import counts_bars
from survey_app.analysis.charts.primitives import Chart, Line, Rect, Text
from survey_app.analysis.charts.readiness import readiness_chart
from survey_app.analysis.charts.svg import to_svg
from survey_app.analysis.charts.tones import TONES
from tests.unit import example_diagnoza as example


def texts(chart: Chart) -> list[str]:
    return [mark.text for mark in chart.primitives if isinstance(mark, Text)]


def all_charts() -> list[Chart]:
    diagnoza = example.example_60()
    assert diagnoza.readiness is not None
    by_id = {result.question.id: result.table for result in diagnoza.questions}
    need = by_id["p5"]
    assert need is not None
    return [
        answers_by_group(need),
        counts_bars(diagnoza.response.by_type),
        readiness_chart(diagnoza.readiness),
        boxes_chart(diagnoza.readiness.concreteness),
    ]


def test_the_title_says_the_finding() -> None:
    chart = answers_by_group(example.need_table({"Edukacja": (6, 2), "Administracja": (3, 4)}))
    assert chart.title == "TAK: 9 z 15 odpowiedzi (60%)"


def test_the_alternative_text_has_every_number() -> None:
    chart = answers_by_group(example.need_table({"Edukacja": (6, 2), "Administracja": (3, 4)}))
    assert "Cała gmina: TAK 9 (60%), NIE 6 (40%)." in chart.alt
    assert "Administracja: TAK 3 (43%), NIE 4 (57%)." in chart.alt
    assert "Edukacja: TAK 6 (75%), NIE 2 (25%)." in chart.alt


def test_a_hidden_group_is_hatched_and_named_but_has_no_number() -> None:
    chart = answers_by_group(
        example.need_table({"Edukacja": (6, 5), "Administracja": (3, 4), "Kultura": None})
    )
    assert "ukryte" in texts(chart)
    assert any(isinstance(mark, Rect) and mark.pattern == "hatched" for mark in chart.primitives)
    assert "Kultura: dane ukryte." in chart.alt
    assert [text for text in texts(chart) if text.startswith("n = ")] == ["n = 18", "n = 11", "n = 7"]


def test_four_answers_are_squares_not_per_cents() -> None:
    chart = answers_by_group(example.need_table({"Edukacja": (16, 5), "Administracja": (3, 1)}))
    assert "3 / 1" in texts(chart)
    assert "75%" not in texts(chart)
    assert "Administracja: TAK 3, NIE 1." in chart.alt


def test_bars_of_a_row_fill_its_whole_length() -> None:
    chart = answers_by_group(example.need_table({"Edukacja": (6, 2), "Administracja": (3, 4)}))
    gmina = sorted(
        (mark for mark in chart.primitives if isinstance(mark, Rect) and mark.height == 13), key=lambda r: r.y
    )
    first, second = gmina[0], gmina[1]
    assert first.width / (first.width + second.width) == pytest.approx(9 / 15)


def test_readiness_shows_score_bounds_and_components_on_one_scale() -> None:
    readiness = example.example_60().readiness
    assert readiness is not None
    chart = readiness_chart(readiness)
    row = readiness.rows[0]
    assert row.score is not None
    assert row.bounds is not None
    assert f"gotowość {row.score:.0f} (granice {row.bounds.low:.0f} do {row.bounds.high:.0f})" in chart.alt
    assert {"Potrzeba", "Działanie", "Gotowość"} <= set(texts(chart))
    intervals = [mark for mark in chart.primitives if isinstance(mark, Line) and mark.tone == "strong"]
    assert intervals


def test_nothing_is_drawn_outside_the_chart() -> None:
    for chart in all_charts():
        for mark in chart.primitives:
            if isinstance(mark, Rect):
                assert mark.x >= 0
                assert mark.x + mark.width <= chart.width + 0.5
                assert mark.y + mark.height <= chart.height


def test_the_two_answers_stay_apart_in_grey_print() -> None:
    def grey(tone: str) -> float:
        red, green, blue = (int(TONES[tone][at : at + 2], 16) for at in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    assert grey("soft") - grey("strong") > 100
    assert grey("step1") - grey("step2") > 40
    assert grey("step2") - grey("step3") > 60


def test_svg_is_well_formed_named_and_free_of_styles_and_scripts() -> None:
    for position, chart in enumerate(all_charts()):
        svg = to_svg(chart, f"c{position}")
        root = ElementTree.fromstring(svg)
        assert root.get("role") == "img"
        title, description = root[0].text, root[1].text
        assert title == chart.title
        assert description == chart.alt
        assert "style=" not in svg
        assert "<script" not in svg


def test_svg_escapes_the_words_of_a_group() -> None:
    chart = Chart(10, 10, "a < b", "c & d", (Text(0, 0, "<x> & y", 8),))
    root = ElementTree.fromstring(to_svg(chart, "c"))
    assert root[0].text == "a < b"
    assert root[2].text == "<x> & y"
