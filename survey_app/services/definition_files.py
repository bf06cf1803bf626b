"""Definitions under `instruments/`, checked once per content of their files."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

from survey_app.config import INSTRUMENTS
from survey_app.instrument.loader import load_instrument
from survey_app.instrument.model import Instrument


def definitions_in(folders: Sequence[str]) -> Mapping[str, Instrument]:
    """Key -> definition. InvalidInputError: a file has faults."""
    paths = sorted(path for folder in folders for path in (INSTRUMENTS / folder).glob("*.yml"))
    return _loaded(tuple((path, path.stat().st_mtime_ns) for path in paths))


@functools.lru_cache(maxsize=6)
def _loaded(files: tuple[tuple[Path, int], ...]) -> Mapping[str, Instrument]:
    found = [load_instrument(path) for path, _ in files]
    return {one.key: one for one in found}
