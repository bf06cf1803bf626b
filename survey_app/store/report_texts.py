"""What a team wrote into the diagnoza of a campaign, part by part."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models import ReportText

__all__ = ["ReportText", "get", "of_campaign", "put"]


def of_campaign(session: Session, campaign_id: int) -> list[ReportText]:
    """Every part that was ever written, emptied ones too."""
    return list(session.scalars(select(ReportText).filter_by(campaign_id=campaign_id)))


def get(session: Session, campaign_id: int, part: str) -> ReportText | None:
    """As it stands now, whatever the session has read before."""
    query = select(ReportText).filter_by(campaign_id=campaign_id, part=part)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def put(session: Session, campaign_id: int, part: str, **columns: Any) -> ReportText:
    """A part as it is from now on. The caller holds the campaign, so that two first versions take turns."""
    row = get(session, campaign_id, part)
    if row is None:
        row = ReportText(campaign_id=campaign_id, part=part, **columns)
        session.add(row)
    else:
        for name, value in columns.items():
            setattr(row, name, value)
    session.flush()
    return row
