"""An attacker is given everything that the service shows of one campaign, as bytes, and solves for what is hidden.

The other attackers of this folder read released tables. This one asks every route of a real service, reads the numbers
back out of pages, PDF, DOCX, XLSX, packages, CSV and JSON, and writes them all down as equations over the answers that
were sent. Twice: for those outside of the team (public editions, regions, the API), and for the team, who have the
internal edition, too. METHOD, "Disclosure control": what is left of a hidden count is at least min(base, k - 1) wide.

What the team is given by design is in `CONCEDED`, and what follows from it is pinned by a test of its own.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from survey_app import polish
from survey_app.analysis.diagnoza import build as diagnoza_build
from survey_app.analysis.diagnoza import cells, docx
from survey_app.analysis.diagnoza.cells import CellTable
from survey_app.analysis.diagnoza.chapters import questions
from survey_app.analysis.diagnoza.document import CountTable, TextTable
from survey_app.analysis.disclosure import rollup
from survey_app.analysis.disclosure.maker import make_table
from survey_app.analysis.released import HIDDEN, Column, ReleasedRow, ReleasedTable
from survey_app.services.survey import results
from tests.attacker import ALL, Attacker
from tests.campaign_kit import GMINA
from tests.knowledge import NotUnderstoodError, UntrueError
from tests.outputs import HTML, JSON, Output, Shown, ask, log_in, routes, tables_of
from tests.reader_regions import Regions
from tests.reader_tables import ROWS, TableReader
from tests.whole_campaign import HIDING, MIXED, Plan, Towns, Whole, build, code_twice, report_twice, talk

# Rows and texts as they were sent: for the team, by METHOD ("Disclosure control", row files and free text).
CONCEDED = {"results.export_csv", "statistics_files.sav", "statistics_files.parquet", "results.texts"}
TEAM = ("coordinator", "member")
PEOPLE = (*TEAM, "administrator", "foreign", "region")
KINDS = ("administracja", "edukacja", "pozarzadowa", "sport", "gospodarka", "pomoc_spoleczna")
NUMBERED = (
    "key", "person", "stakeholder", "declaration", "version", "round", "interview", "ballot", "evidence", "theme",
    "excerpt", "document", "paper", "remark", "signature", "message",
    "entry", "party", "seat", "item",
)  # fmt: skip
EXAMPLES = 3 if settings.default.max_examples <= 100 else settings.default.max_examples // 20
RICH = Plan(5, KINDS[:4], 19, 0.6, 0.1, 3, True, 3, HIDING)
ALIKE: Towns = (("060504", 4, 1.0), ("060501", 4, 1.0), ("060506", 4, 1.0))


def addresses(whole: Whole) -> list[tuple[str, str]]:
    """Every route, with values that lead somewhere. KeyError: a part of an address that nobody taught this list."""
    values: Mapping[str, Iterable[Any]] = {
        **{f"{key}_id": (1,) for key in NUMBERED},
        **dict.fromkeys(("gmina_code", "code"), (GMINA,)),
        **dict.fromkeys(("text_id", "note_id"), ("0" * 32,)),
        "region_code": ("PL", GMINA[:2], GMINA[:4]),
        "table_id": ("p5", "p7"),
        "campaign_id": (whole.campaign_id,),
        "sector_id": ("wlasny_inny",),
        "form": ("idi",),
        "arrangement": ("wyzej",),
        "deed": ("koniec",),
        "criterion": ("wplyw",),
        "number": (1, 2),
        "edition_name": ("public", "internal"),
        "part": ("wnioski",),
        "question_id": ("p6",),
        "letter": ("A",),
        "step_id": ("katalog",),
        "session_id": (99,),
        "kind": ("txt", "json"),
        "item_kind": ("odnosnik",),
        "version": ("0",),
        "name": ("main.js",),
        "key": ("swot", "oddzialywania"),
        "public_id": (whole.held.campaign.public_id,),
        "token": tuple(whole.held.codes[-1:]) or ("0" * 16,),
    }
    found = [one for one in routes(whole.app, values) if one[0] != "auth.log_out"]
    page = next(address for name, address in found if name == "results.diagnoza")
    return [*found, ("results.diagnoza", f"{page}?wydanie=internal")]


def collect(whole: Whole, people: Sequence[str] = PEOPLE, only: frozenset[str] | None = None) -> list[Output]:
    """What everybody is shown; `only`: of these routes. A file is the same for all of the team."""
    asked = [one for one in addresses(whole) if only is None or one[0] in only]
    found: list[Output] = []
    for person in people:
        files = {one.address for one in found if one.kind not in (HTML, JSON)} if person in TEAM else set()
        here = [one for one in asked if one[1] not in files]
        found += ask(person, log_in(whole.app, f"{person}@example.org"), here)
    found += ask("stranger", whole.app.test_client(), asked)
    api = [one for one in asked if one[0].startswith("api.")]
    return found + ask("key", whole.app.test_client(), api, {"Authorization": f"Bearer {whole.key}"})


def is_public(output: Output) -> bool:
    """Shown to those outside of the team, or made to be shown to them."""
    made = output.name == "results.index" or (
        output.name == "results.diagnoza" and "wydanie" not in output.address
    )
    return made or output.person not in TEAM or "public" in output.address


@dataclass
class Reader:
    """One side: what it was told so far."""

    attacker: Attacker
    regions: Regions
    tables: TableReader

    @classmethod
    def of(cls, whole: Whole) -> Reader:
        found = results.load_results(whole.context, whole.campaign_id)
        invited = found.population.invited if found.population else None
        attacker = Attacker(found.instrument, whole.records, found.groups, invited, whole.mornings)
        regions = Regions(whole)
        regions.grant(attacker)
        return cls(attacker, regions, TableReader(attacker, regions))

    def read(self, output: Output, tables: Iterable[Shown]) -> int:
        """How many numbers it told."""
        before = self.attacker.knowledge.told
        for shown in tables if output.name not in CONCEDED else ():
            if shown.caption not in ROWS:
                self.tables.read(shown)
        return self.attacker.knowledge.told - before

    def too_much(self) -> list[object]:
        """Everything that is known more closely than the rule allows."""
        attacker = self.attacker
        return [*attacker.narrow(), *attacker.narrow_days(), *self.regions.narrow(attacker)]


@dataclass
class Sides:
    public: Reader
    team: Reader
    telling: frozenset[str] = frozenset()  # routes that told a number

    def read(self, outputs: Iterable[Output]) -> None:
        telling = set(self.telling)
        for output in outputs:
            tables = tables_of(output)
            told = self.team.read(output, tables)
            if is_public(output):
                self.public.read(output, tables)
            if told:
                telling.add(output.name)
        self.telling = frozenset(telling)


def attack(whole: Whole, outputs: Iterable[Output]) -> Sides:
    sides = Sides(Reader.of(whole), Reader.of(whole))
    sides.read(outputs)
    return sides


@pytest.fixture(scope="module")
def rich(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """With talks, two rounds of codes, and reports from before and after them."""
    whole = build(RICH, sqlite_template, tmp_path_factory.mktemp("rich") / "var")
    talk(whole)
    report_twice(whole, lambda: code_twice(whole))
    yield whole
    whole.context.database.dispose()


@pytest.fixture(scope="module")
def everything(rich: Whole) -> list[Output]:
    return collect(rich)


@pytest.fixture(scope="module")
def told(rich: Whole, everything: list[Output]) -> Sides:
    return attack(rich, everything)


@pytest.fixture(scope="module")
def telling(told: Sides) -> frozenset[str]:
    return told.telling


def test_nobody_who_reads_everything_knows_a_hidden_number(told: Sides) -> None:
    assert told.team.attacker.hidden, "nothing is hidden: the attack would find nothing either way"
    assert told.public.too_much() == []
    assert told.team.too_much() == []


def test_numbers_come_from_every_kind_of_output(told: Sides, everything: list[Output]) -> None:
    """The attack would also pass if it read nothing."""
    assert told.telling >= {
        "results.index", "results.diagnoza", "results.diagnoza_pdf", "results.export_xlsx", "diagnoza_files.docx",
        "diagnoza_files.workbook", "diagnoza_files.package", "answer_themes.index", "region.show", "region.table_csv",
        "region.table_xlsx", "api.show", "api.table",
    }  # fmt: skip
    assert told.public.attacker.knowledge.told > 1000
    assert len({output.name for output in everything}) > 100


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Small campaigns of one mind or of two, of one kind of institution or of many."""
    forms = draw(st.integers(2, 22))
    return Plan(
        seed=draw(st.integers(0, 2**32)),
        kinds=tuple(draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5, unique=True))),
        forms=forms,
        yes=draw(st.sampled_from([0.1, 0.5, 0.7, 0.85, 0.95])),
        skips=draw(st.sampled_from([0.0, 0.1, 0.3])),
        k=draw(st.integers(3, 5)),
        known=draw(st.booleans()),
        paper=draw(st.integers(0, min(4, forms))),
        towns=draw(st.sampled_from([MIXED, HIDING])),
    )


# Every example is a whole service: what fails is told as it is, without a search for a smaller one.
@settings(
    deadline=None,
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(plan=plans())
def test_no_output_of_any_campaign_tells_a_hidden_number(
    telling: frozenset[str], sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, plan: Plan
) -> None:
    folder = tmp_path_factory.mktemp("campaign")
    whole = build(plan, sqlite_template, folder / "var")
    try:
        sides = attack(whole, collect(whole, ("coordinator", "region"), telling))
        assert sides.public.too_much() == []
        assert sides.team.too_much() == []
    finally:
        whole.context.database.dispose()
        shutil.rmtree(folder)


def again(rich: Whole, told: Sides, *names: str) -> Sides:
    """What everybody knows already, and what these routes show now."""
    sides = attack(rich, ())
    for one, other in ((sides.public, told.public), (sides.team, told.team)):
        one.attacker.knowledge.facts.update(other.attacker.knowledge.facts)
        one.attacker.hidden |= other.attacker.hidden
        one.attacker.shown |= other.attacker.shown
    sides.read(collect(rich, ("coordinator",), frozenset(names)))
    return sides


def test_one_hidden_row_that_one_file_shows_is_found(
    rich: Whole, told: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the DOCX forgets; the row may be one that was hidden for its siblings' sake alone."""
    row = next(
        row for question, row in sorted(told.public.attacker.hidden) if question == "p7" and row != ALL
    )
    attacker = told.public.attacker
    counts = [round(attacker.knowledge.value(attacker.count("p7", row, answer))) for answer in ("tak", "nie")]
    label = next(group.label for group in attacker.groups.items if group.id == row)
    honest = docx.cells

    def forgetful(block: CountTable | TextTable) -> CellTable:
        made = honest(block)
        if not made.caption.endswith("Odpowiedzi na pytanie 7"):
            return made
        shown = (label, str(sum(counts)), str(counts[0]), "–", str(counts[1]), "–")
        return replace(made, rows=tuple(shown if one[0] == label else one for one in made.rows))

    monkeypatch.setattr(docx, "cells", forgetful)
    sides = again(rich, told, "diagnoza_files.docx")
    assert ("p7", row) in {found[:2] for found in sides.public.attacker.narrow()}


def test_mornings_that_are_told_to_the_last_answer_are_found(
    rich: Whole, told: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finer(shown: object, percent_from: int) -> ReleasedTable:
        columns = [Column(day, polish.date(dt.date.fromisoformat(day))) for day in rich.mornings]
        row = ReleasedRow("gmina", "Cała gmina", "gmina", 12, tuple(rich.mornings.values()))
        title = "Ankiety otrzymane do rana danego dnia, w krokach po 5"
        return make_table("response_steps", title, columns, [row], percent_from)

    monkeypatch.setattr(diagnoza_build, "release_steps", finer)
    assert again(rich, told, "results.index").public.attacker.narrow_days()


def test_a_sum_of_gminas_that_are_of_one_mind_is_found(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve TAK of twelve answers say what each of three gminas hides."""
    whole = build(replace(RICH, towns=ALIKE), sqlite_template, tmp_path / "var")
    asked = ("coordinator", "region"), frozenset({"results.index", "region.table_csv", "api.show"})
    assert attack(whole, collect(whole, *asked)).public.too_much() == []
    monkeypatch.setattr(rollup, "may_be_pooled", lambda *_: True)
    sides = attack(whole, collect(whole, *asked))
    assert sides.public.regions.narrow(sides.public.attacker)
    whole.context.database.dispose()


def test_a_table_that_nobody_taught_the_attacker_is_an_error_that_names_it(
    rich: Whole, told: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "_caption", lambda question: f"Odpowiedzi inaczej: {question.id}")
    with pytest.raises(NotUnderstoodError, match="Odpowiedzi inaczej: p2"):
        again(rich, told, "results.index")


def test_a_number_that_is_not_the_true_one_is_found(
    rich: Whole, told: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "_count", lambda count: HIDDEN if count is None else str(count + 1))
    with pytest.raises(UntrueError):
        again(rich, told, "results.index")


def test_the_rows_tell_the_team_every_closed_answer_of_a_group_and_no_kind_within_one(
    rich: Whole, told: Sides, everything: list[Output]
) -> None:
    """By design (docs/disclosure.md, "Row files"): what the tables hide can be counted in the team's own file."""
    attacker = Reader.of(rich).attacker
    package = next(one for one in everything if one.address.endswith("pakiet-internal.zip"))
    rows = next(table for table in tables_of(package) if table.caption == "wiersze.csv")
    at = {name: place for place, name in enumerate(rows.header)}
    for question in ("p2", "p5", "p7", "p9"):
        for group in attacker.groups.items:
            for answer in ("TAK", "NIE"):
                count = sum(
                    row[at["grupa"]] == group.label and row[at[question]] == answer for row in rows.rows
                )
                attacker.tell(attacker.count(question, group.id, answer.lower()), count)
                assert attacker.knowledge.width(attacker.count(question, group.id, answer.lower())) == 0
    assert "p1" not in at
    for group in attacker.groups.items:
        for kind in group.options if len(group.options) > 1 else ():
            size = attacker.knowledge.truth["size", group.id]
            assert attacker.knowledge.ends({("type", kind): 1.0}) == (0, size)
    assert not any(
        "wiersze.csv" in {table.caption for table in tables_of(one)} for one in everything if is_public(one)
    )
