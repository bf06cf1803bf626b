"""Campaigns and their invitations. No moment of use is kept, and nobody is told which invitation was used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, delete, insert, select, text, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, joinedload

from survey_app.models import Campaign, Gmina, InstrumentVersion, Invitation, Stakeholder
from survey_app.store.database import MAX_ID
from survey_app.store.written_out import WrittenOut

__all__ = [
    "Campaign",
    "InstrumentVersion",
    "Invitation",
    "OpenedCampaign",
    "add",
    "by_public_id",
    "demand_durability",
    "forget_invitations",
    "get",
    "invitation_of",
    "invite",
    "invited_stakeholders",
    "of_gmina",
    "opened",
    "opened_for",
    "reissue",
    "remove",
    "tick",
    "ticked_stakeholders",
    "use_invitation",
]


class OpenedCampaign(NamedTuple):
    """What a respondent's pages need of a campaign, as plain columns: reading them takes a third of the ORM's time.

    Two that are equal show the same pages at the same moment, so it is what pages are kept by.
    """

    id: int
    public_id: str
    gmina_code: str
    instrument_version_id: int
    title: str
    mode: str
    access: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    grace_minutes: int
    k: int
    notice: str
    opened_at: dt.datetime
    locked_at: dt.datetime | None
    inbox_public_key: bytes | None
    shown_count: int
    version_sha256: str
    gmina_name: str
    gmina_example: bool


# Made once: building a statement takes longer than running it.
_OPENED = (
    select(
        *(getattr(Campaign, name) for name in OpenedCampaign._fields[:-3]),
        InstrumentVersion.sha256,
        Gmina.name,
        Gmina.example,
    )
    .join(InstrumentVersion, InstrumentVersion.id == Campaign.instrument_version_id)
    .join(Gmina, Gmina.code == Campaign.gmina_code)
    .where(Campaign.public_id == bindparam("public_id"), Campaign.opened_at.is_not(None))
)
_OPENED_NOW = WrittenOut(_OPENED)
_OPENED_STEADY = _OPENED.with_for_update(read=True, of=Campaign)
_OPENED_FOR = WrittenOut(
    _OPENED.add_columns(Invitation.stakeholder_id, Stakeholder.name)
    .outerjoin(
        Invitation,
        and_(Invitation.campaign_id == Campaign.id, Invitation.token_hash == bindparam("token_hash")),
    )
    .outerjoin(Stakeholder, and_(Stakeholder.id == Invitation.stakeholder_id, Campaign.mode == "named"))
)
_USE = (
    update(Invitation)
    .where(
        Invitation.campaign_id == bindparam("of_campaign"),
        Invitation.token_hash == bindparam("by_token"),
        Invitation.used.is_(False),
        Invitation.paper_returned.is_(False),
    )
    .values(used=True)
    .returning(Invitation.stakeholder_id)
)


def add(session: Session, **columns: Any) -> int:
    """The new campaign's id."""
    campaign = Campaign(**columns)
    session.add(campaign)
    session.flush()
    return campaign.id


def get(session: Session, campaign_id: int, *, alone: bool = False) -> Campaign | None:
    """With its instrument version. `alone`: nobody else reads it for a change until the transaction ends."""
    if campaign_id > MAX_ID:
        return None
    if not alone:
        version = joinedload(Campaign.instrument_version, innerjoin=True)
        return session.get(Campaign, campaign_id, options=[version])
    query = _with_version().where(Campaign.id == campaign_id).with_for_update(of=Campaign)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def by_public_id(session: Session, public_id: str) -> Campaign | None:
    """With its instrument version."""
    if not _may_be_public_id(public_id):
        return None
    query = _with_version().where(Campaign.public_id == public_id)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def opened(connection: Connection, public_id: str, *, steady: bool = False) -> OpenedCampaign | None:
    """None also for a draft. `steady`: its state does not change until the transaction ends; many may hold it so."""
    if not _may_be_public_id(public_id):
        return None
    values = {"public_id": public_id}
    row = (
        connection.execute(_OPENED_STEADY, values).one_or_none()
        if steady
        else _OPENED_NOW.row(connection, values)
    )
    return OpenedCampaign._make(row) if row else None


def opened_for(
    connection: Connection, public_id: str, token_hash: str
) -> tuple[OpenedCampaign, int | None, str | None] | None:
    """With the invited stakeholder's id, None for a token that is not of this campaign; `used` is not read.

    Last, in named mode alone, the stakeholder's name. All as of one moment: the lock forgets the tokens.
    """
    if not _may_be_public_id(public_id):
        return None
    row = _OPENED_FOR.row(connection, {"public_id": public_id, "token_hash": token_hash})
    return (OpenedCampaign._make(row[:-2]), row[-2], row[-1]) if row else None


def remove(session: Session, campaign: Campaign) -> None:
    """Only a draft can go: whatever an opened campaign has made points at it."""
    session.delete(campaign)


def of_gmina(session: Session, gmina_code: str) -> list[Campaign]:
    """The newest opening first."""
    query = _with_version().where(Campaign.gmina_code == gmina_code)
    return list(session.scalars(query.order_by(Campaign.opens_at.desc(), Campaign.id.desc())))


def invite(session: Session, campaign_id: int, token_hashes: Mapping[int, str]) -> None:
    """One invitation per stakeholder id, in the order of the ids: the order says nothing but the catalogue's."""
    rows = [
        {
            "campaign_id": campaign_id,
            "stakeholder_id": stakeholder_id,
            "token_hash": token_hashes[stakeholder_id],
        }
        for stakeholder_id in sorted(token_hashes)
    ]
    session.execute(insert(Invitation), rows)


def invited_stakeholders(session: Session, campaign_id: int) -> list[int]:
    """Stakeholder ids; `used` is not read."""
    query = select(Invitation.stakeholder_id).where(Invitation.campaign_id == campaign_id)
    return list(session.scalars(query.order_by(Invitation.stakeholder_id)))


def invitation_of(connection: Connection, campaign_id: int, token_hash: str) -> int | None:
    """The invited stakeholder's id, or None for a token that is not of this campaign; `used` is not read."""
    query = select(Invitation.stakeholder_id).where(
        Invitation.campaign_id == campaign_id, Invitation.token_hash == token_hash
    )
    return connection.scalar(query)


def use_invitation(connection: Connection, campaign_id: int, token_hash: str) -> int | None:
    """The stakeholder's id, for one caller only, however many ask at once.

    None: no such invitation, or it was used, or it came back on paper.
    """
    return connection.scalar(_USE, {"of_campaign": campaign_id, "by_token": token_hash})


def tick(session: Session, campaign_id: int, stakeholder_ids: Collection[int]) -> None:
    """Marks sheets as returned, whether or not the invitation was used: `used` is not read."""
    statement = (
        update(Invitation)
        .where(Invitation.campaign_id == campaign_id, Invitation.stakeholder_id.in_(sorted(stakeholder_ids)))
        .values(paper_returned=True)
    )
    session.execute(statement.execution_options(synchronize_session=False))


def ticked_stakeholders(session: Session, campaign_id: int) -> set[int]:
    query = select(Invitation.stakeholder_id).where(
        Invitation.campaign_id == campaign_id, Invitation.paper_returned.is_(True)
    )
    return set(session.scalars(query))


def reissue(session: Session, campaign_id: int, token_hashes: Mapping[int, str]) -> None:
    """New tokens for all invitations alike: which were used stays as it is, and stays unknown."""
    for stakeholder_id in sorted(token_hashes):
        session.execute(
            update(Invitation)
            .where(Invitation.campaign_id == campaign_id, Invitation.stakeholder_id == stakeholder_id)
            .values(token_hash=token_hashes[stakeholder_id])
            .execution_options(synchronize_session=False)
        )


def forget_invitations(session: Session, campaign_id: int) -> None:
    """Makes every invitation anew, without token and marks.

    Deleted and inserted, not updated: PostgreSQL writes an updated row behind the others, so the places of
    used invitations would still tell the order in which they were used (METHOD, "Who uses it").
    """
    stakeholder_ids = invited_stakeholders(session, campaign_id)
    session.execute(delete(Invitation).where(Invitation.campaign_id == campaign_id))
    if stakeholder_ids:
        rows = [{"campaign_id": campaign_id, "stakeholder_id": one} for one in stakeholder_ids]
        session.execute(insert(Invitation), rows)


def demand_durability(session: Session) -> None:
    """What this transaction writes must be on the disk when it ends, whatever the server's default is."""
    if session.get_bind().dialect.name == "postgresql":
        weak = session.scalar(text("SELECT current_setting('synchronous_commit') IN ('off', 'local')"))
        if weak:
            session.execute(text("SET LOCAL synchronous_commit TO on"))


def rows_changed(session: Session, statement: Any) -> int:
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def _with_version() -> Select[Campaign]:
    return select(Campaign).options(joinedload(Campaign.instrument_version, innerjoin=True))


def _may_be_public_id(typed: str) -> bool:
    """PostgreSQL balks at a NUL."""
    return typed.isascii() and typed.isalnum()
