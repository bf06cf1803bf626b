"""Every form of the service, found by walking it, gets what nobody would send: never a fault of ours, never markup.

More of the same: HOSTILE_ROUNDS=24 gives each kind of text its turn in each field.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from survey_app.extensions import limiter
from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests import hostile_world as world
from tests.form_walker import Form, Walk, bodies, read, send
from tests.page_police import faults_of

ROUNDS = int(os.environ.get("HOSTILE_ROUNDS", "1"))
# Forms that the world holds no page for; each is held by tests of its own. One that is not listed fails.
BEYOND = {
    "agreement.confirm", "agreement.confirm_one", "agreement.correct", "agreement.detach", "answer_themes.save",
    "auth.log_in_now", "auth.log_out", "campaigns.lock", "catalogue_import.save", "catalogue_merge.merge",
    "catalogue_stays.come_back", "coding.add", "coding.close", "coding.create", "console.sync",
    "criteria.return_to_common", "declarations.withdraw", "kept_reports.publish", "kept_reports.withdraw",
    "notes.settle", "opening.remind", "paper.type_sheet",
    "process.follow_newest", "participants.delete", "participants.retain",
    "personal_data.erase", "personal_register.erase",
    # Of a paper that is discussed, agreed to and signed: test_paper_remarks.py and its like send them bad input.
    "paper_points.give", "paper_remarks.add", "paper_remarks.answer", "paper_remarks.consult",
    "paper_remarks.end_consultation", "paper_signatures.add", "paper_signatures.add_many", "paper_signatures.change",
    "paper_signatures.come_back", "paper_signatures.leave", "paper_signatures.take_back",
    "paper_signatures.undo_leaving",
    # What a file of records says is kept by a second page, as of the catalogue; no region's register asks for replies.
    "records_admin.save", "region_records.save", "region_registers.reply",
    "passages.unassign", "rating_evidence.detach", "report_texts.restore", "results.decide", "results.decide_page",
    "transcripts.cut", "transcripts.keep",
    # Of people in the middle of logging in, of a second browser, of a closed account: test_sign_in.py sends them these.
    "account.confirm", "account.end_other_sessions", "account.end_session", "account.recovery_codes",
    "account.remove_factor", "account.set_password", "admin.end_sessions", "admin.reset_factor", "admin.untie",
    "single_sign_on.tie",
    "second_factor.answer", "second_factor.confirm",
}  # fmt: skip


@dataclass
class Held:
    """A service that forgets each change: `undo` puts everything back as it was at the last `keep`."""

    app: Flask
    addresses: tuple[str, ...]
    keep: Callable[[], None]
    undo: Callable[[], None]
    tried: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


@pytest.fixture
def on_sqlite(sqlite_context: Context) -> Iterator[Held]:
    addresses = world.build(sqlite_context).values()
    file = Path(str(sqlite_context.database.url.database))
    kept = file.with_suffix(".kept")

    def keep() -> None:
        sqlite_context.database.dispose()
        shutil.copyfile(file, kept)

    def undo() -> None:
        sqlite_context.database.dispose()
        for rest in ("-wal", "-shm"):
            Path(f"{file}{rest}").unlink(missing_ok=True)
        shutil.copyfile(kept, file)

    yield from _held(sqlite_context, addresses, keep, undo)


@pytest.fixture
def on_postgres(postgres_context: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """All in one transaction, each use case behind a savepoint of it; only what stands outside of it is left out."""
    addresses = world.build(postgres_context).values()
    database = postgres_context.database
    open_now = [database.engine.connect()]
    open_now[0].begin()

    def bind() -> None:
        made = sessionmaker(open_now[0], expire_on_commit=False, join_transaction_mode="create_savepoint")
        monkeypatch.setattr(database, "_sessions", made)
        monkeypatch.setattr(database, "_readers", made)

    def keep() -> None:
        open_now[0].commit()
        open_now[0].begin()

    def undo() -> None:
        open_now[0].close()
        open_now[0] = database.engine.connect()
        open_now[0].begin()
        bind()

    bind()
    monkeypatch.setattr(type(database), "vacuum", lambda *_parts: True)
    yield from _held(postgres_context, addresses, keep, undo)
    open_now[0].close()


def _held(
    context: Context, addresses: Iterable[str], keep: Callable[[], None], undo: Callable[[], None]
) -> Iterator[Held]:
    app = create_app(context=context)
    limiter.enabled = False
    yield Held(app, tuple(addresses), keep, undo)
    limiter.enabled = True


def walked(held: Held, people: tuple[str, ...]) -> Iterator[tuple[FlaskClient, str, Form]]:
    """Each form once, by the first person who comes to it."""
    known = set()
    for email in people:
        client, token = world.client_of(held.app, email)
        held.keep()  # with the session
        found = Walk(held.app, client).go(*world.STARTS, *held.addresses).forms
        for key, form in sorted(found.items()):
            if key not in known and form.endpoint != "auth.log_out":
                known.add(key)
                yield client, token, form


def assault(held: Held, people: tuple[str, ...], every: int = 1) -> set[str]:
    """Sends all; what was wrong is in `held.faults`. Returns the routes that took a form."""
    seen = set()
    for number, (client, token, form) in enumerate(walked(held, people)):
        seen.add(form.endpoint)
        if number % every:
            continue
        for place, (what, body) in enumerate(bodies(form, ROUNDS, number)):
            if ROUNDS == 1 and (place + number) % 2:
                continue  # every second one is enough for each run
            answer = send(client, form, body, token)
            held.tried[answer.status_code] += 1
            look(held, f"{form.endpoint}, {what}", answer)
            if answer.status_code in (200, 302, 303):
                if answer.location:
                    look(
                        held,
                        f"after {form.endpoint}, {what}",
                        client.get(urljoin(form.action, answer.location)),
                    )
                held.undo()
                if form.endpoint == "auth.change_password":  # whoever changes it is another session
                    client, token = world.client_of(held.app, people[0])
                    held.keep()
    return seen


def look(held: Held, what: str, answer: TestResponse) -> None:
    told = []
    if answer.status_code >= 500:
        told.append(f"status {answer.status_code}")
    if any("\n" in value or "\r" in value for value in answer.headers.values()):
        told.append("a line break in a header")
    if answer.mimetype == "text/html" and answer.status_code not in (302, 303):
        told += [f"not escaped: {tag}" for tag in read(answer.text).unescaped]
        told += faults_of(answer.text)
        told += ["a stack trace"] if "Traceback (most" in answer.text or "sqlalchemy" in answer.text else []
    held.faults += [f"{what}: {one}" for one in told]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files that the client sent
def test_no_form_is_broken_by_what_it_is_sent(on_sqlite: Held, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        seen = assault(on_sqlite, world.PEOPLE)
    assert on_sqlite.faults == []
    takes = {rule.endpoint for rule in on_sqlite.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert takes - seen - BEYOND == set()
    assert sum(on_sqlite.tried.values()) > 350
    assert min(on_sqlite.tried[status] for status in (303, 422)) > 50
    assert caplog.text == ""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files that the client sent
@pytest.mark.postgres
def test_no_form_is_broken_on_postgresql_either(on_postgres: Held) -> None:
    """It minds what SQLite takes: noughts inside texts, numbers out of range, signs that are no text."""
    assault(on_postgres, (world.COORDINATOR,), every=4)
    assert on_postgres.faults == []
    assert sum(on_postgres.tried.values()) > 60
