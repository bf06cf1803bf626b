"""Free texts are read by a person of the team, cleared of names, and only then shown."""

from __future__ import annotations

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.instrument.values import TEXT_KEPT_APART, Value
from survey_app.services.context import Context
from survey_app.services.survey import open_texts, results
from tests.campaign_kit import Held, add_gmina, hold, lock, send

WRITTEN: dict[str, Value] = {
    "p1": {"option": "inna", "text": "Ochotnicza Straż Pożarna w Godziszowie"},
    "p1_wskazanie": "OSP Godziszów",
    "p6": ["Klub seniora", "Świetlica"],
    "p10": "Prowadzi ją Anna Kowalska",
}


def locked(context: Context, **changes: object) -> Held:
    add_gmina(context)
    held = hold(context, **changes)
    send(context, held, held.codes[0], WRITTEN)
    send(context, held, held.codes[1], {"p6": ["Transport"]})
    lock(context, held)
    return held


def test_texts_wait_one_by_one_without_their_answer(context: Context) -> None:
    held = locked(context)
    waiting = open_texts.waiting(context, held.campaign.id)
    assert sorted((text.question_id, text.text) for text in waiting) == [
        ("p10", "Prowadzi ją Anna Kowalska"),
        ("p6", "Klub seniora"),
        ("p6", "Transport"),
        ("p6", "Świetlica"),
    ]


def test_nobody_reads_texts_while_the_campaign_runs(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    with pytest.raises(ConflictError):
        open_texts.waiting(context, held.campaign.id)


def test_only_cleared_words_reach_the_results(context: Context) -> None:
    held = locked(context)
    texts = {text.text: text.id for text in open_texts.waiting(context, held.campaign.id)}
    open_texts.clear(context, texts["Prowadzi ją Anna Kowalska"], "Prowadzi ją […]", actor=None)
    open_texts.clear(context, texts["Transport"], "Transport", actor=None)
    open_texts.withhold(context, texts["Świetlica"], actor=None)
    found = results.load_results(context, held.campaign.id).cleared_texts
    assert found == {"p10": ["Prowadzi ją […]"], "p6": ["Transport"]}
    assert [text.text for text in open_texts.waiting(context, held.campaign.id)] == ["Klub seniora"]


def test_of_many_decided_texts_those_with_some_words_are_found(context: Context) -> None:
    held = locked(context)
    for text in open_texts.waiting(context, held.campaign.id):
        open_texts.clear(context, text.id, text.text, actor=None)

    def found(words: str) -> set[str]:
        keys = open_texts.places(context, held.campaign.id, words).found
        return {text.text for text in open_texts.whole(context, keys)}

    assert found("swietl") == {"Świetlica"}
    assert found("KOWALSKA anna") == set()
    assert found("anna kowalska") == {"Prowadzi ją Anna Kowalska"}
    assert found("") == {"Prowadzi ją Anna Kowalska", "Transport", "Świetlica", "Klub seniora"}


def test_a_decision_can_be_taken_back(context: Context) -> None:
    held = locked(context)
    text = open_texts.waiting(context, held.campaign.id)[0]
    open_texts.clear(context, text.id, text.text, actor=None)
    open_texts.withhold(context, text.id, actor=None)
    assert results.load_results(context, held.campaign.id).cleared_texts == {}
    assert [
        row.id for row in open_texts.whole(context, open_texts.places(context, held.campaign.id).decided)
    ] == [text.id]


@pytest.mark.parametrize("cleared", ["", "   ", "x" * 10_001])
def test_an_empty_or_endless_text_is_not_cleared(context: Context, cleared: str) -> None:
    held = locked(context)
    text = open_texts.waiting(context, held.campaign.id)[0]
    with pytest.raises(InvalidInputError):
        open_texts.clear(context, text.id, cleared, actor=None)


def test_a_text_is_found_only_in_its_own_campaign(context: Context) -> None:
    held = locked(context)
    other = hold(context, closes_at=held.campaign.closes_at.replace(year=2027, month=1))
    text = open_texts.waiting(context, held.campaign.id)[0]
    assert open_texts.text_of(context, held.campaign.id, text.id).text == text.text
    for campaign_id, text_id in ((other.campaign.id, text.id), (held.campaign.id, "0" * 32)):
        with pytest.raises(NotFoundError):
            open_texts.text_of(context, campaign_id, text_id)


def test_words_that_name_the_institution_are_never_shown_when_anonymous(context: Context) -> None:
    held = locked(context)
    shown = open_texts.waiting(context, held.campaign.id) + open_texts.whole(
        context, open_texts.places(context, held.campaign.id).decided
    )
    assert not [row for row in shown if "Godzisz" in row.text]


def test_a_named_campaign_has_them_beside_the_name_anyway(context: Context) -> None:
    held = locked(context, mode="named")
    waiting = {text.text for text in open_texts.waiting(context, held.campaign.id)}
    assert "OSP Godziszów" in waiting
    (record,) = [
        one
        for one in results.named_records(context, held.campaign.id)
        if one.institution == held.issued[0].name
    ]
    assert record.answers["p10"].value == "Prowadzi ją Anna Kowalska"


def test_an_anonymous_answer_holds_the_number_of_its_texts_only(context: Context) -> None:
    held = locked(context)
    records = results.load_results(context, held.campaign.id).records
    assert sorted(record["p6"].value for record in records) == [[TEXT_KEPT_APART], [TEXT_KEPT_APART] * 2]  # type: ignore[type-var]
    assert "Kowalska" not in repr(records)
    assert "Godzisz" not in repr(records)
