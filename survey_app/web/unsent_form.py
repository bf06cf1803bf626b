"""What somebody typed while their session ended is handed back on a page, and sent again from there.

The page is the only place where it is: nothing of it is kept here, in a cookie or in a log.
"""

from __future__ import annotations

from flask import current_app, render_template, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from survey_app.web.access import current_person

PANEL = "/panel/"
SIGN_OF_OURS = "csrf_token"
PASSWORDS = frozenset({"password", "old", "new", "again", "code"})

Fields = list[tuple[str, str]]


def fields_to_send_again() -> Fields | None:
    """Names and values in the order in which the browser sent them; None where they must not stand on a page.

    A page of another site could otherwise make us ask, with a good token, for what it made up: only a browser that
    says that the form was our own is believed. Passwords and codes are typed again.
    """
    if request.method != "POST" or not request.path.startswith(PANEL):
        return None
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != SIGN_OF_OURS]
    typed = any(value.strip() for _, value in fields)
    return fields if typed and PASSWORDS.isdisjoint(request.form) else None


def page_of_form() -> str | None:
    """The address of the page that the form stands on, where it is the one that the form is sent to."""
    try:
        current_app.url_map.bind("").match(request.path, "GET")
    except HTTPException:
        return None
    return request.full_path.rstrip("?")


def hand_back(fields: Fields, status: int) -> tuple[str, int]:
    """The page with everything typed, and a button that sends it to where it was going."""
    page = render_template(
        "errors/unsent_form.html",
        fields=fields,
        files=[file.filename for file in request.files.values() if file.filename],
        address=request.full_path.rstrip("?"),
        person=current_person() if current_user.is_authenticated else None,
    )
    return page, status
