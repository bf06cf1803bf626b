"""The note in a data package: what is in it, what is not, how to count the numbers again."""

from __future__ import annotations

from collections.abc import Sequence

from survey_app import polish
from survey_app.analysis.diagnoza.compose import EDITION_NAMES, place_words
from survey_app.analysis.diagnoza.package import (
    CODEBOOK,
    GROUPS,
    RESULTS,
    ROWS,
    RULES,
    STATES,
    TABLES,
    TEXTS,
    Package,
)
from survey_app.analysis.diagnoza.result import Diagnoza, Edition
from survey_app.analysis.released import HIDDEN
from survey_app.analysis.row_file import RowFile

_FILES = {
    TABLES: "wszystkie liczby, które wolno pokazać: jedna liczba w wierszu",
    STATES: "ile ankiet miało odpowiedź na pytanie, ile nie, a ilu osobom pytania nie zadano",
    RESULTS: "główne wyniki: liczby ankiet, RR1, gotowość ze składowymi i granicami, bez zaokrąglenia",
    RULES: "reguły, z których powstają główne wyniki",
    GROUPS: "grupy, dla których podano wyniki, i rodzaje instytucji, które do nich należą",
    TEXTS: "odpowiedzi otwarte, które zespół dopuścił, w losowej kolejności, bez grupy",
    ROWS: "odpowiedzi wiersz po wierszu; plik tylko dla zespołu",
    CODEBOOK: "książka kodów: co znaczy każda kolumna każdego pliku",
}
_SCRIPTS = {
    "policz.py": "przelicza liczby raportu w Pythonie (python3 policz.py)",
    "policz.R": "przelicza liczby raportu w R (Rscript policz.R)",
}


def package_note(diagnoza: Diagnoza, package: Package, rows: RowFile | None) -> str:
    """Plain text for people, as the file CZYTAJ.txt."""
    facts = diagnoza.facts
    parts = [
        [
            f"Dane diagnozy lokalnej: gmina {facts.gmina_name}",
            *(["PRZYKŁAD: dane wymyślone. Nie opisują żadnej prawdziwej gminy."] if facts.example else []),
            f"Gmina: {place_words(facts)}, kod TERYT {facts.gmina_teryt}",
            f"Badanie: {facts.title}; odpowiedzi zablokowano {polish.moment(facts.locked_at)}",
            f"Wydanie: {EDITION_NAMES[diagnoza.edition]}; wersja danych: {diagnoza.data_version}",
            f"Suma kontrolna danych (SHA-256): {diagnoza.checksum}",
            "Raport o tej samej sumie ma te same liczby: w PDF, na stronie, w DOCX, w XLSX i w tym pakiecie.",
        ],
        ["Pliki", *_listed(package)],
        ["Jak czytać", *_reading(diagnoza)],
        ["Jak przeliczyć", *_counting(rows)],
        ["Czego tu nie ma", *_left_out(diagnoza, rows)],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _listed(package: Package) -> list[str]:
    names = [file.name for file in package.files]
    lines = [f"- {name}: {words}" for name, words in _FILES.items() if name in names]
    definitions = [f"- {name}: definicja, z której liczono wyniki" for name, _ in package.definitions]
    return [*lines, *definitions, *(f"- {name}: {words}" for name, words in _SCRIPTS.items())]


def _reading(diagnoza: Diagnoza) -> list[str]:
    lines = [
        "Pliki CSV: znaki UTF-8, średnik między kolumnami, przecinek dziesiętny. Otwiera je każdy arkusz kalkulacyjny.",
    ]
    if diagnoza.facts.anonymous:
        lines.append(
            f"Słowo „{HIDDEN}” znaczy, że liczba mogłaby zdradzić odpowiedź konkretnej osoby, wprost albo przez "
            "odejmowanie. Ukryte nie znaczy zero. Reguły są w raporcie, w rozdziale o metodzie i w aneksie."
        )
    lines.append(
        "Pliki .json to definicje w zapisie kanonicznym: SHA-256 pliku kwestionariusz.json jest sumą kontrolną "
        "kwestionariusza, którą podaje raport."
    )
    return lines


def _counting(rows: RowFile | None) -> list[str]:
    source = "z wierszy i z tabel" if rows is not None and rows.rows else "z tabel"
    return [
        f"Oba skrypty liczą {source} to samo: liczby ankiet, rozkłady odpowiedzi, odsetki, RR1, gotowość i granice,",
        "i porównują je z tabelami raportu. Wypisują, co się nie zgadza. Kod wyjścia 0 znaczy, że wszystko się zgadza,",
        "kod 1, że coś się nie zgadza albo brakuje pliku. Nie potrzebują dodatkowych bibliotek ani sieci.",
    ]


def _left_out(diagnoza: Diagnoza, rows: RowFile | None) -> Sequence[str]:
    if rows is not None:
        return rows.notes
    told = "Wierszy z odpowiedziami: w wydaniu publicznym są tylko tabele."
    if diagnoza.edition is Edition.PUBLIC and diagnoza.coding is not None:
        told += (
            " Kodów poszczególnych interesariuszy: publicznie podaje się tylko liczby, bez osób fizycznych."
        )
    return [told]
