"""Faults of an interview's scenario, and of keys that belong to a scenario alone (METHOD, "IDI and FGI").

A scenario is a script with a clock: its parts' minutes must add up, and what is written under a question is a note.
Nothing of a questionnaire is asked of it, and nothing of it of a questionnaire.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from survey_app import polish
from survey_app.instrument.model import PROJECT_TITLE, RESPONDENT, AnswerType, InterviewForm, Kind
from survey_app.instrument.outline import Outline, Placed
from survey_app.instrument.shape import Findings

_ROOT = "definitions.interview"
_OTHER_DEFINITIONS = ("sectors", "readiness", "complete", "coding", "smallest_cell", "percent_from")
_SECTION_KEYS = ("minutes", "read_aloud")
# A moderator jumps anywhere, so there is no path; a note is not anonymous, so there is no warning; it has no limit.
_NOT_OF_NOTES = ("ask_if", "follows", "paper_help", "warning", "identifying", "max_length")
_NOT_OF_FIELDS = ("ask_if", "follows", "paper_help", "warning", "identifying", "number", "probes")
# What the console and the files of an interview call their own parts.
RESERVED_IDS = frozenset(
    {
        "consent",
        "dowod",
        "interview",
        "letter",
        "litera",
        "note",
        "notatka",
        "participant",
        "protokol",
        "quote",
        "scenariusz",
        "section",
        "speaker",
        "uczestnik",
        "zgoda",
    }
)


def check_interview(document: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    """Adds the faults of a scenario; of another kind of file, those of keys that only a scenario has."""
    if document.get("kind") != Kind.INTERVIEW_SCENARIO:
        if "kind" in document:
            _check_other_kind(document, outline, findings)
        return
    interview = document.get("definitions", {}).get("interview")
    _check_definitions(findings)
    _check_sections(outline, findings)
    for question in outline.questions:
        _check_question(question, outline, findings)
    _check_clock(document, outline, findings)
    if interview is not None:
        _check_ranges(interview, document.get("minutes"), findings)
        _check_topics(interview, outline, findings)
        _check_consent(interview.get("consent", {}), findings)


def _check_other_kind(document: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    calculator = document.get("definitions", {}).get("paper", {}).get("calculator", {})
    assumed = {
        one.get("section") for one in calculator.get("assumptions", ())
    }  # a calculator's tables are made
    for place, section in outline.sections:
        _refuse(place, _SECTION_KEYS, "Należy tylko do scenariusza wywiadu.", findings)
        asks = section.get("tables") or section.get("id") in assumed
        if section.get("questions") == [] and not asks:
            hint = "Powinna mieć od 1 do 200."
            findings.add("list.length", f"{place}.questions", "Lista ma 0 pozycji.", hint)
    for place, _ in outline.questions:
        _refuse(place, ("probes",), "Należy tylko do scenariusza wywiadu.", findings)
    if findings.mentions(_ROOT):
        hint = "Przenieś ją do pliku z „kind: interview_scenario”."
        findings.add(
            "definition.not_for_kind", _ROOT, "Część „interview” należy do scenariusza wywiadu.", hint
        )


def _refuse(place: str, keys: Iterable[str], reason: str, findings: Findings) -> None:
    for key in keys:
        if findings.mentions(f"{place}.{key}"):
            message = f"Klucz „{key}” tu nie pasuje. {reason}"
            findings.add("key.not_for_kind", f"{place}.{key}", message, "Usuń ten klucz.")


def _check_definitions(findings: Findings) -> None:
    for key in _OTHER_DEFINITIONS:
        if findings.mentions(f"definitions.{key}"):
            message = f"Część „{key}” nie należy do scenariusza wywiadu."
            findings.add("definition.not_for_kind", f"definitions.{key}", message, "Usuń ją z tego pliku.")
    if not findings.mentions(_ROOT):
        message = "Brakuje części „interview”: formy wywiadu, zgody i tematów."
        findings.add("interview.none", "definitions", message, "Dopisz „interview:” w części „definitions”.")
    if not findings.mentions("minutes"):
        findings.add("key.missing", "", "Brakuje klucza „minutes”.", "Dopisz, ile minut trwa cały wywiad.")


def _check_sections(outline: Outline, findings: Findings) -> None:
    for place, section in outline.sections:
        if section and not findings.mentions(f"{place}.minutes"):
            hint = "Dopisz, ile minut trwa ta część."
            findings.add("key.missing", place, "Brakuje klucza „minutes”.", hint)
        said = any(findings.mentions(f"{place}.{key}") for key in ("read_aloud", "intro"))
        if section.get("questions") == [] and not said:
            message = "Ta część nie ma ani pytań, ani słów moderatora."
            hint = "Dopisz pytania, „read_aloud” albo „intro”, albo usuń tę część."
            findings.add("interview.empty_section", place, message, hint)
    if not outline.fields:
        message = f"Nie ma części „{RESPONDENT}” z polami o rozmówcy."
        hint = f"Dodaj część z „id: {RESPONDENT}”; każde jej pole jest dobrowolne."
        findings.add("interview.respondent", "sections", message, hint)
    if outline.sections and all(outline.is_field(place) for place, _ in outline.questions):
        message = "Scenariusz nie ma żadnego pytania do rozmówcy."
        findings.add("interview.no_questions", "sections", message, "Dopisz pytania w częściach wywiadu.")


def _check_question(question: Placed, outline: Outline, findings: Findings) -> None:
    place, entry = question
    if entry.get("id") in RESERVED_IDS:
        message = f"Identyfikator „{entry['id']}” jest zajęty przez serwis."
        findings.add("id.reserved", f"{place}.id", message, "Wybierz inny, na przykład z numerem pytania.")
    if outline.is_field(place):
        _refuse(place, _NOT_OF_FIELDS, "Pole o rozmówcy jest dobrowolne i zawsze to samo.", findings)
        return
    _refuse(place, _NOT_OF_NOTES, "Pod pytaniem wywiadu stoi notatka moderatora.", findings)
    if "type" in entry and entry["type"] != AnswerType.LONG_TEXT:
        message = "Pod pytaniem wywiadu stoi notatka, a nie odpowiedź do wyboru."
        findings.add("interview.note_type", f"{place}.type", message, "Wpisz „type: long_text”.")


def _check_clock(document: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    """The parts' minutes add up to the whole, and nothing is told that a missing number already tells."""
    parts = [section.get("minutes") for _, section in outline.sections]
    whole = document.get("minutes")
    if whole is None or not all(isinstance(part, int) for part in parts):
        return
    total = sum(part for part in parts if part is not None)
    if total != whole:
        message = f"Części trwają razem {_minutes(total)}, a cały wywiad {_minutes(whole)}."
        findings.add("interview.minutes", "minutes", message, "Popraw „minutes” całości albo części.")


def _minutes(count: int) -> str:
    return polish.counted(count, "minutę", "minuty", "minut")


def _check_ranges(interview: Mapping[str, Any], whole: int | None, findings: Findings) -> None:
    for name in ("people", "minutes"):
        low, high = interview.get(f"{name}_low"), interview.get(f"{name}_high")
        if low is not None and high is not None and low > high:
            message = f"„{name}_low” ({low}) jest większe niż „{name}_high” ({high})."
            findings.add("interview.range", f"{_ROOT}.{name}_low", message, "Zamień je albo popraw.")
    low, high = interview.get("minutes_low"), interview.get("minutes_high")
    if (
        whole is not None
        and low is not None
        and high is not None
        and low <= high
        and not low <= whole <= high
    ):
        message = f"Cały wywiad trwa {_minutes(whole)}, a powinien od {low} do {high}."
        findings.add("interview.length", "minutes", message, "Popraw „minutes” albo zakres w „interview”.")
    _check_people(interview, findings)


def _check_people(interview: Mapping[str, Any], findings: Findings) -> None:
    form, low, high = (interview.get(key) for key in ("form", "people_low", "people_high"))
    if form == InterviewForm.IDI and (low or 1, high or 1) != (1, 1):
        message = "Wywiad indywidualny prowadzi się z jedną osobą."
        findings.add("interview.people", f"{_ROOT}.people_high", message, "Wpisz 1 w „people_low” i „_high”.")
    if form == InterviewForm.FGI and low == 1:
        message = "Wywiad grupowy z jedną osobą nie jest grupowy."
        findings.add("interview.people", f"{_ROOT}.people_low", message, "Wpisz co najmniej 2.")


def _check_topics(interview: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    topics = interview.get("topics", ())
    for key in ("id", "label"):
        counts = Counter(str(topic[key]).casefold() for topic in topics if key in topic)
        for value in [value for value, count in counts.items() if count > 1]:
            message = f"Dwa tematy mają to samo „{key}”: „{value}”."
            findings.add("definition.doubled", f"{_ROOT}.topics", message, "Każdy temat musi mieć własne.")
    asking = {
        section.get("id")
        for place, section in outline.sections
        if place != outline.fields and section.get("questions")
    }
    for i, topic in enumerate(topics):
        if "section" in topic and topic["section"] not in asking:
            message = f"Nie ma części „{topic['section']}” z pytaniami do rozmówcy."
            hint = "Wpisz identyfikator części, która pyta o ten temat."
            findings.add("interview.topic", f"{_ROOT}.topics[{i}].section", message, hint)


def _check_consent(consent: Mapping[str, Any], findings: Findings) -> None:
    """The person hears which project it is (METHOD, "IDI and FGI"); each team has its own."""
    text = consent.get("project_title")
    if text is not None and text.count(PROJECT_TITLE) != 1:
        message = f"W zdaniu o projekcie musi stać raz „{PROJECT_TITLE}”."
        hint = "W tym miejscu zespół wpisze tytuł swojego projektu."
        findings.add("interview.project_title", f"{_ROOT}.consent.project_title", message, hint)
