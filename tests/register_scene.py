"""Registers, a meeting, the bank, the library and a message with something on every page: for whoever walks them."""

from __future__ import annotations

from collections.abc import Sequence

from survey_app.services.context import Context
from survey_app.services.library import items, take_down
from survey_app.services.library.drafts import ItemDraft
from survey_app.services.library.items import Scope
from survey_app.services.register import declarations
from survey_app.services.register.declarations import DeclarationDraft
from survey_app.services.registers import bank, entries, meetings, parties, votes
from survey_app.services.registers.bank import OfferDraft
from survey_app.services.registers.entries import Content, Owner
from survey_app.services.registers.parties import Who
from survey_app.services.rollup import import_records, messages

OUTSIDE = "https://przyklad.pl/poradnik"


def add_registers(context: Context, gmina: str, stakeholders: Sequence[int], person: int) -> None:
    """A need that two were asked about, an offer that fits, a contribution to take over; a meeting with votes."""
    owner, today = Owner(gmina_code=gmina), context.today().isoformat()
    club, first, second, third = stakeholders[:4]
    for one in (second, third):
        bank.offer(context, gmina, OfferDraft(one, "Sala", "lokal"), person)
    what = {"nazwa": ["Sala"], "rodzaj": {"option": "lokal"}, "na_kiedy": today}
    need = entries.add(context, owner, bank.NEEDS, Content(what, club), person)
    parties.add(context, owner, need.id, [Who(stakeholder_id=first), Who(stakeholder_id=second)], "", person)
    draft = DeclarationDraft("contribution", "Rzutnik", context.today(), "sprzet")
    declarations.add_declaration(context, gmina, first, draft, person)
    _meeting(context, owner, today, person)


def _meeting(context: Context, owner: Owner, today: str, person: int) -> None:
    """Everybody is there; one motion has a vote, one has none, one takes counts alone."""
    when = {"nazwa": ["Posiedzenie nr 1"], "rodzaj": {"option": "posiedzenie"}, "dzien": today}
    held = entries.add(context, owner, "posiedzenia", Content(when), person)
    meetings.list_seats(context, owner, held.id, person)
    seats = [one.id for one in meetings.meeting(context, owner, held.id).seats]
    meetings.record_attendance(context, owner, held.id, (), seats, person)
    for text, named in (("Przyjąć regulamin", True), ("Zaprosić szkołę", True), ("Zamknąć listę", False)):
        votes.put(context, owner, held.id, text, named, person)
    votes.cast(context, owner, held.id, 1, {seats[0]: "for"}, person)


def add_above(context: Context, gmina: str, person: int) -> None:
    """A link in each library, one on the public page, one taken off it; an entry of the region's register, a message to
    the teams, a recorded fact.
    """
    for scope in (Scope(gmina), Scope(region=gmina[:2]), Scope(region="PL")):
        draft = ItemDraft("link", "Poradnik", "cc-by", url=OUTSIDE)
        items.add(context, scope, draft, person)
    for title in ("Na stronie publicznej", "Zdjęte z niej"):
        draft = ItemDraft("link", title, "cc-by", url=OUTSIDE, open_to_all=True)
        shown = items.add(context, Scope(gmina), draft, person)
    take_down.take_down(context, shown.id, "Nieaktualne", None)
    region = Owner(region_code=gmina[:2])
    what = {"nazwa": ["Platforma"], "wariant": {"option": "obywatelski"}}
    platform = entries.add(context, region, "rpw", Content(what), person)
    parties.add(context, region, platform.id, [Who(name="Związek"), Who(gmina_code=gmina)], "", person)
    messages.send(context, gmina[:2], "Spotkanie", "Zapraszamy.", person)
    facts = import_records.read_file(context, "zapisy.csv", f"TERYT;wariant\n{gmina};A\n".encode())
    import_records.save(context, facts, "Raport", person)
