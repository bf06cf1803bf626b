"""Published reports that hold a quotation which may no longer be used: consent to it, or its clearing, was taken back.

A published file is never changed, so a person has to publish a new edition and withdraw the old one. Nothing is kept
for this: it is worked out from when quotations were cleared, when words went, and how many quotations a report held.
Whose words they were is not looked up, and no number tells it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.analysis.diagnoza.changes import as_kept
from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.result import Diagnoza
from survey_app.services.context import Context
from survey_app.store import audit, reports, spoken_excerpts

CLEARED, TAKEN_BACK = "quotation_cleared", "quotation_taken_back"
CHAPTER = "wywiady"
NONE = {"count": 0, "sha256": ""}


@dataclass(frozen=True, slots=True)
class HoldsLost:
    """A published edition with words that may no longer be quoted."""

    campaign_id: int
    campaign: str
    number: int
    published_at: dt.datetime


def published_with(context: Context, gmina_code: str, now: Diagnoza) -> list[HoldsLost]:
    """Of any campaign of the gmina, the newest first. `now`: the public edition as it would be made today."""
    with context.database.reading() as session:
        held = [
            (row, title, quoted)
            for row, title in reports.published_in(session, gmina_code)
            if (quoted := _quoted(row.shown))["count"]
        ]
        if not held:
            return []
        events = audit.of_actions(session, gmina_code, (CLEARED, TAKEN_BACK))
        cleared = {int(one.object_id) for one in events}
        left = spoken_excerpts.left(session, cleared)
        told = [(int(one.object_id), one.at, one.action) for one in events]
    today = _quoted(as_kept(compose(now)))
    return [
        HoldsLost(row.campaign_id, title, row.number, row.published_at)
        for row, title, quoted in held
        if row.published_at is not None
        and quoted["sha256"] != today["sha256"]
        and (0 < today["count"] < quoted["count"] or _stood(told, left, row.made_at))
    ]


def _quoted(shown: Mapping[str, Any]) -> dict[str, Any]:
    """How many quotations of interviews a report showed, and their checksum; none, where that is not known."""
    chapters = shown.get("chapters", ())
    return next((one["quoted"] for one in chapters if one["anchor"] == CHAPTER), NONE)


def _stood(
    told: Iterable[tuple[int, dt.datetime, str]], left: Mapping[int, dt.datetime | None], made_at: dt.datetime
) -> bool:
    """Was one of the passages that are gone today cleared, and there, when the report was made?"""
    last = {number: action for number, at, action in told if at <= made_at and number in left}
    return any(
        action == CLEARED and ((gone := left[number]) is None or gone >= made_at)
        for number, action in last.items()
    )
