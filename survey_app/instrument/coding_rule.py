"""From the medians and facts of one stakeholder to the code that a scheme proposes. METHOD, "Coding".

The checker (`check_coding.py`) has made sure that for every combination exactly one code applies, so the code
here only carries the rules out.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping

from survey_app.instrument.model import CodeRule, CodeScheme, Coding, Fact, FactTerm, Operator, ScoreTerm

Medians = Mapping[str, int | None]

OPERATORS: Mapping[Operator, Callable[[int, int], bool]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}


def code_of(coding: Coding, scheme_id: str, medians: Medians, facts: Iterable[Fact]) -> str:
    """The one code of a scheme that applies.

    Medians: criterion -> lower median in points of its scale; None, or left out: missing, and then no
    comparison with it is met. Facts: those that hold. KeyError for a scheme that is not there.
    """
    scheme, held = coding.scheme(scheme_id), frozenset(facts)
    codes = applying(scheme, medians, held)
    if len(codes) != 1:
        raise ValueError(f"scheme {scheme_id!r} gives {codes} for {dict(medians)}, {sorted(held)}")
    return codes[0]


def proposal(
    coding: Coding, scheme_id: str, medians: Medians, points: Mapping[str, int], facts: Iterable[Fact]
) -> str | None:
    """The proposed code, or None where a criterion that the rules compare has too few points.

    Points: criterion -> number of ratings with a point ("nie wiem" left out). METHOD, "Coding": no proposal
    under `minimum_ratings`.
    """
    compared = rule_criteria(coding.scheme(scheme_id))
    if any(points.get(criterion, 0) < coding.minimum_ratings for criterion in compared):
        return None
    return code_of(coding, scheme_id, medians, facts)


def rule_criteria(scheme: CodeScheme) -> frozenset[str]:
    """The criteria that the rules of a scheme compare; the others do not change the code."""
    return frozenset(term.criterion for term in _terms(scheme) if isinstance(term, ScoreTerm))


def rule_facts(scheme: CodeScheme) -> frozenset[Fact]:
    """The facts that the rules of a scheme look at."""
    return frozenset(term.fact for term in _terms(scheme) if isinstance(term, FactTerm))


def rank(coding: Coding, code_id: str) -> int:
    """How favourable a code is: the least favourable 0, higher is more. KeyError for an unknown code."""
    order = [code.id for code in reversed(coding.codes)]
    if code_id not in order:
        raise KeyError(code_id)
    return order.index(code_id)


def applying(scheme: CodeScheme, medians: Medians, facts: frozenset[Fact]) -> tuple[str, ...]:
    """The codes whose rules apply; that of `otherwise` only if no other does. In a checked scheme always one."""
    stated = tuple(rule.code for rule in scheme.rules if rule_applies(rule, medians, facts))
    return stated or tuple(rule.code for rule in scheme.rules if rule.otherwise)


def rule_applies(rule: CodeRule, medians: Medians, facts: frozenset[Fact]) -> bool:
    """Whether all terms of any clause are met."""
    return any(all(_met(term, medians, facts) for term in clause) for clause in rule.clauses)


def _met(term: ScoreTerm | FactTerm, medians: Medians, facts: frozenset[Fact]) -> bool:
    if isinstance(term, FactTerm):
        return (term.fact in facts) is term.holds
    median = medians.get(term.criterion)
    return median is not None and OPERATORS[term.op](median, term.value)


def _terms(scheme: CodeScheme) -> list[ScoreTerm | FactTerm]:
    return [term for rule in scheme.rules for clause in rule.clauses for term in clause]
