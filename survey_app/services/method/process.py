"""Where a gmina stands in the method: its path, its steps, what each still needs, what comes next.

Nothing is locked. A step counts as done when a person says so, or when all that it needs is there; a skipped one keeps
its reason. The team follows the version of the process that it began with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.instrument.process_loader import parse_process, process_from_document
from survey_app.instrument.process_model import Process, ProcessPath, Stage, Step
from survey_app.services.context import Context
from survey_app.services.instruments import publish_instrument
from survey_app.services.method.definitions import default_process, known_process, process_of
from survey_app.services.method.process_facts import Facts, facts_of
from survey_app.store import audit, gminas, instruments, people, process
from survey_app.store.instruments import InstrumentVersion
from survey_app.store.process import GminaProcess, ProcessStep, RegionProcess

NOTE_LENGTH = 2_000
STATES: Mapping[str, str] = {
    "open": "nie zaczęto",
    "doing": "w toku",
    "done": "zrobione",
    "skipped": "pominięte",
}
UNKNOWN = "W tym procesie nie ma takiego kroku."


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as it stands. `state`: a key of `STATES`. `missing`: what it still needs, in words. `better_after`:
    titles of steps that it would better come after and that are not done. `late`: its day has passed.
    """

    step: Step
    state: str
    missing: tuple[str, ...]
    better_after: tuple[str, ...]
    said: ProcessStep | None
    person: str
    late: bool

    @property
    def over(self) -> bool:
        return self.state in ("done", "skipped")


@dataclass(frozen=True, slots=True)
class StageView:
    stage: Stage
    steps: tuple[StepView, ...]

    @property
    def done(self) -> int:
        return sum(one.over for one in self.steps)


@dataclass(frozen=True, slots=True)
class ProcessView:
    """`followed` is None until the team has chosen a path: the steps are then those of the first one, to look at.

    `facts`: of the gmina, which were read for what the steps need. `newer`: there is a newer process than the one that
    the team follows, of the region or the service's.
    """

    process: Process
    followed: GminaProcess | None
    path: ProcessPath
    stages: tuple[StageView, ...]
    facts: Facts
    newer: bool

    @property
    def steps(self) -> tuple[StepView, ...]:
        return tuple(step for stage in self.stages for step in stage.steps)

    @property
    def next(self) -> StepView | None:
        """The first step that is neither done nor skipped nor optional; None when the method is through."""
        return next((one for one in self.steps if not one.over and not one.step.optional), None)

    @property
    def stage_number(self) -> int:
        """The stage of the next step, counted from 1; the last one when nothing is left."""
        for number, stage in enumerate(self.stages, 1):
            if any(not one.over and not one.step.optional for one in stage.steps):
                return number
        return len(self.stages)

    def step(self, step_id: str) -> StepView:
        """NotFoundError if the path has no such step."""
        for one in self.steps:
            if one.step.id == step_id:
                return one
        raise NotFoundError(UNKNOWN)


@dataclass(frozen=True, slots=True)
class StepDraft:
    """What a person says of a step. `revision`: of what they saw, 0 where nothing was said yet."""

    state: str
    person_id: int | None
    due_on: dt.date | None
    reason: str
    note: str
    revision: int


def view(context: Context, gmina_code: str) -> ProcessView:
    """Everything of the gmina's process, at this moment."""
    with context.database.reading() as session:
        standing = process.standing(session, gmina_code)
        newest = known_process(session, *standing.of_region) if standing.of_region else default_process()
        known = known_process(session, *standing.version) if standing.version else newest
        facts = facts_of(session, gmina_code)
    followed = standing.followed
    path = next((one for one in known.paths if followed and one.id == followed.path), known.paths[0])
    stages = _stages(known, path.id, standing.steps, standing.names, facts, context.today())
    return ProcessView(known, followed, path, stages, facts, known.sha256 != newest.sha256)


def step_of_paper(context: Context, gmina_code: str, key: str) -> Step | None:
    """The first step of the team's path in which this paper is made; None before a path is chosen."""
    with context.database.reading() as session:
        found = process.followed(session, gmina_code)
        if found is None:
            return None
        followed, version = found
        steps = process_of(version).steps_of(followed.path)
    return next((one for one in steps if key in one.papers), None)


def _stages(
    known: Process,
    path: str,
    said: Mapping[str, ProcessStep],
    names: Mapping[int, str],
    facts: Facts,
    today: dt.date,
) -> tuple[StageView, ...]:
    on_path = {step.id for step in known.steps_of(path)}
    over: set[str] = set()
    stages = []
    for stage in known.stages:
        steps = []
        for step in (one for one in stage.steps if one.id in on_path):
            own = said.get(step.id)
            missing = facts.missing(step.needs)
            state = own.state if own and own.state != "open" else _by_needs(step, missing)
            if state in ("done", "skipped"):
                over.add(step.id)
            waits = tuple(known.by_id[one].title for one in step.after if one in on_path and one not in over)
            late = bool(own and own.due_on and own.due_on < today and state not in ("done", "skipped"))
            person = names.get(own.person_id or 0, "") if own else ""
            steps.append(StepView(step, state, missing, waits, own, person, late))
        if steps:
            stages.append(StageView(stage, tuple(steps)))
    return tuple(stages)


def _by_needs(step: Step, missing: Sequence[str]) -> str:
    return "done" if step.needs and not missing else "open"


def choose_path(
    context: Context, gmina_code: str, path: str, actor: int | None, seen: int | None = None
) -> None:
    """The team takes this path; before its first choice also the version of the process that is current for it.

    `seen`: the revision that the person saw, 0 where no path was chosen. ConflictError: another was chosen since.
    """
    with context.database.transaction() as session:
        if gminas.lock(session, gmina_code) is None:
            raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}.")
        found = process.followed(session, gmina_code)
        known = process_of(found[1]) if found else _known(session, gmina_code)
        if path not in {one.id for one in known.paths}:
            fault = Fault(
                "path.unknown", "path", "Nie ma takiej ścieżki.", "Prosimy wybrać jedną z podanych."
            )
            raise InvalidInputError("Nie zapisano ścieżki.", [fault])
        if found is not None and found[0].path == path:
            return
        _refuse_stale(known, found[0] if found else None, seen)
        if found is None:
            version = instruments.publish(session, known, context.clock())
            session.add(_following(context, gmina_code, version, path, actor))
        else:
            row = found[0]
            row.path, row.revision = path, row.revision + 1
            row.changed_at, row.changed_by = context.clock(), actor
        _record(context, session, "process_path_chosen", "gmina", gmina_code, gmina_code, actor, path)


def _refuse_stale(known: Process, followed: GminaProcess | None, seen: int | None) -> None:
    """None: nobody looked before, as where a command acts."""
    if seen is None or seen == (followed.revision if followed else 0):
        return
    label = next((one.label for one in known.paths if followed and one.id == followed.path), "")
    raise ConflictError(
        f"W tym czasie ktoś inny zmienił ścieżkę albo wersję procesu. Teraz zespół idzie ścieżką „{label}”."
        " Państwa wybór jest nadal zaznaczony. Prosimy sprawdzić i zapisać jeszcze raz."
    )


def _following(
    context: Context, gmina_code: str, version: InstrumentVersion, path: str, actor: int | None
) -> GminaProcess:
    return GminaProcess(
        gmina_code=gmina_code,
        instrument_version_id=version.id,
        path=path,
        changed_at=context.clock(),
        changed_by=actor,
    )


def follow_newest(context: Context, gmina_code: str, actor: int | None, seen: int | None = None) -> None:
    """The team goes over to the newest process; what it said of steps stays with steps of the same id.

    `seen` as of `choose_path`. ConflictError: no path yet, or another one since.
    """
    with context.database.transaction() as session:
        gminas.lock(session, gmina_code)
        found = process.followed(session, gmina_code)
        if found is None:
            raise ConflictError("Najpierw trzeba wybrać ścieżkę.")
        known = _known(session, gmina_code)
        if found[1].sha256 == known.sha256:
            return
        _refuse_stale(process_of(found[1]), found[0], seen)
        row, version = found[0], instruments.publish(session, known, context.clock())
        row.instrument_version_id, row.revision = version.id, row.revision + 1
        if row.path not in {one.id for one in known.paths}:
            row.path = known.paths[0].id
        row.changed_at, row.changed_by = context.clock(), actor
        _record(
            context,
            session,
            "process_path_chosen",
            "gmina",
            gmina_code,
            gmina_code,
            actor,
            "nowa wersja procesu",
        )


def save_step(context: Context, gmina_code: str, step_id: str, draft: StepDraft, actor: int | None) -> None:
    """What the team says of a step. ConflictError: somebody said something else meanwhile."""
    view(context, gmina_code).step(step_id)
    with context.database.transaction() as session:
        draft = _checked(session, gmina_code, draft)
        if gminas.lock(session, gmina_code) is None:
            raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}.")
        row = process.step(session, gmina_code, step_id)
        if (row.revision if row else 0) != draft.revision:
            raise ConflictError(
                "W tym czasie ktoś inny zmienił ten krok. Jego zapis widać niżej; to, co Państwo wpisali, jest nadal"
                " w formularzu. Prosimy sprawdzić i zapisać jeszcze raz."
            )
        if row is None:
            row = ProcessStep(gmina_code=gmina_code, step_id=step_id, revision=0)
            session.add(row)
        row.state, row.person_id, row.due_on = draft.state, draft.person_id, draft.due_on
        row.reason, row.note, row.revision = draft.reason, draft.note, row.revision + 1
        row.changed_at, row.changed_by = context.clock(), actor
        words = STATES[draft.state] + (f": {draft.reason}" if draft.reason else "")
        _record(context, session, "process_step_changed", "process_step", step_id, gmina_code, actor, words)


def _checked(session: Session, gmina_code: str, draft: StepDraft) -> StepDraft:
    faults = []
    reason = draft.reason.strip() if draft.state == "skipped" else ""
    if draft.state not in STATES:
        faults.append(Fault("state.unknown", "state", "Nie ma takiego stanu.", "Prosimy wybrać z listy."))
    if draft.state == "skipped" and not reason:
        hint = "Wystarczy jedno zdanie; zobaczy je każdy, kto zapyta, czemu tego nie było."
        faults.append(Fault("reason.missing", "reason", "Pominięty krok musi mieć powód.", hint))
    for where, text in (("reason", reason), ("note", draft.note)):
        if len(text) > NOTE_LENGTH:
            faults.append(
                Fault("text.too_long", where, f"Najwyżej {NOTE_LENGTH} znaków.", "Prosimy skrócić.")
            )
    if draft.person_id is not None and draft.person_id not in {
        p.id for p in people.team(session, gmina_code)
    }:
        faults.append(
            Fault("person.unknown", "person_id", "Tej osoby nie ma w zespole.", "Prosimy wybrać z listy.")
        )
    if faults:
        raise InvalidInputError("Krok nie został zapisany.", faults)
    return StepDraft(draft.state, draft.person_id, draft.due_on, reason, draft.note.strip(), draft.revision)


def _known(session: Session, gmina_code: str) -> Process:
    """The process for a team that begins now: its województwo's variant, else the service's own."""
    own = process.of_region(session, gmina_code[:2])
    return process_of(own[1]) if own else default_process()


def region_variant(context: Context, wojewodztwo_code: str) -> tuple[Process, bool]:
    """The process that teams of a województwo begin with, and whether it is the województwo's own."""
    with context.database.reading() as session:
        own = process.of_region(session, wojewodztwo_code)
        return (process_of(own[1]), True) if own else (default_process(), False)


def publish_variant(context: Context, wojewodztwo_code: str, content: bytes, actor: int | None) -> None:
    """A województwo's own variant from a YAML file. InvalidInputError with every fault, each with its line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        fault = Fault(
            "file.encoding", "content", "Plik nie jest zapisany w UTF-8.", "Zapisz go jako „UTF-8”."
        )
        raise InvalidInputError("Nie można odczytać pliku.", [fault]) from None
    known, faults = parse_process(text)
    if known is None:
        raise InvalidInputError("Plik ma błędy. Niczego nie zmieniono.", faults)
    own = process_from_document({**known.document, "key": f"{default_process().key}_{wojewodztwo_code}"})
    version = publish_instrument(context, own)
    with context.database.transaction() as session:
        gminas.hold_region(session, wojewodztwo_code)
        found = process.of_region(session, wojewodztwo_code)
        row = found[0] if found else RegionProcess(wojewodztwo_code=wojewodztwo_code)
        row.instrument_version_id, row.published_at, row.published_by = version.id, context.clock(), actor
        session.add(row)
        _record(context, session, "process_published", "region", wojewodztwo_code, None, actor, own.title)


def _record(
    context: Context,
    session: Session,
    action: str,
    object_type: str,
    object_id: str,
    gmina_code: str | None,
    actor: int | None,
    detail: str,
) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type=object_type,
        object_id=object_id,
        gmina_code=gmina_code,
        detail=detail,
    )
