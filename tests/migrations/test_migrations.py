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
    AccountLink,
    ApiKey,
    AttemptCount,
    AuditCheckpoint,
    AuditEvent,
    Ballot,
    Base,
    Campaign,
    CampaignRelease,
    CodingRelease,
    CodingRound,
    Decision,
    Declaration,
    Document,
    Evidence,
    Excerpt,
    ExcerptTheme,
    ExternalIdentity,
    FinishedCoding,
    Gmina,
    GminaController,
    GminaEmblem,
    GminaKind,
    InstrumentVersion,
    Interview,
    InterviewCoder,
    InterviewProgress,
    InterviewSeat,
    InterviewText,
    Invitation,
    Membership,
    Note,
    OpenText,
    OpenTextTheme,
    OwnSector,
    Participant,
    Person,
    Powiat,
    Rating,
    RecoveryCode,
    Report,
    ReportText,
    Representation,
    Response,
    RoundRater,
    RoundStakeholder,
    SealedAnswer,
    SecondFactor,
    StaffSession,
    Stakeholder,
    StakeholderContact,
    StakeholderPeriod,
    SubmissionKey,
    Theme,
    Vote,
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


def a_round(**changes: Any) -> CodingRound:
    columns: dict[str, Any] = {
        "id": 1,
        "gmina_code": "060502",
        "number": 1,
        "title": "Tura 1",
        "occasion": "start",
        "instrument_version_id": 1,
        "scheme": "dwa_kody",
        "stage": "agreement",
        "opened_at": NOON,
        "laid_open_at": NOON,
    }
    return CodingRound(**columns | changes)


def a_ballot(**changes: Any) -> Ballot:
    """Closed: one for, of two seats."""
    columns: dict[str, Any] = {
        "id": 1,
        "round_id": 1,
        "stakeholder_id": 1,
        "code": "zwolennik",
        "reason": "Daje salę.",
        "show_of_hands": False,
        "seats": 2,
        "opened_at": NOON,
        "closed_at": NOON,
        "votes_for": 1,
        "votes_against": 0,
        "votes_abstained": 1,
    }
    return Ballot(**columns | changes)


def a_decision(**changes: Any) -> Decision:
    columns: dict[str, Any] = {
        "id": 1,
        "round_id": 1,
        "stakeholder_id": 1,
        "code": "zwolennik",
        "reason": "Daje salę.",
        "ballot_id": 1,
        "decided_at": NOON,
    }
    return Decision(**columns | changes)


def an_interview(**changes: Any) -> Interview:
    columns: dict[str, Any] = {
        "id": 1,
        "gmina_code": "060502",
        "instrument_version_id": 1,
        "form": "idi",
        "starts_at": NOON,
        "minutes": 55,
        "moderator_id": 1,
        "created_at": NOON,
        "changed_at": NOON,
    }
    return Interview(**columns | changes)


def rows_of_coding() -> list[list[Base]]:
    """One round, half-way: rated, laid open, voted on, decided, with evidence."""
    rating = {"round_id": 1, "person_id": 1, "stakeholder_id": 1, "criterion": "wplyw"}
    document = Document(
        id=1,
        gmina_code="060502",
        title="Strategia",
        file_name="strategia.pdf",
        media_type="application/pdf",
        size=4,
        sha256="7" * 64,
        content=b"%PDF",
        uploaded_at=NOON,
        uploaded_by=1,
    )
    declared = {"kind": "contribution", "resource": "lokal", "description": "Sala", "declared_on": DAY}
    return [
        [Representation(person_id=1, stakeholder_id=1)],
        [StakeholderPeriod(stakeholder_id=1, joined_on=DAY, left_on=DAY)],
        [OwnSector(gmina_code="060502", id="wlasny_1", label="Koła gospodyń", counts_as="x")],
        [Declaration(stakeholder_id=1, entered_at=NOON, entered_by=1, **declared), document],
        [a_round()],
        [RoundStakeholder(round_id=1, stakeholder_id=1), RoundRater(round_id=1, person_id=1)],
        [Rating(**rating, point=3, reason="Daje salę."), a_ballot()],
        [Vote(ballot_id=1, person_id=1, choice="for"), a_decision()],
        [
            Evidence(id=1, kind="document", document_id=1, **rating),
            Evidence(id=2, kind="catalogue", entry_id=1, decision_id=1),
        ],
    ]


def rows_of_notes() -> list[list[Base]]:
    """The interview was held, its notes were locked, a passage has a theme and is evidence for a decision."""
    return [
        [
            Participant(
                id=1,
                seat_id=1,
                agreed=True,
                agreed_at=NOON,
                evidence=True,
                evidence_at=NOON,
                instrument_version_id=1,
                key_name="8" * 32,
                sealed=b"\x00",
                retain_until=DAY,
            ),
            Note(
                id="9" * 32,
                interview_id=1,
                question_id="p1_1",
                seat_id=1,
                text="Świetlica",
                writer="a" * 32,
                changed_at=NOON,
            ),
            InterviewProgress(interview_id=1, item="p1_1", mark="asked", writer="a" * 32),
            InterviewCoder(interview_id=1, person_id=1, given_at=NOON),
            InterviewText(
                id=1,
                interview_id=1,
                kind="notes",
                number=1,
                text="Świetlica",
                segments=[{"start": 0, "end": 9, "question": "p1_1", "letter": "A", "quotation": False}],
                sha256="b" * 64,
                created_at=NOON,
            ),
            Theme(id=1, gmina_code="060502", topic="partnerstwo", label="Partnerstwo"),
        ],
        [
            Excerpt(id=1, text_id=1, seat_id=1, start_at=0, end_at=9, coder_id=1, created_at=NOON),
            FinishedCoding(text_id=1, coder_id=1, finished_at=NOON),
            OpenTextTheme(open_text_id="5" * 32, theme_id=1, coder_id=1),
        ],
        [
            ExcerptTheme(excerpt_id=1, theme_id=1),
            Evidence(id=9, kind="excerpt", excerpt_id=1, decision_id=1),
        ],
    ]


def a_row_in_every_table() -> list[list[Base]]:
    """In the order in which they may come: what is pointed at comes first."""
    return [
        [Wojewodztwo(code="06", name="lubelskie"), Powiat(code="0605", name="janowski")],
        [Gmina(code="060502", name="Godziszów"), GminaKind(gmina_code="060502", valid_from=DAY, kind="2")],
        [Person(id=1, email="zofia@example.pl", name="Zofia", password_hash="x", created_at=NOON)],
        [Membership(person_id=1, gmina_code="060502", role="coordinator")],
        [
            StaffSession(
                person_id=1, token_hash="4" * 64, started_at=NOON, seen_at=NOON, device="x", with_factor=True
            ),
            SecondFactor(person_id=1, sealed_secret=b"\x00", confirmed_at=None),
            RecoveryCode(person_id=1, code_hash="5" * 64),
            AccountLink(person_id=1, token_hash="6" * 64, expires_at=NOON, created_by=1),
            ExternalIdentity(person_id=1, issuer="https://login.example", subject="ż"),
            AttemptCount(key="7" * 64, tries=1, expires_at=NOON),
        ],
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
            Report(
                campaign_id=1,
                edition="public",
                number=1,
                checksum="6" * 64,
                shown={"ż": 1},
                file=b"%PDF",
                made_at=NOON,
                made_by=1,
                published_at=NOON,
                published_by=1,
            ),
            ReportText(campaign_id=1, part="conclusions", text="Wnioski", changed_at=NOON, changed_by=1),
            CampaignRelease(
                campaign_id=1, gmina_code="060502", instrument_key="ankieta", locked_at=NOON, document={}
            ),
            CodingRelease(gmina_code="060502", seen_event=1, document={}),
            GminaEmblem(
                gmina_code="060502",
                alt_text="Herb",
                media_type="image/png",
                width=1,
                height=1,
                sha256="d" * 64,
                content=b"\x89PNG",
                changed_at=NOON,
                changed_by=1,
            ),
            GminaController(gmina_code="060502", name="Wójt", changed_at=NOON, changed_by=1),
            ApiKey(region_code="06", label="ROPS", key_hash="c" * 64, created_at=NOON, created_by=1),
        ],
        [
            AuditEvent(
                at=NOON,
                person_id=1,
                gmina_code="060502",
                action="x",
                object_type="gmina",
                object_id="060502",
                ledger="060502",
                place=1,
                digest="e" * 64,
            ),
            AuditCheckpoint(ledger="060501", place=1, digest="f" * 64, at=NOON),
        ],
        *rows_of_coding(),
        [an_interview()],
        [InterviewSeat(id=1, interview_id=1, letter="A", stakeholder_id=1, role="manages")],
        *rows_of_notes(),
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
