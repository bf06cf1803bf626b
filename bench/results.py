"""What a run measured, for machines and for readers: results.json, a table in Markdown, a chart.

A measurement prints as it likes, and its lines are kept. Whoever also calls `note()` for its figures has them in the
table and in the chart, beside their baselines. Where nobody collects, `note()` does nothing.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.metadata
import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

PACKAGES = (
    "flask",
    "gunicorn",
    "jinja2",
    "numpy",
    "pandas",
    "psycopg",
    "pynacl",
    "reportlab",
    "scipy",
    "sqlalchemy",
)
PROGRAMS = {"PostgreSQL": ("postgres", "-V"), "nginx": ("nginx", "-v"), "Chromium": ("chromium", "--version")}
_collecting: list[Measured] = []  # the one that runs just now


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, and the one of the same run that it is held against. `beside`: what that one is."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    beside: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the baseline; None without one, or beside nothing."""
        return self.value / self.baseline if self.baseline else None


@dataclass(slots=True)
class Measured:
    """One measurement: its figures, every line that it printed, and why it failed ("": it did not)."""

    name: str
    seconds: float = 0.0
    failed: str = ""
    figures: list[Figure] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


def note(name: str, value: float, unit: str, baseline: float | None = None, beside: str = "") -> None:
    """Keeps a figure, if somebody collects. `unit`: "/s", "ms", "KB", "MB", "s", "%" or "" for a count."""
    if _collecting:
        _collecting[-1].figures.append(Figure(name, float(value), unit, baseline, beside))


def attach(name: str, data: Any) -> None:
    """Keeps what figures came from (samples over time), as plain JSON, in results.json alone."""
    if _collecting:
        _collecting[-1].data[name] = data


def measured(name: str, main: Callable[[], None]) -> Measured:
    """Runs it, with its lines on the screen as ever. A fault ends this measurement alone, and is told."""
    found, lines, started = Measured(name), _Tee(sys.stdout), time.perf_counter()
    _collecting.append(found)
    try:
        with contextlib.redirect_stdout(lines):
            main()
    except KeyboardInterrupt:
        raise
    except (Exception, SystemExit) as error:
        traceback.print_exception(error)
        found.failed = f"{type(error).__name__}: {error}"
    finally:
        _collecting.remove(found)
    found.seconds = time.perf_counter() - started
    found.printed = lines.kept.getvalue().splitlines()
    return found


class _Tee(io.TextIOBase):
    """Onto the screen, and kept."""

    def __init__(self, screen: TextIO) -> None:
        self.screen, self.kept = screen, io.StringIO()

    def write(self, text: str) -> int:
        self.kept.write(text)
        return self.screen.write(text)

    def flush(self) -> None:
        self.screen.flush()


def circumstances() -> dict[str, Any]:
    """The machine, what ran on it beside, and every version that a figure may depend on."""
    commit = _said("git", "describe", "--always", "--dirty", "--exclude=*")
    packages = {name: importlib.metadata.version(name) for name in PACKAGES}
    programs = {name: _version(*command) for name, command in PROGRAMS.items()}
    return {
        "measured_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "commit": commit or "unknown",
        "machine": {
            "architecture": platform.machine(),
            "processor": _processor(),
            "processors": os.cpu_count(),
            "memory_mb": _memory_mb(),
            "load_before": round(os.getloadavg()[0], 1),
        },
        "versions": {
            "Python": platform.python_version(),
            "system": f"{platform.system()} {platform.release()}",
        }
        | {name: found for name, found in programs.items() if found}
        | packages,
    }


def write(folder: Path, told: dict[str, Any], found: Sequence[Measured]) -> None:
    """results.json, results.md and, where any figure has a baseline, results.svg."""
    from bench import chart

    folder.mkdir(parents=True, exist_ok=True)
    document = {**told, "measurements": [_as_json(one) for one in found]}
    text = json.dumps(document, ensure_ascii=False, indent=2)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")
    (folder / "results.md").write_text(markdown(told, found), encoding="utf-8")
    if any(figure.ratio for one in found for figure in one.figures):
        (folder / "results.svg").write_text(chart.svg(found), encoding="utf-8")


def _as_json(one: Measured) -> dict[str, Any]:
    figures = [{**asdict(figure), "ratio": figure.ratio} for figure in one.figures]
    return {**asdict(one), "figures": figures}


def markdown(told: dict[str, Any], found: Sequence[Measured]) -> str:
    """One table for each measurement; the lines that it printed where it noted no figure."""
    machine = told["machine"]
    lines = [
        "# Measured",
        "",
        f"{told['measured_at']}, commit {told['commit']}; {machine['processors']} processors "
        f"({machine['processor'] or machine['architecture']}), {machine['memory_mb']} MB, load before "
        f"{machine['load_before']}.",
        "",
        ", ".join(f"{name} {version}" for name, version in told["versions"].items()),
    ]
    for one in found:
        lines += ["", f"## {one.name} ({one.seconds:.0f} s)", ""]
        if one.failed:
            lines += [f"**Failed**: {_cell(one.failed)}", ""]
        lines += _table(one.figures) if one.figures else ["```", *one.printed, "```"]
    return "\n".join(lines) + "\n"


def _table(figures: Sequence[Figure]) -> list[str]:
    lines = ["| figure | value | baseline | ratio |", "|---|--:|--:|--:|"]
    for figure in figures:
        baseline = f"{number(figure.baseline)} {figure.unit} ({figure.beside})" if figure.baseline else ""
        ratio = f"{figure.ratio:.2f}" if figure.ratio else ""
        told = f"{number(figure.value)} {figure.unit}".strip()
        lines.append(f"| {_cell(figure.name)} | {told} | {_cell(baseline)} | {ratio} |")
    return lines


def _cell(text: str) -> str:
    """A cell of a table must not end in its middle."""
    return " ".join(text.replace("|", "/").split())


def number(value: float) -> str:
    """Three digits that count, and whole numbers whole."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def _said(*command: str) -> str:
    with contextlib.suppress(OSError):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return (done.stdout or done.stderr).strip()
    return ""


def _version(program: str, asking: str) -> str:
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    version = re.search(r"\d+(\.\d+)+", _said(found, asking)) if found else None
    return version[0] if version else ""


def _processor() -> str:
    with contextlib.suppress(OSError):
        known = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
        return known[1].strip() if known else ""
    return ""


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
