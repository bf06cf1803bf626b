"""Deeds that are killed at a random moment: a process that forks for each one, so that none waits for its imports.

Run as a program, it reads a line of JSON for each deed on stdin and writes the exit status of whoever did it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey_app.config import Settings
from survey_app.services import backup, housekeeping, schema
from survey_app.services.context import Context
from survey_app.services.survey import campaigns
from tests.durability.served import PATIENCE, environment


def upgrade(context: Context, revision: str) -> None:
    schema.upgrade(context, revision)


def downgrade(context: Context, revision: str) -> None:
    schema.downgrade(context, revision)


def lock(context: Context, campaign_id: int) -> None:
    campaigns.lock_campaign(context, campaign_id, actor=None)


def work(context: Context) -> None:
    housekeeping.run_once(context)


def copy(context: Context, path: str) -> None:
    backup.backup(context, Path(path))


DEEDS = {deed.__name__: deed for deed in (upgrade, downgrade, lock, work, copy)}


def main() -> None:
    for line in sys.stdin:
        said = json.loads(line)
        after: float | None = said.pop("after")
        begun, begin = os.pipe()
        child = os.fork()
        if child == 0:
            _do(begin, **said)
        os.read(begun, 1)
        if after is not None:
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(begun)
        os.close(begin)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _do(begin: int, deed: str, moment: str, arguments: list[Any]) -> None:
    settings = Settings.from_environment()
    clock = dt.datetime.fromisoformat(moment)
    context = Context(settings, Context.from_settings(settings).database, lambda: clock)
    os.write(begin, b"!")
    try:
        DEEDS[deed](context, *arguments)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


@dataclass(slots=True)
class Doer:
    """The test's side. `chance` draws the moments, each within what the last whole deed took."""

    context: Context
    process: subprocess.Popen[str]
    chance: random.Random
    kills: int = 0

    def whole(self, deed: str, *arguments: Any) -> float:
        """Nothing happens to it; how long it took, in seconds."""
        begun = time.monotonic()
        assert self._done(deed, None, arguments) == 0, deed
        return time.monotonic() - begun

    def killed(self, within: float, deed: str, *arguments: Any) -> bool:
        """False when it was done before its moment came."""
        status = self._done(deed, self.chance.uniform(0, within), arguments)
        assert status in (0, -signal.SIGKILL), deed
        self.kills += status != 0
        return status != 0

    def _done(self, deed: str, after: float | None, arguments: tuple[Any, ...]) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        moment = self.context.clock().isoformat()
        said = {"deed": deed, "moment": moment, "arguments": arguments, "after": after}
        self.process.stdin.write(json.dumps(said) + "\n")
        self.process.stdin.flush()
        answered, _, _ = select.select([self.process.stdout], [], [], PATIENCE)  # one line to one line
        assert answered, f"{deed}: neither done nor killed"
        return int(self.process.stdout.readline())


@contextmanager
def doer(context: Context, seed: int = 1) -> Iterator[Doer]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.durability.doomed"],
        env=environment(context),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Doer(context, process, random.Random(seed))
        finally:
            process.kill()


if __name__ == "__main__":
    main()
