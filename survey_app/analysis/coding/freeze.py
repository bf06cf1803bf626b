"""A closed round as a document that never changes, and back. METHOD, "Coding": a closed round is never changed.

The document names the criteria by key and checksum, so a round keeps the version it used; corrections are not in it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from survey_app.analysis.coding.result import (
    Agreement,
    CodedStakeholder,
    Correction,
    RoundResult,
    Votes,
    Withdrawn,
)
from survey_app.instrument.loader import canonical_json
from survey_app.instrument.model import Instrument

FORMAT = 1  # of the document; a later one is read by its own number
_PLAIN = ("number", "title", "occasion", "scheme", "raters")


def round_to_json(result: RoundResult) -> dict[str, Any]:
    """All that the round found, as plain JSON values: without the checksum, which is made from it, and corrections."""
    return {
        "format": FORMAT,
        **{name: getattr(result, name) for name in _PLAIN},
        "opened_on": result.opened_on.isoformat(),
        "closed_on": result.closed_on.isoformat(),
        "instrument": {"key": result.instrument.key, "sha256": result.instrument.sha256},
        "stakeholders": [_stakeholder_to_json(one) for one in result.stakeholders],
        "withdrawn": [asdict(one) for one in result.withdrawn],
        "agreement": [_agreement_to_json(one) for one in result.agreement],
        "institutions_agreement": [_agreement_to_json(one) for one in result.institutions_agreement],
    }


def round_checksum(document: Mapping[str, Any]) -> str:
    """sha256 of the canonical JSON of a frozen round, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(dict(document)).encode("utf-8")).hexdigest()


def round_from_json(
    document: Mapping[str, Any], instrument: Instrument, corrections: Sequence[Correction] = ()
) -> RoundResult:
    """The round as it was closed. `instrument`: the very version that the document names.

    Raises ValueError for a document of an unknown format or another version of the criteria.
    """
    if document["format"] != FORMAT:
        raise ValueError(f"a closed round of format {document['format']!r} cannot be read")
    named = document["instrument"]
    if (named["key"], named["sha256"]) != (instrument.key, instrument.sha256):
        raise ValueError(f"the round was closed with {named['key']} {named['sha256']}")
    return RoundResult(
        **{name: document[name] for name in _PLAIN},
        opened_on=dt.date.fromisoformat(document["opened_on"]),
        closed_on=dt.date.fromisoformat(document["closed_on"]),
        instrument=instrument,
        stakeholders=tuple(_stakeholder(one) for one in document["stakeholders"]),
        withdrawn=tuple(Withdrawn(**one) for one in document["withdrawn"]),
        agreement=tuple(Agreement(**one) for one in document["agreement"]),
        institutions_agreement=tuple(Agreement(**one) for one in document["institutions_agreement"]),
        checksum=round_checksum(document),
        corrections=tuple(corrections),
    )


def _stakeholder_to_json(one: CodedStakeholder) -> dict[str, Any]:
    # Not `asdict` of the whole: it copies mappings deeply, and knows only dicts.
    plain = {name: getattr(one, name) for name in CodedStakeholder.__slots__}
    plain["medians"] = dict(one.medians)
    plain["points"] = dict(one.points)
    plain["votes"] = asdict(one.votes) if one.votes else None
    plain["evidence"] = list(one.evidence)
    return plain


def _stakeholder(document: Mapping[str, Any]) -> CodedStakeholder:
    votes = Votes(**document["votes"]) if document["votes"] else None
    return CodedStakeholder(**{**document, "votes": votes, "evidence": tuple(document["evidence"])})


def _agreement_to_json(one: Agreement) -> dict[str, Any]:
    # Adding 0.0 makes -0.0 a plain zero: PostgreSQL knows no other, and the checksum would notice.
    return {name: value + 0.0 if isinstance(value, float) else value for name, value in asdict(one).items()}
