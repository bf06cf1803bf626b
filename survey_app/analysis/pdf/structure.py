"""The structure tree of a tagged PDF (ISO 32000-1, 14.7): elements, and slots that create them when drawn.

A flowable does not know, when it is made, on which canvas or in what order it will be drawn, and may be split over
pages. It therefore holds a `Slot`: the element comes into being with the first stroke, the halves of a split
flowable share it, and so the tree follows the reading order.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from reportlab.pdfbase import pdfdoc


@dataclass(frozen=True, slots=True)
class MarkedContent:
    """A marked-content sequence: `identifier` (MCID) on `page` (from 1)."""

    page: int
    identifier: int


@dataclass(frozen=True, slots=True)
class AnnotationReference:
    """An annotation (a link) that belongs to an element."""

    page: int
    reference: Any


@dataclass(slots=True, eq=False)
class Element:
    """One structure element. `entries` go into its dictionary (Alt, ActualText, ...), `attributes` into /A."""

    tag: str
    attributes: Mapping[str, Any] | None = None
    entries: Mapping[str, str] = field(default_factory=dict)
    kids: list[Element | MarkedContent | AnnotationReference] = field(default_factory=list)
    reference: bytes = b""  # of the PDF object, once written

    def child(
        self, tag: str, attributes: Mapping[str, Any] | None = None, entries: Mapping[str, str] | None = None
    ) -> Element:
        """Append a new element as the last kid."""
        kid = Element(tag, attributes, entries or {})
        self.kids.append(kid)
        return kid


class HasCurrent(Protocol):
    """What a slot needs from a canvas: the element that new ones go into."""

    current: Element


class Slot:
    """The place of one flowable in the tree; see the module's docstring. One slot serves one rendering."""

    def __init__(
        self,
        tag: str,
        parent: Slot | None = None,
        attributes: Mapping[str, Any] | None = None,
        entries: Mapping[str, str] | None = None,
    ) -> None:
        self.tag = tag
        self.parent = parent
        self.attributes = attributes
        self.entries = entries
        self._element: Element | None = None

    def element(self, canvas: HasCurrent) -> Element:
        """The element, made under the parent slot's element (or the canvas's current one) at first use."""
        if self._element is None:
            above = self.parent.element(canvas) if self.parent else canvas.current
            self._element = above.child(self.tag, self.attributes, self.entries)
        return self._element


class _StructureObject(pdfdoc.PDFDictionary):
    __RefOnly__ = 1


def write_tree(
    document: Any, root: Element, pages: list[Any], parents: list[tuple[int, Element | list[Element]]]
) -> Any:
    """Write the tree below `root` into reportlab's document; returns the reference of the StructTreeRoot.

    `parents` is the parent tree: for each StructParent(s) key the element of an annotation, or the elements of a
    page's marked content in the order of their identifiers.
    """
    tree = _StructureObject({"Type": pdfdoc.PDFName("StructTreeRoot")})
    reference = document.Reference(tree, "StructTreeRoot")

    @functools.cache
    def page_of(number: int) -> bytes:
        written: bytes = pdfdoc.format(pages[number - 1], document)
        return written

    _write_element(document, root, reference.format(document), page_of)
    tree["K"] = pdfdoc.PDFArray([root.reference])
    numbers: list[Any] = []
    for key, owner in sorted(parents, key=lambda entry: entry[0]):
        if isinstance(owner, Element):
            numbers += [key, owner.reference]
        else:
            row = pdfdoc.PDFArray([element.reference for element in owner])
            numbers += [key, document.Reference(row)]
    tree["ParentTree"] = document.Reference(_StructureObject({"Nums": pdfdoc.PDFArray(numbers)}))
    tree["ParentTreeNextKey"] = len(parents)
    return reference


PageOf = Callable[[int], bytes]


def _write_element(document: Any, element: Element, parent: bytes, page_of: PageOf) -> None:
    written = document.Reference(_WrittenElement(element, parent, page_of))
    element.reference = written.format(document)
    for kid in element.kids:
        if isinstance(kid, Element):
            _write_element(document, kid, element.reference, page_of)


class _WrittenElement(pdfdoc.PDFObject):
    """An element as reportlab's own dictionaries would be written. There are more than ten thousand in a large report,
    and as many dictionaries, arrays and names for them took a fifth of its time.
    """

    __RefOnly__ = 1

    def __init__(self, element: Element, parent: bytes, page_of: PageOf) -> None:
        self._element, self._parent, self._page_of = element, parent, page_of

    def format(self, document: Any) -> bytes:
        """As reportlab would: keys in alphabetical order, and in it the same objects numbered first."""
        element = self._element
        entries: dict[str, bytes] = {key: _text(text, document) for key, text in element.entries.items()}
        if element.attributes:
            attributes = {key: pdfdoc.format(value, document) for key, value in element.attributes.items()}
            entries["A"] = _dictionary(attributes)
        if element.kids:
            kids = [self._kid(kid, document) for kid in element.kids]
            entries["K"] = b"[ %s ]" % _lines(kids, 10)
        entries |= {"P": self._parent, "S": f"/{element.tag}".encode(), "Type": b"/StructElem"}
        return _dictionary(entries)

    def _kid(self, kid: Element | MarkedContent | AnnotationReference, document: Any) -> bytes:
        if isinstance(kid, Element):
            return kid.reference
        page = self._page_of(kid.page)
        if isinstance(kid, MarkedContent):
            return b"<<\n/MCID %d /Pg %s /Type /MCR\n>>" % (kid.identifier, page)
        return b"<<\n/Obj %s /Pg %s /Type /OBJR\n>>" % (pdfdoc.format(kid.reference, document), page)


def _text(text: str, document: Any) -> bytes:
    written: bytes = pdfdoc.PDFString(text).format(document)
    return written


def _dictionary(entries: Mapping[str, bytes]) -> bytes:
    return b"<<\n%s\n>>" % _lines([b"/%s %s" % (key.encode(), entries[key]) for key in sorted(entries)], 6)


def _lines(parts: Sequence[bytes], in_a_line: int) -> bytes:
    if len(parts) <= in_a_line:
        return b" ".join(parts)
    rows = (b" ".join(parts[at : at + in_a_line]) for at in range(0, len(parts), in_a_line))
    return b" \n  ".join(rows)


def list_attributes(ordered: bool) -> Mapping[str, Any]:
    """Attributes of an L element."""
    kind = "Decimal" if ordered else "Disc"
    return {"O": pdfdoc.PDFName("List"), "ListNumbering": pdfdoc.PDFName(kind)}


def scope_attributes(scope: str) -> Mapping[str, Any]:
    """Attributes of a TH element: `scope` is "Column" or "Row"."""
    return {"O": pdfdoc.PDFName("Table"), "Scope": pdfdoc.PDFName(scope)}


def figure_attributes(box: tuple[float, float, float, float]) -> Mapping[str, Any]:
    """Attributes of a Figure element: where it stands on the page (left, bottom, right, top)."""
    return {
        "O": pdfdoc.PDFName("Layout"),
        "Placement": pdfdoc.PDFName("Block"),
        "BBox": pdfdoc.PDFArray(list(box)),
    }
