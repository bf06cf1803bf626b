"""Several gminas side by side on the page and from the command line: read, shown, handed over, never kept."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from survey_app.cli import main
from survey_app.services.context import Context
from survey_app.store.database import Database
from tests.campaign_kit import GMINA as CODED
from tests.coding_kit import add_team, closed_round
from tests.integration.staff import Staff, staff

ADDRESS = "/panel/zestawienie"
HEADER = "TERYT;gmina;województwo;tura;moment;zamknięta;Zwolennicy;w tym osoby fizyczne;sektory ze Zwolennikiem\r\n"
FILES = {
    "janow.csv": "0605053;Janów Lubelski;lubelskie;1;na początku;2019-02-01;3;0;3\r\n"
    "0605053;Janów Lubelski;lubelskie;2;przed podpisaniem Paktu;2019-11-01;23;0;9\r\n",
    "srem.csv": "3026043;Śrem;wielkopolskie;1;na początku;2019-02-01;1;0;1\r\n"
    "3026043;Śrem;wielkopolskie;2;przed podpisaniem Paktu;2019-11-01;7;0;4\r\n",
    "purda.csv": "2814092;Purda;warmińsko-mazurskie;1;na początku;2019-02-01;1;0;1\r\n",
}
FAULTY = "0605053;Janów Lubelski;lubelskie;pierwsza;na początku;2019-02-01;trzech;0;3\r\n"


@pytest.fixture
def anna(app: Flask) -> Staff:
    person = staff(app, "anna@example.org")
    person.get(ADDRESS)
    return person


def sent(anna: Staff, files: dict[str, str]) -> tuple[int, str]:
    parts = [(io.BytesIO((HEADER + rows).encode("utf-8-sig")), name) for name, rows in files.items()]
    response = anna.send(ADDRESS, {"pliki": parts}, content_type="multipart/form-data")
    return response.status_code, response.text


def row(page: str, name: str) -> list[str]:
    """The cells that stand in the row of this name."""
    found = re.search(rf'<tr><th scope="row">(?:<strong>)?{re.escape(name)}.*?</tr>', page, re.S)
    assert found is not None, name
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", found[0], re.S)]


def carried(page: str, kind: str) -> bytes:
    found = re.search(rf'href="data:[^;]+;base64,([^"]+)" download="zestawienie-gmin\.{kind}"', page)
    assert found is not None
    return base64.b64decode(found[1])


def test_the_table_of_document_002_with_a_missing_round_kept_out_of_the_sums(anna: Staff) -> None:
    status, page = sent(anna, FILES)
    assert status == 200
    assert row(page, "Janów Lubelski") == ["lubelskie", "3", "23", "20"]
    assert row(page, "Purda") == ["warmińsko-mazurskie", "1", "brak danych", "brak danych"]
    assert row(page, "Razem (2\u00a0pełne pary)") == ["", "4", "30", "26"]
    assert row(page, "Średnia") == ["", "2", "15", "13"]
    assert row(page, "warmińsko-mazurskie") == ["1", "0", "brak danych", "brak danych", "brak danych"]
    assert row(page, "Pierwsza") == ["3", "5", "5"]


def test_the_files_hold_what_the_page_shows(anna: Staff) -> None:
    _, page = sent(anna, FILES)
    lines = carried(page, "csv").decode("utf-8-sig").splitlines()
    assert "Purda;warmińsko-mazurskie;1;brak danych;brak danych" in lines
    assert "Śrem;wielkopolskie;1;7;6" in lines
    book = openpyxl.load_workbook(io.BytesIO(carried(page, "xlsx")))
    assert [cell.value for cell in book.worksheets[0][2]] == ["Janów Lubelski", "lubelskie", 3, 23, 20]
    assert "brak danych" in book["uwagi"]["A2"].value
    assert "przez odejmowanie" in book["uwagi"]["A2"].value, "natural persons are counted in it"
    assert "zdradzałaby ich kody" in page


def test_every_fault_is_told_by_file_and_line_and_the_rest_is_shown(anna: Staff) -> None:
    status, page = sent(anna, {"zly.csv": FAULTY, "srem.csv": FILES["srem.csv"], "pusty.csv": ""})
    assert status == 422
    for words in ("zly.csv", "„pierwsza”", "„trzech”", "pusty.csv", "Tabela niżej powstała bez plików"):
        assert words in page
    assert row(page, "Śrem") == ["wielkopolskie", "1", "7", "6"]
    assert "Janów Lubelski" not in page


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"PK\x03\x04 zepsuty", "zupełnie;inny\r\nplik;tu\r\n".encode()]
)
def test_a_file_that_is_none_is_refused_in_words(anna: Staff, content: bytes) -> None:
    response = anna.send(ADDRESS, {"pliki": (io.BytesIO(content), "wyniki.csv")})
    assert response.status_code == 422
    assert "Żadnego pliku nie dało się użyć" in response.text


def test_no_file_chosen_says_so(anna: Staff) -> None:
    response = anna.send(ADDRESS, {})
    assert (response.status_code, "Prosimy wybrać pliki." in response.text) == (422, True)


def test_the_gminas_own_file_says_when_there_is_nothing_yet(anna: Staff) -> None:
    page = anna.get("/panel/060505/kodowanie/zestawienie.csv", expect=409)
    assert "nie ma jeszcze zamkniętej tury" in page


def run(context: Context, *line: str) -> Result:
    settings = {"SURVEY_VAR": str(context.settings.var), "DATABASE_URL": url_of(context.database)}
    return CliRunner().invoke(main, line, env=settings)


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def test_a_gminas_file_goes_into_the_table_from_the_command_line(context: Context, tmp_path: Path) -> None:
    team = add_team(context)
    closed_round(context, team, {team.stakeholders[0]: "neutralny"})
    closed_round(context, team, title="Tura 2", occasion="before_pact")
    own, out = tmp_path / "gmina.csv", tmp_path / "zestawienie.xlsx"
    printed = run(context, "coding", "export", CODED)
    assert printed.exit_code == 0, printed.output
    assert run(context, "coding", "export", CODED, "--out", str(own)).exit_code == 0
    assert own.read_bytes() == printed.stdout_bytes
    assert "Instytucja" not in own.read_text(encoding="utf-8-sig"), "counts only, no names of stakeholders"
    shown = run(context, "coding", "table", str(own))
    assert re.search(r"Godziszów +lubelskie +3 +4 +1$", shown.output, re.M), shown.output
    written = run(context, "coding", "table", str(own), "--out", str(out))
    assert f"Zapisano {out}" in written.output
    assert openpyxl.load_workbook(out).worksheets[0]["A2"].value == "Godziszów"


def test_wrong_use_of_the_commands_is_told_in_polish(sqlite_context: Context, tmp_path: Path) -> None:
    add_team(sqlite_context)
    none = run(sqlite_context, "coding", "export", CODED)
    assert (none.exit_code, "nie ma jeszcze zamkniętej tury" in none.stderr) == (1, True)
    faulty = tmp_path / "zly.csv"
    faulty.write_text(HEADER + FAULTY, encoding="utf-8")
    told = run(sqlite_context, "coding", "table", str(faulty))
    assert told.exit_code == 1
    assert "zly.csv" in told.stderr
    assert "wiersz 2" in told.stderr
    ending = run(sqlite_context, "coding", "table", str(faulty), "--out", "tabela.pdf")
    assert (ending.exit_code, ".csv albo .xlsx" in ending.stderr) == (2, True)
