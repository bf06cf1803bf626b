"""Free texts for the report: cleared by the team, without the group, in an order that says nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from survey_app.analysis.disclosure import ReleasedCampaign
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import Answers


def shuffled(texts: Sequence[str]) -> tuple[str, ...]:
    """The texts in an order that depends on nothing but the texts, so that the same data give the same
    report.

    Sorted by a hash over each text and the whole list: neither the order of answers nor the alphabet shows.
    """
    whole = hashlib.sha256("\x00".join(sorted(texts)).encode()).hexdigest()
    return tuple(sorted(texts, key=lambda text: hashlib.sha256(f"{whole}\x00{text}".encode()).digest()))


def written_texts(question_id: str, records: Sequence[Answers]) -> list[str]:
    """Every text that was written as an answer to a question."""
    texts: list[str] = []
    for record in records:
        value = record[question_id].value if question_id in record else None
        if isinstance(value, list):
            texts.extend(value)
        elif isinstance(value, str):
            texts.append(value)
    return texts


def texts_of_report(
    instrument: Instrument,
    records: Sequence[Answers],
    released: ReleasedCampaign,
    cleared: Mapping[str, Sequence[str]],
) -> dict[str, tuple[tuple[str, ...], int]]:
    """Question id -> (cleared texts, how many more were written but are not cleared).

    METHOD, "Disclosure control": free text is shown without the group, in random order, after a person of
    the team has cleared it of names. Only questions whose texts the disclosure module lets through; the
    number of those held back is given from k up, in an anonymous campaign.
    """
    floor = released.groups.k if released.groups.anonymous else 0
    found = {}
    for question in instrument.questions:
        if question.id not in released.texts:
            continue
        shown = shuffled(cleared.get(question.id, ()))
        withheld = max(0, len(written_texts(question.id, records)) - len(shown))
        found[question.id] = (shown, withheld if withheld >= floor else 0)
    return found
