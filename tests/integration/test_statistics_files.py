"""SPSS, Parquet and DDI of a locked campaign, and its questionnaire as an XLSForm: what is in them, and what is not."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import fromstring

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from click.testing import CliRunner
from flask import Flask

from survey_app.analysis.files import parquet
from survey_app.cli import main
from survey_app.errors import ConflictError, NotFoundError
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.survey import results, statistics_files
from survey_app.store import audit
from tests.campaign_kit import GMINA, Held, add_gmina, hold, lock, send
from tests.ddi_rules import NAMESPACE, faults
from tests.integration.staff import PASSWORD, staff

RARE = ("Pensjonat pod Jedynym Dębem", "Tylko u nas działa klub modelarski")
KINDS = ("edukacja", "kultura", "gospodarka")


def locked(context: Context, count: int = 9, **changes: object) -> Held:
    """People of three types; one names herself wherever she can."""
    add_gmina(context, 12)
    held = hold(context, **changes)
    for number in range(count):
        form: dict[str, object] = {
            "p1": {"option": KINDS[number % 3]},
            "p2": "tak" if number % 2 else "nie",
            "p5": "tak" if number % 4 else "nie",
            "p9": "tak",
        }
        if number == 1:
            form |= {"p3": "nie", "p1_wskazanie": RARE[0], "p6": [RARE[1]], "p10": "x" * 3_900}
        send(context, held, held.codes[number] if held.codes else None, form)  # type: ignore[arg-type]
    lock(context, held)
    return held


def sav_of(context: Context, held: Held) -> tuple[pd.DataFrame, pyreadstat.metadata_container]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dane.sav"
        path.write_bytes(statistics_files.sav(context, held.campaign.id, None))
        return pyreadstat.read_sav(path, user_missing=True)


def test_spss_has_polish_labels_and_three_user_missing_values(context: Context) -> None:
    frame, meta = sav_of(context, locked(context))
    assert len(frame) == 9
    assert meta.column_names_to_labels["p5"].startswith("5. Czy Pani / Pana zdaniem w gminie powinno")
    assert meta.variable_value_labels["p5"] == {
        1: "TAK", 2: "NIE", -999: "bez odpowiedzi", -998: "nie pytano", -997: "nie doszło do pytania",
    }  # fmt: skip
    assert [span["lo"] for span in meta.missing_ranges["p5"]] == [-999, -998, -997]
    assert Counter(frame["p5"]) == {1: 6, 2: 3}
    assert Counter(frame["p3"]) == {-998: 5, -999: 3, 2: 1}
    assert Counter(frame["p6_stan"]) == {-999: 8, 1: 1}


def test_a_program_that_honours_missing_values_counts_answers_alone(context: Context) -> None:
    held = locked(context)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dane.sav"
        path.write_bytes(statistics_files.sav(context, held.campaign.id, None))
        frame, _ = pyreadstat.read_sav(path)
    assert frame["p3"].count() == 1
    assert frame["p7"].count() == 0


def test_no_file_of_an_anonymous_campaign_holds_a_text_the_type_or_the_channel(context: Context) -> None:
    held = locked(context)
    frame, meta = sav_of(context, held)
    assert not {"p1", "p1_wskazanie_stan", "data", "sposob", "instytucja"} & set(frame.columns)
    every = [
        statistics_files.sav(context, held.campaign.id, None),
        statistics_files.parquet_file(context, held.campaign.id, None),
        statistics_files.ddi(context, held.campaign.id, "dane.sav"),
    ]
    for word in RARE:
        assert not [content for content in every if word.encode() in content]
    groups = results.load_results(context, held.campaign.id).groups.items
    assert list(meta.variable_value_labels["grupa"].values()) == [group.label for group in groups]
    assert min(Counter(frame["grupa"]).values()) >= 3


@pytest.mark.parametrize(("count", "rows"), [(0, 0), (2, 0), (3, 3)])
def test_fewer_answers_than_k_give_no_row_in_any_format(
    sqlite_context: Context, count: int, rows: int
) -> None:
    held = locked(sqlite_context, count)
    frame, _ = sav_of(sqlite_context, held)
    table = pq.read_table(io.BytesIO(statistics_files.parquet_file(sqlite_context, held.campaign.id, None)))
    root = fromstring(statistics_files.ddi(sqlite_context, held.campaign.id, "dane.sav"))
    assert (len(frame), table.num_rows) == (rows, rows)
    assert root.findtext(f".//{NAMESPACE}caseQnty") == str(rows)
    assert statistics_files.overview(sqlite_context, held.campaign.id).rows == rows


def test_a_named_campaign_has_names_and_texts_to_the_last_letter(sqlite_context: Context) -> None:
    frame, meta = sav_of(sqlite_context, locked(sqlite_context, mode="named"))
    assert frame["instytucja"].str.startswith("Instytucja").all()
    assert RARE[0] in set(frame["p1_wskazanie"])
    assert RARE[1] in set(frame["p6_1"])
    assert "x" * 3_900 in set(frame["p10"])
    assert meta.variable_value_labels["p1"][3] == "Instytucja edukacji i oświaty"


def test_the_description_is_a_valid_codebook_of_the_same_variables(context: Context) -> None:
    held = locked(context)
    content = statistics_files.ddi(context, held.campaign.id, "dane-janow.sav")
    assert faults(content) == []
    frame, _ = sav_of(context, held)
    names = [one.get("name") for one in fromstring(content).iter(f"{NAMESPACE}var")]
    assert names == list(frame.columns)


def test_who_takes_a_copy_of_the_rows_is_recorded(sqlite_context: Context) -> None:
    held = locked(sqlite_context)
    statistics_files.sav(sqlite_context, held.campaign.id, None)
    statistics_files.parquet_file(sqlite_context, held.campaign.id, None)
    with sqlite_context.database.reading() as session:
        events = audit.about(session, "campaign", held.campaign.id)
    assert [event.detail for event in events if event.action == "export"] == ["sav", "parquet"]


def test_nothing_exists_before_the_lock(sqlite_context: Context) -> None:
    add_gmina(sqlite_context, 3)
    number = hold(sqlite_context).campaign.id
    for made in (
        lambda: statistics_files.sav(sqlite_context, number, None),
        lambda: statistics_files.parquet_file(sqlite_context, number, None),
        lambda: statistics_files.ddi(sqlite_context, number, "dane.sav"),
        lambda: statistics_files.overview(sqlite_context, number),
    ):
        with pytest.raises(ConflictError):
            made()


def test_without_the_library_parquet_is_refused_in_words(
    sqlite_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = locked(sqlite_context)
    monkeypatch.setattr(parquet, "is_available", lambda: False)
    with pytest.raises(NotFoundError, match="pyarrow"):
        statistics_files.parquet_file(sqlite_context, held.campaign.id, None)


def test_the_page_hands_out_every_file(app: Flask, sqlite_context: Context) -> None:
    held = locked(sqlite_context)
    accounts.create_user(sqlite_context, "ola@example.org", "Ola", PASSWORD, coordinator_of=GMINA)
    ola = staff(app, "ola@example.org")
    base = f"/panel/{GMINA}/kampanie/{held.campaign.id}/wyniki"
    assert f"{base}/pliki" in ola.get(base)
    page = ola.get(f"{base}/pliki")
    assert "Liczba wierszy: 9" in page
    assert "anonimowość i jej obietnica" in page
    assert "układ odpowiedzi" not in page, "what follows from the rows is said where the rows are"
    for name, start in (("dane.sav", b"$FL2"), ("dane.parquet", b"PAR1"), ("opis-ddi.xml", b"<?xml")):
        assert f"{base}/pliki/{name}" in page
        assert ola.file(f"{base}/pliki/{name}").startswith(start)
    book = openpyxl.load_workbook(io.BytesIO(ola.file(f"{base}/pliki/formularz.xlsx")))
    assert book.sheetnames[:3] == ["survey", "choices", "settings"]


def test_forms_go_out_and_come_in_by_command(tmp_path: Path) -> None:
    run = CliRunner().invoke
    ankieta = Path(__file__).parents[2] / "instruments" / "ankieta.yml"
    form, back = tmp_path / "form.xlsx", tmp_path / "ankieta_szkol.yml"
    out = run(main, ["instrument", "to-xlsform", str(ankieta), "--out", str(form)])
    assert (out.exit_code, "definicje: wskaźnik gotowości" in out.output) == (0, True)
    out = run(main, ["instrument", "from-xlsform", str(form), "--out", str(back)])
    assert (out.exit_code, "Pytania: 20" in out.output) == (0, True)
    assert run(main, ["instrument", "check", str(back)]).exit_code == 0
    before = back.read_bytes()
    again = run(main, ["instrument", "from-xlsform", str(form), "--out", str(back)])
    assert (again.exit_code, back.read_bytes() == before) == (1, True)
    wrong = run(main, ["instrument", "from-xlsform", str(form), "--out", str(tmp_path / "Zła nazwa.yml")])
    assert (wrong.exit_code, "nie może być plikiem definicji" in wrong.output) == (1, True)
