"""The example gminas' interviews: held and coded ones, and two that are planned, for trying the console.

Everything goes through the use cases of moderators and coordinators; what an earlier run made is left as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from survey_app import polish
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import (
    interview_texts,
    interviews,
    moderators,
    notes,
    participants,
    passages,
    quotations,
    themes,
)
from survey_app.services.interviewing.interview_rules import require_interview
from survey_app.services.interviewing.interviews import LETTERS, Interview, InterviewDraft, SeatDraft
from survey_app.services.interviewing.notes import NoteDraft
from survey_app.services.interviewing.passages import PassageDraft
from survey_app.services.interviewing.themes import ThemeDraft
from survey_app.services.register import catalogue
from survey_app.store import excerpts
from survey_app.store import interview_texts as text_store
from survey_app.store import interviews as interview_store
from survey_app.store import notes as note_store

STORY = Path(__file__).with_name("interviews.yml")
MINUTES = {"idi": 55, "fgi": 90}
BEFORE = dt.timedelta(days=4)  # from the plan to the talk
SECONDS_BETWEEN_NOTES = 240


@cache
def story() -> Mapping[str, Any]:
    """Who was heard, what they said, and which themes coders found in it."""
    told: Mapping[str, Any] = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    return told


MODERATOR_NAME: str = story()["moderator"][0]
MODERATOR_EMAIL: str = story()["moderator"][1]


def are_there(context: Context, gmina_code: str, key: str) -> bool:
    """Is everything of the story there, coded to the end? `key`: "large" or "small"."""
    return all(_is_whole(context, gmina_code, told) for told in story()[key])


def fill(context: Context, gmina_code: str, key: str, coordinator: str, password: str) -> None:
    """What of the story is not there yet; an interview that an earlier run left half-way is taken to its end."""
    actor = _person_id(context, coordinator)
    if accounts.find_person(context, MODERATOR_EMAIL) is None:
        accounts.create_user(context, MODERATOR_EMAIL, MODERATOR_NAME, password)
    moderators.add_moderator(context, gmina_code, MODERATOR_EMAIL, MODERATOR_NAME, actor)
    people = {"coordinator": actor, "moderator": _person_id(context, MODERATOR_EMAIL)}
    labels = _themes(context, gmina_code, actor)
    if key == "large":
        for told in story()["planned"]:
            if _found(context, gmina_code, told) is None:
                day = context.clock() + dt.timedelta(days=told["in_days"])
                _plan(context, gmina_code, told, _at_ten(day), people["moderator"], actor)
    for told in story()[key]:
        if not _is_whole(context, gmina_code, told):
            _bring_to_its_end(context, gmina_code, told, people, labels)


def _found(context: Context, gmina_code: str, told: Mapping[str, Any]) -> Interview | None:
    """Of the gmina's interviews the one of this story: each has a place of its own."""
    with context.database.reading() as session:
        every = interview_store.of_gmina(session, gmina_code)
    return next((one for one in every if (one.form, one.place) == (told["form"], told["place"])), None)


def _is_whole(context: Context, gmina_code: str, told: Mapping[str, Any]) -> bool:
    """Its notes are locked, and everybody who codes it in the story has finished."""
    found = _found(context, gmina_code, told)
    if found is None:
        return False
    with context.database.reading() as session:
        ids = [text.id for text in text_store.of_interview(session, found.id)]
        finished = excerpts.finished(session, ids)
    return any(len(coders) >= len({code[0] for code in told["codes"]}) for coders in finished.values())


def _person_id(context: Context, email: str) -> int:
    person = accounts.find_person(context, email)
    assert person is not None
    return person.id


def _themes(context: Context, gmina_code: str, actor: int) -> dict[str, int]:
    """Topic, or label of a theme of the team's own -> id."""
    tree = themes.tree(context, gmina_code)
    found = {node.topic: node.id for node in tree if node.topic} | {node.label: node.id for node in tree}
    for topic, label, definition, example in story()["subthemes"]:
        if label not in found:
            draft = ThemeDraft(label, definition, example, found[topic])
            found[label] = themes.add(context, gmina_code, draft, actor).id
    return found


def _at_ten(day: dt.datetime) -> dt.datetime:
    return day.astimezone(polish.WARSAW).replace(hour=10, minute=0, second=0, microsecond=0)


def _plan(
    context: Context,
    gmina_code: str,
    told: Mapping[str, Any],
    starts_at: dt.datetime,
    moderator: int,
    actor: int,
) -> Interview:
    ids = {row.name: row.id for row in catalogue.stakeholders(context, gmina_code)}
    seats = tuple(
        SeatDraft(letter, ids[seat[0]], seat[1]) for letter, seat in zip(LETTERS, told["seats"], strict=False)
    )
    draft = InterviewDraft(
        starts_at,
        MINUTES[told["form"]],
        seats,
        place=told["place"],
        moderator_id=moderator,
        project_title=story()["project"],
    )
    return interviews.plan(context, gmina_code, told["form"], draft, actor)


def _bring_to_its_end(
    context: Context,
    gmina_code: str,
    told: Mapping[str, Any],
    people: Mapping[str, int],
    labels: Mapping[str, int],
) -> None:
    """Planned, held, its notes locked the next day, coded, quotations cleared; each at its own time."""
    moderator, actor = people["moderator"], people["coordinator"]
    made = _found(context, gmina_code, told)
    if made is None:
        starts_at = _at_ten(context.clock() - dt.timedelta(days=told["days_ago"]))
        made = _plan(_on(context, starts_at - BEFORE), gmina_code, told, starts_at, moderator, actor)
    if made.state == interviews.PLANNED:
        _hold(_on(context, made.starts_at + dt.timedelta(hours=2)), gmina_code, made, told, moderator)
    after = _on(context, made.starts_at + dt.timedelta(days=1))
    with after.database.reading() as session:
        held = require_interview(session, gmina_code, made.id)
        text = text_store.latest(session, made.id, interview_texts.NOTES)
        seen = interview_texts.composed_notes(session, held).sha256
    text = text or interview_texts.lock_notes(after, gmina_code, made.id, seen, moderator)
    _code(after, gmina_code, made, text, told["codes"], people, labels)


def _hold(
    context: Context, gmina_code: str, made: Interview, told: Mapping[str, Any], moderator: int
) -> None:
    _consents(context, gmina_code, made, told, moderator)
    with context.database.reading() as session:
        there = {note.text for note in note_store.notes(session, made.id)}
    for number, (question, letter, quotation, text) in enumerate(told["notes"]):
        if text not in there:
            draft = NoteDraft(question, letter, text, quotation, 600 + number * SECONDS_BETWEEN_NOTES)
            notes.add_or_change(context, gmina_code, made.id, None, draft, 0, moderator)
    day = made.starts_at.astimezone(polish.WARSAW).date()
    interviews.hold(context, gmina_code, made.id, day, (), "", made.revision, moderator)


def _consents(
    context: Context, gmina_code: str, made: Interview, told: Mapping[str, Any], actor: int
) -> None:
    with context.database.transaction() as session:
        row = require_interview(session, gmina_code, made.id, alone=True)
        for letter, (_, _, agreed, evidence) in zip(LETTERS, told["seats"], strict=False):
            participants.record_consent(
                context, session, row, letter, agreed, evidence, context.clock(), actor, 0
            )
        if told.get("person"):
            participants.merge_fields(context, session, row, "A", told["person"], actor)


def _code(
    context: Context,
    gmina_code: str,
    made: Interview,
    text: interview_texts.InterviewText,
    codes: Iterable[list[Any]],
    people: Mapping[str, int],
    labels: Mapping[str, int],
) -> None:
    with context.database.reading() as session:
        there = {(one.coder_id, one.words): one for one in passages.coded(session, gmina_code)}
    for who, words, given, *more in codes:
        known = there.get((people[who], words))
        if known is None:
            start = text.text.index(words)
            run, chosen = (start, start + len(words)), frozenset(labels[one] for one in given)
            draft = PassageDraft((run,), chosen, "", text.sha256, words)
            (number,) = passages.add(context, gmina_code, made.id, text.id, draft, people[who])
        else:
            number = known.excerpt_id
        if "cleared" in more and not (known and known.cleared):
            quotations.clear(context, gmina_code, number, people[who])
    for coder in sorted({people[code[0]] for code in codes}):
        passages.finish(context, gmina_code, made.id, text.id, coder)


def _on(context: Context, moment: dt.datetime) -> Context:
    return replace(context, clock=lambda: moment)
