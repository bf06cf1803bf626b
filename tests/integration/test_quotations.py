"""Quotations for the diagnoza: read for names by who keeps the talk, cleared one by one, and gone with the consent."""

from __future__ import annotations

import pytest

from survey_app.errors import ConflictError, ForbiddenError, NotFoundError
from survey_app.models import Excerpt, ExcerptTheme, Theme
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import quotations, withdraw
from survey_app.services.interviewing.compose_text import Run
from survey_app.services.interviewing.quotations import Quotation
from survey_app.store import excerpts, people
from tests import coding_kit as kit
from tests.campaign_kit import GMINA
from tests.excerpt_rows import Talk, a_talk, an_excerpt

LITERAL = "Żyjemy 🌱 razem."
NOTED = "Moderator zapisał, że pomagają."
TOGETHER = "Ale jak?\n\nZ gminą."


class Scene:
    """A group of two institutions; a coordinator, a moderator without a seat in the team, and two members."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.team = kit.add_team(context, 2, 3)
        self.first, self.second = self.team.stakeholders
        self.anna, self.jan, self.maria = self.team.people
        accounts.create_user(context, "mod@example.org", "Mod", kit.PASSWORD, moderator_of=GMINA)
        with context.database.reading() as session:
            found = people.by_email(session, "mod@example.org")
        assert found is not None
        self.moderator = found.id
        self.talk = a_talk(
            context,
            GMINA,
            {"A": self.first, "B": self.second},
            [
                Run(LITERAL, "A", "slyszal", quotation=True),
                Run(NOTED, "A"),
                Run("Pytam: Ale jak?", "A", quotation=True),
                Run("Z gminą.", "B", quotation=True),
                Run("Ogólny gwar.", None),
            ],
            form="fgi",
            moderator_id=self.moderator,
            second_yes=False,
        )
        self.literal = self.excerpt(LITERAL)
        self.noted = self.excerpt(NOTED)
        self.together = self.excerpt(TOGETHER)

    def excerpt(self, words: str, talk: Talk | None = None, coder: int = 0) -> int:
        return an_excerpt(self.context, talk or self.talk, words, coder or self.jan)

    def seen(self, person: int) -> quotations.Quotations:
        return quotations.quotations(self.context, GMINA, person)

    def waiting(self, person: int) -> list[str]:
        return [one.quotation.words for one in self.seen(person).waiting]

    def clear(self, excerpt_id: int, person: int = 0) -> None:
        quotations.clear(self.context, GMINA, excerpt_id, person or self.anna)

    def cleared(self) -> tuple[Quotation, ...]:
        with self.context.database.reading() as session:
            return quotations.cleared(session, GMINA)


@pytest.fixture
def scene(context: Context) -> Scene:
    return Scene(context)


def test_every_passage_waits_for_who_keeps_the_talk_and_for_nobody_else(scene: Scene) -> None:
    """Consent to notes is enough: nobody is told whose words they are."""
    for keeper in (scene.anna, scene.moderator):
        assert scene.waiting(keeper) == [LITERAL, NOTED, TOGETHER]
    member = scene.seen(scene.jan)
    assert (member.waiting, member.cleared, member.keeps) == ((), (), False)


def test_nobodys_words_are_no_quotation(scene: Scene) -> None:
    gwar = scene.excerpt("Ogólny gwar.")
    assert "Ogólny gwar." not in scene.waiting(scene.anna)
    with pytest.raises(ConflictError, match="niczyje"):
        scene.clear(gwar)


def test_a_cleared_passage_says_what_and_not_who(scene: Scene) -> None:
    with scene.context.database.transaction() as session:
        theme = Theme(gmina_code=GMINA, label="Sąsiedzi")
        session.add(theme)
        session.flush()
        session.add(ExcerptTheme(excerpt_id=scene.literal, theme_id=theme.id))
    for number in (scene.noted, scene.literal, scene.together):
        scene.clear(number)
        scene.clear(number)  # twice is once
    assert scene.cleared() == (
        Quotation(scene.together, "fgi", "", TOGETHER, True, ()),
        Quotation(scene.noted, "fgi", "", NOTED, False, ()),
        Quotation(scene.literal, "fgi", "slyszal", LITERAL, True, ("Sąsiedzi",)),
    )
    assert scene.waiting(scene.anna) == []
    assert scene.seen(scene.anna).mine == {scene.literal, scene.noted, scene.together}
    member = scene.seen(scene.jan)
    assert [one.words for one in member.cleared] == [TOGETHER, NOTED, LITERAL]
    assert member.mine == frozenset()


def test_a_member_clears_nothing_and_a_moderator_only_what_was_given_to_them(scene: Scene) -> None:
    other = a_talk(scene.context, GMINA, {"A": scene.first}, [Run("Gdzie indziej.", "A")])
    elsewhere = scene.excerpt("Gdzie indziej.", other)
    with pytest.raises(ForbiddenError):
        scene.clear(scene.literal, scene.jan)
    with pytest.raises(ForbiddenError):
        scene.clear(elsewhere, scene.moderator)
    with pytest.raises(NotFoundError):
        scene.clear(elsewhere + 99)
    with pytest.raises(NotFoundError):
        quotations.clear(scene.context, "060505", elsewhere, scene.anna)
    scene.clear(elsewhere)
    assert scene.seen(scene.moderator).cleared == (), "of the team's own list only their own talks"
    with pytest.raises(ForbiddenError):
        quotations.take_back(scene.context, GMINA, elsewhere, scene.moderator)
    scene.clear(scene.literal, scene.moderator)
    assert len(scene.cleared()) == 2


def test_who_represents_an_institution_that_speaks_reads_and_clears_none_of_it(scene: Scene) -> None:
    kit.represent(scene.context, scene.anna, scene.second)
    assert scene.seen(scene.anna).waiting == ()
    with pytest.raises(ForbiddenError):
        scene.clear(scene.literal)
    for number in (scene.literal, scene.together):
        scene.clear(number, scene.moderator)
    kit.represent(scene.context, scene.maria, scene.first)
    for person in (scene.anna, scene.maria, scene.jan):
        assert scene.seen(person).cleared == scene.cleared(), "what one list lacks would tell who had said it"
    assert scene.seen(scene.anna).mine == {scene.literal, scene.together}, (
        "so would what cannot be taken back"
    )
    quotations.take_back(scene.context, GMINA, scene.literal, scene.anna)
    assert scene.waiting(scene.anna) == []
    with pytest.raises(ForbiddenError):
        scene.clear(scene.literal)


def test_a_quotation_is_taken_back(scene: Scene) -> None:
    scene.clear(scene.literal)
    quotations.take_back(scene.context, GMINA, scene.literal, scene.moderator)
    quotations.take_back(scene.context, GMINA, scene.literal, scene.moderator)
    assert scene.cleared() == ()
    assert LITERAL in scene.waiting(scene.anna)
    with scene.context.database.reading() as session:
        row = session.get_one(Excerpt, scene.literal)
        assert (row.cleared_at, row.cleared_by) == (None, None)


def test_what_two_coders_chose_alike_is_read_once(scene: Scene) -> None:
    again = scene.excerpt(LITERAL, coder=scene.maria)
    assert scene.waiting(scene.anna).count(LITERAL) == 1
    scene.clear(again)
    assert LITERAL not in scene.waiting(scene.anna)
    scene.clear(scene.literal)
    assert [one.words for one in scene.cleared()] == [LITERAL]


def test_what_is_withdrawn_or_set_aside_is_quoted_no_more(scene: Scene) -> None:
    for number in (scene.literal, scene.noted, scene.together):
        scene.clear(number)
    with scene.context.database.transaction() as session:
        row = session.get_one(Excerpt, scene.noted)
        excerpts.set_aside(session, row, scene.context.clock(), independent=True)
    assert [one.words for one in scene.cleared()] == [TOGETHER, LITERAL]
    with pytest.raises(ConflictError, match="już nie ma"):
        scene.clear(scene.noted)
    withdraw.withdraw(scene.context, GMINA, scene.talk.interview_id, "B", scene.anna)
    assert [one.words for one in scene.cleared()] == [LITERAL]
    withdraw.withdraw(scene.context, GMINA, scene.talk.interview_id, "A", scene.anna)
    assert scene.cleared() == ()
    with pytest.raises(ConflictError, match="już nie ma"):
        scene.clear(scene.literal)
