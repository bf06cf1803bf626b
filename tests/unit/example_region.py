"""Made-up roll-ups: regions of few gminas and of many, of hidden numbers alone, of names that are hard to print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache

from survey_app.analysis.diagnoza.document import Document
from survey_app.analysis.groups import form_groups, type_counts
from survey_app.analysis.response import Population
from survey_app.analysis.rollup.coding_release import CodingRelease
from survey_app.analysis.rollup.gmina_release import GminaRelease, release_document
from survey_app.analysis.rollup.region_document import RegionFacts, region_document
from survey_app.analysis.rollup.regions import Country, RollUp, roll_up
from tests.unit.analysis_records import ankieta, drawn

KINDS = ("administracja", "edukacja", "pozarzadowa", "gospodarka")
DAY = dt.date(2026, 12, 1)
PLACES = {"06": "województwo lubelskie", "0602": "powiat biłgorajski", "0605": "powiat janowski"}


@cache
def gmina(place: int, code: str, invited: int | None = 40, answered: int = 24) -> GminaRelease:
    """One locked campaign; the chance of TAK differs from gmina to gmina."""
    records = drawn(place, answered, KINDS, 0.3 + 0.05 * (place % 9), 0.02)
    groups = form_groups(ankieta(), type_counts(ankieta(), records), 3)
    population = Population(invited) if invited else None
    return GminaRelease.from_json(place, code, release_document(ankieta(), records, groups, population))


def codes(count: int) -> list[str]:
    """Two powiaty, their gminas in turn."""
    return [f"06{'05' if place % 2 else '02'}{place // 2 + 1:02}" for place in range(count)]


def region(
    count: int,
    *,
    code: str = "06",
    coded: int | None = None,
    answered: int = 24,
    willing: Sequence[str] = (),
    labels: dict[str, str] | None = None,
    example: bool = False,
) -> RollUp:
    """`count` gminas with a campaign, `coded` with two rounds of coding (all of them, unless it says otherwise)."""
    here = codes(count)
    releases = [gmina(place, one, None if place % 5 == 4 else 40, answered) for place, one in enumerate(here)]
    coding = [
        CodingRelease(one, 2, (8 + place, 5, 3), 2 + place % 3, 8 + place)
        for place, one in enumerate(codes(count if coded is None else coded))
    ]
    places = {one: f"gmina {one}" for one in here} | PLACES | (labels or {})
    made_up = frozenset(here) if example else frozenset()
    return roll_up(Country(releases, coding, places, frozenset(willing), made_up), code)


def document(found: RollUp, ankieta_title: str = "Ankieta dla instytucji") -> Document:
    return region_document(RegionFacts(found.label, found.code, ankieta_title, "ankieta", DAY), found)
