"""The tables of one round's codes, and which of their rows may be shown. METHOD, "Disclosure control"."""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from survey_app import polish
from survey_app.analysis.coding.change import sector_names
from survey_app.analysis.coding.result import CodedStakeholder, RoundResult
from survey_app.analysis.disclosure.facts import Fact, Match, Path, Profile, SectorsFact, Traits
from survey_app.analysis.disclosure.maker import gmina_row, make_table
from survey_app.analysis.disclosure.suppress import Cells, decide, is_primary
from survey_app.analysis.released import Column, ReleasedRow, ReleasedTable
from survey_app.instrument.model import Stance

if TYPE_CHECKING:
    from survey_app.analysis.disclosure.joint import Reader

DIMENSIONS = ("sector", "type", "place")
TITLES = {
    "sector": "Kody według sektora",
    "type": "Kody według typu interesariusza",
    "place": "Kody interesariuszy wewnętrznych i zewnętrznych",
}
TYPES = {"A": "typ A", "B": "typ B", "C": "typ C", "": "typ nieokreślony"}
PLACES = {"internal": "wewnętrzni", "external": "zewnętrzni"}
NO_PERSONS = "Bez osób fizycznych: ich kodów nie podaje się publicznie, także w sumach."
Case = TypeVar("Case")
ALL_HIDDEN = (
    "Liczby są ukryte: interesariuszy jest zbyt mało albo wszyscy mają ten sam kod, "
    "więc byłby to kod każdego z nich."
)
DROPPED = (
    "Tego podziału nie podano: razem z pozostałymi liczbami pozwalałby odczytać kod pojedynczej instytucji "
    "albo małej grupy."
)


@dataclass(frozen=True, slots=True)
class SectorsReached:
    """Sectors with at least one supporter (Rys. 7). `number` None: hidden; then there are at least those named.

    `named`: those that may be named, alphabetically; `of`: how many sectors the round has.
    """

    number: int | None
    of: int
    named: tuple[str, ...]


@dataclass(frozen=True)
class RoundRelease:
    """A round and what is shown of it. `hidden`: dimension -> categories whose rows are hidden."""

    result: RoundResult
    k: int
    public: bool
    total_hidden: bool = False
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)
    number_hidden: bool = False

    @property
    def stakeholders(self) -> tuple[CodedStakeholder, ...]:
        return self.result.stakeholders

    @property
    def code_ids(self) -> tuple[str, ...]:
        return tuple(code.id for code in self.result.codes)

    @property
    def supporter_codes(self) -> frozenset[str]:
        return frozenset(code.id for code in self.result.codes if code.stance is Stance.SUPPORTER)

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(Column(code.id, code.label_plural) for code in self.result.codes)

    def counted(self, stakeholders: Sequence[CodedStakeholder]) -> Cells:
        """How many of these have each code, in the order of the columns."""
        return Cells(tuple(sum(one.code == code for one in stakeholders) for code in self.code_ids))

    @property
    def total(self) -> Cells:
        return self.counted(self.stakeholders)

    def categories(self, dimension: str) -> dict[str, str]:
        """Id -> name of the categories that somebody is in."""
        return self._categories[dimension]

    @functools.cached_property
    def _categories(self) -> dict[str, dict[str, str]]:
        names = {"sector": sector_names(self.stakeholders), "type": TYPES, "place": PLACES}
        found = [traits(one) for one in self.stakeholders]
        return {
            dimension: {
                category: name
                for category, name in names[dimension].items()
                if any(own[at] == category for own in found)
            }
            for at, dimension in enumerate(DIMENSIONS)
        }

    @property
    def asked(self) -> Hashable:
        """All that a decision on this round depends on: the same asked twice is decided once."""
        members = tuple((traits(one), one.code) for one in self.stakeholders)
        sectors = tuple(self.categories("sector"))
        return self.k, self.code_ids, self.supporter_codes, sectors, members

    def inside(self, dimension: str, category: str) -> list[CodedStakeholder]:
        at = DIMENSIONS.index(dimension)
        return [one for one in self.stakeholders if traits(one)[at] == category]

    def rows(self, dimension: str) -> list[Cells]:
        return [self.counted(self.inside(dimension, category)) for category in self.categories(dimension)]

    def is_hidden(self, dimension: str, category: str) -> bool:
        return category in self.hidden.get(dimension, frozenset())

    def by_code(self) -> ReleasedTable:
        notes = [NO_PERSONS] if self.public else []
        row = gmina_row(self.total, hidden=self.total_hidden)
        return self._made("codes", "Kody", [row], [*notes, *([ALL_HIDDEN] if self.total_hidden else [])])

    def table(self, dimension: str) -> ReleasedTable:
        """One row per category below the row of everybody."""
        categories = self.categories(dimension)
        rows = [gmina_row(self.total, hidden=self.total_hidden)]
        for (category, name), cells in zip(categories.items(), self.rows(dimension), strict=True):
            hidden = self.is_hidden(dimension, category)
            rows.append(
                ReleasedRow(
                    category or "none",
                    name,
                    "group",
                    None if hidden else cells.base,
                    tuple(None if hidden else count for count in cells.counts),
                )
            )
        return self._made(
            f"codes_by_{dimension}", TITLES[dimension], rows, self._notes(dimension, categories)
        )

    def sectors_reached(self) -> SectorsReached:
        """The sectors with a supporter. Only a sector whose row is shown is named: the name adds nothing to the row."""
        reached = {
            category: name
            for category, name in self.categories("sector").items()
            if any(one.code in self.supporter_codes for one in self.inside("sector", category))
        }
        named = tuple(name for category, name in reached.items() if not self.is_hidden("sector", category))
        number = None if self.number_hidden else len(reached)
        return SectorsReached(number, len(self.categories("sector")), named)

    def truth(self) -> dict[int, tuple[Traits, str]]:
        return {one.stakeholder_id: (traits(one), one.code) for one in self.stakeholders}

    def facts(self, side: int) -> Iterator[Fact]:
        """Everything counted that is shown, for a reader who keeps this round on `side`."""
        if not self.total_hidden:
            for code, count in zip(self.code_ids, self.total.counts, strict=True):
                yield Fact(coded(side, code), count)
        for dimension in DIMENSIONS:
            yield from self.facts_of(side, dimension)

    def facts_of(self, side: int, dimension: str) -> Iterator[Fact]:
        """What the shown rows of one dimension count."""
        at = DIMENSIONS.index(dimension)
        for category, cells in zip(self.categories(dimension), self.rows(dimension), strict=True):
            if not self.is_hidden(dimension, category):
                for code, count in zip(self.code_ids, cells.counts, strict=True):
                    yield Fact(coded(side, code, at, category), count)

    def sector_facts(self, side: int) -> list[SectorsFact]:
        number = self.sectors_reached().number
        return [] if number is None else [SectorsFact(side, self.supporter_codes, number)]

    def _notes(self, dimension: str, categories: Mapping[str, str]) -> list[str]:
        notes = [NO_PERSONS] if self.public else []
        hidden = [name for category, name in categories.items() if self.is_hidden(dimension, category)]
        if self.total_hidden:
            notes.append(ALL_HIDDEN)
        elif hidden and len(hidden) == len(categories):
            notes.append(DROPPED)
        elif hidden:
            names = ", ".join(f"„{name}”" for name in hidden)
            notes.append(
                f"Ukryto: {names}. Liczby są ukryte tam, gdzie interesariuszy jest mniej niż {polish.whole(self.k)} "
                f"albo gdzie jest ich mniej niż {polish.whole(2 * self.k)} i wszyscy mają ten sam kod, a także tam, "
                "skąd dałoby się je odtworzyć przez odejmowanie."
            )
        return notes

    def _made(
        self, table_id: str, title: str, rows: Sequence[ReleasedRow], notes: Sequence[str]
    ) -> ReleasedTable:
        percent_from = self.result.instrument.definitions.percent_from
        return make_table(table_id, title, self.columns, rows, percent_from, notes)


def traits(one: CodedStakeholder) -> Traits:
    """What anybody may know of a stakeholder."""
    return (one.sector, one.stakeholder_type or "", "internal" if one.internal else "external")


def coded(side: int, code: str, dimension: int | None = None, category: str = "") -> Match:
    """Institutions with this code in the round on `side`, of one category if a dimension is given."""

    def match(profile: Profile, path: Path) -> bool:
        own = profile[side]
        here = dimension is None or (own is not None and own[dimension] == category)
        return path[side] == code and here

    return match


def decide_round(result: RoundResult, k: int) -> RoundRelease:
    """What the public edition shows of a round of institutions (natural persons are left out already).

    The row of everybody first, then the number of sectors with a supporter, sectors, types, place: each as far as
    `suppress.decide` lets it by itself, and only if nothing follows from it together with what is shown already.
    """
    asked = RoundRelease(result, k, public=True)
    return replace(_decide_once(Once(asked.asked, asked)), result=result)


@dataclass(frozen=True, slots=True)
class Once(Generic[Case]):
    """Something to decide on, told apart from others by what its decision depends on alone: a key of a cache."""

    asked: Hashable
    case: Case = field(compare=False)


@functools.lru_cache(maxsize=64)
def _decide_once(once: Once[RoundRelease]) -> RoundRelease:
    bare = replace(once.case, number_hidden=True)
    nothing = {dimension: frozenset(bare.categories(dimension)) for dimension in DIMENSIONS}
    shown = replace(bare, total_hidden=decide([], bare.total, bare.k).total, hidden=nothing)
    if shown.total_hidden:
        return shown
    reader = reader_of(shown)
    for candidate in ("number", *DIMENSIONS):
        tried = _with(shown, candidate)
        if tried is None:
            continue
        told = reader.told(
            [] if candidate == "number" else tried.facts_of(0, candidate),
            tried.sector_facts(0) if candidate == "number" else [],
        )
        if keeps_secrets(told, [tried]):
            shown, reader = tried, told
    return shown


def _with(shown: RoundRelease, candidate: str) -> RoundRelease | None:
    """What is shown, and one thing more; None where nothing of it may be shown by itself."""
    if candidate == "number":
        return replace(shown, number_hidden=False)
    verdict = decide(shown.rows(candidate), shown.total, shown.k)
    categories = list(shown.categories(candidate))
    hidden = frozenset(categories[at] for at in verdict.rows)
    if verdict.total or len(hidden) == len(categories):
        return None
    return replace(shown, hidden={**shown.hidden, candidate: hidden})


def reader_of(release: RoundRelease) -> Reader:
    """Somebody who has read this round's tables."""
    from survey_app.analysis.disclosure.joint import Reader

    truth = [((own, None), (code, None)) for own, code in release.truth().values()]
    return Reader(truth, (release.code_ids, ()), list(release.facts(0)), release.sector_facts(0))


def keeps_secrets(reader: Reader, rounds: Sequence[RoundRelease]) -> bool:
    """Does the reader of these rounds (the earlier, the later) still not know the code of any institution?

    Except where all of a shown group are alike and there are at least 2k of them, which the rule allows.
    """
    return all(_keeps_codes(reader, side, release) for side, release in enumerate(rounds)) and all(
        _keeps_small_rows(reader, side, release) for side, release in enumerate(rounds)
    )


def _keeps_codes(reader: Reader, side: int, release: RoundRelease) -> bool:
    """Nobody's code is certain: not of one institution, and not of all those that are alike in what is known."""
    known = _known_alike(release)
    doubted = [
        (_of_profile(profile, side, code), size)
        for profile, size in reader.sizes.items()
        if (own := profile[side]) is not None
        and not any(category in (own[at], None) for at, category in known)
        for code in release.code_ids
    ]
    return not reader.knows_any(doubted)


def _keeps_small_rows(reader: Reader, side: int, release: RoundRelease) -> bool:
    """A row that is hidden for its own sake keeps the range of METHOD, or what the row of everybody leaves of it."""
    known, total = _known_alike(release), release.total
    for at, dimension in enumerate(DIMENSIONS):
        for category in release.categories(dimension):
            inside = release.inside(dimension, category)
            row = release.counted(inside)
            if not is_primary(row, release.k) or _all_known(inside, known):
                continue
            for code, in_total in zip(release.code_ids, total.counts, strict=True):
                left = min(row.base, in_total) - max(0, in_total - (total.base - row.base))
                if not reader.leaves_range(
                    coded(side, code, at, category), min(row.base, release.k - 1, left)
                ):
                    return False
    return True


def _known_alike(release: RoundRelease) -> list[tuple[int, str | None]]:
    """Shown rows where everybody is alike and there are 2k or more: (dimension, category); None: everybody."""
    found: list[tuple[int, str | None]] = []
    if not release.total_hidden and max(release.total.counts) == release.total.base:
        found.append((0, None))
    for at, dimension in enumerate(DIMENSIONS):
        for category, cells in zip(release.categories(dimension), release.rows(dimension), strict=True):
            if not release.is_hidden(dimension, category) and max(cells.counts) == cells.base:
                found.append((at, category))
    return found


def _all_known(inside: Sequence[CodedStakeholder], known: Sequence[tuple[int, str | None]]) -> bool:
    return any(
        all(category is None or traits(one)[at] == category for one in inside) for at, category in known
    )


def _of_profile(wanted: Profile, side: int, code: str) -> Match:
    def match(profile: Profile, path: Path) -> bool:
        return profile == wanted and path[side] == code

    return match
