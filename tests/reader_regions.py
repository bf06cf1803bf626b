"""What pages, files and the API of a region tell of one gmina: sums, as equations over it and its neighbours.

The reader is even told which gminas are in each sum. What is made of several gminas' printed numbers (lowest, median,
highest) may come from printed numbers only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_app.analysis.diagnoza.build import release
from survey_app.analysis.disclosure import GMINA, ReleasedCampaign
from survey_app.analysis.disclosure.rollup import lies_in
from survey_app.analysis.released import HIDDEN
from survey_app.analysis.rollup.gmina_release import GminaRelease
from survey_app.analysis.rollup.regions import pools_of
from survey_app.instrument.values import Answers
from survey_app.services.rollup import region_report
from survey_app.services.survey import results
from survey_app.store import releases
from tests.attacker import ALL, Attacker, whole
from tests.campaign_kit import GMINA as OURS
from tests.knowledge import Terms, UntrueError
from tests.outputs import Shown
from tests.region_rows import KINDS
from tests.renderings import squashed
from tests.unit.analysis_records import ankieta, drawn
from tests.whole_campaign import Whole

LEVELS = ("PL", OURS[:2], OURS[:4])
POOLED = ("p5", "p7", "p9")
FIGURE_TABLES = {
    "Gminyiotrzymaneankiety": "response",
    "Odpowiedziwgminachzzaproszeniami": "invitations",
}
FIGURES: Mapping[tuple[str, str], Callable[[GminaRelease], int]] = {
    ("response", "gminyzkampanią"): lambda one: int(one.answered >= 0),
    ("response", "otrzymaneankiety"): lambda one: one.answered,
    ("response", "wtymkompletne"): lambda one: one.complete,
    ("response", "gminyzzaproszeniami"): lambda one: int(one.invited is not None),
    ("response", "zaproszoneinstytucje"): lambda one: one.invited or 0,
    ("response", "kompletnezzaproszonych"): lambda one: one.complete if one.invited is not None else 0,
    ("invitations", "gminy"): lambda one: int(one.invited is not None),
    ("invitations", "zaproszoneinstytucje"): lambda one: one.invited or 0,
    ("invitations", "kompletneankiety"): lambda one: one.complete if one.invited is not None else 0,
}
# Of codes (METHOD: from the public edition alone), of the network (test_network_disclosure), of the report.
OTHER = (
    "Kody w ostatniej turze", "Zmiany w liczbie Zwolenników", "Zwolennicy przed i po", "Różnice między gminami",
    "Gminy według najdalszego etapu procesu", "Etapy procesu w mniejszych obszarach", "Sposoby powołania zespołów",
    "Wybrane formy usług", "Zwolennicy na początku i na końcu według obszarów",
    "Zwolennicy w gminach z obiema liczbami", "Definicje i wzory", "Co jest ukryte w tym raporcie",
    "Dane tego raportu", "arkusz Spis tabel",
)  # fmt: skip
_OTHER = frozenset(squashed(caption) for caption in OTHER)


@dataclass(frozen=True, slots=True)
class Town:
    """A neighbour: the truth of its whole gmina, and what its own report shows."""

    code: str
    counts: Mapping[tuple[str, str], int]  # question and column
    shows: Mapping[str, bool]


class Regions:
    """The neighbours of one campaign, and which campaigns each sum holds."""

    def __init__(self, whole_campaign: Whole) -> None:
        context, plan = whole_campaign.context, whole_campaign.plan
        with context.database.reading() as session:
            rows = releases.campaign_releases(session, "ankieta")
            self.releases = [GminaRelease.from_json(r.campaign_id, r.gmina_code, r.document) for r in rows]
        self.towns = {
            code: self._town(code, drawn(place, answered, KINDS, yes, 0.0))
            for place, (code, answered, yes) in enumerate(plan.towns)
        }
        self.labels = {
            squashed(row.label): row.id
            for level in LEVELS
            for row in region_report.report(context, level).roll_up.response.rows
        }
        self.own = _is_shown(results.load_results(context, whole_campaign.campaign_id))
        self.pooled: dict[tuple[str, str], str] = {}
        for (question, _), pools in pools_of(self.releases).items():
            self.pooled |= {(question, one.gmina): pool.region for pool in pools for one in pool.members}

    def _town(self, code: str, records: Sequence[Answers]) -> Town:
        found = next(one for one in self.releases if one.gmina == code)
        counts: dict[tuple[str, str], int] = {}
        for question in found.questions.values():
            for column, _ in question.columns:
                counts[question.id, column] = sum(_says(one[question.id], column) for one in records)
        return Town(code, counts, {q.id: q.counts is not None for q in found.questions.values()})

    def grant(self, attacker: Attacker) -> None:
        """Each neighbour's own report, and the bases of what it hides."""
        for town in self.towns.values():
            for (question, column), count in town.counts.items():
                attacker.knowledge.truth["town", town.code, question, column] = count
            for question, shows in town.shows.items():
                names = [
                    ("town", *key) for key in ((town.code, q, c) for q, c in town.counts if q == question)
                ]
                if question in POOLED:
                    terms = dict.fromkeys(names, 1.0)
                    attacker.knowledge.equal(terms, attacker.knowledge.value(terms), "granted")
                for name in names if shows else ():
                    attacker.knowledge.equal({name: 1}, attacker.knowledge.truth[name], "granted")

    def narrow(self, attacker: Attacker) -> list[tuple[str, ...]]:
        """Hidden counts of neighbours that are known too closely."""
        found = []
        for town in self.towns.values():
            for question in (q for q in POOLED if not town.shows[q]):
                base = sum(count for (q, _), count in town.counts.items() if q == question)
                for column in ("tak", "nie"):
                    left = attacker.knowledge.width({("town", town.code, question, column): 1.0})
                    if left < min(base, 2):
                        found.append((town.code, question, column, str(base), str(left)))
        return found

    def read(self, attacker: Attacker, shown: Shown) -> bool:
        """False: nothing of this kind is known."""
        known = False
        for table, code, column, number, base in self._numbers(shown):
            known = True
            if table in ("response", "invitations"):
                self._figure(attacker, code, (table, squashed(column).lower()), number)
            elif table.startswith("miara"):
                self._measure(attacker, table, column, number)
            elif table in attacker.questions:
                self._sum(attacker, table, code, squashed(column), number, base)
            elif table not in ("coding_change", "coding_stances") and not table.startswith("network_"):
                return False
        return known or _caption(shown) in _OTHER or shown.caption == "json"

    def _numbers(self, shown: Shown) -> Iterator[tuple[str, str, str, str, str]]:
        """(table, region, column, number, base) in whatever form it comes."""
        caption, header = _caption(shown), [squashed(cell) for cell in shown.header]
        if shown.caption == "json":
            yield from _of_json(json.loads(shown.rows[0][0]))
        elif header[:3] == ["tabela", "tytuł", "kod"]:
            for table, _, code, _, column, number, base, *_ in shown.rows:
                yield table, code, column, number, base
        elif header[1:5] == ["Gminy", "Najniżej", "Mediana", "Najwyżej"]:
            for label, _, *cells in shown.rows:
                is_share = any(
                    squashed(label) == squashed(name) for _, name, _ in self.releases[0].components
                )
                for name, words in (("najniżej", cells[0]), ("najwyżej", cells[2])):
                    if is_share and words[:1].isdigit() and "%" not in words:  # a sheet has the number itself
                        words = str(100 * float(words))
                    yield ("miara: udział" if is_share else "miara: gotowość"), "", name, words, ""
        elif caption in FIGURE_TABLES:
            for label, *cells in shown.rows:
                for column, words in zip(shown.header[1:], cells, strict=False):
                    yield FIGURE_TABLES[caption], self.labels[squashed(label)], column, words, ""
        elif header[:3] == ["Obszar", "Gminywsumie", "n"]:
            for label, _, base, *cells in shown.rows:
                for column, words in zip(header[3:], cells, strict=True):
                    if not column.endswith(("%", "odsetek")):
                        yield region_question(caption), self.labels[squashed(label)], column, words, base
        elif header[:2] == ["Odpowiedź", "Liczba"]:
            wording, _, area = caption.rstrip(")").rpartition("(")
            base = shown.rows[-1][1]
            for column, words, *_ in shown.rows[:-1]:
                yield region_question(wording), self.labels[area], column, words, base

    def _figure(self, attacker: Attacker, code: str, column: tuple[str, str], number: str) -> None:
        if column[1] != "rr1" and whole(number) is not None:
            inside = [one for one in self.releases if lies_in(one.gmina, code)]
            attacker.true(whole(number), sum(FIGURES[column](one) for one in inside))

    def _sum(self, attacker: Attacker, question: str, code: str, column: str, number: str, base: str) -> None:
        answer = {"TAK": "tak", "NIE": "nie"}.get(column, column[:1])  # "2wpisy"
        count, people = whole(number), whole(base)
        if count is not None:
            attacker.tell(self._terms(attacker, question, code, (answer,)), count)
        if people is not None:
            attacker.tell(self._terms(attacker, question, code, attacker.columns(question)), people)

    def _terms(self, attacker: Attacker, question: str, code: str, columns: Sequence[str]) -> Terms:
        found: Terms = {}
        for town in self.towns.values():
            if self._holds(town.code, question, code, shows=town.shows[question]):
                found |= {("town", town.code, question, column): 1.0 for column in columns}
        if self._holds(OURS, question, code, shows=question in self.own):
            for column in columns:
                found |= attacker.count(question, ALL, column)
        return found

    def _holds(self, gmina: str, question: str, code: str, *, shows: bool) -> bool:
        if not lies_in(gmina, code):
            return False
        region = self.pooled.get((question, gmina))
        return lies_in(region, code) if region is not None else shows

    def _measure(self, attacker: Attacker, kind: str, column: str, number: str) -> None:
        """The lowest and the highest are some gmina's own printed numbers."""
        found = re.match(r"[\d.,]+", squashed(number))
        if found and column in ("najniżej", "najwyżej") and "kodowanie" not in kind:
            attacker.knowledge.told += 1
            end = float(found[0].replace(",", "."))
            if not any(abs(end - one) <= 0.51 for one in self._printed(kind)):
                raise UntrueError(f"{attacker.source}: {kind} {number} is no gmina's printed number")

    def _printed(self, kind: str) -> Iterator[float]:
        for one in self.releases:
            if "udział" in kind:
                for question, _, positive in one.components:
                    counts = one.questions[question].counts
                    if counts and sum(counts):
                        place = [column for column, _ in one.questions[question].columns].index(positive)
                        yield 100 * counts[place] / sum(counts)
            else:
                yield from ([one.score.score] if one.score else [])
                yield from (score.score for score in one.sectors.values())


def _caption(shown: Shown) -> str:
    return squashed(re.sub(r"^Tabela\s*\d+\.\s*", "", shown.caption)).rstrip(":")


def _of_json(document: dict[str, Any]) -> Iterator[tuple[str, str, str, str, str]]:
    """`null` stands for a hidden number."""
    for table in document.get("tables", [document] if "rows" in document else []):
        for row in table["rows"]:
            for column, count in zip(table["columns"], row["counts"], strict=True):
                number, base = (HIDDEN if one is None else str(one) for one in (count, row["base"]))
                yield table["id"], row["code"], column["label"], number, base
    for measure in document.get("measures", ()):
        for key, name in (("lowest", "najniżej"), ("highest", "najwyżej")):
            if measure[key] is not None:
                yield f"miara: {measure['kind']}", "", name, str(measure[key]), ""


def region_question(wording: str) -> str:
    """The question's id by its wording, as a region's page heads its table."""
    return next(q.id for q in ankieta().questions if squashed(q.text).rstrip(":") == wording)


def _says(answer: object, column: str) -> bool:
    state, value = str(getattr(answer, "state", "")), getattr(answer, "value", None)
    if column in ("tak", "nie"):
        return value == column
    if not state.endswith(("ANSWERED", "answered")):
        return False
    return len(value if isinstance(value, list) else []) == int(column)


def _is_shown(found: results.Results) -> frozenset[str]:
    """Questions whose row of the whole gmina is released."""
    released: ReleasedCampaign = release(found.instrument, found.records, found.groups, found.population)
    return frozenset(key for key, table in released.questions.items() if not table.row(GMINA).hidden)
