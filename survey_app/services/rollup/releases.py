"""What a gmina sends up: of a campaign at its lock (see `lock`); of its coding whenever that has changed."""

from __future__ import annotations

from survey_app.analysis.rollup.coding_release import coding_document
from survey_app.services.coding import coding_history
from survey_app.services.context import Context
from survey_app.services.survey.find_campaign import require_campaign
from survey_app.services.survey.frozen import counted
from survey_app.store import releases


def send_up_missing(context: Context) -> list[int]:
    """From the worker: campaigns that were locked before the lock itself did it. Returns their ids."""
    with context.database.reading() as session:
        missing = releases.campaigns_without_release(session)
    for campaign_id in missing:
        with context.database.transaction() as session:
            campaign = require_campaign(session, campaign_id, alone=True)
            releases.put_campaign_release(session, campaign, counted(session, campaign))
    return missing


def refresh_coding(context: Context) -> list[str]:
    """From the worker: gminas in which something was done since their coding went up. Returns their codes."""
    with context.database.reading() as session:
        due = releases.gminas_to_code_again(session)
    for gmina_code, event in due:
        document = coding_document(coding_history.history(context, gmina_code))
        with context.database.transaction() as session:
            releases.put_coding_release(session, gmina_code, event, document)
    return [gmina_code for gmina_code, _ in due]
