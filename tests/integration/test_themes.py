"""The tree of themes on both stores: how it begins, how it is changed, and what it keeps."""

from __future__ import annotations

import pytest
from flask import Flask

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.interviewing import themes
from survey_app.services.interviewing.themes import ThemeDraft, ThemeNode
from survey_app.store import audit
from tests.integration.staff import GMINA, OTHER_GMINA, staff

ADDRESS = f"/panel/{GMINA}/wywiady/tematy"


@pytest.fixture
def gmina(context: Context) -> str:
    gminas.seed_pilot_gminas(context)
    return GMINA


def labels(context: Context) -> list[tuple[int, str]]:
    return [(node.depth, node.label) for node in themes.tree(context, GMINA)]


def add(context: Context, label: str, under: ThemeNode | None = None) -> ThemeNode:
    return themes.add(context, GMINA, ThemeDraft(label, parent_id=under.id if under else None), None)


def faults_of(context: Context, draft: ThemeDraft) -> set[str]:
    with pytest.raises(InvalidInputError) as refused:
        themes.add(context, GMINA, draft, None)
    return {fault.code for fault in refused.value.faults}


def test_the_tree_begins_with_the_topics_of_the_scenarios_once(context: Context, gmina: str) -> None:
    first = themes.tree(context, gmina)
    assert [node.topic for node in first] == ["partnerstwo", "reintegracja", "udzial", "perspektywy"]
    assert all(node.definition and node.example and node.depth == 0 for node in first)
    assert themes.tree(context, gmina) == first
    assert {node.id for node in themes.tree(context, OTHER_GMINA)}.isdisjoint(node.id for node in first)


def test_no_tree_for_a_gmina_that_there_is_not(context: Context, gmina: str) -> None:
    assert gmina
    with pytest.raises(NotFoundError):
        themes.tree(context, "999999")


def test_themes_stand_under_their_parents_three_levels_deep(context: Context, gmina: str) -> None:
    top = themes.tree(context, gmina)[1]
    middle = add(context, "Kluby integracji", top)
    low = add(context, "Staże", middle)
    assert labels(context)[1:4] == [(0, top.label), (1, "Kluby integracji"), (2, "Staże")]
    assert low.path == (top.label, "Kluby integracji", "Staże")
    assert faults_of(context, ThemeDraft("Za głęboko", parent_id=low.id)) == {"theme.parent"}


def test_a_branch_is_not_moved_under_itself_nor_too_deep(context: Context, gmina: str) -> None:
    first, second = themes.tree(context, gmina)[:2]
    middle = add(context, "Kluby integracji", first)
    add(context, "Staże", middle)
    offered = {node.id for node in themes.parents_for(themes.tree(context, gmina), first)}
    assert offered == set(), "a branch of three levels fits at the top alone"
    with pytest.raises(InvalidInputError):
        themes.change(context, gmina, first.id, ThemeDraft(first.label, parent_id=middle.id), None)
    themes.change(context, gmina, middle.id, ThemeDraft("Kluby", parent_id=second.id), None)
    assert labels(context)[:4] == [(0, first.label), (0, second.label), (1, "Kluby"), (2, "Staże")]


def test_an_order_of_ones_own(context: Context, gmina: str) -> None:
    before = [node.label for node in themes.tree(context, gmina)]
    last = themes.tree(context, gmina)[-1]
    themes.move(context, gmina, last.id, -1, None)
    assert [node.label for node in themes.tree(context, gmina)] == [*before[:2], before[3], before[2]]
    themes.move(context, gmina, last.id, 1, None)
    themes.move(context, gmina, last.id, 1, None)
    assert [node.label for node in themes.tree(context, gmina)] == before


def test_every_fault_at_once(context: Context, gmina: str) -> None:
    themes.tree(context, gmina)
    codes = faults_of(context, ThemeDraft(" ", "d" * 2001, "e\0", parent_id=2**40))
    assert codes == {"text.missing", "text.too_long", "text.nul", "theme.parent"}
    taken = themes.tree(context, gmina)[0].label.upper()
    assert faults_of(context, ThemeDraft(taken)) == {"theme.same_label"}


def test_retired_restored_and_deleted(context: Context, gmina: str) -> None:
    added = add(context, "Praca")
    themes.retire(context, gmina, added.id, None)
    add(context, "praca")  # the name is free again
    with pytest.raises(ConflictError):
        themes.restore(context, gmina, added.id, None)
    themes.delete(context, gmina, added.id, None)
    assert (0, "Praca") not in labels(context)
    with pytest.raises(ConflictError):  # of the scenario
        themes.delete(context, gmina, themes.tree(context, gmina)[0].id, None)


def test_another_gminas_theme_is_not_there(context: Context, gmina: str) -> None:
    foreign = themes.tree(context, OTHER_GMINA)[0]
    for deed in (themes.retire, themes.restore, themes.delete):
        with pytest.raises(NotFoundError):
            deed(context, gmina, foreign.id, None)
    assert faults_of(context, ThemeDraft("Obcy", parent_id=foreign.id)) == {"theme.parent"}


def test_changes_are_recorded(context: Context, gmina: str) -> None:
    added = add(context, "Praca")
    themes.change(context, gmina, added.id, ThemeDraft("Praca i staże"), None)
    themes.change(context, gmina, added.id, ThemeDraft("Praca i staże"), None)
    themes.retire(context, gmina, added.id, None)
    with context.database.reading() as session:
        actions = [event.action for event in audit.about(session, "theme", added.id)]
    assert actions == ["theme_added", "theme_changed", "theme_retired"]


def test_a_coordinator_makes_the_tree_on_its_pages(app: Flask, sqlite_context: Context) -> None:
    anna = staff(app, "anna@example.org")
    assert "Wiedza o partnerstwie" in anna.get(ADDRESS)
    anna.get(f"{ADDRESS}/nowy")
    refused = anna.send(f"{ADDRESS}/nowy", {"label": "", "definition": "Kto co daje.", "parent_id": "0"})
    assert refused.status_code == 422
    assert "Kto co daje." in refused.text, "what was typed comes back"
    typed = {"label": "Zasoby", "definition": "Kto co daje.", "example": "", "parent_id": "0"}
    assert anna.send(f"{ADDRESS}/nowy", typed).status_code == 303
    added = themes.tree(sqlite_context, GMINA)[-1]
    page = anna.get(f"{ADDRESS}/{added.id}/zmiana")
    assert "Usuń temat" in page
    anna.send(f"{ADDRESS}/{added.id}/wyzej")
    assert themes.tree(sqlite_context, GMINA)[-2].label == "Zasoby"
    anna.send(f"{ADDRESS}/{added.id}/wycofanie")
    assert "(wycofany)" in anna.get(ADDRESS)
    anna.send(f"{ADDRESS}/{added.id}/usuniecie")
    assert "Zasoby" not in [node.label for node in themes.tree(sqlite_context, GMINA)]


def test_a_member_reads_the_tree_and_changes_nothing(app: Flask) -> None:
    page = staff(app, "jan@example.org").get(ADDRESS)
    assert "Wiedza o partnerstwie" in page
    assert "Dodaj temat" not in page
    assert "zmiana" not in page
