"""The register is taken over: a newer file updates, kinds are dated, nothing is lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from survey_app.errors import ConflictError, InvalidInputError
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.import_teryt import import_register
from survey_app.store import gminas as store
from survey_app.store.gminas import Gmina

EXCERPT = (Path(__file__).parent.parent / "fixtures" / "terc_excerpt.csv").read_text(encoding="utf-8")


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "TERC.csv"
    path.write_text(EXCERPT, encoding="utf-8", newline="\r\n")
    return path


def rewrite(path: Path, day: str, *changes: tuple[str, str]) -> Path:
    """The register as it might be published on another day (with the line ends of GUS)."""
    text = EXCERPT.replace("2020-01-01", day)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8", newline="\r\n")
    return path


def stored(context: Context, code: str) -> Gmina:
    with context.database.transaction() as session:
        gmina = store.get(session, code)
    assert gmina is not None, code
    return gmina


def test_a_first_import_adds_all_gminas(context: Context, register: Path) -> None:
    report = import_register(context, register)
    assert (report.added, report.total, report.wojewodztwa) == (14, 14, 3)
    found = gminas.describe(context, "060505")
    assert (found.teryt7, found.name, found.powiat) == ("0605053", "Janów Lubelski", "janowski")
    assert (found.wojewodztwo, found.kind_label) == ("lubelskie", "gmina miejsko-wiejska")


def test_the_same_file_again_changes_nothing(context: Context, register: Path) -> None:
    import_register(context, register)
    again = import_register(context, register)
    assert (again.added, again.changed_kind, again.renamed, again.vanished, again.total) == (0, 0, 0, 0, 14)


def test_a_village_that_becomes_a_town_keeps_its_code_and_its_past(context: Context, register: Path) -> None:
    import_register(context, register)
    report = import_register(
        context,
        rewrite(register, "2024-01-01", ("14;08;02;2;Jabłonna;gmina wiejska", "14;08;02;3;Jabłonna;g. m-w")),
    )
    assert (report.changed_kind, report.added) == (1, 0)
    jablonna = stored(context, "140802")
    assert [(row.valid_from.year, row.kind) for row in jablonna.kinds] == [(2020, "2"), (2024, "3")]
    assert store.kind_on(jablonna, dt.date(2023, 12, 31)) == "2"
    assert gminas.describe(context, "140802").teryt7 == "1408023"


def test_a_renamed_gmina_and_one_that_vanished(context: Context, register: Path) -> None:
    import_register(context, register)
    batorz = "06;05;01;2;Batorz;gmina wiejska;2023-01-01\n"
    report = import_register(
        context, rewrite(register, "2023-01-01", (batorz, ""), ("Potok Wielki", "Potok Mały"))
    )
    assert (report.renamed, report.vanished, report.total) == (1, 1, 13)
    assert stored(context, "060507").name == "Potok Mały"
    assert stored(context, "060501").in_register_until == dt.date(2023, 1, 1), "it stays, with the date"

    back = import_register(context, rewrite(register, "2024-01-01"))
    assert back.added == 0
    assert stored(context, "060501").in_register_until is None


def test_an_older_file_is_refused_and_changes_nothing(context: Context, register: Path) -> None:
    import_register(context, rewrite(register, "2024-01-01", ("Potok Wielki", "Potok Nowy")))
    with pytest.raises(ConflictError, match="nowszy rejestr"):
        import_register(context, rewrite(register, "2020-01-01"))
    assert stored(context, "060507").name == "Potok Nowy"


def test_a_faulty_file_changes_nothing(context: Context, register: Path) -> None:
    faulty = rewrite(register, "2020-01-01", ("06;05;04;2;Godziszów", "06;05;04;6;Godziszów"))
    with pytest.raises(InvalidInputError):
        import_register(context, faulty)
    assert gminas.search_gminas(context, "Batorz") == []


def test_part_of_a_register_does_not_strike_out_the_other_wojewodztwa(
    context: Context, register: Path
) -> None:
    import_register(context, register)
    lines = [line for line in EXCERPT.splitlines() if line.startswith(("WOJ", "06"))]
    register.write_text("\n".join(lines).replace("2020-01-01", "2022-01-01"), encoding="utf-8")
    assert import_register(context, register).vanished == 0
    assert stored(context, "146501").in_register_until is None


def test_a_file_that_lacks_many_known_gminas_is_refused(context: Context, register: Path) -> None:
    many = "".join(f"06;05;{n};2;Gmina {n};gmina wiejska;2020-01-01\n" for n in range(20, 60))
    register.write_text(EXCERPT.replace("14;;;;", many + "14;;;;"), encoding="utf-8", newline="\r\n")
    assert import_register(context, register).total == 54
    with pytest.raises(ConflictError, match="brakuje 40 z 54"):
        import_register(context, rewrite(register, "2021-01-01"))
    assert stored(context, "060520").in_register_until is None


def test_the_pilot_and_gminas_added_by_hand_fit_the_register(context: Context, register: Path) -> None:
    assert gminas.seed_pilot_gminas(context) == 20
    gminas.add_gmina(context, "0605022", "Chrzanow", "lubelskie", "janowski", None)
    gminas.add_gmina(context, "0605992", "Nowa", "lubelskie", "janowski", None)
    gminas.add_gmina(context, "9901012", "Przykładowo", "przykładowe", "przykładowy", None, example=True)
    report = import_register(context, register)
    # Of the 14: five are the pilot's (0605 04, 05, 06; 1408 01; 3064 01), one was typed in with a slip.
    assert (report.added, report.renamed, report.changed_kind) == (8, 1, 0)
    assert stored(context, "060502").name == "Chrzanów"
    assert stored(context, "060599").in_register_until is None, "added after the register's day"
    assert stored(context, "990101").in_register_until is None, "an example is in no register"
