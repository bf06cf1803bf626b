"""The whole service as an operator runs it, for a while: replicas, a worker, PostgreSQL or SQLite, nginx in front.

PostgreSQL gets deploy/postgresql.conf and lies on a disk; nginx is deploy/nginx.conf, without the certificate. Where
one of the two is not on this machine, the service runs without it, and says so.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from survey_app.services import gminas, schema
from survey_app.services.context import Context
from survey_app.services.instruments import current_ankieta
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.survey import campaigns
from tests.campaign_kit import Held
from tests.durability.proxy import find_nginx, proxy
from tests.durability.served import ROOT, Server, children, environment
from tests.stores import Cluster, find_programs, settings_for

GMINA = "990301"
REPLICAS = 3  # as many as deploy/nginx.conf names
WEEK = dt.timedelta(days=7)


@dataclass(slots=True)
class Stage:
    """`port`: where respondents and staff come in. `name`: the store."""

    name: str
    context: Context
    servers: list[Server]
    port: int = 0
    behind_nginx: bool = False
    worker: subprocess.Popen[bytes] | None = None
    cluster: Cluster | None = None
    also: dict[str, list[int]] = field(default_factory=dict)

    def processes(self) -> dict[str, list[int]]:
        """Kind -> process ids, as they are just now."""
        found = {"server, main": [], "server, workers": [], **self.also}
        for one in self.servers:
            if one.process is not None and one.process.poll() is None:
                found["server, main"].append(one.process.pid)
                found["server, workers"] += children(one.process.pid)
        if self.worker is not None and self.worker.poll() is None:
            found["background worker"] = [self.worker.pid]
        if self.cluster is not None:
            main = self.cluster.main_pid()
            found["PostgreSQL"] = [main, *children(main)]
        return found


@contextlib.contextmanager
def stage(*, postgres: bool, with_worker: bool = False) -> Iterator[Stage]:
    """Three replicas of two processes on PostgreSQL, or one on SQLite; ready to be asked."""
    with contextlib.ExitStack() as ending:
        folder = Path(
            ending.enter_context(tempfile.TemporaryDirectory(dir="/var/tmp", prefix="survey-stage-"))
        )
        cluster = _cluster(ending) if postgres else None
        url = cluster.url(cluster.create(empty=True)) if cluster else f"sqlite:///{folder / 'survey.sqlite3'}"
        context = Context.from_settings(settings_for(folder / "var", url))
        ending.callback(context.database.dispose)
        schema.upgrade(context)
        context.database.dispose()
        count = REPLICAS if cluster else 1
        servers = [_server(context, folder, number) for number in range(count)]
        found = Stage("PostgreSQL" if cluster else "SQLite", context, servers, cluster=cluster)
        for one in servers:
            one.start()
            ending.callback(one.stop)
        if with_worker:
            found.worker = _worker(context, folder)
            ending.callback(_end, found.worker)
        _front(found, folder, ending)
        yield found


def _cluster(ending: contextlib.ExitStack) -> Cluster | None:
    programs = find_programs()
    if programs is None:
        print("PostgreSQL: its programs are not here; SQLite instead")
        return None
    cluster = Cluster.start(programs, (*deployed_settings(), "listen_addresses="), parent="/tmp")
    ending.callback(cluster.stop)
    return cluster


def deployed_settings() -> list[str]:
    """`name=value` of each line of deploy/postgresql.conf."""
    lines = (ROOT / "deploy" / "postgresql.conf").read_text(encoding="utf-8").splitlines()
    settings = [line.partition("#")[0].partition("=") for line in lines]
    return [f"{name.strip()}={value.strip()}" for name, sign, value in settings if sign]


def _settings(context: Context, var: Path) -> dict[str, str]:
    """Of deploy/environment.example, but plain HTTP and no second factor: the visitors here are programs."""
    return {
        "SURVEY_VAR": str(var),
        "SECRET_KEY": "Tq4-mB8_kZr1wX6yPc3jHs9vDf5gLn2u",
        "KEY_FOLDERS": os.pathsep.join(map(str, context.settings.key_folders)),
        "SECOND_FACTOR": "optional",
        "TRUSTED_PROXIES": "1",
        "LOG_FORMAT": "json",
    }


def _server(context: Context, folder: Path, number: int) -> Server:
    settings = _settings(context, folder / f"var-{number}")
    return Server(context, folder / f"replica-{number}.log", settings=settings)


def _worker(context: Context, folder: Path) -> subprocess.Popen[bytes]:
    env = {**environment(context), **_settings(context, folder / "var-worker")}
    command = [sys.executable, "-m", "survey_app.cli", "worker", "--every", "10"]
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(command, env=env, stdout=log, stderr=log)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGTERM)
    worker.wait(60)


def _front(found: Stage, folder: Path, ending: contextlib.ExitStack) -> None:
    """nginx, as shipped. Where there is one replica, it stands for all three."""
    ports = [found.servers[number % len(found.servers)].port for number in range(REPLICAS)]
    if find_nginx() is None:
        print("nginx is not here: straight to the first replica")
        found.port = ports[0]
        return
    front = folder / "nginx"
    front.mkdir()
    found.port = ending.enter_context(proxy(front, ports))
    found.behind_nginx = True
    main = int((front / "pid").read_text())
    found.also["nginx"] = [main, *children(main)]


def add_gmina(context: Context, institutions: int) -> None:
    """An example gmina with that many institutions to invite."""
    gminas.add_gmina(
        context, GMINA + "2", "Odwiedzinowo", "przykładowe", "przykładowy", actor=None, example=True
    )
    sectors = list(catalogue.catalogue_sectors())
    for number in range(institutions):
        draft = StakeholderDraft(
            f"Instytucja {number + 1:04d}", sectors[number % len(sectors)], internal=True, address="Rynek 1"
        )
        catalogue.add_stakeholder(context, GMINA, draft, actor=None)


def hold(context: Context, mode: str, access: str) -> Held:
    """A campaign of that gmina, open since an hour ago, for a week."""
    now = context.clock()
    draft = campaigns.CampaignDraft(
        f"Ankieta ({mode}, {access})",
        mode,
        access,
        now - dt.timedelta(hours=1),
        now + WEEK,
        30,
        3,
        "Administratorem danych jest Wójt Gminy.",
    )
    made = campaigns.create_campaign(context, GMINA, draft, actor=None)
    issued = campaigns.open_campaign(context, made.id, actor=None)
    return Held(campaigns.campaign(context, made.id), issued, current_ankieta(context))
