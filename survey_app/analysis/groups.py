"""The released groups of a campaign: formed once, at the lock, from the counts of the grouping question
alone.

METHOD, "Disclosure control": a type with fewer than k respondents merges with others of its sector, then of
its three-way sector, then into "pozostałe", then the whole gmina. A merge must also stand up to a reader who
knows this rule and replays it:

- types that nobody chose merge like the others, so that nobody and one look the same;
- a pool of small types (each at most k - 1) stands alone only while its sum leaves each of them every value from
  0 to k - 1; otherwise it joins a group at hand, exactly like a pool that is still under k;
- which group that is follows from the instrument's order, never from sizes: first the groups of their own, then
  sectors from the last to the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey_app.instrument.model import Instrument, SectorTable
from survey_app.instrument.values import Answers, choice_of

UNSTATED = "bez_wskazania"  # stands for those who left the grouping question unanswered
_UNSTATED_LABEL = "Bez wskazania rodzaju instytucji"
_WHOLE_LABEL = "Cała gmina"
_REST_LABEL = "Pozostałe"


@dataclass(frozen=True, slots=True)
class Group:
    """One released group. `members`: labels of the types in it, for the note under a table."""

    id: str
    label: str
    options: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """The frozen grouping of a campaign. `empty`: types that nobody chose and that belong to no group.

    `unstated` is the option that those who left the grouping question unanswered are counted with.
    """

    k: int
    anonymous: bool
    items: tuple[Group, ...]
    empty: tuple[str, ...] = ()
    unstated: str = UNSTATED

    @property
    def single(self) -> bool:
        """True when there is nothing to compare: one group is the whole gmina."""
        return len(self.items) <= 1

    def group_of(self, option_id: str | None) -> Group:
        """The group of a type (None: left unanswered). KeyError for a type that nobody had chosen."""
        wanted = self.unstated if option_id is None else option_id
        for group in self.items:
            if wanted in group.options:
                return group
        raise KeyError(wanted)

    def to_json(self) -> dict[str, Any]:
        """What is stored with the campaign at the lock, and never changes."""
        return {
            "k": self.k,
            "anonymous": self.anonymous,
            "empty": list(self.empty),
            "unstated": self.unstated,
            "groups": [
                {"id": g.id, "label": g.label, "options": list(g.options), "members": list(g.members)}
                for g in self.items
            ],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Groups:
        items = tuple(
            Group(g["id"], g["label"], tuple(g["options"]), tuple(g["members"])) for g in document["groups"]
        )
        return cls(
            document["k"], document["anonymous"], items, tuple(document["empty"]), document["unstated"]
        )


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Types that are counted together while groups are being formed."""

    options: tuple[str, ...]
    size: int
    rest: bool = False  # "pozostałe"


@dataclass(slots=True)
class _Forming:
    """The state of forming: what stands already, and the pools that still look for company."""

    counts: Mapping[str, int]
    k: int
    standing: list[_Cluster] = field(default_factory=list)

    def pool_stands(self, pool: Sequence[str]) -> bool:
        """Enough people, and no part that the sum gives away: every part can still be anything from 0 to k
        - 1.
        """
        size = self.size(pool)
        return self.k <= size <= (len(pool) - 1) * (self.k - 1)

    def size(self, pool: Iterable[str]) -> int:
        return sum(self.counts.get(option, 0) for option in pool)

    def settle(self, pool: tuple[str, ...], company: Sequence[str], *, rest: bool = False) -> tuple[str, ...]:
        """Make the pool a group, or join it to the first group among `company`; else hand it back.

        The first, not the smallest: a choice by size would say something about sizes. One small type that is all of
        "pozostałe" takes the next group in, too, until there are 2k - 1 people: else the sum would give it away.
        """
        if not pool:
            return ()
        if self.pool_stands(pool):
            self.standing.append(_Cluster(pool, self.size(pool), rest))
            return ()
        joined = _Cluster(pool, self.size(pool), rest)
        for cluster in self.near(company):
            if joined.options != pool and (not rest or len(pool) > 1 or joined.size >= 2 * self.k - 1):
                break
            self.standing.remove(cluster)
            joined = _Cluster(
                (*joined.options, *cluster.options), joined.size + cluster.size, rest or cluster.rest
            )
        if joined.options == pool:
            return pool
        self.standing.append(joined)
        return ()

    def near(self, company: Sequence[str]) -> list[_Cluster]:
        """The groups that hold any of these types, in the order of the types."""
        found = [cluster for option in company for cluster in self.standing if option in cluster.options]
        return list(dict.fromkeys(found))


def type_counts(instrument: Instrument, records: Iterable[Answers]) -> dict[str, int]:
    """How many chose each option of the grouping question.

    Those who left it unanswered are counted with "wolę nie wskazywać" (the instrument's declining option),
    or under `UNSTATED` where the instrument has none: neither says which institution it was.
    """
    table = instrument.definitions.sectors
    if table is None:
        return {UNSTATED: sum(1 for _ in records)}
    unstated = unstated_option(instrument)
    chosen = Counter(
        choice_of(record[table.question].value) or unstated if table.question in record else unstated
        for record in records
    )
    return {option: chosen.get(option, 0) for option in _all_options(instrument, table)}


def unstated_option(instrument: Instrument) -> str:
    """The option that an unanswered grouping question is counted with."""
    table = instrument.definitions.sectors
    options = instrument.by_id[table.question].options if table else ()
    return next((option.id for option in options if option.decline), UNSTATED)


def form_groups(
    instrument: Instrument, counts: Mapping[str, int], k: int, *, anonymous: bool = True
) -> Groups:
    """The released groups, from `type_counts` alone. Every group has at least k people, or is the whole
    gmina.

    A named campaign hides nothing: every type that somebody chose is a group.
    """
    table = instrument.definitions.sectors
    unstated = unstated_option(instrument)
    if table is None:
        whole = Group("g1", _WHOLE_LABEL, (UNSTATED,), ())
        return Groups(k, anonymous, (whole,), (), unstated)
    options = _all_options(instrument, table)
    if anonymous:
        clusters = _merge(table, options, counts, k)
    else:
        clusters = [_Cluster((option,), counts[option]) for option in options if counts.get(option, 0)]
    if not clusters:
        clusters = [_Cluster(options, sum(counts.values()))]
    order = {option: position for position, option in enumerate(options)}
    clusters = [_Cluster(tuple(sorted(c.options, key=order.__getitem__)), c.size, c.rest) for c in clusters]
    clusters.sort(key=lambda c: (c.rest, order[c.options[0]]))
    items = tuple(_named(instrument, table, cluster, f"g{n}") for n, cluster in enumerate(clusters, start=1))
    taken = {option for group in items for option in group.options}
    return Groups(k, anonymous, items, tuple(option for option in options if option not in taken), unstated)


def _merge(table: SectorTable, options: tuple[str, ...], counts: Mapping[str, int], k: int) -> list[_Cluster]:
    forming = _Forming(counts, k)
    small = [option for option in options if counts.get(option, 0) < k]
    forming.standing = [_Cluster((option,), counts[option]) for option in options if option not in small]
    left: dict[str | None, tuple[str, ...]] = {}
    for sector in table.sectors:
        members = tuple(option for option in options if table.option_sector.get(option) == sector.id)
        pool = tuple(option for option in members if option in small)
        left[sector.three_way] = left.get(sector.three_way, ()) + forming.settle(pool, members)
    rest = left.pop(None, ())
    for part, pool in left.items():
        rest += _settle_three_way(forming, table, options, part, pool)
    rest += tuple(option for option in small if option not in table.option_sector)
    # Nobody is nobody's answer: types that no one chose, and that met no one on the way up, need no company.
    place = {sector.id: position for position, sector in enumerate(table.sectors)}
    company = sorted(options, key=lambda o: -place.get(table.option_sector.get(o, ""), len(place)))
    if forming.size(rest) and forming.settle(rest, company, rest=True):
        return [_Cluster(options, sum(counts.values()))]
    return forming.standing


def _settle_three_way(
    forming: _Forming, table: SectorTable, options: Sequence[str], part: str | None, pool: tuple[str, ...]
) -> tuple[str, ...]:
    company = [
        option
        for option in options
        if option in table.option_sector and table.sector(table.option_sector[option]).three_way == part
    ]
    if forming.size(pool) == 0:
        # With a group at hand anyone of these types would have joined it, so a reader knows that there is nobody.
        return () if forming.near(company) else pool
    return forming.settle(pool, company)


def _all_options(instrument: Instrument, table: SectorTable) -> tuple[str, ...]:
    options = tuple(option.id for option in instrument.by_id[table.question].options)
    unstated = unstated_option(instrument)
    return options if unstated in options else (*options, unstated)


def _named(instrument: Instrument, table: SectorTable, cluster: _Cluster, group_id: str) -> Group:
    labels = {option.id: option.label for option in instrument.by_id[table.question].options}
    labels.setdefault(UNSTATED, _UNSTATED_LABEL)
    members = tuple(labels[option] for option in cluster.options)
    label = _label(instrument, table, cluster, labels)
    return Group(group_id, label[:1].upper() + label[1:], cluster.options, members)


def _label(instrument: Instrument, table: SectorTable, cluster: _Cluster, labels: Mapping[str, str]) -> str:
    """The shortest honest name: the type, the sector, the part of the three-way division, or "pozostałe"."""
    chosen = set(cluster.options)
    if len(cluster.options) == 1:
        alone = cluster.options[0]
        return _UNSTATED_LABEL if alone == unstated_option(instrument) else labels[alone]
    if chosen >= set(_all_options(instrument, table)):
        return _WHOLE_LABEL
    if cluster.rest or not chosen <= set(table.option_sector):
        return _REST_LABEL
    for sector in table.sectors:
        members = {option for option, sector_id in table.option_sector.items() if sector_id == sector.id}
        if chosen <= members:
            return sector.label if chosen == members else ", ".join(labels[o] for o in cluster.options)
    parts = {table.sector(table.option_sector[option]).three_way for option in chosen}
    if len(parts) == 1 and (part := parts.pop()) is not None:
        members = {
            o for o, sector_id in table.option_sector.items() if table.sector(sector_id).three_way == part
        }
        name = table.three_way_labels[part]
        return name if chosen == members else f"{name}: pozostałe rodzaje"
    return _REST_LABEL
