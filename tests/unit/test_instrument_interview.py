"""Scenarios of interviews: bad files with their exact faults, and the two that come with the service.

Known answers of the IDI: document 004 (introduction 10 min, parts of 10, 10, 10 and 15, 5 + 5 + 5 + 4 questions).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_app.instrument.loader import check_file, instrument_from_document, load_instrument
from survey_app.instrument.model import AnswerType, Instrument, Interview, InterviewForm, Kind

FOLDER = Path(__file__).parents[2] / "instruments"
BAD_FILES = Path(__file__).parent / "instruments"
IDI, FGI = (load_instrument(FOLDER / f"{key}.yml") for key in ("idi", "fgi"))

# file: "code place line" of every fault, in the order in which they are told
EXPECTED: dict[str, list[str]] = {
    "interview_parts": [
        "interview.length minutes 4",
        "key.not_for_kind sections[0].questions[0].number 11",
        "key.not_for_kind sections[0].questions[1].probes 12",
        "interview.empty_section sections[1] 13",
        "key.missing sections[2] 16",
        "interview.note_type sections[2].questions[0].type 18",
        "key.not_for_kind sections[2].questions[1].ask_if 19",
        "key.not_for_kind sections[2].questions[2].follows 20",
        "key.not_for_kind sections[2].questions[2].max_length 20",
        "id.reserved sections[2].questions[3].id 21",
        "key.not_for_kind sections[2].questions[3].warning 21",
        "key.not_for_kind sections[2].questions[3].identifying 21",
        "number.missing sections[2].questions[4] 22",
        "list.length sections[2].questions[5].probes 23",
        "value.range sections[3].minutes 25",
        "definition.not_for_kind definitions.smallest_cell 29",
        "definition.not_for_kind definitions.complete 30",
        "interview.people definitions.interview.people_low 33",
        "value.range definitions.interview.people_high 34",
        "key.missing definitions.interview.consent 37",
        "interview.project_title definitions.interview.consent.project_title 37",
        "definition.doubled definitions.interview.topics 39",
        "definition.doubled definitions.interview.topics 39",
        "interview.topic definitions.interview.topics[0].section 39",
        "interview.topic definitions.interview.topics[1].section 40",
    ],
    "interview_clock": [
        "interview.minutes minutes 4",
        "interview.respondent sections 7",
        "interview.range definitions.interview.people_low 18",
        "interview.people definitions.interview.people_high 19",
        "interview.range definitions.interview.minutes_low 20",
        "interview.project_title definitions.interview.consent.project_title 24",
        "interview.topic definitions.interview.topics[0].section 30",
    ],
    "interview_none": [
        "key.missing plik 1",
        "interview.no_questions sections 6",
        "interview.none definitions 11",
    ],
    "interview_questionnaire": [
        "key.not_for_kind sections[0].minutes 8",
        "key.not_for_kind sections[0].read_aloud 9",
        "key.not_for_kind sections[0].questions[0].probes 11",
        "number.missing sections[0].questions[1] 12",
        "list.length sections[1].questions 14",
        "definition.not_for_kind definitions.interview 17",
    ],
}
PARTS_OF_IDI = [
    ("Wprowadzenie", 10, 0),
    ("Wiedza o partnerstwie", 10, 5),
    ("Wiedza o przeciwdziałaniu wykluczeniu i zatrudnieniu socjalnym", 10, 5),
    ("Ocena możliwości własnego udziału w Lokalnym Partnerstwie – Lokalnej Sieci Reintegracji", 10, 5),
    ("Ocena perspektyw działalności i rozwoju Lokalnego Partnerstwa", 15, 4),
]
QUESTIONS_OF_IDI = {
    "1.1": "Czy zna Pani/Pan jakiekolwiek działające partnerstwo, i w jakich okolicznościach posiedli Państwo wiedzę "
    "na ten temat?",
    "1.2": "Czy na terenie gminy realizowane są działania partnerskie i w jakich obszarach?",
    "1.3": "Jak ocenia Pan/Pani te inicjatywy?",
    "1.4": "Czy jest Pani w stanie określić jakie cechy powinno mieć dobre partnerstwo?",
    "1.5": "Jakie Pani / Pana zdaniem można wymienić najważniejsze 3 rezultaty znanego Pani/Panu partnerstwa?",
    "2.1": "Czy znane są Pani/Panu pojęcia wykluczenie, reintegracja?",
    "2.2": "Czy jest Pani/Pan w stanie wskazać podmioty i instytucje które zajmują się reintegracją? Przykłady działań "
    "reintegracyjnych?",
    "2.3": "Czy na terenie Waszej gminy są realizowane zadania z zakresu reintegracji społecznej? Czy takie działania "
    "są potrzebne?",
    "2.4": "Czy w swojej pracy zawodowej realizujecie działania mieszczące się w pojęciu reintegracja? Jakie to są, "
    "albo mogą być, działania?",
    "2.5": "Co to jest zatrudnienie socjalne? Do kogo są kierowane działania zatrudnienia socjalnego?",
    "3.1": "Czy Pani / Pan włącza się w działanie partnerstwa? Czy to działanie wynika z faktu pełnienia ról "
    "zawodowych, społecznych lub pełnienia funkcji w gremiach Gminy?",
    "3.2": "Czy Pani / Pan jest biernym obserwatorem działania partnerstwa interesującym się postępami w jego "
    "funkcjonowaniu?",
    "3.3": "W jakich inicjatywach partnerstwa Pani / Pan braliście bezpośrednio udział, prosimy o wymienienie "
    "najważniejszych z Pani / Pana punktu widzenia.",
    "3.4": "Co Pani / Pan ceni sobie najbardziej w kontaktach z przedstawicielami Lokalnego Partnerstwa? Np.: "
    "zdobywanie wiedzy, informacji, umiejętność budowania relacji partnerskich, współpracę etc.",
    "3.5": "Czy Pani/Pan chętna włączyć się w realizację zadań reintegracji społecznej i zawodowej w ramach Lokalnej "
    "Sieci Reintegracji, jakie zasoby może Państwa podmiot wnieść do LSR?",
    "4.1": "Czy Pani / Pana zdaniem Lokalne Partnerstwo – Lokalna Sieć Reintegracji jest potrzebna, czy powinno "
    "działać i rozwijać się? Jeśli tak to jakie bariery napotyka/może napotkać takie partnerstwo?",
    "4.2": "Czy Pani / Pana zdaniem Lokalne Partnerstwo powinno zostać wzmocnione nowymi partnerami, jeśli tak to "
    "jakimi, z jakich dziedzin? Jakie podmioty powinny tworzyć lokalne partnerstwo – Lokalną Sieć Reintegracji?",
    "4.3": "Czym powinno pilnie zająć się partnerstwo, aby mieszkańcy Gminy odczuwali poprawę w życiu "
    "społeczno-zawodowym?",
    "4.4": "Czy Pani / Pana zdaniem takie Partnerstwo powinno być wspierane przez instytucje z powiatu, z województwa "
    "a może z kraju?",
}


def of(instrument: Instrument) -> Interview:
    interview = instrument.definitions.interview
    assert interview is not None
    return interview


def parts(instrument: Instrument) -> list[tuple[str, int | None, int]]:
    return [
        (section.title, section.minutes, sum(1 for question in section.questions if question.number))
        for section in instrument.sections
    ]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_scenario_is_told_all_its_faults_at_once(name: str) -> None:
    instrument, faults = check_file(BAD_FILES / f"{name}.yml")
    assert instrument is None
    assert [f"{fault.code} {fault.where} {fault.line or '-'}" for fault in faults] == EXPECTED[name]


def test_the_idi_has_the_parts_minutes_and_questions_of_the_source() -> None:
    assert parts(IDI) == PARTS_OF_IDI
    assert (IDI.minutes, len(IDI.numbered)) == (55, 19)
    assert {question.number: question.text for question in IDI.numbered} == QUESTIONS_OF_IDI


def test_what_the_moderator_says_at_the_beginning_of_a_part_is_read_aloud_and_notes_are_not() -> None:
    said = {section.id: section.read_aloud for section in IDI.sections}
    assert said["respondent"] is None
    assert (said["wiedza_reintegracja"] or "").startswith(
        "Chcielibyśmy dowiedzieć się od Pani / Pana co Pani wie"
    )
    assert (said["perspektywy"] or "").startswith("Będzie to ostatnia część wywiadu")
    assert (IDI.sections[0].intro or "").startswith(
        "Moderatorzy przedstawiają respondentowi cel badania (wywiadu)"
    )


def test_the_fgi_is_the_projects_own_script_on_the_same_topics_for_a_group_and_ninety_minutes() -> None:
    fgi = of(FGI)
    assert (fgi.form, fgi.people_low, fgi.people_high) == (InterviewForm.FGI, 6, 12)
    assert (fgi.minutes_low, FGI.minutes, fgi.minutes_high) == (60, 90, 120)
    assert "własny" in FGI.source.document
    assert "własny" in FGI.title
    assert any("nie podaje" in convention.text for convention in FGI.definitions.conventions)
    assert fgi.topics == of(IDI).topics
    titles = {section.id: section.title for section in IDI.sections}
    assert all(
        section.title == titles[section.id]
        for section in FGI.sections
        if section.id in titles and section.id != "respondent"
    )
    assert FGI.sections[0].questions == ()
    assert sum(1 for question in FGI.questions if question.probes) == len(FGI.numbered)


@pytest.mark.parametrize("scenario", [IDI, FGI], ids=lambda scenario: scenario.key)
def test_a_scenario_asks_for_consent_describes_the_person_and_begins_with_four_themes(
    scenario: Instrument,
) -> None:
    interview = of(scenario)
    assert scenario.kind is Kind.INTERVIEW_SCENARIO
    assert [field.id for field in scenario.respondent_fields] == [
        "plec",
        "wiek",
        "stanowisko",
        "zamieszkiwanie",
    ]
    assert {question.type for question in scenario.numbered} == {AnswerType.LONG_TEXT}
    assert "„Razem w gminie”" in interview.consent.titled("Razem w gminie")
    assert "reprezentują tę instytucję" in interview.consent.readers
    assert [topic.id for topic in interview.topics] == [
        "partnerstwo",
        "reintegracja",
        "udzial",
        "perspektywy",
    ]
    assert all(len(topic.definition) > 60 and len(topic.example) > 40 for topic in interview.topics)


@pytest.mark.parametrize("scenario", [IDI, FGI], ids=lambda scenario: scenario.key)
def test_a_stored_scenario_is_the_one_that_was_loaded(scenario: Instrument) -> None:
    assert instrument_from_document(scenario.document) == scenario


def test_only_a_scenario_has_fields_of_a_respondent() -> None:
    assert load_instrument(FOLDER / "ankieta.yml").respondent_fields == ()
