"""Whatever bytes somebody brings as a file: it is read, or refused in Polish; nothing else comes of it.

Archives that want to be too much are read in a process of its own, which may take a fixed amount of memory.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.errors import InvalidInputError
from tests import naughty
from tests.hostile_files import ARCHIVES, READERS

MOST_MEMORY = 130  # MiB over what the process took before; a bomb of ours unpacks to more
LAW = {"nested", "deep", "one long text", "attributes"}  # a good file may be as strange as that
POLISH = set("ąćęłńóśźż")
CHILD = """
import json, resource, sys
from survey_app.errors import InvalidInputError
from tests.hostile_files import ARCHIVES, READERS
name = sys.argv[1]
read, good = READERS[name]
read(good())
def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
made = ARCHIVES[name]()
found = {}
resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))
for what, content in made.items():
    before = used()
    try:
        read(content)
        told = None
    except InvalidInputError as error:
        told = error.message
    found[what] = (told, used() - before)
print(json.dumps(found))
"""


def taken_or_refused(name: str, content: bytes) -> None:
    try:
        READERS[name][0](content)
        told = "nic nie mówi"
    except InvalidInputError as error:
        told = " ".join([error.message, *map(str, error.faults)])
    assert POLISH & set(told) or " nie " in told
    assert "Traceback" not in told


@pytest.mark.parametrize("name", READERS)
def test_a_good_file_is_read(name: str) -> None:
    read, good = READERS[name]
    if name == "backup":
        with pytest.raises(InvalidInputError):
            read(good())
    else:
        assert read(good()) is not None


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_spoilt_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    content = bytearray(READERS[name][1]())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(0, len(content) - 1)))
        kind = data.draw(st.sampled_from(("cut", "change", "insert", "double", "drop")))
        if kind == "cut":
            del content[place:]
        elif kind == "change" and content:
            content[place] = data.draw(st.integers(0, 255))
        elif kind == "insert":
            piece = data.draw(st.sampled_from(naughty.texts()) | st.text(max_size=8))
            content[place:place] = piece.encode("utf-8", "surrogatepass")[:2_000]
        elif kind == "double":
            content[place:place] = content[place : place + 200]
        else:
            del content[place : place + data.draw(st.integers(1, 50))]
    taken_or_refused(name, bytes(content))


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=15)
@given(content=st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_read_or_refused(name: str, content: bytes) -> None:
    taken_or_refused(name, content)


@pytest.mark.parametrize("name", READERS)
def test_naughty_texts_as_a_file_are_read_or_refused(name: str) -> None:
    for text in naughty.texts():
        taken_or_refused(name, text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_that_wants_to_be_too_much_is_refused_in_little_memory(name: str) -> None:
    done = subprocess.run([sys.executable, "-c", CHILD, name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    found = json.loads(done.stdout)
    assert {what: more for what, (_, more) in found.items() if more > MOST_MEMORY} == {}
    assert {what for what, (told, _) in found.items() if told is None} <= LAW
