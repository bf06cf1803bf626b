"""The page of an ankieta, for respondents, for a coordinator's preview, and for typing a paper sheet.

The blank page is rendered once per campaign and instrument version; a GET only splices in what differs
(the key, the address, the institution's name). That is several times faster than rendering at each GET.
"""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from flask import Response, current_app, url_for
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment
from werkzeug.datastructures import MultiDict

from survey_app import polish
from survey_app.errors import Fault, NotFoundError
from survey_app.forms.handlers.base import name_of
from survey_app.forms.page import PageResult, new_form_key, read_page, typed_in_words
from survey_app.forms.steps import steps
from survey_app.instrument.model import Instrument
from survey_app.instrument.routing import Settled, settle, written_routing
from survey_app.services import gminas
from survey_app.services.gminas import GminaDescription, GminaName
from survey_app.services.survey.campaign_rules import NAMED, OPEN_LINK
from survey_app.services.survey.campaigns import Campaign, OpenedCampaign, Phase, grace_ends_at
from survey_app.web.access import current_context
from survey_app.web.fit_pages import fit

LAST_REACHED = "sheet.last_reached"  # the dot keeps it apart from every question
CSRF = "csrf_token"
# An invitation is used up by what is sent with it: a slip of the thumb must not do that.
EMPTY = (
    "danger",
    "ankieta jest pusta",
    "Nie zaznaczono ani nie wpisano żadnej odpowiedzi, więc jeszcze nic nie zostało wysłane. "
    "Jeśli tak ma być, można wysłać pustą ankietę: przycisk jest pod formularzem.",
)


class Use(StrEnum):
    """What a page is for. Only a respondent's counts."""

    RESPONDENT = "respondent"
    PREVIEW = "preview"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class Face:
    """Everything that the page of a campaign shows to everyone alike."""

    instrument: Instrument
    use: Use
    public_id: str
    title: str
    gmina: str
    example: bool
    anonymous: bool
    asks_name: bool
    closes: str
    late_until: str | None
    notice: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What differs from the blank page when a form comes back. `told`: (kind, title, text) above the form.

    `empty`: nothing was answered, and the page offers to send it all the same.
    """

    raw: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    off_path: tuple[str, ...] = ()
    told: tuple[str, str, str] | None = None
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A typed paper sheet. `settled` is None when the page must be shown again."""

    result: PageResult
    settled: Settled | None
    form_key: str
    off_path: tuple[str, ...] = ()


def face_of(
    campaign: Campaign | OpenedCampaign,
    instrument: Instrument,
    gmina: GminaName | GminaDescription,
    use: Use,
    now: Phase,
) -> Face:
    """The face of a campaign for one use, at its present phase."""
    named = campaign.mode == NAMED
    late = polish.moment(grace_ends_at(campaign)) if now is Phase.GRACE else None
    return Face(
        instrument=instrument,
        use=use,
        public_id=campaign.public_id,
        title=campaign.title,
        gmina=gmina.name,
        example=gmina.example,
        anonymous=not named,
        asks_name=named and campaign.access == OPEN_LINK,
        closes=polish.moment(campaign.closes_at),
        late_until=late,
        notice=campaign.notice,
    )


def blank_page(face: Face, action: str, institution: str | None = None) -> bytes:
    """The form, empty, with a key of its own; UTF-8, and fit to be sent as it is (web/fit_pages.py)."""
    env, has_institution = current_app.jinja_env, bool(institution)
    if (env, face, has_institution) not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[env, face, has_institution] = _blank(env, face, has_institution)
    return _spliced(_kept[env, face, has_institution], action, institution)


def kept_page(env: Environment, face: Face, action: str, institution: str | None) -> bytes | None:
    """`blank_page` without an application; None until it has been made once."""
    parts = _kept.get((env, face, bool(institution)))
    return None if parts is None else _spliced(parts, action, institution)


def filled_page(
    face: Face, action: str, form_key: str, filled: Filled, institution: str | None = None, **more: Any
) -> str:
    """The form with everything that was typed."""
    return _render(
        current_app.jinja_env, face, filled, action=action, form_key=form_key, institution=institution, **more
    )


def off_path_faults(instrument: Instrument, off_path: Sequence[str]) -> list[Fault]:
    """METHOD, "The ankieta": answers off the path come back once, and are named."""
    written = written_routing(instrument)
    faults = []
    for question_id in off_path:
        question = instrument.by_id[question_id]
        where = field_of(instrument, question_id)
        message = (
            f"{name_of(question)}: jest odpowiedź, choć wcześniejsze odpowiedzi prowadzą obok tego pytania."
        )
        faults.append(Fault("path.off", where, message, written.get(question_id, "")))
    return faults


def field_of(instrument: Instrument, question_id: str) -> str:
    """The id of a question's first control."""
    return next(
        asked.names[0]
        for step in steps(instrument)
        for asked in step.asked
        if asked.question.id == question_id
    )


def render_preview(
    campaign: Campaign, instrument: Instrument, form: MultiDict[str, str] | None = None
) -> Response:
    """The respondent's page, marked as a preview. With `form`: read as a respondent's would be; never stored."""
    face = face_of(campaign, instrument, _gmina(campaign), Use.PREVIEW, Phase.OPEN)
    if form is None:
        filled = Filled()
        return Response(_staff_page(campaign, face, filled, new_form_key()))
    result = read_page(instrument, form.to_dict(flat=False), asks_name=face.asks_name, also=frozenset({CSRF}))
    settled = settle(instrument, result.values)
    if result.empty_by_chance:
        filled = Filled(result.raw, told=EMPTY, empty=True)
        return Response(_staff_page(campaign, face, filled, result.form_key or new_form_key()), 422)
    faults = list(result.faults)
    off_path = () if result.agreed_to_drop(settled.off_path) else settled.off_path
    faults += off_path_faults(instrument, off_path)
    if faults:
        filled = Filled(result.raw, faults, off_path)
        return Response(_staff_page(campaign, face, filled, result.form_key or new_form_key()), 422)
    template = current_app.jinja_env.get_template("respondent/preview_sent.html")
    copy = typed_in_words(instrument, result.raw)
    return Response(template.render(face=face, copy=copy, back=_campaign_page(campaign)))


def render_sheet(
    campaign: Campaign,
    instrument: Instrument,
    sheet: Sheet | None = None,
    told: tuple[str, str, str] | None = None,
) -> str:
    """The page for typing one paper sheet; with `sheet`, everything that was typed and what is wrong with it."""
    face = face_of(campaign, instrument, _gmina(campaign), Use.SHEET, Phase.OPEN)
    if sheet is None:
        return _staff_page(campaign, face, Filled(told=told), new_form_key())
    faults = [*sheet.result.faults, *off_path_faults(instrument, sheet.off_path)]
    filled = Filled(sheet.result.raw, faults, sheet.off_path, told)
    return _staff_page(campaign, face, filled, sheet.form_key)


def read_sheet(instrument: Instrument, form: MultiDict[str, str], *, asks_name: bool = False) -> Sheet:
    """Reads a typed sheet. A sheet that breaks off is "not reached" from there on (METHOD: incomplete paper)."""
    fields = form.to_dict(flat=False)
    result = read_page(instrument, fields, asks_name=asks_name, also=frozenset({CSRF, LAST_REACHED}))
    raw = {**result.raw, LAST_REACHED: form.get(LAST_REACHED, "")}
    result = replace(result, raw=raw, unknown_fields=[])
    last = form.get(LAST_REACHED) or None
    if last is not None and last not in instrument.by_id:
        raise NotFoundError("Nie ma takiego pytania w tej ankiecie.")
    settled = settle(instrument, result.values, last_reached=last)
    off_path = () if result.agreed_to_drop(settled.off_path) else settled.off_path
    fine = not result.faults and not off_path and result.form_key is not None
    return Sheet(result, settled if fine else None, result.form_key or new_form_key(), off_path)


def _last_options(instrument: Instrument) -> list[tuple[str, str]]:
    """Where a sheet may break off: after any of its questions."""
    return [(question.id, f"Tak, po: {name_of(question)[:80]}") for question in instrument.questions]


def _staff_page(campaign: Campaign, face: Face, filled: Filled, form_key: str) -> str:
    back = _campaign_page(campaign)
    return filled_page(face, "", form_key, filled, csrf=generate_csrf(), back=back)


def _campaign_page(campaign: Campaign) -> str:
    return url_for("campaigns.show", gmina_code=campaign.gmina_code, campaign_id=campaign.id)


def _gmina(campaign: Campaign) -> GminaDescription:
    return gminas.describe(current_context(), campaign.gmina_code)


# Words that no page can hold by chance; each is replaced at every GET.
_SALT = secrets.token_hex(8)
_KEY, _ACTION, _INSTITUTION = (f"splice-{part}-{_SALT}".encode() for part in ("key", "action", "institution"))
_PLACES = re.compile(b"(" + b"|".join((_KEY, _ACTION, _INSTITUTION)) + b")")


# The blank pages of this process, by everything that they are made of. What is kept is the same for everyone.
_kept: dict[tuple[Environment, Face, bool], list[bytes]] = {}
MOST_KEPT = 256


def _spliced(parts: list[bytes], action: str, institution: str | None) -> bytes:
    spliced = {_KEY: new_form_key(), _ACTION: action, _INSTITUTION: institution or ""}
    filled = {place: fit(html.escape(text).encode()) for place, text in spliced.items()}
    return b"".join(filled.get(part, part) for part in parts)


def _blank(env: Any, face: Face, has_institution: bool) -> list[bytes]:
    """The page in parts; the places themselves are parts, too."""
    action, form_key, name = (place.decode() for place in (_ACTION, _KEY, _INSTITUTION))
    institution = name if has_institution else None
    page = _render(env, face, Filled(), action=action, form_key=form_key, institution=institution)
    return _PLACES.split(fit(page.encode()))


def _render(
    env: Any, face: Face, filled: Filled, *, csrf: str | None = None, back: str | None = None, **words: Any
) -> str:
    """Made from the template alone: no context processor may put a session into a respondent's page."""
    errors: dict[str, list[str]] = {}
    for fault in filled.faults:
        errors.setdefault(fault.where, []).append(f"{fault.message} {fault.hint}".strip())
    template = env.get_template("respondent/survey.html")
    page: str = template.render(
        face=face,
        instrument=face.instrument,
        steps=steps(face.instrument),
        raw=filled.raw,
        errors=errors,
        faults=list(filled.faults),
        off_path=filled.off_path,
        told=filled.told,
        empty=filled.empty,
        csrf=csrf,
        back=back,
        last_reached=LAST_REACHED,
        last_options=_last_options(face.instrument) if face.use is Use.SHEET else [],
        **words,
    )
    return page
