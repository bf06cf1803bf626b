"""A quotation may no longer be used: the coordinator learns which published edition holds it, never whose it was."""

from __future__ import annotations

import datetime as dt

import pytest

from survey_app.analysis.diagnoza.result import Edition
from survey_app.services.context import Context
from survey_app.services.interviewing import quotations, withdraw
from survey_app.services.interviewing.compose_text import Run
from survey_app.services.survey import build_diagnoza, lost_quotations, publish_report
from survey_app.services.survey.lost_quotations import HoldsLost
from tests import coding_kit as kit
from tests.campaign_kit import GMINA, hold, lock, send
from tests.excerpt_rows import Talk, a_talk, an_excerpt

WORDS = ("Sala jest wolna.", "Brak dowozu.", "Razem damy radę.", "Nikt nie pytał.")


class Scene:
    """A locked campaign, four people heard one by one, and words of each of two of them cleared."""

    def __init__(self, context: Context) -> None:
        self.context = context
        team = kit.add_team(context, len(WORDS), 2)
        self.coordinator = team.people[0]
        self.held = hold(context)
        for code in self.held.codes[:3]:
            send(context, self.held, code, {"p1": {"option": "edukacja"}, "p5": "tak"})
        lock(context, self.held)
        self.talks = [
            a_talk(context, GMINA, {"A": where}, [Run(words, "A", "slyszal", quotation=True)])
            for where, words in zip(team.stakeholders, WORDS, strict=True)
        ]
        self.passages = [self.passage(talk, words) for talk, words in zip(self.talks, WORDS, strict=True)]
        for number in self.passages[:2]:
            quotations.clear(context, GMINA, number, self.coordinator)

    def passage(self, talk: Talk, words: str) -> int:
        return an_excerpt(self.context, talk, words, self.coordinator)

    def publish(self, number: int) -> None:
        self.wait()
        build_diagnoza.pdf(self.context, self.held.campaign.id, Edition.PUBLIC, None)
        publish_report.publish(self.context, self.held.campaign.id, number, "", None)
        self.wait()

    def wait(self) -> None:
        self.context.clock.set(self.context.clock() + dt.timedelta(hours=1))  # type: ignore[attr-defined]

    def take_back(self, place: int) -> None:
        withdraw.withdraw(self.context, GMINA, self.talks[place].interview_id, "A", self.coordinator)

    @property
    def told(self) -> list[HoldsLost]:
        now = build_diagnoza.build(self.context, self.held.campaign.id, Edition.PUBLIC)
        return lost_quotations.published_with(self.context, GMINA, now)

    @property
    def numbers(self) -> list[int]:
        return [one.number for one in self.told]


@pytest.fixture
def scene(context: Context) -> Scene:
    return Scene(context)


def test_consent_that_is_taken_back_is_told_until_the_old_edition_is_withdrawn(scene: Scene) -> None:
    scene.publish(1)
    assert scene.numbers == []
    scene.take_back(0)
    assert scene.numbers == [1]
    scene.publish(2)
    assert scene.numbers == [1]  # the new one has it no more, the old one still has
    publish_report.withdraw(scene.context, scene.held.campaign.id, 1, "Cofnięta zgoda", None)
    assert scene.numbers == []


def test_words_that_no_report_held_are_not_told(scene: Scene) -> None:
    scene.publish(1)
    scene.take_back(2)  # never cleared
    assert scene.numbers == []


def test_another_quotation_in_its_place_hides_nothing(scene: Scene) -> None:
    scene.publish(1)
    quotations.clear(scene.context, GMINA, scene.passages[2], scene.coordinator)
    assert scene.numbers == []  # one more is no loss
    scene.take_back(0)
    assert scene.numbers == [1]  # as many as before, but not the same


def test_what_went_before_a_report_was_made_is_not_in_it(scene: Scene) -> None:
    scene.take_back(0)
    scene.publish(1)
    quotations.clear(scene.context, GMINA, scene.passages[2], scene.coordinator)
    assert scene.numbers == []


def test_a_clearing_that_is_taken_back_is_told_until_it_is_given_again(scene: Scene) -> None:
    scene.publish(1)
    quotations.take_back(scene.context, GMINA, scene.passages[0], scene.coordinator)
    assert scene.numbers == [1]
    quotations.clear(scene.context, GMINA, scene.passages[0], scene.coordinator)
    assert scene.numbers == []


def test_nothing_says_whose_it_was(scene: Scene) -> None:
    scene.publish(1)
    scene.take_back(1)
    (one,) = scene.told
    assert set(HoldsLost.__slots__) == {"campaign_id", "campaign", "number", "published_at"}
    assert one.campaign_id == scene.held.campaign.id


def test_too_few_people_are_no_consent_taken_back(scene: Scene) -> None:
    """Under k people no words are quoted in public at all; those that were published were given freely."""
    scene.publish(1)
    scene.take_back(2)
    scene.take_back(3)
    assert scene.numbers == []
