"""What every use case of a coding round asks first: is it of this gmina, what stage is it in, who may act."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, Fault, ForbiddenError, InvalidInputError, NotFoundError
from survey_app.instrument.model import Coding, Instrument
from survey_app.services.context import Context
from survey_app.services.deeds import deeds
from survey_app.services.instruments import instrument_of
from survey_app.services.register.catalogue import text_faults, tidy_lines
from survey_app.services.register.sectors import sector_labels
from survey_app.store import audit, coding, people
from survey_app.store.coding import CodingRound

REASON_LENGTH = 2000
REPRESENTED_AT_CLOSE = "represented"  # key of the frozen document: pairs of person and stakeholder
OBJECT = "coding_round"
UNKNOWN = "Nie ma takiej tury kodowania w tej gminie."
NOT_IN_ROUND = "Tego interesariusza nie ma w tej turze."
NO_SEAT = "W tej turze nie mają Państwo miejsca: oceniają i głosują tylko osoby, które do niej należą."
REPRESENTS = "Reprezentujesz tę instytucję, więc jej nie oceniasz i nad jej kodem nie głosujesz."
STAGES = {
    coding.RATING: "oceny indywidualne",
    coding.AGREEMENT: "uzgadnianie kodów",
    coding.CLOSED: "zamknięta",
    coding.ABANDONED: "porzucona",
}
NOT_NOW = {
    coding.RATING: "Oceny nie są jeszcze wyłożone: każda osoba ocenia na razie sama.",
    coding.AGREEMENT: "Oceny są już wyłożone, więc nie można ich dodawać ani zmieniać.",
    coding.CLOSED: "Ta tura jest zamknięta i nic się w niej nie zmienia.",
    coding.ABANDONED: "Ta tura została porzucona i nic się w niej nie zmienia.",
}
WORDS: Mapping[str, str] = {
    "round_opened": "otwarcie tury",
    "round_extended": "dodanie interesariuszy lub osób",
    "round_stakeholder_withdrawn": "wyłączenie interesariusza",
    "round_rater_left": "zwolnienie miejsca",
    "round_abandoned": "porzucenie tury",
    "round_laid_open": "wyłożenie ocen",
    "round_names_agreed": "zgoda na nazwiska przy ocenach",
    "round_names_refused": "cofnięcie zgody na nazwiska przy ocenach",
    "round_decision": "decyzja o kodzie",
    "round_ballot_opened": "otwarcie głosowania",
    "round_ballot_closed": "zamknięcie głosowania",
    "round_show_of_hands": "zapis głosowania przez podniesienie rąk",
    "round_closed": "zamknięcie tury",
    "round_correction": "sprostowanie po zamknięciu",
}


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """A stakeholder of the round. `withdrawn_reason`: empty unless it was taken out of the round."""

    stakeholder_id: int
    name: str
    sector_label: str
    withdrawn_reason: str = ""
    internal: bool = True
    stakeholder_type: str | None = None
    natural_person: bool = False


def require_round(
    session: Session, gmina_code: str, round_id: int, *, alone: bool = False, stage: str | None = None
) -> CodingRound:
    """NotFoundError if it is not of this gmina; ConflictError, in words, if it is in another stage.

    `alone`: nobody else changes anything of the round until the transaction ends; every write begins so.
    """
    found = coding.get(session, round_id, alone=alone)
    if found is None or found.gmina_code != gmina_code:
        raise NotFoundError(UNKNOWN)
    if stage is not None and found.stage != stage:
        raise ConflictError(NOT_NOW[found.stage])
    return found


def require_going_on(session: Session, gmina_code: str, round_id: int) -> CodingRound:
    """For a change before the close, in either stage: alone. ConflictError once it is over."""
    found = require_round(session, gmina_code, round_id, alone=True)
    if found.stage not in coding.OPEN:
        raise ConflictError(NOT_NOW[found.stage])
    return found


def require_laid_open(session: Session, gmina_code: str, round_id: int) -> CodingRound:
    """METHOD, "Coding": nobody sees others' ratings before the individual stage is over."""
    found = require_round(session, gmina_code, round_id)
    if found.laid_open_at is None:
        raise ConflictError(NOT_NOW[found.stage])
    return found


def require_seat(session: Session, found: CodingRound, person_id: int) -> None:
    """ForbiddenError: no seat, has left it, or is no longer of the team."""
    if person_id not in coding.active_seats(session, found):
        raise ForbiddenError(NO_SEAT)


def refuse_representative(session: Session, found: CodingRound, person_id: int, stakeholder_id: int) -> None:
    """METHOD, "Coding": nobody rates, or votes on, the institution that they represent."""
    if stakeholder_id in represented(session, found).get(person_id, frozenset()):
        raise ForbiddenError(REPRESENTS)


def require_entry(session: Session, found: CodingRound, stakeholder_id: int) -> coding.RoundStakeholder:
    """NotFoundError: not in the round, or taken out of it."""
    row = coding.entry(session, found.id, stakeholder_id)
    if row is None:
        raise NotFoundError(NOT_IN_ROUND)
    if row.withdrawn_at is not None:
        raise NotFoundError("Ten interesariusz został wyłączony z tej tury.")
    return row


def instrument_and_coding(found: CodingRound) -> tuple[Instrument, Coding]:
    """The version that the round was opened with."""
    instrument = instrument_of(found.instrument_version)
    rules = instrument.definitions.coding
    if rules is None:
        raise ConflictError("Wersja wyróżników tej tury nie zawiera reguły kodowania.")
    return instrument, rules


def round_entries(
    session: Session, found: CodingRound, *, include_withdrawn: bool = False
) -> list[RoundEntry]:
    """In Polish alphabetical order: as the catalogue names them now, in a closed round as it did at the close."""
    if found.result is not None:
        return _frozen_entries(found.result, include_withdrawn)
    labels = sector_labels(session, found.gmina_code)
    listed = [
        RoundEntry(
            stakeholder_id=stakeholder.id,
            name=stakeholder.name,
            sector_label=labels.get(stakeholder.sector, stakeholder.sector),
            withdrawn_reason=row.withdrawn_reason,
            internal=stakeholder.internal,
            stakeholder_type=stakeholder.stakeholder_type,
            natural_person=stakeholder.natural_person,
        )
        for row, stakeholder in coding.entries(session, found.id)
        if include_withdrawn or row.withdrawn_at is None
    ]
    return sorted(listed, key=lambda one: (polish.alphabetical(one.name), one.stakeholder_id))


def _frozen_entries(document: Mapping[str, Any], include_withdrawn: bool) -> list[RoundEntry]:
    shown = ("stakeholder_id", "name", "sector_label", "internal", "stakeholder_type", "natural_person")
    listed = [RoundEntry(**{name: one[name] for name in shown}) for one in document["stakeholders"]]
    if include_withdrawn:
        listed += [
            RoundEntry(one["stakeholder_id"], one["name"], "", one["reason"]) for one in document["withdrawn"]
        ]
    return sorted(listed, key=lambda one: (polish.alphabetical(one.name), one.stakeholder_id))


def represented(session: Session, found: CodingRound) -> Mapping[int, frozenset[int]]:
    """Person -> what that person represents, and so neither rates nor votes on: now, or in a closed round at its close.

    METHOD, "Coding": nobody rates, or votes on, the institution that they represent.
    """
    if found.result is None:
        return people.representations(session, found.gmina_code)
    return _by_person(found.result[REPRESENTED_AT_CLOSE])


def left_out(found: CodingRound, representing: Mapping[int, frozenset[int]]) -> Mapping[int, frozenset[int]]:
    """Person -> stakeholders for which the person's ratings do not count. `representing`: as `represented` says.

    What was given before the representation was entered is left out, too, as long as each rates alone. From the laying
    open on the ratings stay as they are: one that disappears, or comes back, while all the others stay would show
    whose it is (METHOD, "Coding": without a name unless the team agrees). Votes follow `represented`.
    """
    if found.represented is not None:
        return _by_person(found.represented)
    return representing


def _by_person(pairs: Iterable[Sequence[int]]) -> Mapping[int, frozenset[int]]:
    kept: dict[int, set[int]] = {}
    for person_id, stakeholder_id in pairs:
        kept.setdefault(person_id, set()).add(stakeholder_id)
    return {person_id: frozenset(theirs) for person_id, theirs in kept.items()}


def pairs_of(by_person: Mapping[int, frozenset[int]], stakeholder_ids: Collection[int]) -> list[list[int]]:
    """Pairs of person and stakeholder, of these stakeholders alone, in order: the form that is kept."""
    kept = set(stakeholder_ids)
    return sorted(
        [person_id, stakeholder_id]
        for person_id, theirs in by_person.items()
        for stakeholder_id in theirs & kept
    )


def tidy_reason(
    text: str, where: str = "reason", *, required: bool = True, longest: int = REASON_LENGTH
) -> str:
    """1 to `longest` characters, letters with diacritics in one form. InvalidInputError names what is wrong."""
    tidy = tidy_lines(text)
    faults = text_faults(where, tidy, longest, many_lines=True)
    if required and not tidy:
        hint = "Napisz w jednym zdaniu, dlaczego tak."
        faults = [Fault("reason_missing", where, "Brakuje powodu.", hint)]
    if faults:
        raise InvalidInputError("Nie zapisano. Popraw wskazane pola.", faults)
    return tidy


def record(
    context: Context, session: Session, found: CodingRound, action: str, actor: int | None, detail: str = ""
) -> None:
    """`detail` holds ids at most; never a rating's content."""
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type=OBJECT,
        object_id=found.id,
        gmina_code=found.gmina_code,
        detail=detail,
    )


def trace(context: Context, gmina_code: str, round_id: int) -> list[str]:
    """One line per step, the oldest first: when, what, who."""
    with context.database.reading() as session:
        found = require_round(session, gmina_code, round_id)
        return [deed.line for deed in deeds(session, OBJECT, found.id, WORDS)]
