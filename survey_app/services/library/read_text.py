"""The text of a checked file, for the search. Files with a parser are read by another process (`file_reader`)."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

from survey_app.errors import ConflictError
from survey_app.services.library import file_reader, files
from survey_app.services.library.words import whole_words

MOST = 2_000_000  # letters
WAIT = 10  # seconds for one's turn: whoever waits keeps a place that a respondent may need
SECONDS = 30  # by the clock; the reader's own limit is of its processor's time
_READER = Path(file_reader.__file__)
# One at a time in a process: what a reader may take of the machine's memory it takes once.
_TURN = threading.Lock()
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def text_of(checked: files.CheckedFile) -> str:
    """What can be read of the file, its first MOST letters; "" where nothing can (pictures, a password).

    ConflictError: another file is being read, and takes long.
    """
    read = checked.text if checked.kind == files.TXT else _read_apart(checked.kind, checked.content)
    return _clean(read[:MOST])


def _read_apart(kind: str, content: bytes) -> str:
    """What the reader wrote before it ended, however it ended."""
    # Without our environment (it holds secrets) and without the folder that we were started in.
    command = [sys.executable, "-I", str(_READER), kind, str(MOST)]
    if not _TURN.acquire(timeout=WAIT):
        raise ConflictError("Serwis czyta właśnie inny plik. Prosimy spróbować jeszcze raz za chwilę.")
    try:
        return _told(command, content)
    finally:
        _TURN.release()


def _told(command: list[str], content: bytes) -> str:
    try:
        done = subprocess.run(  # noqa: S603  (our own program; the file is what it reads, and no argument)
            command, input=content, capture_output=True, timeout=SECONDS, env={}, cwd="/", check=False
        )
        written: bytes | None = done.stdout
    except subprocess.TimeoutExpired as late:
        written = late.stdout
    except OSError:  # no process to be had: the item is kept, and found by its title
        written = None
    return (written or b"").decode("utf-8", "ignore")


def _clean(text: str) -> str:
    """As a table can hold it: composed letters, words whole, no control characters."""
    plain = whole_words(unicodedata.normalize("NFC", text)).replace("\r\n", "\n")
    return _UNFIT.sub(" ", plain).strip()
