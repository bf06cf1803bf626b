"""Looks the locked packages up among known vulnerabilities; where nobody answers, says that it was left out.

A found vulnerability fails. So does a pip-audit that breaks for any other reason than the network.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LOCKS = ("requirements.lock", "requirements-dev.lock")
PATIENCE_SECONDS = 300
# What pip-audit says when nobody answers; it has one status for this and for its own mistakes.
UNREACHABLE = (
    "connection",
    "timed out",
    "timeout",
    "max retries",
    "proxy",
    "service error",
    "name resolution",
    "403",
)


def verdict(told: str, errors: str) -> tuple[int, str]:
    """Exit status and words for what pip-audit printed: its JSON, and its standard error."""
    try:
        found: list[Mapping[str, Any]] = json.loads(told)["dependencies"]
    except (ValueError, KeyError, TypeError):
        reason = (errors.strip().splitlines() or ["no answer"])[-1][:200]
        if any(word in errors.lower() for word in UNREACHABLE):
            return 0, f"LEFT OUT: the list of vulnerabilities cannot be reached from here ({reason})"
        return 1, f"pip-audit failed: {reason}"
    wrong = [
        f"{one['name']} {one.get('version', '')}: {', '.join(fault['id'] for fault in one['vulns'])}"
        for one in found
        if one.get("vulns")
    ]
    if wrong:
        return 1, "Known vulnerabilities:\n  " + "\n  ".join(wrong)
    skipped = [one["name"] for one in found if "skip_reason" in one]
    if skipped:
        return (
            0,
            f"LEFT OUT: {len(skipped)} of {len(found)} packages are unknown to the list that answers here",
        )
    return 0, f"{len(found)} packages, no known vulnerability"


def main() -> int:
    worst = 0
    for lock in LOCKS:
        command = [
            *(sys.executable, "-m", "pip_audit", "--requirement", lock, "--require-hashes", "--disable-pip"),
            *("--progress-spinner", "off", "--timeout", "10", "--format", "json"),
        ]
        try:
            ran = subprocess.run(  # noqa: S603
                command, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
            )
            status, words = verdict(ran.stdout, ran.stderr)
        except subprocess.TimeoutExpired:
            status, words = verdict("", "timed out")
        print(f"{lock}: {words}")
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    assert Path(LOCKS[0]).exists(), "run it from the checkout"
    sys.exit(main())
