"""Pages around passages of interviews: choosing one for a rating, from a decision to the sentence, quotations."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from survey_app.services import accounts
from survey_app.services.coding import agree, evidence
from survey_app.services.coding.evidence import EvidenceDraft
from survey_app.services.context import Context
from survey_app.services.interviewing.compose_text import Run
from survey_app.web.app import create_app
from tests import coding_kit as kit
from tests.campaign_kit import GMINA
from tests.excerpt_rows import Talk, a_talk, an_excerpt, answer_second
from tests.integration.staff import Staff, staff

SAID = "Świetlicę <b>otworzymy</b> w każdą sobotę 🎈."
AROUND = "Myślałam długo."
PANEL = f"/panel/{GMINA}"


class Scene:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.team = kit.add_team(context, 3, 4)
        self.first = self.team.stakeholders[0]
        self.talk: Talk = a_talk(
            context, GMINA, {"A": self.first}, [Run(f"{AROUND} {SAID}", "A", "slyszal", quotation=True)]
        )
        self.excerpt = an_excerpt(context, self.talk, SAID, self.team.people[1])
        self.app: Flask = create_app(context=context)
        self.app.testing = True

    @property
    def address(self) -> str:
        return f"{PANEL}/wywiady/fragmenty/{self.excerpt}"

    def person(self, number: int) -> Staff:
        found = staff(self.app)
        assert found.log_in(f"osoba{number}.{GMINA}@example.org", kit.PASSWORD).status_code == 302
        return found


@pytest.fixture
def scene(sqlite_context: Context) -> Scene:
    return Scene(sqlite_context)


def test_a_rater_reads_the_passage_whole_points_at_it_and_opens_it(scene: Scene) -> None:
    coding_round = kit.open_round(scene.context, scene.team)
    rater = scene.person(2)
    page = f"{PANEL}/kodowanie/{coding_round.id}/oceny/{scene.first}/dowody/wplyw"
    shown = rater.get(page)
    assert "Świetlicę &lt;b&gt;otworzymy&lt;/b&gt; w każdą sobotę 🎈." in shown
    value = re.search(r'name="dowod" value="(excerpt:\d+)"', shown)
    assert value is not None
    assert rater.send(page, {"dowod": value[1]}).status_code == 303
    shown = rater.get(page)
    assert f'<a href="{scene.address}?powrot={page}">fragment wywiadu nr {scene.excerpt}</a>' in shown
    opened = rater.get(f"{scene.address}?powrot={page}")
    assert f'href="{page}">Wróć' in opened, "and back"
    for other in ("//example.org", "/panel/020202/kodowanie/1", f"{PANEL}/kodowanie/../../wyloguj"):
        assert "Wróć" not in rater.get(f"{scene.address}?powrot={other}")
    opened = rater.get(scene.address)
    assert "Świetlicę &lt;b&gt;otworzymy" in opened
    assert AROUND not in opened, "what stands around it is for who reads the whole talk"
    assert AROUND in scene.person(1).get(scene.address)


def test_a_passage_with_a_note_is_refused_and_the_note_comes_back(scene: Scene) -> None:
    coding_round = kit.open_round(scene.context, scene.team)
    rater = scene.person(2)
    page = f"{PANEL}/kodowanie/{coding_round.id}/oceny/{scene.first}/dowody/wplyw"
    rater.get(page)
    sent = {"dowod": f"excerpt:{scene.excerpt}", "dowod-notatka": "Moja długa uwaga"}
    response = rater.send(page, sent)
    assert response.status_code == 422
    assert "nie zapisujemy notatki" in response.text
    assert "Moja długa uwaga" in response.text


def test_from_a_decision_one_click_leads_to_the_sentence_for_who_may_see_it(scene: Scene) -> None:
    coding_round = kit.laid_open_round(scene.context, scene.team)
    page = f"{PANEL}/kodowanie/{coding_round.id}/uzgodnienia/{scene.first}"
    decided = agree.decide(
        scene.context, GMINA, coding_round.id, scene.first, "zwolennik", "Otwierają.", scene.team.coordinator
    )
    coordinator = scene.person(1)
    coordinator.get(page)
    assert coordinator.send(f"{page}/dowody", {"dowod": f"excerpt:{scene.excerpt}"}).status_code == 302
    kit.represent(scene.context, scene.team.people[2], scene.first)
    link = f'href="{scene.address}?powrot={page}"'
    named = f"fragment wywiadu nr {scene.excerpt}"
    assert link in scene.person(2).get(page)
    representative = scene.person(3)
    shown = representative.get(page)
    assert named in shown
    assert link not in shown
    assert "Reprezentują Państwo" in representative.get(scene.address, expect=403)
    kit.decide_all(scene.context, coding_round.id, scene.team)
    kit.close(scene.context, coding_round.id, scene.team)
    assert link in scene.person(2).get(page)
    answer_second(scene.context, scene.talk, "A", False)
    for number in (1, 2, 3):
        shown = scene.person(number).get(page)
        assert f"{named}: <strong>dowód usunięty</strong>" in shown
        assert link not in shown
    gone = scene.person(2).get(scene.address)
    assert "dowód usunięty" in gone
    assert "Świetlicę" not in gone
    results = scene.person(2).get(f"{PANEL}/kodowanie/wyniki")
    assert f"{named} (dowód usunięty)" in results
    assert decided.id


def test_a_rating_that_leaned_on_it_says_so_beside_its_reason(scene: Scene) -> None:
    coding_round = kit.open_round(scene.context, scene.team)
    draft = EvidenceDraft("excerpt", str(scene.excerpt))
    where = (scene.context, GMINA, coding_round.id, scene.team.people[1], scene.first, "wplyw")
    kit.rate_all(scene.context, coding_round.id, scene.team)
    evidence.attach_to_rating(*where, draft)
    kit.lay_open(scene.context, coding_round.id, scene.team)
    page = f"{PANEL}/kodowanie/{coding_round.id}/uzgodnienia/{scene.first}"
    assert f'href="{scene.address}?powrot={page}"' in scene.person(4).get(page)


def test_a_passage_that_is_not_there_is_not_found(scene: Scene) -> None:
    for number in (scene.excerpt + 1, 0, 10**18):
        scene.person(1).get(f"{PANEL}/wywiady/fragmenty/{number}", expect=404)


def test_quotations_are_cleared_and_taken_back_on_one_page(scene: Scene) -> None:
    keeper, member = scene.person(1), scene.person(2)
    page = f"{PANEL}/wywiady/cytaty"
    assert "Do przeczytania" in keeper.get(page)
    assert "Do przeczytania" not in member.get(page)
    assert member.send(f"{page}/{scene.excerpt}/dopuszczenie").status_code == 403
    assert "Świetlicę" not in member.get(page)
    assert keeper.send(f"{page}/{scene.excerpt}/dopuszczenie").status_code == 303
    shown = member.get(page)
    assert "Świetlicę &lt;b&gt;otworzymy" in shown
    assert "Instytucja 001" not in shown
    assert "zarządza" not in shown
    assert "Wycofaj" not in shown
    assert keeper.send(f"{page}/{scene.excerpt}/cofniecie").status_code == 303
    assert "Świetlicę" not in member.get(page)


def test_who_only_moderates_clears_what_was_given_to_them(scene: Scene) -> None:
    accounts.create_user(scene.context, "mod@example.org", "Mod", kit.PASSWORD, moderator_of=GMINA)
    moderator = staff(scene.app)
    moderator.log_in("mod@example.org", kit.PASSWORD)
    page = f"{PANEL}/wywiady/cytaty"
    assert "Świetlicę" not in moderator.get(page)
    assert moderator.send(f"{page}/{scene.excerpt}/dopuszczenie").status_code == 403
    moderator.get(scene.address, expect=403)
