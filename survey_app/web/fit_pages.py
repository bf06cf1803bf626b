"""Signs that no HTML page may hold (control characters, code points that stand for nothing) become a visible mark.

A refused form carries back what was typed, whatever it was; a browser would drop such a sign, or the page with it.
"""

from __future__ import annotations

import re

from flask import Flask, Response

from survey_app.forms.typed_text import MARK

# In UTF-8: C0 but tab, line feed, form feed and carriage return; DEL; C1; U+FDD0-FDEF; the last two of every plane.
_UNFIT = re.compile(
    rb"[\x00-\x08\x0b\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xef\xb7[\x90-\xaf]|\xef\xbf[\xbe\xbf]"
    rb"|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]"
)


class FitPage(Response):
    """One whose maker saw to it: the form is looked through once when it is made, not each time it is sent."""


def fit(page: bytes) -> bytes:
    """With a mark in place of every such sign. UTF-8."""
    return _UNFIT.sub(MARK.encode(), page)


def keep_pages_fit(app: Flask) -> None:
    """Holds for every page, whichever view made it."""
    app.after_request(_mark_unfit)


def _mark_unfit(response: Response) -> Response:
    if isinstance(response, FitPage):
        return response
    if response.mimetype == "text/html" and not response.direct_passthrough:
        found, count = _UNFIT.subn(MARK.encode(), response.get_data())
        if count:
            response.set_data(found)
    return response
