"""What the documentation says is there, is there; and nothing is left unsaid that a person needs to find."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from jsonschema import Draft202012Validator

from survey_app.cli import main
from survey_app.web.api_document import SCHEMAS, openapi_document

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = ("survey_app", "tests", "templates", "instruments", "migrations", "docs", "bench")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
CITED_PAGE = re.compile(r"docs/[a-z0-9/-]+\.md")
CITED_SECTION = re.compile(r'METHOD, "([A-Z][^"<]+?),?"')


def sources() -> Iterator[tuple[Path, str]]:
    """Every text file of the project, with its line breaks and comment signs smoothed away."""
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*"))]
    for file in [*files, *ROOT.glob("*.md")]:
        if file.suffix in {".py", ".md", ".html", ".yml", ".js", ".css"}:
            yield file, re.sub(r"\s*\n[\s#*]*", " ", file.read_text(encoding="utf-8"))


def commands(group: click.Group, above: str = "") -> Iterator[str]:
    """ "db upgrade", "serve", ..."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{name} ")
        else:
            yield above + name


def test_every_cited_rule_has_its_section_in_the_method() -> None:
    page = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    sections = set(re.findall(r"^## (.+)$", page, re.M))
    cited = {(file.name, name) for file, text in sources() for name in CITED_SECTION.findall(text)}
    assert len(cited) > 30
    assert {(file, name) for file, name in cited if name not in sections} == set()


def test_every_convention_of_the_ankieta_is_explained() -> None:
    page = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    ankieta = yaml.safe_load((ROOT / "instruments" / "ankieta.yml").read_text(encoding="utf-8"))
    named = {convention["id"] for convention in ankieta["definitions"]["conventions"]}
    assert {name for name in named if f"`{name}`" not in page} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_pages_that_the_code_refers_to_exist() -> None:
    cited = {(file.name, page) for file, text in sources() for page in CITED_PAGE.findall(text)}
    assert {(file, page) for file, page in cited if not (ROOT / page).exists()} == set()


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = " ".join(line.replace("\\|", " ") for line in readme.splitlines() if line.startswith("| `"))
    missing = {name for name in commands(main) if not all(word in table for word in name.split())}
    assert missing == set()


def test_every_path_of_the_api_is_in_its_manual() -> None:
    manual = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^### `GET (\S+)`$", manual, re.M))
    assert headings == set(openapi_document()["paths"])
    assert "docs/api.md" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_examples_of_the_apis_manual_are_what_its_document_says() -> None:
    manual = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    examples = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", manual, re.M | re.S)]
    for name, example in zip(("Region", "Report", "Table", "Refusal"), examples, strict=True):
        schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}}
        Draft202012Validator(schema).validate(example)


def test_every_setting_is_explained_to_the_operator() -> None:
    code = (ROOT / "survey_app" / "config.py").read_text(encoding="utf-8")
    asked = r'(?:env\.get\(|env\[|texts\.get\(|_(?:email|day)\(texts, |_(?:count|positive)\(env, )"([A-Z_]+)"'
    settings = set(re.findall(asked, code))
    page = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    assert len(settings) > 6
    assert {name for name in settings if f"`{name}`" not in page} == set()


@pytest.mark.parametrize(
    "unwanted", [r"[Oo]twart\w+ link", r"[Kk]lauzul\w+ informacyjn", r"\bDESIGN, \"", r"METHOD\.md"], ids=repr
)
def test_one_thing_has_one_name(unwanted: str) -> None:
    """METHOD, "Words", says which; and nothing is cited that is not in the repository."""
    found = [
        file.name
        for file, text in sources()
        if file.name != Path(__file__).name and re.search(unwanted, text)
    ]
    assert found == []


def test_every_element_of_the_method_is_said_to_live_somewhere() -> None:
    """The sources' tools were listed as 62 elements; a row of a table names one or several by their numbers."""
    text = (ROOT / "docs" / "method.md").read_text("utf-8")
    cells = re.findall(r"^\| (\d[^|]*)\|", text, re.M)
    named = {int(number) for cell in cells for number in re.findall(r"(?:^|, )(\d+)\b", cell)}
    assert named == set(range(1, 63))
