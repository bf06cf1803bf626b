"""A coordinator prepares, opens, watches and closes a campaign."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from survey_app.errors import ConflictError, GoneError, InvalidInputError, NotFoundError
from survey_app.services import accounts, gminas, housekeeping
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.survey import campaigns
from survey_app.services.survey.campaigns import Phase
from survey_app.store import audit
from survey_app.store.campaigns import Campaign
from tests.campaign_kit import DRAFT, GMINA, WEEK, add_gmina, add_institution, hold, lock, send
from tests.stores import Clock


def actions(context: Context) -> list[str]:
    with context.database.transaction() as session:
        return [event.action for event in audit.events(session, GMINA) if event.object_type == "campaign"][
            ::-1
        ]


def draft(context: Context) -> Campaign:
    return campaigns.create_campaign(context, GMINA, DRAFT, actor=None)


def without_address(context: Context, public_url: str | None) -> Context:
    return replace(context, settings=replace(context.settings, public_url=public_url))


def test_a_draft_keeps_what_was_typed_and_can_be_changed(context: Context) -> None:
    add_gmina(context)
    made = draft(context)
    changed = replace(DRAFT, title="Nowy  tytuł", mode="named", k=5)
    campaigns.update_campaign(context, made.id, changed, actor=None)
    found = campaigns.campaign(context, made.id)
    assert (found.title, found.mode, found.k) == ("Nowy tytuł", "named", 5)
    assert found.closes_at == DRAFT.closes_at
    assert campaigns.phase(found, context.clock()) is Phase.DRAFT


def test_a_faulty_draft_is_not_saved(context: Context) -> None:
    add_gmina(context)
    with pytest.raises(InvalidInputError) as refused:
        campaigns.create_campaign(context, GMINA, replace(DRAFT, title="", k=1), actor=None)
    assert {fault.where for fault in refused.value.faults} == {"title", "k"}
    assert campaigns.campaigns_of(context, GMINA) == []


def test_a_campaign_needs_its_gmina(context: Context) -> None:
    with pytest.raises(NotFoundError):
        campaigns.create_campaign(context, "999999", DRAFT, actor=None)
    for number in (1, 2**40, -1):
        with pytest.raises(NotFoundError):
            campaigns.campaign(context, number)


def test_opening_invites_everyone_in_the_catalogue_once(context: Context) -> None:
    add_gmina(context, 4)
    left = add_institution(context, "Zlikwidowana")
    catalogue.mark_left(context, GMINA, left, actor=None)
    held = hold(context)
    assert [one.name for one in held.issued] == [f"Instytucja 00{n}" for n in (1, 2, 3, 4)]
    assert len(set(held.codes)) == 4
    assert held.issued[0].link == f"https://ankieta.example/a/{held.campaign.public_id}/{held.codes[0]}"
    assert held.campaign.population is not None
    assert held.campaign.population["invited"] == 4
    assert sum(held.campaign.population["by_sector"].values()) == 4


def test_who_joins_the_catalogue_later_does_not_change_the_population(context: Context) -> None:
    add_gmina(context, 4)
    held = hold(context)
    add_institution(context, "Nowa")
    found = campaigns.campaign(context, held.campaign.id)
    assert found.population == held.campaign.population


def test_codes_are_kept_nowhere(sqlite_context: Context) -> None:
    add_gmina(sqlite_context)
    held = hold(sqlite_context)
    sqlite_context.database.dispose()
    files = [path for path in sqlite_context.settings.var.rglob("*") if path.is_file()]
    everything = b"".join(path.read_bytes() for path in files)
    for code in held.codes:
        assert code.encode() not in everything
        assert code.replace("-", "").encode() not in everything


def test_an_open_link_has_an_address_and_no_population(context: Context) -> None:
    add_gmina(context)
    held = hold(context, access="open_link")
    assert held.issued == []
    assert held.campaign.population is None
    address = campaigns.form_address(context.settings, held.campaign)
    assert address == f"https://ankieta.example/a/{held.campaign.public_id}"
    assert campaigns.by_public_id(context, held.campaign.public_id.upper()).id == held.campaign.id


def test_once_open_nothing_can_be_changed_and_it_opens_only_once(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    with pytest.raises(ConflictError):
        campaigns.update_campaign(context, held.campaign.id, replace(DRAFT, k=5), actor=None)
    with pytest.raises(ConflictError):
        campaigns.open_campaign(context, held.campaign.id, actor=None)
    assert send(context, held, held.codes[0])


def test_an_unfilled_notice_keeps_it_closed(context: Context) -> None:
    add_gmina(context)
    notice = campaigns.default_notice("Godziszów")
    made = campaigns.create_campaign(context, GMINA, replace(DRAFT, notice=notice), actor=None)
    with pytest.raises(InvalidInputError) as refused:
        campaigns.open_campaign(context, made.id, actor=None)
    assert "[adres urzędu]" in refused.value.faults[1].message
    assert campaigns.campaign(context, made.id).opened_at is None


@pytest.mark.parametrize(
    "public_url",
    [None, "http://127.0.0.1:8000", "https://localhost", "https://[::1]", "http://ankieta.example"],
)
def test_a_real_campaign_needs_an_address_that_others_reach_safely(
    context: Context, public_url: str | None
) -> None:
    add_gmina(context)
    made = draft(context)
    with pytest.raises(ConflictError, match="PUBLIC_URL"):
        campaigns.open_campaign(without_address(context, public_url), made.id, actor=None)
    assert campaigns.campaign(context, made.id).opened_at is None


def test_an_example_gmina_needs_no_address(context: Context) -> None:
    gminas.add_gmina(context, "9901012", "Przykładowo", "x", "y", actor=None, example=True)
    bare = without_address(context, None)
    made = campaigns.create_campaign(bare, "990101", replace(DRAFT, access="open_link"), actor=None)
    campaigns.open_campaign(bare, made.id, actor=None)
    assert campaigns.form_address(bare.settings, made).startswith("http://127.0.0.1")


def test_an_empty_catalogue_has_nobody_to_invite(context: Context) -> None:
    add_gmina(context, 0)
    made = draft(context)
    with pytest.raises(ConflictError, match="Katalog"):
        campaigns.open_campaign(context, made.id, actor=None)


def test_a_draft_whose_dates_are_over_cannot_be_opened(context: Context, clock: Clock) -> None:
    add_gmina(context)
    made = draft(context)
    clock.advance(days=8)
    with pytest.raises(InvalidInputError):
        campaigns.open_campaign(context, made.id, actor=None)


def test_the_key_lies_in_two_places_that_only_the_service_can_read(context: Context) -> None:
    add_gmina(context)
    hold(context)
    for folder in context.settings.key_folders:
        (key,) = folder.iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert key.stat().st_mode & 0o777 == 0o600


def test_it_does_not_open_when_a_place_for_the_key_is_out_of_reach(context: Context, tmp_path: Path) -> None:
    add_gmina(context)
    made = draft(context)
    blocked = tmp_path / "a-file-not-a-folder"
    blocked.write_text("x")
    broken = replace(
        context, settings=replace(context.settings, key_folders=(context.settings.key_folders[0], blocked))
    )
    with pytest.raises(ConflictError, match="KEY_FOLDERS"):
        campaigns.open_campaign(broken, made.id, actor=None)
    assert campaigns.campaign(context, made.id).opened_at is None
    assert campaigns.open_campaign(context, made.id, actor=None)


def test_a_lost_copy_of_the_key_is_made_again(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    first, second = context.settings.key_folders
    (key,) = first.iterdir()
    key.write_bytes(b"broken")
    (line,) = housekeeping.run_once(context)
    assert held.campaign.public_id in line
    assert [path.read_bytes() for path in first.iterdir()] == [path.read_bytes() for path in second.iterdir()]
    assert housekeeping.run_once(context) == []


def test_the_end_moves_only_later_and_leaves_a_trace_of_who(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    zofia = accounts.create_user(
        context, "zofia@example.pl", "Zofia Kot", "dlugie-haslo-1", coordinator_of=GMINA
    )
    later = DRAFT.closes_at + WEEK
    assert campaigns.move_end(context, held.campaign.id, later, zofia.id).closes_at == later
    with pytest.raises(InvalidInputError):
        campaigns.move_end(context, held.campaign.id, DRAFT.closes_at, zofia.id)
    (line,) = [line for line in campaigns.trace(context, held.campaign.id) if "przesunięcie końca" in line]
    assert "9 listopada 2026" in line
    assert "16 listopada 2026" in line
    assert line.endswith("Zofia Kot")


def test_what_is_over_cannot_be_reopened(context: Context, clock: Clock) -> None:
    add_gmina(context)
    held = hold(context)
    clock.set(DRAFT.closes_at)
    with pytest.raises(ConflictError):
        campaigns.move_end(context, held.campaign.id, DRAFT.closes_at + WEEK, actor=None)


def test_a_campaign_cannot_run_for_years(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    with pytest.raises(InvalidInputError):
        campaigns.move_end(context, held.campaign.id, DRAFT.closes_at + dt.timedelta(days=500), actor=None)


def test_closing_early_leaves_the_grace_time(context: Context, clock: Clock) -> None:
    add_gmina(context)
    held = hold(context)
    clock.advance(days=2)
    closed = campaigns.close_now(context, held.campaign.id, actor=None)
    assert campaigns.phase(closed, clock()) is Phase.GRACE
    assert send(context, held, held.codes[0])
    assert actions(context) == ["campaign_created", "campaign_opened", "campaign_closed"]
    with pytest.raises(ConflictError):
        campaigns.close_now(context, held.campaign.id, actor=None)


def test_answers_leave_no_event(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    before = actions(context)
    send(context, held, held.codes[0])
    assert actions(context) == before


def test_new_codes_replace_all_old_ones_and_those_who_answered_stay_so(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    send(context, held, held.codes[0])
    again = campaigns.reissue_codes(context, held.campaign.id, actor=None)
    assert [one.stakeholder_id for one in again] == [one.stakeholder_id for one in held.issued]
    with pytest.raises(NotFoundError):
        send(context, held, held.codes[1])
    with pytest.raises(GoneError):
        send(context, held, again[0].code)
    assert send(context, held, again[1].code)


def test_new_codes_are_for_campaigns_with_codes_that_still_run(context: Context, clock: Clock) -> None:
    add_gmina(context)
    open_link, held = hold(context, access="open_link"), hold(context)
    clock.set(DRAFT.closes_at)
    for campaign in (open_link.campaign, held.campaign):
        with pytest.raises(ConflictError):
            campaigns.reissue_codes(context, campaign.id, actor=None)


def test_the_monitor_counts_in_fives_and_once_a_day(context: Context, clock: Clock) -> None:
    add_gmina(context, 12)
    held = hold(context)
    assert campaigns.monitor(context, held.campaign.id).count_shown == 0
    for code in held.codes[:7]:
        send(context, held, code)
    assert campaigns.monitor(context, held.campaign.id).count_shown == 0
    clock.advance(days=1)
    seen = campaigns.monitor(context, held.campaign.id)
    assert (seen.count_shown, seen.exact, seen.invited) == (5, False, 12)
    for code in held.codes[7:]:
        send(context, held, code)
    assert campaigns.monitor(context, held.campaign.id).count_shown == 5
    clock.advance(days=1)
    assert campaigns.monitor(context, held.campaign.id).count_shown == 10


def test_the_monitor_goes_by_the_date_in_warsaw(context: Context, clock: Clock) -> None:
    """23:30 in London is half past midnight in Warsaw: a new day."""
    add_gmina(context, 6)
    held = hold(context)
    clock.set(dt.datetime(2026, 11, 3, 22, 0, tzinfo=dt.UTC))
    assert campaigns.monitor(context, held.campaign.id).count_shown == 0
    for code in held.codes:
        send(context, held, code)
    clock.set(dt.datetime(2026, 11, 3, 23, 30, tzinfo=dt.UTC))
    seen = campaigns.monitor(context, held.campaign.id)
    assert (seen.count_shown, seen.as_of) == (5, dt.date(2026, 11, 4))


def test_the_worker_counts_before_anybody_looks(context: Context, clock: Clock) -> None:
    add_gmina(context, 10)
    held = hold(context)
    for code in held.codes[:5]:
        send(context, held, code)
    housekeeping.run_once(context)
    for code in held.codes[5:]:
        send(context, held, code)
    assert campaigns.monitor(context, held.campaign.id).count_shown == 5


def test_a_named_campaign_is_counted_exactly_and_tells_who_answered(context: Context) -> None:
    add_gmina(context)
    named, anonymous = hold(context, mode="named"), hold(context)
    send(context, named, named.codes[2])
    seen = campaigns.monitor(context, named.campaign.id)
    assert (seen.count_shown, seen.exact) == (1, True)
    assert campaigns.answered(context, named.campaign.id) == {named.issued[2].stakeholder_id}
    with pytest.raises(ConflictError):
        campaigns.answered(context, anonymous.campaign.id)


def test_the_status_says_where_it_stands_without_an_exact_number(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    for code in held.codes:
        send(context, held, code)
    lines = "\n".join(campaigns.status_lines(context, held.campaign.id))
    assert "Stan: otwarta" in lines
    assert "co najmniej 5" in lines
    assert "6" not in lines.split("Odpowiedzi:")[1].split("(")[0]
    lock(context, held)
    assert "Odpowiedzi: 6" in "\n".join(campaigns.status_lines(context, held.campaign.id))


def test_a_draft_can_be_taken_away_and_an_opened_campaign_cannot(context: Context) -> None:
    add_gmina(context)
    draft = campaigns.create_campaign(context, GMINA, DRAFT, actor=None)
    held = hold(context)
    campaigns.discard_draft(context, draft.id, actor=None)
    assert [row.id for row in campaigns.campaigns_of(context, GMINA)] == [held.campaign.id]
    with pytest.raises(ConflictError):
        campaigns.discard_draft(context, held.campaign.id, actor=None)
    assert campaigns.campaign(context, held.campaign.id).opened_at is not None
