"""Fields of an XLSForm -> questions of a definition, one by one, in the order of the form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey_app import polish
from survey_app.instrument.check_routing import OPERATORS
from survey_app.instrument.checks import MAX_SCALE_POINTS, RESERVED_IDS
from survey_app.instrument.model import AnswerType, Operator
from survey_app.instrument.shape import ID_FORM, ID_LIMIT
from survey_app.instrument.values import NO, YES
from survey_app.services.xlsform.expressions import Constant, Leaf, UnreadableError, read
from survey_app.services.xlsform.read_form import Choice, FormField
from survey_app.services.xlsform.to_xlsform import BROKEN_REFERENCE, OPTION_TEXT, NotCarried

Document = dict[str, Any]
_LONGEST_TEXT, _LONGEST_OPTION_TEXT = 10_000, 2_000
_TEXT_KINDS = frozenset({"text", "phone number", "string"})
_YES, _NO = frozenset({"tak", "yes", "true"}), frozenset({"nie", "no", "false"})
_NUMBERED = re.compile(r"\s*(?P<number>\d{1,3}[a-z]?)[.)]\s+(?P<text>\S.*)", re.DOTALL)
_WHOLE = re.compile(r"-?\d{1,4}")
_END = re.compile(r"[.]\s*(?P<sign><=|>=|<|>)\s*(?P<number>-?\d{1,12}(?:[.]\d{1,6})?)")
_LENGTH = re.compile(r"string-length\(\s*[.]\s*\)\s*(?P<sign><=|<)\s*(?P<length>\d{1,6})")
_UNKNOWN = {
    "select all that apply": "wybór wielu odpowiedzi: serwis ma wybór jednej; można zadać osobne pytania TAK/NIE",
    "rank": "układanie odpowiedzi w kolejności",
    "time": "godzina", "dateTime": "data z godziną", "calculate": "obliczenie", "hidden": "pole ukryte",
    "acknowledge": "potwierdzenie jednym kliknięciem", "trigger": "potwierdzenie jednym kliknięciem",
    "photo": "zdjęcie", "image": "zdjęcie", "audio": "nagranie dźwięku", "video": "nagranie filmu",
    "file": "plik", "barcode": "kod kreskowy", "geopoint": "położenie na mapie", "geotrace": "linia na mapie",
    "geoshape": "obszar na mapie", "xml-external": "lista z innego pliku", "csv-external": "lista z innego pliku",
}  # fmt: skip


@dataclass(slots=True)
class _Taken:
    """A question that was made: its document, and how the form's names and constants are said in a definition."""

    document: Document
    found: FormField
    constants: Mapping[str, str] = field(default_factory=dict)
    relevant: str = ""

    @property
    def type(self) -> AnswerType:
        return AnswerType(self.document["type"])


@dataclass(slots=True)
class Questions:
    """Takes fields in their order; what cannot be taken goes to `left`."""

    left: list[NotCarried]
    taken: dict[str, _Taken] = field(default_factory=dict)  # by the form's name
    boxes: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    def take(self, found: FormField) -> Document | None:
        """The question's document, or None: nothing here can ask it, or it belongs to an option of another one."""
        if self._is_option_text(found):
            return None
        made = self._made(found)
        if made is None:
            return None
        document = {"id": self._id(found.name), **made}
        taken = _Taken(document, found, self._constants(found, made))
        self._describe(taken)
        self._condition(taken)
        self._unheld(found)
        self.taken[found.name] = taken
        self.boxes |= dict.fromkeys(found.boxes, found.name)
        return document

    def _leave(self, found: FormField, what: str) -> None:
        self.left.append(NotCarried(found.name, what))

    # What it is

    def _made(self, found: FormField) -> Document | None:
        makers: Mapping[str, Callable[[FormField], Document | None]] = {
            "select one": self._choice,
            "range": self._range,
            "integer": self._number,
            "decimal": self._number,
            "date": lambda _: {"type": AnswerType.DATE.value},
            "boxes": self._boxes,
            **dict.fromkeys(_TEXT_KINDS, self._text),
        }
        if found.kind in makers:
            return makers[found.kind](found)
        self._leave(found, _UNKNOWN.get(found.kind, f"rodzaj odpowiedzi „{found.kind}”"))
        return None

    def _choice(self, found: FormField) -> Document | None:
        if not 2 <= len(found.choices) <= 100:
            self._leave(found, "lista, która nie ma od 2 do 100 odpowiedzi albo leży w innym pliku")
            return None
        if _yes_no(found):
            return {"type": AnswerType.YES_NO.value}
        points = _points(found)
        if points is not None:
            anchors = {
                point: choice.label.removeprefix(f"{point}: ")
                for point, choice in zip(points, found.choices, strict=True)
            }
            low, high = min(points), max(points)
            scale = {"low": low, "high": high, "anchors": dict(sorted(anchors.items()))}
            return {"type": AnswerType.SCALE.value, "scale": scale}
        return {"type": AnswerType.SINGLE_CHOICE.value, "options": _options(found.choices)}

    def _range(self, found: FormField) -> Document | None:
        """A slider of few whole points is a scale; its points have no words, so each is described by its number."""
        texts = [
            str(found.parameters.get(key, default))
            for key, default in (("start", 1), ("end", 10), ("step", 1))
        ]
        if all(_WHOLE.fullmatch(text) for text in texts):
            start, end, step = map(int, texts)
            if step == 1 and 2 <= end - start + 1 <= MAX_SCALE_POINTS and start >= -100 and end <= 100:
                self._leave(found, "suwak: zapisano go jako skalę, której punkty nie mają opisów słownych")
                anchors = {point: str(point) for point in range(start, end + 1)}
                return {
                    "type": AnswerType.SCALE.value,
                    "scale": {"low": start, "high": end, "anchors": anchors},
                }
        self._leave(found, "suwak z tyloma punktami albo z takim krokiem")
        return None

    def _number(self, found: FormField) -> Document:
        places = found.columns.get("miejsca", "")
        decimals = int(places) if places.isdecimal() else 2 if found.kind == "decimal" else 0
        document: Document = {"type": AnswerType.NUMBER.value}
        if decimals:
            document["decimals"] = min(decimals, 6)
        return {**document, **self._ends(found, whole=not decimals)}

    def _ends(self, found: FormField, *, whole: bool) -> Document:
        ends: Document = {}
        text = str(found.bind.get("constraint", ""))
        for part in text.split(" and ") if text else ():
            match = _END.fullmatch(part.strip())
            strict = match is not None and match["sign"] in "<>"
            if match is None or (strict and not whole):
                self._leave(found, f"ograniczenie odpowiedzi: {text}")
                return {}
            number = float(match["number"]) if "." in match["number"] else int(match["number"])
            if match["sign"].startswith(">"):
                ends["minimum"] = number + 1 if strict else number
            else:
                ends["maximum"] = number - 1 if strict else number
        return ends

    def _text(self, found: FormField) -> Document:
        document: Document = {"type": AnswerType.LONG_TEXT.value, **self._length(found)}
        lines = found.columns.get("linie", "")
        if lines.isdecimal() and 1 <= int(lines) <= 20:
            document["lines"] = int(lines)
        elif "multiline" in found.appearance:
            document["lines"] = 3
        return document

    def _boxes(self, found: FormField) -> Document:
        lines = found.columns.get("linie", "")
        height = {"lines": int(lines)} if lines.isdecimal() and 1 <= int(lines) <= 20 else {}
        count = {"max_items": len(found.boxes)}
        return {"type": AnswerType.SHORT_TEXTS.value, **count, **height, **self._length(found)}

    def _length(self, found: FormField) -> Document:
        text = str(found.bind.get("constraint", "")).strip()
        match = _LENGTH.fullmatch(text)
        if match is None:
            if text:
                self._leave(found, f"ograniczenie odpowiedzi: {text}")
            return {}
        most = int(match["length"]) - (match["sign"] == "<")
        return {"max_length": most} if 1 <= most <= _LONGEST_TEXT else {}

    # Texts of an option

    def _is_option_text(self, found: FormField) -> bool:
        """Whether the field is the text of an answer ("Inna: wskaż sektor"); then it has been put there."""
        above, option_name = found.columns.get("uzupelnia", ""), found.columns.get("odpowiedz", "")
        if found.other:
            above, option_name = found.name.removesuffix("_other"), found.other
        elif found.columns.get("typ") != OPTION_TEXT:
            return False
        taken = self.taken.get(above)
        option_id = taken.constants.get(option_name) if taken else None
        for option in taken.document.get("options", ()) if taken else ():
            if option["id"] == option_id:
                length = self._length(found).get("max_length", 200)
                label = "proszę wpisać" if found.other else found.label
                option["text"] = {"label": label, "max_length": min(length, _LONGEST_OPTION_TEXT)}
                return True
        return False

    # Words

    def _describe(self, taken: _Taken) -> None:
        found, document = taken.found, taken.document
        columns = found.columns
        text = found.label or found.name
        number = columns.get("numer", "")
        match = _NUMBERED.fullmatch(text)
        if number and text.startswith(f"{number}. "):
            text = text.removeprefix(f"{number}. ")
        elif match is not None and "typ" not in columns:
            number, text = match["number"], match["text"]
        document["text"] = text
        if number:
            document["number"] = number
        warning = columns.get("ostrzezenie", "")
        hint = found.hint.removesuffix(warning).strip() if warning else found.hint
        words = {"help": hint, "paper_help": found.guidance, "warning": warning}
        document |= {key: value for key, value in words.items() if value}
        if columns.get("rozpoznaje") == "tak":
            document["identifying"] = True
        if not found.label:
            self._leave(found, "pytanie bez treści: wpisano jego nazwę")
        if "${" in text.replace(BROKEN_REFERENCE, ""):
            self._leave(found, "odwołanie do innej odpowiedzi w treści pytania: zostało w niej jako tekst")

    def _id(self, name: str) -> str:
        wanted = name if ID_FORM.fullmatch(name) and len(name) <= ID_LIMIT else _slug(name)
        wanted = f"p_{wanted}"[:ID_LIMIT] if wanted in RESERVED_IDS else wanted
        found, number = wanted, 2
        while found in self.ids:
            found, number = f"{wanted[: ID_LIMIT - 4]}_{number}", number + 1
        self.ids.add(found)
        if found != name:
            self.left.append(NotCarried(name, f"nazwa pola: tu nazywa się „{found}”"))
        return found

    def _constants(self, found: FormField, made: Document) -> Mapping[str, str]:
        if made["type"] == AnswerType.YES_NO:
            return {choice.name: YES if _is_yes(choice) else NO for choice in found.choices}
        options = made.get("options", ())
        return {choice.name: option["id"] for choice, option in zip(found.choices, options, strict=False)}

    # When it is asked

    def _condition(self, taken: _Taken) -> None:
        found = taken.found
        taken.relevant = _joined(found.relevant)
        followed = self.taken.get(found.columns.get("uzupelnia", ""))
        text = taken.relevant
        if followed is not None:
            taken.document["follows"] = followed.document["id"]
            text = _without(text, followed.relevant)
        if not text:
            return
        try:
            reading = read(text, self.boxes)
            comparisons = [self._comparison(leaf) for leaf in reading.leaves]
        except UnreadableError as error:
            self._leave(found, f"warunek zadania pytania ({error.reason}): {text}")
            return
        for name in dict.fromkeys(reading.unguarded):
            self._leave(
                found,
                f"zadanie pytania temu, kto nie odpowiedział na „{name}”: tu „różne od” wymaga odpowiedzi",
            )
        single = len(comparisons) == 1
        taken.document["ask_if"] = comparisons[0] if single else {reading.mode: comparisons}

    def _comparison(self, leaf: Leaf) -> Document:
        asked = self.taken.get(leaf.name)
        if asked is None:
            raise UnreadableError(f"„{leaf.name}” nie stoi wcześniej albo go nie przeniesiono")
        if leaf.op not in OPERATORS[asked.type]:
            raise UnreadableError(f"tak nie można porównać odpowiedzi na „{leaf.name}”")
        document: Document = {"question": asked.document["id"], "op": leaf.op.value}
        if leaf.op is Operator.ANSWERED:
            return document
        values = [_said(value, asked) for value in leaf.values]
        return {**document, "value": values if leaf.op in (Operator.IN, Operator.NOT_IN) else values[0]}

    def _unheld(self, found: FormField) -> None:
        """What else the form says of a field, and a definition has no place for."""
        required = str(found.bind.get("required", "")).casefold()
        if required and required not in ("no", "false", "false()"):
            self._leave(found, "obowiązek odpowiedzi: w serwisie każde pytanie można pominąć")
        said = {
            "default": "wartość domyślna",
            "media": "obraz, dźwięk albo film",
            "choice_filter": "filtr odpowiedzi",
        }
        for column, words in said.items():
            if found.columns.get(column):
                self._leave(found, words)
        if found.bind.get("calculate"):
            self._leave(found, "wartość obliczana")

    def number(self) -> None:
        """Numbers for questions that have none: one that hangs on another follows it, others are counted on."""
        documents = [taken.document for taken in self.taken.values()]
        used = {document["number"] for document in documents if "number" in document}
        numbered, at = bool(used), 0
        for document in documents:
            if "number" in document or "follows" in document:
                continue
            above = _first_named(document.get("ask_if"))
            if numbered and above is not None:
                document["follows"] = above
                continue
            at += 1
            while str(at) in used:
                at += 1
            document["number"] = str(at)


def _yes_no(found: FormField) -> bool:
    if found.columns.get("typ") not in (None, "", AnswerType.YES_NO):
        return False
    names = [polish.fold(choice.name) for choice in found.choices]
    return (
        len(names) == 2 and any(_is_yes(c) for c in found.choices) and any(_is_no(c) for c in found.choices)
    )


def _is_yes(choice: Choice) -> bool:
    return polish.fold(choice.name) in _YES or polish.fold(choice.label) in _YES


def _is_no(choice: Choice) -> bool:
    return polish.fold(choice.name) in _NO or polish.fold(choice.label) in _NO


def _points(found: FormField) -> list[int] | None:
    """The points of a scale: whole numbers without a gap. Only where the form itself says that it is one."""
    if found.columns.get("typ") != AnswerType.SCALE and "likert" not in found.appearance:
        return None
    if not all(_WHOLE.fullmatch(choice.name) for choice in found.choices):
        return None
    points = [int(choice.name) for choice in found.choices]
    if (
        sorted(points) != list(range(min(points), min(points) + len(points)))
        or len(points) > MAX_SCALE_POINTS
    ):
        return None
    return points


def _options(choices: Sequence[Choice]) -> list[Document]:
    """Ids from names, codes from the sheet's column or from names that are numbers; else counted from 1."""
    codes = [choice.columns.get("kod") or choice.name for choice in choices]
    fit = all(code.isdecimal() and int(code) <= 9_999 for code in codes) and len({*map(str, codes)}) == len(
        codes
    )
    options: list[Document] = []
    used: set[str] = set()
    for position, choice in enumerate(choices, start=1):
        name = choice.name
        wanted = name if ID_FORM.fullmatch(name) and len(name) <= ID_LIMIT else _slug(name)
        option_id, number = wanted, 2
        while option_id in used:
            option_id, number = f"{wanted[: ID_LIMIT - 4]}_{number}", number + 1
        used.add(option_id)
        option: Document = {
            "id": option_id,
            "code": int(codes[position - 1]) if fit else position,
            "label": choice.label,
        }
        if choice.columns.get("odmowa") == "tak":
            option["decline"] = True
        options.append(option)
    return options


def _slug(name: str) -> str:
    plain = "".join(char if char.isascii() else " " for char in polish.fold(name))
    slug = "_".join(plain.split())[: ID_LIMIT - 4].rstrip("_")
    return slug if slug[:1].isalpha() else f"x{slug}".rstrip("_")


def _joined(relevant: Sequence[str]) -> str:
    return relevant[0] if len(relevant) == 1 else " and ".join(f"({text})" for text in relevant)


def _without(text: str, upper: str) -> str:
    """A follow-up's own condition: that of the question it follows goes without saying."""
    if not upper or text == upper:
        return "" if upper else text
    own = text.removesuffix(f" and ({upper})")
    return own[1:-1] if own != text and own.startswith("(") else text


def _said(value: Constant, asked: _Taken) -> Constant:
    """A constant of the form in the definition's words."""
    if asked.type in (AnswerType.SINGLE_CHOICE, AnswerType.YES_NO):
        if str(value) not in asked.constants:
            raise UnreadableError(f"„{value}” nie jest odpowiedzią na „{asked.found.name}”")
        return asked.constants[str(value)]
    if asked.type is AnswerType.DATE or not isinstance(value, str):
        return value
    if not re.fullmatch(r"-?\d+([.]\d+)?", value):
        raise UnreadableError(f"„{value}” nie jest liczbą")
    return float(value) if "." in value else int(value)


def _first_named(condition: Document | None) -> str | None:
    if condition is None:
        return None
    parts = condition.get("all") or condition.get("any") or [condition]
    question: str = parts[0]["question"]
    return question
