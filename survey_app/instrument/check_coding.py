"""Faults of coding criteria: what they are, which codes there are, and what each scheme's rules name.

METHOD, "Coding". Whether the rules give exactly one code for every combination is asked in `check_code_rules.py`,
and only of a scheme that is sound so far.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from survey_app.instrument.check_code_rules import check_code_rules
from survey_app.instrument.model import AnswerType, Kind, Operator, Stance
from survey_app.instrument.outline import Outline, Placed
from survey_app.instrument.shape import Findings

MAX_CRITERIA = 6
_ROOT = "definitions.coding"
_QUESTIONNAIRE_ONLY = ("sectors", "readiness", "complete")
_ALLOWED = frozenset(
    {Operator.EQ, Operator.NE, Operator.LT, Operator.LE, Operator.GT, Operator.GE},
)
_STANCES = (Stance.SUPPORTER, Stance.UNDECIDED, Stance.OPPONENT)
_CRITERION = "Wpisz identyfikator jednego z kryteriów (pytań) tego pliku."


def check_coding(document: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    """Adds the faults of `definitions.coding`, and of definitions that do not belong to this kind of file."""
    definitions = document.get("definitions", {})
    kind = document.get("kind")
    _check_kind(kind, definitions, findings)
    if kind != Kind.CODING_CRITERIA:
        return
    _check_criteria(outline, findings)
    coding = definitions.get("coding")
    if coding is None:
        return
    _check_axes(coding, outline, findings)
    _check_codes(coding, findings)
    for i, scheme in enumerate(coding.get("schemes", ())):
        _check_scheme(Placed(f"{_ROOT}.schemes[{i}]", scheme), coding, outline, findings)
    _check_doubled(f"{_ROOT}.schemes", coding.get("schemes", ()), ("id", "label"), findings)
    _check_rules(coding, outline, findings)


def _check_kind(kind: object, definitions: Mapping[str, Any], findings: Findings) -> None:
    if kind == Kind.QUESTIONNAIRE and "coding" in definitions:
        message = "Reguły kodowania nie należą do ankiety."
        hint = "Przenieś je do pliku z „kind: coding_criteria”."
        findings.add("definition.not_for_kind", _ROOT, message, hint)
    if kind != Kind.CODING_CRITERIA:
        return
    for key in _QUESTIONNAIRE_ONLY:
        if key in definitions:
            message = f"Część „{key}” należy do ankiety, a nie do wyróżników."
            findings.add("definition.not_for_kind", f"definitions.{key}", message, "Usuń ją z tego pliku.")
    if "coding" not in definitions and not findings.mentions(_ROOT):
        message = "Brakuje części „coding”: kodów i reguł."
        findings.add("coding.none", "definitions", message, "Dopisz „coding:” w części „definitions”.")


def _check_criteria(outline: Outline, findings: Findings) -> None:
    if len(outline.questions) > MAX_CRITERIA:
        message = f"Kryteriów jest {len(outline.questions)}."
        hint = f"Zostaw najwyżej {MAX_CRITERIA}: każde ocenia każda osoba dla każdej instytucji."
        findings.add("coding.many_criteria", "sections", message, hint)
    for place, entry in outline.questions:
        if "type" in entry and entry["type"] != AnswerType.SCALE:
            message = "Kryterium ocenia się na skali."
            findings.add(
                "coding.criterion_type", f"{place}.type", message, "Wpisz „type: scale” i dodaj skalę."
            )
        for key in ("ask_if", "follows"):
            if findings.mentions(f"{place}.{key}"):
                message = f"Kryterium nie może mieć „{key}”: każde ocenia się zawsze."
                findings.add("coding.criterion_path", f"{place}.{key}", message, "Usuń ten klucz.")


def _check_axes(coding: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    for key in ("influence", "interest"):
        _check_criterion(coding.get(key), f"{_ROOT}.{key}", outline, findings)
    if "influence" in coding and coding["influence"] == coding.get("interest"):
        message = "Wpływ i zainteresowanie wskazują to samo kryterium."
        hint = "Wskaż dwa różne: z nich powstaje mapa interesariuszy."
        findings.add("coding.axes", f"{_ROOT}.interest", message, hint)


def _check_criterion(criterion: object, where: str, outline: Outline, findings: Findings) -> None:
    if criterion is not None and outline.entry(criterion) is None:
        findings.add("definition.question_missing", where, f"Nie ma kryterium „{criterion}”.", _CRITERION)


def _check_codes(coding: Mapping[str, Any], findings: Findings) -> None:
    where, codes = f"{_ROOT}.codes", coding.get("codes", ())
    _check_doubled(where, codes, ("id", "label", "label_plural"), findings)
    stances = [code.get("stance") for code in codes]
    if None in stances:
        return
    for stance, name in ((Stance.SUPPORTER, "przychylnego"), (Stance.UNDECIDED, "niezdecydowanego")):
        if stance not in stances:
            message = f"Nie ma kodu {name} („stance: {stance}”)."
            findings.add("coding.stances", where, message, "Dodaj taki kod albo popraw „stance”.")
    ranks = [_STANCES.index(Stance(stance)) for stance in stances]
    if ranks != sorted(ranks):
        message = "Kody nie stoją w kolejności od najbardziej do najmniej przychylnego."
        hint = "Ustaw najpierw „supporter”, potem „undecided”, na końcu „opponent”."
        findings.add("coding.order", where, message, hint)


def _check_doubled(where: str, entries: Any, keys: tuple[str, ...], findings: Findings) -> None:
    for key in keys:
        counts = Counter(str(entry[key]).casefold() for entry in entries if key in entry)
        for value in [value for value, count in counts.items() if count > 1]:
            message = f"Dwie pozycje mają to samo „{key}”: „{value}”."
            findings.add("definition.doubled", where, message, "Każda pozycja musi mieć własne.")


def _check_scheme(scheme: Placed, coding: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    place, document = scheme
    rules = document.get("rules", ())
    known = [code.get("id") for code in coding.get("codes", ())]
    named: set[object] = set()
    for i, rule in enumerate(rules):
        where, code = f"{place}.rules[{i}]", rule.get("code")
        if code is not None and None not in known and code not in known:
            hint = f"Możliwe: {', '.join(map(str, dict.fromkeys(known)))}."
            findings.add("coding.code_unknown", f"{where}.code", f"Nie ma kodu „{code}”.", hint)
        if code is not None and code in named:
            message = f"Kod „{code}” ma w tym podziale drugą regułę."
            hint = "Zostaw jedną; kolejne sytuacje dopisz w „any” jako następne „all”."
            findings.add("coding.code_doubled", f"{where}.code", message, hint)
        named.add(code)
        _check_rule(Placed(where, rule), outline, findings)
    if 0 < len(rules) < 2:
        message = "Podział ma tylko jeden kod."
        findings.add("coding.few_codes", f"{place}.rules", message, "Potrzebne są co najmniej dwa.")
    for i in [i for i, rule in enumerate(rules) if rule.get("otherwise")][1:]:
        message = "Druga reguła „w każdym innym przypadku” („otherwise”)."
        findings.add("coding.otherwise", f"{place}.rules[{i}]", message, "Zostaw jedną taką regułę.")


def _check_rule(rule: Placed, outline: Outline, findings: Findings) -> None:
    place, document = rule
    stated = findings.mentions(f"{place}.any")
    if document and stated is bool(document.get("otherwise")) and not _faulty(f"{place}.otherwise", findings):
        message = (
            "Reguła ma i warunki, i „otherwise”."
            if stated
            else "Reguła nie ma ani warunków, ani „otherwise”."
        )
        hint = "Zostaw jedno: „any” z warunkami albo „otherwise: true”."
        findings.add("coding.rule_form", place, message, hint)
    for i, clause in enumerate(document.get("any", ())):
        for j, term in enumerate(clause.get("all", ())):
            _check_term(Placed(f"{place}.any[{i}].all[{j}]", term), outline, findings)


def _check_term(term: Placed, outline: Outline, findings: Findings) -> None:
    place, document = term
    said = {
        key for key in ("criterion", "op", "value", "fact", "holds") if findings.mentions(f"{place}.{key}")
    }
    if not ({"criterion", "op", "value"} == said or said in ({"fact"}, {"fact", "holds"})):
        if not _faulty(place, findings):
            message = "Nie wiadomo, co ten warunek porównuje."
            hint = (
                "Podaj albo „criterion”, „op” i „value”, albo „fact” (i „holds: false”, gdy ma go nie być)."
            )
            findings.add("coding.term_form", place, message, hint)
        return
    if "op" in document and document["op"] not in _ALLOWED:
        hint = f"Możliwe: {', '.join(sorted(_ALLOWED))}."
        findings.add("coding.operator", f"{place}.op", "Tak nie można porównać oceny.", hint)
    _check_criterion(document.get("criterion"), f"{place}.criterion", outline, findings)
    scale = (outline.entry(document.get("criterion")) or {}).get("scale", {})
    low, high = scale.get("low"), scale.get("high")
    if None not in (low, high, document.get("value")) and not low <= document["value"] <= high:
        message = f"Punktu {document['value']} nie ma na skali tego kryterium."
        findings.add("coding.value", f"{place}.value", message, f"Skala ma punkty od {low} do {high}.")


def _faulty(place: str, findings: Findings) -> bool:
    return any(fault.where.startswith(place) for fault in findings.faults)


def _check_rules(coding: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    """Only where codes, criteria and the scheme are sound: one fault is told once."""
    faulty_criteria = {entry.get("id") for place, entry in outline.questions if _faulty(place, findings)}
    codes_stand = not _faulty(f"{_ROOT}.codes", findings) and "codes" in coding
    axes_stand = not any(_faulty(f"{_ROOT}.{key}", findings) for key in ("influence", "interest"))
    if not codes_stand or not axes_stand or "interest" not in coding:
        return
    points = {
        entry["id"]: range(entry["scale"]["low"], entry["scale"]["high"] + 1)
        for _, entry in outline.questions
        if "id" in entry and entry["id"] not in faulty_criteria and "scale" in entry
    }
    names = {entry["id"]: entry.get("text", entry["id"]) for _, entry in outline.questions if "id" in entry}
    for i, scheme in enumerate(coding.get("schemes", ())):
        placed = Placed(f"{_ROOT}.schemes[{i}]", scheme)
        if not _faulty(placed.place, findings):
            check_code_rules(placed, coding, points, names, findings)
