"""Example rounds of coding for the tests of charts and chapters, and sections made of them by the own rules."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from functools import cache

from survey_app.analysis.coding.freeze import round_checksum, round_from_json, round_to_json
from survey_app.analysis.coding.result import (
    Agreement,
    CodedStakeholder,
    CodingHistory,
    Correction,
    RoundResult,
    Votes,
    Withdrawn,
)
from survey_app.analysis.diagnoza.coding_section import CodingSection, DeclaredResource, coding_section
from survey_app.analysis.diagnoza.compose import GminaFacts
from survey_app.analysis.edition import Edition
from survey_app.instrument.loader import load_instrument
from survey_app.instrument.model import Instrument
from tests.unit.example_diagnoza import REPOSITORY

SECTORS = {
    "administracja": "Administracja publiczna", "pomoc_spoleczna": "Polityka społeczna", "edukacja": "Edukacja",
    "kultura": "Kultura", "rynek_pracy": "Rynek pracy", "pozarzadowa": "Organizacje obywatelskie",
    "gospodarka": "Przedsiębiorcy",
}  # fmt: skip
FACTS = GminaFacts("Przykładowo", "9999012", "gmina wiejska", "przykładowski", "przykładowe", True)
HOSTILE = (
    'Szkoła "Pod <b>Dębem</b>" & \'Spółka\'',
    "Klub 🎉 Seniora 👵🏽",
    "جمعية التعاون المحلي",
    "Ż" * 300,
    "=HYPERLINK(\"http://zly.example\")",
    "Stowarzyszenie \u202eodwrócone\u202c na rzecz " + "bardzo długiej nazwy " * 12,
)  # fmt: skip


@cache
def criteria() -> Instrument:
    """The criteria that come with the service."""
    return load_instrument(REPOSITORY / "instruments" / "wyrozniki.yml")


def coded(number: int, name: str, **changes: object) -> CodedStakeholder:
    """A Neutralny of middle influence; name what should differ."""
    sector = list(SECTORS)[number % len(SECTORS)]
    fields: dict[str, object] = {
        "stakeholder_id": number, "name": name, "sector": sector, "sector_label": SECTORS[sector],
        "internal": number % 4 != 0, "stakeholder_type": ("A", "B", "C", None)[number % 4], "natural_person": False,
        "contribution": False, "refusal": False,
        "medians": {"wplyw": 2, "wiedza": 2, "zainteresowanie": 2},
        "points": {"wplyw": 5, "wiedza": 5, "zainteresowanie": 5},
        "proposed": "neutralny", "code": "neutralny", "reason": f"Powód numer {number} zapisany przez zespół.",
    }  # fmt: skip
    return CodedStakeholder(**(fields | changes))  # type: ignore[arg-type]


def agreed(units: int) -> tuple[Agreement, ...]:
    return (
        Agreement("wplyw", 0.81, 0.62, 0.93, units, 5 * units),
        Agreement("wiedza", 0.41, 0.1, 0.7, units, 5 * units),
        Agreement("zainteresowanie", None, None, None, units, 5, "Wszystkie oceny są jednakowe."),
    )


def closed(number: int, stakeholders: Sequence[CodedStakeholder], **changes: object) -> RoundResult:
    """A closed round as it comes back from its frozen document."""
    fields: dict[str, object] = {
        "number": number, "title": f"Kodowanie {number}", "occasion": "start" if number == 1 else "before_pact",
        "opened_on": dt.date(2026, 2 + 3 * number, 1), "closed_on": dt.date(2026, 2 + 3 * number, 20),
        "instrument": criteria(), "scheme": "dwa_kody", "raters": 5, "stakeholders": tuple(stakeholders),
        "withdrawn": (), "checksum": "",
        "agreement": agreed(len(stakeholders)),
        "institutions_agreement": agreed(sum(not one.natural_person for one in stakeholders)),
    }  # fmt: skip
    corrections = changes.pop("corrections", ())
    document = round_to_json(RoundResult(**(fields | changes)))  # type: ignore[arg-type]
    assert round_checksum(document)
    return round_from_json(document, criteria(), corrections)  # type: ignore[arg-type]


def many(count: int, seed: int, supporters: float, names: Sequence[str] = ()) -> list[CodedStakeholder]:
    """As many stakeholders, with points drawn at random and every tenth a natural person."""
    source = random.Random(seed)
    made = []
    for number in range(1, count + 1):
        name = names[number - 1] if number <= len(names) else f"Instytucja {number:02d} w Przykładowie"
        medians: dict[str, int | None] = {
            key: source.randint(1, 3) for key in ("wplyw", "wiedza", "zainteresowanie")
        }
        if number % 13 == 0:
            medians["zainteresowanie"] = None
        votes = Votes(4, 1, 0, 5) if number % 6 == 0 else None
        evidence = ("katalog: deklaracja lokalu", "dokument: „Uchwała nr 7”") if number % 5 == 0 else ()
        code = "zwolennik" if source.random() < supporters else "neutralny"
        made.append(
            coded(
                number, name, medians=medians, code=code, votes=votes, evidence=evidence,
                natural_person=number % 10 == 0,
                proposed=None if number % 13 == 0 else source.choice(["zwolennik", "neutralny"]),
                reason=f"Powód {number}: zespół rozmawiał z kierownictwem i widział jej codzienną pracę.",
            )
        )  # fmt: skip
    return made


@cache
def two_rounds(count: int = 40) -> CodingHistory:
    """Forty stakeholders, some new and some gone in the second round, one taken out, one corrected."""
    first = closed(1, many(count, 1, 0.15))
    later = [one for one in many(count + 3, 2, 0.6) if one.stakeholder_id not in {3, 7, 12}]
    target = later[0]
    other = "neutralny" if target.code == "zwolennik" else "zwolennik"
    correction = Correction(
        target.stakeholder_id, target.code, other, "Pomylono wiersz.", dt.date(2026, 9, 3)
    )
    gone = Withdrawn(7, "Instytucja 07 w Przykładowie", "Zlikwidowana w lipcu.")
    second = closed(2, later, withdrawn=(gone,), corrections=(correction,))
    return CodingHistory((first, second), {}, frozenset({7, 12}))


RESOURCES = (
    DeclaredResource("Instytucja 01 w Przykładowie", False, "lokal", "Sala dwa razy w tygodniu.", dt.date(2026, 7, 2)),
    DeclaredResource("Instytucja 10 w Przykładowie", True, "ludzie", "Jan Kowal, mentor.", dt.date(2026, 7, 9)),
    DeclaredResource("Instytucja 02 w Przykładowie", False, "lokal", "Warsztat.", dt.date(2026, 6, 2)),
)  # fmt: skip


def section(
    history: CodingHistory, edition: Edition, resources: Sequence[DeclaredResource] = RESOURCES
) -> CodingSection:
    """The section of an edition; there must be a closed round."""
    made = coding_section(edition, history, resources)
    assert made is not None
    return made
