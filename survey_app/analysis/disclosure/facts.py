"""What is known and published of institutions' codes, as the facts that `joint.Reader` reasons from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Traits = tuple[str, str, str]  # sector, type, place: what everybody may know
Profile = tuple[Traits | None, Traits | None]  # in the earlier and the later round; None: not coded in it
Path = tuple[str | None, str | None]  # the codes in the two rounds
Match = Callable[[Profile, Path], bool]


@dataclass(frozen=True, slots=True)
class Fact:
    """A published count: how many institutions match."""

    match: Match
    value: int


@dataclass(frozen=True, slots=True)
class SectorsFact:
    """A published number of sectors with at least one institution whose code is among `codes`."""

    side: int  # 0: the earlier round, 1: the later
    codes: frozenset[str]
    value: int
