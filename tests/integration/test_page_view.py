"""One page asks the store nothing twice, and never shows what was so before somebody wrote."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from survey_app.errors import NotFoundError
from survey_app.models import Gmina
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.store import campaigns
from tests.campaign_kit import GMINA, add_gmina, hold
from tests.statements import asked

OTHER = "060505"


def name(context: Context) -> str:
    with context.database.reading() as session:
        return session.scalars(select(Gmina.name).where(Gmina.code == GMINA)).one()


@pytest.fixture
def gmina(context: Context) -> Context:
    add_gmina(context, 1)
    return context


def test_within_a_page_the_same_question_is_asked_once(gmina: Context) -> None:
    with gmina.database.one_page(), asked(gmina) as seen:
        assert [name(gmina) for _ in range(3)] == ["Godziszów"] * 3
        assert gminas.describe(gmina, GMINA) == gminas.describe(gmina, GMINA)
    assert len(seen) == 2


def test_outside_a_page_it_is_asked_each_time(gmina: Context) -> None:
    with gmina.database.one_page():
        name(gmina)
    with asked(gmina) as seen:
        name(gmina)
        name(gmina)
    assert len(seen) == 2


def test_another_question_gets_its_own_answer(gmina: Context) -> None:
    gminas.add_gmina(gmina, OTHER + "2", "Janów Lubelski", "lubelskie", "janowski", actor=None)
    with gmina.database.one_page():
        assert [gminas.describe(gmina, code).name for code in (GMINA, OTHER)] == [
            "Godziszów",
            "Janów Lubelski",
        ]
        with pytest.raises(NotFoundError):
            gminas.describe(gmina, "060203")
        assert gminas.describe(gmina, GMINA).name == "Godziszów"


def test_what_is_written_meanwhile_is_read_anew(gmina: Context) -> None:
    rename = text("UPDATE gmina SET name = :name WHERE code = :code")
    with gmina.database.one_page():
        assert name(gmina) == "Godziszów"
        with gmina.database.transaction() as session:
            session.execute(rename, {"name": "Nowa", "code": GMINA})
        assert name(gmina) == "Nowa"
        with gmina.database.writing() as connection:
            connection.execute(rename, {"name": "Nowsza", "code": GMINA})
        assert name(gmina) == "Nowsza"


def test_rows_stay_readable_after_a_refusal(gmina: Context) -> None:
    campaign = hold(gmina).campaign.id
    with gmina.database.one_page():
        with gmina.database.reading() as session:
            found = campaigns.get(session, campaign)
        assert found is not None
        with pytest.raises(NotFoundError):
            gminas.describe(gmina, "060203")
        assert found.instrument_version.sha256


def test_a_page_that_changes_a_row_by_mistake_is_refused_and_nothing_is_kept(gmina: Context) -> None:
    with gmina.database.one_page():
        with pytest.raises(RuntimeError, match="only to be read"), gmina.database.reading() as session:
            session.get_one(Gmina, GMINA).name = "Inna"
        assert name(gmina) == "Godziszów"


def test_no_connection_is_held_between_two_questions(gmina: Context) -> None:
    with gmina.database.one_page():
        name(gmina)
        assert gmina.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
