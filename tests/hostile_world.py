"""A small service in which nearly every page has something on it, for whoever sends it what nobody would."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from survey_app.analysis.diagnoza.result import Edition
from survey_app.extensions import limiter
from survey_app.services import accounts, emblems, gminas
from survey_app.services.coding import agree, coding_rounds, criteria, documents
from survey_app.services.coding.coding_rounds import RoundDraft
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews, passages, themes, transcripts
from survey_app.services.interviewing.passages import PassageDraft
from survey_app.services.interviewing.transcript_files import read_pasted
from survey_app.services.method import papers
from survey_app.services.method.papers import Content
from survey_app.services.register import catalogue, own_sectors
from survey_app.services.rollup import api_keys, regions
from survey_app.services.signing_in import links
from survey_app.services.survey import build_diagnoza, campaigns, open_texts, report_texts
from tests import coding_kit as kit
from tests import interview_kit
from tests.campaign_kit import DRAFT, GMINA, WEEK, hold, lock, send
from tests.coding_rows import id_of
from tests.integration.test_lost_quotations import Scene
from tests.register_scene import add_above, add_registers

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n29\n%%EOF\n"
COORDINATOR = f"osoba1.{GMINA}@example.org"
MEMBER = f"osoba2.{GMINA}@example.org"
MODERATOR = f"osoba1.{interview_kit.GMINA}@example.org"
ADMINISTRATOR = "admin@example.org"
READER = "region@example.org"
PEOPLE = (COORDINATOR, MEMBER, MODERATOR, ADMINISTRATOR, READER)
STARTS = ("/panel", "/panel/haslo", f"/panel/{GMINA}/kampanie", f"/panel/{GMINA}/wywiady",
          f"/panel/{interview_kit.GMINA}/wywiady", f"/panel/{interview_kit.GMINA}/kodowanie")  # fmt: skip
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def build(context: Context) -> Mapping[str, str]:
    """Everything that forms are about, in two gminas; tells the addresses of two open campaigns."""
    scene = Scene(context)  # a locked campaign, four talks, passages, quotations
    gminas.seed_pilot_gminas(context)
    _report(context, scene)
    team = kit.Team(
        tuple(row.id for row in catalogue.stakeholders(context, GMINA)),
        (id_of(context, COORDINATOR), id_of(context, MEMBER)),
    )
    _code(context, team)
    _keep(context, team.coordinator)
    _papers(context, team)
    add_registers(context, GMINA, team.stakeholders, team.coordinator)
    _talk(context)
    _staff(context)
    add_above(context, GMINA, id_of(context, READER))
    now = context.clock()
    later = {"opens_at": now, "closes_at": now + WEEK}
    campaigns.create_campaign(context, GMINA, replace(DRAFT, title="Szkic", **later), None)
    invited = hold(context, title="Z zaproszeniami", **later)
    opened = hold(context, title="Z linkiem", mode="named", access="open_link", **later)
    return {
        "invited": f"/a/{invited.campaign.public_id}/{invited.codes[0]}",
        "codes": f"/a/{invited.campaign.public_id}",
        "open": f"/a/{opened.campaign.public_id}",
    }


def _report(context: Context, scene: Scene) -> None:
    campaign = scene.held.campaign.id
    part = report_texts.part(context, campaign, "wnioski")
    report_texts.save(context, campaign, "wnioski", "Nasze wnioski.", part.revision, part.basis, None)
    scene.publish(1)
    scene.wait()
    build_diagnoza.pdf(context, campaign, Edition.PUBLIC, None)  # one that waits to be published
    answered = hold(context, title="Z tekstami", opens_at=context.clock(), closes_at=context.clock() + WEEK)
    for code in answered.codes[:4]:
        send(
            context,
            answered,
            code,
            {"p1": {"option": "edukacja"}, "p5": "tak", "p10": "Więcej spotkań", "p6": ["Dom"]},
        )
    lock(context, answered)
    waiting = open_texts.waiting(context, answered.campaign.id)
    open_texts.clear(context, waiting[0].id, "Więcej spotkań", None)


def _code(context: Context, team: kit.Team) -> None:
    """A closed round, and one that is laid open, with a vote going on and one decision."""
    kit.closed_round(context, team)
    going_on = kit.laid_open_round(context, team, lambda seat, place: (2, 2, 1 + (seat + place) % 3))
    where = (context, GMINA, going_on.id)
    agree.open_ballot(*where, team.stakeholders[0], "zwolennik", kit.REASON, team.coordinator)
    agree.decide(*where, team.stakeholders[1], "neutralny", kit.REASON, team.coordinator)


def _keep(context: Context, coordinator: int) -> None:
    """A file of each kind, an own sector, an own criterion, an entry that has left."""
    documents.upload(context, GMINA, "Umowa", "umowa.pdf", PDF, coordinator)
    picture = io.BytesIO()
    Image.new("RGB", (30, 40)).save(picture, "PNG")
    emblems.keep(context, GMINA, picture.getvalue(), "Herb", None)
    own_sectors.add_own_sector(context, GMINA, "Rolnicy", next(iter(catalogue.catalogue_sectors())), None)
    assert criteria.common_criteria(context)


def _papers(context: Context, team: kit.Team) -> None:
    """One that was withdrawn; another with a text edited by hand and two versions side by side."""
    first = papers.start(context, GMINA, "swot", Content({"wnioski": "Zaczynamy"}), "", team.coordinator)
    papers.withdraw(context, GMINA, first.id, team.coordinator)
    rows = {"mocne": [{"_id": "a1", "opis": "Zgrane szkoły"}]}
    going_on = papers.start(context, GMINA, "swot", Content(tables=rows), "", team.coordinator)
    for person, words in zip(team.people, ("Jedna", "Druga"), strict=True):
        content = Content({"wnioski": words}, rows, f"# {words}")
        papers.save(context, GMINA, going_on.id, 1, content, person, said="Po spotkaniu")
    papers.start(
        context, GMINA, "zaproszenie", Content(), "", team.coordinator
    )  # one that is sent as letters


def _talk(context: Context) -> None:
    """In the other gmina: a plan, a group with notes that wait, a talk with a transcript and passages."""
    interview_kit.entries(context)
    people = kit.add_people(context, 2, interview_kit.GMINA)
    coder = people[0]
    entries = tuple(row.id for row in catalogue.stakeholders(context, interview_kit.GMINA))
    rated = RoundDraft("Tura", "start", "trzy_kody", entries, people)
    coding_rounds.open_round(context, interview_kit.GMINA, rated, coder)
    alone = interview_kit.planned(context, moderator=coder)
    interview_kit.agree(context, alone)
    found = read_pasted("A: Pomagamy sobie.\nB: Dlaczego?\nA: Bo trzeba.")
    meanings = dict(
        zip([one.mark for one in transcripts.speakers(found)], ("A", transcripts.NOBODY), strict=True)
    )
    transcripts.keep(context, interview_kit.GMINA, alone.id, found, meanings, coder)
    interview_kit.planned(context, moderator=coder)
    group = interview_kit.planned(context, "fgi", 4, coder)
    interview_kit.agree(context, group, [seat.letter for seat in group.seats])
    for number in range(3):
        interview_kit.note(context, group, number, "AB"[number % 2], f"Zdanie {number}.", "g1_1")
    interviews.hold(context, interview_kit.GMINA, group.id, context.today(), (), "", group.revision, None)
    version = interview_kit.lock_notes(context, group)
    run = (0, len(version.text))
    theme = themes.tree(context, interview_kit.GMINA)[0].id
    draft = PassageDraft((run,), frozenset({theme}), sha256=version.sha256)
    passages.add(context, interview_kit.GMINA, group.id, version.id, draft, coder)
    interview_kit.note(context, group, 9, "A", "Dopisane zdanie.", "g1_1")


def _staff(context: Context) -> None:
    accounts.create_user(context, ADMINISTRATOR, "Adam Admin", kit.PASSWORD, administrator=True)
    links.use(context, regions.appoint(context, READER, "Róża", GMINA[:2], None), kit.PASSWORD)
    api_keys.issue(context, GMINA[:2], "ROPS", None)


def client_of(app: Flask, email: str, base: str = "http://localhost") -> tuple[FlaskClient, str]:
    """A browser of this person, and a token that is good as long as its session."""
    limiter.reset()
    client = app.test_client()
    sent = {"email": email, "password": kit.PASSWORD, "csrf_token": _token(client, "/logowanie", base)}
    refers = {"Referer": f"{base}/"}
    assert client.post("/logowanie", data=sent, base_url=base, headers=refers).status_code == 302
    return client, _token(client, "/panel/haslo", base)


def _token(client: FlaskClient, address: str, base: str) -> str:
    found = _TOKEN.search(client.get(address, base_url=base).text)
    assert found is not None
    return found[1]
