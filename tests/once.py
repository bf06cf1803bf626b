"""What thousands of small services in one test process would each work out anew, and always alike, worked out once.

What is kept hangs on its input alone: compiled templates, addresses and SQL, instruments, verdicts on passwords, and
the rows that many tests begin with. A served process, which starts by itself, has none of this.
"""

from __future__ import annotations

import functools
import gc
import zlib
from collections.abc import Callable
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any, Concatenate, ParamSpec

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from survey_app import security
from survey_app.analysis.pdf import layout
from survey_app.errors import Fault
from survey_app.instrument import loader
from survey_app.instrument.model import Instrument
from survey_app.services.context import Context
from survey_app.store.database import Database
from tests.stores import Clock

STATEMENTS = 4000


class KeptTemplates(BytecodeCache):
    """By the template's file and its content."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.codes[bucket.key, bucket.checksum] = bucket.code


def keep_what_is_alike() -> None:
    """Once per process, before anything is made."""
    _keep_templates()
    _keep_addresses()
    _keep_statements()
    _keep_verdicts()
    _keep_instruments()
    _collect_seldom()


def _keep_templates() -> None:
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": KeptTemplates()}


def _keep_addresses() -> None:
    """A rule's builder of addresses is a function of its text and its defaults; it is handed the rule itself."""
    made: dict[Any, Callable[..., tuple[str, str]]] = {}
    make = Rule._compile_builder

    def builder(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return make(self, append_unknown)
        key = self.rule, tuple(self._trace), append_unknown
        if key not in made:
            made[key] = make(self, append_unknown)
        return made[key]

    Rule._compile_builder = builder  # type: ignore[method-assign]


def _keep_statements() -> None:
    """Two engines for one kind of store speak the same SQL, so what was compiled for one serves the other."""
    kept: LRUCache[Any, Any] = LRUCache(STATEMENTS)
    # A property, for an engine sets its own.
    Engine._compiled_cache = property(lambda _: kept, lambda _, __: None)  # type: ignore[assignment]
    DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]


def _keep_verdicts() -> None:
    """Whether a password can be guessed hangs on it and on its owner's name alone; tests have few of both."""
    security._guessable = functools.cache(security._guessable)


def _keep_instruments() -> None:
    """An instrument is frozen, and what is in it hangs on its file's text and name alone."""
    parse = functools.cache(loader.parse_instrument)

    def kept(text: str, name: str) -> tuple[Instrument | None, list[Fault]]:
        instrument, faults = parse(text, name)
        return instrument, list(faults)

    loader.parse_instrument = kept


def _collect_seldom() -> None:
    """After a report, a server looks through what one request left; a test process, through everything it ever made."""
    layout.gc = SimpleNamespace(  # type: ignore[assignment]
        isenabled=gc.isenabled, disable=gc.disable, enable=gc.enable, collect=lambda: gc.collect(0)
    )


_AFTER: dict[tuple[object, ...], bytes] = {}
P = ParamSpec("P")


def built_once(build: Callable[Concatenate[Context, P], None]) -> Callable[Concatenate[Context, P], None]:
    """For what many tests begin with, and which draws nothing by chance that a test is about.

    On SQLite: where the file, the clock and the arguments are those of an earlier call in this process, the file
    becomes what it was after that. Only before a file is under way; PostgreSQL's is built each time.
    """

    @functools.wraps(build)
    def built(context: Context, *parts: P.args, **named: P.kwargs) -> None:
        database, clock = context.database, context.clock
        if not database.is_sqlite or not isinstance(clock, Clock):
            build(context, *parts, **named)
            return
        file = Path(str(database.url.database))
        before = _content(database, file)
        key = build, clock.now, hash(before), parts, tuple(sorted(named.items()))
        if before is not None and key in _AFTER:
            file.write_bytes(zlib.decompress(_AFTER[key]))
            return
        others = {found for found in file.parent.rglob("*") if found != file}
        build(context, *parts, **named)
        after = _content(database, file)
        if before is not None and after is not None and clock.now == key[1]:
            assert others == {found for found in file.parent.rglob("*") if found != file}, "more than rows"
            _AFTER[key] = zlib.compress(after, 1)

    return built


def _content(database: Database, file: Path) -> bytes | None:
    """Of the closed file; None: somebody has it open, so that a part is in the log beside it."""
    database.dispose()
    return None if file.with_name(f"{file.name}-wal").exists() else file.read_bytes()
