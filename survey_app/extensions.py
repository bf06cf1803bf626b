"""Flask extensions, made once and tied to an application by `web/app.py`. None of them keeps an address."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import Flask, request
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

# New in every process, kept nowhere: what the limiter counts under cannot be turned back into an address.
_SALT = secrets.token_bytes(32)


def nameless(text: str) -> str:
    """A key that tells two callers apart in this process and says nothing about either."""
    return hmac.new(_SALT, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def caller() -> str:
    """Who is calling, as a nameless key."""
    return nameless("address:" + (request.remote_addr or ""))


csrf = CSRFProtect()
login_manager = LoginManager()
limiter = Limiter(key_func=caller, storage_uri="memory://", strategy="moving-window")


def tie_extensions(app: Flask) -> None:
    """Settings that the extensions read, then the extensions themselves."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # as long as the session, which ends on its own
    app.config.setdefault(
        "WTF_CSRF_SSL_STRICT", False
    )  # needs a referrer, which the service asks browsers not to send
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.session_protection = None  # it would keep a trace of the address in the session
    login_manager.login_view = "auth.log_in"
    login_manager.login_message = None
    login_manager.init_app(app)
