"""The list of parts names every locked package; the look-up of vulnerabilities tells a fault from a missing network."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE = "sbom.cdx.json"


def made(target: Path) -> bytes:
    """By the Makefile's own command."""
    recipe = re.search(r"^sbom:.*\n\t(.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert recipe is not None
    words = shlex.split(recipe[1])
    assert FILE in words
    command = [sys.executable, *(str(target) if word == FILE else word for word in words[1:])]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return target.read_bytes()


def test_every_locked_package_is_in_the_list_with_its_version_and_sums(tmp_path: Path) -> None:
    content = made(tmp_path / FILE)
    told = json.loads(content)
    assert told["bomFormat"] == "CycloneDX"
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, re.M))
    assert len(locked) > 50
    assert {(one["name"], one["version"]) for one in told["components"]} == locked
    sums = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", lock))
    found = set()
    for one in told["components"]:
        assert one["purl"].startswith(f"pkg:pypi/{one['name'].lower()}@{one['version']}")
        own = {sum_["content"] for place in one["externalReferences"] for sum_ in place.get("hashes", ())}
        assert own, one["name"]
        found |= own
    assert found == sums
    assert "timestamp" not in told["metadata"]
    assert "serialNumber" not in told


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


GOOD = {"name": "flask", "version": "3.1.3", "vulns": []}
BAD = {"name": "jinja2", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]}
UNKNOWN = {"name": "flask", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("out", "errors", "status", "words"),
    [
        (told(GOOD), "", 0, "1 packages, no known"),
        (told(GOOD, BAD), "", 1, "jinja2 1.0: PYSEC-1"),
        (told(BAD, UNKNOWN), "", 1, "PYSEC-1"),
        (told(GOOD, UNKNOWN), "", 0, "LEFT OUT: 1 of 2"),
        ("", "ERROR: Max retries exceeded", 0, "LEFT OUT"),
        ("", "Traceback\nKeyError: 'x'", 1, "pip-audit failed: KeyError"),
        ("{}", "", 1, "failed"),
    ],
)
def test_a_vulnerability_fails_and_a_missing_list_is_told(
    audit: ModuleType, out: str, errors: str, status: int, words: str
) -> None:
    found, said = audit.verdict(out, errors)
    assert found == status
    assert words in said
