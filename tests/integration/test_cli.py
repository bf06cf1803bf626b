"""The command line, as an operator uses it: plain words, exit status 0 (done), 1 (failed), 2 (wrong use)."""

from __future__ import annotations

import datetime as dt
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import pikepdf
import pytest
from click.testing import CliRunner, Result

from survey_app.cli import PlainErrors, main
from survey_app.services import accounts, gminas
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.survey import campaigns
from tests.campaign_kit import DRAFT, GMINA, add_gmina, hold, lock, send
from tests.coding_kit import add_team, closed_round
from tests.stores import Clock, free_port

ROOT = Path(__file__).resolve().parents[2]
FAULTY = ROOT / "tests" / "unit" / "instruments" / "scales.yml"
TERC = ROOT / "tests" / "fixtures" / "terc_excerpt.csv"
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


class Operator:
    """Somebody at a terminal of the machine that the service runs on."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.environment = {"SURVEY_VAR": str(var), "DATABASE_URL": "", "PUBLIC_URL": "", **settings}

    def run(self, *words: str, typed: str = "", expect: int = 0) -> Result:
        result = CliRunner().invoke(main, words, input=typed, env=self.environment)
        assert result.exit_code == expect, result.output
        assert "Traceback" not in result.output
        return result


@pytest.fixture
def operator(sqlite_context: Context, var: Path) -> Operator:
    """With a migrated database, the same that `sqlite_context` looks at."""
    return Operator(var)


@pytest.fixture
def held(sqlite_context: Context, clock: Clock) -> str:
    """The public id of a locked campaign with answers."""
    add_gmina(sqlite_context)
    held = hold(sqlite_context)
    for code in held.codes:
        send(sqlite_context, held, code, {"p1": {"option": "edukacja"}, "p5": "tak"})
    lock(sqlite_context, held)
    return held.campaign.public_id


def example_draft(context: Context, clock: Clock, **changes: object) -> str:
    """The public id of a draft that may be opened right now."""
    clock.set(NOW)
    gminas.add_gmina(
        context, "9901012", "Przykładowo", "przykładowe", "przykładowy", actor=None, example=True
    )
    draft = catalogue.StakeholderDraft(name="Szkoła", sector="edukacja", internal=True)
    catalogue.add_stakeholder(context, "990101", draft, actor=None)
    planned = replace(
        DRAFT, opens_at=NOW - dt.timedelta(hours=1), closes_at=NOW + dt.timedelta(days=2), **changes
    )  # type: ignore[arg-type]
    return campaigns.create_campaign(context, "990101", planned, actor=None).public_id


def leaves(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield above
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*above, name))
        else:
            yield (*above, name)


@pytest.mark.parametrize("words", list(leaves(main)), ids=" ".join)
def test_every_command_has_help_in_polish(words: tuple[str, ...]) -> None:
    told = CliRunner().invoke(main, [*words, "--help"])
    assert told.exit_code == 0
    assert told.output.startswith("Użycie: ")
    assert "Pokaż tę pomoc i zakończ." in told.output
    for english in (
        "Usage",
        "Options",
        "Commands",
        "Show this",
        "default",
        "required",
        "ARGS",
        "TEXT",
        "FILE",
    ):
        assert english not in told.output


def test_the_installed_command_answers_with_its_help_before_anything_heavy_is_loaded() -> None:
    program = "import sys; from survey_app.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    loaded = f"{program}sys.exit(any(name in sys.modules for name in ('flask', 'pandas', 'sqlalchemy', 'reportlab')))"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Polecenia:" in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["demonstracja"], "Nie ma polecenia „demonstracja”."),
        (["serve", "--prot", "1"], "Nie ma opcji --prot. Może chodzi o: "),
        (["serve", "--port", "x"], "Zła wartość: --port. Potrzebna liczba całkowita od 1 do 65535."),
        (["report", GMINA, "--edition", "tajne", "--out", "x.pdf"], "Do wyboru: public, internal."),
        (["report", GMINA, "--out", "x.pdf"], "Brakuje: --edition."),
        (["teryt", "import", "/nie/ma/takiego.csv"], "Nie ma takiego pliku"),
        (["catalogue", "import"], "Brakuje: GMINA."),
        (["db", "upgrade", "zaraz"], "za dużo argumentów"),
        (
            ["user", "create", "a@example.org", "--name", "Anna"],
            "Podaj --administrator albo --coordinator-of",
        ),
    ],
)
def test_wrong_use_is_said_in_polish_with_status_2(operator: Operator, words: list[str], told: str) -> None:
    result = operator.run(*words, expect=2)
    assert told in result.stderr
    assert "Użycie: " in result.stderr
    assert "Pomoc: " in result.stderr


def test_an_option_without_its_value_is_wrong_use(operator: Operator) -> None:
    assert "Opcja --port potrzebuje wartości" in operator.run("serve", "--port", expect=2).stderr


def test_without_anything_the_help_is_shown(operator: Operator) -> None:
    assert "Polecenia:" in operator.run(expect=2).stderr


def test_a_database_without_tables_says_what_to_run(var: Path) -> None:
    empty = Operator(var)
    for words in (["worker", "--once"], ["export", GMINA], ["serve", "--port", str(free_port())]):
        assert "Uruchom: survey-app db upgrade" in empty.run(*words, expect=1).stderr
    assert "Baza jest w wersji" in empty.run("db", "upgrade").output
    assert empty.run("worker", "--once").output == ""


@pytest.mark.parametrize(
    "address", ["sqlite:////nie/ma/takiego/katalogu/a.sqlite3", "postgresql://127.0.0.1:1/nic", "mysql://x/y"]
)
def test_a_database_that_cannot_be_reached_is_said_plainly(var: Path, address: str) -> None:
    result = Operator(var, DATABASE_URL=address).run("export", GMINA, expect=1)
    assert result.stderr.startswith("Błąd: ")


def test_a_file_that_is_no_database_is_said_plainly(var: Path) -> None:
    (var / "survey.sqlite3").write_bytes(b"to nie jest baza danych" * 100)
    for words in (["db", "upgrade"], ["worker", "--once"]):
        assert "file is not a database" in Operator(var).run(*words, expect=1).stderr


def test_an_unexpected_error_names_its_place_and_not_what_it_holds() -> None:
    @click.group(cls=PlainErrors)
    def program() -> None: ...

    @program.command()
    def fail() -> None:
        raise KeyError("odpowiedź, której nikt nie ma zobaczyć")

    result = CliRunner().invoke(program, ["fail"])
    assert result.exit_code == 1
    assert "Błąd programu: KeyError" in result.stderr
    assert "odpowiedź" not in result.stderr


def test_serve_says_where_it_listens_and_what_is_not_set(var: Path) -> None:
    port = str(free_port())
    told = Operator(var).run("serve", "--port", port, expect=1).stdout
    assert f"http://127.0.0.1:{port}/" in told
    assert "bez ustawienia PUBLIC_URL" in told
    told = Operator(var, PUBLIC_URL="https://ankieta.example").run("serve", "--port", port, expect=1).stdout
    assert "PUBLIC_URL" not in told


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_said_before_anything_is_done(var: Path, command: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        result = Operator(var).run(command, "--port", port, expect=1)
    assert f"Port {port} na adresie 127.0.0.1 jest zajęty." in result.stderr
    assert list(var.glob("*.pdf")) == []


def test_the_register_is_imported_and_a_wrong_file_refused_once(operator: Operator, tmp_path: Path) -> None:
    assert "Gminy w rejestrze: " in operator.run("teryt", "import", str(TERC)).output
    wrong = tmp_path / "terc.csv"
    wrong.write_text("to;nie;jest;rejestr\n1;2;3;4\n", encoding="utf-8")
    told = operator.run("teryt", "import", str(wrong), expect=1).stderr.splitlines()
    assert told[0] == "Błąd: Nie można wczytać rejestru TERYT. Niczego nie zmieniono."
    assert len(told) == len(set(told)) > 1


def said_once(told: str) -> bool:
    """No sentence stands twice."""
    sentences = [
        part.strip() for line in told.splitlines() for part in line.split(". ") if len(part.strip()) > 12
    ]
    return len(sentences) == len(set(sentences))


def test_a_catalogue_is_imported_again_without_doubling(operator: Operator, sqlite_context: Context) -> None:
    gminas.add_gmina(
        sqlite_context, "9901012", "Przykładowo", "przykładowe", "przykładowy", actor=None, example=True
    )
    file = str(ROOT / "survey_app" / "services" / "demo" / "malowice.csv")
    first = operator.run("catalogue", "import", "990101", file).output
    assert "zmienione: 0, bez zmian: 0." in first
    assert (
        "Dodane: 0, zmienione: 0, bez zmian: 22."
        in operator.run("catalogue", "import", "990101", file).output
    )


def test_every_faulty_row_of_a_catalogue_is_said_once(
    operator: Operator, sqlite_context: Context, tmp_path: Path
) -> None:
    add_gmina(sqlite_context, 0)
    file = tmp_path / "katalog.csv"
    file.write_text(
        "nazwa;sektor;wewnętrzny/zewnętrzny\nA;edukacja;w\nB;magia;w\nC;edukacja;może\n", encoding="utf-8"
    )
    told = operator.run("catalogue", "import", GMINA, str(file), expect=1).stderr
    assert told.count("(wiersz 3)") == told.count("magia") == 1
    assert told.count("(wiersz 4)") == told.count("może") == 1
    assert "Nie zapisano niczego." in told
    assert catalogue.stakeholders(sqlite_context, GMINA) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"%PDF-1.7 nie tabela"),
        ("a.xlsx", b"nazwa;sektor"),
        ("a.csv", b"nazwa;sektor\nA;B\n"),
        ("a.csv", b""),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_with_one_reason(
    operator: Operator, sqlite_context: Context, tmp_path: Path, name: str, content: bytes
) -> None:
    add_gmina(sqlite_context, 0)
    (tmp_path / name).write_bytes(content)
    told = operator.run("catalogue", "import", GMINA, str(tmp_path / name), expect=1).stderr
    assert told.startswith("Błąd: Nie można wczytać pliku. ")
    assert said_once(told)


def test_definitions_are_checked_and_every_fault_is_listed(operator: Operator) -> None:
    good = ROOT / "instruments" / "ankieta.yml"
    assert operator.run("instrument", "check", str(good)).output == f"{good}: bez błędów\n"
    told = operator.run("instrument", "check", str(good), str(FAULTY), expect=1).output
    assert f"{good}: bez błędów" in told
    number = int(told.split(f"{FAULTY}: błędy: ")[1].split()[0])
    assert number == len([line for line in told.splitlines() if line.startswith("  [")]) > 1


def test_an_account_is_made_with_a_password_from_standard_input(
    operator: Operator, sqlite_context: Context
) -> None:
    words = ["user", "create", "Anna@Example.org", "--name", "Anna Zając", "--administrator"]
    weak = operator.run(*words, typed="krótkie\n", expect=1)
    assert "hasło" in weak.stderr.lower()
    assert "krótkie" not in weak.output
    assert accounts.find_person(sqlite_context, "anna@example.org") is None
    operator.run(*words, typed="cztery zwykłe słowa razem\n")
    made = accounts.log_in(sqlite_context, "anna@example.org", "cztery zwykłe słowa razem")
    assert made is not None
    assert accounts.is_administrator(made)
    again = operator.run(*words, typed="cztery zwykłe słowa razem\n", expect=1)
    assert "anna@example.org" in again.stderr


def test_a_coordinator_needs_a_gmina_that_is_there(operator: Operator) -> None:
    words = ["user", "create", "a@example.org", "--name", "Anna", "--coordinator-of", "999999"]
    assert "999999" in operator.run(*words, typed="cztery zwykłe słowa razem\n", expect=1).stderr


def test_a_campaign_by_invitation_opens_only_with_a_place_for_its_codes(
    operator: Operator, sqlite_context: Context, clock: Clock, tmp_path: Path
) -> None:
    public_id = example_draft(sqlite_context, clock)
    assert "--codes" in operator.run("campaign", "open", public_id, expect=2).stderr
    codes = tmp_path / "kody.csv"
    codes.write_text("kody innej kampanii", encoding="utf-8")
    assert (
        "już istnieje" in operator.run("campaign", "open", public_id, "--codes", str(codes), expect=1).stderr
    )
    nowhere = str(tmp_path / "nie ma" / "kody.csv")
    assert "nie ma" in operator.run("campaign", "open", public_id, "--codes", nowhere, expect=1).stderr
    assert campaigns.by_public_id(sqlite_context, public_id).opened_at is None, "no code was lost"
    fresh = tmp_path / "nowe.csv"
    assert "Zapisano kody (1)" in operator.run("campaign", "open", public_id, "--codes", str(fresh)).output
    assert fresh.stat().st_mode & 0o077 == 0
    assert len(fresh.read_text(encoding="utf-8-sig").splitlines()) == 2
    again = str(tmp_path / "jeszcze.csv")
    assert (
        "jest już otwarta" in operator.run("campaign", "open", public_id, "--codes", again, expect=1).stderr
    )
    assert not Path(again).exists()
    assert codes.read_text(encoding="utf-8") == "kody innej kampanii"


def test_a_campaign_is_watched_and_closed_and_not_locked_too_soon(
    operator: Operator, sqlite_context: Context, clock: Clock
) -> None:
    public_id = example_draft(sqlite_context, clock, access="open_link", grace_minutes=60)
    assert "Stan: szkic" in operator.run("campaign", "status", public_id).output
    operator.run("campaign", "open", public_id)
    assert "Odpowiedzi: co najmniej 0" in operator.run("campaign", "status", public_id.upper()).output
    assert "Kampania jest zamknięta" in operator.run("campaign", "close", public_id).output
    assert "czas na dosłanie" in operator.run("campaign", "lock", public_id, expect=1).stderr
    assert "Nie ma takiej kampanii." in operator.run("campaign", "status", "nieznana", expect=1).stderr


def test_a_closed_campaign_is_locked(operator: Operator, sqlite_context: Context, clock: Clock) -> None:
    clock.set(NOW - dt.timedelta(days=30))
    add_gmina(sqlite_context)
    begin = clock.now
    held = hold(sqlite_context, opens_at=begin, closes_at=begin + dt.timedelta(days=7))
    send(sqlite_context, held, held.codes[0])
    assert "wyniki są gotowe" in operator.run("campaign", "lock", held.campaign.public_id).output
    assert "Stan: zablokowana" in operator.run("campaign", "status", held.campaign.public_id).output


def test_a_locked_campaign_is_exported_and_reported(operator: Operator, held: str, tmp_path: Path) -> None:
    told = operator.run("export", GMINA, "--out", str(tmp_path / "dane")).output
    written = sorted((tmp_path / "dane").iterdir())
    endings = [".csv", ".csv", ".parquet", ".sav", ".xlsx", ".xml"]
    assert sorted(path.suffix for path in written) == endings
    assert all(f"Zapisano {path}" in told for path in written)
    for edition, code in (("public", GMINA), ("internal", GMINA + "2")):  # six digits, or all seven
        target = tmp_path / f"{edition}.pdf"
        operator.run("report", code, "--edition", edition, "--out", str(target), "--campaign", held)
        assert target.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("gmina", ["060505", "999999", "bzdura"])
def test_without_a_locked_campaign_there_is_nothing_to_export(
    operator: Operator, gmina: str, tmp_path: Path
) -> None:
    operator.run("export", gmina, "--out", str(tmp_path / "dane"), expect=1)
    operator.run("report", gmina, "--edition", "public", "--out", str(tmp_path / "a.pdf"), expect=1)
    assert list(tmp_path.glob("*.pdf")) == []
    assert not (tmp_path / "dane").exists()


def test_a_gmina_with_coding_and_no_locked_campaign_gets_the_report_on_coding(
    operator: Operator, sqlite_context: Context, tmp_path: Path
) -> None:
    closed_round(sqlite_context, add_team(sqlite_context))
    for edition in ("public", "internal"):
        target = tmp_path / f"{edition}.pdf"
        result = operator.run("report", GMINA, "--edition", edition, "--out", str(target))
        assert "raport z samego kodowania" in result.stderr
        assert result.stdout == f"Zapisano {target}\n"
        with pikepdf.open(target) as file:
            assert str(file.docinfo["/Title"]).startswith("Kodowanie interesariuszy")
    named = tmp_path / "diagnoza.pdf"
    operator.run(
        "report", GMINA, "--edition", "public", "--out", str(named), "--campaign", "nieznana", expect=1
    )
    assert not named.exists()


def test_a_locked_campaign_gives_the_diagnoza_whatever_was_coded(
    operator: Operator, sqlite_context: Context, tmp_path: Path
) -> None:
    closed_round(sqlite_context, add_team(sqlite_context))
    held = hold(sqlite_context)
    send(sqlite_context, held, held.codes[0])
    lock(sqlite_context, held)
    target = tmp_path / "diagnoza.pdf"
    result = operator.run("report", GMINA, "--edition", "public", "--out", str(target))
    assert "kodowania" not in result.stderr
    with pikepdf.open(target) as file:
        assert not str(file.docinfo["/Title"]).startswith("Kodowanie")


def test_a_report_that_cannot_be_written_says_where(operator: Operator, held: str, tmp_path: Path) -> None:
    target = str(tmp_path / "nie ma" / "raport.pdf")
    result = operator.run("report", GMINA, "--edition", "public", "--out", target, expect=1)
    assert target in result.stderr


def test_a_wrong_setting_is_named(var: Path) -> None:
    assert "PUBLIC_URL" in Operator(var, PUBLIC_URL="gmina.pl").run("worker", "--once", expect=1).stderr
    assert "KEY_FOLDERS" in Operator(var, KEY_FOLDERS=str(var)).run("worker", "--once", expect=1).stderr


def test_the_installed_program_runs(tmp_path: Path) -> None:
    program = shutil.which("survey-app", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("left out: the program survey-app is not installed beside this Python")
    environment = {"SURVEY_VAR": str(tmp_path), "PATH": ""}
    done = subprocess.run(
        [program, "db", "upgrade"], capture_output=True, text=True, env=environment, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    failed = subprocess.run(
        [program, "export", "1"], capture_output=True, text=True, env=environment, check=False
    )
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("Błąd: ")
