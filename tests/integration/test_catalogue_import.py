"""Importing the catalogue: a second import updates instead of doubling, and a faulty file saves nothing."""

from __future__ import annotations

import pytest

from survey_app.errors import InvalidInputError, NotFoundError
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.register import catalogue, declarations, own_sectors
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.register.declarations import DeclarationDraft
from survey_app.services.register.export_catalogue import export_catalogue
from survey_app.services.register.import_catalogue import ImportReport, read_file, save
from survey_app.services.register.sectors import catalogue_sectors
from survey_app.services.register.sheet import read_sheet
from survey_app.store import audit

GMINA = "060504"
HEADINGS = "nazwa;sektor;wewnętrzny/zewnętrzny;typ;adres;osoba kontaktowa;e-mail;telefon;uwagi\n"
FIRST = HEADINGS + (
    "GOPS;pomoc społeczna;w;B;Łąkowa 3;Żaneta Ćwik;gops@example.pl;15 871;uwaga\n"
    "LKS „Łan”;sport;w;C;;;;;\n"
    "=cmd|' /C calc'!A0;media;z;;;;;;\n"
)


@pytest.fixture
def service(context: Context) -> Context:
    gminas.seed_pilot_gminas(context)
    return context


def load(context: Context, text: str) -> ImportReport:
    return save(context, GMINA, read_file("katalog.csv", text.encode()), None)


def names(context: Context) -> list[str]:
    return [row.name for row in catalogue.stakeholders(context, GMINA)]


def test_a_first_import_adds_and_the_same_again_changes_nothing(service: Context) -> None:
    assert load(service, FIRST) == ImportReport(added=3, updated=0, unchanged=0, not_in_file=0)
    assert load(service, FIRST) == ImportReport(added=0, updated=0, unchanged=3, not_in_file=0)
    assert sorted(names(service)) == ["=cmd|' /C calc'!A0", "GOPS", "LKS „Łan”"]


def test_a_second_import_updates_what_is_spelled_a_little_differently(service: Context) -> None:
    load(service, FIRST)
    second = "NAZWA,SEKTOR,WEWNETRZNY\ngops,polityka społeczna,TAK\nLKS Lan,sport,NIE\nNowa firma,przedsiębiorcy,TAK\n"
    report = save(service, GMINA, read_file("k.csv", second.encode("cp1250")), None)
    assert report == ImportReport(added=1, updated=2, unchanged=0, not_in_file=1)
    by_name = {row.name: row for row in catalogue.stakeholders(service, GMINA)}
    assert len(by_name) == 4
    assert by_name["gops"].sector == "polityka_spoleczna"
    assert not by_name["LKS Lan"].internal


def test_what_the_file_leaves_blank_stays(service: Context) -> None:
    load(service, FIRST)
    report = load(service, HEADINGS + "GOPS;pomoc społeczna;z;;;;;;\n")
    assert report.updated == 1
    gops = next(row for row in catalogue.stakeholders(service, GMINA) if row.name == "GOPS")
    assert catalogue.draft_of(gops) == StakeholderDraft(
        "GOPS", "pomoc_spoleczna", False, "B", "Łąkowa 3", "uwaga", "Żaneta Ćwik", "gops@example.pl", "15 871"
    )


def test_while_a_fault_remains_nothing_is_saved(service: Context) -> None:
    with pytest.raises(InvalidInputError) as caught:
        load(service, FIRST + "Bez sektora;;w\n")
    assert [(fault.line, fault.where) for fault in caught.value.faults] == [(5, "sektor")]
    assert names(service) == []


def test_a_gmina_that_does_not_exist_gets_nothing(service: Context) -> None:
    with pytest.raises(NotFoundError):
        save(service, "999999", read_file("k.csv", FIRST.encode()), None)


def test_an_institution_that_left_comes_back_as_a_new_entry(service: Context) -> None:
    load(service, FIRST)
    gops = next(row for row in catalogue.stakeholders(service, GMINA) if row.name == "GOPS")
    catalogue.mark_left(service, GMINA, gops.id, None)
    assert load(service, FIRST).added == 1
    assert len(catalogue.stakeholders(service, GMINA, include_left=True)) == 4


def test_three_thousand_institutions(service: Context) -> None:
    rows = "".join(
        f"Instytucja nr {n};kultura;w;A;ul. Długa {n};Jan Żak;i{n}@example.pl;{n};\n" for n in range(3000)
    )
    assert load(service, HEADINGS + rows).added == 3000
    assert load(service, HEADINGS + rows.replace("Długa 7;", "Krótka 7;")) == ImportReport(0, 1, 2999, 0)


def test_the_trace_counts_and_names_nobody(service: Context) -> None:
    load(service, FIRST)
    with service.database.transaction() as session:
        (event,) = audit.events(session, GMINA)
    assert (event.action, event.detail) == ("catalogue_imported", "dodane: 3, zmienione: 0, bez zmian: 0")


FULL = (
    "nazwa;sektor;położenie;osoba fizyczna;przydatność;sfery;zasoby\n"
    'GOPS;pomoc społeczna;w;nie;grupy wsparcia;edukacja integracyjna;"lokal: sala; SPRZĘT: rzutnik; i ekran"\n'
    'Jan Bąk;liderzy społeczni;w;tak;;;"pomoże\nludzie: dwoje wolontariuszy"\n'
)


def declared(context: Context) -> dict[str, list[tuple[str | None, str]]]:
    found = declarations.declarations_of_gmina(context, GMINA)
    return {
        row.name: [(one.resource, one.description) for one in found.get(row.id, [])]
        for row in catalogue.stakeholders(context, GMINA)
    }


def test_persons_usefulness_spheres_and_resources_are_read_and_not_doubled(service: Context) -> None:
    assert load(service, FULL) == ImportReport(added=2, updated=0, unchanged=0, not_in_file=0)
    assert load(service, FULL) == ImportReport(added=0, updated=0, unchanged=2, not_in_file=0)
    by_name = {row.name: row for row in catalogue.stakeholders(service, GMINA)}
    assert (by_name["Jan Bąk"].natural_person, by_name["GOPS"].natural_person) == (True, False)
    assert (by_name["GOPS"].usefulness, by_name["GOPS"].spheres) == ("grupy wsparcia", ["integracja"])
    assert declared(service) == {
        "GOPS": [("lokal", "sala"), ("sprzet", "rzutnik; i ekran")],
        "Jan Bąk": [("inne", "pomoże"), ("ludzie", "dwoje wolontariuszy")],
    }


def test_a_file_that_says_nothing_of_a_person_leaves_her_one(service: Context) -> None:
    load(service, FULL)
    assert load(service, HEADINGS + "Jan Bąk;liderzy społeczni;w;;;;;;\n").unchanged == 1
    assert load(service, FULL.replace(";tak;", ";;")).unchanged == 2
    assert load(service, FULL.replace(";tak;", ";nie;")).updated == 1
    assert not any(row.natural_person for row in catalogue.stakeholders(service, GMINA))


def test_faults_of_the_new_columns_name_the_row_and_the_column() -> None:
    text = (
        FULL.replace(";tak;", ";może;").replace("edukacja integracyjna", "sport").replace("sala", "x" * 1001)
    )
    found = {(fault.line, fault.where, fault.code) for fault in read_file("k.csv", text.encode()).faults}
    assert found == {
        (2, "sfery", "sphere_unknown"),
        (2, "zasoby", "too_long"),
        (3, "osoba fizyczna", "natural_person_unknown"),
    }


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("contacts", [True, False])
def test_an_export_read_back_changes_nothing(service: Context, kind: str, contacts: bool) -> None:
    farming = own_sectors.add_own_sector(service, GMINA, "Rolnictwo; i las", "inny", None)
    odd = StakeholderDraft(
        '=Bąk; "Syn"\u200f 😀',
        farming,
        internal=False,
        address="-1",
        note="@a\nb;c",
        contact_email="a@example.pl",
        contact_phone="+48 15 872",
        natural_person=True,
        usefulness="a\nb",
        spheres=("edukacja", "relacje"),
    )
    bak = catalogue.add_stakeholder(service, GMINA, odd, None)
    day = service.today()
    for text in ("sala\nna piętrze; lokal: nie", "=1+1", "💡"):
        draft = DeclarationDraft("contribution", text, day, "lokal")
        declarations.add_declaration(service, GMINA, bak.id, draft, None)
    declarations.add_declaration(service, GMINA, bak.id, DeclarationDraft("refusal", "nie", day), None)
    load(service, FULL)
    before = declared(service)
    content = export_catalogue(service, GMINA, kind, contacts=contacts, actor=None)
    preview = read_file(f"katalog.{kind}", content, catalogue_sectors(service, GMINA))
    assert preview.faults == []
    assert save(service, GMINA, preview, None) == ImportReport(0, 0, unchanged=3, not_in_file=0)
    assert catalogue.draft_of(catalogue.stakeholder(service, GMINA, bak.id)) == odd
    assert declared(service) == before


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_contacts_are_in_a_file_only_when_asked_for_and_the_trace_says_so(
    service: Context, kind: str
) -> None:
    person = StakeholderDraft(
        "Jan Bąk", "inny", True, None, "Polna 7", "", "Jan", "jan@example.pl", "15", True
    )
    catalogue.add_stakeholder(service, GMINA, person, None)
    seen = {}
    for contacts in (False, True):
        content = export_catalogue(service, GMINA, kind, contacts=contacts, actor=None)
        seen[contacts] = [row.cells for row in read_sheet(f"k.{kind}", content).rows]
    assert not any(secret in str(seen[False]) for secret in ("jan@example.pl", "Polna 7", "e-mail"))
    assert all(secret in str(seen[True]) for secret in ("jan@example.pl", "Polna 7", "e-mail"))
    with service.database.reading() as session:
        details = [event.detail for event in audit.events(session, GMINA, 2)]
    assert details == ["z danymi kontaktowymi", "bez danych kontaktowych"]


def test_an_own_sector_that_went_meanwhile_saves_nothing(service: Context) -> None:
    own = own_sectors.add_own_sector(service, GMINA, "Rolnictwo", "inny", None)
    text = HEADINGS + "Sad;rolnictwo;w;;;;;;\n"
    preview = read_file("k.csv", text.encode(), catalogue_sectors(service, GMINA))
    own_sectors.remove_own_sector(service, GMINA, own, None)
    with pytest.raises(InvalidInputError):
        save(service, GMINA, preview, None)
    assert names(service) == []


@pytest.mark.parametrize("address", ["\x00", "wlasny\x00", "ś", "x" * 300])
def test_an_own_sector_asked_for_in_any_letters_is_not_there(service: Context, address: str) -> None:
    with pytest.raises(NotFoundError):
        own_sectors.change_own_sector(service, GMINA, address, "Rolnictwo", "inny", None)
    with pytest.raises(NotFoundError):
        own_sectors.remove_own_sector(service, GMINA, address, None)
