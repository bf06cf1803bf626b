"""A log-in service that tests can make misbehave, and a person's browser that goes there and comes back.

It answers by HTTP on a port of its own: metadata, keys, tokens. Its form is left out: a test reads what the service
under test asked for, and comes back with a code.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, request
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey
from werkzeug.test import TestResponse

from survey_app.config import SingleSignOn
from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests.e2e.browser import serving
from tests.integration.staff import Staff

CLIENT, SECRET, CODE = "diagnoza", "sekret-uslugi-ktorego-nikt-nie-zna", "kod-ktory-zdradza-wszystko"
SUBJECT = "5f0c-anna"
START, BACK = "/logowanie/usluga", "/logowanie/usluga/powrot"
KEYS = RSAKey.generate_key(2048, {"kid": "k1"}), RSAKey.generate_key(2048, {"kid": "k2"})


def signed(claims: dict[str, Any], key: RSAKey | OctKey = KEYS[0], **header: Any) -> str:
    import json

    head = {"alg": "RS256", "kid": "k1", **header}
    registry = jws.JWSRegistry(algorithms=[head["alg"]])
    return jws.serialize_compact(head, json.dumps(claims).encode(), key, registry=registry)


@dataclass
class Provider:
    """`claims` and `metadata` go over what is right; `token` makes the whole answer of the token endpoint."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] = signed
    token: Callable[[str], Any] = lambda id_token: {
        "access_token": "a",
        "token_type": "Bearer",
        "id_token": id_token,
    }
    userinfo: dict[str, Any] = field(default_factory=dict)
    keys: tuple[RSAKey, ...] = KEYS[:1]
    asked: dict[str, str] = field(default_factory=dict)  # what the authorization endpoint was asked for
    calls: list[str] = field(default_factory=list)

    def own_claims(self) -> dict[str, Any]:
        now = int(time.time())
        right = {
            "iss": self.issuer,
            "sub": SUBJECT,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked.get("nonce"),
            "email": "anna@example.org",
            "email_verified": True,
        }
        return {name: value for name, value in (right | self.claims).items() if value is not ...}

    def own_metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **self.metadata,
        }

    def answer_token(self) -> Any:
        """Only who holds secret, code and verifier gets a token."""
        sent, basic = request.form, request.authorization
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = (
            (basic is not None and (basic.username, basic.password) == (CLIENT, SECRET))
            and sent["code"] == CODE
            and sent["redirect_uri"] == self.asked["redirect_uri"]
            and (challenge, "S256") == (self.asked["code_challenge"], self.asked["code_challenge_method"])
        )
        if not right:
            return {"error": "invalid_grant", "error_description": CODE}, 400
        return self.token(self.sign(self.own_claims()))


def application(provider: Provider) -> Flask:
    app = Flask("provider")
    app.before_request(lambda: provider.calls.append(request.path))
    app.get("/.well-known/openid-configuration")(lambda: provider.own_metadata())
    app.get("/jwks", endpoint="jwks")(lambda: {"keys": [key.as_dict(private=False) for key in provider.keys]})
    app.post("/token", endpoint="token")(provider.answer_token)
    app.get("/userinfo", endpoint="userinfo")(lambda: provider.userinfo)
    return app


@contextmanager
def a_provider() -> Iterator[Provider]:
    provider = Provider()
    with serving(application(provider)) as address:
        provider.issuer = address
        yield provider


def app_with(context: Context, issuer: str, **settings: Any) -> Flask:
    """The service with that log-in service; it lies in `create_app` alone that nothing is asked of it yet."""
    service = SingleSignOn(issuer, CLIENT, SECRET, "Konto urzędu")
    changed = dataclasses.replace(context.settings, single_sign_on=service, **settings)
    app = create_app(context=dataclasses.replace(context, settings=changed))
    app.testing = True
    return app


def set_out(person: Staff, provider: Provider, address: str = START) -> dict[str, str]:
    """To the log-in service; what it was asked for."""
    response = person.client.get(address)
    assert response.status_code == 302, response.text
    assert response.location.startswith(f"{provider.issuer}/authorize?")
    provider.asked = dict(parse_qsl(urlsplit(response.location).query))
    return provider.asked


def come_back(person: Staff, provider: Provider, **changed: str) -> TestResponse:
    asked = {"code": CODE, "state": provider.asked["state"], **changed}
    return person.client.get(BACK, query_string={name: value for name, value in asked.items() if value})


def log_in_there(person: Staff, provider: Provider, address: str = START) -> TestResponse:
    set_out(person, provider, address)
    return come_back(person, provider)


@contextmanager
def other_house(**claims: Any) -> Iterator[str]:
    """oidc-provider-mock, with one person in it ("anna"): discovery, form, codes and tokens that are not ours.

    Its own use of Authlib is behind the times, and says so.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import oidc_provider_mock as mock

        with mock.run_server_in_thread(user_claims=[mock.User(sub="anna", claims=claims)]) as server:
            yield f"http://localhost:{server.server_port}"
