"""A region's report in chapters and blocks, for paper, page, Word and workbook. Reads the roll-up, nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.diagnoza.canonical import as_shown, sha256_of
from survey_app.analysis.diagnoza.compose import in_order
from survey_app.analysis.diagnoza.document import Document
from survey_app.analysis.rollup.region_annexes import data_annex, hidden_annex, methods_annex
from survey_app.analysis.rollup.region_answers import answers_chapter, sectors_chapter
from survey_app.analysis.rollup.region_coding import coding_chapter
from survey_app.analysis.rollup.region_network import network_chapter
from survey_app.analysis.rollup.region_readiness import readiness_chapter, response_chapter
from survey_app.analysis.rollup.region_summary import summary_chapter
from survey_app.analysis.rollup.regions import RollUp


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """What the title page says beside the numbers. `as_of`: the day on which the releases were read."""

    label: str  # "województwo lubelskie", "Polska"
    code: str
    ankieta: str  # its title; "" where there is none yet
    ankieta_key: str
    as_of: dt.date


def region_document(facts: RegionFacts, found: RollUp) -> Document:
    """The report of METHOD, "Disclosure control", Roll-up. Deterministic: the same roll-up on the same day is the same.

    Chapters without content are left out; with no gmina at all the summary says so, and the annexes stay.
    """
    checksum = checksum_of(facts, found)
    return Document(
        title=f"Zestawienie gmin: {facts.label}",
        subtitle="Partnerstwo oraz reintegracja społeczna i zawodowa w gminach. Sumy i różnice między gminami",
        running=f"Zestawienie gmin: {facts.label} · stan na {polish.date(facts.as_of)}",
        facts=_title_facts(facts, found, checksum),
        chapters=in_order(
            [
                summary_chapter(found),
                network_chapter(found),
                response_chapter(found),
                readiness_chapter(found),
                sectors_chapter(found),
                answers_chapter(found),
                coding_chapter(found),
            ],
            [methods_annex(found), hidden_annex(found), data_annex(facts.ankieta, facts.as_of, checksum)],
        ),
        checksum=checksum,
        watermark="PRZYKŁAD" if found.example else "",
        created=dt.datetime.combine(facts.as_of, dt.time(12), dt.UTC),
    )


def checksum_of(facts: RegionFacts, found: RollUp) -> str:
    """SHA-256 of every number and word that is shown, and of the ankieta's key; no day, and nothing hidden."""
    return sha256_of({"ankieta": facts.ankieta_key, "roll_up": as_shown(found)})


def _title_facts(facts: RegionFacts, found: RollUp, checksum: str) -> tuple[tuple[str, str], ...]:
    coding = found.coding.gminas if found.coding else 0
    code = () if facts.code == "PL" else (("Kod TERYT", facts.code),)
    network = found.network
    process = (("Gminy z procesem", polish.whole(network.following)),) if network else ()
    return (
        ("Obszar", facts.label),
        *code,
        ("Ankieta", facts.ankieta or "żadna gmina nie ma jeszcze zablokowanej kampanii"),
        ("Gminy z kampanią", polish.whole(found.gminas)),
        ("Gminy z kodowaniem", polish.whole(coding)),
        *process,
        ("Stan danych", polish.date(facts.as_of)),
        ("Suma kontrolna", checksum[:16]),
    )
