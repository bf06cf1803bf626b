"""Who answers for the gmina's personal data: written once, and put into every notice of art. 13 RODO."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from survey_app.errors import Fault, InvalidInputError, NotFoundError
from survey_app.forms.typed_text import clean_line, line_faults
from survey_app.services.context import Context
from survey_app.store import audit, controllers, gminas

LONGEST = {"name": 300, "address": 300, "contact": 300, "dpo": 300, "task": 500, "processor": 500}
# What each is called in a sentence that says what is missing.
WORDS: Mapping[str, str] = {
    "name": "administrator danych",
    "address": "adres administratora",
    "contact": "e-mail i telefon administratora",
    "dpo": "inspektor ochrony danych",
    "task": "przepis albo uchwała, na której opiera się zadanie",
    "processor": "podmiot, który prowadzi serwis",
}


LABELS = {
    "name": "Administrator danych",
    "address": "Adres",
    "contact": "E-mail i telefon",
    "dpo": "Inspektor ochrony danych",
    "task": "Podstawa zadania",
    "processor": "Kto prowadzi serwis",
}


@dataclass(frozen=True, slots=True)
class Controller:
    """Each is one line; "": not written yet. `task`: the provision or resolution; `processor`: who runs the service."""

    name: str = ""
    address: str = ""
    contact: str = ""
    dpo: str = ""
    task: str = ""
    processor: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(WORDS[one.name] for one in fields(self) if not getattr(self, one.name))


def controller(context: Context, gmina_code: str) -> Controller:
    """What the team wrote; the processor comes from the service's settings where nobody wrote another."""
    with context.database.reading() as session:
        row = controllers.of_gmina(session, gmina_code)
        found = Controller(*(getattr(row, one.name) for one in fields(Controller))) if row else Controller()
    if found.processor:
        return found
    one = context.settings.operator
    return Controller(
        **{**asdict(found), "processor": ", ".join(part for part in (one.name, one.address) if part)}
    )


def keep(context: Context, gmina_code: str, wanted: Controller, actor: int | None) -> None:
    """InvalidInputError names every field that is too long or holds signs that cannot be printed."""
    tidy = Controller(**{name: clean_line(value) for name, value in asdict(wanted).items()})
    faults: list[Fault] = []
    for name, value in asdict(tidy).items():
        if value:
            faults += line_faults(name, LABELS[name], value, LONGEST[name])
    if faults:
        raise InvalidInputError("Danych do informacji nie zapisano.", faults)
    with context.database.transaction() as session:
        if gminas.get(session, gmina_code) is None:
            raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}.")
        controllers.keep(session, gmina_code, asdict(tidy), context.clock(), actor)
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action="notice_facts_changed",
            object_type="gmina",
            object_id=gmina_code,
            gmina_code=gmina_code,
        )


def filled(context: Context, gmina_code: str, notice: str) -> str:
    """A campaign's notice with its places filled from what the team wrote; those that nobody wrote stay places."""
    found = controller(context, gmina_code)
    for place, value in (
        (
            r"\[Wójt, Burmistrz albo Prezydent\] gminy [^:\n]+: \[adres urzędu\], \[e-mail i telefon urzędu\]",
            f"{found.name}, {found.address}, {found.contact}"
            if found.name and found.address and found.contact
            else "",
        ),
        (r"\[imię i nazwisko, e-mail\]", found.dpo),
        (r"\[przepis albo uchwała\]", found.task),
        (r"\[nazwa i adres podmiotu, z którym zawarto umowę powierzenia\]", found.processor),
    ):
        if value:
            notice = re.sub(place, value.replace("\\", r"\\"), notice)
    return notice
