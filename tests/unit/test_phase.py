"""What a campaign is at a given moment, and what a draft must have."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from survey_app.services.survey import tokens
from survey_app.services.survey.campaign_rules import (
    CampaignDraft,
    Phase,
    default_notice,
    draft_faults,
    grace_ends_at,
    opening_faults,
    phase,
    takes_answers,
    unfilled_places,
)
from survey_app.services.survey.lock import releasable_sheets
from survey_app.store.campaigns import Campaign

WARSAW = ZoneInfo("Europe/Warsaw")
OPENS = dt.datetime(2026, 11, 2, 8, 0, tzinfo=dt.UTC)
CLOSES = dt.datetime(2026, 11, 9, 8, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
DRAFT = CampaignDraft("Ankieta", "anonymous", "invitations", OPENS, CLOSES, 30, 3, "Klauzula")


def campaign(**changes: object) -> Campaign:
    usual: dict[str, object] = {
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "grace_minutes": 30,
        "opened_at": OPENS,
        "locked_at": None,
    }
    return Campaign(**{**usual, **changes})


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - MINUTE, Phase.SCHEDULED),
        (OPENS, Phase.OPEN),
        (CLOSES - MINUTE, Phase.OPEN),
        (CLOSES, Phase.GRACE),
        (CLOSES + 29 * MINUTE, Phase.GRACE),
        (CLOSES + 30 * MINUTE, Phase.CLOSED),
    ],
)
def test_a_campaign_follows_the_clock(now: dt.datetime, expected: Phase) -> None:
    assert phase(campaign(), now) is expected


def test_before_it_is_opened_it_is_a_draft_whatever_its_dates_say() -> None:
    assert phase(campaign(opened_at=None), OPENS + MINUTE) is Phase.DRAFT


def test_once_locked_it_stays_locked() -> None:
    assert phase(campaign(locked_at=CLOSES), OPENS) is Phase.LOCKED


def test_without_grace_it_is_over_at_its_close() -> None:
    held = campaign(grace_minutes=0)
    assert phase(held, CLOSES - MINUTE) is Phase.OPEN
    assert phase(held, CLOSES) is Phase.CLOSED


def test_answers_are_taken_while_open_and_in_grace_only() -> None:
    taken = [
        now for now in (OPENS - MINUTE, OPENS, CLOSES, CLOSES + 30 * MINUTE) if takes_answers(campaign(), now)
    ]
    assert taken == [OPENS, CLOSES]


def test_the_hour_that_comes_twice_in_autumn_is_told_apart() -> None:
    """It closes at 2:30 the second time round; the first 2:45 of that night is still before the close."""
    closes = dt.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=WARSAW)
    held = campaign(closes_at=closes, opens_at=closes - dt.timedelta(days=1), grace_minutes=0)
    first, second = (dt.datetime(2026, 10, 25, 2, 45, fold=fold, tzinfo=WARSAW) for fold in (0, 1))
    assert phase(held, first) is Phase.OPEN
    assert phase(held, second) is Phase.CLOSED


def test_grace_is_counted_in_real_minutes_when_clocks_change() -> None:
    """Closing at 1:50 in spring with 30 minutes of grace: it is over at 3:20, for 2 o'clock is skipped."""
    held = campaign(closes_at=dt.datetime(2026, 3, 29, 1, 50, tzinfo=WARSAW), grace_minutes=30)
    assert grace_ends_at(held) == dt.datetime(2026, 3, 29, 3, 20, tzinfo=WARSAW)
    assert phase(replace_opens(held), dt.datetime(2026, 3, 29, 3, 10, tzinfo=WARSAW)) is Phase.GRACE


def replace_opens(held: Campaign) -> Campaign:
    held.opens_at = held.closes_at - dt.timedelta(days=1)
    return held


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"mode": "secret"}, "mode"),
        ({"access": "all"}, "access"),
        ({"closes_at": OPENS}, "closes_at"),
        ({"closes_at": OPENS + dt.timedelta(days=400)}, "closes_at"),
        ({"grace_minutes": -1}, "grace_minutes"),
        ({"grace_minutes": 2000}, "grace_minutes"),
        ({"k": 2}, "k"),
        ({"notice": " "}, "notice"),
    ],
)
def test_a_faulty_draft_names_its_field(change: dict[str, object], field: str) -> None:
    assert [fault.where for fault in draft_faults(replace(DRAFT, **change))] == [field]  # type: ignore[arg-type]


def test_all_faults_of_a_draft_come_at_once() -> None:
    faults = draft_faults(replace(DRAFT, title="", k=1, grace_minutes=-5))
    assert {fault.where for fault in faults} == {"title", "k", "grace_minutes"}


def test_the_notice_template_must_be_filled_in_before_opening() -> None:
    notice = default_notice("Godziszów")
    assert "Godziszów" in notice
    assert draft_faults(replace(DRAFT, notice=notice)) == []
    faults = opening_faults(replace(DRAFT, notice=notice), OPENS)
    assert len(faults) == len(unfilled_places(notice)) >= 5
    assert "[Wójt, Burmistrz albo Prezydent]" in faults[0].message
    assert "[adres urzędu]" in faults[1].message


def test_a_campaign_that_would_be_over_cannot_be_opened() -> None:
    assert [fault.where for fault in opening_faults(DRAFT, CLOSES)] == ["closes_at"]


def test_a_code_has_no_look_alikes_and_reads_back() -> None:
    codes = [tokens.new_token() for _ in range(200)]
    assert len(set(codes)) == 200
    assert not set("".join(codes)) & set("ILOU")
    assert all(len(code) == 19 and code.count("-") == 3 for code in codes)
    assert tokens.token_hash(codes[0]) == tokens.token_hash(f" {codes[0].lower().replace('-', '')} ")


def test_few_paper_sheets_are_kept_as_some() -> None:
    assert [releasable_sheets(sheets, 3) for sheets in (0, 1, 2, 3, 8)] == [0, 1, 1, 3, 8]
