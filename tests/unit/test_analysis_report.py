"""The report's parts at their edges: nobody answered, one did, few did, the link was open."""

from __future__ import annotations

import pytest

from survey_app.analysis.bounds import overlap, share_bounds
from survey_app.analysis.diagnoza.build import build_diagnoza
from survey_app.analysis.diagnoza.result import Bounds, Diagnoza, Edition
from survey_app.analysis.frames import tidy
from survey_app.analysis.groups import form_groups, type_counts
from survey_app.analysis.open_texts import shuffled
from survey_app.analysis.response import Population
from survey_app.instrument.values import Answers
from tests.unit.analysis_records import ankieta, drawn, facts, simple

SMALL = Population(22, {"edukacja": 4, "kultura": 2, "sport": 1, "pomoc_spoleczna": 3})


def report(
    records: list[Answers],
    population: Population | None = SMALL,
    *,
    cleared: dict[str, list[str]] | None = None,
    anonymous: bool = True,
) -> Diagnoza:
    groups = form_groups(ankieta(), type_counts(ankieta(), records), 3, anonymous=anonymous)
    told = facts(anonymous=anonymous, invitations=population is not None)
    return build_diagnoza(Edition.PUBLIC, ankieta(), told, records, groups, population, cleared or {})


def told(diagnoza: Diagnoza) -> str:
    return " ".join(lines(diagnoza)).replace("\u00a0", " ")


def lines(diagnoza: Diagnoza) -> list[str]:
    return [line for part in diagnoza.summary for line in (*part.sentences, *part.points)]


def nine() -> list[Answers]:
    """A small gmina: three schools, six others; two doubt the need, three do not act yet."""
    needs = ["tak", "tak", "nie", "tak", "tak", "tak", "tak", "nie", "tak"]
    acts = ["tak", "nie", "tak", "nie", "tak", "tak", "nie", "tak", "tak"]
    joins = ["tak", "tak", "nie", "tak", "nie", "tak", "nie", "tak", "tak"]
    kinds = ["edukacja"] * 3 + [
        "kultura",
        "sport",
        "pomoc_spoleczna",
        "administracja",
        "zdrowie",
        "koscielna",
    ]
    return [
        simple(kind, p5=need, p7=act, p9=join, p6=["Świetlica"])
        for kind, need, act, join in zip(kinds, needs, acts, joins, strict=True)
    ]


def test_when_nobody_answers_the_summary_says_so_and_claims_nothing() -> None:
    diagnoza = report([])
    assert "nie otrzymaliśmy żadnej ankiety" in told(diagnoza)
    assert "Gotowość w całej gminie" not in told(diagnoza)
    assert diagnoza.response.rr1 == 0
    assert diagnoza.readiness
    assert diagnoza.readiness.rows[0].why_no_score == "Nikt nie odpowiedział."


def test_one_answer_is_counted_and_its_content_stays_hidden() -> None:
    diagnoza = report([simple("kultura", p5="tak", p7="tak", p9="tak")])
    assert "otrzymaliśmy 1 ankietę" in told(diagnoza)
    assert "TAK to" not in told(diagnoza)
    assert "Nie odpowiedziało 21 zaproszonych instytucji." in told(diagnoza)


def test_a_small_gminas_summary_says_what_nine_answers_carry() -> None:
    text = told(report(nine()))
    assert "Zaprosiliśmy 22 instytucje, otrzymaliśmy 9 ankiet, w tym 9 kompletnych." in text
    assert "Potrzeba (pytanie 5): TAK to 7 z 9 odpowiedzi (78%)." in text
    assert "od 32% do 91%" in text  # 7/22 and (7 + 22 - 9)/22
    assert "Działania dla partnerstwa: 9 z 9" in text
    assert "mniej niż połowa zaproszonych" in text


def test_with_an_open_link_there_is_no_rate_and_no_bounds_and_the_reason_is_given() -> None:
    diagnoza = report(nine(), None)
    assert diagnoza.response.rr1 is None
    assert diagnoza.response.invited is None
    assert "bez kontroli liczby odpowiedzi" in told(diagnoza)
    assert "Wśród wszystkich zaproszonych" not in told(diagnoza)
    assert diagnoza.readiness
    assert all(
        row.bounds is None and "otwartym adresie" in row.why_no_bounds for row in diagnoza.readiness.rows
    )
    assert "bez kontroli" in diagnoza.response.notes[0]


def test_more_answers_than_invitations_leave_no_bounds() -> None:
    diagnoza = report(nine(), Population(8))
    assert diagnoza.readiness
    assert diagnoza.readiness.rows[0].bounds is None
    assert "więcej niż zaproszonych" in diagnoza.readiness.rows[0].why_no_bounds


def test_four_answers_are_printed_as_counts_not_per_cents() -> None:
    records = [simple("kultura", p5=answer) for answer in ("tak", "tak", "tak", "nie")]
    diagnoza = report(records)
    assert "TAK to 3 z 4 odpowiedzi." in told(diagnoza)
    assert diagnoza.readiness
    assert diagnoza.readiness.rows[0].components[0].share is None


def test_the_lowest_component_speaks_only_for_those_who_answered() -> None:
    records = [simple("kultura", p5="tak", p7="tak" if n < 6 else "nie", p9="tak") for n in range(10)]
    text = told(report(records, None))
    assert "Wśród tych, którzy odpowiedzieli, najniższa składowa to „Działanie”." in text


def test_where_everyone_says_yes_no_component_is_called_the_lowest() -> None:
    records = [simple("kultura", p5="tak", p7="tak", p9="tak")] * 10
    assert "najniższa" not in told(report(records, None))


def test_cleared_texts_come_without_the_order_of_answers_or_of_the_alphabet() -> None:
    texts = [f"tekst {number:02}" for number in range(30)]
    assert shuffled(texts) == shuffled(texts[::-1])
    assert list(shuffled(texts)) not in (texts, texts[::-1])
    assert sorted(shuffled(texts)) == texts


def test_names_of_institutions_never_reach_an_anonymous_report() -> None:
    records = [simple("kultura", p1_wskazanie="GOK Przykładowa", p10="Zaufanie")] * 5
    diagnoza = report(records, cleared={"p1_wskazanie": ["GOK Przykładowa"], "p10": ["Zaufanie"]})
    shown = {result.question.id: result.texts for result in diagnoza.questions}
    assert shown["p10"] == ("Zaufanie",)
    assert shown["p1_wskazanie"] == ()


def test_the_frame_of_answers_holds_no_text() -> None:
    frame = tidy(ankieta(), [simple("inna", p6=["Sekretny pomysł"], p10="Sekret", p5="tak")])
    assert not frame.astype(str).apply(lambda column: column.str.contains("ekret")).any().any()
    filled = frame.set_index("question")["filled"]
    assert (filled["p6"], filled["p10"], filled["p8"]) == (1, 1, 0)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 9, 25])
@pytest.mark.parametrize("yes", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("anonymous", [True, False])
def test_a_report_can_be_built_of_any_campaign(count: int, yes: float, anonymous: bool) -> None:
    kinds = [option.id for option in ankieta().by_id["p1"].options]
    diagnoza = report(drawn(count, count, kinds, yes, 0.2), anonymous=anonymous)
    assert diagnoza.response.answered == count
    assert all(line.endswith((".", "?", "!", "”", ":")) for line in lines(diagnoza))
    assert "None" not in told(diagnoza)
    assert len(diagnoza.questions) == len(ankieta().questions)


def test_bounds_refuse_more_answers_than_people() -> None:
    with pytest.raises(ValueError, match="population"):
        share_bounds(3, 5, 4)


def test_ranges_that_touch_overlap() -> None:
    assert overlap(Bounds(0.1, 0.5), Bounds(0.5, 0.9))
    assert not overlap(Bounds(0.1, 0.4), Bounds(0.5, 0.9))
