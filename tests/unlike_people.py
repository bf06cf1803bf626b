"""People whose answers are all unlike, so that a right guess of the attacker is no coincidence."""

from __future__ import annotations

import random
from collections.abc import Hashable, Mapping
from itertools import product
from typing import Any

from survey_app.instrument.model import AnswerType, Instrument
from survey_app.instrument.values import Value
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.store import catalogue
from tests.campaign_kit import GMINA, Held, hold


def fingerprint(document: Mapping[str, Any]) -> Hashable:
    """What can be told apart in an answer before and after the lock: states, choices, filled boxes."""
    return tuple(
        (key, entry["state"], len(entry["value"]) if isinstance(entry["value"], list) else entry["value"])
        for key, entry in sorted(document.items())
        if key in {"p2", "p5", "p6", "p7", "p9", "p11"} and entry["state"] == "answered"
    )


def unlike_answers(instrument: Instrument, number: int, source: random.Random) -> list[dict[str, Value]]:
    """That many different answers to the questions that everybody is asked."""
    always = [question for question in instrument.questions if question.ask_if is None and question.number]
    yes_no = [question.id for question in always if question.type is AnswerType.YES_NO]
    assert {"p2", "p5", "p7", "p9"} <= set(yes_no)
    combinations = list(product(*[["tak", "nie"]] * 4, range(4), range(4)))
    source.shuffle(combinations)
    made = []
    for *choices, few, more in combinations[:number]:
        tag = f"{source.getrandbits(48):012x}"  # a number in the words would tell the order by itself
        values: dict[str, Value] = dict(zip(["p2", "p5", "p7", "p9"], choices, strict=True))
        values["p1"] = {"option": source.choice(["edukacja", "administracja", "kultura"])}
        boxes = {"p6": few, "p11": more}
        values |= {key: [f"słowo-{tag}-{key}-{box}" for box in range(n)] for key, n in boxes.items() if n}
        values["p10"] = f"zdanie-{tag}-koniec"
        made.append(values)
    assert len(made) == number
    return made


def invited(context: Context, number: int, **changes: object) -> Held:
    """A campaign with an invitation for each; whatever can name an institution does, and differently."""
    gminas.add_gmina(context, GMINA + "2", "Godziszów", "lubelskie", "janowski", actor=None)
    with context.database.transaction() as session:
        for place in range(number):
            draft = catalogue.StakeholderDraft(
                f"Instytucja {place:03d}",
                "edukacja",
                internal=True,
                address=f"ul. Polna {place:03d}",
                contact_name=f"Anna Nowak-{place:03d}",
                contact_email=f"biuro-{place:03d}@gmina.example",
            )
            catalogue.add(session, GMINA, draft, context.clock().date())
    return hold(context, **changes)
