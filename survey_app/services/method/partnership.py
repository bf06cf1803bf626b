"""What kind of partnership it is, from the sectors of its members (003), and what it still lacks (000, 004)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app import polish
from survey_app.services.context import Context
from survey_app.services.method.process_facts import PARTS, part_labels, parts_of_sectors
from survey_app.services.register.sectors import sector_labels, standard_of
from survey_app.store import catalogue, papers

PACT = "pakt"  # key of the paper whose signatories are the partners
# Parts that are there -> the type's name and what it means (003).
TYPES: Mapping[frozenset[str], tuple[str, str]] = {
    frozenset(PARTS): (
        "partnerstwo trójsektorowe",
        "Są w nim urzędy, organizacje i firmy. To układ, do którego dąży metoda.",
    ),
    frozenset({"public", "social"}): (
        "partnerstwo publiczno-społeczne",
        "Są w nim urzędy i organizacje. Brakuje firm, które dają miejsca praktyk i pracy.",
    ),
    frozenset({"public", "business"}): (
        "partnerstwo publiczno-prywatne",
        "Są w nim urzędy i firmy. Brakuje organizacji, które znają ludzi.",
    ),
    frozenset({"social", "business"}): (
        "partnerstwo społeczno-prywatne",
        "Są w nim organizacje i firmy. Bez gminy trudno o uchwałę i budżet.",
    ),
}
ONE_SECTOR = (
    "współpraca w jednym sektorze",
    "Wszyscy są z tego samego sektora, więc to jeszcze nie partnerstwo.",
)


@dataclass(frozen=True, slots=True)
class Partner:
    """`part`: label of its part of the three-way division; "" where its sector tells none."""

    name: str
    sector: str
    part: str
    stakeholder_type: str


@dataclass(frozen=True, slots=True)
class Partnership:
    """`signed`: the partners are the Pakt's signatories; else those who stand in the catalogue.

    `kind`, `meaning`: empty without partners. `lacks`: sentences. `by_type`: A, B, C -> how many.
    """

    signed: bool
    partners: Sequence[Partner]
    kind: str
    meaning: str
    by_part: Mapping[str, int]
    by_type: Mapping[str, int]
    lacks: Sequence[str]


def partnership(context: Context, gmina_code: str) -> Partnership:
    """Of those who signed the Pakt and did not leave; before anyone signed, of the whole catalogue."""
    with context.database.reading() as session:
        pacts = [
            one.id
            for one in papers.of_gmina(session, gmina_code)
            if one.key == PACT and one.state != "withdrawn"
        ]
        signing = {who.id for one, who in papers.signatures(session, pacts) if one.left_on is None}
        rows = catalogue.stakeholders(session, gmina_code)
        labels, standard = sector_labels(session, gmina_code), standard_of(session, gmina_code)
        named = part_labels()
        found = []
        parts: list[frozenset[str]] = []
        for row in rows:
            if signing and row.id not in signing:
                continue
            own = parts_of_sectors().get(standard(row.sector), frozenset())
            parts.append(own)
            told = ", ".join(named[part] for part in PARTS if part in own)
            found.append(
                Partner(row.name, labels.get(row.sector, row.sector), told, row.stakeholder_type or "")
            )
    present = frozenset(part for own in parts for part in own)
    kind, meaning = TYPES.get(present, ONE_SECTOR) if found else ("", "")
    by_type = {letter: sum(one.stakeholder_type == letter for one in found) for letter in "ABC"}
    return Partnership(
        bool(signing),
        sorted(found, key=lambda one: polish.alphabetical(one.name)),
        kind,
        meaning,
        {named[part]: sum(part in own for own in parts) for part in PARTS},
        by_type,
        lacks(present, by_type) if found else (),
    )


def lacks(present: frozenset[str], by_type: Mapping[str, int]) -> tuple[str, ...]:
    """Sentences: which of the three parts, and of the types A and C, nobody is from."""
    named = part_labels()
    lacking = [f"Nie ma nikogo z części: {named[part]}." for part in PARTS if part not in present]
    if not by_type["C"]:
        lacking.append(
            "Nie ma interesariusza typu C (kultura, sport, szkoły, firmy), a to oni dają ludziom nowe usługi."
        )
    if not by_type["A"]:
        lacking.append("Nie ma interesariusza typu A, dla którego reintegracja jest głównym celem.")
    return tuple(lacking)
