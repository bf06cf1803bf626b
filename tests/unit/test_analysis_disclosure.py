"""What may be shown: small cases that a person can follow."""

from __future__ import annotations

import pytest

from survey_app.analysis.diagnoza.build import build_diagnoza, release
from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.result import Diagnoza, Edition
from survey_app.analysis.disclosure import GMINA, ReleasedCampaign
from survey_app.analysis.disclosure.suppress import Cells, Verdict, boxes_allow, decide, floors_allow
from survey_app.analysis.groups import Groups, form_groups, type_counts
from survey_app.analysis.released import Column, ReleasedRow, ReleasedTable
from survey_app.analysis.response import Population
from survey_app.instrument.values import Answers
from tests.unit.analysis_records import ankieta, drawn, facts, simple


def verdict(*rows: tuple[int, int], k: int = 3) -> Verdict:
    """The verdict on groups with these (TAK, NIE)."""
    cells = [Cells(row) for row in rows]
    total = Cells((sum(row[0] for row in rows), sum(row[1] for row in rows)))
    return decide(cells, total, k)


def released(records: list[Answers], *, k: int = 3, anonymous: bool = True) -> ReleasedCampaign:
    groups = form_groups(ankieta(), type_counts(ankieta(), records), k, anonymous=anonymous)
    return release(ankieta(), records, groups, None)


def labels(groups: Groups) -> list[str]:
    return [group.label for group in groups.items]


def counts(**people: int) -> dict[str, int]:
    return {option.id: people.get(option.id, 0) for option in ankieta().by_id["p1"].options}


def test_mixed_groups_of_at_least_k_are_all_shown() -> None:
    assert verdict((2, 1), (5, 3), (1, 2)) == Verdict()


def test_a_group_of_two_takes_a_sibling_with_it() -> None:
    hidden = verdict((1, 1), (4, 3), (9, 8))
    assert hidden.rows == {0, 1}
    assert not hidden.total


def test_five_alike_are_hidden_and_six_alike_are_shown() -> None:
    assert 0 in verdict((5, 0), (6, 4), (3, 3)).rows
    assert verdict((6, 0), (6, 4), (3, 3)) == Verdict()


def test_one_dissenter_in_the_whole_gmina_costs_the_gminas_row() -> None:
    """With 11 of 12 published, at least three of the four alike would be known to have said TAK."""
    hidden = verdict((4, 0), (7, 1))
    assert hidden.total
    assert hidden.rows == {0}


def test_a_hidden_single_person_does_not_come_back_from_the_hidden_gmina() -> None:
    """The gmina's own count must stay as wide: one hidden person alone would leave it two values only."""
    hidden = verdict((1, 0), (8, 0), (7, 0))
    assert hidden.total
    assert len(hidden.rows) == 2


def test_few_answers_that_are_all_alike_hide_the_gmina_too() -> None:
    assert verdict((3, 0), (2, 0)) == Verdict(frozenset({0, 1}), total=True)


def test_nobody_at_all_is_hidden_without_a_crash() -> None:
    assert decide([], Cells((0, 0)), 3).total


def test_texts_under_a_follow_up_may_not_prove_what_is_hidden() -> None:
    """Four asked, all said NIE, all gave a reason: four reasons prove four NIE."""
    total = Cells((0, 4))
    hidden = decide([], total, 3)
    assert hidden.total
    assert not floors_allow([], total, hidden, [0, 4], 3)
    assert floors_allow([], total, hidden, [0, 2], 3)


def test_the_number_of_texts_may_not_prove_how_many_boxes_each_filled() -> None:
    """Three people with nine texts filled three boxes each; with six texts it stays open."""
    assert not boxes_allow(3, 9, 3, 3)
    assert boxes_allow(3, 12, 20, 3)


def test_three_of_one_type_stand_alone_and_two_join_their_sector() -> None:
    groups = form_groups(ankieta(), counts(administracja=3, rada_gminy=2, koscielna=3, pozarzadowa=3), 3)
    assert labels(groups) == ["Administracja i samorząd", "Kościelna osoba prawna", "Organizacja pozarządowa"]


def test_small_types_of_three_sectors_become_the_public_sector() -> None:
    groups = form_groups(ankieta(), counts(administracja=1, zdrowie=1, kultura=1, gospodarka=4), 3)
    assert labels(groups) == ["Sektor publiczny", "Instytucja / Podmiot gospodarczy"]


def test_two_lonely_types_become_the_rest_with_company() -> None:
    groups = form_groups(ankieta(), counts(inna=1, gospodarka=2, kultura=4, edukacja=4, sport=3), 3)
    assert labels(groups)[-1] == "Pozostałe"
    assert groups.group_of("inna") is groups.group_of("gospodarka")


def test_four_people_of_four_kinds_are_the_whole_gmina() -> None:
    groups = form_groups(ankieta(), counts(inna=1, kultura=1), 3)
    assert groups.single
    assert labels(groups) == ["Cała gmina"]


def test_those_who_left_question_1_are_counted_with_those_who_declined() -> None:
    records = [simple(None), simple("nie_wskazuje"), simple("nie_wskazuje"), *[simple("kultura")] * 3]
    groups = form_groups(ankieta(), type_counts(ankieta(), records), 3)
    assert labels(groups)[-1] == "Bez wskazania rodzaju instytucji"
    assert groups.group_of(None) is groups.group_of("nie_wskazuje")


def test_if_everyone_declines_there_is_one_group_and_the_gmina_is_shown() -> None:
    records = [simple("nie_wskazuje", p5="tak")] * 5 + [simple("nie_wskazuje", p5="nie")] * 2
    table = released(records).questions["p5"]
    assert [row.id for row in table.rows] == [GMINA]
    assert table.row(GMINA).counts == (5, 2)


def test_one_answer_shows_that_it_came_and_nothing_of_it() -> None:
    campaign = released([simple("kultura", p5="tak", p7="nie", p6=["Świetlica"])])
    assert campaign.response.count(GMINA, "answered") == 1
    tables = [table for key, table in campaign.questions.items() if key != "p1"]
    assert all(row.hidden for table in tables for row in table.rows)
    assert all(count is None for table in tables for count in table.states.values())
    assert not campaign.texts


def test_a_named_campaign_hides_nothing() -> None:
    campaign = released([simple("kultura", p5="tak"), simple("sport", p5="nie")], anonymous=False)
    table = campaign.questions["p5"]
    assert [(row.label, row.counts) for row in table.rows] == [
        ("Cała gmina", (1, 1)),
        ("Instytucja kultury i dziedzictwa narodowego", (1, 0)),
        ("Instytucja sportu i rekreacji", (0, 1)),
    ]


def test_what_hangs_on_a_hidden_question_is_hidden_with_it() -> None:
    """One NIE in question 2 among twelve, and a group alike: the gmina's row goes, and with it questions 3 and 4."""
    school = [simple("edukacja", p2="tak", p3="tak", p4="nie")] * 4
    welfare = [simple("pomoc_spoleczna", p2="tak", p3="nie", p4="tak")] * 7
    campaign = released([*school, *welfare, simple("pomoc_spoleczna", p2="nie")])
    assert campaign.questions["p2"].row(GMINA).hidden
    assert campaign.questions["p3"].row(GMINA).hidden
    assert campaign.questions["p4"].states["not_asked"] is None


def test_hidden_rows_are_named_in_a_note_without_saying_why_each() -> None:
    records = [simple("edukacja", p5="tak")] * 4 + [simple("kultura", p5="tak")] * 5
    records += [simple("sport", p5="nie")] * 5
    note = " ".join(released(records).questions["p5"].notes)
    assert "Ukryto" in note
    assert "mniej niż 3" in note


def test_nobody_else_makes_a_released_table() -> None:
    with pytest.raises(TypeError, match="disclosure"):
        ReleasedTable("p5", "", (Column("tak", "TAK"),), (ReleasedRow("g", "", "gmina", 1, (1,)),), 5)


def test_a_large_gmina_with_thirteen_groups_is_decided_and_keeps_its_rows() -> None:
    kinds = [option.id for option in ankieta().by_id["p1"].options]
    campaign = released(drawn(7, 400, kinds, 0.6, 0.05))
    for key in ("p2", "p5", "p7", "p9"):
        assert not any(row.hidden for row in campaign.questions[key].rows)


def test_reports_that_differ_in_hidden_counts_alone_are_the_same_to_the_last_letter() -> None:
    """Whoever tries out the few ways to fill a hidden row finds nothing, the checksum included, to compare with."""

    def report(hidden: tuple[str, str]) -> Diagnoza:
        records = [simple("edukacja", p7="tak" if n % 2 else "nie") for n in range(10)]
        records += [simple("edukacja", p5=answer) for answer in hidden]
        groups = form_groups(ankieta(), type_counts(ankieta(), records), 3)
        return build_diagnoza(Edition.PUBLIC, ankieta(), facts(), records, groups, Population(20), {})

    one, other = report(("tak", "tak")), report(("tak", "nie"))
    assert one.checksum == other.checksum
    assert compose(one) == compose(other)
