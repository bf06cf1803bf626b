"""A small load client: some clients for some seconds, each exchange timed at the client.

Plain sockets, for the client shares the machine with what it measures; a new connection for each request, as the
server's workers serve one request per connection. Anything but the expected status counts as a failure.
"""

from __future__ import annotations

import multiprocessing
import socket
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

PROCESSES = 2
PATIENCE_SECONDS = 30


class UnexpectedError(Exception):
    """Another status than the one that was waited for."""


@dataclass(frozen=True, slots=True)
class Load:
    """`per_second`: whole exchanges that went well; `p50`, `p95`, `p99`: milliseconds of one exchange.

    `cpu`: milliseconds of processor time that the server took for one exchange (0: not known on this system).
    """

    done: int
    failed: int
    per_second: float
    p50: float
    p95: float
    p99: float
    cpu: float = 0.0

    def __str__(self) -> str:
        told = (
            f"{self.per_second:6.0f}/s   p50 {self.p50:6.1f}   p95 {self.p95:6.1f}   p99 {self.p99:6.1f} ms"
        )
        told += f"   cpu {self.cpu:5.2f} ms"
        return f"{told}   {self.failed} FAILED" if self.failed else told


def ask(port: int, method: str, path: str, expected: int, body: bytes = b"") -> bytes:
    """The reply's body. UnexpectedError for another status."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    if body:
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(head.encode() + b"\r\n" + body)
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
    reply_head, _, reply = b"".join(parts).partition(b"\r\n\r\n")
    status = reply_head[9:12]
    if status != str(expected).encode():
        raise UnexpectedError(f"{method}: {status.decode() or 'no reply'}")
    return reply


Exchange = Callable[[int], None]


def _one_client(port: int, exchange: Exchange, until: float, times: list[float], failures: list[str]) -> None:
    while (started := time.perf_counter()) < until:
        try:
            exchange(port)
        except (UnexpectedError, OSError) as error:
            failures.append(repr(error))
        else:
            times.append((time.perf_counter() - started) * 1000)


def _one_process(
    port: int, exchange: Exchange, clients: int, seconds: float
) -> tuple[list[float], list[str]]:
    times: list[float] = []
    failures: list[str] = []
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_one_client, args=(port, exchange, until, times, failures))
        for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, failures


def run(port: int, exchange: Exchange, *, clients: int, seconds: float) -> Load:
    """`exchange` must be importable: it runs in processes of its own."""
    started = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        asked = (port, exchange, clients // PROCESSES, seconds)
        parts = [pool.apply_async(_one_process, asked) for _ in range(PROCESSES)]
        found = [part.get() for part in parts]
    elapsed = time.perf_counter() - started
    times = sorted(one for part, _ in found for one in part)
    failures = [one for _, part in found for one in part]
    if len(times) < 2:
        raise RuntimeError(f"nothing went well: {failures[:3]}")
    cut = statistics.quantiles(times, n=100)
    return Load(len(times), len(failures), len(times) / elapsed, cut[49], cut[94], cut[98])
