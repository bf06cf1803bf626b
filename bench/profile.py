"""Where a GET of the form and a POST of an answer spend their time, by room, in one process without a server.

A look at the stack every half a millisecond of processor time, and in a second pass of the clock (which counts waiting
for the disk and for PostgreSQL, too). A moment belongs to the innermost frame that a room claims; libraries belong to
whoever called them. Baseline: a bare Flask view.
"""

from __future__ import annotations

import secrets
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import EnvironBuilder

from bench import results
from bench.form import ANSWER, prepared_context, stores

REQUESTS = 1500
STEP = 0.0005  # seconds between two looks
REST = "the frame (Flask, Werkzeug, the view)"
ROOMS = (REST, "routing of addresses", "hooks", "store", "seal", "form", "path", "use case", "render")
# (part of the file's name, name of the function or "" for all, room); the first that fits a frame.
_CLAIMS = (
    ("/werkzeug/routing/", "", "routing of addresses"),
    ("/flask/app.py", "match_request", "routing of addresses"),
    ("/flask/app.py", "create_url_adapter", "routing of addresses"),
    ("/flask/app.py", "preprocess_request", "hooks"),
    ("/flask/app.py", "process_response", "hooks"),
    ("/flask/app.py", "do_teardown_request", "hooks"),
    ("/sqlalchemy/", "", "store"),
    ("/psycopg/", "", "store"),
    ("/survey_app/store/", "", "store"),
    ("/survey_app/services/survey/seal.py", "", "seal"),
    ("/survey_app/services/survey/tokens.py", "", "seal"),
    ("/survey_app/services/survey/take_survey.py", "sealed", "seal"),
    ("/survey_app/forms/", "", "form"),
    ("/survey_app/web/request_body.py", "", "form"),
    ("/survey_app/instrument/", "", "path"),
    ("/jinja2/", "", "render"),
    ("/survey_app/web/survey_page.py", "", "render"),
    ("/survey_app/services/", "", "use case"),
)


def room_of(stack: list[tuple[str, str]]) -> str:
    """Of (file, function) pairs, innermost first."""
    for file, function in stack:
        for part, name, room in _CLAIMS:
            if part in file and name in ("", function):
                return room
    return REST


@dataclass(frozen=True, slots=True)
class Profile:
    """Milliseconds of one request, of the processor and by the clock: in all, and by room."""

    cpu: float
    clock: float
    cpu_by_room: dict[str, float]
    clock_by_room: dict[str, float]


def shared_out(whole: float, looks: Counter[str]) -> dict[str, float]:
    """`whole`, in the proportion of the looks; every room is named, and together they are the whole again."""
    number = sum(looks.values())
    return {room: whole * looks[room] / number if number else 0.0 for room in ROOMS}


def main() -> None:
    bare = Flask("bare")
    bare.add_url_rule("/", view_func=lambda: b"x" * 20_000, methods=["GET", "POST"])
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name, stores(Path(name)) as found:
        for number, (store, url) in enumerate(found):
            context, public_id = prepared_context(Path(name) / str(number), url)
            _measure(store, context, f"/a/{public_id}", bare)
            context.database.dispose()


def _measure(store: str, context: object, path: str, bare: Flask) -> None:
    from survey_app.web.app import create_app

    app = create_app(context=context)  # type: ignore[arg-type]
    get, post = (lambda: _ask(app, path, b"", 200)), (lambda: _ask(app, path, _form(), 303))
    found = {"GET": profiled(get), "POST": profiled(post)}
    alone = {
        "GET": profiled(lambda: _ask(bare, "/", b"", 200)),
        "POST": profiled(lambda: _ask(bare, "/", _form(), 200)),
    }
    print(f"\n{store}; milliseconds of one request, {REQUESTS} of each")
    print(f"{'':<40} {'GET, cpu':>9} {'clock':>7} {'POST, cpu':>10} {'clock':>7}")
    for room in ROOMS:
        cells = [(one.cpu_by_room[room], one.clock_by_room[room]) for one in found.values()]
        print(f"{room:<40} {cells[0][0]:9.3f} {cells[0][1]:7.3f} {cells[1][0]:10.3f} {cells[1][1]:7.3f}")
    for name, table in (("together", found), ("a bare view", alone)):
        get_one, post_one = table["GET"], table["POST"]
        print(
            f"{name:<40} {get_one.cpu:9.3f} {get_one.clock:7.3f} {post_one.cpu:10.3f} {post_one.clock:7.3f}"
        )
    for method, one in found.items():
        results.note(f"{store}: {method}, processor", one.cpu, "ms", alone[method].cpu, "a bare view")
        for room in ROOMS:
            results.note(f"{store}: {method}, {room}", one.cpu_by_room[room], "ms")


def _form() -> bytes:
    return urlencode({**ANSWER, "form_key": secrets.token_hex(16)}).encode()


def _ask(app: Flask, path: str, body: bytes, expected: int) -> None:
    kind = "application/x-www-form-urlencoded" if body else None
    method = "POST" if body else "GET"
    environ = EnvironBuilder(path=path, method=method, data=body or None, content_type=kind).get_environ()
    told: list[str] = []

    def start(status: str, _headers: object, _info: object = None, /) -> Callable[[bytes], object]:
        told.append(status)
        return lambda _part: None

    chunks = app.wsgi_app(environ, start)
    for _ in chunks:
        pass
    if hasattr(chunks, "close"):
        chunks.close()
    if not told[0].startswith(str(expected)):
        raise SystemExit(f"{method} {path}: {told[0]}")


def profiled(ask: Callable[[], None]) -> Profile:
    """Timed without anybody looking, then looked at, for each of the two clocks."""
    for _ in range(50):
        ask()
    clock, cpu = time.perf_counter(), time.process_time()
    for _ in range(REQUESTS):
        ask()
    clock, cpu = (
        (time.perf_counter() - clock) / REQUESTS * 1000,
        (time.process_time() - cpu) / REQUESTS * 1000,
    )
    by_cpu = looked_at(ask, signal.ITIMER_PROF, signal.SIGPROF)
    by_clock = looked_at(ask, signal.ITIMER_REAL, signal.SIGALRM)
    return Profile(cpu, clock, shared_out(cpu, by_cpu), shared_out(clock, by_clock))


def looked_at(ask: Callable[[], None], timer: int, number: signal.Signals) -> Counter[str]:
    """Room -> how often it was at work when somebody looked."""
    looks: Counter[str] = Counter()

    def look(_number: int, frame: FrameType | None) -> None:
        stack = []
        while frame is not None:
            stack.append((frame.f_code.co_filename, frame.f_code.co_name))
            frame = frame.f_back
        if any(function == "wsgi_app" for _, function in stack):
            looks[room_of(stack)] += 1

    before = signal.signal(number, look)
    signal.setitimer(timer, STEP, STEP)
    try:
        for _ in range(REQUESTS):
            ask()
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before)
    return looks
