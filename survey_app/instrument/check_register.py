"""Faults of a register, and of keys that belong to a register alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey_app.instrument.model import AnswerType, Kind
from survey_app.instrument.outline import Outline
from survey_app.instrument.register_model import RegisterLevel
from survey_app.instrument.shape import Findings

_ROOT = "definitions.register"
_OWN_FIELDS = ("about", "person_id", "revision")  # of every entry's page


def check_register(document: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    """Adds the faults of a register; of another kind of file, those of keys that only a register has."""
    rules = document.get("definitions", {}).get("register")
    if document.get("kind") != Kind.REGISTER:
        if rules is not None and "kind" in document:
            message = "Część „register” należy do pliku rejestru."
            findings.add("definition.not_for_kind", _ROOT, message, "Usuń ją z tego pliku.")
        return
    if rules is None:
        if not findings.mentions(_ROOT):
            hint = "Dopisz „definitions:” z częścią „register:”."
            findings.add("register.none", "definitions", "Brakuje części „register”.", hint)
        return
    for place, question in outline.questions:
        if question.get("id") in _OWN_FIELDS:
            message = f"Identyfikator „{question['id']}” jest zajęty przez serwis."
            findings.add("id.reserved", f"{place}.id", message, "Wybierz inny.")
    _check_questions(rules, outline, findings)
    _check_lists(rules, findings)
    if rules.get("level") == RegisterLevel.REGION:
        for key in ("about", "about_label", "responsible", "edition", "votes"):
            if key in rules:
                message = f"Rejestr regionu nie ma „{key}”: katalog i zespół należą do gminy."
                findings.add("register.level", f"{_ROOT}.{key}", message, "Usuń ten klucz.")


def _check_questions(rules: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    asked: list[tuple[str, Any, AnswerType | None]] = [("named_by", rules.get("named_by"), None)]
    asked += [(f"required[{i}]", one, None) for i, one in enumerate(rules.get("required", ()))]
    asked += [(key, rules.get(key), AnswerType.DATE) for key in ("starts", "due")]
    for i, pair in enumerate(rules.get("in_order", ())):
        asked += [(f"in_order[{i}].{key}", pair.get(key), AnswerType.DATE) for key in ("first", "then")]
    for key, question_id, wanted in asked:
        if question_id is None:
            continue
        entry = outline.entry(question_id)
        if entry is None or (wanted and entry.get("type") != wanted):
            what = "pytaniem o datę" if wanted else "pytaniem"
            message = f"„{question_id}” nie jest {what} z tego pliku."
            findings.add("register.question", f"{_ROOT}.{key}", message, "Wpisz identyfikator pytania.")
    _check_hour(rules, outline, findings)
    if rules.get("late_after_start") and "starts" not in rules:
        message = "Nie wiadomo, po jakim dniu wpis jest spóźniony."
        hint = "Dopisz „starts:” z pytaniem o datę."
        findings.add("register.question", f"{_ROOT}.late_after_start", message, hint)
    if "lead_days" in rules and "due" not in rules:
        message = "Nie wiadomo, przed jakim dniem liczyć „lead_days”."
        findings.add("register.question", f"{_ROOT}.lead_days", message, "Dopisz „due:” z pytaniem o datę.")


def _check_hour(rules: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    for key in ("hour", "place"):
        if key not in rules:
            continue
        entry = outline.entry(rules[key]) or {}
        if (entry.get("type"), entry.get("max_items")) != (AnswerType.SHORT_TEXTS, 1):
            message = f"„{rules[key]}” nie jest pytaniem o jeden krótki tekst z tego pliku."
            hint = "Wpisz identyfikator pytania typu short_texts, które ma „max_items: 1”."
            findings.add("register.question", f"{_ROOT}.{key}", message, hint)
    if "hour" in rules and "starts" not in rules:
        message = "Nie wiadomo, którego dnia to godzina."
        findings.add("register.question", f"{_ROOT}.hour", message, "Dopisz „starts:” z pytaniem o datę.")


def _check_lists(rules: Mapping[str, Any], findings: Findings) -> None:
    for key in ("states", "log"):
        seen: set[object] = set()
        for i, entry in enumerate(rules.get(key, ())):
            if entry.get("id") in seen:
                message = f"Identyfikator „{entry['id']}” jest tu dwa razy."
                findings.add("id.doubled", f"{_ROOT}.{key}[{i}].id", message, "Zmień jeden z nich.")
            if "after" in entry and entry["after"] not in seen:
                message = f"Przed tym wpisem nie ma rodzaju „{entry['after']}”."
                hint = "Wpisz rodzaj, który stoi wyżej na liście."
                findings.add("register.after", f"{_ROOT}.{key}[{i}].after", message, hint)
            seen.add(entry.get("id"))
    states = rules.get("states", ())
    if states and states[0].get("final"):
        message = "Wpis nie może się zaczynać stanem, po którym nic już nie następuje."
        findings.add("register.state", f"{_ROOT}.states[0].final", message, "Zacznij od innego stanu.")
