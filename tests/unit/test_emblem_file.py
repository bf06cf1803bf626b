"""What may be a gmina's herb, and what is left of the file that was brought."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from survey_app.errors import InvalidInputError
from survey_app.services.emblem_file import KEPT_SIDE, MAX_SIZE, check_emblem, is_readable

RED = (190, 30, 45)


def picture(
    kind: str = "PNG", size: tuple[int, int] = (60, 80), mode: str = "RGB", **options: object
) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, RED if mode == "RGB" else 0).save(file, kind, **options)
    return file.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that says it is huge."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A small picture with a remark that unpacks to fifty million letters."""
    remark = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b" " * 50_000_000, 9))
    whole = picture()
    return whole[:33] + remark + whole[33:]


def noise() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((1200, 1200), 90).save(file, "PNG")
    return file.getvalue()


def damaged() -> bytes:
    """One byte of the packed points is another: the sum at the end of the part does not fit."""
    whole = bytearray(picture())
    whole[whole.index(b"IDAT") + 6] ^= 0xFF
    return bytes(whole)


REFUSED = {
    "empty": (b"", "Plik jest pusty."),
    "a text": (b"Herb naszej gminy", "To nie jest obraz PNG ani JPEG"),
    "a drawing": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "To plik SVG"),
    "a GIF": (picture("GIF"), "To nie jest obraz PNG ani JPEG"),
    "only the first bytes": (b"\x89PNG\r\n\x1a\n", "Plik PNG jest uszkodzony"),
    "cut off": (picture()[:90], "Plik PNG jest uszkodzony"),
    "without its end": (picture()[:-12], "Plik PNG jest uszkodzony"),
    "damaged": (damaged(), "Plik PNG jest uszkodzony"),
    "a JPEG that is cut off": (picture("JPEG", (400, 400))[:700], "Plik JPEG jest uszkodzony"),
    "too many bytes": (noise() + bytes(MAX_SIZE), "najwyżej 1 MB"),
    "too wide": (picture(size=(4001, 10)), "Obraz ma 4001 na 10 pikseli"),
    "a bomb": (bomb(60_000, 60_000), "Obraz jest za duży: może mieć najwyżej 4000 na 4000"),
    "a bomb that keeps to the sides": (bomb(4000, 4000), "Plik PNG jest uszkodzony"),
    "a remark that is a bomb": (text_bomb(), "Plik PNG jest uszkodzony"),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_no_report_can_print_is_refused_in_plain_words(content: bytes, words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_emblem(content)
    (fault,) = caught.value.faults
    assert words in fault.message
    assert fault.where == "content"
    assert fault.hint.startswith("Prosimy ")


def test_nothing_but_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "u sołtysa"
    exif.get_ifd(0x8825)[1] = "N"
    photograph = picture("JPEG", exif=exif.tobytes(), comment=b"tajne") + b"PK\x03\x04 drugi plik"
    remarks = PngImagePlugin.PngInfo()
    remarks.add_text("Author", "Jan Kowalski")
    drawing = picture("PNG", pnginfo=remarks, exif=exif.tobytes()) + b"<script>"
    for file, kind in ((photograph, "image/jpeg"), (drawing, "image/png")):
        kept = check_emblem(file)
        assert kept.media_type == kind
        with Image.open(io.BytesIO(kept.content)) as image:
            assert not image.getexif()
            assert not {"exif", "comment", "Author"} & set(image.info)
        for secret in (b"tajne", b"Kowalski", b"PK\x03\x04", b"<script>", "sołtysa".encode()):
            assert secret not in kept.content


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "L", "I;16", "RGB"])
def test_every_kind_of_png_becomes_plain_colours_on_white(mode: str) -> None:
    options = {"P": {"transparency": 0}, "RGB": {"transparency": (1, 2, 3)}}.get(mode, {})
    kept = check_emblem(picture(mode=mode, **options))
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.mode == "RGB"
        assert "transparency" not in image.info
        if mode in ("RGBA", "LA", "P"):
            assert image.getpixel((0, 0)) == (255, 255, 255)


def test_sixteen_bits_of_grey_stay_grey() -> None:
    file = io.BytesIO()
    Image.new("I;16", (4, 4), 0x8000).save(file, "PNG")
    with Image.open(io.BytesIO(check_emblem(file.getvalue()).content)) as image:
        assert image.getpixel((0, 0)) == (128, 128, 128)


def test_cmyk_becomes_plain_colours() -> None:
    with Image.open(io.BytesIO(check_emblem(picture("JPEG", mode="CMYK")).content)) as image:
        assert image.mode == "RGB"


def test_a_photograph_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    kept = check_emblem(picture("JPEG", (80, 40), exif=exif.tobytes()))
    assert (kept.width, kept.height) == (40, 80)


@pytest.mark.parametrize("size", [(4000, 4000), (4000, 3), (1, 1)])
def test_a_big_picture_is_made_smaller(size: tuple[int, int]) -> None:
    kept = check_emblem(picture(size=size))
    assert min(kept.width, kept.height) >= 1
    assert max(kept.width, kept.height) <= KEPT_SIDE


def test_a_kept_picture_is_readable_until_it_is_damaged() -> None:
    kept = check_emblem(picture()).content
    assert is_readable(kept)
    assert not is_readable(kept[:-30])
    assert not is_readable(b"")
