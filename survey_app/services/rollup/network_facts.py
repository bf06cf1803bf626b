"""What the network's panel counts of each gmina: its own data first, then what was recorded from files.

A gmina's own way of setting up its team is that of its agreed `akt_powolania`; its form of services that of its agreed
`warianty_uslug`, else of its agreed `pakt`. METHOD, "Network".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from survey_app.analysis.rollup.coding_release import CodingRelease
from survey_app.analysis.rollup.network import FORMS, WAYS, GminaFacts, Network
from survey_app.instrument.process_model import Process, ProcessFact
from survey_app.services.method.definitions import default_process, process_of
from survey_app.services.method.process_facts import Facts, three_way
from survey_app.services.rollup.record_values import PERSONS
from survey_app.store import network
from survey_app.store.network import NetworkRow

ACT, FORM, PACT = "akt_powolania", "warianty_uslug", "pakt"
_WAYS: Mapping[str, str] = {
    "zarzadzenie": "administrative",
    "uchwala": "administrative",
    "nabor": "civic",
    "mieszany": "mixed",
}
_FORMS_OF_PACT: Mapping[str, str] = {
    "nowy_kis": "new_kis",
    "rewitalizacja": "renewed_kis",
    "wspolpraca": "with_other_gmina",
    "program": "social_economy",
    "inna": "other",
}
_LATER = "pozniej"  # the team says itself that it has not chosen


def network_of(session: Session, in_register: Sequence[str], coding: Iterable[CodingRelease]) -> Network:
    """Of the whole country, in three statements and one for each hundred variants of the process."""
    known: dict[str, list[NetworkRow]] = defaultdict(list)
    for row in network.facts(session):
        known[row.gmina_code].append(row)
    papers: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for gmina, key, answers in network.agreed_answers(session, (ACT, FORM, PACT)):
        papers[gmina][key] = answers
    versions = {int(row.b) for rows in known.values() for row in rows if row.kind == "follows"}
    built = {one.id: process_of(one) for one in network.processes(session, versions)} if versions else {}
    supporters = {one.gmina: one.stances[0] for one in coding if one.stances is not None}
    facts = [
        _gmina_facts(
            _Known.of(gmina, known.get(gmina, ()), supporters.get(gmina, 0)), papers.get(gmina, {}), built
        )
        for gmina in sorted(known.keys() | papers.keys())
    ]
    return Network(facts, in_register, _stages(built.values()))


def _stages(followed: Iterable[Process]) -> list[tuple[str, str]]:
    """Of the service's own process; then those that only variants of województwa have."""
    titles = {stage.id: stage.title for stage in default_process().stages}
    for one in followed:
        for stage in one.stages:
            titles.setdefault(stage.id, stage.title)
    return list(titles.items())


@dataclass
class _Known:
    """The rows of one gmina, sorted by what they are."""

    gmina: str
    path: str = ""
    version: int | None = None
    steps: dict[str, str] = field(default_factory=dict)
    counts: Counter[ProcessFact] = field(default_factory=Counter)
    papers: Counter[tuple[str, str]] = field(default_factory=Counter)
    own_sectors: dict[str, str] = field(default_factory=dict)
    sectors: set[str] = field(default_factory=set)
    team_sectors: set[str] = field(default_factory=set)
    records: dict[str, str] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, gmina: str, rows: Iterable[NetworkRow], supporters: int) -> _Known:
        """`supporters`: of the last closed round, as far as it may be shown: no stage tells a hidden number."""
        found = cls(gmina)
        for row in rows:
            found._take(row)
        for fact, sectors in (
            (ProcessFact.STAKEHOLDER_SECTORS, found.sectors),
            (ProcessFact.MEMBER_SECTORS, found.team_sectors),
        ):
            found.counts[fact] = len(three_way(found.own_sectors.get(one, one) for one in sectors))
        found.counts[ProcessFact.SUPPORTERS] = supporters
        return found

    def _take(self, row: NetworkRow) -> None:
        if row.kind == "follows":
            self.path, self.version = row.a, int(row.b)
        elif row.kind == "steps":
            self.steps = {step: state for step, _, state in (one.partition(":") for one in row.a.split(","))}
        elif row.kind == "count":
            self.counts[ProcessFact(row.a)] = row.number
        elif row.kind == "paper":
            self.papers[row.a, row.b] = row.number
        elif row.kind == "own_sector":
            self.own_sectors[row.a] = row.b
        elif row.kind == "record":
            self.records[row.a] = row.b
            self.sources.add(row.c)
        elif row.kind == "sectors":
            self.sectors.update(row.a.split(","))
        else:
            self.team_sectors.add(row.a)


def _gmina_facts(
    known: _Known, papers: Mapping[str, Mapping[str, Any]], processes: Mapping[int, Process]
) -> GminaFacts:
    way = _WAYS.get(_choice(papers.get(ACT, {}).get("wariant")))
    form, said = _own_form(papers)
    recorded = known.records
    recorded_way = recorded.get("way") if way is None else None
    recorded_form = recorded.get("service_form") if not said else None
    return GminaFacts(
        gmina=known.gmina,
        stage=furthest_stage(processes[known.version], known) if known.version is not None else None,
        way=way or _known_key(recorded_way, WAYS),
        way_recorded=recorded_way is not None,
        form=form or _known_key(recorded_form, FORMS),
        form_recorded=recorded_form is not None,
        first=_institutions(recorded.get("supporters_first")),
        last=_institutions(recorded.get("supporters_last")),
        counted="supporters_first" in recorded or "supporters_last" in recorded,
        sources=frozenset(known.sources),
    )


def furthest_stage(process: Process, known: _Known) -> str:
    """The last stage with a step that is done or being done; the first one where there is none yet.

    A step is done when the team says so, or when all that it needs is there (as on the gmina's own page).
    """
    facts = Facts(known.counts, known.papers)
    reached = process.stages[0].id
    for stage in process.stages:
        for step in stage.steps:
            if step.paths and known.path not in step.paths:
                continue
            said = known.steps.get(step.id, "open")
            if said in ("done", "doing") or (said == "open" and step.needs and not facts.missing(step.needs)):
                reached = stage.id
                break
    return reached


def _own_form(papers: Mapping[str, Mapping[str, Any]]) -> tuple[str | None, bool]:
    """The form that the gmina's own papers name, and whether they say anything at all: "later" is an answer, too."""
    decided = _choice(papers.get(FORM, {}).get("decyzja"))
    if decided:
        return (decided if decided in FORMS else "other"), True
    in_pact = _choice(papers.get(PACT, {}).get("forma_uslug"))
    return _FORMS_OF_PACT.get(in_pact), in_pact == _LATER or in_pact in _FORMS_OF_PACT


def _choice(answer: Any) -> str:
    """The chosen option of a stored answer."""
    if isinstance(answer, dict):
        answer = answer.get("option")
    return answer if isinstance(answer, str) else ""


def _known_key(value: str | None, words: Mapping[str, str]) -> str | None:
    return value if value in words else None


def _institutions(value: str | None) -> int | None:
    """Supporters, if they are institutions; natural persons are counted nowhere."""
    return None if value is None or value.endswith(PERSONS) else int(value)
