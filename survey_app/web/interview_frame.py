"""What pages of one interview share: where they stand, and the ways from one to the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for

from survey_app import polish
from survey_app.errors import ForbiddenError, NotFoundError
from survey_app.services import accounts
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import interview_scenario, interview_views, interviews, readers
from survey_app.services.interviewing.interviews import Interview
from survey_app.web.access import Access, current_context, current_person, declared_access
from survey_app.web.panel_frame import Link, panel_page

# Words, endpoint: in the order of the work.
TABS = (
    ("Plan", "interviews.show"),
    ("Konsola", "console.show"),
    ("Osoby i zgody", "participants.index"),
    ("Notatki", "notes.index"),
    ("Transkrypcje", "transcripts.index"),
    ("Tematy", "passages.index"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    words: str
    address: str
    current: bool


def interview_page(
    template: str, gmina: GminaDescription, interview: Interview, here: str = "", **words: Any
) -> str:
    """A page of one interview. `here`: its name in the trail; "" for the interview's own first page."""
    first = tabs(gmina, interview)
    name = interviews.FORMS[interview.form]
    own = interview_address(gmina, interview.id) if _moderates(interview) else None
    crumbs: list[Link] = [(name, own if here else None)]
    if here:
        crumbs.append((here, None))
    view = interview_views.view(current_context(), interview)
    form_words = interview_scenario.FORM_WORDS[interview.form]
    form_and_day = f"{form_words[0].upper()}{form_words[1:]}, {polish.date(interview.starts_at)}"
    return interviews_page(
        template,
        gmina,
        crumbs,
        interview=interview,
        view=view,
        form_words=form_words,
        form_and_day=form_and_day,
        which=", ".join((form_and_day, *view.institutions)) if len(view.institutions) == 1 else form_and_day,
        tabs=first,
        **words,
    )


def interviews_page(template: str, gmina: GminaDescription, crumbs: list[Link], **words: Any) -> str:
    """A page under "Wywiady"."""
    first: Link = ("Wywiady", url_for("interviews.index", gmina_code=gmina.code))
    return panel_page(template, gmina=gmina, section="interviews", crumbs=[first, *crumbs], **words)


def interview_address(gmina: GminaDescription, interview_id: int) -> str:
    return url_for("interviews.show", gmina_code=gmina.code, interview_id=interview_id)


def tabs(gmina: GminaDescription, interview: Interview) -> tuple[Tab, ...]:
    """Of an interview's pages, those that the person may open."""
    blueprint = (request.endpoint or "").partition(".")[0]
    return tuple(
        Tab(
            words,
            url_for(endpoint, gmina_code=gmina.code, interview_id=interview.id),
            endpoint.partition(".")[0] == blueprint,
        )
        for words, endpoint in TABS
        if _may_open(endpoint, interview)
    )


def _may_open(endpoint: str, interview: Interview) -> bool:
    view = current_app.view_functions.get(endpoint)
    if view is None:
        return False
    context, person, access = current_context(), current_person(), declared_access(view)
    if access is Access.MODERATOR_OF_INTERVIEW:
        return _moderates(interview)
    require = readers.require_keeper if access is Access.KEEPER_OF_INTERVIEW else readers.require_reader
    try:
        require(context, person, interview)
    except (ForbiddenError, NotFoundError):
        return False
    return True


def _moderates(interview: Interview) -> bool:
    person = current_person()
    return accounts.coordinates(person, interview.gmina_code) or interviews.is_moderator_of(person, interview)
