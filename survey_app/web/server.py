"""The service under gunicorn: preloaded, without an access log (requests under /a/ leave no line of their own)."""

from __future__ import annotations

import errno
import socket
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from survey_app.errors import ConfigurationError
from survey_app.security import forbid_core_dumps


class DiscreetLogger(Logger):  # type: ignore[misc]
    """gunicorn's own lines name the address that was asked for, which may hold an invitation, and the caller's."""

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
    app = create_app()
    schema.require_current(app.extensions["context"])
    durability.require_durable(app.extensions["context"])
    lock.finish_locks(app.extensions["context"])
    serve_app(app, host, port, workers)


def serve_app(app: Flask, host: str, port: int, workers: int) -> None:
    """Any application under the settings that the service runs with (the benchmarks use it, too)."""
    forbid_core_dumps()
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "preload_app": True,  # the instrument and the page are built once; workers share them
        "post_fork": _forget_connections,
        "accesslog": None,
        "errorlog": "-",
        "logger_class": DiscreetLogger,
        "loglevel": "warning",
        "limit_request_line": 4094,
        "timeout": 60,
        "graceful_timeout": 20,
    }
    Server(app, options).run()


def _forget_connections(server: Any, _worker: Any) -> None:
    """A connection opened before the fork must not be shared between processes."""
    context = server.app.wsgi().extensions.get("context")
    if context is not None:
        context.database.engine.dispose(close=False)


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
