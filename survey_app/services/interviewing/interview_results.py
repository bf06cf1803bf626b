"""What interviews brought, gathered for the diagnoza. METHOD, "IDI and FGI" and "The diagnoza".

Counted are interviews that took place, and in them people who came, agreed to notes and did not take it back.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.analysis.diagnoza.document import Document
from survey_app.analysis.diagnoza.interview_section import interview_section
from survey_app.analysis.edition import Edition
from survey_app.analysis.interview_report import interview_document
from survey_app.analysis.themes.heard import ClearedQuotation, HeardInterview, InterviewMaterial, Speaker
from survey_app.analysis.themes.table import ThemeTable
from survey_app.errors import NotFoundError
from survey_app.services import emblems
from survey_app.services.context import Context
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import participants, passages, quotations, theme_table, themes
from survey_app.services.register.sectors import sector_labels
from survey_app.services.report_facts import facts_of
from survey_app.store import audit, catalogue, interviews
from survey_app.store.interviews import HELD, Interview

OUTSIDE = "spoza katalogu"
NOBODY_YET = "Nie ma jeszcze wysłuchanych osób; wyniki powstaną po pierwszym wywiadzie, na który jest zgoda."


def material(context: Context, gmina_code: str) -> InterviewMaterial | None:
    """None where nobody was heard; then nothing is begun, either: every page of results asks this."""
    with context.database.reading() as session:
        held = [one for one in interviews.of_gmina(session, gmina_code) if one.state == HELD]
        speakers = _speakers(session, gmina_code, held) if held else {}
    kept = [one for one in held if speakers[one.id]]
    if not kept:
        return None
    tree = themes.tree(context, gmina_code)
    with context.database.reading() as session:
        table = theme_table.table_within(session, gmina_code, kept)
        return InterviewMaterial(
            interviews=tuple(_heard(one, speakers[one.id], table) for one in kept),
            themes=tuple(theme_table.table_theme(node) for node in tree),
            quotations=tuple(
                ClearedQuotation(one.words, one.literal, frozenset(one.themes))
                for one in quotations.cleared(session, gmina_code)
            ),
            coders=len({one.coder_id for one in passages.coded(session, gmina_code)}),
        )


def document(context: Context, gmina: GminaDescription, edition: Edition) -> Document | None:
    """The report of the gmina's interviews alone; None where nobody was heard."""
    found = material(context, gmina.code)
    section = interview_section(edition, found) if found else None
    if section is None:
        return None
    with context.database.reading() as session:
        days = [one.held_on for one in interviews.of_gmina(session, gmina.code) if one.held_on is not None]
    return emblems.with_emblem(context, gmina.code, interview_document(section, facts_of(gmina), max(days)))


def pdf(context: Context, gmina: GminaDescription, edition: Edition, actor: int | None) -> bytes:
    """NotFoundError where nobody was heard. Who took which edition is kept."""
    from survey_app.analysis.diagnoza.pdf import render_pdf

    made = document(context, gmina, edition)
    if made is None:
        raise NotFoundError(NOBODY_YET)
    with context.database.transaction() as session:
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action="export",
            object_type="interviews",
            object_id=gmina.code,
            gmina_code=gmina.code,
            detail=f"pdf {edition.value} {made.checksum}",
        )
    return render_pdf(made)


def _speakers(session: Session, gmina_code: str, held: list[Interview]) -> dict[int, tuple[Speaker, ...]]:
    """By interview."""
    entries = {row.id: row for row in catalogue.stakeholders(session, gmina_code, include_left=True)}
    labels = sector_labels(session, gmina_code)
    consents = participants.consents_of(session, held)
    found = {}
    for one in held:
        came = [seat for seat in one.seats if not seat.absent and consents[one.id][seat.letter].may_note]
        sectors = [entries.get(seat.stakeholder_id or 0) for seat in came]
        found[one.id] = tuple(
            Speaker(labels.get(entry.sector, entry.sector) if entry else OUTSIDE, seat.role)
            for seat, entry in zip(came, sectors, strict=True)
        )
    return found


def _heard(interview: Interview, speakers: tuple[Speaker, ...], table: ThemeTable) -> HeardInterview:
    """An interview without any text is in no column of the table: nobody has read it for themes."""
    columns = {one.id: at for at, one in enumerate(table.interviews)}
    at = columns.get(interview.id)
    if at is None:
        return HeardInterview(interview.id, interview.form, speakers, coded=False, theme_ids=frozenset())
    given = frozenset(row.theme.id for row in table.rows if row.cells[at])
    coded = table.interviews[at].coded
    return HeardInterview(interview.id, interview.form, speakers, coded, given)
