"""Is an uploaded herb a picture that a report can print? Judged by its content; what is kept is drawn anew.

A new picture has none of what a file may carry beside it: the place where a photograph was taken, remarks, another
file after its end.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps

from survey_app.errors import Fault, InvalidInputError

MAX_SIZE = 1024 * 1024
MAX_SIDE = 4000
KEPT_SIDE = 800  # enough for some four centimetres on paper, in print quality
PNG, JPEG = "image/png", "image/jpeg"
FORMATS = {"PNG": PNG, "JPEG": JPEG}
BROKEN = (
    OSError,
    SyntaxError,  # what Pillow says of a broken PNG
    ValueError,
    LookupError,
    EOFError,
    MemoryError,
    OverflowError,
    zlib.error,
)
TOO_MANY_POINTS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
MAKE_SMALLER = "Prosimy go zmniejszyć, na przykład do 800 na 800 pikseli."
SAVE_AGAIN = "Prosimy otworzyć go w programie graficznym i zapisać jeszcze raz jako PNG albo JPEG."


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn anew: colours without transparency, upright, at most KEPT_SIDE on a side."""

    content: bytes
    media_type: str
    width: int
    height: int


def check_emblem(content: bytes) -> Picture:
    """InvalidInputError says in Polish what is wrong with the file and what to do."""
    if not content:
        raise _refused("file_empty", "Plik jest pusty.", "Prosimy sprawdzić, czy zapisał się w całości.")
    if len(content) > MAX_SIZE:
        raise _refused("file_too_big", "Plik jest za duży: najwyżej 1 MB.", MAKE_SMALLER)
    kind = _kind(content)
    try:
        return _drawn_anew(content, kind)
    except TOO_MANY_POINTS as error:  # Pillow's own limit is wider than ours, but comes first
        message = f"Obraz jest za duży: może mieć najwyżej {MAX_SIDE} na {MAX_SIDE} pikseli."
        raise _refused("image_too_big", message, MAKE_SMALLER) from error
    except BROKEN as error:
        message = f"Plik {kind} jest uszkodzony albo nie zapisał się w całości."
        raise _refused("file_broken", message, SAVE_AGAIN) from error


def is_readable(content: bytes) -> bool:
    """Can a kept picture still be drawn? A damaged one is left out of a report."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as image:
            image.load()
    except (*BROKEN, *TOO_MANY_POINTS):
        return False
    return True


def _kind(content: bytes) -> str:
    """ "PNG" or "JPEG", by the first bytes, whatever the file is called."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if b"<svg" in content[:4096].lower():
        hint = "Prosimy zapisać go jako PNG; potrafi to każdy program do rysunków."
        raise _refused("file_kind", "To plik SVG, a takich nie przyjmujemy.", hint)
    raise _refused("file_kind", "To nie jest obraz PNG ani JPEG, choć może się tak nazywać.", SAVE_AGAIN)


def _drawn_anew(content: bytes, kind: str) -> Picture:
    with Image.open(io.BytesIO(content), formats=(kind,)) as image:
        _check_sides(*image.size)  # before anything is unpacked
        image.verify()
    with Image.open(io.BytesIO(content), formats=(kind,)) as image:
        image.load()
        drawn = _on_white(ImageOps.exif_transpose(image))
    drawn.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", drawn.size)
    clean.paste(drawn)
    target = io.BytesIO()
    if kind == "PNG":
        clean.save(target, "PNG", optimize=True)
    else:
        clean.save(target, "JPEG", quality=92)
    return Picture(target.getvalue(), FORMATS[kind], *clean.size)


def _check_sides(width: int, height: int) -> None:
    if max(width, height) > MAX_SIDE:
        message = f"Obraz ma {width} na {height} pikseli, a może mieć najwyżej {MAX_SIDE} na {MAX_SIDE}."
        raise _refused("image_too_big", message, MAKE_SMALLER)


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, which archival PDF does not take (PDF/A-2a with one colour space)."""
    if image.mode.startswith("I"):  # sixteen bits of grey: Pillow would cut off what is over 255
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def _refused(code: str, message: str, hint: str) -> InvalidInputError:
    return InvalidInputError(f"{message} {hint}", [Fault(code, "content", message, hint)])
