"""Registers of two entries that become one, on both stores: entries, replies, seats and votes are the kept one's."""

from __future__ import annotations

import pytest

from survey_app.errors import ConflictError
from survey_app.services.context import Context
from survey_app.services.register.merge_catalogue import compare, merge
from survey_app.services.registers import bank, diary, entries, listing, meetings, network, parties, votes
from survey_app.services.registers.bank import OfferDraft
from survey_app.services.registers.entries import Content
from survey_app.services.registers.parties import Who
from survey_app.services.registers.quorum import Counts
from tests.campaign_kit import GMINA, add_gmina, add_institution
from tests.meeting_kit import OWNER, add_team, cast_of, held, opened, put

DAY = "2026-11-20"


class Scene:
    """A club, a school, and the same school once more."""

    def __init__(self, context: Context) -> None:
        self.context = context
        add_gmina(context, 0)
        names = ("Klub", "Szkoła", "Szkoła Podstawowa")
        self.club, self.school, self.double = (add_institution(context, name) for name in names)

    def entry(self, key: str, about: int, *members: int, role: str = "", **said: object) -> int:
        content = Content({"nazwa": ["Wpis"], **said}, about)  # type: ignore[dict-item]
        made = entries.add(self.context, OWNER, key, content, None).id
        if members:
            who = [Who(stakeholder_id=one) for one in members]
            parties.add(self.context, OWNER, made, who, role, None)
        return made

    def need(self, number: int, *asked: int) -> int:
        said = {"rodzaj": {"option": "lokal"}, "na_kiedy": DAY, "ile": [f"dla {number}"]}
        return self.entry("potrzeby", self.club, *asked, **said)

    def say(self, need: int, whose: int, says: str, text: str, day: int, offer: int | None = None) -> None:
        asked = {one.stakeholder_id: one.id for one in entries.view(self.context, OWNER, need).parties}
        on = self.context.today().replace(day=day)
        parties.reply(self.context, OWNER, need, asked[whose], says, on, text, None, offer_id=offer)

    def told(self, need: int) -> list[tuple[str, str, str]]:
        view = entries.view(self.context, OWNER, need)
        return [(one.name, one.party.reply, one.offer) for one in parties.lines(self.context, view)]

    def merge(self) -> None:
        merge(self.context, GMINA, self.double, self.school, None)


@pytest.fixture
def scene(context: Context) -> Scene:
    return Scene(context)


def test_replies_and_offers_of_a_double_are_the_kept_ones_and_none_is_lost(scene: Scene) -> None:
    offer = bank.offer(scene.context, GMINA, OfferDraft(scene.double, "Aula", "lokal"), None).id
    later, earlier, silent = (scene.need(number, scene.school, scene.double) for number in range(3))
    alone = scene.need(3, scene.double)
    scene.say(later, scene.school, "no", "Remont auli", 1)
    scene.say(later, scene.double, "yes", "Od 16", 2, offer)
    scene.say(earlier, scene.school, "no", "Święto", 2)
    scene.say(earlier, scene.double, "yes", "", 1, offer)
    scene.say(silent, scene.double, "no", "Zajęte", 2)
    scene.say(alone, scene.double, "yes", "", 2, offer)
    scene.merge()
    assert scene.told(later) == [("Szkoła", "yes", "Aula")]
    assert scene.told(earlier) == [("Szkoła", "no", "")]
    assert scene.told(silent) == [("Szkoła", "no", "")]
    assert scene.told(alone) == [("Szkoła", "yes", "Aula")]
    (kept,) = entries.view(scene.context, OWNER, later).parties
    assert kept.reply_text.splitlines() == [
        "Od 16",
        "Wcześniej, 1 listopada 2026 (wpis podwójny): odmowa",
        "Remont auli",
    ]
    (kept,) = entries.view(scene.context, OWNER, earlier).parties
    assert kept.reply_text.endswith("zgoda")
    found = bank.bank(scene.context, GMINA)
    assert found.counts.waiting == 0
    assert [one.entry.stakeholder_id for one in found.offers["lokal"]] == [scene.school]
    scene.say(later, scene.school, "yes", "", 2, offer)  # the offer is that of the one who replies


def test_entries_about_a_double_are_listed_told_and_changed_as_the_kept_ones(scene: Scene) -> None:
    talk = {"cel": ["Rozmowa"], "dzialanie": {"option": "rozmowa"}, "termin": DAY}
    made = entries.add(scene.context, OWNER, "oddzialywania", Content(talk, scene.double), None)
    entries.write_log(scene.context, OWNER, made.id, "rozmowa", scene.context.today(), "Zgoda", None)
    scene.merge()
    found = entries.listed(scene.context, OWNER, "oddzialywania")
    wanted = listing.Wanted(stakeholder_id=scene.school)
    assert [listing.about_words(found, one) for one in listing.filtered(found, wanted)] == ["Szkoła"]
    assert [one.stakeholder_id for one in diary.diary(scene.context, GMINA).actions] == [scene.school]
    # A page that was opened before the merge still names the double.
    sent = Content({**talk, "wynik": "Przyjdą"}, scene.double)
    entries.change(scene.context, OWNER, made.id, made.revision, sent, None)
    assert entries.view(scene.context, OWNER, made.id).entry.stakeholder_id == scene.school


def test_in_the_network_a_double_has_one_place_and_one_role(scene: Scene) -> None:
    hub = scene.entry("lsr", scene.double, scene.school, scene.club)
    team = scene.entry("partnerstwa", scene.club, scene.school, cel="Przewóz")
    parties.add(
        scene.context, OWNER, team, [Who(stakeholder_id=scene.double)], "użycza lokalu lub sprzętu", None
    )
    scene.merge()
    found = network.network(scene.context, GMINA)
    assert [(one.name, one.node) for one in found.members] == [("Szkoła", True), ("Klub", False)]
    assert dict(found.partnerships[0].roles) == {2: "koordynator", 1: "użycza lokalu lub sprzętu"}
    assert len(entries.view(scene.context, OWNER, hub).parties) == 2
    assert len(entries.view(scene.context, OWNER, team).parties) == 1


def test_a_double_with_a_seat_has_one_vote_and_closed_motions_keep_theirs(context: Context) -> None:
    kept, double, *_ = add_team(context).stakeholders
    settled, seats = opened(context, 4)
    votes.put(context, OWNER, settled, "Zamknięty", True, None)
    votes.cast(context, OWNER, settled, 1, dict.fromkeys(seats, "for"), None)
    votes.close(context, OWNER, settled, 1, None, "", None)
    going, seats = opened(context, 1, nazwa=["Dziś"])
    number = put(context, going)
    votes.cast(context, OWNER, going, number, {seats[0]: "for"}, None)
    meetings.record_attendance(context, OWNER, going, [], [seats[1]], None)
    votes.cast(context, OWNER, going, number, {seats[1]: "against"}, None)
    refusal = f"głosowaniu nr {number}"
    assert refusal in compare(context, GMINA, double, kept).obstacle
    with pytest.raises(ConflictError, match=refusal):
        merge(context, GMINA, double, kept, None)
    votes.change(context, OWNER, going, number, seats[0], "for", "", None)
    merge(context, GMINA, double, kept, None)
    now = held(context, going)
    assert [one.label for one in now.seats] == ["Instytucja 001", "Instytucja 003", "Osoba 4"]
    assert cast_of(context, going, number) == {seats[0]: "against"}
    assert now.quorum.present == 1
    before = held(context, settled)
    assert len(before.seats) == 4
    assert votes.resolution(before, before.motions[0]).counts == Counts(4, 0, 0)
