"""What the library's pages say of an item, and what their addresses ask for; the same in the panel and in public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from survey_app import polish
from survey_app.services.library.items import Reading
from survey_app.services.library.search import Asked
from survey_app.services.library.shelf import KINDS, shelf
from survey_app.services.library.words import LONGEST_SEARCH


def asked_of(arguments: Mapping[str, str], owners: Sequence[str]) -> Asked:
    """What the address asks for; what it cannot ask for counts as nothing."""
    kind, category, owner = (arguments.get(name, "") for name in ("rodzaj", "kategoria", "czyje"))
    text = arguments.get("szukaj", "")
    return Asked(
        text[:LONGEST_SEARCH],
        kind if kind in KINDS else "",
        category if category in shelf().categories else "",
        owner if owner in owners else "",
        cut=len(text) > LONGEST_SEARCH,
    )


def page_link(address: str, asked: Asked) -> str:
    """The address of the same search with PAGE in place of a page's number."""
    told = {
        "szukaj": asked.text,
        "rodzaj": asked.kind,
        "kategoria": asked.category,
        "czyje": asked.owner,
    }
    return (
        f"{address}?{urlencode({**{name: value for name, value in told.items() if value}, 'strona': 'PAGE'})}"
    )


def item_words(found: Reading, owner: str) -> list[tuple[str, str]]:
    """Term and description of what is known of the item, but for its description and its file."""
    item, told = found.item, shelf()
    licence = told.licences.get(item.licence)
    pairs = [
        ("Rodzaj", KINDS[item.kind]),
        ("Kategoria", told.categories.get(item.category, item.category)),
        ("Ogłoszenie", item.law_reference),
        ("Autor albo wydawca", item.author),
        ("Licencja", licence.label if licence else item.licence),
        ("Uwaga do licencji", item.licence_note),
        ("Skąd", owner),
        ("Dodano", polish.date(item.added_at)),
        ("Zmieniono", polish.date(item.changed_at) if item.changed_at != item.added_at else ""),
    ]
    return [(term, words) for term, words in pairs if words]
