"""Rules of coding in plain Polish, worded from the rules themselves: what is printed is what is carried out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from survey_app import polish
from survey_app.instrument.model import (
    Code,
    CodeRule,
    CodeScheme,
    Coding,
    Convention,
    Fact,
    FactTerm,
    Operator,
    ScoreTerm,
)

Names = Mapping[str, str]  # criterion -> its name

_COMPARED = {
    Operator.EQ: "równa {}",
    Operator.NE: "inna niż {}",
    Operator.LT: "niższa niż {}",
    Operator.LE: "najwyżej {}",
    Operator.GT: "wyższa niż {}",
    Operator.GE: "co najmniej {}",
}
_FACTS = {
    (Fact.CONTRIBUTION, True): "wkład zapisany w katalogu",
    (Fact.CONTRIBUTION, False): "bez wkładu zapisanego w katalogu",
    (Fact.REFUSAL, True): "zapisana odmowa udziału",
    (Fact.REFUSAL, False): "bez zapisanej odmowy udziału",
}


def quoted(name: str) -> str:
    """A name as it stands in a sentence."""
    return f"„{name}”"


def listed(words: Sequence[str], last: str = "i") -> str:
    """ "a, b i c"; `last` is the word before the last one."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def fact_words(fact: Fact, *, holds: bool) -> str:
    """A fact that holds, or that does not."""
    return _FACTS[fact, holds]


def term_words(term: ScoreTerm | FactTerm, names: Names) -> str:
    """One term: "„Zainteresowanie” co najmniej 2"."""
    if isinstance(term, FactTerm):
        return fact_words(term.fact, holds=term.holds)
    name = names.get(term.criterion, term.criterion)
    return f"ocena {quoted(name)} {_COMPARED[term.op].format(term.value)}"


def clause_words(clause: Iterable[ScoreTerm | FactTerm], names: Names) -> str:
    """The terms that must all be met."""
    return " oraz ".join(term_words(term, names) for term in clause)


def rule_words(coding: Coding, rule: CodeRule, names: Names) -> str:
    """A whole rule: "Zwolennik: ocena „Zainteresowanie” co najmniej 3; albo ..."."""
    label = coding.code(rule.code).label
    if rule.otherwise:
        return f"{label}: w każdym innym przypadku"
    return f"{label}: " + "; albo ".join(clause_words(clause, names) for clause in rule.clauses)


def scheme_words(coding: Coding, scheme: CodeScheme, names: Names) -> tuple[str, ...]:
    """The rules of a scheme, one sentence each, without the full stop."""
    return tuple(rule_words(coding, rule, names) for rule in scheme.rules)


def minimum_words(coding: Coding) -> str:
    """Under how many ratings no code is proposed."""
    people = polish.counted(coding.minimum_ratings, "osoba", "osoby", "osób")
    rated = polish.plural(coding.minimum_ratings, "oceniła", "oceniły", "oceniło")
    return (
        "Propozycja kodu powstaje z dolnych median ocen („nie wiem” nie jest liczone), "
        f"gdy każde kryterium, o które pyta reguła, {rated} co najmniej {people}."
    )


def written_conventions(coding: Coding, names: Names) -> tuple[Convention, ...]:
    """The numbers and rules of this definition as conventions, so that no report prints other ones.

    Their ids are `minimum_ratings` and `rule_<scheme>`.
    """
    rules = (
        Convention(
            f"rule_{scheme.id}",
            f"Podział {quoted(scheme.label)}. {'. '.join(scheme_words(coding, scheme, names))}.",
        )
        for scheme in coding.schemes
    )
    return (Convention("minimum_ratings", minimum_words(coding)), *rules)


def code_labels(codes: Iterable[Code], chosen: Iterable[str]) -> list[str]:
    """The labels of the chosen codes, in the order of `codes`."""
    wanted = set(chosen)
    return [code.label for code in codes if code.id in wanted]
