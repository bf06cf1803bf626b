"""Informacja dla uczestników: the notice of art. 13 RODO of one interview, to read, to complete and to print."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app.services import accounts
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import interview_notice
from survey_app.services.interviewing.interviews import Interview
from survey_app.web.access import current_context, current_person, moderator_of_interview
from survey_app.web.downloads import download
from survey_app.web.interview_frame import interview_page

blueprint = Blueprint(
    "interview_notice",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/wywiady/<int:interview_id>/informacja",
)
CHOICES = {"tak": True, "nie": False}


@blueprint.get("")
@moderator_of_interview
def show(gmina: GminaDescription, interview: Interview) -> str:
    return _page(gmina, interview)


@blueprint.post("")
@moderator_of_interview
def decide(gmina: GminaDescription, interview: Interview) -> Any:
    """Whether the talk will be recorded."""
    recorded = CHOICES.get(request.form.get("recorded", ""))
    if recorded is None:
        return _page(gmina, interview, "Prosimy zaznaczyć, czy rozmowa będzie nagrywana."), 422
    actor = current_person().id
    interview_notice.set_recorded(current_context(), gmina.code, interview.id, recorded, actor)
    flash("Zapisane. Informacja jest uzupełniona.", "success")
    return redirect(url_for("interview_notice.show", gmina_code=gmina.code, interview_id=interview.id), 303)


@blueprint.get("/informacja.pdf")
@moderator_of_interview
def as_pdf(gmina: GminaDescription, interview: Interview) -> Response:
    content = interview_notice.notice_pdf(current_context(), gmina, interview)
    return download(content, f"informacja-wywiad-{interview.id}.pdf")


def _page(gmina: GminaDescription, interview: Interview, fault: str = "") -> str:
    return interview_page(
        "panel/interview_notice.html",
        gmina,
        interview,
        "Informacja dla uczestników",
        notice=interview_notice.notice(current_context(), gmina, interview),
        coordinates=accounts.coordinates(current_person(), gmina.code),
        recorded={True: "tak", False: "nie", None: ""}[interview.recorded],
        fault=fault,
        faults=bool(fault),
    )
