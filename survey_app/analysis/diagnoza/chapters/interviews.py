"""What interviews brought. METHOD, "The diagnoza": counts of interviews, not of mentions; words cleared for use."""

from __future__ import annotations

from collections.abc import Iterator

from survey_app import polish
from survey_app.analysis.diagnoza.document import (
    Block,
    BulletList,
    Chapter,
    CountTable,
    Paragraph,
    Subheading,
)
from survey_app.analysis.diagnoza.interview_section import InterviewSection, interview_sentence

COUNTED = (
    "Liczymy wywiady, które się odbyły, i osoby, które zgodziły się na notatki i tej zgody nie cofnęły. Podajemy, w "
    "ilu wywiadach temat się pojawił, a nie ile razy o nim mówiono. Rozmówców wybrano, a nie wylosowano: te liczby nie "
    "mówią, jak często temat pojawia się wśród wszystkich mieszkańców."
)
UNNAMED = (
    "Słowa przytaczamy bez nazwisk, ról i nazw instytucji, w kolejności, która nie mówi, kto je wypowiedział. Przed "
    "przytoczeniem przeczytał je ktoś z zespołu."
)
DEFINITIONS = (
    (
        "Wysłuchana osoba",
        "Ktoś, kto przyszedł na wywiad, zgodził się na notatki i tej zgody nie cofnął.",
        "Konwencja serwisu",
    ),
    (
        "Temat pojawił się w wywiadzie",
        "Choć jedna osoba kodująca nadała ten temat albo jego podtemat fragmentowi tego wywiadu.",
        "Konwencja serwisu",
    ),
    (
        "IDI, FGI",
        "Wywiad indywidualny i wywiad grupowy. Scenariusz IDI pochodzi z dokumentu 004, scenariusz FGI jest własny.",
        "Dokument 004; konwencja serwisu",
    ),
)


def interviews_chapter(section: InterviewSection) -> Chapter:
    """Left out where nobody was heard (then there is no section)."""
    return Chapter("", "Co przyniosły wywiady", "wywiady", list(_blocks(section)))


def _blocks(section: InterviewSection) -> Iterator[Block]:
    if section.people is None:
        yield Paragraph(
            f"Zespół prowadzi wywiady. Wysłuchano mniej niż {polish.whole(section.k)} osób, więc publicznie nie "
            "podajemy więcej: byłoby wiadomo, kto mówił."
        )
        return
    yield Paragraph(f"{interview_sentence(section)} {COUNTED}")
    yield from _heard(section)
    yield from _themes(section)
    yield from _compared(section)
    yield from _quotations(section)


def _heard(section: InterviewSection) -> Iterator[Block]:
    released = section.released
    tables = [
        ("Osoby, których wysłuchano, według sektora", released.by_sector, "sektor", "Sektor"),
        ("Osoby, których wysłuchano, według roli", released.by_role, "rola", "Rola"),
    ]
    shown = [one for one in tables if one[1] is not None]
    if not shown:
        return
    yield Subheading("Kogo wysłuchano", "wywiady-kogo")
    for caption, table, name, heading in shown:
        assert table is not None
        yield CountTable(
            caption,
            table,
            show_shares=False,
            anchor=f"tabela-wywiady-{name}",
            as_list=True,
            heading=heading,
        )
    if released.crossed is not None:
        yield CountTable(
            "Osoby, których wysłuchano, według sektora i roli",
            released.crossed,
            show_shares=False,
            anchor="tabela-wywiady-sektor-rola",
            heading="Sektor",
        )


def _themes(section: InterviewSection) -> Iterator[Block]:
    table = section.released.themes
    if table is None:
        return
    yield Subheading("O czym mówiono", "wywiady-tematy")
    coders = polish.counted(section.coders, "osoba", "osoby", "osób")
    given = polish.plural(section.coders, "nadała", "nadały", "nadało")
    yield Paragraph(
        f"Tematy fragmentom rozmów {given} {coders}. Wywiad liczy się raz, także gdy temat wracał w nim wielokrotnie; "
        "temat z podtematami liczy się tam, gdzie pojawił się on sam albo któryś z podtematów. Kolumna n to liczba "
        "wywiadów, które przeczytano pod kątem tematów; IDI to wywiady indywidualne, FGI grupowe."
    )
    yield CountTable(
        "Tematy według liczby wywiadów, w których się pojawiły",
        table,
        show_shares=False,
        anchor="tabela-wywiady-tematy",
        heading="Temat",
    )


def _compared(section: InterviewSection) -> Iterator[Block]:
    lines = [
        (section.both, "W wywiadach indywidualnych i grupowych"),
        (section.only_idi, "Tylko w wywiadach indywidualnych"),
        (section.only_fgi, "Tylko w wywiadach grupowych"),
    ]
    told = tuple(f"{words}: {'; '.join(themes)}." for themes, words in lines if themes)
    if told:
        yield Subheading(
            "W czym rozmowy w cztery oczy i w grupie są zgodne, a w czym nie", "wywiady-porownanie"
        )
        yield BulletList(told)


def _quotations(section: InterviewSection) -> Iterator[Block]:
    if not section.quotations:
        return
    yield Subheading("Słowa rozmówców", "wywiady-slowa")
    yield Paragraph(UNNAMED, "note")
    for number, group in enumerate(section.quotations, start=1):
        yield Subheading(group.label or "Inne słowa", f"wywiady-slowa-{number}", 3, compact=True)
        yield from (Paragraph(f"„{words}”", "quote") for words in group.said)
        yield from (Paragraph(f"Z notatki moderatora: {words}", "quote") for words in group.noted)
