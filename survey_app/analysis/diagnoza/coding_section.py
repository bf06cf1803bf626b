"""The coding of a gmina as one edition may show it: made once from the closed rounds, read by chapters and summary.

METHOD, "The diagnoza": the public edition has aggregates only. Single codes, reasons, evidence and the order of talks
are not hidden in it but absent from its section, so that no chapter can print them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.coding.change import RoundChange, change_between, counted_rounds
from survey_app.analysis.coding.persuasion_effect import Action, persuasion_effect
from survey_app.analysis.coding.result import (
    OCCASIONS,
    Agreement,
    CodedStakeholder,
    CodingHistory,
    Correction,
    RoundResult,
)
from survey_app.analysis.coding.talks import Talk, order_of_talks
from survey_app.analysis.diagnoza.canonical import as_shown, sha256_of
from survey_app.analysis.diagnoza.persuasion_section import PersuasionSection
from survey_app.analysis.diagnoza.result import ReadinessResult
from survey_app.analysis.disclosure.codes import ReleasedChange, ReleasedCodes, release_change, release_codes
from survey_app.analysis.disclosure.persuasion import release_effect
from survey_app.analysis.edition import Edition
from survey_app.analysis.groups import Groups
from survey_app.instrument.model import Code, Coding, Instrument, SectorTable


@dataclass(frozen=True, slots=True)
class DeclaredResource:
    """A contribution that stood in the catalogue when the last round closed. `kind`: in Polish words."""

    stakeholder: str
    natural_person: bool
    kind: str
    description: str
    declared_on: dt.date


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One sector of what was coded: how many stakeholders, by place and by statutory type."""

    label: str
    total: int
    internal: int
    external: int
    types: tuple[int, int, int, int]  # A, B, C, not decided


@dataclass(frozen=True, slots=True)
class RoundSection:
    """What an edition says of one closed round.

    `detail`: every stakeholder with the code that holds now, None in public; `corrected`: name and correction, for
    each one that was made, none in public; `corrections`: how many. `title` is free text of the team: empty in public.
    """

    number: int
    title: str
    occasion: str
    opened_on: dt.date
    closed_on: dt.date
    raters: int
    instrument: Instrument
    scheme: str
    codes: tuple[Code, ...]
    agreement: tuple[Agreement, ...]
    corrections: int
    released: ReleasedCodes
    detail: RoundResult | None
    corrected: tuple[tuple[str, Correction], ...]

    @property
    def label(self) -> str:
        """ "Tura 2 (przed podpisaniem Paktu)"."""
        return f"Tura {self.number} ({OCCASIONS[self.occasion]})"

    @property
    def coding(self) -> Coding:
        coding = self.instrument.definitions.coding
        assert coding is not None
        return coding


@dataclass(frozen=True, slots=True)
class CodingSection:
    """The closed rounds of a gmina, the earliest first, at least one.

    In the public edition `moves`, `persuasion` and every `detail` are None, `talks` and `resources` are empty, and
    natural persons stand in no count. `catalogue` and `resource_counts` are of the last round; `change` and `moves` go
    from the first to the last round. `persuasion`: None where no action took place, too.
    """

    edition: Edition
    rounds: tuple[RoundSection, ...]
    catalogue: tuple[CatalogueRow, ...]
    change: ReleasedChange | None
    moves: RoundChange | None
    talks: tuple[Talk, ...]
    resource_counts: tuple[tuple[str, int], ...]
    resources: tuple[DeclaredResource, ...]
    checksum: str  # sha256 of what this edition shows
    persuasion: PersuasionSection | None = None

    @property
    def is_internal(self) -> bool:
        return self.edition is Edition.INTERNAL

    @property
    def last(self) -> RoundSection:
        return self.rounds[-1]

    @property
    def version(self) -> str:
        """How many rounds are closed and how often they were corrected: "2.1"."""
        return f"{len(self.rounds)}.{sum(one.corrections for one in self.rounds)}"


@dataclass(frozen=True, slots=True)
class Ankieta:
    """What a locked campaign adds to the order of talks."""

    readiness: ReadinessResult | None
    groups: Groups
    sectors: SectorTable | None


@dataclass(frozen=True, slots=True)
class Diary:
    """What took place of the scenariusz oddziaływań. `kinds`: kind of action -> how it is called, in order."""

    actions: tuple[Action, ...]
    kinds: Mapping[str, str]


def persuasion_section(history: CodingHistory, diary: Diary | None) -> PersuasionSection | None:
    """None where nothing took place, or no round is closed."""
    if diary is None:
        return None
    effect = persuasion_effect(history, diary.actions, diary.kinds)
    if effect is None or not effect.reached:
        return None
    percent_from = history.last.instrument.definitions.percent_from
    released = release_effect(effect, diary.kinds, Edition.INTERNAL, percent_from)
    return PersuasionSection(effect, released, diary.kinds)


def coding_section(
    edition: Edition,
    history: CodingHistory,
    resources: Sequence[DeclaredResource] = (),
    ankieta: Ankieta | None = None,
    diary: Diary | None = None,
) -> CodingSection | None:
    """None before any round is closed. `resources`: as they stood when the last round closed. `diary`: what took place
    towards those who are to be won over; the public edition leaves it out.
    """
    if not history.rounds:
        return None
    is_internal = edition is Edition.INTERNAL
    counted = counted_rounds(history)
    k = max(one.instrument.definitions.smallest_cell for one in counted)
    rounds = tuple(
        _round(edition, closed, now, k, history.merged)
        for closed, now in zip(history.rounds, counted, strict=True)
    )
    moves = change_between(history)
    change = release_change(moves, edition, k) if moves else None
    shown = [one for one in resources if is_internal or not one.natural_person]
    persuasion = persuasion_section(history, diary) if is_internal else None
    return CodingSection(
        edition=edition,
        rounds=rounds,
        catalogue=_catalogue(_shown(edition, counted[-1].stakeholders)),
        change=change,
        moves=moves if is_internal else None,
        talks=_talks(counted[-1], ankieta) if is_internal else (),
        resource_counts=_kinds(shown),
        resources=tuple(shown) if is_internal else (),
        checksum=_checksum(
            edition, history, rounds, change, _kinds(shown), shown if is_internal else (), persuasion
        ),
        persuasion=persuasion,
    )


def _round(
    edition: Edition, closed: RoundResult, now: RoundResult, k: int, merged: Mapping[int, int]
) -> RoundSection:
    is_internal = edition is Edition.INTERNAL
    public = _without_persons(closed, now, merged)
    agreement, corrections = (closed.agreement, closed.corrections) if is_internal else public
    return RoundSection(
        number=closed.number,
        title=closed.title if is_internal else "",
        occasion=closed.occasion,
        opened_on=closed.opened_on,
        closed_on=closed.closed_on,
        raters=closed.raters,
        instrument=closed.instrument,
        scheme=closed.scheme,
        codes=closed.codes,
        agreement=agreement,
        corrections=len(corrections),
        released=release_codes(now, edition, k),
        detail=now if is_internal else None,
        corrected=_corrected(closed) if is_internal else (),
    )


def _without_persons(
    closed: RoundResult, now: RoundResult, merged: Mapping[int, int]
) -> tuple[tuple[Agreement, ...], tuple[Correction, ...]]:
    """The agreement and the corrections that rest on institutions alone: nothing public depends on natural persons.

    No agreement where one of those that it was counted from turned out to be a person after the close.
    """
    persons = {one.stakeholder_id for one in now.stakeholders if one.natural_person}
    mistaken = any(
        merged.get(one.stakeholder_id, one.stakeholder_id) in persons and not one.natural_person
        for one in closed.stakeholders
    )
    return () if mistaken else closed.institutions_agreement, tuple(
        one for one in closed.corrections if merged.get(one.stakeholder_id, one.stakeholder_id) not in persons
    )


def _corrected(closed: RoundResult) -> tuple[tuple[str, Correction], ...]:
    names = {one.stakeholder_id: one.name for one in closed.stakeholders}
    return tuple((names[one.stakeholder_id], one) for one in closed.corrections)


def _shown(edition: Edition, stakeholders: Iterable[CodedStakeholder]) -> list[CodedStakeholder]:
    return [one for one in stakeholders if edition is Edition.INTERNAL or not one.natural_person]


def _catalogue(stakeholders: Sequence[CodedStakeholder]) -> tuple[CatalogueRow, ...]:
    """By sector, alphabetically; the last row is everybody."""
    labels = sorted({one.sector_label for one in stakeholders}, key=polish.alphabetical)
    rows = [
        _catalogue_row(label, [one for one in stakeholders if one.sector_label == label]) for label in labels
    ]
    return (*rows, _catalogue_row("Razem", stakeholders))


def _catalogue_row(label: str, stakeholders: Sequence[CodedStakeholder]) -> CatalogueRow:
    types = Counter(one.stakeholder_type for one in stakeholders)
    internal = sum(one.internal for one in stakeholders)
    return CatalogueRow(
        label,
        len(stakeholders),
        internal,
        len(stakeholders) - internal,
        (types["A"], types["B"], types["C"], types[None]),
    )


def _talks(result: RoundResult, ankieta: Ankieta | None) -> tuple[Talk, ...]:
    if ankieta is None:
        return order_of_talks(result, None, None, None)
    return order_of_talks(result, ankieta.readiness, ankieta.groups, ankieta.sectors)


def _kinds(resources: Iterable[DeclaredResource]) -> tuple[tuple[str, int], ...]:
    """The most frequent kind first, equal ones alphabetically."""
    counts = Counter(one.kind for one in resources)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], polish.alphabetical(pair[0]))))


def _checksum(
    edition: Edition,
    history: CodingHistory,
    rounds: Sequence[RoundSection],
    change: ReleasedChange | None,
    kinds: Sequence[tuple[str, int]],
    resources: Sequence[DeclaredResource],
    persuasion: PersuasionSection | None,
) -> str:
    """Over what this edition shows, and nothing else: a sum over single codes would let a reader try them out."""
    frozen: dict[str, object] = {
        "rounds": [
            [one.number, one.closed_on, one.instrument.sha256, one.scheme, as_shown(one.released)]
            for one in rounds
        ],
        "change": as_shown(change),
        "resources": kinds,
    }
    if edition is Edition.INTERNAL:
        frozen["frozen rounds"] = [one.checksum for one in history.rounds]
        frozen["corrections"] = [as_shown(one.corrections) for one in history.rounds]
        frozen["merged"] = sorted(history.merged.items())
        frozen["left"] = sorted(history.left)
        frozen["declared"] = as_shown(tuple(resources))
        if persuasion is not None:
            told = [(one.stakeholder_id, one.first_day, one.kinds) for one in persuasion.effect.reached]
            frozen["persuasion"] = [as_shown(persuasion.released), told]
        gone = [{key: sorted(words) for key, words in one.gone_evidence.items()} for one in history.rounds]
        if any(gone):
            frozen["gone evidence"] = as_shown(gone)
    return sha256_of(frozen)
