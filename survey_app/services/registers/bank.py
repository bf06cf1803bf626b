"""The bank: what partners offer, what is needed and for when, who was asked and what they said (000, rules 5 to 7).

A contribution in the catalogue says that an institution declared something, and only that counts for its code. An
offer says on what terms and days it can be had, and whether it still can. Taken over from a contribution, it follows
that: once the contribution is withdrawn, nobody is asked for it any more.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, FaultList, InvalidInputError, NotFoundError
from survey_app.instrument.values import Value
from survey_app.services.context import Context
from survey_app.services.registers import entries, parties
from survey_app.services.registers.definitions import register_definition, rules_of
from survey_app.services.registers.entries import Content, Owner
from survey_app.services.registers.parties import Who
from survey_app.store import catalogue, declarations, registers
from survey_app.store.catalogue import Stakeholder
from survey_app.store.declarations import CONTRIBUTION, RESOURCES, Declaration
from survey_app.store.registers import RegisterEntry, RegisterEvent, RegisterParty

OFFERS, NEEDS = "zasoby", "potrzeby"
TOLD_KIS, TOLD_TEAM = "info_kis", "info_zsl"  # in this order (000, rule 7)
AT_ONCE = 50  # contributions that one click takes over
_TITLE, _TERMS = 200, 2_000
GONE = (
    "Ta potrzeba jest już {state}, więc nikt na nią nie czeka. To, co wpisano, zostało na stronie: można to zapisać "
    "w banku jako ofertę bez potrzeby."
)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day, both included; None: no limit on that side."""

    first: dt.date | None
    last: dt.date | None

    def overlap(self, other: Days) -> bool:
        starts = self.first is None or other.last is None or self.first <= other.last
        return starts and (other.first is None or self.last is None or other.first <= self.last)

    def hold(self, other: Days) -> bool:
        """Is the other within these?"""
        starts = self.first is None or (other.first is not None and self.first <= other.first)
        return starts and (self.last is None or (other.last is not None and other.last <= self.last))


@dataclass(frozen=True, slots=True)
class Offer:
    """`promised`: days for which it was given to a need that stands, with that need's title.

    `gone`: why it cannot be given although nobody withdrew it here; empty while it can.
    """

    entry: RegisterEntry
    whose: int | None  # number in the catalogue
    who: str
    kind: str
    terms: str
    days: Days
    state: str
    over: bool
    promised: tuple[tuple[Days, str], ...] = ()
    gone: str = ""

    @property
    def stands(self) -> bool:
        """Is it there to be asked for?"""
        return self.entry.state == "offered" and not self.gone

    def free(self, days: Days) -> bool:
        return self.days.hold(days) and not any(taken.overlap(days) for taken, _ in self.promised)


@dataclass(frozen=True, slots=True)
class Asked:
    """An institution that was asked. `offer`: the title of what it said yes with."""

    party: RegisterParty
    whose: int | None
    who: str
    offer: str


@dataclass(frozen=True, slots=True)
class Need:
    """`short`: by how many days it was raised later than rule 6 wants. `told_kis`, `told_team`: the last such days.

    `suggested`: offers of the same kind that are free in those days, of institutions that were not asked yet; `own`:
    such offers of the institution that needs it; `fit_asked`: is there one of an institution that was asked?
    """

    entry: RegisterEntry
    whose: int | None
    who: str
    kind: str
    days: Days
    many: str
    state: str
    over: bool
    late: bool
    short: int
    asked: tuple[Asked, ...]
    told_kis: dt.date | None
    told_team: dt.date | None
    suggested: tuple[Offer, ...] = ()
    own: tuple[Offer, ...] = ()
    fit_asked: bool = False

    @property
    def waiting(self) -> tuple[Asked, ...]:
        """Who has not replied, while the need stands."""
        return () if self.over else tuple(one for one in self.asked if not one.party.reply)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the needs: raised, those with at least one reply, met, withdrawn; of those asked: waiting, refused."""

    raised: int
    answered: int
    met: int
    withdrawn: int
    waiting: int
    refused: int


@dataclass(frozen=True, slots=True)
class Bank:
    """`offers`: by kind, in words, those that are over last. `needs`: open ones first, by day.

    `contributions`: of the catalogue, not taken over yet, each with the institution's name.
    """

    offers: Mapping[str, Sequence[Offer]]
    needs: Sequence[Need]
    contributions: Sequence[tuple[Declaration, str]]
    counts: Counts

    def need(self, entry_id: int) -> Need:
        """NotFoundError if the gmina has no such need."""
        for one in self.needs:
            if one.entry.id == entry_id:
                return one
        raise NotFoundError("W tym banku nie ma takiej potrzeby.")


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """What an institution offers to a need. `kind`: of RESOURCES."""

    stakeholder_id: int | None
    name: str
    kind: str
    terms: str = ""
    first: dt.date | None = None
    last: dt.date | None = None


def bank(context: Context, gmina_code: str) -> Bank:
    """Offers, needs, who was asked; five statements, whatever the size."""
    with context.database.reading() as session:
        held = registers.entries(session, gmina_code, None, {OFFERS, NEEDS})
        ids = {one.id for one in held if one.key == NEEDS}
        asked = registers.parties(session, ids) if ids else []
        told = registers.events(session, ids) if ids else []
        who = catalogue.by_number(catalogue.stakeholders(session, gmina_code, include_left=True))
        declared = [one for of in declarations.of_gmina(session, gmina_code).values() for one in of]
    return _bank(context.today(), held, asked, told, who, declared)


def ask_suggested(context: Context, gmina_code: str, need_id: int, actor: int | None) -> int:
    """Adds every institution whose offer is suggested to those asked; how many. ConflictError: the need is over."""
    need = bank(context, gmina_code).need(need_id)
    if need.over:
        raise ConflictError(f"Ta potrzeba jest już {need.state}, więc nikogo się o nią nie pyta.")
    ids = dict.fromkeys(one.whose for one in need.suggested)
    who = [Who(stakeholder_id=one) for one in ids]
    return parties.add(context, Owner(gmina_code), need_id, who, "", actor) if who else 0


def take_over(context: Context, gmina_code: str, declaration_ids: Iterable[int], actor: int | None) -> int:
    """Makes an offer of each contribution that is none yet; how many are new. NotFoundError: there is no such one."""
    known = {one.id: one for one, _ in bank(context, gmina_code).contributions}
    with context.database.reading() as session:
        every = {one.id for of in declarations.of_gmina(session, gmina_code).values() for one in of}
    made = 0
    for declaration_id in list(declaration_ids)[:AT_ONCE]:
        if declaration_id not in every:
            raise NotFoundError("W katalogu tej gminy nie ma takiego wkładu.")
        if declaration_id in known:
            offered = _of_contribution(known[declaration_id])
            entries.add(context, Owner(gmina_code), OFFERS, offered, actor, declaration_id=declaration_id)
            made += 1
    return made


def offer(context: Context, gmina_code: str, draft: OfferDraft, actor: int | None) -> RegisterEntry:
    """Into the bank, for no need in particular. InvalidInputError names every field of the draft at fault."""
    faults = _draft_faults(draft)
    try:
        if not faults.faults:
            return entries.add(context, Owner(gmina_code), OFFERS, _content(draft), actor)
    except InvalidInputError as error:
        places = {"about": "stakeholder_id", "nazwa": "name", "rodzaj": "kind", "warunki": "terms"}
        faults.faults.extend(replace(one, where=places.get(one.where, one.where)) for one in error.faults)
    raise InvalidInputError("Oferta nie została zapisana.", faults.faults)


def offer_to_need(
    context: Context, gmina_code: str, need_id: int, draft: OfferDraft, actor: int | None
) -> RegisterEntry:
    """An offer for this need: kept in the bank, its institution among those asked, with a yes of today.

    ConflictError: the need is gone. Then nothing was kept, unless it went in this very moment: the offer then is.
    """
    need, owner = bank(context, gmina_code).need(need_id), Owner(gmina_code)
    if need.over:
        raise ConflictError(GONE.format(state=need.state))
    made = offer(context, gmina_code, draft, actor)
    assert made.stakeholder_id is not None, "every offer is somebody's"
    parties.add(context, owner, need_id, [Who(stakeholder_id=made.stakeholder_id)], "", actor)
    asked = next(
        one
        for one in entries.view(context, owner, need_id).parties
        if one.stakeholder_id == made.stakeholder_id
    )
    parties.reply(context, owner, need_id, asked.id, "yes", context.today(), "", actor, offer_id=made.id)
    return made


def counts(
    session: Session, gmina_code: str, first: dt.date | None = None, last: dt.date | None = None
) -> Counts:
    """For monitoring: of the needs for a day within these (both included)."""
    within = Days(first, last)
    needs = [
        one
        for one in registers.entries(session, gmina_code, None, {NEEDS})
        if within.hold(Days(one.due_on, one.due_on))
    ]
    return _counts(needs, registers.parties(session, {one.id for one in needs}) if needs else [])


def _bank(
    today: dt.date,
    held: Sequence[RegisterEntry],
    asked: Sequence[RegisterParty],
    told: Sequence[RegisterEvent],
    who: Mapping[int, Stakeholder],
    declared: Sequence[Declaration],
) -> Bank:
    by_id = {one.id: one for one in held}
    offers = _offers(today, by_id, asked, who, {one.id: one for one in declared})
    needs = _needs(today, by_id, asked, told, who)
    needs = [_with_offers(one, offers) for one in needs]
    by_kind: dict[str, list[Offer]] = {}
    for kind, label in RESOURCES.items():
        found = [one for one in offers if one.kind == kind]
        if found:
            by_kind[label] = sorted(found, key=lambda one: (one.over, bool(one.gone), one.entry.id))
    taken = {one.declaration_id for one in held}
    left = [
        (one, who[one.stakeholder_id].name)
        for one in declared
        if one.kind == CONTRIBUTION and one.id not in taken and not _withdrawn(one, today)
        if who[one.stakeholder_id].left_on is None
    ]
    number = _counts([one for one in held if one.key == NEEDS], asked)
    return Bank(by_kind, needs, sorted(left, key=lambda one: polish.alphabetical(one[1])), number)


def _with_offers(need: Need, offers: Iterable[Offer]) -> Need:
    """Nobody is told to ask themselves, nor to ask again; but why nothing is suggested then is known."""
    if need.over:
        return need
    asked = {one.whose for one in need.asked}
    fit = [one for one in offers if one.stands and one.kind == need.kind and one.free(need.days)]
    return replace(
        need,
        suggested=tuple(one for one in fit if one.whose not in {need.whose, *asked}),
        own=tuple(one for one in fit if one.whose is not None and one.whose == need.whose),
        fit_asked=any(one.whose in asked and one.whose != need.whose for one in fit),
    )


def _offers(
    today: dt.date,
    by_id: Mapping[int, RegisterEntry],
    asked: Sequence[RegisterParty],
    who: Mapping[int, Stakeholder],
    declared: Mapping[int, Declaration],
) -> list[Offer]:
    promised: dict[int, list[tuple[Days, str]]] = defaultdict(list)
    for one in asked:
        need = by_id[one.entry_id]
        if one.offer_id is not None and need.state != "withdrawn":
            promised[one.offer_id].append((_days_of_need(need), need.title))
    found, rules = [], rules_of(register_definition(OFFERS))
    for entry in by_id.values():
        if entry.key == OFFERS:
            days = Days(_day(entry, "od"), _day(entry, "do"))
            state = rules.known_state(entry.state)
            found.append(
                Offer(
                    entry,
                    *_who(who, entry.stakeholder_id),
                    _kind(entry),
                    str(entry.answers.get("warunki", "")),
                    days,
                    state.label,
                    state.final,
                    tuple(promised[entry.id]),
                    _gone(today, entry, days, who, declared),
                )
            )
    return found


def _needs(
    today: dt.date,
    by_id: Mapping[int, RegisterEntry],
    asked: Sequence[RegisterParty],
    told: Sequence[RegisterEvent],
    who: Mapping[int, Stakeholder],
) -> list[Need]:
    definition = register_definition(NEEDS)
    rules = rules_of(definition)
    of: dict[int, list[Asked]] = defaultdict(list)
    for party in asked:
        with_what = by_id[party.offer_id].title if party.offer_id else ""
        of[party.entry_id].append(Asked(party, *_who(who, party.stakeholder_id), with_what))
    last = {(one.entry_id, one.kind): one.on_day for one in told}  # they come by days
    found = []
    for entry in by_id.values():
        if entry.key != NEEDS:
            continue
        state = rules.known_state(entry.state)
        days = _days_of_need(entry)
        raised = entry.created_at.astimezone(polish.WARSAW).date()
        ahead = (days.first - raised).days if days.first else 0
        found.append(
            Need(
                entry,
                *_who(who, entry.stakeholder_id),
                _kind(entry),
                days,
                _words(entry, "ile"),
                state.label,
                state.final,
                entries.is_late(definition, entry, today),
                max(0, rules_of(definition).lead_days - ahead),
                tuple(of[entry.id]),
                last.get((entry.id, TOLD_KIS)),
                last.get((entry.id, TOLD_TEAM)),
            )
        )
    return sorted(found, key=lambda one: (one.over, one.days.first or dt.date.max, one.entry.id))


def _counts(needs: Sequence[RegisterEntry], asked: Sequence[RegisterParty]) -> Counts:
    rules = rules_of(register_definition(NEEDS))
    standing = {one.id for one in needs if not rules.known_state(one.state).final}
    return Counts(
        raised=len(needs),
        answered=len({one.entry_id for one in asked if one.reply}),
        met=sum(one.state == "met" for one in needs),
        withdrawn=sum(one.state == "withdrawn" for one in needs),
        waiting=sum(not one.reply and one.entry_id in standing for one in asked),
        refused=sum(one.reply == "no" for one in asked),
    )


def _gone(
    today: dt.date,
    entry: RegisterEntry,
    days: Days,
    who: Mapping[int, Stakeholder],
    declared: Mapping[int, Declaration],
) -> str:
    of = declared.get(entry.declaration_id or 0)
    if of is not None and _withdrawn(of, today):
        assert of.withdrawn_on is not None
        return f"wkład wycofano w katalogu {polish.date(of.withdrawn_on)}"
    whose = who.get(entry.stakeholder_id or 0)
    if whose is not None and whose.left_on is not None:
        return "tej instytucji nie ma już w katalogu"
    if days.last is not None and days.last < today:
        return f"ostatni dzień minął {polish.date(days.last)}"
    return ""


def _of_contribution(declared: Declaration) -> Content:
    words = " ".join(declared.description.split())
    title = words if len(words) <= _TITLE else words[: _TITLE - 1].rstrip() + "…"
    answers: dict[str, Value] = {"nazwa": [title], "rodzaj": {"option": declared.resource or "inne"}}
    if title != words:
        answers["warunki"] = declared.description[:_TERMS]
    return Content(answers, stakeholder_id=declared.stakeholder_id)


def _content(draft: OfferDraft) -> Content:
    answers: dict[str, Value] = {"nazwa": [" ".join(draft.name.split())], "rodzaj": {"option": draft.kind}}
    if draft.terms.strip():
        answers["warunki"] = draft.terms.strip()
    for key, day in (("od", draft.first), ("do", draft.last)):
        if day is not None:
            answers[key] = day.isoformat()
    return Content(answers, stakeholder_id=draft.stakeholder_id)


def _draft_faults(draft: OfferDraft) -> FaultList:
    faults = FaultList()
    name = " ".join(draft.name.split())
    if not name or len(name) > _TITLE:
        message = f"Nazwa oferty ma od 1 do {_TITLE} znaków."
        faults.add("offer.name", "name", message, "Wpisz krótko, co można udostępnić.")
    if draft.kind not in RESOURCES:
        faults.add("offer.kind", "kind", "Brakuje rodzaju.", "Wybierz go z listy.")
    if len(draft.terms) > _TERMS:
        faults.add("offer.terms", "terms", f"Warunki mogą mieć najwyżej {_TERMS} znaków.", "Skróć je.")
    if draft.first and draft.last and draft.last < draft.first:
        faults.add("offer.days", "last", "Ostatni dzień jest przed pierwszym.", "Popraw jeden z nich.")
    return faults


def _days_of_need(entry: RegisterEntry) -> Days:
    first = entry.due_on
    last = _day(entry, "do_kiedy")
    return Days(first, max(first, last) if first and last else first)


def _day(entry: RegisterEntry, question: str) -> dt.date | None:
    value = entry.answers.get(question)
    return dt.date.fromisoformat(value) if isinstance(value, str) else None


def _kind(entry: RegisterEntry) -> str:
    value = entry.answers.get("rodzaj")
    return str(value.get("option", "inne")) if isinstance(value, Mapping) else str(value or "inne")


def _words(entry: RegisterEntry, question: str) -> str:
    value = entry.answers.get(question)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _who(who: Mapping[int, Stakeholder], stakeholder_id: int | None) -> tuple[int | None, str]:
    """Its number and name as they are now."""
    found = who.get(stakeholder_id or 0)
    return (found.id, found.name) if found else (None, "")


def _withdrawn(of: Declaration, today: dt.date) -> bool:
    return of.withdrawn_on is not None and of.withdrawn_on <= today
