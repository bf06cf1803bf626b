"""What changed between the first and the last round: effect, flows, sectors; in the internal edition everyone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey_app import polish
from survey_app.analysis.charts.flow import flow_chart
from survey_app.analysis.coding.change import RoundChange, StakeholderChange
from survey_app.analysis.diagnoza.chapters.coding import NO_SAMPLE
from survey_app.analysis.diagnoza.chapters.persuasion import persuasion_blocks
from survey_app.analysis.diagnoza.coding_section import CodingSection
from survey_app.analysis.diagnoza.document import (
    Block,
    Chapter,
    CountTable,
    Figure,
    Paragraph,
    Subheading,
    TextTable,
)
from survey_app.analysis.disclosure.codes import ReleasedChange, SectorsReached
from survey_app.analysis.released import HIDDEN, ReleasedTable
from survey_app.instrument.model import Code


def change_chapter(section: CodingSection, gmina: str, wojewodztwo: str) -> Chapter:
    """Empty with fewer than two closed rounds, unless the team wrote down what it did to win somebody over."""
    blocks: list[Block] = []
    if section.change is not None:
        blocks += [Paragraph(_intro(section)), Paragraph(NO_SAMPLE)]
        blocks += _effect(section.change, gmina, wojewodztwo)
        blocks += _matrix(section.change, _codes(section))
        blocks += _sectors(section.change)
        blocks += _new_and_departed(section.change)
    if section.moves is not None:
        blocks += _everyone(section.moves)
    if section.persuasion is not None:
        blocks += persuasion_blocks(section.persuasion)
    return Chapter("", "Zmiana między turami", "zmiana", blocks)


def signed(number: int) -> str:
    """ "+13", "0", "−2"."""
    return f"+{polish.whole(number)}" if number > 0 else polish.whole(number).replace("-", "−")


def effect_counts(change: ReleasedChange) -> tuple[int | None, int | None, int | None]:
    """Supporters before and after, and the difference; None for what is hidden."""
    row = change.effect.rows[0].id
    before, after, effect = (change.effect.count(row, column) for column in ("before", "after", "effect"))
    return before, after, effect


def _intro(section: CodingSection) -> str:
    first, last = section.rounds[0], section.last
    return (
        f"Porównujemy turę {first.number} (zamkniętą {polish.date(first.closed_on)}) z turą {last.number} (zamkniętą "
        f"{polish.date(last.closed_on)}). Nowych i tych, których w ostatniej turze już nie ma, liczymy osobno."
    )


def _effect(change: ReleasedChange, gmina: str, wojewodztwo: str) -> Iterator[Block]:
    before, after, effect = effect_counts(change)
    yield Subheading("Efekt animacji", "zmiana-efekt")
    yield TextTable(
        "Zmiany w liczbie Zwolenników",
        ("Gmina", "Województwo", "Początek (pierwsze kodowanie)", "Ostatnie kodowanie", "Efekt animacji"),
        (
            (
                gmina,
                wojewodztwo or "–",
                _word(before),
                _word(after),
                HIDDEN if effect is None else signed(effect),
            ),
        ),
        (2.2, 2, 1.8, 1.6, 1.4),
        "tabela-efekt",
    )
    yield Paragraph("Układ tabeli: dokument 002, Tabela 2.", "note")
    yield from (Paragraph(note, "note") for note in change.effect.notes)
    told = _flow_words(change.flows)
    if told and effect is not None:
        yield Paragraph(f"Z czego się składa {signed(effect)}: {told}.")


def _flow_words(table: ReleasedTable) -> str:
    """Nothing where a part is hidden."""
    row = table.rows[0]
    if row.hidden:
        return ""
    gained, lost, new, departed = (
        table.count(row.id, key) or 0 for key in ("gained", "lost", "new", "departed")
    )
    return (
        f"przybyło przez zmianę kodu {polish.whole(gained)}, ubyło przez zmianę kodu {polish.whole(lost)}, nowi "
        f"w katalogu z tym kodem: {polish.whole(new)}, ci z tym kodem, których już nie ma: {polish.whole(departed)}"
    )


def _word(count: int | None) -> str:
    return HIDDEN if count is None else polish.whole(count)


def _codes(section: CodingSection) -> list[Code]:
    """Of every round: a team may have changed its scheme between them."""
    return list({code.id: code for one in section.rounds for code in one.codes}.values())


def _matrix(change: ReleasedChange, codes: Sequence[Code]) -> Iterator[Block]:
    if not any(not row.hidden and row.base for row in change.matrix.rows):
        return
    caption = "Kod przed i po, dla ocenionych w obu turach"
    yield Subheading("Z jakiego kodu na jaki", "zmiana-przeplywy")
    yield Figure(caption, flow_chart(change.matrix, codes), "tabela-przeplywy")
    yield CountTable(
        caption, change.matrix, show_shares=False, anchor="tabela-przeplywy", heading="Kod przed"
    )


def _sectors(change: ReleasedChange) -> Iterator[Block]:
    yield Subheading("Sektory z co najmniej jednym Zwolennikiem", "zmiana-sektory")
    yield TextTable(
        "Sektory z co najmniej jednym Zwolennikiem",
        ("Kiedy", "Liczba", "Które"),
        (
            _sector_cells("Pierwsza tura", change.sectors_before),
            _sector_cells("Ostatnia tura", change.sectors_after),
        ),
        (1.3, 1.3, 5),
        "tabela-sektory",
    )
    yield Paragraph("Układ: dokument 002, Rys. 7.", "note")


def _sector_cells(when: str, reached: SectorsReached) -> tuple[str, str, str]:
    names = "; ".join(reached.named)
    if reached.number is None:
        return when, HIDDEN, f"co najmniej: {names}" if names else HIDDEN
    number = f"{polish.whole(reached.number)} z {polish.whole(reached.of)}"
    if len(reached.named) < reached.number:
        return (
            when,
            number,
            f"{names or 'bez nazw'} (pozostałych nie wymieniamy, żeby nie wskazać instytucji)",
        )
    return when, number, names or "żaden"


def _new_and_departed(change: ReleasedChange) -> Iterator[Block]:
    table = change.new_and_departed
    if any(row.hidden or row.base for row in table.rows):
        yield Subheading("Nowi i ci, których już nie ma", "zmiana-nowi")
        yield CountTable(
            "Nowi w ostatniej turze i nieobecni w niej",
            table,
            show_shares=False,
            anchor="tabela-nowi",
            heading="Kto",
        )


def _everyone(moves: RoundChange) -> Iterator[Block]:
    """METHOD, "Coding": which stakeholder moved from which code to which, with the reason.

    Whoever has the same code as before stands with it, and with its reason, in the list of the last round.
    """
    changed = [pair for pair in moves.pairs if pair.changed]
    if moves.pairs:
        yield Subheading("Kto zmienił kod i dlaczego", "zmiana-kto")
    if changed:
        yield TextTable(
            "Zmiany kodu, interesariusz po interesariuszu",
            ("Interesariusz", "Sektor", "Przed", "Po", "Powód w ostatniej turze"),
            tuple(_pair_cells(moves, pair) for pair in changed),
            (2.8, 2.2, 1.4, 1.4, 3.8),
            "tabela-zmiany",
        )
    if same := len(moves.pairs) - len(changed):
        told = polish.counted(same, "interesariusz ma", "interesariuszy ma", "interesariuszy ma")
        number = moves.after.number
        yield Paragraph(
            f"Bez zmiany: {told} ten sam kod co przedtem. Kody i powody są w wykazie tury {number}.",
            "note",
            f"tabela-lista-{number}",
        )
    yield from (Paragraph(sentence, "note") for sentence in moves.joined)
    if moves.new:
        label = moves.after.coding.code
        yield TextTable(
            "Nowi w ostatniej turze",
            ("Interesariusz", "Sektor", "Kod", "Powód"),
            tuple((one.name, one.sector_label, label(one.code).label, one.reason) for one in moves.new),
            (2.6, 1.8, 1.4, 3.6),
            "tabela-nowi-lista",
        )
    if moves.departed:
        label = moves.before.coding.code
        yield TextTable(
            "Byli w pierwszej turze, nie ma ich w ostatniej",
            ("Interesariusz", "Sektor", "Kod wtedy", "Dlaczego"),
            tuple(
                (one.name, one.sector_label, label(one.code).label, moves.departed_why[one.stakeholder_id])
                for one in moves.departed
            ),
            (2.6, 1.8, 1.4, 3.6),
            "tabela-odeszli",
        )


def _pair_cells(moves: RoundChange, pair: StakeholderChange) -> tuple[str, ...]:
    before, after = moves.before.coding.code(pair.before).label, moves.after.coding.code(pair.after).label
    return pair.name, pair.sector_label, before, after, pair.reason
