"""Two texts as one: what stayed, what went, what came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from survey_app.services.method.differences import ADDED, REMOVED, Line, Piece, differences

TEXTS = st.lists(st.text("ab |-\u00a0", max_size=12), max_size=12).map("\n".join)


def test_within_a_line_the_words_that_changed_are_told() -> None:
    (line,) = differences("Spotkanie w szkole o 10", "Spotkanie w remizie o 10")
    changed = [(piece.kind, piece.text) for piece in line.pieces if piece.kind != "same"]
    assert changed == [(REMOVED, "szkole"), (ADDED, "remizie")]


def test_lines_that_have_little_in_common_are_told_whole() -> None:
    assert differences("Raz dwa trzy", "Zupełnie co innego") == [
        Line((Piece(REMOVED, "Raz dwa trzy"),)),
        Line((Piece(ADDED, "Zupełnie co innego"),)),
    ]


def test_long_runs_of_equal_lines_are_left_out_and_counted() -> None:
    same = [f"Wiersz {number}" for number in range(20)]
    found = differences("\n".join(same), "\n".join([*same, "Nowy"]))
    assert [line.skipped for line in found] == [18, 0, 0, 0]
    assert differences("a\nb", "a\nb") == []


@given(TEXTS, TEXTS)
def test_no_word_of_either_text_is_missing(before: str, after: str) -> None:
    """Where no lines are left out, both texts can be read again out of what is shown."""
    found = differences(before, after)
    if not found or any(line.skipped for line in found):
        return
    for mine, other in ((before, ADDED), (after, REMOVED)):
        shown = "".join(piece.text for line in found for piece in line.pieces if piece.kind != other)
        lines = (line for line in mine.splitlines() if not _parts_a_table(line))
        assert _squashed(shown) == _squashed("".join(lines))


def _parts_a_table(line: str) -> bool:
    return len(line) > 2 and line[0] == line[-1] == "|" and not line.strip("|-: ")


def _squashed(text: str) -> str:
    return "".join(text.split())
