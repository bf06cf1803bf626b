"""Who answered: the response rate with its counts, types of institutions, released groups."""

from __future__ import annotations

from collections.abc import Iterator

from survey_app import polish
from survey_app.analysis.charts.counts import counts_bars
from survey_app.analysis.charts.response_steps import steps_chart
from survey_app.analysis.diagnoza.document import (
    Block,
    Chapter,
    CountTable,
    Figure,
    Paragraph,
    Subheading,
)
from survey_app.analysis.diagnoza.result import Diagnoza
from survey_app.analysis.disclosure.steps import STEP

TYPES_ANCHOR = "tabela-rodzaje"


def response_chapter(diagnoza: Diagnoza) -> Chapter:
    """Counts first; the rate only where the population is known."""
    response = diagnoza.response
    blocks: list[Block] = [Paragraph(text) for text in _sentences(diagnoza)]
    blocks.append(
        CountTable(
            "Odpowiedzi na ankietę",
            response.table,
            show_shares=False,
            anchor="tabela-odpowiedzi",
            as_list=True,
        )
    )
    if response.answered and len(response.by_type.columns) > 1:
        caption = "Rodzaje instytucji, które odpowiedziały"
        blocks += [
            Subheading("Jakie instytucje odpowiedziały", "kto-rodzaje"),
            Figure(caption, counts_bars(response.by_type), TYPES_ANCHOR),
            CountTable(caption, response.by_type, anchor=TYPES_ANCHOR, as_list=True),
            Paragraph("Wyniki według grup podajemy w dalszych rozdziałach właśnie dla tych grup.", "note"),
        ]
    return Chapter("", "Kto odpowiedział", "odpowiedzi", [*blocks, *_over_time(diagnoza)])


def _over_time(diagnoza: Diagnoza) -> Iterator[Block]:
    """The mornings' numbers that staff were shown, in their steps (METHOD, "The ankieta"); nothing finer was kept."""
    steps, facts = diagnoza.response.steps, diagnoza.facts
    if steps is None:
        return
    opened, closed = (moment.astimezone(polish.WARSAW).date() for moment in (facts.opens_at, facts.closes_at))
    yield Subheading("Jak przychodziły odpowiedzi", "kto-kiedy")
    yield Figure(steps.title, steps_chart(steps, opened, closed, diagnoza.response.answered), "tabela-kiedy")
    yield CountTable(
        steps.title, steps, show_shares=False, anchor="tabela-kiedy", as_list=True, heading="Rano dnia"
    )
    yield Paragraph(
        f"W czasie ankiety liczbę odpowiedzi sprawdzano raz dziennie i zaokrąglano w dół do pełnych {STEP}. "
        "Dokładniejszych chwil serwis nie zapisuje, żeby nikt nie mógł powiązać odpowiedzi z dniem.",
        "note",
    )


def _sentences(diagnoza: Diagnoza) -> list[str]:
    response = diagnoza.response
    if response.invited is None:
        return [
            f"Otrzymano {polish.counted(response.answered, 'ankietę', 'ankiety', 'ankiet')}.",
            *response.notes,
        ]
    invited = polish.counted(response.invited, "instytucję", "instytucje", "instytucji")
    answered = polish.counted(response.answered, "ankietę", "ankiety", "ankiet")
    if not response.answered:
        return [f"Zaproszono {invited}. Nie otrzymano żadnej ankiety.", *response.notes]
    told = (
        f"Zaproszono {invited}, otrzymano {answered}, w tym kompletnych: {polish.whole(response.complete)}."
    )
    if response.rr1 is not None and response.invited:
        rate = polish.percent(response.rr1)
        told += f" Odsetek odpowiedzi według AAPOR: RR1 = {response.complete} / {response.invited} = {rate}."
    return [told, *response.notes]
