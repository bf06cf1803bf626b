"""The row file of a locked campaign as CSV, piece by piece: a million answers are never in memory together.

First only the ids are read, and put into the order of the file; then the answers by these ids, some hundreds at a time,
each time in a transaction of its own: a slow reader of the file holds up nobody (an open one would stop a lock from
rewriting its tables). Nothing that is read here changes any more: the campaign is locked.
"""

from __future__ import annotations

import heapq
import marshal
import random
import secrets
import zlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.groups import Groups
from survey_app.analysis.row_file import (
    CODEBOOK_HEADER,
    Cell,
    NamedRecord,
    RowsAlone,
    anonymous_book,
    anonymous_shape,
    named_book,
    named_header,
    named_row,
)
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import answers_from_json
from survey_app.services.context import Context
from survey_app.services.instruments import instrument_of
from survey_app.services.spreadsheets import batched, csv_bytes, csv_pieces
from survey_app.services.survey.campaign_rules import ANONYMOUS
from survey_app.services.survey.campaign_trace import record
from survey_app.services.survey.find_campaign import NOT_YET, require_locked
from survey_app.services.survey.unlinking import read_record
from survey_app.store import catalogue, responses
from survey_app.store.campaigns import Campaign
from survey_app.store.responses import Response

CHANNELS = {"web": "internet", "paper": "papier"}
ID_BYTES = 16
_AT_A_TIME = 500  # answers
_A_RUN = 20_000  # names that are sorted together
Names = Mapping[int, str]  # of the catalogue


@dataclass(frozen=True, slots=True)
class _Locked:
    """A locked campaign without its answers."""

    campaign: Campaign
    instrument: Instrument
    groups: Groups

    @property
    def anonymous(self) -> bool:
        return self.campaign.mode == ANONYMOUS


def csv_file(context: Context, campaign_id: int, actor: int | None) -> Iterator[bytes]:
    """The row file; that a copy was taken is noted before the first piece.

    ConflictError while the campaign is not locked, NotFoundError if there is none: at once, not with the first piece.
    """
    found = _find(context, campaign_id)
    with context.database.transaction() as session:
        record(context, session, found.campaign, "export", actor, "csv")
    if found.anonymous:
        header = anonymous_shape(found.instrument, found.groups).header
        return csv_pieces(header, _anonymous_rows(context, found))
    return csv_pieces(named_header(found.instrument), _named_rows(context, found))


def codebook_csv(context: Context, campaign_id: int) -> bytes:
    """What its columns mean, and how many rows stand alone: counted in a reading of its own, which keeps no row."""
    found = _find(context, campaign_id)
    if found.anonymous:
        alone = RowsAlone()
        for row in _anonymous_rows(context, found):
            alone.add(row)
        lines, notes = anonymous_book(found.instrument, found.groups, alone)
    else:
        lines, notes = named_book(found.instrument)
    return codebook_file(lines, notes)


def codebook_file(lines: tuple[tuple[str, str, str], ...], notes: tuple[str, ...]) -> bytes:
    return csv_bytes(CODEBOOK_HEADER, [*lines, *(("uwaga", note, "") for note in notes)])


def named_record(row: Response, names: Names) -> NamedRecord:
    """An answer of a named campaign with its institution: as it was typed, or as the catalogue has it."""
    received = polish.date_short(row.received_at) if row.received_at else ""
    channel = CHANNELS[row.channel or "web"]
    return NamedRecord(
        _name(row.institution_name, row.stakeholder_id, names),
        answers_from_json(row.answers),
        received,
        channel,
    )


def catalogue_names(context: Context, gmina_code: str) -> Names:
    """Of everybody who ever stood in the catalogue."""
    with context.database.reading() as session:
        everyone = catalogue.stakeholders(session, gmina_code, include_left=True)
        return {one.id: one.name for one in everyone}


def _find(context: Context, campaign_id: int) -> _Locked:
    with context.database.reading() as session:
        campaign = require_locked(session, campaign_id, NOT_YET)
        return _Locked(
            campaign, instrument_of(campaign.instrument_version), Groups.from_json(campaign.groups or {})
        )


def _anonymous_rows(context: Context, found: _Locked) -> Iterator[tuple[Cell, ...]]:
    """In an order drawn anew for each file; none where fewer than k answered (see `anonymous_rows`)."""
    shape = anonymous_shape(found.instrument, found.groups)
    order = _drawn(context, found.campaign.id)
    if len(order) < found.groups.k:
        return
    for row in _read(context, found.campaign.id, iter(order)):
        yield shape.row(read_record(found.instrument, row.answers, found.groups))


def _named_rows(context: Context, found: _Locked) -> Iterator[tuple[Cell, ...]]:
    """By institution, as the team's lists are; those of one name by their random ids."""
    names = catalogue_names(context, found.campaign.gmina_code)
    for row in _read(context, found.campaign.id, _by_name(context, found.campaign.id, names)):
        yield named_row(found.instrument, named_record(row, names))


def _read(context: Context, campaign_id: int, order: Iterator[str]) -> Iterator[Response]:
    for some in batched(order, _AT_A_TIME):
        with context.database.reading() as session:
            rows = responses.by_ids(session, campaign_id, some)
        yield from rows


class _Ids:
    """Ids in a drawn order, sixteen bytes each and four for their place."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._order = array("I", range(len(packed) // ID_BYTES))
        random.Random(secrets.randbits(128)).shuffle(self._order)  # noqa: S311  (the seed is the system's randomness)

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[str]:
        for place in self._order:
            yield self._packed[place * ID_BYTES : (place + 1) * ID_BYTES].hex()


def _drawn(context: Context, campaign_id: int) -> _Ids:
    packed = bytearray()
    with context.database.reading() as session:
        for one in responses.ids(session, campaign_id):
            packed += bytes.fromhex(one)
    return _Ids(bytes(packed))


def _by_name(context: Context, campaign_id: int, names: Names) -> Iterator[str]:
    """Sorted in runs that are kept pressed together, then merged: names of a million people are many bytes."""
    with context.database.reading() as session:
        pairs = (
            (_name(typed, stakeholder, names), one)
            for one, typed, stakeholder in responses.names(session, campaign_id)
        )
        runs = [_run(sorted(some, key=_place)) for some in batched(pairs, _A_RUN)]
    for _, one in heapq.merge(*map(_unpressed, runs), key=_place):
        yield one


def _place(pair: tuple[str, str]) -> tuple[object, str]:
    return polish.alphabetical(pair[0]), pair[1]


def _run(pairs: list[tuple[str, str]]) -> list[bytes]:
    return [zlib.compress(marshal.dumps(some), 1) for some in batched(pairs, _AT_A_TIME)]


def _unpressed(run: list[bytes]) -> Iterator[tuple[str, str]]:
    for piece in run:
        yield from marshal.loads(zlib.decompress(piece))  # noqa: S302  (made above, in this process)


def _name(typed: str | None, stakeholder: int | None, names: Names) -> str:
    return typed or names.get(stakeholder or 0, "")
