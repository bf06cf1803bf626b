"""Faults of a paper (team form, document), and of keys that belong to a paper alone.

Every place in a text, every condition and every prefill must name something that is there: a faulty template is found
here, by name and line, before a team can open it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from survey_app.instrument.check_calculator import check_calculator
from survey_app.instrument.check_numbers import CELL_DECIMALS, check_number
from survey_app.instrument.model import FILLED_BY_TEAM, PAPER_KINDS, AnswerType, Kind
from survey_app.instrument.outline import Outline, Placed, choices
from survey_app.instrument.paper_model import BOUNDS, ColumnType, PaperFact
from survey_app.instrument.paper_text import places
from survey_app.instrument.shape import Findings

_ROOT = "definitions.paper"
_FACTS = {fact.value for fact in PaperFact}
_PREFILL_ONLY = {fact for fact in _FACTS if fact.endswith(("_rows", "_difficulties"))}
_LETTER_FACTS = {PaperFact.RECIPIENT.value, PaperFact.RECIPIENT_PERSON.value}
_NOT_OF_PAPERS = ("number", "paper_help", "warning", "identifying", "probes")
_OF_ANOTHER = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_OF_REGISTER = re.compile(r"register:[a-z][a-z0-9_]*")
_DAY_OF_YEAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def check_paper(document: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    """Adds the faults of a paper; of another kind of file, those of keys that only a paper has."""
    if document.get("kind") in FILLED_BY_TEAM:
        _refuse_keys(_NOT_OF_PAPERS, outline, findings)
    elif "kind" in document:
        _refuse_keys(("box",), outline, findings)
    if document.get("kind") not in PAPER_KINDS:
        if "kind" in document:
            _refuse_elsewhere(outline, findings)
        return
    rules = document.get("definitions", {}).get("paper")
    if rules is None:
        if not findings.mentions(_ROOT):
            hint = "Dopisz „definitions:” z częścią „paper:” i jej „group:”."
            findings.add("paper.none", "definitions", "Brakuje części „paper”.", hint)
        return
    tables = list(_tables(outline))
    names = _names(outline, tables, findings)
    check_calculator(document, rules, names, outline, findings)
    for table in tables:
        _check_table(table, findings)
    free = {table.entry.get("id") for table in tables if "rows" not in table.entry}
    _check_references(rules, outline, {table.entry.get("id") for table in tables}, free, findings)
    _check_body(document, rules, names, outline, findings)
    _check_deadlines(rules, outline, findings)
    _check_signatories(rules, tables, findings)
    for i, pair in enumerate(rules.get("in_order", ())):
        for key in ("first", "then"):
            asked = outline.entry(pair.get(key))
            if pair and (asked is None or asked.get("type") != AnswerType.DATE):
                message = f"„{pair.get(key, '')}” nie jest pytaniem o datę z tego pliku."
                findings.add(
                    "paper.in_order", f"{_ROOT}.in_order[{i}].{key}", message, "Wpisz jego identyfikator."
                )
    for i, pair in enumerate(rules.get("reasons", ())):
        for key in ("of", "in"):
            if pair and outline.entry(pair.get(key)) is None:
                place = f"{_ROOT}.reasons[{i}].{key}"
                _unknown(pair.get(key, ""), place, outline.first_position, findings)
    for i, advice in enumerate(rules.get("advice", ())):
        _check_when(advice, f"{_ROOT}.advice[{i}]", outline, findings)


def _refuse_keys(keys: Iterable[str], outline: Outline, findings: Findings) -> None:
    for place, entry in outline.questions:
        for key in keys:
            if key in entry:
                findings.add(
                    "key.not_for_kind", f"{place}.{key}", f"Klucz „{key}” tu nie pasuje.", "Usuń go."
                )


def _tables(outline: Outline) -> Iterable[Placed]:
    for place, section in outline.sections:
        for i, table in enumerate(section.get("tables", ())):
            yield Placed(f"{place}.tables[{i}]", table)


def _refuse_elsewhere(outline: Outline, findings: Findings) -> None:
    for place, section in outline.sections:
        if "tables" in section:
            message = "Tabela do wypełnienia należy tylko do formularza zespołu albo dokumentu."
            findings.add("key.not_for_kind", f"{place}.tables", message, "Usuń ten klucz.")
    if findings.mentions(_ROOT):
        message = "Część „paper” należy do formularza zespołu albo dokumentu."
        findings.add("definition.not_for_kind", _ROOT, message, "Usuń ją z tego pliku.")


def _names(outline: Outline, tables: Iterable[Placed], findings: Findings) -> set[str]:
    """Ids that a text can name; a table may not have a question's."""
    names = {entry["id"] for _, entry in outline.questions if "id" in entry}
    for place, table in tables:
        table_id = table.get("id")
        if table_id in names:
            message = f"Ten sam identyfikator „{table_id}” ma już inne pole."
            findings.add("id.doubled", f"{place}.id", message, "Każda pozycja musi mieć własny.")
        if table_id:
            names.add(table_id)
    return names


def _check_table(table: Placed, findings: Findings) -> None:
    for key in ("columns", "rows"):
        seen: set[object] = set()
        for i, entry in enumerate(table.entry.get(key, ())):
            if entry.get("id") in seen:
                message = f"Identyfikator „{entry['id']}” jest w tej tabeli dwa razy."
                findings.add("id.doubled", f"{table.place}.{key}[{i}].id", message, "Zmień jeden z nich.")
            seen.add(entry.get("id"))
    for i, column in enumerate(table.entry.get("columns", ())):
        if (column.get("type") == ColumnType.CHOICE) != ("options" in column) and column:
            message = "Lista „options” i typ „choice” należą do siebie."
            findings.add(
                "paper.column", f"{table.place}.columns[{i}]", message, "Dopisz brakujące albo usuń jedno."
            )
    _check_bounds(table, findings)


def _check_bounds(table: Placed, findings: Findings) -> None:
    """Only numbers have bounds, and some number lies within those of every cell: the row's go before the column's."""
    columns = table.entry.get("columns", ())
    numbers = [column for column in columns if column.get("type") == ColumnType.NUMBER]
    places = [(f"columns[{i}]", column, column in numbers) for i, column in enumerate(columns)]
    places += [(f"rows[{i}]", row, bool(numbers)) for i, row in enumerate(table.entry.get("rows", ()))]
    for where, entry, counts in places:
        place = f"{table.place}.{where}"
        for key in BOUNDS:
            if key in entry and not counts:
                message = f"Klucz „{key}” jest tylko dla liczb."
                findings.add("key.not_for_type", f"{place}.{key}", message, "Usuń go albo zmień typ kolumny.")
        if counts and where.startswith("columns"):
            check_number(place, entry, findings, CELL_DECIMALS)
        elif any(key in entry for key in BOUNDS):
            own = {key: entry[key] for key in BOUNDS if key in entry}
            for column in numbers:
                check_number(place, {**column, **own}, findings, CELL_DECIMALS)


def _check_references(
    rules: Mapping[str, Any],
    outline: Outline,
    tables: set[object],
    free: set[object],
    findings: Findings,
) -> None:
    """`free`: tables without rows of their own, which alone can take the entries of a register."""
    _check_filled(rules.get("prefill", ()), f"{_ROOT}.prefill", outline, tables, findings)
    begun = rules.get("begun_from", {}).get("prefill", ())
    _check_filled(begun, f"{_ROOT}.begun_from.prefill", outline, tables, findings)
    for i, entry in enumerate(rules.get("prefill", ())):
        into, source = entry.get("into"), entry.get("from", "")
        if _OF_REGISTER.fullmatch(source):
            if into and into not in free:
                message = f"Wpisy rejestru nie mieszczą się w „{into}”."
                hint = "Wpisz identyfikator tabeli, która nie ma własnych wierszy."
                findings.add("paper.register", f"{_ROOT}.prefill[{i}].into", message, hint)
        elif source and source not in _FACTS and not _OF_ANOTHER.fullmatch(source):
            _unknown(source, f"{_ROOT}.prefill[{i}].from", sorted(_FACTS), findings)
    if (points := rules.get("points")) and points not in tables:
        _unknown(points, f"{_ROOT}.points", map(str, tables), findings)
    named_by = rules.get("named_by")
    if named_by and outline.entry(named_by) is None:
        _unknown(named_by, f"{_ROOT}.named_by", outline.first_position, findings)
    if rules.get("many") and not named_by:
        hint = "Dopisz „named_by:” z identyfikatorem pytania, po którym je odróżnić."
        findings.add(
            "paper.named_by", _ROOT, "Takich pism może być wiele, a nie wiadomo, jak je nazwać.", hint
        )


def _check_filled(
    prefill: Iterable[Mapping[str, Any]],
    where: str,
    outline: Outline,
    tables: set[object],
    findings: Findings,
) -> None:
    for i, entry in enumerate(prefill):
        into = entry.get("into")
        if into and outline.entry(into) is None and into not in tables:
            _unknown(into, f"{where}[{i}].into", [*outline.first_position, *map(str, tables)], findings)


def _check_signatories(rules: Mapping[str, Any], tables: Iterable[Placed], findings: Findings) -> None:
    columns = {
        table.entry.get("id"): [column.get("id", "") for column in table.entry.get("columns", ())]
        for table in tables
    }
    for i, entry in enumerate(rules.get("signatories", ())):
        place, table = f"{_ROOT}.signatories[{i}]", entry.get("table")
        if table and table not in columns:
            _unknown(table, f"{place}.table", map(str, columns), findings)
            continue
        for key in ("name", "role", "contribution"):
            if key in entry and table and entry[key] not in columns[table]:
                _unknown(entry[key], f"{place}.{key}", columns[table], findings)


def _check_body(
    document: Mapping[str, Any],
    rules: Mapping[str, Any],
    names: set[str],
    outline: Outline,
    findings: Findings,
) -> None:
    body = rules.get("body", ())
    if document.get("kind") == Kind.DOCUMENT and not findings.mentions(f"{_ROOT}.body"):
        findings.add("paper.body", _ROOT, "Dokument nie ma treści.", "Dopisz „body:” z częściami tekstu.")
    known = names | _FACTS - _PREFILL_ONLY - (set() if rules.get("letters") else _LETTER_FACTS)
    for i, part in enumerate(body):
        for name in places(part.get("text", "")):
            if name not in known:
                _unknown(name, f"{_ROOT}.body[{i}].text", sorted(known), findings)
        _check_when(part, f"{_ROOT}.body[{i}]", outline, findings)


def _check_when(part: Mapping[str, Any], where: str, outline: Outline, findings: Findings) -> None:
    for i, condition in enumerate(part.get("when", ())):
        entry = outline.entry(condition.get("question"))
        place = f"{where}.when[{i}]"
        if entry is None:
            if "question" in condition:
                _unknown(condition["question"], f"{place}.question", outline.first_position, findings)
            continue
        possible = choices(entry) or []
        for option in condition.get("is", ()):
            if option not in possible:
                _unknown(option, f"{place}.is", possible, findings)


def _check_deadlines(rules: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    for i, deadline in enumerate(rules.get("deadlines", ())):
        place, yearly = f"{_ROOT}.deadlines[{i}]", deadline.get("yearly")
        question = outline.entry(deadline.get("question"))
        if yearly and not _DAY_OF_YEAR.fullmatch(yearly):
            findings.add(
                "paper.deadline", place, f"„{yearly}” nie jest dniem roku.", "Wpisz MM-DD, na przykład 04-30."
            )
        elif not yearly and (
            "days" not in deadline or question is None or question.get("type") != AnswerType.DATE
        ):
            hint = "Dopisz „question:” z pytaniem o datę i „days:”, albo „yearly: MM-DD”."
            findings.add("paper.deadline", place, "Nie wiadomo, od kiedy liczyć ten termin.", hint)


def _unknown(name: str, where: str, known: Iterable[str], findings: Findings) -> None:
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"Czy chodziło o „{close[0]}”?" if close else f"Znane nazwy: {', '.join(names[:40])}."
    findings.add("paper.unknown", where, f"Nie ma pola „{name[:60]}”.", hint)
