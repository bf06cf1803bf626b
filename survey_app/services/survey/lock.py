"""The lock: from then on nothing is added, changed or reopened, and results exist (METHOD, "The ankieta").

In three steps, each of which may be repeated, so that a lock that was interrupted is finished later:
1. one transaction opens every box, forms the groups, and writes shuffled responses and texts, and the counts that go
   up to region and country;
2. another makes every invitation anew and deletes what made repeated forms one answer;
3. the private key is destroyed and the tables are rewritten on the disk.
Answers are safe after the first; the key goes only after that. docs/anonymity.md says why this order.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from survey_app.analysis.groups import form_groups, type_counts
from survey_app.errors import ConflictError
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import Answers, answers_from_json
from survey_app.services.context import Context
from survey_app.services.instruments import instrument_of
from survey_app.services.survey import seal
from survey_app.services.survey.campaign_rules import ANONYMOUS, Phase, phase
from survey_app.services.survey.campaign_trace import record
from survey_app.services.survey.find_campaign import require_campaign
from survey_app.services.survey.frozen import counted
from survey_app.services.survey.unlinking import stored_record, texts_apart
from survey_app.store import campaigns, housekeeping, releases, responses
from survey_app.store.campaigns import Campaign

# What held a trace of who answered, or of how many sheets came on paper.
REWRITE_LOCK = 4_027_034  # any number that nothing else of this service takes
TABLES_TO_REWRITE = ("sealed_answer", "submission_key", "invitation", "campaign")

Item = TypeVar("Item")


def lock_campaign(context: Context, campaign_id: int, actor: int | None) -> Campaign:
    """Locks, or finishes an interrupted lock; locking what is locked changes nothing.

    ConflictError before the grace time is over, when the key is lost, or when a box does not open: then
    nothing was changed.
    """
    with context.database.transaction() as session:
        campaign = require_campaign(session, campaign_id, alone=True)
        if campaign.locked_at is None:
            _lock(session, context, campaign, actor)
    if campaign.cleaned_at is None:
        _finish(context, campaign)
    return campaign


def finish_locks(context: Context) -> list[int]:
    """Finishes what a crash left: at the start of the service, and from the worker.

    Returns the ids of the campaigns that are finished now.
    """
    with context.database.turn(REWRITE_LOCK) as mine:
        return _finish_all(context) if mine else []


def _lock(session: Session, context: Context, campaign: Campaign, actor: int | None) -> None:
    if phase(campaign, context.clock()) is not Phase.CLOSED:
        raise ConflictError(
            "Zablokować można kampanię, która została zamknięta i której czas na dosłanie minął."
        )
    campaigns.demand_durability(session)
    instrument = instrument_of(campaign.instrument_version)
    anonymous = campaign.mode == ANONYMOUS
    records = _opened(session, context, campaign, instrument) if anonymous else _named(session, campaign)
    counts = type_counts(instrument, records)
    groups = form_groups(instrument, counts, campaign.k, anonymous=anonymous)
    if anonymous:
        kept = [stored_record(instrument, one, groups) for one in records]
        responses.add_unlinked(session, campaign, shuffled(kept))
        responses.delete_boxes(session, campaign.id)
    written = [text for one in records for text in texts_apart(instrument, one, anonymous=anonymous)]
    responses.add_texts(session, campaign.id, shuffled(written))
    campaign.groups = groups.to_json()
    campaign.paper_sheets = releasable_sheets(campaign.paper_sheets, campaign.k)
    campaign.shown_count, campaign.shown_on = len(records), None
    campaign.locked_at = context.clock()
    # With the answers or not at all: no region ever counts a campaign that is locked and not in its sums.
    releases.put_campaign_release(session, campaign, counted(session, campaign))
    record(context, session, campaign, "campaign_locked", actor)


def shuffled(items: Sequence[Item]) -> list[Item]:
    """In an order drawn from the system's own randomness."""
    mixed = list(items)
    secrets.SystemRandom().shuffle(mixed)
    return mixed


def releasable_sheets(sheets: int, k: int) -> int:
    """METHOD, "The ankieta": how many sheets, if at least k; fewer become 1, which says "some"."""
    return sheets if sheets >= k else min(sheets, 1)


def _opened(session: Session, context: Context, campaign: Campaign, instrument: Instrument) -> list[Answers]:
    assert campaign.inbox_public_key is not None
    boxes = responses.boxes(session, campaign.id)
    if not boxes:
        return []
    plaintexts = seal.open_boxes(
        context.settings.key_folders, campaign.public_id, campaign.inbox_public_key, boxes
    )
    if len(plaintexts) != responses.count_sealed(session, campaign.id):
        raise ConflictError("Liczba odpowiedzi zmieniła się podczas blokowania. Niczego nie zmieniono.")
    return [_checked(json.loads(plaintext), instrument) for plaintext in plaintexts]


def _checked(document: dict[str, Any], instrument: Instrument) -> Answers:
    answers = answers_from_json(document["answers"])
    if document["instrument"] != instrument.sha256 or set(answers) != set(instrument.by_id):
        raise ConflictError(
            "Jedna z odpowiedzi pochodzi z innej wersji ankiety, więc kampania nie została zablokowana"
            " i niczego nie zmieniono. Administrator musi sprawdzić bazę i jej kopię."
        )
    return answers


def _named(session: Session, campaign: Campaign) -> list[Answers]:
    return [answers_from_json(row.answers) for row in responses.responses(session, campaign.id)]


def _finish(context: Context, campaign: Campaign) -> None:
    """Leaves `cleaned_at` empty when a place is out of reach just now, or somebody else is rewriting the tables: the
    results are there already, and `finish_locks` does the rest later.
    """
    with context.database.turn(REWRITE_LOCK) as mine:
        if mine and campaign.id in _finish_all(context):
            campaign.cleaned_at = context.clock()


def _finish_all(context: Context) -> list[int]:
    """Ids of the campaigns that are finished now. The tables hold everybody's rows and are rewritten whole, which takes
    the longer the more there are: once for all campaigns that wait for it, however many were locked at once.
    """
    with context.database.reading() as session:
        waiting = housekeeping.unfinished_locks(session)
    ready = [one.id for one in waiting if _is_bare(context, one)]
    if not ready or not context.database.vacuum(*TABLES_TO_REWRITE):
        return []
    with context.database.transaction() as session:
        for campaign_id in ready:
            cleaned = campaigns.get(session, campaign_id, alone=True)
            assert cleaned is not None
            cleaned.cleaned_at = cleaned.cleaned_at or context.clock()
    return ready


def _is_bare(context: Context, campaign: Campaign) -> bool:
    """Nothing of who answered is in a row any more, and no key; what rows were is still in the tables' pages.

    Of two at once the second waits for the first: both make the invitations anew.
    """
    with context.database.transaction() as session:
        require_campaign(session, campaign.id, alone=True)
        campaigns.forget_invitations(session, campaign.id)
        responses.delete_keys(session, campaign.id)
    return _key_is_gone(context, campaign)


def _key_is_gone(context: Context, campaign: Campaign) -> bool:
    if campaign.inbox_public_key is None:
        return True
    try:
        seal.destroy_key(context.settings.key_folders, campaign.public_id, campaign.inbox_public_key)
    except OSError:
        return False
    return True
