"""The papers and the process that are defined under `instruments/`, checked once per content of their files."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.config import INSTRUMENTS
from survey_app.errors import NotFoundError
from survey_app.instrument.model import Instrument
from survey_app.instrument.paper_model import PaperRules
from survey_app.instrument.process_loader import load_process, process_from_document
from survey_app.instrument.process_model import Process
from survey_app.services.context import Context
from survey_app.services.definition_files import definitions_in
from survey_app.services.instruments import publish_instrument, stored_version
from survey_app.store.instruments import InstrumentVersion

FOLDERS = ("forms", "documents")
UNKNOWN = "Nie ma takiego formularza ani dokumentu."


def papers() -> Mapping[str, Instrument]:
    """Key -> definition, in the order in which they are listed. InvalidInputError: a file has faults."""
    found = definitions_in(FOLDERS).values()
    return {one.key: one for one in sorted(found, key=lambda one: (rules_of(one).order, one.title))}


def paper_definition(key: str) -> Instrument:
    """NotFoundError if there is none with this key."""
    found = papers().get(key)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found


def rules_of(definition: Instrument) -> PaperRules:
    """A paper's rules; every definition that passed the checks has them."""
    assert definition.definitions.paper is not None, definition.key
    return definition.definitions.paper


def publish_paper(context: Context, key: str) -> InstrumentVersion:
    """The version of the file's present content. NotFoundError if there is no such paper."""
    return publish_instrument(context, paper_definition(key))


def default_process() -> Process:
    """The process of the sources, `instruments/processes/mlw.yml`."""
    path = INSTRUMENTS / "processes" / "mlw.yml"
    return _process(path, path.stat().st_mtime_ns)


def process_of(version: InstrumentVersion) -> Process:
    """A published version never changes, so it is checked and built once per process of the service."""
    built = _built.get(version.sha256)
    if built is None:
        built = _built[version.sha256] = process_from_document(version.definition)
    return built


def known_process(session: Session, sha256: str, version_id: int) -> Process:
    """The same, for who knows a version's checksum and id: nothing is read if it is built already."""
    return _built.get(sha256) or process_of(stored_version(session, version_id))


_built: dict[str, Process] = {}


@functools.lru_cache(maxsize=2)
def _process(path: Path, _changed: int) -> Process:
    return load_process(path)
