"""What a team gets from its closed rounds: the page, both editions, files, and the same numbers in each."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from flask import Flask
from openpyxl import load_workbook

from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.edition import Edition
from survey_app.errors import NotFoundError
from survey_app.services.coding import agree, coding_history, coding_results, coding_rounds, evidence
from survey_app.services.coding.evidence import EvidenceDraft
from survey_app.services.context import Context
from survey_app.services.register.declarations import DeclarationDraft, add_declaration
from survey_app.services.survey import build_diagnoza
from survey_app.web.app import create_app
from tests.campaign_kit import GMINA, add_institution, hold, lock, send
from tests.coding_kit import PASSWORD, Team, add_team, closed_round, open_round
from tests.integration.staff import GMINA as STAFF_GMINA
from tests.integration.staff import OTHER_GMINA, staff
from tests.stores import Clock
from tests.unit.test_compose import words_of

RESULTS = f"/panel/{GMINA}/kodowanie/wyniki"


def two_rounds(context: Context) -> Team:
    """Four institutions; one Zwolennik at the start, three at the end."""
    team = add_team(context)
    first, *others = team.stakeholders
    closed_round(context, team, {first: "zwolennik"} | dict.fromkeys(others, "neutralny"))
    later = dict.fromkeys(team.stakeholders[:3], "zwolennik") | {team.stakeholders[3]: "neutralny"}
    closed_round(context, team, later, title="Tura przed Paktem", occasion="before_pact")
    return team


def test_before_any_closed_round_there_is_nothing_and_it_says_so(context: Context) -> None:
    team = add_team(context)
    open_round(context, team)
    for edition in Edition:
        assert coding_results.section(context, GMINA, edition) is None
        with pytest.raises(NotFoundError, match="zamkniętej tury"):
            coding_results.pdf(context, GMINA, edition, None)
    with pytest.raises(NotFoundError, match="zamkniętej tury"):
        coding_results.stakeholders_csv(context, GMINA, None)


def test_after_one_round_there_are_codes_and_no_change(context: Context) -> None:
    team = add_team(context)
    closed_round(context, team)
    section = coding_results.section(context, GMINA, Edition.INTERNAL)
    assert section is not None
    assert section.change is None
    with pytest.raises(NotFoundError, match="drugiej"):
        coding_results.changes_csv(context, GMINA, None)


def test_the_section_counts_what_the_team_decided(context: Context) -> None:
    two_rounds(context)
    section = coding_results.section(context, GMINA, Edition.INTERNAL)
    assert section is not None
    assert section.moves is not None
    assert (section.moves.supporters_before, section.moves.supporters_after, section.moves.effect) == (
        1,
        3,
        2,
    )
    assert [talk.stakeholder.name for talk in section.talks] == ["Instytucja 004"]


def test_a_correction_changes_the_report_and_its_version_but_not_the_round(context: Context) -> None:
    team = two_rounds(context)
    before = coding_results.section(context, GMINA, Edition.INTERNAL)
    last = coding_rounds.rounds(context, GMINA)[0]
    agree.correct(
        context, GMINA, last.id, team.stakeholders[3], "zwolennik", "Pomylono wiersz.", team.coordinator
    )
    after = coding_results.section(context, GMINA, Edition.INTERNAL)
    assert before is not None
    assert after is not None
    assert after.moves is not None
    assert (before.version, after.version) == ("2.0", "2.1")
    assert after.moves.effect == 3
    assert before.checksum != after.checksum
    assert before.last.detail is not None
    assert after.last.detail is not None
    assert before.last.detail.checksum == after.last.detail.checksum


def test_what_a_correction_leans_on_stands_in_the_internal_edition_and_the_files_alone(
    context: Context,
) -> None:
    team = two_rounds(context)
    last = coding_rounds.rounds(context, GMINA)[0]
    corrected, pointed_at = team.stakeholders[3], team.stakeholders[0]
    added = agree.correct(
        context, GMINA, last.id, corrected, "zwolennik", "Pomylono wiersz.", team.coordinator
    )
    public = coding_results.section(context, GMINA, Edition.PUBLIC)
    frozen = coding_history.closed_round(context, GMINA, last.id)
    draft = EvidenceDraft("catalogue", str(pointed_at), "akapit o sali")
    evidence.attach_to_decision(context, GMINA, added.id, draft, team.coordinator)

    result = coding_history.closed_round(context, GMINA, last.id)
    (words,) = result.corrections[0].evidence
    assert words.endswith("(akapit o sali)")
    assert (result.checksum, result.stakeholders) == (frozen.checksum, frozen.stakeholders)
    assert {one.stakeholder_id: one.evidence for one in result.corrected().stakeholders}[corrected] == (
        words,
    )
    internal = coding_results.document(context, GMINA, Edition.INTERNAL)
    assert internal is not None
    assert (
        words_of(internal).count(f"Podstawy: {words}.") == 2
    )  # the list of everybody, and that of corrections
    assert coding_results.section(context, GMINA, Edition.PUBLIC) == public
    assert "akapit o sali" not in words_of(coding_results.document(context, GMINA, Edition.PUBLIC))
    text = coding_results.stakeholders_csv(context, GMINA, None).decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text), delimiter=";") if row["podstawy"]]
    assert [(row["tura"], row["sprostowano"], row["podstawy"]) for row in rows] == [("2", "tak", words)]
    sheet = load_workbook(io.BytesIO(coding_results.workbook(context, GMINA, None)))["interesariusze"]
    assert words in [cell.value for row in sheet.iter_rows() for cell in row]


def test_resources_stand_as_they_were_when_the_last_round_closed(context: Context, clock: Clock) -> None:
    team = add_team(context)
    today = context.today()
    add_declaration(
        context, GMINA, team.stakeholders[0], DeclarationDraft("contribution", "Sala.", today, "lokal"), None
    )
    add_declaration(context, GMINA, team.stakeholders[1], DeclarationDraft("refusal", "Odmowa.", today), None)
    closed_round(context, team)
    clock.advance(minutes=1)
    add_declaration(
        context,
        GMINA,
        team.stakeholders[2],
        DeclarationDraft("contribution", "Po turze.", today, "ludzie"),
        None,
    )
    section = coding_results.section(context, GMINA, Edition.INTERNAL)
    assert section is not None
    assert section.resource_counts == (("lokal", 1),)
    assert [one.description for one in section.resources] == ["Sala."]


def test_the_diagnoza_of_a_locked_campaign_has_the_same_coding(context: Context) -> None:
    two_rounds(context)
    held = hold(context)
    for number in range(4):
        code = held.codes[number] if held.codes else None
        send(context, held, code, {"p1": {"option": "edukacja"}, "p5": "tak"})  # type: ignore[arg-type]
    lock(context, held)
    for edition in Edition:
        alone = coding_results.section(context, GMINA, edition)
        made = build_diagnoza.build(context, held.campaign.id, edition)
        assert made.coding is not None
        assert alone is not None
        assert made.coding.change == alone.change
        assert [one.released for one in made.coding.rounds] == [one.released for one in alone.rounds]
        assert made.coding.talks == alone.talks
        assert made.data_version == "1.2.0"
        assert "Zmiana między turami" in words_of(compose(made))
    assert build_diagnoza.pdf(context, held.campaign.id, Edition.PUBLIC, None).startswith(b"%PDF")


def test_numbers_on_the_page_are_those_of_the_files_read_back(context: Context) -> None:
    two_rounds(context)
    document = coding_results.document(context, GMINA, Edition.INTERNAL)
    assert document is not None
    said = words_of(document)
    text = coding_results.stakeholders_csv(context, GMINA, None).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    for number, supporters in (("1", 1), ("2", 3)):
        assert sum(row["tura"] == number and row["kod"] == "Zwolennik" for row in rows) == supporters
        assert f"Tura {number}" in said
    assert "W turze 2 Zwolennicy: 3, Neutralni: 1, Przeciwnicy: 0 (razem 4)." in said
    book = load_workbook(io.BytesIO(coding_results.workbook(context, GMINA, None)))
    assert book.sheetnames == ["interesariusze", "zmiany"]
    assert [
        [str(cell.value or "") for cell in row] for row in book["interesariusze"].iter_rows(min_row=2)
    ] == [list(row.values()) for row in rows]
    changes = coding_results.changes_csv(context, GMINA, None).decode("utf-8-sig")
    assert changes.count("zmiana kodu") == 2


def test_a_name_that_is_a_formula_is_harmless_in_the_files(context: Context) -> None:
    team = add_team(context, stakeholders=1)
    formula = '=HYPERLINK("http://zly.example")'
    named = Team((*team.stakeholders, add_institution(context, formula)), team.people)
    closed_round(context, named)
    text = coding_results.stakeholders_csv(context, GMINA, None).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert "'" + formula in {row["interesariusz"] for row in rows}
    book = load_workbook(io.BytesIO(coding_results.workbook(context, GMINA, None)))
    cells = [cell for row in book["interesariusze"].iter_rows() for cell in row]
    assert formula in {cell.value for cell in cells}
    assert all(cell.data_type != "f" for cell in cells)


def test_pages_and_files_are_for_the_gminas_team(context: Context) -> None:
    two_rounds(context)
    app = create_app(context=context)
    app.testing = True
    for number in (1, 2):  # coordinator and member
        person = staff(app)
        assert person.log_in(f"osoba{number}.{GMINA}@example.org", PASSWORD).status_code == 302
        page = person.get(RESULTS)
        assert "To wydanie wewnętrzne" in page
        assert "Instytucja 004" in page
        assert "Mapa interesariuszy" in page
        public = person.get(f"{RESULTS}?wydanie=publiczne")
        assert "Instytucja 004" not in public
        assert not re.search(r"Instytucja 00\d", public)
        for name in ("kodowanie-publiczne.pdf", "kodowanie-wewnetrzne.pdf", "interesariusze.csv", "zmiany.csv",
                     "kodowanie.xlsx"):  # fmt: skip
            response = person.client.get(f"{RESULTS}/{name}")
            assert response.status_code == 200, name
            assert response.headers["Cache-Control"] == "no-store"
        assert person.client.get(f"{RESULTS}/kodowanie-tajne.pdf").status_code == 404
        assert person.client.get(f"/panel/{OTHER_GMINA}/kodowanie/wyniki").status_code in {403, 404}


def test_the_page_before_any_round_says_what_is_missing(app: Flask) -> None:
    person = staff(app, "jan@example.org")
    results = f"/panel/{STAFF_GMINA}/kodowanie/wyniki"
    page = person.get(results)
    assert "Nie ma jeszcze zamkniętej tury" in page
    assert "Wyniki powstają z zamkniętych tur" in page
    assert person.client.get(f"{results}/interesariusze.csv").status_code == 404


def test_the_document_is_dated_by_the_last_close(context: Context) -> None:
    two_rounds(context)
    document = coding_results.document(context, GMINA, Edition.PUBLIC)
    assert document is not None
    assert document.created is not None
    assert document.created.tzinfo is dt.UTC
    first, second = (coding_results.pdf(context, GMINA, Edition.PUBLIC, None) for _ in range(2))
    assert first == second
