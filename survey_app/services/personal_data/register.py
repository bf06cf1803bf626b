"""What the service keeps, of whom, why and until when (art. 30 RODO), with the numbers and days of one gmina.

The definition is `kept.yml`; a test holds it against the models, so that a new column fails until it is classified.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.services.context import Context
from survey_app.services.interviewing import retention
from survey_app.services.survey import text_retention
from survey_app.store import audit, campaigns, catalogue, controllers, people, personal_data
from survey_app.store import participants as participant_rows

DEFINITION = Path(__file__).with_name("kept.yml")


@dataclass(frozen=True, slots=True)
class Kind:
    """`whose` is "" where nothing is of a person. `columns`: by table."""

    id: str
    what: str
    whose: str
    why: str
    where: str
    readers: str
    until: str
    deletes: str
    columns: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind, and in words what this gmina has of it; "" where nothing is counted."""

    kind: Kind
    here: str


@cache
def kinds() -> tuple[Kind, ...]:
    told = yaml.safe_load(DEFINITION.read_text(encoding="utf-8"))
    return tuple(
        Kind(
            **{name: one.get(name, "") for name in Kind.__slots__ if name != "columns"},
            columns={table: tuple(names.split()) for table, names in one["columns"].items()},
        )
        for one in told
    )


def register(context: Context, gmina_code: str) -> list[Entry]:
    """In the order of the definition."""
    with context.database.reading() as session:
        return [
            Entry(kind, COUNTS[kind.id](session, gmina_code) if kind.id in COUNTS else "") for kind in kinds()
        ]


def _participants(session: Session, gmina_code: str) -> str:
    days = [
        retention.retention_date(interview, row)
        for row, interview in participant_rows.keeping(session)
        if interview.gmina_code == gmina_code
    ]
    if not days:
        return "nikogo"
    return f"{_persons(len(days))}, najbliższe usunięcie {polish.date_short(min(days))}"


def _contacts(session: Session, gmina_code: str) -> str:
    rows = catalogue.stakeholders(session, gmina_code, include_left=True)
    count = sum(row.contact is not None for row in rows)
    return _persons(count) if count else "nikogo"


def _natural_persons(session: Session, gmina_code: str) -> str:
    rows = catalogue.stakeholders(session, gmina_code, include_left=True)
    natural = sum(row.natural_person for row in rows)
    words = polish.counted(len(rows), "wpis", "wpisy", "wpisów")
    return f"{words}, w tym {polish.counted(natural, 'osoba fizyczna', 'osoby fizyczne', 'osób fizycznych')}"


def _open_texts(session: Session, gmina_code: str) -> str:
    """Never how many: among them are texts that nobody is to know of (METHOD, "The ankieta": question 1)."""
    days = [
        text_retention.gone_on(campaign.locked_at)
        for campaign in campaigns.of_gmina(session, gmina_code)
        if campaign.locked_at is not None and campaign.words_gone_at is None
    ]
    return f"najbliższe usunięcie niedopuszczonych {polish.date_short(min(days))}" if days else ""


def _team(session: Session, gmina_code: str) -> str:
    return f"w zespole {_persons(len(people.team(session, gmina_code)))}"


def _trace(session: Session, gmina_code: str) -> str:
    return polish.counted(audit.head(session, gmina_code).place, "wpis", "wpisy", "wpisów")


def _controller(session: Session, gmina_code: str) -> str:
    row = controllers.of_gmina(session, gmina_code)
    return f"zmienione {polish.date_short(row.changed_at)}" if row else "jeszcze nie wpisane"


def _rows(table: str, *forms: str) -> Count:
    def count(session: Session, gmina_code: str) -> str:
        one, few, many = forms
        return polish.counted(personal_data.rows_in_gmina(session, table, gmina_code), one, few, many)

    return count


def _persons(count: int) -> str:
    return polish.counted(count, "osoba", "osoby", "osób")


Count = Callable[[Session, str], str]
COUNTS: Mapping[str, Count] = {
    "participants": _participants,
    "words_of_interviews": _rows("interview", "wywiad", "wywiady", "wywiadów"),
    "contacts": _contacts,
    "catalogue": _natural_persons,
    "open_texts": _open_texts,
    "ratings": _rows("coding_round", "tura", "tury", "tur"),
    "documents": _rows("document", "plik", "pliki", "plików"),
    "accounts": _team,
    "trace": _trace,
    "controller": _controller,
    "campaigns": _rows("campaign", "kampania", "kampanie", "kampanii"),
}
