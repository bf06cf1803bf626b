"""What of a browser a load needs: cookies, a cache for the visit, forms with what they already hold, a stopwatch.

Plain code over `requests`, which the service brings anyway, and no load tool. Locust (MIT, kept) would add fifteen
packages that nothing else here uses, three of them compiled (gevent, pyzmq, zope.interface), beside a web server of its
own on this service's Flask, and ties its users' Flask and pytest to its own bounds. What a visitor does, and that each
answer is accounted for, would be ours to write with it, too.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NoReturn
from urllib.parse import urljoin

import requests

PATIENCE_SECONDS = 70  # the proxy breaks off after 65
HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "pl-PL,pl;q=0.9",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": "Mozilla/5.0 (Linux; Android 14) diagnoza-lokalna-bench",
}
_ASSET = re.compile(r'<(?:link[^>]+rel="(?:stylesheet|preload)"[^>]+href|script[^>]+src)="(/static/[^"]+)"')


class UnexpectedError(Exception):
    """Another status, or another page, than a visitor has a right to."""


@dataclass(slots=True)
class Diary:
    """What everybody met; many threads write. `unexpected`: what should not have happened -> how often.

    `times`: kind of request -> milliseconds each took until its last byte. `bytes`: what came over the line.
    """

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    bytes: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    unexpected: Counter[str] = field(default_factory=Counter)
    keep_times: bool = True
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    def met(self, kind: str, milliseconds: float, size: int) -> None:
        with self._mutex:
            if self.keep_times:
                self.times[kind].append(milliseconds)
            self.ways[f"request: {kind}"] += 1
            self.bytes[kind] += size

    def went(self, way: str) -> None:
        with self._mutex:
            self.ways[way] += 1

    def fault(self, what: str) -> None:
        with self._mutex:
            self.unexpected[what] += 1


class Browser:
    """One visitor's. Every status but the one waited for is written down as a fault, and raised."""

    def __init__(self, base: str, diary: Diary) -> None:
        self.base, self.diary = base, diary
        self.session = requests.Session()
        self.session.headers.update(HEADERS)
        self.session.trust_env = False  # no proxy of the surroundings, and no look at its files
        self._cached: set[str] = set()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def open(self, kind: str, path: str, expected: int = 200) -> str:
        return self._ask(kind, "GET", path, expected).text

    def file(self, kind: str, path: str) -> bytes:
        return self._ask(kind, "GET", path, 200).content

    def visit(self, kind: str, path: str) -> str:
        """A page with what it names; a file that was fetched in this visit is not fetched again.

        No fonts: respondents' pages are set in the device's own (tests/e2e holds what a first visit loads).
        """
        page = self.open(kind, path)
        for asset in dict.fromkeys(_ASSET.findall(page)):
            if asset not in self._cached:
                self._cached.add(asset)
                self.open("a style sheet or script", asset)
        return page

    def send(self, kind: str, path: str, fields: Mapping[str, str], expected: int) -> requests.Response:
        """A form; where it leads to is not followed."""
        return self._ask(kind, "POST", path, expected, fields)

    def follow(self, kind: str, answer: requests.Response) -> str:
        return self.open(kind, urljoin(answer.url, answer.headers["Location"]).removeprefix(self.base))

    def _ask(
        self, kind: str, method: str, path: str, expected: int, fields: Mapping[str, str] | None = None
    ) -> requests.Response:
        started = time.perf_counter()
        try:
            answer = self.session.request(
                method, self.base + path, data=fields, timeout=PATIENCE_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            self._broken(kind, type(error).__name__)
        size = int(answer.headers.get("Content-Length") or len(answer.content))
        self.diary.met(kind, (time.perf_counter() - started) * 1000, size)
        if answer.status_code != expected:
            self._broken(kind, f"{answer.status_code} instead of {expected}")
        return answer

    def _broken(self, kind: str, what: str) -> NoReturn:
        self.diary.fault(f"{kind}: {what}")
        raise UnexpectedError(f"{kind}: {what}")


class Form(HTMLParser):
    """The page's form as it came: what its fields hold, its submit buttons, and where it goes.

    `fields`: what would be sent if nobody typed; `names`: every control, also an unchecked one.
    """

    def __init__(self, page: str, mark: str = 'method="post"') -> None:
        super().__init__(convert_charrefs=True)
        self.fields: dict[str, str] = {}
        self.names: set[str] = set()
        self.buttons: dict[str, str] = {}
        self.action = ""
        self._inside, self._text = False, ""
        if mark not in page:
            raise UnexpectedError("no form on the page")
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method") == "post":
            self._inside, self.action = True, told.get("action", "")
        name = told.get("name", "")
        if not self._inside or not name:
            return
        if tag == "button":
            self.buttons[name] = told.get("value", "")
        elif tag == "textarea":
            self._text = name
            self.fields[name] = ""
            self.names.add(name)
        elif tag == "input":
            self.names.add(name)
            if told.get("type") not in ("radio", "checkbox"):
                self.fields[name] = told.get("value", "")
            elif "checked" in told:
                self.fields[name] = told.get("value", "on")

    def handle_data(self, data: str) -> None:
        if self._text:
            self.fields[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields[self._text] = self.fields[self._text].removeprefix("\n")
            self._text = ""
        elif tag == "form":
            self._inside = False
