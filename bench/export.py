"""A million answers as CSV: time, and the peak memory of a process that does nothing else.

By the command and by the page, of an anonymous and of a named campaign, on SQLite and on PostgreSQL. Beside them: the
same with a tenth of the answers (what is kept must not grow with them), and a tenth made as a whole, as it was before.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the process that is measured loads what it needs, and no more
    from survey_app.services.context import Context


ANSWERS = int(os.environ.get("BENCH_ANSWERS", "1000000"))
TARGET_MB = 150
LARGE, SMALL = "100101", "100102"
EMAIL = "anna@example.org"


def main() -> None:
    from bench.form import stores

    with tempfile.TemporaryDirectory(dir="/tmp") as name, stores(Path(name)) as each:
        for store, url in each:
            for mode in ("anonymous", "named"):
                _measure(
                    Path(name) / mode / store.partition(" ")[0], f"{store}, {mode}", _own(url, mode), mode
                )


def _own(url: str, mode: str) -> str:
    """A store for each: of a named campaign the first is used up."""
    from bench.crowd import twin

    if mode == "anonymous":
        return url
    return f"{url}-named" if url.startswith("sqlite") else twin(url)


def _measure(folder: Path, store: str, url: str, mode: str) -> None:
    from bench import filled

    folder.mkdir(parents=True)
    context = filled.context_at(folder, url)
    source = filled.source_of(context, filled.one_gmina(context, 100, mode))
    found = filled.add_campaigns(context, source, [LARGE, SMALL])
    filled.add_responses(context, source, {LARGE: found[LARGE]}, ANSWERS)
    filled.add_responses(context, source, {SMALL: found[SMALL]}, ANSWERS // 10)
    _coordinators(context)
    context.database.dispose()
    print(f"\n{store}", flush=True)
    for code, rows in ((SMALL, ANSWERS // 10), (LARGE, ANSWERS)):
        _tell(f"command, {rows:,} rows", *_by_command(folder, url, code, rows), rows)
        _tell(f"page, {rows:,} rows", *_in_a_process(_by_page, folder, url, code, found[code]), rows)
    rows = ANSWERS // 10
    _tell(f"as a whole, {rows:,} rows", *_in_a_process(_as_a_whole, folder, url, SMALL, found[SMALL]), rows)


def _tell(name: str, seconds: float, before: float, peak: float, rows: int) -> None:
    print(
        f"{name:<28} {seconds:7.1f} s, {seconds / rows * 1e6:4.0f} µs a row; peak memory {peak:4.0f} MB"
        f" (at its start {before:3.0f} MB; target {TARGET_MB} MB)",
        flush=True,
    )


def _coordinators(context: Context) -> None:
    from survey_app.services import accounts
    from tests.integration.staff import PASSWORD

    for code in (SMALL, LARGE):
        accounts.create_user(context, f"{code}{EMAIL}", "Anna Zając", PASSWORD, coordinator_of=code)


def _by_command(folder: Path, url: str, code: str, rows: int) -> tuple[float, float, float]:
    """Codebook included, for which the rows are read a second time."""
    out, environment = folder / f"out-{code}", os.environ | {"SURVEY_VAR": str(folder), "DATABASE_URL": url}
    _, idle = _ended(["campaign", "--help"], environment)
    seconds, peak = _ended(["export", code, "--out", str(out), "--only", "csv"], environment)
    [file] = [one for one in out.glob("*.csv") if "ksiazka" not in one.name]
    with file.open("rb") as lines:
        assert sum(1 for _ in lines) == rows + 1
    return seconds, idle, peak


def _ended(words: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and peak memory (MB) of a command that has run to its end, as it tells itself while it ends."""
    program = "import atexit, bench.export as b; atexit.register(b.tell_peak); from survey_app.cli import main; main()"
    started = time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-c", program, *words], env=environment, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - started, float(told.stdout.splitlines()[-1])


def tell_peak() -> None:
    print(_peak())


def _in_a_process(work, *given) -> tuple[float, float, float]:  # type: ignore[no-untyped-def]
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=work, args=(theirs, *given))
    process.start()
    found: tuple[float, float, float] = ours.recv()
    process.join()
    return found


def _by_page(answer: Connection, folder: Path, url: str, code: str, campaign_id: int) -> None:
    """Everything of the service is loaded already, as in a worker; the pieces are counted and let go."""
    from bench import filled
    from survey_app.web.app import create_app
    from tests.integration.staff import staff

    client = staff(create_app(context=filled.context_at(folder, url)), f"{code}{EMAIL}").client
    before, started = _peak(), time.perf_counter()
    response = client.get(f"/panel/{code}/kampanie/{campaign_id}/wyniki/dane.csv", buffered=False)
    assert response.status_code == 200
    assert sum(piece.count(b"\n") for piece in response.iter_encoded()) > 1
    answer.send((time.perf_counter() - started, before, _peak()))


def _as_a_whole(answer: Connection, folder: Path, url: str, _code: str, campaign_id: int) -> None:
    """All records, all rows and the whole text at once."""
    from bench import filled
    from survey_app.services.spreadsheets import csv_bytes
    from survey_app.services.survey import results
    from survey_app.services.survey.export_responses import row_file
    from survey_app.web.app import create_app

    context = filled.context_at(folder, url)
    create_app(context=context)
    before, started = _peak(), time.perf_counter()
    rows = row_file(context, results.load_results(context, campaign_id))
    assert csv_bytes(rows.header, rows.rows)
    answer.send((time.perf_counter() - started, before, _peak()))


def _peak() -> float:
    """Of this program alone: what the system counts for its parents would hold the parent's, too."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split(maxsplit=1)[0]) / 1024
