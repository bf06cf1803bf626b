"""The gmina's tree of themes: it begins with the topics of the scenarios, and the team makes it its own.

METHOD, "IDI and FGI". The whole team and its moderators read the tree, the coordinator changes it. What a theme was
given to keeps it: a theme that is no longer wanted is retired, and only one that nothing has is deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.instrument.model import Topic
from survey_app.services.context import Context
from survey_app.services.interviewing.scenarios import current_scenarios
from survey_app.store import audit, gminas, people
from survey_app.store import themes as store
from survey_app.store.themes import Theme

__all__ = [
    "LEVELS",
    "ThemeDraft",
    "ThemeNode",
    "add",
    "change",
    "delete",
    "move",
    "parents_for",
    "restore",
    "retire",
    "theme",
    "tree",
    "tree_within",
]

LEVELS = 3
LABEL_LENGTH, TEXT_LENGTH = 120, 2000
NOT_SAVED = "Nie zapisano tematu. Prosimy poprawić wskazane pola."
NO_SUCH = "W drzewie tematów tej gminy nie ma takiego tematu."


@dataclass(frozen=True, slots=True)
class ThemeNode:
    """A theme in its place. `depth`: 0 for one at the top; `used`: passages that have it.

    `path`: labels from the top to its own. `topic`: the scenario's topic that it began as, or "".
    """

    id: int
    label: str
    definition: str
    example: str
    parent_id: int | None
    depth: int
    retired: bool
    used: int
    path: tuple[str, ...]
    topic: str = ""


@dataclass(frozen=True, slots=True)
class ThemeDraft:
    """What a coordinator types. `parent_id` None: at the top."""

    label: str
    definition: str = ""
    example: str = ""
    parent_id: int | None = None


def tree(context: Context, gmina_code: str) -> tuple[ThemeNode, ...]:
    """Every theme, a parent before its own, in the team's order. The first who asks has the tree begun."""
    with context.database.reading() as session:
        found = tree_within(session, gmina_code)
    return found or _begin(context, gmina_code)


def tree_within(session: Session, gmina_code: str) -> tuple[ThemeNode, ...]:
    """As `tree`, within a transaction; empty where nobody has opened it yet."""
    found = store.with_passages(session, gmina_code)
    return tuple(_nodes([row for row, _ in found], {row.id: count for row, count in found}))


def theme(context: Context, gmina_code: str, theme_id: int) -> ThemeNode:
    """NotFoundError: the gmina has no such theme."""
    return _node(tree(context, gmina_code), theme_id)


def parents_for(nodes: Iterable[ThemeNode], moved: ThemeNode | None) -> list[ThemeNode]:
    """Under which a new theme, or this one with all that is below it, may stand."""
    nodes = list(nodes)
    below = _below(nodes, moved.id) if moved is not None else set()
    height = max((node.depth - moved.depth for node in nodes if node.id in below), default=0) if moved else 0
    return [node for node in nodes if node.id not in below and node.depth + 1 + height < LEVELS]


def add(context: Context, gmina_code: str, draft: ThemeDraft, actor: int | None) -> ThemeNode:
    """A new one, the last under its parent. InvalidInputError: every fault."""
    tree(context, gmina_code)
    with context.database.transaction() as session:
        nodes = _held(session, gmina_code)
        draft = _checked(nodes, draft, None)
        added = store.add(
            session,
            gmina_code=gmina_code,
            parent_id=draft.parent_id,
            label=draft.label,
            definition=draft.definition,
            example=draft.example,
            position=_next_position(session, gmina_code, draft.parent_id),
        )
        _record(context, session, added, "theme_added", actor)
        return _node(tree_within(session, gmina_code), added.id)


def change(context: Context, gmina_code: str, theme_id: int, draft: ThemeDraft, actor: int | None) -> None:
    """Other words, or another parent; what has the theme keeps it. InvalidInputError: every fault."""
    with context.database.transaction() as session:
        nodes = _held(session, gmina_code)
        found = _require(session, gmina_code, theme_id)
        draft = _checked(nodes, draft, _node(nodes, theme_id))
        if draft.parent_id != found.parent_id:
            found.position = _next_position(session, gmina_code, draft.parent_id)
        names = ("label", "definition", "example", "parent_id")
        changed = [name for name in names if getattr(found, name) != getattr(draft, name)]
        for name in changed:
            setattr(found, name, getattr(draft, name))
        if changed:
            _record(context, session, found, "theme_changed", actor, ", ".join(changed))


def move(context: Context, gmina_code: str, theme_id: int, steps: int, actor: int | None) -> None:
    """Among those of its parent: -1 one place up, 1 one down; at the end it stays where it is."""
    with context.database.transaction() as session:
        _held(session, gmina_code)
        found = _require(session, gmina_code, theme_id)
        peers = [row for row in store.of_gmina(session, gmina_code) if row.parent_id == found.parent_id]
        at = peers.index(found)
        peers.insert(min(max(at + steps, 0), len(peers) - 1), peers.pop(at))
        for position, row in enumerate(peers):
            row.position = position
        if peers.index(found) != at:
            _record(context, session, found, "theme_moved", actor)


def retire(context: Context, gmina_code: str, theme_id: int, actor: int | None) -> None:
    """Given to nothing new. Those below it stay as they are."""
    with context.database.transaction() as session:
        found = _require(session, gmina_code, theme_id)
        if found.retired_at is None:
            found.retired_at = context.clock()
            _record(context, session, found, "theme_retired", actor)


def restore(context: Context, gmina_code: str, theme_id: int, actor: int | None) -> None:
    """It can be given again. ConflictError: its label has been given to another meanwhile."""
    with context.database.transaction() as session:
        nodes = _held(session, gmina_code)
        found = _require(session, gmina_code, theme_id)
        if found.retired_at is not None:
            if _same_label(nodes, found.label, found.parent_id, found.id):
                raise ConflictError(
                    "Jest już inny temat o tej nazwie. Prosimy najpierw zmienić jedną z nazw."
                )
            found.retired_at = None
            _record(context, session, found, "theme_restored", actor)


def delete(context: Context, gmina_code: str, theme_id: int, actor: int | None) -> None:
    """ConflictError: a passage has it, themes stand below it, it came from the scenario, or open answers have themes.

    Which themes those have is not looked at: a refusal for one theme and not for another would tell it (METHOD,
    "Disclosure control").
    """
    with context.database.transaction() as session:
        nodes = _held(session, gmina_code)
        found = _require(session, gmina_code, theme_id)
        if found.topic:
            raise ConflictError("Temat pochodzi ze scenariusza. Można go wycofać, a usunąć się nie da.")
        if len(_below(nodes, theme_id)) > 1:
            raise ConflictError("Pod tym tematem są inne. Prosimy najpierw je przenieść albo usunąć.")
        if store.has_passages(session, theme_id):
            raise ConflictError("Ten temat nadano już fragmentom. Można go tylko wycofać.")
        if store.answers_coded(session, gmina_code):
            raise ConflictError(
                "Odpowiedzi otwarte z ankiety mają już tematy. Od tego czasu tematów się nie usuwa, bo odmowa"
                " zdradziłaby, że ktoś nadał temat jednej z nich. Temat można wycofać."
            )
        _record(context, session, found, "theme_deleted", actor)
        store.delete(session, found)


# The tree ------------------------------------------------------------------------------------------------------


def _begin(context: Context, gmina_code: str) -> tuple[ThemeNode, ...]:
    """A topic that both scenarios have is one theme, in the words of the IDI's."""
    topics: dict[str, Topic] = {}
    for scenario in current_scenarios(context):
        interview = scenario.definitions.interview
        for topic in interview.topics if interview is not None else ():
            topics.setdefault(topic.id, topic)
    with context.database.transaction() as session:
        if gminas.get(session, gmina_code) is None:
            raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}.")
        people.hold_team(session, gmina_code)
        if not store.of_gmina(session, gmina_code):  # nobody else was quicker
            for position, topic in enumerate(topics.values()):
                store.add(
                    session,
                    gmina_code=gmina_code,
                    parent_id=None,
                    label=topic.label,
                    definition=topic.definition.strip(),
                    example=topic.example.strip(),
                    position=position,
                    topic=topic.id,
                )
        return tree_within(session, gmina_code)


def _nodes(rows: Collection[Theme], used: dict[int, int]) -> list[ThemeNode]:
    found: list[ThemeNode] = []

    def walk(parent_id: int | None, path: tuple[str, ...]) -> None:
        for row in rows:
            if row.parent_id == parent_id:
                own = (*path, row.label)
                found.append(
                    ThemeNode(
                        row.id,
                        row.label,
                        row.definition,
                        row.example,
                        row.parent_id,
                        len(path),
                        row.retired_at is not None,
                        used.get(row.id, 0),
                        own,
                        row.topic,
                    )
                )
                walk(row.id, own)

    walk(None, ())
    return found


def _node(nodes: Iterable[ThemeNode], theme_id: int) -> ThemeNode:
    for node in nodes:
        if node.id == theme_id:
            return node
    raise NotFoundError(NO_SUCH)


def _below(nodes: Iterable[ThemeNode], theme_id: int) -> set[int]:
    """The theme itself and all under it."""
    found = {theme_id}
    for node in nodes:  # a parent comes before its own
        if node.parent_id in found:
            found.add(node.id)
    return found


def _held(session: Session, gmina_code: str) -> tuple[ThemeNode, ...]:
    """Two who change the tree at once take turns."""
    people.hold_team(session, gmina_code)
    return tree_within(session, gmina_code)


def _require(session: Session, gmina_code: str, theme_id: int) -> Theme:
    found = store.get(session, gmina_code, theme_id)
    if found is None:
        raise NotFoundError(NO_SUCH)
    return found


def _next_position(session: Session, gmina_code: str, parent_id: int | None) -> int:
    peers = [row.position for row in store.of_gmina(session, gmina_code) if row.parent_id == parent_id]
    return max(peers, default=-1) + 1


def _record(
    context: Context, session: Session, row: Theme, action: str, actor: int | None, detail: str = ""
) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="theme",
        object_id=row.id,
        gmina_code=row.gmina_code,
        detail=detail or row.label,
    )


# What is wrong with a draft ------------------------------------------------------------------------------------


def _checked(nodes: Collection[ThemeNode], draft: ThemeDraft, moved: ThemeNode | None) -> ThemeDraft:
    draft = replace(
        draft,
        label=" ".join(draft.label.split()),
        definition=_tidy(draft.definition),
        example=_tidy(draft.example),
    )
    faults = [*_label_faults(nodes, draft, moved)]
    for name in ("definition", "example"):
        typed = getattr(draft, name)
        if len(typed) > TEXT_LENGTH:
            faults.append(_too_long(name, len(typed), TEXT_LENGTH))
        if "\0" in typed:
            faults.append(Fault("text.nul", name, "Tekst zawiera znak, którego nie da się zapisać."))
    stays = moved is not None and draft.parent_id == moved.parent_id
    offered = {node.id for node in parents_for(nodes, moved)}
    if draft.parent_id is not None and not stays and draft.parent_id not in offered:
        hint = f"Drzewo ma najwyżej {LEVELS} poziomy, a temat nie może stać pod samym sobą."
        faults.append(Fault("theme.parent", "parent_id", "Pod tym tematem nie może stać.", hint))
    if faults:
        raise InvalidInputError(NOT_SAVED, faults)
    return draft


def _label_faults(
    nodes: Collection[ThemeNode], draft: ThemeDraft, moved: ThemeNode | None
) -> Iterable[Fault]:
    if not draft.label:
        yield Fault("text.missing", "label", "Prosimy napisać nazwę tematu.")
    if len(draft.label) > LABEL_LENGTH:
        yield _too_long("label", len(draft.label), LABEL_LENGTH)
    if "\0" in draft.label:
        yield Fault("text.nul", "label", "Nazwa zawiera znak, którego nie da się zapisać.")
    if _same_label(nodes, draft.label, draft.parent_id, moved.id if moved else None):
        hint = "Prosimy dać inną albo użyć tamtego tematu."
        yield Fault("theme.same_label", "label", "W tym miejscu drzewa jest już temat o tej nazwie.", hint)


def _same_label(
    nodes: Iterable[ThemeNode], label: str, parent_id: int | None, but: int | None
) -> ThemeNode | None:
    for node in nodes:
        same = node.label.casefold() == label.casefold() and node.parent_id == parent_id
        if same and node.id != but and not node.retired:
            return node
    return None


def _too_long(where: str, length: int, limit: int) -> Fault:
    over = polish.counted(length - limit, "znak", "znaki", "znaków")
    return Fault("text.too_long", where, f"Najwyżej {limit} znaków.", f"Prosimy skrócić o {over}.")


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
