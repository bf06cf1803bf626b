"""What is known of signatories before they sign: role and contribution, from the paper itself and the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey_app.instrument.paper_model import SignatoryTable
from survey_app.services.context import Context
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.paper_signatures import LENGTHS, Words
from survey_app.services.method.papers import PaperView
from survey_app.services.register.declarations import contribution_words
from survey_app.store import catalogue, declarations
from survey_app.store.papers import PaperVersion


@dataclass(frozen=True, slots=True)
class Known:
    """`words`: stakeholder id -> what is known; who nothing is known of is not there. `named`: id -> name of those whom
    the paper itself names, in Polish alphabetical order.
    """

    words: Mapping[int, Words]
    named: Mapping[int, str]

    def of(self, stakeholder_id: int) -> Words:
        return self.words.get(stakeholder_id, Words())


def known_words(context: Context, gmina_code: str, view: PaperView) -> Known:
    """From the version that was agreed to, else the newest. A name is matched as an import of the catalogue does it.

    What the paper says of a contribution goes before what the catalogue says.
    """
    version = view.version(view.paper.agreed_version or view.newest.number)
    told = _told(version, rules_of(view.definition).signatories)
    with context.database.reading() as session:
        declared = declarations.of_gmina(session, gmina_code)
        entries = catalogue.stakeholders(session, gmina_code)
    words: dict[int, Words] = {}
    for one in entries:
        found = told.get(catalogue.name_key(one.name), Words())
        if not found.contribution:
            found = replace(found, contribution=contribution_words(declared.get(one.id, [])))
        if found != Words():
            words[one.id] = Words(*(_short(getattr(found, name), most) for name, most in LENGTHS.items()))
    return Known(words, {one.id: one.name for one in entries if catalogue.name_key(one.name) in told})


def _told(version: PaperVersion, tables: tuple[SignatoryTable, ...]) -> dict[str, Words]:
    """Key of a name -> what the paper says; of several rows, all that they say."""
    found: dict[str, Words] = {}
    for table in tables:
        for row in version.tables.get(table.table, ()):
            if not (name := row.get(table.name, "").strip()):
                continue
            held = found.get(catalogue.name_key(name), Words())
            found[catalogue.name_key(name)] = replace(
                held,
                role=_joined(held.role, row.get(table.role, "")),
                contribution=_joined(held.contribution, row.get(table.contribution, "")),
            )
    return found


def _joined(held: str, more: str) -> str:
    more = " ".join(more.split())
    return f"{held}; {more}" if held and more and more != held else held or more


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
