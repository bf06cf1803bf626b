"""Wywiady: the plan, what is still missing, and one interview. METHOD, "IDI and FGI"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for

from survey_app import polish
from survey_app.errors import InvalidInputError, NotFoundError
from survey_app.forms.interviews import (
    OUTSIDE,
    CancelForm,
    HeldForm,
    InterviewForm,
    RevisionForm,
    TypedSeat,
    read_seats,
    whole_number,
    with_free_rows,
)
from survey_app.services import accounts
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import (
    interview_files,
    interview_scenario,
    interview_views,
    interviews,
    moderators,
)
from survey_app.services.interviewing.interviews import LETTERS, ROLES, Interview, InterviewDraft, SeatDraft
from survey_app.services.register import catalogue
from survey_app.web.access import (
    coordinator_of_gmina,
    current_context,
    current_person,
    member_or_moderator,
    moderator_of_interview,
)
from survey_app.web.downloads import download, plain_name
from survey_app.web.interview_frame import interview_address, interview_page, interviews_page
from survey_app.web.panel_frame import accepted, panel_page

blueprint = Blueprint("interviews", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wywiady")

FREE_ROWS = {"idi": 1, "fgi": 8}  # of a new form
MORE_ROWS = {"idi": 1, "fgi": 2}


@blueprint.get("")
@member_or_moderator
def index(gmina: GminaDescription) -> str:
    """The team reads the plan and what is missing; who only moderates, what was given to them."""
    context, person = current_context(), current_person()
    coordinates = accounts.coordinates(person, gmina.code)
    member = accounts.is_member(person, gmina.code)
    found = (
        interview_views.views(context, gmina.code)
        if member
        else interview_views.views_of_moderator(context, gmina.code, person.id)
    )
    return panel_page(
        "panel/interviews.html",
        gmina=gmina,
        section="interviews",
        planned=[one for one in found if one.interview.state == interviews.PLANNED],
        past=[one for one in found if one.interview.state != interviews.PLANNED],
        opens={
            one.interview.id
            for one in found
            if coordinates or interviews.is_moderator_of(person, one.interview)
        },
        covered=interview_views.coverage(context, gmina.code) if member else [],
        heard_words=interview_views.heard_words,
        states=interviews.STATES,
        forms_of=interviews.FORMS,
        coordinates=coordinates,
        member=member,
        own=any(one.interview.moderator_id == person.id for one in found),
        scenarios=_scenarios(gmina),
    )


@blueprint.get("/nowy/<any(idi, fgi):form>")
@coordinator_of_gmina
def new(gmina: GminaDescription, form: str) -> str:
    limits = interview_scenario.current_limits(current_context(), form)
    title = interviews.last_project_title(current_context(), gmina.code)
    typed = _interview_form(gmina, data={"minutes": limits.minutes, "project_title": title})
    typed.starts_at.time_text = "10:00"
    return _form_page(gmina, form, typed, [], FREE_ROWS[form])


@blueprint.post("/nowy/<any(idi, fgi):form>")
@coordinator_of_gmina
def create(gmina: GminaDescription, form: str) -> Any:
    typed, seats = _interview_form(gmina, request.form), read_seats(LETTERS, request.form)
    if "wiecej" in request.form:
        return _form_page(gmina, form, typed, seats, len(seats) + MORE_ROWS[form])
    made: list[Interview] = []

    def plan() -> None:
        draft = _draft(typed, seats)
        made.append(interviews.plan(current_context(), gmina.code, form, draft, current_person().id))

    if not accepted(typed, lambda: _placing(typed, plan)):
        return _form_page(gmina, form, typed, seats, faults=True), 422
    flash("Wywiad jest w planie.", "success")
    return _to_interview(gmina, made[0].id)


@blueprint.get("/<int:interview_id>")
@moderator_of_interview
def show(gmina: GminaDescription, interview: Interview) -> str:
    return interview_page(
        "panel/interview.html",
        gmina,
        interview,
        states=interviews.STATES,
        coordinates=accounts.coordinates(current_person(), gmina.code),
        scenarios=_scenarios(gmina),
    )


@blueprint.get("/<int:interview_id>/zmiana")
@coordinator_of_gmina
def edit(gmina: GminaDescription, interview_id: int) -> str:
    found = interviews.interview(current_context(), gmina.code, interview_id)
    names = ("starts_at", "minutes", "place", "video_link", "note", "departure_reason", "project_title")
    data = {name: getattr(found, name) for name in names}
    data |= {"moderator_id": found.moderator_id or 0, "revision": str(found.revision)}
    seats = [
        TypedSeat(
            seat.letter, OUTSIDE if seat.stakeholder_id is None else str(seat.stakeholder_id), seat.role
        )
        for seat in found.seats
    ]
    return _form_page(gmina, found.form, _interview_form(gmina, data=data, of=found), seats, of=found)


@blueprint.post("/<int:interview_id>/zmiana")
@coordinator_of_gmina
def save(gmina: GminaDescription, interview_id: int) -> Any:
    """Refused where another window was faster: what was typed stays, what is kept stands beside it."""
    context = current_context()
    found = interviews.interview(context, gmina.code, interview_id)
    typed, seats = _interview_form(gmina, request.form, of=found), read_seats(LETTERS, request.form)
    if "wiecej" in request.form:
        return _form_page(gmina, found.form, typed, seats, len(seats) + MORE_ROWS[found.form], of=found)
    known = whole_number(typed.revision.data)

    def change() -> None:
        draft = _draft(typed, seats)
        interviews.change(context, gmina.code, interview_id, draft, known, current_person().id)

    if not accepted(typed, lambda: _placing(typed, change)):
        found = interviews.interview(context, gmina.code, interview_id)
        return _form_page(gmina, found.form, typed, seats, of=found, known=known, faults=True), 422
    flash("Zmiany są zapisane.", "success")
    return _to_interview(gmina, interview_id)


@blueprint.get("/<int:interview_id>/odwolanie")
@coordinator_of_gmina
def cancelling(gmina: GminaDescription, interview_id: int) -> str:
    found = interviews.interview(current_context(), gmina.code, interview_id)
    return interview_page(
        "panel/interview_cancelling.html", gmina, found, "Odwołanie", form=CancelForm(data=_revision(found))
    )


@blueprint.post("/<int:interview_id>/odwolanie")
@coordinator_of_gmina
def cancel(gmina: GminaDescription, interview_id: int) -> Any:
    context, form = current_context(), CancelForm(request.form)
    found = interviews.interview(context, gmina.code, interview_id)
    known = whole_number(form.revision.data)
    if not accepted(
        form,
        lambda: interviews.cancel(
            context, gmina.code, interview_id, form.reason.data, known, current_person().id
        ),
    ):
        return _refused("panel/interview_cancelling.html", gmina, found, "Odwołanie", form)
    flash("Wywiad jest odwołany. W kalendarzach zniknie po ponownym pobraniu pliku.", "success")
    return _to_interview(gmina, interview_id)


@blueprint.get("/<int:interview_id>/odbyl-sie")
@moderator_of_interview
def holding(gmina: GminaDescription, interview: Interview) -> str:
    day = min(interview.starts_at.astimezone(polish.WARSAW).date(), current_context().today())
    present = [seat.letter for seat in interview.seats]
    form = HeldForm(data={**_revision(interview), "held_on": day, "present": present})
    return _holding_page(gmina, interview, form)


@blueprint.post("/<int:interview_id>/odbyl-sie")
@moderator_of_interview
def hold(gmina: GminaDescription, interview: Interview) -> Any:
    """Without a console: only that it took place, which day, and who came."""
    context, form = current_context(), HeldForm(request.form)
    came = form.present.data or []
    if not accepted(
        form,
        lambda: interviews.hold(
            context,
            gmina.code,
            interview.id,
            form.held_on.data,
            {seat.letter for seat in interview.seats} - set(came),
            form.departure_reason.data,
            whole_number(form.revision.data),
            current_person().id,
        ),
    ):
        found = interviews.interview(context, gmina.code, interview.id)
        return _holding_page(gmina, found, form, faults=True), 422
    flash("Zapisano, że wywiad się odbył.", "success")
    return _to_interview(gmina, interview.id)


@blueprint.get("/<int:interview_id>/przywrocenie")
@coordinator_of_gmina
def restoring(gmina: GminaDescription, interview_id: int) -> str:
    found = interviews.interview(current_context(), gmina.code, interview_id)
    form = RevisionForm(data=_revision(found))
    return interview_page("panel/interview_restoring.html", gmina, found, "Przywrócenie do planu", form=form)


@blueprint.post("/<int:interview_id>/przywrocenie")
@coordinator_of_gmina
def restore(gmina: GminaDescription, interview_id: int) -> Any:
    context, form = current_context(), RevisionForm(request.form)
    found = interviews.interview(context, gmina.code, interview_id)
    known = whole_number(form.revision.data)
    if not accepted(
        form,
        lambda: interviews.restore(context, gmina.code, interview_id, known, current_person().id),
    ):
        return _refused("panel/interview_restoring.html", gmina, found, "Przywrócenie do planu", form)
    flash("Wywiad jest znowu w planie.", "success")
    return _to_interview(gmina, interview_id)


# Files ---------------------------------------------------------------------------------------------------------


@blueprint.get("/<int:interview_id>/wywiad.ics")
@moderator_of_interview
def one_calendar(gmina: GminaDescription, interview: Interview) -> Response:
    view = interview_views.view(current_context(), interview)
    return download(interview_files.calendar_file(gmina.name, [view]), f"wywiad-{interview.id}.ics")


@blueprint.get("/moje-wywiady.ics")
@member_or_moderator
def own_calendar(gmina: GminaDescription) -> Response:
    """All that was given to the person who asks."""
    return _calendar_of(gmina, current_person().id, "moje-wywiady.ics")


@blueprint.get("/moderatorzy/<int:person_id>/wywiady.ics")
@coordinator_of_gmina
def calendar_of_moderator(gmina: GminaDescription, person_id: int) -> Response:
    found = moderators.moderator(current_context(), gmina.code, person_id)
    return _calendar_of(gmina, person_id, f"wywiady-{plain_name(found.name)}.ics")


@blueprint.get("/wywiady.csv")
@coordinator_of_gmina
def plan_csv(gmina: GminaDescription) -> Response:
    found = interview_views.views(current_context(), gmina.code)
    return download(interview_files.plan_csv(found), f"wywiady-{plain_name(gmina.name)}.csv")


@blueprint.get("/wywiady.xlsx")
@coordinator_of_gmina
def plan_xlsx(gmina: GminaDescription) -> Response:
    context = current_context()
    found = interview_views.views(context, gmina.code)
    covered = interview_views.coverage(context, gmina.code)
    return download(interview_files.plan_xlsx(found, covered), f"wywiady-{plain_name(gmina.name)}.xlsx")


def _calendar_of(gmina: GminaDescription, person_id: int, name: str) -> Response:
    found = interview_views.views_of_moderator(current_context(), gmina.code, person_id)
    if not found:
        raise NotFoundError("W tej gminie nie ma wywiadów, które prowadzi ta osoba.")
    return download(interview_files.calendar_file(gmina.name, found), name)


# What pages are made of ----------------------------------------------------------------------------------------


def _interview_form(
    gmina: GminaDescription, typed: Any = None, data: Any = None, of: Interview | None = None
) -> InterviewForm:
    """Offers the team and the moderators; whom the interview names already stays in the list."""
    context = current_context()
    form = InterviewForm(typed, data=data)
    offered = [(person.id, person.name) for person in moderators.choices(context, gmina.code)]
    if of is not None and of.moderator_id is not None and of.moderator_id not in dict(offered):
        name = interview_views.view(context, of).moderator
        offered.append((of.moderator_id, f"{name} (nie jest już w zespole ani moderatorem)"))
    form.offer(offered)
    return form


def _draft(form: InterviewForm, seats: list[TypedSeat]) -> InterviewDraft:
    return InterviewDraft(
        starts_at=form.starts_at.moment,
        minutes=form.minutes.data,
        seats=tuple(
            SeatDraft(seat.letter, whole_number(seat.stakeholder) or None, seat.role)
            for seat in seats
            if seat.taken
        ),
        place=form.place.data,
        video_link=form.video_link.data,
        moderator_id=form.moderator_id.data or None,
        note=form.note.data,
        departure_reason=form.departure_reason.data,
        project_title=form.project_title.data,
    )


def _placing(form: InterviewForm, action: Callable[[], None]) -> None:
    """Faults of seats are put aside to stand in their rows; the others go the way of every form."""
    try:
        action()
    except InvalidInputError as error:
        form.seat_faults = [one for one in error.faults if one.where.startswith("rola-")]
        rest = [one for one in error.faults if one not in form.seat_faults]
        raise InvalidInputError(error.message, rest) from error


def _form_page(
    gmina: GminaDescription,
    form_name: str,
    form: InterviewForm,
    seats: list[TypedSeat],
    rows: int = 0,
    *,
    of: Interview | None = None,
    known: int | None = None,
    faults: bool = False,
) -> str:
    """`known`: the revision that the refused form knew; where it is an old one, both versions are shown."""
    context = current_context()
    entries = [(row.id, row.name) for row in catalogue.stakeholders(context, gmina.code)]
    view = interview_views.view(context, of) if of is not None else None
    if view is not None:
        named = {seat.stakeholder_id: seat.name for seat in view.seats if seat.stakeholder_id}
        entries += [(number, name) for number, name in named.items() if number not in dict(entries)]
    stale = of is not None and known is not None and known != of.revision
    if stale and of is not None:
        form.revision.data = str(of.revision)
    words = interview_scenario.FORM_WORDS[form_name]
    return interviews_page(
        "panel/interview_form.html",
        gmina,
        [(interviews.FORMS[form_name], interview_address(gmina, of.id)), ("Zmiana", None)]
        if of is not None
        else [(f"Nowy {words}", None)],
        form=form,
        form_words=words,
        seats=with_free_rows(LETTERS, seats, rows or FREE_ROWS[form_name]),
        most_seats=len(LETTERS),
        entries=[(OUTSIDE, interview_views.OUTSIDE), *entries],
        roles=list(ROLES.items()),
        limits=interview_scenario.limits_of(of.instrument_version)
        if of is not None
        else interview_scenario.current_limits(context, form_name),
        interview=of,
        view=view,
        stale=stale,
        moderators_url=url_for("moderators.index", gmina_code=gmina.code),
        faults=faults,
    )


def _holding_page(
    gmina: GminaDescription, interview: Interview, form: HeldForm, *, faults: bool = False
) -> str:
    view = interview_views.view(current_context(), interview)
    form.offer((seat.letter, f"{seat.letter}: {seat.name}, {seat.role}") for seat in view.seats)
    form.revision.data = str(interview.revision)
    return interview_page(
        "panel/interview_holding.html", gmina, interview, "Wywiad się odbył", form=form, faults=faults
    )


def _refused(template: str, gmina: GminaDescription, before: Interview, here: str, form: Any) -> Any:
    """With what is kept now, so that another try is made knowingly."""
    found = interviews.interview(current_context(), gmina.code, before.id)
    form.revision.data = str(found.revision)
    return interview_page(template, gmina, found, here, form=form, faults=True), 422


def _revision(found: Interview) -> dict[str, str]:
    return {"revision": str(found.revision)}


def _scenarios(gmina: GminaDescription) -> str | None:
    there = "scenarios.index" in current_app.view_functions
    return url_for("scenarios.index", gmina_code=gmina.code) if there else None


def _to_interview(gmina: GminaDescription, interview_id: int) -> Any:
    return redirect(interview_address(gmina, interview_id), 303)
