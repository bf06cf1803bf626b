"""What the team writes into the diagnoza: conclusions, recommendations, its own words for parts of the summary.

METHOD, "The diagnoza". Two people may write at once: who was slower is told, and nothing that was typed is lost.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.result import Diagnoza, Edition, SummaryPart
from survey_app.analysis.diagnoza.team_words import (
    CONCLUSIONS,
    OF_SUMMARY,
    RECOMMENDATIONS,
    rules_checksum,
    rules_text,
)
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.forms.typed_text import clean_text, text_faults
from survey_app.services.context import Context
from survey_app.services.deeds import SERVICE
from survey_app.services.survey import campaign_trace
from survey_app.services.survey.build_diagnoza import build
from survey_app.services.survey.find_campaign import require_campaign
from survey_app.store import people
from survey_app.store import report_texts as store
from survey_app.store.report_texts import ReportText

MAX_LENGTH = 10_000
OWN = {CONCLUSIONS: ("wnioski", "Wnioski"), RECOMMENDATIONS: ("rekomendacje", "Rekomendacje")}
# Words of addresses, by the key of the part of the summary.
ADDRESSES = {
    "asked": "o-co-pytalismy",
    "answered": "kto-odpowiedzial",
    "said": "co-odpowiedzieli",
    "heard": "kogo-wysluchalismy",
    "coded": "ocena-interesariuszy",
    "follows": "co-z-tego-wynika",
}
SLOWER = (
    "Ktoś inny zapisał ten tekst w międzyczasie. Państwa tekst stoi poniżej i nie jest zapisany; obok jest tamten. "
    "Prosimy je połączyć i zapisać jeszcze raz."
)
_CHECKSUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A part that the team may write. `rules`: what the service made of the results, None for the team's own chapter.

    `text`: the team's words, "" where there are none; `revision`: 0 where nobody has ever written. `basis`: checksum
    of what the rules say now; `outdated`: the words rest on another one. `printed`: False for words on a part that
    the results no longer have.
    """

    address: str
    part: str
    heading: str
    rules: SummaryPart | None
    text: str
    revision: int
    changed_at: dt.datetime | None
    changed_by: str
    basis: str
    outdated: bool
    printed: bool = True

    @property
    def first_words(self) -> str:
        """What the field begins with."""
        return self.text or (rules_text(self.rules) if self.rules else "")


def parts(context: Context, campaign_id: int) -> list[ReportPart]:
    """The summary's parts in their order, then conclusions and recommendations. ConflictError before the lock."""
    return _parts_of(context, campaign_id, build(context, campaign_id, Edition.PUBLIC))


def overview(context: Context, campaign_id: int) -> tuple[list[ReportPart], bool]:
    """The parts; and whether the summary, with the team's words in it, is still one page (METHOD, "The diagnoza")."""
    from survey_app.analysis.diagnoza.pdf import summary_fits

    diagnoza = build(context, campaign_id, Edition.PUBLIC)
    return _parts_of(context, campaign_id, diagnoza), summary_fits(compose(diagnoza))


def part(context: Context, campaign_id: int, address: str) -> ReportPart:
    """NotFoundError if the report has no such part."""
    for found in parts(context, campaign_id):
        if found.address == address:
            return found
    raise NotFoundError("W tym raporcie nie ma takiej części.")


def _parts_of(context: Context, campaign_id: int, diagnoza: Diagnoza) -> list[ReportPart]:
    with context.database.reading() as session:
        rows = {row.part: row for row in store.of_campaign(session, campaign_id)}
        ids = {row.changed_by for row in rows.values() if row.changed_by is not None}
        names = people.names(session, ids)
    return _parts(diagnoza, rows, names)


def save(
    context: Context, campaign_id: int, address: str, text: str, revision: int, seen: str, actor: int | None
) -> None:
    """`revision`: of the text as the person had read it; `seen`: checksum of the sentences that stood beside it.

    Raises InvalidInputError (empty, too long, signs that no file can hold), ConflictError (somebody was faster).
    Words equal to those of the rules are not the team's: nothing is marked.
    """
    found = part(context, campaign_id, address)
    faults = text_faults("text", "Tekst", text, MAX_LENGTH)
    tidy = clean_text(text)
    if not tidy:
        message = "Prosimy wpisać tekst."
        faults.append(
            Fault("text.empty", "text", message, "Żeby go usunąć, prosimy wybrać „Usuń tekst zespołu”.")
        )
    if faults:
        raise InvalidInputError("Tego tekstu nie można zapisać.", faults)
    is_rules = found.rules is not None and tidy == clean_text(rules_text(found.rules))
    basis = seen if _CHECKSUM.fullmatch(seen) else found.basis
    _write(context, campaign_id, found.part, "" if is_rules else tidy, revision, basis, actor)


def restore(context: Context, campaign_id: int, address: str, revision: int, actor: int | None) -> None:
    """The team's words go; the summary says again what the rules make of the results."""
    found = part(context, campaign_id, address)
    _write(context, campaign_id, found.part, "", revision, "", actor)


def _write(
    context: Context, campaign_id: int, part: str, text: str, revision: int, basis: str, actor: int | None
) -> None:
    with context.database.transaction() as session:
        campaign = require_campaign(session, campaign_id, alone=True)
        row = store.get(session, campaign_id, part)
        if _is_said_already(row, text, basis):
            return  # sent twice, or both wrote the same
        known = row.revision if row else 0
        if known != revision:
            raise ConflictError(SLOWER)
        store.put(
            session,
            campaign_id,
            part,
            text=text,
            rests_on=basis if text else "",
            revision=known + 1,
            changed_at=context.clock(),
            changed_by=actor,
        )
        campaign_trace.record(context, session, campaign, "report_text_changed", actor, _heading(part))


def _is_said_already(row: ReportText | None, text: str, basis: str) -> bool:
    if row is None:
        return not text
    return row.text == text and (not text or row.rests_on == basis)


def _heading(part: str) -> str:
    return OWN[part][1].lower() if part in OWN else "podsumowanie"


def _parts(diagnoza: Diagnoza, rows: dict[str, ReportText], names: dict[int, str]) -> list[ReportPart]:
    made = []
    for one in diagnoza.summary:
        row = rows.pop(OF_SUMMARY + one.key, None)
        made.append(_view(ADDRESSES[one.key], OF_SUMMARY + one.key, one.heading, one, row, names))
    whole = rules_checksum(diagnoza.summary)
    for own, (address, heading) in OWN.items():
        made.append(_view(address, own, heading, None, rows.pop(own, None), names, whole))
    for name, row in rows.items():
        key = name.removeprefix(OF_SUMMARY)
        if row.text and key in ADDRESSES:
            heading = "Tekst do części, której podsumowanie już nie ma"
            made.append(_view(ADDRESSES[key], name, heading, None, row, names, printed=False))
    return made


def _view(
    address: str,
    part: str,
    heading: str,
    rules: SummaryPart | None,
    row: ReportText | None,
    names: dict[int, str],
    whole: str = "",
    *,
    printed: bool = True,
) -> ReportPart:
    basis = rules_checksum([rules]) if rules else whole
    text = row.text if row else ""
    outdated = bool(row and text and basis and row.rests_on not in ("", basis))
    who = names.get(row.changed_by or 0, SERVICE) if row else ""
    changed_at = row.changed_at if row else None
    revision = row.revision if row else 0
    return ReportPart(
        address, part, heading, rules, text, revision, changed_at, who, basis, outdated, printed
    )
