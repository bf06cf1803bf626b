"""Posiedzenia: who is present at a meeting, its motions and votes; all resolutions of the gmina."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app import polish
from survey_app.errors import Fault, InvalidInputError, NotFoundError, SurveyError
from survey_app.forms.meetings import (
    COUNTED,
    NAMED,
    NO_VOTE,
    SEAT_CHOICES,
    VOTE,
    ChangeForm,
    CloseForm,
    CountedCloseForm,
    MotionForm,
    read_ids,
    read_votes,
)
from survey_app.services.gminas import GminaDescription
from survey_app.services.registers import meetings, votes
from survey_app.services.registers.definitions import register_definition
from survey_app.services.registers.entries import Owner
from survey_app.services.registers.meetings import Meeting
from survey_app.services.registers.quorum import CHOICES, Counts
from survey_app.web.access import current_context, current_person, member_of_gmina
from survey_app.web.downloads import download, plain_name
from survey_app.web.panel_frame import Link, accepted, page_of
from survey_app.web.paper_frame import by_place
from survey_app.web.register_frame import House, Tab, register_page

blueprint = Blueprint(
    "meetings", __name__, url_prefix="/panel/<string(length=6):gmina_code>/rejestry/posiedzenia"
)
REGISTER = "posiedzenia"
NAME, RESOLUTIONS = "Obecność i głosowania", "Uchwały i głosowania"
LENGTH = 50  # motions of one page
KINDS = {True: "imienne", False: "tylko liczby"}
ONE = "/<int:entry_id>/glosowania"
Closing = CloseForm | CountedCloseForm


@blueprint.get(ONE)
@member_of_gmina
def index(gmina: GminaDescription, entry_id: int) -> str:
    return _index_page(gmina, _find(gmina, entry_id))


@blueprint.post(f"{ONE}/miejsca")
@member_of_gmina
def list_seats(gmina: GminaDescription, entry_id: int) -> Any:
    """Opens the list of those present, or takes the present team into it."""
    try:
        came, gone = meetings.list_seats(current_context(), _owner(gmina), entry_id, current_person().id)
    except SurveyError as error:
        return _refused(gmina, entry_id, error)
    flash(f"Lista miejsc jest taka, jak zespół teraz: dodane miejsca: {came}, usunięte: {gone}.", "success")
    return _to(gmina, entry_id)


@blueprint.post(f"{ONE}/obecnosc")
@member_of_gmina
def attend(gmina: GminaDescription, entry_id: int) -> Any:
    seen, present = (read_ids(request.form.getlist(name)) for name in ("seen", "present"))
    try:
        found = meetings.record_attendance(
            current_context(), _owner(gmina), entry_id, seen, present, current_person().id
        )
    except SurveyError as error:
        return _refused(gmina, entry_id, error, present)
    flash(f"Obecność jest zapisana: {found.words}.", "success")
    return _to(gmina, entry_id)


@blueprint.get(f"{ONE}/nowy")
@member_of_gmina
def new_motion(gmina: GminaDescription, entry_id: int) -> str:
    return _new_page(gmina, _find(gmina, entry_id), MotionForm())


@blueprint.post(f"{ONE}/nowy")
@member_of_gmina
def put_motion(gmina: GminaDescription, entry_id: int) -> Any:
    form, made = MotionForm(request.form), []

    def put() -> None:
        named = form.kind.data == NAMED
        made.append(
            votes.put(current_context(), _owner(gmina), entry_id, form.text.data, named, current_person().id)
        )

    found = _find(gmina, entry_id)
    if not accepted(form, put):
        return _new_page(gmina, found, form), 422
    flash(f"Wniosek nr {made[0].number} jest poddany pod głosowanie.", "success")
    return _to(gmina, entry_id, made[0].number)


@blueprint.get(f"{ONE}/<int:number>")
@member_of_gmina
def motion(gmina: GminaDescription, entry_id: int, number: int) -> str:
    return _motion_page(gmina, _find(gmina, entry_id), number)


@blueprint.post(f"{ONE}/<int:number>/glosy")
@member_of_gmina
def cast(gmina: GminaDescription, entry_id: int, number: int) -> Any:
    given = read_votes(request.form)
    try:
        if not given:
            hint = "Zaznacz głos co najmniej jednego miejsca."
            raise InvalidInputError(
                "Głosy nie zostały zapisane.", [Fault("vote.none", "", "Nie wybrano żadnego głosu.", hint)]
            )
        new = votes.cast(current_context(), _owner(gmina), entry_id, number, given, current_person().id)
    except NotFoundError:
        raise
    except SurveyError as error:
        page = _motion_page(gmina, _find(gmina, entry_id), number, given=given, faults=_faults(error))
        return page, error.status
    said = f"Zapisano {polish.counted(new, 'głos', 'głosy', 'głosów')}."
    flash(said if new else "Te głosy były już zapisane.", "success" if new else "info")
    return _to(gmina, entry_id, number)


@blueprint.get(f"{ONE}/<int:number>/glosy/<int:seat_id>")
@member_of_gmina
def changing(gmina: GminaDescription, entry_id: int, number: int, seat_id: int) -> str:
    found = _find(gmina, entry_id)
    now = found.cast.get(found.motion(number).id, {}).get(seat_id, "")
    return _change_page(gmina, found, number, seat_id, ChangeForm(data={"was": now}))


@blueprint.post(f"{ONE}/<int:number>/glosy/<int:seat_id>")
@member_of_gmina
def change(gmina: GminaDescription, entry_id: int, number: int, seat_id: int) -> Any:
    form, found = ChangeForm(request.form), _find(gmina, entry_id)
    found.motion(number)
    found.seat(seat_id)

    def save() -> None:
        vote = "" if form.vote.data == NO_VOTE else form.vote.data
        person = current_person().id
        context, owner = current_context(), _owner(gmina)
        votes.change(context, owner, entry_id, number, seat_id, form.was.data, vote, person)

    if not accepted(form, save):
        found = _find(gmina, entry_id)
        form.was.data = found.cast.get(found.motion(number).id, {}).get(seat_id, "")
        return _change_page(gmina, found, number, seat_id, form), 422
    flash("Głos jest zmieniony.", "success")
    return _to(gmina, entry_id, number)


@blueprint.post(f"{ONE}/<int:number>/zamkniecie")
@member_of_gmina
def close(gmina: GminaDescription, entry_id: int, number: int) -> Any:
    found = _find(gmina, entry_id)
    form = _close_form(found, number, request.form)

    def settle() -> None:
        counted = None
        if isinstance(form, CountedCloseForm):
            counted = Counts(form.votes_for.data, form.against.data, form.abstained.data)
        context, owner = current_context(), _owner(gmina)
        votes.close(context, owner, entry_id, number, counted, form.note.data, current_person().id)

    if not accepted(form, settle):
        return _motion_page(gmina, _find(gmina, entry_id), number, form=form), 422
    flash(f"Głosowanie nr {number} jest zamknięte.", "success")
    return _to(gmina, entry_id, number)


@blueprint.get(f"{ONE}/<int:number>/wycofanie")
@member_of_gmina
def withdrawing(gmina: GminaDescription, entry_id: int, number: int) -> str:
    return _withdrawing_page(gmina, _find(gmina, entry_id), number)


@blueprint.post(f"{ONE}/<int:number>/wycofanie")
@member_of_gmina
def withdraw(gmina: GminaDescription, entry_id: int, number: int) -> Any:
    found = _find(gmina, entry_id)
    found.motion(number)
    try:
        votes.withdraw(current_context(), _owner(gmina), entry_id, number, current_person().id)
    except SurveyError as error:
        return _withdrawing_page(gmina, _find(gmina, entry_id), number, _faults(error)), error.status
    flash(f"Wniosek nr {number} jest wycofany.", "success")
    return _to(gmina, entry_id)


@blueprint.get("/uchwaly")
@member_of_gmina
def resolutions(gmina: GminaDescription) -> str:
    _none, total = votes.resolutions(current_context(), gmina.code, 0)
    number, pages = page_of(total, LENGTH)
    found, _total = votes.resolutions(current_context(), gmina.code, LENGTH, (number - 1) * LENGTH)
    register = register_definition(REGISTER).title
    return register_page(
        "panel/meeting_resolutions.html",
        House(gmina),
        [
            (register, url_for("registers.entries", gmina_code=gmina.code, key=REGISTER)),
            (RESOLUTIONS, None),
        ],
        found=found,
        total=total,
        kinds=KINDS,
        number=number,
        pages=pages,
        page_address=url_for("meetings.resolutions", gmina_code=gmina.code, strona="PAGE"),
    )


@blueprint.get("/uchwaly.csv")
@member_of_gmina
def resolutions_csv(gmina: GminaDescription) -> Response:
    content = votes.resolutions_csv(current_context(), gmina.code)
    return download(content, f"uchwaly-i-glosowania-{plain_name(gmina.name)}.csv")


# What pages are made of ----------------------------------------------------------------------------------------


def _owner(gmina: GminaDescription) -> Owner:
    return Owner(gmina_code=gmina.code)


def _find(gmina: GminaDescription, entry_id: int) -> Meeting:
    return meetings.meeting(current_context(), _owner(gmina), entry_id)


def _to(gmina: GminaDescription, entry_id: int, number: int | None = None) -> Any:
    """Back to the meeting, or to one of its motions."""
    values: dict[str, Any] = {"gmina_code": gmina.code, "entry_id": entry_id}
    if number is None:
        return redirect(url_for("meetings.index", **values), 303)
    return redirect(url_for("meetings.motion", number=number, **values), 303)


def _meeting_page(
    template: str, gmina: GminaDescription, found: Meeting, crumbs: Sequence[Link] = (), **words: Any
) -> str:
    values: dict[str, Any] = {"gmina_code": gmina.code, "entry_id": found.entry.id}
    entry_page, here = url_for("registers.show", **values), url_for("meetings.index", **values)
    own: list[Link] = [
        (found.definition.title, url_for("registers.entries", gmina_code=gmina.code, key=found.entry.key)),
        (found.entry.title, entry_page),
        (NAME, here if crumbs else None),
    ]
    return register_page(
        template,
        House(gmina),
        [*own, *crumbs],
        tabs=[
            Tab("Wpis", entry_page, False),
            Tab("Zmiana", url_for("registers.edit", **values), False),
            Tab(NAME, here, True),
        ],
        found=found,
        entry=found.entry,
        here=lambda name, **more: url_for(f"meetings.{name}", **values, **more),
        kinds=KINDS,
        choices=CHOICES,
        **words,
    )


def _index_page(
    gmina: GminaDescription,
    found: Meeting,
    faults: Sequence[Fault] = (),
    present: set[int] | None = None,
) -> str:
    here = {one.id for one in found.seats if one.present}
    return _meeting_page(
        "panel/meeting.html",
        gmina,
        found,
        faults=faults,
        errors=by_place(faults),
        seen=sorted(here),
        ticked=here if present is None else present,
        early=meetings.early_words(found) if found.early else "",
        called_off=meetings.CALLED_OFF if found.called_off else "",
        results=[votes.resolution(found, one) for one in found.motions],
        protocol=url_for("papers.new", gmina_code=gmina.code, key="protokol", wpis=found.entry.id),
    )


def _refused(
    gmina: GminaDescription, entry_id: int, error: SurveyError, present: set[int] | None = None
) -> Any:
    if isinstance(error, NotFoundError):
        raise error
    return _index_page(gmina, _find(gmina, entry_id), _faults(error), present), error.status


def _faults(error: SurveyError) -> list[Fault]:
    if isinstance(error, InvalidInputError) and error.faults:
        return error.faults
    return [Fault("meeting", "", error.message)]


def _new_page(gmina: GminaDescription, found: Meeting, form: MotionForm) -> str:
    return _meeting_page("panel/meeting_putting.html", gmina, found, [("Nowy wniosek", None)], form=form)


def _close_form(found: Meeting, number: int, typed: Any = None) -> Closing:
    return CloseForm(typed) if found.motion(number).named else CountedCloseForm(typed)


def _motion_page(
    gmina: GminaDescription,
    found: Meeting,
    number: int,
    *,
    given: dict[int, str] | None = None,
    faults: Sequence[Fault] = (),
    form: Closing | None = None,
) -> str:
    """`given`: votes that were chosen on the page and not kept; `form`: of the close, as it was sent."""
    asked = found.motion(number)
    cast = found.cast.get(asked.id, {})
    waiting = [one for one in found.seats if one.present and one.id not in cast]
    return _meeting_page(
        "panel/meeting_motion.html",
        gmina,
        found,
        [(f"Wniosek nr {number}", None)],
        motion=asked,
        result=votes.resolution(found, asked),
        waiting=waiting,
        voted=[(one, cast[one.id]) for one in found.seats if one.id in cast],
        seat_choices=SEAT_CHOICES,
        prefix=VOTE,
        given=given or {},
        faults=faults,
        errors=by_place(faults),
        form=form or _close_form(found, number),
        counted=COUNTED,
    )


def _change_page(gmina: GminaDescription, found: Meeting, number: int, seat_id: int, form: ChangeForm) -> str:
    """NotFoundError: no such motion by name, or no such seat."""
    asked, seat = found.motion(number), found.seat(seat_id)
    if not asked.named:
        raise NotFoundError(votes.BY_COUNTS)
    address = url_for("meetings.motion", gmina_code=gmina.code, entry_id=found.entry.id, number=number)
    return _meeting_page(
        "panel/meeting_vote.html",
        gmina,
        found,
        [(f"Wniosek nr {number}", address), ("Zmiana głosu", None)],
        motion=asked,
        seat=seat,
        now=found.cast[asked.id].get(seat_id, ""),
        form=form,
    )


def _withdrawing_page(
    gmina: GminaDescription, found: Meeting, number: int, faults: Sequence[Fault] = ()
) -> str:
    address = url_for("meetings.motion", gmina_code=gmina.code, entry_id=found.entry.id, number=number)
    crumbs: list[Link] = [(f"Wniosek nr {number}", address), ("Wycofanie", None)]
    asked = found.motion(number)
    return _meeting_page("panel/meeting_withdrawing.html", gmina, found, crumbs, motion=asked, faults=faults)
