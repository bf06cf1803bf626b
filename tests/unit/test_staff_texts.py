"""Texts of staff forms: what people copy from elsewhere is taken, and what is missing is asked for by its name."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import TextAreaField

from survey_app.forms.process import PathForm
from survey_app.forms.staff_fields import NoControlCharacters, StaffForm, many_lines


class Note(StaffForm):
    text = TextAreaField("Uwaga", [NoControlCharacters()], filters=[many_lines])


@pytest.mark.parametrize("between", ["\r\n", "\r", "\n", "\x0b", "\x0c", "\u2028", "\u2029"])
def test_a_text_copied_from_a_word_processor_keeps_its_lines(between: str) -> None:
    form = Note(MultiDict({"text": f" Pierwszy wiersz{between}drugi wiersz\r\n"}))
    assert form.validate(), form.errors
    assert form.text.data == "Pierwszy wiersz\ndrugi wiersz"


def test_a_sign_that_stands_for_nothing_is_still_refused() -> None:
    assert not Note(MultiDict({"text": "a\x07b"})).validate()


@pytest.mark.parametrize("sent", [{}, {"path": ""}])
def test_a_path_that_was_not_chosen_is_asked_for(sent: dict[str, str]) -> None:
    form = PathForm(MultiDict(sent))
    form.path.choices = [("zsl_first", "Najpierw zespół")]
    assert not form.validate()
    assert form.path.errors == ["Prosimy wybrać ścieżkę: od niej zależy, które kroki idą najpierw."]
