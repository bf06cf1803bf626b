"""Przelicza liczby diagnozy z plików tego pakietu i porównuje je z tabelami raportu.

Użycie: python3 policz.py [folder z plikami pakietu]
Kończy się kodem 0, gdy wszystko się zgadza, a kodem 1, gdy cokolwiek się nie zgadza albo brakuje pliku.
Potrzebny jest sam Python 3.8 lub nowszy, bez dodatkowych bibliotek. Plik policz.R liczy to samo w R.
"""

from __future__ import annotations

import csv
import os
import sys
from typing import Dict, Iterator, List, Optional

HIDDEN = "ukryte"
ANSWERED = "udzielona"
WHOLE = "gmina"
TOLERANCE = 1e-9
Line = Dict[str, str]
Lines = List[Line]


class Comparison:
    """How many numbers were the same, how many are hidden, and which differ."""

    def __init__(self) -> None:
        self.same = 0
        self.hidden = 0
        self.different = 0

    def number(self, what: str, counted: Optional[float], told: str) -> None:
        """`told`: as the file has it; empty where the report gives no number."""
        if told == HIDDEN:
            self.hidden += 1
            return
        expected = None if told == "" else float(told.replace(",", "."))
        if counted is None or expected is None:
            agrees = counted is None and expected is None
        else:
            agrees = abs(counted - expected) <= TOLERANCE * max(1.0, abs(expected))
        if agrees:
            self.same += 1
            return
        self.different += 1
        print("NIEZGODNE: %s: policzono %s, w raporcie %s" % (what, counted, told or "nie podano"))


def read(folder: str, name: str) -> Lines:
    with open(os.path.join(folder, name), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def whole(text: str) -> Optional[int]:
    return None if text in ("", HIDDEN) else int(text)


class Tables:
    """tabele.csv by table, group and category."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.cells: Dict[tuple[str, str, str], Line] = {}
        for line in lines:
            self.cells[line["tabela"], line["grupa_id"], line["kategoria_id"]] = line

    def rows(self) -> Iterator[Lines]:
        """The lines of each row of each table together."""
        found: Dict[tuple[str, str], Lines] = {}
        for line in self.lines:
            found.setdefault((line["tabela"], line["grupa_id"]), []).append(line)
        yield from found.values()

    def count(self, table: str, group: str, category: str) -> Optional[int]:
        line = self.cells.get((table, group, category))
        return None if line is None else whole(line["liczba"])

    def base(self, table: str, group: str, category: str) -> Optional[int]:
        line = self.cells.get((table, group, category))
        return None if line is None else whole(line["podstawa"])


def name_of(line: Line) -> str:
    return "%s, %s, %s" % (line["tabela"], line["grupa"], line["kategoria"])


def check_tables(tables: Tables, percent_from: int, comparison: Comparison) -> None:
    """Counts of a row add up to its base, groups to the gmina, and shares are counts by bases."""
    groups: Dict[tuple[str, str], List[Optional[int]]] = {}
    for row in tables.rows():
        first = row[0]
        if first["rodzaj"] not in ("pytanie", "wpisy", "rodzaje"):
            continue
        counts = [whole(line["liczba"]) for line in row]
        shown = [count for count in counts if count is not None]
        total = sum(shown) if len(shown) == len(counts) else None
        comparison.number(
            "suma wiersza: %s, %s" % (first["tabela"], first["grupa"]), total, first["podstawa"]
        )
        for line in row:
            if line["rodzaj"] != "wpisy" and HIDDEN not in (line["liczba"], line["podstawa"]):
                base = int(line["podstawa"])
                share = int(line["liczba"]) / base if base and base >= percent_from else None
                comparison.number("odsetek: %s" % name_of(line), share, line["odsetek"])
            if line["grupa_id"] != WHOLE:
                groups.setdefault((line["tabela"], line["kategoria_id"]), []).append(whole(line["liczba"]))
    for (table, category), counts in groups.items():
        shown = [count for count in counts if count is not None]
        line = tables.cells[table, WHOLE, category]
        if len(shown) == len(counts):
            comparison.number("suma grup: %s" % name_of(line), sum(shown), line["liczba"])


def check_states(states: Lines, answered: int, comparison: Comparison) -> None:
    """Each form is in one of the four states of each question."""
    totals: Dict[str, int] = {}
    for line in states:
        totals[line["pytanie"]] = totals.get(line["pytanie"], 0) + int(line["liczba"])
    for question, total in totals.items():
        comparison.number("suma stanów: %s" % question, total, str(answered))


def check_rows(
    rows: Lines, tables: Tables, states: Lines, results: Lines, rules: Lines, comparison: Comparison
) -> None:
    """The tables counted again from the rows, one row per form."""
    for line in tables.lines:
        column = line["kolumna"]
        if column == "" or column not in rows[0]:
            continue
        of_group = [row for row in rows if line["grupa_id"] == WHOLE or row["grupa"] == line["grupa"]]
        comparison.number(
            name_of(line), sum(row[column] == line["wartosc"] for row in of_group), line["liczba"]
        )
        if column + "_stan" in rows[0]:
            base = sum(row[column + "_stan"] == ANSWERED for row in of_group)
            comparison.number("podstawa: %s" % name_of(line), base, line["podstawa"])
    for line in states:
        column = line["pytanie"] + "_stan"
        if column in rows[0]:
            counted = sum(row[column] == line["stan"] for row in rows)
            comparison.number("stan: %s, %s" % (line["pytanie"], line["stan"]), counted, line["liczba"])
    wanted = [line["pytanie"] + "_stan" for line in rules if line["regula"] == "kompletna"]
    least = [int(line["wartosc"]) for line in rules if line["regula"] == "kompletna_co_najmniej"]
    told = {line["miara"]: line["wynik"] for line in results if line["grupa_id"] == WHOLE}
    comparison.number("otrzymane ankiety", len(rows), told["otrzymane"])
    if all(column in rows[0] for column in wanted):
        complete = [row for row in rows if sum(row[c] == ANSWERED for c in wanted) >= (least or [0])[0]]
        comparison.number("kompletne ankiety", len(complete), told["kompletne"])


def check_results(
    tables: Tables, results: Lines, rules: Lines, percent_from: int, comparison: Comparison
) -> None:
    """RR1, and readiness with its components and bounds, from the counts of the tables."""
    invited = {line["grupa_id"]: int(line["wynik"]) for line in results if line["miara"] == "zaproszone"}
    complete = [int(line["wynik"]) for line in results if line["miara"] == "kompletne"][0]
    positive = {line["pytanie"]: line["wartosc"] for line in rules if line["regula"] == "gotowosc"}
    least = [int(line["wartosc"]) for line in rules if line["regula"] == "gotowosc_co_najmniej"]
    for line in results:
        group = line["grupa_id"]
        if line["miara"] == "rr1":
            comparison.number("RR1", complete / invited[WHOLE], line["wynik"])
        elif line["miara"] == "skladowa":
            question = line["pytanie"]
            yes = tables.count(question, group, positive[question])
            base = tables.base(question, group, positive[question])
            known = yes is not None and base is not None and base >= max(1, percent_from)
            share = yes / base if known and yes is not None and base else None
            what = "składowa %s: %s" % (question, line["grupa"])
            comparison.number(what, share, line["wynik"])
            if line["dolna"] and yes is not None and base is not None:
                size = invited[group]
                comparison.number("%s, dolna granica" % what, yes / size, line["dolna"])
                comparison.number("%s, górna granica" % what, (yes + size - base) / size, line["gorna"])
        elif line["miara"] == "gotowosc":
            check_readiness(line, tables, positive, least[0], invited.get(group), comparison)


def check_readiness(
    line: Line,
    tables: Tables,
    positive: Dict[str, str],
    least: int,
    invited: Optional[int],
    comparison: Comparison,
) -> None:
    group, what = line["grupa_id"], "gotowość: %s" % line["grupa"]
    shares, low, high = [], [], []
    for question, category in positive.items():
        yes, base = tables.count(question, group, category), tables.base(question, group, category)
        if yes is None or base is None or base < least:
            comparison.number(what, None, line["wynik"])
            return
        shares.append(yes / base)
        if invited:
            low.append(yes / invited)
            high.append((yes + invited - base) / invited)
    comparison.number(what, 100 * sum(shares) / len(shares), line["wynik"])
    if line["dolna"]:
        comparison.number("%s, dolna granica" % what, 100 * sum(low) / len(low), line["dolna"])
        comparison.number("%s, górna granica" % what, 100 * sum(high) / len(high), line["gorna"])


def main(folder: str) -> int:
    try:
        tables = Tables(read(folder, "tabele.csv"))
        states, results, rules = (read(folder, name) for name in ("stany.csv", "wyniki.csv", "reguly.csv"))
    except OSError as missing:
        print("Brak pliku: %s" % missing.filename)
        return 1
    comparison = Comparison()
    percent_from = [int(line["wartosc"]) for line in rules if line["regula"] == "odsetki_od"][0]
    answered = [int(line["wynik"]) for line in results if line["miara"] == "otrzymane"][0]
    check_tables(tables, percent_from, comparison)
    check_states(states, answered, comparison)
    check_results(tables, results, rules, percent_from, comparison)
    rows = read(folder, "wiersze.csv") if os.path.exists(os.path.join(folder, "wiersze.csv")) else []
    if rows:
        check_rows(rows, tables, states, results, rules, comparison)
        print("Liczono z wierszy i z tabel.")
    else:
        print("Liczono z samych tabel: w tym pakiecie nie ma wierszy z odpowiedziami.")
    told = (comparison.same, comparison.different, comparison.hidden)
    print("Zgodne: %d, niezgodne: %d, ukryte (nie sprawdza się ich): %d." % told)
    return 1 if comparison.different or not comparison.same else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))))
