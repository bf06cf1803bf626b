"""The first tables: gminas, people, the catalogue, instruments, campaigns and their answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# In the order in which they may go: what points at a table goes before it.
TABLES = (
    "submission_key",
    "stakeholder_contact",
    "sealed_answer",
    "response",
    "report",
    "open_text",
    "invitation",
    "stakeholder",
    "membership",
    "gmina_kind",
    "campaign",
    "audit_event",
    "wojewodztwo",
    "powiat",
    "person",
    "instrument_version",
    "gmina",
)


def upgrade() -> None:
    _gmina()
    _instrument_version()
    _person()
    _powiat()
    _wojewodztwo()
    _audit_event()
    _campaign()
    _gmina_kind()
    _membership()
    _stakeholder()
    _invitation()
    _open_text()
    _report()
    _response()
    _sealed_answer()
    _stakeholder_contact()
    _submission_key()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _gmina() -> None:
    op.create_table(
        "gmina",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("in_register_until", sa.Date(), nullable=True),
        sa.CheckConstraint("length(code) = 6", name=op.f("ck_gmina_code_six_digits")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_gmina")),
    )
    op.create_index(op.f("ix_gmina_name"), "gmina", ["name"], unique=False)


def _instrument_version() -> None:
    op.create_table(
        "instrument_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("definition", JSON, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_version")),
        sa.UniqueConstraint("key", "sha256", name=op.f("uq_instrument_version_key_sha256")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_instrument_version_key_version")),
    )


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("session_epoch", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )


def _powiat() -> None:
    op.create_table(
        "powiat",
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_powiat")),
    )


def _wojewodztwo() -> None:
    op.create_table(
        "wojewodztwo",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_wojewodztwo")),
    )


def _audit_event() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("gmina_code", sa.String(length=6), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["gmina_code"], ["gmina.code"], name=op.f("fk_audit_event_gmina_code_gmina")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_event_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_gmina_code"), "audit_event", ["gmina_code"], unique=False)


def _campaign() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("instrument_version_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("access", sa.String(length=12), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleaned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inbox_public_key", sa.LargeBinary(), nullable=True),
        sa.Column("groups", JSON, nullable=True),
        sa.Column("population", JSON, nullable=True),
        sa.Column("paper_sheets", sa.Integer(), nullable=False),
        sa.Column("shown_count", sa.Integer(), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=True),
        sa.CheckConstraint("access IN ('invitations', 'open_link')", name=op.f("ck_campaign_access_known")),
        sa.CheckConstraint("mode IN ('anonymous', 'named')", name=op.f("ck_campaign_mode_known")),
        sa.CheckConstraint(
            "opened_at IS NULL OR mode = 'named' OR inbox_public_key IS NOT NULL",
            name=op.f("ck_campaign_anonymous_needs_a_seal"),
        ),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_campaign_closes_after_opening")),
        sa.CheckConstraint("grace_minutes >= 0", name=op.f("ck_campaign_grace_not_negative")),
        sa.CheckConstraint("k >= 3", name=op.f("ck_campaign_k_at_least_three")),
        sa.CheckConstraint(
            "locked_at IS NULL OR opened_at IS NOT NULL", name=op.f("ck_campaign_locked_only_after_opening")
        ),
        sa.ForeignKeyConstraint(["gmina_code"], ["gmina.code"], name=op.f("fk_campaign_gmina_code_gmina")),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_campaign_instrument_version_id_instrument_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("id", "mode", name=op.f("uq_campaign_id_mode")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_public_id")),
    )
    op.create_index(op.f("ix_campaign_gmina_code"), "campaign", ["gmina_code"], unique=False)


def _gmina_kind() -> None:
    op.create_table(
        "gmina_kind",
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.CheckConstraint("kind IN ('1', '2', '3')", name=op.f("ck_gmina_kind_kind_known")),
        sa.ForeignKeyConstraint(["gmina_code"], ["gmina.code"], name=op.f("fk_gmina_kind_gmina_code_gmina")),
        sa.PrimaryKeyConstraint("gmina_code", "valid_from", name=op.f("pk_gmina_kind")),
    )


def _membership() -> None:
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("gmina_code", sa.String(length=6), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "(role = 'administrator') = (gmina_code IS NULL)", name=op.f("ck_membership_gmina_where_needed")
        ),
        sa.CheckConstraint("role IN ('administrator', 'coordinator')", name=op.f("ck_membership_role_known")),
        sa.ForeignKeyConstraint(["gmina_code"], ["gmina.code"], name=op.f("fk_membership_gmina_code_gmina")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "person_id", "gmina_code", "role", name=op.f("uq_membership_person_id_gmina_code_role")
        ),
    )
    op.create_index(op.f("ix_membership_gmina_code"), "membership", ["gmina_code"], unique=False)
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"], unique=False)
    op.create_index(
        "uq_membership_person_id_administrator",
        "membership",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("role = 'administrator'"),
        postgresql_where=sa.text("role = 'administrator'"),
    )


def _stakeholder() -> None:
    op.create_table(
        "stakeholder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("name_key", sa.String(length=300), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("stakeholder_type", sa.String(length=1), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint("stakeholder_type IN ('A', 'B', 'C')", name=op.f("ck_stakeholder_type_known")),
        sa.CheckConstraint(
            "left_on IS NULL OR left_on >= joined_on", name=op.f("ck_stakeholder_left_after_joining")
        ),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_stakeholder_name_given")),
        sa.ForeignKeyConstraint(["gmina_code"], ["gmina.code"], name=op.f("fk_stakeholder_gmina_code_gmina")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stakeholder")),
    )
    op.create_index(op.f("ix_stakeholder_gmina_code"), "stakeholder", ["gmina_code"], unique=False)
    op.create_index(
        "uq_stakeholder_gmina_code_name_key_present",
        "stakeholder",
        ["gmina_code", "name_key"],
        unique=True,
        sqlite_where=sa.text("left_on IS NULL"),
        postgresql_where=sa.text("left_on IS NULL"),
    )


def _invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("paper_returned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_invitation_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name=op.f("fk_invitation_stakeholder_id_stakeholder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint(
            "campaign_id", "stakeholder_id", name=op.f("uq_invitation_campaign_id_stakeholder_id")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_campaign_id"), "invitation", ["campaign_id"], unique=False)


def _open_text() -> None:
    op.create_table(
        "open_text",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cleared_text", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "(state = 'cleared') = (cleared_text IS NOT NULL)", name=op.f("ck_open_text_cleared_has_text")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'cleared', 'withheld')", name=op.f("ck_open_text_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_open_text_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_text")),
    )
    op.create_index(op.f("ix_open_text_campaign_id"), "open_text", ["campaign_id"], unique=False)


def _report() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=10), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("edition IN ('public', 'internal')", name=op.f("ck_report_edition_known")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_report_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_report_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_campaign_id"), "report", ["campaign_id"], unique=False)


def _response() -> None:
    op.create_table(
        "response",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("instrument_version_id", sa.Integer(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=True),
        sa.Column("institution_name", sa.String(length=300), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(length=8), nullable=True),
        sa.CheckConstraint(
            "channel IS NULL OR channel IN ('web', 'paper')", name=op.f("ck_response_channel_known")
        ),
        sa.CheckConstraint(
            "mode = 'named' OR (stakeholder_id IS NULL AND institution_name IS NULL AND received_at IS NULL"
            " AND channel IS NULL)",
            name=op.f("ck_response_anonymous_holds_nothing_but_answers"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id", "mode"],
            ["campaign.id", "campaign.mode"],
            name=op.f("fk_response_campaign_id_mode_campaign"),
        ),
        sa.ForeignKeyConstraint(["gmina_code"], ["gmina.code"], name=op.f("fk_response_gmina_code_gmina")),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_response_instrument_version_id_instrument_version"),
        ),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name=op.f("fk_response_stakeholder_id_stakeholder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint(
            "campaign_id", "stakeholder_id", name=op.f("uq_response_campaign_id_stakeholder_id")
        ),
    )
    op.create_index(op.f("ix_response_campaign_id"), "response", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_response_gmina_code"), "response", ["gmina_code"], unique=False)


def _sealed_answer() -> None:
    op.create_table(
        "sealed_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_sealed_answer_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_answer")),
    )
    op.create_index(op.f("ix_sealed_answer_campaign_id"), "sealed_answer", ["campaign_id"], unique=False)


def _stakeholder_contact() -> None:
    op.create_table(
        "stakeholder_contact",
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"],
            ["stakeholder.id"],
            name=op.f("fk_stakeholder_contact_stakeholder_id_stakeholder"),
        ),
        sa.PrimaryKeyConstraint("stakeholder_id", name=op.f("pk_stakeholder_contact")),
    )


def _submission_key() -> None:
    op.create_table(
        "submission_key",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_submission_key_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_submission_key")),
    )
    op.create_index(op.f("ix_submission_key_campaign_id"), "submission_key", ["campaign_id"], unique=False)
