"""Campaigns and their invitations. No moment of use is kept, and nobody is told which invitation was used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, delete, insert, select, text, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, joinedload

from survey_app.models import Campaign, InstrumentVersion, Invitation
from survey_app.store.database import MAX_ID

__all__ = [
    "Campaign",
    "InstrumentVersion",
    "Invitation",
    "add",
    "by_public_id",
    "demand_durability",
    "forget_invitations",
    "get",
    "invitation_of",
    "invite",
    "invited_stakeholders",
    "of_gmina",
    "reissue",
    "remove",
    "tick",
    "ticked_stakeholders",
    "use_invitation",
]


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
    query = _with_version().where(Campaign.id == campaign_id)
    if alone:
        query = query.with_for_update(of=Campaign)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def by_public_id(
    session: Session, public_id: str, *, steady: bool = False, lean: bool = False
) -> Campaign | None:
    """`steady`: its state does not change until the transaction ends; many may hold it steady at once.

    `lean`: the version's definition is read only if it is asked for, while the session is open.
    """
    if not (public_id.isascii() and public_id.isalnum()):  # PostgreSQL balks at a NUL
        return None
    query = _with_version(lean=lean).where(Campaign.public_id == public_id)
    if steady:
        query = query.with_for_update(read=True, of=Campaign)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


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


def invitation_of(session: Session, campaign_id: int, token_hash: str) -> int | None:
    """The invited stakeholder's id, or None for a token that is not of this campaign; `used` is not read."""
    query = select(Invitation.stakeholder_id).where(
        Invitation.campaign_id == campaign_id, Invitation.token_hash == token_hash
    )
    return session.scalar(query)


def use_invitation(session: Session, campaign_id: int, token_hash: str) -> bool:
    """True for one caller only, however many ask at once; False when it was used or came back on paper."""
    statement = (
        update(Invitation)
        .where(
            Invitation.campaign_id == campaign_id,
            Invitation.token_hash == token_hash,
            Invitation.used.is_(False),
            Invitation.paper_returned.is_(False),
        )
        .values(used=True)
        .execution_options(synchronize_session=False)
    )
    return rows_changed(session, statement) == 1


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


def _with_version(*, lean: bool = False) -> Select[Campaign]:
    version = joinedload(Campaign.instrument_version, innerjoin=True)
    return select(Campaign).options(version.defer(InstrumentVersion.definition) if lean else version)
