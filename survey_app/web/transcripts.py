"""Transkrypcje wywiadu: read from a file or a pasted text, given letters, kept apart from notes, cut and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.errors import ConflictError, InvalidInputError
from survey_app.forms.interview_texts import CutForm, SeenForm, SpeakersForm, TranscriptForm
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import interview_views, transcripts
from survey_app.services.interviewing.interviews import FGI, Interview
from survey_app.services.interviewing.transcripts import InterviewText, Speaker, Transcript
from survey_app.web.access import current_context, current_person, keeper_of_interview
from survey_app.web.body_size import takes_file
from survey_app.web.carried_file import pack, unpack
from survey_app.web.interview_frame import interview_page
from survey_app.web.panel_frame import accepted, page_of

blueprint = Blueprint(
    "transcripts",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/wywiady/<int:interview_id>/transkrypcje",
)

NAME = "Transkrypcje"
LINES_OF_A_PAGE = 200
SHOWN_TURNS = 8


@blueprint.get("")
@keeper_of_interview
def index(gmina: GminaDescription, interview: Interview) -> str:
    return _index_page(gmina, interview, TranscriptForm())


@blueprint.post("/odczyt")
@takes_file
@keeper_of_interview
def read(gmina: GminaDescription, interview: Interview) -> Any:
    """Shows what was read and who speaks in it; keeps nothing."""
    form, upload = TranscriptForm(request.form), request.files.get("plik")
    name = (upload.filename or "")[-200:] if upload else ""
    content = upload.read() if upload and name else (form.tekst.data or "").encode("utf-8", "replace")
    found: list[Transcript] = []
    if not name and not content.strip():
        form.plik.errors = ["Prosimy wybrać plik albo wkleić tekst."]
        return _index_page(gmina, interview, form, faults=True), 422
    if not accepted(form, lambda: found.append(_transcript(name, content))):
        return _index_page(gmina, interview, form, faults=True), 422
    letters = transcripts.overview(current_context(), gmina.code, interview.id).letters
    meant = transcripts.suggestions(found[0], letters)
    return _speakers_page(
        gmina, interview, SpeakersForm(data={"carried": pack(name, content)}), found[0], meant
    )


@blueprint.post("")
@takes_file
@keeper_of_interview
def keep(gmina: GminaDescription, interview: Interview) -> Any:
    form = SpeakersForm(request.form)
    try:
        found = _transcript(*unpack(form.carried.data or ""))
    except InvalidInputError as error:
        again = TranscriptForm()
        again.form_errors = [error.message]
        return _index_page(gmina, interview, again, faults=True), 422
    speakers = transcripts.speakers(found)
    meant = form.meanings(request.form, len(speakers))
    meanings = {speaker.mark: meaning for speaker, meaning in zip(speakers, meant, strict=True)}
    actor = current_person().id
    kept: list[InterviewText] = []
    context, code = current_context(), gmina.code

    def save() -> None:
        kept.append(transcripts.keep(context, code, interview.id, found, meanings, actor))

    if not accepted(form, lambda: _placing(form, save)):
        return _speakers_page(gmina, interview, form, found, meant, faults=True), 422
    flash(f"Transkrypcja nr {kept[0].number} jest zapisana.", "success")
    return _to(gmina, interview)


@blueprint.get("/<int:number>")
@keeper_of_interview
def show(gmina: GminaDescription, interview: Interview, number: int) -> str:
    """Line by line, with whose each is."""
    row = transcripts.transcript(current_context(), gmina.code, interview.id, number)
    lines = transcripts.line_views(row)
    page, pages = page_of(len(lines), LINES_OF_A_PAGE)
    return interview_page(
        "panel/transcript.html",
        gmina,
        interview,
        f"Transkrypcja nr {number}",
        row=row,
        lines=lines[(page - 1) * LINES_OF_A_PAGE : page * LINES_OF_A_PAGE],
        line_count=len(lines),
        page_number=page,
        pages=pages,
        loose=interview.form == FGI and any(line.letter is None and line.words.strip() for line in lines),
    )


@blueprint.get("/<int:number>/wyciecie")
@keeper_of_interview
def cutting(gmina: GminaDescription, interview: Interview, number: int) -> Any:
    """Shows the lines once more before they go."""
    row = transcripts.transcript(current_context(), gmina.code, interview.id, number)
    form = CutForm(request.args, data={"seen": row.sha256})
    form.seen.data = row.sha256
    return _cutting_page(gmina, interview, row, form)


@blueprint.post("/<int:number>/wyciecie")
@keeper_of_interview
def cut(gmina: GminaDescription, interview: Interview, number: int) -> Any:
    form = CutForm(request.form)
    context, actor = current_context(), current_person().id
    if not accepted(
        form,
        lambda: transcripts.cut(
            context,
            gmina.code,
            interview.id,
            number,
            form.first.data,
            form.last.data,
            form.seen.data or "",
            actor,
        ),
    ):
        row = transcripts.transcript(context, gmina.code, interview.id, number)
        form.seen.data = row.sha256
        return _cutting_page(gmina, interview, row, form)
    flash("Wskazane wiersze są wycięte, razem z fragmentami, które ich dotykały.", "success")
    left = any(row.number == number for row in transcripts.overview(context, gmina.code, interview.id).texts)
    return _to(gmina, interview, number if left else 0)


@blueprint.get("/<int:number>/usuniecie")
@keeper_of_interview
def removing(gmina: GminaDescription, interview: Interview, number: int) -> str:
    row = transcripts.transcript(current_context(), gmina.code, interview.id, number)
    form = SeenForm(data={"seen": row.sha256})
    return interview_page(
        "panel/transcript_removing.html",
        gmina,
        interview,
        f"Usunięcie transkrypcji nr {number}",
        row=row,
        form=form,
    )


@blueprint.post("/<int:number>/usuniecie")
@keeper_of_interview
def remove(gmina: GminaDescription, interview: Interview, number: int) -> Any:
    form, context = SeenForm(request.form), current_context()
    try:
        transcripts.remove(
            context, gmina.code, interview.id, number, form.seen.data or "", current_person().id
        )
    except ConflictError as error:
        flash(error.message, "warning")
        return _to(gmina, interview, number)
    flash(f"Transkrypcja nr {number} jest usunięta.", "success")
    return _to(gmina, interview)


# What pages are made of ----------------------------------------------------------------------------------------


def _placing(form: SpeakersForm, action: Callable[[], None]) -> None:
    """Faults of speakers are put aside to stand beside them."""
    try:
        action()
    except InvalidInputError as error:
        form.speaker_faults = {one.where: f"{one.message} {one.hint}".strip() for one in error.faults}
        raise InvalidInputError(error.message) from error


def _transcript(name: str, content: bytes) -> Transcript:
    if name:
        return transcripts.read_file(name, content)
    return transcripts.read_pasted(content.decode("utf-8", "replace"))


def _index_page(
    gmina: GminaDescription, interview: Interview, form: TranscriptForm, *, faults: bool = False
) -> str:
    found = transcripts.overview(current_context(), gmina.code, interview.id)
    return interview_page(
        "panel/transcripts.html",
        gmina,
        interview,
        NAME,
        overview=found,
        loose={one.text_id for one in found.loose},
        form=form,
        faults=faults,
        is_group=interview.form == FGI,
    )


def _speakers_page(
    gmina: GminaDescription,
    interview: Interview,
    form: SpeakersForm,
    found: Transcript,
    meant: list[str],
    *,
    faults: bool = False,
) -> str:
    context = current_context()
    letters = transcripts.overview(context, gmina.code, interview.id).letters
    rows = [
        (speaker, _meanings(interview, speaker, letters), meaning)
        for speaker, meaning in zip(transcripts.speakers(found), meant, strict=True)
    ]
    return interview_page(
        "panel/transcript_speakers.html",
        gmina,
        interview,
        "Kto mówi",
        form=form,
        found=found,
        kind=transcripts.KINDS[found.kind],
        rows=rows,
        shown=found.turns[:SHOWN_TURNS],
        faults=faults,
    )


def _meanings(interview: Interview, speaker: Speaker, letters: tuple[str, ...]) -> list[tuple[str, str]]:
    seats = {seat.letter: seat for seat in interview_views.view(current_context(), interview).seats}
    return [
        *((letter, f"osoba {letter}: {seats[letter].name}, {seats[letter].role}") for letter in letters),
        (transcripts.NOBODY, "bez litery: moderator albo kilka osób naraz"),
        (transcripts.LEFT_OUT, "nie zapisuj tych wypowiedzi"),
        *(
            [(transcripts.WORDS, "to nie jest osoba: zostaw te słowa w tekście")]
            if speaker.mark and not speaker.voice
            else []
        ),
    ]


def _cutting_page(gmina: GminaDescription, interview: Interview, row: InterviewText, form: CutForm) -> Any:
    """422 with what is wrong while the lines are not right."""
    lines = transcripts.line_views(row)
    right = form.validate() and 1 <= form.first.data <= form.last.data <= len(lines)
    if not right and not form.errors:
        form.form_errors = [
            f"Transkrypcja ma wiersze od 1 do {len(lines)}. Pierwszy numer nie może być większy od drugiego."
        ]
    page = interview_page(
        "panel/transcript_cutting.html",
        gmina,
        interview,
        f"Wycięcie z transkrypcji nr {row.number}",
        row=row,
        form=form,
        lines=lines[form.first.data - 1 : form.last.data] if right else [],
        faults=bool(form.errors),
    )
    return page, 422 if form.errors else 200


def _to(gmina: GminaDescription, interview: Interview, number: int = 0) -> Any:
    values: dict[str, Any] = {"gmina_code": gmina.code, "interview_id": interview.id}
    if number:
        return redirect(url_for("transcripts.show", number=number, **values), 303)
    return redirect(url_for("transcripts.index", **values), 303)
