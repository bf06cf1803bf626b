"""The notice of art. 13 RODO for the participants of one interview: as a page, and as a sheet to hand over.

What the team wrote once of its gmina, the scenario's own words, and the interview's dates; the rest follows from how
the service works. What is not known yet stands in brackets, and is listed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from survey_app import polish
from survey_app.services.context import Context
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import participant_views, retention
from survey_app.services.interviewing.interview_rules import record, require_interview
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.personal_data.controller import WORDS, Controller, controller
from survey_app.store import participants as store

RECORDING = "czy rozmowa będzie nagrywana"
PROJECT = "tytuł projektu (w planie wywiadu)"


@dataclass(frozen=True, slots=True)
class NoticePart:
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """`missing`: what art. 13 demands and nobody has written yet; its places stand in brackets in the text."""

    title: str
    day: str
    parts: tuple[NoticePart, ...]
    missing: tuple[str, ...]


def notice(context: Context, gmina: GminaDescription, interview: Interview) -> Notice:
    """As it is to be handed over today."""
    known = controller(context, gmina.code)
    missing = list(known.missing)
    if interview.recorded is None:
        missing.append(RECORDING)
    if not interview.project_title:
        missing.append(PROJECT)
    parts = (
        _responsible(known),
        _purpose(interview, known),
        _kept(interview),
        NoticePart(
            "Czy trzeba się zgodzić",
            (
                "Udział i każda odpowiedź są dobrowolne. Odmowa niczego nie zmienia w żadnej sprawie załatwianej w"
                " urzędzie.",
            ),
        ),
        _readers(known),
        NoticePart("Jak długo", _until(context, interview)),
        _rights(known),
    )
    return Notice(
        "Informacja dla uczestników wywiadu", polish.date(interview.starts_at), parts, tuple(missing)
    )


def notice_pdf(context: Context, gmina: GminaDescription, interview: Interview) -> bytes:
    """One sheet, tagged (PDF/UA-1). The same notice on the same day gives the same bytes."""
    from survey_app.analysis.pdf.notice import render_notice

    found = notice(context, gmina, interview)
    return render_notice(
        title=found.title,
        gmina=gmina.name,
        day=found.day,
        parts=[(part.heading, part.paragraphs) for part in found.parts],
        missing=found.missing,
        made_at=interview.changed_at,
    )


def set_recorded(
    context: Context, gmina_code: str, interview_id: int, recorded: bool, actor: int | None
) -> None:
    """Said to the participants beforehand. Saying the same again leaves no trace."""
    with context.database.transaction() as session:
        found = require_interview(session, gmina_code, interview_id, alone=True)
        if found.recorded is not recorded:
            found.recorded = recorded
            words = "będzie nagrywana" if recorded else "bez nagrywania"
            record(context, session, found, "recording_decided", actor, words)


def _responsible(known: Controller) -> NoticePart:
    return NoticePart(
        "Kto odpowiada za dane",
        (
            f"Administratorem danych jest {_or(known, 'name')}, {_or(known, 'address')}. Kontakt:"
            f" {_or(known, 'contact')}.",
            f"Inspektor ochrony danych: {_or(known, 'dpo')}.",
        ),
    )


def _purpose(interview: Interview, known: Controller) -> NoticePart:
    spoken = participant_views.consent_texts(interview)
    titled = (spoken.titled(interview.project_title),) if interview.project_title else ()
    return NoticePart(
        "Po co rozmawiamy i na jakiej podstawie",
        (
            spoken.purpose,
            *titled,
            "Podstawą notatek i przechowywania danych jest Państwa zgoda (art. 6 ust. 1 lit. a RODO). Do umówienia"
            f" rozmowy podstawą jest zadanie realizowane w interesie publicznym (art. 6 ust. 1 lit. e RODO):"
            f" {_or(known, 'task')}.",
        ),
    )


def _kept(interview: Interview) -> NoticePart:
    taped = {
        True: "Rozmowa będzie nagrywana, jeśli się Państwo zgodzą. Nagranie służy do spisania rozmowy;"
        " serwis przechowuje tylko zapis, bez głosu.",
        False: "Rozmowa nie będzie nagrywana.",
        None: f"[{RECORDING}]",
    }
    return NoticePart(
        "Co zapisujemy",
        (
            "Notatki z rozmowy: zamiast nazwiska jest w nich litera. Imię i nazwisko, kontakt i to, co chcą Państwo"
            " powiedzieć o sobie, przechowujemy osobno i zaszyfrowane; klucza nie ma w bazie danych.",
            taped[interview.recorded],
        ),
    )


def _readers(known: Controller) -> NoticePart:
    return NoticePart(
        "Kto zobaczy dane",
        (
            "Nazwisko i kontakt: moderator rozmowy i koordynator Zespołu Synergii Lokalnej. Słowa pod literą: także"
            " osoby, które opracowują wywiady; nie ci, którzy reprezentują Państwa instytucję, chyba że sami"
            " prowadzą rozmowę.",
            f"Serwis prowadzi na zlecenie administratora: {_or(known, 'processor')}. Nie przekazujemy danych poza"
            " Europejski Obszar Gospodarczy, nie podejmujemy na ich podstawie decyzji automatycznych i nie"
            " profilujemy.",
        ),
    )


def _until(context: Context, interview: Interview) -> tuple[str, ...]:
    days = retention_days(context, interview)
    first = (
        f"Imię i nazwisko, kontakt i dane o sobie usuniemy razem z kluczem {polish.date(days[0])}."
        if len(days) == 1
        else "Imię i nazwisko, kontakt i dane o sobie usuniemy razem z kluczem w dniu wybranym dla każdej osoby,"
        f" najpóźniej {polish.date(days[-1])}."
    )
    return (
        f"{first} Na prośbę wcześniej.",
        "Notatki pod literą zostają w dokumentacji badania; po tym dniu nie da się ich połączyć z nazwiskiem. Po"
        " cofnięciu zgody usuwamy także je.",
    )


def retention_days(context: Context, interview: Interview) -> list[dt.date]:
    """The days on which personal data of its participants are deleted, each once."""
    with context.database.reading() as session:
        rows = store.of_interview(session, interview.id)
    seats = [rows.get(seat.id) for seat in interview.seats] or [None]
    return sorted({retention.retention_date(interview, row) for row in seats})


def _rights(known: Controller) -> NoticePart:
    return NoticePart(
        "Państwa prawa",
        (
            "Zgodę można cofnąć w każdej chwili, także po rozmowie; nie zmienia to oceny tego, co zrobiono wcześniej."
            " Mają Państwo prawo dostępu do danych i ich kopii, sprostowania, usunięcia, ograniczenia przetwarzania,"
            f" przeniesienia i sprzeciwu. Prosimy zwrócić się do administratora ({_or(known, 'contact')}) albo do"
            " moderatora.",
            "Można też złożyć skargę do Prezesa Urzędu Ochrony Danych Osobowych (ul. Stawki 2, 00-193 Warszawa).",
        ),
    )


def _or(known: Controller, name: str) -> str:
    return getattr(known, name) or f"[{WORDS[name]}]"
