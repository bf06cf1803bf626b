"""One anonymous campaign as a service would hold it: answers, paper, talks, codes, neighbours, people who look."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.result import Edition
from survey_app.extensions import limiter
from survey_app.instrument.values import Answers, State, Value
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import interview_texts, interviews, notes, passages, themes
from survey_app.services.interviewing.interviews import InterviewDraft, SeatDraft
from survey_app.services.interviewing.notes import NoteDraft
from survey_app.services.interviewing.passages import PassageDraft
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.rollup import api_keys, regions, releases
from survey_app.services.signing_in import links
from survey_app.services.survey import build_diagnoza, campaigns, kept_reports, monitor, open_texts, paper
from survey_app.web.app import create_app
from tests import coding_kit
from tests.campaign_kit import GMINA, Held, add_gmina, answers, end, hold, new_key, send
from tests.coding_kit import Team
from tests.interview_kit import agree
from tests.outputs import PASSWORD
from tests.region_rows import send_up_towns
from tests.stores import Clock, settings_for
from tests.unit.analysis_records import drawn

Towns = Sequence[tuple[str, int, float]]
# Gmina, answers, the chance of TAK: four who agree are hidden, and may go up in a pool.
MIXED: Towns = (("060504", 16, 0.6), ("060501", 15, 0.4), ("060506", 17, 0.5))
HIDING: Towns = (("060504", 4, 1.0), ("060501", 4, 0.0), ("060506", 4, 1.0), ("060203", 18, 0.5))
PEOPLE = {
    "coordinator": {"coordinator_of": GMINA},
    "member": {"member_of": GMINA},
    "third": {"member_of": GMINA},
    "administrator": {"administrator": True},
    "foreign": {"coordinator_of": None},
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign is drawn from. `paper`: how many of the answers came on sheets."""

    seed: int
    kinds: tuple[str, ...]
    forms: int
    yes: float
    skips: float
    k: int
    known: bool
    paper: int
    towns: Towns

    def records(self) -> list[Answers]:
        return drawn(self.seed, self.forms, self.kinds, self.yes, self.skips)


@dataclass(frozen=True, slots=True)
class Whole:
    """The service with the campaign in it, and how many answers there were on each morning that was looked at."""

    plan: Plan
    context: Context
    app: Flask
    held: Held
    records: list[Answers]
    mornings: dict[str, int]
    key: str  # of the API

    @property
    def campaign_id(self) -> int:
        return self.held.campaign.id


def build(plan: Plan, template: Path, folder: Path) -> Whole:
    """Sent, locked, cleared, sent up."""
    folder.mkdir(parents=True)
    shutil.copyfile(template, folder / "survey.sqlite3")
    settings = settings_for(folder, f"sqlite:///{folder / 'survey.sqlite3'}")
    context = Context(settings, Context.from_settings(settings).database, Clock())
    add_gmina(context, plan.forms + 5)
    _add_people(context)
    held = hold(context, k=plan.k, access="invitations" if plan.known else "open_link")
    records = plan.records()
    mornings = _send(context, held, plan, records)
    send_up_towns(context, plan.towns)
    campaigns.lock_campaign(context, held.campaign.id, actor=None)
    for text in open_texts.waiting(context, held.campaign.id):
        open_texts.clear(context, text.id, text.text, actor=None)
    key = api_keys.issue(context, GMINA[:2], "hurtownia", None)
    app = create_app(context=context)
    app.testing = True
    limiter.reset()
    return Whole(plan, context, app, held, records, mornings, key)


def _add_people(context: Context) -> None:
    for name, role in PEOPLE.items():
        accounts.create_user(context, f"{name}@example.org", name, PASSWORD, **role)  # type: ignore[arg-type]
    token = regions.appoint(context, "region@example.org", "region", GMINA[:2], None)
    links.use(context, token, PASSWORD)
    reader = accounts.find_person(context, "region@example.org")
    assert reader is not None


def _send(context: Context, held: Held, plan: Plan, records: Sequence[Answers]) -> dict[str, int]:
    """Four a day while the campaign is open, the rest on paper; the number on each morning."""
    online, mornings, clock = len(records) - plan.paper, {}, context.clock
    assert isinstance(clock, Clock)
    for place, record in enumerate(records[:online]):
        if place and place % 4 == 0 and place <= 24:
            clock.advance(days=1)
            monitor.refresh_monitors(context)
            mornings[context.today().isoformat()] = place
        send(context, held, held.codes[place] if plan.known else None, typed(record))
    end(context, held)
    if plan.paper and plan.known:
        entries = [row.id for row in catalogue.stakeholders(context, GMINA)]
        paper.tick_returned(context, held.campaign.id, entries[: plan.paper], None)
    for record in records[online:]:
        paper.type_sheet(context, held.campaign.id, new_key(), answers(held.instrument, typed(record)), None)
    clock.advance(minutes=1)
    return mornings


def typed(record: Answers) -> dict[str, Value]:
    """What the person put in; the rest is left out or not asked."""
    return {
        key: one.value for key, one in record.items() if one.state is State.ANSWERED and one.value is not None
    }


def code_twice(whole: Whole) -> Team:
    """Two rounds on the whole catalogue, one natural person and some from outside of the gmina among it."""
    context = whole.context
    for number in range(4):
        draft = StakeholderDraft(
            f"Z zewnątrz {number}", "pomoc_spoleczna", internal=False, natural_person=not number
        )
        catalogue.add_stakeholder(context, GMINA, draft, actor=None)
    entries = tuple(row.id for row in catalogue.stakeholders(context, GMINA))
    team = Team(entries, tuple(_person(whole, name) for name in ("coordinator", "member", "third")))
    first = {key: "zwolennik" if place % 5 == 0 else "neutralny" for place, key in enumerate(entries)}
    last = {key: "zwolennik" if place % 3 == 0 else "neutralny" for place, key in enumerate(entries)}
    coding_kit.closed_round(context, team, first)
    coding_kit.closed_round(context, team, last, title="Tura na końcu", occasion="before_pact")
    releases.refresh_coding(context)
    return team


def talk(whole: Whole, people: int = 5) -> None:
    """As many IDIs, each with one sentence that has a theme."""
    context, coder = whole.context, _person(whole, "coordinator")
    entries = [row.id for row in catalogue.stakeholders(context, GMINA)]
    for place in range(people):
        seat = SeatDraft("A", entries[place], "works" if place % 2 else "manages")
        draft = InterviewDraft(
            context.clock() + dt.timedelta(hours=1),
            55,
            (seat,),
            place="Świetlica",
            departure_reason="Tyle przyszło.",
        )
        made = interviews.plan(context, GMINA, "idi", draft, None)
        made = interviews.hold(context, GMINA, made.id, context.today(), (), "", made.revision, None)
        agree(context, made, {"A": (True, True)})
        words = "Autobus nie jeździ"
        notes.add_or_change(context, GMINA, made.id, None, NoteDraft("", "A", words, False, 0), 0, None)
        with context.database.reading() as session:
            row = session.merge(interviews.interview(context, GMINA, made.id), load=True)
            seen = interview_texts.composed_notes(session, row).sha256
        text = interview_texts.lock_notes(context, GMINA, made.id, seen, coder)
        start = text.text.index(words)
        theme = themes.tree(context, GMINA)[place % 2].id
        spot = ((start, start + len(words)),)
        passage = PassageDraft(spot, frozenset({theme}), "", text.sha256, words)
        passages.add(context, GMINA, made.id, text.id, passage, coder)


def report_twice(whole: Whole, between: Callable[[], object]) -> None:
    """Both editions, then what happens, then both again, so that there is something to compare."""
    _keep_reports(whole)
    between()
    _keep_reports(whole)


def _keep_reports(whole: Whole) -> None:
    """As if each had been downloaded."""
    for edition in Edition:
        whole.context.clock.advance(minutes=1)  # type: ignore[attr-defined]
        made = build_diagnoza.build(whole.context, whole.campaign_id, edition)
        kept_reports.keep(whole.context, whole.campaign_id, made, compose(made), None)


def _person(whole: Whole, name: str) -> int:
    found = accounts.find_person(whole.context, f"{name}@example.org")
    assert found is not None
    return found.id
