"""What a machine holds, and what a country needs: arithmetic from measured costs. docs/scale.md is written around it.

`python -m bench plan` uses CALM, the costs measured on a quiet machine; `--figures results.json` those of a run of
`python -m bench visits --out FOLDER`. Every assumption is a constant here, and a line in docs/scale.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench import results

HOUR = 3600
GMINAS, ANSWERS = 2_479, 100
BUSY = 0.7  # of its processors, at which a machine counts as full
STAFF = 3  # people of a gmina who are logged in at once
PEAK = 3.0  # the busiest minute beside the mean of the busiest hour
CORES = 4
PROCESSES_A_CORE = 2  # one waits for the database while the other works
CONNECTIONS_A_PROCESS = 2  # measured: 10 for six processes and a worker
OTHER_CONNECTIONS = 10  # the worker, a backup, whoever looks
WAL_BYTES = 12_000  # of an answer; 5,400 measured, and pages written whole after a checkpoint
# Where one primary ends, whoever sells it.
DATABASE_CORES = 16
MOST_CONNECTIONS = 500
COMMITS_A_SECOND = 3_000  # durable ones, grouped, on a disk with a protected cache
LINE_MBIT = 1_000  # of the proxy
HEADERS_KB = 4.0  # of a visit's seven requests and replies


@dataclass(frozen=True, slots=True)
class Costs:
    """Of one acknowledged answer, with the page, its files, second clicks, faults, and those who only look.

    Milliseconds of processor time; KB over the line as it is and compressed; bytes of a row before and after the lock;
    MB of one process; milliseconds of a page of the staff; seconds of the processor for one diagnoza; milliseconds that
    a lock takes for each answer of its own, and for each sealed one of others; rows a second of a backup, bytes of one.
    """

    service_ms: float
    database_ms: float
    proxy_ms: float
    kb: float
    packed_kb: float
    sealed_bytes: float
    locked_bytes: float
    process_mb: float
    staff_page_ms: float
    diagnoza_s: float
    lock_ms: float
    rewrite_ms: float
    backup_rows: float
    backup_bytes: float

    @property
    def all_ms(self) -> float:
        return self.service_ms + self.database_ms + self.proxy_ms


# docs/scale.md says where each comes from.
CALM = Costs(
    service_ms=8.9,
    database_ms=1.3,
    proxy_ms=0.9,
    kb=72.0,
    packed_kb=20.0,
    sealed_bytes=6_050,
    locked_bytes=3_320,
    process_mb=122,
    staff_page_ms=30,
    diagnoza_s=0.45,
    lock_ms=3.9,
    rewrite_ms=0.17,
    backup_rows=22_200,
    backup_bytes=1_190,
)


@dataclass(frozen=True, slots=True)
class Case:
    """So many answers in one week, `share` of them in the busiest hour."""

    name: str
    answers: int
    share: float

    @property
    def peak(self) -> float:
        """Answers a second in the busiest minute."""
        return self.answers * self.share / HOUR * PEAK


CASES = (
    Case("one gmina", ANSWERS, 0.25),
    Case("50 gminas", 50 * ANSWERS, 0.1),
    Case("the country", GMINAS * ANSWERS, 0.05),
    Case("the country", GMINAS * ANSWERS, 0.2),
    Case("10,000,000 responses", 10_000_000, 0.05),
    Case("10,000,000 responses", 10_000_000, 0.2),
)


@dataclass(frozen=True, slots=True)
class Need:
    """What the busiest minute asks for. Machines have CORES; `alone`: one machine holds all of it."""

    rate: float
    alone: bool
    machines: int
    database_cores: float
    connections: int
    mbit: float
    packed_mbit: float
    wal_mb: float
    sealed_gb: float
    locked_gb: float
    backup_minutes: float


def holds(costs: Costs, cores: int = CORES) -> float:
    """Answers a second that one machine takes with everything on it."""
    return cores * BUSY * 1000 / costs.all_ms


def need(case: Case, costs: Costs) -> Need:
    """For the service and its proxy on machines of CORES, and the database apart."""
    machines = max(1, math.ceil(case.peak * (costs.service_ms + costs.proxy_ms) / 1000 / (CORES * BUSY)))
    return Need(
        rate=case.peak,
        alone=case.peak <= holds(costs),
        machines=machines,
        database_cores=case.peak * costs.database_ms / 1000 / BUSY,
        connections=connections(machines),
        mbit=mbit(case.peak, costs.kb),
        packed_mbit=mbit(case.peak, costs.packed_kb),
        wal_mb=case.peak * WAL_BYTES / 1e6,
        sealed_gb=case.answers * costs.sealed_bytes / 1e9,
        locked_gb=case.answers * costs.locked_bytes / 1e9,
        backup_minutes=case.answers / costs.backup_rows / 60,
    )


def connections(machines: int) -> int:
    return machines * CORES * PROCESSES_A_CORE * CONNECTIONS_A_PROCESS + OTHER_CONNECTIONS


def mbit(rate: float, kb: float) -> float:
    return rate * (kb + HEADERS_KB) * 1024 * 8 / 1e6


def ceilings(costs: Costs, machines: int = 50) -> dict[str, float]:
    """Answers a second at which each thing ends, with that many machines before one primary; the least is first."""
    per_machine = CORES * BUSY * 1000 / (costs.service_ms + costs.proxy_ms)
    connected = (MOST_CONNECTIONS - OTHER_CONNECTIONS) // (CORES * PROCESSES_A_CORE * CONNECTIONS_A_PROCESS)
    found = {
        f"processors of {machines} machines": machines * per_machine,
        f"{MOST_CONNECTIONS} connections ({connected} machines)": connected * per_machine,
        f"{DATABASE_CORES} processors of the database": DATABASE_CORES * BUSY * 1000 / costs.database_ms,
        f"{COMMITS_A_SECOND:,} durable commits a second": float(COMMITS_A_SECOND),
        "1 Gbit/s at the proxy": LINE_MBIT / mbit(1, costs.kb),
        "1 Gbit/s at the proxy, compressed": LINE_MBIT / mbit(1, costs.packed_kb),
    }
    return dict(sorted(found.items(), key=lambda one: one[1]))


def costs_from(document: Mapping[str, Any], known: Costs = CALM) -> Costs:
    """The costs that a results.json holds; `known` for the others. ValueError: it holds none."""
    names = {
        "processor time an answer, the service": "service_ms",
        "processor time an answer, PostgreSQL": "database_ms",
        "processor time an answer, nginx": "proxy_ms",
        "bodies an answer": "kb",
    }
    found = {
        names[figure["name"]]: float(figure["value"])
        for one in document.get("measurements", ())
        for figure in one.get("figures", ())
        if one.get("name") == "visits" and figure["name"] in names
    }
    if not found:
        raise ValueError("no costs of an answer in it: made by `python -m bench visits --out FOLDER`?")
    return replace(known, **found)


HEAD = (
    "| in one week | busiest minute | machines | database | connections | network, compressed | WAL "
    "| sealed, locked | backup |"
)


def table(costs: Costs) -> Iterator[str]:
    """In Markdown: a row for each case."""
    yield HEAD
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for case in CASES:
        found = need(case, costs)
        machines = "1, with all on it" if found.alone else f"{found.machines}"
        yield (
            f"| {case.name}, {case.share:.0%} in the busiest hour | {found.rate:,.2f}/s | {machines}"
            f" | {found.database_cores:.2f} cores | {found.connections}"
            f" | {found.mbit:,.1f}, {found.packed_mbit:,.1f} Mbit/s"
            f" | {found.wal_mb:.2f} MB/s | {found.sealed_gb:,.2f}, {found.locked_gb:,.2f} GB"
            f" | {found.backup_minutes:.1f} min |"
        )


def ends(costs: Costs) -> Iterator[str]:
    """In Markdown: what ends first, with 50 machines before one primary."""
    yield "| what ends | at answers a second | an hour |"
    yield "|---|--:|--:|"
    for name, rate in ceilings(costs).items():
        yield f"| {name} | {rate:,.0f} | {rate * HOUR:,.0f} |"


def beside(costs: Costs) -> Iterator[str]:
    """In Markdown: what a machine's memory, the reports and the backups come to."""
    diagnozas = GMINAS * costs.diagnoza_s
    backup_gb = 10_000_000 * costs.backup_bytes / 1e9
    yield f"- memory of one machine's {CORES * PROCESSES_A_CORE} processes: {process_memory(costs):,.0f} MB"
    yield f"- a diagnoza for each of {GMINAS:,} gminas: {diagnozas / 60:.0f} minutes of one core"
    yield f"- staff: {GMINAS * STAFF:,} people, a page a minute each: {staff_cores(costs):.1f} cores"
    yield f"- a backup of 10,000,000 responses: {backup_gb:.0f} GB in {10_000_000 / costs.backup_rows / 60:.0f} minutes"


def locks(gminas: int, answers: float, costs: Costs) -> tuple[float, float]:
    """Seconds: one lock while all gminas' answers are still sealed; all of them one by one, until nothing is sealed.

    A lock rewrites the tables of sealed answers as a whole, so that no free page keeps what was deleted: with the
    answers of all others who have not locked yet.
    """
    own = answers / gminas * costs.lock_ms / 1000
    first = own + answers * costs.rewrite_ms / 1000
    return first, gminas * own + gminas * answers / 2 * costs.rewrite_ms / 1000


LOCKED_APART = (
    ("the country in one database", 1, GMINAS * ANSWERS),
    ("the country, a database a województwo", 16, GMINAS * ANSWERS),
    ("10,000,000 in one database", 1, 10_000_000),
    ("10,000,000, a database a województwo", 16, 10_000_000),
)


def standing(costs: Costs) -> Iterator[str]:
    """In Markdown: how long locks hold up everybody who is answering."""
    yield "| locks of all gminas | the first one | all, one after the other |"
    yield "|---|--:|--:|"
    for name, parts, answers in LOCKED_APART:
        first, whole = locks(GMINAS // parts, answers / parts, costs)
        yield f"| {name} | {first:,.1f} s | {whole / HOUR:,.1f} h |"


def process_memory(costs: Costs) -> float:
    return CORES * PROCESSES_A_CORE * costs.process_mb


def staff_cores(costs: Costs) -> float:
    """Everybody of every gmina at work in the same minute, which no hour will see."""
    return GMINAS * STAFF / 60 * costs.staff_page_ms / 1000 / BUSY


def main(figures: Path | None = None) -> None:
    costs = costs_from(json.loads(figures.read_text(encoding="utf-8"))) if figures else CALM
    print(f"costs: {costs}")
    print(f"one machine of {CORES} cores with everything on it: {holds(costs):.0f} answers a second")
    print("\n".join(["", *table(costs), "", *ends(costs)]))
    print("\n".join(["", *standing(costs), "", *beside(costs)]))
    results.note("one machine of four cores, with everything on it", holds(costs), "answers/s")
    for case in CASES:
        results.note(
            f"{case.name}, {case.share:.0%} in an hour: busiest minute",
            case.peak,
            "answers/s",
            holds(costs),
            "what one machine holds",
        )
