"""The attack's own parts: marks are found wherever they stand, each kind of order is tried, and chance is no find."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.attack import Dump
from tests.attack_bytes import Left, Marks, Traces, keys_of_tables, link, places, traces

MANY = 60
PEOPLE: Marks = {"code": {n: f"code-{n:06d}".encode() for n in range(MANY)}}
ANSWERS: Marks = {"words": {n: f"words-{n:06d}".encode() for n in range(MANY)}}
TRUTH = {n: n for n in range(MANY)}
CAME = Traces({"outside knowledge": {n: n for n in range(MANY)}}, {})


def mixed(seed: int) -> list[int]:
    return random.Random(seed).sample(range(MANY), MANY)


def test_marks_are_found_at_every_place_and_length() -> None:
    needles = {b"abcdefgh": ("a", 1), b"abcdefghij": ("a", 2), b"\x00\xff\x00\xff\x00\xff\x00\xff": ("b", 3)}
    content = b"abcdefghij" + b"-abcdefgh" + b"\x00\xff" * 5
    found = places(content, needles)
    assert sorted(found) == [(0, ("a", 1)), (0, ("a", 2)), (11, ("a", 1)), (19, ("b", 3)), (21, ("b", 3))]


def test_too_short_a_file_holds_nothing() -> None:
    assert places(b"", {b"abcdefgh": ("a", 1)}) == places(b"abcdefg", {b"abcdefgh": ("a", 1)}) == []


def lines(order: list[int], line: Callable[[int], str]) -> dict[str, Left]:
    return {"a.log": Left("\n".join(["", *(line(n) for n in order), ""]).encode())}


def test_a_moment_on_a_line_is_read_though_lines_are_mixed() -> None:
    files = lines(mixed(1), lambda n: f"2026-11-02T10:{n:02d}:00 kept words-{n:06d}")
    found = link(CAME, traces(files, ANSWERS), TRUTH)
    assert found.right == MANY
    assert "moment on its line" in found.by


def test_a_mark_on_the_same_line_is_read() -> None:
    files = lines(mixed(1), lambda n: f"code-{n:06d} words-{n:06d}")
    people = traces(files, PEOPLE)
    found = link(Traces({}, people.where), Traces({}, traces(files, ANSWERS).where), TRUTH)
    assert found.right == MANY


def test_a_file_each_tells_by_its_moment_and_by_its_name() -> None:
    by_moment = {f"{place:04x}": Left(f"words-{n:06d}".encode(), 10 + n) for place, n in enumerate(mixed(2))}
    assert "moment of its file" in link(CAME, traces(by_moment, ANSWERS), TRUTH).by
    by_name = {f"{n:04x}": Left(f"words-{n:06d}".encode()) for n in mixed(2)}
    assert "name of its file" in link(CAME, traces(by_name, ANSWERS), TRUTH).by
    both = {f"code-{n:06d}": Left(f"words-{n:06d}".encode()) for n in mixed(2)}
    assert link(traces(both, PEOPLE), traces(both, ANSWERS), TRUTH).right == MANY


def test_the_last_answers_alone_are_a_find() -> None:
    """A log that was cut holds the last third of the codes and of the answers."""
    files = lines(list(range(40, MANY)), lambda n: f"words-{n:06d}")
    found = link(CAME, traces(files, ANSWERS), TRUTH)
    assert found.right == 20
    assert found.beats_chance


def test_a_table_of_any_name_is_looked_into() -> None:
    rows = [{"_place": place, "whose": f"code-{n:06d}", "seen": n} for place, n in enumerate(mixed(3))]
    keys = keys_of_tables(Dump({"cache": rows}), PEOPLE, {}, "")
    assert set(keys) == {"cache._place", "cache.whose", "cache.seen"}
    numbered = [{"_place": place, "person_id": n} for place, n in enumerate(mixed(3))]
    assert set(keys_of_tables(Dump({"job": numbered}), {}, {"person_id": TRUTH}, "")) == {
        "job._place",
        "job.person_id",
    }


@pytest.mark.parametrize("seed", range(4, 8))
def test_chance_is_no_find(seed: int) -> None:
    files = {
        "a": Left(b"|".join(f"code-{n:06d}".encode() for n in mixed(seed))),
        "b": Left(b"|".join(f"words-{n:06d}".encode() for n in mixed(seed + 10))),
        "c": Left(
            b"|".join(
                f"words-{n:06d} code-{m:06d}".encode()
                for n, m in zip(mixed(seed + 20), mixed(seed + 30), strict=True)
            )
        ),
    }
    people = traces(files, PEOPLE)
    found = link(Traces(people.keys | CAME.keys, people.where), traces(files, ANSWERS), TRUTH)
    assert found.tries > 10
    assert not found.beats_chance, found
