"""What an edition may show of interviews: who was heard, and how many interviews each theme came up in.

METHOD, "Disclosure control"; docs/disclosure.md, "Interviews". The internal edition shows everything. The public one
never says that fewer than k people of a sector or a role were heard, nor which theme came up in fewer than k individual
interviews, and shows nothing of themes or words before k people were heard at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.disclosure.maker import GMINA, GMINA_LABEL, make_table
from survey_app.analysis.edition import Edition
from survey_app.analysis.released import Column, ReleasedRow, ReleasedTable
from survey_app.analysis.themes.heard import HeardInterview, InterviewMaterial
from survey_app.analysis.themes.table import ThemeRow, ThemeTable

__all__ = ["FGI", "IDI", "ReleasedInterviews", "release_interviews"]

IDI, FGI = "idi", "fgi"
ROLES = {
    "manages": "zarządza instytucją",
    "works": "wykonuje pracę merytoryczną",
    "other": "inna rola albo osoba spoza katalogu",
}
OTHER_SECTORS, OTHER_ROLES = "pozostałe sektory", "pozostałe role"


@dataclass(frozen=True, slots=True)
class ReleasedInterviews:
    """`by_sector`, `by_role`: people heard; None where no breakdown may be shown. `crossed`: sectors by roles, internal
    alone. `themes`: rows are themes, columns interviews of each form that the theme came up in; None: nothing coded, or
    too few people heard. `quotable`: words may be quoted.
    """

    by_sector: ReleasedTable | None
    by_role: ReleasedTable | None
    crossed: ReleasedTable | None
    themes: ReleasedTable | None
    quotable: bool


def release_interviews(
    material: InterviewMaterial, edition: Edition, k: int, percent_from: int
) -> ReleasedInterviews:
    """`k`: the smallest group of people that the public edition tells of."""
    public = edition is Edition.PUBLIC
    speakers = material.speakers
    enough = not public or len(speakers) >= k
    sectors = Counter(one.sector for one in speakers)
    by_label = dict(sorted(sectors.items(), key=lambda pair: polish.alphabetical(pair[0])))
    roles = Counter(one.role for one in speakers)
    by_role = {label: roles[role] for role, label in ROLES.items() if roles[role]}
    return ReleasedInterviews(
        by_sector=_people("sectors", "Kogo wysłuchano, według sektora", by_label, OTHER_SECTORS, k, public),
        by_role=_people("roles", "Kogo wysłuchano, według roli", by_role, OTHER_ROLES, k, public),
        crossed=None if public or not speakers else _crossed(material, list(by_label)),
        themes=_themes(material, k, percent_from, public) if enough else None,
        quotable=enough,
    )


def _people(
    table_id: str, title: str, counts: Mapping[str, int], rest: str, k: int, public: bool
) -> ReleasedTable | None:
    """One row; its columns are the groups, and at the end everybody: every group that is shown has k people or more."""
    shown = _joined(counts, rest, k) if public else dict(counts)
    if not shown:
        return None
    total = sum(shown.values())
    columns = [*(Column(label, label) for label in shown), Column(GMINA, "Razem")]
    row = ReleasedRow(GMINA, GMINA_LABEL, "gmina", total, (*shown.values(), total))
    return make_table(table_id, title, columns, [row], 0, [_joined_note(k)] if rest in shown else [])


def _joined(counts: Mapping[str, int], rest: str, k: int) -> dict[str, int]:
    """Small groups as one; as long as that one is small, the smallest that is left joins it. {}: nothing is left."""
    kept = {label: count for label, count in counts.items() if count >= k}
    joined = sum(counts.values()) - sum(kept.values())
    while 0 < joined < k and kept:
        smallest = min(kept, key=lambda label: (kept[label], polish.alphabetical(label)))
        joined += kept.pop(smallest)
    if joined < k and joined:
        return {}
    return kept | ({rest: joined} if joined else {})


def _joined_note(k: int) -> str:
    few = f"mniej niż {polish.whole(k)} osób"
    return f"Razem podano grupy, z których wysłuchano {few}, żeby nie było wiadomo, kto mówił."


def _crossed(material: InterviewMaterial, labels: Sequence[str]) -> ReleasedTable:
    found = Counter((one.sector, one.role) for one in material.speakers)
    rows = []
    for label in labels:
        cells = tuple(found[label, role] for role in ROLES)
        rows.append(ReleasedRow(label, label, "group", sum(cells), cells))
    whole = tuple(sum(row.counts[at] or 0 for row in rows) for at in range(len(ROLES)))
    rows.append(ReleasedRow(GMINA, GMINA_LABEL, "gmina", sum(whole), whole))
    columns = [Column(role, words) for role, words in ROLES.items()]
    return make_table("crossed", "Kogo wysłuchano, według sektora i roli", columns, rows, 0)


def _themes(material: InterviewMaterial, k: int, percent_from: int, public: bool) -> ReleasedTable | None:
    """A group with fewer than k people heard is told of no more than a single person is."""
    chosen = [one for one in material.interviews if not public or _may_be_counted(one, k)]
    table = material.table(chosen)
    if not table.base():
        return None
    rows = [_theme_row(table, row, k, public) for row in _told(table)]
    hidden = any(count is None for row in rows for count in row.counts)
    columns = [
        Column(form, f"{words}, z {polish.whole(table.base(form))}")
        for form, words in ((IDI, "IDI"), (FGI, "FGI"))
    ]
    return make_table(
        "themes", "W ilu wywiadach pojawił się temat", columns, rows, percent_from, _theme_notes(k, hidden)
    )


def _may_be_counted(one: HeardInterview, k: int) -> bool:
    return one.form == IDI or len(one.speakers) >= k


def _told(table: ThemeTable) -> Iterable[ThemeRow]:
    """A theme of the top always; one below it where anybody gave it."""
    return (row for row in table.rows if row.theme.depth == 0 or any(row.cells))


def _theme_row(table: ThemeTable, row: ThemeRow, k: int, public: bool) -> ReleasedRow:
    alone, groups = table.mentions(row, IDI), table.mentions(row, FGI)
    base = table.base(IDI)
    shown = not public or base == 0 or (alone >= k and (alone < base or base >= 2 * k))
    label = "– " * row.theme.depth + row.theme.label
    return ReleasedRow(str(row.theme.id), label, "group", table.base(), (alone if shown else None, groups))


def _theme_notes(k: int, hidden: bool) -> list[str]:
    if not hidden:
        return []
    return [
        f"Liczba wywiadów indywidualnych jest ukryta tam, gdzie temat pojawił się w mniej niż {polish.whole(k)} z nich "
        f"albo w żadnym, a także tam, gdzie wywiadów jest mniej niż {polish.whole(2 * k)} i temat był we wszystkich: "
        "mogłoby się okazać, kto co powiedział."
    ]
