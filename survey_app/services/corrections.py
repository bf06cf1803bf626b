"""After the close: a correction is a new entry that names the one it replaces. METHOD, "Coding"."""

from __future__ import annotations

from survey_app.services.context import Context
from survey_app.store.coding_decisions import Decision


def correct(
    context: Context,
    gmina_code: str,
    round_id: int,
    stakeholder_id: int,
    code: str,
    reason: str,
    actor: int | None,
    replaces: int | None = None,
) -> Decision:
    """Closed rounds only; the frozen result stays as it is. `replaces`: what the page showed, if it says so."""
    raise NotImplementedError
