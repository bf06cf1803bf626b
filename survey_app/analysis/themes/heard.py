"""What interviews hold, as the report's chapter needs it: who spoke, which themes came up, what may be quoted.

METHOD, "IDI and FGI": only interviews that took place, and in them only people who agreed and did not take it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.analysis.themes.table import TableInterview, TableTheme, ThemeTable, theme_table


@dataclass(frozen=True, slots=True)
class Speaker:
    """`sector`: its Polish name; `role`: "manages", "works" or "other"."""

    sector: str
    role: str


@dataclass(frozen=True, slots=True)
class HeardInterview:
    """`form`: "idi" or "fgi". `coded`: somebody has gone through its text. `theme_ids`: of its passages."""

    id: int
    form: str
    speakers: tuple[Speaker, ...]
    coded: bool
    theme_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class ClearedQuotation:
    """Words that a person of the team read for names and cleared; without letter, role or institution.

    `literal`: as they were said; else as the moderator noted them down. `themes`: labels.
    """

    words: str
    literal: bool
    themes: frozenset[str]


@dataclass(frozen=True, slots=True)
class InterviewMaterial:
    """`themes` in the order of the tree. `coders`: how many people gave themes."""

    interviews: tuple[HeardInterview, ...]
    themes: tuple[TableTheme, ...]
    quotations: tuple[ClearedQuotation, ...] = ()
    coders: int = 0

    @property
    def speakers(self) -> list[Speaker]:
        return [speaker for one in self.interviews for speaker in one.speakers]

    def count(self, form: str) -> int:
        """How many interviews of the form there are."""
        return sum(one.form == form for one in self.interviews)

    def table(self, only: Sequence[HeardInterview] | None = None) -> ThemeTable:
        """Themes by interviews; of these interviews alone where they are given."""
        chosen = self.interviews if only is None else only
        return theme_table(
            self.themes,
            [TableInterview(one.id, one.form, "", one.coded) for one in chosen],
            [(one.id, theme_id) for one in chosen for theme_id in one.theme_ids],
        )
