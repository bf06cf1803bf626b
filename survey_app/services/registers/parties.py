"""Those whom an entry brings together, and what each replied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.instrument.register_model import Parties, PartyKind
from survey_app.services.context import Context
from survey_app.services.registers.entries import EntryView, Owner, record, require, used_rules
from survey_app.store import catalogue, gminas, registers
from survey_app.store.registers import RegisterEntry, RegisterParty

MOST = 500
NAME, REPLY = 200, 2_000
UNKNOWN = "Przy tym wpisie nie ma takiego uczestnika."
OVER = "Ten wpis jest już zamknięty, więc odpowiedzi na niego nie można zapisać. Koordynator może go otworzyć na nowo."


@dataclass(frozen=True, slots=True)
class Who:
    """Exactly one of the three: an entry of the catalogue, a gmina of the region, somebody by name."""

    stakeholder_id: int | None = None
    gmina_code: str | None = None
    name: str = ""


def add(
    context: Context, owner: Owner, entry_id: int, who: Sequence[Who], role: str, actor: int | None
) -> int:
    """Adds those who are not there yet; how many. All or none: InvalidInputError (places `who`, `role`) names each.

    ConflictError: the entry takes nobody, or is full.
    """
    with context.database.transaction() as session:
        entry = require(session, owner, entry_id)
        registers.hold(session, entry)
        rules = _parties(session, entry)
        held = registers.parties(session, {entry_id})
        known = {_key(one.stakeholder_id, one.gmina_code, one.name) for one in held}
        faults = _who_faults(session, owner, rules, who)
        if role and role not in rules.roles:
            faults.append(Fault("party.role", "role", "Nie ma takiej roli.", "Wybierz jedną z listy."))
        if faults:
            raise InvalidInputError("Nikogo nie dopisano.", faults)
        new = {_key(one.stakeholder_id, one.gmina_code, one.name): one for one in who}
        added = [one for key, one in new.items() if key not in known]
        if len(held) + len(added) > MOST:
            raise ConflictError(f"Przy jednym wpisie może być najwyżej {MOST} uczestników.")
        for one in added:
            columns: dict[str, Any] = {"stakeholder_id": one.stakeholder_id, "gmina_code": one.gmina_code}
            name = " ".join(one.name.split())
            registers.add_party(session, entry_id, context.clock(), actor, name=name, role=role, **columns)
        if added:
            record(context, session, "entry_parties", entry, actor)
        return len(added)


def remove(context: Context, owner: Owner, entry_id: int, party_id: int, actor: int | None) -> None:
    """Takes one away that was added by mistake; who has replied stays. NotFoundError: there is none."""
    with context.database.transaction() as session:
        entry = require(session, owner, entry_id)
        registers.hold(session, entry)
        found = _require_party(session, entry_id, party_id)
        if found.reply:
            raise ConflictError(
                "Ten uczestnik już odpowiedział, więc zostaje przy wpisie ze swoją odpowiedzią."
            )
        session.delete(found)
        record(context, session, "entry_parties", entry, actor)


def reply(
    context: Context,
    owner: Owner,
    entry_id: int,
    party_id: int,
    says: str,
    on: dt.date,
    text: str,
    actor: int | None,
    *,
    offer_id: int | None = None,
) -> None:
    """What a party said: `says` "yes" or "no"; a refusal has a reason. A later reply stands in the place of an earlier.

    `offer_id`: the entry of the register of offers that a yes is given with. InvalidInputError (places `says`,
    `on_day`, `text`, `offer_id`). ConflictError: nobody waits for a reply any more, or the offer is gone.
    """
    with context.database.transaction() as session:
        entry = require(session, owner, entry_id)
        registers.hold(session, entry)
        found, asked = _require_party(session, entry_id, party_id), _parties(session, entry)
        if not asked.replies or used_rules(session, entry).state(entry.state).final:
            raise ConflictError(OVER)
        faults = _reply_faults(context, says, on, text)
        if offer_id is not None:
            faults += _offer_faults(session, owner, asked, found, says, offer_id)
        if faults:
            raise InvalidInputError("Odpowiedź nie została zapisana.", faults)
        found.reply, found.reply_text, found.replied_on = says, text.strip(), on
        found.offer_id = offer_id
        found.recorded_at, found.recorded_by = context.clock(), actor
        record(context, session, "entry_reply", entry, actor, "zgoda" if says == "yes" else "odmowa")


def _key(stakeholder_id: int | None, gmina_code: str | None, name: str) -> tuple[object, ...]:
    return stakeholder_id, gmina_code, " ".join(name.split()).casefold()


def _parties(session: Session, entry: RegisterEntry) -> Parties:
    rules = used_rules(session, entry).parties
    if rules is None:
        raise ConflictError("Wpisy tego rejestru nie mają uczestników.")
    return rules


def _require_party(session: Session, entry_id: int, party_id: int) -> RegisterParty:
    found = registers.party(session, entry_id, party_id)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found


def _who_faults(session: Session, owner: Owner, rules: Parties, who: Sequence[Who]) -> list[Fault]:
    if not who:
        return [Fault("party.none", "who", "Nikogo nie wybrano.", "Zaznacz albo wpisz co najmniej jednego.")]
    here: set[int] = set()
    if owner.gmina_code and PartyKind.STAKEHOLDERS in rules.kinds:
        here = {one.id for one in catalogue.stakeholders(session, owner.gmina_code)}
    codes: set[str] = set()
    if owner.region_code and PartyKind.GMINAS in rules.kinds:
        codes = set(gminas.codes_in(session, owner.region_code))
    faults = []
    for one in who:
        name = " ".join(one.name.split())
        if [one.stakeholder_id is not None, one.gmina_code is not None, bool(name)].count(True) != 1:
            faults.append(
                Fault("party.who", "who", "Nie wiadomo, kogo dopisać.", "Wybierz z listy albo wpisz nazwę.")
            )
        elif one.stakeholder_id is not None and one.stakeholder_id not in here:
            faults.append(Fault("party.who", "who", "Tej instytucji nie ma w katalogu.", "Wybierz z listy."))
        elif one.gmina_code is not None and one.gmina_code not in codes:
            faults.append(Fault("party.who", "who", "Tej gminy nie ma w tym regionie.", "Wybierz z listy."))
        elif name and (PartyKind.NAMES not in rules.kinds or len(name) > NAME or not name.isprintable()):
            message = f"Nazwa może mieć najwyżej {NAME} zwykłych znaków."
            faults.append(Fault("party.name", "who", message, "Popraw ją albo wybierz z listy."))
    return faults


def _reply_faults(context: Context, says: str, on: dt.date, text: str) -> list[Fault]:
    faults = []
    if says not in ("yes", "no"):
        faults.append(Fault("party.says", "says", "Nie wiadomo, czy to zgoda, czy odmowa.", "Wybierz jedno."))
    if on > context.today():
        faults.append(
            Fault("party.day", "on_day", "Ten dzień jeszcze nie nadszedł.", "Wpisz dzień odpowiedzi.")
        )
    if says == "no" and not text.strip():
        faults.append(Fault("party.reason", "text", "Odmowa wymaga powodu.", "Napisz go w kilku słowach."))
    if len(text) > REPLY:
        faults.append(Fault("party.long", "text", f"Tekst może mieć najwyżej {REPLY} znaków.", "Skróć go."))
    return faults


def _offer_faults(
    session: Session, owner: Owner, rules: Parties, party: RegisterParty, says: str, offer_id: int
) -> list[Fault]:
    offer = registers.get(session, owner.gmina_code, owner.region_code, offer_id)
    if says != "yes" or offer is None or offer.key != rules.matched_with:
        return [Fault("party.offer", "offer_id", "Nie ma takiej oferty.", "Wybierz jedną z listy.")]
    if offer.stakeholder_id != party.stakeholder_id:
        return [
            Fault(
                "party.offer",
                "offer_id",
                "To oferta innej instytucji.",
                "Wybierz ofertę tej, która odpowiada.",
            )
        ]
    if used_rules(session, offer).state(offer.state).final:
        return [
            Fault("party.offer", "offer_id", "Ta oferta jest już nieaktualna.", "Wybierz inną albo żadną.")
        ]
    return []


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party as it is shown. `offer`: title of the entry that its yes was given with."""

    party: RegisterParty
    name: str
    offer: str


def lines(context: Context, view: EntryView) -> list[PartyLine]:
    """All parties of an entry, as they were added."""
    if not view.parties:
        return []
    with context.database.reading() as session:
        return _lines(session, view.parties, view.stakeholders)


def of_register(context: Context, owner: Owner, key: str) -> list[tuple[int, PartyLine]]:
    """(entry id, party) of all entries of a register."""
    with context.database.reading() as session:
        held = registers.parties_of(session, owner.gmina_code, owner.region_code, key)
        names = registers.stakeholder_names(
            session, {one.stakeholder_id for one in held if one.stakeholder_id}
        )
        return [(one.party.entry_id, one) for one in _lines(session, held, names)]


def _lines(
    session: Session, held: Sequence[RegisterParty], stakeholders: Mapping[int, str]
) -> list[PartyLine]:
    codes = registers.gmina_names(session, {one.gmina_code for one in held if one.gmina_code})
    offers = registers.titles(session, {one.offer_id for one in held if one.offer_id})
    return [
        PartyLine(
            one,
            one.name or stakeholders.get(one.stakeholder_id or 0) or codes.get(one.gmina_code or "", "?"),
            offers.get(one.offer_id or 0, ""),
        )
        for one in held
    ]


def line(context: Context, view: EntryView, party_id: int) -> PartyLine:
    """NotFoundError if there is none."""
    for one in lines(context, view):
        if one.party.id == party_id:
            return one
    raise NotFoundError(UNKNOWN)


def gminas_of(context: Context, region_code: str) -> list[tuple[str, str]]:
    """(code, name) of every gmina of a region, in Polish alphabetical order."""
    with context.database.reading() as session:
        found = registers.gmina_names(session, gminas.codes_in(session, region_code))
    return sorted(found.items(), key=lambda one: (polish.alphabetical(one[1]), one[0]))


def offers_of(context: Context, owner: Owner, view: EntryView, party: RegisterParty) -> list[RegisterEntry]:
    """Entries of the register of offers that this party made and that still stand."""
    asked = view.rules.parties
    if asked is None or not asked.matched_with or party.stakeholder_id is None:
        return []
    with context.database.reading() as session:
        found = registers.entries(session, owner.gmina_code, owner.region_code, {asked.matched_with})
        return [
            one
            for one in found
            if one.stakeholder_id == party.stakeholder_id
            and not used_rules(session, one).state(one.state).final
        ]
