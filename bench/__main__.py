"""`python -m bench [NAME ...] [--out FOLDER]`: every measurement, or those named.

With `--out`: results.json, results.md and results.svg in that folder. `soak` takes twenty minutes (`--minutes`).
"""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Callable
from pathlib import Path

from bench import (
    coding,
    console,
    crowd,
    diagnoza,
    export,
    form,
    library,
    memory,
    paint,
    plan,
    profile,
    restore,
    results,
    rollup,
    soak,
    staff,
    visits,
    weight,
)

MEASUREMENTS: dict[str, Callable[[], None]] = {
    "form": form.main,
    "weight": weight.main,
    "paint": paint.main,
    "profile": profile.main,
    "visits": visits.main,
    "diagnoza": diagnoza.main,
    "coding": coding.main,
    "console": console.main,
    "rollup": rollup.main,
    "restore": restore.main,
    "library": library.main,
    "memory": memory.main,
    "staff": staff.main,
    "crowd": crowd.main,
    "export": export.main,
    "plan": plan.main,
    "soak": soak.main,
}


def main() -> None:
    asked = _arguments()
    chosen = MEASUREMENTS | {
        "soak": functools.partial(soak.main, asked.minutes),
        "plan": functools.partial(plan.main, asked.figures),
    }
    unknown = [name for name in asked.names if name not in chosen]
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; there are: {', '.join(chosen)}")
    told, found = results.circumstances(), []
    for name in asked.names or list(chosen):
        print(f"\n== {name}", flush=True)
        found.append(results.measured(name, chosen[name]))
        if asked.out is not None:  # after each: a run that is broken off leaves what it had
            results.write(asked.out, told, found)
    failed = [one.name for one in found if one.failed]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _arguments() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    reader.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    reader.add_argument(
        "--out", type=Path, metavar="FOLDER", help="write results.json, results.md, results.svg"
    )
    reader.add_argument("--minutes", type=float, default=soak.MINUTES, help="how long the soak takes")
    reader.add_argument(
        "--figures", type=Path, metavar="FILE", help="a results.json that the plan takes its costs from"
    )
    return reader.parse_args()


if __name__ == "__main__":
    main()
