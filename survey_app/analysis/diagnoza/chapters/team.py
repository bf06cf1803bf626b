"""The team's own words: conclusions and recommendations, the mark on a changed summary, what it said before."""

from __future__ import annotations

from survey_app import polish
from survey_app.analysis.diagnoza.document import Block, BulletList, Chapter, Paragraph, Subheading
from survey_app.analysis.diagnoza.result import Diagnoza, SummaryPart, TeamText
from survey_app.analysis.diagnoza.team_words import text_blocks

CHANGED = "Zmienione przez zespół"


def conclusions_chapter(diagnoza: Diagnoza) -> Chapter:
    """METHOD, "The diagnoza": conclusions written by the ZSL. Left out until there are any."""
    blocks: list[Block] = []
    for text, heading, anchor in (
        (diagnoza.conclusions, "Wnioski", "wnioski-zespolu"),
        (diagnoza.recommendations, "Rekomendacje", "rekomendacje-zespolu"),
    ):
        if text is not None:
            blocks += [Subheading(heading, anchor), *text_blocks(text.text), *_outdated(text)]
    if blocks:
        author = "Ten rozdział napisał Zespół Synergii Lokalnej. Serwis niczego w nim nie policzył ani nie zmienił."
        blocks.insert(0, Paragraph(author, "note"))
    return Chapter("", "Wnioski i rekomendacje zespołu", "wnioski", blocks)


def replaced_annex(diagnoza: Diagnoza) -> Chapter:
    """What the rules said where the team changed the summary: one step away from every mark."""
    blocks: list[Block] = []
    for part in diagnoza.summary:
        if part.team is not None:
            blocks += [Subheading(part.heading, _anchor(part), compact=True), *rules_blocks(part)]
    if blocks:
        why = (
            "Te części podsumowania zespół zmienił. Tutaj stoją tak, jak ułożył je serwis z wyników, według stałych "
            "reguł."
        )
        blocks.insert(0, Paragraph(why))
    return Chapter("", "Podsumowanie przed zmianami zespołu", "aneks-podsumowanie", blocks)


def rules_blocks(part: SummaryPart) -> list[Block]:
    """The sentences made by rules."""
    return [*map(Paragraph, part.sentences), *([BulletList(part.points)] if part.points else [])]


def mark_of(part: SummaryPart) -> Paragraph:
    """That these are the team's words, since when, whether the results are still the same, and where the others are."""
    assert part.team is not None
    later = " Od tego czasu wyniki się zmieniły." if part.team.outdated else ""
    told = f"{CHANGED} {polish.date(part.team.changed_on)}.{later} Tekst ułożony z wyników jest w aneksie."
    return Paragraph(told, "note", link=_anchor(part))


def _outdated(text: TeamText) -> list[Block]:
    if not text.outdated:
        return []
    told = f"Zespół napisał to {polish.date(text.changed_on)}. Od tego czasu wyniki się zmieniły."
    return [Paragraph(told, "note")]


def _anchor(part: SummaryPart) -> str:
    return f"przed-zmianami-{part.key}"
