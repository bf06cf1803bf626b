"""Everything that a service would show of one campaign, as bytes, and the tables that stand in it.

Every route of the application is asked, so that a page that is added later is read as well; `routes` has to know a
value for each part of its address. Nothing here knows what a table means: tests/reader_tables.py does.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import html5lib
import openpyxl
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.renderings import of_docx, of_pdf

PASSWORD = "cztery-zwykle-slowa-razem"
PDF, ZIP, JSON, CSV, HTML = "application/pdf", "application/zip", "application/json", "text/csv", "text/html"


@dataclass(frozen=True, slots=True)
class Output:
    """What one person, or one command, was given. `name`: the route's endpoint, or the command."""

    person: str
    name: str
    address: str
    kind: str
    content: bytes

    @property
    def where(self) -> str:
        return f"{self.person}: {self.address} ({self.name})"


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as printed: its caption, its header, its rows. A file without captions has its own name for one."""

    output: Output
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tidy(words: str) -> str:
    """One space where any white space is, as a reader sees it."""
    return re.sub(r"\s+", " ", words).strip()


def log_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/logowanie").text)
    values = {"email": email, "password": PASSWORD, "csrf_token": found[1] if found else ""}
    assert client.post("/logowanie", data=values).status_code == 302
    return client


def routes(app: Flask, values: Mapping[str, Iterable[Any]]) -> list[tuple[str, str]]:
    """(endpoint, address) of all that can be asked for, with every value of every part. KeyError: an unknown part."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            found += [(rule.endpoint, address) for address in _addresses(app, rule, values)]
    return sorted(found)


def _addresses(app: Flask, rule: Rule, values: Mapping[str, Iterable[Any]]) -> Iterator[str]:
    names = sorted(rule.arguments)
    for chosen in product(*(values[name] for name in names)):
        yield app.url_map.bind("localhost").build(rule.endpoint, dict(zip(names, chosen, strict=True)))


def ask(
    person: str,
    client: FlaskClient,
    asked: Iterable[tuple[str, str]],
    headers: Mapping[str, str] | None = None,
) -> list[Output]:
    """What is answered with 200; to whom a page is shut, it shows nothing."""
    found = []
    for name, address in asked:
        response = client.get(address, headers=dict(headers or {}))
        if response.status_code == 200:
            found.append(Output(person, name, address, response.mimetype, response.data))
    return found


def tables_of(output: Output) -> list[Shown]:
    """Every table that stands in it, whatever kind of file it is."""
    if output.kind == HTML:
        found = _of_html(output.content.decode())
    elif output.kind == PDF:
        found = of_pdf(output.content)
    elif output.kind.endswith("wordprocessingml.document"):
        found = of_docx(output.content)
    elif output.kind.endswith("spreadsheetml.sheet"):
        found = _of_book(output.content)
    elif output.kind == ZIP:
        found = list(_of_archive(output.content))
    elif output.kind == CSV:
        found = [_of_csv(output.content, "csv")]
    elif output.kind == JSON:
        found = list(_of_json(json.loads(output.content)))
    else:
        found = []
    return [
        Shown(output, tidy(caption), *_parted([tuple(tidy(cell) for cell in row) for row in rows]))
        for caption, rows in found
    ]


def _parted(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    return (rows[0], tuple(rows[1:])) if rows else ((), ())


Table = tuple[str, list[list[str]]]


def _of_html(page: str) -> list[Table]:
    found = []
    for table in html5lib.parse(page, namespaceHTMLElements=False).iter("table"):
        caption = table.find("caption")
        rows = [
            ["".join(cell.itertext()) for cell in row if cell.tag in ("th", "td")] for row in table.iter("tr")
        ]
        found.append(("" if caption is None else "".join(caption.itertext()), rows))
    return found


def _of_book(content: bytes) -> list[Table]:
    """A report's sheet has its caption in the first cell and its table from the fourth row on."""
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        rows = [
            ["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)
        ]
        if sheet.title.startswith("Tabela ") and len(rows) > 3:
            found.append((rows[0][0], [_cut(row) for row in _until_empty(rows[3:])]))
        else:
            found.append((f"arkusz {sheet.title}", rows))
    return found


def _cut(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


def _until_empty(rows: list[list[str]]) -> Iterator[list[str]]:
    for row in rows:
        if not any(row):
            return
        yield row


def _of_archive(content: bytes) -> Iterator[Table]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                yield _of_csv(archive.read(name), name)


def _of_csv(content: bytes, name: str) -> Table:
    return name, list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def _of_json(document: Any) -> Iterator[Table]:
    """Each list of alike objects is a table, named by the way to it."""
    yield "json", [["json"], [json.dumps(document)]]
