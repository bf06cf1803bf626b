"""Importing the catalogue: a second import updates instead of doubling, and a faulty file saves nothing."""

from __future__ import annotations

import pytest

from survey_app.errors import InvalidInputError, NotFoundError
from survey_app.services import catalogue, gminas
from survey_app.services.catalogue import StakeholderDraft
from survey_app.services.context import Context
from survey_app.services.import_catalogue import ImportReport, read_file, save
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
