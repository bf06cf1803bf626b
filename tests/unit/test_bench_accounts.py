"""The load's own logic: what became of answers, what a visitor reads off a page, whether something grows."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from bench.browser import Form, UnexpectedError
from bench.growth import Verdict, judge, slope_per_hour
from bench.profile import REST, ROOMS, room_of, shared_out
from bench.respondents import account, fields_of
from bench.stage import deployed_settings
from survey_app.forms.page import read_page
from survey_app.instrument.routing import settle
from survey_app.services.demo.answers import made_up
from tests.unit.analysis_records import ankieta

MINUTES = 60.0


def test_answers_that_lie_there_once_balance() -> None:
    told = account(["a", "b"], {"c", "d"}, ["b", "c", "a"])
    assert (told.acknowledged, told.stored, told.balanced) == (2, 3, True)
    assert "each once" in str(told)


@pytest.mark.parametrize(
    ("stored", "missing", "doubled", "strange"),
    [
        (["a"], 1, 0, 0),
        (["a", "b", "b"], 0, 1, 0),
        (["a", "b", "c", "c"], 0, 1, 0),  # nobody was thanked for c, but twice is twice
        (["a", "b", "x"], 0, 0, 1),
        ([], 2, 0, 0),
    ],
)
def test_one_that_is_lost_doubled_or_nobodys_is_counted(
    stored: list[str], missing: int, doubled: int, strange: int
) -> None:
    told = account(["a", "b"], {"c"}, stored)
    assert (told.missing, told.doubled, told.strange) == (missing, doubled, strange)
    assert not told.balanced
    assert "MISSING" in str(told)


PAGE = """<form method="get"><input name="q" value="nie ten"></form>
<form class="survey" method="post" action="/a/x"><input type="hidden" name="form_key" value="12">
<input type="radio" name="p2" value="tak" checked><input type="radio" name="p2" value="nie">
<input type="radio" name="p3" value="tak"><input name="p6-1" value="a &amp; b">
<textarea name="p10">
Pierwsza &lt;b&gt;
druga</textarea><button>Wyślij</button><button name="drop_off_path" value="p3 p4">Bez nich</button></form>
<input name="outside" value="1">"""


def test_a_form_is_read_as_a_browser_would_send_it() -> None:
    form = Form(PAGE)
    assert form.fields == {"form_key": "12", "p2": "tak", "p6-1": "a & b", "p10": "Pierwsza <b>\ndruga"}
    assert form.names == {"form_key", "p2", "p3", "p6-1", "p10"}
    assert (form.action, form.buttons) == ("/a/x", {"drop_off_path": "p3 p4"})
    with pytest.raises(UnexpectedError):
        Form("<p>Nie ma formularza</p>")


def test_visitors_send_what_they_chose_on_several_paths() -> None:
    """What is sent is read back as the same answers, and no two paths are the only ones."""
    instrument, paths = ankieta(), set()
    for seed in range(30):
        chosen = made_up(instrument, "edukacja", random.Random(seed)).answers
        sent = fields_of(instrument, chosen)
        read = read_page(instrument, {name: [text] for name, text in sent.items()})
        assert read.faults == []
        assert settle(instrument, read.values).answers == chosen
        paths.add(frozenset(name.partition("-")[0] for name in sent))
    assert len(paths) > 10


def samples(*values: float) -> list[tuple[float, float]]:
    """One a minute."""
    return [(minute * MINUTES, value) for minute, value in enumerate(values)]


def test_a_slope_is_not_moved_by_a_spike() -> None:
    assert slope_per_hour(samples(*(10 + minute for minute in range(20)))) == pytest.approx(60)
    assert slope_per_hour(samples(*[10.0] * 18, 900.0, *[10.0] * 2)) == 0
    assert slope_per_hour(samples(5.0)) == 0


def test_what_goes_on_growing_grows() -> None:
    told = judge(samples(*(100 + 0.5 * minute for minute in range(60))), 10 * MINUTES, least=8)
    assert told.verdict is Verdict.GROWS
    assert told.slope == pytest.approx(30)
    assert (told.begin, told.end, told.highest) == (105.5, 129, 129.5)


def test_a_cache_that_fills_up_levels_off() -> None:
    filling = [100 + min(minute, 30.0) for minute in range(60)]
    assert judge(samples(*filling), 0, least=8).verdict is Verdict.LEVELS_OFF


def test_warming_up_and_noise_are_no_growth() -> None:
    chance = random.Random(3)
    warm = [50.0 + 10 * minute for minute in range(10)] + [150 + chance.uniform(-2, 2) for _ in range(50)]
    assert judge(samples(*warm), 10 * MINUTES, least=8).verdict is Verdict.STEADY
    emptied = [minute % 12 for minute in range(60)]  # a log that is emptied now and then
    assert judge(samples(*emptied), 0, least=8).verdict is Verdict.STEADY


def test_what_goes_up_and_down_is_no_growth_even_where_it_ends_high() -> None:
    """Two workers that take and give back a few megabytes, as a first run of twenty minutes had them."""
    swings = [
        347.0,
        347,
        346,
        345,
        348,
        347,
        343,
        341,
        342,
        342,
        342,
        343,
        346,
        346,
        347,
        348,
        347,
        348,
        347,
        348,
    ]
    told = judge(samples(*swings), 0, least=8)
    assert told.late > 17
    assert told.verdict is Verdict.STEADY


def test_a_few_samples_say_nothing() -> None:
    assert judge(samples(*range(10)), 0, least=1).verdict is Verdict.TOO_SHORT
    assert judge(samples(1, 2), 99 * MINUTES, least=1).end == 2
    with pytest.raises(ValueError, match="no samples"):
        judge([], 0, least=1)


def test_a_moment_belongs_to_the_innermost_room() -> None:
    view = ("/x/survey_app/web/respondent.py", "_receive")
    assert room_of([("/l/werkzeug/datastructures/headers.py", "get"), view]) == REST
    assert (
        room_of([("/l/json/encoder.py", "encode"), ("/x/survey_app/store/responses.py", "add"), view])
        == "store"
    )
    assert room_of([("/l/flask/app.py", "process_response"), ("/l/flask/app.py", "wsgi_app")]) == "hooks"
    assert (
        room_of([("/x/survey_app/services/survey/seal.py", "seal"), ("/x/survey_app/store/a.py", "b")])
        == "seal"
    )
    shares = shared_out(4.0, Counter({"store": 3, "seal": 1}))
    assert (set(shares), sum(shares.values()), shares["store"]) == (set(ROOMS), 4.0, 3.0)
    assert sum(shared_out(4.0, Counter()).values()) == 0


def test_the_stage_tells_postgresql_what_deploy_says() -> None:
    told = deployed_settings()
    assert "fsync=on" in told
    assert "track_activity_query_size=100B" in told
    assert not any("#" in one or " " in one for one in told)
