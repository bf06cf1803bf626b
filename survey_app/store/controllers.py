"""Who answers for a gmina's personal data, as its notices say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from survey_app.models import GminaController

__all__ = ["GminaController", "keep", "of_gmina"]


def of_gmina(session: Session, gmina_code: str) -> GminaController | None:
    """None: nothing is written yet."""
    return session.get(GminaController, gmina_code)


def keep(
    session: Session, gmina_code: str, facts: Mapping[str, str], at: dt.datetime, actor: int | None
) -> None:
    """In place of what was there."""
    session.merge(GminaController(gmina_code=gmina_code, changed_at=at, changed_by=actor, **facts))
    session.flush()
