"""Whether a scheme gives exactly one code for every combination of medians and facts. METHOD, "Coding".

Every combination is tried: each criterion that the rules compare is missing or has any of its points, each fact
holds or does not. What is wrong is told in the fewest criteria that matter.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_app import polish
from survey_app.instrument.build import code_rule
from survey_app.instrument.coding_rule import applying, rule_applies, rule_criteria
from survey_app.instrument.coding_words import clause_words, code_labels, fact_words, listed, quoted
from survey_app.instrument.model import Code, CodeRule, CodeScheme, Fact, Stance
from survey_app.instrument.outline import Placed
from survey_app.instrument.shape import Findings

MAX_COMBINATIONS = 50_000
MAX_SHOWN = 5

Combination = tuple[int | bool | None, ...]  # a value for each variable of the space, in its order
Region = tuple[tuple[int | bool | None, ...], ...]  # values for each variable: all combinations of them


@dataclass(frozen=True, slots=True)
class _Space:
    """Everything that a rule can be asked: criteria with their points, and facts."""

    criteria: tuple[str, ...]
    domains: tuple[tuple[int | bool | None, ...], ...]  # of the criteria, then of the facts
    names: Mapping[str, str]

    @property
    def size(self) -> int:
        product = 1
        for domain in self.domains:
            product *= len(domain)
        return product

    def combinations(self) -> Iterator[Combination]:
        return itertools.product(*self.domains)

    def medians(self, combination: Combination) -> dict[str, int | None]:
        return dict(zip(self.criteria, combination, strict=False))

    def facts(self, combination: Combination) -> frozenset[Fact]:
        held = combination[len(self.criteria) :]
        return frozenset(fact for fact, holds in zip(Fact, held, strict=True) if holds)

    def words(self, region: Region) -> str:
        """The values of the variables that matter: those that may be anything are left out."""
        said = []
        for i, values in enumerate(region):
            if values == self.domains[i]:
                continue
            if i < len(self.criteria):
                said.append(f"{quoted(self.names[self.criteria[i]])} {_points(values)}")
            else:
                said.append(fact_words(list(Fact)[i - len(self.criteria)], holds=bool(values[0])))
        return ", ".join(said) or "każde oceny"


@dataclass(frozen=True, slots=True)
class _Scheme:
    """A scheme with its place, and what its faults are told with."""

    place: str
    scheme: CodeScheme
    codes: tuple[Code, ...]
    space: _Space
    findings: Findings

    def label(self, code_id: str) -> str:
        return code_labels(self.codes, [code_id])[0]


def check_code_rules(
    scheme: Placed,
    coding: Mapping[str, Any],
    points: Mapping[str, range],
    names: Mapping[str, str],
    findings: Findings,
) -> None:
    """Adds overlaps, gaps, rules that never apply, codes that fall as interest rises, opponents unrefused.

    `points`: the points of every criterion with a sound scale; `names`: how criteria are called.
    """
    place, document = scheme
    rules: tuple[CodeRule, ...] = tuple(code_rule(rule) for rule in document["rules"])
    built = CodeScheme(document["id"], document.get("label", ""), "", rules)
    compared = rule_criteria(built)
    if not compared <= set(points):
        return  # its scale is faulty, and that is told already
    criteria = tuple(criterion for criterion in points if criterion in compared)
    domains = [(*points[criterion], None) for criterion in criteria]
    space = _Space(criteria, (*domains, *((True, False) for _ in Fact)), names)
    codes = tuple(Code(**{**code, "stance": Stance(code["stance"])}) for code in coding["codes"])
    if space.size > MAX_COMBINATIONS:
        message = f"Reguły porównują tak wiele kryteriów, że układów ocen jest {polish.whole(space.size)}."
        hint = f"Porównuj mniej kryteriów albo skróć skale: układów może być do {polish.whole(MAX_COMBINATIONS)}."
        findings.add("coding.too_many", f"{place}.rules", message, hint)
        return
    task = _Scheme(place, built, codes, space, findings)
    found = {c: applying(built, space.medians(c), space.facts(c)) for c in space.combinations()}
    _tell_overlaps(task, found)
    _tell_gaps(task, found)
    _tell_idle_rules(task, found)
    _tell_opponents(task, found)
    _tell_falls(task, found, coding["interest"])


def _tell_overlaps(task: _Scheme, found: Mapping[Combination, tuple[str, ...]]) -> None:
    bad = {combination: codes for combination, codes in found.items() if len(codes) > 1}
    for words, codes, more in _summary(task.space, bad):
        number = {2: "dwa", 3: "trzy", 4: "cztery"}.get(len(codes), str(len(codes)))
        count = f"{number} {polish.plural(len(codes), 'kod', 'kody', 'kodów')}"
        fit = polish.plural(len(codes), "pasuje", "pasują", "pasuje")
        labels = listed(code_labels(task.codes, codes))
        hint = "Zawęź warunki jednego z tych kodów, tak aby zawsze pasował tylko jeden."
        task.findings.add(
            "coding.overlap", f"{task.place}.rules", f"{words}: {fit} {count}: {labels}.{more}", hint
        )


def _tell_gaps(task: _Scheme, found: Mapping[Combination, tuple[str, ...]]) -> None:
    bad = {combination: codes for combination, codes in found.items() if not codes}
    for words, _, more in _summary(task.space, bad):
        hint = "Dopisz ten przypadek do jednej z reguł albo daj jednemu z kodów „w każdym innym przypadku”."
        message = f"{words}: nie pasuje żaden kod.{more}"
        task.findings.add("coding.gap", f"{task.place}.rules", message, hint)


def _tell_idle_rules(task: _Scheme, found: Mapping[Combination, tuple[str, ...]]) -> None:
    for i, rule in enumerate(task.scheme.rules):
        where = f"{task.place}.rules[{i}]"
        if not any(rule.code in codes for codes in found.values()):
            message = f"Kod {quoted(task.label(rule.code))} nie pasuje do żadnych ocen."
            task.findings.add("coding.rule_idle", where, message, "Popraw warunki tej reguły albo usuń ją.")
            continue
        for j, clause in enumerate(rule.clauses):
            alone = CodeRule(rule.code, (clause,))
            if not any(_applies(alone, task.space, combination) for combination in found):
                message = f"Ten warunek nigdy nie zachodzi: {clause_words(clause, task.space.names)}."
                hint = "Popraw go albo usuń."
                task.findings.add("coding.rule_idle", f"{where}.any[{j}]", message, hint)


def _applies(rule: CodeRule, space: _Space, combination: Combination) -> bool:
    return rule_applies(rule, space.medians(combination), space.facts(combination))


def _tell_opponents(task: _Scheme, found: Mapping[Combination, tuple[str, ...]]) -> None:
    """Only a recorded refusal makes an opponent, never low knowledge (METHOD, "Coding")."""
    opponents = {code.id for code in task.codes if code.stance is Stance.OPPONENT}
    bad = {
        combination: tuple(code for code in codes if code in opponents)
        for combination, codes in found.items()
        if opponents.intersection(codes) and Fact.REFUSAL not in task.space.facts(combination)
    }
    refusal = len(task.space.criteria) + list(Fact).index(Fact.REFUSAL)
    for words, codes, more in _summary(task.space, bad, fixed=refusal):
        labels = listed(code_labels(task.codes, codes))
        message = f"{words}: wychodzi kod {labels}, a kod odmowy może dać tylko zapisana odmowa.{more}"
        hint = "Dodaj do każdego warunku tej reguły „fact: refusal”."
        task.findings.add("coding.opponent", f"{task.place}.rules", message, hint)


def _tell_falls(task: _Scheme, found: Mapping[Combination, tuple[str, ...]], interest: str) -> None:
    """More interest, everything else equal, never gives a less favourable code."""
    if interest not in task.space.criteria:
        return
    axis = task.space.criteria.index(interest)
    order = [code.id for code in task.codes]
    bad: dict[Combination, tuple[str, ...]] = {}
    for combination, codes in found.items():
        point = combination[axis]
        if point is None:
            continue
        after = found.get((*combination[:axis], point + 1, *combination[axis + 1 :]), ())
        if len(codes) == len(after) == 1 and order.index(after[0]) > order.index(codes[0]):
            bad[combination] = (codes[0], after[0])
    for words, codes, more in _summary(task.space, bad, fixed=axis):
        before, lower = (task.label(code) for code in codes)
        message = (
            f"{words}: kod {before}, a o punkt wyżej w {quoted(task.space.names[interest])}: {lower}.{more}"
        )
        hint = "Wyższe zainteresowanie nie może obniżać kodu; popraw progi."
        task.findings.add("coding.interest_lowers", f"{task.place}.rules", message, hint)


def _summary(
    space: _Space, bad: Mapping[Combination, tuple[str, ...]], fixed: int | None = None
) -> list[tuple[str, tuple[str, ...], str]]:
    """Up to five situations in words, each with its codes, and how many combinations stay unsaid.

    `fixed`: the variable that is always told with one value.
    """
    told: list[tuple[str, tuple[str, ...], str]] = []
    left = dict(bad)
    while left and len(told) < MAX_SHOWN:
        first = next(iter(left))
        region = _widened(space, first, bad, fixed)
        told.append((_sentence(space.words(region)), left[first], ""))
        for combination in itertools.product(*region):
            left.pop(combination, None)
    if left:
        words, codes, _ = told[-1]
        told[-1] = (words, codes, f" Takich układów ocen jest więcej: jeszcze {polish.whole(len(left))}.")
    return told


def _widened(
    space: _Space, start: Combination, bad: Mapping[Combination, tuple[str, ...]], fixed: int | None
) -> Region:
    """The widest region around a combination in which everything is wrong in the same way."""
    region: list[tuple[int | bool | None, ...]] = [(value,) for value in start]
    facts_first = [*range(len(space.criteria), len(start)), *range(len(space.criteria))]
    for i in facts_first:
        if i == fixed:
            continue
        fits = [value for value in space.domains[i] if _all_wrong(region, i, value, bad, bad[start])]
        region[i] = tuple(fits)
    return tuple(region)


def _all_wrong(
    region: Sequence[tuple[int | bool | None, ...]],
    variable: int,
    value: int | bool | None,
    bad: Mapping[Combination, tuple[str, ...]],
    codes: tuple[str, ...],
) -> bool:
    tried = [*region[:variable], (value,), *region[variable + 1 :]]
    return all(bad.get(combination) == codes for combination in itertools.product(*tried))


def _points(values: Sequence[int | bool | None]) -> str:
    points = [value for value in values if value is not None]
    in_a_row = len(points) > 2 and points[-1] - points[0] == len(points) - 1
    said = [f"od {points[0]} do {points[-1]}"] if in_a_row else [str(point) for point in points]
    return listed([*said, *(["bez oceny"] if None in values else [])], "albo")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
