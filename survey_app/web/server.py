"""The service under gunicorn: preloaded, without an access log (requests under /a/ leave no line of their own).

Told to stop, it takes nothing new and finishes what it has, also what waits in the line before it.
"""

from __future__ import annotations

import errno
import gc
import logging
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http.errors import LimitRequestLine
from gunicorn.http.wsgi import FileWrapper
from gunicorn.workers.sync import SyncWorker

from survey_app.config import Settings
from survey_app.errors import ConfigurationError
from survey_app.log_lines import JSON, JsonLines, tell_in_json
from survey_app.security import forbid_core_dumps
from survey_app.web.error_pages import too_long_page

GRACE_SECONDS = 20  # for what is in hand when the service is told to stop
DRAIN_SECONDS = 10  # of these, for what stands in line
UNREAD_SECONDS = 0.2  # for the rest of an address that is too long


class DiscreetLogger(Logger):  # type: ignore[misc]
    """gunicorn's own lines name the address that was asked for, which may hold an invitation, and the caller's."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        if any(isinstance(one.formatter, JsonLines) for one in logging.getLogger().handlers):
            for handler in self.error_log.handlers:
                handler.setFormatter(JsonLines())

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        error = sys.exc_info()[1]
        if "request" not in msg:
            super().exception(msg, *args, **kwargs)
        else:
            super().error("A request failed in the server: %s", type(error).__name__)

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if "request from" in msg:
            super().warning("A caller sent something that is not HTTP.")
        else:
            super().warning(msg, *args, **kwargs)


class PatientWorker(SyncWorker):  # type: ignore[misc]
    """Told to stop, gunicorn's own worker leaves alone whoever is connected and not yet heard: the system then breaks
    their connection off. This one hears them first; a proxy meanwhile finds the port shut as soon as all have ended.
    """

    def load_wsgi(self) -> None:
        super().load_wsgi()
        answer: Any = self.wsgi  # type: ignore[has-type]

        def beating(environ: Any, start_response: Any) -> Any:
            made = answer(environ, start_response)
            return made if isinstance(made, FileWrapper) else Beating(made, self.notify)

        self.wsgi = beating

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:
        """An address that is too long gets a page that says so; gunicorn's own is a line of English."""
        from survey_app.web.app import HEADERS

        app = self.app.wsgi()
        if not isinstance(exc, LimitRequestLine) or "context" not in app.extensions:
            super().handle_error(req, client, addr, exc)
            return
        page = too_long_page(app)
        headers = {**page.headers, **HEADERS, "Cache-Control": "no-store", "Connection": "close"}
        head = [f"HTTP/1.1 {page.status}", *(f"{name}: {value}" for name, value in headers.items())]
        with suppress(OSError):
            client.sendall("\r\n".join([*head, "", ""]).encode("latin-1") + page.data)
            client.shutdown(socket.SHUT_WR)
            client.settimeout(UNREAD_SECONDS)
            # What was sent and not read would break the connection off before the page is read.
            for _ in range(16):
                if not client.recv(65536):
                    break

    def run_for_one(self, timeout: float) -> None:
        super().run_for_one(timeout)
        if self.alive or not self.is_parent_alive():
            return
        late = time.monotonic() + DRAIN_SECONDS
        with suppress(BlockingIOError):
            while time.monotonic() < late:
                self.notify()
                with suppress(ConnectionAbortedError):
                    self.accept(self.sockets[0])


class Beating:
    """The pieces of an answer, with a sign of life after each: a long file may take longer than a worker may be silent.

    A reader who takes nothing for that long still ends it.
    """

    def __init__(self, pieces: Iterable[bytes], beat: Callable[[], None]) -> None:
        self._pieces, self._beat = pieces, beat

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            yield piece
            self._beat()

    def close(self) -> None:
        if hasattr(self._pieces, "close"):
            self._pieces.close()


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with settings from here alone: no configuration file and no command line of its own."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def run(host: str, port: int, workers: int) -> None:
    """Serves until it is told to stop. Raises ConfigurationError when the port is taken, tables are missing, or the
    database may lose what it has acknowledged.

    A lock that a crash interrupted is finished first: its key must not lie about until somebody looks.
    """
    from survey_app.services import durability, schema
    from survey_app.services.survey import lock
    from survey_app.web.app import create_app

    refuse_taken_port(host, port)
    settings = Settings.from_environment()
    if settings.log_format == JSON:
        tell_in_json()
    with _metrics_together(settings):
        app = create_app(settings)
        schema.require_current(app.extensions["context"])
        durability.require_durable(app.extensions["context"])
        lock.finish_locks(app.extensions["context"])
        serve_app(app, host, port, workers)


@contextmanager
def _metrics_together(settings: Settings) -> Iterator[None]:
    """A folder in which the processes lay their numbers together, for as long as the service runs."""
    from survey_app.web.metrics import FOLDER_SETTING

    if settings.metrics_token is None:
        yield
        return
    main_process, folder = os.getpid(), tempfile.mkdtemp(prefix="diagnoza-metrics-")
    os.environ[FOLDER_SETTING] = folder
    try:
        yield
    finally:
        if os.getpid() == main_process:  # a worker's end comes by here, too
            shutil.rmtree(folder, ignore_errors=True)


def serve_app(app: Flask, host: str, port: int, workers: int) -> None:
    """Any application under the settings that the service runs with (the benchmarks use it, too)."""
    forbid_core_dumps()
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": PatientWorker,
        "preload_app": True,  # the instrument and the page are built once; workers share them
        "post_fork": _forget_connections,
        "accesslog": None,
        "errorlog": "-",
        "logger_class": DiscreetLogger,
        "loglevel": "warning",
        "limit_request_line": 8190,  # its most, so that the pages themselves say what is too long to search for
        "timeout": 60,
        "graceful_timeout": GRACE_SECONDS,
    }
    gc.collect()
    gc.freeze()  # what is here stays; looking for garbage in it, each worker would come to hold a copy of its own
    Server(app, options).run()


def _forget_connections(server: Any, _worker: Any) -> None:
    """A connection opened before the fork must not be shared between processes."""
    context = server.app.wsgi().extensions.get("context")
    if context is not None:
        context.database.dispose(close=False)


def refuse_taken_port(host: str, port: int) -> None:
    """Raises ConfigurationError, saying what to do, while another program listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = "jest zajęty" if error.errno == errno.EADDRINUSE else "nie może zostać użyty"
            raise ConfigurationError(
                f"Port {port} na adresie {host} {reason}. Zatrzymaj drugi program albo podaj inny: --port 8001."
            ) from error
