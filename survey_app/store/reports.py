"""Reports that were made: edition and checksum. The file itself is made again on demand."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models import Report

__all__ = ["Report", "add", "of_campaign"]


def add(
    session: Session, *, campaign_id: int, edition: str, checksum: str, at: dt.datetime, actor: int | None
) -> Report:
    """`actor`: a person's id; None is the command line."""
    report = Report(campaign_id=campaign_id, edition=edition, checksum=checksum, made_at=at, made_by=actor)
    session.add(report)
    session.flush()
    return report


def of_campaign(session: Session, campaign_id: int) -> list[Report]:
    """The newest first."""
    query = select(Report).where(Report.campaign_id == campaign_id)
    return list(session.scalars(query.order_by(Report.id.desc())))
