"""Looks through the tracked files for what must never be committed: private keys, tokens, passwords in addresses."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PATTERNS = {
    "private key": re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "cloud access key": re.compile(rb"\b(AKIA|ASIA)[0-9A-Z]{16}\b"),
    "forge token": re.compile(rb"\b(ghp|gho|ghs|glpat)[_-][0-9A-Za-z_-]{20,}\b"),
    "chat token": re.compile(rb"\bxox[abpr]-[0-9A-Za-z-]{10,}\b"),
    "password in an address": re.compile(
        rb"\b[a-z][a-z0-9+]{2,12}://[^/\s:@{}<>]{1,64}:(?!\.\.\.|HASLO|haslo)[^/\s:@{}<>$]{6,}@"
    ),
    "assigned secret": re.compile(
        rb"(?i)\b(secret_key|api_key|smtp_password)\s*=\s*['\"][0-9A-Za-z+/_-]{24,}['\"]"
    ),
}
NEWLINE = b"\n"
LARGEST = 2_000_000


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], check=True, capture_output=True).stdout  # noqa: S607
    return [Path(name.decode()) for name in listing.split(b"\0") if name]


def findings(path: Path) -> list[str]:
    content = path.read_bytes()
    if len(content) > LARGEST:
        return [f"{path}: over {LARGEST} bytes"]
    return [
        f"{path}:{content.count(NEWLINE, 0, match.start()) + 1}: {name}"
        for name, pattern in PATTERNS.items()
        for match in pattern.finditer(content)
    ]


def main() -> int:
    found = [line for path in tracked_files() if path.is_file() for line in findings(path)]
    print(*found, sep="\n", end="\n" if found else "")
    print(f"secrets: {len(found)} found")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
