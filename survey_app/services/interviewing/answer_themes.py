"""Themes of the ankieta's open answers: the same tree as for interviews. METHOD, "Disclosure control".

Only texts that were cleared, of questions whose texts may be shown, without the group, each for itself. Every coder
reads them in an order of their own, which is made from nothing but random ids. What is kept says which theme a coder
gave to which text, and neither when nor in which order; the audit says that somebody gave themes in a campaign.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.analysis.diagnoza.build import release
from survey_app.analysis.disclosure import release_text_themes
from survey_app.analysis.released import ReleasedTable
from survey_app.errors import NotFoundError
from survey_app.instrument.model import Question
from survey_app.services.context import Context
from survey_app.services.interviewing import themes
from survey_app.services.interviewing.themes import ThemeNode
from survey_app.services.survey import results
from survey_app.services.survey.campaign_rules import ANONYMOUS
from survey_app.services.survey.open_texts import CLEARED
from survey_app.services.survey.results import Results
from survey_app.store import audit, people, responses
from survey_app.store import open_text_themes as store
from survey_app.store.campaigns import Campaign

__all__ = [
    "Choice",
    "CodableCampaign",
    "CodableQuestion",
    "CodableTexts",
    "Given",
    "OpenAnswer",
    "campaign",
    "campaigns",
    "give",
    "texts",
]

NO_SUCH = "W tej gminie nie ma takich odpowiedzi otwartych do kodowania."


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """A cleared text, and the themes that this coder gave it."""

    id: str
    words: str
    theme_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class CodableQuestion:
    """`texts`: how many are cleared; `untouched`: how many of them this coder has given no theme."""

    question: Question
    texts: int
    untouched: int
    released: ReleasedTable


@dataclass(frozen=True, slots=True)
class CodableCampaign:
    """A locked campaign with those of its questions that have cleared texts."""

    campaign: Campaign
    questions: tuple[CodableQuestion, ...]


@dataclass(frozen=True, slots=True)
class CodableTexts:
    """One question's texts in this coder's order. `themes`: the tree; a retired theme is given to nothing new."""

    campaign: Campaign
    question: Question
    answers: tuple[OpenAnswer, ...]
    themes: tuple[ThemeNode, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a coder saw ticked at a text, and what is ticked now: only the difference is carried out."""

    seen: frozenset[int]
    chosen: frozenset[int]


@dataclass(frozen=True, slots=True)
class Given:
    """What became of it. `gone`: texts that are no longer shown; `refused`: themes that are no longer given."""

    changed: int
    gone: int
    refused: int


def campaigns(context: Context, gmina_code: str, coder_id: int) -> list[CodableCampaign]:
    """The gmina's locked campaigns, the newest opening first. NotFoundError if there is no such gmina."""
    locked = results.locked_campaigns(context, gmina_code)
    with context.database.reading() as session:
        cleared = responses.campaigns_with_texts(session, gmina_code, CLEARED)
    return [
        _codable(context, results.load_results(context, one.id), coder_id)
        if one.id in cleared
        else CodableCampaign(one, ())
        for one in locked
    ]


def campaign(context: Context, gmina_code: str, campaign_id: int, coder_id: int) -> CodableCampaign:
    """NotFoundError: this gmina has no such campaign. ConflictError: it is not locked yet."""
    return _codable(context, _load(context, gmina_code, campaign_id), coder_id)


def released_tables(context: Context, found: Results) -> dict[str, ReleasedTable]:
    """Question id -> how many of its texts have which theme; only where somebody gave one."""
    with context.database.reading() as session:
        everybody = store.given(session, found.campaign.id)
        if not everybody:
            return {}
        rows = responses.texts(session, found.campaign.id, CLEARED)
    tree = themes.tree(context, found.campaign.gmina_code)
    made = {}
    for question in _shown(found).values():
        ids = {row.id for row in rows if row.question_id == question.id}
        given = [one for one in everybody if one[0] in ids]
        if given:
            made[question.id] = _released(found, question, tree, given, len(ids))
    return made


def texts(
    context: Context, gmina_code: str, campaign_id: int, question_id: str, coder_id: int
) -> CodableTexts:
    """NotFoundError: no such campaign here, or none of the question's texts may be shown."""
    found = _load(context, gmina_code, campaign_id)
    shown = _shown(found)
    if question_id not in shown:
        raise NotFoundError(NO_SUCH)
    with context.database.reading() as session:
        rows = responses.texts(session, campaign_id, CLEARED)
        own = store.given_by(session, campaign_id, coder_id)
    answers = (
        OpenAnswer(row.id, row.cleared_text or "", frozenset(theme for text, theme in own if text == row.id))
        for row in rows
        if row.question_id == question_id
    )
    return CodableTexts(
        found.campaign,
        shown[question_id],
        tuple(sorted(answers, key=lambda one: _place(coder_id, one.id))),
        themes.tree(context, gmina_code),
    )


def give(
    context: Context,
    gmina_code: str,
    campaign_id: int,
    question_id: str,
    choices: Mapping[str, Choice],
    actor: int,
) -> Given:
    """Carries out what the coder changed, text by text; two windows of one coder add up.

    NotFoundError as `texts`. Texts and themes that went meanwhile are left out and counted.
    """
    offered = texts(context, gmina_code, campaign_id, question_id, actor)
    there = {one.id for one in offered.answers}
    with context.database.transaction() as session:
        people.hold_team(session, gmina_code)  # the tree stays as it is, and one window waits for the other
        open_themes = {node.id for node in themes.tree_within(session, gmina_code) if not node.retired}
        before = store.given_by(session, campaign_id, actor)
        after, refused = set(before), 0
        for text_id, choice in choices.items():
            if text_id not in there:
                continue
            added = choice.chosen - choice.seen
            refused += len(added - open_themes)
            after |= {(text_id, theme) for theme in added & open_themes}
            after -= {(text_id, theme) for theme in choice.seen - choice.chosen}
        if after != before:
            store.replace(session, campaign_id, actor, after)
            _record(context, session, offered.campaign, actor)
    changed = {text_id for text_id, _ in after ^ before}
    return Given(len(changed), len(set(choices) - there), refused)


# What may be shown ---------------------------------------------------------------------------------------------


def _load(context: Context, gmina_code: str, campaign_id: int) -> Results:
    found = results.load_results(context, campaign_id)
    if found.campaign.gmina_code != gmina_code:
        raise NotFoundError("W tej gminie nie ma takiej kampanii.")
    return found


def _shown(found: Results) -> dict[str, Question]:
    """Questions whose texts may be shown and of which some are cleared, in the instrument's order."""
    released = release(found.instrument, found.records, found.groups, found.population)
    return {
        question.id: question
        for question in found.instrument.questions
        if question.id in released.texts and found.cleared_texts.get(question.id)
    }


def _codable(context: Context, found: Results, coder_id: int) -> CodableCampaign:
    with context.database.reading() as session:
        rows = responses.texts(session, found.campaign.id, CLEARED)
        everybody = store.given(session, found.campaign.id)
        own = {text_id for text_id, _ in store.given_by(session, found.campaign.id, coder_id)}
    tree = themes.tree(context, found.campaign.gmina_code)
    questions = []
    for question in _shown(found).values():
        ids = {row.id for row in rows if row.question_id == question.id}
        table = _released(found, question, tree, [one for one in everybody if one[0] in ids], len(ids))
        questions.append(CodableQuestion(question, len(ids), len(ids - own), table))
    return CodableCampaign(found.campaign, tuple(questions))


def _released(
    found: Results,
    question: Question,
    tree: Sequence[ThemeNode],
    given: Iterable[tuple[str, int]],
    number: int,
) -> ReleasedTable:
    """A text has a theme if at least one coder gave it (convention). Retired themes are not counted out: that one
    stands in the table would say that some text has it.
    """
    counts: dict[str, int] = {}
    for _, theme_id in given:
        counts[str(theme_id)] = counts.get(str(theme_id), 0) + 1
    return release_text_themes(
        question.id,
        question.text,
        [(str(node.id), " › ".join(node.path)) for node in tree if not node.retired],
        counts,
        number,
        found.campaign.k,
        found.instrument.definitions.percent_from,
        anonymous=found.campaign.mode == ANONYMOUS,
    )


def _place(coder_id: int, text_id: str) -> bytes:
    """A place that is the coder's own, stays from page to page, and says nothing: ids are random."""
    return hashlib.sha256(f"{coder_id}/{text_id}".encode()).digest()


def _record(context: Context, session: Session, campaign: Campaign, actor: int) -> None:
    """That themes were given in the campaign; not to which text or question, nor which."""
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action="open_texts_coded",
        object_type="campaign",
        object_id=campaign.id,
        gmina_code=campaign.gmina_code,
    )
