"""The files of a locked campaign's diagnoza: made from the same result as page and PDF, on both stores."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from flask import Flask

from survey_app.analysis.diagnoza.package import ROWS
from survey_app.analysis.diagnoza.result import Edition
from survey_app.errors import ConflictError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.survey import build_diagnoza, campaigns, export_diagnoza
from survey_app.web.app import create_app
from tests import renderings
from tests.campaign_kit import GMINA, Held, add_gmina, hold
from tests.integration.staff import staff
from tests.integration.test_export import RARE, forms, locked
from tests.renderings import said

EDITIONS = list(Edition)


def names_in(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def words_in(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())


def unpacked(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("mode", ["anonymous", "named"])
def test_every_file_has_the_numbers_of_the_page(context: Context, edition: Edition, mode: str) -> None:
    held = locked(context, forms(), mode=mode)
    document = build_diagnoza.document(context, held.campaign.id, edition)
    expected = [said(table) for table in renderings.of_document(document)]
    written = export_diagnoza.docx(context, held.campaign.id, edition)
    assert [said(table) for table in renderings.of_docx(written)] == expected
    book = export_diagnoza.workbook(context, held.campaign.id, edition)
    found = [said(table) for table in renderings.of_workbook(book, document)]
    assert [(caption, rows[1:]) for caption, rows in found] == [
        (caption, rows[1:]) for caption, rows in expected
    ]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(
    ("mode", "access"),
    [("anonymous", "invitations"), ("anonymous", "open_link"), ("named", "invitations")],
)
def test_the_package_counts_its_own_numbers_again(
    sqlite_context: Context, tmp_path: Path, edition: Edition, mode: str, access: str
) -> None:
    held = locked(sqlite_context, forms(), mode=mode, access=access)
    folder = unpacked(export_diagnoza.package(sqlite_context, held.campaign.id, edition, None), tmp_path)
    ended = subprocess.run(
        [sys.executable, "-I", folder / "policz.py"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ("z wierszy i z tabel" in ended.stdout) == (edition is Edition.INTERNAL)


def test_rows_are_in_the_internal_package_alone_and_taking_them_leaves_a_trace(context: Context) -> None:
    held = locked(context, forms())
    number = held.campaign.id
    assert ROWS not in names_in(export_diagnoza.package(context, number, Edition.PUBLIC, None))
    assert not [line for line in campaigns.trace(context, number) if "pakiet" in line]
    assert ROWS in names_in(export_diagnoza.package(context, number, Edition.INTERNAL, None))
    assert any("pobranie danych (pakiet danych)" in line for line in campaigns.trace(context, number))


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_one_person_alone_wrote_is_in_no_package_of_an_anonymous_campaign(
    sqlite_context: Context, edition: Edition
) -> None:
    held = locked(sqlite_context, forms())
    told = words_in(export_diagnoza.package(sqlite_context, held.campaign.id, edition, None))
    assert not [words for words in RARE if words in told]


def test_the_public_package_is_the_same_file_each_time(sqlite_context: Context) -> None:
    held = locked(sqlite_context, forms())
    for make in (export_diagnoza.docx, export_diagnoza.workbook):
        first, second = (make(sqlite_context, held.campaign.id, Edition.PUBLIC) for _ in range(2))
        assert first == second
    first, second = (
        export_diagnoza.package(sqlite_context, held.campaign.id, Edition.PUBLIC, None) for _ in range(2)
    )
    assert first == second


FORMULA = '=HYPERLINK("http://zly.example")'


def test_what_looks_like_a_formula_is_harmless(sqlite_context: Context) -> None:
    held = locked(sqlite_context, forms(), mode="named", title=FORMULA)
    book = openpyxl.load_workbook(
        io.BytesIO(export_diagnoza.workbook(sqlite_context, held.campaign.id, Edition.INTERNAL))
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert all(
        cell.hyperlink is None or cell.hyperlink.location for cell in cells
    )  # only those within the workbook


def test_before_the_lock_there_is_no_file(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    for attempt in (
        lambda: export_diagnoza.docx(context, held.campaign.id, Edition.PUBLIC),
        lambda: export_diagnoza.workbook(context, held.campaign.id, Edition.PUBLIC),
        lambda: export_diagnoza.package(context, held.campaign.id, Edition.PUBLIC, None),
    ):
        with pytest.raises(ConflictError):
            attempt()


@pytest.fixture
def coordinator(sqlite_context: Context) -> tuple[Flask, Held]:
    from survey_app.services import accounts
    from tests.integration.staff import PASSWORD

    held = locked(sqlite_context, forms())
    accounts.create_user(sqlite_context, "ola@example.org", "Ola", PASSWORD, coordinator_of=GMINA)
    app = create_app(context=sqlite_context)
    app.testing = True
    return app, held


def test_a_coordinator_finds_the_files_under_the_diagnoza(coordinator: tuple[Flask, Held]) -> None:
    app, held = coordinator
    person = staff(app, "ola@example.org")
    place = f"/panel/{GMINA}/kampanie/{held.campaign.id}/wyniki"
    for edition in EDITIONS:
        page = person.get(f"{place}/diagnoza?wydanie={edition.value}")
        assert ("wiersze z odpowiedziami" in page) == (edition is Edition.INTERNAL)
        for file in ("diagnoza-{}.docx", "tabele-{}.xlsx", "pakiet-{}.zip"):
            assert f'{place}/{file.format(edition.value)}"' in page
    response = person.client.get(f"{place}/diagnoza-public.docx")
    assert "diagnoza-godziszow-wydanie-publiczne.docx" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"
    assert docx.Document(io.BytesIO(response.data)).paragraphs[0].text == "Diagnoza lokalna: gmina Godziszów"
    assert (
        openpyxl.load_workbook(io.BytesIO(person.file(f"{place}/tabele-internal.xlsx"))).sheetnames[0]
        == "Spis tabel"
    )
    assert "CZYTAJ.txt" in names_in(person.file(f"{place}/pakiet-public.zip"))
    assert person.client.get(f"{place}/pakiet-tajne.zip").status_code == 404


@pytest.mark.parametrize("ending", export_diagnoza.ENDINGS)
def test_the_command_line_writes_each_file_by_the_ending_of_its_name(
    sqlite_context: Context, tmp_path: Path, ending: str
) -> None:
    held = locked(sqlite_context, forms())
    made = export_diagnoza.file_of_gmina(sqlite_context, GMINA, Edition.PUBLIC, None, ending)
    named = export_diagnoza.file_of_gmina(
        sqlite_context, GMINA, Edition.PUBLIC, held.campaign.public_id, ending
    )
    assert made == named
    assert made.startswith(b"PK")
    with pytest.raises(NotFoundError):
        export_diagnoza.file_of_gmina(sqlite_context, GMINA, Edition.PUBLIC, "nieznana", ending)
