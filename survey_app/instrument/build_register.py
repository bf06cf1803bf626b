"""The register's part of a checked document -> the frozen model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey_app.instrument.register_model import (
    About,
    LogKind,
    Parties,
    PartyKind,
    RegisterGroup,
    RegisterLevel,
    RegisterRules,
    RegisterState,
    Votes,
)

Document = Mapping[str, Any]
_PLAIN = (
    "order",
    "about_label",
    "responsible",
    "starts",
    "due",
    "hour",
    "place",
    "late_after_start",
    "lead_days",
    "single",
    "edition",
)


def register_rules(document: Document) -> RegisterRules:
    """`definitions.register`."""
    nouns = document["nouns"]
    return RegisterRules(
        group=RegisterGroup(document["group"]),
        nouns=(nouns["one"], nouns["few"], nouns["many"]),
        named_by=document["named_by"],
        states=tuple(RegisterState(**state) for state in document["states"]),
        level=RegisterLevel(document.get("level", RegisterLevel.GMINA)),
        about=About(document.get("about", About.NOTHING)),
        required=tuple(document.get("required", ())),
        in_order=tuple((pair["first"], pair["then"]) for pair in document.get("in_order", ())),
        log=tuple(LogKind(**kind) for kind in document.get("log", ())),
        parties=_parties(document["parties"]) if "parties" in document else None,
        votes=_votes(document["votes"]) if "votes" in document else None,
        **{key: document[key] for key in _PLAIN if key in document},
    )


def _parties(document: Document) -> Parties:
    return Parties(
        kinds=tuple(PartyKind(kind) for kind in document["kinds"]),
        label=document["label"],
        replies=document.get("replies", False),
        roles=tuple(document.get("roles", ())),
        matched_with=document.get("matched_with", ""),
    )


def _votes(document: Document) -> Votes:
    """Shares stand in the file as whole per cents."""
    return Votes(document.get("quorum", 50) / 100, document.get("majority", 50) / 100)
