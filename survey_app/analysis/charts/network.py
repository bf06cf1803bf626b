"""The local network as a graph: the node in the middle, members round it, each partnership joined with its partners.

Numbers lead to the list beside the graph, so no label can cover another, however many there are. Types of stakeholders
are told by shape as well as by tone, and each type keeps to its own side of the circle.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.code_marks import Look, code_mark
from survey_app.analysis.charts.primitives import Chart, Circle, Line, Primitive, Rect, Text
from survey_app.analysis.pdf.fonts import text_width

LOOKS = {
    "A": Look("circle", "strong", "strong", "on-strong", "solid"),
    "B": Look("square", "step1", "ink", "on-soft", "solid"),
    "C": Look("diamond", "soft", "ink", "on-soft", "solid"),
    "": Look("circle", "paper", "ink", "ink", "outline"),
}
MOST_DOTS, MOST_TEAMS = 1_200, 26  # that are drawn; further ones stand in the list
_OUTER = parts.WIDTH / 2
_RADII = (11.0, 10.0, 9.0, 8.0, 7.0, 6.2, 5.4, 4.6, 3.9, 3.2)
_REACH = 1.25  # how far a shape goes beyond its radius
_GAP = 2.5
_NODE = 15.0
_RING = 20.0  # the second edge of the node
_TEAM_WIDTH, _TEAM_HEIGHT = 19.0, 13.0
_TEAM_RADIUS = 9.5
_TEAM_RINGS = (46.0, 72.0)
_LEGEND, _LINE = 34.0, 16.0
NARROW = 215.0  # a chart of this width is read on a telephone without moving it

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dot:
    """A member or a partner. `linked`: it is a member of the network; `node`: the main one, in the middle."""

    number: int
    name: str
    type: str  # "A", "B", "C" or ""
    linked: bool
    node: bool = False


@dataclass(frozen=True, slots=True)
class Team:
    """A partnership: numbers of those who take part, and of the one who coordinates it."""

    number: int
    name: str
    members: tuple[int, ...]
    leader: int | None


def network_chart(name: str, dots: Sequence[Dot], teams: Sequence[Team], narrow: bool = False) -> Chart:
    """`name`: of the network. The first `MOST_DOTS` and `MOST_TEAMS` are drawn; the words tell of all.

    `narrow`: for a screen, as wide as a graph and its legend need, which stands above it in more lines.
    """
    drawn = teams[:MOST_TEAMS]
    node = next((one for one in dots if one.node), None)
    round_it = _in_order([one for one in dots[:MOST_DOTS] if not one.node], drawn)
    places, radius, reach = _places(len(round_it), len(drawn))
    width, legend = parts.WIDTH, _LEGEND
    if narrow:
        width, legend = max(NARROW, 2 * reach + 2), _LEGEND + _LINE * bool(drawn)
    middle = width / 2, legend + reach
    at = {one.number: _shifted(place, middle) for one, place in zip(round_it, places, strict=True)}
    if node is not None:
        at[node.number] = middle
    seats = _team_places(drawn, at, middle)
    marks = [
        *_legend(dots, bool(drawn), narrow),
        *_spokes(round_it, at, middle),
        *_bonds(drawn, seats, at),
        *_middle(node, middle),
        *(
            mark
            for one in round_it
            for mark in _numbered(LOOKS[one.type], at[one.number], str(one.number), radius)
        ),
        *(mark for one in drawn for mark in _team(f"P{one.number}", seats[one.number])),
    ]
    height = legend + 2 * reach + 1
    return Chart(width, height, finding(name, dots, teams), describe(dots, teams), tuple(marks))


def finding(name: str, dots: Sequence[Dot], teams: Sequence[Team]) -> str:
    """How many members, and how many partnerships."""
    members = polish.counted(sum(one.linked for one in dots), "członek", "członków", "członków")
    count = polish.counted(len(teams), "partnerstwo", "partnerstwa", "partnerstw")
    return f"{name}: {members}, {count}"


def describe(dots: Sequence[Dot], teams: Sequence[Team]) -> str:
    """Everything that is drawn, in words: who is the node, who is of which type, who works with whom."""
    told = ["Graf sieci."]
    told += [f"W środku główny węzeł: {one.number}. {one.name}." for one in dots if one.node]
    for letter in LOOKS:
        names = "; ".join(f"{one.number}. {one.name}" for one in dots if one.type == letter and not one.node)
        if names:
            told.append(f"{f'Typ {letter}' if letter else 'Bez ustalonego typu'}: {names}.")
    outside = ", ".join(str(one.number) for one in dots if not one.linked)
    if outside:
        told.append(f"Spoza sieci, tylko w partnerstwach: {outside}.")
    for team in teams:
        numbers = ", ".join(map(str, team.members)) or "nikt"
        leader = f", koordynuje {team.leader}" if team.leader is not None else ""
        told.append(f"Partnerstwo P{team.number} {team.name}: {numbers}{leader}.")
    return " ".join(told)


def _in_order(dots: Sequence[Dot], teams: Sequence[Team]) -> list[Dot]:
    """By type, and within it partners of the same partnership side by side, so that its lines stay short."""
    first = {number: team.number for team in reversed(teams) for number in team.members}
    return sorted(dots, key=lambda one: (one.type or "Z", first.get(one.number, 0), one.number))


def _places(count: int, teams: int) -> tuple[list[Place], float, float]:
    """Places round (0, 0), the radius of a mark there, and how far all of it reaches."""
    inside = (
        _RING + 6
        if not teams
        else _TEAM_RINGS[0 if teams <= _capacity(_TEAM_RINGS[0], _TEAM_RADIUS) else 1] + 14
    )
    for radius in _RADII:
        rings = _rings(count, radius, inside)
        if rings:
            break
    reach = max(rings) + _REACH * radius + 1 if count else inside
    return _spread(count, rings, radius), radius, reach


def _rings(count: int, radius: float, inside: float) -> list[float]:
    """Radii of the rings that hold so many marks; one small ring for a few; empty if there is no room."""
    least, most = inside + _REACH * radius, _OUTER - _REACH * radius - 1
    wanted = max(least, 90.0, count * _slot(radius) / (2 * math.pi) * 1.02)
    if wanted <= most:
        return [wanted]
    rings: list[float] = []
    room, ring = 0, most
    while ring >= least:
        rings.append(ring)
        room += _capacity(ring, radius)
        if room >= count:
            return rings
        ring -= _slot(radius)
    return []


def _slot(radius: float) -> float:
    """What a mark needs along a ring, and between rings."""
    return 2 * _REACH * radius + _GAP


def _capacity(ring: float, radius: float) -> int:
    """How many marks fit on a ring: the straight way between neighbours counts, not the arc."""
    return int(math.pi / math.asin(min(1.0, _slot(radius) / 2 / ring)))


def _spread(count: int, rings: Sequence[float], radius: float) -> list[Place]:
    """Places by their angle from the top, so that neighbours in the order are neighbours in the graph."""
    if len(rings) == 1:
        return [_on(rings[0], number / count) for number in range(count)]
    sizes = _shares(count, [_capacity(ring, radius) for ring in rings])
    turns = [(number / size, ring) for ring, size in zip(rings, sizes, strict=True) for number in range(size)]
    return [_on(ring, turn) for turn, ring in sorted(turns)]


def _shares(count: int, room: Sequence[int]) -> list[int]:
    """How many of `count` go to each ring, in proportion to its room and never more than that."""
    total = sum(room)
    sizes = [count * one // total for one in room]
    for index in range(len(room)):
        sizes[index] += min(room[index] - sizes[index], count - sum(sizes))
    return sizes


def _on(ring: float, turn: float) -> Place:
    angle = 2 * math.pi * turn - math.pi / 2
    return ring * math.cos(angle), ring * math.sin(angle)


def _shifted(place: Place, middle: Place) -> Place:
    return place[0] + middle[0], place[1] + middle[1]


def _team_places(teams: Sequence[Team], at: Mapping[int, Place], middle: Place) -> dict[int, Place]:
    """Round the node, each as near its partners as the order of their angles allows."""
    ordered = sorted(
        teams, key=lambda team: (_turn([at[one] for one in team.members if one in at], middle), team.number)
    )
    first = _capacity(_TEAM_RINGS[0], _TEAM_RADIUS)
    if len(ordered) <= first:
        sizes = [len(ordered), 0]
    else:
        sizes = _shares(len(ordered), [_capacity(ring, _TEAM_RADIUS) for ring in _TEAM_RINGS])
    places = sorted(
        (number / size, ring) for ring, size in zip(_TEAM_RINGS, sizes, strict=True) for number in range(size)
    )
    return {
        team.number: _shifted(_on(ring, turn), middle)
        for team, (turn, ring) in zip(ordered, places, strict=True)
    }


def _turn(places: Sequence[Place], middle: Place) -> float:
    """The direction of the middle of these, from the top, as a share of the full turn."""
    x = sum(place[0] - middle[0] for place in places)
    y = sum(place[1] - middle[1] for place in places)
    return ((math.atan2(y, x) + math.pi / 2) / (2 * math.pi)) % 1.0


def _legend(dots: Sequence[Dot], teams: bool, narrow: bool) -> Iterator[Primitive]:
    x = 2.0
    for letter, look in LOOKS.items():
        if any(one.type == letter for one in dots):
            words = f"typ {letter}" if letter else "typ nieustalony"
            yield from code_mark(look, x + 6, 8, 5)
            yield Text(x + 16, 11, words, parts.SIZE)
            x += 16 + text_width(words, parts.SIZE) + 16
    x, y = 2.0, 24.0
    if any(one.node for one in dots):
        yield Circle(x + 6, y, 5.5, "ink", filled=False)
        yield Circle(x + 6, y, 2.5, "strong")
        yield Text(x + 16, y + 3, "główny węzeł", parts.SIZE)
        x += 16 + text_width("główny węzeł", parts.SIZE) + 16
        if narrow:
            x, y = 2.0, y + _LINE
    if teams:
        yield from _team("P1", (x + 10, y))
        yield Text(x + 24, y + 3, "partnerstwo; linie prowadzą do partnerów", parts.SIZE)


def _spokes(dots: Sequence[Dot], at: Mapping[int, Place], middle: Place) -> Iterator[Primitive]:
    for one in dots:
        if one.linked:
            yield Line(*middle, *at[one.number], "rule", 0.6)


def _bonds(teams: Sequence[Team], seats: Mapping[int, Place], at: Mapping[int, Place]) -> Iterator[Primitive]:
    for team in teams:
        for one in (number for number in team.members if number in at):
            yield Line(*seats[team.number], *at[one], "accent", 1.8 if one == team.leader else 0.9)


def _middle(node: Dot | None, middle: Place) -> Iterator[Primitive]:
    yield Circle(*middle, _RING, "ink", filled=False)
    if node is None:
        yield Text(middle[0], middle[1] + 3, "sieć", parts.SIZE, "middle", bold=True)
        return
    look = LOOKS[node.type]
    yield from code_mark(look, *middle, _NODE if look.shape == "circle" else _NODE / _REACH)
    yield Text(middle[0], middle[1] + 4, str(node.number), 11, "middle", look.number, bold=True)


def _numbered(look: Look, place: Place, words: str, radius: float) -> Iterator[Primitive]:
    yield from code_mark(look, *place, radius)
    size = round(radius * (1.0 if len(words) < 3 else 0.78), 1)
    yield Text(place[0], place[1] + size * 0.35, words, size, "middle", look.number, bold=True)


def _team(words: str, place: Place) -> Iterator[Primitive]:
    left, top = place[0] - _TEAM_WIDTH / 2, place[1] - _TEAM_HEIGHT / 2
    yield Rect(left, top, _TEAM_WIDTH, _TEAM_HEIGHT, "paper")
    yield Rect(left, top, _TEAM_WIDTH, _TEAM_HEIGHT, "accent", "outline")
    yield Text(place[0], place[1] + 2.7, words, parts.SMALL, "middle", "ink", bold=True)
