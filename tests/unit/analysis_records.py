"""Answers to the ankieta for tests of the analysis, written as short rows or drawn at random."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from survey_app.analysis.diagnoza.result import CampaignFacts
from survey_app.instrument.loader import load_instrument
from survey_app.instrument.model import AnswerType, Instrument
from survey_app.instrument.routing import settle
from survey_app.instrument.values import Answers, Value

ANKIETA = Path(__file__).parents[2] / "instruments" / "ankieta.yml"


@cache
def ankieta() -> Instrument:
    return load_instrument(ANKIETA)


def record(given: Mapping[str, Value | None]) -> Answers:
    """A complete record; what is typed off the path is left out, as the service would."""
    first = settle(ankieta(), given)
    return settle(
        ankieta(), {key: value for key, value in given.items() if key not in first.off_path}
    ).answers


def simple(kind: str | None, **given: Value | None) -> Answers:
    """A person of one institution type with a few answers: `simple("sport", p5="tak")`."""
    return record({"p1": {"option": kind} if kind else None, **given})


def drawn(  # a person's whims, each from 0 to 1
    seed: int, count: int, kinds: Sequence[str], yes: float, skips: float
) -> list[Answers]:
    """Random but repeatable answers: `yes` is the chance of TAK, `skips` that of leaving a question."""
    chance = random.Random(seed)
    return [record(_draw(chance, kinds, yes, skips)) for _ in range(count)]


def _draw(chance: random.Random, kinds: Sequence[str], yes: float, skips: float) -> dict[str, Value | None]:
    given: dict[str, Value | None] = {}
    for question in ankieta().questions:
        if chance.random() < skips:
            continue
        if question.type is AnswerType.SINGLE_CHOICE:
            given[question.id] = {"option": chance.choice(kinds)}
        elif question.type is AnswerType.YES_NO:
            given[question.id] = "tak" if chance.random() < yes else "nie"
        elif question.type is AnswerType.SHORT_TEXTS:
            given[question.id] = ["tekst"] * chance.randint(1, question.max_items)
        else:
            given[question.id] = "tekst"
    return given


def facts(*, anonymous: bool = True, invitations: bool = True, k: int = 3) -> CampaignFacts:
    start = dt.datetime(2026, 11, 2, 7, tzinfo=dt.UTC)
    return CampaignFacts(
        gmina_name="Przykładowa",
        gmina_teryt="0000000",
        gmina_kind="gmina wiejska",
        powiat="przykładowy",
        wojewodztwo="przykładowe",
        title="Ankieta",
        anonymous=anonymous,
        invitations=invitations,
        opens_at=start,
        closes_at=start + dt.timedelta(days=7),
        locked_at=start + dt.timedelta(days=8),
        k=k,
        paper_sheets=None,
        paper_used=False,
        example=True,
        notice="",
        introduction=(),
    )
