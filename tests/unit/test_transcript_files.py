"""Transcripts as people have them: four formats, four encodings, and files that are not what they say."""

from __future__ import annotations

import io
import time
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from survey_app.errors import InvalidInputError
from survey_app.services.interviewing.transcript_files import LARGEST_TEXT, read_file, read_pasted
from survey_app.services.interviewing.transcript_turns import (
    LEFT_OUT,
    NOBODY,
    WORDS,
    runs_of,
    speakers_of,
    suggested,
)

TALK = "Moderator: Jakie partnerstwa Państwo znają?\nA: Źródło, gęś i żółć.\nI jeszcze „Łąka”.\n\nB: Żadnych."


def said(name: str, content: bytes) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.words) for turn in read_file(name, content).turns]


def refused(name: str, content: bytes) -> str:
    with pytest.raises(InvalidInputError) as error:
        read_file(name, content)
    assert [fault.where for fault in error.value.faults] == ["plik"]
    return error.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso8859-2"])
@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r"])
def test_polish_letters_survive_every_usual_encoding(encoding: str, breaks: str) -> None:
    text = TALK if encoding != "iso8859-2" else TALK.replace("„", '"').replace("”", '"')
    turns = said("rozmowa.TXT", text.replace("\n", breaks).encode(encoding))
    assert [speaker for speaker, _ in turns] == ["Moderator", "A", "B"]
    assert turns[1][1].startswith("Źródło, gęś i żółć.\nI jeszcze ")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("pusty.txt", b" \n\t ", "Plik jest pusty"),
        ("same-znaki.txt", "\x0c\u2028".encode(), "nie ma żadnego tekstu"),
        ("duzy.txt", b"A: tak\n" * 800_000, "Plik ma ponad 2 MB"),
        ("nagranie.mp3", b"ID3abc", "TXT, DOCX, VTT albo SRT"),
        ("bez-konca", b"tekst", "TXT, DOCX, VTT albo SRT"),
        ("udaje.txt", b"%PDF-1.7 ...", "jest coś innego niż tekst"),
        ("stary.docx", b"\xd0\xcf\x11\xe0" * 200, "nie dokument DOCX"),
        ("binarny.txt", bytes(range(256)), "To nie jest plik tekstowy"),
        ("zly.txt", b"dobrze\nA: \x81\x83", "W wierszu 2"),
        ("naglowek.vtt", b"WEBVTT\n\nNOTE nic\n", "żadnych wypowiedzi"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(name: str, content: bytes, words: str) -> None:
    assert words in refused(name, content)


def test_too_many_characters_are_refused_before_anything_is_done_with_them() -> None:
    assert "znaków" in refused("a.txt", b"a" * (LARGEST_TEXT + 1))
    with pytest.raises(InvalidInputError) as error:
        read_pasted("a" * (LARGEST_TEXT + 1))
    assert error.value.faults[0].where == "tekst"


def test_control_characters_go_and_are_told_letters_stay_as_they_are() -> None:
    combining, emoji, arabic = "z\u0307o\u0301l\u0328", "👩\u200d🌾🏽", "\u202bمرحبا بكم\u202c"
    found = read_pasted(f"A: {combining} {emoji}\x00\x07\r\nA: {arabic}")
    assert [turn.words for turn in found.turns] == [f"{combining} {emoji}", arabic]
    assert found.told == ("Z tekstu usunięto 2\u00a0niewidoczne znaki. Słowa się nie zmieniły.",)


# DOCX ----------------------------------------------------------------------------------------------------------


def written(*paragraphs: str) -> docx.document.Document:
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    return document


def content_of(document: docx.document.Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_document_keeps_the_order_of_its_paragraphs_and_tables() -> None:
    document = written("A: Początek.")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "B: W komórce.", "Dalej."
    document.add_paragraph("C: Koniec\tz tabulatorem.")
    assert said("rozmowa.docx", content_of(document)) == [
        ("A", "Początek."),
        ("B", "W komórce.\nDalej."),
        ("C", "Koniec\tz tabulatorem."),
    ]


def test_what_tracked_changes_inserted_is_read_and_what_they_deleted_is_not() -> None:
    document = written("A: ")
    paragraph = document.paragraphs[0]._p
    for kind, text, words in (("w:ins", "w:t", "wstawione"), ("w:del", "w:delText", "skreślone")):
        change, run, part = OxmlElement(kind), OxmlElement("w:r"), OxmlElement(text)
        part.text = words
        run.append(part)
        change.append(run)
        paragraph.append(change)
    assert paragraph.findall(qn("w:ins"))
    assert said("a.docx", content_of(document)) == [("A", "wstawione")]


def changed(content: bytes, name: str, new: bytes) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for part in old.infolist():
            archive.writestr(part.filename, new if part.filename == name else old.read(part))
    return file.getvalue()


def test_a_zip_bomb_is_refused_at_once() -> None:
    bomb = changed(content_of(written("A: tak")), "word/document.xml", b"<a>" + b" " * 400_000_000)
    assert len(bomb) < 2_000_000
    begun = time.thread_time()
    assert "po rozpakowaniu jest za duży" in refused("bomba.docx", bomb)
    assert time.thread_time() - begun < 5


@pytest.mark.parametrize(
    "xml",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cccc">]><a>&b;</a>',
        b"nie xml",
        b"<w:document",
        b"<a/>",
    ],
)
def test_a_document_with_other_things_inside_is_refused(xml: bytes) -> None:
    broken = changed(content_of(written("A: tak")), "word/document.xml", xml)
    assert "DOCX" in refused("a.docx", broken)


def test_an_archive_that_is_no_document_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("zdjecie.txt", "nic")
    assert "nie dokument DOCX" in refused("a.docx", file.getvalue())


# VTT and SRT ---------------------------------------------------------------------------------------------------


def test_voices_of_subtitles_are_speakers_and_their_marks_are_not_words() -> None:
    content = (
        "WEBVTT - rozmowa\n\nNOTE\nuwaga do pliku\n\nSTYLE\n::cue { color: red }\n\n"
        "1\n00:00:01.000 --> 00:00:04.000 align:start\n<v Anna Łoś>Dzień dobry &amp; <i>witam</i>,\n\n"
        "00:00:04.000 --> 00:00:06.500\n<v Anna Łoś>zaczynamy.</v>\n<v.glosno Jan>No tak.\n\n"
        "00:07.000 --> 00:08.000\nBez głosu, 5 < 7.\n"
    )
    found = read_file("a.vtt", content.encode())
    assert [(turn.speaker, turn.words) for turn in found.turns] == [
        ("Anna Łoś", "Dzień dobry & witam, zaczynamy."),
        ("Jan", "No tak."),
        ("", "Bez głosu, 5 < 7."),
    ]
    assert found.told == ()
    meant = {one.mark: suggested(one, ["A"]) for one in speakers_of(found.turns)}
    assert meant == {"Anna Łoś": "", "Jan": "", "": NOBODY}, "a name is never left in the text by itself"


def test_broken_times_lose_no_word_and_are_told_with_their_lines() -> None:
    content = (
        "WEBVTT\n\n00:00:01.000 --> 00:00:99.000\nA: raz\n\n00:xx --> \nA: dwa\n\nluźne słowa\n\n"
        "00:00:09.000 --> 00:00:02.000\nA: trzy\n"
    )
    found = read_file("a.vtt", content.encode())
    assert " ".join(turn.words for turn in found.turns) == "raz dwa luźne słowa trzy"
    assert found.told == (
        "Wiersze 3, 6, 11: nie da się odczytać czasów. Tekst jest zachowany.",
        "Wiersz 9: tekst bez czasów. Jest zachowany.",
    )


def test_a_sentence_with_an_arrow_is_no_line_of_times() -> None:
    content = "WEBVTT\n\n00:01.000 --> 00:02.000\nA: najpierw\ngmina --> powiat\n3 gminy --> jeden powiat\n"
    found = read_file("a.vtt", content.encode())
    assert [turn.words for turn in found.turns] == ["najpierw gmina --> powiat 3 gminy --> jeden powiat"]


def test_an_srt_with_a_missing_empty_line_is_read_in_full() -> None:
    content = (
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nA: raz\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\nA: dwa\r\n\r\n"
        "3\r\n00:00:03,000 --> 00:00:04,000\r\nrok\r\n2026\r\n"
    )
    found = read_file("a.srt", content.encode("cp1250"))
    assert [(turn.speaker, turn.words) for turn in found.turns] == [("A", "raz dwa"), ("", "rok 2026")]
    assert found.told == ()


def test_a_file_made_to_be_slow_is_read_in_time() -> None:
    begun = time.thread_time()
    for line in ("<v a" * 200_000, "a" * 900_000, "A " * 400_000, "00:00 --> " * 80_000, "A:" * 400_000):
        for kind in ("txt", "vtt"):
            read_file(f"a.{kind}", f"WEBVTT\n\n00:01.000 --> 00:02.000\nx{line}".encode())
    read_file("a.vtt", b"x\n\n" * 300_000)
    assert time.thread_time() - begun < 20


# Who speaks ----------------------------------------------------------------------------------------------------


def test_marks_are_taken_off_and_times_before_them_with_them() -> None:
    found = read_pasted(
        "[00:01:02] A: Tak.\n(0:07) - Osoba B: Nie.\nhttp://example.org\nDługie zdanie, które ma wiele słów: nie."
    )
    assert [(turn.speaker, turn.words) for turn in found.turns] == [
        ("A", "Tak."),
        ("Osoba B", "Nie.\nhttp://example.org\nDługie zdanie, które ma wiele słów: nie."),
    ]


def test_a_mark_gets_a_letter_only_where_it_is_plain() -> None:
    marks = "A: a\nOsoba b: b\nMODERATORKA: m\nUwaga: u\nTrudniej było: z czym\nAnna: x\nAnna: y\nC: c"
    meant = {one.mark: suggested(one, ["A", "B"]) for one in speakers_of(read_pasted(marks).turns)}
    assert meant == {
        "A": "A",
        "Osoba b": "B",
        "MODERATORKA": NOBODY,
        "Uwaga": "",
        "Trudniej było": WORDS,
        "Anna": "",
        "C": LEFT_OUT,
    }


def test_what_a_mark_means_decides_what_is_kept() -> None:
    found = read_pasted("Wstęp.\nAnna: Raz.\nUwaga: hałas.\nJan: Dwa.\nMod: Trzy.")
    runs = runs_of(found.turns, {"": NOBODY, "Anna": "A", "Uwaga": WORDS, "Jan": LEFT_OUT, "Mod": NOBODY})
    assert [(run.letter, run.words) for run in runs] == [
        (None, "Wstęp."),
        ("A", "Raz.\nUwaga: hałas."),
        (None, "Trzy."),
    ]
