"""What the parts of a definition mean together: ids, options, scales, numbers, texts that a form needs.

Every check looks at the document alone, copes with parts that are missing because they were faulty, and adds
what it finds to the same findings: a person sees all faults at once. Routing and definitions are checked in
modules of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.instrument.check_coding import check_coding
from survey_app.instrument.check_definitions import check_definitions
from survey_app.instrument.check_interview import check_interview
from survey_app.instrument.check_numbers import check_number
from survey_app.instrument.check_paper import check_paper
from survey_app.instrument.check_register import check_register
from survey_app.instrument.check_routing import check_routing
from survey_app.instrument.model import FREE_TEXT_TYPES, AnswerType, Kind
from survey_app.instrument.outline import Outline, Placed, outline_of
from survey_app.instrument.shape import Findings

# Names of form fields, and ids, that a page has besides its questions, and of columns that files have besides them.
RESERVED_IDS = frozenset(
    {
        "ankieta",
        "bledy",
        "csrf_token",
        "drop_off_path",
        "form_key",
        "group",
        "grupa",
        "institution_name",
        "kopia",
        "off_path",
        "page_key",
        "postep",
        "przeglad",
        "response",
        "send",
        "state",
        "submit",
        "token",
        "tresc",
        "urwany",
        "wstep",
        "wyslanie",
    }
)
REQUIRED_TEXTS = ("promise_anonymous", "promise_named", "introduction")
MAX_SCALE_POINTS = 11
_CHOICE = (AnswerType.SINGLE_CHOICE,)
_TEXTS = tuple(sorted(FREE_TEXT_TYPES))
_NUMBER = (AnswerType.NUMBER,)
_FITS: Mapping[str, tuple[AnswerType, ...]] = {
    "options": _CHOICE,
    "scale": (AnswerType.SCALE,),
    "max_items": (AnswerType.SHORT_TEXTS,),
    "box": (AnswerType.SHORT_TEXTS,),
    "max_length": _TEXTS,
    "lines": _TEXTS,
    "identifying": _TEXTS,
    "minimum": _NUMBER,
    "maximum": _NUMBER,
    "decimals": _NUMBER,
}


@dataclass(frozen=True, slots=True)
class _Key:
    """A key that must differ between the entries of a list, and how the person knows it."""

    key: str
    code: str
    name: str


_ID = _Key("id", "id.doubled", "identyfikator")


def check_document(document: Mapping[str, Any], findings: Findings) -> None:
    """Adds every fault of a document to `findings`. One without any never breaks form, store or report."""
    outline = outline_of(document)
    _differ(outline.sections, (_ID,), findings)
    _differ(outline.questions, (_ID, _Key("number", "number.doubled", "numer")), findings)
    _check_texts(document, findings)
    for question in outline.questions:
        _check_question(question, findings)
    check_routing(outline, findings)
    check_definitions(document, outline, findings)
    check_coding(document, outline, findings)
    check_interview(document, outline, findings)
    check_paper(document, outline, findings)
    check_register(document, outline, findings)
    _check_warnings(document, outline, findings)


def _check_texts(document: Mapping[str, Any], findings: Findings) -> None:
    """The promise is all that differs between the modes (METHOD, "The ankieta"), so both must be there."""
    texts = document.get("texts", {})
    for key in REQUIRED_TEXTS if document.get("kind") == Kind.QUESTIONNAIRE else ():
        if key not in texts and not findings.mentions(f"texts.{key}"):
            findings.add(
                "text.missing", "texts", f"Brakuje tekstu „{key}”.", f"Dopisz „{key}:” w części „texts”."
            )


def _differ(entries: Iterable[Placed], keys: tuple[_Key, ...], findings: Findings) -> None:
    for key in keys:
        seen: dict[object, str] = {}
        for place, entry in entries:
            value = entry.get(key.key)
            same = value.casefold() if isinstance(value, str) else value
            if same is None:
                continue
            if same in seen:
                message = f"Ten sam {key.name} „{value}” ma już {seen[same]}."
                findings.add(key.code, f"{place}.{key.key}", message, "Każda pozycja musi mieć własny.")
            seen.setdefault(same, place)


def _check_question(question: Placed, findings: Findings) -> None:
    place, entry = question
    if entry.get("id") in RESERVED_IDS:
        message = f"Identyfikator „{entry['id']}” jest zajęty przez serwis."
        findings.add("id.reserved", f"{place}.id", message, "Wybierz inny, na przykład z numerem pytania.")
    if "type" not in entry:
        return
    answer_type = AnswerType(entry["type"])
    _check_fit(place, entry, answer_type, findings)
    if answer_type is AnswerType.SINGLE_CHOICE:
        _check_options(place, entry, findings)
    if answer_type is AnswerType.SCALE:
        _check_scale(place, entry, findings)
    if answer_type is AnswerType.NUMBER:
        check_number(place, entry, findings)


def _check_fit(place: str, entry: Mapping[str, Any], answer_type: AnswerType, findings: Findings) -> None:
    for key, types in _FITS.items():
        if key in entry and answer_type not in types:
            message = f"Klucz „{key}” nie pasuje do typu „{answer_type.value}”."
            findings.add("key.not_for_type", f"{place}.{key}", message, "Usuń go albo zmień typ pytania.")


def _check_options(place: str, entry: Mapping[str, Any], findings: Findings) -> None:
    if "options" not in entry:
        if findings.mentions(f"{place}.options"):
            return
        message = "Pytanie wyboru nie ma odpowiedzi do wyboru."
        findings.add("option.none", place, message, "Dopisz „options:” z co najmniej dwiema odpowiedziami.")
        return
    options = [Placed(f"{place}.options[{i}]", option) for i, option in enumerate(entry["options"])]
    labels = _Key("label", "option.doubled_label", "tekst odpowiedzi")
    codes = _Key("code", "option.doubled_code", "kod")
    _differ(options, (_Key("id", "option.doubled_id", "identyfikator"), labels, codes), findings)
    declines = [option for option in options if option.entry.get("decline")]
    for option in declines[1:]:
        message = "Druga odpowiedź oznaczona jako odmowa („decline”)."
        findings.add("option.second_decline", option.place, message, "Zostaw jedną taką odpowiedź.")


def _check_scale(place: str, entry: Mapping[str, Any], findings: Findings) -> None:
    scale, where = entry.get("scale"), f"{place}.scale"
    if scale is None and findings.mentions(where):
        return
    if scale is None:
        findings.add(
            "scale.none", place, "Pytanie ze skalą nie ma skali.", "Dopisz „scale:” z low, high i anchors."
        )
        return
    if "low" not in scale or "high" not in scale:
        return
    low, high = scale["low"], scale["high"]
    if not 2 <= high - low + 1 <= MAX_SCALE_POINTS:
        message = f"Skala biegnie od {low} do {high}."
        findings.add(
            "scale.length", where, message, f"Powinna mieć od 2 do {MAX_SCALE_POINTS} punktów, rosnąco."
        )
        return
    if "anchors" not in scale:
        return
    anchors = {int(point) for point in scale["anchors"]}
    for point in sorted(set(range(low, high + 1)) - anchors):
        findings.add(
            "scale.anchor_missing", where, f"Punkt {point} nie ma opisu.", f"Dopisz „{point}:” w „anchors”."
        )
    for point in sorted(anchors - set(range(low, high + 1))):
        message = f"Opis ma punkt {point}, którego nie ma na skali."
        findings.add("scale.anchor_unknown", f"{where}.anchors", message, "Usuń go albo popraw zakres skali.")


def _check_warnings(document: Mapping[str, Any], outline: Outline, findings: Findings) -> None:
    """A text that may name the institution warns that doing so lifts anonymity (METHOD, "The ankieta")."""
    grouping = document.get("definitions", {}).get("sectors", {}).get("question")
    for place, entry in outline.questions:
        texts_of_type = entry.get("id") == grouping and any(
            "text" in option for option in entry.get("options", ())
        )
        if (entry.get("identifying") or texts_of_type) and not findings.mentions(f"{place}.warning"):
            message = "W tym polu można podać nazwę instytucji, a nie ma przy nim ostrzeżenia."
            findings.add(
                "warning.missing", place, message, "Dopisz „warning:”, że podanie nazwy znosi anonimowość."
            )
