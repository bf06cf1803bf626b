"""XLSForms and definitions as files of the command line."""

from __future__ import annotations

from pathlib import Path

from survey_app.errors import ConflictError, InvalidInputError
from survey_app.instrument.loader import load_instrument
from survey_app.instrument.shape import ID_FORM
from survey_app.services.xlsform.from_xlsform import Imported, from_form
from survey_app.services.xlsform.to_xlsform import NotCarried, to_form


def export_file(definition: Path, out: Path) -> tuple[NotCarried, ...]:
    """Writes the form; returns what it does not hold. InvalidInputError when the definition has faults."""
    form = to_form(load_instrument(definition))
    out.write_bytes(form.workbook())
    return form.left


def import_file(form: Path, out: Path) -> Imported:
    """Writes the definition of a form. ConflictError when there is such a file: a definition is never overwritten.

    InvalidInputError: `out` cannot be a definition's name, or the form makes none.
    """
    if out.suffix not in (".yml", ".yaml") or not ID_FORM.fullmatch(out.stem):
        raise InvalidInputError(
            f"„{out.name}” nie może być plikiem definicji. Nazwa to małe litery bez ogonków, cyfry i „_”, a na"
            " końcu „.yml”, na przykład „ankieta_szkol.yml”."
        )
    if out.exists():
        raise ConflictError(f"Plik {out} już istnieje. Podaj inną nazwę w --out.")
    imported = from_form(form.read_bytes(), form.name, out.stem)
    out.write_text(imported.text, encoding="utf-8")
    return imported
