"""The diagnoza as files beside the PDF: a Word document, a workbook of its tables, a package of its data.

All are made from the same result as the page and the PDF (`build_diagnoza`), so their numbers cannot differ.
"""

from __future__ import annotations

from importlib import resources

from survey_app.analysis.diagnoza.package import build_package
from survey_app.analysis.diagnoza.package_note import package_note
from survey_app.analysis.diagnoza.result import Edition
from survey_app.analysis.fixed_zip import zip_of
from survey_app.services.context import Context
from survey_app.services.spreadsheets import csv_bytes
from survey_app.services.survey import build_diagnoza, results
from survey_app.services.survey.export_responses import row_file, trace_export

SCRIPTS = ("policz.py", "policz.R")
ENDINGS = (".docx", ".xlsx", ".zip")


def docx(context: Context, campaign_id: int, edition: Edition) -> bytes:
    """Raises ConflictError while the campaign is not locked; so do the others."""
    from survey_app.analysis.diagnoza.docx import render_docx

    return render_docx(build_diagnoza.document(context, campaign_id, edition))


def workbook(context: Context, campaign_id: int, edition: Edition) -> bytes:
    from survey_app.analysis.diagnoza.workbook import render_workbook

    return render_workbook(build_diagnoza.document(context, campaign_id, edition))


def package(context: Context, campaign_id: int, edition: Edition, actor: int | None) -> bytes:
    """A zip. The internal one holds the row file, so who took it is recorded, as with the row file itself."""
    diagnoza = build_diagnoza.build(context, campaign_id, edition)
    found = results.load_results(context, campaign_id)
    rows = row_file(context, found) if edition is Edition.INTERNAL else None
    if rows is not None:
        trace_export(context, found, "pakiet danych", actor)
    made = build_package(diagnoza, found.groups, rows)
    files = [("CZYTAJ.txt", package_note(diagnoza, made, rows).encode("utf-8-sig"))]
    files += [(file.name, csv_bytes(file.header, file.rows)) for file in made.files]
    files += [(name, text.encode()) for name, text in made.definitions]
    files += [(name, _script(name)) for name in SCRIPTS]
    return zip_of(files)


def file_of_gmina(
    context: Context, gmina_code: str, edition: Edition, public_id: str | None, ending: str
) -> bytes:
    """For the command line: the file of one of ENDINGS. NotFoundError: no such locked campaign."""
    campaign_id = build_diagnoza.locked_campaign(context, gmina_code, public_id)
    if ending == ".zip":
        return package(context, campaign_id, edition, actor=None)
    make = docx if ending == ".docx" else workbook
    return make(context, campaign_id, edition)


def _script(name: str) -> bytes:
    folder = resources.files("survey_app.analysis").joinpath("diagnoza", "recompute")
    return folder.joinpath(name).read_bytes()
