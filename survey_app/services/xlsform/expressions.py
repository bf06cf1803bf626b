"""Conditions as XLSForm writes them (`relevant`), and back as far as a definition can hold them.

A definition knows one `all` or one `any` of comparisons; a question without an answer meets none of them, not even
"ne". XPath thinks otherwise (an empty answer differs from 'tak'), so every such comparison is written with a guard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from survey_app.instrument.model import AnswerType, Comparison, Condition, Operator, Question

Constant = str | int | float
_SIGNS = {
    Operator.EQ: "=",
    Operator.NE: "!=",
    Operator.LT: "<",
    Operator.LE: "<=",
    Operator.GT: ">",
    Operator.GE: ">=",
}
_OPERATORS = {sign: op for op, sign in _SIGNS.items()}
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TOKEN = re.compile(
    r"\s*(?:(?P<name>[$][{]\s*[^{}\s]+\s*[}])|(?P<text>'[^']*'|\"[^\"]*\")|(?P<sign><=|>=|!=|=|<|>)"
    r"|(?P<mark>[(),])|(?P<number>-?\d+(?:[.]\d+)?)|(?P<word>[a-z][a-z-]*)|(?P<self>[.]))"
)
MAX_LENGTH = 4_000
MAX_DEPTH = 30


class UnreadableError(ValueError):
    """The condition says more than a definition can hold. `reason`: in Polish."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def written(condition: Condition, names: Mapping[str, Sequence[str]], by_id: Mapping[str, Question]) -> str:
    """The XPath of a condition. `names`: question id -> the names of its fields in the form (boxes have several)."""
    parts = [_comparison(part, names[part.question], by_id[part.question]) for part in condition.comparisons]
    joined = f" {'and' if condition.mode == 'all' else 'or'} ".join(parts)
    return joined[1:-1] if len(parts) == 1 and joined.startswith("(") else joined


def _comparison(part: Comparison, fields: Sequence[str], question: Question) -> str:
    given = [f"${{{name}}} != ''" for name in fields]
    if part.op is Operator.ANSWERED:
        return given[0] if len(given) == 1 else f"({' or '.join(given)})"
    values = part.value if isinstance(part.value, tuple) else (part.value,)
    constants = [_constant(value, question) for value in values if value is not None]
    name = f"${{{fields[0]}}}"
    if part.op is Operator.EQ:
        return f"{name} = {constants[0]}"
    if part.op is Operator.IN:
        return f"({' or '.join(f'{name} = {constant}' for constant in constants)})"
    sign = "!=" if part.op is Operator.NOT_IN else _SIGNS[part.op]
    return f"({' and '.join([given[0], *(f'{name} {sign} {constant}' for constant in constants)])})"


def _constant(value: Constant, question: Question) -> str:
    if question.type is AnswerType.DATE:
        return f"date('{value}')"
    return f"'{value}'" if isinstance(value, str) else f"{value}"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison with a field of the form; the constant as it was written."""

    name: str
    op: Operator
    values: tuple[Constant, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """`all` or `any` of the parts."""

    mode: str
    parts: tuple[Leaf | Joined, ...]


Tree = Leaf | Joined


@dataclass(slots=True)
class Reading:
    """A condition as read: `leaves` under `mode`. `unguarded`: fields whose "differs from" ignored empty answers."""

    mode: str
    leaves: list[Leaf]
    unguarded: list[str] = field(default_factory=list)


def read(text: str, boxes: Mapping[str, str]) -> Reading:
    """The comparisons of a `relevant`. `boxes`: name of a field -> name of the question that it is a part of.

    UnreadableError when a definition cannot say it: nested alternatives, calculations, functions.
    """
    if len(text) > MAX_LENGTH:
        raise UnreadableError("warunek jest za długi")
    tree = _Parser(list(_tokens(text))).whole()
    reading = Reading("all", [])
    flat = _simple(tree, boxes, reading.unguarded)
    reading.mode = flat.mode if isinstance(flat, Joined) else "all"
    for part in flat.parts if isinstance(flat, Joined) else (flat,):
        if isinstance(part, Joined):
            raise UnreadableError("warunek łączy „and” z „or”")
        reading.leaves.append(part)
    return reading


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise UnreadableError("warunek używa działań, których definicja nie zna")
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


@dataclass(slots=True)
class _Parser:
    """Recursive descent over and, or, not(), selected(), date() and comparisons."""

    tokens: list[tuple[str, str]]
    at: int = 0
    depth: int = 0

    def whole(self) -> Tree:
        tree = self._either()
        if self.at < len(self.tokens):
            raise UnreadableError("warunek używa działań, których definicja nie zna")
        return tree

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def _take(self, kind: str, token: str | None = None) -> str:
        found_kind, found = self._peek()
        if found_kind != kind or (token is not None and found != token):
            raise UnreadableError("warunek używa działań, których definicja nie zna")
        self.at += 1
        return found

    def _either(self) -> Tree:
        parts = [self._both()]
        while self._peek() == ("word", "or"):
            self.at += 1
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Joined("any", tuple(parts))

    def _both(self) -> Tree:
        parts = [self._term()]
        while self._peek() == ("word", "and"):
            self.at += 1
            parts.append(self._term())
        return parts[0] if len(parts) == 1 else Joined("all", tuple(parts))

    def _term(self) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnreadableError("warunek jest zbyt zagnieżdżony")
        tree = self._inner()
        self.depth -= 1
        return tree

    def _inner(self) -> Tree:
        if self._peek() == ("mark", "("):
            return self._bracketed()
        if self._peek() == ("word", "not"):
            self.at += 1
            return _negated(self._bracketed())
        if self._peek() == ("word", "selected"):
            return self._selected()
        return self._compared()

    def _bracketed(self) -> Tree:
        self._take("mark", "(")
        tree = self._either()
        self._take("mark", ")")
        return tree

    def _selected(self) -> Leaf:
        self.at += 1
        self._take("mark", "(")
        name = _name(self._take("name"))
        self._take("mark", ",")
        value = self._take("text")[1:-1]
        self._take("mark", ")")
        return Leaf(name, Operator.EQ, (value,))

    def _compared(self) -> Leaf:
        """A field and a constant, in either order."""
        if self._peek()[0] == "name":
            name, sign, value = _name(self._take("name")), self._take("sign"), self._value()
        else:
            value, sign, name = self._value(), _MIRRORED[self._take("sign")], _name(self._take("name"))
        if value != "":
            return Leaf(name, _OPERATORS[sign], (value,))
        if sign != "!=":
            raise UnreadableError("warunek pyta o brak odpowiedzi")
        return Leaf(name, Operator.ANSWERED)

    def _value(self) -> Constant:
        kind, _ = self._peek()
        if self._peek() == ("word", "date"):
            self.at += 1
            self._take("mark", "(")
            value = self._take("text")[1:-1]
            self._take("mark", ")")
            return value
        if kind == "number":
            self.at += 1
            return _number(self.tokens[self.at - 1][1])
        return self._take("text")[1:-1]


def _number(token: str) -> int | float:
    return float(token) if "." in token else int(token)


def _name(token: str) -> str:
    return token[2:-1].strip()


def _negated(tree: Tree) -> Tree:
    if isinstance(tree, Leaf) and tree.op in _SIGNS:
        return Leaf(tree.name, _OPERATORS[_OPPOSITE[_SIGNS[tree.op]]], tree.values)
    raise UnreadableError("warunek zaprzecza czemuś więcej niż jednemu porównaniu")


def _simple(tree: Tree, boxes: Mapping[str, str], unguarded: list[str]) -> Tree:
    """The same condition with comparisons of one field joined: two "equals" are "in", two "differs" are "not_in"."""
    mode = tree.mode if isinstance(tree, Joined) else "all"
    leaves: list[Leaf] = []
    nested: list[Joined] = []
    settled: set[str] = set()  # fields of comparisons that stood with their guard in brackets of their own
    for part in _flattened(tree, mode):
        inner = part if isinstance(part, Leaf) else _simple(part, boxes, unguarded)
        if isinstance(inner, Joined):
            nested.append(inner)
            continue
        leaves.append(Leaf(boxes.get(inner.name, inner.name), inner.op, inner.values))
        if not isinstance(part, Leaf):
            settled.add(inner.name)
    guarded = settled | {leaf.name for leaf in leaves if leaf.op is Operator.ANSWERED and mode == "all"}
    unguarded += [leaf.name for leaf in leaves if leaf.op is Operator.NE and leaf.name not in guarded]
    leaves = _all_of(leaves) if mode == "all" else _any_of(leaves)
    return leaves[0] if len(leaves) == 1 and not nested else Joined(mode, (*leaves, *nested))


def _flattened(tree: Tree, mode: str) -> Iterator[Tree]:
    """The parts under one mode, brackets of the same mode undone."""
    if isinstance(tree, Joined) and tree.mode == mode:
        for part in tree.parts:
            yield from _flattened(part, mode)
    else:
        yield tree


def _all_of(leaves: Iterable[Leaf]) -> list[Leaf]:
    """Drops guards that a comparison of the same field makes needless, and joins its "differs"."""
    found = list(dict.fromkeys(leaves))
    kept: dict[Leaf, None] = {}
    for leaf in found:
        others = [other for other in found if other.name == leaf.name and other.op is not Operator.ANSWERED]
        if leaf.op is Operator.ANSWERED and others:
            continue
        if leaf.op is Operator.NE:
            values = tuple(value for other in others if other.op is Operator.NE for value in other.values)
            leaf = Leaf(leaf.name, Operator.NE if len(values) == 1 else Operator.NOT_IN, values)
        kept.setdefault(leaf)
    return list(kept)


def _any_of(leaves: Iterable[Leaf]) -> list[Leaf]:
    """Joins the "equals" of one field."""
    found = list(dict.fromkeys(leaves))
    kept: dict[Leaf, None] = {}
    for leaf in found:
        if leaf.op in (Operator.EQ, Operator.IN):
            same = [one for one in found if one.name == leaf.name and one.op in (Operator.EQ, Operator.IN)]
            values = tuple(dict.fromkeys(value for other in same for value in other.values))
            leaf = Leaf(leaf.name, Operator.EQ if len(values) == 1 else Operator.IN, values)
        kept.setdefault(leaf)
    return list(kept)
