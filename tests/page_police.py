"""Looks at any page of the service and says what a browser, a screen reader or the security policy would trip over.

Tests of pages call `police(html)` on whatever they fetch; it fails with every fault at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

_UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
_REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "headers", "list", "form")
_SVG = "{http://www.w3.org/2000/svg}svg"
_HEADING = re.compile(r"h[1-6]")


def police(html: str) -> None:
    """Fail when the page has any fault."""
    faults = faults_of(html)
    assert not faults, "the page has faults:\n- " + "\n- ".join(faults)


def faults_of(html: str) -> list[str]:
    """Every fault of the page, in words."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html)
    faults = [f"not valid HTML: {code} at {place}" for place, code, _ in parser.errors]
    for look in (_frame, _ids, _headings, _names, _policy, _tables):
        faults += look(root)
    return faults


def words(element: Element) -> str:
    """The text of an element, without what is hidden from a screen reader."""
    if element.get("aria-hidden") == "true":
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += [words(child), child.tail or ""]
    return " ".join("".join(parts).split())


def _each(root: Element, *tags: str) -> list[Element]:
    return [element for element in root.iter() if element.tag in tags]


def _show(element: Element) -> str:
    attributes = " ".join(f'{name}="{value}"' for name, value in element.attrib.items())
    return f"<{str(element.tag).rpartition('}')[2]} {attributes}>".replace(" >", ">")


def _frame(root: Element) -> Iterator[str]:
    """Language, title, one main part, one h1, room to zoom."""
    if root.get("lang") != "pl":
        yield "the page does not say that it is in Polish"
    title = root.find("head/title")
    if title is None or not words(title):
        yield "no title"
    for tag in ("h1", "main"):
        if (count := len(_each(root, tag))) != 1:
            yield f"{count} times {tag}, not once"
    viewport = next(
        (meta.get("content", "") for meta in _each(root, "meta") if meta.get("name") == "viewport"), ""
    )
    if "width=device-width" not in viewport or "maximum-scale" in viewport or "user-scalable" in viewport:
        yield "the viewport does not fit a phone, or forbids zooming"


def _ids(root: Element) -> Iterator[str]:
    """Ids are there once, and what points to one finds it."""
    counts = Counter(element.get("id") for element in root.iter() if element.get("id") is not None)
    yield from (f"id {name!r} is there {count} times" for name, count in counts.items() if count > 1)
    for element in root.iter():
        for attribute in _REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in counts:
                    yield f"{_show(element)} points to the missing id {name!r}"
        target = element.get("href") or ""
        if element.tag == "a" and target.startswith("#") and target[1:] not in counts:
            yield f"{_show(element)} leads nowhere"


def _headings(root: Element) -> Iterator[str]:
    """No heading is empty, and none skips a level."""
    before = 0
    for heading in (element for element in root.iter() if _HEADING.fullmatch(str(element.tag))):
        level = int(heading.tag[1])
        if not words(heading):
            yield f"empty {heading.tag}"
        if level > before + 1:
            yield f"{heading.tag} {words(heading)!r} follows h{before}"
        before = level


def _names(root: Element) -> Iterator[str]:
    """Each control, link, button, picture and group can be named by a screen reader."""
    labels = {label.get("for") for label in _each(root, "label") if words(label)}
    wrapped = {id(inner) for label in _each(root, "label") if words(label) for inner in label.iter()}
    for control in _each(root, "input", "select", "textarea"):
        named = control.get("id") in labels or id(control) in wrapped or _aria_name(control)
        if control.get("type") not in _UNLABELLED_TYPES and not named:
            yield f"no label: {_show(control)}"
    for element in _each(root, "a", "button"):
        if not words(element) and not _aria_name(element) and not element.findall(".//img[@alt]"):
            yield f"no words in {_show(element)}"
    yield from (f"no alt: {_show(image)}" for image in _each(root, "img") if image.get("alt") is None)
    for group in _each(root, "fieldset"):
        if group.find("legend") is None or not words(group.find("legend")):  # type: ignore[arg-type]
            yield f"no legend: {_show(group)}"
    for picture in _each(root, _SVG):
        if picture.get("aria-hidden") != "true" and picture.get("role") != "img":
            yield f"a drawing that is neither hidden nor an image: {_show(picture)}"


def _aria_name(element: Element) -> bool:
    return bool(element.get("aria-label") or element.get("aria-labelledby"))


def _policy(root: Element) -> Iterator[str]:
    """Nothing inline that the content security policy refuses, nothing from elsewhere."""
    for element in root.iter():
        if "style" in element.attrib or element.tag == "style":
            yield f"inline style: {_show(element)}"
        if element.tag == "script" and not element.get("src"):
            yield "inline script"
        if any(name.startswith("on") for name in element.attrib):
            yield f"inline handler: {_show(element)}"
        if (element.get("href") or "").strip().lower().startswith("javascript:"):
            yield f"script in an address: {_show(element)}"
        source = element.get("src") or (element.get("href") if element.tag == "link" else "") or ""
        if source.startswith(("http:", "https:", "//")):
            yield f"loaded from elsewhere: {_show(element)}"


def _tables(root: Element) -> Iterator[str]:
    """A table has a caption, and each heading cell says what it heads."""
    for table in _each(root, "table"):
        if table.find("caption") is None:
            yield f"no caption: {_show(table)}"
        yield from (
            f"no scope: {_show(cell)} {words(cell)!r}" for cell in table.iter("th") if not cell.get("scope")
        )
