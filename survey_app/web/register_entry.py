"""One entry of a register: made, read, changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, request

from survey_app.analysis.papers.values import words_of
from survey_app.errors import ConflictError, Fault, InvalidInputError, SurveyError
from survey_app.forms.interviews import whole_number
from survey_app.forms.paper_page import begun
from survey_app.forms.register_page import (
    ABOUT,
    REVISION,
    SentEntry,
    about_value,
    at_controls,
    entry_parts,
    read_entry,
)
from survey_app.instrument.model import Instrument
from survey_app.instrument.register_model import About, RegisterRules
from survey_app.services.register import catalogue
from survey_app.services.registers import entries
from survey_app.services.registers.definitions import newest_rules, register_definition, rules_of
from survey_app.services.registers.entries import Content, EntryView
from survey_app.services.team_people import team
from survey_app.web.access import current_context, current_person
from survey_app.web.paper_frame import by_place
from survey_app.web.register_deeds import show_page
from survey_app.web.register_frame import House, entry_page, find, register_page, to_entry

Choices = list[tuple[str, str]]


def new(house: House, key: str) -> Any:
    """Nothing is kept before it is sent. `o`: whom it is about, for links from a stakeholder's page."""
    definition = register_definition(key, house.owner.level)
    if rules_of(definition).single and (held := entries.listed(current_context(), house.owner, key).entries):
        flash("Ten rejestr ma jeden wpis. Można zmieniać ten, który jest.", "info")
        return to_entry(house, held[0].id)
    chosen = request.args.get(ABOUT, "")
    return _new_page(house, definition, begun(definition, {}, {}), about=chosen)


def create(house: House, key: str) -> Any:
    definition = register_definition(key, house.owner.level)
    sent = read_entry(definition, request.form.to_dict(flat=False))
    faults, status = sent.page.faults, 422
    if not faults:
        try:
            made = entries.add(current_context(), house.owner, key, content_of(sent), current_person().id)
        except InvalidInputError as error:
            faults = at_controls(definition, error.faults)
        except SurveyError as error:
            faults, status = [Fault("entry", "", error.message)], error.status
        else:
            flash("Wpis jest zapisany.", "success")
            return redirect(house.to("show", entry_id=made.id), 303)
    return _new_page(house, definition, sent.page, sent.about, sent.person, faults), status


def show(house: House, entry_id: int) -> str:
    return show_page(house, find(house, entry_id))


def edit(house: House, entry_id: int) -> str:
    view = find(house, entry_id)
    entry = view.entry
    return _edit_page(
        house,
        view,
        begun(view.definition, entry.answers, {}),
        about_value(entry.stakeholder_id, entry.sector),
        str(entry.person_id or ""),
        entry.revision,
    )


def save(house: House, entry_id: int) -> Any:
    """Where somebody saved meanwhile, nothing is overwritten: both stand side by side, and a second save decides."""
    view = find(house, entry_id)
    sent = read_entry(view.definition, request.form.to_dict(flat=False))
    revision = whole_number(request.form.get(REVISION))
    faults = sent.page.faults
    if not faults:
        try:
            entries.change(
                current_context(), house.owner, entry_id, revision, content_of(sent), current_person().id
            )
        except InvalidInputError as error:
            faults = at_controls(view.definition, error.faults)
        except ConflictError as error:
            return _beside(house, entry_id, sent, error.message), error.status
        else:
            flash("Wpis jest zapisany.", "success")
            return to_entry(house, entry_id)
    return _edit_page(house, view, sent.page, sent.about, sent.person, revision, faults), 422


def content_of(sent: SentEntry) -> Content:
    return Content(sent.page.values, sent.stakeholder_id, sent.sector, sent.person_id)


def _beside(house: House, entry_id: int, sent: SentEntry, message: str) -> str:
    """The page as it was typed, with what stands now; saved again, it knows the newest revision."""
    now = find(house, entry_id)
    return _edit_page(
        house,
        now,
        sent.page,
        sent.about,
        sent.person,
        now.entry.revision,
        [Fault("entry.meanwhile", "", message)],
        standing=_differences(house, now, sent),
    )


def _differences(house: House, now: EntryView, sent: SentEntry) -> list[tuple[str, str, str]]:
    """(field, as it stands, as it was typed) of each that differs."""
    entry = now.entry
    found = [
        (
            one.text.rstrip(" :"),
            *(_words(words_of(one, values.get(one.id))) for values in (entry.answers, sent.page.values)),
        )
        for one in now.definition.questions
    ]
    listed = dict(_abouts(house, now.rules, entry.stakeholder_id))
    people = dict(_people(house, now.rules, now))
    about = about_value(entry.stakeholder_id, entry.sector)
    found.append((now.rules.about_label, listed.get(about, ""), listed.get(sent.about, "")))
    found.append(("Odpowiada", people.get(str(entry.person_id or ""), ""), people.get(sent.person, "")))
    return [
        (label, before or "(puste)", after or "(puste)") for label, before, after in found if before != after
    ]


def _words(lines: Sequence[str]) -> str:
    return "\n".join(lines)


def _new_page(
    house: House,
    definition: Instrument,
    page: Any,
    about: str = "",
    person: str = "",
    faults: Sequence[Fault] = (),
) -> str:
    rules = rules_of(definition)
    crumbs = [(definition.title, house.to("entries", key=definition.key)), ("Nowy wpis", None)]
    return register_page(
        "panel/register_new.html",
        house,
        crumbs,
        definition=definition,
        rules=rules,
        **_page_words(house, definition, page, faults),
        **_choices(house, rules, about, person),
    )


def _edit_page(
    house: House,
    view: EntryView,
    page: Any,
    about: str,
    person: str,
    revision: int,
    faults: Sequence[Fault] = (),
    *,
    standing: Sequence[tuple[str, str, str]] = (),
) -> str:
    return entry_page(
        "panel/register_fill.html",
        house,
        view,
        "registers.edit",
        revision=revision,
        standing=standing,
        **_page_words(house, view.definition, page, faults),
        **_choices(house, view.rules, about, person, view),
    )


def _page_words(
    house: House, definition: Instrument, page: Any, faults: Sequence[Fault]
) -> Mapping[str, Any]:
    return {
        "parts": entry_parts(definition, page, newest_rules(definition, house.owner.level).one_line),
        "raw": page.raw,
        "faults": faults,
        "errors": by_place(faults),
    }


def _choices(
    house: House, rules: RegisterRules, about: str, person: str, view: EntryView | None = None
) -> Mapping[str, Any]:
    held = view.entry.stakeholder_id if view else None
    return {
        "abouts": _abouts(house, rules, held),
        "about": about,
        "about_hint": "Instytucja albo sektor z katalogu."
        if rules.about is About.EITHER
        else "Instytucja z katalogu.",
        "seats": _people(house, rules, view),
        "person": person,
    }


def _abouts(house: House, rules: RegisterRules, held: int | None) -> Choices:
    """Sectors first; an institution that left stays offered where the entry is about it."""
    if rules.about is About.NOTHING or house.gmina is None:
        return []
    context, code = current_context(), house.gmina.code
    found: Choices = []
    if rules.about is About.EITHER:
        sectors = catalogue.catalogue_sectors(context, code)
        found = [(about_value(None, key), f"sektor: {label}") for key, label in sectors.items()]
    everyone = catalogue.stakeholders(context, code, include_left=held is not None)
    return found + [
        (about_value(one.id, ""), one.name if one.left_on is None else f"{one.name} (poza katalogiem)")
        for one in everyone
        if one.left_on is None or one.id == held
    ]


def _people(house: House, rules: RegisterRules, view: EntryView | None) -> Choices:
    if not rules.responsible or house.gmina is None:
        return []
    seats = {one.person_id: one.name for one in team(current_context(), house.gmina.code)}
    before = view.entry.person_id if view else None
    if view and before and before not in seats:
        seats[before] = f"{view.people.get(before, '?')} (już nie w zespole)"
    return [(str(one), name) for one, name in seats.items()]
