"""An XLSForm as pyxform understands it, flattened into fields of parts: what a definition is made from.

pyxform decides what an XLSForm is: a file that it refuses is refused here, in its own words. What it understands comes
as a tree of dicts; this module alone knows how that tree is built.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from survey_app.errors import InvalidInputError
from survey_app.services.xlsform.to_xlsform import NotCarried

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 40_000_000
MAX_PARTS = 500
ENDINGS = (".xlsx", ".xlsm", ".xls", ".csv", ".md")
Tree = Mapping[str, Any]
_META = frozenset(
    {
        "start", "end", "today", "deviceid", "device id", "phonenumber", "phone number hidden", "username", "email",
        "simserial", "subscriberid", "audit", "start-geopoint", "imei",
    }
)  # fmt: skip
_OTHER_TEXT = "_other"
_HALF_QUOTED = re.compile('„([^„”"]*)"')


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a list. `columns`: what the sheet says of it besides."""

    name: str
    label: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of the form. `relevant`: all conditions that must hold, its groups' first; `boxes`: names of the
    texts that make up one question; `other`: the answer whose text this field is."""

    kind: str
    name: str
    label: str
    hint: str = ""
    guidance: str = ""
    relevant: tuple[str, ...] = ()
    bind: Mapping[str, Any] = field(default_factory=dict)
    appearance: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    boxes: tuple[str, ...] = ()
    other: str = ""


@dataclass(slots=True)
class Part:
    """A run of questions: a group of the form, or what stands between two groups."""

    name: str
    title: str
    fields: list[FormField] = field(default_factory=list)


@dataclass(slots=True)
class ReadForm:
    """`introduction`: texts that stand before the first question."""

    title: str
    form_id: str
    language: str
    parts: list[Part] = field(default_factory=list)
    introduction: list[str] = field(default_factory=list)
    left: list[NotCarried] = field(default_factory=list)


def read_form(content: bytes, file_name: str) -> ReadForm:
    """InvalidInputError: it is no XLSForm that pyxform takes."""
    tree = _converted(content, file_name)
    labels = [node["label"] for node in _every(tree) if isinstance(node.get("label"), dict)]
    languages = list(dict.fromkeys(language for label in labels for language in label))
    form = ReadForm(
        title=_cell(tree.get("title")),
        form_id=_cell(tree.get("id_string")),
        language=_language(languages, _cell(tree.get("default_language"))),
    )
    for language in languages:
        if language != form.language:
            form.left.append(NotCarried("cały formularz", f"wersja językowa „{language}”"))
    _Walk(form).children(tree.get("children", ()), None, ())
    return form


def _converted(content: bytes, file_name: str) -> Tree:
    ending = PurePath(file_name).suffix.lower()
    if ending not in ENDINGS:
        raise InvalidInputError(f"„{file_name}” nie jest XLSForm. Możliwe pliki: {', '.join(ENDINGS)}.")
    if len(content) > MAX_BYTES:
        raise InvalidInputError(f"Plik „{file_name}” jest większy niż {MAX_BYTES // 1024 // 1024} MB.")
    if ending in (".xlsx", ".xlsm"):
        _check_archive(content, file_name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            converted = convert(content, file_type=ending)
    except PyXFormError as error:
        reason = " ".join(str(error).split())
        raise InvalidInputError(
            f"„{file_name}” nie jest poprawnym XLSForm. pyxform pisze: {reason}"
        ) from error
    except Exception as error:  # whatever a damaged file makes the libraries below pyxform raise
        raise InvalidInputError(
            f"Nie można odczytać „{file_name}”: plik jest uszkodzony albo pusty."
        ) from error
    return dict(converted._pyxform or {})


def _check_archive(content: bytes, file_name: str) -> None:
    """What is below pyxform unpacks whatever it is given."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError) as error:
        raise _unreadable(file_name) from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise InvalidInputError(
            f"Plik „{file_name}” po rozpakowaniu jest za duży. Zostaw w nim sam formularz."
        )


def _unreadable(file_name: str) -> InvalidInputError:
    return InvalidInputError(f"Nie można odczytać „{file_name}”: plik jest uszkodzony albo pusty.")


def _every(tree: Tree) -> Iterator[Tree]:
    yield tree
    for child in (*tree.get("children", ()), *tree.get("choices", ())):
        if isinstance(child, Mapping):
            yield from _every(child)


def _language(languages: Sequence[str], default: str) -> str:
    """Polish if the form has it, else its own default, else the first."""
    for language in languages:
        if language.casefold() in ("polski", "pl", "polish") or "(pl)" in language.casefold():
            return language
    return default if default in languages else next(iter(languages), "")


def _cell(value: object) -> str:
    """The text of a cell. pyxform makes every closing quotation mark a straight one: after „ it is put back."""
    return "" if value is None else _HALF_QUOTED.sub("„\\1”", str(value).strip())


@dataclass(slots=True)
class _Walk:
    """Goes through the tree once, in order."""

    form: ReadForm
    asked: bool = False  # whether a question has been met: notes before it are the introduction
    loose: Part | None = None  # the part of questions that stand in no group

    def children(self, nodes: Sequence[Tree], within: Part | None, relevant: tuple[str, ...]) -> None:
        for node in nodes:
            kind = _cell(node.get("type"))
            if kind == "group":
                self.group(node, within, relevant)
            elif kind in ("repeat", "loop"):
                count = sum(1 for inner in _every(node)) - 1
                self.leave(node, f"powtarzana grupa „{self.text(node, 'label')}” z pytaniami ({count})")
            elif kind == "note":
                self.note(node)
            elif kind in _META:
                self.form.left.append(
                    NotCarried(kind, "zapis czasu, urządzenia albo osoby; serwis go nie prowadzi")
                )
            else:
                self.place(within, self.field(node, kind, relevant))

    def place(self, within: Part | None, found: FormField) -> None:
        self.asked = True
        if within is None:
            self.loose = self.loose or self.begin("", "")
        (within or self.loose or self.begin("", "")).fields.append(found)

    def group(self, node: Tree, within: Part | None, relevant: tuple[str, ...]) -> None:
        inner = (*relevant, *_relevant(node))
        if node.get("control", {}).get("bodyless"):
            return
        if _is_boxes(node):
            self.place(within, self.boxes(node, inner))
        elif within is not None:
            self.leave(node, "podział na podgrupy; pytania przeniesiono do części, w której podgrupa stoi")
            self.children(node.get("children", ()), within, inner)
        else:
            self.loose = None
            begun = self.begin(_cell(node.get("name")), self.text(node, "label"))
            self.children(node.get("children", ()), begun, inner)

    def begin(self, name: str, title: str) -> Part:
        part = Part(name, title)
        self.form.parts.append(part)
        return part

    def note(self, node: Tree) -> None:
        text = self.text(node, "label")
        if node.get("typ") == "wstep" or not self.asked:
            self.form.introduction.append(text)
        else:
            self.leave(node, f"tekst między pytaniami: „{text}”")

    def field(self, node: Tree, kind: str, relevant: tuple[str, ...]) -> FormField:
        name = _cell(node.get("name"))
        own = _relevant(node)
        is_other = name.endswith(_OTHER_TEXT) and own == (
            f"selected(../{name[: -len(_OTHER_TEXT)]}, 'other')",
        )
        return FormField(
            kind=kind,
            name=name,
            label=self.text(node, "label"),
            hint=self.text(node, "hint"),
            guidance=self.text(node, "guidance_hint"),
            relevant=(*relevant, *own),
            bind=node.get("bind", {}),
            appearance=_cell(node.get("control", {}).get("appearance")),
            parameters=node.get("parameters", {}),
            choices=tuple(self.choice(choice) for choice in node.get("choices", ())),
            columns=_columns(node),
            other="other" if is_other else "",
        )

    def boxes(self, node: Tree, relevant: tuple[str, ...]) -> FormField:
        """A group of texts that our own export made of one question with boxes."""
        texts = list(node["children"])
        return FormField(
            kind="boxes",
            name=_cell(node.get("name")),
            label=self.text(node, "label"),
            hint=self.text(node, "hint"),
            guidance=self.text(node, "guidance_hint"),
            relevant=relevant,
            bind=texts[0].get("bind", {}),
            columns=_columns(node),
            boxes=tuple(_cell(child.get("name")) for child in texts),
        )

    def choice(self, node: Tree) -> Choice:
        name = _cell(node.get("name"))
        return Choice(name, self.text(node, "label") or name, _columns(node))

    def text(self, node: Tree, key: str) -> str:
        """A text in the chosen language, or in whichever it has."""
        value = node.get(key)
        if isinstance(value, Mapping):
            value = value.get(self.form.language) or next((text for text in value.values() if text), "")
        return _cell(value)

    def leave(self, node: Tree, what: str) -> None:
        self.form.left.append(NotCarried(_cell(node.get("name")) or "formularz", what))


def _relevant(node: Tree) -> tuple[str, ...]:
    text = _cell(node.get("bind", {}).get("relevant"))
    return (text,) if text else ()


def _columns(node: Tree) -> Mapping[str, str]:
    return {key: _cell(value) for key, value in node.items() if isinstance(value, str | int | float)}


def _is_boxes(node: Tree) -> bool:
    """A group of nothing but texts named after it, with one to ten of them, under a text of its own."""
    children = node.get("children", ())
    if node.get("typ") == "short_texts":
        return bool(children) and all(child.get("type") == "text" for child in children)
    name = _cell(node.get("name"))
    return (
        2 <= len(children) <= 10
        and bool(node.get("label"))
        and all(
            child.get("type") == "text" and child.get("name") == f"{name}_{number}"
            for number, child in enumerate(children, start=1)
        )
    )
