"""What a person types of an item, and what must be right about it before it is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from survey_app import polish
from survey_app.errors import Fault
from survey_app.forms.typed_text import clean_line, clean_text, line_faults, text_faults
from survey_app.services.library import link_probe
from survey_app.services.library.shelf import ACT, LINK, Shelf

MAX_TITLE = 300
MAX_DESCRIPTION = 5000
MAX_AUTHOR = 300
MAX_NOTE = 500
MAX_URL = 2000
MAX_REFERENCE = 200
MAX_OUTDATED_BY = 500
OWN, REGION, COUNTRY = "own", "region", "country"
SHARED = (OWN, REGION, COUNTRY)


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """`kind` is of `shelf.KINDS`, `shared` of SHARED. `file_name`, `content`: of a document's new file, or empty."""

    kind: str
    title: str
    licence: str
    description: str = ""
    category: str = ""
    author: str = ""
    licence_note: str = ""
    url: str = ""
    law_reference: str = ""
    as_of: dt.date | None = None
    outdated_since: dt.date | None = None
    outdated_by: str = ""
    shared: str = OWN
    open_to_all: bool = False
    file_name: str = ""
    content: bytes = b""

    def columns(self) -> dict[str, object]:
        """As the table keeps them, cleaned."""
        is_act = self.kind == ACT
        return {
            "kind": self.kind,
            "title": clean_line(self.title),
            "description": clean_text(self.description),
            "category": self.category,
            "author": clean_line(self.author),
            "licence": self.licence,
            "licence_note": clean_line(self.licence_note),
            "url": self.url.strip(),
            "law_reference": clean_line(self.law_reference) if is_act else "",
            "as_of": self.as_of,
            "outdated_since": self.outdated_since,
            "outdated_by": clean_line(self.outdated_by),
            "shared": self.shared,
            "open_to_all": self.open_to_all,
        }


def faults_of(draft: ItemDraft, shelf: Shelf, today: dt.date) -> list[Fault]:
    """Everything that is wrong, each beside its field."""
    return [
        *_text_faults(draft),
        *_licence_faults(draft, shelf),
        *_law_faults(draft, today),
        *_url_faults(draft),
    ]


def opening_fault(draft: ItemDraft, shelf: Shelf) -> str:
    """Why the item cannot be read by everybody; "" if it can."""
    licence = shelf.licences.get(draft.licence)
    return licence.why if licence is not None and not licence.open else ""


def _text_faults(draft: ItemDraft) -> list[Fault]:
    faults = [
        *line_faults("title", "Tytuł", draft.title, MAX_TITLE),
        *text_faults("description", "Opis", draft.description, MAX_DESCRIPTION),
        *line_faults("author", "Autor", draft.author, MAX_AUTHOR),
        *line_faults("licence_note", "Uwaga do licencji", draft.licence_note, MAX_NOTE),
        *line_faults("law_reference", "Miejsce ogłoszenia", draft.law_reference, MAX_REFERENCE),
        *line_faults("outdated_by", "Co go zmieniło", draft.outdated_by, MAX_OUTDATED_BY),
    ]
    if not clean_line(draft.title):
        faults.append(Fault("library.title", "title", "Prosimy wpisać tytuł."))
    return faults


def _licence_faults(draft: ItemDraft, shelf: Shelf) -> list[Fault]:
    faults = []
    if draft.category and draft.category not in shelf.categories:
        faults.append(Fault("library.category", "category", "Prosimy wybrać kategorię z listy."))
    if draft.shared not in SHARED:
        faults.append(Fault("library.shared", "shared", "Prosimy wybrać, kto to czyta."))
    licence = shelf.licences.get(draft.licence)
    if licence is None or draft.kind not in licence.kinds:
        return [*faults, Fault("library.licence", "licence", "Prosimy wybrać licencję z listy.")]
    if licence.note and not clean_line(draft.licence_note):
        message = f"Przy tej licencji trzeba dopisać: {licence.note[0].lower()}{licence.note[1:]}"
        faults.append(Fault("library.note", "licence_note", message))
    if draft.open_to_all and not licence.open:
        faults.append(Fault("library.open", "open_to_all", licence.why))
    return faults


def _law_faults(draft: ItemDraft, today: dt.date) -> list[Fault]:
    faults = []
    if draft.kind == ACT and not clean_line(draft.law_reference):
        hint = "Na przykład: Dz.U. 2003 nr 122 poz. 1143."
        faults.append(Fault("library.law", "law_reference", "Prosimy podać miejsce ogłoszenia.", hint))
    if draft.kind == ACT and draft.as_of is None:
        faults.append(Fault("library.as_of", "as_of", "Prosimy podać dzień, na który jest stan prawny."))
    if draft.as_of is not None and draft.as_of > today:
        message = f"Ten dzień jeszcze nie nadszedł; dziś jest {polish.date(today)}."
        faults.append(Fault("library.as_of", "as_of", message))
    by = clean_line(draft.outdated_by)
    if draft.outdated_since is not None and not by:
        faults.append(Fault("library.outdated", "outdated_by", "Prosimy napisać, co to zmieniło."))
    if by and draft.outdated_since is None:
        faults.append(Fault("library.outdated", "outdated_since", "Prosimy podać, od którego dnia."))
    if draft.as_of and draft.outdated_since and draft.outdated_since <= draft.as_of:
        message = "To dzień nie późniejszy niż stan prawny, który pozycja pokazuje."
        faults.append(Fault("library.outdated", "outdated_since", message))
    return faults


def _url_faults(draft: ItemDraft) -> list[Fault]:
    url = draft.url.strip()
    if not url:
        missing = Fault("library.url", "url", "Prosimy podać adres strony.", "Zaczyna się od https://.")
        return [missing] if draft.kind == LINK else []
    if (
        len(url) > MAX_URL
        or not url.isprintable()
        or any(char.isspace() or char in '"<>\\^`{|}' for char in url)
    ):
        return [
            Fault("library.url", "url", "To nie jest adres strony.", "Prosimy skopiować go z przeglądarki.")
        ]
    try:
        link_probe.parts_of(url)
    except link_probe.RefusedAddressError:
        hint = "Przyjmujemy publiczne adresy http i https, bez hasła i numeru portu."
        return [Fault("library.url", "url", "Tego adresu nie można dodać.", hint)]
    return []
