"""Themes of open answers, by coder.

A row has no moment, and its place tells nothing: what a coder gave within a campaign is written anew with each save, in
the order of the texts' random ids.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from survey_app.models import OpenText, OpenTextTheme

__all__ = ["given", "given_by", "replace"]


def given_by(session: Session, campaign_id: int, coder_id: int) -> set[tuple[str, int]]:
    """(text id, theme id) of all that one coder gave within a campaign."""
    query = _of_campaign(campaign_id).where(OpenTextTheme.coder_id == coder_id)
    return {(text_id, theme_id) for text_id, theme_id in session.execute(query)}


def given(session: Session, campaign_id: int) -> set[tuple[str, int]]:
    """(text id, theme id) of all that anybody gave within a campaign."""
    return {(text_id, theme_id) for text_id, theme_id in session.execute(_of_campaign(campaign_id))}


def replace(session: Session, campaign_id: int, coder_id: int, wanted: Iterable[tuple[str, int]]) -> None:
    """Within this campaign the coder has given exactly these. Written anew as a whole, so that neither the place of a
    row nor its transaction says which text was read when.
    """
    own = select(OpenText.id).where(OpenText.campaign_id == campaign_id)
    session.execute(
        delete(OpenTextTheme).where(OpenTextTheme.coder_id == coder_id, OpenTextTheme.open_text_id.in_(own))
    )
    rows = [
        {"open_text_id": text_id, "theme_id": theme_id, "coder_id": coder_id}
        for text_id, theme_id in sorted(set(wanted))
    ]
    if rows:
        session.execute(insert(OpenTextTheme), rows)


def _of_campaign(campaign_id: int) -> Select[str, int]:
    return (
        select(OpenTextTheme.open_text_id, OpenTextTheme.theme_id)
        .join(OpenText, OpenText.id == OpenTextTheme.open_text_id)
        .where(OpenText.campaign_id == campaign_id)
        .distinct()
    )
