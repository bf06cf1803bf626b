"""An instrument as an XLSForm workbook, with a list of what KoboToolbox and ODK cannot be told.

Columns that XLSForm does not know (`typ`, `numer`, `uzupelnia`, ...) are ignored by pyxform; they let the file come
back as the same questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey_app.instrument.model import AnswerType, Instrument, Kind, Option, Question, Section
from survey_app.instrument.values import YES_NO_WORDS
from survey_app.services.spreadsheets import Sheet, xlsx_bytes
from survey_app.services.xlsform.expressions import written

COLUMNS = (
    "type", "name", "label", "hint", "guidance_hint", "relevant", "constraint", "constraint_message", "appearance",
    "typ", "numer", "uzupelnia", "ostrzezenie", "linie", "miejsca", "rozpoznaje", "odpowiedz",
)  # fmt: skip
CHOICE_COLUMNS = ("list_name", "name", "label", "kod", "odmowa")
YES_NO_LIST = "tak_nie"
LANGUAGE = "Polski (pl)"
OPTION_TEXT = "tekst_odpowiedzi"
INTRODUCTION, READ_ALOUD = "wstep", "do_przeczytania"
BROKEN_REFERENCE = "$ {"
LEFT_SHEET = "_nie_przeniesiono"  # pyxform leaves sheets with an underscore alone


@dataclass(frozen=True, slots=True)
class NotCarried:
    """One thing that the other side cannot hold, and where it stands. Both in Polish."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Form:
    """The sheets of an XLSForm; `left`: what they do not hold."""

    survey: tuple[Mapping[str, str], ...]
    choices: tuple[Mapping[str, str], ...]
    settings: Mapping[str, str]
    left: tuple[NotCarried, ...]

    def workbook(self) -> bytes:
        """The XLSX file, with the list of what was left out on a sheet that the programs do not read."""
        return xlsx_bytes(
            [
                Sheet("survey", COLUMNS, [[row.get(key, "") for key in COLUMNS] for row in self.survey]),
                Sheet(
                    "choices",
                    CHOICE_COLUMNS,
                    [[row.get(key, "") for key in CHOICE_COLUMNS] for row in self.choices],
                ),
                Sheet("settings", tuple(self.settings), [tuple(self.settings.values())]),
                Sheet(
                    LEFT_SHEET,
                    ("miejsce", "czego nie przeniesiono"),
                    [(one.where, one.what) for one in self.left],
                ),
            ]
        )


def to_form(instrument: Instrument) -> Form:
    """The form without the promise of the first page: neither program can keep that of anonymity."""
    names = _field_names(instrument)
    survey = [*_introduction(instrument, names)]
    for section in instrument.sections:
        survey += _section(section, instrument, names)
    choices = [row for question in instrument.questions for row in _choices(question)]
    if any(question.type is AnswerType.YES_NO for question in instrument.questions):
        choices += [
            {"list_name": YES_NO_LIST, "name": name, "label": label} for name, label in YES_NO_WORDS.items()
        ]
    settings = {
        "form_title": _plain(instrument.title),
        "form_id": instrument.key,
        "version": instrument.sha256[:12],
        "default_language": LANGUAGE,
    }
    left = [*_left(instrument)]
    if any(mark in text for row in (*survey, *choices) for text in row.values() for mark in "“”‘’"):
        left.append(NotCarried("teksty", "zamykające cudzysłowy drukarskie: pyxform zamienia je na proste"))
    return Form(tuple(survey), tuple(choices), settings, tuple(left))


def _plain(text: str) -> str:
    """`${` would be read as a reference to another question."""
    return text.replace("${", BROKEN_REFERENCE)


@dataclass(slots=True)
class _Names:
    """Names of fields: ids of questions stay, what is added around them gives way."""

    fields: dict[str, tuple[str, ...]]
    used: set[str]

    def fresh(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self.used:
            name, number = f"{wanted}_v{number}", number + 1
        self.used.add(name)
        return name


def _field_names(instrument: Instrument) -> _Names:
    names = _Names({}, set(instrument.by_id))
    for question in instrument.questions:
        if question.type is AnswerType.SHORT_TEXTS:
            boxes = (names.fresh(f"{question.id}_{box}") for box in range(1, question.max_items + 1))
            names.fields[question.id] = tuple(boxes)
        else:
            names.fields[question.id] = (question.id,)
    return names


def _introduction(instrument: Instrument, names: _Names) -> Iterator[dict[str, str]]:
    paragraphs = instrument.text("introduction").split("\n\n")
    for text in (instrument.text("greeting"), *paragraphs, instrument.text("signature")):
        if text.strip():
            yield {
                "type": "note",
                "name": names.fresh("nota_wstep"),
                "label": _plain(text),
                "typ": INTRODUCTION,
            }


def _section(section: Section, instrument: Instrument, names: _Names) -> Iterator[dict[str, str]]:
    group = {"type": "begin_group", "name": names.fresh(section.id), "typ": "czesc"}
    if section.title:
        group["label"] = _plain(section.title)
    yield group
    if section.read_aloud:
        label = _plain(section.read_aloud)
        yield {"type": "note", "name": names.fresh("nota_czesc"), "label": label, "typ": READ_ALOUD}
    for question in section.questions:
        yield from _question(question, instrument, names)
    yield {"type": "end_group"}


def _question(question: Question, instrument: Instrument, names: _Names) -> Iterator[dict[str, str]]:
    row = _described(question, _relevant(question, instrument, names))
    if question.type is AnswerType.SHORT_TEXTS:
        yield {**row, "type": "begin_group", "name": question.id, "appearance": "field-list"}
        for number, name in enumerate(names.fields[question.id], start=1):
            yield {"type": "text", "name": name, "label": f"{number}.", **_at_most(question.max_length)}
        yield {"type": "end_group"}
        return
    yield {**row, **_typed(question), "name": question.id}
    for option in question.options:
        if option.text:
            yield _option_text(question, option, names)


def _described(question: Question, relevant: str) -> dict[str, str]:
    """What every kind of question has. The number stands in the label, because people speak of "question 5"."""
    numbered = f"{question.number}. {question.text}" if question.number else question.text
    hints = [text for text in (question.help, question.warning) if text]
    row = {
        "label": _plain(numbered),
        "hint": _plain("\n".join(hints)),
        "guidance_hint": _plain(question.paper_help or ""),
        "relevant": relevant,
        "typ": question.type.value,
        "numer": question.number or "",
        "uzupelnia": question.follows or "",
        "ostrzezenie": _plain(question.warning or ""),
        "rozpoznaje": "tak" if question.identifying else "",
    }
    if question.type in (AnswerType.SHORT_TEXTS, AnswerType.LONG_TEXT):
        row["linie"] = str(question.lines)
    return row


def _typed(question: Question) -> dict[str, str]:
    if question.type is AnswerType.YES_NO:
        return {"type": f"select_one {YES_NO_LIST}"}
    if question.type is AnswerType.SINGLE_CHOICE:
        return {"type": f"select_one {_list_name(question)}"}
    if question.type is AnswerType.SCALE:
        return {"type": f"select_one {_list_name(question)}", "appearance": "likert"}
    if question.type is AnswerType.DATE:
        return {"type": "date"}
    if question.type is AnswerType.NUMBER:
        return {"type": "decimal" if question.decimals else "integer", **_number(question)}
    appearance = {"appearance": "multiline"} if question.lines > 1 else {}
    return {"type": "text", **appearance, **_at_most(question.max_length)}


def _list_name(question: Question) -> str:
    return f"lista_{question.id}"


def _at_most(length: int) -> dict[str, str]:
    return {
        "constraint": f"string-length(.) <= {length}",
        "constraint_message": f"Tekst może mieć najwyżej {length} znaków.",
    }


def _number(question: Question) -> dict[str, str]:
    ends = [(">=", "od", question.minimum), ("<=", "do", question.maximum)]
    known = [(sign, word, f"{end:.10g}") for sign, word, end in ends if end is not None]
    row = {"miejsca": str(question.decimals)}
    if known:
        row["constraint"] = " and ".join(f". {sign} {end}" for sign, _, end in known)
        row["constraint_message"] = f"Liczba {' '.join(f'{word} {end}' for _, word, end in known)}."
    return row


def _option_text(question: Question, option: Option, names: _Names) -> dict[str, str]:
    assert option.text is not None
    return {
        "type": "text",
        "name": names.fresh(f"{question.id}_{option.id}_tekst"),
        "label": _plain(option.text.label),
        "relevant": f"${{{question.id}}} = '{option.id}'",
        "typ": OPTION_TEXT,
        "uzupelnia": question.id,
        "odpowiedz": option.id,
        **_at_most(option.text.max_length),
    }


def above(question: Question, instrument: Instrument, names: Mapping[str, tuple[str, ...]]) -> str:
    """When the question that this one follows is asked; empty: always, or it follows none."""
    followed = instrument.by_id.get(question.follows or "")
    return "" if followed is None else relevant_of(followed, instrument, names)


def _relevant(question: Question, instrument: Instrument, names: _Names) -> str:
    return relevant_of(question, instrument, names.fields)


def relevant_of(question: Question, instrument: Instrument, names: Mapping[str, tuple[str, ...]]) -> str:
    """When a question is asked. One that follows another is asked only where that one is, which a form must say."""
    upper = above(question, instrument, names)
    if question.ask_if is None:
        return upper
    own = written(question.ask_if, names, instrument.by_id)
    needs_upper = upper and all(part.question != question.follows for part in question.ask_if.comparisons)
    return f"({own}) and ({upper})" if needs_upper else own


def _choices(question: Question) -> Iterator[dict[str, str]]:
    for option in question.options:
        yield {
            "list_name": _list_name(question),
            "name": option.id,
            "label": _plain(option.label),
            "kod": str(option.code),
            "odmowa": "tak" if option.decline else "",
        }
    for point, anchor in question.scale.anchors.items() if question.scale else ():
        label = _plain(f"{point}: {anchor}")
        yield {"list_name": _list_name(question), "name": str(point), "label": label, "kod": str(point)}


def _left(instrument: Instrument) -> Iterator[NotCarried]:
    """What the form does not hold; the first line is what matters most to the people who are asked."""
    if instrument.kind is Kind.QUESTIONNAIRE:
        yield NotCarried(
            "cały formularz",
            "anonimowość i jej obietnica z pierwszej strony. KoboToolbox i ODK zapisują przy każdej odpowiedzi chwilę"
            " wysłania i numer, a często urządzenie i konto; prosimy napisać we wstępie, jak jest naprawdę.",
        )
        yield NotCarried("cały formularz", "jednorazowe zaproszenia")
    yield NotCarried(
        "cały formularz", "różnica między „bez odpowiedzi”, „nie pytano” i „nie doszło do pytania”"
    )
    yield from _left_definitions(instrument)
    for question in instrument.questions:
        name = f"pytanie {question.number}" if question.number else f"pytanie „{question.id}”"
        if question.decimals:
            yield NotCarried(
                name, f"liczba miejsc po przecinku ({question.decimals}): formularz przyjmie więcej"
            )
        if question.probes:
            yield NotCarried(name, "pytania pogłębiające dla moderatora")
        if "${" in f"{question.text}{question.help}{question.warning}":
            yield NotCarried(name, f"znaki „${{” zapisano jako „{BROKEN_REFERENCE}”, bo oznaczają odwołanie")


def _left_definitions(instrument: Instrument) -> Iterator[NotCarried]:
    definitions, where = instrument.definitions, "definicje"
    named = {
        "tabela sektorów i grup": definitions.sectors,
        "wskaźnik gotowości": definitions.readiness,
        "reguła ankiety kompletnej": definitions.complete,
        "reguły kodowania": definitions.coding,
        "zgoda, czas i tematy wywiadu": definitions.interview,
        "konwencje": definitions.conventions,
        "poprawki w brzmieniu źródła": instrument.source.mends,
    }
    for name, held in named.items():
        if held:
            yield NotCarried(where, name)
    if instrument.kind is not Kind.QUESTIONNAIRE:
        yield NotCarried("rodzaj", "formularz jest zwykłą ankietą: nie prowadzi kodowania ani wywiadu")
    for section in instrument.sections:
        if section.intro or section.minutes:
            yield NotCarried(
                f"część „{section.title or section.id}”", "wskazówki dla moderatora i czas trwania"
            )
