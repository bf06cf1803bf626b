"""Annexes of a region's report: definitions and sources, what is hidden by which rule, what the numbers rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from survey_app import polish
from survey_app.analysis.diagnoza.chapters.methods import MANSKI, OURS
from survey_app.analysis.diagnoza.document import BulletList, Chapter, Paragraph, TextTable
from survey_app.analysis.disclosure.rollup import MIN_GMINAS
from survey_app.analysis.released import ReleasedTable
from survey_app.analysis.rollup.region_tables import title_of
from survey_app.analysis.rollup.regions import RollUp

Row = tuple[str, str, str]
_AAPOR = "American Association for Public Opinion Research, Standard Definitions (Response Rate 1)"
_RULES = (
    "Gminy wysyłają do zestawień raz, po zablokowaniu kampanii, tylko liczby z publicznej diagnozy. Liczb, które gmina "
    "sama ukrywa, nie ma w sumach, chyba że z ukrytymi liczbami innych gmin.",
    f"Ukryte liczby gmin dodaje się razem, gdy jest ich co najmniej {MIN_GMINAS}, łącznie odpowiadających jest co "
    "najmniej k, a z sumy i z tabel gmin nie da się odczytać żadnej z nich.",
    f"Suma obszaru ma co najmniej {MIN_GMINAS} gminy. Ukrywa się też taką, która po odjęciu od sumy większego obszaru "
    "zostawiłaby jedną albo dwie gminy.",
    "Osobny wiersz gminy jest tylko za zgodą jej zespołu i tylko tam, gdzie nie zdradza wyniku sąsiednich gmin.",
    f"Najniższą, środkową i najwyższą wartość podaje się od {MIN_GMINAS} gmin, bez ich nazw.",
    "Kodowanie: tylko liczby z wydań publicznych, bez osób fizycznych.",
)

_NETWORK_RULE = (
    "Sposoby powołania zespołów i formy usług są w publicznych aktach, więc liczy się je jawnie. Zwolenników z zapisów "
    "dodaje się do liczb z serwisu tylko wtedy, gdy każdą z tych sum wolno podać osobno."
)


def methods_annex(found: RollUp) -> Chapter:
    """Formulas of what this report shows, each with where it comes from."""
    header = ("Pojęcie", "Wzór i znaczenie", "Źródło")
    rows = (*_ankieta_rows(found), *_coding_rows(found), *_sum_rows())
    table = TextTable("Definicje i wzory", header, rows, (1.4, 4, 2), "tabela-definicje")
    return Chapter("", "Definicje i wzory", "aneks-definicje", [table])


def _ankieta_rows(found: RollUp) -> Iterator[Row]:
    if not found.gminas:
        return
    yield (
        "Odsetek odpowiedzi RR1",
        "ankiety kompletne / zaproszone instytucje\nTylko w gminach, które wysłały zaproszenia.",
        _AAPOR,
    )
    least = polish.whole(max((one.table.percent_from for one in found.questions), default=1))
    yield (
        "Odsetek",
        f"liczba odpowiedzi / n\nn to liczba tych, którzy odpowiedzieli na to pytanie. Przy n mniejszym niż {least} "
        "podaje się liczby.",
        OURS,
    )
    if not found.shares:
        return
    listed = ", ".join(one.label for one in found.shares)
    yield (
        "Gotowość gminy",
        f"100 × średnia odsetków TAK w składowych: {listed}\nLiczona w gminie; do zestawienia wchodzi wynik, który "
        "gmina pokazuje w swojej diagnozie.",
        f"{OURS}; inspiracja: Community Readiness Model, PARTNER",
    )
    yield (
        "Granice mediany",
        "od mediany dolnych do mediany górnych granic wyników gmin\nDolna granica gminy: gdyby wszyscy milczący "
        "powiedzieli NIE; górna: gdyby powiedzieli TAK. Gminie bez granic przypisuje się od 0 do 100.",
        f"{OURS}; {MANSKI[:1].lower()}{MANSKI[1:]}",
    )


def _coding_rows(found: RollUp) -> Iterator[Row]:
    if found.network is not None and found.network.measures:
        yield (
            "Średnia",
            "suma wartości gmin / liczba gmin\nPodawana tylko tam, gdzie podaje się sumę.",
            "Dokument 002, Tabela 2",
        )
    if found.coding is None:
        return
    yield (
        "Efekt animacji",
        "liczba Zwolenników w ostatniej turze − liczba Zwolenników w pierwszej turze\nTylko gminy, w których obie "
        "liczby wolno pokazać.",
        "Dokument 002, Tabela 2",
    )


def _sum_rows() -> Iterator[Row]:
    yield (
        "Mediana",
        "wartość, która po ułożeniu wyników gmin od najniższego stoi pośrodku\nPrzy parzystej liczbie gmin średnia "
        "dwóch środkowych. Każda gmina liczy się tak samo.",
        OURS,
    )
    yield (
        "Suma obszaru",
        "suma liczb z najnowszej zablokowanej kampanii każdej gminy\nStarsze kampanie tej samej gminy nie liczą się.",
        OURS,
    )


def hidden_annex(found: RollUp) -> Chapter:
    """The rules, and how many rows of each table they hide here."""
    blocks: list[Paragraph | BulletList | TextTable] = [
        Paragraph(
            "„Ukryte” znaczy, że liczba pozwoliłaby odczytać wynik jednej albo dwóch gmin. Nie znaczy zero."
        ),
        BulletList((*_RULES, _NETWORK_RULE) if found.network else _RULES),
    ]
    tables = (
        found.tables if found.gminas else found.tables[1:]
    )  # without a campaign there is no response to show
    partly = [table for table in tables if any(row.hidden for row in table.rows)]
    if partly:
        told = f"Zestawienia, w których ukryto wiersze: {polish.whole(len(partly))} z {polish.whole(len(tables))}."
        header, rows = ("Zestawienie", "Wiersze", "Z tego ukryte"), tuple(_hidden_rows(found, partly))
        blocks.append(Paragraph(told))
        blocks.append(TextTable("Co jest ukryte w tym raporcie", header, rows, (5, 1, 1), "tabela-ukryte"))
    elif tables:
        blocks.append(Paragraph("W tym raporcie nie trzeba było ukryć żadnego wiersza."))
    return Chapter("", "Co jest ukryte i dlaczego", "aneks-ukryte", blocks)


def _hidden_rows(found: RollUp, partly: Sequence[ReleasedTable]) -> Iterator[Row]:
    """Questions that hide as many rows stand in one line."""
    questions = {one.question for one in found.questions}
    alike: dict[tuple[str, int, int], list[str]] = {}
    for table in partly:
        key = "" if table.id in questions else table.id
        alike.setdefault((key, len(table.rows), sum(row.hidden for row in table.rows)), []).append(
            title_of(table)
        )
    for (_, rows, hidden), titles in alike.items():
        many = f"{polish.counted(len(titles), 'pytanie', 'pytania', 'pytań')}, w każdym"
        yield titles[0] if len(titles) == 1 else many, polish.whole(rows), polish.whole(hidden)


def data_annex(ankieta: str, as_of: dt.date, checksum: str) -> Chapter:
    """What the numbers rest on, so that two reports can be told apart or proved equal."""
    text = (
        "Suma kontrolna obejmuje wszystkie liczby, które wolno pokazać; ukrytych w niej nie ma. Raport o tej samej "
        "sumie ma te same liczby na stronie i w plikach PDF, DOCX i XLSX."
    )
    rows = (
        ("Ankieta", ankieta or "–"),
        ("Stan danych", polish.date(as_of)),
        ("Suma kontrolna (SHA-256)", checksum),
    )
    table = TextTable("Dane tego raportu", ("Cecha", "Wartość"), rows, (2, 4), "tabela-dane")
    return Chapter("", "Dane i suma kontrolna", "aneks-dane", [Paragraph(text), table])
