"""The paper's part of a checked document -> the frozen model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from survey_app.instrument.build_calculator import calculator
from survey_app.instrument.paper_model import (
    BOUNDS,
    Advice,
    BegunFrom,
    Column,
    ColumnType,
    Deadline,
    FixedRow,
    PaperGroup,
    PaperRules,
    RowTable,
    SignatoryTable,
    TextPart,
)

Document = Mapping[str, Any]


def row_table(document: Document) -> RowTable:
    """A table of a section."""
    kept = {key: document[key] for key in ("heading", "help", "most") if key in document}
    return RowTable(
        id=document["id"],
        title=document["title"],
        columns=tuple(_column(column) for column in document["columns"]),
        rows=tuple(
            FixedRow(row["id"], row["label"], row.get("help", ""), *map(row.get, BOUNDS))
            for row in document.get("rows", ())
        ),
        **kept,
    )


def _column(document: Document) -> Column:
    return Column(
        id=document["id"],
        label=document["label"],
        type=ColumnType(document.get("type", ColumnType.TEXT)),
        options=tuple(document.get("options", ())),
        width=document.get("width", 1),
        **{key: document[key] for key in BOUNDS if key in document},
    )


def paper_rules(document: Document) -> PaperRules:
    """`definitions.paper`."""
    kept = (
        "order",
        "many",
        "named_by",
        "letters",
        "points",
        "signed",
        "consulted",
        "repeat_months",
        "edition",
    )
    return PaperRules(
        group=PaperGroup(document["group"]),
        prefill={one["into"]: one["from"] for one in document.get("prefill", ())},
        begun_from=_begun_from(document["begun_from"]) if "begun_from" in document else None,
        signatories=tuple(SignatoryTable(**one) for one in document.get("signatories", ())),
        in_order=tuple((pair["first"], pair["then"]) for pair in document.get("in_order", ())),
        reasons=tuple((pair["of"], pair["in"]) for pair in document.get("reasons", ())),
        body=tuple(TextPart(part["text"], _when(part.get("when", ()))) for part in document.get("body", ())),
        deadlines=tuple(Deadline(**deadline) for deadline in document.get("deadlines", ())),
        advice=tuple(
            Advice(
                one["id"], one["title"], one["text"], tuple(one.get("risks", ())), _when(one.get("when", ()))
            )
            for one in document.get("advice", ())
        ),
        calculator=calculator(document["calculator"]) if "calculator" in document else None,
        **{key: document[key] for key in kept if key in document},
    )


def _begun_from(document: Document) -> BegunFrom:
    return BegunFrom(document["register"], {one["into"]: one["from"] for one in document["prefill"]})


def _when(conditions: Sequence[Document]) -> dict[str, tuple[str, ...]]:
    return {condition["question"]: tuple(condition["is"]) for condition in conditions}
