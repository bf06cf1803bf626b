"""What a calculator found, as Markdown: the one text that the page, the files and the diagnoza all print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from survey_app import polish
from survey_app.analysis.papers.calculation_words import (
    NO_SOURCE,
    NOT_COMPUTED,
    SCENARIOS,
    break_even_words,
    formula_words,
    sign_words,
    summary,
    with_unit,
    words,
)
from survey_app.analysis.papers.calculator import Calculation, Effect, Missing, Scenario
from survey_app.instrument.assumptions import lacks_source
from survey_app.instrument.calculator_model import SOURCE, TABLE_OF, Assumption, Line, LineGroup
from survey_app.instrument.paper_model import Row

TOLD_IN_REPORT = 6  # assumptions that change the result most; the paper itself tells of all
ELSEWHERE = (
    "Wzory i wartości przyjęte w scenariuszach są w piśmie, z którego jest ten rozdział, i w jego plikach."
)
EFFECTS_HEADER = ("Założenie", "Wartości", "Wynik przy najniższej", "Wynik przy najwyższej", "Rozpiętość")
ASSUMPTIONS_HEADER = ("Założenie", "Najmniej", "Najpewniej", "Najwięcej", "Źródło i rok")
NO_NUMBER = "brak"
SIMULATION = (
    "To symulacja, a nie prognoza: pokazuje, co wynika z założeń podanych niżej, z ich źródłami. Kwoty są"
    " zaokrąglone do pełnych złotych, więc suma może się różnić o złotówkę."
)
CONVENTIONS = (
    "Scenariusz środkowy bierze z każdego założenia wartość najbardziej prawdopodobną.",
    "W scenariuszu pesymistycznym każde założenie ma tę z trzech wartości, przy której wynik jest najmniejszy, a w"
    " optymistycznym tę, przy której jest największy. Serwis sprawdza to liczbowo, założenie po założeniu, zaczynając"
    " od wartości środkowych, aż nic się już nie zmienia. Założenie, od którego wynik nie zależy, ma wartość środkową.",
    "Wpływ założenia to różnica wyników, gdy ono samo zmienia się od najniższej do najwyższej wartości, a wszystkie"
    " inne są środkowe.",
    "Próg to najmniejsza pełna liczba, przy której wynik nie jest ujemny; reszta jak w danym scenariuszu.",
)


def calculation_text(found: Calculation, conventions: Iterable[str] = ()) -> Iterator[str]:
    """Headings, paragraphs, lists and tables of one paper; the assumptions themselves follow as the form's tables.

    `conventions`: of the file, beside those that hold for every calculator.
    """
    yield "## Wynik"
    yield SIMULATION
    yield from _missing(found)
    yield from _result(found)
    for group in found.calculator.groups:
        yield f"### {_plain(group.title)}"
        yield _group(group, found)
    if found.result is not None:
        yield from _break_even(found)
        yield from _effects(found)
        yield from _chosen(found)
    yield "## Jak to policzono"
    yield "Tak liczy ten serwis; to są konwencje, nie przepisy:"
    yield _list((*CONVENTIONS, *conventions))
    yield "### Wzory"
    rows = ((_named(line), formula_words(found.calculator, line)) for line in found.calculator.lines)
    yield _table(("Pozycja", "Wzór"), rows)
    yield "### Czego ten rachunek nie liczy"
    yield _list(found.calculator.not_counted)


def report_text(found: Calculation, said: Iterable[str], conventions: Iterable[str] = ()) -> Iterator[str]:
    """The same for the diagnoza, on two or three pages: the result, what it hangs on, the assumptions with their
    sources, conventions. `said`: what the team wrote, as parts of Markdown; it follows the result.
    """
    yield "## Wynik"
    yield SIMULATION
    yield from _missing(found)
    yield from _result(found)
    yield "### Trzy scenariusze"
    rows = [row for group in found.calculator.groups for row in _rows(group, found)]
    yield _table(["Pozycja", *(name for name, _ in _scenarios(found))], rows)
    if found.result is not None:
        yield _break_even_words(found)
    yield from said
    if found.result is not None:
        yield from _effects(found, TOLD_IN_REPORT)
    yield "### Założenia i ich źródła"
    yield _table(ASSUMPTIONS_HEADER, _assumptions(found))
    yield "### Jak to policzono"
    yield f"Tak liczy ten serwis; to są konwencje, nie przepisy. {ELSEWHERE}"
    yield _list((*CONVENTIONS, *conventions))
    yield "### Czego ten rachunek nie liczy"
    yield _list(found.calculator.not_counted)


def _assumptions(found: Calculation) -> Iterator[Sequence[str]]:
    for one in found.calculator.assumptions:
        given = found.assumed.given.get(one.id)
        if given is None:
            yield (_asked(one), *(NO_NUMBER,) * 3, _why(one, found) or NO_NUMBER)
        else:
            numbers = (given.low, given.middle, given.high)
            yield (_asked(one), *(words(number, one.unit) for number in numbers), given.source)


def _missing(found: Calculation) -> Iterator[str]:
    if found.assumed.problems:
        yield "Tych liczb nie wzięto do rachunku, bo jest w nich błąd:"
        yield _list(f"{one.message} {one.hint}" for one in found.assumed.problems)
    if unsourced := found.assumed.unsourced:
        count = polish.counted(len(unsourced), "założeniu", "założeniach", "założeniach")
        yield f"Brak źródła przy {count}. Takie liczby nie wchodzą do rachunku, dopóki nie wiadomo, skąd są:"
        yield _list(_asked(one) for one in found.calculator.assumptions if one.id in unsourced)
    if found.missing:
        yield "Nie wszystko da się policzyć. Brakuje tych założeń:"
        yield _table(
            ("Założenie", "Czego bez niego nie ma"),
            (
                (": ".join(filter(None, (_asked(one.assumption), _why(one.assumption, found)))), _lost(one))
                for one in found.missing
            ),
        )


def _why(one: Assumption, found: Calculation) -> str:
    """That there is a number, but not its source; "" where there is none."""
    return NO_SOURCE if one.id in found.assumed.unsourced else ""


def with_marks(tables: Mapping[str, Sequence[Row]]) -> Mapping[str, Sequence[Row]]:
    """A paper's tables, where a missing source is said in the cell that should hold it."""
    return {
        name: [{**row, SOURCE: NO_SOURCE} if lacks_source(row) else row for row in rows]
        if name.startswith(TABLE_OF)
        else rows
        for name, rows in tables.items()
    }


def _lost(one: Missing) -> str:
    lines = ", ".join(f"„{line.label}”" for line in one.lines)
    return f"{lines}, a więc i wyniku" if one.result else lines


def _result(found: Calculation) -> Iterator[str]:
    result = found.result
    if result is None or found.pessimistic is None or found.optimistic is None:
        return
    yield summary(found)
    line = found.calculator.line(found.calculator.result)
    ends = [end.lines[line.id] for end in (found.pessimistic, found.optimistic)]
    if line.unit.is_money:
        told = [sign_words(one) for one in (ends[0], result, ends[1])]
        if told[0] == told[2]:
            yield f"We wszystkich trzech scenariuszach wynik jest {told[0]}."
        else:
            yield (
                f"W pesymistycznym wynik jest {told[0]}, w środkowym {told[1]}, w optymistycznym {told[2]}:"
                " założenia rozstrzygają, czy rachunek się zamyka."
            )


def _scenarios(found: Calculation) -> list[tuple[str, Scenario]]:
    """The middle one alone where the others cannot be computed."""
    three = zip(SCENARIOS, (found.pessimistic, found.middle, found.optimistic), strict=True)
    return [(name, one) for name, one in three if one is not None]


def _named(line: Line) -> str:
    return f"{line.label} ({line.unit.value})"


def _asked(one: Assumption) -> str:
    return f"{one.name} ({one.unit.value})"


def _group(group: LineGroup, found: Calculation) -> str:
    return _table(["Pozycja", *(name for name, _ in _scenarios(found))], _rows(group, found))


def _rows(group: LineGroup, found: Calculation) -> Iterator[list[str]]:
    for line in group.lines:
        values = [one.lines.get(line.id) for _, one in _scenarios(found)]
        yield [
            _named(line),
            *(NOT_COMPUTED if value is None else words(value, line.unit) for value in values),
        ]


def _break_even(found: Calculation) -> Iterator[str]:
    yield "### Kiedy wynik przestaje być ujemny"
    yield _break_even_words(found)
    asked, shown = found.calculator.assumption(found.calculator.break_even), _scenarios(found)
    row = [f"Próg: {_asked(asked)}", *(break_even_words(one) for _, one in shown)]
    yield _table(["Pozycja", *(name for name, _ in shown)], [row])


def _break_even_words(found: Calculation) -> str:
    asked, middle = found.calculator.assumption(found.calculator.break_even), found.middle.break_even
    if middle is None:
        return f"W scenariuszu środkowym żadna liczba nie wystarcza: „{asked.name}” nie ma tu progu."
    told = words(found.middle.chosen[asked.id], asked.unit)
    return (
        f"Żeby w scenariuszu środkowym wynik nie był ujemny, potrzeba co najmniej {polish.whole(middle)}:"
        f" „{asked.name}”. Przyjęto {told}."
    )


def _effects(found: Calculation, limit: int | None = None) -> Iterator[str]:
    """`limit`: how many of them are told; None: all."""
    yield "### Co zmienia wynik najbardziej"
    told = [one for one in found.effects if one.span]
    if not told:
        yield "Żadne założenie nie zmienia wyniku: wszystkie mają jedną wartość albo nie mają wpływu."
        return
    unit = found.calculator.line(found.calculator.result).unit
    most = told[0]
    yield (
        f"Najbardziej zmienia go założenie „{most.assumption.name}”: gdy rośnie od"
        f" {words(most.given.low, most.assumption.unit)} do {with_unit(most.given.high, most.assumption.unit)},"
        f" wynik zmienia się od {with_unit(most.at_low, unit)} do {with_unit(most.at_high, unit)}"
        f" (rozpiętość {with_unit(most.span, unit)})."
    )
    yield _signs(told)
    rows = (
        (
            _asked(one.assumption),
            f"{words(one.given.low, one.assumption.unit)} do {words(one.given.high, one.assumption.unit)}",
            *(words(value, unit) for value in (one.at_low, one.at_high, one.span)),
        )
        for one in told[:limit]
    )
    yield _table(EFFECTS_HEADER, rows)
    if limit is not None and len(told) > limit:
        others = polish.counted(
            len(told) - limit, "założenie zmienia", "założenia zmieniają", "założeń zmienia"
        )
        each = "" if len(told) - limit == 1 else " każde"
        yield f"Dalsze {others} wynik o najwyżej {with_unit(told[limit].span, unit)}{each}."
    still = [one.assumption.name for one in found.effects if not one.span]
    if still:
        yield f"Wyniku nie zmieniają, bo podano dla nich jedną wartość: {', '.join(still)}."


def _signs(told: Sequence[Effect]) -> str:
    turning = [f"„{one.assumption.name}”" for one in told if one.changes_sign]
    if not turning:
        return "Żadne założenie wzięte osobno nie rozstrzyga, czy wynik jest ujemny."
    return f"Od tego, jaka będzie ich wartość, zależy, czy wynik jest ujemny: {', '.join(turning)}."


def _chosen(found: Calculation) -> Iterator[str]:
    shown = _scenarios(found)
    yield "### Co przyjmują scenariusze"
    rows = (
        [_asked(one), *(words(scenario.chosen[one.id], one.unit) for _, scenario in shown)]
        for one in found.calculator.assumptions
        if one.id in found.assumed.given
    )
    yield _table(["Założenie", *(name for name, _ in shown)], rows)


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {_plain(item)}" for item in items)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join([_row(header), f"|{'---|' * len(header)}", *map(_row, rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def _plain(text: str) -> str:
    """A definition's words on one line; no sign of theirs is taken for markup."""
    return " ".join(text.splitlines()).replace("\\", "\\\\").replace("#", "\\#")
