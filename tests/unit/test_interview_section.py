"""What interviews brought, in both editions: nothing public tells of fewer than three people."""

from __future__ import annotations

import dataclasses
import random
from itertools import chain

import pytest

from survey_app.analysis.diagnoza.chapters.interviews import interviews_chapter
from survey_app.analysis.diagnoza.document import (
    BulletList,
    CountTable,
    Paragraph,
    Subheading,
)
from survey_app.analysis.diagnoza.interview_section import (
    InterviewSection,
    interview_section,
    interview_sentence,
)
from survey_app.analysis.edition import Edition
from survey_app.analysis.released import ReleasedTable
from survey_app.analysis.themes.heard import ClearedQuotation, HeardInterview, InterviewMaterial, Speaker
from survey_app.analysis.themes.table import TableTheme

K = 3
SECTORS = ("Edukacja", "Kultura", "Pomoc społeczna", "Zdrowie")
THEMES = (
    TableTheme(1, "Wiedza o partnerstwie", "", "", None, 0, False),
    TableTheme(2, "Własny udział", "", "", None, 0, False),
    TableTheme(3, "Sala i sprzęt", "", "", 2, 1, False),
    TableTheme(4, "Perspektywy", "", "", None, 0, False),
)


def idi(number: int, sector: str = "Edukacja", role: str = "works", *themes: int) -> HeardInterview:
    return HeardInterview(number, "idi", (Speaker(sector, role),), True, frozenset(themes))


def fgi(number: int, people: int, *themes: int) -> HeardInterview:
    speakers = tuple(Speaker(SECTORS[at % 4], "works") for at in range(people))
    return HeardInterview(number, "fgi", speakers, True, frozenset(themes))


def section(edition: Edition, *interviews: HeardInterview, **more: object) -> InterviewSection:
    found = interview_section(edition, InterviewMaterial(interviews, THEMES, coders=2, **more), K)  # type: ignore[arg-type]
    assert found is not None
    return found


def counts(table: ReleasedTable | None) -> dict[str, int | None]:
    """Column -> number, of a table of one row."""
    assert table is not None
    return dict(zip((column.label for column in table.columns), table.rows[0].counts, strict=True))


def by_theme(found: InterviewSection) -> dict[str, tuple[int | None, ...]]:
    assert found.released.themes is not None
    return {row.label.lstrip("– "): row.counts for row in found.released.themes.rows}


def test_without_anybody_heard_there_is_no_chapter() -> None:
    assert interview_section(Edition.INTERNAL, InterviewMaterial((), THEMES)) is None
    nobody = HeardInterview(1, "idi", (), True, frozenset({1}))
    assert interview_section(Edition.INTERNAL, InterviewMaterial((nobody,), THEMES)) is None


def test_the_internal_edition_counts_everybody_and_every_interview() -> None:
    found = section(
        Edition.INTERNAL, idi(1, "Edukacja", "manages", 1, 3), idi(2, "Kultura", "works", 1), fgi(3, 8, 4, 1)
    )
    assert counts(found.released.by_sector) == {
        "Edukacja": 3,
        "Kultura": 3,
        "Pomoc społeczna": 2,
        "Zdrowie": 2,
        "Razem": 10,
    }
    assert counts(found.released.by_role) == {
        "zarządza instytucją": 1,
        "wykonuje pracę merytoryczną": 9,
        "Razem": 10,
    }
    assert by_theme(found) == {
        "Wiedza o partnerstwie": (2, 1),
        "Własny udział": (1, 0),  # through what stands below it
        "Sala i sprzęt": (1, 0),
        "Perspektywy": (0, 1),
    }
    assert (found.both, found.only_idi, found.only_fgi) == (
        ("Wiedza o partnerstwie",),
        ("Własny udział", "Sala i sprzęt"),
        ("Perspektywy",),
    )
    assert found.released.crossed is not None
    assert interview_sentence(found).replace("\u00a0", " ") == (
        "Odbyły się 2 wywiady indywidualne i 1 wywiad grupowy; mówiło w nich 10 osób."
    )


def test_a_theme_counts_interviews_and_not_mentions() -> None:
    """However often it came up in one, and however many coders gave it."""
    found = section(Edition.INTERNAL, idi(1, "Edukacja", "works", 3, 2), idi(2))
    assert by_theme(found)["Własny udział"] == (1, 0)


def test_the_public_edition_joins_small_sectors_and_hides_rare_themes() -> None:
    few = [idi(at, "Edukacja", "works", 1) for at in range(1, 8)]
    found = section(Edition.PUBLIC, *few, idi(8, "Zdrowie", "manages", 4), idi(9, "Kultura", "manages"))
    assert counts(found.released.by_sector) == {"pozostałe sektory": 9, "Razem": 9}
    assert found.released.crossed is None
    assert by_theme(found)["Wiedza o partnerstwie"] == (7, 0)
    assert by_theme(found)["Perspektywy"] == by_theme(found)["Własny udział"] == (None, 0)


def test_a_theme_of_every_interview_is_hidden_while_they_are_few() -> None:
    five = [idi(at, "Edukacja", "works", 1) for at in range(5)]
    assert by_theme(section(Edition.PUBLIC, *five))["Wiedza o partnerstwie"] == (None, 0)
    six = [*five, idi(9, "Edukacja", "works", 1)]
    assert by_theme(section(Edition.PUBLIC, *six))["Wiedza o partnerstwie"] == (6, 0)


def test_two_people_are_too_few_for_anything_public() -> None:
    words = (ClearedQuotation("Damy salę.", True, frozenset({"Własny udział"})),)
    found = section(Edition.PUBLIC, idi(1, "Edukacja", "works", 1), idi(2), quotations=words)
    assert (found.people, found.idi, found.quotations, found.released.themes) == (None, 0, (), None)
    text = " ".join(block.text for block in interviews_chapter(found).blocks if isinstance(block, Paragraph))
    assert "mniej niż 3 osób" in text
    assert "Damy salę" not in text
    assert section(Edition.INTERNAL, idi(1), idi(2), quotations=words).quotations != ()


def test_a_group_of_two_is_told_of_like_single_people() -> None:
    found = section(Edition.PUBLIC, fgi(1, 2, 4), *(idi(at) for at in range(2, 9)))
    assert by_theme(found)["Perspektywy"] == (None, 0)
    assert section(Edition.PUBLIC, fgi(1, 8, 4)).released.themes is not None


def test_words_stand_under_their_theme_without_an_order_of_talks() -> None:
    words = (
        ClearedQuotation("Zima to najgorszy czas.", True, frozenset({"Perspektywy"})),
        ClearedQuotation("Brakuje kierowcy", False, frozenset({"Perspektywy", "Sala i sprzęt"})),
        ClearedQuotation("Bez tematu 😀 i שלום.", True, frozenset()),
        ClearedQuotation("Ława dla seniorów.", True, frozenset({"Perspektywy"})),
    )
    found = section(Edition.PUBLIC, fgi(1, 8, 4), quotations=words)
    assert [(one.label, one.said, one.noted) for one in found.quotations] == [
        ("Sala i sprzęt", (), ("Brakuje kierowcy",)),
        ("Perspektywy", ("Ława dla seniorów.", "Zima to najgorszy czas."), ()),
        ("", ("Bez tematu 😀 i שלום.",), ()),
    ]
    chapter = interviews_chapter(found)
    quoted = [
        block.text for block in chapter.blocks if isinstance(block, Paragraph) and block.style == "quote"
    ]
    assert quoted[:2] == ["Z notatki moderatora: Brakuje kierowcy", "„Ława dla seniorów.”"]
    assert [block.text for block in chapter.blocks if isinstance(block, Subheading)][-1] == "Inne słowa"


def test_the_chapter_compares_both_forms_only_where_both_were_held() -> None:
    alone = interviews_chapter(section(Edition.INTERNAL, idi(1, "Edukacja", "works", 1)))
    assert not any(isinstance(block, BulletList) for block in alone.blocks)
    both = interviews_chapter(section(Edition.INTERNAL, idi(1, "Edukacja", "works", 1), fgi(2, 6, 1)))
    assert any(isinstance(block, BulletList) for block in both.blocks)


@pytest.mark.parametrize("edition", list(Edition))
def test_the_checksum_follows_what_is_shown_and_nothing_else(edition: Edition) -> None:
    material = [*(idi(at, "Edukacja", "works", 1) for at in range(7)), idi(7, "Kultura", "works", 4)]
    before = section(edition, *material).checksum
    other = dataclasses.replace(material[-1], theme_ids=frozenset({2}))
    changed = section(edition, *material[:-1], other).checksum
    assert (before == changed) == (edition is Edition.PUBLIC)  # a hidden number is no touchstone
    assert section(edition, *material, idi(8, "Edukacja", "works", 1)).checksum != before


def test_whatever_was_heard_no_public_number_tells_of_fewer_than_three() -> None:
    """A reader adds and subtracts rows that are shown; the rest of everybody is never one or two people."""
    source = random.Random(4)
    for _ in range(400):
        interviews = [
            HeardInterview(
                at,
                "idi" if source.random() < 0.8 else "fgi",
                tuple(
                    Speaker(source.choice(SECTORS), source.choice(("manages", "works", "other")))
                    for _ in range(source.choice((1, 1, 1, 4, 8)))
                ),
                source.random() < 0.9,
                frozenset(source.sample((1, 2, 3, 4), source.randint(0, 4))),
            )
            for at in range(source.randint(1, 9))
        ]
        found = interview_section(Edition.PUBLIC, InterviewMaterial(tuple(interviews), THEMES), K)
        assert found is not None
        for table in (found.released.by_sector, found.released.by_role):
            if table is not None:
                numbers = counts(table)
                assert min(numbers.values()) >= K  # type: ignore[type-var]
                assert sum(value or 0 for value in numbers.values()) == 2 * (numbers["Razem"] or 0)
        if found.released.themes is not None:
            shown = [row.counts[0] for row in found.released.themes.rows if row.counts[0] is not None]
            assert not shown or all(count >= K or not _any_idi(interviews) for count in shown)


def _any_idi(interviews: list[HeardInterview]) -> bool:
    return any(one.form == "idi" and one.coded for one in interviews)


def test_every_table_of_the_chapter_has_a_place_to_link_to() -> None:
    chapter = interviews_chapter(section(Edition.INTERNAL, idi(1, "Edukacja", "works", 1), fgi(2, 6, 1)))
    tables = [block for block in chapter.blocks if isinstance(block, CountTable)]
    assert len({table.anchor for table in tables}) == len(tables) == 4
    assert "ukryte" not in " ".join(chain.from_iterable(table.table.notes for table in tables))
