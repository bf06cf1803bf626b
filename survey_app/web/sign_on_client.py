"""How the service talks to a log-in service of the office (OpenID Connect), through Authlib.

Authlib checks state, nonce, signature and expiry. It leaves to us: that the metadata are of the issuer that was
configured, for whom a token was made (`aud`), which algorithms are taken, and what of the metadata is believed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, current_app

from survey_app.config import SingleSignOn

NAME = "office"  # Authlib keeps what it has begun in the browser's session, under this name
SECONDS = 5  # how long an answer may be waited for
FRESH_SECONDS = 3600  # metadata and keys; a key that is not among them is asked for at once
CLOCKS_APART = 60
# Signed with a key that only the log-in service has; with HS256 its public key or our secret could sign.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
DISCOVERY = "/.well-known/openid-configuration"
LOCAL = ("localhost", "127.0.0.1", "::1")


class BadAnswerError(ValueError):
    """The log-in service answered something that cannot be believed. The text names no person."""


class _Session(OAuth2Session):  # type: ignore[misc]  # Authlib ships no types
    """Waits for a few seconds and follows no redirect: code and secret go to the address that was announced."""

    def request(self, method: str, url: str, **options: Any) -> Any:
        options.setdefault("timeout", SECONDS)
        options["allow_redirects"] = False
        return super().request(method, url, **options)


class SignOnClient(FlaskOAuth2App):  # type: ignore[misc]  # Authlib ships no types
    """The one log-in service. Asks it for its metadata when somebody first logs in, so it may be down before."""

    client_cls = _Session
    loaded_at: float | None = None

    def load_server_metadata(self) -> Mapping[str, Any]:
        """Only what is needed: Authlib would take settings of its own from whatever the other side says."""
        now = time.monotonic()
        if self.loaded_at is None or now - self.loaded_at > FRESH_SECONDS:
            with self._get_session() as session:
                answer = session.request("GET", self._server_metadata_url, withhold_token=True)
                answer.raise_for_status()
                self.server_metadata = _believed(answer.json(), self._server_metadata_url)
            self.loaded_at = now
        return cast(Mapping[str, Any], self.server_metadata)

    def claims(self) -> dict[str, Any]:
        """Of the ID token that the code in the current request stands for, with the e-mail address where the service
        tells it apart. Raises whatever is wrong, of many types.
        """
        issuer = self.load_server_metadata()["issuer"]
        wanted = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": self.client_id},
            "sub": {"essential": True},
        }
        token = self.authorize_access_token(claims_options=wanted, leeway=CLOCKS_APART)
        if "id_token" not in token:  # then what Authlib calls "userinfo" is what anybody wrote there
            raise BadAnswerError("no ID token")
        claims = dict(token["userinfo"])
        if "email" not in claims and "userinfo_endpoint" in self.server_metadata:
            told = self.userinfo(token=token)
            if told.get("sub") != claims["sub"]:
                raise BadAnswerError("userinfo of somebody else")
            claims |= {name: told.get(name) for name in ("email", "email_verified")}
        return claims


def tie(app: Flask, service: SingleSignOn) -> None:
    """Makes the client, without asking the log-in service anything."""
    registry = OAuth(app)
    registry.oauth2_client_cls = SignOnClient
    registry.register(
        NAME,
        client_id=service.client_id,
        client_secret=service.client_secret,
        server_metadata_url=service.issuer + DISCOVERY,
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
    )


def client() -> SignOnClient:
    """Of the running application, which `tie` was called for."""
    return cast(SignOnClient, current_app.extensions["authlib.integrations.flask_client"].create_client(NAME))


def _believed(metadata: object, asked: str) -> dict[str, Any]:
    """BadAnswerError: of another issuer, in the clear, or with no algorithm that may be taken."""
    configured = asked.removesuffix(DISCOVERY)
    if not isinstance(metadata, dict) or str(metadata.get("issuer", "")).rstrip("/") != configured:
        raise BadAnswerError("metadata of another issuer")
    found = {name: metadata.get(name) for name in (*ENDPOINTS, "userinfo_endpoint") if metadata.get(name)}
    if not all(name in found for name in ENDPOINTS):
        raise BadAnswerError("an endpoint is missing")
    if not all(_safe(address, configured) for address in found.values()):
        raise BadAnswerError("an endpoint without https")
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    algorithms = [name for name in ALGORITHMS if name in offered]
    if not algorithms:
        raise BadAnswerError("no algorithm that may be taken")
    believed = {**found, "issuer": metadata["issuer"], "id_token_signing_alg_values_supported": algorithms}
    ways = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if "client_secret_basic" not in ways:
        believed["token_endpoint_auth_method"] = "client_secret_post"  # noqa: S105  (the name of a way)
    return believed


def _safe(address: object, configured: str) -> bool:
    """https; or on this very machine, if the issuer is there, too."""
    parts, own = urlsplit(str(address)), urlsplit(configured)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == own.scheme == "http" and parts.hostname in LOCAL
