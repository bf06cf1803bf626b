"""Actions of the scenariusz oddziaływań beside the change of codes; in the internal edition and on the team's page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from survey_app import polish
from survey_app.analysis.coding.persuasion_effect import Reached
from survey_app.analysis.diagnoza.document import Block, CountTable, Paragraph, Subheading, TextTable
from survey_app.analysis.diagnoza.persuasion_section import PersuasionSection

NO_CAUSE = (
    "To zestawienie liczb, a nie dowód: kod może się zmienić z wielu powodów, a rozmawia się najpierw z tymi, od "
    "których najwięcej zależy. Liczby są małe i dotyczą całego katalogu, więc nie liczy się z nich istotności."
)
CONVENTION = (
    "Konwencja serwisu: „przed” to ostatnia tura zamknięta najpóźniej w dniu pierwszego działania z dziennika, „po” to "
    "następna zamknięta tura. Liczą się działania, które się odbyły; planów i trudności się nie liczy. Działanie wobec "
    "sektora dotyczy wszystkich, którzy byli w nim wtedy Neutralni."
)


def persuasion_blocks(section: PersuasionSection, level: int = 2) -> Iterator[Block]:
    """What took place and what codes followed. `level`: of the heading; 0: none."""
    effect, released = section.effect, section.released
    if level == 2:
        yield Subheading("Działania a zmiana kodu", "zmiana-dzialania")
    if released.parts.rows:
        yield Paragraph(NO_CAUSE)
        yield CountTable(
            "Kod w następnej turze: Neutralni z działaniami i bez nich",
            released.parts,
            show_shares=False,
            anchor="tabela-dzialania",
            heading="Tury i Neutralni (n: ilu)",
        )
        yield CountTable(
            "Rodzaje działań; jeden interesariusz może stać w kilku wierszach",
            released.kinds,
            show_shares=False,
            anchor="tabela-rodzaje-dzialan",
            heading="Działanie (n: wobec ilu)",
        )
    if effect.waiting:
        count = polish.counted(effect.waiting, "interesariusz", "interesariuszy", "interesariuszy")
        yield Paragraph(f"Na następną zamkniętą turę czeka: {count}.", "note")
    yield TextTable(
        "Wobec kogo co zrobiono i jaki był kod przed i po",
        ("Interesariusz", "Sektor", "Od kiedy", "Działania", "Przed", "Po"),
        tuple(_cells(one, section.kinds) for one in effect.reached),
        (2.6, 1.7, 1.4, 2, 1.5, 1.5),
        "tabela-dzialania-lista",
    )
    yield Paragraph(CONVENTION, "note")


def _cells(one: Reached, kinds: Mapping[str, str]) -> tuple[str, ...]:
    before, after = one.rounds
    return (
        one.name,
        one.sector_label,
        polish.date_short(one.first_day),
        ", ".join(kinds[kind] for kind in one.kinds),
        _code(before, one.before.label if one.before else "", "przed pierwszą turą"),
        _code(after, one.after.label if one.after else "", "czeka na turę"),
    )


def _code(number: int | None, label: str, without_round: str) -> str:
    """ "Neutralny (tura 1)"."""
    if number is None:
        return without_round
    return f"{label} (tura {number})" if label else f"nie kodowano (tura {number})"
