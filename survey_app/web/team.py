"""The panel's first pages: the person's gminas, and where a gmina's team stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect

from survey_app import polish
from survey_app.instrument.process_model import ProcessFact
from survey_app.services import accounts, gminas, team_people
from survey_app.services.coding import coding_rounds
from survey_app.services.coding.coding_rounds import CodingRound
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import process
from survey_app.services.registers.definitions import registers
from survey_app.services.registers.overview import of_entries
from survey_app.services.rollup import messages, regions
from survey_app.services.survey import campaigns
from survey_app.web.access import current_context, current_person, member_of_gmina, signed_in
from survey_app.web.next_step import (
    CODING_STAGES,
    STAGES,
    CodingAction,
    coding_action,
    coding_step,
    first_coding_action,
    next_step,
    stakeholders_words,
)
from survey_app.web.panel_frame import first_page, panel_page

blueprint = Blueprint("team", __name__, url_prefix="/panel")


@blueprint.get("")
@signed_in
def home() -> Any:
    """The only gmina at once; a choice where there are more."""
    person = current_person()
    codes = accounts.opened_gmina_codes(person)
    read = regions.readable_regions(current_context(), person)
    if len(codes) == 1 and not read and not accounts.is_administrator(person):
        return redirect(first_page(codes[0]))
    own = [gminas.describe(current_context(), code) for code in codes]
    return panel_page(
        "panel/home.html",
        own=[(one, first_page(one.code)) for one in own],
        regions=read,
        administrator=accounts.is_administrator(person),
    )


@blueprint.get("/<string(length=6):gmina_code>")
@member_of_gmina
def gmina(gmina: GminaDescription) -> str:
    """Where the team stands, for its coordinator; what is theirs to do, for everyone else."""
    context = current_context()
    rounds = coding_rounds.rounds(context, gmina.code)
    view = process.view(context, gmina.code)
    institutions, people = (view.facts.counts[one] for one in (ProcessFact.STAKEHOLDERS, ProcessFact.MEMBERS))
    common: dict[str, Any] = {
        "gmina": gmina,
        "section": "team",
        "view": view,
        "plan": of_entries(registers(), view.facts.entries, {}, context.today()),
        "coding": coding_step(institutions, people, rounds),
        "coding_action": _coding_action(gmina, rounds, institutions, people),
        "new_messages": [
            one for one in messages.for_gmina(context, gmina.code, current_person().id) if not one.read
        ],
        "coding_stages": CODING_STAGES,
        "institutions_words": stakeholders_words(institutions),
        "people_words": polish.counted(people, "osoba", "osoby", "osób"),
    }
    if not accounts.coordinates(current_person(), gmina.code):
        represents = team_people.represented_by(context, gmina.code, current_person().id)
        return panel_page("panel/gmina_member.html", represents=represents, **common)
    held = campaigns.campaigns_of(context, gmina.code)
    return panel_page(
        "panel/gmina.html",
        step=next_step(institutions, held, context.clock()),
        stages=STAGES,
        campaigns_words=polish.counted(len(held), "kampania", "kampanie", "kampanii"),
        **common,
    )


def _coding_action(
    gmina: GminaDescription, rounds: Sequence[CodingRound], institutions: int, people: int
) -> CodingAction:
    newest = next((one for one in rounds if one.stage != "abandoned"), None)
    if newest is None:
        coordinates = accounts.coordinates(current_person(), gmina.code)
        return first_coding_action(institutions, people) if coordinates else coding_action(None)
    if newest.stage != "rating":
        return coding_action(newest)
    return coding_action(newest, *coding_rounds.own_progress(current_context(), newest, current_person().id))
