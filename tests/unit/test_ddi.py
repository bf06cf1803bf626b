"""The DDI codebook of a campaign's file: valid, complete, and without a word about what anybody answered."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings

from survey_app.analysis.files.ddi import Study, ddi_xml
from survey_app.analysis.files.variables import CodedFile, coded
from survey_app.analysis.groups import form_groups, type_counts
from survey_app.analysis.row_file import anonymous_rows, named_rows
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import Answers
from tests.ddi_rules import NAMESPACE, faults
from tests.strategies import instruments
from tests.unit.analysis_records import ankieta, drawn

STUDY = Study(
    title="Ankieta <jesienna> & „próbna”",
    gmina="Janów Lubelski",
    teryt="0605043",
    powiat="janowski",
    wojewodztwo="lubelskie",
    begins=dt.date(2026, 11, 2),
    ends=dt.date(2026, 11, 9),
    anonymous=True,
    invited=20,
    paper=True,
    file_name="dane-janow-lubelski.sav",
    made=dt.date(2026, 11, 10),
)
SCHEMA = Path(os.environ.get("DDI_SCHEMA", "codebook.xsd"))


def coded_file(people: list[Answers]) -> CodedFile:
    groups = form_groups(ankieta(), type_counts(ankieta(), people), k=3, anonymous=True)
    rows = anonymous_rows(ankieta(), people, groups)
    return coded(ankieta(), rows, [group.label for group in groups.items])


def answers(seed: int = 1) -> list[Answers]:
    return drawn(seed, 12, ["edukacja", "kultura", "sport"], 0.5, 0.2)


def variable(root: Element, name: str) -> Element:
    found = root.find(f".//{NAMESPACE}var[@name='{name}']")
    assert found is not None
    return found


def categories(of: Element) -> dict[str, tuple[str, str]]:
    return {
        one.findtext(f"{NAMESPACE}catValu", ""): (
            one.findtext(f"{NAMESPACE}labl", ""),
            one.get("missing", "N"),
        )
        for one in of.findall(f"{NAMESPACE}catgry")
    }


def test_it_is_a_valid_codebook_and_describes_every_variable_of_the_file() -> None:
    file = coded_file(answers())
    content = ddi_xml(STUDY, ankieta(), file)
    assert faults(content) == []
    root = fromstring(content)
    assert [one.get("name") for one in root.iter(f"{NAMESPACE}var")] == [v.name for v in file.variables]
    assert root.findtext(f".//{NAMESPACE}caseQnty") == "12"
    assert root.findtext(f".//{NAMESPACE}titl", "").endswith(f"{STUDY.title}, Janów Lubelski (0605043)")


def test_the_four_states_stand_as_one_answered_and_three_missing_categories() -> None:
    root = fromstring(ddi_xml(STUDY, ankieta(), coded_file(answers())))
    assert categories(variable(root, "p3")) == {
        "1": ("TAK", "N"),
        "2": ("NIE", "N"),
        "-999": ("bez odpowiedzi", "Y"),
        "-998": ("nie pytano", "Y"),
        "-997": ("nie doszło do pytania", "Y"),
    }
    invalid = [item.get("VALUE") for item in variable(root, "p3").iter(f"{NAMESPACE}item")]
    assert invalid == ["-999", "-998", "-997"]


def test_who_is_asked_is_told_in_words_and_only_where_not_everybody_is() -> None:
    root = fromstring(ddi_xml(STUDY, ankieta(), coded_file(answers())))
    assert "TAK" in variable(root, "p3").findtext(f"{NAMESPACE}universe", "")
    assert variable(root, "p5").find(f"{NAMESPACE}universe") is None


def test_nothing_in_it_depends_on_what_was_answered() -> None:
    """Two campaigns with the same groups and as many rows have the same description."""
    mirrored = [
        {**one, **{key: value for key, value in other.items() if key != "p1"}}
        for one, other in zip(answers(), answers(2), strict=True)
    ]
    first, second = coded_file(answers()), coded_file(mirrored)
    assert first.rows != second.rows
    second = replace(
        second, notes=first.notes
    )  # how many rows stand alone is said by the row file's own note
    assert ddi_xml(STUDY, ankieta(), first) == ddi_xml(STUDY, ankieta(), second)


@pytest.mark.parametrize("invited", [None, 20])
def test_an_open_link_is_told_from_invitations(invited: int | None) -> None:
    root = fromstring(ddi_xml(replace(STUDY, invited=invited), ankieta(), coded_file([])))
    universe = root.findtext(f".//{NAMESPACE}sumDscr/{NAMESPACE}universe", "")
    assert ("nie jest znana" in universe) == (invited is None)
    assert ("zaproszone: 20" in universe) == (invited == 20)


@settings(deadline=None, max_examples=50)
@given(instruments())
def test_any_instrument_makes_a_valid_codebook(instrument: Instrument) -> None:
    file = coded(instrument, named_rows(instrument, []), None)
    assert faults(ddi_xml(replace(STUDY, anonymous=False), instrument, file)) == []


@pytest.mark.skipif(not SCHEMA.is_file(), reason="left out: DDI_SCHEMA does not name DDI 2.5's codebook.xsd")
def test_the_schema_itself_accepts_it() -> None:
    etree = pytest.importorskip("lxml.etree")
    rules = etree.XMLSchema(file=str(SCHEMA))
    assert rules.validate(etree.fromstring(ddi_xml(STUDY, ankieta(), coded_file(answers())))), rules.error_log
