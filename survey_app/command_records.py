"""`survey-app records`: facts of gminas from public tables."""

from __future__ import annotations

from pathlib import Path

import click

from survey_app.command_context import full_context
from survey_app.command_files import READABLE
from survey_app.command_words import PolishGroup


@click.group("records", cls=PolishGroup)
def records() -> None:
    """Fakty o gminach z publicznych źródeł: sposób powołania zespołu, Zwolennicy, forma usług."""


@records.command("import")
@click.argument("file", metavar="PLIK", type=READABLE)
@click.option("--source", required=True, help="Skąd są te liczby: tytuł, rok, numer tabeli.")
def import_file(file: Path, source: str) -> None:
    """Zapisz fakty z pliku CSV albo XLSX. Gdy plik ma błędy, wymienia wszystkie i niczego nie zapisuje."""
    from survey_app import polish
    from survey_app.services.rollup import import_records

    context = full_context()
    preview = import_records.read_file(context, file.name, file.read_bytes())
    facts = import_records.save(context, preview, source, actor=None)
    rows = polish.counted(len(preview.rows), "wiersza", "wierszy", "wierszy")
    click.echo(f"Zapisano: {polish.counted(facts, 'fakt', 'fakty', 'faktów')} z {rows}.")
