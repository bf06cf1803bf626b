"""The tables that the migrations make are those that the code uses, and nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.errors import ConfigurationError
from survey_app.models import (
    AuditEvent,
    Base,
    Campaign,
    Gmina,
    GminaKind,
    InstrumentVersion,
    Invitation,
    Membership,
    OpenText,
    Person,
    Powiat,
    Report,
    Response,
    SealedAnswer,
    Stakeholder,
    StakeholderContact,
    SubmissionKey,
    Wojewodztwo,
)
from survey_app.services import schema
from survey_app.services.context import Context

NOON = dt.datetime(2026, 11, 2, 12, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 2)


def a_campaign(**changes: Any) -> Campaign:
    campaign = Campaign(
        id=1,
        public_id="abcdefgh",
        gmina_code="060502",
        instrument_version_id=1,
        title="Ankieta – Godziszów",
        mode="anonymous",
        access="invitations",
        opens_at=NOON,
        closes_at=NOON + dt.timedelta(days=7),
        grace_minutes=60,
        k=3,
        notice="Klauzula",
        created_at=NOON,
        opened_at=NOON,
        inbox_public_key=b"\x01" * 32,
        population={"invited": 1},
    )
    for name, value in changes.items():
        setattr(campaign, name, value)
    return campaign


def a_row_in_every_table() -> list[list[Base]]:
    """In the order in which they may come: what is pointed at comes first."""
    return [
        [Wojewodztwo(code="06", name="lubelskie"), Powiat(code="0605", name="janowski")],
        [Gmina(code="060502", name="Godziszów"), GminaKind(gmina_code="060502", valid_from=DAY, kind="2")],
        [Person(id=1, email="zofia@example.pl", name="Zofia", password_hash="x", created_at=NOON)],
        [Membership(person_id=1, gmina_code="060502", role="coordinator")],
        [
            InstrumentVersion(
                id=1, key="ankieta", version=1, sha256="0" * 64, definition={"ż": 1}, published_at=NOON
            )
        ],
        [
            Stakeholder(
                id=1,
                gmina_code="060502",
                name="GOPS",
                name_key="gops",
                sector="x",
                internal=True,
                joined_on=DAY,
            )
        ],
        [StakeholderContact(stakeholder_id=1, person_name="Żaneta Łącka")],
        [a_campaign()],
        [Invitation(campaign_id=1, stakeholder_id=1, token_hash="1" * 64)],
        [
            SealedAnswer(id="2" * 32, campaign_id=1, box=b"\x00\xff"),
            SubmissionKey(key_hash="3" * 64, campaign_id=1),
        ],
        [
            Response(
                id="4" * 32,
                campaign_id=1,
                mode="anonymous",
                gmina_code="060502",
                instrument_version_id=1,
                answers={"p2": "tak"},
            ),
            OpenText(id="5" * 32, campaign_id=1, question_id="p11", text="Świetlica"),
            Report(campaign_id=1, edition="public", checksum="6" * 64, made_at=NOON, made_by=1),
        ],
        [
            AuditEvent(
                at=NOON, person_id=1, gmina_code="060502", action="x", object_type="gmina", object_id="060502"
            )
        ],
    ]


def fill(session: Session) -> None:
    for rows in a_row_in_every_table():
        session.add_all(rows)
        session.flush()


def row_counts(context: Context) -> dict[str, int]:
    with context.database.transaction() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def table_names(context: Context) -> set[str]:
    return set(inspect(context.database.engine).get_table_names()) - {"alembic_version"}


def test_migrated_tables_equal_the_models(context: Context) -> None:
    with context.database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def test_every_check_of_the_models_is_in_the_database(context: Context) -> None:
    """Alembic does not compare CHECK constraints, so this does."""
    inspector = inspect(context.database.engine)
    for name, table in Base.metadata.tables.items():
        expected = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {c["name"] for c in inspector.get_check_constraints(name)} == expected, name


def test_up_down_up_ends_with_the_same_tables(empty_context: Context) -> None:
    assert schema.current(empty_context) is None
    assert schema.upgrade(empty_context) == schema.newest()
    made = table_names(empty_context)
    assert schema.downgrade(empty_context, "base") is None
    assert table_names(empty_context) == set()
    schema.upgrade(empty_context)
    assert table_names(empty_context) == made == set(Base.metadata.tables)


def test_down_and_up_again_with_a_row_in_every_table(empty_context: Context) -> None:
    schema.upgrade(empty_context)
    with empty_context.database.transaction() as session:
        fill(session)
    assert min(row_counts(empty_context).values()) >= 1, "a table without a row proves nothing"
    schema.downgrade(empty_context, "base")
    schema.upgrade(empty_context)
    with empty_context.database.transaction() as session:
        fill(session)
    assert min(row_counts(empty_context).values()) >= 1


def test_a_second_upgrade_changes_nothing_and_keeps_the_rows(context: Context) -> None:
    with context.database.transaction() as session:
        fill(session)
    before = row_counts(context)
    schema.upgrade(context)
    assert row_counts(context) == before
    with context.database.transaction() as session:
        contact = session.scalars(select(StakeholderContact)).one()
        assert contact.person_name == "Żaneta Łącka"
        assert session.scalars(select(InstrumentVersion)).one().definition == {"ż": 1}
        assert session.scalars(select(Campaign)).one().closes_at == NOON + dt.timedelta(days=7)


def test_two_processes_that_start_at_once_both_end_with_all_tables(empty_context: Context) -> None:
    reached: list[str | None] = []
    threads = [
        threading.Thread(target=lambda: reached.append(schema.upgrade(empty_context))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reached == [schema.newest()] * 2
    assert table_names(empty_context) == set(Base.metadata.tables)


def test_a_failed_change_leaves_the_database_as_it_was(empty_context: Context) -> None:
    def fail_half_way() -> None:
        with empty_context.database.schema_change() as connection:
            connection.exec_driver_sql("CREATE TABLE half_done (id INTEGER)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert "half_done" not in table_names(empty_context)


def test_foreign_keys_are_held_again_after_a_change(context: Context) -> None:
    with context.database.schema_change():
        pass
    with pytest.raises(IntegrityError), context.database.transaction() as session:
        session.add(GminaKind(gmina_code="999999", valid_from=DAY, kind="1"))


def test_a_service_without_tables_says_what_to_run(empty_context: Context) -> None:
    with pytest.raises(ConfigurationError, match="survey-app db upgrade"):
        schema.require_current(empty_context)
    schema.upgrade(empty_context)
    schema.require_current(empty_context)


@pytest.mark.parametrize(
    "row",
    [
        Response(
            id="7" * 32,
            campaign_id=1,
            mode="anonymous",
            gmina_code="060502",
            instrument_version_id=1,
            answers={},
            stakeholder_id=1,
        ),
        Response(
            id="8" * 32,
            campaign_id=1,
            mode="anonymous",
            gmina_code="060502",
            instrument_version_id=1,
            answers={},
            received_at=NOON,
        ),
        Response(
            id="9" * 32,
            campaign_id=1,
            mode="named",
            gmina_code="060502",
            instrument_version_id=1,
            answers={},
            stakeholder_id=1,
        ),
        Membership(person_id=1, gmina_code="060502", role="administrator"),
        GminaKind(gmina_code="060502", valid_from=dt.date(2027, 1, 1), kind="4"),
        Stakeholder(
            gmina_code="060502", name="G.O.P.S.", name_key="gops", sector="x", internal=True, joined_on=DAY
        ),
    ],
    ids=[
        "anonymous answer with an institution",
        "anonymous answer with a moment",
        "named answer in an anonymous campaign",
        "administrator of one gmina",
        "part of a gmina as a gmina",
        "same stakeholder twice",
    ],
)
def test_the_database_itself_refuses(context: Context, row: Base) -> None:
    with context.database.transaction() as session:
        fill(session)
    copy = type(row)(
        **{c.key: getattr(row, c.key) for c in inspect(type(row)).columns if c.key in row.__dict__}
    )
    with pytest.raises(IntegrityError), context.database.transaction() as session:
        session.add(copy)
