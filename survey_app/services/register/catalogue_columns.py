"""What the columns of a catalogue's file are called, and how their cells are read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import replace

from survey_app import polish
from survey_app.errors import Fault
from survey_app.services.register.catalogue import SPHERES, text_faults
from survey_app.services.register.declarations import DESCRIPTION_LENGTH, RESOURCES

# Field of the draft (and what is declared) -> how the column is called in messages and in the template file.
COLUMNS: Mapping[str, str] = {
    "name": "nazwa",
    "sector": "sektor",
    "internal": "wewnętrzny/zewnętrzny",
    "stakeholder_type": "typ",
    "address": "adres",
    "contact_name": "osoba kontaktowa",
    "contact_email": "e-mail",
    "contact_phone": "telefon",
    "note": "uwagi",
    "natural_person": "osoba fizyczna",
    "usefulness": "przydatność",
    "spheres": "sfery",
    "resources": "zasoby",
}
# Folded headings under which teams keep these columns.
HEADINGS: Mapping[str, frozenset[str]] = {
    "name": frozenset(
        {"nazwa", "nazwa interesariusza", "nazwa instytucji", "nazwa podmiotu", "interesariusz", "instytucja"}
    ),
    "sector": frozenset({"sektor", "sektor interesariusza", "sektor dzialalnosci"}),
    "internal": frozenset(
        {"wewnetrzny zewnetrzny", "wewnetrzny lub zewnetrzny", "wewnetrzny", "zewnetrzny wewnetrzny"}
        | {"interesariusz wewnetrzny zewnetrzny", "wewnetrzny czy zewnetrzny", "polozenie"}
        | {"wewn zewn", "wew zew", "wewn lub zewn", "wewnetrzny i zewnetrzny", "w z"}
    ),
    "stakeholder_type": frozenset({"typ", "typ a b c", "typ abc", "typ interesariusza", "typ ustawowy"}),
    "address": frozenset({"adres", "adres pocztowy", "siedziba"}),
    "contact_name": frozenset({"osoba kontaktowa", "osoba do kontaktu", "imie i nazwisko", "kontakt"}),
    "contact_email": frozenset({"e mail", "email", "mail", "adres e mail", "adres email", "poczta"}),
    "contact_phone": frozenset({"telefon", "tel", "nr telefonu", "numer telefonu", "telefon kontaktowy"}),
    "note": frozenset({"uwagi", "uwaga", "notatka", "notatki", "opis"}),
    "natural_person": frozenset({"osoba fizyczna", "czy osoba fizyczna"}),
    "usefulness": frozenset({"przydatnosc", "przydatnosc dla programow reintegracji"}),
    "spheres": frozenset({"sfery", "sfera", "sfery zycia spolecznego"}),
    "resources": frozenset({"zasoby", "zasob", "wklad", "zadeklarowane zasoby"}),
}
REQUIRED = ("name", "sector", "internal")
ROW_NUMBERS = frozenset({"lp", "l p", "nr"})
INTERNAL_WORDS = {"wewnetrzny": True, "wewn": True, "wew": True, "w": True} | {
    "zewnetrzny": False,
    "zewn": False,
    "zew": False,
    "z": False,
}
# Folded words of everyday use -> the sector that is meant most often: only asked back, never decided for the team.
SECTOR_WORDS: Mapping[str, str] = {
    "oswiata": "edukacja",
    "szkolnictwo": "edukacja",
    "szkola": "edukacja",
    "kosciol": "organizacje_koscielne",
    "parafia": "organizacje_koscielne",
    "ngo": "organizacje_obywatelskie",
    "organizacja pozarzadowa": "organizacje_obywatelskie",
    "organizacje pozarzadowe": "organizacje_obywatelskie",
    "stowarzyszenie": "organizacje_obywatelskie",
    "fundacja": "organizacje_obywatelskie",
    "samorzad": "administracja_publiczna",
    "urzad": "administracja_publiczna",
    "biznes": "przedsiebiorcy",
    "firma": "przedsiebiorcy",
    "firmy": "przedsiebiorcy",
    "gospodarka": "przedsiebiorcy",
    "ochrona zdrowia": "zdrowie",
    "sluzba zdrowia": "zdrowie",
    "ops": "pomoc_spoleczna",
    "pup": "rynek_pracy",
    "bank": "finanse",
}
YES_NO_WORDS = {"tak": True, "t": True, "1": True, "nie": False, "n": False, "0": False}
RESOURCE_KEYS: Mapping[str, str] = {
    polish.fold(name): key for key, label in RESOURCES.items() for name in (key, label)
}
KIND_WORDS = "|".join(re.escape(label).replace(r"\ ", r"\s+") for label in RESOURCES.values())


def read_sector(text: str, line: int, faults: list[Fault], labels: Mapping[str, str]) -> str | None:
    """By id or by Polish name, in any case and with or without diacritics. `labels`: the gmina's sectors."""
    by_name = {polish.fold(key): key for key in labels} | {
        polish.fold(label): key for key, label in labels.items()
    }
    found = by_name.get(polish.fold(text))
    column = COLUMNS["sector"]
    if found is None and not any(fault.where == column for fault in faults):
        near = difflib.get_close_matches(polish.fold(text), by_name, n=1, cutoff=0.6)
        hint = f"Sektory: {'; '.join(labels.values())}."
        meant = SECTOR_WORDS.get(polish.fold(text)) or (by_name[near[0]] if near else None)
        if meant is not None and meant in labels:
            hint = f"Czy chodzi o „{labels[meant]}”?"
        message = f"Nieznany sektor „{text}”." if text else "Brakuje sektora."
        faults.append(Fault("sector_unknown", column, message, hint, line))
    return found


def read_internal(text: str, line: int, faults: list[Fault], *, yes_no: bool) -> bool:
    """ "wewnętrzny" or "zewnętrzny"; TAK and NIE only under the heading "wewnętrzny", where they are plain."""
    words = INTERNAL_WORDS | (YES_NO_WORDS if yes_no else {})
    found = words.get(polish.fold(text))
    column = COLUMNS["internal"]
    if found is None and not any(fault.where == column for fault in faults):
        message = f"Nie wiadomo, co znaczy „{text}”." if text else "Nie podano, czy jest z gminy."
        hint = "Wpisz „wewnętrzny” (z gminy) albo „zewnętrzny” (spoza gminy)."
        faults.append(Fault("internal_unknown", column, message, hint, line))
    return bool(found)


def read_natural_person(text: str, line: int, faults: list[Fault]) -> bool | None:
    """TAK or NIE; None: the file does not say."""
    folded = polish.fold(text)
    if not folded:
        return None
    found = YES_NO_WORDS.get(folded)
    if found is None:
        message = f"Nie wiadomo, co znaczy „{text}”."
        faults.append(
            Fault(
                "natural_person_unknown", COLUMNS["natural_person"], message, "Wpisz „tak” albo „nie”.", line
            )
        )
    return found


def read_spheres(text: str, line: int, faults: list[Fault]) -> tuple[str, ...]:
    """Names or ids of spheres, apart by semicolons, commas or line breaks."""
    by_name = {polish.fold(name): key for key, label in SPHERES.items() for name in (key, label)}
    found = []
    for part in re.split(r"[;,\n]", text):
        key = by_name.get(polish.fold(part))
        if key is not None:
            found.append(key)
        elif part.strip():
            hint = f"Sfery: {'; '.join(SPHERES.values())}."
            message = f"Nieznana sfera „{part.strip()[:60]}”."
            faults.append(Fault("sphere_unknown", COLUMNS["spheres"], message, hint, line))
    return tuple(sorted(set(found), key=list(SPHERES).index))


def read_resources(text: str, line: int, faults: list[Fault]) -> tuple[tuple[str, str], ...]:
    """Kind and description of each contribution: "lokal: świetlica; sprzęt: rzutnik", or one per line.

    What names no kind is "inne". A semicolon parts two contributions only where the next one names its kind.
    """
    found = []
    for part in re.split(rf"\n|;\s*(?=(?:{KIND_WORDS})\s*:)", text, flags=re.IGNORECASE):
        kind, _, description = part.partition(":")
        key = RESOURCE_KEYS.get(polish.fold(kind)) if description.strip() else None
        described = " ".join((description if key else part).split())
        for fault in text_faults("resources", described, DESCRIPTION_LENGTH):
            faults.append(replace(fault, where=COLUMNS["resources"], line=line))
        if described:
            found.append((key or "inne", described))
    return tuple(dict.fromkeys(found))
