"""SPSS and Parquet hold the row file's cells in another spelling: nothing lost, nothing added."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from pathlib import Path

import hypothesis.strategies as st
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
from hypothesis import given, settings

from survey_app.analysis.files.parquet import parquet_bytes
from survey_app.analysis.files.sav import sav_bytes, shortened
from survey_app.analysis.files.variables import CodedFile, coded
from survey_app.analysis.groups import Groups, form_groups, type_counts
from survey_app.analysis.row_file import STATE_WORDS, NamedRecord, RowFile, anonymous_rows, named_rows
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import State
from tests.strategies import instruments, records

ANSWERED = STATE_WORDS[State.ANSWERED]


def read_back(content: bytes) -> tuple[pd.DataFrame, pyreadstat.metadata_container]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sav"
        path.write_bytes(content)
        return pyreadstat.read_sav(path, user_missing=True)


def words(content: bytes) -> list[dict[str, tuple[object, bool]]]:
    """Row by row: what each variable says in words, and whether that is a missing value."""
    frame, meta = read_back(content)
    missing = {name: {span["lo"] for span in spans} for name, spans in meta.missing_ranges.items()}
    return [
        {
            name: (
                meta.variable_value_labels.get(name, {}).get(row[name], row[name]),
                row[name] in missing.get(name, set()),
            )
            for name in frame.columns
        }
        for row in frame.to_dict("records")
    ]


@st.composite
def anonymous_files(draw: st.DrawFn) -> tuple[Instrument, Groups, RowFile]:
    instrument = draw(instruments(longest=6))
    people = draw(st.lists(records(instrument), max_size=7))
    groups = form_groups(instrument, type_counts(instrument, people), k=3, anonymous=True)
    return instrument, groups, anonymous_rows(instrument, people, groups)


@st.composite
def named_files(draw: st.DrawFn) -> tuple[Instrument, RowFile]:
    instrument = draw(instruments(longest=6))
    people = draw(st.lists(records(instrument), max_size=4))
    return instrument, named_rows(
        instrument, [NamedRecord("Żłobek & „Miś”", one, "2.11.2026", "internet") for one in people]
    )


def shown(cell: object, values: object) -> object:
    assert isinstance(values, dict)
    if isinstance(cell, str):
        return shortened(cell, 120)
    return shortened(values[cell], 120) if cell in values else cell


def states_alone(file: CodedFile) -> set[str]:
    return {v.name for v in file.variables if v.missing and set(v.values.values()) == {ANSWERED}}


@settings(deadline=None, max_examples=30)
@given(anonymous_files())
def test_an_anonymous_sav_says_what_the_row_file_says_and_no_more(
    drawn: tuple[Instrument, Groups, RowFile],
) -> None:
    instrument, groups, rows = drawn
    file = coded(instrument, rows, [group.label for group in groups.items])
    read = words(sav_bytes(file, "Ankieta"))
    assert len(read) == len(rows.rows)
    assert not any(variable.is_text for variable in file.variables)
    for line, row in zip(read, rows.rows, strict=True):
        cells = dict(zip(rows.header, row, strict=True))
        for variable in file.variables:
            state = cells.get(
                variable.name if variable.name in states_alone(file) else f"{variable.name}_stan", ANSWERED
            )
            word, missing = line[variable.name]
            assert missing == (state != ANSWERED)
            expected = state if missing or variable.name in states_alone(file) else cells[variable.name]
            assert word == shown(expected, variable.values)


@settings(deadline=None, max_examples=25)
@given(named_files())
def test_a_named_sav_holds_every_answer_and_text(drawn: tuple[Instrument, RowFile]) -> None:
    instrument, rows = drawn
    file = coded(instrument, rows, None)
    read = words(sav_bytes(file, "Ankieta imienna"))
    for line, row in zip(read, rows.rows, strict=True):
        cells = dict(zip(rows.header, row, strict=True))
        for variable in file.variables:
            word, missing = line[variable.name]
            if variable.is_text:
                assert word == str(cells[variable.name] or "")
                continue
            alone = variable.name in states_alone(file)
            state = cells[variable.name if alone else f"{variable.name}_stan"]
            assert missing == (state != ANSWERED)
            assert word == (state if missing or alone else shown(cells[variable.name], variable.values))


@settings(deadline=None, max_examples=25)
@given(anonymous_files())
def test_parquet_holds_the_row_files_cells(drawn: tuple[Instrument, Groups, RowFile]) -> None:
    _, _, rows = drawn
    table = pq.read_table(io.BytesIO(parquet_bytes(rows, "Ankieta")))
    assert table.column_names == list(rows.header)
    read = [tuple(line[name] for name in rows.header) for line in table.to_pylist()]
    assert Counter(read) == Counter(rows.rows)
