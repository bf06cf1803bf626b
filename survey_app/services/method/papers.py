"""Forms and documents of a team: begun, saved as versions that never change, agreed to, withdrawn.

Whoever saves says which version the page was made from. If somebody saved meanwhile, nothing is lost and nothing is
overwritten: both versions stand side by side until a person settles them.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.instrument.model import Instrument
from survey_app.instrument.paper_model import Row
from survey_app.instrument.values import Value
from survey_app.services.context import Context
from survey_app.services.instruments import used_instrument
from survey_app.services.method.definitions import paper_definition, publish_paper, rules_of
from survey_app.services.method.paper_sources import unsourced_faults
from survey_app.services.method.paper_trace import record
from survey_app.store import papers, people
from survey_app.store.papers import Paper, PaperVersion, VersionHead

__all__ = [
    "Content",
    "Paper",
    "PaperVersion",
    "PaperView",
    "VersionHead",
    "agree",
    "listed",
    "reopen",
    "require",
    "save",
    "start",
    "view",
    "withdraw",
]

MOST = 500  # papers of one gmina
MOST_VERSIONS = 1_000
TITLE = 200
UNKNOWN = "W tej gminie nie ma takiego pisma."
UNKNOWN_VERSION = "To pismo nie ma takiej wersji."
WITHDRAWN = "To pismo jest wycofane. Żeby je zmieniać, trzeba je najpierw przywrócić."
AGREED = "To pismo jest uzgodnione. Żeby je zmieniać, trzeba je najpierw otworzyć na nowo."


@dataclass(frozen=True, slots=True)
class Content:
    """What a version holds. `answers`: question id -> value, only what was filled in. `tables`: table id -> rows.

    `text`: the whole text in Markdown once a person has edited it; None while it follows from the answers.
    """

    answers: Mapping[str, Value] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper with its newest version, and the heads of all, the newest first: what another holds is read when it is
    asked for. `definition`: the one that the newest was filled in with.

    `beside`: numbers of versions that stand beside the newest and are not settled, the newest first. `people`:
    person id -> name, of whoever made a version.
    """

    paper: Paper
    definition: Instrument
    newest: PaperVersion
    versions: Sequence[VersionHead]
    beside: tuple[int, ...]
    people: Mapping[int, str]
    read: Callable[[int], PaperVersion]

    def head(self, number: int) -> VersionHead:
        """NotFoundError if there is none."""
        for one in self.versions:
            if one.number == number:
                return one
        raise NotFoundError(UNKNOWN_VERSION)

    def version(self, number: int) -> PaperVersion:
        """With what it holds. NotFoundError if there is none."""
        return self.newest if number == self.newest.number else self.read(self.head(number).number)


def content_of(version: PaperVersion) -> Content:
    """What a stored version holds."""
    return Content(version.answers, version.tables, version.text)


def listed(context: Context, gmina_code: str) -> list[Paper]:
    """All papers of a gmina, the newest first."""
    with context.database.reading() as session:
        return papers.of_gmina(session, gmina_code)


def require(session: Session, gmina_code: str, paper_id: int) -> Paper:
    """NotFoundError if the gmina has no such paper."""
    paper = papers.get(session, gmina_code, paper_id)
    if paper is None:
        raise NotFoundError(UNKNOWN)
    return paper


def view(context: Context, gmina_code: str, paper_id: int) -> PaperView:
    """NotFoundError if the gmina has no such paper."""
    with context.database.reading() as session:
        paper = require(session, gmina_code, paper_id)
        heads = papers.heads(session, paper_id)
        newest = _version(session, paper_id, heads[0].number)
        used = used_instrument(session, newest.instrument_version_id)
        names = people.names(session, {one.made_by for one in heads if one.made_by})

    @functools.cache
    def read(number: int) -> PaperVersion:
        with context.database.reading() as session:
            return _version(session, paper_id, number)

    return PaperView(paper, used, newest, heads, beside(heads), names, read)


def _version(session: Session, paper_id: int, number: int) -> PaperVersion:
    found = papers.version(session, paper_id, number)
    if found is None:
        raise NotFoundError(UNKNOWN_VERSION)
    return found


def beside(versions: Sequence[VersionHead]) -> tuple[int, ...]:
    """Numbers of the versions that the newest one knows nothing of: neither made from them, nor settled with them.

    Of a line of versions only its end; a version "settles" one that stood beside it.
    """
    by_number = {one.number: one for one in versions}
    if not by_number:
        return ()
    known: set[int] = set()
    waiting = [max(by_number)]
    while waiting:
        one = by_number.get(waiting.pop())
        if one is not None and one.number not in known:
            known.add(one.number)
            waiting += [one.base, one.settles or 0]
    others = set(by_number) - known
    gone_on = {one.base for one in versions} | {one.settles for one in versions}
    return tuple(sorted(others - gone_on, reverse=True))


def start(
    context: Context, gmina_code: str, key: str, content: Content, title: str, actor: int | None
) -> Paper:
    """A new paper with its first version. ConflictError: there is one, and this kind can only be there once.

    The same page sent twice by the same person is the same paper.
    """
    definition = paper_definition(key)
    version = publish_paper(context, key)
    title = _title(title) or definition.title
    with context.database.transaction() as session:
        people.hold_team(session, gmina_code)
        held = papers.of_gmina(session, gmina_code)
        if twice := _sent_twice(session, held, key, content, title, actor):
            return twice
        same = [one for one in held if one.key == key and one.state != "withdrawn"]
        if same and not rules_of(definition).many:
            raise ConflictError(f"„{definition.title}” już tu jest. Można zmieniać to, które jest.")
        if len(held) >= MOST:
            raise ConflictError(f"Gmina może mieć najwyżej {MOST} pism.")
        paper = papers.add(session, gmina_code, key, title, context.clock(), actor)
        _add_version(context, session, paper, version.id, 0, None, content, "", actor)
        record(context, session, "paper_started", paper, actor)
        return paper


def save(
    context: Context,
    gmina_code: str,
    paper_id: int,
    base: int,
    content: Content,
    actor: int | None,
    *,
    title: str = "",
    said: str = "",
    settles: int | None = None,
) -> PaperVersion:
    """The next version, made from version `base`; beside another if that was not the newest.

    The same page sent twice by the same person is the same version, and a page on which nothing was changed is none.
    `settles`: the version beside the newest that this one settles. ConflictError: agreed, withdrawn, too many
    versions. NotFoundError: no such paper or version.
    """
    with context.database.transaction() as session:
        paper = require(session, gmina_code, paper_id)
        papers.hold(session, paper)
        _refuse_closed(paper)
        heads = papers.heads(session, paper_id)
        if twice := _saved_twice(session, heads, base, settles, content, actor):
            return twice
        numbers = {one.number for one in heads}
        if base not in numbers or (settles is not None and settles not in beside(heads)):
            raise NotFoundError(UNKNOWN_VERSION)
        if len(heads) >= MOST_VERSIONS:
            raise ConflictError(f"Pismo ma już {MOST_VERSIONS} wersji. Prosimy zacząć nowe.")
        if title := _title(title):
            paper.title = title
        used = heads[0].instrument_version_id
        made = _add_version(context, session, paper, used, base, settles, content, said, actor)
        record(
            context,
            session,
            "paper_settled" if settles else "paper_saved",
            paper,
            actor,
            f"wersja {made.number}",
        )
        return made


def agree(
    context: Context, gmina_code: str, paper_id: int, number: int, on: dt.date, actor: int | None
) -> None:
    """The team agreed to a version on a day. Said twice, it is said once.

    InvalidInputError: a day to come, a decision without its reasons, or a number without its source. ConflictError:
    versions stand side by side, it is withdrawn, or agreed to otherwise.
    """
    if on > context.today():
        fault = Fault(
            "agreed_on.future", "agreed_on", "Ten dzień jeszcze nie nadszedł.", "Wpisz dzień uzgodnienia."
        )
        raise InvalidInputError("Nie zapisano uzgodnienia.", [fault])
    with context.database.transaction() as session:
        paper = require(session, gmina_code, paper_id)
        papers.hold(session, paper)
        if paper.state == "withdrawn":
            raise ConflictError(WITHDRAWN)
        if paper.state == "agreed":
            if (paper.agreed_version, paper.agreed_on) == (number, on):
                return
            raise ConflictError(AGREED)
        if beside(papers.heads(session, paper_id)):
            raise ConflictError("Dwie wersje powstały obok siebie. Najpierw trzeba wybrać, która zostaje.")
        version = papers.version(session, paper_id, number)
        if version is None:
            raise NotFoundError(UNKNOWN_VERSION)
        definition = used_instrument(session, version.instrument_version_id)
        faults = _without_reasons(definition, version)
        if faults := [*faults, *unsourced_faults(definition, version.tables)]:
            raise InvalidInputError("Nie zapisano uzgodnienia.", faults)
        paper.state, paper.agreed_version, paper.agreed_on = "agreed", number, on
        record(context, session, "paper_agreed", paper, actor, f"wersja {number}")


def _without_reasons(definition: Instrument, version: PaperVersion) -> list[Fault]:
    """A fault for each answer of the version that its definition wants reasons for, and that has none."""
    faults = []
    for of, reasons in rules_of(definition).reasons:
        if of in version.answers and reasons not in version.answers:
            names = [definition.by_id[one].text.rstrip(" :") for one in (of, reasons)]
            message = f"„{names[0]}” jest wypełnione, a pole „{names[1]}” jest puste. Decyzję uzgadnia się z powodami."
            hint = f"Prosimy wypełnić „{names[1]}”, zapisać nową wersję i wrócić tutaj."
            faults.append(Fault("agreed.reasons", "", message, hint))
    return faults


def reopen(context: Context, gmina_code: str, paper_id: int, actor: int | None) -> None:
    """An agreed or withdrawn paper is a draft again; its versions stay."""
    with context.database.transaction() as session:
        paper = require(session, gmina_code, paper_id)
        papers.hold(session, paper)
        if paper.state in ("agreed", "withdrawn"):
            paper.state, paper.agreed_version, paper.agreed_on = "draft", None, None
            record(context, session, "paper_reopened", paper, actor)


def withdraw(context: Context, gmina_code: str, paper_id: int, actor: int | None) -> None:
    """It stays readable and is counted nowhere."""
    with context.database.transaction() as session:
        paper = require(session, gmina_code, paper_id)
        papers.hold(session, paper)
        if paper.state != "withdrawn":
            paper.state, paper.agreed_version, paper.agreed_on = "withdrawn", None, None
            record(context, session, "paper_withdrawn", paper, actor)


def _same(version: PaperVersion, content: Content) -> bool:
    held = content_of(version)
    tables = {table: [dict(row) for row in rows] for table, rows in content.tables.items()}
    return (held.answers, held.tables, held.text) == (dict(content.answers), tables, content.text)


def _sent_twice(
    session: Session, held: Sequence[Paper], key: str, content: Content, title: str, actor: int | None
) -> Paper | None:
    """The paper that the same person began with the same content, and that nobody has touched since."""
    for paper in held:
        if (paper.key, paper.created_by, paper.title, paper.state) == (key, actor, title, "draft"):
            newest = papers.newest_head(session, paper.id)
            if newest.number == 1 and _same(_version(session, paper.id, 1), content):
                return paper
    return None


def _saved_twice(
    session: Session,
    heads: Sequence[VersionHead],
    base: int,
    settles: int | None,
    content: Content,
    actor: int | None,
) -> PaperVersion | None:
    """What was saved by this very page before, or the newest version where nothing was changed."""
    for one in heads:
        by_this_page = (one.base, one.settles, one.made_by) == (base, settles, actor)
        unchanged = one.number == base == heads[0].number and settles is None
        if by_this_page or unchanged:
            version = _version(session, one.paper_id, one.number)
            if _same(version, content):
                return version
    return None


def _refuse_closed(paper: Paper) -> None:
    if paper.state == "withdrawn":
        raise ConflictError(WITHDRAWN)
    if paper.state == "agreed":
        raise ConflictError(AGREED)


def _title(typed: str) -> str:
    title = " ".join(typed.split())
    if len(title) > TITLE or not title.isprintable():
        message = f"Nazwa może mieć najwyżej {TITLE} zwykłych znaków."
        raise InvalidInputError("Pismo nie zostało zapisane.", [Fault("title_form", "title", message)])
    return title


def _add_version(
    context: Context,
    session: Session,
    paper: Paper,
    instrument_version_id: int,
    base: int,
    settles: int | None,
    content: Content,
    said: str,
    actor: int | None,
) -> PaperVersion:
    return papers.add_version(
        session,
        paper,
        base,
        context.clock(),
        actor,
        settles=settles,
        instrument_version_id=instrument_version_id,
        answers=dict(content.answers),
        tables={table: [dict(row) for row in rows] for table, rows in content.tables.items()},
        text=content.text,
        said=" ".join(said.split())[:300],
    )
