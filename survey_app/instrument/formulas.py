"""Formulas of a calculator: + - * / ( ), min(a, b), max(a, b) over named numbers. Exact, and nothing else can be said.

A formula is text of a file that a team may write, so it is read by a small parser of its own and never run as code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

FUNCTIONS = ("min", "max")
DEEPEST = 20  # parentheses in parentheses
_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?)|([a-z][a-z0-9_]*)|([-+*/(),])|(\S))")

Interval = tuple[Fraction, Fraction]  # lowest and highest


class FormulaError(ValueError):
    """What cannot be read, in Polish, and where: `at` counts signs from 1."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


class MayBeZeroError(ValueError):
    """A divisor that can be zero."""


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    id: str


@dataclass(frozen=True, slots=True)
class Operation:
    """`sign`: one of + - * /, or min, max."""

    sign: str
    left: Node
    right: Node


Node = Number | Name | Operation


@dataclass(frozen=True, slots=True)
class Formula:
    """`text`: as it was written, for who reads the calculator."""

    text: str
    root: Node

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, each once, in the order in which it stands."""
        return tuple(dict.fromkeys(_names(self.root)))

    def value(self, values: Mapping[str, Fraction]) -> Fraction:
        """KeyError: a name without a value. No division by zero within intervals that passed `interval`."""
        return _value(self.root, values)

    def interval(self, known: Mapping[str, Interval]) -> Interval:
        """Between which the value lies if every name lies in its interval; never too narrow. MayBeZeroError."""
        return _interval(self.root, known)


def parse(text: str) -> Formula:
    """FormulaError if it is none."""
    reading = _Reading(text)
    root = reading.sum()
    if reading.kind != "end":
        raise reading.error(f"Tu nie pasuje „{reading.sign}”.")
    return Formula(" ".join(text.split()), root)


class _Reading:
    """One token ahead; the usual order: * and / before + and -."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.depth = 0
        self.next()

    def next(self) -> str:
        passed = getattr(self, "sign", "")
        self.kind, self.sign, self.at = next(self.tokens)
        return passed

    def error(self, message: str) -> FormulaError:
        return FormulaError(message, self.at)

    def sum(self) -> Node:
        node = self.product()
        while self.sign in ("+", "-"):
            node = Operation(self.next(), node, self.product())
        return node

    def product(self) -> Node:
        node = self.part()
        while self.sign in ("*", "/"):
            node = Operation(self.next(), node, self.part())
        return node

    def part(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(f"Za dużo nawiasów w nawiasach; może być {DEEPEST}.")
        node = self._part()
        self.depth -= 1
        return node

    def _part(self) -> Node:
        if self.kind == "number":
            return Number(Fraction(self.next()))
        if self.kind == "name":
            name = self.next()
            return self.extreme(name) if name in FUNCTIONS else Name(name)
        if self.sign == "-":
            self.next()
            return Operation("-", Number(Fraction(0)), self.part())
        if self.sign == "(":
            self.next()
            node = self.sum()
            self.expect(")")
            return node
        if self.kind == "end":
            raise self.error("Wzór urywa się: brakuje liczby albo nazwy.")
        raise self.error(f"Zamiast „{self.sign}” powinna tu stać liczba, nazwa albo nawias.")

    def extreme(self, sign: str) -> Node:
        self.expect("(")
        node = self.sum()
        if self.sign != ",":
            raise self.error(f"„{sign}” porównuje co najmniej dwie wartości, rozdzielone przecinkiem.")
        while self.sign == ",":
            self.next()
            node = Operation(sign, node, self.sum())
        self.expect(")")
        return node

    def expect(self, sign: str) -> None:
        if self.sign != sign or self.kind != "sign":
            raise self.error(f"Brakuje „{sign}”.")
        self.next()


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind, token, place."""
    at = 0
    while match := _TOKEN.match(text, at):
        start = match.start(match.lastindex or 0) + 1
        if match[4]:
            raise FormulaError(f"Znak „{match[4]}” nie należy do wzoru.", start)
        yield ("number", "name", "sign")[(match.lastindex or 1) - 1], match[match.lastindex or 1], start
        at = match.end()
    while True:
        yield "end", "", len(text) + 1


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.id
    elif isinstance(node, Operation):
        yield from _names(node.left)
        yield from _names(node.right)


def _value(node: Node, values: Mapping[str, Fraction]) -> Fraction:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Name):
        return values[node.id]
    left, right = _value(node.left, values), _value(node.right, values)
    return _combined(node.sign, left, right)


def _combined(sign: str, left: Fraction, right: Fraction) -> Fraction:
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    if sign == "/":
        return left / right
    return min(left, right) if sign == "min" else max(left, right)


def _interval(node: Node, known: Mapping[str, Interval]) -> Interval:
    if isinstance(node, Number):
        return node.value, node.value
    if isinstance(node, Name):
        return known[node.id]
    left, right = _interval(node.left, known), _interval(node.right, known)
    if node.sign == "/" and right[0] <= 0 <= right[1]:
        raise MayBeZeroError
    if node.sign == "-":
        return left[0] - right[1], left[1] - right[0]
    if node.sign in "*/":
        corners = [_combined(node.sign, one, other) for one in left for other in right]
        return min(corners), max(corners)
    return _combined(node.sign, left[0], right[0]), _combined(node.sign, left[1], right[1])
