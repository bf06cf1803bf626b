"""After the close: a correction is a new entry that names the one it replaces. METHOD, "Coding"."""

from __future__ import annotations

from survey_app.errors import ConflictError, NotFoundError
from survey_app.services.coding.decisions import refuse_unknown_code
from survey_app.services.coding.round_rules import NOT_IN_ROUND, record, require_round, tidy_reason
from survey_app.services.context import Context
from survey_app.store import coding, coding_decisions
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
    reason = tidy_reason(reason)
    with context.database.transaction() as session:
        found = require_round(session, gmina_code, round_id, alone=True)
        if found.stage != coding.CLOSED:
            raise ConflictError(
                "Sprostowania wpisuje się po zamknięciu tury; do tego czasu zmienia się decyzję."
            )
        chain = coding_decisions.chains(session, found.id).get(stakeholder_id)
        row = coding.entry(session, found.id, stakeholder_id)
        if not chain or row is None or row.withdrawn_at is not None:
            raise NotFoundError(NOT_IN_ROUND)
        refuse_unknown_code(found, code)
        current = chain[-1]
        if replaces is not None and current.id != replaces:
            raise ConflictError(coding_decisions.JUST_DECIDED)
        if (current.code, current.reason) == (code, reason):
            raise ConflictError("Taki kod z takim powodem już obowiązuje. Niczego nie zapisano.")
        added = coding_decisions.add_decision(
            session,
            round_id=found.id,
            stakeholder_id=stakeholder_id,
            code=code,
            proposed=current.proposed,
            reason=reason,
            replaces_id=current.id,
            correction=True,
            decided_at=context.clock(),
            decided_by=actor,
        )
        record(context, session, found, "round_correction", actor, str(added.id))
        return added
