"""What the system says of running processes: memory and open files (Linux: /proc)."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_KB = re.compile(r"^(Rss|Pss|Pss_Anon):\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Usage:
    """Of some processes together, in MB. `pss` shares out what several processes share; `own` is of that what no file
    and no shared memory stands behind, as a leak would be.
    """

    processes: int
    rss: float
    pss: float
    own: float
    files: int


def usage(pids: Iterable[int]) -> Usage:
    """Of those that are still there."""
    found = [one for pid in pids if (one := _one(pid)) is not None]
    return Usage(
        len(found),
        rss=sum(one[0] for one in found),
        pss=sum(one[1] for one in found),
        own=sum(one[2] for one in found),
        files=sum(one[3] for one in found),
    )


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time of these processes, and of their children that have ended, until now."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _one(pid: int) -> tuple[float, float, float, int] | None:
    with contextlib.suppress(OSError):
        told = dict(_KB.findall(Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")))
        files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        if told:
            rss, pss, own = (int(told.get(name, 0)) / 1024 for name in ("Rss", "Pss", "Pss_Anon"))
            return rss, pss, own, files
    return None
