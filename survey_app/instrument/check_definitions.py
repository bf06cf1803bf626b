"""Faults of what is computed from the answers: the sector table, readiness, the rule for a complete form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from survey_app import polish
from survey_app.instrument.model import AnswerType
from survey_app.instrument.outline import Outline, Placed, choices
from survey_app.instrument.shape import Findings

_ROOT = "definitions"
_OTHER = "Wpisz identyfikator pytania, które jest w pliku."


def check_definitions(document: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    """Adds the faults of every definition that the document has."""
    definitions = document.get("definitions", {})
    if "sectors" in definitions:
        _check_sectors(Placed(f"{_ROOT}.sectors", definitions["sectors"]), outline, findings)
    if "readiness" in definitions:
        _check_readiness(definitions["readiness"], outline, findings)
    if "complete" in definitions:
        _check_complete(definitions["complete"], outline, findings)
    _check_doubled(f"{_ROOT}.conventions", definitions.get("conventions", ()), ("id",), findings)


def _question(
    question_id: object, where: str, outline: Outline, findings: Findings
) -> Mapping[str, Any] | None:
    """The question that a definition names, or None after noting that it is not there."""
    entry = outline.entry(question_id)
    if entry is None and question_id is not None:
        findings.add("definition.question_missing", where, f"Nie ma pytania „{question_id}”.", _OTHER)
    return entry


def _check_doubled(where: str, entries: Any, keys: tuple[str, ...], findings: Findings) -> None:
    for key in keys:
        counts = Counter(entry[key] for entry in entries if key in entry)
        for value in [value for value, count in counts.items() if count > 1]:
            message = f"Dwie pozycje mają to samo „{key}”: „{value}”."
            findings.add("definition.doubled", where, message, "Każda pozycja musi mieć własne.")


def _check_sectors(sectors: Placed, outline: Outline, findings: Findings) -> None:
    where, table = sectors
    _check_doubled(f"{where}.sectors", table.get("sectors", ()), ("id", "label"), findings)
    _check_doubled(f"{where}.catalogue", table.get("catalogue", ()), ("id", "label"), findings)
    entry = _question(table.get("question"), f"{where}.question", outline, findings)
    if entry is None or "type" not in entry:
        return
    if entry["type"] != AnswerType.SINGLE_CHOICE or outline.may_be_skipped(table["question"]):
        message = "Grupy tworzy pytanie jednokrotnego wyboru, zadawane każdemu."
        findings.add("sectors.question", f"{where}.question", message, "Wskaż takie pytanie.")
        return
    _check_sector_options(sectors, entry, findings)


def _check_sector_options(sectors: Placed, question: Mapping[str, Any], findings: Findings) -> None:
    """Every option has one place: a sector, or a group of its own (METHOD, "Readiness per sector")."""
    where, table = sectors
    options = choices(question) or []
    placed: Counter[str] = Counter()
    for place, named in _option_lists(where, table):
        for option in named:
            if option is not None and option not in options:
                hint = "Wpisz identyfikator odpowiedzi z pytania, które tworzy grupy."
                findings.add("sectors.option_unknown", place, f"Nie ma odpowiedzi „{option}”.", hint)
        if ".catalogue" not in place:
            placed.update(named)
    for option in options:
        if placed[option] != 1:
            times = "nie ma miejsca" if not placed[option] else "stoi w więcej niż jednym miejscu"
            code = "sectors.option_missing" if not placed[option] else "sectors.option_doubled"
            hint = "Wpisz ją do jednego sektora albo do „standalone”."
            findings.add(code, where, f"Odpowiedź „{option}” {times}.", hint)
    for option in question.get("options", ()):
        if (
            option.get("decline")
            and placed[option.get("id")]
            and option["id"] not in table.get("standalone", ())
        ):
            message = f"Odmowa „{option.get('id')}” nie jest osobną grupą."
            findings.add("sectors.decline", f"{where}.standalone", message, "Dopisz ją do „standalone”.")


def _option_lists(where: str, table: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    lists = [(f"{where}.standalone", table.get("standalone", []))]
    for key in ("sectors", "catalogue"):
        for i, entry in enumerate(table.get(key, ())):
            lists.append((f"{where}.{key}[{i}].options", entry.get("options", [])))
    return lists


def _check_readiness(readiness: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    where = f"{_ROOT}.readiness"
    for key in ("items", "experience", "concreteness"):
        _check_doubled(f"{where}.{key}", readiness.get(key, ()), ("question",), findings)
    for key in ("items", "experience"):
        for i, item in enumerate(readiness.get(key, ())):
            _check_item(Placed(f"{where}.{key}[{i}]", item), outline, findings, always=key == "items")
    for i, item in enumerate(readiness.get("concreteness", ())):
        _check_concreteness(Placed(f"{where}.concreteness[{i}]", item), outline, findings)


def _check_item(item: Placed, outline: Outline, findings: Findings, *, always: bool) -> None:
    place, document = item
    entry = _question(document.get("question"), f"{place}.question", outline, findings)
    if entry is None or "type" not in entry:
        return
    # The three components of core readiness are always asked (METHOD, "Readiness per sector").
    if always and outline.may_be_skipped(document["question"]):
        message = f"Pytanie „{document['question']}” bywa pomijane, więc nie może wchodzić do gotowości."
        findings.add("readiness.skippable", f"{place}.question", message, "Wskaż pytanie zadawane każdemu.")
    possible = choices(entry)
    if possible is None:
        message = f"Pytanie „{document['question']}” nie ma odpowiedzi do wyboru."
        findings.add("readiness.type", f"{place}.question", message, "Wskaż pytanie tak/nie albo wyboru.")
    elif "positive" in document and document["positive"] not in possible:
        message = f"„{document['positive']}” nie jest odpowiedzią na pytanie „{document['question']}”."
        findings.add("readiness.positive", f"{place}.positive", message, f"Możliwe: {', '.join(possible)}.")


def _check_concreteness(item: Placed, outline: Outline, findings: Findings) -> None:
    place, document = item
    entry = _question(document.get("question"), f"{place}.question", outline, findings)
    if entry is None or "type" not in entry:
        return
    if entry["type"] != AnswerType.SHORT_TEXTS:
        message = f"Pytanie „{document['question']}” nie ma pól do policzenia."
        findings.add("concreteness.type", f"{place}.question", message, "Wskaż pytanie typu short_texts.")
    elif "boxes" in document and document["boxes"] != entry.get("max_items", 3):
        boxes = polish.counted(entry.get("max_items", 3), "pole", "pola", "pól")
        message = f"Pytanie ma {boxes}, a „boxes” to {document['boxes']}."
        findings.add("concreteness.boxes", f"{place}.boxes", message, "Wpisz tyle, ile pól ma pytanie.")


def _check_complete(rule: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    where = f"{_ROOT}.complete"
    named = [question_id for question_id in rule.get("of", ()) if question_id is not None]
    for i, question_id in enumerate(rule.get("of", ())):
        _question(question_id, f"{where}.of[{i}]", outline, findings)
    for question_id in [key for key, count in Counter(named).items() if count > 1]:
        findings.add(
            "definition.doubled", f"{where}.of", f"Pytanie „{question_id}” stoi dwa razy.", "Zostaw jedno."
        )
    if rule.get("at_least", 0) > len(set(named)):
        counted = polish.counted(len(set(named)), "pytanie", "pytania", "pytań")
        message = f"Reguła wymaga {rule['at_least']} z pytań, a wymienia {counted}."
        findings.add(
            "complete.at_least", f"{where}.at_least", message, "Wpisz najwyżej tyle, ile pytań wymieniono."
        )
