"""The one field of a day: what is taken as a day, what is refused, and that what was typed is still there."""

from __future__ import annotations

import datetime as dt

import pytest
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired

from survey_app.forms.day import NO_SUCH_DAY, Day
from survey_app.forms.staff_fields import StaffForm

LAST = dt.date(2100, 12, 31)


class Form(StaffForm):
    free = Day("Kiedy")
    asked = Day("Kiedy", [InputRequired("Prosimy podać dzień.")])
    old = Day("Kiedy", years=(1900, 2100))


def sent(**typed: str) -> Form:
    form = Form(MultiDict({"asked": "2026-11-21", **typed}))
    form.validate()
    return form


@pytest.mark.parametrize("typed", ["2026-11-21", "21.11.2026", " 21.11.2026 ", "2026-11-21\n"])
def test_a_day_is_taken_as_people_and_as_browsers_write_it(typed: str) -> None:
    form = sent(free=typed)
    assert (form.free.data, form.errors) == (dt.date(2026, 11, 21), {})
    assert 'type="date"' in form.free()


@pytest.mark.parametrize(
    "typed", ["31.02.2026", "wczoraj", "21/11/2026", "1999-12-31", "2101-01-01", "0001-01-01"]
)
def test_what_is_no_day_is_said_and_stays_in_sight(typed: str) -> None:
    form = sent(free=typed)
    assert (form.free.data, form.errors) == (None, {"free": [NO_SUCH_DAY]})
    shown = form.free()
    assert 'type="text"' in shown
    assert f'value="{typed}"' in shown


def test_a_day_may_stay_empty_where_nobody_asks_for_it() -> None:
    for typed in ("", "  "):
        form = sent(free=typed, asked=typed)
        assert (form.free.data, form.errors) == (None, {"asked": ["Prosimy podać dzień."]})


def test_the_range_of_years_is_the_fields_own() -> None:
    assert sent(old="1920-07-01").old.data == dt.date(1920, 7, 1)
    assert sent(old="1899-12-31").errors == {"old": [NO_SUCH_DAY]}
    assert [sent(free=day.isoformat()).free.data for day in (dt.date(2000, 1, 1), LAST)] == [
        dt.date(2000, 1, 1),
        LAST,
    ]
