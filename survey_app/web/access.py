"""Who may use a route. Every view declares it with exactly one decorator of this module; a test lists them all.

A coordinator's view is handed the gmina (and the campaign) that the address names, already checked: no number
in an address leads to another gmina's things.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, cast

from flask import current_app
from flask_login import current_user

from survey_app.errors import ForbiddenError, NotFoundError
from survey_app.extensions import login_manager
from survey_app.services import accounts, campaigns, gminas
from survey_app.services.accounts import Person
from survey_app.services.context import Context

View = Callable[..., Any]


class Access(StrEnum):
    """The declared kinds of access."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    COORDINATOR_OF_GMINA = "coordinator of the gmina"
    COORDINATOR_OF_CAMPAIGN = "coordinator of the campaign's gmina"
    ADMINISTRATOR = "administrator"


def declared_access(view: View) -> Access | None:
    """What a view declares; None: nobody said, which is a fault."""
    return getattr(view, "access", None)


def public(view: View) -> View:
    """Anyone, without an account."""
    return _declare(view, Access.PUBLIC)


def signed_in(view: View) -> View:
    """Any person of the staff."""

    @wraps(view)
    def checked(**values: Any) -> Any:
        return view(**values) if current_user.is_authenticated else _ask_to_log_in()

    return _declare(checked, Access.SIGNED_IN)


def administrator(view: View) -> View:
    """The administrator of the service, who sees no gmina's answers or results (METHOD, "Who uses it")."""

    @wraps(view)
    def checked(**values: Any) -> Any:
        if not current_user.is_authenticated:
            return _ask_to_log_in()
        if not accounts.is_administrator(current_person()):
            raise ForbiddenError("Ta strona jest tylko dla administratora serwisu.")
        return view(**values)

    return _declare(checked, Access.ADMINISTRATOR)


def coordinator_of_gmina(view: View) -> View:
    """The gmina's own coordinator. The view takes `gmina` in place of the address's `gmina_code`."""

    @wraps(view)
    def checked(gmina_code: str, **values: Any) -> Any:
        if not current_user.is_authenticated:
            return _ask_to_log_in()
        _require_coordinator(gmina_code)
        return view(gmina=gminas.describe(current_context(), gmina_code), **values)

    return _declare(checked, Access.COORDINATOR_OF_GMINA)


def coordinator_of_campaign(view: View) -> View:
    """As above, for a campaign of that gmina. The view takes `gmina` and `campaign`."""

    @wraps(view)
    def checked(gmina_code: str, campaign_id: int, **values: Any) -> Any:
        if not current_user.is_authenticated:
            return _ask_to_log_in()
        _require_coordinator(gmina_code)
        campaign = campaigns.campaign(current_context(), campaign_id)
        if campaign.gmina_code != gmina_code:
            raise NotFoundError("W tej gminie nie ma takiej kampanii.")
        return view(gmina=gminas.describe(current_context(), gmina_code), campaign=campaign, **values)

    return _declare(checked, Access.COORDINATOR_OF_CAMPAIGN)


def current_context() -> Context:
    """The settings, the store and the clock of the running application."""
    return cast(Context, current_app.extensions["context"])


def current_person() -> Person:
    """The person who is logged in; only inside a view that asks for one."""
    return cast(Person, current_user.person)


def _require_coordinator(gmina_code: str) -> None:
    if not accounts.coordinates(current_person(), gmina_code):
        raise ForbiddenError("To konto nie prowadzi zespołu tej gminy.")


def _ask_to_log_in() -> Any:
    return login_manager.unauthorized()


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view
