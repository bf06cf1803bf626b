"""The text of a paper: its parts whose condition holds, with every `{place}` filled; in Markdown.

What a heading, a list item or a table row is, the template decides. What a person typed stays words: a line of theirs
that begins like a heading or a list is escaped. In a template a line's end is a space, as in Markdown, or a line's end
after a backslash; in the text that comes out a line's end is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from survey_app.analysis.papers.blocks import MARKER, SIGNATURE
from survey_app.analysis.papers.calculation_text import calculation_text, report_text, with_marks
from survey_app.analysis.papers.calculator import calculated
from survey_app.analysis.papers.values import cell_words, words_of
from survey_app.instrument.model import AnswerType, Instrument, Question, Section
from survey_app.instrument.paper_model import ROW_ID, PaperRules, Row, RowTable
from survey_app.instrument.paper_text import BLANK, PLACE
from survey_app.instrument.routing import path
from survey_app.instrument.values import Value, choice_of

UNANSWERED = "nie wypełniono"
BLANK_CELL = "………"
FIXED_HEADING = "Pozycja"  # above the labels of fixed rows, where the definition has no word for them
BLANK_ROWS = 3  # of a table that nobody has filled in: to be completed by hand

_HEADING = re.compile(r"(#{1,6}[ \t]+)(.*)")
_ITEM = re.compile(rf"([ \t]*{MARKER}[ \t]+)(.*)")
_LINE_START = re.compile(
    r"(?:(#{1,6}(?=[ \t]|$)|[-*+](?=[ \t]|$)|\||[-:](?=[-:| \t]*$))|(\d{1,9})([.)](?=[ \t]|$)))"
)
_ALONE = re.compile(r"\{([^{}\n]{0,80})\}")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_STOPS = (".", ",", ";", ":", "?", "!")


def composed(
    definition: Instrument,
    answers: Mapping[str, Value],
    tables: Mapping[str, Sequence[Row]],
    facts: Mapping[str, str],
    in_report: bool = False,
) -> str:
    """The whole text of a paper, also of one of which nothing is filled in: then with dotted lines.

    `in_report`: for the diagnoza, where a form is shorter: no rows without an entry, of a calculation what matters.
    """
    filling = _Filling(definition, answers, tables, facts, in_report)
    rules = definition.definitions.paper
    if rules is None or not rules.body:
        return "\n\n".join(_form(filling)) + "\n"
    parts = (_part(text, filling) for text in _standing(rules, answers))
    return "\n\n".join(part for part in parts if part) + "\n"


def _standing(rules: PaperRules, answers: Mapping[str, Value]) -> Iterator[str]:
    for part in rules.body:
        if all(choice_of(answers.get(question)) in options for question, options in part.when.items()):
            yield part.text


@dataclass(frozen=True, slots=True)
class _Filling:
    """Lines of words for each place; none where nothing is known. Nothing here is escaped yet."""

    definition: Instrument
    answers: Mapping[str, Value]
    tables: Mapping[str, Sequence[Row]]
    facts: Mapping[str, str]
    in_report: bool = False

    def table(self, name: str) -> RowTable | None:
        return next((table for table in self.definition.tables if table.id == name), None)

    def rows(self, table: RowTable) -> list[list[str]]:
        """Each row's cells as one line of words, the label of a fixed row in front; blank rows left out."""
        held = self.tables.get(table.id, ())
        if table.rows:
            by_id = {row.get(ROW_ID): row for row in held}
            return [[fixed.label, *_cells(table, by_id.get(fixed.id, {}))] for fixed in table.rows]
        rows = (_cells(table, row) for row in held)
        return [row for row in rows if any(row)]

    def lines(self, name: str) -> list[str]:
        """What stands in a place in the middle of words; of a table the first column."""
        if (table := self.table(name)) is not None:
            return [row[0] for row in self.rows(table) if row[0]]
        question = self.definition.by_id.get(name)
        if question is not None:
            return words_of(question, self.answers.get(name))
        fact = " ".join(self.facts.get(name, "").split())
        return [fact] if fact else []

    def listed(self, name: str) -> bool:
        """Whether its lines are a list, not a text of several lines."""
        question = self.definition.by_id.get(name)
        return question is None or question.type is AnswerType.SHORT_TEXTS


def _cells(table: RowTable, row: Row) -> list[str]:
    return [_one_line(cell_words(column, row.get(column.id, ""))) for column in table.columns]


def _one_line(lines: Sequence[str]) -> str:
    """Lines where only one can stand."""
    joined = ""
    for line in (" ".join(line.split()) for line in lines):
        if joined and line:
            joined += " " if joined.endswith(_STOPS) else "; "
        joined += line
    return joined


def _part(text: str, filling: _Filling) -> str:
    """One part of the template: its units filled one by one, blank lines kept. Bold print is not for papers."""
    text = _BOLD.sub(r"\1", text)
    filled = "\n".join(line for unit in _units(text) for line in _filled_unit(unit, filling))
    return re.sub(r"\n{3,}", "\n\n", filled).strip("\n")


def _units(text: str) -> Iterator[str]:
    """Headings, items, table rows, places to sign and paragraphs, each without its line ends; "" between paragraphs."""
    unit = ""
    for line in (line.rstrip() for line in text.split("\n")):
        goes_on = unit and line and not _begins_unit(line) and not _HEADING.fullmatch(unit) and unit[0] != "|"
        if goes_on:
            unit = (
                f"{unit[:-1].rstrip()}\n{line.strip()}" if unit.endswith("\\") else f"{unit} {line.strip()}"
            )
            continue
        if unit or not line:
            yield unit
        unit = line
        if not line:
            yield ""
    yield unit.removesuffix("\\")


def _begins_unit(line: str) -> bool:
    return bool(_HEADING.fullmatch(line) or _ITEM.fullmatch(line)) or line.startswith(("|", SIGNATURE))


def _filled_unit(unit: str, filling: _Filling) -> list[str]:
    if heading := _HEADING.fullmatch(unit):
        return [heading[1] + _put(heading[2], filling, _without_hashes)]
    if item := _ITEM.fullmatch(unit):
        return [item[1] + _safe(words) for words in _each(item[2], filling)]
    if unit.startswith("|"):
        return [_put(unit, filling, _without_bars)]
    if unit.startswith(SIGNATURE):
        return [f"{SIGNATURE} {words}" for words in _each(unit.removeprefix(SIGNATURE).strip(), filling)]
    alone = _ALONE.fullmatch(unit.strip())
    if alone and (table := filling.table(alone[1].strip())) is not None:
        return ["", *_table(table, filling), ""]
    return [_safe(line) for line in _put(unit, filling).split("\n")]


def _each(text: str, filling: _Filling) -> list[str]:
    """The text filled; where it is one place alone, once for each of its lines."""
    alone = _ALONE.fullmatch(text.strip())
    lines = filling.lines(alone[1].strip()) if alone else []
    return [_plain(line) for line in lines if line] or [_put(text, filling, _same)]


def _put(text: str, filling: _Filling, escape: Callable[[str], str] | None = None) -> str:
    """Every place filled. `escape`: for what stands on one line; None where lines may go on below each other."""
    is_alone = _ALONE.fullmatch(text.strip()) is not None

    def value(match: re.Match[str]) -> str:
        name = match[1].strip()
        lines = filling.lines(name)
        if not lines:
            return BLANK
        if filling.listed(name) and not is_alone:
            lines = [", ".join(lines)]
        return escape(_plain(_one_line(lines))) if escape else _plain("\n".join(lines))

    return PLACE.sub(value, text)


def _plain(words: str) -> str:
    """A backslash of a person's is a backslash, a brace a brace."""
    return words.replace("\\", "\\\\").replace("{", "\\{")


def _same(words: str) -> str:
    return words


def _without_hashes(words: str) -> str:
    return words.replace("#", "\\#")


def _without_bars(words: str) -> str:
    return words.replace("|", "\\|")


def _safe(line: str) -> str:
    """A line of words that cannot be taken for a heading, an item, a table or a place to sign."""
    line = line.strip()
    if line.startswith(SIGNATURE):
        return f"{SIGNATURE[:-1]}\\:{line.removeprefix(SIGNATURE)}"
    found = _LINE_START.match(line)
    if found is None:
        return line
    if found[1]:
        return f"\\{line}"
    return f"{found[2]}\\{line[len(found[2]) :]}"


def _table(table: RowTable, filling: _Filling) -> list[str]:
    """A table in Markdown; with one column and no fixed rows, a list."""
    rows = filling.rows(table)
    if len(table.columns) == 1 and not table.rows:
        return [f"- {_safe(_plain(row[0]))}" for row in rows] or [f"- {BLANK}"] * BLANK_ROWS
    header = [column.label for column in table.columns]
    if table.rows:
        header = [table.heading or FIXED_HEADING, *header]
    if filling.in_report and _blank_rows(table, filling):
        rows = [row for row in rows if any(row[1:])]
    rows = rows or [[BLANK_CELL] * len(header)] * BLANK_ROWS
    return [_row(header), f"|{'---|' * len(header)}", *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    words = (_without_bars(_plain(" ".join(cell.split()))) for cell in cells)
    return f"| {' | '.join(words)} |"


def _form(filling: _Filling) -> Iterator[str]:
    """A form without a text of its own: what was asked, and what was answered."""
    definition = filling.definition
    on_path = set(path(definition, filling.answers))
    yield f"# {_safe_heading(definition.title)}"
    rules = definition.definitions.paper
    if rules is not None and rules.calculator is not None:
        found = calculated(rules.calculator, filling.tables)
        conventions = (one.text for one in definition.definitions.conventions)
        if filling.in_report:
            asked = (one for one in definition.questions if one.id in filling.answers and one.id in on_path)
            said = (part for one in asked for part in _answered(one, "###", filling))
            yield from report_text(found, said, conventions)
            return
        yield from calculation_text(found, conventions)
        filling = replace(filling, tables=with_marks(filling.tables))
    for section in definition.sections:
        if section.title:
            yield f"## {_safe_heading(section.title)}"
        yield from _section(section, on_path, filling)


def _section(section: Section, on_path: set[str], filling: _Filling) -> Iterator[str]:
    deeper = "###" if section.title else "##"
    asked = [question for question in section.questions if question.id in on_path]
    for question in asked:
        yield from _answered(question, deeper, filling)
    for table in section.tables:
        if asked or table.title != section.title:  # else the last question would stand over the table
            yield f"{deeper} {_safe_heading(table.title)}"
        yield "\n".join(_table(table, filling))
        if filling.in_report and (blank := _blank_rows(table, filling)):
            yield _safe(f"Bez wpisu: {_plain('; '.join(blank))}.")


def _answered(question: Question, heading: str, filling: _Filling) -> Iterator[str]:
    yield f"{heading} {_safe_heading(question.text)}"
    lines = [_safe(_plain(line)) for line in filling.lines(question.id)] or [UNANSWERED]
    many = filling.listed(question.id) and len(lines) > 1
    yield "\n".join(f"- {line}" if many else line for line in lines)


def _blank_rows(table: RowTable, filling: _Filling) -> list[str]:
    """Labels of fixed rows that nobody filled in, in a table that somebody filled in."""
    rows = filling.rows(table) if table.rows else []
    blank = [row[0] for row in rows if not any(row[1:])]
    return blank if len(blank) < len(rows) else []


def _safe_heading(words: str) -> str:
    return _without_hashes(_plain(" ".join(words.split())))
