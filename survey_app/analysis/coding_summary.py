"""What the summary says of coding: sentences made by rules, from released numbers only."""

from __future__ import annotations

from survey_app import polish
from survey_app.analysis.diagnoza.chapters.change import effect_counts, signed
from survey_app.analysis.diagnoza.coding_section import CodingSection, RoundSection
from survey_app.analysis.diagnoza.document import KeyFigure
from survey_app.analysis.disclosure.codes import ReleasedChange, SectorsReached


def coding_sentences(section: CodingSection) -> tuple[str, ...]:
    """How many rounds, the codes of the last one, and what changed since the first."""
    told = [_rounds(section), _codes(section.last)]
    if section.change is not None:
        told += [_effect(section.change), _sectors(section.change)]
    if section.talks:
        count = polish.counted(len(section.talks), "interesariusza", "interesariuszy", "interesariuszy")
        first = section.talks[0].stakeholder.name
        told.append(f"Do przekonania zostało {count}; pierwsza rozmowa według siły oddziaływania: {first}.")
    return tuple(sentence for sentence in told if sentence)


def coding_figures(section: CodingSection) -> tuple[KeyFigure, ...]:
    """Large numbers: the most favourable code in the last round, and the effect since the first."""
    table = section.last.released.by_code
    row, label = table.rows[0], section.last.codes[0].label_plural
    figures = []
    if not row.hidden and row.base:
        told = f"{label}, z {polish.whole(row.base)} w turze {section.last.number}"
        figures.append(KeyFigure(polish.whole(row.counts[0] or 0), told))
    effect = effect_counts(section.change)[2] if section.change else None
    if effect is not None:
        figures.append(KeyFigure(signed(effect), "efekt animacji (zmiana liczby Zwolenników)"))
    return tuple(figures)


def _rounds(section: CodingSection) -> str:
    last = polish.date(section.last.closed_on)
    if len(section.rounds) == 1:
        return f"Zespół zakończył jedną turę kodowania interesariuszy ({last})."
    rounds = polish.counted(len(section.rounds), "turę", "tury", "tur")
    return f"Zespół zakończył {rounds} kodowania interesariuszy, ostatnią {last}."


def _codes(one: RoundSection) -> str:
    table = one.released.by_code
    row = table.rows[0]
    if row.hidden or not row.base:
        return ""
    counts = zip(table.columns, row.counts, strict=True)
    label = one.coding.code
    told = ", ".join(
        f"{label(column.id).label_plural}: {polish.whole(count or 0)}" for column, count in counts
    )
    return f"W turze {one.number} {told} (razem {polish.whole(row.base)})."


def _effect(change: ReleasedChange) -> str:
    before, after, effect = effect_counts(change)
    if before is None or after is None or effect is None:
        return ""
    return (
        f"Zwolenników było na początku {polish.whole(before)}, jest {polish.whole(after)}: efekt animacji "
        f"{signed(effect)}."
    )


def _sectors(change: ReleasedChange) -> str:
    before, after = _number(change.sectors_before), _number(change.sectors_after)
    if not before or not after:
        return ""
    return f"Sektory z co najmniej jednym Zwolennikiem: najpierw {before}, na koniec {after}."


def _number(reached: SectorsReached) -> str:
    return "" if reached.number is None else polish.whole(reached.number)
