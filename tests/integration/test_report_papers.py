"""Agreed papers in the diagnoza: which edition has which, what of them, and nothing where nothing is agreed to."""

from __future__ import annotations

import io
import re

import docx
import pytest

from survey_app.analysis.diagnoza.document import BulletList, Chapter, Paragraph, Subheading, TextTable
from survey_app.analysis.diagnoza.docx import render_docx
from survey_app.analysis.diagnoza.pdf import render_pdf
from survey_app.analysis.diagnoza.result import Edition
from survey_app.services.context import Context
from survey_app.services.method import paper_remarks, paper_signatures, papers
from survey_app.services.method.paper_signatures import Words
from survey_app.services.method.papers import Content
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.survey import build_diagnoza
from tests.campaign_kit import GMINA
from tests.integration.test_build_diagnoza import locked
from tests.paper_kit import offer_for_people

TABLES = {"problemy": [{"_id": "r1", "problem": "Brak dojazdu", "kogo": "seniorzy"}]}


@pytest.fixture(autouse=True)
def _definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    offer_for_people(monkeypatch)


def agreed(context: Context, key: str, content: Content) -> int:
    made = papers.start(context, GMINA, key, content, "", None).id
    papers.agree(context, GMINA, made, 1, context.today(), None)
    return made


def chapter(context: Context, campaign: int, edition: Edition) -> Chapter | None:
    document = build_diagnoza.document(context, campaign, edition)
    return next((one for one in document.chapters if one.anchor == "materialy-zespolu"), None)


def headings(found: Chapter | None) -> list[tuple[str, int]]:
    assert found is not None
    return [(one.text, one.level) for one in found.blocks if isinstance(one, Subheading)]


def test_each_edition_has_its_agreed_papers(context: Context) -> None:
    number = locked(context).campaign.id
    before = {edition: build_diagnoza.build(context, number, edition).checksum for edition in Edition}
    draft = papers.start(context, GMINA, "umowa", Content({"cel": "Razem"}), "", None).id
    assert chapter(context, number, Edition.INTERNAL) is None
    agreed(context, "problemy", Content({"skad": "Z rozmów"}, TABLES))
    assert chapter(context, number, Edition.PUBLIC) is None
    assert build_diagnoza.build(context, number, Edition.PUBLIC).checksum == before[Edition.PUBLIC]
    internal = chapter(context, number, Edition.INTERNAL)
    assert headings(internal)[0] == ("Problemy i cele", 2)
    assert internal is not None
    tables = [one for one in internal.blocks if isinstance(one, TextTable)]
    assert re.fullmatch(r"Tabela \d+\. \w.*", tables[0].caption)
    assert any("Brak dojazdu" in row for row in tables[0].rows)

    papers.agree(context, GMINA, draft, 1, context.today(), None)
    public = chapter(context, number, Edition.PUBLIC)
    assert headings(public) == [("Umowa o współpracy", 2), ("§ 1. Cel", 3), ("Zasady", 3)]
    assert public is not None
    assert "Razem" in [one.text for one in public.blocks if isinstance(one, Paragraph)]
    for edition in Edition:
        assert build_diagnoza.build(context, number, edition).checksum != before[edition]
    seen = build_diagnoza.build(context, number, Edition.PUBLIC).checksum
    papers.reopen(context, GMINA, draft, None)
    papers.save(context, GMINA, draft, 1, Content({"cel": "Osobno"}), None)
    assert build_diagnoza.build(context, number, Edition.PUBLIC).checksum == before[Edition.PUBLIC]
    papers.agree(context, GMINA, draft, 2, context.today(), None)
    assert build_diagnoza.build(context, number, Edition.PUBLIC).checksum not in (
        seen,
        before[Edition.PUBLIC],
    )


def test_signatories_are_institutions_and_nobody_is_named(sqlite_context: Context) -> None:
    context, number = sqlite_context, locked(sqlite_context).campaign.id
    day = context.today()
    sector = catalogue.stakeholders(context, GMINA)[0].sector
    person = catalogue.add_stakeholder(
        context, GMINA, StakeholderDraft("Zenon Widoczny", sector, True, natural_person=True), None
    )
    first, second, *_ = (one for one in catalogue.stakeholders(context, GMINA) if one.id != person.id)
    pact = agreed(context, "umowa", Content({"cel": "Razem"}))
    paper_remarks.add(context, GMINA, pact, 1, "Uwaga o dojazdach", first.id, None)
    paper_signatures.sign(
        context, GMINA, pact, [first.id, second.id, person.id], day, None, Words(signed_by="Ada Dyrektorska")
    )
    gone = next(
        one for one in paper_signatures.signatories(context, GMINA, pact) if one.stakeholder_id == second.id
    )
    paper_signatures.leave(context, GMINA, pact, gone.id, day, "powód odejścia", None)
    public = chapter(context, number, Edition.PUBLIC)
    assert public is not None
    assert [one.items for one in public.blocks if isinstance(one, BulletList)] == [(first.name,)]
    document = build_diagnoza.document(context, number, Edition.PUBLIC)
    words = " ".join(docx.Document(io.BytesIO(render_docx(document))).element.body.itertext())
    assert "Wśród sygnatariuszy są też osoby" in words
    assert first.name in words
    for hidden in ("Zenon Widoczny", "Ada Dyrektorska", "powód odejścia", "Uwaga o dojazdach"):
        assert hidden not in words
    assert render_pdf(document).startswith(b"%PDF")
