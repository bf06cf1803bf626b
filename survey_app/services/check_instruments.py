"""Checking definition files before anyone can use them: `survey-app instrument check FILE...`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from survey_app.errors import Fault
from survey_app.instrument.loader import check_file
from survey_app.instrument.process_loader import check_process_file, is_process


def check_files(paths: Iterable[Path]) -> list[tuple[Path, list[Fault]]]:
    """Each file with every fault found in it, in the order given; no faults: the file is fine.

    A file of `kind: process` is read as a process, every other as an instrument.
    """
    return [(path, (check_process_file if is_process(path) else check_file)(path)[1]) for path in paths]
