"""A row in every table of registers, the library and the network, for tests of migrations, dumps and readers."""

from __future__ import annotations

import datetime as dt

from survey_app.models import (
    Base,
    GminaRecord,
    LibraryFile,
    LibraryItem,
    LibraryWord,
    MeetingSeat,
    MessageRead,
    Motion,
    MotionVote,
    RegionMessage,
    RegisterEntry,
    RegisterEvent,
    RegisterParty,
)

NOON = dt.datetime(2026, 5, 4, 10, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 5, 4)


def rows_of_registers() -> list[list[Base]]:
    """An entry with all that hangs on one."""
    entry = {
        "gmina_code": "060502",
        "key": "posiedzenia",
        "instrument_version_id": 1,
        "title": "Zażółć",
        "state": "planned",
        "answers": {"ż": "ł"},
        "created_at": NOON,
        "created_by": 1,
        "changed_at": NOON,
        "changed_by": 1,
    }
    return [
        [
            RegisterEntry(id=1, starts_on=DAY, due_on=DAY, person_id=1, stakeholder_id=1, **entry),
            RegisterEntry(id=2, **entry),
        ],
        [
            RegisterEvent(
                entry_id=1, kind="talk", on_day=DAY, text="Ź", made_at=NOON, made_by=1, state_to="planned"
            ),
            RegisterParty(
                entry_id=1,
                stakeholder_id=1,
                role="partner",
                reply="yes",
                reply_text="Tak",
                replied_on=DAY,
                offer_id=2,
                recorded_at=NOON,
                recorded_by=1,
            ),
            MeetingSeat(id=1, entry_id=1, person_id=1, label="Ęwa", present=True),
            Motion(
                id=1,
                entry_id=1,
                number=1,
                text="Wniosek",
                named=True,
                seats=1,
                present=1,
                votes_for=1,
                outcome="passed",
                put_at=NOON,
                put_by=1,
                closed_at=NOON,
            ),
        ],
        [MotionVote(motion_id=1, seat_id=1, vote="for")],
    ]


def rows_above_the_gmina() -> list[list[Base]]:
    """An item of the library with its file and words, a message that was read, a recorded fact."""
    return [
        [
            LibraryItem(
                id=1,
                region_code="PL",
                kind="act",
                title="Ustawa",
                licence="public",
                law_reference="Dz.U.",
                as_of=DAY,
                outdated_since=DAY,
                outdated_by="Zmiana",
                shared="country",
                open_to_all=True,
                added_at=NOON,
                added_by=1,
                changed_at=NOON,
                changed_by=1,
            ),
            RegionMessage(id=1, region_code="06", title="T", text="Ź", sent_at=NOON, sent_by=1, mail_after=0),
            GminaRecord(
                gmina_code="060502", kind="way", value="civic", source="002", as_of=DAY, recorded_at=NOON
            ),
        ],
        [
            LibraryFile(
                item_id=1,
                name="a.pdf",
                media_type="application/pdf",
                size=4,
                sha256="a" * 64,
                text="Źródło",
                content=b"%PDF",
            ),
            LibraryWord(base="ustawa", item_id=1, weight=3),
            MessageRead(message_id=1, person_id=1),
        ],
    ]
