"""Closed rounds written in few words, for tests of what is made from them."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from survey_app import polish
from survey_app.analysis.coding.result import (
    CodedStakeholder,
    CodingHistory,
    Correction,
    RoundResult,
    Withdrawn,
)
from survey_app.instrument.loader import load_instrument
from survey_app.instrument.model import Instrument

FILE = Path(__file__).parents[2] / "instruments" / "wyrozniki.yml"
CODES = {"Z": "zwolennik", "N": "neutralny", "P": "przeciwnik"}


@functools.cache
def criteria() -> Instrument:
    return load_instrument(FILE)


def stakeholder(key: int, code: str = "N", **facts: Any) -> CodedStakeholder:
    """`code`: Z, N or P; everything else has a value that says little."""
    given: dict[str, Any] = {
        "stakeholder_id": key,
        "name": f"Instytucja {key:03}",
        "sector": "kultura",
        "sector_label": "kultura",
        "internal": True,
        "stakeholder_type": "C",
        "natural_person": False,
        "contribution": False,
        "refusal": False,
        "medians": {"wplyw": 2, "wiedza": 2, "zainteresowanie": 2},
        "points": {"wplyw": 4, "wiedza": 4, "zainteresowanie": 4},
        "proposed": None,
        "code": CODES[code],
        "reason": f"powód {key}",
    }
    given |= facts
    if "sector" in facts and "sector_label" not in facts:
        given["sector_label"] = facts["sector"].replace("_", " ")
    return CodedStakeholder(**given)


def closed_round(
    number: int,
    stakeholders: Iterable[CodedStakeholder],
    *,
    scheme: str = "trzy_kody",
    occasion: str = "start",
    withdrawn: Iterable[Withdrawn] = (),
    corrections: Iterable[Correction] = (),
) -> RoundResult:
    """Rounds close on the tenth of successive months of 2026."""
    return RoundResult(
        number=number,
        title=f"Tura {number}",
        occasion=occasion,
        opened_on=dt.date(2026, number, 1),
        closed_on=dt.date(2026, number, 10),
        instrument=criteria(),
        scheme=scheme,
        raters=5,
        stakeholders=tuple(sorted(stakeholders, key=lambda one: polish.alphabetical(one.name))),
        withdrawn=tuple(withdrawn),
        agreement=(),
        checksum="0" * 64,
        corrections=tuple(corrections),
    )


def history(
    *rounds: RoundResult, merged: Mapping[int, int] | None = None, left: Iterable[int] = ()
) -> CodingHistory:
    return CodingHistory(rounds, merged or {}, frozenset(left))
