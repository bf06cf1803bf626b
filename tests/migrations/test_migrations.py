"""The tables that the migrations make are those that the code uses, and nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, func, inspect, select
from sqlalchemy.exc import IntegrityError

from survey_app.errors import ConfigurationError
from survey_app.models import (
    Base,
    Campaign,
    Declaration,
    Document,
    Evidence,
    GminaKind,
    InstrumentVersion,
    InterviewSeat,
    Membership,
    Rating,
    Response,
    RoundStakeholder,
    Stakeholder,
    StakeholderContact,
    Vote,
)
from survey_app.services import schema
from survey_app.services.context import Context
from tests.table_rows import DAY, NOON, a_ballot, a_campaign, a_decision, a_round, an_interview, fill


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


def test_versions_are_those_that_alembic_finds() -> None:
    """The service reads them from the files by itself, to start without Alembic."""
    script = ScriptDirectory.from_config(schema._config())
    assert schema.newest() == script.get_current_head()
    assert schema._known() == {one.revision for one in script.walk_revisions()}


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
        Membership(person_id=1, gmina_code=None, role="member"),
        Membership(person_id=1, gmina_code="060502", role="observer"),
        Membership(person_id=1, gmina_code=None, role="moderator"),
        GminaKind(gmina_code="060502", valid_from=dt.date(2027, 1, 1), kind="4"),
        Stakeholder(
            gmina_code="060502", name="G.O.P.S.", name_key="gops", sector="x", internal=True, joined_on=DAY
        ),
        Stakeholder(
            gmina_code="060502",
            name="Ośrodek",
            name_key="osrodek",
            sector="x",
            internal=True,
            joined_on=DAY,
            merged_into_id=1,
        ),
        InstrumentVersion(
            key="wyrozniki_060502",
            version=1,
            sha256="8" * 64,
            definition={},
            published_at=NOON,
            gmina_code="060502",
        ),
        Declaration(
            stakeholder_id=1, kind="contribution", description="Sala", declared_on=DAY, entered_at=NOON
        ),
        Declaration(
            stakeholder_id=1,
            kind="refusal",
            resource="lokal",
            description="Nie",
            declared_on=DAY,
            entered_at=NOON,
        ),
        a_round(id=2, number=2),
        a_round(id=2, number=2, stage="abandoned", abandoned_reason="Pomyłka"),
        a_round(id=2, number=None, stage="abandoned"),
        a_round(id=2, number=2, stage="closed", closed_at=NOON),
        a_round(id=2, number=2, stage="closed", closed_at=NOON, result={"x": 1}),
        a_round(
            id=2,
            number=2,
            stage="closed",
            closed_at=NOON,
            result={},
            result_sha256="9" * 64,
            laid_open_at=None,
        ),
        a_round(id=2, number=1, stage="closed", closed_at=NOON, result={"x": 1}, result_sha256="9" * 64),
        Rating(round_id=1, person_id=1, stakeholder_id=1, criterion="wiedza", point=2, dont_know=True),
        Rating(round_id=1, person_id=1, stakeholder_id=1, criterion="wiedza", point=2, revision=0),
        Rating(round_id=1, person_id=9, stakeholder_id=1, criterion="wiedza", point=2),
        Rating(round_id=1, person_id=1, stakeholder_id=9, criterion="wiedza", point=2),
        Vote(ballot_id=1, person_id=1, choice="against"),
        Vote(ballot_id=1, person_id=1, choice="maybe"),
        a_ballot(id=2, seats=1),
        a_ballot(id=2, closed_at=None),
        a_ballot(id=2, votes_against=None),
        a_decision(id=2),
        a_decision(id=2, reason="", replaces_id=1),
        a_decision(id=2, correction=True),
        RoundStakeholder(round_id=1, stakeholder_id=2, withdrawn_at=NOON),
        Document(
            gmina_code="060502",
            title="Pusty",
            file_name="pusty.pdf",
            media_type="application/pdf",
            size=0,
            sha256="8" * 64,
            content=b"",
            uploaded_at=NOON,
        ),
        Evidence(kind="catalogue", entry_id=1, document_id=1, decision_id=1),
        Evidence(kind="catalogue", document_id=1, decision_id=1),
        Evidence(kind="document", decision_id=1),
        Evidence(kind="rumour", decision_id=1),
        Evidence(kind="catalogue", entry_id=1),
        Evidence(kind="catalogue", entry_id=1, decision_id=1, round_id=1),
        Evidence(
            kind="catalogue",
            entry_id=1,
            decision_id=1,
            round_id=1,
            person_id=1,
            stakeholder_id=1,
            criterion="wplyw",
        ),
        Evidence(kind="catalogue", entry_id=1, round_id=1, person_id=1, stakeholder_id=1, criterion="wiedza"),
        *(
            Evidence(kind="named_answer", response_id="4" * 32, response_mode=mode, decision_id=1)
            for mode in (None, "anonymous", "named", "", "NAMED")
        ),
        Evidence(kind="catalogue", entry_id=1, response_mode="named", decision_id=1),
        an_interview(id=2, form="xxx"),
        an_interview(id=2, state="somewhere"),
        an_interview(id=2, minutes=0),
        an_interview(id=2, state="cancelled"),
        an_interview(id=2, cancelled_reason="Choroba"),
        an_interview(id=2, state="held"),
        an_interview(id=2, held_on=DAY),
        an_interview(id=2, revision=0),
        InterviewSeat(interview_id=1, letter="A", role="works"),
        InterviewSeat(interview_id=1, letter="b", role="works"),
        InterviewSeat(interview_id=1, letter="Ż", role="works"),
        InterviewSeat(interview_id=1, letter="B", role="listens"),
        InterviewSeat(interview_id=9, letter="B", role="works"),
    ],
    ids=[
        "anonymous answer with an institution",
        "anonymous answer with a moment",
        "named answer in an anonymous campaign",
        "administrator of one gmina",
        "member without a gmina",
        "role that nobody knows",
        "moderator without a gmina",
        "part of a gmina as a gmina",
        "same stakeholder twice",
        "merged entry still present",
        "copy of an instrument without a reason",
        "contribution without a resource",
        "refusal with a resource",
        "second open round",
        "abandoned round with a number",
        "abandoned round without a reason",
        "closed round without a result",
        "result without a checksum",
        "closed round that was never laid open",
        "two rounds of one number",
        "point together with nie wiem",
        "rating of revision nought",
        "rating by somebody without a seat",
        "rating of a stakeholder outside the round",
        "second vote of a seat",
        "vote that is no choice",
        "more votes than seats",
        "ballot counted before its close",
        "half a count",
        "second beginning of a chain",
        "decision without a reason",
        "correction of nothing",
        "withdrawn without a reason",
        "empty document",
        "evidence that points at two things",
        "evidence of one kind that points at another",
        "evidence that points at nothing",
        "evidence of an unknown kind",
        "evidence of nothing",
        "evidence of half a rating and a decision",
        "evidence of a rating and a decision",
        "evidence of a rating that is not there",
        "anonymous answer as evidence, no mode",
        "anonymous answer as evidence, its mode",
        "anonymous answer as evidence, called named",
        "anonymous answer as evidence, an empty mode",
        "anonymous answer as evidence, another spelling",
        "mode without an answer",
        "interview of an unknown form",
        "interview in an unknown state",
        "interview that takes no time",
        "cancelled without a reason",
        "reason without a cancellation",
        "held on no day",
        "a day of what was not held",
        "interview of revision nought",
        "two people of one letter",
        "small letter",
        "letter that the alphabet of seats lacks",
        "role in no institution",
        "seat in no interview",
    ],
)
def test_the_database_itself_refuses(context: Context, row: Base) -> None:
    with context.database.transaction() as session:
        fill(session)
    columns = inspect(type(row)).columns
    copy = type(row)(**{c.key: getattr(row, c.key) for c in columns if c.key in row.__dict__})
    if "id" in columns and getattr(copy, "id") is None:  # noqa: B009  (mypy knows no id of Base)
        copy.id = 99  # type: ignore[attr-defined]  # else PostgreSQL would refuse a number that is taken
    with pytest.raises(IntegrityError) as refused, context.database.transaction() as session:
        session.add(copy)
    key = f"pk_{type(row).__tablename__}"
    assert key not in str(refused.value) or isinstance(row, Vote), "refused for its number alone"


def test_a_chain_of_decisions_has_no_forks(context: Context) -> None:
    with context.database.transaction() as session:
        fill(session)
        session.add(a_decision(id=2, replaces_id=1))
    with pytest.raises(IntegrityError), context.database.transaction() as session:
        session.add(a_decision(id=3, replaces_id=1))
    with context.database.transaction() as session:
        session.add(a_decision(id=3, replaces_id=2))


def test_a_second_ballot_is_opened_only_after_the_first_is_closed(context: Context) -> None:
    going_on = {"closed_at": None, "votes_for": None, "votes_against": None, "votes_abstained": None}
    with context.database.transaction() as session:
        fill(session)
        session.add(a_ballot(id=2, **going_on))
    with pytest.raises(IntegrityError), context.database.transaction() as session:
        session.add(a_ballot(id=3, **going_on))


@pytest.mark.parametrize("mode", [None, "anonymous", "named", ""])
def test_no_evidence_is_turned_to_an_anonymous_answer(context: Context, mode: str | None) -> None:
    """What is refused as a new row is refused as a change of one that is there, past all of the code, too."""
    with context.database.transaction() as session:
        fill(session)
    table = Base.metadata.tables["evidence"]
    changed = {"kind": "named_answer", "entry_id": None, "response_id": "4" * 32, "response_mode": mode}
    with pytest.raises(IntegrityError), context.database.transaction() as session:
        session.execute(table.update().where(table.c.id == 2).values(**changed))


def test_an_answer_that_evidence_points_at_does_not_become_anonymous(context: Context) -> None:
    """Not by its own mode, nor by its campaign's."""
    named = {"id": 2, "public_id": "bcdefghj", "mode": "named", "inbox_public_key": None}
    answer = {"campaign_id": 2, "mode": "named", "gmina_code": "060502", "instrument_version_id": 1}
    with context.database.transaction() as session:
        fill(session)
        session.add(a_campaign(**named))
        session.flush()
        session.add(Response(id="a" * 32, answers={}, **answer))
        session.flush()
        session.add(
            Evidence(id=3, kind="named_answer", response_id="a" * 32, response_mode="named", decision_id=1)
        )
    for table, key in (("response", "a" * 32), ("campaign", 2)):
        rows = Base.metadata.tables[table]
        with pytest.raises(IntegrityError), context.database.transaction() as session:
            session.execute(rows.update().where(rows.c.id == key).values(mode="anonymous"))
