"""The kept counts made anew from the answers and from the rounds of coding, and what differed from those before.

Nothing should: they are written with the lock, and answers do not change after it. What differs was changed past the
service, or comes from an earlier version of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.analysis.rollup.coding_release import coding_document
from survey_app.services import gminas
from survey_app.services.coding import coding_history
from survey_app.services.context import Context
from survey_app.services.survey.find_campaign import require_campaign
from survey_app.services.survey.frozen import counted
from survey_app.store import releases

ABSENT = "nie było ich wcale"
_PARTS = {
    "form": "postać zapisu",
    "instrument_sha256": "wersja ankiety",
    "percent_from": "próg odsetków",
    "invited": "liczba zaproszonych",
    "answered": "liczba ankiet",
    "complete": "liczba ankiet kompletnych",
    "groups": "grupy i ich sektory",
    "score": "gotowość gminy",
    "sectors": "gotowość sektorów",
    "components": "składniki gotowości",
    "rounds": "liczba tur",
    "stances": "kody w ostatniej turze",
    "start": "Zwolennicy w pierwszej turze",
    "end": "Zwolennicy w ostatniej turze",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """`what`: the names of the numbers that differed, never a number: some of them no page may show."""

    gmina: str
    of: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many counts were made anew, and which differed."""

    campaigns: int
    codings: int
    differences: tuple[Difference, ...]


def rebuild(context: Context, gmina_code: str | None = None, *, only_check: bool = False) -> Rebuilt:
    """Of one gmina, or of all; a campaign and a gmina's coding at a time. NotFoundError if there is no such gmina."""
    if gmina_code is not None:
        gminas.describe(context, gmina_code)
    with context.database.reading() as session:
        campaigns = releases.locked_campaigns(session, gmina_code)
        codings = releases.gminas_with_coding(session, gmina_code)
    found = [_campaign(context, one, only_check=only_check) for one in campaigns]
    found += [_coding(context, code, event, only_check=only_check) for code, event in codings]
    return Rebuilt(len(campaigns), len(codings), tuple(one for one in found if one.what))


def _campaign(context: Context, campaign_id: int, *, only_check: bool) -> Difference:
    with context.database.transaction() as session:
        campaign = require_campaign(session, campaign_id, alone=True)
        kept, made = releases.campaign_document(session, campaign_id), counted(session, campaign)
        what = tuple(differing(kept, made))
        if what and not only_check:
            releases.put_campaign_release(session, campaign, made)
    return Difference(campaign.gmina_code, f"kampania {campaign.public_id}", what)


def _coding(context: Context, gmina_code: str, event: int, *, only_check: bool) -> Difference:
    made = coding_document(coding_history.history(context, gmina_code))
    with context.database.transaction() as session:
        what = tuple(differing(releases.coding_document(session, gmina_code), made))
        if what and not only_check:
            releases.put_coding_release(session, gmina_code, event, made)
    return Difference(gmina_code, "kodowanie", what)


def differing(kept: Mapping[str, Any] | None, made: Mapping[str, Any]) -> Iterator[str]:
    """What the numbers are called that are not the same in both."""
    if kept is None:
        yield ABSENT
        return
    for key in [*made, *(key for key in kept if key not in made)]:
        if key == "questions":
            yield from _questions(kept.get(key, ()), made.get(key, ()))
        elif kept.get(key) != made.get(key):
            yield _PARTS.get(key, key)


def _questions(kept: list[dict[str, Any]], made: list[dict[str, Any]]) -> Iterator[str]:
    before, now = ({one["id"]: one for one in listed} for listed in (kept, made))
    for question in [*now, *(one for one in before if one not in now)]:
        if before.get(question) != now.get(question):
            yield f"pytanie {question}"
