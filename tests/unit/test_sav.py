"""Where the format of SPSS is narrower than a definition: long texts, low numbers, words of its language."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pyreadstat

from survey_app.analysis.files.sav import LABEL_BYTES, TEXT_BYTES, sav_bytes, shortened
from survey_app.analysis.files.variables import coded
from survey_app.analysis.row_file import NamedRecord, named_rows
from survey_app.instrument.loader import parse_instrument
from survey_app.instrument.values import UNANSWERED, Answers, answered

DEFINITION = f"""
key: proba
kind: questionnaire
title: Próba
source: {{document: "1", title: Próba}}
texts: {{promise_anonymous: a, promise_named: b, introduction: c}}
sections:
  - id: pytania
    questions:
      - {{id: all, number: "1", type: number, text: "Saldo {"ż" * 300}", minimum: -2000}}
      - {{id: opis, number: "2", type: long_text, text: Opis, max_length: 10000}}
"""


def written(*people: Answers) -> tuple[pd.DataFrame, pyreadstat.metadata_container]:
    instrument, faults = parse_instrument(DEFINITION, "proba.yml")
    assert instrument is not None, faults
    rows = named_rows(instrument, [NamedRecord("Szkoła", one, "", "internet") for one in people])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dane.sav"
        path.write_bytes(sav_bytes(coded(instrument, rows, None), "Próba „ankiety” " * 9))
        return pyreadstat.read_sav(path, user_missing=True)


def test_missing_values_stay_out_of_the_way_of_answers() -> None:
    frame, meta = written(
        {"all": answered(-1_500), "opis": UNANSWERED}, {"all": UNANSWERED, "opis": UNANSWERED}
    )
    assert list(frame["all_"]) == [-1_500, -9_999]
    assert meta.variable_value_labels["all_"][-9_999] == "bez odpowiedzi"


def test_a_text_too_long_for_the_format_is_cut_and_the_file_says_so() -> None:
    frame, meta = written({"all": UNANSWERED, "opis": answered("🙂" * 10_000)})
    text = frame["opis"][0]
    assert text == "🙂" * (len(text) - 1) + "…"
    assert TEXT_BYTES - 4 <= len(text.encode()) <= TEXT_BYTES
    assert "opis" in " ".join(meta.notes)
    whole, meta = written({"all": UNANSWERED, "opis": answered("ż" * 10_000)})
    assert whole["opis"][0] == "ż" * 10_000
    assert "skrócone" not in " ".join(meta.notes)


def test_labels_fit_and_no_letter_is_cut_in_two() -> None:
    _, meta = written()
    label = meta.column_names_to_labels["all_"]
    assert label.startswith("1. Saldo ż")
    assert label.endswith("ż…")
    assert len(label.encode()) <= LABEL_BYTES
    assert shortened("Żółw", 7) == "Żółw"
    assert shortened("Żółw", 6) == "Ż…"
