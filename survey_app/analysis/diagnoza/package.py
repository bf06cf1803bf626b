"""The data package of a diagnoza: its released tables and main numbers in the long form, for programs.

The public package holds released tables and nothing that is not in the report. The internal one adds the row file as
METHOD, "Disclosure control", allows it. `recompute/policz.py` and `policz.R` count the numbers again from these files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey_app.analysis.classes import CLOSED_TYPES
from survey_app.analysis.diagnoza.result import Bounds, Diagnoza
from survey_app.analysis.groups import Group, Groups
from survey_app.analysis.released import HIDDEN, ReleasedTable
from survey_app.analysis.row_file import STATE_WORDS, RowFile
from survey_app.instrument.loader import canonical_json
from survey_app.instrument.model import AnswerType, Instrument, Question
from survey_app.instrument.values import YES_NO_WORDS, State

Cell = str | int | float | None
TABLES, STATES, RESULTS, RULES, GROUPS, TEXTS, ROWS, CODEBOOK = (
    "tabele.csv", "stany.csv", "wyniki.csv", "reguly.csv", "grupy.csv", "teksty.csv", "wiersze.csv",
    "ksiazka-kodow.csv",
)  # fmt: skip
GROUP_COLUMN = "grupa"
QUESTION, BOXES, TYPES = "pytanie", "wpisy", "rodzaje"  # tables whose counts add up to their base


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file of the package. `columns`: name and meaning of each column."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.columns)


@dataclass(frozen=True, slots=True)
class Package:
    """`files`: to be written as CSV; `definitions`: name and text of each definition that the numbers rest on."""

    files: tuple[CsvFile, ...]
    definitions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A released table with the name and the kind that it has in the package."""

    kind: str
    name: str
    table: ReleasedTable


def build_package(diagnoza: Diagnoza, groups: Groups, rows: RowFile | None) -> Package:
    """`groups`: of the campaign. `rows`: the row file for the internal edition, None for the public one."""
    tables = tuple(released_tables(diagnoza))
    files = [
        _tables(diagnoza.instrument, tables),
        _states(tables),
        _results(diagnoza),
        _rules(diagnoza.instrument),
        _groups(groups),
        _texts(diagnoza),
    ]
    if rows is not None:
        files.append(_rows(diagnoza.instrument, groups, rows))
    return Package((*files, _codebook(files)), tuple(_definitions(diagnoza)))


def released_tables(diagnoza: Diagnoza) -> Iterator[NamedTable]:
    """Every released table of the edition, each once: of the ankieta, of coding, of interviews."""
    grouping = diagnoza.instrument.definitions.sectors
    yield NamedTable("odpowiedzi", "odpowiedzi", diagnoza.response.table)
    yield NamedTable("grupy", "grupy", diagnoza.response.groups)
    if diagnoza.response.steps is not None:
        yield NamedTable("kroki", "kroki", diagnoza.response.steps)
    for result in diagnoza.questions:
        if result.table is None:
            continue
        is_grouping = grouping is not None and grouping.question == result.question.id
        boxes = result.question.type is AnswerType.SHORT_TEXTS
        kind = TYPES if is_grouping else BOXES if boxes else QUESTION
        yield NamedTable(kind, result.question.id, result.table)
    for question_id, themes in diagnoza.text_themes.items():
        if any(row.counts[0] for row in themes.rows):
            yield NamedTable("tematy", f"tematy-{question_id}", themes)
    yield from _coding_tables(diagnoza)
    if diagnoza.interviews is not None:
        released = diagnoza.interviews.released
        heard = (released.by_sector, released.by_role, released.crossed, released.themes)
        for name, table in zip(("sektory", "role", "sektory-role", "tematy"), heard, strict=True):
            if table is not None:
                yield NamedTable("wywiady", f"wywiady-{name}", table)


def _coding_tables(diagnoza: Diagnoza) -> Iterator[NamedTable]:
    section = diagnoza.coding
    if section is None:
        return
    for one in section.rounds:
        released = one.released
        for name, table in (
            ("wszyscy", released.by_code), ("sektory", released.by_sector), ("typy", released.by_type),
            ("miejsce", released.by_place),
        ):  # fmt: skip
            yield NamedTable("kody", f"tura-{one.number}-{name}", table)
    if section.change is not None:
        change = section.change
        for name, table in (
            ("efekt", change.effect), ("przeplywy", change.flows), ("macierz", change.matrix),
            ("nowi-i-odeszli", change.new_and_departed),
        ):  # fmt: skip
            yield NamedTable("zmiana", f"zmiana-{name}", table)


def _tables(instrument: Instrument, tables: Sequence[NamedTable]) -> CsvFile:
    columns = (
        ("rodzaj", "pytanie: odpowiedzi na pytanie zamknięte; wpisy: liczba wypełnionych pól; rodzaje: rodzaje "
                   "instytucji; kroki: ankiety otrzymane do rana danego dnia, w krokach po 5 (kategoria_id "
                   "to dzień); odpowiedzi, grupy, tematy, kody, zmiana, wywiady: pozostałe tabele raportu"),
        ("tabela", "nazwa tabeli; dla pytań identyfikator pytania"),
        ("tytul", "tytuł tabeli"),
        ("grupa_id", "identyfikator wiersza tabeli; gmina: wszyscy razem"),
        ("grupa", "wiersz tabeli"),
        ("podstawa", f"liczba tych, którzy odpowiedzieli (n); {HIDDEN}: liczby nie wolno podać"),
        ("kategoria_id", "identyfikator kolumny tabeli"),
        ("kategoria", "kolumna tabeli"),
        ("liczba", f"liczba osób lub instytucji; {HIDDEN}: nie wolno podać, co nie znaczy zero"),
        ("odsetek", "liczba / podstawa, bez zaokrąglenia; puste przy małej podstawie i przy liczbach ukrytych"),
        ("kolumna", f"kolumna pliku {ROWS}, z której da się policzyć liczbę; puste: nie da się"),
        ("wartosc", "wartość w tej kolumnie"),
    )  # fmt: skip
    rows = tuple(line for named in tables for line in _table_lines(instrument, named))
    return CsvFile(TABLES, columns, rows)


def _table_lines(instrument: Instrument, named: NamedTable) -> Iterator[tuple[Cell, ...]]:
    table = named.table
    shares = named.kind in (QUESTION, TYPES)
    for row in table.rows:
        for column, count in zip(table.columns, row.counts, strict=True):
            yield (
                named.kind,
                named.name,
                table.title,
                row.id,
                row.label,
                HIDDEN if row.base is None else row.base,
                column.id,
                column.label,
                HIDDEN if count is None else count,
                table.share(row.id, column.id) if shares and not row.hidden else None,
                *_source_in_rows(instrument, named, column.id, column.label),
            )


def _source_in_rows(instrument: Instrument, named: NamedTable, column_id: str, label: str) -> tuple[str, str]:
    """Where the row file holds what a column of the table counts; empty where it does not."""
    if named.kind == TYPES:
        return GROUP_COLUMN, label
    if named.kind != QUESTION:
        return "", ""
    question = instrument.by_id[named.name]
    if question.type not in CLOSED_TYPES:
        return "", ""
    return question.id, column_id if question.type is AnswerType.SCALE else _word(question, column_id)


def _word(question: Question, column_id: str) -> str:
    if question.type is AnswerType.YES_NO:
        return YES_NO_WORDS[column_id]
    return question.option(column_id).label


def _states(tables: Sequence[NamedTable]) -> CsvFile:
    """Of questions whose gmina's row is shown: where it is hidden, so are the states."""
    columns = (
        ("pytanie", "identyfikator pytania"),
        ("stan", f"co się stało z pytaniem: {', '.join(STATE_WORDS.values())}"),
        ("liczba", "liczba ankiet w całej gminie; pytań, których wynik dla gminy jest ukryty, tu nie ma"),
    )
    rows = tuple(
        (named.name, STATE_WORDS[State(state)], count)
        for named in tables
        if named.kind in (QUESTION, BOXES)
        for state, count in named.table.states.items()
        if count is not None
    )
    return CsvFile(STATES, columns, rows)


def _results(diagnoza: Diagnoza) -> CsvFile:
    columns = (
        ("miara", "zaproszone, otrzymane, kompletne: liczby instytucji i ankiet; rr1: odsetek odpowiedzi AAPOR RR1, "
                  "od 0 do 1; gotowosc: wynik od 0 do 100; skladowa: odsetek TAK, od 0 do 1"),
        ("grupa_id", "identyfikator grupy; gmina: wszyscy razem"),
        ("grupa", "grupa"),
        ("pytanie", "pytanie, z którego powstaje składowa"),
        ("wynik", "liczba bez zaokrąglenia; puste: wyniku nie podano"),
        ("dolna", "dolna granica, gdyby wszyscy milczący odpowiedzieli NIE"),
        ("gorna", "górna granica, gdyby wszyscy milczący odpowiedzieli TAK"),
    )  # fmt: skip
    return CsvFile(RESULTS, columns, tuple(_result_lines(diagnoza)))


def _result_lines(diagnoza: Diagnoza) -> Iterator[tuple[Cell, ...]]:
    response, whole = diagnoza.response, ("gmina", "Cała gmina", "")
    if response.invited is not None:
        yield ("zaproszone", *whole, response.invited, None, None)
    yield ("otrzymane", *whole, response.answered, None, None)
    yield ("kompletne", *whole, response.complete, None, None)
    if response.rr1 is not None:
        yield ("rr1", *whole, response.rr1, None, None)
    for row in diagnoza.readiness.rows if diagnoza.readiness else ():
        invited = next((_invited(part.bounds, part.base) for part in row.components if part.bounds), None)
        if invited is not None and row.group_id != "gmina":
            yield ("zaproszone", row.group_id, row.label, "", invited, None, None)
        yield ("gotowosc", row.group_id, row.label, "", row.score, *_ends(row.bounds))
        for part in row.components:
            yield ("skladowa", row.group_id, row.label, part.question, part.share, *_ends(part.bounds))


def _ends(bounds: Bounds | None) -> tuple[float | None, float | None]:
    return (None, None) if bounds is None else (bounds.low, bounds.high)


def _invited(bounds: Bounds | None, base: int | None) -> int | None:
    """N of the bounds: their width is (N - answered) / N."""
    if bounds is None or not base:
        return None
    return round(base / (1 - (bounds.high - bounds.low)))


def _rules(instrument: Instrument) -> CsvFile:
    definitions = instrument.definitions
    rows: list[tuple[Cell, ...]] = [("odsetki_od", "", definitions.percent_from)]
    if definitions.complete is not None:
        rows.append(("kompletna_co_najmniej", "", definitions.complete.at_least))
        rows += [("kompletna", question, "") for question in definitions.complete.of]
    if definitions.readiness is not None:
        rows.append(("gotowosc_co_najmniej", "", definitions.readiness.minimum_answers))
        rows += [("gotowosc", item.question, item.positive) for item in definitions.readiness.items]
    columns = (
        ("regula", "odsetki_od: najmniejsza podstawa, przy której podaje się odsetki; kompletna: pytania, z których "
                   "liczy się, czy ankieta jest kompletna; gotowosc: pytania składowe gotowości"),
        ("pytanie", "identyfikator pytania"),
        ("wartosc", "liczba, a dla składowych gotowości identyfikator kategorii, którą się liczy"),
    )  # fmt: skip
    return CsvFile(RULES, columns, tuple(rows))


def _groups(groups: Groups) -> CsvFile:
    columns = (
        ("grupa_id", "identyfikator grupy"),
        ("grupa", "grupa, utworzona raz, przy blokadzie kampanii"),
        ("rodzaj", "rodzaj instytucji, który do niej należy"),
    )
    rows = tuple((group.id, group.label, member) for group in groups.items for member in group.members)
    return CsvFile(GROUPS, columns, rows)


def _texts(diagnoza: Diagnoza) -> CsvFile:
    """METHOD, "Disclosure control": cleared free texts as one shuffled list per question, without the group."""
    columns = (
        ("pytanie", "identyfikator pytania"),
        ("tekst", "odpowiedź, którą zespół dopuścił, w losowej kolejności"),
    )
    rows = tuple((result.question.id, text) for result in diagnoza.questions for text in result.texts)
    return CsvFile(TEXTS, columns, rows)


def _rows(instrument: Instrument, groups: Groups, rows: RowFile) -> CsvFile:
    meanings = {line[0]: f"{line[1]} Wartości: {line[2]}" for line in rows.codebook}
    columns = tuple((name, meanings.get(name, "")) for name in rows.header)
    if GROUP_COLUMN in rows.header:
        return CsvFile(ROWS, columns, rows.rows)
    grouping = instrument.definitions.sectors
    at = rows.header.index(grouping.question) if grouping else None
    lines = tuple(
        (_group(instrument, groups, None if at is None else row[at]).label, *row) for row in rows.rows
    )
    return CsvFile(ROWS, ((GROUP_COLUMN, "grupa z tabel raportu"), *columns), lines)


def _group(instrument: Instrument, groups: Groups, label: Cell) -> Group:
    """The group of what a row of a named campaign says on the grouping question."""
    grouping = instrument.definitions.sectors
    if grouping is None:
        return groups.items[0]
    options = {option.label: option.id for option in instrument.by_id[grouping.question].options}
    return groups.group_of(options.get(str(label)) if label else None)


def _codebook(files: Sequence[CsvFile]) -> CsvFile:
    columns = (("plik", "plik pakietu"), ("kolumna", "kolumna pliku"), ("znaczenie", "co w niej jest"))
    rows = tuple((file.name, name, meaning) for file in files for name, meaning in file.columns)
    return CsvFile(CODEBOOK, columns, rows)


def _definitions(diagnoza: Diagnoza) -> Iterator[tuple[str, str]]:
    """As canonical JSON: the sha256 of the file is the checksum that the report prints."""
    yield "kwestionariusz.json", canonical_json(diagnoza.instrument.document)
    seen: dict[str, Instrument] = {}
    for one in diagnoza.coding.rounds if diagnoza.coding else ():
        seen.setdefault(one.instrument.sha256, one.instrument)
    for number, criteria in enumerate(seen.values(), start=1):
        name = "wyrozniki.json" if len(seen) == 1 else f"wyrozniki-{number}.json"
        yield name, canonical_json(criteria.document)
