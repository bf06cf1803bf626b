"""A team with seats, and a meeting of it: for tests of attendance, motions and minutes."""

from __future__ import annotations

from survey_app.services import team_people
from survey_app.services.context import Context
from survey_app.services.registers import entries, meetings, votes
from survey_app.services.registers.entries import Content, Owner
from survey_app.services.registers.meetings import Meeting
from tests import coding_kit as kit
from tests.campaign_kit import GMINA

OWNER = Owner(gmina_code=GMINA)
SEATS = ("Instytucja 001", "Instytucja 002", "Instytucja 003", "Osoba 4")


def add_team(context: Context) -> kit.Team:
    """Four seats: the first two people sit for one institution, the third for two, the fourth for herself."""
    team = kit.add_team(context, 4, 4)
    first, second, third, _ = team.stakeholders
    for person, own in zip(team.people, ({first}, {first}, {second, third}), strict=False):
        team_people.set_representations(context, GMINA, person, own, None)
    return team


def a_meeting(context: Context, gmina: str = GMINA, **answers: object) -> int:
    """Today."""
    said = {
        "nazwa": ["Posiedzenie nr 4"],
        "rodzaj": {"option": "posiedzenie"},
        "dzien": context.today().isoformat(),
        "miejsce": ["Urząd"],
        "porzadek": ["Pakt", "Sprawy różne"],
    }
    content = Content({**said, **answers})
    return entries.add(context, Owner(gmina_code=gmina), "posiedzenia", content, None).id


def opened(context: Context, present: int = 4, **answers: object) -> tuple[int, list[int]]:
    """A meeting with its seats listed, the first so many present; its id, and the seats' in the order of SEATS."""
    entry_id = a_meeting(context, **answers)
    meetings.list_seats(context, OWNER, entry_id, None)
    seats = [one.id for one in held(context, entry_id).seats]
    meetings.record_attendance(context, OWNER, entry_id, [], seats[:present], None)
    return entry_id, seats


def held(context: Context, entry_id: int) -> Meeting:
    return meetings.meeting(context, OWNER, entry_id)


def put(context: Context, entry_id: int, text: str = "Przyjąć plan roczny", *, named: bool = True) -> int:
    return votes.put(context, OWNER, entry_id, text, named, None).number


def cast_of(context: Context, entry_id: int, number: int) -> dict[int, str]:
    found = held(context, entry_id)
    return dict(found.cast.get(found.motion(number).id, {}))
