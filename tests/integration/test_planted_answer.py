"""One rare answer is planted, and every route, file and command is asked for it.

Two services differ in nothing but hidden answers: whether the one parish is a parish or another association, what
it said, and what two groups of four said whose rows must be hidden. Whatever anybody may ask for must be the same on
both, to the letter; and no page but the one for clearing texts, and no command, may hold a word that was planted.
"""

from __future__ import annotations

import io
import logging
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from survey_app.cli import main
from survey_app.extensions import limiter
from survey_app.instrument.values import Value
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.rollup import regions
from survey_app.services.signing_in import links, second_factor
from survey_app.services.survey import results, tokens
from survey_app.web.app import create_app
from tests.campaign_kit import GMINA, Held, add_gmina, hold, lock
from tests.campaign_kit import send as send_answer
from tests.conftest import leave_out
from tests.stores import Clock, settings_for

NAMING = "Parafia pod Jedynym Dębem"  # question 1's own words: nobody ever reads them
CLEARABLE = (
    "Tylko nasz organista to zaproponuje",
    "Klub modelarzy przy plebanii",
)  # read to be cleared, then gone
PASSWORD = "cztery-zwykle-slowa-razem"
PEOPLE = ("stranger", "coordinator", "member", "administrator", "foreign", "region")
ROWS = {
    "results.export_csv",
    "statistics_files.sav",
    "statistics_files.parquet",
}  # rows are for the team (METHOD, "Disclosure control"); tests of the export hold them
CLEARING = {"results.texts"}
FRESH = re.compile(
    r"[0-9a-f]{32}|(?<=name=\"csrf_token\" value=\")[^\"]+|(?<=v=)[0-9a-f]+|(?<=base64,)[A-Za-z0-9+/=]+"
)

Answers = dict[str, Value]
Seen = dict[tuple[str, str, str], tuple[int, str]]


def sent(twin: int) -> list[Answers]:
    """Nineteen answers. Two groups of four hold (4, 0) and (1, 3) TAK and NIE on question 7, either way round."""
    alike, mixed = ["tak"] * 4, ["tak", "nie", "nie", "nie"]
    first, last = (alike, mixed) if twin == 0 else (mixed, alike)
    said = [*first, "tak", "tak", "tak", "nie", "nie", *["tak"] * 5, "nie", *last]
    kinds = ["administracja"] * 4 + ["pomoc_spoleczna"] * 5 + ["edukacja"] * 6 + ["pozarzadowa"] * 4
    found: list[Answers] = [
        {"p1": {"option": kind}, "p7": yes, "p9": "tak" if place % 2 else "nie"}
        for place, (kind, yes) in enumerate(zip(kinds, said, strict=True))
    ]
    found[0]["p5"] = "tak"
    found[-1] |= {
        "p1": {"option": "koscielna" if twin == 0 else "pozarzadowa"},
        "p1_wskazanie": NAMING,
        "p5": "nie" if twin == 0 else "tak",
        "p10": CLEARABLE[0],
        "p6": [CLEARABLE[1]],
    }
    return found


@dataclass
class Service:
    """One of the twins."""

    context: Context
    app: Flask
    held: Held

    def client(self, person: str) -> FlaskClient:
        client = self.app.test_client()
        if person != "stranger":
            values = {"email": f"{person}@example.org", "password": PASSWORD, "csrf_token": _token_of(client)}
            assert client.post("/logowanie", data=values).status_code == 302
        return client


def _token_of(client: FlaskClient) -> str:
    """One that is good as long as the session of this client lives."""
    for address in ("/panel/haslo", "/logowanie"):
        found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
        if found:
            return found[1]
    raise AssertionError("no page gives a token")


@pytest.fixture
def twins(
    sqlite_template: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[Service]]:
    """What is drawn at random and printed (codes, the campaign's name) is drawn alike for both."""
    made = []
    for twin in (0, 1):
        monkeypatch.setattr(tokens, "new_public_id", lambda: "abcdefghjk")
        monkeypatch.setattr(tokens, "new_token", _codes())
        var = tmp_path / f"var-{twin}"
        var.mkdir()
        shutil.copyfile(sqlite_template, var / "survey.sqlite3")
        settings = settings_for(var, f"sqlite:///{var / 'survey.sqlite3'}")
        context = Context(settings, Context.from_settings(settings).database, clock)
        made.append(_service(context, twin))
    yield made
    for service in made:
        service.context.database.dispose()


def _codes() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"{next(numbers):016d}"


def _service(context: Context, twin: int) -> Service:
    add_gmina(context, 24)
    for email, role in (
        ("coordinator", {"coordinator_of": GMINA}),
        ("member", {"member_of": GMINA}),
        ("administrator", {"administrator": True}),
        ("foreign", {"coordinator_of": None}),
    ):
        accounts.create_user(context, f"{email}@example.org", email, PASSWORD, **role)  # type: ignore[arg-type]
    token = regions.appoint(context, "region@example.org", "region", GMINA[:4], None)
    links.use(context, token, PASSWORD)
    region = accounts.find_person(context, "region@example.org")
    assert region is not None
    held = hold(context)
    for code, values in zip(held.codes, sent(twin), strict=False):
        send_answer(context, held, code, values)
    return Service(context, create_app(context=context), held)


def walk(
    service: Service, people: tuple[str, ...] = PEOPLE, methods: tuple[str, ...] = ("GET", "POST")
) -> Seen:
    """Every route, by every person, first all that only shows and then all that changes."""
    seen: Seen = {}
    limiter.reset()  # both walks log in as often as the other
    rules = sorted(
        service.app.url_map.iter_rules(), key=lambda rule: (rule.endpoint == "auth.log_out", rule.rule)
    )
    for person in people:
        client = service.client(person)
        token = _token_of(client)
        for method in methods:
            for rule in rules:
                if method in (rule.methods or ()) and rule.endpoint != "static":
                    response = client.open(
                        _address(service, rule), method=method, headers={"X-CSRFToken": token}
                    )
                    read = readable(response.data, response.mimetype)
                    seen[person, method, rule.endpoint] = response.status_code, read
    return seen


def _address(service: Service, rule: Rule) -> str:
    values = {
        "gmina_code": GMINA,
        "code": GMINA,
        "region_code": GMINA[:4],
        "step_id": "akt",
        "key_id": 99,
        "table_id": "p7",
        "person_id": 99,
        "campaign_id": service.held.campaign.id,
        "stakeholder_id": 19,
        "declaration_id": 1,
        "sector_id": "wlasny_inny",
        "version_id": 1,
        "round_id": 1,
        "interview_id": 1,
        "form": "idi",
        "ballot_id": 1,
        "evidence_id": 1,
        "theme_id": 1,
        "arrangement": "wyzej",
        "deed": "koniec",
        "excerpt_id": 1,
        "document_id": 1,
        "item_id": 1,
        "item_kind": "dokument",
        "paper_id": 1,
        "entry_id": 1,
        "party_id": 1,
        "remark_id": 1,
        "message_id": 1,
        "signature_id": 1,
        "seat_id": 1,
        "key": "swot",
        "criterion": "wplyw",
        "text_id": "0" * 32,
        "note_id": "0" * 32,
        "number": 1,
        "edition_name": "public",
        "part": "wnioski",
        "question_id": "p6",
        "letter": "A",
        "session_id": 99,
        "kind": "txt",
        "version": "0",
        "name": "main.js",
        "public_id": service.held.campaign.public_id,
        "token": service.held.codes[18],
    }
    known = {
        name: values[name] for name in rule.arguments
    }  # KeyError: a route that this walk cannot find its way to
    return service.app.url_map.bind("localhost").build(rule.endpoint, known)


def readable(content: bytes, kind: str) -> str:
    """What a person can read in it, without what is drawn anew each time."""
    if kind == "application/pdf":
        if shutil.which("pdftotext") is None:
            leave_out("left out: pdftotext (poppler-utils) is not on this machine")
        text = subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
        ).stdout.decode()
    elif kind.endswith("spreadsheetml.sheet"):
        text = _sheets(content)
    elif kind.endswith("wordprocessingml.document"):
        text = _parts(content, r"word/(document|header\d*|footer\d*)\.xml|docProps/.*|word/media/.*\.svg")
    elif kind == "application/zip":
        text = _parts(content, r".*\.(csv|txt|json|py|R)")
    elif kind in ("image/png", "application/x-spss-sav", "application/vnd.apache.parquet"):
        text = content.hex()
    else:
        text = content.decode("utf-8-sig")
    return FRESH.sub("…", text)


def _parts(content: bytes, names: str) -> str:
    """The texts inside an archive, whose names are of the given kind."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = [name for name in archive.namelist() if re.fullmatch(names, name)]
        return "\n".join([*archive.namelist(), *(archive.read(name).decode("utf-8-sig") for name in found)])


def _sheets(content: bytes) -> str:
    """Every cell; rows, and the note that counts rows of a kind, are the team's (see ROWS)."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    lines = []
    for sheet in book:
        if sheet.title not in ("dane", "uwagi"):
            lines += ["\t".join(str(cell) for cell in row) for row in sheet.iter_rows(values_only=True)]
    return "\n".join(lines)


def differing(
    twins: list[Service], patch: pytest.MonkeyPatch, people: tuple[str, ...] = PEOPLE, *methods: str
) -> list[tuple[str, str, str]]:
    """What anybody gets to see that is not the same on both."""
    walks = []
    for service in twins:
        patch.setattr(tokens, "new_token", _codes())
        patch.setattr(links, "new_token", _codes())
        patch.setattr(second_factor, "new_secret", lambda: bytes(20))
        walks.append(walk(service, people, methods or ("GET", "POST")))
    one, other = walks
    for key, (_, text) in one.items():
        allowed = CLEARABLE if key[2] in CLEARING and key[0] == "coordinator" else ()
        for word in (NAMING, *CLEARABLE):
            assert word in allowed or word not in text, (key, word)
    return [key for key in one if key[2] not in ROWS | CLEARING and one[key] != other[key]]


def test_before_the_lock_nobody_finds_a_trace_of_any_answer(
    twins: list[Service], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with caplog.at_level(logging.DEBUG, logger="survey_app"):
        assert differing(twins, monkeypatch) == []
    assert_silent_log(caplog)


def test_after_the_lock_nobody_finds_what_is_hidden(
    twins: list[Service], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service in twins:
        lock(service.context, service.held)
    assert_hidden_as_meant(twins)
    with caplog.at_level(logging.DEBUG, logger="survey_app"):
        assert differing(twins, monkeypatch) == []
    assert_silent_log(caplog)


def assert_hidden_as_meant(twins: list[Service]) -> None:
    """The twins do differ, and the walk does reach the coordinator's pages."""
    kept = [
        sorted(
            (str(one["p5"].value), str(one["p7"].value), str(one["p1"].value))
            for one in results.load_results(service.context, service.held.campaign.id).records
        )
        for service in twins
    ]
    assert kept[0] != kept[1]
    for service in twins:  # both: each log-in is on the page of the account
        page = service.client("coordinator").get(_results_of(service)).text
        assert "13" in page
        assert "ukryte" in page.lower()


def _results_of(service: Service) -> str:
    return f"/panel/{GMINA}/kampanie/{service.held.campaign.id}/wyniki"


def assert_silent_log(caplog: pytest.LogCaptureFixture) -> None:
    for word in (NAMING, *CLEARABLE, *("koscielna", "Kościelna")):
        assert word not in caplog.text


@pytest.mark.parametrize("locked", [False, True])
def test_no_command_and_no_file_of_one_tells(
    twins: list[Service], tmp_path: Path, locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for number, service in enumerate(twins):
        if locked:
            lock(service.context, service.held)
        out = tmp_path / f"out-{number}"
        out.mkdir()
        told.append(_commands(service, out, monkeypatch))
    for text in told[0].values():
        assert not [word for word in (NAMING, *CLEARABLE) if word in text]
    assert told[0] == told[1]


def _commands(service: Service, out: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("SURVEY_VAR", str(service.context.settings.var))
    monkeypatch.setenv("DATABASE_URL", str(service.context.database.url))
    told = {}
    for line in (
        f"campaign status {service.held.campaign.public_id}",
        "worker --once",
        f"report {GMINA} --edition public --out {out}/public.pdf",
        f"report {GMINA} --edition internal --out {out}/internal.pdf",
        f"export {GMINA} --out {out}",
    ):
        ended = CliRunner().invoke(main, line.split())
        told[line.replace(str(out), "")] = (ended.output + str(ended.exit_code)).replace(str(out), "")
    kinds = {".pdf": "application/pdf", ".xlsx": "spreadsheetml.sheet"}
    for path in sorted(out.iterdir()):
        if path.suffix in kinds:
            told[path.name] = readable(path.read_bytes(), kinds[path.suffix])
    return told


def test_before_the_lock_no_file_holds_a_word(twins: list[Service]) -> None:
    for service in twins:
        files = [path for path in service.context.settings.var.rglob("*") if path.is_file()]
        assert files
        for path in files:
            content = path.read_bytes()
            assert not [word for word in (NAMING, *CLEARABLE) if word.encode() in content], path.name


def test_the_walk_finds_a_leak_that_is_planted(twins: list[Service], monkeypatch: pytest.MonkeyPatch) -> None:
    """A maker of tables that forgets to hide anything shows on some page at once."""
    from survey_app.analysis.disclosure import campaign as release
    from survey_app.analysis.disclosure.suppress import Verdict

    for service in twins:
        lock(service.context, service.held)
    monkeypatch.setattr(release, "_verdict", lambda *_parts: Verdict())
    assert {key[2] for key in differing(twins, monkeypatch, ("coordinator",), "GET")} >= {
        "results.index",
        "results.diagnoza",
        "results.diagnoza_pdf",
        "diagnoza_files.docx",
        "diagnoza_files.workbook",
        "diagnoza_files.package",
    }
