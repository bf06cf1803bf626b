"""Interviews of a gmina: planned, changed, cancelled, held. METHOD, "IDI and FGI".

What departs from the scenario or from the calendar is told and may be kept with a reason: a warning, not a wall.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import moderators
from survey_app.services.interviewing.interview_departures import departures, people_departures
from survey_app.services.interviewing.interview_rules import record, require_interview
from survey_app.services.interviewing.interview_scenario import FORMS, current_version, limits_of
from survey_app.store import catalogue, gminas, notes, participants, people
from survey_app.store import interviews as store
from survey_app.store.interviews import CANCELLED, FGI, HELD, IDI, PLANNED, Interview, InterviewSeat

__all__ = [
    "CANCELLED",
    "FGI",
    "FORMS",
    "HELD",
    "IDI",
    "LETTERS",
    "PLANNED",
    "ROLES",
    "STATES",
    "Interview",
    "InterviewDraft",
    "InterviewSeat",
    "SeatDraft",
    "cancel",
    "change",
    "hold",
    "interview",
    "is_moderator_of",
    "last_project_title",
    "plan",
    "restore",
]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ROLES = {"manages": "zarządza", "works": "wykonuje pracę merytoryczną", "other": "inna osoba"}
STATES = {PLANNED: "zaplanowany", HELD: "odbył się", CANCELLED: "odwołany"}
LONGEST_MINUTES = 600
PLACE_LENGTH, LINK_LENGTH, REASON_LENGTH, NOTE_LENGTH, PROJECT_LENGTH = 300, 500, 500, 2000, 300
SEAT_IN_USE = (
    "Osoby {letter} nie można usunąć z planu: zapisano już jej odpowiedź w sprawie zgody, jej dane albo notatki. "
    "Jeśli nie przyszła, prosimy zaznaczyć to przy zapisywaniu, że wywiad się odbył."
)
CONSENT_GIVEN = (
    "Osoba {letter} zgodziła się, żeby jej zdanie było podstawą kodu instytucji, z którą była zapisana. Instytucji nie"
    " można już zmienić. Jeśli to pomyłka, prosimy zapisać cofnięcie zgody i zapytać jeszcze raz pod inną literą."
)
NOT_SAVED = "Nie zapisano wywiadu. Prosimy poprawić wskazane pola."


@dataclass(frozen=True, slots=True)
class SeatDraft:
    """A participant to be: a letter, the institution (None: nobody's of the catalogue) and a key of ROLES."""

    letter: str
    stakeholder_id: int | None
    role: str


@dataclass(frozen=True, slots=True)
class InterviewDraft:
    """What a coordinator types. `departure_reason`: why the plan departs from the scenario or the calendar.

    `project_title`: of the project that the interview is part of; it is read out before consent.
    """

    starts_at: dt.datetime
    minutes: int
    seats: tuple[SeatDraft, ...]
    place: str = ""
    video_link: str = ""
    moderator_id: int | None = None
    note: str = ""
    departure_reason: str = ""
    project_title: str = ""


def interview(context: Context, gmina_code: str, interview_id: int) -> Interview:
    """With its seats. NotFoundError: this gmina has no such interview."""
    with context.database.reading() as session:
        return require_interview(session, gmina_code, interview_id)


def last_project_title(context: Context, gmina_code: str) -> str:
    """Of the gmina's newest interview that has one; "" where none has."""
    with context.database.reading() as session:
        return participants.last_project_title(session, gmina_code)


def is_moderator_of(person: accounts.Person, found: Interview) -> bool:
    """Was the interview given to this person, who still moderates in the gmina?"""
    return found.moderator_id == person.id and (
        accounts.moderates(person, found.gmina_code) or accounts.coordinates(person, found.gmina_code)
    )


def plan(context: Context, gmina_code: str, form: str, draft: InterviewDraft, actor: int | None) -> Interview:
    """A new one, with the scenario as it is now. InvalidInputError: every fault; departures without a reason."""
    if form not in FORMS:
        raise NotFoundError("Nie ma takiego rodzaju wywiadu.")
    version = current_version(context, form)
    with context.database.transaction() as session:
        _hold_plan(session, gmina_code)
        draft = _checked(session, gmina_code, form, draft, frozenset())
        _refuse_silent_departure(
            draft, departures(context, session, gmina_code, form, limits_of(version), draft, None)
        )
        moderators.appoint(context, session, gmina_code, draft.moderator_id, actor)
        added = store.add(
            session,
            [
                InterviewSeat(
                    letter=seat.letter, stakeholder_id=seat.stakeholder_id, role=seat.role, absent=False
                )
                for seat in draft.seats
            ],
            gmina_code=gmina_code,
            instrument_version_id=version.id,
            form=form,
            state=PLANNED,
            created_at=context.clock(),
            changed_at=context.clock(),
            **_columns(draft),
        )
        record(context, session, added, "interview_planned", actor)
        return added


def change(
    context: Context,
    gmina_code: str,
    interview_id: int,
    draft: InterviewDraft,
    revision: int,
    actor: int | None,
) -> Interview:
    """As `plan`, for one that is still planned. ConflictError: it is not, or another window changed it meanwhile."""
    with context.database.transaction() as session:
        found = _alone(session, gmina_code, interview_id, revision, PLANNED)
        known = frozenset(seat.stakeholder_id for seat in found.seats if seat.stakeholder_id is not None)
        draft = _checked(session, gmina_code, found.form, draft, known, found.moderator_id)
        told = departures(
            context,
            session,
            gmina_code,
            found.form,
            limits_of(found.instrument_version),
            draft,
            found,
        )
        _refuse_silent_departure(draft, told)
        if draft.moderator_id != found.moderator_id:
            moderators.appoint(context, session, gmina_code, draft.moderator_id, actor)
        columns = _columns(draft)
        changed = [name for name, value in columns.items() if getattr(found, name) != value]
        for name in changed:
            setattr(found, name, columns[name])
        seats = {seat.letter: (seat.stakeholder_id, seat.role) for seat in draft.seats}
        _release_seats(session, found, seats)
        if store.set_seats(session, found, seats):
            changed.append("seats")
        if changed:
            _touch(context, session, found, "interview_changed", actor, ", ".join(changed))
        return found


def cancel(
    context: Context, gmina_code: str, interview_id: int, reason: str, revision: int, actor: int | None
) -> Interview:
    """It will not take place, for this reason; it stays in the plan and in calendars as cancelled."""
    reason = _tidy(reason)
    faults = _text_faults("reason", reason, REASON_LENGTH)
    if not reason:
        faults.append(Fault("text.missing", "reason", "Prosimy napisać powód."))
    if faults:
        raise InvalidInputError("Nie odwołano wywiadu.", faults)
    with context.database.transaction() as session:
        found = _alone(session, gmina_code, interview_id, revision, PLANNED)
        found.state, found.cancelled_reason = CANCELLED, reason
        _touch(context, session, found, "interview_cancelled", actor)
        return found


def hold(
    context: Context,
    gmina_code: str,
    interview_id: int,
    held_on: dt.date,
    absent: Collection[str],
    departure_reason: str,
    revision: int,
    actor: int | None,
) -> Interview:
    """It took place that day. `absent`: letters of those who did not come, who therefore were not heard."""
    with context.database.transaction() as session:
        found = _alone(session, gmina_code, interview_id, revision, PLANNED)
        reason = _tidy(departure_reason) or found.departure_reason
        came = [seat for seat in found.seats if seat.letter not in absent]
        faults = _text_faults("departure_reason", reason, REASON_LENGTH)
        if held_on > context.today():
            hint = "Prosimy wpisać dzisiejszy albo wcześniejszy."
            faults.append(Fault("in_the_future", "held_on", "Ten dzień jeszcze nie nadszedł.", hint))
        if not came:
            hint = "Jeśli nikt nie przyszedł, prosimy odwołać wywiad i podać powód."
            faults.append(Fault("nobody_came", "present", "Nie zaznaczono nikogo, kto przyszedł.", hint))
        elif not reason:
            told = people_departures(found.form, limits_of(found.instrument_version), len(came))
            faults += _departure_faults(told)
        faults += _presence_faults(session, found, came)
        if faults:
            raise InvalidInputError("Nie zapisano, że wywiad się odbył.", faults)
        found.state, found.held_on, found.departure_reason = HELD, held_on, reason
        for seat in found.seats:
            seat.absent = seat not in came
        _touch(context, session, found, "interview_held", actor)
        return found


def restore(
    context: Context, gmina_code: str, interview_id: int, revision: int, actor: int | None
) -> Interview:
    """Planned again: it was cancelled, or marked as held, by mistake. What the audit says about it stays."""
    with context.database.transaction() as session:
        found = _alone(session, gmina_code, interview_id, revision, CANCELLED, HELD)
        found.state, found.held_on, found.cancelled_reason = PLANNED, None, ""
        for seat in found.seats:
            seat.absent = False
        _touch(context, session, found, "interview_restored", actor)
        return found


# What a change is made of --------------------------------------------------------------------------------------


def _hold_plan(session: Session, gmina_code: str) -> None:
    """Of two who plan at once for one moderator the second is told about the first."""
    if gminas.get(session, gmina_code) is None:
        raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}.")
    people.hold_team(session, gmina_code)


def _alone(session: Session, gmina_code: str, interview_id: int, revision: int, *states: str) -> Interview:
    _hold_plan(session, gmina_code)
    found = require_interview(session, gmina_code, interview_id, alone=True)
    if found.revision != revision:
        raise ConflictError(
            "W tym czasie ktoś inny zmienił ten wywiad. Niczego nie zapisano. Prosimy porównać obie wersje."
        )
    if found.state not in states:
        raise ConflictError(f"Stan tego wywiadu: {STATES[found.state]}. Tego nie można już zrobić.")
    return found


def _touch(
    context: Context, session: Session, found: Interview, action: str, actor: int | None, detail: str = ""
) -> None:
    found.revision += 1
    found.changed_at = context.clock()
    record(context, session, found, action, actor, detail)


def _release_seats(session: Session, found: Interview, wanted: Mapping[str, tuple[int | None, str]]) -> None:
    """Who has said anything here, or agreed to, is not taken out of the plan: their words would be nobody's.

    Nor is anybody moved to another institution after the second yes, which was given for the code of this one.
    """
    promised = notes.promised_evidence(session, [seat.id for seat in found.seats])
    moved = sorted(
        seat.letter
        for seat in found.seats
        if seat.id in promised
        and seat.stakeholder_id is not None
        and wanted.get(seat.letter, (seat.stakeholder_id, ""))[0] != seat.stakeholder_id
    )
    if moved:
        faults = [Fault("consent_given", f"rola-{one}", CONSENT_GIVEN.format(letter=one)) for one in moved]
        raise InvalidInputError(NOT_SAVED, faults)
    leaving = {seat.id: seat.letter for seat in found.seats if seat.letter not in wanted}
    used = notes.seats_in_use(session, leaving)
    if used:
        told = sorted(leaving[seat_id] for seat_id in used)
        faults = [
            Fault("seat_in_use", f"rola-{letter}", SEAT_IN_USE.format(letter=letter)) for letter in told
        ]
        raise InvalidInputError(NOT_SAVED, faults)
    notes.forget_seats(session, leaving)


def _presence_faults(session: Session, found: Interview, came: list[InterviewSeat]) -> list[Fault]:
    """Who agreed to the talk, or spoke, was there."""
    away = {seat.id: seat.letter for seat in found.seats if seat not in came}
    told = sorted(away[seat_id] for seat_id in notes.speaking(session, away))
    words = "Osoba {letter}: zapisano jej zgodę albo notatki, więc nie można zapisać, że nie przyszła."
    hint = "Prosimy zaznaczyć, że przyszła."
    return [Fault("was_there", "present", words.format(letter=letter), hint) for letter in told]


def _columns(draft: InterviewDraft) -> dict[str, object]:
    return {item.name: getattr(draft, item.name) for item in fields(draft) if item.name != "seats"}


# What is wrong with a draft ------------------------------------------------------------------------------------


def _checked(
    session: Session,
    gmina_code: str,
    form: str,
    draft: InterviewDraft,
    known: frozenset[int],
    known_moderator: int | None = None,
) -> InterviewDraft:
    """Tidied. `known`, `known_moderator`: what the interview names already, though it may have left since."""
    draft = replace(
        draft,
        place=" ".join(draft.place.split()),
        video_link=draft.video_link.strip(),
        note=_tidy(draft.note),
        departure_reason=_tidy(draft.departure_reason),
        project_title=" ".join(draft.project_title.split()),
    )
    faults = [
        *_text_faults("place", draft.place, PLACE_LENGTH),
        *_text_faults("note", draft.note, NOTE_LENGTH),
        *_text_faults("project_title", draft.project_title, PROJECT_LENGTH),
        *_text_faults("departure_reason", draft.departure_reason, REASON_LENGTH),
        *_link_faults(draft.video_link),
        *_seat_faults(session, gmina_code, form, draft, known),
    ]
    if not 1 <= draft.minutes <= LONGEST_MINUTES:
        message = f"Wywiad trwa od 1 do {LONGEST_MINUTES} minut."
        faults.append(Fault("minutes_range", "minutes", message, "Prosimy poprawić liczbę."))
    offered = {person.id for person in moderators.choices_within(session, gmina_code)} | {
        None,
        known_moderator,
    }
    if draft.moderator_id not in offered:
        hint = "Prosimy wybrać z listy jeszcze raz."
        faults.append(Fault("not_a_moderator", "moderator_id", "Tej osoby nie ma na liście.", hint))
    if faults:
        raise InvalidInputError(NOT_SAVED, faults)
    return draft


def _seat_faults(
    session: Session, gmina_code: str, form: str, draft: InterviewDraft, known: frozenset[int]
) -> list[Fault]:
    present = {row.id for row in catalogue.stakeholders(session, gmina_code)} | known | {None}
    faults = []
    letters = [seat.letter for seat in draft.seats]
    if form == IDI and not draft.seats:
        faults.append(
            Fault("seats_missing", "rola-A", "Prosimy wskazać, z kim jest rozmowa: instytucję i rolę.")
        )
    for seat in draft.seats:
        where = f"rola-{seat.letter}"
        if seat.letter not in LETTERS or len(seat.letter) != 1 or letters.count(seat.letter) > 1:
            faults.append(
                Fault("letter_wrong", where, "Formularz przyszedł uszkodzony.", "Prosimy odświeżyć.")
            )
        if seat.role not in ROLES:
            message = f"Osoba {seat.letter}: prosimy wybrać rolę."
            faults.append(Fault("role_missing", where, message))
        elif seat.stakeholder_id is None and seat.role != "other":
            message = f"Osoba {seat.letter}: prosimy wybrać instytucję albo rolę „{ROLES['other']}”."
            faults.append(Fault("stakeholder_missing", where, message))
        if seat.stakeholder_id not in present:
            message = f"Osoba {seat.letter}: tej instytucji nie ma w katalogu gminy."
            faults.append(Fault("not_in_catalogue", where, message, "Prosimy wybrać z listy jeszcze raz."))
    return faults


def _link_faults(link: str) -> list[Fault]:
    plain = link.isascii() and link.isprintable() and " " not in link
    if not link or (plain and link.startswith("https://") and 12 <= len(link) <= LINK_LENGTH):
        return []
    hint = f"Prosimy wkleić adres, który zaczyna się od https:// (do {LINK_LENGTH} znaków)."
    return [Fault("link_form", "video_link", "To nie jest adres rozmowy wideo.", hint)]


def _refuse_silent_departure(draft: InterviewDraft, told: list[str]) -> None:
    if told and not draft.departure_reason:
        raise InvalidInputError(
            "Nie zapisano wywiadu: prosimy podać powód odstępstwa.", _departure_faults(told)
        )


def _departure_faults(told: list[str]) -> list[Fault]:
    faults = [Fault("departure", "departure_reason", words) for words in told]
    if faults:
        last = faults[-1]
        hint = "Jeśli tak ma być, prosimy napisać powód."
        faults[-1] = Fault(last.code, last.where, last.message, hint)
    return faults


def _tidy(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def _text_faults(where: str, text: str, longest: int) -> list[Fault]:
    if len(text) > longest:
        return [Fault("text.too_long", where, f"Najwyżej {longest} znaków. Prosimy skrócić.")]
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n" for sign in text):
        return [Fault("text.characters", where, "Tekst zawiera znak sterujący.", "Prosimy go usunąć.")]
    return []
