"""The colours that a file's numbers stand for: sRGB as an ICC profile, written from its definition.

PDF/A wants it inside the file. Source: IEC 61966-2-1 (the curve), ICC.1:2001-04 (the format), primaries adapted to D50.
"""

from __future__ import annotations

import struct
from functools import cache

NAME = "sRGB IEC61966-2.1"
_POINTS = 1024  # of the curve, between which readers go straight
_WHITE = (0.9642, 1.0, 0.8249)  # D50
_PRIMARIES = {
    b"rXYZ": (0.4360747, 0.2225045, 0.0139322),
    b"gXYZ": (0.3850649, 0.7168786, 0.0971045),
    b"bXYZ": (0.1430804, 0.0606169, 0.7141733),
}


@cache
def srgb_profile() -> bytes:
    """A display profile of three primaries and a curve, the same bytes each time."""
    curve = _curve()
    tags = {
        b"desc": _description(NAME),
        b"cprt": b"text" + bytes(4) + b"No copyright\0",
        b"wtpt": _colour(_WHITE),
        **{name: _colour(primary) for name, primary in _PRIMARIES.items()},
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    offset = 128 + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    body = b""
    table = struct.pack(">I", len(tags))
    for name, content in tags.items():
        if content not in places:
            places[content] = offset + len(body)
            body += content + bytes(-len(content) % 4)
        table += struct.pack(">4sII", name, places[content], len(content))
    return _header(offset + len(body)) + table + body


def _header(size: int) -> bytes:
    made = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)  # fixed: the same file each time
    front = struct.pack(">I4xI4s4s4s12s4s", size, 0x02100000, b"mntr", b"RGB ", b"XYZ ", made, b"acsp")
    white = struct.pack(">3i", *(round(part * 65536) for part in _WHITE))
    return (front + bytes(28) + white).ljust(128, b"\0")


def _colour(parts: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(part * 65536) for part in parts))


def _curve() -> bytes:
    values = []
    for point in range(_POINTS):
        part = point / (_POINTS - 1)
        linear = part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        values.append(round(linear * 65535))
    return b"curv" + bytes(4) + struct.pack(f">I{_POINTS}H", _POINTS, *values)


def _description(words: str) -> bytes:
    text = words.encode("ascii") + b"\0"
    return b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(4 + 4 + 2 + 1 + 67)
