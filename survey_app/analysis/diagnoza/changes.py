"""What a report showed, kept so that a later one can say what changed since: numbers by table, words by chapter.

What people said or wrote themselves (answers, quotations) is not kept here: who takes back their words must find
them gone. Of those only the number stays, and a checksum that tells whether they are the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from survey_app.analysis.diagnoza.canonical import sha256_of
from survey_app.analysis.diagnoza.cells import cells
from survey_app.analysis.diagnoza.document import (
    BulletList,
    Chapter,
    CountTable,
    Document,
    KeyFigures,
    Notice,
    Paragraph,
    TextTable,
)

FORM = 1  # of what `as_kept` makes; another number is not compared
OPEN_ANSWERS = "odpowiedzi-otwarte"
# Of the report itself: checksums and versions; and sentences that the team replaced, told as changed already.
_ABOUT_ITSELF = frozenset({"aneks-dane", "aneks-podsumowanie"})
_LABEL = re.compile(r"Tabela \d+\. ")
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell: its row and column as printed; `before` or `after` is "–" where it did not exist."""

    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TableChange:
    """`kind`: "new", "gone" or "changed"; cells only where it changed."""

    caption: str
    kind: str
    cells: tuple[CellChange, ...] = ()


@dataclass(frozen=True, slots=True)
class WordsChange:
    """Of one chapter: sentences that were not there before, and that are not there any more.

    `quoted`: how many answers or quotations there were and are, where they are not the same; None: they are.
    """

    chapter: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    quoted: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """From one report to a later one, in the order of the later one."""

    tables: tuple[TableChange, ...]
    words: tuple[WordsChange, ...]

    def __bool__(self) -> bool:
        return bool(self.tables or self.words)


def as_kept(document: Document) -> dict[str, Any]:
    """Plain JSON: every table's cells as printed and every sentence, chapter by chapter."""
    chapters = [_chapter(one) for one in document.chapters if one.anchor not in _ABOUT_ITSELF]
    return {"form": FORM, "chapters": chapters}


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes | None:
    """None where one of the two is not known (a report made before this was kept)."""
    if before.get("form") != FORM or after.get("form") != FORM:
        return None
    pairs = list(_paired(before["chapters"], after["chapters"], "anchor"))
    tables: list[TableChange] = []
    words: list[WordsChange] = []
    for old, new in pairs:
        for old_table, new_table in _paired(
            (old or {}).get("tables", ()), (new or {}).get("tables", ()), "key"
        ):
            tables += _table_change(old_table, new_table)
        words += _words_change(old, new)
    return Changes(tuple(tables), tuple(words))


def _chapter(chapter: Chapter) -> dict[str, Any]:
    words: list[str] = []
    quoted: list[str] = []
    tables: list[dict[str, Any]] = []
    for block in chapter.blocks:
        if isinstance(block, Paragraph):
            if block.link:  # the mark on words of the team: it says when, not what
                continue
            (quoted if block.style == "quote" else words).append(block.text)
        elif isinstance(block, BulletList):
            (quoted if chapter.anchor == OPEN_ANSWERS else words).extend(block.items)
        elif isinstance(block, Notice):
            words.append(f"{block.title}. {block.text}")
        elif isinstance(block, KeyFigures):
            words += [f"{figure.value} {figure.label}" for figure in block.figures]
        elif isinstance(block, CountTable | TextTable):
            tables.append(_table(block))
    repeated = Counter(table["key"] for table in tables)
    for place, table in enumerate(tables):
        if repeated[table["key"]] > 1:
            table["key"] += f" {place}"
    return {
        "anchor": chapter.anchor,
        "title": chapter.title,
        "words": words,
        "quoted": {"count": len(quoted), "sha256": sha256_of(sorted(quoted))},
        "tables": tables,
    }


def _table(block: CountTable | TextTable) -> dict[str, Any]:
    """Without its number, which moves when a table is put in before it."""
    made = cells(block)
    caption = _LABEL.sub("", made.caption, count=1)
    return {
        "key": made.anchor or caption,
        "caption": caption,
        "header": list(made.header),
        "rows": [list(row) for row in made.rows],
    }


Part = Mapping[str, Any]


def _paired(
    before: Iterable[Part], after: Iterable[Part], name: str
) -> Iterable[tuple[Part | None, Part | None]]:
    """Parts of the same name side by side, in the order of the later ones; what is gone comes last."""
    old = {part[name]: part for part in before}
    for part in after:
        yield old.pop(part[name], None), part
    yield from ((part, None) for part in old.values())


def _table_change(old: Part | None, new: Part | None) -> list[TableChange]:
    if old is None or new is None:
        caption = (new or old or {})["caption"]
        return [TableChange(caption, "new" if old is None else "gone")]
    before, after = _by_place(old), _by_place(new)
    places = [*after, *(place for place in before if place not in after)]
    changed = tuple(
        CellChange(row, column, before.get((row, column, n), NOTHING), after.get((row, column, n), NOTHING))
        for row, column, n in places
        if before.get((row, column, n)) != after.get((row, column, n))
    )
    return [TableChange(new["caption"], "changed", changed)] if changed else []


def _by_place(table: Part) -> dict[tuple[str, str, int], str]:
    """Cells by the words of their row and column; the number tells rows of the same name apart."""
    header: Sequence[str] = table["header"]
    seen: Counter[str] = Counter()
    found: dict[tuple[str, str, int], str] = {}
    for row in table["rows"]:
        name = row[0] if row else ""
        for column, words in zip_longest(header[1:], row[1:], fillvalue=""):
            found[name, column, seen[name]] = words
        seen[name] += 1
    return found


def _words_change(old: Part | None, new: Part | None) -> list[WordsChange]:
    before: Counter[str] = Counter((old or {}).get("words", ()))
    after: Counter[str] = Counter((new or {}).get("words", ()))
    added, removed = tuple((after - before).elements()), tuple((before - after).elements())
    quotes = [(part or {}).get("quoted", {"count": 0, "sha256": ""}) for part in (old, new)]
    same = quotes[0]["sha256"] == quotes[1]["sha256"] or not (quotes[0]["count"] or quotes[1]["count"])
    quoted = None if same else (quotes[0]["count"], quotes[1]["count"])
    if not (added or removed or quoted):
        return []
    return [WordsChange((new or old or {})["title"], added, removed, quoted)]
