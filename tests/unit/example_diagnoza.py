"""Example reports for the tests of charts, compose and PDF: made by the service's own analysis from made-up answers."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from survey_app.analysis.diagnoza.build import build_diagnoza
from survey_app.analysis.diagnoza.result import CampaignFacts, Diagnoza, Edition
from survey_app.analysis.groups import form_groups, type_counts
from survey_app.analysis.open_texts import written_texts
from survey_app.analysis.released import _MAKER, Column, ReleasedRow, ReleasedTable
from survey_app.analysis.response import Population
from survey_app.instrument.loader import load_instrument
from survey_app.instrument.model import FREE_TEXT_TYPES, Instrument
from survey_app.instrument.values import Answers
from survey_app.services.demo.answers import made_up

REPOSITORY = Path(__file__).resolve().parents[2]
TYPES = {
    "administracja": 8, "pomoc_spoleczna": 7, "edukacja": 12, "kultura": 4, "zdrowie": 3, "sport": 3,
    "gospodarka": 7, "koscielna": 4, "pozarzadowa": 9, "rada_gminy": 3,
}  # fmt: skip


@cache
def ankieta() -> Instrument:
    """The ankieta that comes with the service."""
    return load_instrument(REPOSITORY / "instruments" / "ankieta.yml")


def campaign_facts(**changes: object) -> CampaignFacts:
    """Facts of a made-up campaign; name what should differ."""
    facts: dict[str, object] = {
        "gmina_name": "Przykładowo", "gmina_teryt": "9999012", "gmina_kind": "gmina wiejska",
        "powiat": "przykładowski", "wojewodztwo": "przykładowe", "title": "Ankieta 2026", "anonymous": True,
        "invitations": True, "opens_at": _day(2), "closes_at": _day(16), "locked_at": _day(18), "k": 3,
        "paper_sheets": 5, "paper_used": True, "example": True,
        "notice": "Administratorem danych jest Wójt Gminy Przykładowo.\n\nOdpowiedzi są anonimowe.",
        "introduction": ("Szanowni Państwo,", "Prosimy o udział w badaniu."),
    }  # fmt: skip
    return CampaignFacts(**(facts | changes))  # type: ignore[arg-type]


def _day(day: int) -> dt.datetime:
    return dt.datetime(2026, 11, day, 8, 0, tzinfo=dt.UTC)


def made_up_records(counts: Mapping[str, int], seed: int = 7) -> list[Answers]:
    """Answers of as many institutions of each type as `counts` says."""
    source = random.Random(seed)
    return [
        made_up(ankieta(), option, source).answers for option, count in counts.items() for _ in range(count)
    ]


def build(
    records: Sequence[Answers],
    invited: int | None,
    edition: Edition = Edition.PUBLIC,
    extra_texts: Mapping[str, Sequence[str]] | None = None,
    **changes: object,
) -> Diagnoza:
    """A report of these answers with every text cleared; `invited` None: open link."""
    facts = campaign_facts(invitations=invited is not None, **changes)
    groups = form_groups(ankieta(), type_counts(ankieta(), records), facts.k, anonymous=facts.anonymous)
    cleared = {
        question.id: [*written_texts(question.id, records), *(extra_texts or {}).get(question.id, ())]
        for question in ankieta().questions
        if question.type in FREE_TEXT_TYPES and not question.identifying
    }
    population = None if invited is None else Population(invited, {})
    return build_diagnoza(edition, ankieta(), facts, records, groups, population, cleared)


@cache
def example_60() -> Diagnoza:
    """Sixty answers out of 74 invited, all sectors."""
    return build(made_up_records(TYPES), 74)


@cache
def example_9() -> Diagnoza:
    """A small gmina: 22 institutions, nine answers, one parish."""
    counts = {"administracja": 2, "pomoc_spoleczna": 1, "edukacja": 2, "gospodarka": 1, "koscielna": 1,
              "pozarzadowa": 2}  # fmt: skip
    return build(made_up_records(counts, seed=3), 22, paper_sheets=None, gmina_name="Małowice")


@cache
def example_0() -> Diagnoza:
    """Nobody answered."""
    return build([], 22, paper_sheets=None, paper_used=False)


def need_table(groups: Mapping[str, tuple[int, int] | None]) -> ReleasedTable:
    """Question 5 by group as the disclosure module could release it: TAK and NIE, None for a hidden group."""
    shown = [counts for counts in groups.values() if counts]
    whole = (sum(yes for yes, _ in shown), sum(no for _, no in shown))
    rows = [ReleasedRow("gmina", "Cała gmina", "gmina", sum(whole), whole)]
    for position, (label, counts) in enumerate(groups.items(), start=1):
        base = sum(counts) if counts else None
        rows.append(ReleasedRow(f"g{position}", label, "group", base, counts or (None, None)))
    columns = (Column("tak", "TAK"), Column("nie", "NIE"))
    return ReleasedTable("p5", ankieta().by_id["p5"].text, columns, tuple(rows), 5, maker=_MAKER)
