"""A REFI-QDA project (.qdpx), version 1.5 of the standard: what QualCoder and other QDA programs open.

A zip file with `project.qde` (XML, namespace urn:QDA-XML:project:1.0) and a flat folder `sources` with plain texts in
UTF-8, each named by its GUID. Places in a text count Unicode code points from 0, the end exclusive.

This module writes what it is given and knows no store. What must not leave the service never gets here: see
`theme_exchange`.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree

__all__ = ["Code", "Coder", "Coding", "Project", "Selection", "Source", "guid", "qdpx"]

NAMESPACE = "urn:QDA-XML:project:1.0"
ORIGIN = "survey-app"
PROJECT_FILE, SOURCES = "project.qde", "sources"
OUR_GUIDS = uuid.UUID(
    "5d3c6f0e-7a0b-5c57-9a55-6a3f7d2f4b10"
)  # chosen once: GUIDs stay alike from file to file
# What XML 1.0 cannot hold at all, and a lone carriage return, which its readers turn into a line feed.
NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Of the colours that programs give to codes; by turns, so that neighbours differ.
COLOURS = ("#1F6F8B", "#B5541C", "#4C7A34", "#7A4B94", "#A63D57", "#5B6770", "#8A6D1D", "#2F5D9B")


@dataclass(frozen=True, slots=True)
class Coder:
    """Who coded. `name` must be unlike the others': programs tell coders apart by it."""

    guid: str
    name: str


@dataclass(frozen=True, slots=True)
class Code:
    """A theme with those below it."""

    guid: str
    name: str
    description: str
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Coding:
    """A code that a selection was given."""

    guid: str
    code: str


@dataclass(frozen=True, slots=True)
class Selection:
    """A passage [start, end) in code points, by one coder, with the codes that it was given."""

    guid: str
    start: int
    end: int
    coder: str
    at: dt.datetime
    codings: tuple[Coding, ...]
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A text, its line ends all LF."""

    guid: str
    name: str
    text: str
    at: dt.datetime
    selections: tuple[Selection, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """All GUIDs that are pointed at must be of something in it."""

    name: str
    description: str
    at: dt.datetime
    coders: Sequence[Coder] = ()
    codes: Sequence[Code] = ()
    sources: Sequence[Source] = field(default=())


def guid(*parts: str | int) -> str:
    """The same parts, the same GUID: a second file of the same project updates the first one."""
    return str(uuid.uuid5(OUR_GUIDS, "/".join(str(part) for part in parts)))


def qdpx(project: Project) -> bytes:
    """The whole file. The same project gives the same bytes."""
    moment = project.at.astimezone(dt.UTC)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, PROJECT_FILE, _document(project), moment)
        for source in project.sources:
            _put(archive, f"{SOURCES}/{source.guid}.txt", _plain(source.text), moment)
    return target.getvalue()


def _plain(text: str) -> bytes:
    """A text that begins with a byte order mark would lose it in reading, and all places would be one off."""
    return ("\u2060" + text[1:] if text.startswith("\ufeff") else text).encode()


def _put(archive: zipfile.ZipFile, name: str, content: bytes, moment: dt.datetime) -> None:
    entry = zipfile.ZipInfo(name, (moment.year, moment.month, moment.day, moment.hour, moment.minute, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)


def _document(project: Project) -> bytes:
    """The order of elements is the schema's: users, codes, sources, notes, description."""
    root = ElementTree.Element("Project", _attributes(xmlns=NAMESPACE, name=project.name, origin=ORIGIN))
    root.set("creationDateTime", _moment(project.at))
    if project.coders:
        users = ElementTree.SubElement(root, "Users")
        for coder in project.coders:
            ElementTree.SubElement(users, "User", _attributes(guid=coder.guid, name=coder.name))
    if project.codes:
        _add_codes(ElementTree.SubElement(ElementTree.SubElement(root, "CodeBook"), "Codes"), project.codes)
    if project.sources:
        sources = ElementTree.SubElement(root, "Sources")
        for source in project.sources:
            _add_source(sources, source)
    _add_notes(root, [one for source in project.sources for one in source.selections if one.memo])
    if project.description:
        _add_text(root, "Description", project.description)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_codes(parent: ElementTree.Element, codes: Iterable[Code], depth: int = 0) -> None:
    for number, code in enumerate(codes):
        colour = COLOURS[(number + depth) % len(COLOURS)]
        element = ElementTree.SubElement(
            parent, "Code", _attributes(guid=code.guid, name=code.name, isCodable="true", color=colour)
        )
        if code.description:
            _add_text(element, "Description", code.description)
        _add_codes(element, code.codes, depth + 1)


def _add_source(parent: ElementTree.Element, source: Source) -> None:
    element = ElementTree.SubElement(
        parent,
        "TextSource",
        _attributes(
            guid=source.guid,
            name=source.name,
            plainTextPath=f"internal://{source.guid}.txt",
            creationDateTime=_moment(source.at),
        ),
    )
    for selection in source.selections:
        _add_selection(element, selection)


def _add_selection(parent: ElementTree.Element, selection: Selection) -> None:
    """Its memo is a note that it points at, and, for programs that look for it there, its description."""
    made = {"creatingUser": selection.coder, "creationDateTime": _moment(selection.at)}
    element = ElementTree.SubElement(
        parent,
        "PlainTextSelection",
        _attributes(
            guid=selection.guid, startPosition=str(selection.start), endPosition=str(selection.end), **made
        ),
    )
    if selection.memo:
        _add_text(element, "Description", selection.memo)
    for coding in selection.codings:
        given = ElementTree.SubElement(element, "Coding", _attributes(guid=coding.guid, **made))
        ElementTree.SubElement(given, "CodeRef", _attributes(targetGUID=coding.code))
    if selection.memo:
        ElementTree.SubElement(element, "NoteRef", _attributes(targetGUID=_note_guid(selection)))


def _add_notes(root: ElementTree.Element, selections: Sequence[Selection]) -> None:
    if not selections:
        return
    notes = ElementTree.SubElement(root, "Notes")
    for selection in selections:
        note = ElementTree.SubElement(
            notes,
            "Note",
            _attributes(
                guid=_note_guid(selection),
                name="Notatka kodującego",
                creatingUser=selection.coder,
                creationDateTime=_moment(selection.at),
            ),
        )
        _add_text(note, "PlainTextContent", selection.memo)


def _note_guid(selection: Selection) -> str:
    return guid("note", selection.guid)


def _add_text(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = _clean(text)


def _attributes(**values: str) -> dict[str, str]:
    return {name: _clean(value) for name, value in values.items()}


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _moment(at: dt.datetime) -> str:
    """In UTC, to the second, as programs write it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
