"""A strict reader of REFI-QDA projects: what the published standard (1.5) asks of the part of it that we write.

Shares no line with the writer. Every fault is listed: elements out of order or unknown, attributes that are missing or
unknown, GUIDs of another form or given twice, references to nothing, places outside their text, files too many or few.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

NS = "{urn:QDA-XML:project:1.0}"
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
CREATED, CHANGED = {"creatingUser", "creationDateTime"}, {"modifyingUser", "modifiedDateTime"}
# Element -> children in the schema's order ("*": any number, "?": at most one, "!": exactly one).
CHILDREN = {
    "Project": [("Users", "?"), ("CodeBook", "?"), ("Variables", "?"), ("Cases", "?"), ("Sources", "?"),
                ("Notes", "?"), ("Links", "?"), ("Sets", "?"), ("Graphs", "?"), ("Description", "?"), ("NoteRef", "*")],
    "Users": [("User", "+")],
    "User": [],
    "CodeBook": [("Codes", "!"), ("Sets", "?")],
    "Codes": [("Code", "+")],
    "Code": [("Description", "?"), ("NoteRef", "*"), ("Code", "*")],
    "Sources": [("TextSource", "*")],
    "TextSource": [("Description", "?"), ("PlainTextContent", "?"), ("PlainTextSelection", "*"), ("Coding", "*"),
                   ("NoteRef", "*"), ("VariableValue", "*")],
    "PlainTextSelection": [("Description", "?"), ("Coding", "*"), ("NoteRef", "*")],
    "Coding": [("CodeRef", "!"), ("NoteRef", "*")],
    "Notes": [("Note", "+")],
    "Note": [("Description", "?"), ("PlainTextContent", "?"), ("PlainTextSelection", "*"), ("Coding", "*"),
             ("NoteRef", "*"), ("VariableValue", "*")],
    "CodeRef": [], "NoteRef": [], "Description": [], "PlainTextContent": [],
}  # fmt: skip
# Element -> (attributes that it must have, those that it may have)
TEXT = {"name", "richTextPath", "plainTextPath"} | CREATED | CHANGED
ATTRIBUTES = {
    "Project": ({"name"}, {"origin", "creatingUserGUID", "creationDateTime", "modifyingUserGUID",
                            "modifiedDateTime", "basePath"}),
    "User": ({"guid"}, {"name", "id"}),
    "Code": ({"guid", "name", "isCodable"}, {"color"}),
    "TextSource": ({"guid"}, TEXT),
    "Note": ({"guid"}, TEXT),
    "PlainTextSelection": ({"guid", "startPosition", "endPosition"}, {"name"} | CREATED | CHANGED),
    "Coding": ({"guid"}, CREATED),
    "CodeRef": ({"targetGUID"}, set()),
    "NoteRef": ({"targetGUID"}, set()),
}  # fmt: skip
FORMS = {
    "isCodable": re.compile("true|false"),
    "color": re.compile("#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})"),
    "startPosition": re.compile(r"\d+"),
    "endPosition": re.compile(r"\d+"),
    "creationDateTime": MOMENT,
    "modifiedDateTime": MOMENT,
    **dict.fromkeys(("guid", "targetGUID", "creatingUser", "modifyingUser"), GUID),
}
POINTS_AT = {"CodeRef": "Code", "NoteRef": "Note"}


def faults(content: bytes) -> list[str]:
    """All that is wrong with a .qdpx file; []: nothing."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    if "project.qde" not in files:
        return ["no project.qde at the top"]
    root = ElementTree.fromstring(files["project.qde"])
    found = [] if root.tag == f"{NS}Project" else [f"root: {root.tag}"]
    found += [fault for element in root.iter() for fault in _shape(element)]
    found += _references(root)
    return found + list(_texts(root, files))


def name_of(element: Element) -> str:
    return element.tag.removeprefix(NS)


def _shape(element: Element) -> Iterator[str]:
    name = name_of(element)
    if not element.tag.startswith(NS) or name not in CHILDREN:
        yield f"unknown element {element.tag}"
        return
    order = {child: place for place, (child, _) in enumerate(CHILDREN[name])}
    there = [name_of(child) for child in element]
    places = [order.get(child, -1) for child in there]
    if -1 in places or places != sorted(places):
        yield f"{name}: children {there}"
    for child, times in CHILDREN[name]:
        number = there.count(child)
        wrong = {"?": number > 1, "!": number != 1, "+": number < 1, "*": False}[times]
        if wrong:
            yield f"{name}: {number} of {child}"
    must, may = ATTRIBUTES.get(name, (set(), set()))
    if not must <= set(element.attrib) <= must | may:
        yield f"{name}: attributes {sorted(element.attrib)}"
    for attribute, value in element.attrib.items():
        if attribute in FORMS and not FORMS[attribute].fullmatch(value):
            yield f"{name}: {attribute} is {value!r}"


def _references(root: Element) -> list[str]:
    by_guid: dict[str, str] = {}
    found = []
    for element in root.iter():
        guid = element.get("guid")
        if guid is not None:
            if guid.lower() in by_guid:
                found.append(f"{guid} is given twice")
            by_guid[guid.lower()] = name_of(element)
    for element in root.iter():
        wanted = POINTS_AT.get(name_of(element))
        if wanted and by_guid.get(element.get("targetGUID", "").lower()) != wanted:
            found.append(f"{name_of(element)} points at no {wanted}")
        for attribute in ("creatingUser", "modifyingUser"):
            if attribute in element.attrib and by_guid.get(element.attrib[attribute].lower()) != "User":
                found.append(f"{name_of(element)}: {attribute} is nobody")
    return found


def _texts(root: Element, files: dict[str, bytes]) -> Iterator[str]:
    wanted = {"project.qde"}
    for source in root.iter(f"{NS}TextSource"):
        path = source.get("plainTextPath", "")
        if path != f"internal://{source.get('guid')}.txt":
            yield f"plainTextPath {path!r}"
            continue
        name = "sources/" + path.removeprefix("internal://")
        wanted.add(name)
        content = files.get(name, b"")
        text = content.decode("utf-8")
        if content.startswith(b"\xef\xbb\xbf") or "\r" in text:
            yield f"{name}: a mark or CR at odds with places"
        for selection in source.iter(f"{NS}PlainTextSelection"):
            start, end = int(selection.get("startPosition", "")), int(selection.get("endPosition", ""))
            if not 0 <= start < end <= len(text):
                yield f"{name}: [{start}, {end}) of {len(text)}"
    if set(files) != wanted:
        yield f"files {sorted(set(files) ^ wanted)}"
