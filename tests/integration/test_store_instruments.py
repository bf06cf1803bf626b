"""Published versions never change; the same file is the same version."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from survey_app.config import INSTRUMENTS
from survey_app.instrument.loader import instrument_from_document, load_instrument
from survey_app.services.context import Context
from survey_app.store import instruments

NOON = dt.datetime(2026, 11, 2, 12, 0, tzinfo=dt.UTC)
ANKIETA = load_instrument(INSTRUMENTS / "ankieta.yml")


def test_the_same_file_is_the_same_version(context: Context) -> None:
    with context.database.transaction() as session:
        first = instruments.publish(session, ANKIETA, NOON)
    with context.database.transaction() as session:
        again = instruments.publish(session, ANKIETA, NOON + dt.timedelta(days=1))
    assert (again.id, again.version, again.published_at) == (first.id, 1, NOON)


def test_a_changed_file_is_a_new_version_and_the_old_one_stays(context: Context) -> None:
    changed = replace(ANKIETA, sha256="f" * 64)
    with context.database.transaction() as session:
        first = instruments.publish(session, ANKIETA, NOON)
        second = instruments.publish(session, changed, NOON)
    with context.database.transaction() as session:
        newest = instruments.latest(session, "ankieta")
        oldest = instruments.get(session, first.id)
        assert instruments.latest(session, "inna") is None
    assert newest is not None
    assert oldest is not None
    assert (newest.id, newest.version, oldest.sha256) == (second.id, 2, ANKIETA.sha256)


def test_a_stored_version_can_be_read_back_as_the_same_instrument(context: Context) -> None:
    with context.database.transaction() as session:
        version_id = instruments.publish(session, ANKIETA, NOON).id
    with context.database.transaction() as session:
        version = instruments.get(session, version_id)
    assert version is not None
    read_back = instrument_from_document(version.definition)
    assert read_back == ANKIETA
    assert [question.text for question in read_back.questions] == [q.text for q in ANKIETA.questions]


def test_two_processes_that_publish_at_once_get_one_version(context: Context) -> None:
    def publish(_: int) -> int:
        with context.database.transaction() as session:
            return instruments.publish(session, ANKIETA, NOON).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(publish, range(4)))) == 1
