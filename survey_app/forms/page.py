"""Reading a whole page that was sent: every value, every fault, and everything that was typed, to show again."""

from __future__ import annotations

import functools
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.errors import Fault
from survey_app.forms.handlers import Fields, handler
from survey_app.forms.typed_text import clean_line, line_faults, shown
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import Value

FORM_KEY = "form_key"
DROP_OFF_PATH = "drop_off_path"
SEND_EMPTY = "send_empty"
INSTITUTION_NAME = "institution_name"
INSTITUTION_NAME_LENGTH = 300
OWN_FIELDS = frozenset({FORM_KEY, DROP_OFF_PATH, SEND_EMPTY})
_KEY_FORM = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class PageResult:
    """What a sent page holds.

    `values` has only valid, given values, on the path or off it. `raw`: field name -> text to show again.
    `drop_off_path`: ids of the questions that the person was told of, and agreed to send without; empty: none.
    """

    values: Mapping[str, Value]
    faults: list[Fault]
    raw: Mapping[str, str]
    unknown_fields: list[str] = field(default_factory=list)
    form_key: str | None = None
    drop_off_path: frozenset[str] = frozenset()
    institution_name: str | None = None
    sends_empty: bool = False

    @property
    def empty_by_chance(self) -> bool:
        """Nothing is answered, and the person was not asked yet whether that is meant."""
        return not self.values and not self.faults and not self.sends_empty

    def agreed_to_drop(self, off_path: tuple[str, ...]) -> bool:
        """Whether the person was told of each of these; only then may they be left out."""
        return set(off_path) <= self.drop_off_path


def new_form_key() -> str:
    """The key of one served form, 128 random bits: a repeated POST with it is the same answer."""
    return secrets.token_hex(16)


def read_page(
    instrument: Instrument,
    form: Fields,
    *,
    asks_name: bool = False,
    also: frozenset[str] = frozenset(),
) -> PageResult:
    """Every question's value or faults.

    `asks_name`: the page asks for the institution's name, and needs it (a named campaign with an open link).
    `also`: further fields that the page has, e.g. a staff page's `csrf_token`.
    """
    values: dict[str, Value] = {}
    faults: list[Fault] = []
    raw: dict[str, str] = {}
    name = _institution_name(form, faults, raw) if asks_name else None
    for question in instrument.questions:
        its = handler(question.type)
        sent = {field: form[field] for field in its.field_names(question) if form.get(field)}
        if all(texts[0] == "" and len(texts) == 1 for texts in sent.values()):  # as most boxes of most forms
            raw |= dict.fromkeys(sent, "")
            continue
        parsed = its.parse(question, sent)
        faults += parsed.faults
        if parsed.value is not None:
            values[question.id] = parsed.value
        raw |= {key: shown(text) for key, text in its.raw(question, sent).items()}
    known = _field_names(instrument) | OWN_FIELDS | also | ({INSTITUTION_NAME} if asks_name else set())
    return PageResult(
        values=values,
        faults=faults,
        raw=raw,
        unknown_fields=sorted(shown(clean_line(name)) for name in set(form) - known),
        form_key=_form_key(form),
        drop_off_path=frozenset(" ".join(form.get(DROP_OFF_PATH, ())).split()),
        institution_name=name,
        sends_empty=SEND_EMPTY in form,
    )


def typed_in_words(instrument: Instrument, raw: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """(question, what was typed) for each question with anything typed: a copy that a person can keep."""
    told = [(question, handler(question.type).told(question, raw)) for question in instrument.questions]
    return [
        (f"{question.number}. {question.text}" if question.number else question.text, texts)
        for question, texts in told
        if texts
    ]


@functools.lru_cache(maxsize=64)
def _field_names(instrument: Instrument) -> frozenset[str]:
    return frozenset(
        name for question in instrument.questions for name in handler(question.type).field_names(question)
    )


def _form_key(form: Fields) -> str | None:
    """None when it is missing, doubled or not of the form that this service hands out."""
    sent = form.get(FORM_KEY, ())
    return sent[0] if len(sent) == 1 and _KEY_FORM.fullmatch(sent[0]) else None


def _institution_name(form: Fields, faults: list[Fault], raw: dict[str, str]) -> str | None:
    sent = form.get(INSTITUTION_NAME, ())
    typed = sent[0] if sent else ""
    raw[INSTITUTION_NAME] = shown(typed)
    name = clean_line(typed)
    found = line_faults(INSTITUTION_NAME, "Nazwa instytucji", typed, INSTITUTION_NAME_LENGTH)
    if not name:
        message = "Ta ankieta jest imienna: prosimy wpisać nazwę instytucji."
        found.append(Fault("name.missing", INSTITUTION_NAME, message))
    faults += found
    return None if found else name
