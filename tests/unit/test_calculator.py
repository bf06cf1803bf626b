"""The calculator, recomputed by hand: scenarios, sensitivity, break-even, and what is refused or missing."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.analysis.diagnoza.document import Figure, TextTable
from survey_app.analysis.papers.calculation_words import rounded, summary, words
from survey_app.analysis.papers.calculator import Calculation, calculated
from survey_app.analysis.papers.compose import composed
from survey_app.analysis.papers.figures import with_figures
from survey_app.analysis.papers.paper_document import sheet_of
from survey_app.config import INSTRUMENTS
from survey_app.instrument.assumptions import assumed, default_rows
from survey_app.instrument.calculator_model import Calculator, Unit
from survey_app.instrument.loader import instrument_from_document, load_instrument
from survey_app.instrument.paper_model import Row
from survey_app.services.method.definitions import rules_of
from tests.calculator_rows import EXAMPLE, rows

SHIPPED = load_instrument(INSTRUMENTS / "forms" / "kalkulator.yml")


def calculator() -> Calculator:
    found = rules_of(SHIPPED).calculator
    assert found is not None
    return found


def found(**changed: str) -> Calculation:
    """Of the example, with some assumptions given otherwise; "" for nothing at all."""
    return calculated(calculator(), rows(calculator(), {**EXAMPLE, **changed}))


def test_the_middle_scenario_by_hand() -> None:
    lines = found().middle.lines
    # Today: 100 people * 600 zł * 12 months = 720 000 zł; half of it from the gmina: 360 000 zł.
    assert (lines["swiadczenia_rok"], lines["swiadczenia_gmina"]) == (720_000, 360_000)
    # The club: 1.5 posts * 7000 zł * 12 = 126 000; 25 people * 150 zł * 8 months = 30 000; rooms 20 000: 176 000 zł.
    assert (lines["place_rok"], lines["uczestnicy_rok"], lines["klub_rok"]) == (126_000, 30_000, 176_000)
    assert lines["klub_gmina"] == 146_000  # less 30 000 zł of grants
    # Back: 8 people * 18 months * 600 zł * 50% = 43 200; 8 * 18 * 4806 zł * 4% = 27 682.56; together 70 882.56 zł.
    assert (lines["niewyplacone"], lines["pit_gminy"]) == (43_200, Fraction("27682.56"))
    assert lines["koszt_osoby"] == 22_000  # 176 000 / 8
    # Result: a year 70 882.56 - 146 000 = -75 117.44; five years less 30 000 to start: -405 587.20 zł.
    assert (lines["wynik_roku"], lines["wynik_okresu"]) == (Fraction("-75117.44"), Fraction("-405587.2"))
    # All of public finance: 8 * 18 * (600 + 1900) = 360 000; (360 000 - 176 000) * 5 - 30 000 = 890 000 zł.
    assert (lines["zwrot_publiczny"], lines["wynik_publiczny"]) == (360_000, 890_000)


def test_the_ends_take_of_each_assumption_what_is_worst_or_best_for_the_result() -> None:
    calculation = found()
    worst, best = calculation.pessimistic, calculation.optimistic
    assert worst is not None
    assert best is not None
    # Costs are worst when high, returns when low: not "all low".
    assert (worst.chosen["etaty"], worst.chosen["swiadczenie"], worst.chosen["dotacje"]) == (2, 500, 0)
    # Worst: posts 2*8000*12 = 192 000, people 30*200*12 = 72 000, rooms 30 000: 294 000 a year, no grants.
    # Back: 3 people * 6 months * 500 zł * 40% = 3600; 3 * 6 * 4806 * 3% = 2595.24: 6195.24 zł.
    # (6195.24 - 294 000) * 5 - 60 000 = -1 499 023.80 zł.
    assert worst.lines["wynik_okresu"] == Fraction("-1499023.8")
    # Best: 1*6000*12 = 72 000, 20*100*6 = 12 000, 10 000: 94 000, less 60 000 of grants: 34 000 zł.
    # Back: 12*36*700*60% = 181 440; 12*36*6000*5% = 129 600; 5000: 316 040. (316 040 - 34 000)*5 - 20 000 = 1 390 200.
    assert best.lines["wynik_okresu"] == 1_390_200
    # The result does not rest on these: they stay in the middle.
    assert {one.chosen["osoby_pomoc"] for one in (worst, best)} == {100}
    assert {one.chosen["danina"] for one in (worst, best)} == {1900}


def test_the_break_even_by_hand() -> None:
    calculation = found()
    # One person brings 18 * (600 * 50% + 4806 * 4%) = 18 * 492.24 = 8860.32 zł. The result is zero where a year brings
    # 146 000 + 30 000 / 5 = 152 000 zł: 152 000 / 8860.32 = 17.16, so 18 people.
    assert calculation.middle.break_even == 18
    below, at = found(osoby_wychodzace="3 17 17"), found(osoby_wychodzace="3 18 18")
    assert below.result is not None
    assert at.result is not None
    assert below.result < 0 <= at.result
    # In the worst case a person brings 6 * (500*40% + 4806*3%) = 2065.08 zł; 30 of them, and there are no more who take
    # part, bring 61 952.40 zł, far below 294 000.
    assert calculation.pessimistic is not None
    assert calculation.pessimistic.break_even is None


def test_a_case_without_spread_has_one_result_and_no_effects() -> None:
    certain = {name: text.split()[1] for name, text in EXAMPLE.items()}
    calculation = calculated(calculator(), rows(calculator(), certain))
    ends = {calculation.middle.lines["wynik_okresu"]}
    for end in (calculation.pessimistic, calculation.optimistic):
        assert end is not None
        ends.add(end.lines["wynik_okresu"])
    assert ends == {Fraction("-405587.2")}
    assert {one.span for one in calculation.effects} == {0}
    text = composed(SHIPPED, {}, rows(calculator(), certain), {})
    assert "Żadne założenie nie zmienia wyniku" in text


def test_sensitivity_by_hand_and_whether_the_sign_depends_on_it() -> None:
    effects = {one.assumption.id: one for one in found().effects}
    # Posts 1 to 2: 84 000 and 168 000 zł a year instead of 126 000: 42 000 * 5 = 210 000 zł up or down.
    assert effects["etaty"].at_low == Fraction("-405587.2") + 210_000
    assert effects["etaty"].at_high == Fraction("-405587.2") - 210_000
    assert effects["etaty"].span == 420_000
    assert not effects["etaty"].changes_sign
    # Months 6 to 36: 8 people * 492.24 zł = 3937.92 a month; 12 less or 18 more, five times: 590 688 zł between them.
    longest = found().effects[0]
    assert (longest.assumption.id, longest.span) == ("miesiace_bez", 590_688)
    spans = [one.span for one in found().effects]
    assert spans == sorted(spans, reverse=True)
    # 25 people at the most instead of 12: 25 * 8860.32 = 221 508; (221 508 - 146 000) * 5 - 30 000 > 0.
    wide = {one.assumption.id: one for one in found(osoby_wychodzace="3 8 25").effects}
    assert wide["osoby_wychodzace"].changes_sign
    text = composed(SHIPPED, {}, rows(calculator(), {**EXAMPLE, "osoby_wychodzace": "3 8 25"}), {})
    assert "zależy, czy wynik jest ujemny: „Osoby, które w roku" in text


def test_what_is_missing_is_named_with_what_cannot_be_computed_and_the_rest_is_computed() -> None:
    calculation = found(udzial_pit="", danina="")
    assert [
        (one.assumption.id, [line.id for line in one.lines], one.result) for one in calculation.missing
    ] == [
        ("udzial_pit", ["pit_gminy"], True),
        ("danina", ["zwrot_publiczny"], False),
    ]
    assert (calculation.result, calculation.pessimistic, calculation.effects) == (None, None, ())
    assert calculation.middle.lines["klub_gmina"] == 146_000
    assert "pit_gminy" not in calculation.middle.lines
    assert summary(calculation).endswith(
        "„Część wynagrodzenia brutto, którą dostaje gmina jako udział w PIT”."
    )
    # Without the taxes of public finance alone, the gmina's result is there.
    assert found(danina="").result == Fraction("-405587.2")


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"middle": "-2", "source": "x"}, "middle", "wartość −2 nie może być prawdziwa"),
        ({"middle": "2", "high": "101", "source": "x"}, "high", "wartość 101 nie może być prawdziwa"),
        ({"low": "kilka", "middle": "2", "source": "x"}, "low", "to nie jest liczba"),
        ({"middle": "1e9", "source": "x"}, "middle", "to nie jest liczba"),
        ({"low": "3", "middle": "2", "source": "x"}, "middle", "mniej niż „Najmniej”"),
        ({"middle": "2", "high": "1.5", "source": "x"}, "high", "mniej niż „Najpewniej”"),
        ({"low": "3", "high": "2", "source": "x"}, "high", "mniej niż „Najmniej”"),
    ],
)
def test_a_number_that_cannot_be_is_named_and_never_computed_with(
    cells: Row, column: str, message: str
) -> None:
    tables = rows(calculator(), EXAMPLE)
    tables["zalozenia_klub"] = [
        {"_id": "etaty", **cells} if row["_id"] == "etaty" else row for row in tables["zalozenia_klub"]
    ]
    ((problem, *others),) = [assumed(calculator(), tables).problems]
    assert others == []
    assert (problem.assumption.id, problem.column) == ("etaty", column)
    assert message in problem.message
    calculation = calculated(calculator(), tables)
    assert calculation.result is None
    assert [one.assumption.id for one in calculation.missing] == ["etaty"]
    assert problem.message.replace("„", "") in composed(SHIPPED, {}, tables, {}).replace("„", "")


@pytest.mark.parametrize("source", ["", " – ", "?"])
def test_a_number_without_a_source_is_marked_counted_and_never_computed_with(source: str) -> None:
    tables = rows(calculator(), EXAMPLE)
    bare = {"_id": "etaty", "low": "1", "middle": "2", "high": "77", "source": source}
    tables["zalozenia_klub"] = [bare if row["_id"] == "etaty" else row for row in tables["zalozenia_klub"]]
    given = assumed(calculator(), tables)
    assert given.problems == ()
    assert given.unsourced == {"etaty": {"low": 1, "middle": 2, "high": 77}}
    calculation = calculated(calculator(), tables)
    assert calculation.result is None
    assert "place_rok" not in calculation.middle.lines
    assert summary(calculation).endswith("„Etaty w klubie” (brak źródła).")
    text = composed(SHIPPED, {}, tables, {})
    assert "Brak źródła przy 1\u00a0założeniu." in text
    assert "| Etaty w klubie (etaty) | 1 | 2 | 77 | brak źródła |" in text
    in_report = composed(SHIPPED, {}, tables, {}, in_report=True)
    assert "77" not in in_report
    assert "| Etaty w klubie (etaty) | brak | brak | brak | brak źródła |" in in_report


def test_a_new_one_begins_with_published_numbers_alone_and_their_sources() -> None:
    begun = assumed(calculator(), default_rows(calculator()))
    assert begun.problems == ()
    assert set(begun.given) == {"wynagrodzenie", "danina", "lata"}
    # Of 4806 zł in 2026, by hand: contributions of the person 469.07 + 72.09 + 117.75 = 658.91, health 9% of 4147.09
    # = 373.24, tax 12% of 3897 less 300 = 168: 3605.85 in the hand. The employer adds 984.28: 5790.28 in all.
    assert begun.given["danina"].middle == Fraction("5790.28") - Fraction("3605.85")
    assert begun.given["wynagrodzenie"].middle == 4806
    assert "11 września 2025" in begun.given["wynagrodzenie"].source
    assert instrument_from_document(SHIPPED.document) == SHIPPED


def test_words_are_polish_and_halves_go_away_from_zero() -> None:
    told: Mapping[str, tuple[Fraction, Unit]] = {
        "−12\u00a0346": (Fraction("-12345.5"), Unit.MONEY),
        "0": (Fraction("-0.4"), Unit.MONEY_YEAR),
        "7,5": (Fraction("7.45"), Unit.POSTS),
        "8": (Fraction(8), Unit.PEOPLE),
    }
    assert {words(number, unit) for number, unit in told.values()} == set(told)
    assert rounded(Fraction("-0.4"), Unit.MONEY) == 0


def test_the_chart_says_the_numbers_of_its_table() -> None:
    body = sheet_of(composed(SHIPPED, {}, rows(calculator(), EXAMPLE), {}), "Kalkulator").body
    at = next(at for at, block in enumerate(body) if isinstance(block, Figure))
    figure, table = body[at], body[at + 1]
    assert isinstance(figure, Figure)
    assert isinstance(table, TextTable)
    assert figure.table_anchor == table.anchor != ""
    for row in table.rows[:12]:
        assert f"{row[0]}: od {row[2]} do {row[3]}" in figure.chart.alt
    assert figure.chart.title == f"Wynik najbardziej zależy od: {table.rows[0][0]}"
    # A person's own words in the place of a number: a table without a chart, and no error.
    changed = TextTable("", table.header, ((*table.rows[0][:2], "dużo", *table.rows[0][3:]),))
    assert list(with_figures([changed])) == [changed]


@given(st.data())
@settings(deadline=None, max_examples=25)
def test_no_mixture_of_given_values_is_worse_than_the_worst_or_better_than_the_best(
    data: st.DataObject,
) -> None:
    calculation = found()
    mixed = {name: data.draw(st.sampled_from(text.split())) for name, text in EXAMPLE.items()}
    result = calculated(calculator(), rows(calculator(), mixed)).result
    assert result is not None
    ends = [end.lines["wynik_okresu"] for end in (calculation.pessimistic, calculation.optimistic) if end]
    assert ends[0] <= result <= ends[1]
