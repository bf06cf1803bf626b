"""Odd but honest texts come back as they were typed: from a form to the page, PDF, DOCX, XLSX and CSV, and in again."""

from __future__ import annotations

import html
import io
import shutil
import subprocess
import unicodedata
from contextlib import suppress

import docx
import pytest

from survey_app.errors import ConflictError, InvalidInputError
from survey_app.services.context import Context
from survey_app.services.register import catalogue, export_catalogue, import_catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.survey import report_texts
from survey_app.web.app import create_app
from tests import hostile_world as world
from tests import naughty
from tests.campaign_kit import GMINA, add_gmina
from tests.conftest import leave_out
from tests.form_walker import read
from tests.page_police import police

CAMPAIGN = 1
PRINTED = (
    *("{{7*7}}", "<script>x</script>", "' OR 1=1 -- x", "=1+1", "../../etc/passwd"),
    *("ZAŻÓŁĆ gęślą jaźń", "&amp;", "%s%n"),
)


def plain(text: str) -> str:
    """As every page and file may lay it out: runs of blanks are one."""
    return " ".join(text.split())


@pytest.fixture
def names(context: Context) -> list[str]:
    """What the catalogue took of all naughty texts as a name, as it keeps it."""
    add_gmina(context, 0)
    kept = []
    sector = next(iter(catalogue.catalogue_sectors()))
    for text in naughty.texts():
        if not any(unicodedata.category(sign) == "Cs" for sign in text):
            draft = StakeholderDraft(text, sector, internal=True)
            with suppress(InvalidInputError, ConflictError):
                kept.append(catalogue.add_stakeholder(context, GMINA, draft, None).name)
    return kept


def test_names_in_the_catalogue_come_back_from_page_and_files_and_in_again(
    context: Context, names: list[str]
) -> None:
    assert len(names) > 80
    rows = catalogue.stakeholders(context, GMINA)
    assert {row.name for row in rows} == set(names)
    for name in names:
        assert name == plain(name)
    for kind in ("csv", "xlsx"):
        content = export_catalogue.export_catalogue(context, GMINA, kind, contacts=True, actor=None)
        preview = import_catalogue.read_file(f"katalog.{kind}", content)
        assert {row.draft.name for row in preview.rows if row.draft} == set(names), kind


@pytest.fixture
def written(sqlite_context: Context) -> Context:
    """A locked campaign in whose report the team wrote all of PRINTED."""
    world.build(sqlite_context)
    part = report_texts.part(sqlite_context, CAMPAIGN, "wnioski")
    words = "\n\n".join(PRINTED)
    report_texts.save(sqlite_context, CAMPAIGN, "wnioski", words, part.revision, part.basis, None)
    return sqlite_context


def test_what_the_team_writes_is_the_same_on_page_in_docx_and_pdf(written: Context) -> None:
    if shutil.which("pdftotext") is None:
        leave_out("left out: pdftotext (poppler-utils) is not on this machine")
    client, _ = world.client_of(create_app(context=written), world.COORDINATOR)
    base = f"/panel/{GMINA}/kampanie/{CAMPAIGN}"
    page = client.get(f"{base}/diagnoza/teksty/wnioski")
    police(page.text)
    assert not read(page.text).unescaped
    document = docx.Document(io.BytesIO(client.get(f"{base}/wyniki/diagnoza-internal.docx").data))
    lines = [plain(paragraph.text) for paragraph in document.paragraphs]
    printed = subprocess.run(
        ["pdftotext", "-", "-"],
        input=client.get(f"{base}/wyniki/diagnoza-internal.pdf").data,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for text in PRINTED:
        assert html.escape(text, quote=False) in page.text.replace("&#39;", "'").replace("&#34;", '"'), text
        assert text in lines, text
        assert text in plain(printed), text
