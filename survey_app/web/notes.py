"""Notatki z wywiadu: read over, mended, decided between two writings, and locked as a version; the protocol as PDF."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app import polish
from survey_app.errors import ConflictError, GoneError
from survey_app.forms.interview_texts import NO_LETTER, LockForm, NoteForm, RemoveNoteForm, SettleForm
from survey_app.forms.interviews import whole_number
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import (
    interview_protocol,
    interview_texts,
    interview_views,
    note_review,
    notes,
)
from survey_app.services.interviewing.interviews import HELD, Interview
from survey_app.services.interviewing.note_review import NoteView, Review
from survey_app.services.interviewing.notes import NoteDraft
from survey_app.web.access import current_context, current_person, keeper_of_interview
from survey_app.web.downloads import download
from survey_app.web.interview_frame import interview_page
from survey_app.web.panel_frame import accepted

blueprint = Blueprint(
    "notes", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wywiady/<int:interview_id>/notatki"
)

NAME = "Notatki"
KINDS = {"added": "dopisana", "changed": "zmieniona", "removed": "usunięta"}


@blueprint.get("")
@keeper_of_interview
def index(gmina: GminaDescription, interview: Interview) -> str:
    found = note_review.review(current_context(), gmina.code, interview.id)
    return interview_page(
        "panel/notes.html",
        gmina,
        interview,
        NAME,
        review=found,
        form=LockForm(data={"seen": found.sha256}),
        kinds=KINDS,
        held=interview.state == HELD,
        time_rows=_time_rows(found),
    )


@blueprint.get("/nowa")
@keeper_of_interview
def new(gmina: GminaDescription, interview: Interview) -> str:
    form = NoteForm(data={"question": request.args.get("pytanie", "")})
    return _form_page(gmina, interview, form, "Nowa notatka")


@blueprint.post("/nowa")
@keeper_of_interview
def add(gmina: GminaDescription, interview: Interview) -> Any:
    form, actor = NoteForm(request.form), current_person().id
    context, code = current_context(), gmina.code
    if not accepted(
        form, lambda: notes.add_or_change(context, code, interview.id, None, _draft(form), 0, actor)
    ):
        return _form_page(gmina, interview, form, "Nowa notatka", faults=True), 422
    flash("Notatka jest dopisana.", "success")
    return _to_notes(gmina, interview)


@blueprint.get("/<string(length=32):note_id>")
@keeper_of_interview
def edit(gmina: GminaDescription, interview: Interview, note_id: str) -> str:
    found = note_review.note_view(current_context(), gmina.code, interview.id, note_id)
    form = NoteForm(
        data={
            "revision": str(found.revision),
            "question": found.question,
            "letter": found.letter or NO_LETTER,
            "text": found.text,
            "quotation": found.quotation,
        }
    )
    return _form_page(gmina, interview, form, "Zmiana notatki", found)


@blueprint.post("/<string(length=32):note_id>")
@keeper_of_interview
def save(gmina: GminaDescription, interview: Interview, note_id: str) -> Any:
    """Refused where another page or device was faster: what was typed stays, what is kept stands beside it."""
    if not (note_id.isascii() and note_id.isalnum()):  # PostgreSQL balks at a NUL
        raise GoneError("Tej notatki nie ma w tym wywiadzie.")
    form, actor = NoteForm(request.form), current_person().id
    context, code = current_context(), gmina.code
    known = whole_number(form.revision.data)
    if not accepted(
        form, lambda: notes.add_or_change(context, code, interview.id, note_id, _draft(form), known, actor)
    ):
        try:
            found = note_review.note_view(context, gmina.code, interview.id, note_id)
        except GoneError:
            return _form_page(gmina, interview, form, "Zmiana notatki", faults=True, is_gone=True), 422
        return _form_page(gmina, interview, form, "Zmiana notatki", found, faults=True), 422
    flash("Zmiana notatki jest zapisana.", "success")
    return _to_notes(gmina, interview)


@blueprint.get("/<string(length=32):note_id>/usuniecie")
@keeper_of_interview
def removing(gmina: GminaDescription, interview: Interview, note_id: str) -> str:
    found = note_review.note_view(current_context(), gmina.code, interview.id, note_id)
    form = RemoveNoteForm(data={"revision": str(found.revision)})
    return interview_page(
        "panel/note_removing.html", gmina, interview, "Usunięcie notatki", note=found, form=form
    )


@blueprint.post("/<string(length=32):note_id>/usuniecie")
@keeper_of_interview
def remove(gmina: GminaDescription, interview: Interview, note_id: str) -> Any:
    form, context = RemoveNoteForm(request.form), current_context()
    note_review.note_view(context, gmina.code, interview.id, note_id)
    known = whole_number(form.revision.data)
    try:
        notes.remove(context, gmina.code, interview.id, note_id, known, current_person().id)
    except ConflictError as error:
        flash(error.message, "warning")
        return redirect(_address(gmina, interview, "notes.removing", note_id=note_id), 303)
    flash("Notatka jest usunięta.", "success")
    return _to_notes(gmina, interview)


@blueprint.get("/<string(length=32):note_id>/wersje")
@keeper_of_interview
def settling(gmina: GminaDescription, interview: Interview, note_id: str) -> Any:
    first, second = _pair(gmina, interview, note_id)
    if second is None:
        return _settled(gmina, interview)
    form = SettleForm(data={"known": _known(first, second), "text": first.text})
    return _settling_page(gmina, interview, form, first, second)


@blueprint.post("/<string(length=32):note_id>/wersje")
@keeper_of_interview
def settle(gmina: GminaDescription, interview: Interview, note_id: str) -> Any:
    """The first of the variants; where there are more, the page comes back with the next."""
    first, second = _pair(gmina, interview, note_id)
    if second is None:
        return _settled(gmina, interview)
    variant_id = second.id
    form, context, actor = SettleForm(request.form), current_context(), current_person().id
    if not accepted(
        form,
        lambda: notes.settle_variant(
            context,
            gmina.code,
            interview.id,
            variant_id,
            form.keep.data or "",
            actor,
            text=form.text.data or "",
            known=form.revisions or (0, 0),
        ),
    ):
        first, second = _pair(gmina, interview, note_id)
        if second is None:
            return _settled(gmina, interview)
        form.known.data = _known(first, second)
        return _settling_page(gmina, interview, form, first, second, faults=True), 422
    flash("Zapisano, która wersja notatki zostaje.", "success")
    return _to_notes(gmina, interview)


@blueprint.post("/zamkniecie")
@keeper_of_interview
def lock(gmina: GminaDescription, interview: Interview) -> Any:
    """As they were shown; of two who lock at once the second is told."""
    form = LockForm(request.form)
    try:
        made = interview_texts.lock_notes(
            current_context(), gmina.code, interview.id, form.seen.data or "", current_person().id
        )
    except ConflictError as error:
        flash(error.message, "warning")
    else:
        flash(f"Notatki są zamknięte jako wersja {made.number}.", "success")
    return _to_notes(gmina, interview)


@blueprint.get("/wersje/<int:number>")
@keeper_of_interview
def version(gmina: GminaDescription, interview: Interview, number: int) -> str:
    """A locked version, as it was read over then."""
    found = note_review.version_view(current_context(), gmina.code, interview.id, number)
    return interview_page("panel/notes_version.html", gmina, interview, f"Wersja {number}", version=found)


@blueprint.get("/wersje/<int:number>/protokol.pdf")
@keeper_of_interview
def protocol_pdf(gmina: GminaDescription, interview: Interview, number: int) -> Response:
    """0: of the notes as they are, not locked."""
    view = interview_views.view(current_context(), interview)
    content = interview_protocol.protocol_pdf(current_context(), gmina, view, number)
    name = f"protokol-{interview.form}-{interview.id}-{f'wersja-{number}' if number else 'robocze'}.pdf"
    return download(content, name)


# What pages are made of ----------------------------------------------------------------------------------------


def _draft(form: NoteForm) -> NoteDraft:
    letter = form.letter.data or NO_LETTER
    return NoteDraft(
        form.question.data or "",
        None if letter == NO_LETTER else letter,
        form.text.data or "",
        bool(form.quotation.data),
    )


def _form_page(
    gmina: GminaDescription,
    interview: Interview,
    form: NoteForm,
    here: str,
    found: NoteView | None = None,
    *,
    faults: bool = False,
    is_gone: bool = False,
) -> str:
    """Where another page was faster, both versions are shown, and the next try is made knowingly."""
    known = whole_number(form.revision.data)
    stale = found is not None and faults and known != found.revision
    if stale and found is not None:
        form.revision.data = str(found.revision)
    context = current_context()
    letters = note_review.review(context, gmina.code, interview.id).letters
    seats = {seat.letter: seat for seat in interview_views.view(context, interview).seats}
    offered = [letter for letter in seats if letter in letters or letter == form.letter.data]
    form.offer(
        note_review.questions_of(interview),
        ((letter, f"{letter}: {seats[letter].name}, {seats[letter].role}") for letter in offered),
    )
    return interview_page(
        "panel/note_form.html",
        gmina,
        interview,
        here,
        form=form,
        note=found,
        stale=stale,
        is_gone=is_gone,
        faults=faults,
        may_write=bool(letters),
    )


def _pair(gmina: GminaDescription, interview: Interview, note_id: str) -> tuple[NoteView, NoteView | None]:
    found = note_review.note_view(current_context(), gmina.code, interview.id, note_id)
    return found, found.variants[0] if found.variants else None


def _known(first: NoteView, second: NoteView) -> str:
    return f"{second.revision}-{first.revision}"


def _settling_page(
    gmina: GminaDescription,
    interview: Interview,
    form: SettleForm,
    first: NoteView,
    second: NoteView,
    *,
    faults: bool = False,
) -> str:
    return interview_page(
        "panel/note_settling.html",
        gmina,
        interview,
        "Dwie wersje notatki",
        form=form,
        first=first,
        second=second,
        faults=faults,
    )


def _settled(gmina: GminaDescription, interview: Interview) -> Any:
    flash("Ta notatka ma już tylko jedną wersję.", "success")
    return _to_notes(gmina, interview)


def _time_rows(found: Review) -> list[tuple[str, str, str]]:
    """Empty where no time was measured."""
    if not any(part.seconds for part in found.parts):
        return []
    return [
        (
            part.title,
            polish.counted(part.minutes, "minuta", "minuty", "minut") if part.minutes else "",
            note_review.minutes_words(part.seconds),
        )
        for part in found.parts
        if part.minutes or part.seconds
    ]


def _address(gmina: GminaDescription, interview: Interview, endpoint: str, **values: Any) -> str:
    return url_for(endpoint, gmina_code=gmina.code, interview_id=interview.id, **values)


def _to_notes(gmina: GminaDescription, interview: Interview) -> Any:
    return redirect(_address(gmina, interview, "notes.index"), 303)
