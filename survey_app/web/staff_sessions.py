"""Sessions are for the staff. A respondent's page neither reads one nor sets a cookie, whoever is logged in."""

from __future__ import annotations

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

RESPONDENT_PREFIX = "/a/"


def is_respondents(path: str) -> bool:
    """Whether the address belongs to a respondent: no session, no log line (METHOD, "Law": unjoinable logs)."""
    return path.startswith(RESPONDENT_PREFIX)


class StaffSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, except under /a/."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if is_respondents(request.path):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        from flask import request

        if not is_respondents(request.path):
            super().save_session(app, session, response)
