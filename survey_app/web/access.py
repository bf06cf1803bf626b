"""Who may use a route. Every view declares it with exactly one decorator of this module; a test lists them all.

A team's view is handed the gmina (and the campaign, or the coding round) that the address names, already checked:
no number in an address leads to another gmina's things.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, cast

from flask import current_app, request
from flask_login import current_user

from survey_app.errors import ForbiddenError, NotFoundError
from survey_app.extensions import login_manager
from survey_app.services import accounts, gminas, team_people
from survey_app.services.accounts import Person
from survey_app.services.coding import coding_rounds
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews, readers
from survey_app.services.rollup import api_keys, regions
from survey_app.services.survey import campaigns
from survey_app.web.json_answers import json_answer

View = Callable[..., Any]


class Access(StrEnum):
    """The declared kinds of access."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    COORDINATOR_OF_GMINA = "coordinator of the gmina"
    COORDINATOR_OF_CAMPAIGN = "coordinator of the campaign's gmina"
    MEMBER_OF_GMINA = "member of the gmina's team"
    MEMBER_OF_ROUND = "member of the coding round's team"
    COORDINATOR_OF_ROUND = "coordinator of the coding round's gmina"
    RATER_OF_ROUND = "rater of the coding round"
    MEMBER_OR_MODERATOR = "member of the gmina's team, or moderator of interviews there"
    MODERATOR_OF_INTERVIEW = "moderator of the interview, or coordinator of its gmina"
    KEEPER_OF_INTERVIEW = "who writes and locks the notes of the interview"
    READER_OF_INTERVIEW = "who may read what was said in the interview"
    READER_OF_REGION = "reader of the region"
    KEY_HOLDER = "holder of an API key"
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
    """The coordinator of the campaign's gmina. The view takes `gmina` and `campaign`."""

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


def member_of_gmina(view: View) -> View:
    """Anyone of the gmina's team: a member, or its coordinator. The view takes `gmina`."""

    @wraps(view)
    def checked(gmina_code: str, **values: Any) -> Any:
        if not current_user.is_authenticated:
            return _ask_to_log_in()
        _require_member(gmina_code)
        return view(gmina=gminas.describe(current_context(), gmina_code), **values)

    return _declare(checked, Access.MEMBER_OF_GMINA)


def region_reader(view: View) -> View:
    """Who was appointed to read the region's roll-ups, or those of one that it lies in. The view takes `region`."""

    @wraps(view)
    def checked(region_code: str, **values: Any) -> Any:
        if not current_user.is_authenticated:
            return _ask_to_log_in()
        if not regions.may_read(current_person(), region_code):
            raise ForbiddenError("To konto nie czyta zestawień tego obszaru.")
        return view(region=regions.region(current_context(), region_code), **values)

    return _declare(checked, Access.READER_OF_REGION)


def key_holder(view: View) -> View:
    """Who sends a key that was issued and not revoked (`Authorization: Bearer`). The view takes the key's `region`."""

    @wraps(view)
    def checked(**values: Any) -> Any:
        code = api_keys.region_of(current_context(), bearer()) if bearer() else None
        if code is None:
            refused = json_answer(401, message="Potrzebny jest klucz: nagłówek Authorization: Bearer KLUCZ.")
            refused.headers["WWW-Authenticate"] = "Bearer"
            return refused
        return view(region=regions.region(current_context(), code), **values)

    return _declare(checked, Access.KEY_HOLDER)


def bearer() -> str:
    """The key that the request carries; empty without one."""
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


def api_region(own: regions.Region, code: str) -> regions.Region:
    """The region that is asked for, if a key to `own` opens it."""
    if not regions.covers(own.code, code):
        raise ForbiddenError(f"Ten klucz otwiera obszar {own.code} i to, co w nim leży.")
    return regions.region(current_context(), code)


def member_or_moderator(view: View) -> View:
    """Anyone of the gmina's team, or who moderates interviews there. The view takes `gmina`.

    A moderator who has no seat in the team sees the interviews that were given to them, and nothing else.
    """

    @wraps(view)
    def checked(gmina_code: str, **values: Any) -> Any:
        if not current_user.is_authenticated:
            return _ask_to_log_in()
        if not accounts.moderates(current_person(), gmina_code):
            _require_member(gmina_code)
        return view(gmina=gminas.describe(current_context(), gmina_code), **values)

    return _declare(checked, Access.MEMBER_OR_MODERATOR)


def moderator_of_interview(view: View) -> View:
    """Whom the interview was given to, or the gmina's coordinator. The view takes `gmina` and `interview`."""

    @wraps(view)
    def checked(gmina_code: str, interview_id: int, **values: Any) -> Any:
        if not current_user.is_authenticated:
            return _ask_to_log_in()
        interview = _interview_of_moderator(gmina_code, interview_id)
        return view(gmina=gminas.describe(current_context(), gmina_code), interview=interview, **values)

    return _declare(checked, Access.MODERATOR_OF_INTERVIEW)


def keeper_of_interview(view: View) -> View:
    """Whom the interview was given to, or the gmina's coordinator, for what was said there.

    Not a coordinator who represents an institution whose people speak there. The view takes `gmina` and `interview`.
    """

    @wraps(view)
    def checked(gmina_code: str, interview_id: int, **values: Any) -> Any:
        if not current_user.is_authenticated:
            return _ask_to_log_in()
        context = current_context()
        interview = _interview_of_moderator(gmina_code, interview_id)
        readers.require_keeper(context, current_person(), interview)
        return view(gmina=gminas.describe(context, gmina_code), interview=interview, **values)

    return _declare(checked, Access.KEEPER_OF_INTERVIEW)


def reader_of_interview(view: View) -> View:
    """A keeper, or a coder whom the interview was given to. The view takes `gmina` and `interview`."""

    @wraps(view)
    def checked(gmina_code: str, interview_id: int, **values: Any) -> Any:
        if not current_user.is_authenticated:
            return _ask_to_log_in()
        context, person = current_context(), current_person()
        if not accounts.moderates(person, gmina_code):
            _require_member(gmina_code)
        interview = interviews.interview(context, gmina_code, interview_id)
        readers.require_reader(context, person, interview)
        return view(gmina=gminas.describe(context, gmina_code), interview=interview, **values)

    return _declare(checked, Access.READER_OF_INTERVIEW)


def _interview_of_moderator(gmina_code: str, interview_id: int) -> interviews.Interview:
    context, person = current_context(), current_person()
    coordinates = accounts.coordinates(person, gmina_code)
    if not coordinates and not accounts.moderates(person, gmina_code):
        raise ForbiddenError("To konto nie prowadzi wywiadów w tej gminie.")
    interview = interviews.interview(context, gmina_code, interview_id)
    if not coordinates and not interviews.is_moderator_of(person, interview):
        raise NotFoundError("Nie prowadzą Państwo takiego wywiadu w tej gminie.")
    return interview


def member_of_round(view: View) -> View:
    """Anyone of the team of the round's gmina. The view takes `gmina` and `coding_round`."""
    return _of_round(view, Access.MEMBER_OF_ROUND, _require_member)


def coordinator_of_round(view: View) -> View:
    """The coordinator of the round's gmina. The view takes `gmina` and `coding_round`."""
    return _of_round(view, Access.COORDINATOR_OF_ROUND, _require_coordinator)


def rater_of_round(view: View) -> View:
    """Who has a seat in the round and has not left it. The view takes `gmina` and `coding_round`."""
    return _of_round(view, Access.RATER_OF_ROUND, _require_member, seat=True)


def _of_round(view: View, access: Access, require: Callable[[str], None], *, seat: bool = False) -> View:
    @wraps(view)
    def checked(gmina_code: str, round_id: int, **values: Any) -> Any:
        if not current_user.is_authenticated:
            return _ask_to_log_in()
        require(gmina_code)
        context = current_context()
        coding_round = coding_rounds.coding_round(context, gmina_code, round_id)
        if seat and not team_people.holds_seat(context, coding_round, current_person().id):
            raise ForbiddenError("To konto nie ma miejsca w tej turze kodowania, więc w niej nie ocenia.")
        return view(gmina=gminas.describe(context, gmina_code), coding_round=coding_round, **values)

    return _declare(checked, access)


def current_context() -> Context:
    """The settings, the store and the clock of the running application."""
    return cast(Context, current_app.extensions["context"])


def current_person() -> Person:
    """The person who is logged in; only inside a view that asks for one."""
    return cast(Person, current_user.person)


def _require_coordinator(gmina_code: str) -> None:
    if not accounts.coordinates(current_person(), gmina_code):
        raise ForbiddenError("To konto nie prowadzi zespołu tej gminy.")


def _require_member(gmina_code: str) -> None:
    if not accounts.is_member(current_person(), gmina_code):
        raise ForbiddenError("To konto nie należy do zespołu tej gminy.")


def _ask_to_log_in() -> Any:
    return login_manager.unauthorized()


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view
