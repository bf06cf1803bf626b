"""The method as a process: stages of steps, read from a file of its own kind (`kind: process`).

A step says what it is for, what it needs, where the service helps with it. Nothing is locked: what is missing is said,
and a team may go on, or skip a step with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

PROCESS = "process"  # the `kind` of such a file


class ProcessFact(StrEnum):
    """What a step can need; each is a count that the service takes from the gmina's own data."""

    MEMBERS = "members"  # people of the team
    MEMBER_SECTORS = "member_sectors"  # of public, social, business: how many the team's institutions cover
    STAKEHOLDERS = "stakeholders"
    STAKEHOLDER_SECTORS = "stakeholder_sectors"
    TYPE_C = "type_c"  # stakeholders of type C
    CAMPAIGNS_OPENED = "campaigns_opened"
    CAMPAIGNS_LOCKED = "campaigns_locked"
    INTERVIEWS_HELD = "interviews_held"
    ROUNDS_CLOSED = "rounds_closed"
    SUPPORTERS = "supporters"  # Zwolennicy of the last closed round
    CONTRIBUTIONS = "contributions"  # stakeholders with a declared contribution
    SIGNATURES = "signatures"  # of the Pakt, by those who did not leave
    PAPERS = "papers"  # agreed papers of the key that the need names
    PAPERS_BEGUN = "papers_begun"  # of that key, in any state but withdrawn
    REGISTER_ENTRIES = (
        "register_entries"  # of the register that the need names, in the state that it names or in any
    )


class StepPage(StrEnum):
    """The pages of a gmina's panel that a step can lead to."""

    CATALOGUE = "catalogue"
    TEAM = "team"
    CAMPAIGNS = "campaigns"
    INTERVIEWS = "interviews"
    CODING = "coding"
    RESULTS = "results"
    PERSUASION = "persuasion"
    DIAGNOZA = "diagnoza"
    PAPERS = "papers"
    PARTNERSHIP = "partnership"
    LIBRARY = "library"


@dataclass(frozen=True, slots=True)
class Need:
    """At least `least` of `fact` (of papers: of the one with key `paper`; of entries: of `register`, in `state`).

    `missing`: said while it is not so.
    """

    fact: ProcessFact
    least: int
    missing: str
    paper: str = ""
    register: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """`paths`: ids of the paths it belongs to, none: all. `papers`, `registers`: keys of those it is done with.

    `gives`: what comes out of it. `source`: where the method says so. `optional`: the process is whole without it.
    """

    id: str
    title: str
    why: str
    help: str
    gives: str
    source: str
    needs: tuple[Need, ...] = ()
    after: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()
    page: StepPage | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    id: str
    title: str
    summary: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ProcessPath:
    """A way through the method: the ZSL first, or a KIS that is there already."""

    id: str
    label: str
    description: str


@dataclass(frozen=True)
class Process:
    """A checked process. `document` is the parsed file, `sha256` the checksum of its canonical JSON."""

    key: str
    title: str
    source: str
    paths: tuple[ProcessPath, ...]
    stages: tuple[Stage, ...]
    sha256: str
    document: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __hash__(self) -> int:
        return hash((self.key, self.sha256))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for stage in self.stages for step in stage.steps)

    @cached_property
    def by_id(self) -> Mapping[str, Step]:
        return {step.id: step for step in self.steps}

    def steps_of(self, path: str) -> tuple[Step, ...]:
        """The steps of one path, in order."""
        return tuple(step for step in self.steps if not step.paths or path in step.paths)
