"""What a definition file may hold: the kinds of values, and which keys stand where. Carried out by `shape.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.instrument.calculator_model import Unit
from survey_app.instrument.model import AnswerType, Fact, InterviewForm, Kind, Operator, Stance
from survey_app.instrument.paper_model import ColumnType, PaperGroup
from survey_app.instrument.register_model import About, PartyKind, RegisterGroup, RegisterLevel


@dataclass(frozen=True, slots=True)
class Text:
    """A text for people; `blank` allows it to be empty."""

    limit: int = 2_000
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Identifier:
    """A stable id: small letters, digits, single underscores between them."""


@dataclass(frozen=True, slots=True)
class Whole:
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Real:
    """A number; whole where it was written whole."""


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class OneOf:
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constants:
    """What a condition compares with: one constant, or a list of them."""


@dataclass(frozen=True, slots=True)
class ListOf:
    item: Spec
    most: int
    least: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping whose keys the author chooses: key spec -> text."""

    key: Identifier | Whole
    text: Text
    most: int = 100


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys."""

    required: Mapping[str, Spec]
    optional: Mapping[str, Spec] = field(default_factory=dict)

    def spec(self, key: str) -> Spec | None:
        return self.required.get(key) or self.optional.get(key)

    @property
    def keys(self) -> list[str]:
        return [*self.required, *self.optional]


Spec = Text | Identifier | Whole | Real | Flag | OneOf | Constants | ListOf | Table | Record

_ID = Identifier()
_IDS = ListOf(_ID, most=100)
_WORDS = {
    Kind: tuple(kind.value for kind in Kind),
    AnswerType: tuple(kind.value for kind in AnswerType),
    Operator: tuple(operator.value for operator in Operator),
    Stance: tuple(stance.value for stance in Stance),
    Fact: tuple(fact.value for fact in Fact),
    InterviewForm: tuple(form.value for form in InterviewForm),
    ColumnType: tuple(kind.value for kind in ColumnType),
    PaperGroup: tuple(group.value for group in PaperGroup),
    Unit: tuple(unit.value for unit in Unit),
    RegisterGroup: tuple(group.value for group in RegisterGroup),
    RegisterLevel: tuple(level.value for level in RegisterLevel),
    About: tuple(about.value for about in About),
    PartyKind: tuple(kind.value for kind in PartyKind),
}
_COMPARISON = Record({"question": _ID, "op": OneOf(_WORDS[Operator])}, {"value": Constants()})
_CONDITION = Record(
    {},
    {
        **_COMPARISON.required,
        **_COMPARISON.optional,
        "all": ListOf(_COMPARISON, most=20),
        "any": ListOf(_COMPARISON, most=20),
    },
)
_OPTION = Record(
    {"id": _ID, "label": Text(300), "code": Whole(0, 9_999)},
    {"text": Record({"label": Text(200)}, {"max_length": Whole(1, 2_000)}), "decline": Flag()},
)
_SCALE = Record(
    {"low": Whole(-100, 100), "high": Whole(-100, 100), "anchors": Table(Whole(-100, 100), Text(300))}
)
_BOUNDS: Mapping[str, Spec] = {"minimum": Real(), "maximum": Real(), "decimals": Whole(0, 6)}
_QUESTION = Record(
    {"id": _ID, "type": OneOf(_WORDS[AnswerType]), "text": Text()},
    {
        "number": Text(12),
        "follows": _ID,
        "ask_if": _CONDITION,
        "help": Text(),
        "paper_help": Text(),
        "warning": Text(),
        "options": ListOf(_OPTION, most=100, least=2),
        "scale": _SCALE,
        "max_items": Whole(1, 10),
        "box": Text(40),
        "max_length": Whole(1, 10_000),
        **_BOUNDS,
        "lines": Whole(1, 20),
        "identifying": Flag(),
        "probes": ListOf(Text(500), most=12),
    },
)
_COLUMN = Record(
    {"id": _ID, "label": Text(200)},
    {
        "type": OneOf(_WORDS[ColumnType]),
        "options": ListOf(Text(200), most=20, least=2),
        "width": Whole(1, 9),
        **_BOUNDS,
    },
)
_TABLE = Record(
    {"id": _ID, "title": Text(300), "columns": ListOf(_COLUMN, most=12)},
    {
        "rows": ListOf(Record({"id": _ID, "label": Text(500)}, {"help": Text(1_000), **_BOUNDS}), most=60),
        "heading": Text(200),
        "help": Text(),
        "most": Whole(1, 200),
    },
)
_SECTION = Record(
    {"id": _ID, "questions": ListOf(_QUESTION, most=200, least=0)},  # none: a part that is only read out
    {
        "tables": ListOf(_TABLE, most=20),
        "title": Text(300, blank=True),
        "intro": Text(5_000),
        "minutes": Whole(1, 240),
        "read_aloud": Text(5_000),
    },
)
_SECTOR = Record(
    {"id": _ID, "label": Text(200), "options": _IDS},
    {"three_way": OneOf(("public", "social", "business"))},
)
_THREE_WAY = Record({"public": Text(200), "social": Text(200), "business": Text(200)})
_SECTORS = Record(
    {"question": _ID, "sectors": ListOf(_SECTOR, most=100), "three_way_labels": _THREE_WAY},
    {
        "standalone": ListOf(_ID, most=100, least=0),
        "catalogue": ListOf(Record({"id": _ID, "label": Text(200), "options": _IDS}), most=100, least=0),
    },
)
_ITEM = Record({"question": _ID, "label": Text(200), "positive": _ID, "argument": Text()})
_READINESS = Record(
    {"description": Text(5_000), "minimum_answers": Whole(1, 1_000), "items": ListOf(_ITEM, most=20)},
    {
        "experience": ListOf(_ITEM, most=20, least=0),
        "concreteness": ListOf(
            Record({"question": _ID, "label": Text(200), "boxes": Whole(1, 10)}), most=20, least=0
        ),
    },
)
_CODE = Record(
    {
        "id": _ID,
        "label": Text(60),
        "label_plural": Text(60),
        "stance": OneOf(_WORDS[Stance]),
        "meaning": Text(),
    }
)
_TERM = Record(
    {},
    {
        "criterion": _ID,
        "op": OneOf(_WORDS[Operator]),
        "value": Whole(-100, 100),
        "fact": OneOf(_WORDS[Fact]),
        "holds": Flag(),
    },
)
_CODE_RULE = Record(
    {"code": _ID},
    {"any": ListOf(Record({"all": ListOf(_TERM, most=10)}), most=10), "otherwise": Flag()},
)
_SCHEME = Record({"id": _ID, "label": Text(200), "description": Text(), "rules": ListOf(_CODE_RULE, most=10)})
_CODING = Record(
    {
        "influence": _ID,
        "interest": _ID,
        "minimum_ratings": Whole(1, 100),
        "codes": ListOf(_CODE, most=10, least=2),
        "schemes": ListOf(_SCHEME, most=10),
    }
)
_CONSENT = Record(
    {
        "purpose": Text(),
        "project_title": Text(500),
        "rules": Text(5_000),
        "question": Text(),
        "evidence_question": Text(),
        "readers": Text(),
    }
)
_TOPIC = Record({"id": _ID, "label": Text(200), "definition": Text(), "example": Text(), "section": _ID})
MOST_PEOPLE = 26  # each has a letter
_INTERVIEW = Record(
    {
        "form": OneOf(_WORDS[InterviewForm]),
        "people_low": Whole(1, MOST_PEOPLE),
        "people_high": Whole(1, MOST_PEOPLE),
        "minutes_low": Whole(1, 600),
        "minutes_high": Whole(1, 600),
        "consent": _CONSENT,
        "topics": ListOf(_TOPIC, most=50),
    }
)
_DEFAULT = Record(
    {"low": Real(), "middle": Real(), "high": Real(), "source": Text(300), "year": Whole(1990, 2100)}
)
_ASSUMPTION = Record(
    {
        "id": _ID,
        "name": Text(200),
        "unit": OneOf(_WORDS[Unit]),
        "section": _ID,
        "smallest": Real(),
        "largest": Real(),
    },
    {"default": _DEFAULT, "help": Text()},
)
_LINE = Record({"id": _ID, "label": Text(200), "unit": OneOf(_WORDS[Unit]), "formula": Text(500)})
_CALCULATOR = Record(
    {
        "assumptions": ListOf(_ASSUMPTION, most=40),
        "groups": ListOf(Record({"id": _ID, "title": Text(200), "lines": ListOf(_LINE, most=20)}), most=10),
        "result": _ID,
        "break_even": _ID,
        "not_counted": ListOf(Text(500), most=20),
    }
)
_WHEN = Record({"question": _ID, "is": _IDS})
_PREFILL = ListOf(Record({"into": _ID, "from": Text(100)}), most=60)
_PAPER = Record(
    {"group": OneOf(_WORDS[PaperGroup])},
    {
        "order": Whole(0, 999),
        "many": Flag(),
        "named_by": _ID,
        "prefill": _PREFILL,
        "begun_from": Record({"register": _ID, "prefill": _PREFILL}),
        "letters": Flag(),
        "points": _ID,
        "in_order": ListOf(Record({"first": _ID, "then": _ID}), most=10),
        "reasons": ListOf(Record({"of": _ID, "in": _ID}), most=10),
        "signed": Flag(),
        "signatories": ListOf(
            Record({"table": _ID, "name": _ID}, {"role": _ID, "contribution": _ID}), most=5
        ),
        "consulted": Flag(),
        "repeat_months": Whole(1, 60),
        "edition": OneOf(("public", "internal")),
        "body": ListOf(Record({"text": Text(20_000)}, {"when": ListOf(_WHEN, most=10)}), most=60),
        "deadlines": ListOf(
            Record(
                {"id": _ID, "label": Text(500)}, {"question": _ID, "days": Whole(1, 3_650), "yearly": Text(5)}
            ),
            most=10,
        ),
        "advice": ListOf(
            Record(
                {"id": _ID, "title": Text(300), "text": Text(5_000)},
                {"risks": ListOf(Text(), most=10), "when": ListOf(_WHEN, most=10)},
            ),
            most=20,
        ),
        "calculator": _CALCULATOR,
    },
)
_REGISTER = Record(
    {
        "group": OneOf(_WORDS[RegisterGroup]),
        "nouns": Record({"one": Text(60), "few": Text(60), "many": Text(60)}),
        "named_by": _ID,
        "states": ListOf(
            Record({"id": _ID, "label": Text(100)}, {"final": Flag(), "reason": Flag(), "proof": Text(200)}),
            most=12,
            least=2,
        ),
    },
    {
        "order": Whole(0, 999),
        "level": OneOf(_WORDS[RegisterLevel]),
        "about": OneOf(_WORDS[About]),
        "about_label": Text(60),
        "responsible": Flag(),
        "required": _IDS,
        "starts": _ID,
        "due": _ID,
        "late_after_start": Flag(),
        "hour": _ID,
        "place": _ID,
        "in_order": ListOf(Record({"first": _ID, "then": _ID}), most=10),
        "lead_days": Whole(1, 365),
        "log": ListOf(Record({"id": _ID, "label": Text(100)}, {"after": _ID}), most=20),
        "parties": Record(
            {"kinds": ListOf(OneOf(_WORDS[PartyKind]), most=3), "label": Text(100)},
            {"replies": Flag(), "roles": ListOf(Text(100), most=20), "matched_with": _ID},
        ),
        "votes": Record({}, {"quorum": Whole(0, 99), "majority": Whole(0, 99)}),
        "single": Flag(),
        "edition": OneOf(("public", "internal")),
    },
)
_DEFINITIONS = Record(
    {},
    {
        "smallest_cell": Whole(3, 20),
        "percent_from": Whole(1, 1_000),
        "complete": Record({"of": _IDS, "at_least": Whole(1, 100)}),
        "sectors": _SECTORS,
        "readiness": _READINESS,
        "coding": _CODING,
        "interview": _INTERVIEW,
        "paper": _PAPER,
        "register": _REGISTER,
        "conventions": ListOf(Record({"id": _ID, "text": Text(5_000)}), most=100, least=0),
    },
)
INSTRUMENT = Record(
    {
        "key": _ID,
        "kind": OneOf(_WORDS[Kind]),
        "title": Text(200),
        "source": Record(
            {"document": Text(200), "title": Text(500)}, {"mends": ListOf(Text(), most=100, least=0)}
        ),
        "sections": ListOf(_SECTION, most=50),
    },
    {
        "texts": Table(_ID, Text(10_000)),
        "minutes": Whole(1, 600),
        "edition": Whole(1, 9_999),
        "definitions": _DEFINITIONS,
    },
)
