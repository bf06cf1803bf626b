"""Coding rounds: open, extend, lay open, close, abandon. METHOD, "Coding"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from survey_app.instrument.model import CodeScheme, Coding, Instrument
from survey_app.services.context import Context
from survey_app.services.round_rules import STAGES, RoundEntry, trace
from survey_app.store.coding import CodingRound

__all__ = [
    "OCCASIONS",
    "STAGES",
    "CodingRound",
    "RoundDraft",
    "RoundEntry",
    "RoundView",
    "Seat",
    "abandon",
    "add_to_round",
    "close",
    "coding_round",
    "lay_open",
    "open_round",
    "rater_leaves",
    "round_view",
    "rounds",
    "trace",
    "undecided",
    "withdraw_stakeholder",
]

OCCASIONS = {"start": "na początku", "between": "w trakcie", "before_pact": "przed podpisaniem Paktu"}


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """What the coordinator chooses before the opening."""

    title: str
    occasion: str
    scheme: str
    stakeholder_ids: tuple[int, ...]
    rater_ids: tuple[int, ...]
    rating_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat and how far it is: `rated` of `due` stakeholders are finished; never which, never with what."""

    person_id: int
    name: str
    left: bool
    rated: int
    due: int
    agrees_to_names: bool = False


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as its page shows it. `stakeholders` include withdrawn ones (with their reason)."""

    round: CodingRound
    instrument: Instrument
    coding: Coding
    scheme: CodeScheme
    stakeholders: tuple[RoundEntry, ...]
    raters: tuple[Seat, ...]
    warnings: tuple[str, ...] = ()


def open_round(context: Context, gmina_code: str, draft: RoundDraft, actor: int | None) -> CodingRound:
    """InvalidInputError names every field at fault; ConflictError: a round is open already."""
    raise NotImplementedError


def rounds(context: Context, gmina_code: str) -> list[CodingRound]:
    """The newest first, abandoned ones among them."""
    raise NotImplementedError


def coding_round(context: Context, gmina_code: str, round_id: int) -> CodingRound:
    """NotFoundError if it is not of this gmina."""
    raise NotImplementedError


def round_view(context: Context, gmina_code: str, round_id: int) -> RoundView:
    """METHOD, "Coding": how many stakeholders each seat has finished, and nothing else about ratings."""
    raise NotImplementedError


def add_to_round(
    context: Context,
    gmina_code: str,
    round_id: int,
    stakeholder_ids: Iterable[int],
    rater_ids: Iterable[int],
    actor: int | None,
) -> None:
    """While each rates alone. Who or what was in the round already stays as it is."""
    raise NotImplementedError


def withdraw_stakeholder(
    context: Context, gmina_code: str, round_id: int, stakeholder_id: int, reason: str, actor: int | None
) -> None:
    """Before the close, with a reason; what was given for it stays, and counts no more."""
    raise NotImplementedError


def rater_leaves(context: Context, gmina_code: str, round_id: int, person_id: int, actor: int | None) -> None:
    """Rates and votes no more; what the person gave stays."""
    raise NotImplementedError


def abandon(context: Context, gmina_code: str, round_id: int, reason: str, actor: int | None) -> None:
    """Before the close only. The round keeps what was given, and loses its number."""
    raise NotImplementedError


def lay_open(context: Context, gmina_code: str, round_id: int, actor: int | None) -> None:
    """The end of stage 1: from now on no rating is added or changed, and all are shown together."""
    raise NotImplementedError


def undecided(context: Context, gmina_code: str, round_id: int) -> tuple[str, ...]:
    """Names of the stakeholders that still have no decision, in alphabetical order."""
    raise NotImplementedError


def close(context: Context, gmina_code: str, round_id: int, actor: int | None) -> CodingRound:
    """ConflictError names the undecided. Freezes what the round found."""
    raise NotImplementedError
