"""One text of many notes: places of runs stay right whatever is cut, in code points, with any letters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from survey_app.services.interviewing.compose_text import (
    BETWEEN_NOTES,
    BETWEEN_TURNS,
    ComposedText,
    Run,
    compose,
    hole_of_lines,
    holes_of_segments,
    read_segments,
    without,
)
from survey_app.services.interviewing.note_review import difference

SIGNS = st.sampled_from(["a", "ż", " ", "\n", "z\u0307", "👩\u200d🌾", "\u202bمرحبا\u202c", ".", "𝄞"])
NOBODY = "between two segments"
WORDS = st.lists(SIGNS, max_size=12).map("".join)
RUNS = st.lists(
    st.builds(Run, WORDS, st.sampled_from([None, "A", "B"]), st.sampled_from(["p1", "p2"])), max_size=8
)


def pieces(text: ComposedText) -> list[tuple[str | None, str]]:
    return [(one.letter, text.text[one.start : one.end]) for one in text.segments]


def owners(text: ComposedText) -> list[str | None]:
    """Of every sign, in whose segment it stands."""
    found: list[str | None] = [NOBODY] * len(text.text)
    for one in text.segments:
        found[one.start : one.end] = [one.letter] * (one.end - one.start)
    return found


@given(RUNS, st.sampled_from([BETWEEN_NOTES, BETWEEN_TURNS]))
def test_every_run_is_where_its_segment_says(runs: list[Run], between: str) -> None:
    text = compose(runs, between)
    assert pieces(text) == [(run.letter, run.words) for run in runs if run.words.strip()]
    assert read_segments(text.columns) == text.segments


@given(RUNS, st.sampled_from([None, "A", "B"]), st.sampled_from([BETWEEN_NOTES, BETWEEN_TURNS]))
def test_without_a_letter_it_is_as_if_composed_of_the_others(
    runs: list[Run], letter: str | None, between: str
) -> None:
    text = compose(runs, between)
    rest = without(text, holes_of_segments(text, lambda one: one.letter == letter))
    alone = compose([run for run in runs if run.letter != letter], between)
    assert rest == alone
    assert rest.sha256 == alone.sha256


@given(RUNS, st.data())
def test_cut_lines_are_gone_and_the_others_are_whose_they_were(runs: list[Run], data: st.DataObject) -> None:
    text = compose(runs, BETWEEN_TURNS)
    lines = text.text.split("\n")
    first = data.draw(st.integers(1, len(lines)))
    last = data.draw(st.integers(first, len(lines)))
    rest = without(text, [hole_of_lines(text.text, first, last)])
    assert rest.text == "\n".join([*lines[: first - 1], *lines[last:]])
    cut = set(range(*hole_of_lines(text.text, first, last)))
    before = [owner for at, owner in enumerate(owners(text)) if at not in cut]
    for sign, was, now in zip(rest.text, before, owners(rest), strict=True):
        assert now == was or (sign == "\n" and now is NOBODY), "words of one under the letter of another"
    assert all(one.start < one.end <= len(rest.text) for one in rest.segments)


def test_a_changed_letter_alone_is_another_checksum() -> None:
    one, other = (compose([Run("Tak.", letter)], BETWEEN_NOTES) for letter in ("A", "B"))
    assert one.text == other.text
    assert one.sha256 != other.sha256


@given(WORDS, WORDS)
def test_a_difference_tells_both_texts(before: str, after: str) -> None:
    found = difference(before, after)
    assert "".join(one.words for one in found if one.kind != "new").split() == before.split()
    assert "".join(one.words for one in found if one.kind != "gone").split() == after.split()


def test_a_change_at_the_end_of_a_long_note_is_in_sight() -> None:
    long = " ".join(f"słowo{number}" for number in range(200))
    found = difference(long, f"{long} nowe")
    assert [(one.kind, len(one.words) < 200) for one in found] == [("same", True), ("new", True)]
    assert "[…]" in found[0].words
