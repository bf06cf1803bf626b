"""Requests that no page sends: floods of fields, forged tokens; and what answers and logs must never hold."""

from __future__ import annotations

import logging
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from survey_app.extensions import limiter
from survey_app.services.context import Context
from survey_app.web.app import POLICY, create_app
from survey_app.web.body_size import MOST_FIELDS
from tests import hostile_world as world
from tests.campaign_kit import GMINA
from tests.form_walker import LEFT, Walk
from tests.page_police import police

MEBIBYTE = 2**20
FORM = "application/x-www-form-urlencoded"
SCRIPTS = {"console_files.module", "console_files.worker", "health.live", "health.ready", "metrics.show"}
PAGES = {"text/html", "application/json"}
ARGUMENTS = {"gmina_code": GMINA, "code": GMINA, "form": "idi", "note_id": "0" * 32, "letter": "A"}
OWN_INLINE = {"emblem.picture", "opening.qr_svg", "opening.qr_png"}  # pictures that the service drew itself


@pytest.fixture
def addresses(sqlite_context: Context) -> dict[str, str]:
    return dict(world.build(sqlite_context))


@pytest.fixture
def service(sqlite_context: Context, addresses: dict[str, str]) -> Iterator[Flask]:
    """As in production: secure cookies, and an error that nobody thought of is a page."""
    assert addresses
    settings = replace(sqlite_context.settings, secure_cookies=True)
    app = create_app(context=Context(settings, sqlite_context.database, sqlite_context.clock))
    limiter.enabled = False
    yield app
    limiter.enabled = True


def client_of(service: Flask, email: str) -> tuple[FlaskClient, str]:
    service.config["SERVER_NAME"] = None
    service.config["PREFERRED_URL_SCHEME"] = "https"
    return world.client_of(service, email, "https://localhost")


@pytest.mark.parametrize("field", [b"a=1&", b"&", b"a&", b"%00&"])
@pytest.mark.parametrize("where", ["/logowanie", f"/panel/{GMINA}/katalog/nowy", "respondent"])
def test_a_million_fields_are_refused_at_once_in_little_memory(
    service: Flask, addresses: dict[str, str], where: str, field: bytes
) -> None:
    client = service.test_client()
    address = addresses["invited"] if where == "respondent" else where
    whole, fitting = field * 1_000_000, field * (250_000 // len(field))
    client.post(address, data=b"a=1", content_type=FORM)  # what is made once is not this request's
    for body in (whole, fitting):
        tracemalloc.start()
        answer = client.post(address, data=body, content_type=FORM)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert answer.status_code in (400, 413)
        police(answer.text)
        assert most < 3 * len(body) + 10 * MEBIBYTE


def test_as_many_fields_as_the_largest_form_has_are_read(service: Flask) -> None:
    client = service.test_client()
    answer = client.post("/logowanie", data=b"a=1&" * (MOST_FIELDS - 1) + b"b=1", content_type=FORM)
    assert answer.status_code != 413


def address_of(service: Flask, rule: Rule) -> str:
    """Of whatever there may be or not: the token is looked at first."""
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        any_of = sorted(converter.items) if isinstance(converter, AnyConverter) else None
        values[name] = any_of[0] if any_of else ARGUMENTS.get(name, 1)
    return service.url_map.bind("localhost").build(rule.endpoint, values)


def test_every_form_of_the_staff_needs_its_token(service: Flask) -> None:
    """And the token of another session is none."""
    _, foreign = client_of(service, world.MEMBER)
    client, own = client_of(service, world.COORDINATOR)
    tried = 0
    for rule in service.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and not rule.endpoint.startswith("respondent."):
            address = address_of(service, rule)
            for token in ("", foreign, own[:-1] + "x"):
                answer = client.post(address, data={"csrf_token": token}, base_url="https://localhost",
                                     headers={"Referer": "https://localhost/"})  # fmt: skip
                assert answer.status_code in (400, 403), (rule.endpoint, answer.status_code)
                tried += 1
    assert tried > 300


def test_every_answer_has_its_headers_and_no_file_opens_in_our_name(
    service: Flask, addresses: dict[str, str], sqlite_context: Context
) -> None:
    """Walks on plain addresses: what is at stake are answers, not cookies."""
    plain = create_app(context=sqlite_context)
    limiter.enabled = False
    seen, faults = 0, []

    def check(response: object) -> object:
        nonlocal seen
        seen += 1
        told = response.headers  # type: ignore[attr-defined]
        kind = response.mimetype  # type: ignore[attr-defined]
        policy = told.get("Content-Security-Policy", "")
        if policy not in (POLICY, "default-src 'none'; sandbox") or "unsafe" in policy:
            faults.append(f"{request.path}: policy {policy!r}")
        if told.get("X-Content-Type-Options") != "nosniff" or told.get("Referrer-Policy") != "no-referrer":
            faults.append(f"{request.path}: headers")
        free = OWN_INLINE | SCRIPTS | {"static"}
        is_file = response.status_code == 200 and kind not in PAGES  # type: ignore[attr-defined]
        saved = told.get("Content-Disposition", "").startswith("attachment")
        if is_file and not saved and request.endpoint not in free:
            faults.append(f"{request.path}: a file that is not to be saved")
        return response

    plain.after_request_funcs.setdefault(None, []).insert(0, check)  # runs last
    for email in world.PEOPLE:
        client, _ = world.client_of(plain, email)
        Walk(plain, client).go(*world.STARTS, *addresses.values(), "/", "/prywatnosc", "/healthz")
    assert faults == []
    assert seen > 300
    assert LEFT


def test_cookies_are_for_the_panel_alone_and_no_script_reads_them(
    service: Flask, addresses: dict[str, str]
) -> None:
    client = service.test_client()
    cookie = client.get("/logowanie", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-panel=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    for address in addresses.values():
        assert "Set-Cookie" not in client.get(address, base_url="https://localhost").headers


def test_no_log_holds_a_secret(
    service: Flask,
    addresses: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Requests that fail: wrong passwords, forged cookies, wrong codes, and a fault inside every kind of view."""
    from survey_app.services import accounts
    from survey_app.services.rollup import regions
    from survey_app.services.survey import take_survey

    client, token = client_of(service, world.COORDINATOR)
    cookie = client.get_cookie("__Host-panel")
    assert cookie is not None
    code = addresses["invited"].rpartition("/")[2]

    def broken(*_parts: object, **_names: object) -> None:
        raise RuntimeError("planted")

    with caplog.at_level(logging.DEBUG):
        for seam in (
            (accounts, "log_in"),
            (take_survey, "find_survey"),
            (regions, "region"),
            (accounts, "coordinates"),
        ):
            monkeypatch.setattr(*seam, broken)
        sent = {"email": "ktos@example.org", "password": "bardzo-tajne-haslo", "csrf_token": token}
        options = {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/"}}
        statuses = [
            client.post("/logowanie", data=sent, **options).status_code,
            client.get(f"/panel/{GMINA}/katalog", **options).status_code,
            client.get(addresses["invited"]).status_code,
            client.post(addresses["invited"], data={"p10": "Słowa o kimś"}).status_code,
            client.post(f"{addresses['codes']}/kod", data={"kod": code}).status_code,
            client.get("/api/v1/region", headers={"Authorization": "Bearer dl_tajnyklucz"}).status_code,
        ]
    assert statuses.count(500) >= 4
    assert "planted" in caplog.text or "RuntimeError" in caplog.text
    secrets = ("bardzo-tajne-haslo", token, cookie.value, code, "Słowa o kimś", "dl_tajnyklucz")
    for secret in (*secrets, str(service.config["SECRET_KEY"]), "127.0.0.1"):
        assert secret not in caplog.text
