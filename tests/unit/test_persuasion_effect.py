"""What became of the Neutral with and without actions, and what the library suggests for a sector."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from survey_app.analysis.bounds import share_bounds
from survey_app.analysis.coding.persuasion import SEVERAL, scenario
from survey_app.analysis.coding.persuasion_effect import Action, Part, persuasion_effect
from survey_app.analysis.coding.result import Correction
from survey_app.analysis.diagnoza.chapters.change import change_chapter
from survey_app.analysis.diagnoza.coding_section import Diary, coding_section
from survey_app.analysis.diagnoza.result import ComponentResult, ReadinessResult, ReadinessRow
from survey_app.analysis.disclosure.persuasion import release_effect
from survey_app.analysis.edition import Edition
from survey_app.analysis.groups import Group, Groups
from survey_app.instrument.arguments_loader import load_library
from survey_app.instrument.loader import load_instrument
from tests.unit.analysis_records import ankieta
from tests.unit.coding_records import closed_round, history, stakeholder

FILES = Path(__file__).parents[2] / "instruments"
KINDS = {"rozmowa": "rozmowa", "wizyta": "wizyta studyjna", "list": "list"}


def day(month: int, number: int) -> dt.date:
    """Rounds close on the tenth of their month."""
    return dt.date(2026, month, number)


def parts(found: object) -> list[tuple[int, str, int, dict[str, int], int]]:
    """(later round, part, how many Neutralni, codes that there are, gone)."""
    return [
        (one.after, one.part.value, one.neutral, {k: n for k, n in one.codes.items() if n}, one.gone)
        for one in found.parts  # type: ignore[attr-defined]
    ]


def test_neutral_ones_with_and_without_actions_between_each_pair_of_rounds() -> None:
    told = history(
        closed_round(1, [stakeholder(key, "N") for key in range(1, 8)] + [stakeholder(8, "Z")]),
        closed_round(
            2, [stakeholder(1, "Z"), *(stakeholder(key, "N") for key in (2, 4, 5, 6)), stakeholder(7, "P")]
        ),
        closed_round(3, [stakeholder(2, "Z"), stakeholder(4, "Z"), stakeholder(5, "N"), stakeholder(6, "N")]),
    )
    actions = [
        Action(day(1, 10), "rozmowa", 1),  # on the day of the close: after that round
        Action(day(1, 20), "rozmowa", 2),
        Action(day(1, 20), "wizyta", 3),  # never coded again
        Action(day(2, 10), "list", 4),  # on the day of the second close: before the third round
        Action(day(1, 20), "rozmowa", 8),  # was no Neutralny: in the list alone
        Action(day(3, 10), "rozmowa", 6),  # nothing followed yet
        Action(day(2, 20), "rozmowa", 99),  # in no round
    ]
    found = persuasion_effect(told, actions, KINDS)
    assert found is not None
    assert parts(found) == [
        (2, "first", 3, {"zwolennik": 1, "neutralny": 1}, 1),
        (2, "none", 4, {"neutralny": 3, "przeciwnik": 1}, 0),
        (3, "first", 1, {"zwolennik": 1}, 0),
        (3, "earlier", 1, {"zwolennik": 1}, 0),
        (3, "none", 2, {"neutralny": 2}, 0),
    ]
    assert [(one.kind, one.reached, one.coded_again, one.supporters) for one in found.kinds] == [
        ("rozmowa", 4, 2, 1),
        ("wizyta", 1, 0, 0),
        ("list", 1, 1, 1),
    ]
    by_id = {one.stakeholder_id: one for one in found.reached}
    assert set(by_id) == {1, 2, 3, 4, 6, 8}
    assert [by_id[key].rounds for key in (1, 4, 6)] == [(1, 2), (2, 3), (3, None)]
    assert by_id[3].after is None
    assert not by_id[3].waits
    assert found.waiting == 1


def test_corrections_and_joined_doubles_are_counted_as_everywhere() -> None:
    """1 was a double of 2; 3 was corrected to Neutralny in the first round and to Zwolennik in the second."""
    told = history(
        closed_round(
            1,
            [stakeholder(1, "Z"), stakeholder(2, "N"), stakeholder(3, "Z")],
            corrections=[Correction(3, "zwolennik", "neutralny", "Pomyłka", day(1, 15))],
        ),
        closed_round(
            2,
            [stakeholder(2, "Z"), stakeholder(3, "N")],
            corrections=[Correction(3, "neutralny", "zwolennik", "Pomyłka", day(2, 15))],
        ),
        merged={1: 2},
    )
    found = persuasion_effect(told, [Action(day(1, 12), "rozmowa", 1), Action(day(1, 12), "list", 3)], KINDS)
    assert found is not None
    assert parts(found) == [(2, "first", 2, {"zwolennik": 2}, 0), (2, "none", 0, {}, 0)]


def test_an_action_on_a_sector_reaches_its_neutral_ones_of_the_round_before() -> None:
    told = history(
        closed_round(
            1,
            [
                stakeholder(1, "N", sector="sport"),
                stakeholder(2, "Z", sector="sport"),
                stakeholder(3, "N", sector="media"),
                stakeholder(4, "N", sector="inny"),
            ],
        ),
        closed_round(2, [stakeholder(key, "Z", sector="sport") for key in (1, 2, 3, 4)]),
    )
    actions = [
        Action(day(1, 12), "wizyta", sector="sport"),
        Action(day(1, 12), "list", members=frozenset({4})),
    ]
    found = persuasion_effect(told, actions, KINDS)
    assert found is not None
    assert {one.stakeholder_id for one in found.reached} == {1, 4}
    assert parts(found) == [
        (2, "first", 2, {"zwolennik": 2}, 0),
        (2, "none", 1, {"zwolennik": 1}, 0),
    ]
    # Before any round nobody is known to be Neutralny: all of the sector, and never between two rounds.
    early = persuasion_effect(told, [Action(day(1, 9), "wizyta", sector="sport")], KINDS)
    assert early is not None
    assert {one.stakeholder_id for one in early.reached} == {1, 2}
    assert [(one.part, one.neutral) for one in early.parts] == [
        (Part.FIRST, 0),
        (Part.EARLIER, 1),
        (Part.NONE, 2),
    ]


def test_the_internal_edition_tells_it_and_the_public_one_does_not() -> None:
    told = history(
        closed_round(1, [stakeholder(key, "N") for key in (1, 2, 3)]),
        closed_round(2, [stakeholder(1, "Z"), stakeholder(2, "N"), stakeholder(3, "N")]),
    )
    diary = Diary((Action(day(1, 12), "wizyta", 1),), KINDS)
    internal = coding_section(Edition.INTERNAL, told, diary=diary)
    public = coding_section(Edition.PUBLIC, told, diary=diary)
    bare = coding_section(Edition.INTERNAL, told)
    assert internal is not None
    assert public is not None
    assert bare is not None
    words = str(change_chapter(internal, "Gmina", "").blocks)
    assert "z działaniami między tymi turami" in words
    assert "wizyta studyjna" in words
    assert "a nie dowód" in words
    assert public.persuasion is None
    assert "wizyta" not in str(change_chapter(public, "Gmina", "").blocks)
    # What is shown is under the sum; without a diary the sum is what it was.
    assert internal.checksum != bare.checksum
    assert coding_section(Edition.PUBLIC, told).checksum == public.checksum  # type: ignore[union-attr]
    assert internal.persuasion is not None
    with pytest.raises(ValueError, match="internal edition alone"):
        release_effect(internal.persuasion.effect, KINDS, Edition.PUBLIC, 5)


def component(question: str, label: str, positive: int, base: int, size: int | None) -> ComponentResult:
    bounds = share_bounds(positive, base, size) if size else None
    return ComponentResult(question, label, positive, base, positive / base, bounds)


def readiness(size: int | None, weakest: tuple[str, ...]) -> ReadinessResult:
    row = ReadinessRow(
        "g1",
        "Szkoły",
        (
            component("p5", "Potrzeba", 2, 5, size),
            component("p7", "Działanie", 1, 5, size),
            component("p9", "Gotowość", 5, 6, size),
        ),
        47.8,
        None,
        "",
        "",
        tuple(f"{one}: argument" for one in weakest),
        weakest,
    )
    if size:
        row = ReadinessRow(
            *(getattr(row, one) for one in ("group_id", "label", "components", "score")),
            share_bounds(2, 5, size),
            "",
            "",
            row.arguments,
            weakest,
        )
    whole = ReadinessRow("gmina", "Cała gmina", (), None, None, "", "", ())
    return ReadinessResult((whole, row), (), (), separable=False)


def test_a_sector_gets_the_words_of_its_weakest_component_with_released_numbers() -> None:
    library = load_library(FILES / "arguments" / "argumenty.yml")
    groups = Groups(3, True, (Group("g1", "Szkoły", ("edukacja",), ()),))
    sectors = ankieta().definitions.sectors
    people = [
        stakeholder(1, "N", sector="edukacja"),
        stakeholder(2, "N", sector="zdrowie"),
        stakeholder(3, "Z", sector="sport"),
    ]
    found = scenario(closed_round(1, people), library, readiness(None, ("p7",)), groups, sectors)
    assert [one.sector for one in found.sectors] == ["edukacja", "zdrowie"]
    schools = found.sectors[0].suggestion
    assert [one.id for one in schools.arguments] == ["dzialanie"]
    assert schools.basis == (
        "Gotowość, „Szkoły”: 48 na 100. Potrzeba 40%, Działanie 20%, Gotowość 83%; dane z 5–6\u00a0odpowiedzi.",
    )
    assert all("edukacja" in one.sectors for one in (*schools.barriers, *schools.services))
    assert schools.barriers
    health = found.sectors[1].suggestion  # in no group, and the gmina has no score
    assert (health.arguments, health.basis) == ((), ())
    assert "za mało odpowiedzi" in health.why
    # Bounds that overlap: every candidate, and the reason for it.
    several = scenario(closed_round(1, people), library, readiness(9, ("p5", "p7")), groups, sectors)
    told = several.sectors[0].suggestion
    assert [one.id for one in told.arguments] == ["potrzeba", "dzialanie"]
    assert told.basis[-1] == SEVERAL
    assert "Potrzeba 40% (od 22% do 67%)" in told.basis[0]
    assert found.why(people[0]) == (
        ("Wiedza o zatrudnieniu socjalnym", "2"),
        (found.round.instrument.by_id["zainteresowanie"].text, "2"),
    )


def test_the_library_fits_the_register_and_the_ankieta() -> None:
    """An entry names an argument by its id, and a component is a question that readiness is made of."""
    library = load_library(FILES / "arguments" / "argumenty.yml")
    register = load_instrument(FILES / "registers" / "oddzialywania.yml")
    offered = {key: [one.id for one in register.by_id[key].options] for key in register.by_id}
    assert offered["bariera"] == [one.id for one in library.barriers]
    assert offered["bariera_wiedzy"] == [one.id for one in library.knowledge]
    assert offered["argument"] == [one.id for one in (*library.components, *library.services)]
    definitions = ankieta().definitions
    assert definitions.readiness is not None
    assert definitions.sectors is not None
    assert list(library.by_component) == [one.question for one in definitions.readiness.items]
    known = set(definitions.sectors.catalogue_labels)
    for one in (*library.barriers, *library.services):
        assert set(one.sectors) <= known, one.id
    # Each of the four barriers is broken by some service.
    assert {key for one in library.services for key in one.breaks} == {one.id for one in library.barriers}
