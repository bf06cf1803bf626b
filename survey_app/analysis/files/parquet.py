"""Parquet: the row file with its own words and columns, typed. Written only where pyarrow is installed."""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Sequence
from typing import Any

from survey_app.analysis.row_file import Cell, RowFile


def is_available() -> bool:
    """Whether this installation can write Parquet (the extra "parquet")."""
    return importlib.util.find_spec("pyarrow") is not None


def parquet_bytes(rows: RowFile, title: str) -> bytes:
    """The same columns and words as in the CSV; each column's meaning stands with it, the notes with the file.

    Raises ImportError where pyarrow is not installed (see `is_available`).
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields, columns = [], []
    for at, (name, question, meaning) in enumerate(rows.codebook):
        cells = [row[at] for row in rows.rows]
        column = pa.array(cells, type=_type(pa, cells))
        columns.append(column)
        fields.append(pa.field(name, column.type, metadata={"pytanie": question, "wartosci": meaning}))
    about = {"tytul": title, "uwagi": json.dumps(rows.notes, ensure_ascii=False)}
    table = pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=about))
    target = io.BytesIO()
    pq.write_table(table, target)
    return target.getvalue()


def _type(pa: Any, cells: Sequence[Cell]) -> Any:
    """Numbers where the answers are numbers; a column without any answer is one of texts."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds and kinds <= {int, float}:
        return pa.float64() if float in kinds else pa.int64()
    return pa.string()
