"""What interviews bring to the diagnoza, on both stores: only who agreed, only what was coded and cleared."""

from __future__ import annotations

import datetime as dt

import pytest

from survey_app.analysis.edition import Edition
from survey_app.errors import NotFoundError
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.interviewing import (
    interview_results,
    interview_texts,
    interviews,
    passages,
    quotations,
    themes,
    withdraw,
)
from survey_app.services.interviewing.interviews import Interview, InterviewDraft, SeatDraft
from survey_app.services.interviewing.passages import PassageDraft
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, people
from tests.interview_kit import agree, write

SECTORS = {"Bank": "finanse", "Szkoła": "edukacja", "Biblioteka": "kultura"}


@pytest.fixture
def service(context: Context) -> Context:
    people(context)
    for name, sector in SECTORS.items():
        catalogue.add_stakeholder(context, GMINA, StakeholderDraft(name, sector, internal=True), None)
    return context


def heard(context: Context, form: str, *names: str) -> Interview:
    ids = {row.name: row.id for row in catalogue.stakeholders(context, GMINA)}
    seats = tuple(SeatDraft("ABCDEFGH"[at], ids[name], "works") for at, name in enumerate(names))
    draft = InterviewDraft(
        context.clock() + dt.timedelta(hours=1),
        55 if form == "idi" else 90,
        seats,
        place="Świetlica",
        departure_reason="Tyle osób przyszło.",
    )
    made = interviews.plan(context, GMINA, form, draft, None)
    return interviews.hold(context, GMINA, made.id, context.today(), (), "", made.revision, None)


def coded(context: Context, interview: Interview, words: str, topic: str) -> int:
    """Locks the notes and gives the words a theme; the passage's number."""
    coder = id_of(context, "anna@example.org")
    with context.database.reading() as session:
        row = interviews.interview(context, GMINA, interview.id)
        row = session.merge(row, load=True)
        seen = interview_texts.composed_notes(session, row).sha256
    text = interview_texts.lock_notes(context, GMINA, interview.id, seen, coder)
    theme = next(node.id for node in themes.tree(context, GMINA) if node.topic == topic)
    start = text.text.index(words)
    draft = PassageDraft(((start, start + len(words)),), frozenset({theme}), "", text.sha256, words)
    (number,) = passages.add(context, GMINA, interview.id, text.id, draft, coder)
    return number


def test_before_anybody_agreed_there_is_nothing(service: Context) -> None:
    assert interview_results.material(service, GMINA) is None
    talk = heard(service, "idi", "Bank")
    assert interview_results.material(service, GMINA) is None
    agree(service, talk, {"A": (False, None)})
    gmina = gminas.describe(service, GMINA)
    assert interview_results.document(service, gmina, Edition.INTERNAL) is None
    with pytest.raises(NotFoundError):
        interview_results.pdf(service, gmina, Edition.PUBLIC, None)


def test_who_agreed_is_heard_with_sector_and_role_and_the_silent_are_not(service: Context) -> None:
    talk = heard(service, "fgi", "Bank", "Szkoła", "Biblioteka")
    agree(service, talk, {"A": (True, None), "B": (False, None), "C": (True, True)})
    found = interview_results.material(service, GMINA)
    assert found is not None
    assert sorted(one.sector for one in found.speakers) == ["finanse", "kultura"]
    assert {one.role for one in found.speakers} == {"works"}
    assert not found.interviews[0].coded


def test_themes_and_cleared_words_come_along_and_go_with_the_consent(service: Context) -> None:
    talk = heard(service, "idi", "Bank")
    agree(service, talk, {"A": (True, False)})
    words = "Damy salę 😀 we wtorki"
    write(service, talk, "p3_5", "A", words, quotation=True)
    excerpt = coded(service, talk, words, "udzial")
    before = interview_results.material(service, GMINA)
    assert before is not None
    assert before.quotations == ()
    assert before.interviews[0].theme_ids
    quotations.clear(service, GMINA, excerpt, id_of(service, "anna@example.org"))
    after = interview_results.material(service, GMINA)
    assert after is not None
    assert [(one.words, one.literal) for one in after.quotations] == [(words, True)]
    assert {one.label for one in after.themes if one.id in after.interviews[0].theme_ids} == set(
        next(iter(after.quotations)).themes
    )
    withdraw.withdraw(service, GMINA, talk.id, "A", None)
    assert interview_results.material(service, GMINA) is None


def test_the_report_is_a_file_in_both_editions(service: Context) -> None:
    talks = [heard(service, "idi", name) for name in SECTORS]
    for talk in talks:
        agree(service, talk, {"A": (True, None)})
    write(service, talks[0], "p1_1", "A", "Zna dwa partnerstwa.")
    coded(service, talks[0], "Zna dwa partnerstwa.", "partnerstwo")
    gmina = gminas.describe(service, GMINA)
    for edition in Edition:
        document = interview_results.document(service, gmina, edition)
        assert document is not None
        assert any(chapter.anchor == "wywiady" for chapter in document.chapters)
        assert interview_results.pdf(service, gmina, edition, None).startswith(b"%PDF")
