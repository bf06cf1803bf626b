"""A team's own copy of the criteria: made with a reason, checked, never changed, left behind by nobody's round."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import yaml

from survey_app.config import INSTRUMENTS
from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import gminas
from survey_app.services.coding import criteria
from survey_app.services.context import Context
from survey_app.store import audit

GMINA = "060505"
OTHER = "060203"


@pytest.fixture
def gmina(context: Context) -> Context:
    gminas.seed_pilot_gminas(context)
    return context


def changed(context: Context, minimum: int = 4) -> dict[str, Any]:
    document = copy.deepcopy(dict(criteria.current_criteria(context, GMINA).definition))
    document["definitions"]["coding"]["minimum_ratings"] = minimum
    return document


def minimum(version: criteria.InstrumentVersion) -> int:
    coding = criteria.criteria_of(version).definitions.coding
    assert coding is not None
    return coding.minimum_ratings


def test_without_a_copy_the_team_works_with_the_common_file(gmina: Context) -> None:
    version = criteria.current_criteria(gmina, GMINA)
    assert (version.key, version.version, version.gmina_code) == ("wyrozniki", 1, None)
    assert criteria.current_criteria(gmina, OTHER).id == version.id
    assert [each.id for each in criteria.criteria_versions(gmina, GMINA)] == [version.id]


def test_a_copy_is_a_version_of_its_own_with_its_reason(gmina: Context) -> None:
    common = criteria.current_criteria(gmina, GMINA)
    made = criteria.publish_copy(gmina, GMINA, changed(gmina), "  Zespół ma\r\n dziesięć osób. ", None)
    assert (made.key, made.version, made.gmina_code) == ("wyrozniki_060505", 1, GMINA)
    assert made.reason == "Zespół ma\ndziesięć osób."
    assert minimum(criteria.current_criteria(gmina, GMINA)) == 4
    assert criteria.current_criteria(gmina, OTHER).id == common.id
    assert [each.id for each in criteria.criteria_versions(gmina, GMINA)] == [made.id, common.id]
    with gmina.database.reading() as session:
        (event,) = audit.about(session, "instrument_version", made.id)
    assert (event.action, event.gmina_code) == ("criteria_published", GMINA)


def test_a_copy_needs_a_reason(gmina: Context) -> None:
    for reason in ("", " \n ", "x" * 1_001, "a\x00b"):
        with pytest.raises(InvalidInputError) as refused:
            criteria.publish_copy(gmina, GMINA, changed(gmina), reason, None)
        assert [fault.where for fault in refused.value.faults] == ["reason"]
    assert criteria.current_criteria(gmina, GMINA).gmina_code is None


def test_a_copy_that_changes_nothing_is_refused(gmina: Context) -> None:
    with pytest.raises(ConflictError, match="takie same"):
        criteria.publish_copy(gmina, GMINA, changed(gmina, 3), "Bez zmian.", None)
    criteria.publish_copy(gmina, GMINA, changed(gmina, 4), "Zmiana.", None)
    with pytest.raises(ConflictError, match="takie same"):
        criteria.publish_copy(gmina, GMINA, changed(gmina, 4), "Ta sama zmiana.", None)


def test_a_faulty_copy_is_told_its_faults_and_changes_nothing(gmina: Context) -> None:
    document = changed(gmina)
    document["definitions"]["coding"]["schemes"][0]["rules"][1] = {
        "code": "neutralny",
        "any": [{"all": [{"criterion": "zainteresowanie", "op": "le", "value": 2}]}],
    }
    with pytest.raises(InvalidInputError) as refused:
        criteria.publish_copy(gmina, GMINA, document, "Próba.", None)
    assert [fault.code for fault in refused.value.faults] == ["coding.overlap", "coding.gap"]
    assert len(criteria.criteria_versions(gmina, GMINA)) == 1


def test_two_people_who_change_at_once_do_not_overwrite_each_other(gmina: Context) -> None:
    begun_on = criteria.current_criteria(gmina, GMINA).id
    documents = [changed(gmina, minimum) for minimum in (4, 5, 6, 7)]

    def publish(document: dict[str, Any]) -> int:
        try:
            return criteria.publish_copy(gmina, GMINA, document, "Naraz.", None, replaces=begun_on).id
        except ConflictError:
            return 0

    with ThreadPoolExecutor(4) as pool:
        made = [version for version in pool.map(publish, documents) if version]
    assert len(made) == 1
    assert criteria.current_criteria(gmina, GMINA).id == made[0]


def test_going_back_to_the_common_definition_is_a_version_with_a_reason_and_keeps_the_others(
    gmina: Context,
) -> None:
    with pytest.raises(ConflictError, match="wspólnej"):
        criteria.return_to_common(gmina, GMINA, "Nie ma z czego wracać.", None)
    first = criteria.publish_copy(gmina, GMINA, changed(gmina, 5), "Pięć osób.", None)
    document = dict(first.definition)
    back = criteria.return_to_common(gmina, GMINA, "Wracamy do wspólnej.", None)
    assert (back.version, minimum(back)) == (2, 3)
    again = criteria.publish_copy(gmina, GMINA, changed(gmina, 5), "Jednak pięć.", None)
    assert (again.version, minimum(again)) == (3, 5)
    versions = criteria.criteria_versions(gmina, GMINA)
    assert [(each.version, each.reason) for each in versions if each.gmina_code] == [
        (3, "Jednak pięć."),
        (2, "Wracamy do wspólnej."),
        (1, "Pięć osób."),
    ]
    assert next(each for each in versions if each.id == first.id).definition == document


def test_the_downloaded_file_can_be_changed_and_sent_back(gmina: Context) -> None:
    text = criteria.criteria_file(criteria.current_criteria(gmina, GMINA)).decode("utf-8")
    assert text.splitlines()[:2] == ["key: wyrozniki", "kind: coding_criteria"]
    changed_text = text.replace("minimum_ratings: 3", "minimum_ratings: 4")
    made = criteria.publish_file_of_team(gmina, GMINA, changed_text.encode("utf-8"), "Z pliku.", None)
    assert (made.key, minimum(made)) == ("wyrozniki_060505", 4)
    own = criteria.criteria_file(made)
    assert yaml.safe_load(own)["key"] == "wyrozniki_060505"
    with pytest.raises(ConflictError, match="takie same"):
        criteria.publish_file_of_team(gmina, GMINA, own, "To samo.", None)


def test_the_common_file_itself_is_the_common_definition(gmina: Context) -> None:
    content = (INSTRUMENTS / "wyrozniki.yml").read_bytes()
    with pytest.raises(ConflictError, match="takie same"):
        criteria.publish_file_of_team(gmina, GMINA, content, "Ten sam plik.", None)


def test_a_file_of_something_else_is_refused(gmina: Context) -> None:
    def faults(content: bytes, reason: str = "Powód.") -> list[str]:
        with pytest.raises(InvalidInputError) as refused:
            criteria.publish_file_of_team(gmina, GMINA, content, reason, None)
        return [f"{fault.code} {fault.where} {fault.line or '-'}" for fault in refused.value.faults]

    good = (INSTRUMENTS / "wyrozniki.yml").read_bytes()
    assert faults((INSTRUMENTS / "ankieta.yml").read_bytes()) == ["value.not_allowed kind -"]
    assert faults(good.replace(b"key: wyrozniki", b"key: wyrozniki_060203")) == ["value.not_allowed key -"]
    assert faults(good.decode("utf-8").encode("cp1250", "replace")) == ["file.encoding plik 1"]
    assert faults(b"") == ["file.empty plik -"]
    assert faults(good, reason="") == ["text.missing reason -"]
    low = good.replace(b"minimum_ratings: 3", b"minimum_ratings: 0")
    line = next(i for i, each in enumerate(low.splitlines(), 1) if b"minimum_ratings" in each)
    assert faults(low) == [f"value.range definitions.coding.minimum_ratings {line}"]


def test_a_gmina_that_is_not_there_has_no_copy(gmina: Context) -> None:
    with pytest.raises(NotFoundError):
        criteria.publish_copy(gmina, "999999", changed(gmina), "Powód.", None)
