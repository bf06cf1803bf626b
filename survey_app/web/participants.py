"""Osoby i zgody: who agreed to what, personal data apart, and how both go. METHOD, "IDI and FGI"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app import polish
from survey_app.errors import Fault, InvalidInputError
from survey_app.forms.interviews import whole_number
from survey_app.forms.participants import (
    NO,
    NOT_ASKED,
    YES,
    ConsentForm,
    PersonalForm,
    RetentionForm,
    WithdrawalForm,
    field_name,
    personal_form,
)
from survey_app.forms.staff_fields import StaffForm
from survey_app.services import accounts
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import (
    interviews,
    participant_views,
    participants,
    retention,
    withdraw,
)
from survey_app.services.interviewing.interviews import LETTERS, Interview
from survey_app.services.interviewing.participants import Consent, PersonalData
from survey_app.web.access import (
    coordinator_of_gmina,
    current_context,
    current_person,
    moderator_of_interview,
)
from survey_app.web.interview_frame import interview_page
from survey_app.web.panel_frame import accepted

blueprint = Blueprint(
    "participants",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/wywiady/<int:interview_id>/osoby",
)

OF_LETTER = f"/<any({', '.join(LETTERS)}):letter>"
CHOICES = {True: YES, False: NO, None: NOT_ASKED}
HERE = "Osoby i zgody"


@blueprint.get("")
@moderator_of_interview
def index(gmina: GminaDescription, interview: Interview) -> str:
    context = current_context()
    return interview_page(
        "panel/participants.html",
        gmina,
        interview,
        HERE,
        people=participant_views.views(context, interview),
        trace=participant_views.trace(context, interview),
        coordinates=accounts.coordinates(current_person(), gmina.code),
    )


# Consent --------------------------------------------------------------------------------------------------------


@blueprint.get(f"{OF_LETTER}/zgoda")
@moderator_of_interview
def consent(gmina: GminaDescription, interview: Interview, letter: str) -> str:
    kept = participant_views.view(current_context(), interview, letter).consent
    at = kept.agreed_at or min(interview.starts_at, current_context().clock())
    data = {"base": str(kept.revision), "evidence": CHOICES[kept.evidence], "at": at}
    if kept.agreed is not None:
        data["agreed"] = CHOICES[kept.agreed]
    return _consent_page(gmina, interview, letter, ConsentForm(data=data))


@blueprint.post(f"{OF_LETTER}/zgoda")
@moderator_of_interview
def record_consent(gmina: GminaDescription, interview: Interview, letter: str) -> Any:
    """From paper, or from a talk without a console: with the moment at which the person answered."""
    form = ConsentForm(request.form)
    if not accepted(form, lambda: _record(interview, letter, form)):
        form.base.data = str(participant_views.view(current_context(), interview, letter).consent.revision)
        return _consent_page(gmina, interview, letter, form, faults=True), 422
    flash(f"Odpowiedź osoby {letter} jest zapisana.", "success")
    return _to_index(gmina, interview)


def _record(interview: Interview, letter: str, form: ConsentForm) -> None:
    agreed = form.agreed.data == YES
    evidence = {YES: True, NO: False}.get(form.evidence.data) if agreed else None
    if form.at.moment > current_context().clock() + dt.timedelta(minutes=1):
        message = "Ten czas jeszcze nie nadszedł."
        raise InvalidInputError(message, [Fault("in_the_future", "at", message, "Prosimy go poprawić.")])
    participants.record_answer(
        current_context(),
        interview.gmina_code,
        interview.id,
        letter,
        agreed,
        evidence,
        form.at.moment,
        current_person().id,
        whole_number(form.base.data),
    )


def _consent_page(
    gmina: GminaDescription, interview: Interview, letter: str, form: ConsentForm, *, faults: bool = False
) -> str:
    return _page(
        "panel/participant_consent.html",
        gmina,
        interview,
        letter,
        "Zgoda",
        form=form,
        faults=faults,
        texts=participant_views.consent_texts(interview),
    )


# Personal data --------------------------------------------------------------------------------------------------


@blueprint.get(f"{OF_LETTER}/dane")
@moderator_of_interview
def personal(gmina: GminaDescription, interview: Interview, letter: str) -> str:
    """The only page that opens personal data; that it was opened is recorded."""
    kept = participants.personal(current_context(), gmina.code, interview.id, letter, current_person().id)
    data = {"version": kept.version, "name": kept.name, "contact": kept.contact}
    data |= {field_name(key): value for key, value in kept.fields.items()}
    return _personal_page(gmina, interview, letter, _personal_form(interview, data=data), kept)


@blueprint.post(f"{OF_LETTER}/dane")
@moderator_of_interview
def save_personal(gmina: GminaDescription, interview: Interview, letter: str) -> Any:
    context, person = current_context(), current_person()
    form = _personal_form(interview, request.form)
    data = PersonalData(form.name.data, form.contact.data, form.typed_fields, version=form.version.data or "")
    if not accepted(
        form,
        lambda: _with_field_names(
            lambda: participants.set_personal(context, gmina.code, interview.id, letter, data, person.id)
        ),
    ):
        kept = participants.personal(context, gmina.code, interview.id, letter, person.id)
        stale = kept.version != data.version
        form.version.data = kept.version
        return _personal_page(gmina, interview, letter, form, kept, stale=stale), 422
    flash(f"Dane osoby {letter} są zapisane.", "success")
    return _to_index(gmina, interview)


def _personal_form(interview: Interview, typed: Any = None, data: Any = None) -> PersonalForm:
    return personal_form(participant_views.respondent_fields(interview))(typed, data=data)


def _with_field_names(action: Callable[[], None]) -> None:
    """Faults name questions; the form's fields are named after them."""
    try:
        action()
    except InvalidInputError as error:
        own = {"name", "contact"}
        faults = [
            Fault(one.code, one.where if one.where in own else field_name(one.where), one.message, one.hint)
            for one in error.faults
        ]
        raise InvalidInputError(error.message, faults) from error


def _personal_page(
    gmina: GminaDescription,
    interview: Interview,
    letter: str,
    form: PersonalForm,
    kept: PersonalData,
    *,
    stale: bool = False,
) -> str:
    return _page(
        "panel/participant_personal.html",
        gmina,
        interview,
        letter,
        "Dane osobowe",
        form=form,
        kept=kept,
        stale=stale,
        field_names=[field_name(one.id) for one in participant_views.respondent_fields(interview)],
        kept_words=participants.in_words(interview, kept),
    )


# Retention and deletion -----------------------------------------------------------------------------------------


@blueprint.get(f"{OF_LETTER}/termin")
@coordinator_of_gmina
def retaining(gmina: GminaDescription, interview_id: int, letter: str) -> str:
    interview = interviews.interview(current_context(), gmina.code, interview_id)
    until = participant_views.view(current_context(), interview, letter).retain_until
    return _retention_page(gmina, interview, letter, RetentionForm(data={"retain_until": until}))


@blueprint.post(f"{OF_LETTER}/termin")
@coordinator_of_gmina
def retain(gmina: GminaDescription, interview_id: int, letter: str) -> Any:
    context, form = current_context(), RetentionForm(request.form)
    interview = interviews.interview(context, gmina.code, interview_id)
    if not accepted(
        form,
        lambda: retention.set_retention(
            context, gmina.code, interview_id, letter, form.retain_until.data, current_person().id
        ),
    ):
        return _retention_page(gmina, interview, letter, form), 422
    day = polish.date(form.retain_until.data)
    flash(f"Dane osoby {letter} zostaną usunięte {day}.", "success")
    return _to_index(gmina, interview)


def _retention_page(gmina: GminaDescription, interview: Interview, letter: str, form: RetentionForm) -> str:
    return _page(
        "panel/participant_retention.html",
        gmina,
        interview,
        letter,
        "Termin usunięcia danych",
        form=form,
        months=retention.MONTHS_KEPT,
        years=retention.LONGEST_YEARS,
    )


@blueprint.get(f"{OF_LETTER}/usuniecie")
@moderator_of_interview
def deleting(gmina: GminaDescription, interview: Interview, letter: str) -> str:
    return _page(
        "panel/participant_deleting.html", gmina, interview, letter, "Usunięcie danych", form=StaffForm()
    )


@blueprint.post(f"{OF_LETTER}/usuniecie")
@moderator_of_interview
def delete(gmina: GminaDescription, interview: Interview, letter: str) -> Any:
    context, form, done = current_context(), StaffForm(request.form), []
    if not accepted(
        form,
        lambda: done.append(retention.delete(context, gmina.code, interview.id, letter, current_person().id)),
    ):
        page = "panel/participant_deleting.html"
        return _page(page, gmina, interview, letter, "Usunięcie danych", form=form), 422
    _tell_deletion(letter, "deleted" if done[0] else "ordered")
    return _to_index(gmina, interview)


def _tell_deletion(letter: str, state: str) -> None:
    if state == "deleted":
        flash(f"Dane osobowe osoby {letter} i ich klucz są usunięte.", "success")
    elif state == "ordered":
        flash(
            f"Danych osobowych osoby {letter} nie można już odczytać w serwisie, ale ich klucza nie udało się usunąć"
            " w obu miejscach. Serwis będzie próbował dalej; administrator musi sprawdzić KEY_FOLDERS.",
            "warning",
        )


# Withdrawal -----------------------------------------------------------------------------------------------------


@blueprint.get(f"{OF_LETTER}/cofniecie")
@moderator_of_interview
def withdrawing(gmina: GminaDescription, interview: Interview, letter: str) -> str:
    """What exactly would go, before anybody decides."""
    return _withdrawal_page(gmina, interview, letter, WithdrawalForm(data={"personal_data": True}))


@blueprint.post(f"{OF_LETTER}/cofniecie")
@moderator_of_interview
def take_back(gmina: GminaDescription, interview: Interview, letter: str) -> Any:
    context, form = current_context(), WithdrawalForm(request.form)
    went: list[withdraw.Withdrawal] = []
    if not accepted(
        form,
        lambda: went.append(
            withdraw.withdraw(
                context,
                gmina.code,
                interview.id,
                letter,
                current_person().id,
                personal_data=form.personal_data.data,
            )
        ),
    ):
        return _withdrawal_page(gmina, interview, letter, form), 422
    counts = _counts(went[0])
    flash(
        f"Zgoda osoby {letter} jest cofnięta. Usunięto: {counts or 'nic, bo nic nie było zapisane'}.",
        "success",
    )
    _tell_deletion(letter, went[0].personal_data)
    return _to_index(gmina, interview)


def _withdrawal_page(gmina: GminaDescription, interview: Interview, letter: str, form: WithdrawalForm) -> str:
    context = current_context()
    kept: Consent = participant_views.view(context, interview, letter).consent
    goes = withdraw.foresee(context, gmina.code, interview.id, letter) if kept.may_note else None
    return _page(
        "panel/participant_withdrawing.html",
        gmina,
        interview,
        letter,
        "Cofnięcie zgody",
        form=form,
        goes=goes,
        counts=_counts(goes) if goes else "",
    )


def _counts(goes: withdraw.Withdrawal) -> str:
    parts = (
        (goes.notes, polish.counted(goes.notes, "notatka", "notatki", "notatek")),
        (goes.texts, f"słowa z {polish.counted(goes.texts, 'tekstu', 'tekstów', 'tekstów')}"),
        (
            goes.passages,
            polish.counted(
                goes.passages, "zaznaczony fragment", "zaznaczone fragmenty", "zaznaczonych fragmentów"
            ),
        ),
    )
    return ", ".join(words for count, words in parts if count)


# What pages are made of ----------------------------------------------------------------------------------------


def _page(
    template: str, gmina: GminaDescription, interview: Interview, letter: str, title: str, **words: Any
) -> str:
    return interview_page(
        template,
        gmina,
        interview,
        f"{HERE}: {letter}",
        title=title,
        one=participant_views.view(current_context(), interview, letter),
        coordinates=accounts.coordinates(current_person(), gmina.code),
        back=_index_address(gmina, interview),
        **words,
    )


def _index_address(gmina: GminaDescription, interview: Interview) -> str:
    return url_for("participants.index", gmina_code=gmina.code, interview_id=interview.id)


def _to_index(gmina: GminaDescription, interview: Interview) -> Any:
    return redirect(_index_address(gmina, interview), 303)
