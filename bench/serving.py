"""Starts a WSGI application under the service's own gunicorn settings, in a process of its own, for a while."""

from __future__ import annotations

import contextlib
import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator

from flask import Flask


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(make: Callable[[], Flask], port: int) -> None:
    from survey_app.web.server import serve_app

    serve_app(make(), "127.0.0.1", port, workers=2)


@contextlib.contextmanager
def serving(make: Callable[[], Flask]) -> Iterator[int]:
    """Yields the port once the server answers."""
    port = free_port()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(make, port))
    process.start()
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.join(20)
