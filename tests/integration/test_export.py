"""The files of a locked campaign: what may be in them is there, and nothing else."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pyreadstat
import pytest
from openpyxl.cell import Cell

from survey_app.analysis.diagnoza.cells import cells
from survey_app.analysis.diagnoza.document import CountTable, Document
from survey_app.analysis.diagnoza.result import Edition
from survey_app.analysis.files import parquet
from survey_app.errors import ConflictError, NotFoundError
from survey_app.instrument.values import Value
from survey_app.services.context import Context
from survey_app.services.survey import (
    build_diagnoza,
    campaigns,
    export_responses,
    export_rows,
    open_texts,
    statistics_files,
)
from survey_app.services.survey.export_folder import export_folder
from survey_app.store import audit
from tests.campaign_kit import GMINA, Held, add_gmina, answers, hold, lock, new_key, send
from tests.stores import Clock

Form = dict[str, Value]
RARE = ("Pensjonat pod Jedynym Dębem", "Tylko u nas działa klub modelarski", "Nikt inny o tym nie napisze")
ANONYMOUS_COLUMNS = {"grupa"} | {
    "p2", "p2_stan", "p2_cele_stan", "p3", "p3_stan", "p3_dlaczego_stan", "p4", "p4_stan",
    "p4_przedsiewziecia_stan", "p4_przyczyny_stan", "p5", "p5_stan", "p5_instytucje_stan", "p5_argument_stan",
    "p6_stan", "p7", "p7_stan", "p8_stan", "p9", "p9_stan", "p9_obszary_stan", "p9_dlaczego_stan", "p10_stan",
    "p11_stan",
}  # fmt: skip


def forms() -> list[Form]:
    """12 answers, no two alike: schools, firms, and one boarding house that says too much."""
    found: list[Form] = []
    for number in range(11):
        found.append(
            {
                "p1": {"option": "edukacja" if number % 2 else "gospodarka"},
                "p2": "tak" if number & 1 else "nie",
                **({"p3": "tak" if number & 4 else "nie"} if number & 1 else {}),
                "p5": "tak" if number & 2 else "nie",
                "p7": "tak" if number & 4 else "nie",
                **({"p9": "tak"} if number & 8 else {}),
                "p6": ["zajęcia"] * (1 + number % 3),
            }
        )
    rare: Form = {"p1": {"option": "inna", "text": RARE[0]}, "p5": "nie", "p6": [RARE[1]], "p10": RARE[2]}
    return [*found, rare]


def locked(context: Context, sent: Sequence[Form], **changes: object) -> Held:
    add_gmina(context, 12)
    held = hold(context, **changes)
    for number, form in enumerate(sent):
        send(context, held, held.codes[number] if held.codes else None, form)
    lock(context, held)
    return held


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def rows_of(context: Context, held: Held) -> list[dict[str, str]]:
    return table(b"".join(export_rows.csv_file(context, held.campaign.id, None)))


def book(context: Context, held: Held) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(export_responses.export_xlsx(context, held.campaign.id, None)))


def every_cell(workbook: openpyxl.Workbook) -> Iterator[Cell]:
    for sheet in workbook:
        for row in sheet.iter_rows():
            yield from row  # type: ignore[misc]


def test_an_anonymous_row_holds_closed_answers_the_group_and_states_alone(context: Context) -> None:
    held = locked(context, forms())
    rows = rows_of(context, held)
    assert len(rows) == 12
    assert set(rows[0]) == ANONYMOUS_COLUMNS
    for row in rows:
        for column, cell in row.items():
            if not column.endswith("_stan") and column != "grupa":
                assert cell in ("TAK", "NIE", "")


def test_the_four_states_are_apart_in_the_file(context: Context) -> None:
    rows = rows_of(context, locked(context, forms()))
    assert Counter(row["p2_stan"] for row in rows) == {"udzielona": 11, "bez odpowiedzi": 1}
    assert Counter(row["p3_stan"] for row in rows) == {"udzielona": 5, "nie pytano": 7}
    assert Counter(row["p9_stan"] for row in rows) == {"udzielona": 3, "bez odpowiedzi": 9}
    assert Counter(row["p4_stan"] for row in rows) == {"bez odpowiedzi": 5, "nie pytano": 7}
    assert all(bool(row["p9"]) == (row["p9_stan"] == "udzielona") for row in rows)


def test_nobody_stands_in_a_group_smaller_than_k(context: Context) -> None:
    rows = rows_of(context, locked(context, forms()))
    sizes = Counter(row["grupa"] for row in rows)
    assert sum(sizes.values()) == 12
    assert min(sizes.values()) >= 3
    assert "Inna" not in sizes


@pytest.mark.parametrize(("people", "rows"), [(0, 0), (1, 0), (2, 0), (3, 3)])
def test_fewer_answers_than_k_give_no_row_and_the_file_says_why(
    sqlite_context: Context, people: int, rows: int
) -> None:
    """Who invites one institution alone must not read in a file what it answered."""
    held = locked(sqlite_context, forms()[:people])
    assert len(rows_of(sqlite_context, held)) == rows
    written = book(sqlite_context, held)
    assert written["dane"].max_row == 1 + rows
    notes = " ".join(str(row[0].value) for row in written["uwagi"].iter_rows())
    assert ("mniej niż 3" in notes) == (rows == 0)


def test_the_order_of_rows_says_nothing(context: Context) -> None:
    held = locked(context, forms())
    first, second = ([tuple(row.values()) for row in rows_of(context, held)] for _ in range(2))
    assert sorted(first) == sorted(second)
    assert first != second, "drawn anew for each file: the same order twice is one in many millions"


@pytest.mark.parametrize("access", ["invitations", "open_link"])
def test_what_one_person_alone_wrote_is_in_no_anonymous_file(
    context: Context, tmp_path: Path, access: str
) -> None:
    held = locked(context, forms(), access=access)
    for text in open_texts.waiting(context, held.campaign.id):
        open_texts.clear(context, text.id, text.text, actor=None)
    written = export_folder(context, GMINA, tmp_path)
    assert sorted(path.suffix for path in written) == [".csv", ".csv", ".parquet", ".sav", ".xlsx", ".xml"]
    told = [path.read_text(encoding="utf-8-sig") for path in written if path.suffix in (".csv", ".xml")]
    told += [path.read_bytes().decode(errors="replace") for path in written if path.suffix == ".sav"]
    told += [str(pq.read_table(path).to_pylist()) for path in written if path.suffix == ".parquet"]
    told += [str(cell.value) for cell in every_cell(book(context, held))]
    assert not [words for words in told for rare in RARE if rare in words]


def test_the_notes_say_what_was_withheld_and_how_many_rows_are_alone(context: Context) -> None:
    held = locked(context, forms())
    rows = rows_of(context, held)
    alone = sum(1 for seen in Counter(tuple(row.values()) for row in rows).values() if seen == 1)
    notes = " ".join(str(row[0].value) for row in book(context, held)["uwagi"].iter_rows(min_row=2))
    for words in (
        "odpowiedź na pytanie 1",
        "własnymi słowami",
        "daty",
        "tylko dla zespołu",
        f"Uwaga: {alone}",
    ):
        assert words in notes


def test_rows_that_are_all_alike_are_called_so(sqlite_context: Context) -> None:
    held = locked(sqlite_context, [{"p1": {"option": "edukacja"}, "p5": "tak"}] * 6)
    notes = " ".join(str(row[0].value) for row in book(sqlite_context, held)["uwagi"].iter_rows(min_row=2))
    assert "Żaden układ odpowiedzi nie występuje tylko raz." in notes


def test_the_codebook_explains_every_column(sqlite_context: Context) -> None:
    held = locked(sqlite_context, forms())
    lines = table(export_rows.codebook_csv(sqlite_context, held.campaign.id))
    explained = {line["kolumna"]: line for line in lines}
    assert set(rows_of(sqlite_context, held)[0]) <= set(explained)
    assert explained["p5"]["wartości"] == "TAK, NIE"
    assert "nie pytano" in explained["p3_stan"]["wartości"]
    assert "Instytucja edukacji i oświaty" in explained["grupa"]["wartości"]


def test_a_named_file_has_one_row_per_institution_with_all_that_it_wrote(context: Context) -> None:
    held = locked(context, forms(), mode="named")
    rows = rows_of(context, held)
    assert [row["instytucja"] for row in rows] == sorted(one.name for one in held.issued)
    rare = rows[11]
    assert (rare["p1"], rare["p1_tekst"], rare["p6_1"], rare["p6_2"], rare["p10"]) == (
        "Inna",
        *RARE[:2],
        "",
        RARE[2],
    )
    assert {row["sposob"] for row in rows} == {"internet"}
    assert {row["data"] for row in rows} == {"02.11.2026"}
    assert rare["p2_stan"] == "bez odpowiedzi"
    assert "p1" in {line["kolumna"] for line in table(export_rows.codebook_csv(context, held.campaign.id))}


FORMULAS = ['=HYPERLINK("http://x")', "+48 600 100 200", "-1", "@SUM(A1)"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_looks_like_a_formula_is_harmless_in_both_files(sqlite_context: Context, formula: str) -> None:
    held = locked(sqlite_context, [{"p5": "tak", "p10": formula}], mode="named")
    assert rows_of(sqlite_context, held)[0]["p10"] == "'" + formula
    workbook = book(sqlite_context, held)
    assert not [cell for cell in every_cell(workbook) if cell.data_type == "f" or cell.hyperlink]
    assert formula in {cell.value for cell in every_cell(workbook)}


def test_an_institution_named_like_a_formula_is_harmless(sqlite_context: Context) -> None:
    from survey_app.services.survey import take_survey

    add_gmina(sqlite_context)
    held = hold(sqlite_context, mode="named", access="open_link")
    take_survey.submit(
        sqlite_context, held.campaign.public_id, None, new_key(), answers(held.instrument), "=cmd()"
    )
    lock(sqlite_context, held)
    assert rows_of(sqlite_context, held)[0]["instytucja"] == "'=cmd()"


def test_the_tables_in_the_workbook_are_those_of_report_and_page(context: Context) -> None:
    held = locked(context, forms())
    lines = list(book(context, held)["tabele"].iter_rows(min_row=2, values_only=True))
    found = {(str(line[0]), str(line[1]), str(line[2])): line[3:] for line in lines}
    assert len(found) == len(lines), "no line stands twice"
    assert all(line[5] is None or 0 <= float(str(line[5])) <= 1 for line in lines), "no share above the whole"
    document = build_diagnoza.document(context, held.campaign.id, Edition.PUBLIC)
    compared = hidden = 0
    for block in count_tables(document):
        shown = " ".join(word for row in cells(block).rows for word in row)
        for row in block.table.rows:
            for column, count in zip(block.table.columns, row.counts, strict=True):
                told, base, share = found[block.table.title, row.label, column.label]
                compared, hidden = compared + 1, hidden + (count is None)
                assert told == ("ukryte" if count is None else count)
                assert base == ("ukryte" if row.base is None else row.base)
                assert share == pytest.approx(block.table.share(row.id, column.id))
                assert str(told) in shown
    assert compared > 20
    assert hidden > 0


def count_tables(document: Document) -> list[CountTable]:
    blocks = [block for chapter in document.chapters for block in chapter.blocks]
    return [block for block in blocks if isinstance(block, CountTable)]


def test_a_hidden_number_is_a_word_and_never_a_number(context: Context) -> None:
    """Two firms of three said TAK: who knows two of them knows the third."""
    three: list[Form] = [{"p1": {"option": "gospodarka"}, "p5": "tak"} for _ in range(3)]
    others: list[Form] = [{"p1": {"option": "edukacja"}, "p5": "tak" if n else "nie"} for n in range(6)]
    held = locked(context, [*three, *others])
    lines = book(context, held)["tabele"].iter_rows(min_row=2, values_only=True)
    p5 = held.instrument.by_id["p5"].text
    firms = [line for line in lines if line[0] == p5 and "gospodarczy" in str(line[1])]
    assert [line[3:] for line in firms] == [("ukryte", "ukryte", None)] * 2


def test_nothing_is_exported_before_the_lock(context: Context, tmp_path: Path) -> None:
    add_gmina(context)
    held = hold(context)
    send(context, held, held.codes[0])
    number = held.campaign.id
    for attempt in (
        lambda: export_rows.csv_file(context, number, None),
        lambda: export_responses.export_xlsx(context, number, None),
        lambda: export_rows.codebook_csv(context, number),
    ):
        with pytest.raises(ConflictError):
            attempt()
    with pytest.raises(NotFoundError):
        export_folder(context, GMINA, tmp_path / "dane")
    assert not (tmp_path / "dane").exists()


def test_every_copy_of_the_rows_leaves_a_trace(context: Context, clock: Clock) -> None:
    held = locked(context, forms())
    rows_of(context, held)
    book(context, held)
    with context.database.transaction() as session:
        taken = [event.detail for event in audit.events(session, GMINA, 50) if event.action == "export"]
    assert sorted(taken) == ["csv", "xlsx"]
    assert any("pobranie danych (csv)" in line for line in campaigns.trace(context, held.campaign.id))


def test_an_empty_campaign_still_has_its_files(sqlite_context: Context) -> None:
    held = locked(sqlite_context, [])
    assert rows_of(sqlite_context, held) == []
    assert book(sqlite_context, held).sheetnames == ["uwagi", "dane", "książka kodów", "tabele"]


def test_a_folder_holds_the_files_that_the_panel_gives(sqlite_context: Context, tmp_path: Path) -> None:
    """To the byte, and the description names the file that lies beside it. Each copy of rows leaves its trace."""
    held = locked(sqlite_context, forms())
    export_folder(sqlite_context, GMINA, tmp_path)
    name = f"ankieta-{GMINA}-{held.campaign.public_id}"
    with sqlite_context.database.reading() as session:
        taken = [event.detail for event in audit.events(session, GMINA, 50) if event.action == "export"]
    assert sorted(taken) == ["csv", "parquet", "sav", "xlsx"]
    given = pyreadstat.read_sav(tmp_path / f"{name}.sav")
    assert given[0].shape[0] == len(rows_of(sqlite_context, held))
    described = statistics_files.ddi(sqlite_context, held.campaign.id, f"{name}.sav")
    assert (tmp_path / f"{name}-codebook.xml").read_bytes() == described
    columns = pq.read_table(tmp_path / f"{name}.parquet").column_names
    with (tmp_path / f"{name}.csv").open(encoding="utf-8-sig") as file:
        assert columns == file.readline().strip().split(";")


def test_without_the_library_there_is_no_parquet(
    sqlite_context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked(sqlite_context, forms())
    monkeypatch.setattr(parquet, "is_available", lambda: False)
    written = export_folder(sqlite_context, GMINA, tmp_path)
    assert ".parquet" not in {path.suffix for path in written}
    assert len(written) == 5
