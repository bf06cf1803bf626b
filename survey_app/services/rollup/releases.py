"""What a gmina sends up: of a campaign once, when it is locked; of its coding whenever that has changed."""

from __future__ import annotations

from survey_app.analysis.rollup.coding_release import coding_document
from survey_app.analysis.rollup.gmina_release import release_document
from survey_app.services.coding import coding_history
from survey_app.services.context import Context
from survey_app.services.survey.results import load_results
from survey_app.store import releases


def send_up(context: Context, campaign_id: int) -> None:
    """The locked campaign's release; one that is there stays. ConflictError while it is not locked."""
    with context.database.reading() as session:
        if releases.has_campaign_release(session, campaign_id):
            return
    found = load_results(context, campaign_id)
    document = release_document(found.instrument, found.records, found.groups, found.population)
    campaign = found.campaign
    assert campaign.locked_at is not None
    with context.database.transaction() as session:
        releases.add_campaign_release(
            session,
            campaign_id=campaign.id,
            gmina_code=campaign.gmina_code,
            instrument_key=found.instrument.key,
            locked_at=campaign.locked_at,
            document=document,
        )


def send_up_missing(context: Context) -> list[int]:
    """From the worker: campaigns that were locked before there were roll-ups, or whose lock was interrupted.

    Returns their ids.
    """
    with context.database.reading() as session:
        missing = releases.campaigns_without_release(session)
    for campaign_id in missing:
        send_up(context, campaign_id)
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
