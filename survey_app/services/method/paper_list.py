"""All papers of a gmina beside all that could be begun, in the groups in which they are listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.instrument.model import Instrument
from survey_app.instrument.paper_model import PaperGroup
from survey_app.services.context import Context
from survey_app.services.method.definitions import papers as definitions
from survey_app.services.method.definitions import rules_of
from survey_app.store import papers, people
from survey_app.store.papers import Paper, VersionHead

GROUP_NAMES: Mapping[PaperGroup, str] = {
    PaperGroup.FORM: "Formularze",
    PaperGroup.TEAM: "Zespół",
    PaperGroup.MEETING: "Spotkania",
    PaperGroup.PACT: "Pakt",
    PaperGroup.PROCEDURE: "Karty procedur",
    PaperGroup.DECISION: "Decyzje",
    PaperGroup.ADVICE: "Doradca",
}
OTHERS = "Inne"  # papers whose definition is no longer there


@dataclass(frozen=True, slots=True)
class Held:
    """A paper with the head of its newest version. `by`: the name of whoever made that."""

    paper: Paper
    newest: VersionHead
    by: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A definition and what the gmina has of it, the newest first. `may_start`: another one can be begun."""

    key: str
    title: str
    held: tuple[Held, ...]
    may_start: bool


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    name: str
    entries: tuple[Entry, ...]


def groups(context: Context, gmina_code: str) -> list[Group]:
    """Groups with something in them, in the method's order; what only advises comes last."""
    known = definitions()
    with context.database.reading() as session:
        held = papers.of_gmina(session, gmina_code)
        newest = papers.newest_heads(session, gmina_code)
        names = people.names(session, {one.made_by for one in newest.values() if one.made_by})
    by_key: dict[str, list[Held]] = {}
    for paper in held:
        version = newest[paper.id]
        by_key.setdefault(paper.key, []).append(Held(paper, version, names.get(version.made_by or 0, "")))
    found = [
        Group(group.value, name, entries)
        for group, name in GROUP_NAMES.items()
        if (entries := tuple(_entry(one, by_key) for one in known.values() if rules_of(one).group is group))
    ]
    gone = tuple(
        Entry(key, rows[0].paper.title, tuple(rows), may_start=False)
        for key, rows in by_key.items()
        if key not in known
    )
    return [*found, Group("other", OTHERS, gone)] if gone else found


def _entry(definition: Instrument, by_key: Mapping[str, list[Held]]) -> Entry:
    rows = tuple(by_key.get(definition.key, ()))
    stands = any(one.paper.state != "withdrawn" for one in rows)
    return Entry(definition.key, definition.title, rows, rules_of(definition).many or not stands)


def standing(context: Context, gmina_code: str, definition: Instrument) -> Paper | None:
    """The paper because of which another of this kind cannot be begun; None: it can."""
    if rules_of(definition).many:
        return None
    with context.database.reading() as session:
        held = papers.of_gmina(session, gmina_code)
    return next((one for one in held if one.key == definition.key and one.state != "withdrawn"), None)
