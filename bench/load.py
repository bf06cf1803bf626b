"""A small load client: a fixed number of requests from a fixed number of clients, each time measured at the client."""

from __future__ import annotations

import http.client
import multiprocessing
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

Exchange = Callable[[http.client.HTTPConnection], None]


@dataclass(frozen=True, slots=True)
class Load:
    """`per_second`: whole exchanges; `p50`, `p95`, `p99`: milliseconds of one exchange."""

    exchanges: int
    per_second: float
    p50: float
    p95: float
    p99: float

    def __str__(self) -> str:
        return f"{self.per_second:7.0f}/s   p50 {self.p50:6.1f} ms   p95 {self.p95:6.1f} ms   p99 {self.p99:6.1f} ms"


def _one_client(port: int, exchange: Exchange, count: int) -> list[float]:
    times = []
    for _ in range(count):
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        exchange(connection)
        connection.close()
        times.append((time.perf_counter() - started) * 1000)
    return times


def _one_process(port: int, exchange: Exchange, clients: int, count: int) -> list[float]:
    with ThreadPoolExecutor(clients) as pool:
        parts = [pool.submit(_one_client, port, exchange, count) for _ in range(clients)]
        return [moment for part in parts for moment in part.result()]


def run(port: int, exchange: Exchange, *, clients: int = 8, exchanges: int = 4000) -> Load:
    """`exchange` must be importable (it runs in two processes, so that the client is not what is measured)."""
    processes = 2
    each = exchanges // clients
    started = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        parts = [
            pool.apply_async(_one_process, (port, exchange, clients // processes, each))
            for _ in range(processes)
        ]
        times = sorted(moment for part in parts for moment in part.get())
    elapsed = time.perf_counter() - started
    cut = statistics.quantiles(times, n=100)
    return Load(len(times), len(times) / elapsed, cut[49], cut[94], cut[98])
