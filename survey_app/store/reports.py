"""Reports that were made: edition and checksum. The file itself is made again on demand."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.models import Report

__all__ = ["Report", "add"]


def add(
    session: Session, *, campaign_id: int, edition: str, checksum: str, at: dt.datetime, actor: int | None
) -> Report:
    """`actor`: a person's id; None is the command line."""
    last = session.scalar(select(func.max(Report.number)).filter_by(campaign_id=campaign_id, edition=edition))
    report = Report(
        campaign_id=campaign_id,
        edition=edition,
        number=(last or 0) + 1,
        checksum=checksum,
        shown={},
        made_at=at,
        made_by=actor,
    )
    session.add(report)
    session.flush()
    return report
