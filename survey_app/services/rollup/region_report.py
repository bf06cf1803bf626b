"""A region's report from what went up, and its files. METHOD, "Disclosure control", Roll-up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.analysis.diagnoza.document import Document
from survey_app.analysis.rollup.coding_release import CodingRelease
from survey_app.analysis.rollup.gmina_release import GminaRelease
from survey_app.analysis.rollup.region_document import RegionFacts, region_document
from survey_app.analysis.rollup.regions import Country, RollUp, roll_up
from survey_app.errors import NotFoundError
from survey_app.services.context import Context
from survey_app.services.instruments import ANKIETA
from survey_app.services.rollup import network_facts, regions
from survey_app.store import releases

NO_INSTRUMENT = "Z tej ankiety żadna gmina nie ma zablokowanej kampanii."


@dataclass(frozen=True, slots=True)
class Ankieta:
    """An instrument with at least one locked campaign."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class RegionReport:
    """`ankieta`: what the campaigns of this report asked; `ankietas`: all that there are; `as_of`: today."""

    region: regions.Region
    roll_up: RollUp
    ankieta: Ankieta
    ankietas: tuple[Ankieta, ...]
    as_of: dt.date

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The instruments as a list to choose from."""
        return [(one.key, one.title) for one in self.ankietas]

    def document(self) -> Document:
        """Chapters and blocks, which the page and every file but the CSV are made of."""
        facts = RegionFacts(
            self.region.label, self.region.code, self.ankieta.title, self.ankieta.key, self.as_of
        )
        return region_document(facts, self.roll_up)


def report(context: Context, code: str, instrument_key: str | None = None) -> RegionReport:
    """NotFoundError: no such region, or no campaign of that instrument. Without a key: the one most used."""
    found = regions.region(context, code)
    with context.database.reading() as session:
        ankietas = tuple(Ankieta(*one) for one in releases.instrument_keys(session))
        if instrument_key is None:
            ankieta = ankietas[0] if ankietas else Ankieta(ANKIETA, "")
        else:
            ankieta = _chosen(ankietas, instrument_key)
        country = _country(session, ankieta.key)
    return RegionReport(found, roll_up(country, code), ankieta, ankietas, context.today())


def _chosen(ankietas: tuple[Ankieta, ...], key: str) -> Ankieta:
    for one in ankietas:
        if one.key == key:
            return one
    raise NotFoundError(NO_INSTRUMENT)


def _country(session: Session, instrument_key: str) -> Country:
    campaigns = [
        GminaRelease.from_json(row.campaign_id, row.gmina_code, row.document)
        for row in releases.campaign_releases(session, instrument_key)
    ]
    coding = [
        CodingRelease.from_json(row.gmina_code, row.document) for row in releases.coding_releases(session)
    ]
    known = releases.places(session)
    return Country(
        campaigns,
        coding,
        {**regions.region_labels(session), **{one.code: f"gmina {one.name}" for one in known}},
        willing=frozenset(one.code for one in known if one.shows_its_row),
        example=frozenset(one.code for one in known if one.example),
        network=network_facts.network_of(session, [one.code for one in known if one.in_register], coding),
    )
