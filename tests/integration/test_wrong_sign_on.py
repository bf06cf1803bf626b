"""What a log-in service that is wrong, down or slow may not do; and what the log may not say of any."""

from __future__ import annotations

import logging
import socket
import time
import warnings
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import OctKey

from survey_app.services.context import Context
from survey_app.web import sign_on_client
from tests.integration.staff import PASSWORD, Staff, people
from tests.page_police import police
from tests.sign_on_kit import (
    BACK,
    CLIENT,
    CODE,
    KEYS,
    SECRET,
    START,
    SUBJECT,
    Provider,
    app_with,
    come_back,
    log_in_there,
    set_out,
    signed,
)
from tests.stores import free_port

ANNA, JAN, ADMIN = "anna@example.org", "jan@example.org", "admin@example.org"
ISSUER = "https://login.gmina.example"


# A log-in service that is wrong


def refused(service: Flask, provider: Provider, status: int = 502) -> str:
    """The page; and nobody is logged in."""
    person = Staff(service.test_client())
    response = log_in_there(person, provider)
    assert response.status_code == status, response.location
    police(response.text)
    assert 'href="/logowanie' in response.text
    assert person.client.get("/panel").status_code == 302
    return str(response.text)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": ...},
        {"iss": "https://evil.example"},
        {"iss": ...},
        {"aud": "another"},
        {"aud": "another", "azp": CLIENT},
        {"aud": ["another"]},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"aud": ...},
        {"exp": -600},
        {"exp": ...},
        {"exp": "later"},
        {"iat": 6000},
        {"iat": ...},
        {"nbf": 6000},
        {"sub": ...},
        {"sub": ""},
        {"sub": 5},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_log_in(
    service: Flask, provider: Provider, claims: dict[str, Any]
) -> None:
    """A number is in seconds from now, except where it stands for a name."""
    moments = {
        name: time.time() + seconds
        for name, seconds in claims.items()
        if name in ("exp", "iat", "nbf") and isinstance(seconds, int)
    }
    provider.claims = claims | moments
    refused(service, provider)


def unsigned(claims: dict[str, Any]) -> str:
    _, body, _ = signed(claims).split(".")
    import base64
    import json

    none = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    return f"{none}.{body}."


def by_public_key(claims: dict[str, Any]) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # joserfc itself warns of this
        return signed(claims, OctKey.import_key(KEYS[0].as_pem(private=False)), alg="HS256")


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        by_public_key,
        lambda claims: signed(claims, OctKey.import_key(SECRET), alg="HS256"),
        lambda claims: signed(claims, KEYS[1]),
        lambda claims: signed(claims)[:-8] + "AAAAAAAA",
        lambda claims: signed(claims, KEYS[1], jwk=KEYS[1].as_dict(private=False)),
        lambda _: "no token",
        lambda _: 5,
        lambda _: None,
    ],
)
def test_a_token_that_the_log_in_service_did_not_sign(service: Flask, provider: Provider, sign: Any) -> None:
    provider.sign = sign
    refused(service, provider)


@pytest.mark.parametrize(
    "token",
    [
        lambda _: {
            "access_token": "a",
            "userinfo": {"iss": ISSUER, "sub": SUBJECT, "email": ANNA, "email_verified": True},
        },
        lambda _: [],
        lambda _: "<p>Przerwa techniczna</p>",
        lambda _: ("boom", 500),
        lambda _: ("", 302, {"Location": "https://evil.example/token"}),
        lambda _: ({"error": "invalid_client"}, 401),
    ],
)
def test_an_answer_that_is_no_token(service: Flask, provider: Provider, token: Any) -> None:
    provider.token = token
    refused(service, provider)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "http://evil.example/jwks"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
        {"id_token_signing_alg_values_supported": 5},
    ],
    ids=str,
)
def test_metadata_that_cannot_be_believed(
    service: Flask, provider: Provider, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    response = Staff(service.test_client()).client.get(START)
    assert response.status_code == 502
    police(response.text)


def test_metadata_change_no_setting_of_ours(service: Flask, provider: Provider) -> None:
    provider.metadata = {"code_challenge_method": None, "scope": "everything", "verify": False, "proxies": {}}
    asked = set_out(Staff(service.test_client()), provider)
    assert (asked["code_challenge_method"], asked["scope"]) == ("S256", "openid email")


def test_a_new_key_is_found_and_the_rest_is_asked_once(service: Flask, provider: Provider) -> None:
    for _ in range(2):
        assert log_in_there(Staff(service.test_client()), provider).location == "/panel"
    provider.keys, provider.sign = KEYS, lambda claims: signed(claims, KEYS[1], kid="k2")
    assert log_in_there(Staff(service.test_client()), provider).location == "/panel"
    assert provider.calls.count("/.well-known/openid-configuration") == 1
    assert provider.calls.count("/jwks") == 2


def test_metadata_are_asked_for_again_after_an_hour(
    service: Flask, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_out(Staff(service.test_client()), provider)
    monkeypatch.setattr(sign_on_client, "FRESH_SECONDS", -1)
    provider.metadata = {"issuer": "https://evil.example"}
    assert Staff(service.test_client()).client.get(START).status_code == 502


def test_a_secret_in_the_body_where_the_log_in_service_takes_no_other(
    service: Flask, provider: Provider
) -> None:
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert "powiadomić" in refused(service, provider), "this one wants it in the header, and says no"


# Lost, refused, down


@pytest.mark.parametrize("changed", [{"state": "another"}, {"state": ""}])
def test_an_answer_to_nothing_that_this_browser_began(
    service: Flask, provider: Provider, changed: dict[str, str]
) -> None:
    anna = Staff(service.test_client())
    set_out(anna, provider)
    response = come_back(anna, provider, **changed)
    assert response.status_code == 400
    police(response.text)
    assert come_back(Staff(service.test_client()), provider).status_code == 400, "another browser"
    assert come_back(anna, provider).location == "/panel"
    anna.get("/panel/konto")
    anna.send("/wyloguj")
    assert come_back(anna, provider).status_code == 400, "used"


@pytest.mark.parametrize("changed", [{"error": "access_denied", "code": ""}, {"error": "x" * 999}])
def test_a_refusal(
    service: Flask, provider: Provider, changed: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    anna = Staff(service.test_client())
    set_out(anna, provider, f"{START}?next=/panel/konto")
    response = come_back(anna, provider, **changed)
    assert response.status_code == 403
    police(response.text)
    assert "Prosimy spróbować jeszcze raz albo zalogować się hasłem." in response.text
    assert 'href="/logowanie?next=/panel/konto"' in response.text
    assert "xxx" not in caplog.text
    assert come_back(anna, provider).status_code == 400, "over"


def test_an_answer_without_a_code(service: Flask, provider: Provider) -> None:
    anna = Staff(service.test_client())
    set_out(anna, provider)
    assert come_back(anna, provider, code="").status_code == 400
    assert "/token" not in provider.calls


@pytest.mark.usefixtures("_no_proxy")
def test_a_log_in_service_that_is_down_keeps_nobody_from_the_password(sqlite_context: Context) -> None:
    people(sqlite_context)
    service = app_with(sqlite_context, f"http://127.0.0.1:{free_port()}")
    anna = Staff(service.test_client())
    response = anna.client.get(START)
    assert response.status_code == 503
    police(response.text)
    assert "nie odpowiada" in response.text
    assert anna.log_in(ANNA).location == "/panel"


@pytest.mark.usefixtures("_no_proxy")
def test_a_log_in_service_that_is_slow_is_not_waited_for(
    sqlite_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sign_on_client.SECONDS == 5
    monkeypatch.setattr(sign_on_client, "SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        service = app_with(sqlite_context, f"http://127.0.0.1:{silent.getsockname()[1]}")
        response = service.test_client().get(START)
    assert response.status_code == 503


def test_the_limit_holds(service: Flask, provider: Provider) -> None:
    anna = Staff(service.test_client())
    answers = [anna.client.get(BACK).status_code for _ in range(21)]
    assert answers == [400] * 20 + [429]
    set_out(anna, provider)
    response = come_back(anna, provider)
    assert response.status_code == 429
    police(response.text)


def test_no_log_line_names_a_code_a_token_a_secret_or_a_person(
    service: Flask, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    log_in_there(Staff(service.test_client()), provider)
    for claims in ({"email": "nikt@example.org"}, {"nonce": "another"}):
        provider.claims = {"sub": "other", **claims}
        log_in_there(Staff(service.test_client()), provider)
    provider.token = lambda _: ({"error": "invalid_grant", "error_description": f"{CODE} {ANNA}"}, 400)
    refused(service, provider)
    provider.token = lambda _: ({"error": f"{CODE}"}, 400)
    refused(service, provider)
    assert "invalid_grant" in caplog.text, "the operator has to know"
    for word in (CODE, SECRET, ANNA, "nikt@example.org", SUBJECT, provider.asked["state"]):
        assert word not in caplog.text
    assert PASSWORD not in caplog.text
