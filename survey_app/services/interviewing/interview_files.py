"""The plan of interviews as files: a calendar (without anybody's name), a CSV and an XLSX."""

from __future__ import annotations

from collections.abc import Iterable

from survey_app import polish
from survey_app.services.calendar_file import CalendarEvent, calendar_bytes
from survey_app.services.interviewing.interview_scenario import FORMS
from survey_app.services.interviewing.interview_views import Coverage, InterviewView, heard_words
from survey_app.services.interviewing.interviews import CANCELLED, STATES
from survey_app.services.spreadsheets import Cell, Sheet, csv_bytes, xlsx_bytes

HEADER = (
    "Numer",
    "Rodzaj",
    "Dzień",
    "Godzina",
    "Minuty",
    "Miejsce",
    "Adres rozmowy wideo",
    "Moderator",
    "Osoby",
    "Uczestnicy",
    "Stan",
    "Odbył się",
    "Powód odwołania",
    "Powód odstępstwa",
    "Notatka",
)
COVERAGE_HEADER = (
    "Interesariusz",
    "Rozmowa z osobą, która zarządza",
    "Rozmowa z osobą, która wykonuje pracę merytoryczną",
    "Wywiady grupowe",
)


def calendar_file(gmina_name: str, views: Iterable[InterviewView]) -> bytes:
    """What calendars hold may be seen by many: kind and institution, never a person's name."""
    return calendar_bytes(_event(gmina_name, one) for one in views)


def plan_csv(views: Iterable[InterviewView]) -> bytes:
    return csv_bytes(HEADER, (_row(one) for one in views))


def plan_xlsx(views: Iterable[InterviewView], covered: Iterable[Coverage]) -> bytes:
    """A second sheet says what is still missing for which stakeholder."""
    return xlsx_bytes(
        [
            Sheet("wywiady", HEADER, [_row(one) for one in views]),
            Sheet("czego brakuje", COVERAGE_HEADER, [_coverage_row(one) for one in covered]),
        ]
    )


def _event(gmina_name: str, view: InterviewView) -> CalendarEvent:
    row = view.interview
    return CalendarEvent(
        uid=f"wywiad-{row.gmina_code}-{row.id}-{int(row.created_at.timestamp())}@survey-app",
        sequence=row.revision - 1,
        changed_at=row.changed_at,
        starts_at=row.starts_at,
        ends_at=view.ends_at,
        summary=f"{FORMS[row.form]}: {_whom(gmina_name, view)}",
        location=row.place,
        address=row.video_link,
        description=f"Gmina {gmina_name}",
        cancelled=row.state == CANCELLED,
    )


def _whom(gmina_name: str, view: InterviewView) -> str:
    """The institution of an IDI; several of them, or a natural person, stay unnamed."""
    if any(seat.natural_person or seat.stakeholder_id is None for seat in view.seats):
        return gmina_name
    return view.institutions[0] if len(view.institutions) == 1 else gmina_name


def _row(view: InterviewView) -> list[Cell]:
    row = view.interview
    local = row.starts_at.astimezone(polish.WARSAW)
    return [
        row.id,
        FORMS[row.form],
        polish.date_short(row.starts_at),
        f"{local:%H:%M}",
        row.minutes,
        row.place,
        row.video_link,
        view.moderator,
        len(view.seats),
        "; ".join(
            f"{seat.letter}: {seat.name}, {seat.role}" + (" (nie przyszła)" if seat.absent else "")
            for seat in view.seats
        ),
        STATES[row.state],
        polish.date_short(row.held_on) if row.held_on else "",
        row.cancelled_reason,
        row.departure_reason,
        row.note,
    ]


def _coverage_row(one: Coverage) -> list[Cell]:
    works = "nie dotyczy (osoba fizyczna)" if one.works is None else heard_words(one.works)
    return [one.name, heard_words(one.manages), works, one.groups]
