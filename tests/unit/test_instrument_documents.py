"""The method's documents: every file is sound, the cards are the method's cards, no prefill leads nowhere."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path

import pytest

from survey_app.analysis.papers.compose import composed
from survey_app.config import INSTRUMENTS
from survey_app.instrument.loader import check_file, load_instrument
from survey_app.instrument.model import AnswerType, Instrument, Kind
from survey_app.instrument.paper_model import PaperFact, PaperGroup, Row
from survey_app.instrument.paper_text import BLANK, places
from survey_app.instrument.values import Value
from survey_app.services.method.definitions import papers, rules_of
from survey_app.services.method.paper_facts import OF_REGISTER

FILES = sorted((INSTRUMENTS / "documents").glob("*.yml"))
CARDS = Path(__file__).parents[1] / "fixtures" / "karty_procedur.csv"
FACTS = {
    one.value: f"<{one.value}>" for one in PaperFact if not one.value.endswith(("_rows", "_difficulties"))
}
ROW_COLUMNS = {
    PaperFact.TEAM_ROWS: {"osoba", "instytucja"},
    PaperFact.SUPPORTER_ROWS: {"podmiot", "sektor"},
    PaperFact.STAKEHOLDER_ROWS: {"podmiot", "sektor", "typ"},
    PaperFact.CONTRIBUTION_ROWS: {"podmiot", "wklad"},
    PaperFact.ACTION_ROWS: {"rodzaj", "ile", "adresaci"},
    PaperFact.INDICATOR_ROWS: {"poprzednio", "teraz", "uwagi"},
}
LEGAL_FORMS = {
    "zarzadzenie": "# Zarządzenie nr",
    "uchwala": "# Uchwała nr",
    "nabor": "# Deklaracja założycielska",
    "mieszany": "# Zarządzenie nr",
}


def document(key: str) -> Instrument:
    return load_instrument(INSTRUMENTS / "documents" / f"{key}.yml")


def filled_in(definition: Instrument) -> tuple[dict[str, Value], dict[str, list[Row]]]:
    """An answer to everything, each naming the place that it belongs to."""
    answers: dict[str, Value] = {}
    for question in definition.questions:
        of_type: dict[AnswerType, Value] = {
            AnswerType.SHORT_TEXTS: [f"<{question.id}>"],
            AnswerType.DATE: "2027-03-15",
            AnswerType.NUMBER: 7,
            AnswerType.YES_NO: {"option": "tak"},
            AnswerType.SINGLE_CHOICE: {"option": question.options[0].id if question.options else ""},
        }
        answers[question.id] = of_type.get(question.type, f"<{question.id}>")
    tables: dict[str, list[Row]] = {}
    for table in definition.tables:
        row_ids = [row.id for row in table.rows] or ["r1"]
        tables[table.id] = [
            {"_id": row_id, **{column.id: f"<{table.id}.{column.id}>" for column in table.columns}}
            for row_id in row_ids
        ]
    return answers, tables


def act(variant: str) -> str:
    answers, tables = filled_in(document("akt_powolania"))
    answers["wariant"] = {"option": variant}
    return composed(document("akt_powolania"), answers, tables, FACTS)


def cards() -> list[dict[str, str]]:
    with CARDS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_document_has_no_faults(path: Path) -> None:
    instrument, faults = check_file(path)
    assert [str(fault) for fault in faults] == []
    assert instrument is not None
    assert instrument.kind is Kind.DOCUMENT
    assert instrument.text("introduction")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_filled_in_stands_in_the_text(path: Path) -> None:
    """Nothing is asked for nothing: each field has its place, or decides which part stands."""
    definition = load_instrument(path)
    rules = rules_of(definition)
    used = {place for part in rules.body for place in places(part.text)}
    used |= {question for part in rules.body for question in part.when}
    asked = {question.id for question in definition.questions} | {table.id for table in definition.tables}
    assert asked - used == set()

    answers, tables = filled_in(definition)
    text = composed(definition, answers, tables, FACTS)
    assert BLANK not in text.replace("…" * (len(BLANK) + 1), "")
    assert "{" not in text
    assert text.count("\n# ") + text.startswith("# ") == 1


def test_the_cards_are_the_methods_thirteen() -> None:
    listed = cards()
    assert len(listed) == 13
    for card in listed:
        definition = document(f"karta_{int(card['nr']):02d}")
        (table,) = definition.tables
        assert len(table.rows) == int(card["liczba_czynnosci"]), card["nr"]
        assert card["nazwa"].casefold() in definition.title.casefold()
        assert rules_of(definition).group is PaperGroup.PROCEDURE
    assert sum(len(document(f"karta_{number:02d}").tables[0].rows) for number in range(1, 14)) == 42


def test_every_card_asks_the_same_of_an_action() -> None:
    columns = {
        tuple((column.id, column.options) for column in document(path.stem).tables[0].columns)
        for path in FILES
        if re.fullmatch(r"karta_\d\d", path.stem)
    }
    assert columns == {
        (
            ("osoba", ()),
            ("wspolpracujacy", ()),
            ("informowani", ()),
            ("termin", ()),
            ("stan", ("nie zaczęto", "w toku", "zrobione", "nie dotyczy")),
        )
    }


def test_an_institution_of_type_b_or_c_fills_a_card_of_its_own() -> None:
    several = {number for number in range(1, 14) if rules_of(document(f"karta_{number:02d}")).many}
    assert several == set(range(6, 14))


@pytest.mark.parametrize(("variant", "begins"), LEGAL_FORMS.items())
def test_an_act_takes_the_form_of_its_variant(variant: str, begins: str) -> None:
    text = act(variant)
    assert text.startswith(begins)
    assert [int(number) for number in re.findall(r"^§ (\d)\.", text, re.M)] == [1, 2, 3, 4, 5, 6]


def test_no_two_variants_of_the_act_say_the_same() -> None:
    texts = {variant: act(variant) for variant in LEGAL_FORMS}
    assert len(set(texts.values())) == 4
    assert [variant for variant, text in texts.items() if "ogłoszenie o naborze" in text] == ["nabor"]
    assert [variant for variant, text in texts.items() if "listy intencyjne" in text] == ["mieszany"]
    assert [variant for variant, text in texts.items() if "przewodniczący rady" in text] == ["uchwala"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_prefill_has_a_source_that_fits(path: Path) -> None:
    definition = load_instrument(path)
    tables = {table.id: {column.id for column in table.columns} for table in definition.tables}
    for into, source in (rules_of(definition).prefill or {}).items():
        if source.startswith(OF_REGISTER):
            assert {"nazwa", "stan"} <= tables[into], into
            continue
        if "." not in source:
            fact = PaperFact(source)
            assert (into in tables) == (fact in ROW_COLUMNS), into
            assert ROW_COLUMNS.get(fact, set()) <= tables.get(into, set()), into
            continue
        key, _, name = source.partition(".")
        assert key in papers(), source
        other = papers()[key]
        if into in tables:
            (columns,) = (
                {column.id for column in table.columns} for table in other.tables if table.id == name
            )
            assert tables[into] & columns, source
        else:
            assert other.by_id[name].type is definition.by_id[into].type, source


@pytest.mark.parametrize("key", ["uchwala_kis_gmina", "uchwala_kis_ops", "uchwala_kis_ngo"])
def test_a_resolution_knows_the_registers_days(key: str) -> None:
    definition = document(key)
    entry, yearly = rules_of(definition).deadlines
    assert (definition.by_id[entry.question].type, entry.days) == (AnswerType.DATE, 30)
    assert dt.date.fromisoformat(f"2028-{yearly.yearly}") == dt.date(2028, 4, 30)
    assert "stan" in {column.id for column in definition.tables[0].columns}
    assert "art. 18 ust. 1 ustawy z dnia 13 czerwca 2003 r." in rules_of(definition).body[0].text


def test_the_pact_is_signed_and_consulted_and_has_eight_rules() -> None:
    pact = document("pakt")
    rules = rules_of(pact)
    assert (rules.signed, rules.consulted, rules.edition) == (True, True, "public")
    principles = next(table for table in pact.tables if table.id == "zasady")
    assert [row.label[:2] for row in principles.rows] == [f"{number}." for number in range(1, 9)]
    assert [row.label.count("(bezwzględna)") for row in principles.rows] == [1, 1, 1, 0, 0, 1, 0, 0]


def test_only_letters_name_a_recipient() -> None:
    letters = {path.stem for path in FILES if rules_of(document(path.stem)).letters}
    assert letters == {"zaproszenie", "list_intencyjny"}
    for key in letters:
        (text, *_) = (part.text for part in rules_of(document(key)).body)
        assert {"recipient", "recipient_person"} <= set(places(text))


def test_no_two_documents_share_a_place_in_the_list() -> None:
    orders = [rules_of(document(path.stem)).order for path in FILES]
    assert len(orders) == len(set(orders)) == 27
