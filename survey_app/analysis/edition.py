"""The two editions of the diagnoza; whoever decides what may be shown needs to know for which."""

from __future__ import annotations

from enum import StrEnum


class Edition(StrEnum):
    """Public: for the council and BIP. Internal: for the ZSL (METHOD, "The diagnoza")."""

    PUBLIC = "public"
    INTERNAL = "internal"
