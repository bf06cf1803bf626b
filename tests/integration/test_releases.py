"""What goes up at the lock, and what the worker makes up for; on both stores."""

from __future__ import annotations

from survey_app.instrument.values import Value
from survey_app.services import housekeeping
from survey_app.services.context import Context
from survey_app.services.rollup import releases
from survey_app.store import releases as stored
from survey_app.store.releases import CampaignRelease
from tests.campaign_kit import GMINA, Held, add_gmina, end, hold, lock, send


def answered(context: Context) -> Held:
    """Four schools of one mind on question 7 and of two on question 9, at the end of their campaign."""
    add_gmina(context)
    held = hold(context)
    for place, code in enumerate(held.codes[:4]):
        said: dict[str, Value] = {
            "p1": {"option": "edukacja"},
            "p7": "tak",
            "p9": "tak" if place % 2 else "nie",
        }
        send(context, held, code, said)
    end(context, held)
    return held


def kept(context: Context) -> list[CampaignRelease]:
    with context.database.reading() as session:
        return stored.campaign_releases(session, "ankieta")


def test_a_campaign_goes_up_at_the_lock_and_only_once(context: Context) -> None:
    held = answered(context)
    lock(context, held)
    [first] = kept(context)
    assert (first.gmina_code, first.campaign_id) == (GMINA, held.campaign.id)
    assert (first.document["answered"], first.document["invited"]) == (4, 6)
    questions = {one["id"]: one for one in first.document["questions"]}
    assert questions["p9"]["counts"] == [2, 2]
    assert questions["p7"]["counts"] is None
    assert questions["p7"]["hidden"]["counts"] == [4, 0]
    assert "p1" not in questions
    lock(context, held)
    releases.send_up_missing(context)
    assert [one.document for one in kept(context)] == [first.document]


def test_the_worker_sends_up_what_was_locked_without_it(context: Context) -> None:
    """By an earlier version, which sent up after the lock and not with it."""
    held = answered(context)
    lock(context, held)
    [with_the_lock] = kept(context)
    with context.database.transaction() as session:
        session.delete(session.get(CampaignRelease, held.campaign.id))
    assert f"Kampania {held.campaign.id} liczy się w zestawieniach regionu." in housekeeping.run_once(context)
    assert [one.document for one in kept(context)] == [with_the_lock.document]
    assert not any("zestawieniach" in line for line in housekeeping.run_once(context))
