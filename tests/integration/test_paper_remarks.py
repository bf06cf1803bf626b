"""Remarks on papers and their answers, papers under consultation, agreement in spite of remarks; points."""

from __future__ import annotations

import io
import re

import docx
import pytest
from flask import Flask

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.method import paper_files, paper_points, paper_remarks, papers
from survey_app.services.method.paper_points import RowPoints
from survey_app.services.method.papers import Content
from survey_app.services.register import catalogue
from survey_app.store import audit
from survey_app.web.app import create_app
from tests.coding_kit import GMINA, Team, add_team, closed_round
from tests.integration.staff import staff
from tests.paper_kit import offer_for_people

ANNA, JAN = "osoba1.060502@example.org", "osoba2.060502@example.org"
ROWS = [
    {"_id": "r1", "problem": "Brak dojazdu", "kogo": "seniorzy"},
    {"_id": "r2", "problem": "Brak pracy"},
]


@pytest.fixture(autouse=True)
def _definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    offer_for_people(monkeypatch)


@pytest.fixture
def team(context: Context) -> Team:
    return add_team(context, 3)


@pytest.fixture
def pact(context: Context, team: Team) -> int:
    return papers.start(context, GMINA, "umowa", Content({"cel": "Razem"}), "", team.coordinator).id


@pytest.fixture
def problems(context: Context, team: Team) -> int:
    content = Content(tables={"problemy": ROWS})
    return papers.start(context, GMINA, "problemy", content, "", team.coordinator).id


def pages(context: Context) -> Flask:
    app = create_app(context=context)
    app.testing = True
    return app


def say(context: Context, paper: int, text: str, who: int | None = None, actor: int | None = None) -> int:
    return paper_remarks.add(context, GMINA, paper, 1, text, who, actor)


def details(context: Context, action: str) -> list[str]:
    with context.database.reading() as session:
        return [one.detail for one in audit.events(session, gmina_code=GMINA) if one.action == action]


def test_remarks_wait_in_the_order_in_which_they_came_before_those_answered(
    context: Context, team: Team, pact: int
) -> None:
    first = say(context, pact, "Pierwsza", actor=team.people[1])
    assert say(context, pact, "Pierwsza", actor=team.people[1]) == first
    second = say(context, pact, "Druga\r\nlinia", team.stakeholders[2], team.coordinator)
    third = say(context, pact, "Trzecia")
    paper_remarks.answer(context, GMINA, pact, first, "partly", "Dopisano", team.coordinator)
    found = paper_remarks.remarks(context, GMINA, pact)
    assert [one.id for one in found] == [second, third, first]
    assert (found[0].said_by, found[0].text, found[0].made_by) == (
        "Instytucja 003",
        "Druga\nlinia",
        "Osoba 1",
    )
    assert (found[2].outcome, found[2].answer, found[2].answered_by) == ("partly", "Dopisano", "Osoba 1")
    assert [one.id for one in paper_remarks.waiting(context, GMINA, pact)] == [second, third]
    catalogue.mark_left(context, GMINA, team.stakeholders[2], None)
    found = paper_remarks.remarks(context, GMINA, pact)
    assert (found[0].said_by, found[0].in_catalogue) == ("Instytucja 003", False)


def test_what_is_no_remark_is_refused(context: Context, team: Team, pact: int, problems: int) -> None:
    for text in ("  ", "u" * 4001, "zły \x01 znak"):
        with pytest.raises(InvalidInputError) as refused:
            say(context, pact, text)
        assert [fault.where for fault in refused.value.faults] == ["text"]
    with pytest.raises(NotFoundError):
        paper_remarks.add(context, GMINA, pact, 7, "Do wersji, której nie ma", None, None)
    with pytest.raises(NotFoundError):
        say(context, pact, "Ktoś spoza gminy", 999)
    with pytest.raises(NotFoundError, match="tylko zespół"):
        say(context, problems, "Z zewnątrz", team.stakeholders[0])
    assert say(context, problems, "Zespołu")
    papers.withdraw(context, GMINA, pact, None)
    with pytest.raises(ConflictError):
        say(context, pact, "Za późno")
    assert paper_remarks.remarks(context, GMINA, pact) == []


def test_an_answer_is_corrected_and_the_trace_keeps_the_earlier_one(
    context: Context, team: Team, pact: int
) -> None:
    one = say(context, pact, "Uwaga")
    for outcome, words, where in (("", "słowa", "outcome"), ("accepted", " ", "answer")):
        with pytest.raises(InvalidInputError) as refused:
            paper_remarks.answer(context, GMINA, pact, one, outcome, words, None)
        assert [fault.where for fault in refused.value.faults] == [where]
    paper_remarks.answer(context, GMINA, pact, one, "rejected", "Nie, bo nie", None)
    with pytest.raises(ConflictError, match="w tym czasie odpowiedział"):
        paper_remarks.answer(context, GMINA, pact, one, "accepted", "Tak", None)
    (held,) = paper_remarks.remarks(context, GMINA, pact)
    seen = paper_remarks.answer_mark(held.answered_at)
    paper_remarks.answer(context, GMINA, pact, one, "accepted", "Jednak tak", None, seen)
    (held,) = paper_remarks.remarks(context, GMINA, pact)
    assert (held.outcome, held.answer) == ("accepted", "Jednak tak")
    told = " ".join(details(context, "paper_remark_answered"))
    assert "wcześniej nieuwzględniona: Nie, bo nie" in told


def test_remarks_on_pages_with_the_codes_of_the_last_closed_round(
    context: Context, team: Team, pact: int
) -> None:
    first, second, third = team.stakeholders
    closed_round(context, team, {first: "zwolennik", second: "przeciwnik", third: "przeciwnik"})
    app = pages(context)
    anna, jan = staff(app, ANNA), staff(app, JAN)
    base = f"/panel/{GMINA}/pisma/{pact}/uwagi"
    page = jan.get(base)
    assert "Instytucja 001 (Zwolennik)" in page
    assert re.search(r"Instytucja 002 \(Przeciwnik", page)
    lost = jan.send(base, {"number": "1", "text": "", "stakeholder_id": str(second)})
    assert lost.status_code == 422
    assert "Prosimy wpisać uwagę" in lost.text
    typed = {"number": "1", "text": "Za krótko <b>", "stakeholder_id": str(second)}
    assert jan.send(base, typed).status_code == 303
    assert "Bez odpowiedzi: 1\u00a0uwaga" in jan.get(base)
    assert "Za krótko &lt;b&gt;" in jan.get(base)
    (one,) = paper_remarks.remarks(context, GMINA, pact)
    assert jan.client.get(f"{base}/{one.id}").status_code == 403
    half = anna.send(f"{base}/{one.id}", {"answer": "Wydłużono", "before": ""})
    assert half.status_code == 422
    assert "Wydłużono" in half.text
    sent = {"answer": "Wydłużono", "outcome": "accepted", "before": ""}
    assert anna.send(f"{base}/{one.id}", sent).status_code == 303
    crossed = anna.send(f"{base}/{one.id}", {**sent, "answer": "Inaczej"})
    assert crossed.status_code == 422
    assert "Wydłużono" in crossed.text
    assert "Inaczej" in crossed.text
    assert "Na każdą uwagę jest odpowiedź" in jan.get(base)


def test_a_paper_goes_to_consultation_and_says_so_on_paper(context: Context, team: Team, pact: int) -> None:
    app = pages(context)
    anna = staff(app, ANNA)
    base = f"/panel/{GMINA}/pisma/{pact}"
    assert "Dać pismo do konsultacji?" in anna.get(f"{base}/konsultacje")
    for _ in range(2):
        assert anna.send(f"{base}/konsultacje").status_code == 303
    assert "w konsultacjach" in anna.get(base)
    words = " ".join(
        docx.Document(io.BytesIO(paper_files.docx(context, GMINA, pact))).element.body.itertext()
    )
    assert "projekt do konsultacji, wersja 1" in words
    papers.save(context, GMINA, pact, 1, Content({"cel": "Inaczej"}), None)
    assert anna.send(f"{base}/konsultacje/koniec").status_code == 303
    assert papers.view(context, GMINA, pact).paper.state == "draft"
    assert "projekt do konsultacji" not in str(
        docx.Document(io.BytesIO(paper_files.docx(context, GMINA, pact)))
    )
    assert details(context, "paper_consulted") == [""]
    papers.agree(context, GMINA, pact, 2, context.today(), None)
    with pytest.raises(ConflictError):
        paper_remarks.consult(context, GMINA, pact, None)


def test_agreement_in_spite_of_remarks_names_them_first(context: Context, team: Team, pact: int) -> None:
    one = say(context, pact, "Proszę dopisać termin", team.stakeholders[1])
    anna = staff(pages(context), ANNA)
    address = f"/panel/{GMINA}/pisma/{pact}/uzgodnienie"
    typed: dict[str, object] = {"number": "1", "agreed_on": "2026-11-02"}
    asked = anna.send(address, typed)
    assert asked.status_code == 422
    assert "Instytucja 002: Proszę dopisać termin" in asked.text
    typed |= {"uwaga": [str(one)], "mimo_uwag": "1"}
    say(context, pact, "Druga, której strona nie pokazała")
    again = anna.send(address, typed)
    assert again.status_code == 422
    assert "Druga, której strona nie pokazała" in again.text
    assert papers.view(context, GMINA, pact).paper.state == "draft"
    assert anna.send(address, {**typed, "uwaga": [str(one), str(one + 1)]}).status_code == 303
    assert papers.view(context, GMINA, pact).paper.state == "agreed"


def give(context: Context, paper: int, person: int, **points: int | None) -> int:
    return paper_points.give(context, papers.view(context, GMINA, paper), points, person, GMINA)


def told(context: Context, paper: int, person: int) -> list[RowPoints]:
    return paper_points.rows(context, papers.view(context, GMINA, paper), person)


def figures(context: Context, paper: int, person: int) -> list[tuple[int | None, ...]]:
    return [(one.mine, one.givers, one.median, one.low, one.high) for one in told(context, paper, person)]


def test_points_are_given_alone_and_told_from_three_on(context: Context, team: Team, problems: int) -> None:
    first, second, third = team.people
    give(context, problems, first, r1=5, r2=1)
    give(context, problems, second, r1=2)
    assert figures(context, problems, first) == [(5, 2, None, None, None), (1, 1, None, None, None)]
    assert figures(context, problems, third) == [(None, 2, None, None, None), (None, 1, None, None, None)]
    give(context, problems, third, r1=3)
    assert figures(context, problems, second)[0] == (2, 3, 3, 2, 5)
    give(context, problems, second, r1=4)
    assert figures(context, problems, second)[0] == (4, 3, 4, 3, 5)
    give(context, problems, second, r1=None)
    assert figures(context, problems, second)[0] == (None, 2, None, None, None)
    assert "5" not in " ".join(details(context, "paper_points_given"))


def test_the_lower_median_of_an_even_number(context: Context, problems: int) -> None:
    with_four = paper_points._row_points("r1", (), {1: 5, 2: 1, 3: 2, 4: 4}, 1)
    assert (with_four.median, with_four.low, with_four.high) == (2, 1, 5)


def test_rows_that_went_are_not_shown_and_not_forgotten(context: Context, team: Team, problems: int) -> None:
    first = team.coordinator
    give(context, problems, first, r1=5, r2=1)
    papers.save(context, GMINA, problems, 1, Content(tables={"problemy": ROWS[1:]}), first)
    assert [one.row_id for one in told(context, problems, first)] == ["r2"]
    assert give(context, problems, first, r1=4, r2=2) == 1
    papers.save(context, GMINA, problems, 2, Content(tables={"problemy": ROWS}), first)
    assert figures(context, problems, first) == [(5, 1, None, None, None), (2, 1, None, None, None)]
    with pytest.raises(InvalidInputError):
        give(context, problems, first, r1=6)
    papers.agree(context, GMINA, problems, 3, context.today(), first)
    with pytest.raises(ConflictError):
        give(context, problems, first, r1=1)
    assert figures(context, problems, first)[0][0] == 5


def test_points_on_the_page(context: Context, team: Team, problems: int, pact: int) -> None:
    app = pages(context)
    anna, jan = staff(app, ANNA), staff(app, JAN)
    address = f"/panel/{GMINA}/pisma/{problems}/punkty"
    assert anna.send(address, {"punkty-r1": "5", "punkty-r2": ""}).status_code == 303
    wrong = jan.send(address, {"punkty-r1": "9", "punkty-r2": "3"})
    assert wrong.status_code == 422
    assert "od 1 do 5 punktów" in wrong.text
    assert jan.send(address, {"punkty-r1": "4", "punkty-dawny": "3"}).status_code == 303
    page = jan.get(address)
    assert "Punkty dały 2\u00a0osoby" in page
    assert re.search(r'value="4" selected', page)
    assert 'value="5" selected' not in page
    assert "Mediana dolna:" not in page
    assert "Punktów do 1\u00a0wiersza nie zapisano" in page
    assert jan.client.get(f"/panel/{GMINA}/pisma/{pact}/punkty").status_code == 404
