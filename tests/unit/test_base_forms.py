"""Words of open answers are found in any form; groups are proposed, and without a dictionary nothing breaks."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from survey_app.services import base_forms

TEXTS = {
    "a": "Świetlica dla dzieci i więcej zadań",
    "b": "Brak świetlic 👵🏽 w zadaniach gminy",
    "c": "Autobus dla dzieci, GOPS",
    "d": "Nie ma s\u0301wietlicy ani autobuso\u0301w; GOPS-u nikt nie pyta",
    "e": "",
}


def test_a_word_is_found_in_any_form_and_letter() -> None:
    assert base_forms.find(TEXTS, "świetlica") == ["a", "b", "d"]
    assert base_forms.find(TEXTS, "ŚWIETLICAMI") == ["a", "b", "d"]
    assert base_forms.find(TEXTS, "dziecko") == ["a", "c"]
    assert base_forms.find(TEXTS, "gops") == ["c", "d"]


def test_all_words_of_a_search_are_wanted() -> None:
    assert base_forms.find(TEXTS, "dzieciom świetlicę") == ["a"]
    assert base_forms.find(TEXTS, "świetlica samolot") == []
    assert base_forms.find(TEXTS, " … ") == list(TEXTS)


def test_a_word_typed_without_its_diacritics_is_found_as_it_is_written() -> None:
    assert base_forms.find(TEXTS, "swietlica") == ["a"]


def test_every_reading_of_a_word_is_kept() -> None:
    assert base_forms.base_forms("mam") == {"mieć", "mama", "mamić"}
    assert base_forms.base_forms("zrobiłabym") >= {"zrobić"}


def test_what_several_texts_share_is_proposed_once_and_by_how_many_share_it() -> None:
    found = {one.form: one.texts for one in base_forms.proposals(TEXTS)}
    assert found["świetlica"] == ("a", "b", "d")
    assert found["zadanie"] == ("a", "b")
    assert "zadać" not in found  # another reading of the same word
    assert "brak" not in found  # says nothing
    assert not {"dla", "i", "nie", "gmina"} & set(found)
    assert next(iter(found)) == "świetlica"


def test_a_word_that_only_one_text_has_is_no_group() -> None:
    assert base_forms.proposals({"a": "świetlica i świetlica"}) == []


@pytest.fixture
def no_dictionary(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "morfeusz2", None)  # the import fails
    for kept in (base_forms._morfeusz, base_forms._readings):
        kept.cache_clear()
    yield
    for kept in (base_forms._morfeusz, base_forms._readings):
        kept.cache_clear()


@pytest.mark.usefixtures("no_dictionary")
def test_without_the_dictionary_words_are_found_as_written_and_nothing_is_proposed() -> None:
    assert not base_forms.available()
    assert base_forms.find(TEXTS, "ŚWIETLICA") == ["a"]
    assert base_forms.find(TEXTS, "swietlic") == ["b"]
    assert base_forms.proposals(TEXTS) == []
