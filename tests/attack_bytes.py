"""The attacker with a pile of files: finds in them whatever names a person or an answer, and tries to tie the two.

A mark is a run of bytes that names somebody (a code, its hash, an address) or some answer (its id, its words). From
each file, or row of files that go on from one another, come keys: for each named one the place where it stands first
and last, how often, the moment written on its line, and, when each has a file of its own, that file's moment and name.
Then every key of people is laid beside every key of answers, forwards and backwards, from the beginning and from the
end; and each person is given the answer that is named nearest to them.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from tests.attack import CHANCE, Dump, Row, binomial_tail

SHORTEST = 8  # bytes: what is shorter stands everywhere by chance
Marks = Mapping[str, Mapping[Hashable, bytes]]  # kind of mark -> whom (or what) it names -> the bytes
Key = dict[Hashable, Any]  # whom -> what to sort by
Keys = dict[str, Key]
Guess = dict[Hashable, Hashable]
LINE = 500  # bytes
MOMENT = re.compile(
    rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?|\b1[6-9]\d{8}(?:\.\d+)?\b|\d\d:\d\d:\d\d"
)


@dataclass(frozen=True)
class Left:
    """A file as it was left: bytes, and when it was last written (ns)."""

    content: bytes
    moment: int = 0


Files = Mapping[str, Left]
Place = tuple[int, tuple[str, Hashable]]  # offset, (kind of mark, whom)
Seen = dict[bytes, list[Place]]


@dataclass(frozen=True)
class Link:
    """The best try of all: how many it got right of all `people`, and what it went by."""

    right: int
    people: int
    by: str
    tries: int

    @property
    def beats_chance(self) -> bool:
        return binomial_tail(self.right, self.people, 1 / self.people) * self.tries < CHANCE


def files_under(folder: Path, leave_out: Iterable[Path] = ()) -> dict[str, Left]:
    """Every file, whatever its name; but none of the folders to leave out."""
    kept_apart = tuple(leave_out)
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(path.is_relative_to(one) for one in kept_apart):
            found[str(path.relative_to(folder))] = Left(path.read_bytes(), path.stat().st_mtime_ns)
    return found


def places(content: bytes, needles: Mapping[bytes, tuple[str, Hashable]]) -> list[Place]:
    """(offset, what it stands for) for every place of every needle, in order."""
    if not needles or len(content) < SHORTEST:
        return []
    assert min(map(len, needles)) >= SHORTEST
    by_beginning: dict[int, list[bytes]] = {}
    for needle in needles:
        by_beginning.setdefault(int.from_bytes(needle[:SHORTEST], "little"), []).append(needle)
    found = []
    for offset, beginning in _beginnings(content, by_beginning):
        for needle in by_beginning[beginning]:
            if content.startswith(needle, offset):
                found.append((offset, needles[needle]))
    return found


def _beginnings(content: bytes, wanted: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Offsets where the first eight bytes of some needle stand, two bytes looked at before all eight."""
    numbers = np.fromiter(wanted, dtype=np.uint64)
    signs = np.frombuffer(content, dtype=np.uint8)
    pairs = np.zeros(65_536, dtype=bool)
    pairs[(numbers & np.uint64(0xFFFF)).astype(np.int64)] = True
    usable = len(signs) - SHORTEST + 1
    first_two = signs[:usable].astype(np.uint16) | (signs[1 : usable + 1].astype(np.uint16) << np.uint16(8))
    candidates = np.flatnonzero(pairs[first_two])
    eight = np.zeros(len(candidates), dtype=np.uint64)
    for place in range(SHORTEST):
        eight |= signs[candidates + place].astype(np.uint64) << np.uint64(8 * place)
    hits = np.isin(eight, numbers)
    return zip(candidates[hits].tolist(), eight[hits].tolist(), strict=True)


@dataclass(frozen=True)
class Traces:
    """All that was found: sorting keys, and for each file who is named where."""

    keys: Keys
    where: Mapping[tuple[str, str], list[tuple[int, Hashable]]]  # (file, kind) -> (offset, whom), in order

    @property
    def holders(self) -> dict[str, set[str]]:
        """Kind of mark -> the files that hold one."""
        held: dict[str, set[str]] = {}
        for file, kind in self.where:
            held.setdefault(kind, set()).add(file)
        return held


def traces(files: Files, marks: Marks, *, where: str = "", seen: Seen | None = None) -> Traces:
    """What the files tell of those that the marks name. `seen`: of files looked through before with these marks."""
    seen = {} if seen is None else seen
    keys: Keys = {}
    spots: dict[tuple[str, str], list[tuple[int, Hashable]]] = {}
    own: dict[str, dict[Hashable, set[str]]] = {}
    needles = {mark: (kind, whom) for kind, named in marks.items() for whom, mark in named.items()}
    for name, left in files.items():
        in_kinds: dict[str, list[tuple[int, Hashable]]] = {}
        if left.content not in seen:
            seen[left.content] = places(left.content, needles)
        of_name = [(offset - len(name), mark) for offset, mark in places(name.encode(), needles)]
        for offset, (kind, whom) in [*of_name, *seen[left.content]]:
            in_kinds.setdefault(kind, []).append((offset, whom))
            own.setdefault(kind, {}).setdefault(whom, set()).add(name)
        for kind, found in in_kinds.items():
            spots[where + name, kind] = found
            keys |= {f"{where}{name}: {kind}, {by}": key for by, key in _keys_of(left.content, found).items()}
    for kind, in_files in own.items():
        alone = {whom: min(names) for whom, names in in_files.items() if len(names) == 1}
        if len(set(alone.values())) > 1:
            keys[f"{where}{kind}: moment of its file"] = {
                one: files[name].moment for one, name in alone.items()
            }
            keys[f"{where}{kind}: name of its file"] = dict(alone)
    return Traces(keys, spots)


def _keys_of(content: bytes, found: list[tuple[int, Hashable]]) -> Keys:
    first: Key = {}
    last: Key = {}
    for offset, whom in found:
        first.setdefault(whom, offset)
        last[whom] = offset
    keys = {"first place": first, "last place": last}
    times = Counter(whom for _, whom in found)
    if len(set(times.values())) > 1:
        keys["how often"] = dict(times)
    moments = {whom: told for whom, at in first.items() if (told := _moment_at(content, at))}
    if len(set(moments.values())) > 1:
        keys["moment on its line"] = moments
    return keys


def _moment_at(content: bytes, offset: int) -> bytes | None:
    """What looks like a moment on the line around; None in a file without lines."""
    if offset < 0:
        return None
    begin = content.rfind(b"\n", max(0, offset - LINE), offset) + 1
    end = content.find(b"\n", offset, offset + LINE)
    told = MOMENT.search(content[begin:end]) if end > 0 and offset - begin < LINE else None
    return told.group() if told else None


def keys_of_tables(
    dump: Dump, marks: Marks, numbers: Mapping[str, Mapping[Any, Hashable]], where: str
) -> Keys:
    """The same of rows: a row is of whom any of its values names; each of its columns is a key, whatever it is called.

    `numbers`: columns whose plain numbers name somebody (`stakeholder_id`).
    """
    owners = {mark: whom for named in marks.values() for whom, mark in named.items()}
    keys: Keys = {}
    for table, rows in dump.tables.items():
        owned = [(whom, row) for row in rows for whom in _owners(row, owners, numbers)]
        if len({whom for whom, _ in owned}) < 2:
            continue
        for column in {name for _, row in owned for name in row}:
            key = {whom: _sortable(row.get(column)) for whom, row in owned}
            if len(set(key.values())) > 1:
                keys[f"{where}{table}.{column}"] = key
    return keys


def _owners(
    row: Row, owners: Mapping[bytes, Hashable], numbers: Mapping[str, Mapping[Any, Hashable]]
) -> set[Hashable]:
    found = {named[row[column]] for column, named in numbers.items() if row.get(column) in named}
    for value in row.values():
        plain = value.encode() if isinstance(value, str) else value
        if isinstance(plain, bytes) and plain in owners:
            found.add(owners[plain])
    return found


def _sortable(value: Any) -> tuple[int, float, str]:
    if isinstance(value, bool | int | float):
        return (1, float(value), "")
    if isinstance(value, dict | list):
        value = json.dumps(value, sort_keys=True)
    return (
        (0, 0.0, "") if value is None else (2, 0.0, value.hex() if isinstance(value, bytes) else str(value))
    )


def link(people: Traces, answers: Traces, truth: Mapping[Hashable, Hashable]) -> Link:
    """The best of all tries. `truth`: person -> answer, for counting alone."""
    best, by, tries = 0, "", 0
    for name, guess in _guesses(people, answers):
        tries += 1
        right = sum(truth.get(person) == answer for person, answer in guess.items())
        if right > best:
            best, by = right, name
    return Link(best, len(truth), by, max(tries, 1))


def _guesses(people: Traces, answers: Traces) -> Iterator[tuple[str, Guess]]:
    left, right = _orders(people.keys), _orders(answers.keys)
    for (name, first), (other, second) in product(left, right):
        short = min(len(first), len(second))
        backwards = second[::-1]
        yield f"{name} ~ {other}", dict(zip(first, second, strict=False))
        yield f"{name} ~ {other}, backwards", dict(zip(first, backwards, strict=False))
        if len(first) != len(second):
            yield f"{name} ~ {other}, from the end", dict(zip(first[-short:], second[-short:], strict=True))
            from_end = dict(zip(first[-short:], backwards[-short:], strict=True))
            yield f"{name} ~ {other}, backwards from the end", from_end
    for (file, kind), found in people.where.items():
        for (other_file, other_kind), near in answers.where.items():
            if file == other_file:
                yield f"{file}: {kind} before {other_kind}", _nearest(found, near, 0)
                yield f"{file}: {kind} after {other_kind}", _nearest(found, near, -1)


def _orders(keys: Keys) -> list[tuple[str, list[Hashable]]]:
    """Whom each key names, sorted by it; of keys that sort alike one is enough."""
    found: dict[tuple[Hashable, ...], str] = {}
    for name, key in sorted(keys.items()):
        found.setdefault(tuple(sorted(key, key=key.__getitem__)), name)
    return [(name, list(order)) for order, name in found.items()]


def _nearest(people: list[tuple[int, Hashable]], answers: list[tuple[int, Hashable]], step: int) -> Guess:
    """For each person the answer that most often stands next after them, or (-1) before."""
    offsets = [offset for offset, _ in answers]
    votes: dict[Hashable, Counter[Hashable]] = {}
    for offset, person in people:
        place = bisect_left(offsets, offset) + step
        if 0 <= place < len(answers):
            votes.setdefault(person, Counter())[answers[place][1]] += 1
    return {person: counted.most_common(1)[0][0] for person, counted in votes.items()}
