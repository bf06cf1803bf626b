"""Above the gmina: facts of all gminas at once, what was recorded of them from files, messages of regions to teams."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from typing import cast as cast_to

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    cast,
    delete,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.models import (
    Campaign,
    CodingRound,
    Declaration,
    Gmina,
    GminaProcess,
    GminaRecord,
    InstrumentVersion,
    Interview,
    Membership,
    MessageRead,
    OwnSector,
    Paper,
    PaperSignature,
    PaperVersion,
    Person,
    ProcessStep,
    RegionMessage,
    Representation,
    Stakeholder,
)
from survey_app.store.database import MAX_ID
from survey_app.store.people import TEAM

__all__ = [
    "GminaRecord",
    "NetworkRow",
    "RegionMessage",
    "addresses",
    "agreed_answers",
    "facts",
    "gmina_names",
    "mark_read",
    "message",
    "messages_for",
    "processes",
    "put_record",
    "records_of",
    "remove_records",
    "send",
    "sent",
    "sources",
    "to_mail",
]

IN_TABLE = 500  # codes in one statement


class NetworkRow(NamedTuple):
    """One fact of a gmina. `kind` says what the rest means; see `facts`."""

    kind: str
    gmina_code: str
    a: str
    b: str
    c: str
    number: int


def facts(session: Session) -> list[NetworkRow]:
    """Everything of all gminas that stages and recorded facts are made of, in one statement. By `kind`:

    "follows": path, id of the process's version. "steps": "step:state" of all, between commas. "count": name of a fact,
    how many. "paper": key, state, how many. "sectors": of the catalogue, between commas. "team_sector": one that the
    team represents.
    "own_sector": id, the standard one. "record": kind, value, source. All but records of gminas with a process alone.
    """
    return [NetworkRow(*row) for row in session.execute(union_all(*_parts())).all()]


def _parts() -> list[Select[Any]]:
    followed = select(GminaProcess.gmina_code)
    here = (
        select(Stakeholder.gmina_code, Stakeholder.sector)
        .where(Stakeholder.gmina_code.in_(followed), Stakeholder.left_on.is_(None))
        .distinct()
        .subquery()
    )
    parts = [
        _part("follows", GminaProcess.gmina_code, GminaProcess.path, GminaProcess.instrument_version_id),
        _part(
            "steps",
            ProcessStep.gmina_code,
            func.aggregate_strings(ProcessStep.step_id + ":" + ProcessStep.state, ","),
        ).group_by(ProcessStep.gmina_code),
        _part("record", GminaRecord.gmina_code, GminaRecord.kind, GminaRecord.value, GminaRecord.source),
        _part("own_sector", OwnSector.gmina_code, OwnSector.id, OwnSector.counts_as).where(
            OwnSector.gmina_code.in_(followed)
        ),
        _part("paper", Paper.gmina_code, Paper.key, Paper.state, number=func.count())
        .where(Paper.gmina_code.in_(followed))
        .group_by(Paper.gmina_code, Paper.key, Paper.state),
        _part("sectors", here.c.gmina_code, func.aggregate_strings(here.c.sector, ",")).group_by(
            here.c.gmina_code
        ),
        _part("team_sector", Stakeholder.gmina_code, Stakeholder.sector)
        .join(Representation, Representation.stakeholder_id == Stakeholder.id)
        .join(
            Membership,
            (Membership.person_id == Representation.person_id)
            & (Membership.gmina_code == Stakeholder.gmina_code)
            & Membership.role.in_(TEAM),
        )
        .where(Stakeholder.gmina_code.in_(followed))
        .distinct(),
    ]
    for name, (of, counted, where) in _counts().items():
        query = _part("count", of, literal(name), number=counted).where(of.in_(followed), *where[1:])
        query = query.select_from(where[0]) if where else query
        parts.append(query.group_by(of))
    return parts


def _counts() -> Mapping[str, tuple[Any, ColumnElement[int], tuple[Any, ...]]]:
    """As `store.process.counts`, of all gminas: the gmina's column, what is counted, from where and under what."""
    every = func.count()
    signed = Paper.__table__.join(PaperSignature.__table__, PaperSignature.paper_id == Paper.id)
    declared = Stakeholder.__table__.join(Declaration.__table__, Declaration.stakeholder_id == Stakeholder.id)
    seated = Membership.__table__.join(Person.__table__, Person.id == Membership.person_id)
    here = Stakeholder.left_on.is_(None)
    return {
        "members": (
            Membership.gmina_code,
            func.count(Membership.person_id.distinct()),
            (seated, Membership.role.in_(TEAM), Person.active),
        ),
        "stakeholders": (Stakeholder.gmina_code, every, (Stakeholder, here)),
        "type_c": (
            Stakeholder.gmina_code,
            every,
            (Stakeholder, here, Stakeholder.stakeholder_type == "C"),
        ),
        "campaigns_opened": (
            Campaign.gmina_code,
            every,
            (Campaign, Campaign.opened_at.is_not(None)),
        ),
        "campaigns_locked": (
            Campaign.gmina_code,
            every,
            (Campaign, Campaign.locked_at.is_not(None)),
        ),
        "interviews_held": (Interview.gmina_code, every, (Interview, Interview.state == "held")),
        "rounds_closed": (CodingRound.gmina_code, every, (CodingRound, CodingRound.stage == "closed")),
        "contributions": (
            Stakeholder.gmina_code,
            func.count(Declaration.stakeholder_id.distinct()),
            (declared, here, Declaration.kind == "contribution", Declaration.withdrawn_on.is_(None)),
        ),
        "signatures": (
            Paper.gmina_code,
            every,
            (signed, Paper.state != "withdrawn", PaperSignature.left_on.is_(None)),
        ),
    }


def _part(
    kind: str, gmina: Any, a: Any, b: Any = None, c: Any = None, number: ColumnElement[int] | None = None
) -> Select[Any]:
    """Columns of one type in every part of the union."""
    texts = [cast(literal("") if one is None else one, String) for one in (a, b, c)]
    counted = literal(1) if number is None else number
    columns = (cast(literal(kind), String), cast(gmina, String), *texts, counted)
    made: Select[Any] = select(*[cast_to(Any, one) for one in columns])
    return made


def processes(session: Session, version_ids: Collection[int]) -> list[InstrumentVersion]:
    """Versions of the process that teams follow."""
    return list(session.scalars(select(InstrumentVersion).where(InstrumentVersion.id.in_(version_ids))))


def agreed_answers(session: Session, keys: Collection[str]) -> list[tuple[str, str, dict[str, Any]]]:
    """(gmina, key, answers of the agreed version) of papers with these keys, the oldest paper first."""
    query = (
        select(Paper.gmina_code, Paper.key, PaperVersion.answers)
        .join(
            PaperVersion,
            (PaperVersion.paper_id == Paper.id) & (PaperVersion.number == Paper.agreed_version),
        )
        .where(Paper.key.in_(keys), Paper.state == "agreed")
        .order_by(Paper.id)
    )
    return [(gmina, key, answers) for gmina, key, answers in session.execute(query)]


def gmina_names(session: Session) -> list[tuple[str, str]]:
    """(code, name) of every gmina, by code."""
    return [
        (code, name) for code, name in session.execute(select(Gmina.code, Gmina.name).order_by(Gmina.code))
    ]


def records_of(session: Session, codes: Collection[str]) -> dict[tuple[str, str], GminaRecord]:
    """(gmina, kind) -> what is recorded, of these gminas."""
    found: dict[tuple[str, str], GminaRecord] = {}
    listed = sorted(codes)
    for start in range(0, len(listed), IN_TABLE):
        query = select(GminaRecord).where(GminaRecord.gmina_code.in_(listed[start : start + IN_TABLE]))
        found |= {(one.gmina_code, one.kind): one for one in session.scalars(query)}
    return found


def put_record(session: Session, record: GminaRecord) -> None:
    """In the place of the one that is there."""
    session.merge(record)


def sources(session: Session, region_code: str) -> list[tuple[str, int, int, dt.datetime]]:
    """(source, gminas, facts, when last) of what is recorded in a region; "PL" is everything. The newest first."""
    last = func.max(GminaRecord.recorded_at)
    query = (
        select(
            GminaRecord.source,
            func.count(GminaRecord.gmina_code.distinct()),
            func.count(),
            last,
        )
        .where(*_inside(GminaRecord.gmina_code, region_code))
        .group_by(GminaRecord.source)
        .order_by(last.desc(), GminaRecord.source)
    )
    return [(source, gminas, counted, when) for source, gminas, counted, when in session.execute(query)]


def remove_records(session: Session, region_code: str, source: str) -> int:
    """Of one source in a region; how many there were."""
    where = (GminaRecord.source == source, *_inside(GminaRecord.gmina_code, region_code))
    there = session.scalar(select(func.count()).select_from(GminaRecord).where(*where)) or 0
    session.execute(delete(GminaRecord).where(*where))
    return there


def _inside(column: Any, region_code: str) -> tuple[ColumnElement[bool], ...]:
    return () if region_code == "PL" else (func.substr(column, 1, len(region_code)) == region_code,)


def send(session: Session, message: RegionMessage) -> RegionMessage:
    session.add(message)
    session.flush()
    return message


def message(session: Session, message_id: int) -> RegionMessage | None:
    return session.get(RegionMessage, message_id) if 0 < message_id <= MAX_ID else None


def sent(session: Session, region_code: str) -> list[tuple[RegionMessage, str]]:
    """What was sent to exactly this region, with who sent it ("" when the account is gone). The newest first."""
    query = (
        select(RegionMessage, Person.name)
        .outerjoin(Person, Person.id == RegionMessage.sent_by)
        .where(RegionMessage.region_code == region_code)
        .order_by(RegionMessage.id.desc())
    )
    return [(one, name or "") for one, name in session.execute(query)]


def messages_for(
    session: Session, region_codes: Collection[str], person_id: int
) -> list[tuple[RegionMessage, bool]]:
    """Messages to these regions that were not taken back, with whether the person has read them. The newest first."""
    read = exists().where(MessageRead.message_id == RegionMessage.id, MessageRead.person_id == person_id)
    query = (
        select(RegionMessage, read)
        .where(RegionMessage.region_code.in_(region_codes), RegionMessage.taken_back_at.is_(None))
        .order_by(RegionMessage.id.desc())
    )
    return [(one, bool(seen)) for one, seen in session.execute(query)]


def mark_read(session: Session, message_id: int, person_id: int) -> None:
    """Said twice, even at once, it is said once."""
    if session.get(MessageRead, (message_id, person_id)) is not None:
        return
    try:
        with session.begin_nested():
            session.add(MessageRead(message_id=message_id, person_id=person_id))
    except IntegrityError:
        return


def to_mail(session: Session) -> list[RegionMessage]:
    """Messages of which letters are still to go out, the oldest first."""
    query = select(RegionMessage).where(
        RegionMessage.mail_after.is_not(None), RegionMessage.taken_back_at.is_(None)
    )
    return list(session.scalars(query.order_by(RegionMessage.id)))


def addresses(session: Session, region_code: str, after: int, most: int) -> list[tuple[int, str]]:
    """(person, address) of active people in teams of the region's gminas, from the one after `after` on."""
    query = (
        select(Person.id, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Person.active,
            Person.id > after,
            Membership.role.in_(TEAM),
            *_inside(Membership.gmina_code, region_code),
        )
        .distinct()
        .order_by(Person.id)
        .limit(most)
    )
    return [(person_id, email) for person_id, email in session.execute(query)]
