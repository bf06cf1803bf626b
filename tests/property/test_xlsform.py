"""Whatever a definition asks, the XLSForm made of it is taken by pyxform and comes back asking the same."""

from __future__ import annotations

from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from pyxform.xls2xform import convert

from survey_app.instrument.model import Instrument, Question
from survey_app.instrument.routing import path
from survey_app.services.xlsform.expressions import UnreadableError, read
from survey_app.services.xlsform.from_xlsform import from_form
from survey_app.services.xlsform.to_xlsform import BROKEN_REFERENCE, to_form
from tests.strategies import instruments, typed

MARKS = str.maketrans("“”‘’", "\"\"''")


def plain(text: str | None) -> str:
    """What pyxform makes of a text: single spaces, straight quotation marks."""
    return " ".join((text or "").replace("${", BROKEN_REFERENCE).translate(MARKS).split())


def asked(question: Question) -> Question:
    """A question without its condition (compared by what it does), its texts as a form can hold them."""
    options = tuple(
        replace(
            option,
            label=plain(option.label),
            text=replace(option.text, label=plain(option.text.label)) if option.text else None,
        )
        for option in question.options
    )
    scale = question.scale and replace(
        question.scale, anchors={point: plain(text) for point, text in question.scale.anchors.items()}
    )
    words = {
        key: plain(getattr(question, key)) or None
        for key in ("text", "number", "help", "paper_help", "warning")
    }
    return replace(question, ask_if=None, options=options, scale=scale, **words)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_definition_goes_out_and_comes_back_as_the_same_questions(data: st.DataObject) -> None:
    instrument = data.draw(instruments(longest=7))
    workbook = to_form(instrument).workbook()
    assert convert(workbook, file_type=".xlsx").warnings == []
    back = from_form(workbook, "ankieta.xlsx", instrument.key).instrument
    assert [asked(question) for question in back.questions] == [asked(q) for q in instrument.questions]
    answers = data.draw(typed(instrument))
    assert path(back, answers) == path(instrument, answers)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(instruments(longest=7))
def test_what_is_asked_on_a_condition_says_so_in_the_form(instrument: Instrument) -> None:
    rows = {row["name"]: row for row in to_form(instrument).survey if "name" in row}
    for question in instrument.questions:
        followed, conditional = question, question.ask_if is not None
        while followed.follows and not conditional:
            followed = instrument.by_id[followed.follows]
            conditional = followed.ask_if is not None
        assert bool(rows[question.id].get("relevant")) == conditional


@settings(deadline=None, max_examples=200)
@given(st.text("${}p1 ='\"!<>()andortse,.-0", max_size=60))
def test_any_text_is_a_condition_or_is_refused_in_words(text: str) -> None:
    reason = ""
    try:
        leaves = len(read(text, {}).leaves)
    except UnreadableError as error:
        leaves, reason = 0, error.reason
    assert bool(leaves) != bool(reason)
