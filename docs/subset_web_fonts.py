"""Makes the two web fonts from the full Source Sans 3 TTFs. Run by hand; see survey_app/web/static/fonts/README.md.

The Open Font License reserves the name "Source" for the unmodified font, and a subset is a modified one: it gets a
name of its own, "Gmina Sans", in the name table. The copyright and the licence stay in it.

    python docs/subset_web_fonts.py SourceSans3_400Regular.ttf gmina-sans-400.woff2 Regular
    python docs/subset_web_fonts.py SourceSans3_600SemiBold.ttf gmina-sans-600.woff2 SemiBold
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Gmina Sans"
FEATURES = ["kern", "liga", "locl", "mark", "mkmk", "ccmp", "tnum"]
# Basic Latin, Latin-1 (names from abroad), Latin Extended-A (Polish and its neighbours), and the signs in our texts.
RANGES = [(0x20, 0x7E), (0xA0, 0xFF), (0x100, 0x17F)]
SIGNS = "–—‘’‚“”„…•′″‹›€→←↑↓↗×÷−≈≤≥≠✓\u2009\u202f\u2011"
COPYRIGHT, DESCRIPTION, LICENCE, LICENCE_URL = 0, 10, 13, 14


def codepoints() -> set[int]:
    """Every character that the web fonts carry."""
    return {point for first, last in RANGES for point in range(first, last + 1)} | {
        ord(sign) for sign in SIGNS
    }


def rename(font: TTFont, style: str) -> None:
    """Replace every name of the font, and keep what the licence asks to keep."""
    table = font["name"]
    kept = {number: table.getDebugName(number) for number in (COPYRIGHT, LICENCE, LICENCE_URL)}
    names = {
        1: FAMILY if style == "Regular" else f"{FAMILY} {style}",
        2: "Regular",
        3: f"{FAMILY} {style} (web subset)",
        4: f"{FAMILY} {style}",
        5: "Version 1.000",
        6: f"{FAMILY.replace(' ', '')}-{style}",
        DESCRIPTION: "A subset for the web of an OFL font by Adobe; renamed as its licence asks.",
        16: FAMILY,
        17: style,
    }
    table.names = []
    for number, text in {**kept, **names}.items():
        if text:
            table.setName(text, number, 3, 1, 0x409)


def make(source: Path, target: Path, style: str) -> None:
    """Write the renamed subset of `source` as woff2."""
    options = subset.Options(flavor="woff2", layout_features=FEATURES, hinting=False, name_IDs=["*"])
    options.drop_tables += ["DSIG", "STAT"]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codepoints())
    subsetter.subset(font)
    rename(font, style)
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
