"""Where a member of the staff stands in the tables: what may be handed to them, and what goes with their account.

`PLACES` names every column that points at a person; a test holds it against the models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.orm import Session

from survey_app.models import Base, CodingRound, Interview, MeetingSeat, Person, RoundRater
from survey_app.store.database import MAX_ID

__all__ = [
    "PLACES",
    "Place",
    "clear_person",
    "forget_person",
    "open_round_gminas",
    "person_row",
    "rows_in_gmina",
    "rows_of",
]


@dataclass(frozen=True, slots=True)
class Place:
    """`shown`: column -> what it is called in Polish; nothing of it is a secret, nor another person's words.

    `goes`: the row is only about the account, and goes with it; others stay, and their person has no name.
    `team_only`: what a person said in the team's work, which the administrator may not read.
    """

    table: str
    column: str
    heading: str
    shown: Mapping[str, str] = field(default_factory=dict)
    goes: bool = False
    team_only: bool = False


_ROUND = {"round_id": "tura", "stakeholder_id": "interesariusz"}
_REGISTER_PLACES = (
    Place(
        "register_entry",
        "person_id",
        "Wpisy rejestrów, za które odpowiada",
        {"key": "rejestr", "title": "wpis", "due_on": "do kiedy"},
        team_only=True,
    ),
    Place(
        "register_entry",
        "created_by",
        "Dodane wpisy rejestrów",
        {"title": "wpis", "created_at": "kiedy"},
        team_only=True,
    ),
    Place(
        "register_entry",
        "changed_by",
        "Zmienione wpisy rejestrów",
        {"title": "wpis", "changed_at": "kiedy"},
        team_only=True,
    ),
    Place(
        "register_event",
        "made_by",
        "Dziennik wpisów",
        {"entry_id": "wpis", "text": "tekst", "made_at": "kiedy"},
        team_only=True,
    ),
    Place(
        "register_party",
        "recorded_by",
        "Dopisani uczestnicy i ich odpowiedzi",
        {"entry_id": "wpis", "recorded_at": "kiedy"},
        team_only=True,
    ),
    Place(
        "meeting_seat",
        "person_id",
        "Miejsca na posiedzeniach",
        {"entry_id": "posiedzenie", "present": "obecność"},
        team_only=True,
    ),
    Place("motion", "put_by", "Poddane wnioski", {"text": "wniosek", "put_at": "kiedy"}, team_only=True),
    Place(
        "library_item",
        "added_by",
        "Dodane do biblioteczki",
        {"title": "tytuł", "added_at": "kiedy"},
        team_only=True,
    ),
    Place(
        "library_item",
        "changed_by",
        "Zmienione w biblioteczce",
        {"title": "tytuł", "changed_at": "kiedy"},
        team_only=True,
    ),
    Place("region_message", "sent_by", "Wiadomości do zespołów", {"title": "tytuł", "sent_at": "kiedy"}),
    Place("message_read", "person_id", "Przeczytane wiadomości", {"message_id": "wiadomość"}, goes=True),
    Place(
        "gmina_record",
        "recorded_by",
        "Wpisane fakty o gminach",
        {"gmina_code": "gmina", "recorded_at": "kiedy"},
    ),
)

PLACES = (
    Place(
        "membership",
        "person_id",
        "Role",
        {"role": "rola", "gmina_code": "gmina", "region_code": "region"},
        goes=True,
    ),
    Place(
        "representation",
        "person_id",
        "Reprezentowane instytucje",
        {"stakeholder_id": "interesariusz"},
        goes=True,
    ),
    Place(
        "interview_coder",
        "person_id",
        "Wywiady dane do kodowania",
        {"interview_id": "wywiad", "given_at": "kiedy"},
        goes=True,
    ),
    Place(
        "staff_session",
        "person_id",
        "Sesje",
        {"started_at": "początek", "seen_at": "ostatnie użycie", "device": "przeglądarka"},
        goes=True,
    ),
    Place("second_factor", "person_id", "Drugi składnik logowania", {"confirmed_at": "włączony"}, goes=True),
    Place("recovery_code", "person_id", "Kody zapasowe", goes=True),
    Place("account_link", "person_id", "Odnośnik do ustawienia hasła", {"expires_at": "ważny do"}, goes=True),
    Place("account_link", "created_by", "Wysłane odnośniki do ustawienia hasła", {"expires_at": "ważny do"}),
    Place(
        "external_identity",
        "person_id",
        "Logowanie przez inny system",
        {"issuer": "system", "subject": "identyfikator"},
        goes=True,
    ),
    Place("interview", "moderator_id", "Moderowane wywiady", {"id": "wywiad", "starts_at": "termin"}),
    Place(
        "round_rater",
        "person_id",
        "Miejsca w turach kodowania",
        {"round_id": "tura", "agrees_to_names": "zgoda na nazwiska przy ocenach", "left_at": "do kiedy"},
    ),
    Place(
        "rating",
        "person_id",
        "Oceny",
        {
            **_ROUND,
            "criterion": "wyróżnik",
            "point": "punkt",
            "dont_know": "nie wiem",
            "reason": "uzasadnienie",
        },
        team_only=True,
    ),
    Place(
        "evidence",
        "person_id",
        "Dowody wskazane przy ocenach",
        {**_ROUND, "criterion": "wyróżnik", "kind": "rodzaj", "note": "uwaga"},
        team_only=True,
    ),
    Place("vote", "person_id", "Głosy", {"ballot_id": "głosowanie", "choice": "głos"}, team_only=True),
    Place(
        "ballot",
        "opened_by",
        "Ogłoszone głosowania",
        {**_ROUND, "code": "kod", "reason": "uzasadnienie", "opened_at": "kiedy"},
        team_only=True,
    ),
    Place(
        "decision",
        "decided_by",
        "Zapisane kody",
        {**_ROUND, "code": "kod", "reason": "uzasadnienie", "decided_at": "kiedy"},
        team_only=True,
    ),
    Place("coding_round", "opened_by", "Otwarte tury", {"id": "tura", "opened_at": "kiedy"}),
    Place("coding_round", "closed_by", "Zamknięte tury", {"id": "tura", "closed_at": "kiedy"}),
    Place(
        "note",
        "changed_by",
        "Notatki z wywiadów (bez słów rozmówców)",
        {"interview_id": "wywiad", "question_id": "pytanie", "changed_at": "kiedy"},
    ),
    Place(
        "interview_text",
        "created_by",
        "Zamknięte notatki i transkrypcje (bez słów rozmówców)",
        {"interview_id": "wywiad", "kind": "rodzaj", "number": "numer", "created_at": "kiedy"},
    ),
    Place(
        "participant",
        "recorded_by",
        "Zapisane zgody",
        {"seat_id": "miejsce w wywiadzie", "agreed_at": "kiedy"},
    ),
    Place(
        "excerpt",
        "coder_id",
        "Zaznaczone fragmenty (bez słów rozmówców)",
        {"text_id": "tekst", "memo": "notatka własna", "created_at": "kiedy"},
        team_only=True,
    ),
    Place("excerpt", "cleared_by", "Dopuszczone cytaty", {"text_id": "tekst", "cleared_at": "kiedy"}),
    Place(
        "finished_coding", "coder_id", "Zakończone kodowanie", {"text_id": "tekst", "finished_at": "kiedy"}
    ),
    Place("open_text_theme", "coder_id", "Tematy nadane odpowiedziom otwartym", {"theme_id": "temat"}),
    Place(
        "document",
        "uploaded_by",
        "Dodane dokumenty",
        {"title": "tytuł", "file_name": "plik", "uploaded_at": "kiedy"},
        team_only=True,
    ),
    Place(
        "declaration",
        "entered_by",
        "Zapisane deklaracje instytucji",
        {"stakeholder_id": "interesariusz", "entered_at": "kiedy"},
    ),
    Place(
        "report_text",
        "changed_by",
        "Teksty w diagnozie",
        {"campaign_id": "kampania", "part": "część", "text": "tekst", "changed_at": "kiedy"},
        team_only=True,
    ),
    Place("report", "made_by", "Sporządzone raporty", {"campaign_id": "kampania", "made_at": "kiedy"}),
    Place(
        "report", "published_by", "Opublikowane raporty", {"campaign_id": "kampania", "published_at": "kiedy"}
    ),
    Place("gmina_emblem", "changed_by", "Zapisany herb", {"gmina_code": "gmina", "changed_at": "kiedy"}),
    Place(
        "gmina_controller",
        "changed_by",
        "Zapisane dane administratora danych",
        {"gmina_code": "gmina", "changed_at": "kiedy"},
    ),
    Place(
        "paper", "created_by", "Rozpoczęte pisma", {"title": "tytuł", "created_at": "kiedy"}, team_only=True
    ),
    Place(
        "paper_version",
        "made_by",
        "Zapisane wersje pism (bez treści)",
        {"paper_id": "pismo", "number": "wersja", "made_at": "kiedy"},
        team_only=True,
    ),
    Place(
        "paper_remark",
        "made_by",
        "Zapisane uwagi do pism",
        {"paper_id": "pismo", "text": "uwaga", "made_at": "kiedy"},
        team_only=True,
    ),
    Place(
        "paper_remark",
        "answered_by",
        "Odpowiedzi na uwagi",
        {"paper_id": "pismo", "answer": "odpowiedź", "answered_at": "kiedy"},
        team_only=True,
    ),
    Place(
        "paper_signature",
        "recorded_by",
        "Zapisane podpisy pod pismami",
        {"paper_id": "pismo", "recorded_at": "kiedy"},
        team_only=True,
    ),
    Place(
        "paper_points",
        "person_id",
        "Punkty dane pozycjom w formularzach",
        {"paper_id": "pismo", "row_id": "pozycja", "points": "punkty"},
        team_only=True,
    ),
    Place(
        "process_step",
        "person_id",
        "Kroki procesu, za które odpowiada",
        {"step_id": "krok", "due_on": "do kiedy"},
        team_only=True,
    ),
    Place(
        "process_step",
        "changed_by",
        "Zmienione kroki procesu",
        {"step_id": "krok", "changed_at": "kiedy"},
        team_only=True,
    ),
    Place("gmina_process", "changed_by", "Wybrana ścieżka", {"gmina_code": "gmina", "changed_at": "kiedy"}),
    Place(
        "region_process",
        "published_by",
        "Wydane warianty procesu",
        {"wojewodztwo_code": "województwo", "published_at": "kiedy"},
    ),
    *_REGISTER_PLACES,
    Place(
        "instrument_version",
        "published_by",
        "Wydane wersje narzędzi",
        {"key": "narzędzie", "version": "wersja"},
    ),
    Place("api_key", "created_by", "Wydane klucze API", {"region_code": "region", "created_at": "kiedy"}),
    Place(
        "audit_event",
        "person_id",
        "Ślad: co ta osoba zrobiła",
        {
            "at": "kiedy",
            "gmina_code": "gmina",
            "action": "czynność",
            "object_type": "czego",
            "object_id": "numer",
        },
    ),
)


def person_row(session: Session, person_id: int) -> Person | None:
    """To be erased: nobody else changes the account until the transaction ends."""
    if not 0 < person_id <= MAX_ID:
        return None
    query = select(Person).where(Person.id == person_id).with_for_update(of=Person)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def rows_of(
    session: Session, person_id: int, *, team: bool = True
) -> Iterator[tuple[Place, int, list[dict[str, Any]]]]:
    """Of each place: how many rows point at the person, and what may be shown of them, in the order of their keys.

    `team` False: nothing of the team's work, not even how much of it there is.
    """
    for place in PLACES:
        if place.team_only and not team:
            continue
        table = _table(place)
        own = table.c[place.column] == person_id
        count = session.scalar(select(func.count()).select_from(table).where(own)) or 0
        columns = [table.c[name] for name in place.shown]
        if not columns:
            yield place, count, []
            continue
        query = select(*columns).where(own).order_by(*table.primary_key.columns)
        yield (
            place,
            count,
            [dict(zip(place.shown.values(), row, strict=True)) for row in session.execute(query)],
        )


def open_round_gminas(session: Session, person_id: int) -> list[str]:
    """Gminas with a round that is not over and in which the person still has a seat."""
    query = (
        select(CodingRound.gmina_code)
        .join(RoundRater, RoundRater.round_id == CodingRound.id)
        .where(RoundRater.person_id == person_id, RoundRater.left_at.is_(None))
        .where(CodingRound.stage.in_(("rating", "agreement")))
    )
    return sorted(set(session.scalars(query)))


def forget_person(session: Session, person_id: int) -> None:
    """Whatever is only about the account: roles, what served to log in; and interviews that are still to come."""
    for place in PLACES:
        if place.goes:
            table = _table(place)
            session.execute(delete(table).where(table.c[place.column] == person_id))
    session.execute(
        update(Interview)
        .where(Interview.moderator_id == person_id, Interview.state == "planned")
        .values(moderator_id=None)
    )
    session.expire_all()


def clear_person(session: Session, person_id: int, *, name: str, email: str) -> None:
    """The account itself, which others' rows go on pointing at; and the name that seats of meetings were given."""
    values = {"name": name, "email": email, "password_hash": None, "active": False}
    session.execute(update(Person).where(Person.id == person_id).values(**values))
    session.execute(update(MeetingSeat).where(MeetingSeat.person_id == person_id).values(label=name))
    session.expire_all()


def _table(place: Place) -> Table:
    return Base.metadata.tables[place.table]


def rows_in_gmina(session: Session, table: str, gmina_code: str) -> int:
    """How many rows of a table that names its gmina."""
    known = Base.metadata.tables[table]
    query = select(func.count()).select_from(known).where(known.c.gmina_code == gmina_code)
    return session.scalar(query) or 0
