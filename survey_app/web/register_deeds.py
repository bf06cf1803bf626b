"""What is done with an entry of a register: its state, its log, those whom it brings together and their replies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, request

from survey_app import polish
from survey_app.errors import ConflictError
from survey_app.forms.interviews import whole_number
from survey_app.forms.register_page import (
    REPLIES,
    YES,
    LogForm,
    PartiesForm,
    ReplyForm,
    StateForm,
)
from survey_app.instrument.register_model import Parties, PartyKind
from survey_app.services.register import catalogue
from survey_app.services.registers import definitions, entries, parties
from survey_app.services.registers.entries import EntryView, is_late
from survey_app.services.registers.parties import PartyLine, Who
from survey_app.web.access import current_context, current_person
from survey_app.web.panel_frame import accepted
from survey_app.web.register_frame import House, entry_page, find, to_entry, told

STATE, LOG = "stan", "dziennik"


@dataclass(frozen=True, slots=True)
class LogLine:
    """`what`: the kind, or from which state to which."""

    day: dt.date
    what: str
    text: str
    made_at: dt.datetime
    by: str


def show_page(
    house: House, view: EntryView, state: StateForm | None = None, log: LogForm | None = None
) -> str:
    """`state`, `log`: a form that was refused, with everything that was typed."""
    context, entry, rules = current_context(), view.entry, view.rules
    today = context.today()
    state = state or StateForm(prefix=f"{STATE}-", data={"on_day": today})
    log = log or LogForm(prefix=f"{LOG}-", data={"on_day": today})
    state.offer(rules.states, entry.state)
    log.offer(rules.log)
    return entry_page(
        "panel/register_entry.html",
        house,
        view,
        "registers.show",
        fields=told(view.definition, entry.answers),
        about=_about(house, view),
        responsible=view.people.get(entry.person_id or 0, ""),
        state=rules.state(entry.state),
        late=is_late(definitions.registers(house.owner.level).get(entry.key, view.definition), entry, today),
        short_notice=short_notice(view),
        lines=_log(view),
        parties=parties.lines(context, view),
        replies=REPLIES,
        state_form=state,
        log_form=log,
    )


def set_state(house: House, entry_id: int) -> Any:
    view, form = find(house, entry_id), StateForm(request.form, prefix=f"{STATE}-")
    form.offer(view.rules.states, view.entry.state)
    if not accepted(
        form,
        lambda: entries.set_state(
            current_context(),
            house.owner,
            entry_id,
            form.state.data or "",
            form.on_day.data,
            form.text.data or "",
            current_person().id,
        ),
    ):
        return show_page(house, view, state=form), 422
    flash("Stan jest zapisany.", "success")
    return to_entry(house, entry_id)


def write_log(house: House, entry_id: int) -> Any:
    view, form = find(house, entry_id), LogForm(request.form, prefix=f"{LOG}-")
    form.offer(view.rules.log)
    if not accepted(
        form,
        lambda: entries.write_log(
            current_context(),
            house.owner,
            entry_id,
            form.kind.data or "",
            form.on_day.data,
            form.text.data or "",
            current_person().id,
        ),
    ):
        return show_page(house, view, log=form), 422
    flash("Dopisano do dziennika.", "success")
    return to_entry(house, entry_id)


def adding_parties(house: House, entry_id: int) -> Any:
    view = find(house, entry_id)
    if view.rules.parties is None:
        return to_entry(house, entry_id)
    return _parties_page(house, view, view.rules.parties, PartiesForm())


def add_parties(house: House, entry_id: int) -> Any:
    view, form = find(house, entry_id), PartiesForm(request.form)
    asked = view.rules.parties
    if asked is None:
        flash("Wpisy tego rejestru nie mają uczestników.", "warning")
        return to_entry(house, entry_id)
    who = [_who(one) for one in form.who.data or ()]
    who += [Who(name=line) for line in (form.names.data or "").split("\n") if line.strip()]
    added: list[int] = []
    if not accepted(
        form,
        lambda: added.append(
            parties.add(
                current_context(), house.owner, entry_id, who, form.role.data or "", current_person().id
            )
        ),
    ):
        return _parties_page(house, view, asked, form), 422
    flash(f"Dopisano: {polish.counted(added[0], 'uczestnika', 'uczestników', 'uczestników')}.", "success")
    return to_entry(house, entry_id)


def remove_party(house: House, entry_id: int, party_id: int) -> Any:
    try:
        parties.remove(current_context(), house.owner, entry_id, party_id, current_person().id)
        flash("Uczestnik nie jest już przy tym wpisie.", "success")
    except ConflictError as error:
        flash(error.message, "warning")
    return to_entry(house, entry_id)


def replying(house: House, entry_id: int, party_id: int) -> Any:
    view = find(house, entry_id)
    line = parties.line(current_context(), view, party_id)
    if not _waits(view):
        flash(parties.OVER, "warning")
        return to_entry(house, entry_id)
    held = line.party
    data: dict[str, Any] = {"on_day": current_context().today()}
    if held.reply:
        data = {"on_day": held.replied_on, "says": held.reply, "text": held.reply_text}
        data["offer_id"] = str(held.offer_id or "")
    return _reply_page(house, view, line, ReplyForm(data=data))


def reply(house: House, entry_id: int, party_id: int) -> Any:
    view, form = find(house, entry_id), ReplyForm(request.form)
    line = parties.line(current_context(), view, party_id)
    offer = form.offer_id.data if form.says.data == YES else ""
    if not accepted(
        form,
        lambda: parties.reply(
            current_context(),
            house.owner,
            entry_id,
            party_id,
            form.says.data or "",
            form.on_day.data,
            form.text.data or "",
            current_person().id,
            offer_id=whole_number(offer) if offer else None,
        ),
    ):
        return _reply_page(house, find(house, entry_id), line, form), 422 if _waits(view) else 409
    flash(f"Odpowiedź jest zapisana: {line.name}, {REPLIES[form.says.data]}.", "success")
    return to_entry(house, entry_id)


def short_notice(view: EntryView) -> str:
    """What is said where an entry was made later before its day than agreed; empty where it was not."""
    lead, due = view.rules.lead_days, view.entry.due_on
    if not lead or due is None:
        return ""
    before = (due - view.entry.created_at.astimezone(polish.WARSAW).date()).days
    if before >= lead:
        return ""
    told = (
        f"zgłoszono {polish.counted(before, 'dzień', 'dni', 'dni')} przed tym dniem"
        if before > 0
        else "zgłoszono w tym samym dniu"
        if before == 0
        else "zgłoszono po tym dniu"
    )
    return f"{told}, umówiono się na co najmniej {polish.counted(lead, 'dzień', 'dni', 'dni')}"


def _waits(view: EntryView) -> bool:
    return view.rules.parties is not None and view.rules.parties.replies and not view.is_over


def _about(house: House, view: EntryView) -> str:
    entry = view.entry
    if entry.stakeholder_id:
        return view.stakeholders.get(entry.stakeholder_id, "?")
    if entry.sector and house.gmina:
        sectors = catalogue.catalogue_sectors(current_context(), house.gmina.code)
        return f"sektor: {sectors.get(entry.sector, entry.sector)}"
    return ""


def _log(view: EntryView) -> list[LogLine]:
    states = {one.id: one.label for one in view.rules.states}
    kinds = {one.id: one.label for one in view.rules.log}
    found = []
    for one in view.events:
        what = kinds.get(one.kind, one.kind)
        if one.state_to:
            now = states.get(one.state_to, one.state_to)
            what = (
                f"stan: {states.get(one.state_from, one.state_from)} → {now}"
                if one.state_from
                else f"początek: {now}"
            )
        found.append(LogLine(one.on_day, what, one.text, one.made_at, view.people.get(one.made_by or 0, "")))
    return found


def _who(chosen: str) -> Who:
    """An institution is chosen by its number, a gmina by its code."""
    kind, _, value = chosen.partition("-")
    return Who(gmina_code=value) if kind == "g" else Who(stakeholder_id=whole_number(value))


def _parties_page(house: House, view: EntryView, asked: Parties, form: PartiesForm) -> str:
    form.offer(_candidates(house, view, asked), asked.roles)
    if form.who.errors and not form.who.choices:  # there is no such field on the page
        if PartyKind.NAMES in asked.kinds:
            form.names.errors = [*form.names.errors, *form.who.errors]
        else:
            form.form_errors = [*form.form_errors, *form.who.errors]
        form.who.errors = []
    return entry_page(
        "panel/register_parties.html",
        house,
        view,
        "registers.show",
        asked.label,
        form=form,
        label=asked.label,
        takes_names=PartyKind.NAMES in asked.kinds,
        takes_listed=set(asked.kinds) != {PartyKind.NAMES},
    )


def _candidates(house: House, view: EntryView, asked: Parties) -> Sequence[tuple[str, str]]:
    """Those who are not there yet."""
    context, found = current_context(), []
    if house.gmina and PartyKind.STAKEHOLDERS in asked.kinds:
        there = {one.stakeholder_id for one in view.parties}
        everyone = catalogue.stakeholders(context, house.gmina.code)
        found += [(f"i-{one.id}", one.name) for one in everyone if one.id not in there]
    if house.region and PartyKind.GMINAS in asked.kinds:
        codes = {one.gmina_code for one in view.parties}
        listed = parties.gminas_of(context, house.region.code)
        found += [(f"g-{code}", name) for code, name in listed if code not in codes]
    return found


def _reply_page(house: House, view: EntryView, line: PartyLine, form: ReplyForm) -> str:
    offers = parties.offers_of(current_context(), house.owner, view, line.party)
    form.offer((one.id, one.title) for one in offers)
    asked = view.rules.parties
    return entry_page(
        "panel/register_reply.html",
        house,
        view,
        "registers.show",
        "Odpowiedź",
        form=form,
        line=line,
        over=not _waits(view),
        matches=bool(asked and asked.matched_with),
        offers=len(offers),
    )
