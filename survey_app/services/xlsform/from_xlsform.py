"""An XLSForm as a definition: one file for `instruments/`, checked like any other, and what it could not take over."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import yaml

from survey_app import polish
from survey_app.errors import InvalidInputError
from survey_app.instrument.loader import parse_instrument
from survey_app.instrument.model import Instrument
from survey_app.instrument.shape import ID_LIMIT
from survey_app.services.xlsform.read_form import Part, ReadForm, read_form
from survey_app.services.xlsform.read_questions import Questions
from survey_app.services.xlsform.to_xlsform import NotCarried

PROMISES = {
    "promise_anonymous": "Prosimy o udział w badaniu ankietowym, przy zapewnieniu pełnej anonimowości.",
    "promise_named": (
        "Prosimy o udział w badaniu ankietowym. Ta ankieta jest imienna: Państwa odpowiedzi będą czytane razem"
        " z nazwą instytucji, którą Państwo reprezentują."
    ),
}
INTRODUCTION = "Prosimy o odpowiedzi na poniższe pytania."
_TITLE_LIMIT = 200
_WITHOUT_TITLE = "data"  # what pyxform calls a form without one


@dataclass(frozen=True, slots=True)
class Imported:
    """`text` is the definition file; `instrument` what it says; `left` what stayed behind, the same thing once."""

    key: str
    text: str
    instrument: Instrument
    left: tuple[NotCarried, ...]


def from_form(content: bytes, file_name: str, key: str | None = None) -> Imported:
    """The questionnaire of an XLSForm. `key`: of the new instrument; without it the form's own id.

    InvalidInputError: not an XLSForm, nothing in it that can be asked here, or a definition with faults (all named).
    """
    form = read_form(content, file_name)
    key = key or identifier(form.form_id if form.form_id != _WITHOUT_TITLE else PurePath(file_name).stem)
    document = {**_heading(form, file_name, key), "sections": _sections(form)}
    if not any(section["questions"] for section in document["sections"]):
        reasons = "; ".join(str(one) for one in _gathered(form.left))
        raise InvalidInputError(f"W formularzu nie ma pytania, które dałoby się przenieść. {reasons}".strip())
    text = _yaml(document)
    instrument, faults = parse_instrument(text, f"{key}.yml")
    if instrument is None:
        raise InvalidInputError(f"Z formularza „{file_name}” wychodzi definicja z błędami.", faults)
    form.left.append(
        NotCarried("wstęp", "obietnica anonimowości i imienności: wpisano zwykłą, prosimy ją sprawdzić")
    )
    return Imported(key, text, instrument, tuple(_gathered(form.left)))


def identifier(text: str) -> str:
    """An id made of any text: "Płeć (K/M)" -> "plec_k_m"; one that would begin with a digit gets a letter."""
    plain = "".join(char if char.isascii() else " " for char in polish.fold(text))
    slug = "_".join(plain.split())[: ID_LIMIT - 2].rstrip("_")
    return slug if slug[:1].isalpha() else f"x{slug}".rstrip("_")


def _heading(form: ReadForm, file_name: str, key: str) -> dict[str, Any]:
    title = form.title if form.title != _WITHOUT_TITLE else PurePath(file_name).stem
    introduction = "\n\n".join(text for text in form.introduction if text) or INTRODUCTION
    return {
        "key": key,
        "kind": "questionnaire",
        "title": title[:_TITLE_LIMIT],
        "source": {"document": "XLSForm", "title": PurePath(file_name).name},
        "texts": {**PROMISES, "introduction": introduction},
    }


def _sections(form: ReadForm) -> list[dict[str, Any]]:
    questions = Questions(form.left)
    used: set[str] = set()
    sections = []
    for part in form.parts:
        documents = [document for found in part.fields if (document := questions.take(found)) is not None]
        sections.append({"id": _section_id(part, used), "title": part.title, "questions": documents})
    questions.number()
    return [section for section in sections if section["questions"]]


def _section_id(part: Part, used: set[str]) -> str:
    wanted = identifier(part.name) if part.name else "pytania"
    found, number = wanted, 2
    while found in used:
        found, number = f"{wanted}_{number}", number + 1
    used.add(found)
    return found


def _gathered(left: list[NotCarried]) -> list[NotCarried]:
    """The same thing in several places is said once, with all the places."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for one in left:
        if one.where not in places[one.what]:
            places[one.what].append(one.where)
    return [NotCarried(", ".join(where), what) for what, where in places.items()]


class _Written(yaml.SafeDumper):
    """Without anchors, which a definition may not use."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def _yaml(document: dict[str, Any]) -> str:
    return yaml.dump(document, Dumper=_Written, allow_unicode=True, sort_keys=False, width=110)
