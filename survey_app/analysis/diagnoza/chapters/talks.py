"""Those still to be won, in the order of talks, each with what may persuade; in the internal edition only."""

from __future__ import annotations

from survey_app import polish
from survey_app.analysis.coding.talks import Talk
from survey_app.analysis.diagnoza.coding_section import CodingSection
from survey_app.analysis.diagnoza.document import Block, BulletList, Chapter, Paragraph, TextTable


def talks_chapter(section: CodingSection) -> Chapter:
    """METHOD, "Coding": influence does not change the code, it orders the persuasion."""
    blocks: list[Block] = []
    if section.talks:
        count = polish.counted(len(section.talks), "interesariusz", "interesariuszy", "interesariuszy")
        blocks.append(
            Paragraph(
                f"Do przekonania: {count}. Zaczynamy od największej siły oddziaływania; przy równej kolejność jest "
                "alfabetyczna. Argument podpowiada najniższa składowa gotowości w ankiecie, tylko z grup, które wolno "
                "pokazać; o scenariuszu rozmowy decyduje zespół."
            )
        )
        arguments = tuple(dict.fromkeys(argument for talk in section.talks for argument in talk.arguments))
        if arguments:
            blocks += [
                Paragraph("Argumenty, na które wskazuje tabela, od słowa, które stoi na ich początku:"),
                BulletList(arguments),
                _table(section.talks),
            ]
        else:
            blocks.append(_short(section.talks))
            blocks += [Paragraph(why, "note") for why in dict.fromkeys(talk.why for talk in section.talks)]
    return Chapter("", "Neutralni i kolejność rozmów", "rozmowy", blocks)


def _table(talks: tuple[Talk, ...]) -> TextTable:
    return TextTable(
        "Kolejność rozmów i podpowiedzi argumentów",
        ("Interesariusz", "Sektor", "Wpływ", "Argument i skąd pochodzi"),
        tuple((*_who(talk), "\n".join([*_named(talk.arguments), talk.why])) for talk in talks),
        (2.9, 1.8, 0.9, 4.3),
        "tabela-rozmowy",
    )


def _named(arguments: tuple[str, ...]) -> list[str]:
    """By the component that each begins with: the sentences stand once, above the table."""
    return [", ".join(argument.partition(":")[0] for argument in arguments)] if arguments else []


def _short(talks: tuple[Talk, ...]) -> TextTable:
    """Without a single argument a column of them would say the same in every row."""
    header = ("Interesariusz", "Sektor", "Wpływ")
    return TextTable("Kolejność rozmów", header, tuple(map(_who, talks)), (3, 2, 1), "tabela-rozmowy")


def _who(talk: Talk) -> tuple[str, str, str]:
    influence = "–" if talk.influence is None else str(talk.influence)
    return f"{talk.number}. {talk.stakeholder.name}", talk.stakeholder.sector_label, influence
