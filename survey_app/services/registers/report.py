"""Registers that stand in the diagnoza: in both editions, or only in the one for the team."""

from __future__ import annotations

from survey_app import polish
from survey_app.analysis.diagnoza.result import Edition, TeamRegister
from survey_app.instrument.register_model import About, RegisterRules
from survey_app.services.context import Context
from survey_app.services.register.sectors import sector_labels
from survey_app.services.registers.definitions import registers as defined
from survey_app.services.registers.definitions import rules_of
from survey_app.services.registers.entries import Listed
from survey_app.services.registers.listing import Wanted, about_words, filtered, state_label
from survey_app.store import people, registers
from survey_app.store.registers import RegisterEntry

MOST = 200  # entries of one register that a report prints
A_PERSON = "osoba fizyczna"


def registers_of_report(context: Context, gmina_code: str, edition: Edition) -> tuple[TeamRegister, ...]:
    """In their order, those with entries: what is still expected by days, then what is over, the newest first.

    The public edition names nobody: no responsible member, no natural person of the catalogue.
    """
    wanted = {key: one for key, one in defined().items() if _stands(rules_of(one), edition)}
    if not wanted:
        return ()
    with context.database.reading() as session:
        held = registers.entries(session, gmina_code, None, wanted)
        if not held:
            return ()
        ids = {one.stakeholder_id for one in held if one.stakeholder_id}
        names = registers.stakeholder_names(session, ids)
        if edition is Edition.PUBLIC:
            names |= dict.fromkeys(registers.natural_persons(session, ids), A_PERSON)
        members = people.names(session, {one.person_id for one in held if one.person_id})
        sectors = sector_labels(session, gmina_code)
    found = []
    for key, definition in wanted.items():
        own = [one for one in held if one.key == key]
        if own:
            found.append(_told(Listed(definition, own, members, names, sectors), edition))
    return tuple(found)


def _stands(rules: RegisterRules, edition: Edition) -> bool:
    return rules.edition == Edition.PUBLIC or (
        rules.edition == Edition.INTERNAL and edition is Edition.INTERNAL
    )


def _told(found: Listed, edition: Edition) -> TeamRegister:
    rules, rows = rules_of(found.definition), filtered(found, Wanted())
    named = rules.responsible and edition is Edition.INTERNAL
    dated = rules.due or rules.starts
    header = ["Nazwa"]
    header += [rules.about_label] if rules.about is not About.NOTHING else []
    header += ["Odpowiada"] if named else []
    header += [found.definition.by_id[dated].text.rstrip(" :")] if dated else []

    def line(one: RegisterEntry) -> tuple[str, ...]:
        cells = [one.title]
        cells += [about_words(found, one)] if rules.about is not About.NOTHING else []
        cells += [found.people.get(one.person_id or 0, "")] if named else []
        cells += [_day(one, bool(rules.due))] if dated else []
        return (*cells, state_label(found, one))

    return TeamRegister(
        found.definition.key,
        found.definition.title,
        (*header, "Stan"),
        tuple(line(one) for one in rows[:MOST]),
        polish.counted(len(rows), *rules.nouns),
        len(rows) - len(rows[:MOST]),
    )


def _day(one: RegisterEntry, by_due: bool) -> str:
    """Under the name of the day that it is due, one that only starts says so."""
    if one.due_on or not one.starts_on:
        return polish.date_short(one.due_on) if one.due_on else ""
    return f"od {polish.date_short(one.starts_on)}" if by_due else polish.date_short(one.starts_on)
