"""The structure tree of a tagged PDF (ISO 32000-1, 14.7): elements, and slots that create them when drawn.

A flowable does not know, when it is made, on which canvas or in what order it will be drawn, and may be split over
pages. It therefore holds a `Slot`: the element comes into being with the first stroke, the halves of a split
flowable share it, and so the tree follows the reading order.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    reference: Any = None  # the PDF object, once written

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
    tree["K"] = pdfdoc.PDFArray([_write_element(document, root, reference, pages)])
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


def _write_element(document: Any, element: Element, parent: Any, pages: list[Any]) -> Any:
    written = _StructureObject(
        {"Type": pdfdoc.PDFName("StructElem"), "S": pdfdoc.PDFName(element.tag), "P": parent}
    )
    element.reference = document.Reference(written)
    for key, text in element.entries.items():
        written[key] = pdfdoc.PDFString(text)
    if element.attributes:
        written["A"] = pdfdoc.PDFDictionary(dict(element.attributes))
    kids = [_write_kid(document, kid, element.reference, pages) for kid in element.kids]
    if kids:
        written["K"] = pdfdoc.PDFArray(kids)
    return element.reference


def _write_kid(
    document: Any, kid: Element | MarkedContent | AnnotationReference, parent: Any, pages: list[Any]
) -> Any:
    if isinstance(kid, Element):
        return _write_element(document, kid, parent, pages)
    entries: dict[str, Any] = {"Pg": pages[kid.page - 1]}
    if isinstance(kid, MarkedContent):
        entries |= {"Type": pdfdoc.PDFName("MCR"), "MCID": kid.identifier}
    else:
        entries |= {"Type": pdfdoc.PDFName("OBJR"), "Obj": kid.reference}
    return pdfdoc.PDFDictionary(entries)


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
