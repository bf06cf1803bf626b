"""From a locked campaign to its diagnoza: on both stores, from frozen answers, with a trace of who made it."""

from __future__ import annotations

import pytest

from survey_app.analysis.diagnoza.result import Edition
from survey_app.errors import ConflictError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.survey import build_diagnoza, open_texts
from tests.campaign_kit import GMINA, Held, add_gmina, hold, lock, send


def locked(context: Context, **changes: object) -> Held:
    add_gmina(context, 9)
    held = hold(context, **changes)
    for number in range(7):
        code = held.codes[number] if held.codes else None
        answer = {
            "p1": {"option": "edukacja"},
            "p5": "tak" if number < 4 else "nie",
            "p10": f"Uczciwość {number}",
        }
        send(context, held, code, answer)  # type: ignore[arg-type]
    lock(context, held)
    return held


def test_the_numbers_are_those_that_were_sent(context: Context) -> None:
    held = locked(context)
    diagnoza = build_diagnoza.build(context, held.campaign.id, Edition.PUBLIC)
    assert (diagnoza.response.answered, diagnoza.response.invited) == (7, 9)
    need = next(result for result in diagnoza.questions if result.question.id == "p5")
    assert need.table is not None
    assert need.table.rows[0].counts == (4, 3)
    assert need.bounds is not None
    assert (need.bounds.low, need.bounds.high) == pytest.approx((4 / 9, (4 + 9 - 7) / 9))


def test_an_open_link_has_no_population_and_no_bounds(context: Context) -> None:
    diagnoza = build_diagnoza.build(context, locked(context, access="open_link").campaign.id, Edition.PUBLIC)
    assert diagnoza.response.invited is None
    assert diagnoza.response.rr1 is None
    assert all(result.bounds is None for result in diagnoza.questions)


def test_the_same_data_give_the_same_checksum_until_a_text_is_cleared(context: Context) -> None:
    held = locked(context)
    number = held.campaign.id
    first, second = (build_diagnoza.build(context, number, edition).checksum for edition in Edition)
    assert first == second
    text = open_texts.waiting(context, number)[0]
    open_texts.clear(context, text.id, "Uczciwość", actor=None)
    assert build_diagnoza.build(context, number, Edition.PUBLIC).checksum != first


def test_the_pdf_of_a_gmina_is_that_of_its_last_locked_campaign(context: Context) -> None:
    held = locked(context)
    for public_id in (None, held.campaign.public_id):
        assert build_diagnoza.pdf_of_gmina(context, GMINA, "public", public_id).startswith(b"%PDF")
    with pytest.raises(NotFoundError):
        build_diagnoza.pdf_of_gmina(context, GMINA, "public", "nieznana")


def test_there_is_no_diagnoza_before_the_lock(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    with pytest.raises(ConflictError):
        build_diagnoza.build(context, held.campaign.id, Edition.INTERNAL)
    with pytest.raises(NotFoundError):
        build_diagnoza.pdf_of_gmina(context, GMINA, "public", None)
