"""How many open answers of a question have each theme, as it may be shown.

METHOD, "Disclosure control". Texts are what is counted, not people: one person may have written three. A text may have
several themes, so numbers do not add up to the base, and none can be worked out from the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey_app import polish
from survey_app.analysis.disclosure.maker import make_table
from survey_app.analysis.released import Column, ReleasedRow, ReleasedTable

TEXTS = "texts"


def release_text_themes(
    question_id: str,
    title: str,
    themes: Sequence[tuple[str, str]],
    counts: Mapping[str, int],
    texts: int,
    k: int,
    percent_from: int,
    *,
    anonymous: bool,
) -> ReleasedTable:
    """One row per theme (id, label), in the order given; one column, the number of texts that have it.

    `counts`: theme id -> texts with that very theme (those under it not counted in), 0 where it is missing; `texts`:
    how many cleared texts the question has. In an anonymous campaign a theme of fewer than `k` texts is hidden, and
    one of none looks the same; so is a theme that all of fewer than 2k texts have, and everything under k texts.
    """
    hidden = {
        theme_id
        for theme_id, _ in themes
        if anonymous and not _may_be_shown(counts.get(theme_id, 0), texts, k)
    }
    rows = [
        ReleasedRow(theme_id, label, "total", None, (None,))
        if theme_id in hidden
        else ReleasedRow(theme_id, label, "total", texts, (counts.get(theme_id, 0),))
        for theme_id, label in themes
    ]
    return make_table(
        question_id,
        title,
        [Column(TEXTS, "liczba wypowiedzi")],
        rows,
        percent_from,
        [_note(k)] if hidden else [],
    )


def _may_be_shown(count: int, texts: int, k: int) -> bool:
    return texts >= k and count >= k and (count < texts or texts >= 2 * k)


def _note(k: int) -> str:
    return (
        f"Liczba jest ukryta tam, gdzie temat ma mniej niż {polish.whole(k)} wypowiedzi albo nie ma żadnej,"
        f" a także tam, gdzie wypowiedzi jest mniej niż {polish.whole(2 * k)} i wszystkie mają ten temat."
    )
