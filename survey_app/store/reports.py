"""Reports that were made: edition, checksum, what they showed; of published ones also the file, byte by byte."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from survey_app.models import Campaign, Report

__all__ = [
    "Report",
    "add",
    "before",
    "file_of",
    "last",
    "numbered",
    "of_campaign",
    "published_in",
    "published_of",
]

MAX_NUMBER = 2**31 - 1  # a bigger one, from an address, names nothing, and PostgreSQL balks at it


def add(
    session: Session,
    *,
    campaign_id: int,
    edition: str,
    checksum: str,
    shown: Mapping[str, Any],
    at: dt.datetime,
    actor: int | None,
) -> Report:
    """The next one of its edition. The caller holds the campaign. `actor`: a person's id; None is the command line."""
    newest = last(session, campaign_id, edition)
    report = Report(
        campaign_id=campaign_id,
        edition=edition,
        number=newest.number + 1 if newest else 1,
        checksum=checksum,
        shown=dict(shown),
        made_at=at,
        made_by=actor,
    )
    session.add(report)
    session.flush()
    return report


def of_campaign(session: Session, campaign_id: int) -> list[Report]:
    """Both editions, the newest first; without what they showed and without files."""
    query = select(Report).filter_by(campaign_id=campaign_id)
    return list(session.scalars(query.order_by(Report.made_at.desc(), Report.id.desc())))


def published_of(session: Session, campaign_id: int) -> list[Report]:
    """What the campaign published, withdrawn or not, the oldest first; with what they showed, and their files."""
    query = (
        select(Report)
        .where(Report.campaign_id == campaign_id, Report.published_at.is_not(None))
        .order_by(Report.number)
        .options(undefer(Report.shown), undefer(Report.file))
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def published_in(session: Session, gmina_code: str) -> list[tuple[Report, str]]:
    """What any campaign of the gmina published and did not withdraw, with what it showed and the campaign's title."""
    query = (
        select(Report, Campaign.title)
        .join(Campaign, Campaign.id == Report.campaign_id)
        .where(
            Campaign.gmina_code == gmina_code, Report.published_at.is_not(None), Report.withdrawn_at.is_(None)
        )
        .order_by(Report.published_at.desc(), Report.id.desc())
        .options(undefer(Report.shown))
    )
    return [(row, title) for row, title in session.execute(query)]


def last(session: Session, campaign_id: int, edition: str) -> Report | None:
    """The newest of an edition, with what it showed."""
    query = select(Report).filter_by(campaign_id=campaign_id, edition=edition).options(undefer(Report.shown))
    return session.scalars(query.order_by(Report.number.desc()).limit(1)).first()


def numbered(session: Session, campaign_id: int, edition: str, number: int) -> Report | None:
    """With what it showed, as it stands now."""
    if number > MAX_NUMBER:
        return None
    query = select(Report).filter_by(campaign_id=campaign_id, edition=edition, number=number)
    options = undefer(Report.shown)
    return session.scalars(query.options(options).execution_options(populate_existing=True)).one_or_none()


def before(session: Session, report: Report) -> tuple[Report, str] | None:
    """The report before this one, with what it showed and the title of its campaign: of the same campaign and
    edition; for the first one, the last of a campaign of the gmina that was locked earlier.
    """
    own = select(Campaign).filter_by(id=report.campaign_id).subquery()
    is_own = Report.campaign_id == report.campaign_id
    query = (
        select(Report, Campaign.title)
        .join(Campaign, Campaign.id == Report.campaign_id)
        .join(own, own.c.gmina_code == Campaign.gmina_code)
        .where(
            Report.edition == report.edition,
            (is_own & (Report.number < report.number)) | (~is_own & (Campaign.locked_at < own.c.locked_at)),
        )
        .order_by(is_own.desc(), Campaign.locked_at.desc(), Report.number.desc())
        .options(undefer(Report.shown))
        .limit(1)
    )
    found = session.execute(query).first()
    return (found[0], found[1]) if found else None


def file_of(session: Session, report: Report) -> bytes | None:
    """The file of a published one."""
    return session.scalar(select(Report.file).filter_by(id=report.id))
