"""Checking definition files before anyone can use them: `survey-app instrument check FILE...`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from survey_app.errors import Fault
from survey_app.instrument.arguments_loader import check_library_file
from survey_app.instrument.arguments_model import ARGUMENTS
from survey_app.instrument.loader import check_file
from survey_app.instrument.process_loader import check_process_file, kind_of
from survey_app.instrument.process_model import PROCESS

_OWN_FORMS = {PROCESS: check_process_file, ARGUMENTS: check_library_file}


def check_files(paths: Iterable[Path]) -> list[tuple[Path, list[Fault]]]:
    """Each file with every fault found in it, in the order given; no faults: the file is fine.

    A file of `kind: process` or `kind: arguments` has a form of its own, every other is an instrument.
    """
    return [(path, _OWN_FORMS.get(kind_of(path), check_file)(path)[1]) for path in paths]
