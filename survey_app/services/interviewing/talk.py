"""One interview while something is written about it: its scenario, its people's letters, and who agreed to notes.

METHOD, "IDI and FGI": no note without consent; who takes consent back takes the words along.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from survey_app.instrument.model import Instrument
from survey_app.services.context import Context
from survey_app.services.interviewing import participants
from survey_app.services.interviewing.interview_rules import require_interview
from survey_app.services.interviewing.participants import Consent
from survey_app.services.interviewing.scenarios import scenario_of
from survey_app.store.interviews import IDI, Interview, InterviewSeat

WITHDRAWN = "Osoba, która to powiedziała, cofnęła zgodę. Jej słów serwis nie przyjmuje i nie przechowuje."
NOBODY = "W tym wywiadzie nie ma osoby oznaczonej literą {letter}."
NOT_ASKED = "Osoba {letter} nie odpowiedziała jeszcze na pytanie o zgodę. Bez zgody nie zapisuje się notatek."
REFUSED = "Osoba {letter} nie zgodziła się na notatki, więc tej notatki nie zapisano."
NO_CONSENT = (
    "Nikt jeszcze nie zgodził się na notatki, więc tej notatki nie zapisano. Najpierw prosimy zapisać zgodę."
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is written. `gone`: for good, because consent was taken back."""

    message: str
    gone: bool = False


@dataclass(slots=True)
class Talk:
    """`at`: the service's moment of this writing."""

    interview: Interview
    scenario: Instrument
    at: dt.datetime
    consents: dict[str, Consent] = field(default_factory=dict)

    def seat(self, letter: str | None) -> InterviewSeat | None:
        return next((seat for seat in self.interview.seats if seat.letter == letter), None)

    def newcomer(self, identity: str) -> InterviewSeat | None:
        """Who was added on a device, under whatever letter they have by now."""
        return next((seat for seat in self.interview.seats if seat.newcomer == identity), None)

    def letter_of(self, seat_id: int | None) -> str | None:
        return next((seat.letter for seat in self.interview.seats if seat.id == seat_id), None)

    def asks(self, question_id: str) -> bool:
        """ "" is under no question. What describes a person is sealed with the person, and is no note."""
        own = {question.id for question in self.scenario.respondent_fields}
        return not question_id or (question_id in self.scenario.by_id and question_id not in own)

    def has_part(self, section_id: str) -> bool:
        return any(section.id == section_id for section in self.scenario.sections)

    def withdrawn(self, seat_id: int | None) -> bool:
        """Of an IDI everything goes, whatever letter it has."""
        letter = self.letter_of(seat_id)
        own = self.consents.get(letter) if letter is not None else None
        return (own is not None and own.withdrawn_at is not None) or self._all_gone

    def refusal(self, letter: str | None) -> Refusal | None:
        """Why nothing may be written under the letter; None: it may. Without a letter one consent is enough."""
        if self._all_gone:
            return Refusal(WITHDRAWN, gone=True)
        if letter is None:
            return self._refusal_of_all()
        consent = self.consents.get(letter)
        if consent is None:
            return Refusal(NOBODY.format(letter=letter))
        if consent.withdrawn_at is not None:
            return Refusal(WITHDRAWN, gone=True)
        if not consent.agreed:
            words = NOT_ASKED if consent.agreed is None else REFUSED
            return Refusal(words.format(letter=letter))
        return None

    @property
    def _all_gone(self) -> bool:
        return self.interview.form == IDI and any(one.withdrawn_at for one in self.consents.values())

    def _refusal_of_all(self) -> Refusal | None:
        consents = self.consents.values()
        if any(one.agreed and one.withdrawn_at is None for one in consents):
            return None
        return (
            Refusal(WITHDRAWN, gone=True)
            if any(one.withdrawn_at for one in consents)
            else Refusal(NO_CONSENT)
        )


def open_talk(context: Context, session: Session, gmina_code: str, interview_id: int) -> Talk:
    """Nobody else writes about this interview until the transaction ends. NotFoundError: no such one here."""
    found = require_interview(session, gmina_code, interview_id, alone=True)
    talk = Talk(found, scenario_of(found.instrument_version), context.clock())
    talk.consents = participants.consents(session, found)
    return talk
