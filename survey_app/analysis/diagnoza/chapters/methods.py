"""The annex of methods: every number's formula, what it came to here, and where the method comes from."""

from __future__ import annotations

from survey_app import polish
from survey_app.analysis.diagnoza.chapters import interviews
from survey_app.analysis.diagnoza.chapters.criteria import coding_definitions
from survey_app.analysis.diagnoza.document import Chapter, TextTable
from survey_app.analysis.diagnoza.result import Diagnoza
from survey_app.analysis.disclosure.steps import STEP

Row = tuple[str, str, str]
OURS = "Konwencja serwisu"
MANSKI = "Granice najgorszego przypadku: C. F. Manski, Partial Identification of Probability Distributions, Springer "
"2003"


def definitions_annex(diagnoza: Diagnoza) -> Chapter:
    """Formulas of what this report shows, each with where it comes from; what it does not show is left out."""
    rows = [*_response(diagnoza), *_shares(diagnoza), *_readiness(diagnoza)]
    rows += coding_definitions(diagnoza.coding) if diagnoza.coding else []
    rows += interviews.DEFINITIONS if diagnoza.interviews else []
    rows += _disclosure(diagnoza)
    header = ("Pojęcie", "Wzór i znaczenie", "Źródło")
    table = TextTable("Definicje i wzory", header, tuple(rows), (1.4, 4, 2), "tabela-definicje")
    return Chapter("", "Definicje i wzory", "aneks-definicje", [table])


def _response(diagnoza: Diagnoza) -> list[Row]:
    rule = diagnoza.instrument.definitions.complete
    complete = "Każda wysłana ankieta jest kompletna."
    if rule:
        complete = (
            f"Ankieta jest kompletna, gdy odpowiedziano w niej na co najmniej {polish.whole(rule.at_least)} z pytań "
            f"{_numbers(diagnoza, rule.of)} (konwencja serwisu)."
        )
    words = f"RR1 = ankiety kompletne / zaproszone instytucje\n{complete}{_rate(diagnoza)}"
    source = "American Association for Public Opinion Research, Standard Definitions (Response Rate 1)"
    rows = [("Odsetek odpowiedzi RR1", words, source)]
    if diagnoza.response.steps is not None:
        told = (
            f"Największa wielokrotność {STEP}, nie większa niż liczba ankiet\nSprawdzana raz dziennie, rano, do "
            "zamknięcia ankiety; dokładniejszych chwil "
            "nie zapisano."
        )
        rows.append(("Ankiety w kolejnych dniach", told, OURS))
    return rows


def _rate(diagnoza: Diagnoza) -> str:
    response = diagnoza.response
    if response.rr1 is None or not response.invited:
        return " Przy otwartym adresie nie podaje się go, bo nie wiadomo, ilu mogło odpowiedzieć."
    counts = f"{polish.whole(response.complete)} / {polish.whole(response.invited)}"
    return f" W tym raporcie: {counts} = {polish.percent(response.rr1)}."


def _shares(diagnoza: Diagnoza) -> list[Row]:
    least = polish.whole(diagnoza.instrument.definitions.percent_from)
    share = (
        "TAK / n\nn to liczba tych, którzy odpowiedzieli na to pytanie. Brak odpowiedzi i pytań niezadanych nie "
        f"wlicza się do n. Przy n mniejszym niż {least} podaje się liczby."
    )
    rows = [("Odsetek", share, OURS)]
    if diagnoza.response.invited is not None:
        bounds = (
            "od TAK / N do (TAK + N − n) / N\nN to liczba zaproszonych, n tych, którzy odpowiedzieli na to pytanie. "
            "Dolna granica: gdyby wszyscy milczący powiedzieli NIE; górna: gdyby powiedzieli TAK. Nie wymagają założeń."
        )
        rows.append(("Granice odsetka", bounds, MANSKI))
    return rows


def _readiness(diagnoza: Diagnoza) -> list[Row]:
    definition = diagnoza.instrument.definitions.readiness
    if definition is None:
        return []
    items = [item.question for item in definition.items]
    score = (
        f"100 × średnia odsetków TAK w pytaniach {_numbers(diagnoza, items)}\nPodaje się ją, gdy na każde z nich jest "
        f"co najmniej {polish.answers(definition.minimum_answers)}. Granice wyniku: 100 × średnia dolnych i 100 × "
        "średnia górnych granic. Grup, których granice zachodzą na siebie, nie porównuje się."
    )
    lowest = (
        "Każda składowa, której dolna granica nie przekracza najmniejszej z górnych granic\nBez granic: składowa o "
        "najmniejszym odsetku, jeśli jest on mniejszy niż 100%."
    )
    rows = [
        ("Gotowość", score, f"{OURS}; inspiracja: Community Readiness Model, PARTNER"),
        ("Najniższa składowa", lowest, f"{OURS}; {MANSKI[:1].lower()}{MANSKI[1:]}"),
    ]
    if definition.concreteness:
        boxes = (
            "Mediana (od–do) liczby wypełnionych pól\nMediana dolna: wartość, która po ułożeniu n liczb od "
            "najmniejszej stoi na miejscu (n + 1) / 2, a przy parzystym n na miejscu n / 2; w nawiasie najmniejsza "
            "i największa. W małych grupach mówi więcej niż średnia."
        )
        rows.append(("Konkretność", boxes, OURS))
    return rows


def _numbers(diagnoza: Diagnoza, questions: tuple[str, ...] | list[str]) -> str:
    """ "5, 7 i 9"."""
    *most, last = [diagnoza.instrument.by_id[question].number or question for question in questions]
    return f"{', '.join(most)} i {last}" if most else last


def _disclosure(diagnoza: Diagnoza) -> list[Row]:
    if not diagnoza.facts.anonymous:
        return []
    k = diagnoza.facts.k
    rule = (
        f"Ukrywa się, gdy n < {k}, albo gdy n < {2 * k} i wszyscy odpowiedzieli tak samo\nUkrywa się też to, z czego "
        "dałoby się ukrytą liczbę odtworzyć przez odejmowanie: z tego, co pokazano, musi zostać dla niej przedział o "
        f"szerokości co najmniej min(n, {k - 1}). Grupy tworzy się raz, z odpowiedzi o rodzaju instytucji; każda "
        f"liczy co najmniej k = {k} osób albo jest całą gminą."
    )
    return [("Ochrona odpowiadających", rule, OURS)]
