"""How a running campaign is doing, in numbers that tell nothing about anybody.

METHOD, "The ankieta": while an anonymous campaign runs, staff see only the number of answers, in steps of at
least 5, refreshed once a day; nobody sees which invitations were used.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.analysis.disclosure.steps import STEP
from survey_app.errors import ConflictError
from survey_app.services.context import Context
from survey_app.services.survey.campaign_rules import ANONYMOUS, NAMED, PHASE_WORDS, Phase, phase
from survey_app.services.survey.find_campaign import require_campaign
from survey_app.store import campaigns, housekeeping, responses
from survey_app.store.campaigns import Campaign


@dataclass(frozen=True, slots=True)
class Monitor:
    """`exact` False: `count_shown` is the largest multiple of 5 that was reached on the morning of `as_of`.

    `invited`: None with an open link.
    """

    count_shown: int
    exact: bool
    as_of: dt.date
    invited: int | None


def monitor(context: Context, campaign_id: int) -> Monitor:
    """The number to show today. A named campaign, and a locked one, are counted exactly."""
    with context.database.transaction() as session:
        campaign = require_campaign(session, campaign_id)
        exact = campaign.mode == NAMED or campaign.locked_at is not None
        if exact:
            count, as_of = responses.count_responses(session, campaign_id), context.today()
        else:
            _refresh(session, context, campaign)
            count, as_of = campaign.shown_count, campaign.shown_on or context.today()
        return Monitor(
            count_shown=count,
            exact=exact,
            as_of=as_of,
            invited=(campaign.population or {}).get("invited"),
        )


def refresh_monitors(context: Context) -> None:
    """Once a day for every running anonymous campaign, so that nobody chooses the moment by looking."""
    with context.database.transaction() as session:
        due = [row.id for row in housekeeping.running(session) if row.shown_on != context.today()]
    for campaign_id in due:
        with context.database.transaction() as session:
            campaign = require_campaign(session, campaign_id)
            if campaign.mode == ANONYMOUS and campaign.locked_at is None:
                _refresh(session, context, campaign)


def answered(context: Context, campaign_id: int) -> set[int]:
    """Stakeholders who have answered a named campaign. ConflictError where that is nobody's business."""
    with context.database.reading() as session:
        if require_campaign(session, campaign_id).mode != NAMED:
            raise ConflictError("Kampania jest anonimowa: nikt nie widzi, kto odpowiedział.")
        return responses.responded_stakeholders(session, campaign_id)


def status_lines(context: Context, campaign_id: int) -> list[str]:
    """The state of a campaign in plain words, for the command line."""
    with context.database.reading() as session:
        campaign = require_campaign(session, campaign_id)
    now = phase(campaign, context.clock())
    lines = [
        f"{campaign.title} ({campaign.public_id}), gmina {campaign.gmina_code}",
        f"Stan: {PHASE_WORDS[now]}",
        f"Od: {polish.moment(campaign.opens_at)}",
        f"Do: {polish.moment(campaign.closes_at)} i jeszcze {campaign.grace_minutes} min na dosłanie",
    ]
    if now is Phase.DRAFT:
        return lines
    seen = monitor(context, campaign_id)
    least = "" if seen.exact else "co najmniej "
    lines.append(f"Odpowiedzi: {least}{seen.count_shown} (stan na {polish.date(seen.as_of)})")
    return lines if seen.invited is None else [*lines, f"Zaproszone instytucje: {seen.invited}"]


def _refresh(session: Session, context: Context, campaign: Campaign) -> None:
    today = context.today()
    if campaign.shown_on == today:
        return
    campaigns.get(session, campaign.id, alone=True)  # reads it anew: of two who look at once, one counts
    if campaign.shown_on != today:
        count = responses.count_sealed(session, campaign.id)
        campaign.shown_count, campaign.shown_on = count - count % STEP, today
        _keep_step(campaign, today)


def _keep_step(campaign: Campaign, today: dt.date) -> None:
    """What staff were shown, for the report. Not after the close: what comes then is paper, which is counted apart."""
    kept = campaign.shown_steps
    is_open = today <= campaign.closes_at.astimezone(polish.WARSAW).date()
    if is_open and campaign.shown_count > (kept[-1][1] if kept else -1):
        campaign.shown_steps = [*kept, [today.isoformat(), campaign.shown_count]]


def steps(campaign: Campaign) -> list[tuple[dt.date, int]]:
    """The mornings on which the number grew, with what it was."""
    return [(dt.date.fromisoformat(day), count) for day, count in campaign.shown_steps]
