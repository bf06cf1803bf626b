"""What a process loads before anybody asks for it. A library of numbers, of documents or of log-in services takes as
much memory as all the rest: it is loaded by the first request that needs it.

A failure names the library and the line of this service that asked for it; the rule is in pyproject.toml (TID253).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from survey_app.services import accounts
from survey_app.services.context import Context
from tests import campaign_kit
from tests.integration.staff import PASSWORD

HEAVY = [
    *("alembic", "authlib", "cryptography", "docx", "lxml", "morfeusz2", "numpy", "openpyxl", "pandas"),
    *(
        "prometheus_client",
        "pyarrow",
        "pyreadstat",
        "pyxform",
        "reportlab",
        "requests",
        "scipy",
        "xlsxwriter",
        "zxcvbn",
    ),
]
FRAMEWORKS = ["flask", "gunicorn", "sqlalchemy", "jinja2", "babel", *HEAVY]
EMAIL = "jan@example.org"

WATCH = """
import json, re, sys, traceback

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in watched:
            stack = traceback.extract_stack()
            own = [f"{one.filename}:{one.lineno}" for one in stack if "/survey_app/" in one.filename]
            loaded.append(f"{name}, asked for by {own[-1] if own else 'nobody of ours'}")

watched, loaded = set(json.loads(sys.argv[1])), []
sys.meta_path.insert(0, Watch())
"""
PAGES = """
import datetime as dt
from dataclasses import replace

from survey_app.config import Settings
from survey_app.services.context import Context
from survey_app.web import server  # as `survey-app serve` has it
from survey_app.web.app import create_app

moment = dt.datetime.fromisoformat(sys.argv[5])
context = replace(Context.from_settings(Settings.from_environment()), clock=lambda: moment)
client = create_app(context=context).test_client()

def page(address, expected=200, **sent):
    answer = client.post(address, data=sent) if sent else client.get(address)
    assert answer.status_code == expected, (address, answer.status_code)
    return answer.text

for address in json.loads(sys.argv[2]):
    page(address)
page("/logowanie/usluga", 404)  # no log-in service was set
token = re.search(r'name="csrf_token" value="([^"]+)"', page("/logowanie"))[1]
page("/logowanie", 302, csrf_token=token, email=sys.argv[3], password=sys.argv[4])
page("/panel/konto")
"""


def _loaded(script: str, watched: Sequence[str], *arguments: str, var: Path) -> list[str]:
    settings = {**os.environ, "SURVEY_VAR": str(var), "SECOND_FACTOR": "optional"}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{WATCH}{script}\nprint(json.dumps(loaded))",
            json.dumps(watched),
            *arguments,
        ],
        capture_output=True,
        text=True,
        env=settings,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_pages_of_every_day_load_nothing_heavy(sqlite_context: Context, var: Path) -> None:
    campaign_kit.add_gmina(sqlite_context)
    held = campaign_kit.hold(sqlite_context, access="open_link")
    accounts.create_user(sqlite_context, EMAIL, "Jan Zwykły", PASSWORD)
    addresses = [f"/a/{held.campaign.public_id}", "/", "/health", "/ready"]
    moment = sqlite_context.clock().isoformat()
    assert _loaded(PAGES, HEAVY, json.dumps(addresses), EMAIL, PASSWORD, moment, var=var) == []


def test_the_watch_sees_what_a_page_loads(sqlite_context: Context, var: Path) -> None:
    """Else the test above would hold nothing."""
    found = _loaded("from survey_app.analysis.diagnoza import pdf", ["reportlab", "docx"], var=var)
    assert len(found) == 1
    assert found[0].startswith("reportlab, asked for by ")
    assert "/survey_app/analysis/" in found[0]


def test_the_command_line_helps_without_the_service(var: Path) -> None:
    script = """
from click.testing import CliRunner
from survey_app.cli import main
assert "serve" in CliRunner().invoke(main, ["--help"]).output
"""
    assert _loaded(script, FRAMEWORKS, var=var) == []
