"""A respondent finds the ankieta, sends it, and it is one answer, whatever happens on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from survey_app.errors import GoneError, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.survey import campaigns, take_survey
from survey_app.services.survey.take_survey import Phase, Receipt
from survey_app.store import responses
from tests.campaign_kit import DRAFT, GMINA, Held, add_gmina, answers, end, hold, lock, new_key, send
from tests.stores import Clock


def sealed(context: Context, held: Held) -> int:
    with context.database.transaction() as session:
        return responses.count_sealed(session, held.campaign.id)


def kept(context: Context, held: Held) -> int:
    with context.database.transaction() as session:
        return responses.count_responses(session, held.campaign.id)


def test_an_invited_institution_answers_once(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    assert send(context, held, held.codes[0]) is Receipt.STORED
    with pytest.raises(GoneError):
        send(context, held, held.codes[0])
    assert sealed(context, held) == 1


def test_the_same_form_sent_twice_is_one_answer(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    key = new_key()
    assert send(context, held, held.codes[0], key=key) is Receipt.STORED
    assert send(context, held, held.codes[0], key=key) is Receipt.ALREADY_STORED
    assert sealed(context, held) == 1


def test_a_repeated_form_is_recognised_even_after_the_close(context: Context, clock: Clock) -> None:
    add_gmina(context)
    held = hold(context)
    key = new_key()
    send(context, held, held.codes[0], key=key)
    end(context, held)
    assert send(context, held, held.codes[0], key=key) is Receipt.ALREADY_STORED


def test_two_institutions_at_one_computer_do_not_swallow_each_other(context: Context) -> None:
    """Even if a browser brings back a page with the other's form key."""
    add_gmina(context)
    held = hold(context)
    key = new_key()
    assert send(context, held, held.codes[0], key=key) is Receipt.STORED
    assert send(context, held, held.codes[1], key=key) is Receipt.STORED
    assert sealed(context, held) == 2


def together(*calls: Callable[[], object]) -> list[object]:
    """All at the same moment; what each returned or raised."""
    start, results = threading.Barrier(len(calls)), list[object](calls)

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = calls[place]()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_double_click_is_one_answer(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    key = new_key()
    results = together(*[lambda: send(context, held, held.codes[0], key=key)] * 4)
    assert sorted(result.name for result in results) == ["ALREADY_STORED"] * 3 + ["STORED"]  # type: ignore[attr-defined]
    assert sealed(context, held) == 1


def test_a_double_click_on_an_open_link_is_one_answer(context: Context) -> None:
    add_gmina(context)
    held = hold(context, access="open_link")
    key = new_key()
    results = together(*[lambda: send(context, held, None, key=key)] * 4)
    assert sorted(result.name for result in results) == ["ALREADY_STORED"] * 3 + ["STORED"]  # type: ignore[attr-defined]
    assert sealed(context, held) == 1


def test_two_people_with_one_invitation_leave_one_answer(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    results = together(*[lambda: send(context, held, held.codes[0])] * 4)
    assert results.count(Receipt.STORED) == 1
    assert sum(isinstance(result, GoneError) for result in results) == 3
    assert sealed(context, held) == 1


def test_a_refused_form_leaves_nothing_behind(context: Context) -> None:
    """Its key is not remembered: the same form under an unused code is a first answer."""
    add_gmina(context)
    held = hold(context)
    send(context, held, held.codes[0])
    with pytest.raises(GoneError):
        send(context, held, held.codes[0], key="k" * 32)
    with context.database.transaction() as session:
        from survey_app.services.survey import tokens

        hashed = tokens.token_hash(held.codes[0])
        assert hashed
        key_hash = tokens.key_hash(held.campaign.public_id, hashed, "k" * 32)
        assert not responses.knows_key(session.connection(), held.campaign.id, key_hash)


@pytest.mark.parametrize(
    "spoken", [str.lower, str.upper, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")]
)
def test_a_code_may_be_typed_as_it_comes(context: Context, spoken: Callable[[str], str]) -> None:
    add_gmina(context)
    held = hold(context)
    assert send(context, held, spoken(held.codes[0])) is Receipt.STORED


def test_look_alikes_in_a_code_are_understood(context: Context) -> None:
    add_gmina(context, 30)
    held = hold(context)
    code = next(code for code in held.codes if "0" in code or "1" in code)
    assert send(context, held, code.replace("0", "o").replace("1", "l")) is Receipt.STORED


@pytest.mark.parametrize(
    "token", ["", "abc", "0000-0000-0000-0000", "ż" * 16, "1" * 5000, "../../etc/passwd"]
)
def test_a_broken_or_unknown_code_is_not_found(context: Context, token: str) -> None:
    add_gmina(context)
    held = hold(context)
    for attempt in (
        lambda: send(context, held, token),
        lambda: take_survey.find_survey(context, held.campaign.public_id, token),
    ):
        with pytest.raises(NotFoundError) as refused:
            attempt()
        assert refused.value.message == take_survey.UNKNOWN


def test_a_code_of_another_campaign_is_not_found(context: Context) -> None:
    add_gmina(context)
    first, second = hold(context), hold(context)
    with pytest.raises(NotFoundError):
        send(context, first, second.codes[0])
    with pytest.raises(NotFoundError):
        take_survey.find_survey(context, first.campaign.public_id, second.codes[0])


def test_an_invitation_is_needed_where_there_are_invitations(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    with pytest.raises(NotFoundError):
        send(context, held, None)


def test_an_open_link_has_no_codes(context: Context) -> None:
    add_gmina(context)
    held = hold(context, access="open_link")
    assert send(context, held, None) is Receipt.STORED
    with pytest.raises(NotFoundError):
        send(context, held, "0000-0000-0000-0000")


def test_a_draft_cannot_be_found(context: Context) -> None:
    add_gmina(context)
    draft = campaigns.create_campaign(context, GMINA, DRAFT, actor=None)
    with pytest.raises(NotFoundError):
        take_survey.find_survey(context, draft.public_id, None)


def test_used_and_unused_links_look_the_same(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    send(context, held, held.codes[0])
    used, unused = (
        take_survey.find_survey(context, held.campaign.public_id, code) for code in held.codes[:2]
    )
    assert (used.phase, used.stakeholder_name, used.campaign) == (
        unused.phase,
        unused.stakeholder_name,
        unused.campaign,
    )


def test_a_form_sent_in_the_grace_time_is_taken_and_after_it_is_not(context: Context, clock: Clock) -> None:
    add_gmina(context)
    held = hold(context)
    clock.set(held.campaign.closes_at)
    clock.advance(minutes=29)
    assert send(context, held, held.codes[0]) is Receipt.STORED
    clock.advance(minutes=1)
    with pytest.raises(GoneError):
        send(context, held, held.codes[1])
    assert sealed(context, held) == 1


def test_nothing_is_taken_before_the_opening_moment(context: Context, clock: Clock) -> None:
    add_gmina(context)
    opens = DRAFT.opens_at.replace(hour=12)
    held = hold(context, opens_at=opens)
    with pytest.raises(GoneError):
        send(context, held, held.codes[0])
    assert take_survey.find_survey(context, held.campaign.public_id, None).phase is Phase.SCHEDULED
    clock.set(opens)
    assert send(context, held, held.codes[0]) is Receipt.STORED


@pytest.mark.parametrize("access", ["invitations", "open_link"])
def test_nothing_is_taken_after_the_lock(context: Context, access: str) -> None:
    add_gmina(context)
    held = hold(context, access=access)
    code = held.codes[0] if held.codes else None
    key = new_key()
    send(context, held, code, key=key)
    lock(context, held)
    for repeated in (key, new_key()):
        with pytest.raises(GoneError):
            send(context, held, code, key=repeated)
    assert kept(context, held) == 1


def test_a_link_still_says_that_a_locked_campaign_is_over(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    lock(context, held)
    survey = take_survey.find_survey(context, held.campaign.public_id, held.codes[0])
    assert survey.phase is Phase.LOCKED


@pytest.mark.parametrize("key", ["", "short", "x" * 201])
def test_a_form_without_a_proper_key_is_refused(context: Context, key: str) -> None:
    add_gmina(context)
    held = hold(context, access="open_link")
    with pytest.raises(InvalidInputError):
        take_survey.submit(context, held.campaign.public_id, None, key, answers(held.instrument))
    assert sealed(context, held) == 0


def test_a_named_answer_is_kept_with_its_institution(context: Context) -> None:
    add_gmina(context)
    held = hold(context, mode="named")
    survey = take_survey.find_survey(context, held.campaign.public_id, held.codes[0])
    assert survey.stakeholder_name == held.issued[0].name
    send(context, held, held.codes[0])
    with context.database.transaction() as session:
        (row,) = responses.responses(session, held.campaign.id)
    assert row.stakeholder_id == held.issued[0].stakeholder_id
    assert row.received_at == context.clock()
    assert row.channel == "web"
    assert campaigns.answered(context, held.campaign.id) == {held.issued[0].stakeholder_id}


def test_a_named_answer_over_an_open_link_needs_a_name(context: Context) -> None:
    add_gmina(context)
    held = hold(context, mode="named", access="open_link")

    def submit(name: str | None) -> Receipt:
        return take_survey.submit(
            context, held.campaign.public_id, None, new_key(), answers(held.instrument), name
        )

    with pytest.raises(InvalidInputError):
        submit("   ")
    assert submit("Parafia  św. Anny") is Receipt.STORED
    with context.database.transaction() as session:
        (row,) = responses.responses(session, held.campaign.id)
    assert row.institution_name == "Parafia św. Anny"


def test_an_answer_in_the_database_cannot_be_read_without_the_key(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    send(context, held, held.codes[0], {"p10": "Zdanie, które zna tylko jedna osoba"})
    with context.database.transaction() as session:
        (box,) = responses.boxes(session, held.campaign.id)
    assert b"zna tylko" not in box
    assert b"p10" not in box


def test_a_long_answer_and_an_empty_one_look_alike_in_the_inbox(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    send(context, held, held.codes[0], {})
    send(context, held, held.codes[1], {"p10": "Potrzebna jest świetlica i dowóz dzieci. " * 80})
    with context.database.transaction() as session:
        first, second = responses.boxes(session, held.campaign.id)
    assert len(first) == len(second)
