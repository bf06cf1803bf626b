"""A sealed answer kept in the ordinary case: by one statement on PostgreSQL, by two or three short ones on SQLite.

Whoever asks has seen a campaign that takes answers. What that was judged by is held against the row as it is now, under
the lock that the long way takes, too. If any of it has changed, or the form is known, or the invitation used, nothing
is written, and the long way (`services/survey/take_survey.submit`) finds out why.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CTE,
    Connection,
    Insert,
    Select,
    String,
    Update,
    bindparam,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from survey_app.models import SubmissionKey
from survey_app.store.campaigns import OpenedCampaign
from survey_app.store.database import Database
from survey_app.store.responses import new_id
from survey_app.store.written_out import WrittenOut

_TABLES = SubmissionKey.metadata.tables
_CAMPAIGN, _INVITATION = _TABLES["campaign"], _TABLES["invitation"]
_KEYS, _BOXES = _TABLES["submission_key"], _TABLES["sealed_answer"]
_JUDGED_BY = ("opens_at", "closes_at", "grace_minutes", "inbox_public_key")  # the box was made with the last
_NEW_KEY = bindparam("new_key", type_=String)
_NEW_ID, _NEW_BOX = bindparam("new_id", type_=String), bindparam("new_box", type_=_BOXES.c.box.type)
_UNCHANGED = select(_CAMPAIGN.c.id.label("campaign_id")).where(
    _CAMPAIGN.c.id == bindparam("seen_id"),
    _CAMPAIGN.c.locked_at.is_(None),
    *(_CAMPAIGN.c[name] == bindparam(f"seen_{name}") for name in _JUDGED_BY),
)


def keep_sealed(
    database: Database, seen: OpenedCampaign, key_hash: str, token_hash: str | None, box: bytes
) -> bool:
    """The form remembered, the invitation marked, the box put in; or nothing of it (False)."""
    values = {f"seen_{name}": getattr(seen, name) for name in _JUDGED_BY} | {
        "seen_id": seen.id,
        "new_key": key_hash,
        "by_token": token_hash,
        "new_id": new_id(),
        "new_box": box,
    }
    if database.is_sqlite:
        with database.writing() as connection:
            return _step_by_step(connection, values)
    statement = _AT_ONCE if token_hash is None else _AT_ONCE_INVITED
    return database.at_once(lambda connection: statement.row(connection, values)) is not None


def _step_by_step(connection: Connection, values: dict[str, Any]) -> bool:
    """Nobody else writes meanwhile, so what one step has found is so at the next."""
    if values["by_token"] is not None and _MARK.row(connection, values) is None:
        return False
    if _REMEMBER.row(connection, values) is None:
        if values["by_token"] is not None:
            raise RuntimeError("an invitation was marked for a form that is known")
        return False
    return _PUT_IN.row(connection, values) is not None


def _marked(unchanged: Any) -> Update:
    """The invitation, now used. Of a known form it is left alone: the answer that used it is there already."""
    return (
        update(_INVITATION)
        .where(
            _INVITATION.c.campaign_id == unchanged,
            _INVITATION.c.token_hash == bindparam("by_token"),
            _INVITATION.c.used.is_(False),
            _INVITATION.c.paper_returned.is_(False),
            ~exists().where(_KEYS.c.key_hash == _NEW_KEY),
        )
        .values(used=True)
        .returning(_INVITATION.c.campaign_id)
    )


def _remembered(dialect: Any, campaign: Select[Any]) -> Any:
    made = dialect.insert(_KEYS).from_select(["key_hash", "campaign_id"], campaign)
    return made.on_conflict_do_nothing().returning(_KEYS.c.campaign_id)


def _put_in(campaign: Any) -> Insert:
    box = select(_NEW_ID, campaign, _NEW_BOX)
    return insert(_BOXES).from_select(["id", "campaign_id", "box"], box).returning(_BOXES.c.id)


def _all_in_one(*, invited: bool) -> Insert:
    steady = _UNCHANGED.with_for_update(read=True).cte("steady")
    allowed: CTE = _marked(steady.c.campaign_id).cte("marked") if invited else steady
    remembered = _remembered(postgresql, select(_NEW_KEY, allowed.c.campaign_id)).cte("remembered")
    return _put_in(remembered.c.campaign_id)


_AT_ONCE, _AT_ONCE_INVITED = (WrittenOut(_all_in_one(invited=invited)) for invited in (False, True))
_MARK = WrittenOut(_marked(_UNCHANGED.scalar_subquery()))
_REMEMBER = WrittenOut(_remembered(sqlite, _UNCHANGED.with_only_columns(_NEW_KEY, _CAMPAIGN.c.id)))
_PUT_IN = WrittenOut(_put_in(bindparam("seen_id", type_=_CAMPAIGN.c.id.type)))
