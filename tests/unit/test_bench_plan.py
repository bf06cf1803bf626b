"""The plan's arithmetic, and what a run writes down: figures with ratios, a table, a chart."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench import chart, plan, results

ROOT = Path(__file__).resolve().parents[2]
COSTS = replace(plan.CALM, service_ms=6.0, database_ms=2.0, proxy_ms=2.0, kb=96.0, packed_kb=21.0)


def test_the_busiest_minute_is_three_times_the_mean_of_its_hour() -> None:
    assert plan.Case("x", 36_000, 0.1).peak == pytest.approx(3)
    assert plan.Case("x", 36_000, 1).peak == pytest.approx(30)


def test_a_machine_is_full_at_seven_tenths_of_its_processors() -> None:
    assert plan.holds(COSTS) == pytest.approx(280)
    assert plan.holds(COSTS, cores=1) == pytest.approx(70)


def test_what_a_case_needs() -> None:
    small = plan.need(plan.Case("x", 36_000, 0.1), COSTS)
    assert (small.alone, small.machines, small.connections) == (True, 1, 26)
    large = plan.need(plan.Case("x", 1_200_000, 1), COSTS)  # 1,000 a second: 8 cores at 7/10, by fours
    assert (large.rate, large.alone, large.machines, large.connections) == (1000, False, 3, 58)
    assert large.database_cores == pytest.approx(2 / 0.7)
    assert large.mbit == pytest.approx(1000 * 100 * 1024 * 8 / 1e6)
    assert large.packed_mbit == pytest.approx(large.mbit / 4)
    assert large.wal_mb == pytest.approx(1000 * plan.WAL_BYTES / 1e6)


def test_the_first_bottleneck_is_named_first() -> None:
    assert next(iter(plan.ceilings(replace(COSTS, database_ms=100)))) == "16 processors of the database"
    assert next(iter(plan.ceilings(replace(COSTS, kb=10_000)))) == "1 Gbit/s at the proxy"
    rates = list(plan.ceilings(COSTS).values())
    assert rates == sorted(rates)


def test_a_lock_rewrites_what_others_have_sealed() -> None:
    first, whole = plan.locks(10, 1000, replace(COSTS, lock_ms=1, rewrite_ms=2))
    assert first == pytest.approx(0.1 + 2)
    assert whole == pytest.approx(10 * (0.1 + 1)), "half of them are still sealed on the way"
    alone, _ = plan.locks(1, 100, replace(COSTS, lock_ms=1, rewrite_ms=2))
    assert alone < first


def test_costs_are_taken_from_what_a_run_wrote() -> None:
    def document(name: str) -> dict[str, object]:
        figure = {"name": "processor time an answer, the service", "value": 12.5}
        return {"measurements": [{"name": name, "figures": [figure, {"name": "else", "value": 1}]}]}

    found = plan.costs_from(document("visits"))
    assert (found.service_ms, found.database_ms) == (12.5, plan.CALM.database_ms)
    with pytest.raises(ValueError, match="visits"):
        plan.costs_from(document("form"))


def test_the_paper_says_what_the_plan_says() -> None:
    """After a change of the costs: python -m bench plan, and its tables into docs/scale.md."""
    told = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    made = (plan.table, plan.ends, plan.standing, plan.beside)
    for line in (line for part in made for line in part(plan.CALM)):
        assert line in told.splitlines()
    assert f"**{plan.holds(plan.CALM):.0f} answers a second**" in told


def run_of_two() -> list[results.Measured]:
    def works() -> None:
        print("a line")
        results.note("twice | as slow", 20, "ms", 10, "a bare view")
        results.note("a tenth", 0.5, "s", 5, "before")
        results.note("alone", 1234.5, "MB")
        results.attach("samples", [[0, 1]])

    def fails() -> None:
        print("one line")
        raise SystemExit("an answer is missing")

    return [results.measured("works", works), results.measured("fails", fails)]


def test_figures_lines_and_faults_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    works, fails = run_of_two()
    assert capsys.readouterr().out == "a line\none line\n", "and still seen on the screen"
    assert [figure.ratio for figure in works.figures] == [2.0, 0.1, None]
    assert (works.printed, works.failed, works.data) == (["a line"], "", {"samples": [[0, 1]]})
    assert (fails.printed, fails.failed) == (["one line"], "SystemExit: an answer is missing")
    results.note("of nobody", 1, "ms")
    assert len(works.figures) == 3


def test_a_run_is_written_for_machines_and_for_readers(tmp_path: Path) -> None:
    results.write(tmp_path, results.circumstances(), run_of_two())
    document = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    first = document["measurements"][0]["figures"][0]
    assert first == {
        "name": "twice | as slow", "value": 20.0, "unit": "ms", "baseline": 10, "beside": "a bare view", "ratio": 2.0
    }  # fmt: skip
    assert document["machine"]["processors"] > 0
    assert document["versions"]["flask"]
    table = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "| twice / as slow | 20 ms | 10 ms (a bare view) | 2.00 |" in table
    assert "| alone | 1,234 MB |  |  |" in table
    assert "**Failed**: SystemExit: an answer is missing" in table
    assert "```\none line\n```" in table
    drawing = ElementTree.parse(tmp_path / "results.svg").getroot()
    assert "twice | as slow: 2.00" in "".join(drawing.itertext())


def test_bars_stand_on_either_side_of_the_baseline() -> None:
    drawn = chart.ratios(run_of_two()[:1])
    slow, small = (mark for mark in drawn.primitives if isinstance(mark, chart.Rect))
    one = next(mark.x1 for mark in drawn.primitives if isinstance(mark, chart.Line) and mark.tone == "ink")
    assert slow.x == pytest.approx(one)
    assert small.x + small.width == pytest.approx(one)
    assert small.width > slow.width
    with pytest.raises(ValueError, match="baseline"):
        chart.ratios([results.Measured("nothing")])
