"""A coding round written straight into the tables, for tests of what lies beside coding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from survey_app.config import INSTRUMENTS
from survey_app.instrument.loader import load_instrument
from survey_app.models import CodingRound, RoundRater, RoundStakeholder
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.store import instruments


def a_round(
    context: Context,
    emails: Sequence[str],
    stakeholder_ids: Sequence[int] = (),
    gmina_code: str = "060505",
    number: int = 1,
) -> int:
    """Its id. These people have seats in it, and these stakeholders are rated; the stage is `rating`."""
    instrument = load_instrument(INSTRUMENTS / "wyrozniki.yml")
    with context.database.transaction() as session:
        version = instruments.publish(session, instrument, context.clock())
        coding_round = CodingRound(
            gmina_code=gmina_code,
            number=number,
            title=f"Tura {number}",
            occasion="start",
            instrument_version_id=version.id,
            scheme="dwa_kody",
            stage="rating",
            opened_at=context.clock(),
        )
        session.add(coding_round)
        session.flush()
        for email in emails:
            session.add(RoundRater(round_id=coding_round.id, person_id=id_of(context, email)))
        for stakeholder_id in stakeholder_ids:
            session.add(RoundStakeholder(round_id=coding_round.id, stakeholder_id=stakeholder_id))
        return coding_round.id


def lay_open(context: Context, round_id: int) -> None:
    """The individual stage is over."""
    with context.database.transaction() as session:
        found = session.get_one(CodingRound, round_id)
        found.stage, found.laid_open_at = "agreement", context.clock()


def close(context: Context, round_id: int, at: dt.datetime | None = None) -> None:
    """Nothing in it changes any more; its result here is an empty one."""
    with context.database.transaction() as session:
        found = session.get_one(CodingRound, round_id)
        found.laid_open_at = found.laid_open_at or context.clock()
        found.stage, found.closed_at = "closed", at or context.clock()
        found.result, found.result_sha256 = {}, "0" * 64


def id_of(context: Context, email: str) -> int:
    person = accounts.find_person(context, email)
    assert person is not None, email
    return person.id
