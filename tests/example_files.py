"""Small files of the kinds that a team may keep, made on the spot."""

from __future__ import annotations

import io
import zipfile

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
BODY = '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'


def a_pdf(words: str = "Strategia") -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    canvas.drawString(72, 700, words)
    canvas.save()
    return target.getvalue()


def a_docx(parts: dict[str, str | bytes] | None = None, *, leave_out: str = "") -> bytes:
    everything: dict[str, str | bytes] = {"[Content_Types].xml": TYPES, "word/document.xml": BODY}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (everything | (parts or {})).items():
            if name != leave_out:
                archive.writestr(name, content)
    return target.getvalue()


def an_image(kind: str, size: tuple[int, int] = (8, 6)) -> bytes:
    target = io.BytesIO()
    Image.new("L", size, 200).save(target, kind)
    return target.getvalue()
