"""Walks the service as people do, link by link, and gathers every form; then sends each of them what nobody would.

A form is known by the route that takes it and by the names of its fields, so that a hundred alike count once.
"""

from __future__ import annotations

import io
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests import naughty

TOKEN = "csrf_token"
PAGES_OF_A_ROUTE = 3  # as many pages of one kind are looked at
# Files: there is no form in them, and some take long to make.
LEFT = {"static", "results.diagnoza_pdf", "kept_reports.published_file", "interview_results.report_pdf"}
TEXTUAL = {"text", "textarea", "search", "email", "tel", "url", "password", ""}


@dataclass(frozen=True, slots=True)
class Input:
    """One field. `kind`: an input's type, "textarea" or "select"; `value`: as the page has it."""

    name: str
    kind: str
    value: str
    sent: bool = True  # a browser would send it as the page is


@dataclass(slots=True)
class Form:
    page: str
    action: str
    endpoint: str
    inputs: list[Input] = field(default_factory=list)
    with_file: bool = False

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        return self.endpoint, tuple(sorted({one.name for one in self.inputs}))

    def filled(self) -> list[tuple[str, Any]]:
        return [(one.name, one.value) for one in self.inputs if one.sent and one.kind != "file"]


class PageReader(HTMLParser):
    """Links, forms and fields of one page; and whether anything on it is named as only a hostile text would."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[dict[str, str], list[Input]]] = []
        self.loose: list[tuple[str, Input]] = []
        self.unescaped: list[str] = []
        self._area: tuple[dict[str, str], list[str]] | None = None
        self._select: dict[str, str] | None = None
        self._options: list[tuple[str, bool]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == naughty.MARK or naughty.MARK in known:
            self.unescaped.append(self.get_starttag_text() or tag)
        if tag == "a" and known.get("href"):
            self.links.append(known["href"])
        elif tag == "form":
            self.forms.append((known, []))
            self._open = True
        elif tag == "textarea":
            self._area = (known, [])
        elif tag == "select":
            self._select, self._options = known, []
        elif tag == "option":
            self._options.append((known.get("value", ""), "selected" in known))
        elif tag in ("input", "button") and known.get("name"):
            kind = known.get("type", "" if tag == "input" else "submit")
            sent = ("checked" in known) if kind in ("checkbox", "radio") else kind not in ("submit", "file")
            self._add(known, Input(known["name"], kind, known.get("value", ""), sent))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "textarea" and self._area:
            known, words = self._area
            self._area = None
            if known.get("name"):
                self._add(known, Input(known["name"], "textarea", "".join(words).removeprefix("\n")))
        elif tag == "select" and self._select is not None:
            chosen = next((value for value, is_chosen in self._options if is_chosen), None)
            first = self._options[0][0] if self._options else ""
            known, self._select = self._select, None
            if known.get("name"):
                self._add(known, Input(known["name"], "select", first if chosen is None else chosen))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def _add(self, known: dict[str, str], one: Input) -> None:
        if known.get("form"):
            self.loose.append((known["form"], one))
        elif self._open:
            self.forms[-1][1].append(one)

    def posted(self) -> Iterator[tuple[dict[str, str], list[Input]]]:
        for known, inputs in self.forms:
            if known.get("method", "").lower() == "post":
                yield known, inputs + [one for owner, one in self.loose if owner == known.get("id")]


def read(html: str) -> PageReader:
    reader = PageReader()
    reader.feed(html)
    reader.close()
    return reader


@dataclass
class Walk:
    """What one person finds."""

    app: Flask
    client: FlaskClient
    forms: dict[tuple[str, tuple[str, ...]], Form] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def go(self, *starts: str) -> Walk:
        waiting, known = deque(starts), set(starts)
        while waiting:
            address = waiting.popleft()
            endpoint = self._endpoint(address, "GET")
            if not endpoint or endpoint in LEFT or self.seen[endpoint] >= PAGES_OF_A_ROUTE:
                continue
            self.seen[endpoint] += 1
            answer = self.client.get(address)
            assert answer.status_code < 500, address
            if answer.mimetype != "text/html" or answer.status_code != 200:
                continue
            page = read(answer.text)
            self._keep(address, page)
            for link in page.links:
                target = urljoin(address, link).partition("#")[0]
                if not urlsplit(target).netloc and target not in known:
                    known.add(target)
                    waiting.append(target)
        return self

    def _keep(self, address: str, page: PageReader) -> None:
        for known, inputs in page.posted():
            action = urljoin(address, known.get("action") or address)
            endpoint = self._endpoint(action, "POST")
            assert endpoint, f"{address}: a form to {action}, which takes no form"
            form = Form(address, action, endpoint, inputs, "multipart" in known.get("enctype", ""))
            self.forms.setdefault(form.key, form)

    def _endpoint(self, address: str, method: str) -> str:
        try:
            return str(self.app.url_map.bind("localhost").match(urlsplit(address).path, method)[0])
        except HTTPException:
            return ""


Body = list[tuple[str, Any]]


def file(text: str, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(text.encode("utf-8", "surrogatepass")), name


def bodies(form: Form, rounds: int, shift: int = 0) -> Iterator[tuple[str, Body]]:
    """(what is done, fields): hostile versions of the form, without its token. `rounds`: of each kind that has many."""
    plain = [(name, value) for name, value in form.filled() if name != TOKEN]
    inputs = [one for one in form.inputs if one.name != TOKEN]
    yield "as it is", plain
    yield "nothing", []
    for number in range(shift, shift + rounds):
        yield f"texts {number}", _with(form, plain, inputs, number, TEXTUAL)
    for number in range(shift, shift + rounds):
        yield f"everything {number}", _with(form, plain, inputs, number, None)
    yield (
        "doubled",
        [*plain, *((name, naughty.spread(shift, place)) for place, (name, _) in enumerate(plain))],
    )
    for number in range(min(rounds, len(plain)) or 1):
        place = (shift + number) % len(plain) if plain else 0
        yield f"without one {number}", plain[:place] + plain[place + 1 :]
    yield "files for texts", [(one.name, file("x\x00<nag>", naughty.spread(shift, n) or "a"))
                              for n, one in enumerate(inputs)]  # fmt: skip
    yield "texts for files", [(one.name, naughty.spread(shift, n)) for n, one in enumerate(inputs)]
    yield (
        "unknown fields",
        [*plain, *((f"nieznane-{n}", naughty.spread(shift, n)) for n in range(5)), ("", "x")],
    )


def _with(form: Form, plain: Body, inputs: list[Input], number: int, kinds: set[str] | None) -> Body:
    """The form with hostile texts in all fields of these kinds; None: in every one of them."""
    told, rest = [], Counter(name for name, _ in plain)
    for place, one in enumerate(inputs):
        if kinds is None or one.kind in kinds:
            if one.kind == "file":
                told.append(
                    (
                        one.name,
                        file(naughty.spread(number, place), f"{naughty.spread(number, place + 1)}.csv"),
                    )
                )
            else:
                told.append((one.name, naughty.spread(number, place)))
        elif one.sent and rest[one.name]:
            told.append((one.name, one.value))
    return told


def send(client: FlaskClient, form: Form, body: Body, token: str) -> TestResponse:
    """As a browser would send it: with files as multipart."""
    fields: MultiDict[str, Any] = MultiDict([(TOKEN, token), *_sendable(body)])
    has_file = form.with_file or any(not isinstance(value, str) for _, value in body)
    kind = "multipart/form-data" if has_file else "application/x-www-form-urlencoded"
    return client.post(form.action, data=fields, content_type=kind)


def _sendable(body: Body) -> Iterator[tuple[str, Any]]:
    """Lone surrogates are nothing that a form can carry; tests of what comes as JSON send them."""
    for name, value in body:
        if isinstance(value, str):
            yield name, _whole(value)
        else:
            yield name, (value[0], _whole(value[1]))


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
