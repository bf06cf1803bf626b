"""The .qdpx file: right by a strict reader, read back by an independent one, offsets right whatever the letters."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrefiqda import RefiProject

from survey_app.services.interviewing import refi_qda
from survey_app.services.interviewing.refi_qda import Code, Coder, Coding, Project, Selection, Source, guid
from tests import refi_check

AT = dt.datetime(2026, 11, 21, 9, 30, 15, tzinfo=dt.UTC)
ANNA, JAN = Coder(guid("coder", 1), "Anna Zając"), Coder(guid("coder", 2), "Jan Łoś")
TEXT = "A: Do s\u0301wietlicy 👵🏽 nikt nie dojedzie.\nB: „Autobus” — raz dziennie; a < b & c."
DOJAZD = Code(guid("theme", 2), "Dojazd", "Autobusy i drogi")
TRANSPORT = Code(guid("theme", 1), 'Transport <i "inne">', "Definicja\nPrzykład: PKS", (DOJAZD,))
BRAKI = Code(guid("theme", 3), "Braki", "")


def passage(number: int, words: str, coder: Coder, *codes: Code, memo: str = "") -> Selection:
    start = TEXT.index(words)
    codings = tuple(Coding(guid("passage", number, code.guid), code.guid) for code in codes)
    return Selection(guid("passage", number), start, start + len(words), coder.guid, AT, codings, memo)


PASSAGES = (
    passage(1, "s\u0301wietlicy 👵🏽 nikt", ANNA, TRANSPORT, DOJAZD, memo="Kto ma dowieźć?\nWrócić tu."),
    passage(2, "dojedzie.\nB: „Autobus”", JAN, DOJAZD),  # over a line break
    passage(3, "nikt nie dojedzie", JAN),  # overlaps both, without a theme
)
PROJECT = Project(
    "Wywiady: Janów Lubelski",
    "Opis",
    AT,
    [ANNA, JAN],
    [TRANSPORT, BRAKI],
    [
        Source(guid("text", 1), "FGI nr 1, notatki", TEXT, AT, PASSAGES),
        Source(guid("text", 2), "IDI nr 2, transkrypcja 1", "Nic.\n", AT),
    ],
)


def test_the_file_keeps_to_the_standard() -> None:
    assert refi_check.faults(refi_qda.qdpx(PROJECT)) == []


def test_an_empty_project_keeps_to_it_too() -> None:
    assert refi_check.faults(refi_qda.qdpx(Project("Pusty", "", AT))) == []


def test_an_independent_reader_finds_the_same(tmp_path: Path) -> None:
    file = tmp_path / "wywiady.qdpx"
    file.write_bytes(refi_qda.qdpx(PROJECT))
    read = RefiProject.load(file, tmp_path / "out")
    assert [(user.guid, user.name) for user in read.users.user] == [
        (one.guid, one.name) for one in (ANNA, JAN)
    ]
    top = read.code_book.codes.code
    assert [(code.guid, code.name, code.is_codable) for code in top] == [
        (one.guid, one.name, True) for one in (TRANSPORT, BRAKI)
    ]
    assert [(code.guid, code.name, code.description) for code in top[0].code] == [
        (DOJAZD.guid, DOJAZD.name, DOJAZD.description)
    ]
    source = read.sources.text_source[0]
    text = RefiProject.resolve_source_path(source.plain_text_path, tmp_path / "out").read_bytes().decode()
    assert text == TEXT
    found = [
        (
            text[one.start_position : one.end_position],
            one.creating_user,
            [(coding.code_ref.target_guid, coding.creating_user) for coding in one.coding],
        )
        for one in source.plain_text_selection
    ]
    assert found == [
        (TEXT[one.start : one.end], one.coder, [(coding.code, one.coder) for coding in one.codings])
        for one in PASSAGES
    ]
    notes = {note.guid: note.plain_text_content for note in read.notes.note}
    assert [notes[ref.target_guid] for ref in source.plain_text_selection[0].note_ref] == [PASSAGES[0].memo]


def test_what_xml_cannot_hold_stands_as_a_mark() -> None:
    broken = Project("Z\x00nak \x0b\ufffe", "a\r\nb", AT, codes=[Code(guid("c"), "t\x1fy", "")])
    content = refi_qda.qdpx(broken)
    assert refi_check.faults(content) == []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "Z\ufffdnak \ufffd\ufffd" in archive.read("project.qde").decode()


def test_the_same_project_gives_the_same_bytes_and_guids() -> None:
    assert refi_qda.qdpx(PROJECT) == refi_qda.qdpx(PROJECT)
    assert guid("060505", "theme", 7) == guid("060505", "theme", 7) != guid("060505", "theme", 8)


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1), st.data()
)
def test_places_are_right_in_any_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    selection = Selection(guid("p"), start, end, ANNA.guid, AT, (), memo=data.draw(st.text(max_size=20)))
    project = Project("T", "", AT, [ANNA], [], [Source(guid("t"), "T", text, AT, (selection,))])
    content = refi_qda.qdpx(project)
    assert refi_check.faults(content) == []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        written = archive.read(f"sources/{guid('t')}.txt").decode("utf-8-sig")
    assert written[start:end] == ("\u2060" + text[1:] if text.startswith("\ufeff") else text)[start:end]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('isCodable="true" ', ""),
        ("<Sources>", "<Zrodla/><Sources>"),
        (f'targetGUID="{DOJAZD.guid}"', f'targetGUID="{guid("nobody")}"'),
        (f'guid="{ANNA.guid}"', 'guid="{krzywy}"'),
        ('endPosition="', 'endPosition="9'),
        ("internal://", "absolute://"),
        (f'guid="{JAN.guid}"', f'guid="{ANNA.guid}"'),
    ],
)
def test_the_strict_reader_sees_faults(before: str, after: str) -> None:
    content = io.BytesIO(refi_qda.qdpx(PROJECT))
    spoilt = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(spoilt, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "project.qde":
                assert before in text
                text = text.replace(before, after)
            new.writestr(name, text)
    assert refi_check.faults(spoilt.getvalue())
