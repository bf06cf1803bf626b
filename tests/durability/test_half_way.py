"""Work that is killed half-way: run again, it ends as if nothing had happened."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from survey_app.errors import InvalidInputError
from survey_app.services import backup_file, schema
from survey_app.services.backup_content import Content
from survey_app.services.context import Context
from survey_app.services.survey import campaigns, results
from survey_app.store import responses
from tests.campaign_kit import Held, add_gmina, end, hold, send
from tests.durability.doomed import Doer, doer
from tests.durability.records import now
from tests.table_rows import fill

TRIES = int(os.environ.get("SURVEY_TRIES", "1"))  # kills of one deed before it is let alone
ANSWERS = 40


SQLITE_RULES = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"
POSTGRES_RULES = """
    SELECT 'column', table_name, column_name, concat(data_type, is_nullable, column_default)
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'rule', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
      FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def everything(context: Context) -> dict[str, list[str]]:
    """Every row of every table, and what the database says of its tables, columns, rules, indexes and triggers."""
    on_sqlite = context.database.is_sqlite
    with context.database.connection() as connection:
        ask = connection.exec_driver_sql
        rules = ask(SQLITE_RULES if on_sqlite else POSTGRES_RULES)
        found = {"": sorted(str([*about, _lines(said or "")]) for *about, said in rules)}
        if on_sqlite:
            names = [one[0] for one in ask("SELECT name FROM sqlite_master WHERE type = 'table'")]
        else:
            names = [one[0] for one in ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        for name in names:
            found[name] = sorted(str(tuple(one)) for one in ask(f'SELECT * FROM "{name}"'))
    context.database.dispose()
    return found


def _lines(said: str) -> list[str]:
    """A table that SQLite made anew may list its rules in another order."""
    return sorted(line.strip(" ,\t") for line in said.splitlines())


def killed_until_done(hand: Doer, deed: str, back: str, revision: str, before: str) -> None:
    """Killed at random moments of what it takes, each time with all of the change or nothing of it; then let alone.

    Where it was done before its moment came, for the machine had less to do than a moment ago, it is brought back and
    tried again with earlier moments.
    """
    old = everything(hand.context)
    lasted = hand.whole(deed, revision)
    new = everything(hand.context)
    hand.whole(back, before)
    assert everything(hand.context) == old != new
    for _ in range(TRIES):
        while not hand.killed(lasted, deed, revision):
            hand.whole(back, before)
            lasted /= 2
        found = everything(hand.context)
        assert found in (old, new), "the change was half done"
        if found == new:
            break
    hand.whole(deed, revision)
    assert everything(hand.context) == new


def test_a_migration_that_was_killed_is_run_again(durable: Context) -> None:
    """From released versions, the first and the last among them, to the newest and back, with a row in every table."""
    with durable.database.transaction() as session:
        fill(session)
    newest = schema.newest()
    assert newest is not None
    released = [
        one.revision for one in ScriptDirectory("migrations").walk_revisions() if one.revision != newest
    ]
    with doer(durable) as hand:
        for revision in released if TRIES > 1 else [*released[::4], released[-1]]:
            full = everything(durable)
            schema.downgrade(durable, revision)
            assert everything(durable) != full
            killed_until_done(hand, "upgrade", "downgrade", newest, revision)
            killed_until_done(hand, "downgrade", "upgrade", revision, newest)
            schema.upgrade(durable)


def answered(context: Context) -> tuple[Held, Counter[str]]:
    """A closed campaign with its answers, each with a text of its own."""
    add_gmina(context, 8)
    held = hold(context, access="open_link", **now(context))
    for number in range(ANSWERS):
        types, choice = ("edukacja", "gospodarka")[number % 2], "tak" if number % 3 else "nie"
        send(context, held, None, {"p1": {"option": types}, "p5": choice, "p10": f"Zdanie {number}"})
    end(context, held)
    context.database.dispose()
    return held, Counter("tak" if number % 3 else "nie" for number in range(ANSWERS))


def whole_and_once(context: Context, held: Held, choices: Counter[str]) -> None:
    with context.database.reading() as session:
        found = [one.text for one in responses.texts(session, held.campaign.id)]
        assert responses.count_sealed(session, held.campaign.id) == 0
    assert sorted(found) == sorted(f"Zdanie {number}" for number in range(ANSWERS))
    records = results.load_results(context, held.campaign.id).records
    assert Counter(str(one["p5"].value) for one in records) == choices


def test_a_lock_that_was_killed_is_finished_by_the_worker(durable: Context) -> None:
    """Either nothing has happened, or every answer is there; never the key gone and an answer with it."""
    held, choices = answered(durable)
    begun = locked = 0
    with doer(durable) as hand:
        for turn in range(12):
            hand.killed(0.3, "work" if begun else "lock", *(() if begun else (held.campaign.id,)))
            state = campaigns.campaign(durable, held.campaign.id)
            with durable.database.reading() as session:
                boxes = responses.count_sealed(session, held.campaign.id)
                kept = responses.count_responses(session, held.campaign.id)
            assert (boxes, kept) == ((0, ANSWERS) if state.locked_at else (ANSWERS, 0))
            keys = [path for folder in durable.settings.key_folders for path in folder.glob("*.key")]
            assert state.locked_at or len(keys) == 2
            begun, locked = begun or state.locked_at is not None, turn
            durable.database.dispose()
            if state.cleaned_at:
                break
        if not begun:
            hand.whole("lock", held.campaign.id)
        hand.whole("work")
        assert hand.kills, f"nothing was killed in {locked + 1} turns"
    whole_and_once(durable, held, choices)
    assert campaigns.campaign(durable, held.campaign.id).cleaned_at
    assert [path for folder in durable.settings.key_folders for path in folder.glob("*.key")] == []


def rows_of(file: Path) -> int:
    """Of all tables; InvalidInputError where the file is not whole."""
    content = Content.of(backup_file.lines(backup_file.look_at(file), None))
    return sum(sum(1 for _ in rows) for _, rows in content.tables())


def test_a_backup_that_was_killed_is_told_from_a_whole_one(durable: Context, tmp_path: Path) -> None:
    answered(durable)
    before = everything(durable)
    with doer(durable) as hand:
        lasted = hand.whole("copy", str(tmp_path / "whole"))
        assert rows_of(tmp_path / "whole") > 2 * ANSWERS
        for turn in range(TRIES):
            file = tmp_path / f"killed-{turn}"
            if hand.killed(lasted, "copy", str(file)) and file.exists():
                with pytest.raises(InvalidInputError):
                    rows_of(file)
    assert everything(durable) == before
