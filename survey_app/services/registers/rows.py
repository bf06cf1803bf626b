"""Entries of a register as rows: what tables of papers begin with, and what the diagnoza prints."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from survey_app.analysis.papers.values import words_of
from survey_app.instrument.model import AnswerType
from survey_app.instrument.paper_model import Row
from survey_app.services.context import Context
from survey_app.services.registers import parties
from survey_app.services.registers.definitions import registers, rules_of
from survey_app.services.registers.entries import Listed, Owner, listed
from survey_app.services.registers.listing import Wanted, about_words, filtered, state_label
from survey_app.store.registers import RegisterEntry

# Columns that every register can fill, beside those named like its questions.
COLUMNS = ("nazwa", "stan", "od", "do", "rok", "odpowiada", "dotyczy", "odpowiedzi")
REPLY_COUNTS = (("yes", "zgody"), ("no", "odmowy"), ("", "bez odpowiedzi"))


def rows_of(context: Context, gmina_code: str, key: str, most: int) -> list[Row]:
    """By days; at most so many, and then what is still expected comes before what is over. No such register: none.

    Each row: question id -> words (days as YYYY-MM-DD), and `COLUMNS`.
    """
    if key not in registers():
        return []
    owner = Owner(gmina_code=gmina_code)
    found = listed(context, owner, key)
    kept = sorted(filtered(found, Wanted())[:most], key=_day)
    replies = _replies(context, owner, found) if kept else {}
    return [_row(found, one, replies.get(one.id, "")) for one in kept]


def _row(found: Listed, one: RegisterEntry, replies: str) -> Row:
    row: dict[str, str] = {}
    for question in found.definition.questions:
        value = one.answers.get(question.id)
        if question.type in (AnswerType.DATE, AnswerType.NUMBER):
            row[question.id] = "" if value is None else str(value)
        else:
            row[question.id] = "\n".join(words_of(question, value))
    day = one.due_on or one.starts_on
    return row | {
        "nazwa": one.title,
        "stan": state_label(found, one),
        "od": one.starts_on.isoformat() if one.starts_on else "",
        "do": one.due_on.isoformat() if one.due_on else "",
        "rok": str(day.year) if day else "",
        "odpowiada": found.people.get(one.person_id or 0, ""),
        "dotyczy": about_words(found, one),
        "odpowiedzi": replies,
    }


def _replies(context: Context, owner: Owner, found: Listed) -> dict[int, str]:
    """Entry id -> how many agreed, refused, or have not said."""
    asked = rules_of(found.definition).parties
    if asked is None or not asked.replies:
        return {}
    counts: dict[int, Counter[str]] = {}
    for entry_id, one in parties.of_register(context, owner, found.definition.key):
        counts.setdefault(entry_id, Counter())[one.party.reply] += 1
    return {
        entry_id: ", ".join(f"{words}: {told[reply]}" for reply, words in REPLY_COUNTS if told[reply])
        for entry_id, told in counts.items()
    }


def _day(one: RegisterEntry) -> tuple[dt.date, int]:
    return one.due_on or one.starts_on or dt.date.max, one.id
