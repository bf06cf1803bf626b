"""A gmina of any size with something on every staff page, and the address of each page: for tests and for bench."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.routing import Rule

from survey_app.analysis.diagnoza.result import Edition
from survey_app.instrument.values import Value
from survey_app.services import accounts, emblems
from survey_app.services.coding import agree, coding_rounds, criteria, documents
from survey_app.services.context import Context
from survey_app.services.demo.answers import made_up
from survey_app.services.interviewing import (
    interview_texts,
    interviews,
    moderators,
    passages,
    quotations,
    themes,
    transcripts,
)
from survey_app.services.interviewing.interviews import LETTERS, Interview, InterviewDraft, SeatDraft
from survey_app.services.interviewing.passages import PassageDraft
from survey_app.services.interviewing.transcript_files import read_pasted
from survey_app.services.method import papers, process
from survey_app.services.method.process import StepDraft
from survey_app.services.register import catalogue, declarations, own_sectors
from survey_app.services.register.declarations import DeclarationDraft
from survey_app.services.registers import bank, network, parties, persuasion
from survey_app.services.registers import entries as register_entries
from survey_app.services.registers.bank import OfferDraft
from survey_app.services.registers.entries import Content, Owner
from survey_app.services.registers.parties import Who
from survey_app.services.registers.persuasion import PlanDraft
from survey_app.services.rollup import api_keys, messages, regions
from survey_app.services.signing_in import links
from survey_app.services.survey import (
    build_diagnoza,
    campaigns,
    open_texts,
    publish_report,
    report_texts,
    take_survey,
)
from survey_app.store import audit
from survey_app.store.catalogue import draft_of
from survey_app.web.access import Access, declared_access
from tests import coding_kit as kit
from tests import interview_kit
from tests.campaign_kit import DRAFT, GMINA, WEEK, Held, end, hold, lock, new_key, send
from tests.integration.staff import staff
from tests.stores import Clock

ADMINISTRATOR = "admin@example.org"
READER = "region@example.org"
COORDINATOR = f"osoba1.{GMINA}@example.org"
MEMBER = f"osoba2.{GMINA}@example.org"
PASSWORD = kit.PASSWORD
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n29\n%%EOF\n"
KINDS = ("administracja", "pomoc_spoleczna", "edukacja", "kultura", "zdrowie", "sport", "gospodarka")
# Downloads, and what a script asks for: measured elsewhere.
FILES = {
    "catalogue_import.template", "coding_results.changes_csv", "coding_results.report_pdf",
    "coding_results.stakeholders_csv", "coding_results.workbook", "console.state", "criteria.version_file",
    "diagnoza_files.docx", "diagnoza_files.package", "diagnoza_files.workbook", "documents.open_file",
    "emblem.picture", "gminas_table.own_file", "interview_notice.as_pdf", "interview_results.report_pdf",
    "interviews.calendar_of_moderator", "interviews.one_calendar", "interviews.own_calendar",
    "interviews.plan_csv", "interviews.plan_xlsx", "kept_reports.bip_text", "kept_reports.history_csv",
    "kept_reports.published_file", "local_network.graph_svg", "local_network.table_csv",
    "notes.protocol_pdf", "opening.blank_form", "opening.poster",
    "opening.qr_png", "opening.qr_svg", "participant_copy.as_json", "participant_copy.as_text",
    "personal_data.of_account", "personal_data.own_file", "personal_register.contact_copy",
    "region.report_docx", "region.report_pdf", "region.table_csv", "region.table_xlsx",
    "results.diagnoza_pdf", "results.export_csv", "results.export_xlsx", "statistics_files.ddi",
    "statistics_files.parquet", "statistics_files.sav", "statistics_files.xlsform", "theme_files.qdpx",
    "theme_files.table_xlsx",
}  # fmt: skip
# each in its own state
COUNTED_APART = ("papers.", "paper_", "library", "registers.", "region_registers.", "meetings.")
# What a page answers that has nothing to show: no variants of a note, no lines named, single sign-on is not set up,
# the passage is another coder's.
ANSWERS_OTHERWISE = {
    ("notes.settling", "coordinator"): 303,
    ("notes.settling", "member"): 303,
    ("passages.edit", "coordinator"): 404,
    ("transcripts.cutting", "coordinator"): 422,
    ("transcripts.cutting", "member"): 422,
    ("team.home", "coordinator"): 302,
    ("team.home", "member"): 302,
    ("single_sign_on.tying", "coordinator"): 404,
    ("single_sign_on.tying", "member"): 404,
}
SENTENCES = (
    "Szkoła ma salę.",
    "Brakuje dowozu.",
    "Razem damy radę.",
    "Nikt nie pytał.",
    "Mamy wolontariuszy.",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is; `events`: entries of the trace beside those that the building itself leaves."""

    stakeholders: int
    answers: int
    seats: int = 3
    interviews: int = 2
    notes: int = 4
    reports: int = 2
    events: int = 0


@dataclass(slots=True)
class BigGmina:
    """What addresses name. `of`: other values for one page, by the name of its view."""

    context: Context
    team: kit.Team
    values: dict[str, object] = field(default_factory=dict)
    of: dict[str, dict[str, object]] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    rated: int = 0  # the round that is still being rated, until `lay_open`

    def address(self, app: Flask, rule: Rule) -> str:
        """KeyError: the page names something that this gmina has not got."""
        known = {**self.values, **self.of.get(rule.endpoint, {})}
        adapter = app.url_map.bind("localhost")
        path = adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})
        return path + self.query.get(rule.endpoint, "")

    def lay_open(self) -> None:
        """From rating to agreement: a vote that goes on, one that is counted, half of the codes decided."""
        kit.lay_open(self.context, self.rated, self.team)
        where = (self.context, GMINA, self.rated)
        for place, stakeholder in enumerate(self.team.stakeholders[:4]):
            ballot = agree.open_ballot(*where, stakeholder, "zwolennik", kit.REASON, self.team.coordinator)
            for person in self.team.people:
                agree.cast_vote(*where, ballot, person, "for")
            if place:
                agree.close_ballot(*where, ballot, self.team.coordinator)
        for stakeholder in self.team.stakeholders[4 : len(self.team.stakeholders) // 2]:
            agree.decide(*where, stakeholder, "neutralny", kit.REASON, self.team.coordinator)


def build(context: Context, size: Size) -> BigGmina:
    """Needs a context whose clock can be moved."""
    team = kit.add_team(context, size.stakeholders, size.seats)
    big = BigGmina(context, team)
    big.values |= {
        "gmina_code": GMINA,
        "code": GMINA,
        "region_code": GMINA[:2],
        "criterion": "wplyw",
        "edition_name": "public",
        "part": "wnioski",
        "question_id": "p6",
        "letter": "A",
        "step_id": "katalog",
        "form": "idi",
        "stakeholder_id": team.stakeholders[0],
        "message_id": messages.send(context, GMINA[:2], "Spotkanie", "Zapraszamy.", None),
        "person_id": team.people[1],
    }
    _staff(context)
    _entries(big)
    _process(big)
    _bank(big)
    _talks(big, size)
    _campaigns(big, size)
    _rounds(big)
    _trace(context, size.events)
    return big


def _staff(context: Context) -> None:
    accounts.create_user(context, ADMINISTRATOR, "Adam Admin", PASSWORD, administrator=True)
    links.use(context, regions.appoint(context, READER, "Róża", GMINA[:2], None), PASSWORD)
    api_keys.issue(context, GMINA[:2], "ROPS", None)


def _entries(big: BigGmina) -> None:
    """What is said of entries, and files beside them."""
    context, team = big.context, big.team
    row = None
    for place, key in enumerate(team.stakeholders):
        if place % 2 == 0:
            said = DeclarationDraft("contribution", "Sala na spotkania", context.today(), "lokal")
            row = declarations.add_declaration(context, GMINA, key, said, team.coordinator)
            big.of.setdefault("declarations.withdrawing", {"declaration_id": row.id, "stakeholder_id": key})
    first, second, *_, left = team.stakeholders
    big.query["catalogue_merge.comparing"] = f"?podwojny={second}&zostaje={first}"
    entry = replace(draft_of(catalogue.stakeholder(context, GMINA, first)), contact_email="ewa@example.org")
    catalogue.update_stakeholder(context, GMINA, first, entry, None)
    kit.represent(context, team.people[1], left)
    catalogue.mark_left(context, GMINA, left, team.coordinator, "Koniec działalności")
    big.of["catalogue_stays.returning"] = {"stakeholder_id": left}
    sector = own_sectors.add_own_sector(
        context, GMINA, "Rolnicy", next(iter(catalogue.catalogue_sectors())), None
    )
    big.values["sector_id"] = sector
    big.values["document_id"] = documents.upload(
        context, GMINA, "Umowa", "umowa.pdf", PDF, team.coordinator
    ).id
    picture = io.BytesIO()
    Image.new("RGB", (30, 40)).save(picture, "PNG")
    emblems.keep(context, GMINA, picture.getvalue(), "Herb", None)


def _process(big: BigGmina) -> None:
    """A path, a step that somebody answers for, a form and a document."""
    context, day = big.context, big.context.today()
    process.choose_path(context, GMINA, "zsl_first", None)
    for step in ("sklad", "katalog"):
        process.save_step(context, GMINA, step, StepDraft("doing", big.team.people[1], day, "", "", 0), None)
    for key in ("akt_powolania", "karta_01", "monitoring"):
        papers.start(context, GMINA, key, papers.Content(), "", None)


def _bank(big: BigGmina) -> None:
    """Every institution offers something and is in the network; a need that nobody has answered."""
    context, owner = big.context, Owner(gmina_code=GMINA)
    club, *others = [one for one in big.team.stakeholders if one != big.team.stakeholders[-1]]
    hub = register_entries.add(context, owner, network.NETWORK, Content({"nazwa": ["LSR"]}, club), None)
    who = [Who(stakeholder_id=one) for one in others]
    parties.add(context, owner, hub.id, who, "", None)
    for one in others:
        bank.offer(context, GMINA, OfferDraft(one, "Sala", "lokal"), None)
    answers: dict[str, Value] = {
        "nazwa": ["Sala"],
        "rodzaj": {"option": "lokal"},
        "na_kiedy": context.today().isoformat(),
    }
    need = register_entries.add(context, owner, bank.NEEDS, Content(answers, club), None)
    big.of["bank.offering"] = {"entry_id": need.id}


def _talks(big: BigGmina, size: Size) -> None:
    context, team = big.context, big.team
    with context.database.transaction() as session:
        moderators.appoint(context, session, GMINA, team.people[1], None)
    tree = themes.tree(context, GMINA)
    big.values["theme_id"] = tree[0].id
    for place in range(size.interviews):
        talk = _planned(big, "idi" if place % 2 else "fgi", 1 if place % 2 else 4)
        version = _held(big, talk, size.notes)
        for person in team.people[:2]:
            for number in range(min(size.notes, len(SENTENCES))):
                start = version.text.index(SENTENCES[number])
                run = (start, start + len(SENTENCES[number]))
                draft = PassageDraft((run,), frozenset({tree[number % len(tree)].id}), sha256=version.sha256)
                (found,) = passages.add(context, GMINA, talk.id, version.id, draft, person)
            passages.finish(context, GMINA, talk.id, version.id, person)
        if place % 3 == 0:
            quotations.clear(context, GMINA, found, team.coordinator)
        big.values |= {"interview_id": talk.id, "excerpt_id": found, "text_id": version.id, "number": 1}
        big.values["note_id"] = f"{talk.id:08x}{0:024x}"
    planned = _planned(big, "idi", 1)
    gone = _planned(big, "idi", 1)
    interviews.cancel(context, GMINA, gone.id, "Choroba", gone.revision, None)
    for name in ("holding", "edit", "cancelling"):
        big.of[f"interviews.{name}"] = {"interview_id": planned.id}
    big.of["interviews.restoring"] = {"interview_id": gone.id}
    big.of["excerpts.show"] = {"excerpt_id": found}


def _planned(big: BigGmina, form: str, people: int) -> Interview:
    seats = tuple(SeatDraft(LETTERS[n], big.team.stakeholders[n], "works") for n in range(people))
    draft = InterviewDraft(
        big.context.clock() + dt.timedelta(hours=1),
        55,
        seats,
        place="Urząd",
        moderator_id=big.team.people[1],
        departure_reason="Próba",
        project_title=interview_kit.TITLE,
    )
    made = interviews.plan(big.context, GMINA, form, draft, None)
    return interviews.interview(big.context, GMINA, made.id)


def _held(big: BigGmina, talk: Interview, notes: int) -> interview_texts.InterviewText:
    """Agreed to, noted, transcribed, held; the locked version of its notes."""
    context = big.context
    letters = [seat.letter for seat in talk.seats]
    interview_kit.agree(context, talk, letters)
    question = "p1_1" if talk.form == "idi" else "g1_1"
    for number in range(notes):
        words = SENTENCES[number] if number < len(SENTENCES) else f"Zdanie {number}."
        interview_kit.note(context, talk, number, letters[number % len(letters)], words, question)
    found = read_pasted("A: Pomagamy sobie.\nB: Dlaczego?\nA: Bo trzeba.")
    marks = [one.mark for one in transcripts.speakers(found)]
    meanings = dict(zip(marks, ("A", transcripts.NOBODY), strict=True))
    transcripts.keep(context, GMINA, talk.id, found, meanings, None)
    context.clock.advance(hours=2)  # type: ignore[attr-defined]
    interviews.hold(context, GMINA, talk.id, context.today(), (), "", talk.revision, None)
    with context.database.reading() as session:
        seen = interview_texts.composed_notes(session, talk).sha256
    return interview_texts.lock_notes(context, GMINA, talk.id, seen, None)


def _campaigns(big: BigGmina, size: Size) -> None:
    """An anonymous one and a named one that are locked, one that has ended, one that is open, a draft."""
    context = big.context
    assert isinstance(context.clock, Clock)

    def weeks(**changes: object) -> Held:
        now = context.clock()
        return hold(context, opens_at=now, closes_at=now + WEEK, **changes)

    source = random.Random(1)
    named = weeks(title="Imienna", mode="named", access="open_link")
    anonymous = weeks(title="Anonimowa", access="open_link")
    for held in (named, anonymous):
        for number in range(size.answers):
            settled = made_up(held.instrument, source.choice(KINDS), source)
            who = f"Instytucja {number + 1:03}" if held is named else ""
            take_survey.submit(context, held.campaign.public_id, None, new_key(), settled, who)
    lock(context, named)
    lock(context, anonymous)
    for text in open_texts.waiting(context, anonymous.campaign.id)[:: max(1, size.answers // 100)]:
        open_texts.clear(context, text.id, text.text, None)
    for number in range(1, size.reports + 1):
        context.clock.advance(hours=1)
        part = report_texts.part(context, anonymous.campaign.id, "wnioski")
        words = (f"Wersja {number}", part.revision, part.basis, None)
        report_texts.save(context, anonymous.campaign.id, "wnioski", *words)
        build_diagnoza.pdf(context, anonymous.campaign.id, Edition.PUBLIC, None)
        if number < size.reports:
            publish_report.publish(context, anonymous.campaign.id, number, "", None)
    ended = weeks(title="Skończona", mode="named")
    send(context, ended, ended.codes[0])
    end(context, ended)
    opened = weeks(title="Otwarta", mode="named")
    send(context, opened, opened.codes[0])
    now = context.clock()
    draft = replace(DRAFT, opens_at=now, closes_at=now + WEEK, title="Szkic")
    sketch = campaigns.create_campaign(context, GMINA, draft, None)
    big.values["campaign_id"] = anonymous.campaign.id
    for names, campaign in (
        (("campaigns.edit", "opening.opening", "opening.preview"), sketch.id),
        (("campaigns.locking",), ended.campaign.id),
        (("campaigns.end", "opening.reissuing", "opening.reminding", "paper.returned", "paper.typing"),
         opened.campaign.id),
    ):  # fmt: skip
        for name in names:
            big.of[name] = {"campaign_id": campaign}
    big.of["kept_reports.show"] = {"number": size.reports}
    big.of["kept_reports.publishing"] = {"number": size.reports}


def _rounds(big: BigGmina) -> None:
    """A closed round, and one that everybody has rated."""
    context = big.context
    here = big.team.stakeholders[:-1]  # the last one has left
    big.team = kit.Team(here, big.team.people)
    first = kit.laid_open_round(context, big.team, lambda _seat, place: (2, 2, 1 + place % 3))
    agree.confirm_agreed(context, GMINA, first.id, big.team.coordinator)
    kit.decide_all(context, first.id, big.team)
    kit.close(context, first.id, big.team)
    _persuasion(context)
    going_on = kit.open_round(context, big.team)
    kit.rate_all(context, going_on.id, big.team, lambda seat, place: (2, 2, 1 + (seat + place) % 3))
    big.rated = going_on.id
    big.values |= {"round_id": going_on.id, "version_id": criteria.current_criteria(context, GMINA).id}
    assert coding_rounds.coding_round(context, GMINA, first.id).closed_at


def _persuasion(context: Context) -> None:
    """An action towards each Neutralny, with a talk that took place."""
    seen = persuasion.view(context, GMINA).scenario
    assert seen is not None
    neutral = [one.stakeholder.stakeholder_id for one in seen.talks]
    draft = PlanDraft(neutral, (), "rozmowa", "Przekonać", context.today(), None)
    for entry in persuasion.plan(context, GMINA, draft, None).entries:
        owner = Owner(gmina_code=GMINA)
        register_entries.write_log(context, owner, entry.id, "rozmowa", context.today(), "Rozmowa.", None)


def _trace(context: Context, events: int) -> None:
    for start in range(0, events, 500):
        with context.database.transaction() as session:
            for number in range(start, min(start + 500, events)):
                audit.record(
                    session,
                    at=context.clock(),
                    actor=None,
                    action="stakeholder_updated",
                    object_type="stakeholder",
                    object_id=number,
                    gmina_code=GMINA,
                )


# Of each kind of page, who is asked to open it; a member where members may.
_OF_TEAM = {"coordinator": COORDINATOR, "member": MEMBER}
_OPENED_BY: dict[Access, dict[str, str]] = {
    Access.SIGNED_IN: _OF_TEAM,
    Access.ADMINISTRATOR: {"administrator": ADMINISTRATOR},
    Access.READER_OF_REGION: {"region": READER},
    Access.COORDINATOR_OF_GMINA: {"coordinator": COORDINATOR},
    Access.COORDINATOR_OF_CAMPAIGN: {"coordinator": COORDINATOR},
    Access.COORDINATOR_OF_ROUND: {"coordinator": COORDINATOR},
    Access.MEMBER_OF_GMINA: _OF_TEAM,
    Access.MEMBER_OF_ROUND: _OF_TEAM,
    Access.RATER_OF_ROUND: _OF_TEAM,
    Access.MEMBER_OR_MODERATOR: _OF_TEAM,
    Access.MODERATOR_OF_INTERVIEW: _OF_TEAM,
    Access.KEEPER_OF_INTERVIEW: _OF_TEAM,
    Access.READER_OF_INTERVIEW: _OF_TEAM,
}
# Pages of a round that is still being rated; the others are opened when it is laid open.
WHILE_RATING = {
    "coding.laying_open",
    "coding.adding",
    "coding.withdrawing",
    "coding.rater_leaving",
    "rating.index",
    "rating.sheet",
    "rating_evidence.show",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page as one person opens it."""

    view: str
    role: str
    email: str
    address: str


def visits(app: Flask, big: BigGmina) -> Iterator[tuple[Page, FlaskClient]]:
    """Each page, those of the rating first, with the client of its reader, who is logged in."""
    clients: dict[str, FlaskClient] = {}
    for rating in (True, False):
        if not rating:
            big.lay_open()
        for page in pages(app, big, rating=rating):
            if page.email not in clients:
                person = staff(app)
                assert person.log_in(page.email, PASSWORD).status_code == 302
                clients[page.email] = person.client
            yield page, clients[page.email]


def pages(app: Flask, big: BigGmina, *, rating: bool) -> list[Page]:
    """Every page of the staff that a GET shows, by each of those who may open it; no files, nothing of respondents."""
    found = []
    for rule in app.url_map.iter_rules():
        access = declared_access(app.view_functions[rule.endpoint])
        if (
            "GET" not in (rule.methods or ())
            or access not in _OPENED_BY
            or rule.endpoint in FILES
            or rule.endpoint.startswith(COUNTED_APART)
            or (rule.endpoint in WHILE_RATING) is not rating
        ):
            continue
        address = big.address(app, rule)
        found += [Page(rule.endpoint, role, email, address) for role, email in _OPENED_BY[access].items()]
    return sorted(found, key=lambda page: (page.view, page.role))
