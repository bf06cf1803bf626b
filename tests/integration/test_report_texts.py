"""The team's texts in the diagnoza: on both stores, never lost, never printed as if the service had counted them."""

from __future__ import annotations

import pytest

from survey_app.analysis.diagnoza.result import Diagnoza, Edition
from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.survey import build_diagnoza, campaigns, open_texts, report_texts
from survey_app.services.survey.report_texts import MAX_LENGTH, ReportPart
from tests.campaign_kit import GMINA, add_gmina, hold
from tests.integration.test_build_diagnoza import locked

TEXT = "Zaczynamy od szkół.\n- Rozmowa z dyrektorkami\n- Spotkanie w maju 😀 שלום"
FOLLOWS = "co-z-tego-wynika"


def report(context: Context, campaign_id: int, edition: Edition = Edition.PUBLIC) -> Diagnoza:
    return build_diagnoza.build(context, campaign_id, edition)


def write(
    context: Context, campaign_id: int, address: str, text: str = TEXT, revision: int | None = None
) -> None:
    found = part(context, campaign_id, address)
    known = found.revision if revision is None else revision
    report_texts.save(context, campaign_id, address, text, known, found.basis, actor=None)


def part(context: Context, campaign_id: int, address: str) -> ReportPart:
    return report_texts.part(context, campaign_id, address)


def test_words_are_in_both_editions_and_in_the_checksum(context: Context) -> None:
    number = locked(context).campaign.id
    before = report(context, number).checksum
    write(context, number, "wnioski")
    write(context, number, FOLLOWS, "Po swojemu.")
    for edition in Edition:
        diagnoza = report(context, number, edition)
        assert diagnoza.conclusions is not None
        assert diagnoza.conclusions.text == TEXT
        assert [one.team.text for one in diagnoza.summary if one.team] == ["Po swojemu."]
        assert diagnoza.checksum != before
    report_texts.restore(context, number, "wnioski", 1, None)
    report_texts.restore(context, number, FOLLOWS, 1, None)
    assert report(context, number).checksum == before


def test_every_part_of_the_summary_has_an_address(context: Context) -> None:
    number = locked(context).campaign.id
    found = report_texts.parts(context, number)
    assert [one.heading for one in found][-2:] == ["Wnioski", "Rekomendacje"]
    assert [one.rules for one in found][:-2] == list(report(context, number).summary)
    assert len({one.address for one in found}) == len(found)
    with pytest.raises(NotFoundError):
        part(context, number, "kogo-wysluchalismy")  # no interviews were held


def test_who_was_slower_is_told_and_loses_nothing_to_the_other(context: Context) -> None:
    number = locked(context).campaign.id
    write(context, number, "wnioski", "Pierwsza wersja", 0)
    with pytest.raises(ConflictError):
        write(context, number, "wnioski", "Druga wersja", 0)
    assert part(context, number, "wnioski").text == "Pierwsza wersja"
    write(context, number, "wnioski", "Pierwsza wersja", 0)  # the same form, sent twice
    assert part(context, number, "wnioski").revision == 1
    write(context, number, "wnioski", "Połączona", 1)
    with pytest.raises(ConflictError):
        report_texts.restore(context, number, "wnioski", 1, None)
    assert part(context, number, "wnioski").text == "Połączona"


def test_a_text_that_went_and_came_again_is_not_taken_for_the_first_one(context: Context) -> None:
    number = locked(context).campaign.id
    write(context, number, "wnioski", "Pierwsza", 0)
    report_texts.restore(context, number, "wnioski", 1, None)
    write(context, number, "wnioski", "Trzecia", 2)
    with pytest.raises(ConflictError):
        write(context, number, "wnioski", "Z dawno otwartej strony", 1)


def test_words_equal_to_those_of_the_rules_are_not_the_teams(context: Context) -> None:
    number = locked(context).campaign.id
    write(context, number, FOLLOWS, f"  {part(context, number, FOLLOWS).first_words}\r\n")
    assert part(context, number, FOLLOWS).revision == 0
    write(context, number, FOLLOWS, "Inaczej")
    original = part(context, number, FOLLOWS).rules
    assert original is not None
    write(
        context, number, FOLLOWS, "\n".join([*original.sentences, *(f"- {one}" for one in original.points)])
    )
    assert part(context, number, FOLLOWS).text == ""
    assert not [one for one in report(context, number).summary if one.team]


def test_when_results_change_the_words_say_so_until_they_are_saved_again(context: Context) -> None:
    held = locked(context)
    number = held.campaign.id
    write(context, number, "co-odpowiedzieli", "Cztery z siedmiu na tak.")
    write(context, number, "kto-odpowiedzial", "Siedem instytucji.")
    write(context, number, "wnioski", "Rozmawiać.")
    text = open_texts.waiting(context, number)[0]
    open_texts.clear(context, text.id, "Uczciwość", actor=None)  # the summary counts texts that are shown
    outdated = [one.address for one in report_texts.parts(context, number) if one.outdated]
    assert outdated == ["co-odpowiedzieli", "wnioski"]
    for edition in Edition:
        diagnoza = report(context, number, edition)
        assert [one.key for one in diagnoza.summary if one.team and one.team.outdated] == ["said"]
        assert diagnoza.conclusions is not None
        assert diagnoza.conclusions.outdated
    write(context, number, "co-odpowiedzieli", "Cztery z siedmiu na tak.")
    assert [one.address for one in report_texts.parts(context, number) if one.outdated] == ["wnioski"]


def test_words_rest_on_what_their_author_saw_not_on_what_came_meanwhile(context: Context) -> None:
    number = locked(context).campaign.id
    seen = part(context, number, "co-odpowiedzieli").basis
    text = open_texts.waiting(context, number)[0]
    open_texts.clear(context, text.id, "Uczciwość", actor=None)
    report_texts.save(context, number, "co-odpowiedzieli", "Jak było.", 0, seen, None)
    assert part(context, number, "co-odpowiedzieli").outdated


@pytest.mark.parametrize(
    "text", ["", "  \n ", "\u200b", "x" * (MAX_LENGTH + 1), "a\x00b", "a\x07b"], ids=range(6)
)
def test_what_cannot_be_kept_is_refused_with_a_reason(context: Context, text: str) -> None:
    number = locked(context).campaign.id
    with pytest.raises(InvalidInputError) as caught:
        write(context, number, "wnioski", text)
    assert [fault.where for fault in caught.value.faults] == ["text"]


@pytest.mark.parametrize("text", ["x" * MAX_LENGTH, "Ł" * 300, "שלום & <b>", "👩\u200d👩\u200d👧 ok"])
def test_what_can_be_kept_comes_back_to_the_letter(context: Context, text: str) -> None:
    number = locked(context).campaign.id
    write(context, number, "rekomendacje", text)
    assert part(context, number, "rekomendacje").text == text


def test_before_the_lock_there_is_nothing_to_write_on(context: Context) -> None:
    add_gmina(context)
    number = hold(context).campaign.id
    with pytest.raises(ConflictError):
        report_texts.parts(context, number)
    with pytest.raises(ConflictError):
        report_texts.save(context, number, "wnioski", "Za wcześnie", 0, "", None)


def test_the_trace_says_who_wrote_and_not_what(context: Context) -> None:
    number = locked(context).campaign.id
    accounts.create_user(context, "a@example.org", "Anna Zając", "cztery-zwykle-slowa", coordinator_of=GMINA)
    report_texts.save(context, number, "wnioski", "Tajny wniosek", 0, "", actor=1)
    (line,) = [one for one in campaigns.trace(context, number) if "tekstu zespołu" in one]
    assert line.endswith("(wnioski) – Anna Zając")
    assert "Tajny" not in line
    assert part(context, number, "wnioski").changed_by == "Anna Zając"
