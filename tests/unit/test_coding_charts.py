"""Charts of coding: who stands where, told without colour and without sight."""

from __future__ import annotations

import itertools
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from survey_app.analysis.charts.code_marks import looks
from survey_app.analysis.charts.coding import codes_by_round, flows
from survey_app.analysis.charts.primitives import Chart, Circle, Polygon, Rect, Text
from survey_app.analysis.charts.stakeholder_map import MapMark, short_anchor, stakeholder_map_chart
from survey_app.analysis.charts.svg import to_svg
from survey_app.analysis.charts.tones import TONES
from survey_app.analysis.coding.map import stakeholder_map
from survey_app.analysis.coding.result import CodedStakeholder, RoundResult
from survey_app.analysis.edition import Edition
from survey_app.instrument.model import Code, Stance
from tests.unit import example_coding as example


def map_of(result: RoundResult) -> Chart:
    points, unplaced = stakeholder_map(result)
    by_id = {one.stakeholder_id: one for one in result.stakeholders}
    marks = [
        MapMark(
            p.number,
            by_id[p.stakeholder_id].name,
            by_id[p.stakeholder_id].code,
            p.influence,
            p.interest,
            p.x,
            p.y,
        )
        for p in points
    ]
    criteria = result.instrument.by_id
    return stakeholder_map_chart(
        marks, result.codes, criteria["wplyw"], criteria["zainteresowanie"], len(unplaced)
    )


def at(number: int, name: str, influence: int | None, interest: int | None, code: str) -> CodedStakeholder:
    medians = {"wplyw": influence, "wiedza": 2, "zainteresowanie": interest}
    return example.coded(number, name, medians=medians, code=code)


def centres(chart: Chart) -> list[tuple[float, float]]:
    """Of the numbered marks; the first mark of each code is the legend's."""
    shapes = [mark for mark in chart.primitives if isinstance(mark, (Circle, Polygon))]
    return [
        (shape.x, shape.y)
        if isinstance(shape, Circle)
        else (
            sum(x for x, _ in shape.points) / len(shape.points),
            sum(y for _, y in shape.points) / len(shape.points),
        )
        for shape in shapes
    ]


def test_the_alternative_text_of_the_map_tells_who_stands_where_and_who_is_not_on_it() -> None:
    result = example.closed(
        1,
        [
            at(1, "Biblioteka", 1, 3, "zwolennik"),
            at(2, "Urząd Gminy", 3, 1, "neutralny"),
            at(3, "Szkoła", None, 2, "neutralny"),
        ],
    )
    chart = map_of(result)
    assert (
        "Siła oddziaływania 1, zainteresowanie zatrudnieniem socjalnym 3: 1. Biblioteka (Zwolennik)."
        in chart.alt
    )
    assert (
        "Siła oddziaływania 3, zainteresowanie zatrudnieniem socjalnym 1: 2. Urząd Gminy (Neutralny)."
        in chart.alt
    )
    assert "Siła oddziaływania 2, zainteresowanie zatrudnieniem socjalnym 2: nikt." in chart.alt
    assert chart.alt.endswith("Poza mapą, bez jednej z median: 1\u00a0interesariusz.")
    assert chart.title == "Na mapie: 2 z 3; kod „Neutralny” i wpływ 3 (najwyższy): 1"


def test_a_mark_stands_in_the_cell_of_its_medians() -> None:
    result = example.closed(1, [at(1, "A", 3, 1, "zwolennik"), at(2, "B", 1, 3, "neutralny")])
    chart = map_of(result)
    by_number = {
        mark.text: (mark.x, mark.y)
        for mark in chart.primitives
        if isinstance(mark, Text) and mark.size == 9 and mark.anchor == "middle"
    }
    cells = [mark for mark in chart.primitives if isinstance(mark, Rect) and mark.pattern == "outline"]
    top, left = min(cell.y for cell in cells), min(cell.x for cell in cells)
    cell = cells[0]
    assert left < by_number["1"][0] < left + cell.width
    assert top < by_number["1"][1] < top + cell.height
    assert by_number["2"][0] > left + 2 * cell.width
    assert by_number["2"][1] > top + 2 * cell.height


@pytest.mark.parametrize("count", [1, 2, 9, 40, 100])
def test_no_mark_covers_another_even_when_all_stand_in_one_cell(count: int) -> None:
    chart = map_of(example.closed(1, [at(n, f"I{n:03d}", 2, 2, "neutralny") for n in range(1, count + 1)]))
    size = min(mark.size for mark in chart.primitives if isinstance(mark, Text) and mark.bold)
    assert size >= 3.9 * 0.78 - 0.1
    numbered = centres(chart)[2:]
    assert len(numbered) == count
    squares = [mark for mark in chart.primitives if isinstance(mark, Polygon)]
    width = min(max(x for x, _ in one.points) - min(x for x, _ in one.points) for one in squares[1:])
    for (x1, y1), (x2, y2) in itertools.combinations(numbered, 2):
        assert max(abs(x1 - x2), abs(y1 - y2)) >= width
    assert chart.height < 600  # a page of A4 holds it with its heading and caption


def test_everything_of_the_map_is_within_the_chart() -> None:
    chart = map_of(example.two_rounds().rounds[1])
    for x, y in centres(chart):
        assert 5 <= x <= chart.width - 5
        assert 5 <= y <= chart.height - 5


def test_codes_differ_in_shape_and_in_the_fill_of_bars() -> None:
    codes = example.criteria().definitions.coding
    assert codes is not None
    found = looks(codes.codes)
    assert len({look.shape for look in found.values()}) == 3
    assert len({look.bar for look in found.values()}) == 3


def test_a_teams_further_codes_get_looks_of_their_own() -> None:
    codes = [Code(f"k{n}", f"Kod {n}", f"Kody {n}", Stance.UNDECIDED, "") for n in range(5)]
    assert len(set(looks(codes).values())) == 5


def test_the_number_on_a_mark_can_be_read_in_grey_print() -> None:
    def grey(tone: str) -> float:
        red, green, blue = (int(TONES[tone][place : place + 2], 16) for place in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    coding = example.criteria().definitions.coding
    assert coding is not None
    for look in looks(coding.codes).values():
        assert abs(grey(look.ground) - grey(look.number)) > 100


def test_an_anchor_is_shortened_to_its_first_thought() -> None:
    assert short_anchor("Nie podejmuje tematu; na zaproszenia nie odpowiada.") == "Nie podejmuje tematu"
    assert short_anchor("Decyduje (pieniądze, uchwały).") == "Decyduje"
    assert short_anchor("Przychodzi i pyta, ale niczego nie proponuje.") == "Przychodzi i pyta"


def test_codes_by_round_tell_every_count_and_the_first_codes_in_the_title() -> None:
    section = example.section(example.two_rounds(), Edition.INTERNAL)
    tables = [(one.label, one.released.by_code) for one in section.rounds]
    chart = codes_by_round(tables, section.last.codes)
    for label, table in tables:
        told = ", ".join(
            f"{column.label} {count}"
            for column, count in zip(table.columns, table.rows[0].counts, strict=True)
        )
        assert f"{label}: {told}." in chart.alt
    first, last = (table.rows[0].counts[0] for _, table in tables)
    assert chart.title == f"Zwolennicy: najpierw {first}, na koniec {last}"


def test_a_hidden_round_has_a_hatched_bar_the_word_and_no_number() -> None:
    alone = example.closed(1, [example.coded(1, "Urząd Gminy", code="zwolennik")])
    history = replace(example.two_rounds(), rounds=(alone,))
    section = example.section(history, Edition.PUBLIC)
    chart = codes_by_round([("Tura 1", section.last.released.by_code)], section.last.codes)
    words = [mark.text for mark in chart.primitives if isinstance(mark, Text)]
    assert "ukryte" in words
    assert not [word for word in words if word.startswith("n = ")]
    assert "ukryte" in chart.title


def test_flows_put_moves_first_and_leave_out_what_nobody_did() -> None:
    section = example.section(example.two_rounds(), Edition.INTERNAL)
    assert section.change is not None
    assert section.moves is not None
    chart = flows(section.change.matrix)
    moved = sum(pair.changed for pair in section.moves.pairs)
    assert chart.title == f"Kod zmienił się u {moved} z {len(section.moves.pairs)} ocenionych w obu turach"
    first = next(mark.text for mark in chart.primitives if isinstance(mark, Text) and "→" in mark.text)
    before, after = first.split(" → ")
    assert before != after
    assert ": 0" not in chart.alt


def test_the_charts_are_well_formed_and_free_of_styles_whatever_the_names() -> None:
    names = [
        at(n, name, 1 + n % 3, 1 + n % 2, "zwolennik") for n, name in enumerate(example.HOSTILE, start=1)
    ]
    svg = to_svg(map_of(example.closed(1, names)), "m")
    assert ElementTree.fromstring(svg).get("role") == "img"
    assert "style=" not in svg
    assert "<b>" not in svg
