"""What may be shown of the effect of actions: everything inside the team, nothing in public.

METHOD, "The diagnoza": beside the public tables of both rounds these counts would tell single codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.analysis.coding.persuasion_effect import Part, PersuasionEffect
from survey_app.analysis.disclosure.maker import make_table
from survey_app.analysis.edition import Edition
from survey_app.analysis.released import Column, ReleasedRow, ReleasedTable

GONE = "nie kodowano w późniejszej turze"
PARTS = {
    Part.FIRST: "z działaniami między tymi turami",
    Part.EARLIER: "z działaniami już wcześniej",
    Part.NONE: "bez działań",
}
AGAIN, MOVED = "przedtem Neutralni, z kodem w następnej turze", "w tym wtedy już Zwolennicy"


@dataclass(frozen=True, slots=True)
class ReleasedEffect:
    """`parts`: rows are pairs of rounds and parts, columns codes afterwards. `kinds`: rows are kinds of action."""

    parts: ReleasedTable
    kinds: ReleasedTable


def release_effect(
    effect: PersuasionEffect, kinds: Mapping[str, str], edition: Edition, percent_from: int
) -> ReleasedEffect:
    """`kinds`: kind -> how it is called. ValueError for the public edition, which never shows it."""
    if edition is not Edition.INTERNAL:
        raise ValueError("the effect of actions is of the internal edition alone")
    columns = [Column(code.id, code.label) for code in effect.codes] + [Column("gone", GONE)]
    rows = [
        ReleasedRow(
            f"{one.before}_{one.after}_{one.part.value}",
            f"Tura {one.before} i {one.after}: {PARTS[one.part]}",
            "group",
            one.neutral,
            (*(one.codes.get(code.id, 0) for code in effect.codes), one.gone),
        )
        for one in effect.parts
    ]
    by_kind = [
        ReleasedRow(one.kind, kinds[one.kind], "group", one.reached, (one.coded_again, one.supporters))
        for one in effect.kinds
    ]
    return ReleasedEffect(
        make_table("persuasion_parts", "Kod Neutralnych w następnej turze", columns, rows, percent_from),
        make_table(
            "persuasion_kinds",
            "Rodzaje działań",
            [Column("again", AGAIN), Column("moved", MOVED)],
            by_kind,
            percent_from,
        ),
    )
