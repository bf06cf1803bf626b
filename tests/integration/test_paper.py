"""Paper: who returned a sheet, and what the shuffled sheets say, are two separate steps."""

from __future__ import annotations

import pytest

from survey_app.errors import ConflictError, GoneError, InvalidInputError
from survey_app.services.context import Context
from survey_app.services.survey import campaigns, paper, results
from survey_app.services.survey.take_survey import Receipt
from survey_app.store import audit, responses
from tests.campaign_kit import (
    DRAFT,
    GMINA,
    Held,
    add_gmina,
    add_institution,
    answers,
    end,
    hold,
    lock,
    new_key,
    send,
)
from tests.stores import Clock


def type_one(context: Context, held: Held, key: str = "", **named: object) -> Receipt:
    settled = answers(held.instrument)
    return paper.type_sheet(context, held.campaign.id, key or new_key(), settled, actor=None, **named)  # type: ignore[arg-type]


def tick(context: Context, held: Held, *places: int) -> None:
    ids = [held.issued[place].stakeholder_id for place in places]
    paper.tick_returned(context, held.campaign.id, ids, actor=None)


def paper_events(context: Context) -> list[tuple[str, str]]:
    with context.database.transaction() as session:
        found = audit.events(session, GMINA)
    return [(event.action, event.detail) for event in found if event.action.startswith("paper")]


def test_a_ticked_institution_does_not_answer_again_online(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    tick(context, held, 0)
    with pytest.raises(GoneError):
        send(context, held, held.codes[0])
    assert paper.ticked(context, held.campaign.id) == {held.issued[0].stakeholder_id}


def test_ticking_tells_nothing_about_who_answered_online(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    send(context, held, held.codes[0])
    tick(context, held, 0, 1)
    assert paper.ticked(context, held.campaign.id) == {one.stakeholder_id for one in held.issued[:2]}


def test_sheets_are_typed_after_the_close_and_count_as_answers(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    send(context, held, held.codes[0])
    tick(context, held, 1)
    with pytest.raises(ConflictError):
        type_one(context, held)
    end(context, held)
    assert type_one(context, held) is Receipt.STORED
    lock(context, held)
    assert len(results.load_results(context, held.campaign.id).records) == 2


def test_a_sheet_sent_twice_is_typed_once(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    tick(context, held, 1)
    end(context, held)
    key = new_key()
    assert type_one(context, held, key) is Receipt.STORED
    assert type_one(context, held, key) is Receipt.ALREADY_STORED
    with context.database.transaction() as session:
        assert responses.count_sealed(session, held.campaign.id) == 1


def test_no_more_sheets_than_ticks(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    tick(context, held, 0, 1)
    end(context, held)
    type_one(context, held)
    type_one(context, held)
    with pytest.raises(ConflictError):
        type_one(context, held)


def test_with_an_open_link_there_is_nobody_to_tick(context: Context) -> None:
    add_gmina(context)
    held = hold(context, access="open_link")
    with pytest.raises(ConflictError):
        paper.tick_returned(context, held.campaign.id, [1], actor=None)
    end(context, held)
    assert type_one(context, held) is Receipt.STORED


def test_nothing_is_typed_after_the_lock(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    tick(context, held, 0)
    lock(context, held)
    with pytest.raises(ConflictError):
        type_one(context, held)
    with pytest.raises(ConflictError):
        tick(context, held, 1)
    assert paper.ticked(context, held.campaign.id) == set()


def test_only_the_invited_can_be_ticked(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    later = add_institution(context, "Nowa")
    with pytest.raises(InvalidInputError):
        paper.tick_returned(context, held.campaign.id, [held.issued[0].stakeholder_id, later], actor=None)
    assert paper.ticked(context, held.campaign.id) == set()


def test_the_record_says_that_paper_was_typed_and_no_more(context: Context, clock: Clock) -> None:
    add_gmina(context)
    held = hold(context)
    tick(context, held, 0, 1, 2)
    end(context, held)
    for _ in range(3):
        type_one(context, held)
    assert paper_events(context) == [("paper_typed", ""), ("paper_ticked", "")]


@pytest.mark.parametrize(("typed", "said"), [(0, None), (2, None), (3, 3)])
def test_the_number_of_sheets_is_told_from_k_up(context: Context, typed: int, said: int | None) -> None:
    add_gmina(context)
    held = hold(context)
    tick(context, held, 0, 1, 2)
    end(context, held)
    for _ in range(typed):
        type_one(context, held)
    locked = lock(context, held)
    found = results.load_results(context, held.campaign.id)
    assert (found.paper_sheets, found.paper_used) == (said, typed > 0)
    assert locked.paper_sheets in {0, 1, 3}


def test_a_named_sheet_is_typed_with_its_institution(context: Context) -> None:
    add_gmina(context)
    held = hold(context, mode="named")
    send(context, held, held.codes[1])
    tick(context, held, 0, 1)
    end(context, held)
    first, second, third = (one.stakeholder_id for one in held.issued[:3])
    assert type_one(context, held, stakeholder_id=first) is Receipt.STORED
    for refused in (None, third):
        with pytest.raises(InvalidInputError):
            type_one(context, held, stakeholder_id=refused)
    with pytest.raises(ConflictError):
        type_one(context, held, stakeholder_id=second)
    assert campaigns.answered(context, held.campaign.id) == {first, second}
    lock(context, held)
    channels = {one.institution: one.channel for one in results.named_records(context, held.campaign.id)}
    assert channels == {held.issued[0].name: "papier", held.issued[1].name: "internet"}


def test_a_sheet_may_be_ticked_from_the_opening_moment_on(context: Context, clock: Clock) -> None:
    add_gmina(context)
    held = hold(context, opens_at=DRAFT.opens_at.replace(hour=15))
    with pytest.raises(ConflictError):
        tick(context, held, 0)
    clock.advance(hours=6)
    tick(context, held, 0)
