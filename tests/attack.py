"""The attacker: tries to tell which invitation sent which answer, from everything that a service keeps.

What they hold is a `Dump`: every table in its physical order, with the system columns (SQLite: rowid; PostgreSQL:
ctid, xmin). What they try is everything that can be sorted or joined by: each column of each table on one side,
paired with each on the other, forwards and backwards; equal and neighbouring xmin; length; and, as outside
knowledge, the order in which people answered (an observer in the office, a proxy's log). A try is a guess for
every answer; by chance one guess in each try is right, however many people there are.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import comb
from typing import Any

from sqlalchemy import inspect, text

from survey_app.services.context import Context

Row = dict[str, Any]
Guess = dict[int, Hashable]  # stakeholder id -> fingerprint of an answer
Fingerprint = Callable[[Mapping[str, Any]], Hashable]
CHANCE = 1e-6  # how unlikely a try must be, by chance, to count as a find (shared among all tries)


@dataclass(frozen=True)
class Dump:
    """Table name -> its rows in physical order; `_place` and (PostgreSQL) `_xmin` are the system's columns."""

    tables: Mapping[str, list[Row]]

    def of_campaign(self, table: str, campaign_id: int) -> list[Row]:
        return [row for row in self.tables[table] if row["campaign_id"] == campaign_id]


@dataclass(frozen=True)
class Find:
    """The best try: how many of `people` it got right, and what it went by."""

    right: int
    people: int
    by: str
    tries: int

    @property
    def beats_chance(self) -> bool:
        return binomial_tail(self.right, self.people, 1 / self.people) * self.tries < CHANCE


WITHOUT_ROWID = {"library_word"}  # they lie in the order of their key, and have no other place


def dump(context: Context) -> Dump:
    """Every table, whatever its name, as whoever holds the database sees it."""
    system = "rowid AS _place" if context.database.is_sqlite else "ctid::text AS _ctid, xmin::text AS _xmin"
    tables = {}
    with context.database.engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            order = "rowid" if context.database.is_sqlite else "ctid"
            query = f'SELECT {system}, * FROM "{name}" ORDER BY {order}'
            if name in WITHOUT_ROWID and context.database.is_sqlite:
                query = f'SELECT * FROM "{name}"'
            rows = connection.execute(text(query))
            tables[name] = [_placed(dict(row._mapping), place) for place, row in enumerate(rows)]
    return Dump(tables)


def attack_after(
    after: Dump, campaign_id: int, truth: Guess, fingerprint: Fingerprint, arrival: Sequence[int] = ()
) -> Find:
    """With the tables of a locked campaign: invitations straight to responses."""
    people = _answering(after.of_campaign("invitation", campaign_id), truth)
    answers = after.of_campaign("response", campaign_id)
    return _best(truth, _readings(_links(people, answers, arrival), answers, fingerprint))


def attack_across(
    before: Dump,
    after: Dump,
    campaign_id: int,
    truth: Guess,
    fingerprint: Fingerprint,
    arrival: Sequence[int] = (),
) -> Find:
    """With a copy from before the lock (no key) and the tables after it: invitation to box to response."""
    people = _answering(before.of_campaign("invitation", campaign_id), truth)
    boxes = before.of_campaign("sealed_answer", campaign_id)
    answers = after.of_campaign("response", campaign_id)
    opened = [
        (by, [fingerprint(_document(answers[place])) for place in link])
        for by, link in _links_of_rows(boxes, answers)
    ]
    tries = (
        (f"{to_box}; {to_answer}", {person: contents[box] for person, box in link.items()})
        for (to_box, link), (to_answer, contents) in product(_links(people, boxes, arrival), opened)
    )
    return _best(truth, tries)


def attack_with_key(
    before: Dump,
    campaign_id: int,
    truth: Guess,
    contents: Mapping[str, Hashable],
    arrival: Sequence[int] = (),
) -> Find:
    """With the private key: `contents` is the fingerprint in each box, by the box's id."""
    people = _answering(before.of_campaign("invitation", campaign_id), truth)
    boxes = before.of_campaign("sealed_answer", campaign_id)
    tries = (
        (by, {person: contents[boxes[box]["id"]] for person, box in link.items()})
        for by, link in _links(people, boxes, arrival)
    )
    return _best(truth, tries)


def binomial_tail(right: int, people: int, chance: float) -> float:
    """P(X >= right) for X ~ Binomial(people, chance)."""
    return sum(comb(people, n) * chance**n * (1 - chance) ** (people - n) for n in range(right, people + 1))


def _placed(row: Row, place: int) -> Row:
    """`ctid` as text would sort "(0,10)" before "(0,2)": the place in that order is what it tells."""
    if "_xmin" in row:
        row["_xmin"] = int(row["_xmin"])
    return {**row, "_place": place}


def _answering(invitations: Sequence[Row], truth: Guess) -> list[Row]:
    """The attacker is even told who answered."""
    return [row for row in invitations if row["stakeholder_id"] in truth]


def _links(
    people: Sequence[Row], others: Sequence[Row], arrival: Sequence[int]
) -> Iterator[tuple[str, dict[int, int]]]:
    """Each way to tie every person to the place of one other row."""
    known = {person: place for place, person in enumerate(arrival)}
    if known:
        people = [{**row, "outside knowledge": known[row["stakeholder_id"]]} for row in people]
    for by, link in _links_of_rows(people, others):
        yield by, {row["stakeholder_id"]: place for row, place in zip(people, link, strict=True)}


def _links_of_rows(left: Sequence[Row], right: Sequence[Row]) -> Iterator[tuple[str, list[int]]]:
    for (name, first), (other, second) in product(_sortable(left), _sortable(right)):
        order_left = sorted(range(len(left)), key=first.__getitem__)
        order_right = sorted(range(len(right)), key=second.__getitem__)
        for way, matched in (("", order_right), (" backwards", order_right[::-1])):
            if len(matched) == len(order_left):
                paired = dict(zip(order_left, matched, strict=True))
                yield f"{name} ~ {other}{way}", [paired[place] for place in range(len(left))]
    yield from _neighbours(left, right)


def _neighbours(left: Sequence[Row], right: Sequence[Row]) -> Iterator[tuple[str, list[int]]]:
    """PostgreSQL: the row written by the same transaction, or by the nearest one before or after."""
    if not left or not right or "_xmin" not in left[0]:
        return
    by_xmin = sorted(range(len(right)), key=lambda place: (right[place]["_xmin"], place))
    numbers = [right[place]["_xmin"] for place in by_xmin]
    for shift in (-1, 0, 1):
        found = []
        for row in left:
            place = bisect_left(numbers, row["_xmin"]) + shift
            found.append(by_xmin[min(max(place, 0), len(by_xmin) - 1)])
        yield f"xmin neighbour {shift:+d}", found


def _sortable(rows: Sequence[Row]) -> list[tuple[str, list[Any]]]:
    """Every column that says different things of different rows, JSON looked into, and every length."""
    flat = [_flat(row) for row in rows]
    names = {name for row in flat for name in row}
    columns = {name: [_key(row.get(name)) for row in flat] for name in sorted(names)}
    return [(name, values) for name, values in columns.items() if len(set(values)) > 1]


def _flat(row: Row) -> Row:
    flat: Row = {}
    for name, value in row.items():
        if name == "answers":
            document = _document(row)
            flat |= {f"answers.{key}": str(part) for key, part in document.items()}
            flat["answers (length)"] = len(json.dumps(document))
        elif isinstance(value, bytes):
            flat |= {name: value, f"{name} (length)": len(value)}
        else:
            flat[name] = value
    return flat


def _key(value: Any) -> Any:
    """None sorts first, other values among their like."""
    if isinstance(value, bool | int | float):
        return (1, float(value), "")
    return (
        (0, 0.0, "") if value is None else (2, 0.0, value.hex() if isinstance(value, bytes) else str(value))
    )


def _document(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["answers"]) if isinstance(row["answers"], str) else row["answers"]
    return found


def _readings(
    links: Iterator[tuple[str, dict[int, int]]], answers: Sequence[Row], fingerprint: Fingerprint
) -> Iterator[tuple[str, Guess]]:
    contents = [fingerprint(_document(row)) for row in answers]
    return ((by, {person: contents[place] for person, place in link.items()}) for by, link in links)


def _best(truth: Guess, tries: Iterator[tuple[str, Guess]]) -> Find:
    best, by, number = -1, "", 0
    for name, guess in tries:
        number += 1
        right = sum(guess[person] == content for person, content in truth.items())
        if right > best:
            best, by = right, name
    return Find(max(best, 0), len(truth), by, max(number, 1))
