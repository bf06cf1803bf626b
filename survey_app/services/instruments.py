"""The instruments that campaigns use: files under `instruments/`, published once per content and then frozen."""

from __future__ import annotations

import functools

from sqlalchemy.orm import Session

from survey_app.config import INSTRUMENTS
from survey_app.instrument.build import build_instrument
from survey_app.instrument.loader import load_instrument
from survey_app.instrument.model import Instrument
from survey_app.services.context import Context
from survey_app.store import instruments
from survey_app.store.instruments import Definition, InstrumentVersion

ANKIETA = "ankieta"


def current_ankieta(context: Context) -> Instrument:
    """The ankieta as published last; its file is published first if its content is new."""
    return instrument_of(publish_ankieta(context))


def publish_ankieta(context: Context) -> InstrumentVersion:
    """Returns the version of the file's present content. Raises InvalidInputError when the file has faults."""
    return publish_file(context, ANKIETA)


def publish_file(context: Context, key: str) -> InstrumentVersion:
    """The version of the present content of the instrument's file; made now if that content is new."""
    return publish_instrument(context, present(key))


def publish_instrument(context: Context, instrument: Definition) -> InstrumentVersion:
    """As `publish_file`, of a definition that is at hand."""
    with context.database.reading() as session:
        found = instruments.of_content(session, instrument)
    if found is not None:
        return found
    with context.database.transaction() as session:
        return instruments.publish(session, instrument, context.clock())


def present(key: str) -> Instrument:
    """The instrument as its file says now. Raises InvalidInputError when the file has faults."""
    return _checked(key, (INSTRUMENTS / f"{key}.yml").read_bytes())


@functools.lru_cache(maxsize=8)
def _checked(key: str, _content: bytes) -> Instrument:
    """Checking a definition takes longer than everything else on the way to a campaign: once per content."""
    return load_instrument(INSTRUMENTS / f"{key}.yml")


def stored_version(session: Session, version_id: int) -> InstrumentVersion:
    """The version that a row names."""
    version = instruments.get(session, version_id)
    assert version is not None, "versions are never deleted"
    return version


def instrument_of(version: InstrumentVersion) -> Instrument:
    """A published version never changes, so it is built once per process."""
    return _built.get(version.sha256) or _build(version)


def used_instrument(session: Session, version_id: int) -> Instrument:
    """The same, of the version that a row names."""
    return instrument_of(stored_version(session, version_id))


def known_instrument(session: Session, sha256: str, version_id: int) -> Instrument:
    """The same, for who knows a version's checksum, too: nothing is read if it is built already."""
    return _built.get(sha256) or used_instrument(session, version_id)


def instrument_with(context: Context, sha256: str, version_id: int) -> Instrument:
    """The same, outside a transaction: none is begun if it is built already."""
    built = _built.get(sha256)
    if built is None:
        with context.database.reading() as session:
            built = used_instrument(session, version_id)
    return built


def _build(version: InstrumentVersion) -> Instrument:
    built = _built[version.sha256] = build_instrument(version.definition)
    return built


_built: dict[str, Instrument] = {}
