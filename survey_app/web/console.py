"""The console of an interview: an empty page that a browser may keep, and the two doors that its script knocks at."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_wtf.csrf import generate_csrf

from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import console, console_message, console_sync
from survey_app.services.interviewing.interviews import Interview
from survey_app.web.access import current_context, current_person, keeper_of_interview
from survey_app.web.body_size import takes_up_to
from survey_app.web.json_answers import json_answer, speaks_json

blueprint = Blueprint(
    "console", __name__, url_prefix="/panel/<gmina_code>/wywiady/<int:interview_id>/konsola"
)

LARGEST_BODY = 1024 * 1024
LARGEST_READ = 8 * LARGEST_BODY  # read to its end, so that the answer arrives instead of a broken connection
PAGES = {"interview": "interviews.show", "notes": "notes.index", "participants": "participants.index"}
NOT_JSON = "Serwis przyjmuje tu tylko zmiany z konsoli (JSON). Niczego nie zapisano."
TOO_LARGE = (
    "Urządzenie wysłało naraz więcej niż 1 MB. Niczego nie zapisano; wszystko jest nadal na urządzeniu."
)
SOMEBODY_ELSE = (
    "Na tym urządzeniu jest teraz zalogowana inna osoba. "
    "Notatki czekają, aż zaloguje się osoba, która je pisała."
)


@blueprint.get("")
@keeper_of_interview
def show(gmina: GminaDescription, interview: Interview) -> str:
    """The same for everybody and for every interview but for addresses: it stays on the device."""
    place: dict[str, Any] = {"gmina_code": gmina.code, "interview_id": interview.id}
    return render_template(
        "panel/console.html",
        interview_id=interview.id,
        show_url=url_for("console.show", **place),
        state_url=url_for("console.state", **place),
        changes_url=url_for("console.sync", **place),
        interview_url=url_for("interviews.show", **place),
    )


@blueprint.get("/stan")
@keeper_of_interview
@speaks_json
def state(gmina: GminaDescription, interview: Interview) -> Response:
    return json_answer(
        200,
        person=current_person().id,
        csrf=generate_csrf(),
        addresses=_addresses(gmina, interview),
        **console.state(current_context(), interview, gmina.name),
    )


@blueprint.post("/zmiany")
@keeper_of_interview
@takes_up_to(LARGEST_READ)
@speaks_json
def sync(gmina: GminaDescription, interview: Interview) -> Any:
    """One answer for each change, in their order. `person`, if sent: whose notes they are."""
    context, person = current_context(), current_person()
    if request.mimetype != "application/json":
        return json_answer(415, message=NOT_JSON)
    body = request.get_data(cache=False)
    if len(body) > LARGEST_BODY:
        return json_answer(413, message=TOO_LARGE)
    message = console_message.read_message(body)
    if message.person is not None and message.person != person.id:
        return json_answer(403, message=SOMEBODY_ELSE, person=person.id)
    results = console_sync.apply(context, gmina.code, interview.id, message, person.id)
    now = console.milliseconds(context.clock())
    return json_answer(200, now=now, results=[result.words() for result in results])


def _addresses(gmina: GminaDescription, interview: Interview) -> dict[str, str]:
    place: dict[str, Any] = {"gmina_code": gmina.code, "interview_id": interview.id}
    return {name: url_for(endpoint, **place) for name, endpoint in PAGES.items()}
