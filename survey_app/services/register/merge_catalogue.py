"""Two entries of a catalogue that are one institution: find them, show them side by side, make one of them.

The double stays as an entry that left and says which one it was merged into: closed rounds and past campaigns keep
what they name, and nothing of them changes.
"""

from __future__ import annotations

import datetime as dt
import difflib
import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, InvalidInputError
from survey_app.services.context import Context
from survey_app.services.register.catalogue import (
    checked,
    lock_catalogue,
    record,
    refuse_taken_name,
    require_stakeholder,
    stakeholders,
)
from survey_app.services.registers import doubles
from survey_app.store import catalogue, declarations, interviews, paper_people, people
from survey_app.store.catalogue import Stakeholder, StakeholderDraft

__all__ = ["FIELDS", "Comparison", "LikelyDouble", "compare", "likely_doubles", "merge"]

# What may be taken from the double, one by one; a contact only as a whole.
FIELDS = (
    "name",
    "sector",
    "internal",
    "stakeholder_type",
    "natural_person",
    "address",
    "note",
    "usefulness",
    "spheres",
    "contact",
)
CONTACT_FIELDS = ("contact_name", "contact_email", "contact_phone")
DOUBLE_REASON = "wpis podwójny"
MAX_SUGGESTED = 20
NEAR = 0.86  # difflib's ratio of two folded names
WORTH_COMPARING = 0.6  # Dice's coefficient of their trigrams; cheap to find among 500 names


@dataclass(frozen=True, slots=True)
class LikelyDouble:
    """Two present entries whose names are nearly the same."""

    first: Stakeholder
    second: Stakeholder


@dataclass(frozen=True, slots=True)
class Comparison:
    """`differing`: the FIELDS in which the entries differ. `obstacle`: why they cannot be merged now; empty: they can.

    `declared`: how many declarations would move; `invited`: the double's invitations are not touched by a merge.
    """

    double: Stakeholder
    into: Stakeholder
    differing: tuple[str, ...]
    obstacle: str
    declared: int


def likely_doubles(context: Context, gmina_code: str) -> list[LikelyDouble]:
    """The likeliest first, at most MAX_SUGGESTED; names that differ in a number ("nr 1", "nr 2") are not doubles."""
    rows = stakeholders(context, gmina_code)
    keys = {row.id: polish.fold(row.name) for row in rows}
    by_id = {row.id: row for row in rows}
    found: dict[tuple[int, int], float] = {}
    alike: dict[tuple[str, ...], dict[int, str]] = defaultdict(dict)
    for key, name in keys.items():
        alike[_numbers(name)][key] = name
    for group in alike.values():
        for first, second in itertools.chain(_near_pairs(group), _initials(group)):
            found[first, second] = max(found.get((first, second), 0), _likeness(keys[first], keys[second]))
    likely = sorted((pair for pair in found if found[pair] >= NEAR), key=lambda pair: (-found[pair], pair))
    return [LikelyDouble(by_id[first], by_id[second]) for first, second in likely[:MAX_SUGGESTED]]


def compare(context: Context, gmina_code: str, double_id: int, into_id: int) -> Comparison:
    """NotFoundError unless both are of this gmina."""
    with context.database.reading() as session:
        double = require_stakeholder(session, gmina_code, double_id)
        into = require_stakeholder(session, gmina_code, into_id)
        theirs, ours = catalogue.draft_of(double), catalogue.draft_of(into)
        return Comparison(
            double,
            into,
            tuple(name for name in FIELDS if _value(theirs, name) != _value(ours, name)),
            _obstacle(session, double, into),
            len(declarations.of_stakeholder(session, double_id)),
        )


def merge(
    context: Context,
    gmina_code: str,
    double_id: int,
    into_id: int,
    actor: int | None,
    taken: Collection[str] = (),
) -> Stakeholder:
    """The kept entry. `taken`: FIELDS that it takes over from the double; a contact it also takes if it has none.

    Declarations (with their dates), representations, remarks on papers, signatures and all that registers hold of it
    move. ConflictError says what stands in the way, and what to do.
    """
    if set(taken) - set(FIELDS):
        raise InvalidInputError("Nie połączono wpisów. Prosimy wybrać pola jeszcze raz.")
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        double = require_stakeholder(session, gmina_code, double_id)
        into = require_stakeholder(session, gmina_code, into_id)
        obstacle = _obstacle(session, double, into)
        if obstacle:
            raise ConflictError(obstacle)
        draft = _merged(catalogue.draft_of(double), catalogue.draft_of(into), taken)
        joined_on = _joined_on(session, double, into)
        catalogue.mark_merged(double, into, context.today(), DOUBLE_REASON)
        lost = catalogue.loses_contact(double)
        session.flush()  # its name is free now
        refuse_taken_name(session, gmina_code, draft.name, into.id)
        catalogue.update(into, checked(session, gmina_code, draft))
        into.joined_on = joined_on
        declarations.move(session, double.id, into.id)
        people.move_representations(session, double.id, into.id)
        interviews.move_seats(session, double.id, into.id)
        paper_people.move(session, double.id, into.id)
        doubles.move(session, double.id, into.id)
        record(
            context, session, double, "stakeholder_merged", actor, f"do wpisu {into.id}", contact_gone=lost
        )
        record(context, session, into, "stakeholder_took_over", actor, f"wpis {double.id}")
        return into


def _obstacle(session: Session, double: Stakeholder, into: Stakeholder) -> str:
    if double.id == into.id:
        return "To jeden i ten sam wpis. Wybierz dwa różne."
    for row in (double, into):
        if row.merged_into_id is not None:
            return f"Wpis „{row.name}” został już połączony z innym."
        if row.left_on is not None:
            return f"„{row.name}” nie jest już w katalogu. Łączyć można tylko wpisy, które w nim są."
    rounds = catalogue.open_rounds(session, double.id)
    if rounds:
        title = rounds[0].title
        return (
            f"„{double.name}” jest kodowany w otwartej turze „{title}”. Zachowaj ten wpis, a usuń drugi; albo wyłącz"
            " go z tury z uzasadnieniem; albo połącz wpisy po jej zamknięciu."
        )
    return doubles.obstacle(session, double.id, into.id)


def _merged(double: StakeholderDraft, into: StakeholderDraft, taken: Collection[str]) -> StakeholderDraft:
    wanted = [name for name in taken if name != "contact"]
    if "contact" in taken or not any(getattr(into, name) for name in CONTACT_FIELDS):
        wanted += CONTACT_FIELDS
    return replace(into, **{name: getattr(double, name) for name in wanted})


def _value(draft: StakeholderDraft, name: str) -> object:
    return tuple(getattr(draft, one) for one in CONTACT_FIELDS) if name == "contact" else getattr(draft, name)


def _joined_on(session: Session, double: Stakeholder, into: Stakeholder) -> dt.date:
    """The institution has been there since the earlier of both days, but for a stay that ended in between."""
    earlier = min(double.joined_on, into.joined_on)
    stays = catalogue.periods(session, into.id)
    return max(earlier, stays[-1].left_on) if stays else earlier


def _near_pairs(keys: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Pairs with many trigrams in common, without comparing everybody with everybody."""
    grams = {key: _trigrams(name) for key, name in keys.items()}
    holders: dict[str, list[int]] = defaultdict(list)
    for key, own in grams.items():
        for gram in own:
            holders[gram].append(key)
    common: Counter[tuple[int, int]] = Counter()
    for held in holders.values():
        common.update(itertools.combinations(sorted(held), 2))
    for (first, second), shared in common.items():
        if 2 * shared >= WORTH_COMPARING * (len(grams[first]) + len(grams[second])):
            yield first, second


def _initials(keys: dict[int, str]) -> Iterator[tuple[int, int]]:
    """ "GOPS" and "Gminny Ośrodek Pomocy Społecznej"."""
    short: dict[str, list[int]] = defaultdict(list)
    for key, name in keys.items():
        short[name.split(" ")[0]].append(key)
    for key, name in keys.items():
        for other in short.get(_initials_of(name), ()):
            if other != key:
                yield min(key, other), max(key, other)


def _initials_of(name: str) -> str:
    words = [word for word in name.split(" ") if len(word) > 1]
    return "".join(word[0] for word in words[:4]) if len(words) >= 3 else ""


def _likeness(first: str, second: str) -> float:
    """1 for the same words in another order, or for initials of the other; else difflib's ratio."""
    if sorted(first.split(" ")) == sorted(second.split(" ")):
        return 1.0
    if _initials_of(first) == second or _initials_of(second) == first:
        return 0.95
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()


def _numbers(name: str) -> tuple[str, ...]:
    return tuple(word for word in name.split(" ") if any(char.isdigit() for char in word))


def _trigrams(name: str) -> frozenset[str]:
    padded = f"  {name} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))
