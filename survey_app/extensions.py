"""Flask extensions, made once and tied to an application by `web/app.py`. None of them keeps an address."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

from survey_app.web.shared_counts import SharedCounts

# New in every process, kept nowhere: what the limiter counts under cannot be turned back into an address.
_SALT = secrets.token_bytes(32)


def nameless(text: str) -> str:
    """A key that tells two callers apart in this process and says nothing about either."""
    return hmac.new(_SALT, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def caller() -> str:
    """Who is calling, as a nameless key."""
    return nameless("address:" + (request.remote_addr or ""))


def nameless_for_all(text: str) -> str:
    """As `nameless`, alike in all processes, and another each day: no list of old callers can be made to speak."""
    day = current_app.extensions["context"].today().isoformat()
    key = hashlib.sha256(f"{current_app.config['SECRET_KEY']}/{day}".encode()).digest()
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def caller_for_all() -> str:
    """Who is calling, as a nameless key that all processes share."""
    return nameless_for_all("address:" + (request.remote_addr or ""))


class ViewLimiter(Limiter):
    """Limits are declared by views, which check their own. Before each request of every page the library looks for
    limits that hold for all: there are none, and finding none took a quarter of the time of a respondent's page.
    What it does after a request stays: failed log-ins are counted there.
    """

    def init_app(self, app: Flask) -> None:
        before = list(app.before_request_funcs[None])
        super().init_app(app)
        app.before_request_funcs[None] = before


csrf = CSRFProtect()
login_manager = LoginManager()
limiter = ViewLimiter(key_func=caller, storage_uri="memory://", strategy="moving-window")
# Log-ins are counted in the store: several processes, one count.
log_in_limiter = ViewLimiter(key_func=caller_for_all, storage_uri=SharedCounts.URI, strategy="fixed-window")


def tie_extensions(app: Flask) -> None:
    """Settings that the extensions read, then the extensions themselves."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # as long as the session, which ends on its own
    app.config.setdefault(
        "WTF_CSRF_SSL_STRICT", False
    )  # needs a referrer, which the service asks browsers not to send
    csrf.init_app(app)
    limiter.init_app(app)
    log_in_limiter.init_app(app)
    login_manager.session_protection = None  # it would keep a trace of the address in the session
    login_manager.login_view = "auth.log_in"
    login_manager.login_message = None
    login_manager.init_app(app)
