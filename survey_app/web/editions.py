"""The editions of a report, as people read them in an address and as the diagnoza's own pages name them."""

from __future__ import annotations

from survey_app.analysis.edition import Edition
from survey_app.errors import NotFoundError

EDITIONS = {"publiczne": Edition.PUBLIC, "wewnetrzne": Edition.INTERNAL} | {one.value: one for one in Edition}


def edition_called(name: str) -> Edition:
    """NotFoundError for any other word."""
    if name not in EDITIONS:
        raise NotFoundError("Nie ma takiego wydania.")
    return EDITIONS[name]
