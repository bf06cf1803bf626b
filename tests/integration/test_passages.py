"""Passages on both stores: where they begin and end, who sees whose, what stays for agreement, what is carried over."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.models import Excerpt, ExcerptTheme, InterviewText
from survey_app.services.context import Context
from survey_app.services.interviewing import (
    carry_passages,
    coders,
    interview_texts,
    interviews,
    passage_views,
    passages,
    theme_agreement,
    themes,
)
from survey_app.services.interviewing.compose_text import BETWEEN_NOTES, Run, compose
from survey_app.services.interviewing.interview_rules import require_interview
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.passages import CodedPassage, PassageDraft
from survey_app.store import excerpts
from tests.coding_rows import id_of
from tests.excerpt_rows import Talk, a_talk, an_excerpt
from tests.integration.staff import GMINA, OTHER_GMINA, people, staff

FIRST = "Znamy to 🙂 partnerstwo.\nDrugi wiersz."
SECOND = "Rodziny z gmi\u0301ny przychodzą."
THIRD = "Pomogłabym chętnie."
RUNS = [
    Run(FIRST, "A", "p1_1", note="a" * 32),
    Run(SECOND, "B", "p1_1", note="b" * 32),
    Run(THIRD, "A", "p2_1", True, note="c" * 32),
]


@dataclass(frozen=True)
class Coding:
    """An FGI of two, with Anna and Jan to code it."""

    context: Context
    talk: Talk
    anna: int
    jan: int
    themes: tuple[int, ...]

    @property
    def interview(self) -> Interview:
        return interviews.interview(self.context, GMINA, self.talk.interview_id)

    def text(self) -> InterviewText:
        with self.context.database.reading() as session:
            return session.get_one(InterviewText, self.talk.text_id)

    def draft(self, *words: str, theme: int = 0, **more: str) -> PassageDraft:
        text = self.text()
        runs = tuple((text.text.index(each), text.text.index(each) + len(each)) for each in words)
        return PassageDraft(runs, frozenset({self.themes[theme]}), sha256=text.sha256, **more)

    def add(self, who: int, *words: str, theme: int = 0, **more: str) -> list[int]:
        draft = self.draft(*words, theme=theme, **more)
        return passages.add(self.context, GMINA, self.talk.interview_id, self.talk.text_id, draft, who)

    def finish(self, who: int) -> None:
        passages.finish(self.context, GMINA, self.talk.interview_id, self.talk.text_id, who)

    def coded(self) -> list[CodedPassage]:
        with self.context.database.reading() as session:
            return passages.coded(session, GMINA)

    def seen_by(self, who: int) -> set[str]:
        view = passage_views.text_view(self.context, GMINA, self.interview, self.talk.text_id, who)
        return {one.words for one in view.passages}


def a_coding(context: Context) -> Coding:
    people(context)
    anna, jan = id_of(context, "anna@example.org"), id_of(context, "jan@example.org")
    talk = a_talk(context, GMINA, {"A": None, "B": None}, RUNS, form="fgi", moderator_id=anna)
    return Coding(context, talk, anna, jan, tuple(node.id for node in themes.tree(context, GMINA)))


@pytest.fixture
def coding(context: Context) -> Coding:
    return a_coding(context)


def test_a_passage_knows_its_words_speaker_and_question(coding: Coding) -> None:
    coding.add(coding.anna, "🙂 partnerstwo.\nDrugi", memo=" O sieci. ")
    (one,) = coding.coded()
    assert (one.words, one.letter, one.question_id, one.memo) == (
        "🙂 partnerstwo.\nDrugi",
        "A",
        "p1_1",
        "O sieci.",
    )
    assert (one.form, one.text_kind, one.role, one.may_be_evidence, one.latest) == (
        "fgi",
        "notes",
        "manages",
        True,
        True,
    )
    assert one.start == 9, "an emoji is one"


def test_a_passage_of_two_speakers_is_nobodys_alone(coding: Coding) -> None:
    coding.add(coding.anna, f"wiersz.{BETWEEN_NOTES}Rodziny")
    coding.add(coding.anna, f"przychodzą.{BETWEEN_NOTES}Pomogłabym")
    assert [(one.letter, one.seat_id, one.question_id) for one in coding.coded()] == [
        (None, None, "p1_1"),
        (None, None, ""),
    ]
    assert not any(one.may_be_evidence for one in coding.coded())


def test_a_letter_is_not_cut_from_its_accent(coding: Coding) -> None:
    start = coding.text().text.index("i\u0301")
    draft = PassageDraft(
        ((start - 2, start + 1),), frozenset({coding.themes[0]}), sha256=coding.text().sha256
    )
    passages.add(coding.context, GMINA, coding.talk.interview_id, coding.talk.text_id, draft, coding.anna)
    assert coding.coded()[0].words == "gmi\u0301"


def test_runs_apart_become_passages_apart(coding: Coding) -> None:
    assert len(coding.add(coding.anna, "Znamy", "to 🙂", "przychodzą.")) == 2
    assert [one.words for one in coding.coded()] == ["Znamy to 🙂", "przychodzą."]


def test_the_same_run_again_gets_the_new_theme_too(coding: Coding) -> None:
    first = coding.add(coding.anna, "Znamy", memo="Raz.")
    assert coding.add(coding.anna, "Znamy", theme=1, memo="Dwa.") == first
    (one,) = coding.coded()
    assert set(one.theme_ids) == set(coding.themes[:2])
    assert one.memo == "Raz.\nDwa."


@pytest.mark.parametrize("run", [(0, 0), (5, 3), (0, 10**6), (8, 9), (-3, 4)])
def test_no_passage_outside_the_text_or_of_nothing(coding: Coding, run: tuple[int, int]) -> None:
    draft = PassageDraft((run,), frozenset({coding.themes[0]}), sha256=coding.text().sha256)
    with pytest.raises(InvalidInputError) as refused:
        passages.add(coding.context, GMINA, coding.talk.interview_id, coding.talk.text_id, draft, coding.anna)
    assert [fault.where for fault in refused.value.faults] == ["runs"]


def test_faults_of_a_passage(coding: Coding) -> None:
    text, foreign = coding.text(), themes.tree(coding.context, OTHER_GMINA)[0].id
    themes.retire(coding.context, GMINA, coding.themes[3], None)
    place = (GMINA, coding.talk.interview_id, coding.talk.text_id)
    for given, memo, words, where in (
        (set(), "", "", "themes"),
        ({foreign}, "", "", "themes"),
        ({coding.themes[3]}, "", "", "themes"),
        ({coding.themes[0]}, "m" * 5001, "", "memo"),
        ({coding.themes[0]}, "", "Inne słowa", "runs"),
    ):
        draft = PassageDraft(((0, 5),), frozenset(given), memo, text.sha256, words)
        with pytest.raises(InvalidInputError) as refused:
            passages.add(coding.context, *place, draft, coding.anna)
        assert [fault.where for fault in refused.value.faults] == [where]
    stale = PassageDraft(((0, 5),), frozenset({coding.themes[0]}), sha256="0" * 64)
    with pytest.raises(ConflictError):
        passages.add(coding.context, *place, stale, coding.anna)
    assert coding.coded() == []


def test_others_passages_are_seen_by_who_has_finished(coding: Coding) -> None:
    coding.add(coding.anna, "Znamy")
    coding.add(coding.jan, "Rodziny")
    assert coding.seen_by(coding.anna) == {"Znamy"}
    coding.finish(coding.anna)
    assert coding.seen_by(coding.anna) == {"Znamy"}, "Jan has not finished"
    assert coding.seen_by(coding.jan) == {"Rodziny"}
    with pytest.raises(ConflictError):
        theme_agreement.of_text(coding.context, GMINA, coding.interview, coding.talk.text_id, coding.jan)
    coding.finish(coding.jan)
    assert coding.seen_by(coding.anna) == coding.seen_by(coding.jan) == {"Znamy", "Rodziny"}


def test_back_to_coding_only_while_there_was_nothing_to_see(coding: Coding) -> None:
    place = (coding.context, GMINA, coding.talk.interview_id, coding.talk.text_id)
    coding.finish(coding.anna)
    passages.reopen(*place, coding.anna)
    coding.add(coding.jan, "Znamy")
    coding.finish(coding.jan)
    assert coding.seen_by(coding.anna) == set()
    coding.finish(coding.anna)
    with pytest.raises(ConflictError):
        passages.reopen(*place, coding.anna)


def test_agreement_counts_what_was_chosen_before_the_others_were_seen(coding: Coding) -> None:
    coding.add(coding.anna, "Znamy", theme=0)
    coding.add(coding.anna, "Pomogłabym", theme=1)
    coding.add(coding.jan, "Drugi", theme=0)
    (jans,) = coding.add(coding.jan, "chętnie", theme=2)
    coding.finish(coding.anna)
    coding.finish(coding.jan)

    def found() -> theme_agreement.TextAgreement:
        return theme_agreement.of_text(
            coding.context, GMINA, coding.interview, coding.talk.text_id, coding.anna
        )

    before = found()
    # Two questions, three themes: both gave theme 0 to p1_1; to p2_1 Anna 1 and Jan 2. N_1 = 4 of 12 values:
    # alpha = 1 - 11 * 2 / (8 * 4).
    assert before.whole.alpha == pytest.approx(1 - 22 / 32)
    assert (before.whole.units, before.whole.both, before.whole.one) == (6, 1, 2)
    (place,) = before.differences
    assert [(node.id, names) for node, names in place.themes] == [
        (coding.themes[1], ("Anna Zając",)),
        (coding.themes[2], ("Jan Łoś",)),
    ]
    # Jan now agrees with Anna: the tables see that, the agreement does not.
    changed = passages.change(
        coding.context, GMINA, coding.talk.interview_id, jans, frozenset({coding.themes[1]}), "", coding.jan
    )
    coding.add(coding.jan, "Rodziny", theme=3)
    passages.remove(
        coding.context, GMINA, coding.talk.interview_id, coding.coded()[0].excerpt_id, coding.anna
    )
    after = found()
    assert (after.whole, after.coders) == (before.whole, before.coders)
    assert [[chosen.coder for chosen in one.coders] for one in after.differences] == [
        ["Anna Zając", "Jan Łoś"]
    ]
    assert [[len(chosen.passages) for chosen in one.coders] for one in after.differences] == [[1, 1]]
    assert changed != jans
    assert sorted(one.words for one in coding.coded()) == ["Drugi", "Pomogłabym", "Rodziny", "chętnie"]
    pooled = theme_agreement.of_gmina(coding.context, GMINA)
    assert (pooled.texts, pooled.whole) == (1, before.whole)


def test_who_marked_nothing_is_not_compared(coding: Coding) -> None:
    coding.add(coding.anna, "Znamy")
    coding.finish(coding.anna)
    coding.finish(coding.jan)
    found = theme_agreement.of_text(coding.context, GMINA, coding.interview, coding.talk.text_id, coding.anna)
    assert found.coders == ("Anna Zając",)
    assert found.whole.alpha is None


def test_a_passage_that_its_coder_removes_is_not_there_and_its_number_not_given_again(coding: Coding) -> None:
    """Its row stays, whether or not evidence points at it: that must not show."""
    (number,) = coding.add(coding.anna, "Znamy", memo="Notatka")
    place = (coding.context, GMINA, coding.talk.interview_id, number)
    with pytest.raises(NotFoundError):  # somebody else's
        passages.remove(*place, coding.jan)
    passages.remove(*place, coding.anna)
    with pytest.raises(NotFoundError):  # no longer there
        passages.remove(*place, coding.anna)
    assert coding.coded() == []
    assert coding.seen_by(coding.anna) == set()
    assert themes.tree(coding.context, GMINA)[0].used == 0
    assert coding.add(coding.anna, "Znamy") != [number]


def test_what_is_left_of_a_passage_whose_words_are_gone(coding: Coding) -> None:
    (number,) = coding.add(coding.anna, "Znamy", memo="Notatka")
    with coding.context.database.transaction() as session:
        excerpts.remove(session, session.get_one(Excerpt, number), coding.context.clock())
    with coding.context.database.reading() as session:
        row = session.get_one(Excerpt, number)
        assert row.removed_at is not None
        assert (row.memo, row.seat_id, row.question_id, row.start_at, row.end_at) == ("", None, "", 0, 1)
        assert session.query(ExcerptTheme).count() == 0
    assert coding.coded() == []


def test_when_a_person_withdraws_passages_behind_move_and_the_persons_go(coding: Coding) -> None:
    kept = coding.add(coding.anna, "Znamy", "Pomogłabym")
    coding.add(coding.anna, "Rodziny", "wiersz")
    across = coding.add(coding.jan, f"wiersz.{BETWEEN_NOTES}Rodziny")
    aside = coding.add(coding.jan, "przychodzą.")
    coding.finish(coding.jan)
    passages.remove(coding.context, GMINA, coding.talk.interview_id, aside[0], coding.jan)
    with coding.context.database.transaction() as session:
        interview = require_interview(session, GMINA, coding.talk.interview_id, alone=True)
        assert interview_texts.cut_letter(coding.context, session, interview, "B") == 1
    assert [one.words for one in coding.coded()] == ["Znamy", "wiersz", "Pomogłabym"]
    assert {one.excerpt_id for one in coding.coded()} >= set(kept)
    with coding.context.database.reading() as session:
        for number in (*across, *aside):
            row = excerpts.get(session, number)
            assert row is not None
            assert row.removed_at is not None, "what was set aside goes, too"
    with coding.context.database.transaction() as session:
        interview = require_interview(session, GMINA, coding.talk.interview_id, alone=True)
        interview_texts.cut_letter(coding.context, session, interview, None)
    assert coding.coded() == []


def a_second_version(coding: Coding, runs: list[Run]) -> int:
    composed = compose(runs, BETWEEN_NOTES)
    with coding.context.database.transaction() as session:
        row = InterviewText(
            interview_id=coding.talk.interview_id,
            kind="notes",
            number=2,
            text=composed.text,
            segments=composed.columns,
            sha256=composed.sha256,
            created_at=coding.context.clock(),
        )
        session.add(row)
        session.flush()
        return row.id


def test_passages_are_carried_into_the_next_version_where_notes_are_the_same(coding: Coding) -> None:
    coding.add(coding.anna, "partnerstwo.\nDrugi", memo="O sieci.")
    coding.add(coding.anna, "Rodziny")
    coding.add(coding.jan, "Znamy")
    new = Run("Dopisane na początku.", "A", "p1_1", note="d" * 32)
    other = Run("Rodziny nie przychodzą.", "B", "p1_1", note="b" * 32)
    version = a_second_version(coding, [new, RUNS[0], other, RUNS[2]])
    view = passage_views.text_view(coding.context, GMINA, coding.interview, version, coding.anna)
    assert view.carry is not None
    assert (view.carry.from_number, view.carry.same, view.carry.other) == (1, 1, ("Rodziny",))
    place = (coding.context, GMINA, coding.talk.interview_id, version)
    assert carry_passages.carry(*place, coding.anna) == 1
    assert carry_passages.carry(*place, coding.anna) == 0, "not twice"
    (carried,) = [one for one in coding.coded() if one.text_id == version]
    assert (carried.words, carried.memo, carried.letter) == ("partnerstwo.\nDrugi", "O sieci.", "A")
    assert {one.latest for one in coding.coded() if one.text_id != version} == {False}
    assert (
        passage_views.text_view(coding.context, GMINA, coding.interview, version, coding.anna).carry is None
    )
    with pytest.raises(NotFoundError):
        carry_passages.carry(*place, id_of(coding.context, "maria@example.org"))


def test_a_passage_that_is_evidence_is_set_aside_and_not_bared(coding: Coding) -> None:
    number = an_excerpt(coding.context, coding.talk, "Pomogłabym", coding.anna)
    with coding.context.database.transaction() as session:
        row = session.get_one(Excerpt, number)
        excerpts.set_aside(session, row, coding.context.clock(), independent=False)
    assert coding.coded() == []
    with coding.context.database.reading() as session:
        there = session.get_one(Excerpt, number)
        assert (there.removed_at, there.independent) == (None, False)
        assert there.end_at - there.start_at == len("Pomogłabym")


def test_coders_are_given_an_interview_and_lose_it(coding: Coding) -> None:
    place = (coding.context, GMINA, coding.talk.interview_id)
    assert coding.jan in {one.id for one in coders.choices(coding.context, coding.interview)}
    assert coding.anna not in {one.id for one in coders.choices(coding.context, coding.interview)}, (
        "moderates"
    )
    coders.assign(*place, coding.jan, None)
    coders.assign(*place, coding.jan, None)
    assert [one.name for one in coders.coders(coding.context, coding.interview)] == ["Jan Łoś"]
    with pytest.raises(InvalidInputError):
        coders.assign(*place, id_of(coding.context, "obcy@example.org"), None)
    coders.unassign(*place, coding.jan, None)
    with pytest.raises(NotFoundError):
        coders.unassign(*place, coding.jan, None)


def test_pages_of_passages(app: Flask, sqlite_context: Context) -> None:
    """Jan is refused until he is given the interview; then he marks, changes, finishes and compares."""
    anna, jan = id_of(sqlite_context, "anna@example.org"), id_of(sqlite_context, "jan@example.org")
    talk = a_talk(sqlite_context, GMINA, {"A": None, "B": None}, RUNS, form="fgi", moderator_id=anna)
    tree = [node.id for node in themes.tree(sqlite_context, GMINA)]
    coding = Coding(sqlite_context, talk, anna, jan, tuple(tree))
    coding.add(anna, "Znamy", memo="Słowa Anny")
    coding.finish(anna)
    address = f"/panel/{GMINA}/wywiady/{talk.interview_id}/tematy"
    his, hers = staff(app, "jan@example.org"), staff(app, "anna@example.org")
    his.get(f"{address}/{talk.text_id}", 404)
    hers.get(f"{address}/koderzy")
    assert hers.send(f"{address}/koderzy", {"person": str(jan)}).status_code == 303
    assert f"{address}/{talk.text_id}" in his.get(f"/panel/{GMINA}/wywiady/tematy")
    page = his.get(f"{address}/{talk.text_id}")
    assert "Słowa Anny" not in page
    assert "Skończyli już: Anna Zając" in page
    sha = coding.text().sha256
    refused = his.send(
        f"{address}/{talk.text_id}", {"start": "0", "end": "5", "sha256": sha, "memo": "Moje słowa"}
    )
    assert refused.status_code == 422
    assert "Prosimy wybrać co najmniej jeden temat" in refused.text
    assert "Moje słowa" in refused.text
    typed = {"start": "0", "end": "5", "words": "Znamy", "sha256": sha, "themes": str(tree[0])}
    made = his.send(f"{address}/{talk.text_id}", typed)
    assert made.status_code == 303
    number = made.location.rpartition("-")[2]
    his.get(f"{address}/fragmenty/{number}")
    change = {"themes": [str(tree[0]), str(tree[1])], "memo": "Zmienione"}
    assert his.send(f"{address}/fragmenty/{number}", change).status_code == 303
    hers.get(f"{address}/fragmenty/{number}", 404)
    his.get(f"{address}/{talk.text_id}")
    assert his.client.get(f"{address}/{talk.text_id}/zgodnosc").status_code == 303, "not yet"
    his.send(f"{address}/{talk.text_id}/koniec")
    assert "Słowa Anny" in his.get(f"{address}/{talk.text_id}")
    assert "Miejsca, w których koderzy się różnią" in his.get(f"{address}/{talk.text_id}/zgodnosc")
    assert "alfa Krippendorffa" in hers.get(f"/panel/{GMINA}/wywiady/tematy/zgodnosc")
    hers.get(f"{address}/koderzy")
    assert hers.send(f"{address}/koderzy/{jan}").status_code == 303
    his.get(f"{address}/{talk.text_id}", 404)
