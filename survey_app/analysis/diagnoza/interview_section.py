"""What interviews brought, as one edition may show it: made once, read by the chapter and the checksum.

METHOD, "The diagnoza": who was heard, by sector and role; themes with counts of interviews, not of mentions; words that
were cleared for use; what individual and group interviews agree and differ on.
"""

from __future__ import annotations

from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.diagnoza.canonical import as_shown, sha256_of
from survey_app.analysis.disclosure.interviews import FGI, IDI, ReleasedInterviews, release_interviews
from survey_app.analysis.edition import Edition
from survey_app.analysis.themes.heard import ClearedQuotation, InterviewMaterial


@dataclass(frozen=True, slots=True)
class QuotedTheme:
    """Words under the first theme of the tree that they have ("": none): as said, and as the moderator noted them.

    In the order of the alphabet, which says nothing of who spoke when.
    """

    label: str
    said: tuple[str, ...]
    noted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InterviewSection:
    """`people` None: fewer than k were heard, and the public edition says no more than that.

    `both`, `only_idi`, `only_fgi`: labels of themes; empty where only one form was held or coded. A theme whose number
    is hidden is in none of them.
    """

    edition: Edition
    k: int
    idi: int
    fgi: int
    people: int | None
    coders: int
    released: ReleasedInterviews
    both: tuple[str, ...]
    only_idi: tuple[str, ...]
    only_fgi: tuple[str, ...]
    quotations: tuple[QuotedTheme, ...]
    checksum: str  # sha256 of what this edition shows


def interview_section(
    edition: Edition, material: InterviewMaterial, k: int = 3, percent_from: int = 5
) -> InterviewSection | None:
    """None where nobody was heard. `k`: METHOD, "Disclosure control"."""
    people = len(material.speakers)
    if not people:
        return None
    released = release_interviews(material, edition, k, percent_from)
    told = people if released.quotable else None
    quotations = _quoted(material) if released.quotable else ()
    counted = (material.count(IDI), material.count(FGI)) if told is not None else (0, 0)
    compared = _compared(released, material)
    coders = material.coders if told is not None else 0
    shown = [as_shown(released), *counted, told, coders, compared, as_shown(quotations)]
    return InterviewSection(
        edition, k, *counted, told, coders, released, *compared, quotations, sha256_of(shown)
    )


def interview_sentence(section: InterviewSection) -> str:
    """ "Odbyło się 6 wywiadów indywidualnych i 1 wywiad grupowy; mówiło w nich 14 osób." """
    people = polish.counted(section.people or 0, "osoba", "osoby", "osób")
    said = polish.plural(section.people or 0, "mówiła", "mówiły", "mówiło")
    idi = polish.counted(
        section.idi, "wywiad indywidualny", "wywiady indywidualne", "wywiadów indywidualnych"
    )
    fgi = polish.counted(section.fgi, "wywiad grupowy", "wywiady grupowe", "wywiadów grupowych")
    held = " i ".join(words for words, count in ((idi, section.idi), (fgi, section.fgi)) if count)
    number = section.fgi if not section.idi else section.idi
    verb = polish.plural(number, "Odbył się", "Odbyły się", "Odbyło się")
    return f"{verb} {held}; {said} w nich {people}."


def _compared(
    released: ReleasedInterviews, material: InterviewMaterial
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Labels of themes that came up in both forms, in individual interviews alone, in group interviews alone."""
    table = released.themes
    if table is None or not (material.count(IDI) and material.count(FGI)):
        return (), (), ()
    labels = {str(theme.id): theme.label for theme in material.themes}
    found: tuple[list[str], list[str], list[str]] = ([], [], [])
    for row in table.rows:
        alone, groups = row.counts
        if alone is None or groups is None or not (alone or groups):
            continue
        found[0 if alone and groups else 1 if alone else 2].append(labels[row.id])
    return tuple(found[0]), tuple(found[1]), tuple(found[2])


def _quoted(material: InterviewMaterial) -> tuple[QuotedTheme, ...]:
    """Each once; words without a theme last."""
    left = list(material.quotations)
    made: list[QuotedTheme] = []
    for theme in material.themes:
        own = [one for one in left if theme.label in one.themes]
        left = [one for one in left if one not in own]
        if own:
            made.append(_under(theme.label, own))
    return (*made, _under("", left)) if left else tuple(made)


def _under(label: str, quotations: list[ClearedQuotation]) -> QuotedTheme:
    said = sorted({one.words for one in quotations if one.literal}, key=polish.alphabetical)
    noted = sorted({one.words for one in quotations if not one.literal}, key=polish.alphabetical)
    return QuotedTheme(label, tuple(said), tuple(noted))
