"""The ankieta's file carries the owner's questionnaire: its words, its options, its one jump."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_app.instrument.loader import (
    canonical_json,
    instrument_from_document,
    load_instrument,
    parse_instrument,
)
from survey_app.instrument.model import AnswerType, Instrument

FILE = Path(__file__).parents[2] / "instruments" / "ankieta.yml"

QUESTIONS = {
    "1": "Proszę określić reprezentowaną instytucję",
    "2": "Czy na terenie działania Pani/Pana instytucji funkcjonuje partnerstwo?",
    "3": "Czy Pani / Pana instytucja lub podmiot jest sygnatariuszem partnerstwa?",
    "4": "Czy Pani / Pana zdaniem Lokalne Partnerstwo wpisało się trwale w życie społeczno-gospodarcze Gminy?",
    "5": "Czy Pani / Pana zdaniem w gminie powinno działać partnerstwo na rzecz przeciwdziałania wykluczeniu "
    "społecznemu?",
    "6": "Jakie najważniejsze Pani / Pana zdaniem, działania powinny być realizowane przez partnerstwo przeciw "
    "wykluczeniu – proszę wymienić trzy przykłady?",
    "7": "Czy Pani / Pana podmiot realizuje zadania z zakresu przeciwdziałania wykluczeniu?",
    "8": "Jakie działania statutowe realizuje Pani / Pana podmiot/organizacja. Prosimy wymienić trzy przykłady:",
    "9": "Czy Pani / Pana podmiot/organizacja mogłaby się włączyć w działania służące reintegracji społecznej i "
    "zawodowej na terenie gminy?",
    "10": "Jakimi cechami powinno charakteryzować się partnerstwo?",
    "11": "Jakimi tematami / problematyką mogłoby zająć się partnerstwo na rzecz przeciwdziałania wykluczeniu? "
    "Wymień wg Ciebie najważniejsze trzy przykłady",
}
OPTIONS = (
    "Administracja",
    "Instytucja pomocy społecznej",
    "Instytucja edukacji i oświaty",
    "Instytucja kultury i dziedzictwa narodowego",
    "Instytucja ochrony i profilaktyki zdrowotnej",
    "Instytucja sportu i rekreacji",
    "Instytucja / Podmiot gospodarczy",
    "Kościelna osoba prawna",
    "Inna",
    "Organizacja pozarządowa",
    "Organ samorządu terytorialnego (rada gminy)",
    "Instytucja spoza Gminy",
    "wolę nie wskazywać",
)
FOLLOW_UPS = {
    "p1_wskazanie": "Wskazanie instytucji/sektora:",
    "p2_cele": "Jeśli TAK proszę wskazać cele jego działania:",
    "p3_dlaczego": "Jeśli NIE proszę wskazać dlaczego?",
    "p4_przedsiewziecia": "Jeśli TAK to proszę wymienić trzy najważniejsze Pani / Pana zdaniem przedsięwzięcia, "
    "które zadecydowały o pozycji Lokalnego Partnerstwa:",
    "p4_przyczyny": "Jeśli NIE to proszę wymienić trzy najważniejsze Pani / Pana zdaniem przyczyny niepowodzenia:",
    "p5_instytucje": "Jeśli TAK to proszę wymienić trzy najważniejsze Pani / Pana zdaniem instytucje/podmioty, "
    "które powinny wejść w jego skład:",
    "p5_argument": "Jeśli NIE to proszę wymienić argument:",
    "p9_obszary": "Jeśli TAK proszę określić proponowane obszary działań:",
    "p9_dlaczego": "Jeśli NIE proszę wskazać dlaczego",
}


@pytest.fixture(scope="module")
def ankieta() -> Instrument:
    return load_instrument(FILE)


def test_the_eleven_questions_are_word_for_word(ankieta: Instrument) -> None:
    assert {question.number: question.text for question in ankieta.numbered} == QUESTIONS


def test_the_follow_ups_are_word_for_word(ankieta: Instrument) -> None:
    assert {q.id: q.text for q in ankieta.questions if q.follows} == FOLLOW_UPS


def test_question_one_has_the_twelve_types_in_order_and_a_way_to_decline(ankieta: Instrument) -> None:
    options = ankieta.by_id["p1"].options
    assert tuple(option.label for option in options) == OPTIONS
    assert [option.code for option in options] == list(range(1, 14))
    assert {option.id: option.text.label for option in options if option.text} == {
        "inna": "wskaż sektor",
        "spoza_gminy": "wskaż jaka",
    }
    assert [option.id for option in options if option.decline] == ["nie_wskazuje"]


def test_the_mode_changes_the_promise_and_nothing_else(ankieta: Instrument) -> None:
    anonymous, named = ankieta.introduction(anonymous=True), ankieta.introduction(anonymous=False)
    assert anonymous[0] == "Prosimy o udział w badaniu ankietowym, przy zapewnieniu pełnej anonimowości."
    assert "razem z nazwą instytucji" in named[0]
    assert "anonim" not in " ".join(named)
    assert anonymous[1:] == named[1:]
    assert len(anonymous) == 4


def test_three_boxes_take_up_to_three_entries(ankieta: Instrument) -> None:
    boxes = [question for question in ankieta.questions if question.type is AnswerType.SHORT_TEXTS]
    assert {question.max_items for question in boxes} == {3}
    assert len(boxes) == 8


def test_texts_that_can_name_the_institution_warn_and_are_marked(ankieta: Instrument) -> None:
    assert [question.id for question in ankieta.questions if question.identifying] == ["p1_wskazanie"]
    for question_id in ("p1", "p1_wskazanie"):
        assert "znosi anonimowość" in (ankieta.by_id[question_id].warning or "")


def test_every_type_has_its_sector_or_stands_alone(ankieta: Instrument) -> None:
    table = ankieta.definitions.sectors
    assert table is not None
    assert table.standalone == ("inna", "spoza_gminy", "nie_wskazuje")
    assert {table.sector(sector).three_way for sector in table.option_sector.values()} == {
        "public",
        "social",
        "business",
    }
    assert len(table.option_sector) == 10
    assert table.catalogue_labels["rynek_pracy"] == "rynek pracy"
    assert set(table.catalogue_labels) == set(table.catalogue_options)


def test_readiness_is_the_three_questions_that_are_always_asked(ankieta: Instrument) -> None:
    readiness = ankieta.definitions.readiness
    assert readiness is not None
    assert [(item.question, item.label, item.positive) for item in readiness.items] == [
        ("p5", "Potrzeba", "tak"),
        ("p7", "Działanie", "tak"),
        ("p9", "Gotowość", "tak"),
    ]
    assert readiness.minimum_answers == 5
    assert [item.question for item in readiness.experience] == ["p2", "p3", "p4"]
    assert [(item.question, item.boxes) for item in readiness.concreteness] == [
        ("p6", 3),
        ("p8", 3),
        ("p9_obszary", 3),
        ("p11", 3),
    ]


def test_every_convention_names_itself_one(ankieta: Instrument) -> None:
    assert all(c.text.startswith("Konwencja serwisu: ") for c in ankieta.definitions.conventions)


def test_the_stored_version_is_the_loaded_one(ankieta: Instrument) -> None:
    again = instrument_from_document(ankieta.document)
    assert again == ankieta
    assert again.sha256 == ankieta.sha256


def test_any_change_is_a_new_version_and_layout_is_not_a_change(ankieta: Instrument) -> None:
    text = FILE.read_text("utf-8")
    same, _ = parse_instrument(
        "# uwaga\n" + text.replace("kind: questionnaire", 'kind: "questionnaire"'), FILE.name
    )
    other, _ = parse_instrument(text.replace("minutes: 10", "minutes: 11"), FILE.name)
    assert same is not None
    assert other is not None
    assert same.sha256 == ankieta.sha256
    assert other.sha256 != ankieta.sha256


def test_equal_documents_have_one_spelling() -> None:
    assert canonical_json({"b": [1, "ą"], "a": None}) == '{"a":null,"b":[1,"ą"]}'
