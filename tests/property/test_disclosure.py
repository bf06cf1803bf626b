"""An attacker reads every released table of a campaign and solves for what is hidden.

The attacker here shares no formula with the code: it writes down all that is published as constraints on whole
numbers, adds the base of each group (which the rule concedes), and asks an integer programme how small and how
large each hidden count can be. METHOD, "Disclosure control": the range must be at least min(base, k - 1) wide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from survey_app.analysis.diagnoza.build import release
from survey_app.analysis.disclosure import ReleasedCampaign
from survey_app.analysis.disclosure.suppress import boxes_allow
from survey_app.analysis.groups import Groups, form_groups, type_counts
from survey_app.instrument.values import Answers, State, choice_of
from tests.unit.analysis_records import ankieta, drawn

KINDS = tuple(option.id for option in ankieta().by_id["p1"].options)
ROOTS = {"p2": ["p3", "p4"], "p5": [], "p7": [], "p9": []}
TEXTS = {  # text question -> (what it hangs on, the answer that leads there, most texts of one person)
    "p2_cele": ("p2", "tak", 3),
    "p3_dlaczego": ("p3", "nie", 1),
    "p4_przedsiewziecia": ("p4", "tak", 3),
    "p4_przyczyny": ("p4", "nie", 3),
    "p5_instytucje": ("p5", "tak", 3),
    "p5_argument": ("p5", "nie", 1),
    "p9_obszary": ("p9", "tak", 3),
    "p9_dlaczego": ("p9", "nie", 1),
}


@dataclass
class Equations:
    """Whole-number unknowns by name, and what is known of their sums."""

    index: dict[tuple[str, ...], int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def var(self, *name: str) -> int:
        return self.index.setdefault(name, len(self.index))

    def know(self, terms: dict[int, float], low: float, high: float) -> None:
        self.rows.append((terms, low, high))

    def equal(self, terms: dict[int, float], value: float) -> None:
        self.know(terms, value, value)

    def width(self, target: int) -> int:
        size = len(self.index)
        matrix = np.zeros((len(self.rows), size))
        for position, (terms, _, _) in enumerate(self.rows):
            for variable, factor in terms.items():
                matrix[position, variable] += factor
        rule = LinearConstraint(matrix, [row[1] for row in self.rows], [row[2] for row in self.rows])
        aim = np.zeros(size)
        aim[target] = 1
        found = [
            milp(sign * aim, integrality=np.ones(size), bounds=Bounds(0, np.inf), constraints=rule)
            for sign in (1, -1)
        ]
        assert all(one.success for one in found), "what is published contradicts itself"
        return round(-found[1].fun - found[0].fun)


@dataclass
class Campaign:
    """The truth, and what was released of it."""

    records: Sequence[Answers]
    groups: Groups
    released: ReleasedCampaign

    def truth(self, question: str, answer: str, group: str | None = None) -> int:
        return sum(
            choice_of(r[question].value) == answer and (group is None or self.group_of(r) == group)
            for r in self.records
        )

    def base(self, question: str, group: str | None = None) -> int:
        return self.truth(question, "tak", group) + self.truth(question, "nie", group)

    def group_of(self, record: Answers) -> str:
        return self.groups.group_of(choice_of(record["p1"].value)).id

    def texts(self, question: str) -> int:
        values = [r[question].value for r in self.records]
        return sum(len(value) if isinstance(value, list) else int(value is not None) for value in values)


def attack(campaign: Campaign, root: str) -> Iterator[tuple[str, str, str, int, int]]:
    """(question, row, answer, base, width) of each hidden count in a question and those that hang on it."""
    eq, released = Equations(), campaign.released
    people = len(campaign.records)
    totals = {
        (question, answer): eq.var(question, "gmina", answer)
        for question in [root, *ROOTS[root]]
        for answer in ("tak", "nie")
    }
    for answer in ("tak", "nie"):
        parts = {eq.var(root, group.id, answer): 1.0 for group in campaign.groups.items}
        eq.equal({**parts, totals[root, answer]: -1.0}, 0)
    for group in campaign.groups.items:
        both = {eq.var(root, group.id, answer): 1.0 for answer in ("tak", "nie")}
        eq.equal(both, campaign.base(root, group.id))
    for child in ROOTS[root]:
        both = {totals[child, "tak"]: 1.0, totals[child, "nie"]: 1.0}
        eq.know({**both, totals[root, "tak"]: -1.0}, -np.inf, 0)
        states = released.questions[child].states
        if states[State.NOT_ASKED.value] is not None:
            eq.equal({totals[root, "tak"]: 1.0}, people - (states[State.NOT_ASKED.value] or 0))
    for question in [root, *ROOTS[root]]:
        for row in released.questions[question].rows:
            for answer, count in zip(("tak", "nie"), row.counts, strict=True):
                if count is not None:
                    eq.equal({eq.var(question, row.id, answer): 1.0}, count)
    for text, (above, answer, most) in TEXTS.items():
        if (above, answer) not in totals:
            continue
        asked = totals[above, answer]
        if text in released.texts:
            eq.know({asked: float(most)}, campaign.texts(text), np.inf)
        if text in released.questions and (base := released.questions[text].row("gmina").base) is not None:
            eq.equal({asked: 1.0}, base)
    for question in [root, *ROOTS[root]]:
        for row in released.questions[question].rows:
            if not row.hidden:
                continue
            base = campaign.base(question, None if row.id == "gmina" else row.id)
            for answer in ("tak", "nie"):
                yield question, row.id, answer, base, eq.width(eq.var(question, row.id, answer))


@st.composite
def campaigns(draw: st.DrawFn) -> Campaign:
    """From nobody to thirty-odd people, all alike or not, in few or many types."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=7, unique=True))
    records = drawn(
        draw(st.integers(0, 2**32)),
        draw(st.integers(0, 36)),
        kinds,
        draw(st.sampled_from([0.0, 0.1, 0.5, 0.85, 0.95, 1.0])),
        draw(st.sampled_from([0.0, 0.05, 0.3])),
    )
    k = draw(st.integers(3, 5))
    groups = form_groups(ankieta(), type_counts(ankieta(), records), k)
    return Campaign(records, groups, release(ankieta(), records, groups, None))


@settings(deadline=None, max_examples=40)
@given(campaigns())
def test_no_hidden_count_can_be_worked_out_more_closely_than_the_rule_allows(campaign: Campaign) -> None:
    k = campaign.groups.k
    for root in ROOTS:
        for question, row, answer, base, width in attack(campaign, root):
            assert width >= min(base, k - 1), (question, row, answer, base, width)


@settings(deadline=None, max_examples=60)
@given(campaigns())
def test_what_is_shown_is_true_and_no_row_that_must_be_hidden_is_shown(campaign: Campaign) -> None:
    k = campaign.groups.k
    for question in ("p2", "p3", "p4", "p5", "p7", "p9"):
        for row in campaign.released.questions[question].rows:
            group = None if row.id == "gmina" else row.id
            true = tuple(campaign.truth(question, answer, group) for answer in ("tak", "nie"))
            if not row.hidden:
                assert row.counts == true
                assert row.base == sum(true)
            if sum(true) < k or (sum(true) < 2 * k and max(true) == sum(true)):
                assert row.hidden
                assert row.base is None


@settings(deadline=None, max_examples=60)
@given(campaigns())
def test_texts_are_shown_only_where_at_least_k_people_wrote(campaign: Campaign) -> None:
    for question in campaign.released.texts:
        authors = sum(record[question].state is State.ANSWERED for record in campaign.records)
        assert authors >= campaign.groups.k
    assert "p1_wskazanie" not in campaign.released.texts


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=9), st.integers(3, 4))
def test_the_number_of_texts_is_told_only_if_hidden_boxes_stay_open(filled: list[int], k: int) -> None:
    """Count every way in which as many people can have written as many texts."""
    asked, texts = len(filled), sum(filled)
    ways = [
        (asked - sum(some), *some)
        for some in product(range(asked + 1), repeat=3)
        if sum(some) <= asked and some[0] + 2 * some[1] + 3 * some[2] == texts
    ]
    widths = [max(column) - min(column) for column in zip(*ways, strict=True)]
    assert boxes_allow(3, texts, asked, k) == (min(widths) >= min(asked, k - 1))


@st.composite
def sizes_of_types(draw: st.DrawFn) -> dict[str, int]:
    return {kind: draw(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5])) for kind in KINDS}


@settings(deadline=None, max_examples=40)
@given(sizes_of_types(), st.integers(3, 4))
def test_whoever_replays_the_forming_of_groups_cannot_pin_down_a_small_type(
    counts: dict[str, int], k: int
) -> None:
    """Try every way to share a group's people among its types; keep those that give the same groups."""
    groups = form_groups(ankieta(), counts, k)
    for group in groups.items:
        size = sum(counts[option] for option in group.options)
        if len(group.options) > 5 or size > 9:
            continue
        seen: dict[str, set[int]] = {option: set() for option in group.options}
        for shares in product(range(size + 1), repeat=len(group.options)):
            other = {**counts, **dict(zip(group.options, shares, strict=True))}
            if sum(shares) == size and form_groups(ankieta(), other, k) == groups:
                for option, share in zip(group.options, shares, strict=True):
                    seen[option].add(share)
        for option, values in seen.items():
            assert len(values) > 1 or not 0 < counts[option] < k, (group.label, option, values)


@settings(deadline=None, max_examples=60)
@given(sizes_of_types(), st.integers(3, 6))
def test_everyone_is_in_one_group_and_no_group_is_smaller_than_k(counts: dict[str, int], k: int) -> None:
    groups = form_groups(ankieta(), counts, k)
    placed = Counter(option for group in groups.items for option in group.options)
    assert set(placed.values()) <= {1}
    assert all(placed[option] == 1 for option, count in counts.items() if count)
    assert all(counts[option] == 0 for option in groups.empty)
    for group in groups.items:
        assert groups.single or sum(counts[option] for option in group.options) >= k
    assert Groups.from_json(groups.to_json()) == groups
