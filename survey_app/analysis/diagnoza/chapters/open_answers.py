"""Open answers: cleared texts in random order, without the group they come from (METHOD, "Disclosure control")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from survey_app import polish
from survey_app.analysis.diagnoza.chapters.questions import heading_of
from survey_app.analysis.diagnoza.document import (
    Block,
    BulletList,
    Chapter,
    CountTable,
    Paragraph,
    Subheading,
)
from survey_app.analysis.diagnoza.result import Diagnoza, QuestionResult


def open_answers_chapter(diagnoza: Diagnoza) -> Chapter:
    """Only questions with a text to show, or with texts of which it may be said how many are held back."""
    shown = [result for result in diagnoza.questions if result.texts or result.texts_withheld]
    blocks: list[Block] = []
    if shown:
        order = "w kolejności losowej, bez podania, z jakiej instytucji pochodzą"
        blocks.append(
            Paragraph(
                f"Odpowiedzi przytaczamy dosłownie, {order}. Zespół sprawdził wcześniej, czy nie ma w nich nazw i "
                "nazwisk. Odpowiedzi jednakowe podajemy raz, z liczbą powtórzeń."
            )
        )
    for result in shown:
        blocks += _question(diagnoza, result)
    return Chapter("", "Odpowiedzi otwarte", "odpowiedzi-otwarte", blocks)


def _question(diagnoza: Diagnoza, result: QuestionResult) -> list[Block]:
    blocks: list[Block] = [Subheading(_heading(diagnoza, result), f"teksty-{result.question.id}")]
    if result.texts_withheld:
        withheld = polish.counted(result.texts_withheld, "odpowiedzi", "odpowiedzi", "odpowiedzi")
        blocks.append(
            Paragraph(f"Nie pokazano {withheld}, których zespół nie sprawdził albo nie dopuścił.", "note")
        )
    if result.texts:
        blocks.append(BulletList(tuple(merge_equal(result.texts))))
    themes = diagnoza.text_themes.get(result.question.id)
    if themes is not None and any(row.counts[0] for row in themes.rows):
        blocks.append(
            CountTable(
                "Tematy tych odpowiedzi",
                themes,
                show_shares=False,
                anchor=f"tabela-tematy-{result.question.id}",
                heading="Temat",
            )
        )
    return blocks


def _heading(diagnoza: Diagnoza, result: QuestionResult) -> str:
    """A follow-up names the question that it hangs on."""
    question = result.question
    if not question.follows:
        return heading_of(question)
    number = diagnoza.instrument.by_id[question.follows].number
    return f"Do pytania {number}. {heading_of(question)}" if number else heading_of(question)


def merge_equal(texts: Sequence[str]) -> list[str]:
    """Equal texts once, with how often; small letters, capitals and outer spaces do not make a difference."""
    counts = Counter(_key(text) for text in texts)
    merged, seen = [], set()
    for text in texts:
        key = _key(text)
        if key in seen:
            continue
        seen.add(key)
        times = counts[key]
        merged.append(text.strip() if times == 1 else f"{text.strip()} ({polish.whole(times)}×)")
    return merged


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
