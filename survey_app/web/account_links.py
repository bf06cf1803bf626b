"""What a page says after somebody was given access: the link to hand over, or that they log in as before."""

from __future__ import annotations

from typing import Any

from survey_app.services import accounts
from survey_app.services.signing_in import links
from survey_app.web.access import current_context


def access_words(email: str, token: str) -> dict[str, Any]:
    """For `macros/access.html`; mails the link where it can. `token`: of a new link; "": the account is in use."""
    context = current_context()
    found = accounts.find_person(context, email) if token else None
    return {
        "email": accounts.normal_email(email),
        "link": links.address(context, token) if token else "",
        "until": links.expires_at(context),
        "mailed": found is not None and links.send(context, found, token),
    }
