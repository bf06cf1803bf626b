"""Themes ticked at open answers, and the words that are looked for."""

from __future__ import annotations

from collections.abc import Mapping

from survey_app.forms.staff_fields import one_line

__all__ = ["CHOSEN", "EVERY", "SEEN", "read_choices", "read_search"]

CHOSEN, SEEN = "tematy-", "widziane-"  # each followed by the id of a text
EVERY = "wszystkim"
LONGEST_SEARCH = 100
LONGEST_ID = 18  # digits


def read_choices(sent: Mapping[str, list[str]]) -> dict[str, tuple[frozenset[int], frozenset[int]]]:
    """Text id -> (themes that stood ticked on the page, themes that are ticked now), of every text on the page.

    A theme chosen for all texts of the page is ticked at each. What is no number is no theme.
    """
    for_all = _numbers(sent.get(EVERY, []))
    found = {}
    for name, values in sent.items():
        if name.startswith(SEEN):
            text_id = name.removeprefix(SEEN)
            seen = _numbers(",".join(values).split(","))
            found[text_id] = (seen, _numbers(sent.get(CHOSEN + text_id, [])) | for_all)
    return found


def read_search(typed: str | None) -> str:
    """One line, not too long to be looked for."""
    return one_line((typed or "").replace("\0", " "))[:LONGEST_SEARCH]


def _numbers(values: list[str]) -> frozenset[int]:
    return frozenset(
        int(one) for one in values if one.isascii() and one.isdecimal() and len(one) <= LONGEST_ID
    )
