"""What the pages of registers share: whose they are, the way to each, and the pages around one entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, url_for

from survey_app.analysis.papers.values import words_of
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import Value
from survey_app.services.gminas import GminaDescription
from survey_app.services.registers import entries
from survey_app.services.registers.entries import EntryView, Owner
from survey_app.services.rollup.regions import Region
from survey_app.web.access import current_context
from survey_app.web.panel_frame import Link, panel_page

SECTION = "registers"
NAME = "Plan i rejestry"
Line = tuple[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class House:
    """Whose registers these are: exactly one of the two. Pages are the same for both."""

    gmina: GminaDescription | None = None
    region: Region | None = None

    @property
    def owner(self) -> Owner:
        return Owner(self.gmina.code if self.gmina else None, self.region.code if self.region else None)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.gmina.name if self.gmina else self.region.label if self.region else ""

    def to(self, endpoint: str, **values: Any) -> str:
        """The address of a page of these registers."""
        if self.gmina:
            return url_for(f"registers.{endpoint}", gmina_code=self.gmina.code, **values)
        assert self.region is not None
        return url_for(f"region_registers.{endpoint}", region_code=self.region.code, **values)


@dataclass(frozen=True, slots=True)
class Tab:
    words: str
    address: str
    current: bool


# Text, endpoint (which takes gmina_code and entry_id), and of which entries. Further pages of an entry come here.
MORE_TABS: list[tuple[str, str, Callable[[EntryView], bool]]] = [
    ("Obecność i głosowania", "meetings.index", lambda view: view.rules.votes is not None),
]


def register_page(template: str, house: House, crumbs: Sequence[Link], **words: Any) -> str:
    """`crumbs`: after the list of all registers."""
    above: list[Link] = []
    if house.region:
        above.append((house.region.label, url_for("region.show", region_code=house.region.code)))
    return panel_page(
        template,
        gmina=house.gmina,
        section=SECTION if house.gmina else "region",
        crumbs=[*above, (NAME, house.to("index") if crumbs else None), *crumbs],
        house=house,
        to=house.to,
        **words,
    )


def entry_page(
    template: str, house: House, view: EntryView, endpoint: str, here: str = "", **words: Any
) -> str:
    """`endpoint`: of the tab that the page belongs to; `here`: its name, where it is a page behind the tab."""
    key, entry_id = view.entry.key, view.entry.id
    tabs = [
        Tab("Wpis", house.to("show", entry_id=entry_id), endpoint == "registers.show"),
        Tab("Zmiana", house.to("edit", entry_id=entry_id), endpoint == "registers.edit"),
    ]
    if house.gmina:
        tabs += [
            Tab(text, url_for(name, gmina_code=house.gmina.code, entry_id=entry_id), name == endpoint)
            for text, name, stands in MORE_TABS
            if stands(view)
        ]
    current = next((tab for tab in tabs if tab.current), tabs[0])
    crumbs: list[Link] = [(view.definition.title, house.to("entries", key=key))]
    crumbs.append((view.entry.title, tabs[0].address if here or current != tabs[0] else None))
    if current != tabs[0]:
        crumbs.append((current.words, current.address if here else None))
    if here:
        crumbs.append((here, None))
    return register_page(
        template, house, crumbs, view=view, entry=view.entry, rules=view.rules, tabs=tabs, **words
    )


def find(house: House, entry_id: int) -> EntryView:
    """NotFoundError if these registers have no such entry."""
    return entries.view(current_context(), house.owner, entry_id)


def to_entry(house: House, entry_id: int) -> Any:
    return redirect(house.to("show", entry_id=entry_id), 303)


def told(definition: Instrument, answers: Mapping[str, Value]) -> list[Line]:
    """(question, lines) of what was filled in."""
    lines = [(one.text.rstrip(" :"), words_of(one, answers.get(one.id))) for one in definition.questions]
    return [(label, words) for label, words in lines if words]
