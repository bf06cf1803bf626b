"""Passages of interviews as evidence. METHOD, "IDI and FGI": only with the second yes, only of the institution's own
people, never before the eyes of who represents it; and what is taken back is gone everywhere but for its number.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from survey_app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from survey_app.models import Excerpt
from survey_app.services import accounts, gminas
from survey_app.services.coding import (
    agree,
    coding_history,
    coding_results,
    evidence,
    excerpt_evidence,
)
from survey_app.services.coding.evidence import EvidenceDraft
from survey_app.services.context import Context
from survey_app.services.interviewing import passages, withdraw
from survey_app.services.interviewing.compose_text import Run
from survey_app.services.register import catalogue, merge_catalogue
from survey_app.store import excerpts, people
from tests import coding_kit as kit
from tests.campaign_kit import GMINA
from tests.excerpt_rows import Talk, a_talk, an_excerpt, answer_second

OTHER = "060505"
WORDS = "Salę 🏫 damy e\u0301 za darmo 👩‍👩‍👧, co tydzień."
BEFORE, AFTER = "Pytał wójt. ", " I tyle."
SAID_BY_B = "Ludzi do pracy nie mamy."


class Scene:
    """A round of three institutions. Letter A speaks for the first one, B in the group for the second one.

    People: the coordinator, and three members.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.team = kit.add_team(context, 3, 4)
        self.first, self.second, self.third = self.team.stakeholders
        self.anna, self.jan, self.maria, self.piotr = self.team.people
        self.idi = a_talk(
            context,
            GMINA,
            {"A": self.first},
            [Run("Uwaga moderatora.", None), Run(f"{BEFORE}{WORDS}{AFTER}", "A", "slyszal", quotation=True)],
        )
        self.fgi = a_talk(
            context,
            GMINA,
            {"A": self.first, "B": self.second},
            [Run("W grupie mówię to samo.", "A"), Run(SAID_BY_B, "B"), Run("Ogólny gwar.", None)],
            form="fgi",
        )
        self.excerpt = an_excerpt(context, self.idi, WORDS, self.jan)

    def open_round(self) -> int:
        return kit.open_round(self.context, self.team).id

    def laid_open(self) -> int:
        return kit.laid_open_round(self.context, self.team).id

    def draft(self, excerpt_id: int | None = None) -> EvidenceDraft:
        return EvidenceDraft("excerpt", str(excerpt_id or self.excerpt))

    def rate_with(self, round_id: int, draft: EvidenceDraft, person: int = 0, about: int = 0) -> int:
        return evidence.attach_to_rating(
            self.context, GMINA, round_id, person or self.jan, about or self.first, "wplyw", draft
        )

    def decide_with(self, round_id: int, draft: EvidenceDraft | None = None) -> int:
        """A decision on the first institution that leans on the passage; its id."""
        decided = agree.decide(
            self.context, GMINA, round_id, self.first, "zwolennik", "Dali salę.", self.anna
        )
        evidence.attach_to_decision(self.context, GMINA, decided.id, draft or self.draft(), self.anna)
        return decided.id

    def offered(self, person: int = 0, about: int = 0) -> list[str]:
        found = evidence.offered(self.context, GMINA, person or self.jan, about or self.first)
        return [one.words for one in found.excerpts]

    def withdraw(self, talk: Talk | None = None, letter: str = "A") -> None:
        withdraw.withdraw(self.context, GMINA, (talk or self.idi).interview_id, letter, self.anna)

    def read(self, person: int, excerpt_id: int = 0) -> excerpt_evidence.ExcerptReading:
        return excerpt_evidence.reading(self.context, GMINA, excerpt_id or self.excerpt, person)


@pytest.fixture
def scene(context: Context) -> Scene:
    return Scene(context)


def refused(scene: Scene, round_id: int, draft: EvidenceDraft, words: str, about: int = 0) -> None:
    with pytest.raises(InvalidInputError, match=words):
        scene.rate_with(round_id, draft, about=about)
    with scene.context.database.reading() as session:
        of_ratings, _ = evidence.of_round(session, round_id)
    assert of_ratings == {}


def test_a_passage_is_offered_whole_and_a_rating_points_at_it(scene: Scene) -> None:
    round_id = scene.open_round()
    offered = evidence.offered(scene.context, GMINA, scene.jan, scene.first)
    (choice,) = offered.excerpts
    assert (choice.words, choice.literal) == (WORDS, True), (
        "emoji and combining letters stand where they stood"
    )
    assert "wywiad indywidualny (IDI)" in choice.told
    assert "zarządza" in choice.told
    number = scene.rate_with(round_id, evidence.draft_of_choice(choice.value, ""))
    assert scene.rate_with(round_id, scene.draft()) == number
    with scene.context.database.reading() as session:
        (views,) = evidence.of_own_ratings(session, round_id, scene.jan).values()
    (view,) = views
    assert (view.words, view.excerpt_id, view.gone) == (
        f"fragment wywiadu nr {scene.excerpt}",
        scene.excerpt,
        False,
    )
    evidence.detach(scene.context, GMINA, number, scene.jan)
    with scene.context.database.reading() as session:
        assert evidence.of_own_ratings(session, round_id, scene.jan) == {}


def test_only_what_its_own_people_said_is_offered_for_an_institution(scene: Scene) -> None:
    """The second yes is to the code of one's own institution."""
    of_b = an_excerpt(scene.context, scene.fgi, SAID_BY_B, scene.jan)
    assert scene.offered(about=scene.first) == [WORDS]
    assert scene.offered(about=scene.second) == [SAID_BY_B]
    assert scene.offered(about=scene.third) == []
    round_id = scene.open_round()
    refused(scene, round_id, scene.draft(of_b), "z innej instytucji")
    scene.rate_with(round_id, scene.draft(of_b), about=scene.second)


@pytest.mark.parametrize("second_yes", [None, False])
def test_without_a_second_yes_a_passage_is_no_evidence(scene: Scene, second_yes: bool | None) -> None:
    talk = a_talk(scene.context, GMINA, {"A": scene.first}, [Run("Bez zgody.", "A")], second_yes=second_yes)
    silent = an_excerpt(scene.context, talk, "Bez zgody.", scene.jan)
    assert scene.offered() == [WORDS]
    refused(scene, scene.open_round(), scene.draft(silent), "nie ma na to zgody")
    assert scene.read(scene.anna, silent).words is None


def test_a_passage_over_two_letters_or_of_the_moderator_is_nobodys_evidence(scene: Scene) -> None:
    both = an_excerpt(scene.context, scene.fgi, "to samo.\n\nLudzi", scene.jan)
    nobodys = an_excerpt(scene.context, scene.fgi, "Ogólny gwar.", scene.jan)
    moderators = an_excerpt(scene.context, scene.idi, "Uwaga moderatora.", scene.jan)
    assert scene.offered(about=scene.first) == [WORDS]
    assert scene.offered(about=scene.second) == []
    round_id = scene.open_round()
    for excerpt_id in (both, nobodys, moderators):
        refused(scene, round_id, scene.draft(excerpt_id), "nie może być dowodem")


def test_another_gminas_passage_does_not_exist(scene: Scene) -> None:
    gminas.seed_pilot_gminas(scene.context)
    draft = catalogue.StakeholderDraft(name="Obca", sector="edukacja", internal=True)
    foreign = catalogue.add_stakeholder(scene.context, OTHER, draft, None)
    talk = a_talk(scene.context, OTHER, {"A": foreign.id}, [Run("Z daleka.", "A")])
    excerpt_id = an_excerpt(scene.context, talk, "Z daleka.", scene.jan)
    refused(scene, scene.open_round(), scene.draft(excerpt_id), "Nie ma takiego fragmentu")
    with pytest.raises(NotFoundError):
        scene.read(scene.anna, excerpt_id)
    assert excerpt_evidence.open_to(scene.context, GMINA, scene.anna, [excerpt_id]) == frozenset()


def test_a_passage_takes_no_note_for_it_would_stay(scene: Scene) -> None:
    round_id = scene.open_round()
    refused(scene, round_id, replace(scene.draft(), note=WORDS[:20]), "nie zapisujemy notatki")


def test_what_its_coder_set_aside_is_not_offered_and_what_points_at_it_stays(scene: Scene) -> None:
    round_id = scene.laid_open()
    scene.decide_with(round_id)
    with scene.context.database.transaction() as session:
        row = session.get_one(Excerpt, scene.excerpt)
        excerpts.set_aside(session, row, scene.context.clock(), independent=True)
    assert scene.offered(scene.anna) == []
    assert scene.read(scene.jan).words == WORDS


def test_the_same_words_of_one_talk_are_offered_once(scene: Scene) -> None:
    newer = an_excerpt(scene.context, scene.idi, WORDS, scene.maria)
    found = evidence.offered(scene.context, GMINA, scene.jan, scene.first)
    assert [one.excerpt_id for one in found.excerpts] == [newer]


def test_who_represents_the_institution_neither_sees_nor_attaches(scene: Scene) -> None:
    round_id = scene.open_round()
    kit.represent(scene.context, scene.jan, scene.first)
    assert scene.offered() == []
    with pytest.raises(ForbiddenError):
        scene.rate_with(round_id, scene.draft())
    with pytest.raises(ForbiddenError, match="Reprezentują Państwo"):
        scene.read(scene.jan)
    assert excerpt_evidence.open_to(scene.context, GMINA, scene.jan, [scene.excerpt]) == frozenset()
    # Of another institution's people the same person reads and attaches.
    of_b = an_excerpt(scene.context, scene.fgi, SAID_BY_B, scene.maria)
    scene.rate_with(round_id, scene.draft(of_b), about=scene.second)
    assert scene.read(scene.jan, of_b).words == SAID_BY_B


def test_a_coordinator_who_represents_it_neither_sees_nor_attaches(scene: Scene) -> None:
    round_id = scene.laid_open()
    kit.represent(scene.context, scene.anna, scene.first)
    decided = agree.decide(scene.context, GMINA, round_id, scene.first, "zwolennik", "Tak.", scene.anna)
    assert scene.offered(scene.anna) == []
    with pytest.raises(InvalidInputError, match="Reprezentują Państwo"):
        evidence.attach_to_decision(scene.context, GMINA, decided.id, scene.draft(), scene.anna)
    with pytest.raises(ForbiddenError):
        scene.read(scene.anna)


def test_who_moderated_has_heard_it_but_attaches_nothing_to_the_own_institution(scene: Scene) -> None:
    talk = a_talk(scene.context, GMINA, {"A": scene.first}, [Run("Słyszała.", "A")], moderator_id=scene.anna)
    heard = an_excerpt(scene.context, talk, "Słyszała.", scene.anna)
    round_id = scene.laid_open()
    kit.represent(scene.context, scene.anna, scene.first)
    assert scene.read(scene.anna, heard).words == "Słyszała."
    decided = agree.decide(scene.context, GMINA, round_id, scene.first, "zwolennik", "Tak.", scene.anna)
    with pytest.raises(InvalidInputError, match="Reprezentują Państwo"):
        evidence.attach_to_decision(scene.context, GMINA, decided.id, scene.draft(heard), scene.anna)


def test_a_member_reads_the_sentence_and_a_reader_of_the_talk_a_little_around_it(scene: Scene) -> None:
    """The person agreed that the team reads a sentence."""
    member = scene.read(scene.jan)
    assert (member.words, member.before, member.after) == (WORDS, "", "")
    assert (member.form, member.role, member.institution) == (
        "wywiad indywidualny (IDI)",
        "zarządza",
        "Instytucja 001",
    )
    assert member.day == scene.context.today()
    assert member.literal
    whole = scene.read(scene.anna)
    assert (whole.before, whole.words, whole.after) == (BEFORE, WORDS, AFTER)


def test_around_a_sentence_nobody_elses_words_are_shown(scene: Scene) -> None:
    excerpt_id = an_excerpt(scene.context, scene.fgi, "nie mamy", scene.jan)
    found = scene.read(scene.anna, excerpt_id)
    assert (found.before, found.after) == ("Ludzi do pracy ", ".")


def test_who_is_no_member_reads_only_what_they_moderated(scene: Scene) -> None:
    accounts.create_user(scene.context, "mod@example.org", "Mod", kit.PASSWORD, moderator_of=GMINA)
    accounts.create_user(scene.context, "admin@example.org", "Adm", kit.PASSWORD, administrator=True)
    with scene.context.database.reading() as session:
        outside = [people.by_email(session, f"{name}@example.org") for name in ("mod", "admin")]
    moderator, admin = (person.id for person in outside if person)
    talk = a_talk(scene.context, GMINA, {"A": scene.first}, [Run("Przy mnie.", "A")], moderator_id=moderator)
    own = an_excerpt(scene.context, talk, "Przy mnie.", moderator)
    assert scene.read(moderator, own).words == "Przy mnie."
    for person in (moderator, admin):
        with pytest.raises(ForbiddenError):
            scene.read(person)
        assert excerpt_evidence.open_to(scene.context, GMINA, person, [scene.excerpt]) == frozenset()
    with pytest.raises(ForbiddenError):
        evidence.offered(scene.context, GMINA, moderator, scene.first)


def test_a_natural_persons_name_is_not_shown(scene: Scene) -> None:
    draft = catalogue.draft_of(catalogue.stakeholder(scene.context, GMINA, scene.first))
    catalogue.update_stakeholder(scene.context, GMINA, scene.first, replace(draft, natural_person=True), None)
    assert scene.read(scene.jan).institution == ""


def test_a_second_yes_that_is_taken_back_takes_the_evidence_with_it(scene: Scene) -> None:
    round_id = scene.open_round()
    number = scene.rate_with(round_id, scene.draft())
    answer_second(scene.context, scene.idi, "A", False)
    with scene.context.database.reading() as session:
        ((view,),) = evidence.of_own_ratings(session, round_id, scene.jan).values()
    assert (view.words, view.gone) == (f"fragment wywiadu nr {scene.excerpt}", True)
    assert scene.offered() == []
    assert scene.read(scene.jan).words is None
    assert excerpt_evidence.open_to(scene.context, GMINA, scene.jan, [scene.excerpt]) == frozenset()
    with pytest.raises(InvalidInputError, match="została ona cofnięta"):
        scene.rate_with(round_id, scene.draft(), person=scene.maria)
    evidence.detach(scene.context, GMINA, number, scene.jan)


def test_who_withdraws_takes_the_evidence_with_them(scene: Scene) -> None:
    round_id = scene.open_round()
    of_b = an_excerpt(scene.context, scene.fgi, SAID_BY_B, scene.jan)
    of_a = an_excerpt(scene.context, scene.fgi, "W grupie mówię to samo.", scene.jan)
    scene.rate_with(round_id, scene.draft(of_b), about=scene.second)
    scene.rate_with(round_id, scene.draft(of_a))
    scene.withdraw(scene.fgi, "A")
    with scene.context.database.reading() as session:
        found = evidence.of_own_ratings(session, round_id, scene.jan)
    gone = {view.excerpt_id: view.gone for views in found.values() for view in views}
    assert gone == {of_a: True, of_b: False}, "what B said stays"
    assert scene.read(scene.jan, of_b).words == SAID_BY_B, "and has moved with the text"
    assert scene.read(scene.jan, of_a).words is None
    refused_again = scene.draft(of_a)
    with pytest.raises(InvalidInputError, match="nie może być dowodem"):
        scene.rate_with(round_id, refused_again, person=scene.maria)


def test_what_a_rating_leans_on_is_not_told_by_what_a_withdrawal_would_take(scene: Scene) -> None:
    """METHOD, "Coding": not before the ratings are laid open."""

    def told() -> int:
        return withdraw.foresee(scene.context, GMINA, scene.idi.interview_id, "A").evidence

    round_id = scene.open_round()
    kit.rate_all(scene.context, round_id, scene.team)
    scene.rate_with(round_id, scene.draft())
    assert told() == 0
    kit.lay_open(scene.context, round_id, scene.team)
    assert told() == 1


def test_a_passage_that_its_coder_gives_up_stays_whether_or_not_a_rating_leans_on_it(scene: Scene) -> None:
    """Else the coder could tell, from what became of it, what somebody else's rating says."""
    other = an_excerpt(scene.context, scene.idi, "Pytał wójt.", scene.jan)
    scene.rate_with(scene.open_round(), scene.draft(), person=scene.maria)
    for number in (scene.excerpt, other):
        passages.remove(scene.context, GMINA, scene.idi.interview_id, number, scene.jan)
    assert scene.read(scene.jan).words == WORDS
    assert scene.read(scene.jan, other).words == "Pytał wójt."
    assert scene.offered() == []


def closed_with_evidence(scene: Scene) -> int:
    round_id = scene.laid_open()
    scene.decide_with(round_id)
    kit.decide_all(scene.context, round_id, scene.team)
    kit.close(scene.context, round_id, scene.team)
    return round_id


def podstawy(scene: Scene) -> str:
    content = coding_results.stakeholders_csv(scene.context, GMINA, scene.anna)
    return content.decode("utf-8-sig")


def test_a_closed_round_keeps_the_number_alone_and_says_when_it_is_gone(scene: Scene, var: Path) -> None:
    round_id = closed_with_evidence(scene)
    named = f"fragment wywiadu nr {scene.excerpt}"
    before = kit.frozen(scene.context, round_id)
    document = json.loads(str(before[0]))
    assert [one["evidence"] for one in document["stakeholders"]] == [[named], [], []]
    assert "Salę" not in str(before[0])
    shown = coding_history.closed_round(scene.context, GMINA, round_id)
    assert shown.corrected().stakeholders[0].evidence == (named,)
    scene.withdraw()
    assert kit.frozen(scene.context, round_id) == before
    shown = coding_history.closed_round(scene.context, GMINA, round_id)
    assert shown.stakeholders[0].evidence == (named,), "the document as it was closed"
    assert shown.corrected().stakeholders[0].evidence == (f"{named} (dowód usunięty)",)
    assert f"{named} (dowód usunięty)" in podstawy(scene)
    (piece,) = agree.laid_open(scene.context, GMINA, round_id, scene.first, scene.jan).decision.evidence  # type: ignore[union-attr]
    assert (piece.words, piece.gone) == (named, True)


def test_the_second_yes_alone_taken_back_after_the_close_says_the_same(scene: Scene) -> None:
    round_id = closed_with_evidence(scene)
    before = kit.frozen(scene.context, round_id)
    checksum = coding_history.closed_round(scene.context, GMINA, round_id).checksum
    answer_second(scene.context, scene.idi, "A", False)
    assert kit.frozen(scene.context, round_id) == before
    found = coding_history.closed_round(scene.context, GMINA, round_id)
    assert found.checksum == checksum
    assert found.corrected().stakeholders[0].evidence[0].endswith("(dowód usunięty)")


def test_a_decision_whose_evidence_went_before_the_close_is_closed_with_the_number(scene: Scene) -> None:
    round_id = scene.laid_open()
    scene.decide_with(round_id)
    scene.withdraw()
    kit.decide_all(scene.context, round_id, scene.team)
    kit.close(scene.context, round_id, scene.team)
    found = coding_history.closed_round(scene.context, GMINA, round_id)
    assert found.stakeholders[0].evidence == (f"fragment wywiadu nr {scene.excerpt}",)
    assert found.corrected().stakeholders[0].evidence[0].endswith("(dowód usunięty)")


def test_a_correction_leans_on_a_passage_and_says_when_it_is_gone(scene: Scene) -> None:
    round_id = scene.laid_open()
    kit.decide_all(scene.context, round_id, scene.team)
    kit.close(scene.context, round_id, scene.team)
    before = kit.frozen(scene.context, round_id)
    made = agree.correct(
        scene.context, GMINA, round_id, scene.first, "zwolennik", "Po wywiadzie.", scene.anna
    )
    evidence.attach_to_decision(scene.context, GMINA, made.id, scene.draft(), scene.anna)
    named = f"fragment wywiadu nr {scene.excerpt}"
    found = coding_history.closed_round(scene.context, GMINA, round_id)
    assert [one.evidence for one in found.corrections] == [(named,)]
    scene.withdraw()
    found = coding_history.closed_round(scene.context, GMINA, round_id)
    assert [one.evidence for one in found.corrections] == [(f"{named} (dowód usunięty)",)]
    assert found.corrected().stakeholders[0].evidence == (f"{named} (dowód usunięty)",)
    assert kit.frozen(scene.context, round_id) == before


def test_people_of_a_double_speak_for_the_entry_that_stayed(scene: Scene) -> None:
    """And a correction of a round that was closed before the merge points at what they said."""
    round_id = closed_with_evidence(scene)
    before = kit.frozen(scene.context, round_id)
    merge_catalogue.merge(scene.context, GMINA, scene.first, scene.second, scene.anna)
    assert scene.offered(about=scene.second) == [WORDS]
    assert scene.offered(about=scene.first) == [WORDS], "the double stands for the same institution"
    made = agree.correct(scene.context, GMINA, round_id, scene.first, "neutralny", "Inaczej.", scene.anna)
    evidence.attach_to_decision(scene.context, GMINA, made.id, scene.draft(), scene.anna)
    assert kit.frozen(scene.context, round_id) == before
    kit.represent(scene.context, scene.jan, scene.second)
    assert scene.offered(about=scene.first) == []
    with pytest.raises(ForbiddenError):
        scene.read(scene.jan)
    assert scene.read(scene.maria).words == WORDS


def test_nothing_is_attached_to_a_decision_of_a_closed_round(scene: Scene) -> None:
    round_id = closed_with_evidence(scene)
    decision = agree.laid_open(scene.context, GMINA, round_id, scene.first, None).decision
    assert decision is not None
    with pytest.raises(ConflictError):
        evidence.attach_to_decision(scene.context, GMINA, decision.id, scene.draft(), scene.anna)
