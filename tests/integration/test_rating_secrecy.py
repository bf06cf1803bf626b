"""One rater's points, reasons and evidence are planted, and every route is asked for them by everybody else.

Two services differ in nothing but what one rater gave alone. METHOD, "Coding": nobody can see another's ratings before
the individual stage closes, so whatever anybody else asks for must be the same on both, to the letter.
"""

from __future__ import annotations

import io
import itertools
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from survey_app.cli import main
from survey_app.models import Base
from survey_app.services.coding import agree, coding_rounds, evidence, rate
from survey_app.services.coding.coding_rounds import RoundDraft
from survey_app.services.coding.evidence import EvidenceDraft
from survey_app.services.coding.rate import RatingDraft
from survey_app.services.context import Context
from survey_app.services.interviewing.compose_text import Run
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.registers import persuasion
from survey_app.services.registers.entries import Owner, write_log
from survey_app.services.registers.persuasion import PlanDraft
from survey_app.services.signing_in import links, second_factor
from survey_app.services.survey import tokens
from survey_app.web.app import create_app
from tests.coding_rows import id_of
from tests.conftest import leave_out
from tests.excerpt_rows import a_talk, an_excerpt, answer_second
from tests.integration.staff import GMINA, OTHER_GMINA, PASSWORD, people
from tests.stores import Clock, settings_for

RATER = "maria@example.org"  # whose ratings are planted
OTHERS = (
    "",
    "jan@example.org",
    "anna@example.org",
    "piotr@example.org",
    "admin@example.org",
    "obca@example.org",
)
CRITERIA = ("wplyw", "wiedza", "zainteresowanie")
REASONS = ("Wójt powiedział to przy kasztanie", "Sołtys zaprzeczył przy młynie")
NOTES = ("zielony zeszyt, karta ósma", "czerwony segregator, karta trzecia")
PLANTED = (*REASONS, *NOTES)
# What may name something, by the argument; a route whose argument is not here has to be given one.
NAMES: dict[str, tuple[str, ...]] = {
    "gmina_code": (GMINA, OTHER_GMINA),
    "code": (GMINA, OTHER_GMINA),
    "region_code": (GMINA[:4],),
    "form": ("idi", "fgi"),
    "letter": ("A",),
    "item_kind": ("dokument", "akt"),
    "criterion": CRITERIA,
    "edition_name": ("public", "internal"),
    "part": ("wnioski",),
    "sector_id": ("edukacja", "wlasny_inny"),
    "public_id": ("abcdefghjk",),
    "token": ("0" * 16,),
    "question_id": ("p6",),
    "table_id": ("p7",),
    "note_id": ("0" * 32,),
    "text_id": ("0" * 32,),
    "version": ("0",),
    "name": ("main.js",),
    "step_id": ("akt",),
    "key": ("swot",),
}
STRAY = "inne"  # names nothing, whatever the argument
# What an argument counts, where it has not the name of its table.
NUMBERED = {
    "remark_id": "paper_remark",
    "message_id": "region_message",
    "entry_id": "register_entry",
    "party_id": "register_party",
    "signature_id": "paper_signature",
    "seat_id": "meeting_seat",
    "text_id": "interview_text",
    "number": "interview_text",
    "version_id": "instrument_version",
    "key_id": "api_key",
}
FRESH = re.compile(
    r"(?<=name=\"csrf_token\" value=\")[^\"]+|(?<=v=)[0-9a-f]+|nonce=\"[^\"]+|(?<=\"csrf\":\")[^\"]+"
)
BODY = {
    "title": "T",
    "name": "T",
    "email": "nowa@example.org",
    "reason": "Powód",
    "code": "zwolennik",
    "choice": "for",
    "agrees": "1",
    "votes_for": "1",
    "dowod": "catalogue:1",
    **{f"punkt-{criterion}": "2" for criterion in CRITERIA},
    **{f"wersja-{criterion}": "0" for criterion in CRITERIA},
}

Seen = dict[tuple[str, str, str], tuple[int, str]]


@dataclass
class Service:
    """One of the twins, with a copy of its file, so that a change can be undone."""

    context: Context
    app: Flask
    file: Path
    round_id: int

    @property
    def copy(self) -> Path:
        return self.file.with_suffix(".kept")

    def keep(self) -> None:
        self.context.database.dispose()
        shutil.copyfile(self.file, self.copy)

    def undo(self) -> None:
        self.context.database.dispose()
        for rest in ("-wal", "-shm"):
            Path(f"{self.file}{rest}").unlink(missing_ok=True)
        shutil.copyfile(self.copy, self.file)

    def client(self, email: str) -> FlaskClient:
        client = self.app.test_client()
        if email:
            values = {"email": email, "password": PASSWORD, "csrf_token": token_of(client)}
            assert client.post("/logowanie", data=values).status_code == 302
        return client

    def ids(self, argument: str) -> list[int]:
        """Every number that names something of that kind in the store, and one that names nothing."""
        tables = Base.metadata.tables
        kind = tables.get(NUMBERED.get(argument, argument.removesuffix("_id")))
        numbered = [
            table for table in tables.values() if "id" in table.c and table.c.id.type.python_type is int
        ]
        with self.context.database.reading() as session:
            highest = [
                session.scalar(select(func.max(table.c.id))) or 0
                for table in ([kind] if kind is not None else numbered)
            ]
        return list(range(1, max(highest) + 2))


def token_of(client: FlaskClient) -> str:
    page = client.get("/panel/haslo")
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text or "")
    found = found or re.search(r'name="csrf_token" value="([^"]+)"', client.get("/logowanie").text)
    assert found is not None
    return found[1]


@pytest.fixture
def twins(
    sqlite_template: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[Service]]:
    monkeypatch.setattr(links, "new_token", lambda: "zawsze-ten-sam-odnosnik")
    monkeypatch.setattr(second_factor, "new_secret", lambda: bytes(20))
    monkeypatch.setattr(tokens, "new_public_id", lambda: "abcdefghjk")
    made = []
    for twin in (0, 1):
        var = tmp_path / f"var-{twin}"
        var.mkdir()
        shutil.copyfile(sqlite_template, var / "survey.sqlite3")
        settings = settings_for(var, f"sqlite:///{var / 'survey.sqlite3'}")
        context = Context(settings, Context.from_settings(settings).database, clock)
        round_id = plant(context, twin)
        made.append(Service(context, create_app(context=context), var / "survey.sqlite3", round_id))
    yield made
    for service in made:
        service.context.database.dispose()


def plant(context: Context, twin: int) -> int:
    """Three seats, three stakeholders. Two rated alike on both; of the third's, nothing but how many is the same.

    Before it there was a round with a single rating, and a talk with one of its Neutralni.
    """
    people(context)
    ids = [
        catalogue.add_stakeholder(
            context, GMINA, StakeholderDraft(name=name, sector="edukacja", internal=True), None
        ).id
        for name in ("Bank", "Ośrodek", "Szkoła")
    ]
    raters = tuple(id_of(context, email) for email in ("anna@example.org", "jan@example.org", RATER))
    draft = RoundDraft("Tura 1", "start", "dwa_kody", tuple(ids), raters)
    close_a_round(context, ids, draft)
    round_id = coding_rounds.open_round(context, GMINA, draft, None).id
    for email, stakeholder_id, (place, criterion) in itertools.product(
        ("jan@example.org", RATER), ids, enumerate(CRITERIA)
    ):
        given = RatingDraft((place + stakeholder_id) % 3 + 1, False, "Tak uważam.")
        if email == RATER:
            given = planted(twin, stakeholder_id, place)
        rate.save_rating(context, GMINA, round_id, id_of(context, email), stakeholder_id, criterion, given, 0)
    pointed = EvidenceDraft("catalogue", str(ids[twin]), NOTES[twin])
    evidence.attach_to_rating(context, GMINA, round_id, id_of(context, RATER), ids[0], "wplyw", pointed)
    point_at_what_was_said(context, round_id, ids, twin)
    return round_id


def close_a_round(context: Context, ids: list[int], draft: RoundDraft) -> None:
    """All Neutralni, on both services alike, and an action in the scenariusz oddziaływań that took place."""
    earlier = coding_rounds.open_round(context, GMINA, replace(draft, title="Tura 0"), None).id
    jan = id_of(context, "jan@example.org")
    rate.save_rating(context, GMINA, earlier, jan, ids[0], "wplyw", RatingDraft(2, False, "Tak uważam."), 0)
    coding_rounds.lay_open(context, GMINA, earlier, None)
    for stakeholder_id in ids:
        agree.decide(context, GMINA, earlier, stakeholder_id, "neutralny", "Tak było.", None)
    coding_rounds.close(context, GMINA, earlier, None)
    planned = PlanDraft(ids[:1], (), "rozmowa", "Przekonać", context.today(), None)
    (entry,) = persuasion.plan(context, GMINA, planned, None).entries
    owner = Owner(gmina_code=GMINA)
    write_log(context, owner, entry.id, "rozmowa", context.today(), "Rozmawialiśmy.", None)


def point_at_what_was_said(context: Context, round_id: int, ids: list[int], twin: int) -> None:
    """Two talks with a passage each on both, and the rater leans on one of them: which, and of what, is secret.

    A third was taken back after the rater had pointed at it.
    """
    jan, rater = id_of(context, "jan@example.org"), id_of(context, RATER)
    passages = []
    for words in ("Dajemy salę.", "Dajemy ludzi."):
        talk = a_talk(context, GMINA, {"A": ids[0]}, [Run(words, "A")], moderator_id=jan)
        passages.append(an_excerpt(context, talk, words, jan))
    gone = a_talk(context, GMINA, {"A": ids[1]}, [Run("Nie damy nic.", "A")])
    taken_back = an_excerpt(context, gone, "Nie damy nic.", rater)
    for number, (stakeholder_id, criterion) in (
        (passages[twin], (ids[0], CRITERIA[twin])),
        (taken_back, (ids[1], CRITERIA[twin])),
    ):
        pointed = EvidenceDraft("excerpt", str(number))
        evidence.attach_to_rating(context, GMINA, round_id, rater, stakeholder_id, criterion, pointed)
    answer_second(context, gone, "A", False)


def planted(twin: int, stakeholder_id: int, place: int) -> RatingDraft:
    """On one service the highest points, on the other "nie wiem" and the lowest; always finished."""
    if twin == 0:
        return RatingDraft(3, False, REASONS[0])
    return (
        RatingDraft(None, True, REASONS[1])
        if (stakeholder_id + place) % 2
        else RatingDraft(1, False, REASONS[1])
    )


def addresses(service: Service, rule: Rule) -> Iterator[str]:
    """The rule with all that is there, in every combination; in the other gmina, and for what is not, one by one.

    What names nothing is the same nothing beside whatever else: in every combination it would only be refused again.
    """
    names = sorted(rule.arguments)
    offered = [_offered(service, rule, name) for name in names]
    here = [
        there[:1] if name == "gmina_code" else there for name, (there, _) in zip(names, offered, strict=True)
    ]
    combined = dict.fromkeys(itertools.product(*here))
    home = next(iter(combined))
    elsewhere = tuple(
        OTHER_GMINA if name == "gmina_code" else value for name, value in zip(names, home, strict=True)
    )
    for place, (there, strays) in enumerate(offered):
        combined |= dict.fromkeys((*elsewhere[:place], value, *elsewhere[place + 1 :]) for value in there)
        combined |= dict.fromkeys((*home[:place], value, *home[place + 1 :]) for value in strays)
    adapter = service.app.url_map.bind("localhost")
    for values in combined:
        yield adapter.build(rule.endpoint, dict(zip(names, values, strict=True)))


def _offered(service: Service, rule: Rule, name: str) -> tuple[list[Any], list[Any]]:
    """What an argument can be: what may name something (never empty), and what names nothing."""
    converter = rule._converters[name]
    if name == "round_id":
        return [service.round_id], []
    if isinstance(converter, IntegerConverter):
        *there, stray = service.ids(name)
        return (there, [stray]) if there else ([stray], [])
    if isinstance(converter, AnyConverter) and name != "letter":
        return sorted(converter.items), []
    strays = [] if name in ("gmina_code", "form", "letter") else [STRAY]
    return list(NAMES[name]), strays


def rules(service: Service, method: str) -> list[Rule]:
    found = [
        rule
        for rule in service.app.url_map.iter_rules()
        if method in (rule.methods or ()) and rule.endpoint not in ("static", "styleguide.static")
    ]
    return sorted(found, key=lambda rule: (rule.endpoint == "auth.log_out", rule.rule))


def walk(service: Service, who: tuple[str, ...] = OTHERS) -> Seen:
    """Every page and file by everybody; then every change, each undone before the next."""
    seen: Seen = {}
    for email in who:
        client = service.client(email)
        for rule in rules(service, "GET"):
            for address in addresses(service, rule):
                response = client.get(address)
                seen[email, "GET", address] = response.status_code, readable(response.data, response.mimetype)
    return seen


def walk_changes(service: Service, who: tuple[str, ...]) -> Seen:
    seen: Seen = {}
    for email in who:
        client = service.client(email)
        token = token_of(client)
        service.keep()
        for rule in rules(service, "POST"):
            if rule.endpoint in ("auth.log_out", "auth.log_in_now"):
                continue
            for address in addresses(service, rule):
                if OTHER_GMINA in address:
                    continue
                for accept in ("text/html", "application/json")[: 2 if rule.endpoint == "rating.save" else 1]:
                    response = client.post(
                        address, data=BODY, headers={"X-CSRFToken": token, "Accept": accept}
                    )
                    seen[email, f"POST {accept}", address] = (
                        response.status_code,
                        readable(response.data, response.mimetype),
                    )
                    if response.status_code in (200, 302, 303):
                        service.undo()
    return seen


def readable(content: bytes, kind: str) -> str:
    """What a person can read in it, without what is drawn anew each time."""
    if kind == "application/pdf":
        if shutil.which("pdftotext") is None:
            leave_out("left out: pdftotext (poppler-utils) is not on this machine")
        text = subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
        ).stdout.decode()
    elif kind.endswith("spreadsheetml.sheet"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        text = "\n".join(
            "\t".join(str(cell) for cell in row)
            for sheet in book
            for row in sheet.iter_rows(values_only=True)
        )
    elif kind.startswith("image/png"):
        text = content.hex()
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            text = "\n".join(f"{name}\n{packed.read(name).decode()}" for name in packed.namelist())
    else:
        text = content.decode("utf-8-sig")
    return FRESH.sub("…", text)


def differing(one: Seen, other: Seen) -> list[tuple[str, str, str]]:
    """What is not the same on both; a planted word fails at once."""
    for key, (_, text) in [*one.items(), *other.items()]:
        assert not [word for word in PLANTED if word in text], key
    assert set(one) == set(other)
    return [key for key in one if one[key] != other[key]]


def test_nobody_reads_anothers_rating_on_any_page_or_file(twins: list[Service]) -> None:
    one, other = (walk(service) for service in twins)
    assert differing(one, other) == []
    # The walk did reach pages: those of the round, as the rater's fellow and as the coordinator.
    for email in ("jan@example.org", "anna@example.org"):
        reached = {key[2] for key, (status, _) in one.items() if key[0] == email and status == 200}
        assert f"/panel/{GMINA}/kodowanie/{twins[0].round_id}/oceny/1" in reached
        assert f"/panel/{GMINA}/scenariusz" in reached
    assert "Następni do rozmowy" in one["jan@example.org", "GET", f"/panel/{GMINA}/scenariusz"][1]
    assert "1 z 3" not in one["piotr@example.org", "GET", f"/panel/{GMINA}/kodowanie/{twins[0].round_id}"][1]


@pytest.mark.parametrize("email", ["jan@example.org", "anna@example.org", "obca@example.org"])
def test_no_answer_to_a_change_tells_anothers_rating(twins: list[Service], email: str) -> None:
    one, other = (walk_changes(service, (email,)) for service in twins)
    assert differing(one, other) == []


def test_the_rater_reads_what_was_planted(twins: list[Service]) -> None:
    """The walk would find it: the same walk by the rater does."""
    found = walk(twins[0], (RATER,))
    text = "".join(text for _, text in found.values())
    assert REASONS[0] in text
    assert NOTES[0] in text


def test_the_walk_finds_ratings_once_they_are_laid_open(twins: list[Service]) -> None:
    """And on no other page than those of the agreement: the rating pages stay each rater's own."""
    for service in twins:
        coding_rounds.lay_open(service.context, GMINA, service.round_id, None)
    found = walk(twins[0], ("jan@example.org",))
    telling = {key[2] for key, (_, text) in found.items() if REASONS[0] in text}
    assert telling
    assert all("/uzgodnienia" in address for address in telling)


def test_no_command_tells(twins: list[Service], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for number, service in enumerate(twins):
        out = tmp_path / f"out-{number}"
        out.mkdir()
        monkeypatch.setenv("SURVEY_VAR", str(service.context.settings.var))
        monkeypatch.setenv("DATABASE_URL", str(service.context.database.url))
        said = {}
        for line in (
            f"report {GMINA} --edition internal --out {out}/internal.pdf",
            f"export {GMINA} --out {out}",
            "worker --once",
        ):
            ended = CliRunner().invoke(main, line.split())
            said[line.replace(str(out), "")] = (ended.output + str(ended.exit_code)).replace(str(out), "")
        for path in sorted(out.iterdir()):
            kind = {".pdf": "application/pdf", ".xlsx": "spreadsheetml.sheet"}.get(path.suffix, "text/plain")
            said[path.name] = readable(path.read_bytes(), kind)
        told.append(said)
    assert told[0] == told[1]
    assert not [word for word in PLANTED for text in told[0].values() if word in text]
