"""The graph of a local network: everybody is on it once, nothing covers a label, and everything is told in words."""

from __future__ import annotations

import itertools
import math
from random import Random
from xml.etree import ElementTree

import pytest

from survey_app import polish
from survey_app.analysis.charts.network import MOST_DOTS, MOST_TEAMS, NARROW, Dot, Team, network_chart
from survey_app.analysis.charts.primitives import Chart, Line, Polygon, Rect, Text
from survey_app.analysis.charts.svg import to_svg
from survey_app.analysis.pdf.fonts import text_width
from tests.naughty import BY_KIND

SIZES = [(1, 0), (2, 1), (5, 2), (40, 6), (150, 12), (501, 30), (MOST_DOTS + 50, 27)]


def drawn(members: int, teams: int, name: str = "Instytucja") -> tuple[Chart, list[Dot], list[Team]]:
    chance = Random(members)
    dots = [Dot(1, f"{name} 1", "A", True, node=True)]
    dots += [
        Dot(number, f"{name} {number}", chance.choice(["A", "B", "C", ""]), number % 7 > 0)
        for number in range(2, members + 1)
    ]
    found = []
    for number in range(1, teams + 1):
        partners = chance.sample(range(1, members + 1), min(4, members))
        found.append(Team(number, f"Partnerstwo {number}", tuple(sorted(partners)), partners[0]))
    return network_chart("Sieć", dots, found), dots, found


def box(text: Text) -> tuple[float, float, float, float]:
    width = text_width(text.text, text.size, bold=text.bold)
    left = {"start": text.x, "middle": text.x - width / 2, "end": text.x - width}[text.anchor]
    return left, text.y - text.size * 0.72, left + width, text.y + text.size * 0.2


def meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize(("members", "teams"), SIZES)
def test_everybody_is_on_the_graph_once_and_no_label_covers_another(members: int, teams: int) -> None:
    chart, dots, found = drawn(members, teams)
    texts = [mark for mark in chart.primitives if isinstance(mark, Text)]
    numbers = sorted(int(text.text) for text in texts if text.text.isdecimal())
    assert numbers == [one.number for one in dots[:MOST_DOTS]]
    labels = [text for text in texts if text.text[0] == "P" and text.text[1:].isdecimal() and text.bold]
    assert len(labels) == min(len(found), MOST_TEAMS) + bool(found)  # and one in the legend
    boxes = sorted(map(box, texts))
    for index, one in enumerate(boxes):
        for other in itertools.takewhile(lambda b, end=one[2]: b[0] < end, boxes[index + 1 :]):
            assert not meet(one, other)
    for left, top, right, bottom in boxes:
        assert min(left, top) >= 0
        assert right <= chart.width
        assert bottom <= chart.height


@pytest.mark.parametrize(("members", "teams"), SIZES)
def test_a_number_stays_within_its_mark_and_marks_lie_apart(members: int, teams: int) -> None:
    assert apart(drawn(members, teams)[0]) == min(members, MOST_DOTS)


def test_marks_lie_apart_for_every_number_of_members() -> None:
    for members in range(30, 200):
        assert apart(drawn(members, 0)[0]) == members


def apart(chart: Chart) -> int:
    """How many marks have a number; each holds its own, and none touches another."""
    places = []
    for shape, text in itertools.pairwise(chart.primitives):
        if isinstance(text, Text) and text.text.isdecimal() and not isinstance(shape, Text):
            half = shape.radius if not isinstance(shape, (Polygon, Rect, Line)) else _half(shape)
            assert text_width(text.text, text.size, bold=True) / 2 < half
            places.append((text.x, text.y, half))
    places.sort()
    for index, (x, y, half) in enumerate(places):
        for other_x, other_y, other in itertools.takewhile(
            lambda p, far=x + 40: p[0] < far, places[index + 1 :]
        ):
            assert math.hypot(x - other_x, y - other_y) > half + other - 0.5
    return len(places)


def _half(shape: object) -> float:
    assert isinstance(shape, Polygon)
    return (max(x for x, _ in shape.points) - min(x for x, _ in shape.points)) / 2


def test_every_bond_leads_from_a_partnership_to_a_partner_and_the_words_say_the_same() -> None:
    chart, dots, teams = drawn(12, 3)
    bonds = [mark for mark in chart.primitives if isinstance(mark, Line) and mark.tone == "accent"]
    assert len(bonds) == sum(len(team.members) for team in teams)
    assert sum(line.width > 1 for line in bonds) == len(teams), "one coordinator each"
    spokes = [mark for mark in chart.primitives if isinstance(mark, Line) and mark.tone == "rule"]
    assert len(spokes) == sum(one.linked and not one.node for one in dots)
    for one in dots:
        assert f"{one.number}. {one.name}" in chart.alt
    for team in teams:
        assert f"P{team.number} {team.name}: {', '.join(map(str, team.members))}" in chart.alt
    linked = sum(one.linked for one in dots)
    assert chart.title.replace(polish.NBSP, " ") == f"Sieć: {linked} członków, 3 partnerstwa"


@pytest.mark.parametrize("name", [*BY_KIND["markup"], *BY_KIND["quotes"], *BY_KIND["direction"]])
def test_hostile_names_stay_text(name: str) -> None:
    chart, _, _ = drawn(3, 1, name)
    root = ElementTree.fromstring(to_svg(chart, "siec"))
    assert name in (root.findtext("{http://www.w3.org/2000/svg}desc") or "")
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "text",
        "line",
        "circle",
        "rect",
        "polygon",
    }


def test_without_a_node_or_anybody_there_is_still_a_graph() -> None:
    assert "sieć" in {mark.text for mark in network_chart("S", [], []).primitives if isinstance(mark, Text)}
    only = network_chart("S", [Dot(1, "Szkoła", "C", False)], [Team(1, "Razem", (1,), None)])
    assert "Spoza sieci, tylko w partnerstwach: 1." in only.alt


def test_the_chart_of_a_page_is_narrow_and_shows_the_same() -> None:
    """Read on a telephone without moving it: 320 points hold it at more than its own size."""
    dots = [Dot(1, "Klub", "A", True, node=True), *(Dot(n, f"I{n}", "C", True) for n in range(2, 12))]
    teams = [Team(1, "Przewóz", (2, 3), 1)]
    wide, narrow = network_chart("Sieć", dots, teams), network_chart("Sieć", dots, teams, narrow=True)
    assert narrow.width <= NARROW < wide.width
    assert (narrow.title, narrow.alt) == (wide.title, wide.alt)
    texts = [mark for mark in narrow.primitives if isinstance(mark, Text)]
    assert sorted(mark.text for mark in texts) == sorted(
        mark.text for mark in wide.primitives if isinstance(mark, Text)
    )
    for mark in texts:
        width = text_width(mark.text, mark.size, mark.bold)
        left = mark.x - (width / 2 if mark.anchor == "middle" else 0)
        assert left >= 0
        assert left + width <= narrow.width, mark.text
    many = [Dot(n, f"I{n}", "C", True) for n in range(1, 900)]
    assert network_chart("Sieć", many, [], narrow=True).width > NARROW, (
        "too many for a telephone: it is moved"
    )
