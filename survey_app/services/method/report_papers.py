"""Agreed papers that stand in the diagnoza: in both editions, or only in the one for the team."""

from __future__ import annotations

from survey_app.analysis.diagnoza.result import Edition, TeamPaper
from survey_app.instrument.model import Instrument
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.instruments import instrument_of
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.paper_signatures import Signatory, listed
from survey_app.services.method.paper_text import version_text
from survey_app.store import papers
from survey_app.store.papers import Paper, PaperVersion


def papers_of_report(context: Context, gmina_code: str, edition: Edition) -> tuple[TeamPaper, ...]:
    """In the method's order, each as it was agreed to. Remarks and people who signed are never part of it."""
    found: list[tuple[Paper, PaperVersion, Instrument, list[Signatory]]] = []
    with context.database.reading() as session:
        for paper, version, used in papers.agreed(session, gmina_code):
            definition = instrument_of(used)
            if _stands(definition, edition):
                signed = listed(session, paper.id) if rules_of(definition).signed else []
                found.append((paper, version, definition, signed))
    if not found:
        return ()
    gmina = gminas.describe(context, gmina_code)
    ordered = sorted(found, key=lambda one: (rules_of(one[2]).order, one[2].title, one[0].id))
    return tuple(
        _told(paper, version, version_text(context, gmina, definition, version, in_report=True), signed)
        for paper, version, definition, signed in ordered
    )


def _stands(definition: Instrument, edition: Edition) -> bool:
    wanted = rules_of(definition).edition
    return wanted == Edition.PUBLIC or (wanted == Edition.INTERNAL and edition is Edition.INTERNAL)


def _told(paper: Paper, version: PaperVersion, text: str, signed: list[Signatory]) -> TeamPaper:
    assert paper.agreed_on is not None, "the table says so"
    parties = [one for one in signed if one.left_on is None]
    return TeamPaper(
        paper.id,
        paper.title,
        paper.agreed_on,
        version.number,
        text,
        tuple(one.name for one in parties if not one.natural),
        any(one.natural for one in parties),
    )
