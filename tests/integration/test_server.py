"""The real server, as `survey-app serve` runs it: it answers, and its log keeps quiet about who asked for what."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from survey_app.services.context import Context
from survey_app.services.survey.tokens import new_token
from tests.stores import free_port

PATIENCE = 60  # seconds


@contextmanager
def _served(context: Context, log: Path) -> Iterator[int]:
    port = free_port()
    environment = {
        **os.environ,
        "SURVEY_VAR": str(context.settings.var),
        "DATABASE_URL": str(context.database.url),
    }
    command = [sys.executable, "-m", "survey_app.cli", "serve", "--port", str(port), "--workers", "1"]
    with (
        log.open("wb") as file,
        subprocess.Popen(command, env=environment, stdout=file, stderr=file) as server,
    ):
        try:
            _wait_for(server, port)
            yield port
        finally:
            server.terminate()


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """A busy machine reads the programs for longer than the server takes to start."""
    late = time.monotonic() + PATIENCE
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert server.poll() is None, "the server has ended"
        assert time.monotonic() < late, "the server did not start"
        time.sleep(0.05)


def _asked(port: int, method: str, path: str, body: str = "") -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request(method, path, body, {"content-type": "application/x-www-form-urlencoded"})
        return connection.getresponse().status


def test_what_a_respondent_asks_for_leaves_no_line_in_the_log(
    sqlite_context: Context, tmp_path: Path
) -> None:
    """Neither a page that is there nor one that is not, nor nonsense that is not HTTP at all."""
    log, token = tmp_path / "server.log", new_token()
    with _served(sqlite_context, log) as port:
        assert _asked(port, "GET", "/health") == 200
        assert _asked(port, "GET", f"/a/abcdefghjk/{token}") == 404
        assert _asked(port, "POST", f"/a/abcdefghjk/{token}", "p1=kultura") == 404
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as raw:
            raw.sendall(f"nonsense /a/abcdefghjk/{token}\r\n\r\n".encode())
            raw.recv(1000)
        assert _asked(port, "GET", f"/biblioteczka?szukaj={5000 * 'a'}") == 200, (
            "the page itself says what it cuts"
        )
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
            connection.request("GET", f"/a/abcdefghjk/{token}?{40_000 * 'a'}")
            answer = connection.getresponse()
            page = answer.read().decode()
        assert (answer.status, answer.getheader("content-type")) == (414, "text/html; charset=utf-8")
        assert answer.getheader("x-content-type-options") == "nosniff"
        assert "Adres strony jest za długi" in page
        assert page.rstrip().endswith("</html>")
    told = log.read_text(encoding="utf-8")
    assert token not in told
    assert "/a/" not in told
    assert "127.0.0.1" not in told.replace(f"127.0.0.1:{port}", "")


def test_a_taken_port_is_told_in_plain_words(sqlite_context: Context, tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        environment = {**os.environ, "SURVEY_VAR": str(sqlite_context.settings.var)}
        command = [sys.executable, "-m", "survey_app.cli", "serve", "--port", str(port)]
        ended = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    assert ended.returncode == 1
    assert f"Port {port} na adresie 127.0.0.1 jest zajęty" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_crash_of_the_server_would_leave_no_image_of_its_memory(
    sqlite_context: Context, tmp_path: Path
) -> None:
    with _served(sqlite_context, tmp_path / "log") as port:
        _asked(port, "GET", "/health")  # the port is open before there is a worker
        found = [
            path.parent.joinpath("limits").read_text()
            for path in Path("/proc").glob("[0-9]*/environ")
            if f"SURVEY_VAR={sqlite_context.settings.var}".encode() in _bytes_of(path)
        ]
    lines = [line for text in found for line in text.splitlines() if line.startswith("Max core file size")]
    assert len(lines) >= 2, "the server and its worker"
    assert all(line.split()[4:6] == ["0", "0"] for line in lines)


def _bytes_of(path: Path) -> bytes:
    with suppress(OSError):
        return path.read_bytes()
    return b""
