"""Visitors as browsers are, through nginx, on PostgreSQL as deployed: does every acknowledged answer lie there once?

Three campaigns: anonymous by an open link, anonymous by invitation, named by an open link. At the end the sealed boxes
are counted, the campaigns are locked, and each sentence that somebody was thanked for is looked for. Any status but
the expected one is a failure. Baseline of the times: what the proxy answers by itself.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace

from bench import results
from bench.browser import Browser, Diary
from bench.processes import cpu_seconds
from bench.respondents import Account, Crowd, Ledger, account
from bench.stage import WEEK, Stage, add_gmina, hold, stage
from survey_app.services.survey import campaigns
from survey_app.services.survey.results import load_results
from survey_app.store import responses
from tests.durability.records import count

PER_SECOND = 6.0
SECONDS = 60.0
WARM_UP = 15.0  # each process makes each page once
INVITED = 300
PROXY_ALONE = "the proxy alone"
CAMPAIGNS = (("anonymous", "open_link"), ("anonymous", "invitations"), ("named", "open_link"))


def main(per_second: float = PER_SECOND, seconds: float = SECONDS) -> None:
    with stage(postgres=True) as found:
        add_gmina(found.context, INVITED)
        ledgers = ledgers_of(found)
        warming, diary = Diary(), Diary()
        front = "behind nginx" if found.behind_nginx else "without nginx"
        print(
            f"{found.name}, {len(found.servers)} replicas {front}; {per_second:g} visitors a second, {seconds:.0f} s"
        )
        crowd = Crowd(f"http://127.0.0.1:{found.port}", ledgers, warming, random.Random(20261122))
        _come(crowd, per_second, min(WARM_UP, seconds))
        _proxy_alone(found, diary)
        crowd.diary, counted, before = diary, _thanked(ledgers), _worked(found)
        _come(crowd, per_second, seconds)
        after = _worked(found)
        _tell(diary)
        _tell_work({kind: after[kind] - before[kind] for kind in after}, _thanked(ledgers) - counted, diary)
        accounts = [settled(found, ledger) for ledger in ledgers]
    diary.unexpected.update(warming.unexpected)
    verdict(ledgers, accounts, diary)


def _come(crowd: Crowd, per_second: float, seconds: float) -> None:
    until = time.monotonic() + seconds
    crowd.come(per_second, lambda: time.monotonic() > until)


def _thanked(ledgers: Sequence[Ledger]) -> int:
    return sum(len(ledger.thanked) for ledger in ledgers)


def ledgers_of(found: Stage, kinds: Sequence[tuple[str, str]] = CAMPAIGNS) -> list[Ledger]:
    """One open campaign of each kind."""
    ledgers = []
    for mode, access in kinds:
        held = hold(found.context, mode, access)
        ledgers.append(Ledger(held, codes=list(held.codes)))
    return ledgers


def _proxy_alone(found: Stage, diary: Diary) -> None:
    """The same way without the service: what nginx answers by itself to whom it knows no page for."""
    base, status = f"http://127.0.0.1:{found.port}", 404 if found.behind_nginx else 200
    for _ in range(100):
        with Browser(base, diary) as browser:
            browser.open(PROXY_ALONE, "/health", status)


def _tell(diary: Diary) -> None:
    alone = statistics.median(diary.times[PROXY_ALONE])
    for kind, times in sorted(diary.times.items()):
        cut = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else [times[0]] * 99
        size = diary.bytes[kind] / len(times) / 1024
        print(
            f"{kind:<38} {len(times):6}   p50 {cut[49]:7.1f}   p95 {cut[94]:7.1f}   p99 {cut[98]:7.1f} ms"
            f"   {cut[49] / alone:6.1f} of the proxy alone   {size:5.1f} KB"
        )
        if kind != PROXY_ALONE:
            results.note(f"{kind}, p50", cut[49], "ms", alone, PROXY_ALONE)
            results.note(f"{kind}, p95", cut[94], "ms", alone, PROXY_ALONE)
    ways = {way: times for way, times in sorted(diary.ways.items()) if not way.startswith("request: ")}
    print("what they did: " + ", ".join(f"{way} {times}" for way, times in ways.items()))


def _worked(found: Stage) -> dict[str, float]:
    """Seconds of processor time until now: of the service, its database and its proxy."""
    kinds = {
        "the service": ("server, main", "server, workers"),
        "PostgreSQL": ("PostgreSQL",),
        "nginx": ("nginx",),
    }
    there = found.processes()
    pids = {name: [pid for part in parts for pid in there.get(part, ())] for name, parts in kinds.items()}
    return {name: cpu_seconds(ids) for name, ids in pids.items() if ids}


def _tell_work(worked: dict[str, float], thanked: int, diary: Diary) -> None:
    """What an answer costs, with everything around it: files, faults, second clicks, people who only look."""
    for name, seconds in worked.items():
        print(f"{name}: {seconds / thanked * 1000:.2f} ms of processor time an acknowledged answer")
        results.note(f"processor time an answer, {name}", seconds / thanked * 1000, "ms")
    size = sum(diary.bytes.values()) / thanked / 1024
    print(f"{size:.1f} KB an acknowledged answer, without headers")
    results.note("bodies an answer", size, "KB")


def settled(found: Stage, ledger: Ledger) -> Account:
    """Boxes counted, the campaign locked past its end, and every sentence of question 10 looked for."""
    held = ledger.held
    if held.campaign.mode == "anonymous":
        boxes = count(found.context, "sealed_answer", held)
        if not len(ledger.thanked) <= boxes <= len(ledger.thanked) + len(ledger.unsure):
            raise SystemExit(f"{boxes} sealed boxes for {len(ledger.thanked)} acknowledged answers")
    later = replace(found.context, clock=lambda: held.campaign.closes_at + WEEK)
    campaigns.lock_campaign(later, held.campaign.id, actor=None)
    with found.context.database.reading() as session:
        texts = [one.text for one in responses.texts(session, held.campaign.id) if one.question_id == "p10"]
    found_rows = len(load_results(later, held.campaign.id).records)
    if found_rows != len(texts):
        raise SystemExit(f"{found_rows} responses after the lock, {len(texts)} sentences")
    return account(ledger.thanked, ledger.unsure, texts)


def verdict(ledgers: Sequence[Ledger], accounts: Sequence[Account], diary: Diary) -> None:
    """Prints both sides; SystemExit where they differ, or where anything unexpected was met."""
    for ledger, told in zip(ledgers, accounts, strict=True):
        print(f"{ledger.held.campaign.title}: {told}")
    failed = sum(diary.unexpected.values())
    for what, times in diary.unexpected.most_common(10):
        print(f"UNEXPECTED, {times} times: {what}")
    results.note("acknowledged answers", sum(one.acknowledged for one in accounts), "")
    results.note(
        "missing, doubled or strange", sum(one.missing + one.doubled + one.strange for one in accounts), ""
    )
    results.note("unexpected replies", failed, "")
    if failed or not all(one.balanced for one in accounts):
        raise SystemExit(
            f"{failed} unexpected replies; every answer accounted for: {all(one.balanced for one in accounts)}"
        )
