"""Readers of everything that people bring as a file, a good file for each, and archives that want to be too much."""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import docx
import openpyxl

from survey_app.services import backup_file, emblem_file, terc_file
from survey_app.services.backup_content import Content
from survey_app.services.coding import document_files, gminas_table
from survey_app.services.interviewing import transcript_files
from survey_app.services.library import files as library_files
from survey_app.services.register import import_catalogue
from survey_app.services.xlsform.from_xlsform import from_form
from tests.example_files import a_docx, a_pdf, an_image

ROOT = Path(__file__).parent.parent
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = (
    f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'
)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BILLION = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
QUADRATIC = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY q "{"q" * 100_000}">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
NOUGHTS = b"0" * 2**20


def read_backup(content: bytes) -> object:
    """As `restore` reads it, without a passphrase."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kopia"
        path.write_bytes(content)
        found = Content.of(backup_file.lines(backup_file.look_at(path), None))
        return [list(rows) for _, rows in found.tables()]


@cache
def workbook() -> bytes:
    target = io.BytesIO()
    book = openpyxl.Workbook()
    for row in (
        ("Nazwa", "Sektor", "Wewnętrzny/zewnętrzny"),
        ("Szkoła", "edukacja", "W"),
        ("=1+1", "x", "Z"),
    ):
        book.active.append(row)
    book.save(target)
    return target.getvalue()


@cache
def document() -> bytes:
    target = io.BytesIO()
    made = docx.Document()
    for line in ("A: Dzień dobry.", "B: Dzień dobry."):
        made.add_paragraph(line)
    made.save(target)
    return target.getvalue()


@cache
def xlsform() -> bytes:
    target = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in (("type", "name", "label"), ("text", "a", "Pytanie"), ("select_one l", "b", "Które?")):
        book.active.append(row)
    choices = book.create_sheet("choices")
    for row in (("list_name", "name", "label"), ("l", "x", "X"), ("l", "y", "Y")):
        choices.append(row)
    book.save(target)
    return target.getvalue()


CSV = "Nazwa;Sektor;Wewnętrzny/zewnętrzny\nSzkoła;edukacja;W\n".encode()
SRT = "1\n00:00:01,000 --> 00:00:02,000\nA: Dzień dobry.\n".encode()
TERC = (ROOT / "tests/fixtures/terc_excerpt.csv").read_bytes()
MARKDOWN = b"| survey |\n| | type | name | label |\n| | text | a | Pytanie |\n"
BACKUP = b'{"survey-app backup": 1, "sealed": null}\n'


def _check_instrument(content: bytes) -> object:
    from survey_app.instrument.loader import check_file

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ankieta.yml"
        path.write_bytes(content)
        return check_file(path)


Reader = Callable[[bytes], object]
READERS: dict[str, tuple[Reader, Callable[[], bytes]]] = {
    "catalogue.csv": (lambda content: import_catalogue.read_file("a.csv", content), lambda: CSV),
    "catalogue.xlsx": (lambda content: import_catalogue.read_file("a.xlsx", content), workbook),
    "coding.csv": (lambda content: gminas_table.read_files([("a.csv", content)]), lambda: CSV),
    "terc.csv": (terc_file.read_register, lambda: TERC),
    "transcript.txt": (lambda content: transcript_files.read_file("a.txt", content), lambda: CSV),
    "transcript.vtt": (
        lambda content: transcript_files.read_file("a.vtt", content),
        lambda: b"WEBVTT\n\n" + SRT,
    ),
    "transcript.srt": (lambda content: transcript_files.read_file("a.srt", content), lambda: SRT),
    "transcript.docx": (lambda content: transcript_files.read_file("a.docx", content), document),
    "instrument.yml": (_check_instrument, lambda: (ROOT / "instruments/ankieta.yml").read_bytes()),
    "form.xlsx": (lambda content: from_form(content, "a.xlsx"), xlsform),
    "form.csv": (
        lambda content: from_form(content, "a.csv"),
        lambda: b"survey,,,\n,type,name,label\n,text,a,Pytanie\n",
    ),
    "form.md": (lambda content: from_form(content, "a.md"), lambda: MARKDOWN),
    "document.pdf": (lambda content: document_files.check_file("a.pdf", content), cache(a_pdf)),
    "document.docx": (lambda content: document_files.check_file("a.docx", content), cache(a_docx)),
    "document.png": (lambda content: document_files.check_file("a.png", content), lambda: an_image("PNG")),
    "document.jpg": (lambda content: document_files.check_file("a.jpg", content), lambda: an_image("JPEG")),
    "library.pdf": (lambda content: library_files.check_file("a.pdf", content), cache(a_pdf)),
    "library.docx": (lambda content: library_files.check_file("a.docx", content), cache(a_docx)),
    "library.txt": (lambda content: library_files.check_file("a.txt", content), lambda: CSV),
    "emblem": (emblem_file.check_emblem, lambda: an_image("PNG")),
    "backup": (read_backup, lambda: BACKUP),
}


# Archives ------------------------------------------------------------------------------------------------------


def packed(parts: dict[str, bytes | str], base: bytes | None = None) -> bytes:
    """A zip of the base's parts with these in their place or beside them."""
    whole: dict[str, bytes | str] = {}
    if base is not None:
        with zipfile.ZipFile(io.BytesIO(base)) as archive:
            whole = {name: archive.read(name) for name in archive.namelist()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (whole | parts).items():
            archive.writestr(name, content)
    return target.getvalue()


def noughts(name: str, base: bytes, mebibytes: int, head: bytes = b"", tail: bytes = b"") -> bytes:
    """One part that unpacks to so much, a thousandth of it in the file."""
    target = io.BytesIO(base)
    with (
        zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w") as part,
    ):
        part.write(head)
        for _ in range(mebibytes):
            part.write(NOUGHTS)
        part.write(tail)
    return target.getvalue()


def without(base: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(base)) as archive:
        return packed({one: archive.read(one) for one in archive.namelist() if one != name})


def lying(content: bytes, size: int = 10) -> bytes:
    """Every part says, in both places, that it unpacks to `size`."""
    changed = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = changed.find(mark)
        while at >= 0:
            struct.pack_into("<I", changed, at + place, size)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def archives(base: bytes, part: str, xml: str, close: str) -> dict[str, bytes]:
    """Bombs made of a good file. `part`: its main XML; `xml`: the beginning of such a part, with %s for a text."""
    big = noughts(part, without(base, part), 160, (xml.partition("%s")[0]).encode(), close.encode())
    nested = base
    for _ in range(3):
        nested = packed({"w.zip": nested, "zera.bin": NOUGHTS * 4}, base)
    return {
        "ratio": big,
        "ratio that lies": lying(big),
        "beside": noughts("media/zera.xml", base, 160),
        "many": packed({f"p/{n}.xml": b"<a/>" for n in range(3_000)}, base),
        "huge by its own word": lying(base, 0xFFFF_FFF0),
        "small by its own word": lying(base),
        "nested": nested,
        "laughs": packed({part: BILLION + (xml % "&l11;") + close}, base),
        "laughs late": packed({part: " " * 80_000 + (xml % "&l11;") + close}, base),
        "laughs after a comment": packed(
            {part: f'<?xml version="1.0"?><!--{" " * 80_000}-->{BILLION[21:]}{xml % "&l11;"}{close}'}, base
        ),
        "laughs in UTF-16": packed({part: (BILLION + (xml % "&l11;") + close).encode("utf-16")}, base),
        "quadratic": packed({part: QUADRATIC + (xml % ("&q;" * 20_000)) + close}, base),
        "outside": packed({part: OUTSIDE + (xml % "&e;") + close}, base),
        "deep": packed({part: (xml % "x") + "<a>" * 100_000}, base),
        "one long text": noughts(
            part, without(base, part), 6, (xml.partition("%s")[0]).encode(), close.encode()
        ),
        "attributes": packed({part: "<a " + " ".join(f'a{n}=""' for n in range(200_000)) + "/>"}, base),
        "two of one name": _doubled(base, part),
    }


def _doubled(base: bytes, name: str) -> bytes:
    import warnings

    target = io.BytesIO(base)
    with warnings.catch_warnings(), zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        archive.writestr(name, b"<other/>")
    return target.getvalue()


DOCX_XML = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>%s'
DOCX_CLOSE = "</w:t></w:r></w:p></w:body></w:document>"
XLSX_CLOSE = "</t></is></c></row></sheetData></worksheet>"
XLSX_XML = SHEET.partition("</t>")[0]
ARCHIVES: dict[str, Callable[[], dict[str, bytes]]] = {
    "catalogue.xlsx": lambda: archives(workbook(), "xl/worksheets/sheet1.xml", XLSX_XML, XLSX_CLOSE),
    "form.xlsx": lambda: archives(xlsform(), "xl/worksheets/sheet1.xml", XLSX_XML, XLSX_CLOSE),
    "transcript.docx": lambda: archives(document(), "word/document.xml", DOCX_XML, DOCX_CLOSE),
    "document.docx": lambda: archives(document(), "word/document.xml", DOCX_XML, DOCX_CLOSE),
}
