"""Starts a WSGI application under the service's own gunicorn settings, in a process of its own, for a while."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

WORKERS = 2


@dataclass(frozen=True, slots=True)
class Served:
    """Where it listens, and the process that its workers are children of."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Processor time of the server and its workers until now; 0 where the system does not tell (not Linux)."""
        return sum(_ticks(stat) for stat in Path("/proc").glob("[0-9]*/stat") if self._is_ours(stat)) / (
            os.sysconf("SC_CLK_TCK")
        )

    def _is_ours(self, stat: Path) -> bool:
        return self.pid in (int(stat.parent.name), _parent(stat))


def _fields(stat: Path) -> list[str]:
    """Those behind the name of the program, which may hold anything; none once the process has ended."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _parent(stat: Path) -> int:
    fields = _fields(stat)
    return int(fields[1]) if fields else 0


def _ticks(stat: Path) -> int:
    fields = _fields(stat)
    return int(fields[11]) + int(fields[12]) if fields else 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(make: Callable[[], Flask], port: int) -> None:
    from survey_app.web.server import serve_app

    serve_app(make(), "127.0.0.1", port, workers=WORKERS)


@contextlib.contextmanager
def serving(make: Callable[[], Flask]) -> Iterator[Served]:
    """Yields once the server answers."""
    port = free_port()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(make, port))
    process.start()
    assert process.pid is not None
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.join(20)
