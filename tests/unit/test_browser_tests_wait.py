"""Tests in a browser wait for what they assert: read at once, it is right on a quick machine and not on a busy one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1] / "e2e"
AT_ONCE = {
    "all_inner_texts",
    "all_text_contents",
    "content",
    "count",
    "evaluate",
    "get_attribute",
    "inner_html",
    "inner_text",
    "input_value",
    "is_checked",
    "is_disabled",
    "is_enabled",
    "is_hidden",
    "is_visible",
    "text_content",
}
SLEEPS = {"sleep", "wait_for_timeout"}
WAITING = "browser.py", "console_browser.py"  # what asks again and again itself


def hasty(source: str) -> Iterator[str]:
    """Line and method of each assertion about a page that does not wait, and of each sleep."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assert):
            for part in ast.walk(node.test):
                if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
                    if part.func.attr in AT_ONCE and (part.func.attr != "count" or not part.args):
                        yield f"{node.lineno}: {part.func.attr}"
                elif isinstance(part, ast.Attribute) and part.attr == "url":
                    yield f"{node.lineno}: url"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SLEEPS:
            yield f"{node.lineno}: {node.func.attr}"


@pytest.mark.parametrize("file", sorted(TESTS.glob("*.py")), ids=lambda file: file.name)
def test_every_assertion_about_a_page_waits(file: Path) -> None:
    """`expect(...)` of playwright, and `becomes` or `comes_true` of tests/e2e/browser.py, wait; nothing sleeps."""
    if file.name not in WAITING:
        assert list(hasty(file.read_text(encoding="utf-8"))) == []


def test_a_hasty_assertion_is_found() -> None:
    lines = (
        "assert page.get_by_role('heading').is_visible()",
        "assert 'a' in box.inner_text()",
        "assert page.url == address",
        "page.wait_for_timeout(500)",
        "expect(box).to_have_text('a')",
    )
    assert list(hasty("\n".join(lines))) == [
        "1: is_visible",
        "2: inner_text",
        "3: url",
        "4: wait_for_timeout",
    ]
