"""A team's criteria as a form: names, anchors, thresholds, codes, a criterion more or less. No YAML in sight.

The form is as long as the definition, so its fields are named after what they change: `nazwa-wplyw`,
`opis-wplyw-3`, `prog-0-1-0-2` (scheme, rule, clause, term), `kod-zwolennik`, `usun-<criterion>`, `nowy-nazwa`.
A scale has as many points as it has anchors, from 2 to 5; what the definition means as a whole is checked where
every definition is, and `put_faults` brings those faults back beside their fields.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from survey_app import polish
from survey_app.errors import Fault
from survey_app.forms.typed_text import clean_line, clean_text, line_faults, shown, text_faults

MOST_POINTS = 5
FEWEST_POINTS = 2
ADDED_SECTION = "dodane_przez_zespol"
NEW = "Nowy wyróżnik"
ADDED_TITLE = "Wyróżniki dodane przez zespół"
NAME_LIMIT, QUESTION_LIMIT, ANCHOR_LIMIT, LABEL_LIMIT, REASON_LIMIT = 200, 500, 300, 60, 1_000
_WHOLE = re.compile(r"[+-]?[0-9]{1,3}")
_SAID = {
    "eq": "ocena równa",
    "ne": "ocena inna niż",
    "lt": "ocena niższa niż",
    "le": "ocena najwyżej",
    "gt": "ocena wyższa niż",
    "ge": "ocena co najmniej",
}


@dataclass(frozen=True, slots=True)
class Box:
    """One field: its name, and the label above it; `of`: what it belongs to, said where the label is not seen."""

    name: str
    label: str
    of: str = ""

    @property
    def said(self) -> str:
        return f"„{self.of}”, {self.label[0].lower()}{self.label[1:]}" if self.of else self.label


@dataclass(frozen=True, slots=True)
class CriterionBoxes:
    """The fields of one criterion; `removal` only where the team added it."""

    id: str
    legend: str
    name: Box
    question: Box
    anchors: tuple[Box, ...]
    removal: Box | None = None


@dataclass(frozen=True, slots=True)
class SchemeBoxes:
    """The thresholds of a scheme; `name` leads from a fault of its rules as a whole."""

    name: str
    label: str
    thresholds: tuple[Box, ...]


@dataclass
class CriteriaForm:
    """What was typed, or what the definition holds. `added`: criteria that are not of the common definition."""

    document: Mapping[str, Any]
    values: dict[str, str]
    added: frozenset[str] = frozenset()
    errors: dict[str, list[str]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # of the changed definition -> field

    @classmethod
    def of(cls, document: Mapping[str, Any], common: Mapping[str, Any]) -> CriteriaForm:
        """The form as it is opened."""
        form = cls(document, {}, added=_ids(document) - _ids(common))
        form.values = form._present()
        return form

    @classmethod
    def typed(
        cls, document: Mapping[str, Any], common: Mapping[str, Any], typed: Mapping[str, str]
    ) -> CriteriaForm:
        """The form as it was sent. A field that was not sent at all keeps what the definition holds."""
        form = cls.of(document, common)
        boxes = {box.name for each in form.criteria if (box := each.removal)}
        kept = {name: value for name, value in form.values.items() if name not in boxes}
        sent = {name: typed[name] for name in (*form.values, *boxes) if name in typed}
        form.values = {**kept, **dict.fromkeys(boxes, ""), **sent}
        return form

    @cached_property
    def criteria(self) -> tuple[CriterionBoxes, ...]:
        coding = self.document["definitions"]["coding"]
        needed = {coding["influence"], coding["interest"]}
        return tuple(
            _criterion_boxes(question, removable=question["id"] in self.added - needed)
            for question in _questions(self.document)
        )

    @cached_property
    def new(self) -> CriterionBoxes:
        points = range(1, MOST_POINTS + 1)
        return CriterionBoxes(
            "nowy",
            NEW,
            Box("nowy-nazwa", "Nazwa", NEW),
            Box("nowy-pytanie", "Pytanie do oceniających", NEW),
            tuple(Box(f"nowy-opis-{point}", f"Punkt {point}", NEW) for point in points),
        )

    @cached_property
    def codes(self) -> tuple[tuple[Box, Box], ...]:
        """Of each code, its label and the plural of it."""
        return tuple(
            (
                Box(f"kod-{code['id']}", f"Kod „{code['label']}”: nazwa"),
                Box(f"kody-{code['id']}", f"Kod „{code['label']}”: liczba mnoga"),
            )
            for code in self.document["definitions"]["coding"]["codes"]
        )

    @cached_property
    def schemes(self) -> tuple[SchemeBoxes, ...]:
        coding = self.document["definitions"]["coding"]
        names = {question["id"]: question["text"] for question in _questions(self.document)}
        labels = {code["id"]: code["label"] for code in coding["codes"]}
        return tuple(
            SchemeBoxes(
                f"podzial-{s}",
                scheme["label"],
                tuple(
                    Box(name, _threshold_label(rule, clause, term, names, labels))
                    for name, rule, clause, term in _terms(s, scheme)
                ),
            )
            for s, scheme in enumerate(coding["schemes"])
        )

    def error_pairs(self) -> list[tuple[str | None, str]]:
        """Field and message, for the summary on top."""
        return [(self._anchor(name), text) for name, texts in self.errors.items() for text in texts]

    def _anchor(self, name: str) -> str | None:
        schemes = {scheme.name for scheme in self.schemes}
        return f"{name}-group" if name in schemes else name or None

    def used_points(self, boxes: CriterionBoxes) -> int:
        """How many fields for anchors are in sight: those that are filled or at fault; three of a new scale."""
        last = [
            i
            for i, box in enumerate(boxes.anchors, 1)
            if clean_line(self.values.get(box.name, "")) or box.name in self.errors
        ]
        return max(last, default=3)

    @property
    def new_was_begun(self) -> bool:
        """Whether anything was typed for a criterion to be added."""
        boxes = (self.new.name, self.new.question, *self.new.anchors)
        return any(clean_line(self.values.get(box.name, "")) for box in boxes)

    @property
    def reason(self) -> str:
        return clean_text(self.values.get("powod", ""))

    @property
    def shown(self) -> Mapping[str, str]:
        """The values, fit to stand in a page."""
        return {name: shown(value) for name, value in self.values.items()}

    def changed(self) -> dict[str, Any]:
        """The definition as the form wants it; with `errors`, as far as they let it be read."""
        self.errors, self.places = {}, {"reason": "powod"}
        document = copy.deepcopy(dict(self.document))
        for question in _questions(document):
            if not self._removes(question["id"]):
                self._change_criterion(question)
        for section in document["sections"]:
            section["questions"] = [q for q in section["questions"] if not self._removes(q["id"])]
        self._add_criterion(document)
        document["sections"] = [section for section in document["sections"] if section["questions"]]
        scales = {question["id"]: question["scale"] for question in _questions(document)}
        self._change_coding(document["definitions"]["coding"], scales)
        self._put(text_faults("powod", "Powód", self.values.get("powod", ""), REASON_LIMIT))
        if not self.reason:
            self._say("powod", "Prosimy podać powód zmiany.")
        self._place_criteria(document)
        return document

    def put_faults(self, faults: Iterable[Fault]) -> None:
        """Puts each fault of the changed definition beside the field that it comes from."""
        for fault in faults:
            where = fault.where
            while where and where not in self.places:
                where = where[: max(where.rfind("."), where.rfind("["), 0)]
            self._say(self.places.get(where, ""), f"{fault.message} {fault.hint}".strip())

    def _present(self) -> dict[str, str]:
        coding = self.document["definitions"]["coding"]
        values = {"powod": "", "minimum": str(coding["minimum_ratings"])}
        for question, boxes in zip(_questions(self.document), self.criteria, strict=True):
            values[boxes.name.name], values[boxes.question.name] = question["text"], question.get("help", "")
            anchors = question["scale"]["anchors"]
            values |= {box.name: anchors.get(box.name.rpartition("-")[2], "") for box in boxes.anchors}
        for code, (label, plural) in zip(coding["codes"], self.codes, strict=True):
            values |= {label.name: code["label"], plural.name: code["label_plural"]}
        for s, scheme in enumerate(coding["schemes"]):
            values |= {name: str(term["value"]) for name, _, _, term in _terms(s, scheme)}
        new = (self.new.name, self.new.question, *self.new.anchors)
        return values | {box.name: "" for box in new}

    def _removes(self, criterion: str) -> bool:
        return bool(self.values.get(f"usun-{criterion}"))

    def _change_criterion(self, question: dict[str, Any]) -> None:
        boxes = next(each for each in self.criteria if each.id == question["id"])
        question["text"] = self._line(boxes.name, NAME_LIMIT)
        help_text = self._line(boxes.question, QUESTION_LIMIT, blank=True)
        question.pop("help", None)
        if help_text:
            question["help"] = help_text
        question["scale"] = self._scale(boxes, question["scale"]["low"])

    def _scale(self, boxes: CriterionBoxes, low: int) -> dict[str, Any]:
        """As many points as there are anchors, without a gap between them."""
        texts = [self._line(box, ANCHOR_LIMIT, blank=True) for box in boxes.anchors]
        filled = [i for i, text in enumerate(texts) if text]
        length = max(filled[-1] + 1 if filled else 0, FEWEST_POINTS)
        for i in sorted(set(range(length)) - set(filled)):
            box = boxes.anchors[i]
            self._say(box.name, f"{box.said}: nie ma opisu. Prosimy go wpisać.")
        anchors = {str(low + i): texts[i] for i in range(length)}
        return {"low": low, "high": low + length - 1, "anchors": anchors}

    def _add_criterion(self, document: dict[str, Any]) -> None:
        new = self.new
        if not any(
            clean_line(self.values.get(box.name, "")) for box in (new.name, new.question, *new.anchors)
        ):
            return
        name = self._line(new.name, NAME_LIMIT)
        taken = _ids(self.document)
        question: dict[str, Any] = {"id": _free_id(name, taken), "number": _free_number(document)}
        question |= {"type": "scale", "text": name}
        help_text = self._line(new.question, QUESTION_LIMIT, blank=True)
        if help_text:
            question["help"] = help_text
        question["scale"] = self._scale(new, 1)
        for section in document["sections"]:
            if section["id"] == ADDED_SECTION:
                section["questions"].append(question)
                return
        document["sections"].append({"id": ADDED_SECTION, "title": ADDED_TITLE, "questions": [question]})

    def _change_coding(self, coding: dict[str, Any], scales: Mapping[str, Mapping[str, Any]]) -> None:
        where = "definitions.coding"
        coding["minimum_ratings"] = self._whole("minimum", 1, 100)
        self.places[f"{where}.minimum_ratings"] = "minimum"
        for s, scheme in enumerate(coding["schemes"]):
            self.places[f"{where}.schemes[{s}]"] = f"podzial-{s}"
            for name, _, _, term in _terms(s, scheme):
                term["value"] = self._threshold(name, scales.get(term["criterion"]))
                r, c, t = name.split("-")[2:]
                self.places[f"{where}.schemes[{s}].rules[{r}].any[{c}].all[{t}]"] = name
        self._name_codes(coding)

    def _name_codes(self, coding: dict[str, Any]) -> None:
        for key, position in (("label", 0), ("label_plural", 1)):
            given: dict[str, str] = {}
            for code, boxes in zip(coding["codes"], self.codes, strict=True):
                box = boxes[position]
                code[key] = self._line(box, LABEL_LIMIT)
                if code[key] and code[key].casefold() in given:
                    self._say(box.name, f"Tak nazywa się już inny kod: „{code[key]}”. Prosimy o inną nazwę.")
                given[code[key].casefold()] = box.name

    def _place_criteria(self, document: Mapping[str, Any]) -> None:
        known = {boxes.id: boxes for boxes in self.criteria}
        self.places["sections"] = self.new.name.name
        for i, section in enumerate(document["sections"]):
            for j, question in enumerate(section["questions"]):
                boxes = known.get(question["id"], self.new)
                place = f"sections[{i}].questions[{j}]"
                self.places |= {place: boxes.name.name, f"{place}.help": boxes.question.name}
                for box, point in zip(boxes.anchors, question["scale"]["anchors"], strict=False):
                    self.places[f"{place}.scale.anchors.{point}"] = box.name

    def _line(self, box: Box, limit: int, *, blank: bool = False) -> str:
        typed = self.values.get(box.name, "")
        text = clean_line(typed)
        if not text and not blank:
            self._say(box.name, f"{box.said}: prosimy wypełnić to pole.")
        self._put(line_faults(box.name, box.said, typed, limit))
        return text

    def _threshold(self, name: str, scale: Mapping[str, Any] | None) -> int:
        """A point of the criterion's scale; of a criterion that is taken out, any number: that is told elsewhere."""
        value = self._whole(name, -100, 100)
        if scale and name not in self.errors and not scale["low"] <= value <= scale["high"]:
            points = f"Skala ma punkty od {scale['low']} do {scale['high']}."
            self._say(name, f"Punktu {value} nie ma na skali tego kryterium. {points}")
        return value

    def _whole(self, name: str, low: int, high: int) -> int:
        typed = self.values.get(name, "").strip()
        number = int(typed) if _WHOLE.fullmatch(typed) else None
        if number is None or not low <= number <= high:
            self._say(name, f"Prosimy wpisać liczbę całkowitą od {low} do {high}.")
            return low
        return number

    def _put(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self._say(fault.where, f"{fault.message} {fault.hint}".strip())

    def _say(self, name: str, message: str) -> None:
        self.errors.setdefault(name, []).append(message)


def _criterion_boxes(question: Mapping[str, Any], *, removable: bool) -> CriterionBoxes:
    key, legend, scale = question["id"], question["text"], question["scale"]
    last = max(scale["high"], scale["low"] + MOST_POINTS - 1)
    return CriterionBoxes(
        key,
        legend,
        Box(f"nazwa-{key}", "Nazwa", legend),
        Box(f"pytanie-{key}", "Pytanie do oceniających", legend),
        tuple(
            Box(f"opis-{key}-{point}", f"Punkt {point}", legend) for point in range(scale["low"], last + 1)
        ),
        Box(f"usun-{key}", f"Usuń wyróżnik „{legend}”") if removable else None,
    )


def _threshold_label(
    rule: Mapping[str, Any],
    clause: Mapping[str, Any],
    term: Mapping[str, Any],
    names: Mapping[str, str],
    labels: Mapping[str, str],
) -> str:
    others = [fact_label(each) for each in clause["all"] if "fact" in each]
    beside = f" (oraz {' i '.join(others)})" if others else ""
    compared = f"„{names[term['criterion']]}”{beside}: {_SAID[term['op']]}"
    return f"{labels[rule['code']]}, gdy {compared}"


def fact_label(term: Mapping[str, Any]) -> str:
    """What a fact of a clause says."""
    holds = term.get("holds", True)
    if term["fact"] == "contribution":
        return "wkład zapisany" if holds else "bez zapisanego wkładu"
    return "odmowa zapisana" if holds else "bez zapisanej odmowy"


def _terms(
    s: int, scheme: Mapping[str, Any]
) -> list[tuple[str, Mapping[str, Any], Mapping[str, Any], dict[str, Any]]]:
    """Every comparison of a scheme: the name of its field, its rule, its clause, itself."""
    return [
        (f"prog-{s}-{r}-{c}-{t}", rule, clause, term)
        for r, rule in enumerate(scheme["rules"])
        for c, clause in enumerate(rule.get("any", ()))
        for t, term in enumerate(clause["all"])
        if "criterion" in term
    ]


def _questions(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [question for section in document["sections"] for question in section["questions"]]


def _ids(document: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(question["id"] for question in _questions(document))


def _free_id(name: str, taken: Iterable[str]) -> str:
    """An id of its own, made of the name: a criterion that comes back under its name has its id again."""
    plain = re.sub(r"[^a-z0-9]+", "_", polish.fold(name))[:30].strip("_")
    base = f"z_{plain}" if plain else "z_nowy"
    number, free = 1, base
    while free in taken:
        number += 1
        free = f"{base}_{number}"
    return free


def _free_number(document: Mapping[str, Any]) -> str:
    numbers = [re.match(r"\d+", str(question.get("number", ""))) for question in _questions(document)]
    return str(max((int(found[0]) for found in numbers if found), default=0) + 1)
