"""What became of a paper's signatures, from the trace: also of one that was taken back and stands on no list."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.services.context import Context
from survey_app.services.deeds import SERVICE
from survey_app.services.method.papers import require
from survey_app.store import audit, catalogue, people

WORDS = {
    "paper_signed": "podpis",
    "paper_signature_changed": "poprawka",
    "paper_signature_withdrawn": "wycofanie pomyłki",
    "paper_left": "odejście",
    "paper_leaving_undone": "cofnięcie odejścia",
    "paper_returned": "ponowny podpis",
}
# As `paper_signatures` records it; earlier entries have the paper's title before it.
_TOLD = re.compile(r"(?:^|, )wpis (\d{1,10})(?:: (.*))?$")


@dataclass(frozen=True, slots=True)
class SignatureDeed:
    """`name`: the signatory as the catalogue calls it today. `detail`: days and reasons, "" where there is nothing."""

    at: dt.datetime
    words: str
    name: str
    detail: str
    who: str


def signature_history(context: Context, gmina_code: str, paper_id: int) -> list[SignatureDeed]:
    """The newest first; as far back as the trace is kept. NotFoundError: the gmina has no such paper."""
    with context.database.reading() as session:
        require(session, gmina_code, paper_id)
        events = [
            one
            for one in audit.of_actions(session, gmina_code, WORDS)
            if (one.object_type, one.object_id) == ("paper", str(paper_id))
        ]
        if not events:
            return []
        entries = catalogue.stakeholders(session, gmina_code, include_left=True)
        who = people.names(session, {one.person_id for one in events if one.person_id is not None})
    names = {one.id: one.name for one in entries}
    return [_deed(one, names, who.get(one.person_id or 0, SERVICE)) for one in reversed(events)]


def _deed(event: audit.AuditEvent, names: Mapping[int, str], who: str) -> SignatureDeed:
    told = _TOLD.search(event.detail)
    number, detail = (int(told[1]), told[2] or "") if told else (0, event.detail)
    return SignatureDeed(event.at, WORDS[event.action], names.get(number, f"wpis {number}"), detail, who)
