"""A reportlab canvas that writes tagged PDF (PDF/UA-1 and PDF/A-2a) in one go, without post-processing.

It leans on private names of reportlab (`_code`, `_doc`, `_annotationrefs`, `_timeStamp`), hence the pin below 5.2.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib.rl_accel import fp_str
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfmetrics import getFont
from reportlab.pdfgen.canvas import Canvas

from survey_app.analysis.pdf.colour_profile import NAME, srgb_profile
from survey_app.analysis.pdf.structure import AnnotationReference, Element, MarkedContent, write_tree

CREATOR = "Diagnoza lokalna"
rl_config.useA85 = 0  # streams as bytes: the file need not survive a seven-bit channel
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" \
xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{created}</xmp:CreateDate>
<pdfuaid:part>1</pdfuaid:part>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file says about itself. `created` is given, never taken from the clock: same input, same bytes."""

    title: str
    author: str
    subject: str
    created: dt.datetime
    language: str = "pl-PL"


class _TaggedPage(pdfdoc.PDFPage):
    __NoDefault__ = [*pdfdoc.PDFPage.__NoDefault__, "StructParents", "Tabs"]  # noqa: RUF012 (as the base class)


class _EndsItsLine:
    """PDF/A: a line ends before "endstream", whatever byte the content ends with."""

    def format(self, document: Any) -> bytes:
        """As reportlab writes it, with the end of the line."""
        written: bytes = super().format(document)  # type: ignore[misc]
        return written.removesuffix(b"endstream\n") + b"\nendstream\n"


class _EndedStream(_EndsItsLine, pdfdoc.PDFStream):
    pass


class _EndedPicture(_EndsItsLine, pdfdoc.PDFImageXObject):
    """A picture's stream is made by reportlab at the last moment."""


_ENDED = {pdfdoc.PDFStream: _EndedStream, pdfdoc.PDFImageXObject: _EndedPicture}


class _Catalog(pdfdoc.PDFCatalog):
    __NoDefault__ = [*pdfdoc.PDFCatalog.__NoDefault__, "OutputIntents"]  # noqa: RUF012 (as the base class)


class Letters(dict[int, str]):
    """How the letters of a look are written in this file, for `str.translate`; its `face` goes before the first.

    reportlab looks every letter of every line up again. One beyond the typeface's first 256 brings a face of its own.
    """

    def __init__(self, canvas: Any, look: ParagraphStyle) -> None:
        super().__init__()
        self._document, self._escaped = canvas._doc, canvas._escape
        self._font: Any = getFont(look.fontName)
        self._size = f"{fp_str(look.fontSize)} Tf {fp_str(look.leading)} TL"
        self[ord(" ")] = self._written(ord(" "))
        self.face = self._face(0)
        self.colour = f"{fp_str(look.textColor.rgb())} rg"

    def __missing__(self, letter: int) -> str:
        self[letter] = self._written(letter)
        return self[letter]

    def _written(self, letter: int) -> str:
        ((subset, code),) = self._font.splitString(chr(letter), self._document)
        written: str = self._escaped(code)
        return f") Tj {self._face(subset)} ({written}) Tj {self.face} (" if subset else written

    def _face(self, subset: int) -> str:
        return f"{self._font.getSubsetInternalName(subset, self._document)} {self._size}"


class TaggedCanvas(Canvas):
    """Canvas whose every stroke is either inside an element (`mark`) or an `artifact`."""

    _doc: Any
    _absRect: Any  # noqa: N815
    _bookmarkReference: Any  # noqa: N815
    _addAnnotation: Any  # noqa: N815
    _code: list[str]
    _annotationrefs: list[Any]

    def __init__(self, file: BinaryIO, metadata: Metadata, pagesize: tuple[float, float]) -> None:
        super().__init__(
            file, pagesize=pagesize, lang=metadata.language, pdfVersion=(1, 7), invariant=1, pageCompression=1
        )
        self.metadata = metadata
        self.root = Element("Document")
        self.current = self.root
        self._marked: list[Element] = []
        self._parents: list[tuple[int, Element | list[Element]]] = []
        self._is_open = False
        self._pages: list[Any] = []
        self._late: list[tuple[int, str, Callable[[], None]]] = []
        self.anchors: dict[str, int] = {}  # the page of each
        self._page_key = 0
        self._next_key = 1
        self._letters: dict[ParagraphStyle, Letters] = {}
        self._describe(metadata)
        self._tag_pages()
        self._end_streams()

    def _describe(self, metadata: Metadata) -> None:
        self.setTitle(metadata.title)
        self.setAuthor(metadata.author)
        self.setSubject(metadata.subject)
        self.setCreator(CREATOR)
        stamp = TimeStamp(invariant=1)
        created = metadata.created.astimezone(dt.UTC)
        stamp.t, stamp.lt = created.timestamp(), created.timetuple()
        stamp.YMDhms = tuple(stamp.lt)[:6]
        self._doc._timeStamp = stamp

    def _tag_pages(self) -> None:
        """Each page names its row of the parent tree and says that tabbing follows the structure."""
        add_page = self._doc.addPage

        def add_tagged_page(page: Any) -> None:
            page.__class__ = _TaggedPage
            page.StructParents = self._page_key
            page.Tabs = pdfdoc.PDFName("S")
            self._pages.append(page)
            add_page(page)

        self._doc.addPage = add_tagged_page

    def _end_streams(self) -> None:
        """Every stream passes here on its way into the file, also those of typefaces, which are made last."""
        refer = self._doc.Reference

        def refer_to(thing: Any, *arguments: Any, **options: Any) -> Any:
            if type(thing) in _ENDED:
                thing.__class__ = _ENDED[type(thing)]
            return refer(thing, *arguments, **options)

        self._doc.Reference = refer_to

    def write(self, *operators: str) -> None:
        """What stands in the file as it is; the graphics state must be the same afterwards."""
        self._code += operators

    def letters(self, look: ParagraphStyle) -> Letters:
        """How words are written in this look."""
        if look not in self._letters:
            self._letters[look] = Letters(self, look)
        return self._letters[look]

    @contextmanager
    def mark(self, element: Element) -> Iterator[None]:
        """What is drawn inside belongs to `element`; a mark within a mark or artifact adds nothing."""
        if self._is_open:
            yield
            return
        element.kids.append(MarkedContent(self.getPageNumber(), len(self._marked)))
        self._code.append(f"/{element.tag} <</MCID {len(self._marked)}>> BDC")
        self._marked.append(element)
        self._is_open = True
        try:
            yield
        finally:
            self._code.append("EMC")
            self._is_open = False

    @contextmanager
    def artifact(self, kind: str | None = None) -> Iterator[None]:
        """What is drawn inside is decoration, not content: rules, backgrounds, running heads ("Pagination")."""
        if self._is_open:
            yield
            return
        self._code.append(f"/Artifact <</Type /{kind}>> BDC" if kind else "/Artifact BMC")
        self._is_open = True
        try:
            yield
        finally:
            self._code.append("EMC")
            self._is_open = False

    @property
    def total(self) -> int:
        """How many pages there are: known to `late` drawings only."""
        return len(self._pages)

    def late(self, draw: Callable[[], None]) -> None:
        """Call `draw` when every page is there, and let its strokes stand here: for words that tell page numbers.

        It may choose a typeface and a colour and set words; the element or artifact that is open now owns them.
        """
        place = f"%late {len(self._late)};"  # a comment, until it is replaced
        self._code.append(place)
        self._late.append((self.getPageNumber(), place, draw))

    def _draw_late(self) -> None:
        for page_number, place, draw in self._late:
            self._code = ["q"]
            draw()
            page = self._pages[page_number - 1]
            page.stream = page.stream.replace(place, "\n".join([*self._code, "Q"]))
        self._code = []

    def bookmarkHorizontal(self, key: str, relativeX: float, relativeY: float, **options: Any) -> None:  # noqa: N802, N803
        """As reportlab does; the page is remembered for those who tell it."""
        self.anchors[key] = self.getPageNumber()
        super().bookmarkHorizontal(key, relativeX, relativeY, **options)

    def link(self, element: Element, box: tuple[float, float, float, float], words: str, target: str) -> Any:
        """A link annotation over `box`, owned by `element` (a Link); `target`: "#anchor" or an address.

        Returns the annotation, whose `Contents` a `late` drawing may complete if it leads to an anchor.
        """
        key = self._take_key()
        extra: dict[str, Any] = {"StructParent": key, "F": 4}
        if target.startswith("#"):
            annotation = pdfdoc.LinkAnnotation(
                self._absRect(box, 1), words, self._bookmarkReference(target[1:]), "[0 0 0]", **extra
            )
            annotation.permitted = (*annotation.permitted, "StructParent")
        else:
            annotation = self._address_annotation(box, words, target, extra)
        self._addAnnotation(annotation)
        element.kids.append(AnnotationReference(self.getPageNumber(), self._annotationrefs[-1]))
        self._parents.append((key, element))
        return annotation

    def _address_annotation(
        self, box: tuple[float, float, float, float], words: str, target: str, extra: dict[str, Any]
    ) -> Any:
        action = {"S": pdfdoc.PDFName("URI"), "URI": pdfdoc.PDFString(target)}
        entries = {
            "Type": pdfdoc.PDFName("Annot"),
            "Subtype": pdfdoc.PDFName("Link"),
            "Rect": pdfdoc.PDFArray(self._absRect(box, 1)),
            "Border": pdfdoc.PDFArray([0, 0, 0]),
            "Contents": pdfdoc.PDFString(words),
            "A": pdfdoc.PDFDictionary(action),
        }
        return pdfdoc.PDFDictionary(entries | extra)

    def _take_key(self) -> int:
        key, self._next_key = self._next_key, self._next_key + 1
        return key

    def showPage(self) -> None:  # noqa: N802 (reportlab's name)
        """End the page and give the next one a row of its own in the parent tree."""
        super().showPage()
        self._parents.append((self._page_key, self._marked))
        self._page_key, self._marked = self._take_key(), []

    def save(self) -> None:
        """Write structure tree and metadata, then the file."""
        if self._code:
            self.showPage()
        self._draw_late()
        catalog = self._doc.Catalog
        catalog.StructTreeRoot = write_tree(self._doc, self.root, self._doc.Pages.pages, self._parents)
        catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})
        catalog.Metadata = self._xmp()
        catalog.__class__ = _Catalog
        catalog.OutputIntents = pdfdoc.PDFArray([self._colours()])
        self.setViewerPreference("DisplayDocTitle", "true")
        super().save()

    def _colours(self) -> Any:
        profile = pdfdoc.PDFStream(pdfdoc.PDFDictionary({"N": 3}), srgb_profile())
        entries = {
            "Type": pdfdoc.PDFName("OutputIntent"),
            "S": pdfdoc.PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": pdfdoc.PDFString(NAME),
            "Info": pdfdoc.PDFString(NAME),
            "DestOutputProfile": self._doc.Reference(profile),
        }
        return pdfdoc.PDFDictionary(entries)

    def _xmp(self) -> Any:
        packet = _XMP.format(
            title=escape(self.metadata.title),
            author=escape(self.metadata.author),
            language=self.metadata.language,
            created=self.metadata.created.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        kind = {"Type": pdfdoc.PDFName("Metadata"), "Subtype": pdfdoc.PDFName("XML")}
        return pdfdoc.PDFStream(pdfdoc.PDFDictionary(kind), packet.encode(), filters=[])
