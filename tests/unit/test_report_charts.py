"""Charts of a whole report: all questions at a glance, moves between codes, answers over time, and their tones."""

from __future__ import annotations

import datetime as dt
import itertools
from xml.etree import ElementTree

import pytest

from survey_app.analysis.charts.flow import flow_chart
from survey_app.analysis.charts.overview import overview_chart
from survey_app.analysis.charts.primitives import Chart, Circle, Line, Polygon, Rect, Text
from survey_app.analysis.charts.response_steps import steps_chart
from survey_app.analysis.charts.svg import to_svg
from survey_app.analysis.charts.tones import TONES
from survey_app.analysis.disclosure.steps import release_steps
from survey_app.analysis.released import _MAKER, Column, ReleasedRow, ReleasedTable
from survey_app.instrument.model import Code, Stance
from tests.unit import example_diagnoza as example

CODES = (
    Code("zwolennik", "Zwolennik", "Zwolennicy", Stance.SUPPORTER, ""),
    Code("neutralny", "Neutralny", "Neutralni", Stance.UNDECIDED, ""),
    Code("przeciwnik", "Przeciwnik", "Przeciwnicy", Stance.OPPONENT, ""),
)
OPENED, CLOSED = dt.date(2026, 11, 2), dt.date(2026, 11, 16)


def texts(chart: Chart) -> list[str]:
    return [mark.text for mark in chart.primitives if isinstance(mark, Text)]


def plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ")


def moves(counts: dict[str, tuple[int | None, ...]]) -> ReleasedTable:
    """Codes before, each with how many went to each of the three codes."""
    labels = {code.id: code.label_plural for code in CODES}
    rows = tuple(
        ReleasedRow(code, labels[code], "group", None if None in row else sum(one or 0 for one in row), row)
        for code, row in counts.items()
    )
    columns = tuple(Column(code.id, code.label_plural) for code in CODES)
    return ReleasedTable("code_moves", "Skąd dokąd", columns, rows, 5, maker=_MAKER)


def steps(*days: tuple[int, int]) -> ReleasedTable:
    table = release_steps([(dt.date(2026, 11, day), count) for day, count in days], 5)
    assert table is not None
    return table


def test_all_bars_of_the_overview_are_as_long_as_the_forms_that_came() -> None:
    tables = [example.need_table({"Edukacja": (6, 2)}), example.need_table({"Edukacja": (3, 4)})]
    chart = overview_chart([("2. Pierwsze?", tables[0]), ("5. Drugie?", tables[1])], 10)
    bars = [mark for mark in chart.primitives if isinstance(mark, Rect) and mark.x > 100]
    ends = {round(bar.x + bar.width) for bar in bars}
    assert max(ends) == round(chart.width)
    assert "2. Pierwsze: TAK 6, NIE 2, bez odpowiedzi lub nie dotyczy 2." in chart.alt
    assert chart.title == "TAK to ponad połowa odpowiedzi w 1 z 2 pytań"


def test_a_question_hidden_for_the_gmina_has_no_number_in_the_overview() -> None:
    shown = example.need_table({"Edukacja": (6, 2)})
    row = ReleasedRow("gmina", "Cała gmina", "gmina", None, (None, None))
    hidden = ReleasedTable("p7", "Czy?", shown.columns, (row,), 5, maker=_MAKER)
    chart = overview_chart([("5. Jedno?", shown), ("7. Drugie?", hidden)], 10)
    assert "7. Drugie: dane ukryte." in chart.alt
    assert chart.title.endswith("w 1 z 1 pokazanych pytań")
    assert any(isinstance(mark, Rect) and mark.pattern == "hatched" for mark in chart.primitives)


def test_bands_are_as_wide_as_the_numbers_that_moved() -> None:
    chart = flow_chart(moves({"zwolennik": (10, 0, 0), "neutralny": (20, 40, 0)}), CODES)
    bands = [mark for mark in chart.primitives if isinstance(mark, Polygon)]
    heights = sorted(round(band.points[-1][1] - band.points[0][1], 1) for band in bands)
    assert len(bands) == 3
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[2] == pytest.approx(4 * heights[0], abs=0.2)
    assert chart.title == "Kod zmienił się u 20 z 70 ocenionych w obu turach"
    assert {"20", "40", "10"} <= set(texts(chart))


def test_the_number_of_a_narrow_band_does_not_touch_the_next() -> None:
    chart = flow_chart(
        moves({"zwolennik": (200, 1, 1), "neutralny": (1, 300, 1), "przeciwnik": (1, 1, 4)}), CODES
    )
    numbers = [
        mark for mark in chart.primitives if isinstance(mark, Text) and mark.anchor == "end" and mark.x > 105
    ]
    lines = sorted(number.y for number in numbers if number.text.isdigit())
    assert len(lines) == 9
    assert min(below - above for above, below in itertools.pairwise(lines)) >= 10


def test_hidden_moves_are_never_drawn_as_bands() -> None:
    chart = flow_chart(moves({"zwolennik": (2, 0, 0), "neutralny": (None, None, None)}), CODES)
    assert not [mark for mark in chart.primitives if isinstance(mark, Polygon)]
    assert "dane ukryte" in chart.alt
    assert "ukryta" in chart.title


def test_the_stair_says_when_half_of_the_answers_were_there() -> None:
    chart = steps_chart(steps((2, 0), (3, 15), (4, 30), (9, 50)), OPENED, CLOSED, 58)
    assert plain(chart.title) == "Co najmniej połowa z 58 ankiet była już 4 listopada 2026 rano"
    assert "3 listopada 2026: 15; 4 listopada 2026: 30" in plain(chart.alt)
    assert plain(chart.alt).endswith("Po zakończeniu: 58.")
    assert "58" in texts(chart)


def test_the_stair_never_falls_and_stays_on_its_paper() -> None:
    for answered in (11, 58, 2999):
        shown = [(day, min(answered // 5, day - 2) * 5) for day in range(2, 16)]
        chart = steps_chart(steps(*shown), OPENED, CLOSED, answered)
        tops = [mark.y for mark in chart.primitives if isinstance(mark, Rect)]
        assert tops == sorted(tops, reverse=True)
        for mark in chart.primitives:
            if isinstance(mark, (Line, Rect)):
                ys = (mark.y1, mark.y2) if isinstance(mark, Line) else (mark.y, mark.y + mark.height)
                assert min(ys) >= 0
                assert max(ys) <= chart.height
            if isinstance(mark, (Text, Circle)):
                assert 0 <= mark.x <= chart.width


@pytest.mark.parametrize(
    "shown", [[(2, 0), (3, 7)], [(2, 10), (3, 5)], [(3, 5), (2, 10)], [(2, 5), (2, 10)]],
    ids=["finer than the steps", "falls", "back in time", "twice a day"],
)  # fmt: skip
def test_what_the_monitor_never_showed_is_not_released(shown: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="no step"):
        release_steps([(dt.date(2026, 11, day), count) for day, count in shown], 5)


def test_fewer_than_two_steps_make_no_chart() -> None:
    assert release_steps([], 5) is None
    assert release_steps([(OPENED, 0)], 5) is None
    assert release_steps([(OPENED, 0), (CLOSED, 0)], 5) is None


@pytest.mark.parametrize("uid", ["a", "b"])
def test_each_chart_is_one_svg_with_title_and_description(uid: str) -> None:
    for chart in (
        flow_chart(moves({"zwolennik": (10, 0, 0), "neutralny": (20, 40, 0)}), CODES),
        steps_chart(steps((2, 0), (3, 15)), OPENED, CLOSED, 20),
        overview_chart([("2. Czy < & >?", example.need_table({"Edukacja": (6, 2)}))], 10),
    ):
        svg = ElementTree.fromstring(to_svg(chart, uid))
        assert [part.tag.split("}")[1] for part in list(svg)[:2]] == ["title", "desc"]
        assert "style" not in svg.attrib


# Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation of Color Vision Deficiency, 2009;
# severity 1.0, on linear RGB.
_DEFICIENCIES = {
    "full colour": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip
_NEIGHBOURS = [
    ("strong", "soft"), ("strong", "paper"), ("step2", "step1"), ("step3", "step2"), ("strong", "step1"),
    ("strong", "step2"),
]  # fmt: skip


def _luminance(tone: str, deficiency: str) -> float:
    """Relative luminance (WCAG) of a tone as somebody with that deficiency sees it."""
    linear = []
    for at in (1, 3, 5):
        part = int(TONES[tone][at : at + 2], 16) / 255
        linear.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    seen = [
        min(max(sum(weight * part for weight, part in zip(row, linear, strict=True)), 0), 1)
        for row in _DEFICIENCIES[deficiency]
    ]
    return 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]


@pytest.mark.parametrize("deficiency", _DEFICIENCIES)
@pytest.mark.parametrize(("one", "other"), _NEIGHBOURS)
def test_tones_that_meet_stay_apart_by_lightness_alone(one: str, other: str, deficiency: str) -> None:
    """Whoever tells lightness apart tells them apart: without colour, and in grey print."""
    dark, light = sorted((_luminance(one, deficiency), _luminance(other, deficiency)))
    assert (light + 0.05) / (dark + 0.05) >= 1.4


@pytest.mark.parametrize(("ground", "ink"), [("strong", "on-strong"), ("soft", "on-soft"), ("step1", "on-soft"),
                                             ("step2", "on-soft"), ("paper", "ink"), ("paper", "muted")])  # fmt: skip
def test_words_on_every_ground_can_be_read(ground: str, ink: str) -> None:
    """WCAG 1.4.3."""
    dark, light = sorted((_luminance(ground, "full colour"), _luminance(ink, "full colour")))
    assert (light + 0.05) / (dark + 0.05) >= 4.5
