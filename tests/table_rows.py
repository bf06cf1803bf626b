"""A row in every table, in the order in which they may come: what migrations carry up and down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

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
    GminaProcess,
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
    Paper,
    PaperPoints,
    PaperRemark,
    PaperSignature,
    PaperVersion,
    Participant,
    Person,
    Powiat,
    ProcessStep,
    Rating,
    RecoveryCode,
    RegionProcess,
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
from tests.register_rows import rows_above_the_gmina, rows_of_registers

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


def rows_of_method() -> list[list[Base]]:
    """A process with a step, and a paper with all that hangs on one."""
    return [
        [
            RegionProcess(wojewodztwo_code="06", instrument_version_id=1, published_at=NOON, published_by=1),
            GminaProcess(
                gmina_code="060502", instrument_version_id=1, path="zsl_first", changed_at=NOON, changed_by=1
            ),
            ProcessStep(
                gmina_code="060502",
                step_id="x",
                state="skipped",
                person_id=1,
                due_on=DAY,
                reason="Żaden",
                changed_at=NOON,
                changed_by=1,
            ),
            Paper(
                id=1,
                gmina_code="060502",
                key="swot",
                title="SWOT",
                state="agreed",
                agreed_version=1,
                agreed_on=DAY,
                created_at=NOON,
                created_by=1,
            ),
        ],
        [
            PaperVersion(
                paper_id=1,
                number=1,
                base=0,
                instrument_version_id=1,
                answers={"ż": "ł"},
                tables={"t": [{"_id": "a"}]},
                text="# Ź",
                made_at=NOON,
                made_by=1,
            ),
            PaperSignature(paper_id=1, stakeholder_id=1, signed_on=DAY, recorded_at=NOON, recorded_by=1),
            PaperPoints(paper_id=1, row_id="a", person_id=1, points=5),
        ],
        [
            PaperRemark(
                paper_id=1,
                number=1,
                stakeholder_id=1,
                text="Uwaga",
                made_at=NOON,
                made_by=1,
                outcome="partly",
                answer="Tak",
                answered_at=NOON,
                answered_by=1,
            )
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
        *rows_of_method(),
        *rows_of_registers(),
        *rows_above_the_gmina(),
    ]


def fill(session: Session) -> None:
    for rows in a_row_in_every_table():
        session.add_all(rows)
        session.flush()
