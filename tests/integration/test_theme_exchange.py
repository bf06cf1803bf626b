"""What was coded leaves as a table and as a REFI-QDA project: right, readable elsewhere, and without what went."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyrefiqda import RefiProject

from survey_app.errors import ConflictError
from survey_app.services import accounts, gminas, team_people
from survey_app.services.context import Context
from survey_app.services.interviewing import (
    interviews,
    passages,
    theme_exchange,
    theme_table,
    themes,
    withdraw,
)
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.passages import PassageDraft
from survey_app.services.interviewing.themes import ThemeDraft
from survey_app.store import audit
from survey_app.store.interview_texts import InterviewText
from tests import interview_kit as kit
from tests import refi_check

GMINA = kit.GMINA
PASSWORD = "cztery-zwykle-slowa-razem"
WORDS = {
    "A": "Do s\u0301wietlicy 👵🏽 nikt nie dojedzie.",
    "B": "Autobus raz dziennie.\nI to za mało 🚌.",
    "C": "Zgoda.",
}


def coordinator(context: Context) -> accounts.Person:
    gminas.seed_pilot_gminas(context)
    return accounts.create_user(context, "anna@example.org", "Anna Zając", PASSWORD, coordinator_of=GMINA)


def held(context: Context, form: str = "fgi", people: int = 3) -> tuple[Interview, InterviewText]:
    """With one note under each letter, locked as version 1."""
    found = kit.planned(context, form, people)
    letters = interviews.LETTERS[:people]
    kit.agree(context, found, letters)
    for number, letter in enumerate(letters):
        kit.note(context, found, number + 1, letter, WORDS[letter])
    interviews.hold(context, GMINA, found.id, context.today(), (), "Próba", found.revision, None)
    return found, kit.lock_notes(context, found)


def code(
    context: Context, text: InterviewText, words: str, coder: int, *theme_ids: int, memo: str = ""
) -> int:
    start = text.text.index(words)
    draft = PassageDraft(((start, start + len(words)),), frozenset(theme_ids), memo, text.sha256)
    (number,) = passages.add(context, GMINA, text.interview_id, text.id, draft, coder)
    return number


def read(content: bytes, folder: Path) -> tuple[Any, list[tuple[str, str, list[str], str]]]:
    """By the independent reader: the project, and (words, coder, codes, memo) of each selection."""
    folder.mkdir()
    file = folder / "p.qdpx"
    file.write_bytes(content)
    project = RefiProject.load(file, folder / "out")
    users = {user.guid: user.name for user in project.users.user} if project.users else {}
    codes: dict[str, str] = {}

    def walk(found: Any) -> None:
        for one in found:
            codes[one.guid] = one.name
            walk(one.code)

    walk(project.code_book.codes.code)
    notes = {note.guid: note.plain_text_content for note in project.notes.note} if project.notes else {}
    selections = []
    for source in project.sources.text_source:
        path = RefiProject.resolve_source_path(source.plain_text_path, folder / "out")
        text = path.read_bytes().decode("utf-8")
        selections += [
            (
                text[one.start_position : one.end_position],
                users[one.creating_user],
                [codes[coding.code_ref.target_guid] for coding in one.coding],
                "".join(notes[ref.target_guid] for ref in one.note_ref),
            )
            for one in source.plain_text_selection
        ]
    return project, selections


def described(context: Context) -> gminas.GminaDescription:
    return gminas.describe(context, GMINA)


def test_the_project_is_read_elsewhere_with_the_same_codes_spans_and_coders(
    context: Context, tmp_path: Path
) -> None:
    anna, jan = coordinator(context), kit.member(context, "jan@example.org", "Jan Łoś")
    _, text = held(context)
    top = themes.tree(context, GMINA)[0]
    below = themes.add(context, GMINA, ThemeDraft("Dojazd", "Drogi i autobusy", "PKS", top.id), None)
    code(context, text, "s\u0301wietlicy 👵🏽", anna.id, top.id, below.id, memo="Która?\nSprawdzić.")
    code(context, text, "👵🏽 nikt nie", jan, below.id)  # overlaps
    code(context, text, "dziennie.\nI to", jan, top.id)  # over a line break
    content = theme_exchange.qdpx(context, described(context), anna)
    assert refi_check.faults(content) == []
    project, selections = read(content, tmp_path / "a")
    assert selections == [
        ("s\u0301wietlicy 👵🏽", "Anna Zając", [top.label, "Dojazd"], "Która?\nSprawdzić."),
        ("👵🏽 nikt nie", "Jan Łoś", ["Dojazd"], ""),
        ("dziennie.\nI to", "Jan Łoś", [top.label], ""),
    ]
    nodes = [node for node in themes.tree(context, GMINA) if node.parent_id is None]
    assert [one.name for one in project.code_book.codes.code] == [node.label for node in nodes]
    assert [one.name for one in project.code_book.codes.code[0].code] == ["Dojazd"]
    assert "PKS" in project.code_book.codes.code[0].code[0].description
    again, _ = read(theme_exchange.qdpx(context, described(context), anna), tmp_path / "b")
    assert [one.guid for one in again.code_book.codes.code] == [
        one.guid for one in project.code_book.codes.code
    ]


def test_no_name_of_a_participant_or_institution_and_no_brought_file_name(context: Context) -> None:
    anna = coordinator(context)
    held(context)
    with zipfile.ZipFile(io.BytesIO(theme_exchange.qdpx(context, described(context), anna))) as archive:
        written = "".join(archive.read(name).decode() for name in archive.namelist())
    for word in ("Bank", "Ośrodek", "Szkoła", "works", "stakeholder"):
        assert word not in written


def test_what_was_withdrawn_is_not_in_the_next_file(context: Context, tmp_path: Path) -> None:
    anna = coordinator(context)
    interview, text = held(context)
    theme = themes.tree(context, GMINA)[0].id
    for words in ("nikt nie dojedzie", "Autobus raz", "I to za mało 🚌", "Zgoda"):
        code(context, text, words, anna.id, theme)
    withdraw.withdraw(context, GMINA, interview.id, "A", None)
    content = theme_exchange.qdpx(context, described(context), anna)
    assert refi_check.faults(content) == []
    _, selections = read(content, tmp_path / "a")
    assert [words for words, *_ in selections] == ["Autobus raz", "I to za mało 🚌", "Zgoda"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "dojedzie" not in "".join(archive.read(name).decode() for name in archive.namelist())
    for letter in "BC":
        withdraw.withdraw(context, GMINA, interview.id, letter, None)
    with pytest.raises(ConflictError):
        theme_exchange.qdpx(context, described(context), anna)


def test_who_represents_an_institution_gets_nothing_of_its_people(context: Context) -> None:
    anna = coordinator(context)
    held(context, "idi", 1)  # the bank's
    team_people.set_representations(context, GMINA, anna.id, [kit.entries(context)[0]], None)
    person = accounts.find_person(context, "anna@example.org")
    assert person is not None
    assert theme_exchange.contents(context, GMINA, person) == theme_exchange.Contents(0, 0, 0, 1)
    found = theme_table.table(context, GMINA, person)
    assert (found.table.interviews, found.left_out) == ((), 1)
    with pytest.raises(ConflictError):
        theme_exchange.qdpx(context, described(context), person)
    assert (
        "Pominięto treść 1\u00a0wywiadu" in _sheets(theme_table.xlsx(context, GMINA, person))["uwagi"][-1][0]
    )


def test_the_last_version_that_a_coder_coded_is_what_counts(context: Context, tmp_path: Path) -> None:
    anna, jan = coordinator(context), kit.member(context, "jan@example.org", "Jan Łoś")
    interview, first = held(context)
    one, other = (node.id for node in themes.tree(context, GMINA)[:2])
    code(context, first, "nikt", anna.id, one)
    code(context, first, "Autobus", jan, one)
    kit.note(context, interview, 9, "A", "Dopisane później.")
    second = kit.lock_notes(context, interview)
    code(context, second, "Dopisane", anna.id, other)
    _, selections = read(theme_exchange.qdpx(context, described(context), anna), tmp_path / "a")
    assert [words for words, *_ in selections] == ["Autobus", "Dopisane"]
    found = theme_table.table(context, GMINA, anna).table
    assert [row.theme.id for row in found.rows if row.cells == (True,)] == [one, other]
    passages.finish(context, GMINA, interview.id, second.id, jan)  # who found nothing in it
    found = theme_table.table(context, GMINA, anna).table
    assert [row.theme.id for row in found.rows if row.cells == (True,)] == [other]


def test_codes_and_coders_have_names_unlike_each_other(context: Context, tmp_path: Path) -> None:
    """Programs tell them apart by name, and would take two of one name for one."""
    anna, namesake = coordinator(context), kit.member(context, "anna2@example.org", "Anna Zając")
    _, text = held(context)
    one, other, gone = themes.tree(context, GMINA)[:3]
    ids = [
        themes.add(context, GMINA, ThemeDraft("Inne", parent_id=node.id), None).id for node in (one, other)
    ]
    code(context, text, "nikt", anna.id, *ids)
    code(context, text, "nikt", namesake, *ids)
    themes.retire(context, GMINA, gone.id, None)
    content = theme_exchange.qdpx(context, described(context), anna)
    assert refi_check.faults(content) == []
    project, selections = read(content, tmp_path / "a")
    assert {coder for _, coder, *_ in selections} == {"Anna Zając", "Anna Zając (2)"}
    assert set(selections[0][2]) == {f"Inne ({one.label})", f"Inne ({other.label})"}
    assert gone.label not in [top.name for top in project.code_book.codes.code]


def test_the_table_counts_interviews_and_leaves_out_what_nobody_coded(context: Context) -> None:
    anna = coordinator(context)
    group, text = held(context)
    alone, _ = held(context, "idi", 1)
    top = themes.tree(context, GMINA)[0]
    below = themes.add(context, GMINA, ThemeDraft("=HYPERLINK(1)", "Opis", "", top.id), None)
    code(context, text, "nikt", anna.id, below.id)
    code(context, text, "Autobus", anna.id, below.id)
    sheets = _sheets(theme_table.xlsx(context, GMINA, anna))
    head, *rows = sheets["tematy i wywiady"]
    at = {words: place for place, words in enumerate(head)}
    by_theme = {row[0]: row for row in rows}
    (group_column,) = [words for words in head if words.startswith(f"FGI nr {group.id},")]
    (alone_column,) = [words for words in head if words.startswith(f"IDI nr {alone.id},")]
    row = by_theme[f"{top.label} › =HYPERLINK(1)"]
    assert (row[at[group_column]], row[at[alone_column]]) == (1, None)
    assert (row[at["IDI"]], row[at["FGI"]], row[at["razem"]]) == (0, 1, 1)
    assert by_theme[top.label][at[group_column]] == 1  # for what stands below it
    assert by_theme["zakodowane wywiady"][at["razem"]] == 1
    assert sheets["IDI i FGI"][1][1:] == (0, 0, 1, 1)
    assert sheets["definicje"][1][0] == top.label


def test_who_took_the_file_is_kept(context: Context) -> None:
    anna = coordinator(context)
    held(context)
    theme_exchange.qdpx(context, described(context), anna)
    with context.database.reading() as session:
        (line,) = [one for one in audit.events(session, GMINA) if one.action == "interviews_exported"]
    assert (line.person_id, line.detail) == (anna.id, "REFI-QDA, 1 texts, 0 passages")


def _sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
