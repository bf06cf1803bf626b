"""A region's report: sums, and measures over gminas, from their releases. Reads no answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from survey_app import polish
from survey_app.analysis.disclosure.rollup import (
    COUNTRY,
    MIN_GMINAS,
    ONE_GMINA,
    PART,
    REGION,
    Part,
    Pool,
    Spread,
    Waiting,
    form_pools,
    gminas_by_region,
    lies_in,
    region_table,
    shown_gminas,
    shown_regions,
    spread,
)
from survey_app.analysis.released import Column, ReleasedTable
from survey_app.analysis.rollup.coding_release import STANCES, CodingRelease
from survey_app.analysis.rollup.gmina_release import GminaRelease, QuestionRelease, Score
from survey_app.analysis.rollup.measure import Measure
from survey_app.analysis.rollup.network import Network, NetworkOver, network_over

__all__ = [
    "FEW",
    "ROWS_OF_GMINAS",
    "CodingOver",
    "Country",
    "Measure",
    "NetworkOver",
    "Place",
    "RegionQuestion",
    "RollUp",
    "pools_of",
    "roll_up",
]

FEW = (
    f"Sumy podaje się od {MIN_GMINAS} gmin. „Ukryte” jest także to, co pozwoliłoby odjąć od siebie poziomy i odczytać"
    " wynik jednej albo dwóch gmin."
)
ROWS_OF_GMINAS = "Wiersz gminy pokazujemy tylko za zgodą jej zespołu."


@dataclass(frozen=True, slots=True)
class Place:
    """A region or a gmina by its code, and what it is called."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Country:
    """Everything that has gone up for one instrument, and what it may be counted with.

    `releases`: all of them, in the order of the locks, older campaigns of a gmina included; `willing`: gminas that let
    their row be seen; `example`: made-up gminas, which count in no real region; `network`: facts beside the answers.
    """

    releases: Sequence[GminaRelease]
    coding: Sequence[CodingRelease]
    places: Mapping[str, str]
    willing: frozenset[str] = frozenset()
    example: frozenset[str] = frozenset()
    network: Network = field(default_factory=Network)


@dataclass(frozen=True, slots=True)
class RegionQuestion:
    """One question's sums. `gminas`: row -> how many gminas the sum holds, `of`: how many held a campaign."""

    question: str
    table: ReleasedTable
    gminas: Mapping[str, int]
    of: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CodingOver:
    """`gminas` with a closed round, `pairs` with two whose numbers may be shown. Tables by region."""

    gminas: int
    pairs: int
    change: ReleasedTable
    stances: ReleasedTable
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class RollUp:
    """The report of a powiat, a województwo or the country.

    `response`: sums by region; `readiness`: of whole gminas; `sectors`: of sectors over gminas, in the instrument's
    words; `shares`: of the answer that counts, per component; `example`: the gminas in it are made up.
    """

    code: str
    label: str
    gminas: int
    response: ReleasedTable
    rr1: Mapping[str, float]
    questions: tuple[RegionQuestion, ...]
    readiness: Measure
    shares: tuple[Measure, ...]
    sectors: tuple[Measure, ...]
    coding: CodingOver | None
    example: bool = False
    network: NetworkOver | None = None

    @property
    def tables(self) -> tuple[ReleasedTable, ...]:
        """Every released table of the report, in its order."""
        coding = (self.coding.change, self.coding.stances) if self.coding else ()
        network = self.network.tables if self.network else ()
        return (self.response, *(one.table for one in self.questions), *coding, *network)


def roll_up(country: Country, code: str) -> RollUp:
    """The report of the region with this code: "PL", two digits, or four."""
    counted = _counted(country, code)
    newest = {one.gmina: one for one in counted.releases}
    here = [one for gmina, one in newest.items() if lies_in(gmina, code)]
    coding = [one for one in counted.coding if lies_in(one.gmina, code)]
    places = _Places.of(counted, code, [*newest, *(one.gmina for one in counted.coding)])
    response, rr1 = _response(list(newest.values()), places)
    pools = pools_of(counted.releases)
    return RollUp(
        code=code,
        label=country.places.get(code, code),
        gminas=len(here),
        response=response,
        rr1=rr1,
        questions=tuple(
            _question(counted, question, newest, pools.get((question.id, _ids(question)), ()), places)
            for question in _newest_questions(counted.releases)
        ),
        readiness=Measure("readiness", "Cała gmina", _over([one.score for one in here])),
        shares=_shares(here),
        sectors=_sector_measures(here),
        coding=_coding(counted, coding, places) if coding else None,
        example=any(
            gmina in country.example for gmina in [one.gmina for one in here] + [one.gmina for one in coding]
        ),
        network=network_over(counted.network, counted.coding, code, country.places, country.willing),
    )


def _counted(country: Country, code: str) -> Country:
    """Made-up gminas count in made-up regions alone, and real ones in real regions."""
    wanted = any(lies_in(gmina, code) for gmina in country.example) and code != COUNTRY
    network = country.network
    return Country(
        [one for one in country.releases if (one.gmina in country.example) is wanted],
        [one for one in country.coding if (one.gmina in country.example) is wanted],
        country.places,
        country.willing,
        country.example,
        Network(
            [one for one in network.facts if (one.gmina in country.example) is wanted],
            [gmina for gmina in network.gminas if (gmina in country.example) is wanted],
            network.stages,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Places:
    """All regions that there are (for what subtraction finds), and the rows of this report."""

    regions: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]
    willing: frozenset[str]

    @classmethod
    def of(cls, country: Country, code: str, gminas: Sequence[str]) -> _Places:
        regions = sorted({part for gmina in gminas for part in (gmina[:2], gmina[:4], COUNTRY)} | {code})
        width = {COUNTRY: 2}.get(code, len(code) + 2)
        inside = sorted({gmina[:width] for gmina in gminas if lies_in(gmina, code)}) if width < 6 else []
        own = sorted({gmina for gmina in gminas if lies_in(gmina, code) and gmina in country.willing})
        names = country.places
        return cls(
            tuple(regions),
            (
                (code, names.get(code, code), REGION),
                *((one, names.get(one, one), PART) for one in inside),
                *((one, names.get(one, one), ONE_GMINA) for one in own),
            ),
            country.willing,
        )

    def shown(self, parts: Sequence[Part]) -> frozenset[str]:
        regions = shown_regions(parts, self.regions)
        return regions | shown_gminas(parts, regions, self.willing)


def _response(releases: Sequence[GminaRelease], places: _Places) -> tuple[ReleasedTable, dict[str, float]]:
    """RR1 = complete / invited, over the gminas that sent invitations."""
    columns = (
        Column("gminas", "gminy z kampanią"),
        Column("answered", "otrzymane ankiety"),
        Column("complete", "w tym kompletne"),
        Column("with_invitations", "gminy z zaproszeniami"),
        Column("invited", "zaproszone instytucje"),
        Column("complete_of_invited", "kompletne z zaproszonych"),
    )
    parts = [
        Part(
            one.gmina,
            1,
            (1, one.answered, one.complete)
            + ((0, 0, 0) if one.invited is None else (1, one.invited, one.complete)),
        )
        for one in releases
    ]
    shown = places.shown(parts)
    bases = gminas_by_region(parts)
    table = region_table(
        "response", "Gminy i odpowiedzi", columns, parts, places.rows, shown, 1, [FEW, ROWS_OF_GMINAS], bases
    )
    rates = {}
    for row in table.rows:
        invited, complete = row.counts[4], row.counts[5]
        if invited and complete is not None:
            rates[row.id] = complete / invited
    return table, rates


def _newest_questions(releases: Sequence[GminaRelease]) -> list[QuestionRelease]:
    """In the words and the order of the campaign that was locked last."""
    return list(releases[-1].questions.values()) if releases else []


def pools_of(releases: Sequence[GminaRelease]) -> dict[tuple[str, tuple[str, ...]], tuple[Pool, ...]]:
    """Question (id and columns) -> pools of hidden cells, from all releases in the order of their locks.

    A pool with a campaign that a newer one of the gmina has replaced is in no sum any more.
    """
    newest = {one.gmina: one.campaign_id for one in releases}
    arrived: dict[tuple[str, tuple[str, ...]], list[Waiting]] = {}
    for one in releases:
        for question in one.questions.values():
            if question.hidden is not None:
                waiting = Waiting(one.campaign_id, one.gmina, question.hidden)
                arrived.setdefault((question.id, _ids(question)), []).append(waiting)
    return {
        key: tuple(
            pool
            for pool in form_pools(waiting)
            if all(newest[member.gmina] == member.owner for member in pool.members)
        )
        for key, waiting in arrived.items()
    }


def _question(
    country: Country,
    question: QuestionRelease,
    newest: Mapping[str, GminaRelease],
    pools: Sequence[Pool],
    places: _Places,
) -> RegionQuestion:
    parts = [Part(pool.region, len(pool.members), pool.counts) for pool in pools]
    for gmina, one in newest.items():
        own = one.questions.get(question.id)
        if own is not None and own.counts is not None and _ids(own) == _ids(question):
            parts.append(Part(gmina, 1, own.counts))
    shown = places.shown(parts)
    columns = [Column(column, label) for column, label in question.columns]
    held = gminas_by_region(parts)
    of = gminas_by_region(Part(gmina, 1, ()) for gmina in newest)
    percent_from, code = country.releases[-1].percent_from, places.rows[0][0]
    notes = [_left_out(held.get(code, 0), of.get(code, 0)), FEW]
    table = region_table(
        question.id,
        question.title,
        columns,
        parts,
        places.rows,
        shown,
        percent_from,
        [note for note in notes if note],
    )
    return RegionQuestion(
        question.id,
        table,
        {code: held[code] for code, _, _ in places.rows if code in shown and code in held},
        {code: of.get(code, 0) for code, _, _ in places.rows},
    )


def _ids(question: QuestionRelease) -> tuple[str, ...]:
    return tuple(column for column, _ in question.columns)


def _left_out(held: int, of: int) -> str:
    """Whose own row is hidden mostly agreed: a reader must know that sums without them lean the other way."""
    if held >= of:
        return ""
    missing = polish.counted(of - held, "gmina", "gminy", "gmin")
    return (
        f"W sumie nie ma: {missing} z {polish.whole(of)}. Ich własny wynik jest ukryty, bo prawie wszyscy odpowiedzieli"
        " tak samo albo było ich mało, więc suma może się różnić od tego, co powiedzieli wszyscy."
    )


def _over(scores: Sequence[Score | None]) -> Spread | None:
    return spread([(one.score, one.bounds) for one in scores if one is not None])


def _shares(releases: Sequence[GminaRelease]) -> tuple[Measure, ...]:
    """Per component: the share of the answer that counts, over gminas whose row is shown with enough answers."""
    components = releases[-1].components if releases else ()
    return tuple(
        Measure(
            question, label, spread([(share, None) for share in _known_shares(releases, question, positive)])
        )
        for question, label, positive in components
    )


def _known_shares(releases: Sequence[GminaRelease], question: str, positive: str) -> list[float]:
    shares = []
    for one in releases:
        own = one.questions.get(question)
        if own is None or own.counts is None or sum(own.counts) < max(one.percent_from, 1):
            continue
        if positive in _ids(own):
            shares.append(100 * own.counts[_ids(own).index(positive)] / sum(own.counts))
    return shares


def _sector_measures(releases: Sequence[GminaRelease]) -> tuple[Measure, ...]:
    """Alphabetically: METHOD, "How sure it is": no ranking."""
    scores: dict[str, list[Score]] = {}
    labels: dict[str, str] = {}
    for one in releases:
        for (sector, label), score in one.sectors.items():
            scores.setdefault(sector, []).append(score)
            labels[sector] = label
    ordered = sorted(labels, key=lambda sector: polish.alphabetical(labels[sector]))
    return tuple(Measure(sector, labels[sector], _over(scores[sector])) for sector in ordered)


def _coding(country: Country, here: Sequence[CodingRelease], places: _Places) -> CodingOver:
    pairs = [(one, one.start or 0, one.end or 0) for one in country.coding if one.is_pair]
    held = {one.gmina for one in here}
    own = [(start, end) for one, start, end in pairs if one.gmina in held]
    change = (
        Column("gminas", "gminy"),
        Column("start", "Zwolennicy w pierwszej turze"),
        Column("end", "Zwolennicy w ostatniej turze"),
        Column("effect", "efekt animacji"),
    )
    notes = ["Bez osób fizycznych; tylko gminy z dwiema zamkniętymi turami.", FEW]
    return CodingOver(
        gminas=len(here),
        pairs=len(own),
        change=_coding_table(
            "coding_change",
            "Zwolennicy przed i po",
            change,
            [Part(one.gmina, 1, (1, start, end, end - start)) for one, start, end in pairs],
            places,
            notes,
        ),
        stances=_coding_table(
            "coding_stances",
            "Kody w ostatniej turze",
            (Column("gminas", "gminy"), *(Column(stance.value, word) for stance, word in STANCES.items())),
            [Part(one.gmina, 1, (1, *one.stances)) for one in country.coding if one.stances is not None],
            places,
            ["Bez osób fizycznych.", FEW],
        ),
        measures=(
            _coding_measure("start", "Zwolennicy w pierwszej turze", own, lambda start, _end: start),
            _coding_measure("end", "Zwolennicy w ostatniej turze", own, lambda _start, end: end),
            _coding_measure("effect", "Efekt animacji", own, lambda start, end: end - start),
        ),
    )


def _coding_table(
    table_id: str,
    title: str,
    columns: Sequence[Column],
    parts: Sequence[Part],
    places: _Places,
    notes: Sequence[str],
) -> ReleasedTable:
    bases = gminas_by_region(parts)
    return region_table(table_id, title, columns, parts, places.rows, places.shown(parts), 1, notes, bases)


def _coding_measure(
    measure_id: str, label: str, pairs: Sequence[tuple[int, int]], of: Callable[[int, int], int]
) -> Measure:
    return Measure(measure_id, label, spread([(of(start, end), None) for start, end in pairs]))
