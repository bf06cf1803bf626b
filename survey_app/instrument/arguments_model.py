"""The library of arguments: what may win over the Neutral, read from a file of its own kind (`kind: arguments`).

Two arguments of the sources (barriers that people meet, services that break them), barriers of knowledge among
institutions, and what to say where a component of readiness is the weakest. Which sectors an argument speaks to, and
every word of a talk, is the file's own and can be changed there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

ARGUMENTS = "arguments"  # the `kind` of such a file
GROUPS = ("barriers", "services", "knowledge", "components")


@dataclass(frozen=True, slots=True)
class Argument:
    """`what`: what it is. `for_whom`: whom it speaks to, in words; `sectors`: those of the catalogue, none: nobody in
    particular. `words`: sentences to say in a talk. `asks`: what the team asks itself before it uses it.
    `breaks`: barriers that a service breaks. `component`: the ankieta's question whose low share calls for it.
    """

    id: str
    label: str
    what: str
    for_whom: str
    words: tuple[str, ...]
    source: str
    asks: str = ""
    sectors: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    component: str = ""


@dataclass(frozen=True)
class Library:
    """A checked file. `conventions`: (id, sentence). `sha256`: of its canonical JSON."""

    key: str
    title: str
    source: str
    barriers: tuple[Argument, ...]
    services: tuple[Argument, ...]
    knowledge: tuple[Argument, ...]
    components: tuple[Argument, ...]
    conventions: tuple[tuple[str, str], ...]
    sha256: str
    document: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def by_component(self) -> Mapping[str, Argument]:
        """The ankieta's question -> what to say where its share is the lowest."""
        return {one.component: one for one in self.components}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Id -> label, of everything."""
        groups = (self.barriers, self.services, self.knowledge, self.components)
        return {one.id: one.label for group in groups for one in group}
