"""The data package: what it holds in each edition, and that its scripts count the report's numbers again."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from survey_app.analysis.diagnoza import package as package_module
from survey_app.analysis.diagnoza.package import (
    GROUPS,
    RESULTS,
    ROWS,
    STATES,
    TABLES,
    TEXTS,
    Package,
    build_package,
)  # fmt: skip
from survey_app.analysis.diagnoza.package_note import package_note
from survey_app.analysis.edition import Edition
from survey_app.analysis.groups import form_groups, type_counts
from survey_app.analysis.row_file import NamedRecord, RowFile, anonymous_rows, named_rows
from survey_app.instrument.values import Answers
from survey_app.services.spreadsheets import csv_bytes
from tests.unit import example_diagnoza as example

SCRIPTS = Path(package_module.__file__).parent / "recompute"
SMALL = {"administracja": 2, "edukacja": 2, "gospodarka": 1, "koscielna": 1, "pozarzadowa": 3}
FIRST = {"zaproszone", "otrzymane", "kompletne", "rr1"}


@cache
def packed(
    edition: Edition, kind: str = "large", *, anonymous: bool = True, invited: int | None = 74
) -> tuple[Package, RowFile | None, str]:
    types = {"large": example.TYPES, "small": SMALL, "two": {"edukacja": 2}, "empty": {}}[kind]
    records, ankieta = example.made_up_records(types), example.ankieta()
    groups = form_groups(ankieta, type_counts(ankieta, records), 3, anonymous=anonymous)
    diagnoza = example.build(records, invited, edition, anonymous=anonymous)
    rows = None
    if edition is Edition.INTERNAL:
        rows = anonymous_rows(ankieta, records, groups) if anonymous else _named(records)
    made = build_package(diagnoza, groups, rows)
    return made, rows, package_note(diagnoza, made, rows)


def _named(records: Sequence[Answers]) -> RowFile:
    named = [
        NamedRecord(f"Instytucja {at}", record, "02.11.2026", "internet") for at, record in enumerate(records)
    ]
    return named_rows(example.ankieta(), named)


def unpacked(package: Package, folder: Path) -> Path:
    for file in package.files:
        (folder / file.name).write_bytes(csv_bytes(file.header, file.rows))
    for script in SCRIPTS.glob("policz.*"):
        shutil.copy(script, folder)
    return folder


def run(script: str, folder: Path, *, elsewhere: bool = False) -> subprocess.CompletedProcess[str]:
    program = sys.executable if script.endswith(".py") else shutil.which("Rscript")
    if program is None:
        pytest.skip("left out: Rscript is not on this machine")  # never required: R is large
    command = [program or "", "-I", script] if script.endswith(".py") else [program or "", script]
    command[-1] = str(folder / script)
    return subprocess.run(
        [*command, *([str(folder)] if elsewhere else [])],
        capture_output=True, text=True, cwd="/", env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, check=False,
    )  # fmt: skip


def counts(output: str) -> tuple[int, int, int]:
    found = re.search(r"Zgodne: (\d+), niezgodne: (\d+), ukryte \(nie sprawdza się ich\): (\d+)", output)
    assert found, output
    return int(found[1]), int(found[2]), int(found[3])


CASES = [
    ("large", True, 74), ("large", True, None), ("large", False, 74), ("small", True, 22), ("two", True, 22),
    ("empty", True, 22),
]  # fmt: skip


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.parametrize(("kind", "anonymous", "invited"), CASES)
def test_both_scripts_count_the_same_and_agree_with_the_report(
    tmp_path: Path, edition: Edition, kind: str, anonymous: bool, invited: int | None
) -> None:
    made, rows, _ = packed(edition, kind, anonymous=anonymous, invited=invited)
    folder = unpacked(made, tmp_path)
    told = []
    for script in ("policz.py", "policz.R"):
        ended = run(script, folder)
        assert ended.stderr == ""
        assert ended.returncode == 0, ended.stdout
        assert ("z wierszy i z tabel" in ended.stdout) == bool(rows and rows.rows)
        told.append(counts(ended.stdout))
    assert told[0] == told[1]
    assert told[0][0] > (100 if kind == "large" else 5)
    assert told[0][1] == 0


CHANGES = {
    TABLES: (r"(pytanie;p5;[^;]*;gmina;Cała gmina;57;tak;TAK;)50;", r"\g<1>49;"),
    STATES: (r"(p5;udzielona;)57", r"\g<1>56"),
    RESULTS: (r"(rr1;[^\n]*;)0,81", r"\g<1>0,82"),
    ROWS: (r"TAK;udzielona", "NIE;udzielona"),
}


@pytest.mark.parametrize("script", ["policz.py", "policz.R"])
@pytest.mark.parametrize("name", list(CHANGES))
def test_one_changed_number_in_any_file_is_found(tmp_path: Path, name: str, script: str) -> None:
    folder = unpacked(packed(Edition.INTERNAL)[0], tmp_path)
    before = (folder / name).read_text(encoding="utf-8-sig")
    after = re.sub(*CHANGES[name], before, count=1)
    assert after != before
    (folder / name).write_text(after, encoding="utf-8-sig")
    ended = run(script, folder)
    assert ended.returncode == 1
    assert "NIEZGODNE: " in ended.stdout
    assert counts(ended.stdout)[1] >= 1


@pytest.mark.parametrize("script", ["policz.py", "policz.R"])
def test_a_missing_file_is_named(tmp_path: Path, script: str) -> None:
    folder = unpacked(packed(Edition.PUBLIC)[0], tmp_path)
    (folder / RESULTS).unlink()
    ended = run(script, folder, elsewhere=True)
    assert ended.returncode == 1
    assert RESULTS in ended.stdout
    assert "Traceback" not in ended.stderr


def test_the_scripts_need_nothing_but_the_language() -> None:
    python, r = ((SCRIPTS / name).read_text(encoding="utf-8") for name in ("policz.py", "policz.R"))
    assert set(re.findall(r"^(?:import|from) (\w+)", python, re.M)) <= {
        "__future__",
        "csv",
        "os",
        "sys",
        "typing",
    }
    assert not re.search(r"\blibrary\(|\brequire\(|::", r)


def test_the_public_package_holds_no_row_and_the_internal_one_those_of_the_row_file() -> None:
    public, _, _ = packed(Edition.PUBLIC)
    internal, rows, _ = packed(Edition.INTERNAL)
    assert ROWS not in {file.name for file in public.files}
    assert rows is not None
    written = next(file for file in internal.files if file.name == ROWS)
    assert written.rows == rows.rows
    assert written.header == rows.header
    others = [file for file in internal.files if file.name not in (ROWS, "ksiazka-kodow.csv")]
    assert others == [file for file in public.files if file.name != "ksiazka-kodow.csv"]


def test_rows_of_a_named_campaign_get_their_group() -> None:
    made, rows, _ = packed(Edition.INTERNAL, anonymous=False)
    written = next(file for file in made.files if file.name == ROWS)
    groups = {row[1]: row[0] for file in made.files if file.name == GROUPS for row in file.rows}
    assert rows is not None
    assert written.header == ("grupa", *rows.header)
    assert {row[0] for row in written.rows} <= set(groups)


def test_the_codebook_explains_every_column_of_every_file() -> None:
    made, _, _ = packed(Edition.INTERNAL)
    codebook = made.files[-1]
    explained = {(row[0], row[1]): row[2] for row in codebook.rows}
    for file in made.files[:-1]:
        assert all(explained[file.name, column] for column in file.header)


def test_the_definition_has_the_checksum_that_the_report_prints() -> None:
    made, _, _ = packed(Edition.PUBLIC)
    name, text = made.definitions[0]
    assert name == "kwestionariusz.json"
    assert hashlib.sha256(text.encode()).hexdigest() == example.ankieta().sha256


def test_a_hidden_number_is_a_word_in_every_file() -> None:
    made, _, _ = packed(Edition.PUBLIC, "small", invited=22)
    lines = next(file for file in made.files if file.name == TABLES)
    at = {name: place for place, name in enumerate(lines.header)}
    hidden = [row for row in lines.rows if row[at["liczba"]] == "ukryte"]
    assert hidden
    assert all(row[at["odsetek"]] is None for row in hidden)


def test_cleared_texts_stand_without_a_group() -> None:
    made, _, _ = packed(Edition.PUBLIC)
    texts = next(file for file in made.files if file.name == TEXTS)
    assert texts.header == ("pytanie", "tekst")
    assert len(texts.rows) > 20


@pytest.mark.parametrize(
    ("edition", "words"),
    [
        (Edition.PUBLIC, "w wydaniu publicznym są tylko tabele"),
        (Edition.INTERNAL, "Plik jest tylko dla zespołu"),
    ],
)
def test_the_note_names_every_file_and_what_is_left_out(edition: Edition, words: str) -> None:
    made, _, note = packed(edition)
    assert words in note
    for name in (*(file.name for file in made.files), "kwestionariusz.json", "policz.py", "policz.R"):
        assert f"- {name}: " in note
    assert "PRZYKŁAD: dane wymyślone" in note
