"""The network above the gmina: the pilot's tables through the importer into the panel, and what goes first."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from survey_app.analysis.rollup.network import NetworkOver
from survey_app.cli import main
from survey_app.errors import InvalidInputError
from survey_app.instrument.process_model import ProcessFact
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.method import paper_signatures, papers, process
from survey_app.services.method.papers import Content
from survey_app.services.method.process import StepDraft
from survey_app.services.method.process_facts import facts_of
from survey_app.services.register import catalogue, own_sectors
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.register.declarations import DeclarationDraft, add_declaration
from survey_app.services.rollup import import_records, region_files, region_report, regions
from survey_app.services.rollup.network_facts import _Known
from survey_app.services.signing_in import links
from survey_app.store import network, releases
from tests import coding_kit as kit
from tests.integration.staff import PASSWORD, Staff, staff
from tests.pdf_structure import read_structure
from tests.renderings import squashed

FIXTURES = Path(__file__).parents[1] / "fixtures"
FILES = (
    FIXTURES / "network" / "sposoby_powolania.csv",
    FIXTURES / "network" / "formy_uslug.csv",
    FIXTURES / "pilot" / "tabela2_zwolennicy.csv",
)
SOURCE = "Raport z pilotażu (002)"
READER = "ksr@example.org"
BELZYCE, JANOW, POZNAN = "060901", "060505", "306401"


def pilot(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    for file in FILES:
        read = import_records.read_file(context, file.name, file.read_bytes())
        assert not read.faults
        import_records.save(context, read, SOURCE, None)


def over(context: Context, code: str = "PL") -> NetworkOver:
    found = region_report.report(context, code).roll_up.network
    assert found is not None
    return found


def log_in(context: Context, app: Flask, code: str = "PL") -> Staff:
    links.use(context, regions.appoint(context, READER, "Kinga Krajowa", code, None), PASSWORD)
    return staff(app, READER)


def own_paper(context: Context, gmina: str, key: str, answers: dict[str, object]) -> None:
    made = papers.start(context, gmina, key, Content(answers=answers), "", None)  # type: ignore[arg-type]
    papers.agree(context, gmina, made.id, 1, context.today(), None)


def own_rounds(context: Context, gmina: str, start: int | None, end: int | None, rounds: int = 2) -> None:
    """What went up of a gmina's coding."""
    document = {"form": 1, "rounds": rounds, "stances": None, "start": start, "end": end}
    with context.database.transaction() as session:
        releases.put_coding_release(session, gmina, 0, document)


def test_page_pdf_and_csv_of_the_country_say_what_the_pilot_found(
    app: Flask, sqlite_context: Context
) -> None:
    """16/3/1, 7/10/2/1, 34 -> 170 over 14 gminas: effect 136, mean 9,71, median 8 (METHOD, "Network")."""
    context = sqlite_context
    reader = log_in(context, app)
    reader.get("/panel/region/PL/zapisy")
    for file in FILES:
        shown = reader.send(
            "/panel/region/PL/zapisy",
            {"zrodlo": SOURCE, "plik": (io.BytesIO(file.read_bytes()), file.name)},
            content_type="multipart/form-data",
        )
        assert "plik jest poprawny" in shown.text
        carried = shown.text.split('name="plik" value="')[1].split('"')[0]
        saved = reader.send("/panel/region/PL/zapisy/zapisz", {"zrodlo": SOURCE, "plik": carried})
        assert saved.status_code == 302, saved.text
    page = squashed(reader.get("/panel/region/PL"))
    pdf = squashed(
        "".join(
            one.text for one in read_structure(reader.file("/panel/region/PL/raport.pdf")).all("Document")
        )
    )
    for words in (
        "administracyjny16,obywatelski3,mieszany(A+O)1.",
        "nowyKIS7,rewitalizacjausługKIS10,współpracazKISzinnejgminy2,programrozwojuusługwramachekonomiispołecznej1.",
        "Zwolennikówbyło34,jest170w14gminachzobiemaliczbami:efektanimacji+136",
        "W6gminachzzapisówbrakujejednejzdwóchliczb",
        SOURCE.replace(" ", ""),
    ):
        assert words in page
        assert words in pdf
    rows = list(
        csv.DictReader(
            io.StringIO(reader.file("/panel/region/PL/zestawienie.csv").decode("utf-8-sig")), delimiter=";"
        )
    )
    told = {(row["tabela"], row["tytuł"], row["kod"], row["kolumna"]): row["liczba"] for row in rows}

    def counts(table: str, title: str) -> list[str]:
        return [
            number
            for (of, called, code, _), number in told.items()
            if (of, called, code) == (table, title, "PL")
        ]

    assert counts("network_ways", "Sposoby powołania zespołów") == ["16", "3", "1"]
    assert counts("network_forms", "Wybrane formy usług") == ["7", "10", "2", "1"]
    assert counts("network_supporters", "Zwolennicy na początku i na końcu") == [
        "14",
        "14",
        "34",
        "170",
        "136",
    ]
    effect = ("miara: kodowanie z zapisami", "Efekt animacji", "PL")
    assert told[(*effect, "mediana")] == "8,0"
    assert round(float(told[(*effect, "średnia")].replace(",", ".")), 4) == 9.7143
    assert "Średnia2,4312,149,71" in pdf
    assert "Mediana111,58" in pdf


def test_numbers_of_wojewodztwa_are_the_known_ones_and_small_ones_are_hidden(sqlite_context: Context) -> None:
    pilot(sqlite_context)
    table = over(sqlite_context).supporters
    assert table is not None
    assert table.row("06").counts == (7, 7, 13, 89, 76)
    assert table.row("14").counts == (4, 4, 5, 34, 29)
    assert table.row("30").hidden
    assert table.row("28").hidden
    one = over(sqlite_context, "28")
    assert one.supporters is not None
    assert one.supporters.row("28").hidden
    assert one.measures == ()
    assert one.ways is not None
    assert one.ways.row("28").counts == (2, 2, 1)


def test_what_a_gmina_has_in_the_service_goes_before_what_was_recorded(context: Context) -> None:
    pilot(context)
    own_paper(context, BELZYCE, "akt_powolania", {"wariant": {"option": "nabor"}})
    own_paper(context, BELZYCE, "pakt", {"forma_uslug": {"option": "rewitalizacja"}})
    own_paper(context, POZNAN, "pakt", {"forma_uslug": {"option": "pozniej"}})
    found = over(context)
    assert found.ways is not None
    assert found.forms is not None
    assert found.ways.row("PL").counts == (15, 4, 1)
    assert found.forms.row("PL").counts == (6, 11, 2, 0)  # Poznań says itself that it has not chosen
    assert "Z pism zespołów: 1, z zapisów: 19." in found.ways.notes
    own_rounds(context, JANOW, 3, 23)
    hidden = over(context).supporters
    assert hidden is not None
    # One gmina's own numbers beside thirteen recorded ones could be read off by subtraction: they stay out.
    assert hidden.row("PL").counts == (13, 13, 31, 147, 116)
    own_rounds(context, "060504", None, None)
    own_rounds(context, BELZYCE, 2, 10)
    own_rounds(context, "060203", 4, 9, rounds=1)  # one round is no pair: the recorded one counts
    still = over(context).supporters
    assert still is not None
    assert still.row("PL").counts[:2] == (11, 11)
    own_rounds(context, "060704", 2, 18)
    with_own = over(context).supporters
    assert with_own is not None
    assert with_own.row("PL").counts[:2] == (13, 10)


def test_stages_are_counted_from_what_teams_did_and_from_three_gminas_on(sqlite_context: Context) -> None:
    context = sqlite_context
    gminas.seed_pilot_gminas(context)
    for code in (BELZYCE, JANOW):
        process.choose_path(context, code, "zsl_first", None)
    found = over(context, "06")
    assert (found.of, found.following) == (7, 2)
    assert found.stages is not None
    assert found.stages.row("06").hidden
    process.choose_path(context, "060203", "kis_exists", None)
    process.save_step(context, BELZYCE, "uchwala", StepDraft("doing", None, None, "", "", 0), None)
    process.save_step(context, JANOW, "uchwala", StepDraft("skipped", None, None, "Nie trzeba.", "", 0), None)
    own_paper(context, JANOW, "akt_powolania", {"wariant": {"option": "uchwala"}})
    own_paper(context, "060203", "pakt", {})
    stages = over(context, "06").stages
    assert stages is not None
    assert dict(zip([column.id for column in stages.columns], stages.row("06").counts, strict=True)) == {
        "zespol": 1, "rozpoznanie": 0, "animacja": 0, "pakt": 1, "uslugi": 1, "monitoring": 0,
    }  # fmt: skip
    assert stages.row("0605").hidden


def test_the_batch_counts_what_the_gminas_own_page_counts(sqlite_context: Context) -> None:
    """`store.network.facts` and `store.process.counts` say the same of one gmina."""
    context, gmina = sqlite_context, kit.GMINA
    team = kit.add_team(context)
    kit.closed_round(context, team)
    own = own_sectors.add_own_sector(context, gmina, "Koła gospodyń", "organizacje_obywatelskie", None)
    draft = StakeholderDraft(name="Koło", sector=own, internal=True, stakeholder_type="C")
    added = catalogue.add_stakeholder(context, gmina, draft, None).id
    kit.represent(context, team.people[0], added)
    declared = DeclarationDraft("contribution", "Sala", context.today(), "lokal")
    add_declaration(context, gmina, added, declared, None)
    process.choose_path(context, gmina, "zsl_first", None)
    own_paper(context, gmina, "akt_powolania", {})
    own_paper(context, gmina, "pakt", {})
    pact = papers.listed(context, gmina)[0].id
    paper_signatures.sign(context, gmina, pact, [added], context.today(), None)
    papers.start(context, gmina, "karta_01", Content(), "", None)
    with context.database.reading() as session:
        rows = [row for row in network.facts(session) if row.gmina_code == gmina]
        alone = facts_of(session, gmina)
    known = _Known.of(gmina, rows, alone.counts[ProcessFact.SUPPORTERS])
    told = {fact: number for fact, number in known.counts.items() if number}
    assert told == {fact: number for fact, number in alone.counts.items() if number}
    assert len(told) >= 9
    assert known.papers == alone.papers


FAULTS = (
    ("gmina;województwo;wariant\nBiłgoraj;lubelskie;A", "Gmin o nazwie „Biłgoraj” jest więcej: 060201 (miejska"),
    ("gmina;wariant\nNieznana;A", "W serwisie nie ma gminy „Nieznana”"),
    ("TERYT;gmina;wariant\n0605053;Bełżyce;A", "Kod 0605053 ma gmina Janów Lubelski"),
    ("TERYT;wariant\n0605053;B", "Nieznany wariant: „B”"),
    ("TERYT;start;koniec\n605053;-1;3", "stoi „-1”"),
    ("TERYT;start;koniec;efekt\n0605053;1;3;+ 3", "Efekt +3 nie jest różnicą 3 − 1"),
    ("TERYT;start;start_źródło;koniec\n060505;1;2;3", "„2” i „1” to nie to samo"),
    ("TERYT;start;koniec\n060505;1;3\n0605053;2;3", "jest inny niż w wierszu 2"),
    ("TERYT;wariant\n306401;A", "leży poza obszarem 06"),
    ("gmina;województwo;wariant\nBełżyce;lubuskiee;A", "Nie ma województwa „lubuskiee”"),
)  # fmt: skip


def test_every_fault_of_a_file_is_told_with_its_line(sqlite_context: Context) -> None:
    gminas.seed_pilot_gminas(sqlite_context)
    gminas.add_gmina(sqlite_context, "0602011", "Biłgoraj", "lubelskie", "biłgorajski", None)
    for lines, told in FAULTS:
        read = import_records.read_file(sqlite_context, "x.csv", lines.encode(), "06")
        assert [told in fault.message for fault in read.faults] == [True], (lines, read.faults)
        assert read.faults[0].line == len(lines.split("\n"))
        with pytest.raises(InvalidInputError):
            import_records.save(sqlite_context, read, SOURCE, None)


def test_missing_is_not_nought_and_persons_are_no_stakeholders(sqlite_context: Context) -> None:
    gminas.seed_pilot_gminas(sqlite_context)
    lines = "Tytuł\nTERYT;start;koniec\n60505;4 osoby fizyczne;B.d.\n060203;0;–\n060901;x;7"
    read = import_records.read_file(sqlite_context, "x.csv", lines.encode())
    assert [dict(row.facts) for row in read.rows] == [
        {"supporters_first": "4 os."}, {"supporters_first": "0"}, {"supporters_last": "7"},
    ]  # fmt: skip
    assert [row[4:] for row in read.cells()] == [("–", "–"), ("–", "–"), ("7", "–")]
    for wrong in ("gmina\nBełżyce", "wariant;liczba\nA;16", "gmina;wariant;wariant\nBełżyce;A;A"):
        with pytest.raises(InvalidInputError):
            import_records.read_file(sqlite_context, "x.csv", wrong.encode())


def test_a_reader_records_takes_back_and_loses_nothing_that_was_typed(
    app: Flask, sqlite_context: Context
) -> None:
    reader = log_in(sqlite_context, app, "06")
    address, file = "/panel/region/06/zapisy", FILES[0]
    assert "Niczego jeszcze nie zapisano" in reader.get(address)
    refused = reader.send(address, {"zrodlo": "Raport 2014"})
    assert refused.status_code == 422
    assert "Raport 2014" in refused.text
    upload = {"zrodlo": "Raport 2014", "plik": (io.BytesIO(file.read_bytes()), file.name)}
    outside = reader.send(address, upload, content_type="multipart/form-data")
    assert outside.status_code == 422
    assert "leży poza obszarem 06" in outside.text
    assert "Raport 2014" in outside.text
    upload = {"zrodlo": "", "plik": (io.BytesIO(b"TERYT;wariant\n060505;O"), "a.csv")}
    unsourced = reader.send(address, upload, content_type="multipart/form-data")
    assert unsourced.status_code == 422
    carried = unsourced.text.split('name="plik" value="')[1].split('"')[0]
    again = reader.send(f"{address}/zapisz", {"zrodlo": " ", "plik": carried})
    assert again.status_code == 422
    assert carried in again.text
    assert reader.send(f"{address}/zapisz", {"zrodlo": "Raport 2014", "plik": carried}).status_code == 302
    assert "Raport 2014" in reader.get(address)
    assert over(sqlite_context, "06").ways is not None
    reader.send(f"{address}/usun", {"zrodlo": "Raport 2014"})
    assert region_report.report(sqlite_context, "06").roll_up.network is None
    admin = staff(app, "admin@example.org")
    upload = {"zrodlo": SOURCE, "plik": (io.BytesIO(file.read_bytes()), file.name)}
    admin.get("/panel/admin/zapisy")
    assert admin.send("/panel/admin/zapisy", upload, content_type="multipart/form-data").status_code == 200


def test_a_region_without_gminas_or_without_anything_is_a_plain_page(
    app: Flask, sqlite_context: Context
) -> None:
    reader = log_in(sqlite_context, app)
    page = reader.get("/panel/region/PL")
    assert "Nie ma jeszcze czego zestawić" in page
    reader.get("/panel/region/24", expect=404)
    assert reader.file("/panel/region/PL/raport.pdf").startswith(b"%PDF")


def test_the_command_records_a_file_or_names_its_faults(
    sqlite_context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gminas.seed_pilot_gminas(sqlite_context)
    monkeypatch.setenv("SURVEY_VAR", str(sqlite_context.settings.var))
    monkeypatch.setenv("DATABASE_URL", str(sqlite_context.database.url))
    done = CliRunner().invoke(main, ["records", "import", str(FILES[0]), "--source", SOURCE])
    assert done.exit_code == 0, done.output
    assert "Zapisano: 20" in done.output
    wrong = tmp_path / "x.csv"
    wrong.write_text("gmina;wariant\nNieznana;A\nBełżyce;Z", "utf-8")
    refused = CliRunner().invoke(main, ["records", "import", str(wrong), "--source", SOURCE])
    assert refused.exit_code == 1
    assert "Nieznana" in refused.output
    assert "Nieznany wariant" in refused.output


def test_every_file_holds_the_networks_tables(sqlite_context: Context) -> None:
    pilot(sqlite_context)
    report = region_report.report(sqlite_context, "PL")
    assert json.dumps([table.id for table in report.roll_up.tables]).count("network_") == 3
    assert region_files.region_xlsx(report).startswith(b"PK")
