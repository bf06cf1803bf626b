"""SPSS (.sav): Polish labels, and the states beside "udzielona" as user-missing values."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from survey_app.analysis.files.variables import CodedFile, Variable
from survey_app.analysis.row_file import Cell

if TYPE_CHECKING:
    import pandas as pd

# Limits of the format, in bytes of UTF-8.
LABEL_BYTES = 255
VALUE_LABEL_BYTES = 120
TEXT_BYTES = 32_767
NOTE_BYTES = 80
FILE_LABEL_BYTES = 64


def sav_bytes(file: CodedFile, title: str) -> bytes:
    """The file that SPSS, PSPP, R (haven) and Stata read. Labels too long for the format end with "…".

    A text of more than 32,767 bytes is cut the same way, and the file's notes say so; the CSV has it whole.
    """
    import pyreadstat

    cut = [variable.name for at, variable in enumerate(file.variables) if _too_long(file, at)]
    notes = [*file.notes, *([f"Teksty skrócone do {TEXT_BYTES} bajtów: {', '.join(cut)}."] if cut else [])]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dane.sav"
        pyreadstat.write_sav(
            _frame(file),
            path,
            file_label=shortened(title, FILE_LABEL_BYTES),
            column_labels=[shortened(variable.label, LABEL_BYTES) for variable in file.variables],
            note=[line for note in notes for line in _lines(note)],
            row_compress=True,
            variable_value_labels={v.name: _value_labels(v) for v in file.variables if v.values or v.missing},
            missing_ranges={v.name: [*sorted(v.missing)] for v in file.variables if v.missing},
            variable_measure={v.name: v.measure for v in file.variables},
            variable_format={v.name: f"F8.{v.decimals}" for v in file.variables if not v.is_text},
        )
        return path.read_bytes()


def _frame(file: CodedFile) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, pd.Series] = {}
    for at, variable in enumerate(file.variables):
        cells: Sequence[Cell] = [row[at] for row in file.rows]
        if variable.is_text:
            columns[variable.name] = pd.Series([shortened(str(c), TEXT_BYTES) for c in cells], dtype=object)
        else:
            columns[variable.name] = pd.Series(cells, dtype="float64")
    return pd.DataFrame(columns)


def _value_labels(variable: Variable) -> dict[int | float, str]:
    every = {**variable.values, **variable.missing}
    return {float(code): shortened(label, VALUE_LABEL_BYTES) for code, label in every.items()}


def _too_long(file: CodedFile, at: int) -> bool:
    return file.variables[at].is_text and any(len(str(row[at]).encode()) > TEXT_BYTES for row in file.rows)


def shortened(text: str, most: int) -> str:
    """The text, or as much of it as fits into `most` bytes of UTF-8 with an ellipsis; no letter is cut in two."""
    if len(text.encode()) <= most:
        return text
    kept = text.encode()[: most - len("…".encode())].decode(errors="ignore")
    return kept.rstrip() + "…"


def _lines(note: str) -> list[str]:
    """A note in lines of the format's length, broken between words."""
    lines = [""]
    for word in note.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined.encode()) > NOTE_BYTES and lines[-1]:
            lines.append(shortened(word, NOTE_BYTES))
        else:
            lines[-1] = shortened(joined, NOTE_BYTES)
    return lines
