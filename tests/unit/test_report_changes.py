"""What changed from one report to the next: numbers by table, words by chapter, never the words of other people."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from survey_app.analysis.diagnoza.changes import CellChange, as_kept, changes_between
from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.document import (
    BulletList,
    Chapter,
    Document,
    Paragraph,
    TextTable,
    numbered,
)
from tests.unit import example_diagnoza as example


def report(*chapters: Chapter) -> dict[str, Any]:
    """Kept as a database keeps it."""
    document = Document("Diagnoza", "", "", (), numbered(chapters), "0" * 64)
    return json.loads(json.dumps(as_kept(document)))  # type: ignore[no-any-return]


def chapter(*blocks: Any, anchor: str = "wyniki", title: str = "Wyniki") -> Chapter:
    return Chapter("1", title, anchor, blocks)


def table(*rows: tuple[str, ...], caption: str = "Odpowiedzi", anchor: str = "tabela-p5") -> TextTable:
    return TextTable(caption, ("Grupa", "TAK", "NIE"), rows, anchor=anchor)


def test_the_same_report_has_no_changes() -> None:
    kept = as_kept(compose(example.example_60()))
    changes = changes_between(kept, json.loads(json.dumps(kept)))
    assert changes is not None
    assert not changes


def test_each_cell_that_differs_is_named_with_both_numbers() -> None:
    before = report(chapter(table(("Szkoły", "4", "3"), ("Firmy", "5", "0"), ("Kościoły", "2", "2"))))
    after = report(chapter(table(("Szkoły", "5", "3"), ("Firmy", "ukryte", "ukryte"), ("Inne", "1", "6"))))
    changes = changes_between(before, after)
    assert changes is not None
    (one,) = changes.tables
    assert (one.caption, one.kind) == ("Odpowiedzi", "changed")
    assert one.cells == (
        CellChange("Szkoły", "TAK", "4", "5"),
        CellChange("Firmy", "TAK", "5", "ukryte"),
        CellChange("Firmy", "NIE", "0", "ukryte"),
        CellChange("Inne", "TAK", "–", "1"),
        CellChange("Inne", "NIE", "–", "6"),
        CellChange("Kościoły", "TAK", "2", "–"),
        CellChange("Kościoły", "NIE", "2", "–"),
    )


def test_a_new_table_before_others_moves_numbers_and_changes_nothing_else() -> None:
    new = table(("a", "1", "2"), caption="Nowa", anchor="tabela-nowa")
    same = table(("Szkoły", "4", "3"))
    changes = changes_between(report(chapter(same)), report(chapter(new, same)))
    assert changes is not None
    assert [(one.caption, one.kind) for one in changes.tables] == [("Nowa", "new")]
    back = changes_between(report(chapter(new, same)), report(chapter(same)))
    assert back is not None
    assert [(one.caption, one.kind) for one in back.tables] == [("Nowa", "gone")]


def test_rows_and_tables_of_the_same_name_are_told_apart() -> None:
    twice = (table(("a", "1", "2"), ("a", "3", "4"), anchor=""), table(("a", "5", "6"), anchor=""))
    changed = (table(("a", "1", "2"), ("a", "3", "9"), anchor=""), table(("a", "5", "6"), anchor=""))
    changes = changes_between(report(chapter(*twice)), report(chapter(*changed)))
    assert changes is not None
    assert [one.cells for one in changes.tables] == [(CellChange("a", "NIE", "4", "9"),)]


def test_sentences_are_told_by_chapter() -> None:
    before = report(chapter(Paragraph("Zostaje."), Paragraph("Znika.")))
    after = report(chapter(Paragraph("Zostaje."), BulletList(("Nowe.",))))
    changes = changes_between(before, after)
    assert changes is not None
    (words,) = changes.words
    assert (words.chapter, words.added, words.removed, words.quoted) == (
        "Wyniki", ("Nowe.",), ("Znika.",), None,
    )  # fmt: skip


def test_what_people_said_is_counted_and_not_kept() -> None:
    def quoting(*said: str) -> dict[str, Any]:
        answers = chapter(BulletList(said), anchor="odpowiedzi-otwarte", title="Odpowiedzi otwarte")
        return report(answers, chapter(*(Paragraph(one, "quote") for one in said), anchor="wywiady"))

    before, after = quoting("Proboszcz milczy", "Wójt słucha"), quoting("Wójt słucha")
    assert "Proboszcz" not in json.dumps(before)
    changes = changes_between(before, after)
    assert changes is not None
    assert [(one.quoted, one.added, one.removed) for one in changes.words] == [((2, 1), (), ())] * 2
    swapped = changes_between(before, quoting("Proboszcz mówi", "Wójt słucha"))
    assert swapped is not None
    assert [one.quoted for one in swapped.words] == [(2, 2)] * 2


def test_no_free_answer_of_a_whole_report_is_kept() -> None:
    diagnoza = example.example_60()
    texts = {text for result in diagnoza.questions for text in result.texts}
    kept = json.dumps(as_kept(compose(diagnoza)), ensure_ascii=False)
    assert texts
    assert not [text for text in texts if len(text) > 20 and text in kept]


def test_a_report_that_kept_nothing_cannot_be_compared() -> None:
    kept = as_kept(compose(example.example_9()))
    assert changes_between({}, kept) is None
    assert changes_between(kept, {**kept, "form": 99}) is None


def test_the_checksum_alone_is_no_change() -> None:
    document = compose(example.example_9())
    other = replace(example.example_9(), checksum="f" * 64)
    changes = changes_between(as_kept(document), as_kept(compose(other)))
    assert changes is not None
    assert not changes
