"""`python -m bench [name ...]`: every measurement, or those named; `MEASUREMENTS` lists them."""

from __future__ import annotations

import sys

from bench import coding, console, crowd, diagnoza, export, form, memory, restore, rollup, staff, weight

MEASUREMENTS = {
    "form": form.main,
    "weight": weight.main,
    "diagnoza": diagnoza.main,
    "coding": coding.main,
    "console": console.main,
    "rollup": rollup.main,
    "restore": restore.main,
    "memory": memory.main,
    "staff": staff.main,
    "crowd": crowd.main,
    "export": export.main,
}


def main() -> None:
    named = sys.argv[1:] or list(MEASUREMENTS)
    unknown = [name for name in named if name not in MEASUREMENTS]
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; there are: {', '.join(MEASUREMENTS)}")
    for name in named:
        print(f"\n== {name}")
        MEASUREMENTS[name]()


if __name__ == "__main__":
    main()
