"""Formulas of a calculator: any tree of them is read back as it was written, with the value that it has."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.instrument.formulas import FormulaError, MayBeZeroError, parse

NAMES = ("a", "b", "cena_1")
SIGNS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
Tree = tuple[str, Callable[[Mapping[str, Fraction]], Fraction]]
steady = settings(deadline=None, max_examples=200)
numbers = st.fractions(-50, 50, max_denominator=8)


def grown(trees: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    def joined(sign: str, left: Tree, right: Tree) -> Tree:
        if sign in ("min", "max"):
            least = min if sign == "min" else max
            return f"{sign}({left[0]}, {right[0]})", lambda values: least(left[1](values), right[1](values))
        return f"({left[0]}) {sign} ({right[0]})", lambda values: SIGNS[sign](
            left[1](values), right[1](values)
        )

    return st.builds(joined, st.sampled_from([*SIGNS, "min", "max"]), trees, trees)


leaves = st.sampled_from(NAMES).map(lambda name: (name, lambda values: values[name])) | st.integers(
    0, 99
).map(lambda whole: (f"{whole}.5", lambda _: Fraction(whole) + Fraction(1, 2)))
trees: st.SearchStrategy[Tree] = st.recursive(leaves, grown, max_leaves=8)


@given(trees, st.fixed_dictionaries(dict.fromkeys(NAMES, numbers)))
@steady
def test_a_formula_has_the_value_of_its_tree(tree: Tree, values: dict[str, Fraction]) -> None:
    formula = parse(tree[0])
    try:
        wanted = tree[1](values)
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            formula.value(values)
        return
    assert formula.value(values) == wanted


@given(
    trees,
    st.fixed_dictionaries(dict.fromkeys(NAMES, st.tuples(numbers, numbers).map(sorted))),
    st.lists(st.integers(0, 12), min_size=3, max_size=3),
)
@steady
def test_no_value_is_outside_of_the_interval_and_none_divides_by_zero(
    tree: Tree, bounds: dict[str, list[Fraction]], steps: list[int]
) -> None:
    formula = parse(tree[0])
    try:
        low, high = formula.interval({name: (one[0], one[1]) for name, one in bounds.items()})
    except MayBeZeroError:
        return
    values = {
        name: one[0] + (one[1] - one[0]) * Fraction(step, 12)
        for (name, one), step in zip(bounds.items(), steps, strict=True)
    }
    assert low <= formula.value(values) <= high


@given(st.text("ab19.+-*/(), min_", max_size=30) | st.text(max_size=20))
@steady
def test_any_text_is_a_formula_or_a_fault_with_its_place(text: str) -> None:
    try:
        formula = parse(text)
    except FormulaError as found:
        error = found
    else:
        assert parse(formula.text) == formula
        return
    assert 1 <= error.at <= len(text) + 1, error.message


def test_times_comes_before_plus_and_what_stands_left_first() -> None:
    values = {"a": Fraction(10), "b": Fraction(4)}
    # 10 - 4 - 3 = 3; 10 - 4 * 2 / 8 = 9; -(10) + 4 = -6; the smallest of 10, 4 and 7 is 4
    for text, wanted in (("a - b - 3", 3), ("a - b * 2 / 8", 9), ("-a + b", -6), ("min(a, b, 7)", 4)):
        assert parse(text).value(values) == wanted
    assert parse("a / b / b").value(values) == Fraction(5, 8)


@pytest.mark.parametrize(
    "text", ["(" * 60 + "1" + ")" * 60, "-" * 400 + "1", "__import__", "a.b", "2 ** 3", "a b"]
)
def test_nothing_else_can_be_said(text: str) -> None:
    with pytest.raises(FormulaError):
        parse(text)
