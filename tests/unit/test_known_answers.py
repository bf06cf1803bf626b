"""The table of known answers: twenty sheets written out, and every number of the report worked out by hand.

Thirty institutions were invited; the campaign is anonymous, k = 3. Columns of a row: institution type; questions
2, 3, 4, 5, 7, 9 (T = TAK, N = NIE, - = left unanswered, . = not asked); then how many boxes or texts were written
under 2 (goals), 3 (why not), 4 TAK, 4 NIE, 5 TAK, 5 NIE, 6, 8, 9 TAK, 9 NIE, 10, 11.
"""

from __future__ import annotations

import pytest

from survey_app.analysis.diagnoza.build import build_diagnoza
from survey_app.analysis.diagnoza.result import Diagnoza, Edition, QuestionResult, ReadinessRow
from survey_app.analysis.groups import Groups, form_groups, type_counts
from survey_app.analysis.response import Population
from survey_app.instrument.values import Answers, Value
from tests.unit.analysis_records import ankieta, facts, record

SHEETS = """
                 p2 p3 p4 p5 p7 p9  2  3  4T 4N 5T 5N  6  8 9T 9N 10 11
administracja     T  T  T  T  T  T  3  .  1  .  0  .   0  0  0  .  1  0
administracja     T  T  T  T  T  T  3  .  2  .  0  .   0  1  0  .  1  0
administracja     N  .  .  T  T  N  .  .  .  .  1  .   0  1  .  1  1  0
administracja     N  .  .  N  T  N  .  .  .  .  .  1   0  1  .  0  1  0
pomoc_spoleczna   T  T  T  T  T  T  3  .  3  .  1  .   1  1  0  .  1  0
pomoc_spoleczna   N  .  .  T  T  T  .  .  .  .  1  .   1  1  1  .  1  0
pomoc_spoleczna   N  .  .  T  T  T  .  .  .  .  2  .   1  1  1  .  1  0
pomoc_spoleczna   N  .  .  T  N  T  .  .  .  .  2  .   1  1  1  .  1  0
pomoc_spoleczna   N  .  .  N  N  T  .  .  .  .  .  1   1  1  1  .  1  0
edukacja          T  T  T  T  T  T  3  .  0  .  2  .   1  1  2  .  1  0
edukacja          T  T  N  T  T  T  2  .  .  1  2  .   2  2  2  .  1  0
edukacja          T  N  N  T  T  T  1  1  .  1  2  .   2  2  2  .  1  0
edukacja          N  .  .  T  T  T  .  .  .  .  3  .   2  2  2  .  0  0
edukacja          N  .  .  T  T  T  .  .  .  .  3  .   2  2  3  .  0  0
edukacja          N  .  .  T  N  N  .  .  .  .  3  .   2  2  .  0  0  0
kultura           -  .  .  -  -  N  .  .  .  .  .  .   3  2  .  0  0  0
pozarzadowa       T  N  N  T  T  T  1  1  .  0  3  .   3  3  3  .  0  0
pozarzadowa       T  -  N  T  N  T  0  .  .  0  3  .   3  3  3  .  0  0
pozarzadowa       N  .  .  N  N  T  .  .  .  .  .  1   3  3  3  .  0  0
nie_wskazuje      N  .  .  N  N  N  .  .  .  .  .  0   3  3  .  0  0  0
"""

CLOSED = ["p2", "p3", "p4", "p5", "p7", "p9"]
OPEN = [
    "p2_cele",
    "p3_dlaczego",
    "p4_przedsiewziecia",
    "p4_przyczyny",
    "p5_instytucje",
    "p5_argument",
    "p6",
    "p8",
    "p9_obszary",
    "p9_dlaczego",
    "p10",
    "p11",
]
ONE_TEXT = {"p3_dlaczego", "p5_argument", "p9_dlaczego", "p10"}
POPULATION = Population(
    30,
    {
        "edukacja": 4,
        "kultura": 3,
        "sport": 2,
        "pomoc_spoleczna": 3,
        "polityka_spoleczna": 1,
        "zdrowie": 3,
        "administracja_publiczna": 5,
        "rynek_pracy": 1,
        "organizacje_obywatelskie": 5,
        "organizacje_koscielne": 3,
    },
)


def sheets() -> list[Answers]:
    rows = [line.split() for line in SHEETS.strip().splitlines()[1:]]
    return [_sheet(row[0], row[1:7], row[7:]) for row in rows]


def _sheet(kind: str, closed: list[str], written: list[str]) -> Answers:
    words = {"T": "tak", "N": "nie"}
    given: dict[str, Value | None] = {"p1": {"option": kind}}
    given |= {question: words[mark] for question, mark in zip(CLOSED, closed, strict=True) if mark in words}
    for question, count in zip(OPEN, written, strict=True):
        if count not in {".", "0"}:
            given[question] = f"{kind}: tekst" if question in ONE_TEXT else ["tekst"] * int(count)
    return record(given)


def groups() -> Groups:
    return form_groups(ankieta(), type_counts(ankieta(), sheets()), 3)


@pytest.fixture(scope="module")
def report() -> Diagnoza:
    cleared = {"p10": ["Zaufanie", "Jawność"], "p3_dlaczego": ["Nie zaproszono nas"]}
    return build_diagnoza(Edition.PUBLIC, ankieta(), facts(), sheets(), groups(), POPULATION, cleared)


def asked(report: Diagnoza, question_id: str) -> QuestionResult:
    return next(result for result in report.questions if result.question.id == question_id)


def row_of(report: Diagnoza, label: str) -> ReadinessRow:
    assert report.readiness
    return next(row for row in report.readiness.rows if row.label == label)


def counted(report: Diagnoza, question_id: str) -> dict[str, tuple[int | None, ...]]:
    """Row label -> its counts."""
    table = asked(report, question_id).table
    assert table
    return {row.label: row.counts for row in table.rows}


ADMINISTRATION = "Administracja i samorząd"
WELFARE = "Polityka społeczna i zdrowie"
SCHOOLS = "Edukacja, kultura i sport"
REST = "Pozostałe"
HIDDEN = (None, None)


def test_twenty_of_thirty_answered_and_nineteen_are_complete(report: Diagnoza) -> None:
    """The person from kultura left 5 and 7, so only one of the three is answered. RR1 = 19/30 = 63.3 %."""
    response = report.response
    assert (response.invited, response.answered, response.complete) == (30, 20, 19)
    assert response.rr1 == pytest.approx(0.6333, abs=0.00005)
    assert response.table.row("gmina").counts == (30, 20, 19)


def test_types_under_three_join_their_sector_and_the_one_who_declined_does_not_stand_alone(
    report: Diagnoza,
) -> None:
    """Nobody from rada gminy, zdrowie, sport: they join their sectors, so that nobody and one look the same.

    Kultura (1) joins edukacja (6). The one who declined would be alone in "pozostałe"; no other group of its own
    stands, nor gospodarka, so the last sector that does, organizacje pozarządowe and kościelne (3), joins: 4.
    """
    assert {row.label: row.base for row in report.response.groups.rows} == {
        "Cała gmina": 20,
        ADMINISTRATION: 4,
        WELFARE: 5,
        SCHOOLS: 7,
        REST: 4,
    }
    assert report.response.by_type.row("gmina").counts == (4, 5, 7, 4)


def test_question_2_is_shown_in_full_because_no_group_is_small_or_alike(report: Diagnoza) -> None:
    assert counted(report, "p2") == {
        "Cała gmina": (8, 11),
        ADMINISTRATION: (2, 2),
        WELFARE: (1, 4),
        SCHOOLS: (3, 3),
        REST: (2, 2),
    }
    table = asked(report, "p2").table
    assert table
    assert dict(table.states) == {"answered": 19, "unanswered": 1, "not_asked": 0, "not_reached": 0}


def test_questions_3_and_4_count_only_the_eight_who_were_asked(report: Diagnoza) -> None:
    table = asked(report, "p3").table
    assert table
    assert counted(report, "p3") == {"Cała gmina": (5, 2)}
    assert dict(table.states) == {"answered": 7, "unanswered": 1, "not_asked": 12, "not_reached": 0}
    assert counted(report, "p4") == {"Cała gmina": (4, 4)}


def test_question_5_shows_six_alike_because_six_is_twice_k(report: Diagnoza) -> None:
    assert counted(report, "p5") == {
        "Cała gmina": (15, 4),
        ADMINISTRATION: (3, 1),
        WELFARE: (4, 1),
        SCHOOLS: (6, 0),
        REST: (2, 2),
    }


def test_question_7_hides_four_alike_and_the_smallest_sibling_that_covers_them(report: Diagnoza) -> None:
    """Administracja: 4 of 4 TAK. With "pozostałe" (1 of 4) hidden too, subtraction leaves 5 TAK among 8."""
    assert counted(report, "p7") == {
        "Cała gmina": (13, 6),
        ADMINISTRATION: HIDDEN,
        WELFARE: (3, 2),
        SCHOOLS: (5, 1),
        REST: HIDDEN,
    }


def test_question_9_hides_five_alike_and_the_administration(report: Diagnoza) -> None:
    """Pomoc społeczna: 5 of 5 TAK. With administracja (2 of 4) hidden, 7 TAK remain among 9.

    "Pozostałe" (3 of 4) has as few people, but with it only one NIE would be left to go round.
    """
    assert counted(report, "p9") == {
        "Cała gmina": (15, 5),
        ADMINISTRATION: HIDDEN,
        WELFARE: HIDDEN,
        SCHOOLS: (5, 2),
        REST: (3, 1),
    }


@pytest.mark.parametrize(
    ("question_id", "boxes"),
    [
        ("p2_cele", (1, 2, 1, 4)),
        ("p4_przedsiewziecia", (1, 1, 1, 1)),
        ("p5_instytucje", (2, 3, 5, 5)),
        ("p6", (4, 6, 5, 5)),
        ("p8", (1, 9, 6, 4)),
        ("p9_obszary", (3, 4, 4, 4)),
    ],
)
def test_filled_boxes_are_counted_among_those_who_were_asked(
    report: Diagnoza, question_id: str, boxes: tuple[int, ...]
) -> None:
    assert counted(report, question_id) == {"Cała gmina": boxes}


@pytest.mark.parametrize("question_id", ["p4_przyczyny", "p11"])
def test_boxes_that_fewer_than_three_filled_are_hidden(report: Diagnoza, question_id: str) -> None:
    assert counted(report, question_id) == {"Cała gmina": (None,) * 4}


def test_texts_are_shown_where_at_least_three_wrote(report: Diagnoza) -> None:
    """Question 10: twelve wrote, two are cleared, ten wait. Why not in 3: two wrote, so not even a cleared text."""
    assert sorted(asked(report, "p10").texts) == ["Jawność", "Zaufanie"]
    assert asked(report, "p10").texts_withheld == 10
    assert asked(report, "p3_dlaczego").texts == ()
    assert asked(report, "p3_dlaczego").texts_withheld == 0


def test_bounds_of_the_gmina_count_the_silent_both_ways(report: Diagnoza) -> None:
    """Question 5: 15/30 and (15 + 30 - 19)/30. Question 7: 13/30 and 24/30. Question 9: 15/30 and 25/30."""
    expected = {"p5": (15 / 30, 26 / 30), "p7": (13 / 30, 24 / 30), "p9": (15 / 30, 25 / 30)}
    for question_id, (low, high) in expected.items():
        bounds = asked(report, question_id).bounds
        assert bounds
        assert (bounds.low, bounds.high) == pytest.approx((low, high))
    assert asked(report, "p3").bounds is None  # nobody knows how many of the silent would have been asked


def test_readiness_of_the_gmina_is_the_mean_of_three_shares(report: Diagnoza) -> None:
    """(15/19 + 13/19 + 15/20) / 3 = 74.12 of 100; bounds (15 + 13 + 15)/90 and (26 + 24 + 25)/90."""
    row = row_of(report, "Cała gmina")
    assert row.score == pytest.approx(74.12, abs=0.005)
    assert row.bounds
    assert row.bounds.low == pytest.approx(47.78, abs=0.005)
    assert row.bounds.high == pytest.approx(83.33, abs=0.005)
    assert [argument.split(":")[0] for argument in row.arguments] == ["Potrzeba", "Działanie", "Gotowość"]


def test_readiness_of_schools_is_tied_to_nine_invited_institutions(report: Diagnoza) -> None:
    """(6/6 + 5/6 + 5/7) / 3 = 84.92. Invited: 4 + 3 + 2 = 9, so (6+5+5)/27 = 59.26 and (9+8+7)/27 = 88.89."""
    row = row_of(report, SCHOOLS)
    assert row.score == pytest.approx(84.92, abs=0.005)
    assert row.bounds
    assert row.bounds.low == pytest.approx(59.26, abs=0.005)
    assert row.bounds.high == pytest.approx(88.89, abs=0.005)


@pytest.mark.parametrize("label", [ADMINISTRATION, WELFARE, REST])
def test_a_group_with_a_hidden_component_has_no_score(report: Diagnoza, label: str) -> None:
    row = row_of(report, label)
    assert (row.score, row.bounds, row.arguments) == (None, None, ())
    assert "ukryta" in row.why_no_score


def test_partnership_experience_is_reported_for_those_asked(report: Diagnoza) -> None:
    assert report.readiness
    assert [(part.positive, part.base) for part in report.readiness.experience] == [(8, 19), (5, 7), (4, 8)]
    assert not report.readiness.separable


def test_the_summary_says_who_answered_and_what_the_numbers_carry(report: Diagnoza) -> None:
    told = [line for part in report.summary for line in (*part.sentences, *part.points)]
    text = " ".join(told).replace("\u00a0", " ")
    assert "Zaprosiliśmy 30 instytucji, otrzymaliśmy 20 ankiet, w tym 19 kompletnych." in text
    assert "Odsetek odpowiedzi (RR1): 63%." in text
    assert "Potrzeba (pytanie 5): TAK to 15 z 19 odpowiedzi (79%)." in text
    assert "od 50% do 87%" in text
    assert "Gotowość w całej gminie: 74 na 100, a z uwzględnieniem milczących: od 48 do 83." in text


def test_the_checksum_stands_for_the_answers_not_for_their_order(report: Diagnoza) -> None:
    def again(records: list[Answers], cleared: dict[str, list[str]]) -> str:
        return build_diagnoza(
            Edition.INTERNAL, ankieta(), facts(), records, groups(), POPULATION, cleared
        ).checksum

    cleared = {"p10": ["Jawność", "Zaufanie"], "p3_dlaczego": ["Nie zaproszono nas"]}
    assert again(sheets()[::-1], cleared) == report.checksum
    assert again(sheets()[:-1], cleared) != report.checksum
    assert again(sheets(), {}) != report.checksum
