"""How long personal data of participants are kept, and how they go: METHOD, "IDI and FGI".

A deletion has two steps, each committed, so that a power cut between them neither leaves readable data that are said
to be deleted nor loses any before the deletion was ordered:

1. the sealed bytes leave the row (ordered: the row still names its key);
2. the key is destroyed in both places, and only then the row says "deleted".

What was ordered is finished by the next round of the worker. A deleted row goes on naming its key, so that a copy of
the file that comes back with an old disk is destroyed, too.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, Fault, InvalidInputError
from survey_app.services import deleted_ledger
from survey_app.services.context import Context
from survey_app.services.interviewing import deletion_notes, participant_keys, rotate_keys
from survey_app.services.interviewing.interview_rules import record, require_interview
from survey_app.services.interviewing.participants import seat_of
from survey_app.store import participants
from survey_app.store.interviews import Interview
from survey_app.store.participants import Participant

MONTHS_KEPT = 12
LONGEST_YEARS = 10
# Whatever held words or seals of a participant.
TABLES = ("participant", "note", "interview_text", "excerpt", "excerpt_theme")


def retention_date(interview: Interview, row: Participant | None) -> dt.date:
    """On this day the personal data are deleted: the coordinator's choice, or 12 months after the interview."""
    if row is not None and row.retain_until is not None:
        return row.retain_until
    return _months_after(_day_of(interview), MONTHS_KEPT)


def set_retention(
    context: Context, gmina_code: str, interview_id: int, letter: str, until: dt.date, actor: int | None
) -> None:
    """The day on which this person's data are to be deleted. InvalidInputError: it is past, or too far away."""
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id, alone=True)
        seat = seat_of(interview, letter)
        latest = _months_after(_day_of(interview), 12 * LONGEST_YEARS)
        if not context.today() < until <= latest:
            hint = f"Prosimy podać dzień od jutra do {polish.date_short(latest)}."
            message = f"Dane przechowuje się najwyżej {LONGEST_YEARS} lat po wywiadzie."
            raise InvalidInputError(
                "Nie zmieniono terminu usunięcia.", [Fault("retention.range", "retain_until", message, hint)]
            )
        row = participants.of_seat(session, seat.id, alone=True)
        if row is not None and (row.deleted_at is not None or is_ordered(row)):
            raise ConflictError(f"Dane osobowe osoby {letter} są już usunięte.")
        if row is None:
            row = participants.add(session, seat.id, revision=1)
        row.retain_until = until
        record(
            context,
            session,
            interview,
            "retention_changed",
            actor,
            f"Osoba {letter}: do {polish.date_short(until)}",
        )


def delete(context: Context, gmina_code: str, interview_id: int, letter: str, actor: int | None) -> bool:
    """The person's data go now. False: ordered, and the worker goes on trying, for a place of keys is out of reach."""
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id, alone=True)
        seat_id = order(context, session, interview, letter, actor)
    done = finish(context, gmina_code, interview_id, letter, seat_id)
    sweep(context)
    return done


def order(
    context: Context,
    session: Session,
    interview: Interview,
    letter: str,
    actor: int | None,
    why: str = "",
    *,
    noted: bool = True,
) -> int:
    """Step 1. The caller holds the interview. `noted`: in the ledger of the deleted, which a restore knows already.

    ConflictError: nothing is kept, or the ledger cannot be written.
    """
    seat = seat_of(interview, letter)
    row = participants.of_seat(session, seat.id, alone=True)
    if row is None or row.key_name is None or row.deleted_at is not None:
        raise ConflictError(f"Nie ma danych osobowych osoby {letter}, które można usunąć.")
    if row.sealed is not None:
        row.sealed, row.traces_since = None, context.clock()
        detail = f"Osoba {letter}{why}"
        record(context, session, interview, "personal_data_deletion_ordered", actor, detail)
        if noted:
            deletion_notes.note(context, deletion_notes.personal(row.key_name))
    return seat.id


def finish(context: Context, gmina_code: str, interview_id: int, letter: str, seat_id: int) -> bool:
    """Step 2, as often as it takes. False: a place of keys cannot be reached or written."""
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id, alone=True)
        row = participants.of_seat(session, seat_id, alone=True)
        if row is None or not is_ordered(row):
            return True  # somebody else was faster
        try:
            participant_keys.destroy(context.settings.key_folders, str(row.key_name))
        except OSError:
            return False
        row.deleted_at, row.retain_until = context.clock(), None
        record(context, session, interview, "personal_data_deleted", None, f"Osoba {letter}")
    return True


def is_ordered(row: Participant) -> bool:
    """Taken away, and the key not known to be destroyed yet."""
    return row.key_name is not None and row.sealed is None and row.deleted_at is None


def sweep(context: Context) -> bool:
    """Rewrites the tables, so that no free page keeps what was taken away. False: the worker has to try again."""
    with context.database.reading() as session:
        seen = participants.with_traces(session)
    if not seen:
        return True
    if not context.database.vacuum(*TABLES):
        return False
    with context.database.transaction() as session:
        participants.forget_traces(session, seen.items())
    return True


# The worker's round ---------------------------------------------------------------------------------------------


def run_once(context: Context) -> list[str]:
    """A line for each thing done, and for each that a person must look at."""
    lines = [*_mind_ledger(context), *_mind_keys(context), *_order_due(context)]
    lines += [*finish_ordered(context), *_destroy_copies(context), *_settle_rotation(context)]
    if not sweep(context):
        lines.append(
            "UWAGA: usunięte dane z wywiadów mogą jeszcze leżeć na wolnych stronach bazy; tabel nie można teraz"
            " przepisać. Następna próba za chwilę."
        )
    return lines


def _mind_ledger(context: Context) -> list[str]:
    """Whatever is deleted stands in the ledger, in both places: what went before there was one, too."""
    folders = context.settings.key_folders
    with context.database.reading() as session:
        entries = [
            entry
            for row, interview, seat in participants.gone(session)
            for entry in deletion_notes.of_row(row, interview, seat)
        ]
    try:
        if entries or deleted_ledger.read(folders) is not None:
            deleted_ledger.add(folders, entries)
    except ConflictError as error:
        return [f"UWAGA: {error.message}"]
    return []


def _mind_keys(context: Context) -> list[str]:
    """A key that lies in one place only is copied to the other, while nobody can be deleting it."""
    folders = context.settings.key_folders
    with context.database.reading() as session:
        kept = [(row.seat_id, str(row.key_name)) for row, _ in participants.keeping(session)]
    copied, stuck, lost = 0, 0, 0
    for seat_id, name in kept:
        if all(participant_keys.places(folders, name)):
            continue
        with context.database.transaction() as session:
            row = participants.of_seat(session, seat_id, alone=True)
            if row is None or row.sealed is None or row.key_name != name:  # deleted, or a new key, meanwhile
                continue
            try:
                found = participant_keys.copy_where_missing(folders, name)
            except OSError:
                stuck += 1
                continue
        copied, lost = copied + found, lost + (not found)
    return [
        words.format(count)
        for count, words in (
            (
                copied,
                "Klucze do danych osobowych z wywiadów były w jednym miejscu; zapisano także w drugim: {}.",
            ),
            (
                stuck,
                "UWAGA: klucze do danych osobowych z wywiadów są w jednym miejscu, drugiego nie da się zapisać: {}.",
            ),
            (
                lost,
                "UWAGA: danych osobowych z wywiadów nie da się otworzyć, bo nie ma ich kluczy w KEY_FOLDERS: {}.",
            ),
        )
        if count
    ]


def _order_due(context: Context) -> list[str]:
    with context.database.reading() as session:
        due = [
            (interview.gmina_code, interview.id, row.seat_id)
            for row, interview in participants.keeping(session)
            if retention_date(interview, row) <= context.today()
        ]
    return [line for place in due if (line := _order_one(context, *place))]


def _order_one(context: Context, gmina_code: str, interview_id: int, seat_id: int) -> str | None:
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id, alone=True)
        row = participants.of_seat(session, seat_id, alone=True)
        if row is None or row.sealed is None or retention_date(interview, row) > context.today():
            return None  # another worker, or a coordinator, was faster
        letter = next(seat.letter for seat in interview.seats if seat.id == seat_id)
        order(context, session, interview, letter, None, ": minął termin przechowywania")
    return f"Wywiad {interview_id}, osoba {letter}: minął termin przechowywania, dane osobowe są usuwane."


def finish_ordered(context: Context) -> list[str]:
    with context.database.reading() as session:
        waiting = participants.ordered(session)
    lines = []
    for gmina_code, interview_id, letter, seat_id in waiting:
        words = f"Wywiad {interview_id}, osoba {letter}"
        if finish(context, gmina_code, interview_id, letter, seat_id):
            lines.append(f"{words}: dane osobowe są usunięte razem z kluczem.")
        else:
            lines.append(
                f"UWAGA: {words}: klucza do usuwanych danych nie można zniszczyć w obu miejscach. Każdy z KEY_FOLDERS"
                f" musi mieć katalog „{participant_keys.FOLDER}”, w którym serwis może pisać."
            )
    return lines


def _destroy_copies(context: Context) -> list[str]:
    """A disk that came back, or was restored, brings keys of data that are deleted."""
    folders = context.settings.key_folders
    names = participant_keys.names(folders)
    with context.database.reading() as session:
        gone = participants.deleted_keys(session, names) if names else []
    lines = []
    for name in gone:
        try:
            participant_keys.destroy(folders, name)
        except OSError:
            lines.append(
                "UWAGA: wrócił klucz do usuniętych danych osobowych i nie można go zniszczyć (KEY_FOLDERS)."
            )
        else:
            lines.append("Zniszczono klucz do usuniętych danych osobowych, który wrócił do KEY_FOLDERS.")
    return lines


def _settle_rotation(context: Context) -> list[str]:
    """A rotation of the keys that was interrupted, or an old disk that brought a key back."""
    try:
        left = rotate_keys.settle(context)
    except ConflictError:
        return []  # a damaged ledger is told of already
    if not left:
        return []
    return [f"UWAGA: wymienionych kluczy do danych osobowych nie można zniszczyć (KEY_FOLDERS): {left}."]


def _day_of(interview: Interview) -> dt.date:
    return interview.held_on or interview.starts_at.astimezone(polish.WARSAW).date()


def _months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    first_of_next = dt.date(year + month // 12, month % 12 + 1, 1)
    return dt.date(year, month, min(day.day, (first_of_next - dt.timedelta(days=1)).day))
