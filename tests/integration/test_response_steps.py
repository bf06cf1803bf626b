"""How answers came in: the report has the numbers that the monitor showed in the mornings, and no finer ones."""

from __future__ import annotations

import datetime as dt

from survey_app.analysis.diagnoza.package import released_tables
from survey_app.analysis.diagnoza.result import Diagnoza, Edition
from survey_app.services.context import Context
from survey_app.services.instruments import current_ankieta
from survey_app.services.survey import build_diagnoza, campaigns, paper
from tests.campaign_kit import Held, add_gmina, answers, end, hold, lock, new_key, send
from tests.stores import Clock


def morning(context: Context, clock: Clock, held: Held, codes: list[str]) -> int:
    """The next day: a look at the monitor, then answers. What was seen."""
    clock.advance(days=1)
    seen = campaigns.monitor(context, held.campaign.id).count_shown
    for code in codes:
        send(context, held, code, {"p1": {"option": "edukacja"}, "p5": "tak"})
    return seen


def report(context: Context, held: Held) -> Diagnoza:
    return build_diagnoza.build(context, held.campaign.id, Edition.PUBLIC)


def test_the_report_has_the_mornings_on_which_the_number_grew(context: Context, clock: Clock) -> None:
    add_gmina(context, 20)
    held = hold(context)
    batches = [held.codes[:7], held.codes[7:9], held.codes[9:16], held.codes[16:18]]
    seen = [morning(context, clock, held, batch) for batch in batches]
    assert seen == [0, 5, 5, 15]
    lock(context, held)
    made = report(context, held)
    assert made.response.steps is not None
    assert made.response.steps.rows[0].counts == (0, 5, 15)
    days = [dt.date.fromisoformat(column.id) for column in made.response.steps.columns]
    assert [(day - days[0]).days for day in days] == [0, 1, 3]
    [packed] = [one.table for one in released_tables(made) if one.kind == "kroki"]
    assert packed is made.response.steps
    chapter = next(one for one in build_diagnoza.document(context, held.campaign.id, Edition.PUBLIC).chapters
                   if one.anchor == "odpowiedzi")  # fmt: skip
    assert "kto-kiedy" in [getattr(block, "anchor", "") for block in chapter.blocks]


def test_paper_that_is_typed_after_the_close_leaves_no_step(context: Context, clock: Clock) -> None:
    add_gmina(context, 12)
    held = hold(context)
    assert morning(context, clock, held, held.codes[:5]) == 0
    assert morning(context, clock, held, []) == 5
    end(context, held)
    paper.tick_returned(
        context, held.campaign.id, [one.stakeholder_id for one in held.issued[5:]], actor=None
    )
    for _ in held.codes[5:]:
        sheet = answers(current_ankieta(context), {"p1": {"option": "edukacja"}, "p5": "nie"})
        paper.type_sheet(context, held.campaign.id, new_key(), sheet, actor=None)
    assert morning(context, clock, held, []) == 10
    lock(context, held)
    steps = report(context, held).response.steps
    assert steps is not None
    assert steps.rows[0].counts == (0, 5)


def test_a_campaign_at_which_nobody_looked_has_no_chart_of_its_days(context: Context) -> None:
    add_gmina(context, 6)
    held = hold(context)
    for code in held.codes:
        send(context, held, code, {"p1": {"option": "edukacja"}, "p5": "tak"})
    lock(context, held)
    assert report(context, held).response.steps is None


def test_a_named_campaign_keeps_no_steps(context: Context, clock: Clock) -> None:
    add_gmina(context, 12)
    held = hold(context, mode="named")
    for codes in (held.codes[:6], held.codes[6:]):
        morning(context, clock, held, codes)
    lock(context, held)
    assert report(context, held).response.steps is None
