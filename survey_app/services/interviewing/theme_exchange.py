"""What of a gmina's interviews goes into a REFI-QDA project: texts, themes, passages, coders, memos.

Nothing of a participant but what stands in the texts: no names, fields or institutions, no names of files that somebody
brought. What was withdrawn or removed is not there to be written. METHOD, "IDI and FGI".
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import passages, refi_qda, theme_table, themes
from survey_app.services.interviewing.interview_texts import NOTES, InterviewText
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.passages import CodedPassage
from survey_app.services.interviewing.themes import ThemeNode
from survey_app.store import audit, excerpts, interview_texts, people

__all__ = ["Contents", "contents", "qdpx"]

DESCRIPTION = (
    "Notatki i transkrypcje wywiadów z fragmentami, którym nadano tematy. Litery oznaczają uczestników; nazwisk, danych"
    " o uczestnikach i nazw instytucji w opisach nie ma, mogą jednak padać w samych wypowiedziach. Po wycofaniu zgody"
    " przez uczestnika ten plik trzeba usunąć i pobrać nowy."
)
NOTHING = "Nie ma jeszcze zamkniętych notatek ani transkrypcji, więc nie ma czego zapisać w pliku."


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a file would hold. `left_out`: interviews with texts that this person may not read."""

    texts: int
    passages: int
    coders: int
    left_out: int


@dataclass(frozen=True, slots=True)
class _Gathered:
    texts: Sequence[tuple[Interview, InterviewText]]
    passages: Sequence[CodedPassage]
    left_out: int


def contents(context: Context, gmina_code: str, person: accounts.Person) -> Contents:
    """For the page that offers the file."""
    with context.database.reading() as session:
        found = _gather(session, gmina_code, person)
    coders = {one.coder_id for one in found.passages}
    return Contents(len(found.texts), len(found.passages), len(coders), found.left_out)


def qdpx(context: Context, gmina: GminaDescription, person: accounts.Person) -> bytes:
    """The file; that it was taken, and by whom, is kept. ConflictError: there is no text yet."""
    tree = themes.tree(context, gmina.code)
    with context.database.transaction() as session:
        found = _gather(session, gmina.code, person)
        if not found.texts:
            raise ConflictError(NOTHING)
        audit.record(
            session,
            at=context.clock(),
            actor=person.id,
            action="interviews_exported",
            object_type="gmina",
            object_id=gmina.code,
            gmina_code=gmina.code,
            detail=f"REFI-QDA, {len(found.texts)} texts, {len(found.passages)} passages",
        )
        made = {row.excerpt.id: row.excerpt.created_at for row in excerpts.of_gmina(session, gmina.code)}
        names = people.names(session, {one.coder_id for one in found.passages})
    coders = _coders(gmina.code, names)
    used = {theme for one in found.passages for theme in one.theme_ids}
    return refi_qda.qdpx(
        refi_qda.Project(
            name=f"Wywiady: {gmina.name}",
            description=DESCRIPTION,
            at=context.clock(),
            coders=list(coders.values()),
            codes=_codes(gmina.code, tree, used),
            sources=[
                _source(gmina.code, interview, text, found.passages, coders, made)
                for interview, text in found.texts
            ],
        )
    )


def _gather(session: Session, gmina_code: str, person: accounts.Person) -> _Gathered:
    """The last version of each interview's notes and its transcripts; an older version where passages stand in it."""
    interviews, left_out = theme_table.readable(session, gmina_code, person)
    known = interview_texts.of_gmina(session, gmina_code)
    texts = [(one, text) for one in interviews for text in known.get(one.id, [])]
    by_id = {text.id: text for _, text in texts}
    found = theme_table.current(
        (one for one in passages.coded(session, gmina_code) if one.text_id in by_id),
        by_id,
        excerpts.finished(session, list(by_id)),
    )
    last = {text.interview_id: text.number for _, text in texts if text.kind == NOTES}  # numbers ascend
    pointed_at = {one.text_id for one in found}
    kept = [
        (one, text)
        for one, text in texts
        if text.kind != NOTES or text.number == last[text.interview_id] or text.id in pointed_at
    ]
    return _Gathered(kept, found, left_out)


def _coders(gmina_code: str, names: Mapping[int, str]) -> dict[int, refi_qda.Coder]:
    """Programs tell coders apart by name alone, so a namesake gets a number."""
    found: dict[int, refi_qda.Coder] = {}
    seen: Counter[str] = Counter()
    for person_id, name in sorted(names.items()):
        seen[name] += 1
        unlike = name if seen[name] == 1 else f"{name} ({seen[name]})"
        found[person_id] = refi_qda.Coder(refi_qda.guid(gmina_code, "coder", person_id), unlike)
    return found


def _codes(gmina_code: str, tree: Sequence[ThemeNode], used: Collection[int]) -> list[refi_qda.Code]:
    """The tree; of retired themes those that something has, or that stand above one that is kept.

    Programs tell codes apart by name alone, so where a label comes twice its place in the tree is added.
    """
    kept: set[int] = set()
    parents = {node.id: node.parent_id for node in tree}
    for node in tree:
        at: int | None = node.id if not node.retired or node.id in used else None
        while at is not None:
            kept.add(at)
            at = parents[at]
    there = [node for node in tree if node.id in kept]
    names = _unlike_names(there)

    def below(parent_id: int | None) -> tuple[refi_qda.Code, ...]:
        return tuple(
            refi_qda.Code(
                _theme_guid(gmina_code, node.id), names[node.id], _description(node), below(node.id)
            )
            for node in there
            if node.parent_id == parent_id
        )

    return list(below(None))


def _unlike_names(nodes: Iterable[ThemeNode]) -> dict[int, str]:
    nodes = list(nodes)
    labels = Counter(node.label.casefold() for node in nodes)
    taken: Counter[str] = Counter()
    names = {}
    for node in nodes:
        twice = labels[node.label.casefold()] > 1
        name = f"{node.label} ({' › '.join(node.path[:-1])})" if twice and len(node.path) > 1 else node.label
        taken[name.casefold()] += 1
        names[node.id] = name if taken[name.casefold()] == 1 else f"{name} [{taken[name.casefold()]}]"
    return names


def _description(node: ThemeNode) -> str:
    parts = [node.definition, f"Przykład: {node.example}" if node.example else ""]
    return "\n".join([*filter(None, parts), *(["Temat wycofany."] if node.retired else [])])


def _theme_guid(gmina_code: str, theme_id: int) -> str:
    return refi_qda.guid(gmina_code, "theme", theme_id)


def _source(
    gmina_code: str,
    interview: Interview,
    text: InterviewText,
    found: Iterable[CodedPassage],
    coders: Mapping[int, refi_qda.Coder],
    made: Mapping[int, dt.datetime],
) -> refi_qda.Source:
    kind = f"notatki, wersja {text.number}" if text.kind == NOTES else f"transkrypcja {text.number}"
    return refi_qda.Source(
        refi_qda.guid(gmina_code, "text", text.id),
        f"{theme_table.interview_label(interview)}, {kind}",
        text.text,
        text.created_at,
        tuple(
            _selection(gmina_code, one, coders[one.coder_id].guid, made[one.excerpt_id])
            for one in found
            if one.text_id == text.id
        ),
    )


def _selection(gmina_code: str, one: CodedPassage, coder: str, at: dt.datetime) -> refi_qda.Selection:
    own = (gmina_code, "passage", one.excerpt_id)
    return refi_qda.Selection(
        refi_qda.guid(*own),
        one.start,
        one.end,
        coder,
        at,
        tuple(
            refi_qda.Coding(refi_qda.guid(*own, theme), _theme_guid(gmina_code, theme))
            for theme in one.theme_ids
        ),
        one.memo,
    )
