"""How many times the store is asked for one page: the same for a hundred stakeholders, or interviews, as for one.

The ceilings are what the pages need today, with a little air; a query per stakeholder, rater, vote or decision, per
interview, participant, note or passage would go far beyond them. Lower one when a page learns to ask for less.

Every page of the staff, in a small gmina and in a larger one: test_staff_page_counts.py.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from survey_app.analysis.diagnoza.result import Edition
from survey_app.services import emblems, gminas
from survey_app.services.coding import agree
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews, passages, themes
from survey_app.services.interviewing.interview_texts import InterviewText
from survey_app.services.interviewing.passages import PassageDraft
from survey_app.services.method import paper_points, paper_remarks, paper_signatures, papers, process
from survey_app.services.method.papers import Content
from survey_app.services.register import catalogue
from survey_app.services.registers import entries, parties, votes
from survey_app.services.registers.entries import Content as EntryContent
from survey_app.services.registers.entries import Owner
from survey_app.services.rollup import regions
from survey_app.services.signing_in import links
from survey_app.services.survey import build_diagnoza, kept_reports, report_texts
from survey_app.store import reports as stored
from survey_app.web.app import create_app
from tests import coding_kit as kit
from tests import console_kit, interview_kit, meeting_kit
from tests.campaign_kit import GMINA
from tests.integration.staff import Staff, staff
from tests.integration.test_lost_quotations import Scene
from tests.paper_kit import offer_for_people
from tests.region_rows import send_up_towns
from tests.register_kit import offer_registers
from tests.statements import asked, keep_to

STAKEHOLDERS, SEATS, BALLOTS = 30, 4, 8
PANEL = f"/panel/{GMINA}"
CEILINGS = {
    f"{PANEL}/katalog": 6,
    f"{PANEL}/katalog/{{stakeholder}}": 10,
    f"{PANEL}/kodowanie": 12,
    f"{PANEL}/kodowanie/{{going_on}}": 9,
    f"{PANEL}/kodowanie/{{going_on}}/oceny": 9,
    f"{PANEL}/kodowanie/{{going_on}}/oceny/{{stakeholder}}": 9,
    f"{PANEL}/kodowanie/{{going_on}}/uzgodnienia": 12,
    f"{PANEL}/kodowanie/{{going_on}}/uzgodnienia/{{stakeholder}}": 14,
    f"{PANEL}/kodowanie/{{closed}}/uzgodnienia": 9,
    f"{PANEL}/kodowanie/wyniki": 11,
}
INTERVIEWS, SPEAKERS, NOTES, PASSAGES = 7, 8, 24, 9
TALKS = f"/panel/{interview_kit.GMINA}/wywiady"
CEILINGS_OF_INTERVIEWS = {
    TALKS: 6,
    f"{TALKS}/{{interview}}": 6,
    f"{TALKS}/{{interview}}/konsola": 5,
    f"{TALKS}/{{interview}}/konsola/stan": 10,
    f"{TALKS}/{{interview}}/osoby": 8,
    f"{TALKS}/{{interview}}/notatki": 11,
    f"{TALKS}/{{interview}}/notatki/wersje/1": 9,
    f"{TALKS}/{{interview}}/transkrypcje": 8,
    f"{TALKS}/{{interview}}/tematy": 12,
    f"{TALKS}/{{interview}}/tematy/{{text}}": 12,
    f"{TALKS}/{{interview}}/tematy/{{text}}/zdania": 12,
    f"{TALKS}/{{interview}}/tematy/{{text}}/zgodnosc": 12,
    f"{TALKS}/tematy": 12,
    f"{TALKS}/tematy/zgodnosc": 9,
    f"{TALKS}/tematy/pliki": 12,
    f"{TALKS}/tematy/pliki/tematy-i-wywiady.xlsx": 12,
    f"{TALKS}/tematy/pliki/projekt.qdpx": 23,
    f"{TALKS}/fragmenty/{{passage}}": 8,
    f"{TALKS}/cytaty": 10,
    f"{TALKS}/wyniki": 17,
}
# Of a region: the same for a hundred gminas as for seven.
REGION = "/panel/region/06"
CEILINGS_OF_REGIONS = {
    REGION: 11,
    f"{REGION}/raport.pdf": 11,
    f"{REGION}/raport.docx": 11,
    f"{REGION}/zestawienie.xlsx": 11,
    f"{REGION}/zestawienie.csv": 11,
}


REPORTS = 12
CAMPAIGN = f"{PANEL}/kampanie/{{campaign}}"
CEILINGS_OF_REPORTS = {
    CAMPAIGN: 7,
    f"{CAMPAIGN}/wyniki": 9,
    f"{CAMPAIGN}/wyniki/diagnoza": 27,
    f"{CAMPAIGN}/diagnoza/raporty": 30,
    f"{CAMPAIGN}/diagnoza/raporty/public/{REPORTS}": 6,
    f"{CAMPAIGN}/diagnoza/raporty/{REPORTS}/publikacja": 5,
    f"{CAMPAIGN}/diagnoza/raporty/1/wycofanie": 5,
    f"{CAMPAIGN}/diagnoza/raporty/historia": 5,
    f"{CAMPAIGN}/diagnoza/teksty": 26,
    f"{CAMPAIGN}/diagnoza/teksty/wnioski": 26,
    f"{PANEL}/herb": 4,
    f"{PANEL}/herb/obraz": 4,
}
ENTRIES = 30
REGISTERS = f"{PANEL}/rejestry"
CEILINGS_OF_REGISTERS = {
    REGISTERS: 6,
    f"{REGISTERS}/potrzeby": 8,
    f"{REGISTERS}/potrzeby/tabela.csv": 11,
    f"{REGISTERS}/potrzeby/nowy": 9,
    f"{REGISTERS}/kalendarz.ics": 5,
    f"{REGISTERS}/wpis/{{entry}}": 12,
    f"{REGISTERS}/wpis/{{entry}}/pola": 12,
    f"{REGISTERS}/wpis/{{entry}}/uczestnicy": 10,
    f"{REGISTERS}/wpis/{{entry}}/uczestnicy/{{party}}": 12,
}
VERSIONS = 12
PAPERS = f"{PANEL}/pisma"
CEILINGS_OF_PAPERS = {
    PAPERS: 6,
    f"{PAPERS}/{{paper}}": 11,
    f"{PAPERS}/{{paper}}/pola": 7,
    f"{PAPERS}/{{paper}}/tresc": 11,
    f"{PAPERS}/{{paper}}/wersje": 7,
    f"{PAPERS}/{{paper}}/wersje/2": 11,
    f"{PAPERS}/{{paper}}/wersje/porownanie": 16,
    f"{PAPERS}/{{paper}}/uzgodnienie": 11,
}
CEILINGS_OF_PAPER_PEOPLE = {
    f"{PAPERS}/{{pact}}/uwagi": 16,  # reads the closed round, too
    f"{PAPERS}/{{pact}}/uwagi/1": 12,
    f"{PAPERS}/{{pact}}/podpisy": 12,
    f"{PAPERS}/{{pact}}/podpisy/nowy": 12,
    f"{PAPERS}/{{pact}}/podpisy/wiele": 17,  # the same
    f"{PAPERS}/{{problems}}/punkty": 9,
    f"{PAPERS}/{{problems}}/tabele/problemy/wczytaj": 8,
    f"{PAPERS}/{{problems}}/tabele/problemy/plik.csv": 8,
}
MOTIONS = 9
MEETINGS = f"{PANEL}/rejestry/posiedzenia"
MEETING = f"{MEETINGS}/{{meeting}}/glosowania"
CEILINGS_OF_MEETINGS = {
    MEETING: 12,
    f"{MEETING}/nowy": 12,
    f"{MEETING}/1": 12,
    f"{MEETING}/{MOTIONS}": 12,
    f"{MEETING}/{MOTIONS}/glosy/{{seat}}": 12,
    f"{MEETINGS}/uchwaly": 7,
    f"{MEETINGS}/uchwaly.csv": 7,
    f"{PAPERS}/nowe/protokol?wpis={{meeting}}": 16,
}


@pytest.fixture
def coded(sqlite_context: Context) -> tuple[Staff, dict[str, int]]:
    """A closed round, and one that is laid open with votes counted and a vote going on."""
    team = kit.add_team(sqlite_context, STAKEHOLDERS, SEATS)
    first = kit.laid_open_round(sqlite_context, team, lambda _seat, place: (2, 2, 1 + place % 3))
    agree.confirm_agreed(sqlite_context, GMINA, first.id, team.coordinator)
    closed = kit.close(sqlite_context, first.id, team)
    going_on = kit.laid_open_round(sqlite_context, team, lambda seat, place: (2, 2, 1 + (seat + place) % 3))
    for place, stakeholder in enumerate(team.stakeholders[:BALLOTS]):
        where = (sqlite_context, GMINA, going_on.id)
        ballot = agree.open_ballot(*where, stakeholder, "zwolennik", kit.REASON, team.coordinator)
        for person in team.people:
            agree.cast_vote(*where, ballot, person, "for")
        if place:
            agree.close_ballot(*where, ballot, team.coordinator)
    app: Flask = create_app(context=sqlite_context)
    app.testing = True
    person = staff(app)
    assert person.log_in(f"osoba1.{GMINA}@example.org", kit.PASSWORD).status_code == 302
    places = {"closed": closed.id, "going_on": going_on.id, "stakeholder": team.stakeholders[0]}
    return person, places


@pytest.fixture
def talked(sqlite_context: Context) -> tuple[Staff, dict[str, int]]:
    """Groups with notes that are locked, and passages that two people chose alike in each."""
    context = sqlite_context
    interview_kit.entries(context)
    coders = kit.add_people(context, 2, interview_kit.GMINA)
    for _ in range(INTERVIEWS):
        group = interview_kit.planned(context, "fgi", SPEAKERS)
        letters = [seat.letter for seat in group.seats]
        interview_kit.agree(context, group, letters)
        for number in range(NOTES):
            letter = letters[number % SPEAKERS]
            interview_kit.note(context, group, number, letter, f"Zdanie {number:02}.", "g1_1")
        interviews.hold(context, interview_kit.GMINA, group.id, context.today(), (), "", group.revision, None)
        version = interview_kit.lock_notes(context, group)
        passage = [mark(context, version, person) for person in coders][-1]
    app: Flask = create_app(context=context)
    app.testing = True
    person = staff(app)
    assert person.log_in(f"osoba1.{interview_kit.GMINA}@example.org", kit.PASSWORD).status_code == 302
    return person, {"interview": group.id, "text": version.id, "passage": passage}


@pytest.fixture
def reported(sqlite_context: Context) -> tuple[Staff, dict[str, int]]:
    """Many reports of a campaign, all but the last published; the first with a quotation that may not be used now."""
    scene = Scene(sqlite_context)
    campaign = scene.held.campaign.id
    scene.publish(1)
    scene.take_back(0)
    for number in range(2, REPORTS + 1):
        part = report_texts.part(sqlite_context, campaign, "wnioski")
        report_texts.save(
            sqlite_context, campaign, "wnioski", f"Wersja {number}", part.revision, part.basis, None
        )
        made = build_diagnoza.build(sqlite_context, campaign, Edition.PUBLIC)
        kept_reports.keep(sqlite_context, campaign, made, build_diagnoza.laid_out(sqlite_context, made), None)
    with sqlite_context.database.transaction() as session:
        for row in stored.of_campaign(session, campaign)[1:]:
            row.published_at, row.file = sqlite_context.clock(), b"%PDF"
    file = io.BytesIO()
    Image.new("RGB", (30, 40)).save(file, "PNG")
    emblems.keep(sqlite_context, GMINA, file.getvalue(), "Herb", None)
    app: Flask = create_app(context=sqlite_context)
    app.testing = True
    person = staff(app)
    assert person.log_in(f"osoba1.{GMINA}@example.org", kit.PASSWORD).status_code == 302
    return person, {"campaign": campaign}


@pytest.fixture
def written(sqlite_context: Context) -> tuple[Staff, dict[str, int]]:
    """Papers that were withdrawn, and one with many versions, each by somebody else."""
    team = kit.add_team(sqlite_context, 3, SEATS)
    for number in range(VERSIONS):
        content = Content({"wnioski": f"Wersja {number}"})
        gone = papers.start(sqlite_context, GMINA, "swot", content, "", team.coordinator)
        papers.withdraw(sqlite_context, GMINA, gone.id, team.coordinator)
    paper = papers.start(sqlite_context, GMINA, "swot", Content(), "", team.coordinator)
    for number in range(1, VERSIONS + 1):
        content = Content({"wnioski": f"Wersja {number}"})
        papers.save(sqlite_context, GMINA, paper.id, number, content, team.people[number % SEATS])
    app: Flask = create_app(context=sqlite_context)
    app.testing = True
    person = staff(app)
    assert person.log_in(f"osoba1.{GMINA}@example.org", kit.PASSWORD).status_code == 302
    return person, {"paper": paper.id}


def mark(context: Context, version: InterviewText, coder: int) -> int:
    """Some sentences get a theme each, and the coder is through; the last passage."""
    tree = themes.tree(context, interview_kit.GMINA)
    for number in range(PASSAGES):
        words = f"Zdanie {number:02}."
        start = version.text.index(words)
        run, theme = (start, start + len(words)), tree[number % len(tree)].id
        draft = PassageDraft((run,), frozenset({theme}), sha256=version.sha256)
        (found,) = passages.add(context, interview_kit.GMINA, version.interview_id, version.id, draft, coder)
    passages.finish(context, interview_kit.GMINA, version.interview_id, version.id, coder)
    return found


def test_no_page_of_interviews_asks_the_store_once_per_row(
    sqlite_context: Context, talked: tuple[Staff, dict[str, int]]
) -> None:
    person, places = talked
    keep_to(CEILINGS_OF_INTERVIEWS, sqlite_context, person, places)


def test_no_page_of_reports_asks_the_store_once_per_report(
    sqlite_context: Context, reported: tuple[Staff, dict[str, int]]
) -> None:
    person, places = reported
    keep_to(CEILINGS_OF_REPORTS, sqlite_context, person, places)


def test_no_page_of_registers_asks_the_store_once_per_entry_or_party(
    sqlite_context: Context,
    coded: tuple[Staff, dict[str, int]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    offer_registers(monkeypatch, tmp_path / "registers")
    owner, day = Owner(gmina_code=GMINA), sqlite_context.today().isoformat()
    some = catalogue.stakeholders(sqlite_context, GMINA)
    for number in range(ENTRIES):
        content = EntryContent({"nazwa": [f"Sala {number}"], "do": day}, some[number % len(some)].id)
        entry = entries.add(sqlite_context, owner, "potrzeby", content, None)
    parties.add(sqlite_context, owner, entry.id, [parties.Who(one.id) for one in some], "", None)
    for number in range(ENTRIES):
        entries.write_log(
            sqlite_context, owner, entry.id, "sent", sqlite_context.today(), f"List {number}", None
        )
    party = parties.lines(sqlite_context, entries.view(sqlite_context, owner, entry.id))[0].party.id
    keep_to(CEILINGS_OF_REGISTERS, sqlite_context, coded[0], {"entry": entry.id, "party": party})


def test_no_page_of_papers_asks_the_store_once_per_paper_or_version(
    sqlite_context: Context, written: tuple[Staff, dict[str, int]]
) -> None:
    person, places = written
    keep_to(CEILINGS_OF_PAPERS, sqlite_context, person, places)


def test_a_list_of_versions_reads_what_none_of_them_holds_but_the_one_that_is_shown(
    sqlite_context: Context, written: tuple[Staff, dict[str, int]]
) -> None:
    person, places = written
    for address, whole in (("", 0), ("/{paper}/wersje", 1), ("/{paper}/wersje/2", 2), ("/{paper}", 1)):
        with asked(sqlite_context) as seen:
            person.get(f"{PAPERS}{address}".format(**places))
        assert len([one for one in seen if "paper_version.tables" in one]) == whole, address


def test_no_page_of_remarks_signatures_and_points_asks_the_store_once_per_row(
    sqlite_context: Context, coded: tuple[Staff, dict[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    offer_for_people(monkeypatch)
    context, (person, _) = sqlite_context, coded
    rows = [{"_id": f"r{number}", "problem": f"Problem {number}"} for number in range(30)]
    problems = papers.start(context, GMINA, "problemy", Content(tables={"problemy": rows}), "", None).id
    pact = papers.start(context, GMINA, "umowa", Content(), "", None).id
    papers.agree(context, GMINA, pact, 1, context.today(), None)
    everyone = [one.id for one in catalogue.stakeholders(context, GMINA)]
    for who in everyone:
        paper_remarks.add(context, GMINA, pact, 1, f"Uwaga {who}", who, None)
    paper_signatures.sign(context, GMINA, pact, everyone[:20], context.today(), None)
    view = papers.view(context, GMINA, problems)
    paper_points.give(context, view, {row["_id"]: 3 for row in rows}, 1, GMINA)
    keep_to(CEILINGS_OF_PAPER_PEOPLE, context, person, {"pact": pact, "problems": problems})


def test_no_page_of_meetings_asks_the_store_once_per_seat_or_motion(sqlite_context: Context) -> None:
    context = sqlite_context
    meeting_kit.add_team(context)
    entry_id, seats = meeting_kit.opened(context)
    for number in range(1, MOTIONS + 1):
        meeting_kit.put(context, entry_id, f"Wniosek {number}")
        cast = dict.fromkeys(seats[:3], "for")
        votes.cast(context, meeting_kit.OWNER, entry_id, number, cast, None)
        if number < MOTIONS:
            votes.close(context, meeting_kit.OWNER, entry_id, number, None, "Uwaga", None)
    app: Flask = create_app(context=context)
    app.testing = True
    person = staff(app)
    assert person.log_in(f"osoba1.{GMINA}@example.org", kit.PASSWORD).status_code == 302
    keep_to(CEILINGS_OF_MEETINGS, context, person, {"meeting": entry_id, "seat": seats[0]})


def test_a_message_of_a_console_asks_no_more_per_change_however_long_it_is(sqlite_context: Context) -> None:
    talk = console_kit.talk(sqlite_context)
    device = console_kit.Device(sqlite_context, talk)
    needed = {}
    for number in (10, 200):
        with asked(sqlite_context) as seen:
            device.send(*(device.note(f"Zdanie {number}.{place}") for place in range(number)))
        needed[number] = len(seen)
    # Whether it is there, its row, and a savepoint around it, so that a refused one leaves nothing behind.
    assert needed[200] <= 5 * 200 + 10
    assert needed[10] <= 5 * 10 + 10


def test_no_page_of_coding_asks_the_store_once_per_row(
    sqlite_context: Context, coded: tuple[Staff, dict[str, int]]
) -> None:
    person, places = coded
    beyond = {}
    for address, ceiling in CEILINGS.items():
        with asked(sqlite_context) as seen:
            person.get(address.format(**places))
        if len(seen) > ceiling:
            beyond[address] = (len(seen), ceiling)
    assert not beyond, "page: (queries, ceiling)"


def test_a_decision_reads_the_ratings_of_its_own_stakeholder_alone(
    sqlite_context: Context, coded: tuple[Staff, dict[str, int]]
) -> None:
    _, places = coded
    where = (sqlite_context, GMINA, places["going_on"])
    stakeholder = agree.overview(*where).entries[-1].stakeholder.stakeholder_id
    with asked(sqlite_context) as seen:
        agree.decide(*where, stakeholder, "neutralny", kit.REASON, None)
    assert len(seen) <= 24
    of_ratings = [one for one in seen if "rating.point" in one]
    assert of_ratings
    assert all("rating.stakeholder_id = ?" in one for one in of_ratings)


def test_no_report_of_a_region_asks_the_store_once_per_gmina(sqlite_context: Context) -> None:
    gminas.seed_pilot_gminas(sqlite_context)
    send_up_towns(sqlite_context)
    for code in ("060505", "060203", "060901"):
        process.choose_path(sqlite_context, code, "zsl_first", None)
    token = regions.appoint(sqlite_context, "rops@example.org", "Róża", "06", None)
    links.use(sqlite_context, token, kit.PASSWORD)
    app: Flask = create_app(context=sqlite_context)
    app.testing = True
    person = staff(app)
    assert person.log_in("rops@example.org", kit.PASSWORD).status_code == 302
    beyond = {}
    for address, ceiling in CEILINGS_OF_REGIONS.items():
        with asked(sqlite_context) as seen:
            answer = person.client.get(address)
        assert answer.status_code == 200, address
        if len(seen) > ceiling:
            beyond[address] = len(seen)
    assert beyond == {}
