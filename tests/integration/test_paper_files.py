"""Papers as files: who may have them, which version, letters for the chosen ones of the catalogue."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from flask import Flask

from survey_app.errors import InvalidInputError, NotFoundError
from survey_app.instrument.model import Kind
from survey_app.services import definition_files, gminas
from survey_app.services.context import Context
from survey_app.services.method import paper_files, papers
from survey_app.services.method.definitions import papers as shipped
from survey_app.services.method.papers import Content
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.store import audit
from tests.integration.staff import GMINA, OTHER_GMINA, staff
from tests.pdf_structure import read_structure
from tests.stores import Clock

FIXTURES = Path(__file__).parents[1] / "fixtures" / "papers"
NAMES = ("Bank „Nasz” & 'Wasz'", "Klub 👍", "שלום")


@pytest.fixture(autouse=True)
def _definitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers of the tests' own: those that come with the service change by themselves."""
    for folder, name in (("documents", "zaproszenie"), ("forms", "bilans")):
        (tmp_path / "pisma" / folder).mkdir(parents=True)
        text = (FIXTURES / f"{name}.yml").read_text(encoding="utf-8")
        (tmp_path / "pisma" / folder / f"{name}.yml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(definition_files, "INSTRUMENTS", tmp_path / "pisma")


def begin(context: Context, key: str = "zaproszenie") -> int:
    gminas.seed_pilot_gminas(context)
    content = Content({"gdzie": "Sala OSP"} if key == "zaproszenie" else {"opis": "Pierwszy opis"})
    return papers.start(context, GMINA, key, content, "", None).id


def institutions(context: Context, names: Sequence[str] = NAMES) -> list[int]:
    found = []
    for number, name in enumerate(names):
        draft = StakeholderDraft(name, "inny" if number else "finanse", internal=False)
        if not number:
            draft = replace(draft, contact_name="Żaneta Łoś", contact_email="z@example.org")
        found.append(catalogue.add_stakeholder(context, GMINA, draft, None).id)
    return found


def words(content: bytes) -> str:
    return read_structure(content).text


def headings(content: bytes) -> list[str]:
    return [one.text for one in read_structure(content).all("H1")]


def test_every_shipped_form_names_its_gmina_and_its_day(
    sqlite_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # the shipped papers
    context, gmina = sqlite_context, "Janów Lubelski"
    gminas.seed_pilot_gminas(context)
    forms = [key for key, one in shipped().items() if one.kind is Kind.TEAM_FORM]
    assert len(forms) >= 14
    for key in forms:
        number = papers.start(context, GMINA, key, Content(), "", None).id
        told = words(paper_files.pdf(context, GMINA, number)).replace("\u00a0", " ")
        assert f"Gmina {gmina}, wersja 1 z dnia 2 listopada 2026, nieuzgodniona" in told, key
        if key == "swot":
            papers.agree(context, GMINA, number, 1, context.today() - dt.timedelta(days=1), None)
            agreed = docx.Document(io.BytesIO(paper_files.docx(context, GMINA, number)))
            line = f"Gmina {gmina}, wersja 1 z dnia 2 listopada 2026, uzgodniona 1 listopada 2026"
            assert line in [one.text.replace("\u00a0", " ") for one in agreed.paragraphs]


def test_a_file_is_of_the_version_that_is_asked_for(context: Context) -> None:
    paper_id = begin(context)
    papers.save(context, GMINA, paper_id, 1, Content({"gdzie": "Świetlica"}), None)
    assert "Świetlica" in words(paper_files.pdf(context, GMINA, paper_id))
    assert "Sala OSP" in words(paper_files.pdf(context, GMINA, paper_id, 1))
    papers.agree(context, GMINA, paper_id, 1, context.today(), None)
    assert "Sala OSP" in words(paper_files.pdf(context, GMINA, paper_id))
    text = "\n".join(
        one.text for one in docx.Document(io.BytesIO(paper_files.docx(context, GMINA, paper_id))).paragraphs
    )
    assert "Sala OSP" in text
    assert "Janów Lubelski, " in text
    with pytest.raises(NotFoundError):
        paper_files.pdf(context, GMINA, paper_id, 3)
    with pytest.raises(NotFoundError):
        paper_files.docx(context, OTHER_GMINA, paper_id)


def test_the_same_version_is_the_same_file_on_another_day(sqlite_context: Context, clock: Clock) -> None:
    paper_id = begin(sqlite_context)
    before = (
        paper_files.pdf(sqlite_context, GMINA, paper_id),
        paper_files.docx(sqlite_context, GMINA, paper_id),
    )
    clock.advance(days=3)
    after = (
        paper_files.pdf(sqlite_context, GMINA, paper_id),
        paper_files.docx(sqlite_context, GMINA, paper_id),
    )
    assert before == after


def test_a_form_is_printed_as_questions_and_answers(sqlite_context: Context) -> None:
    shown = words(paper_files.pdf(sqlite_context, GMINA, begin(sqlite_context, "bilans")))
    assert "Pierwszy opis" in shown
    assert "nie wypełniono" in shown


@pytest.mark.parametrize("count", [1, 3])
def test_each_chosen_institution_has_a_letter_of_its_own(sqlite_context: Context, count: int) -> None:
    paper_id, ids = begin(sqlite_context), institutions(sqlite_context)
    pdf = paper_files.letters(sqlite_context, GMINA, paper_id, ids[:count], "pdf", None)
    assert len(headings(pdf)) == count
    assert NAMES[0] in words(pdf)
    assert "Żaneta Łoś" in words(pdf)
    made = paper_files.letters(sqlite_context, GMINA, paper_id, ids[:count], "docx", None)
    lines = [one.text for one in docx.Document(io.BytesIO(made)).paragraphs]
    assert [one for name in NAMES for one in lines if one.split("\n")[0] == name][1:] == list(NAMES[1:count])
    with sqlite_context.database.reading() as session:
        told = [one.detail for one in audit.events(session, GMINA) if one.action == "paper_letters_made"]
    assert told == [f"wersja 1, odbiorców: {count}"] * 2


def test_without_a_contact_person_the_address_has_no_line_for_one(sqlite_context: Context) -> None:
    paper_id, ids = begin(sqlite_context), institutions(sqlite_context)
    made = paper_files.letters(sqlite_context, GMINA, paper_id, [ids[1]], "docx", None)
    lines = [one.text for one in docx.Document(io.BytesIO(made)).paragraphs]
    assert lines[1] == NAMES[1]


def test_letters_to_nobody_or_to_strangers_are_refused(sqlite_context: Context) -> None:
    paper_id, ids = begin(sqlite_context), institutions(sqlite_context)
    with pytest.raises(InvalidInputError, match="Nie wybrano"):
        paper_files.letters(sqlite_context, GMINA, paper_id, [], "pdf", None)
    with pytest.raises(NotFoundError):
        paper_files.letters(sqlite_context, GMINA, paper_id, [*ids, 999], "pdf", None)
    form = begin(sqlite_context, "bilans")
    with pytest.raises(NotFoundError, match="nie jest listem"):
        paper_files.letters(sqlite_context, GMINA, form, ids, "pdf", None)


def test_members_take_the_file_and_the_coordinator_chooses_recipients(
    app: Flask, sqlite_context: Context
) -> None:
    paper_id, ids = begin(sqlite_context), institutions(sqlite_context)
    page = f"/panel/{GMINA}/pisma/{paper_id}"
    jan, anna = staff(app, "jan@example.org"), staff(app, "anna@example.org")
    assert jan.file(f"{page}/plik.pdf").startswith(b"%PDF")
    assert jan.file(f"{page}/plik.docx?wersja=1").startswith(b"PK")
    for wrong in ("2", "x", "9" * 30, "-1", ""):
        assert jan.client.get(f"{page}/plik.pdf?wersja={wrong}").status_code == 404
    assert jan.client.get(f"{page}/listy").status_code == 403
    assert ticked(anna.get(f"{page}/listy")) == set()
    assert ticked(anna.get(f"{page}/listy?zaznacz=wszyscy")) == set(ids)
    assert ticked(anna.get(f"{page}/listy?zaznacz=sektor-inny")) == set(ids[1:])
    sent = anna.send(f"{page}/listy", {"odbiorca": [str(ids[0])], "plik": "docx"})
    assert sent.data.startswith(b"PK")
    assert "listy-zaproszenie-na-spotkanie-janow-lubelski.docx" in sent.headers["Content-Disposition"]


def test_a_choice_that_is_refused_stays_on_the_page(app: Flask, sqlite_context: Context) -> None:
    paper_id, ids = begin(sqlite_context), institutions(sqlite_context)
    anna = staff(app, "anna@example.org")
    page = f"/panel/{GMINA}/pisma/{paper_id}/listy"
    anna.get(page)
    nobody = anna.send(page, {"plik": "pdf"})
    assert nobody.status_code == 422
    assert "Nie wybrano żadnego odbiorcy" in nobody.text
    assert ticked(nobody.text) == set()
    assert anna.send(page, {"odbiorca": [str(ids[0]), "999"]}).status_code == 404
    assert anna.send(page, {"odbiorca": [str(ids[0]), "x", "²"]}).mimetype == "application/pdf"


def ticked(page: str) -> set[int]:
    return {int(one) for one in re.findall(r'name="odbiorca" value="(\d+)" checked', page)}
