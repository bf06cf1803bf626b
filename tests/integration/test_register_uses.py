"""What entries of registers are good for: papers begin with them, the diagnoza lists them, steps need them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from survey_app.analysis.diagnoza.document import Subheading, TextTable
from survey_app.analysis.diagnoza.result import Edition
from survey_app.instrument.process_model import Need, ProcessFact
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.method import paper_facts, papers, process
from survey_app.services.method.definitions import default_process, paper_definition
from survey_app.services.method.paper_text import text_of
from survey_app.services.method.process_facts import facts_of
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.registers import definitions, entries, parties
from survey_app.services.registers.entries import Content, Owner
from survey_app.services.registers.parties import Who
from survey_app.services.registers.rows import rows_of
from survey_app.services.survey import build_diagnoza
from tests.campaign_kit import GMINA, add_gmina
from tests.coding_rows import id_of
from tests.integration.staff import PASSWORD
from tests.integration.test_build_diagnoza import locked
from tests.register_kit import offer_registers

OWNER = Owner(gmina_code=GMINA)


def day(context: Context, days: int) -> str:
    return (context.today() + dt.timedelta(days)).isoformat()


def add(context: Context, key: str, name: str, days: int, state: str = "", **content: object) -> int:
    said = Content({"nazwa": [name], "do": day(context, days)}, **content)  # type: ignore[arg-type]
    made = entries.add(context, OWNER, key, said, None).id
    if state:
        entries.set_state(context, OWNER, made, state, context.today(), "powód", None)
    return made


def test_a_timetable_to_print_begins_with_the_tasks_by_days(context: Context) -> None:
    add_gmina(context, 1)
    add(context, "terminarz", "Później", 400)
    add(context, "terminarz", "Dawniej", -5, "done")
    add(context, "terminarz", "Teraz | zaraz", 3)
    definition = paper_definition("harmonogram")
    began = paper_facts.prefilled(context, GMINA, definition)
    shown = [(row["nazwa"], row["rok"], row["stan"]) for row in began.tables["zadania"]]
    later = str((context.today() + dt.timedelta(400)).year)
    assert shown == [
        ("Dawniej", "2026", "zrobione"),
        ("Teraz | zaraz", "2026", "zaplanowane"),
        ("Później", later, "zaplanowane"),
    ]
    text = text_of(definition, papers.Content(began.answers, began.tables), {"gmina": "Godziszów"})
    assert text.index("Dawniej") < text.index("zaraz") < text.index("Później")
    monitoring = paper_facts.prefilled(context, GMINA, paper_definition("monitoring"))
    assert [row["stan"] for row in monitoring.tables["zadania_stan"]] == [
        "zrobione",
        "zaplanowane",
        "zaplanowane",
    ]
    states = [one.label for one in definitions.rules_of(definitions.register_definition("terminarz")).states]
    (table,) = (one for one in paper_definition("monitoring").tables if one.id == "zadania_stan")
    assert list(table.column("stan").options) == states, "what the form takes is what the register says"


def test_monitoring_begins_with_the_banks_figures_and_with_what_was_hard(context: Context) -> None:
    """2 November 2026: half a year back is 4 May; a later one begins where the last one ended."""
    add_gmina(context, 2)
    first, second = (one.id for one in catalogue.stakeholders(context, GMINA))
    for on, asked in (
        ("2026-05-04", True),
        ("2026-11-02", False),
        ("2026-05-03", True),
        ("2026-11-03", True),
    ):
        need = {"nazwa": ["Sala"], "rodzaj": {"option": "lokal"}, "na_kiedy": on}
        made = entries.add(context, OWNER, "potrzeby", Content(need, first), None).id
        if asked:
            parties.add(context, OWNER, made, [Who(second)], "", None)
            (party,) = entries.view(context, OWNER, made).parties
            parties.reply(context, OWNER, made, party.id, "yes", context.today(), "", None)
    task = add(context, "terminarz", "Nabór", 5)
    talk = {"cel": ["Namówić"], "dzialanie": {"option": "rozmowa"}, "termin": day(context, 5)}
    action = entries.add(context, OWNER, "oddzialywania", Content(talk, second), None).id
    words = (
        (task, "obstacle", "Brak\nsali", "2026-10-05"),
        (task, "note", "Inne", "2026-10-06"),
        (task, "obstacle", "Dawne", "2026-05-03"),
        (action, "trudnosc", "Dyrektor nie ma czasu", "2026-10-07"),
    )
    for entry, kind, text, on in words:
        entries.write_log(context, OWNER, entry, kind, dt.date.fromisoformat(on), text, None)

    definition = paper_definition("monitoring")
    began = paper_facts.prefilled(context, GMINA, definition)
    days = "od 04.05.2026 do 02.11.2026"
    source = f"z rejestru „Potrzeby”, {days}"
    assert list(began.tables["wskazniki"]) == [
        {"_id": "potrzeby", "teraz": "2", "uwagi": source},
        {"_id": "zaspokojone", "teraz": "1", "uwagi": source},
    ]
    assert began.answers["bariery_partnerstwa"] == (
        f"Z dziennika rejestru „Harmonogram zadań”, {days}:\n05.10.2026, „Nabór”: Brak sali"
    )
    told = began.answers["bariery_partnerow"]
    assert (
        told
        == f"Z dziennika rejestru „Scenariusz oddziaływań”, {days}:\n07.10.2026, „Namówić”: Dyrektor nie ma czasu"
    )

    over: dict[str, object] = {"nazwa_okresu": ["I półrocze"], "okres_do": "2026-10-31"}
    kept = papers.Content({**began.answers, **over}, began.tables)  # type: ignore[dict-item]
    papers.start(context, GMINA, "monitoring", kept, "I półrocze", None)
    for number in range(40):
        entries.write_log(context, OWNER, task, "obstacle", context.today(), f"{number} " + "Ś" * 100, None)
    again = paper_facts.prefilled(context, GMINA, definition)
    later = "z rejestru „Potrzeby”, od 01.11.2026 do 02.11.2026"
    assert list(again.tables["wskazniki"]) == [
        {"_id": "potrzeby", "poprzednio": "2", "teraz": "1", "uwagi": later},
        {"_id": "zaspokojone", "poprzednio": "1", "teraz": "0", "uwagi": later},
    ]
    hard = str(again.answers["bariery_partnerstwa"])
    assert len(hard) <= definition.by_id["bariery_partnerstwa"].max_length
    assert hard.endswith("wpisów, które się tu nie zmieściły.")
    assert "bariery_partnerow" not in again.answers


def test_what_does_not_fit_into_a_table_is_first_what_is_over(sqlite_context: Context) -> None:
    add_gmina(sqlite_context, 1)
    for number in range(3):
        add(sqlite_context, "terminarz", f"Zrobione {number}", number, "done")
        add(sqlite_context, "terminarz", f"Otwarte {number}", number)
    kept = [row["nazwa"] for row in rows_of(sqlite_context, GMINA, "terminarz", 4)]
    assert kept == ["Otwarte 0", "Otwarte 1", "Zrobione 2", "Otwarte 2"]
    assert rows_of(sqlite_context, GMINA, "nie_ma", 4) == []


def test_the_diagnoza_lists_a_register_in_its_editions_and_names_nobody_outside(
    sqlite_context: Context, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context, campaign = sqlite_context, locked(sqlite_context).campaign.id
    offer_registers(monkeypatch, tmp_path)
    before = {edition: build_diagnoza.build(context, campaign, edition).checksum for edition in Edition}
    accounts.create_user(context, "zofia@example.org", "Zofia Członkini", PASSWORD, member_of=GMINA)
    member = id_of(context, "zofia@example.org")
    sector = catalogue.stakeholders(context, GMINA)[0].sector
    leader = StakeholderDraft("Zenon Widoczny", sector, True, natural_person=True)
    person = catalogue.add_stakeholder(context, GMINA, leader, None).id
    asked = add(context, "potrzeby", "Sala na warsztaty", 30, stakeholder_id=person, person_id=member)
    parties.add(context, OWNER, asked, [Who(person)], "", None)
    add(context, "terminarz", "Praca wewnętrzna", 30, person_id=member)

    def tables(edition: Edition) -> dict[str, TextTable]:
        found = build_diagnoza.document(context, campaign, edition)
        blocks = next(one for one in found.chapters if one.anchor == "materialy-zespolu").blocks
        names = [one.text for one in blocks if isinstance(one, Subheading)]
        return dict(zip(names, (one for one in blocks if isinstance(one, TextTable)), strict=True))

    public, internal = tables(Edition.PUBLIC), tables(Edition.INTERNAL)
    assert list(public) == ["Zapotrzebowania"]
    assert public["Zapotrzebowania"].header == ("Nazwa", "Kogo dotyczy", "Do kiedy", "Stan")
    (row,) = public["Zapotrzebowania"].rows
    assert (row[0], row[1], row[3]) == ("Sala na warsztaty", "osoba fizyczna", "otwarte")
    assert list(internal) == ["Harmonogram zadań", "Zapotrzebowania"]
    assert internal["Zapotrzebowania"].rows[0][1:3] == ("Zenon Widoczny", "Zofia Członkini")
    for edition in Edition:
        assert build_diagnoza.build(context, campaign, edition).checksum != before[edition]


def test_a_step_is_met_by_entries_in_the_state_that_it_asks_for(context: Context) -> None:
    add_gmina(context, 1)
    any_state = Need(ProcessFact.REGISTER_ENTRIES, 2, "mało", register="terminarz")
    done = Need(ProcessFact.REGISTER_ENTRIES, 1, "nic", register="terminarz", state="done")
    add(context, "terminarz", "Pierwsze", 3)
    with context.database.reading() as session:
        assert facts_of(session, GMINA).missing([any_state, done]) == ("mało", "nic")
    add(context, "terminarz", "Drugie", 3, "done")
    with context.database.reading() as session:
        assert facts_of(session, GMINA).missing([any_state, done]) == ()
    view = process.view(context, GMINA)
    assert view.step("harmonogram").missing, "three tasks are asked for"
    add(context, "terminarz", "Trzecie", 3)
    assert process.view(context, GMINA).step("harmonogram").state == "done"


def test_the_shipped_steps_name_states_of_the_shipped_registers() -> None:
    known = definitions.registers()
    for step in default_process().steps:
        for need in step.needs:
            if need.fact is ProcessFact.REGISTER_ENTRIES:
                states = [one.id for one in definitions.rules_of(known[need.register]).states]
                assert need.state in ("", *states), step.id
                assert need.register in step.registers, step.id
