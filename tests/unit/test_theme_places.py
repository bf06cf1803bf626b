"""Where passages begin and end: white space, accents, emoji; sentences; lanes of passages that overlap."""

from __future__ import annotations

import pytest

from survey_app.analysis.themes.places import Span, joined, lanes, pieces, sentences, whole_run

FAMILY = "👩‍👩‍👧"
ACCENTED = "n\u0301"  # ń as a letter and a mark


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [
        ("Ala  ma\nkota", 3, 8, "ma"),
        ("Ala ma\nkota", 4, 11, "ma\nkota"),
        (f"ko{ACCENTED} idzie", 0, 3, f"ko{ACCENTED}"),
        (f"ko{ACCENTED} idzie", 3, 6, f"{ACCENTED} i"),
        (f"a {FAMILY} b", 4, 5, FAMILY),
        (f"a {FAMILY} b", 2, 3, FAMILY),
        ("👍🏽 tak", 0, 1, "👍🏽"),
        ("🇵🇱🇺🇦", 1, 2, "🇵🇱"),
        ("🇵🇱🇺🇦", 2, 3, "🇺🇦"),
        ("❤️", 0, 1, "❤️"),
        ("żółć", 0, 4, "żółć"),
    ],
)
def test_a_passage_takes_whole_letters_and_no_white_space_at_its_ends(
    text: str, start: int, end: int, words: str
) -> None:
    found = whole_run(text, start, end)
    assert found is not None
    assert text[found[0] : found[1]] == words


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 99), (3, 4)])
def test_no_passage_of_nothing(start: int, end: int) -> None:
    assert whole_run("Ala ma", start, end) is None


def test_sentences_end_at_marks_and_lines() -> None:
    text = "Znam, np. gminną sieć. „Działa!” Nie wiem…\nA ksiądz? 3 osoby."
    assert [text[a:b] for a, b in sentences(text, 0, len(text))] == [
        "Znam, np. gminną sieć.",
        "„Działa!”",
        "Nie wiem…",
        "A ksiądz?",
        "3 osoby.",
    ]
    assert [text[a:b] for a, b in sentences(text, 23, 32)] == ["„Działa!”"]


def test_neighbours_join_into_one_run() -> None:
    text = "Raz. Dwa. Trzy."
    assert joined([(5, 9), (0, 4)], text) == [(0, 9)]
    assert joined([(0, 4), (10, 15)], text) == [(0, 4), (10, 15)]
    assert joined([(0, 9), (5, 9)], text) == [(0, 9)]


def test_passages_that_overlap_lie_in_lanes_of_their_own() -> None:
    spans = [Span(1, 0, 10), Span(2, 5, 15), Span(3, 10, 12), Span(4, 20, 21)]
    assert lanes(spans) == {1: 0, 2: 1, 3: 0, 4: 0}
    assert [(one.start, one.end, one.ids) for one in pieces(0, 18, spans)] == [
        (0, 5, (1,)),
        (5, 10, (1, 2)),
        (10, 12, (3, 2)),
        (12, 15, (2,)),
        (15, 18, ()),
    ]
    assert [one.ids for one in pieces(6, 9, spans)] == [(1, 2)]
