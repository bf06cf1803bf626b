"""Reports that are kept, edited and published; roll-ups with a role and keys of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OLD_ROLES = "role IN ('administrator', 'coordinator', 'member', 'moderator')"
NEW_ROLES = "role IN ('administrator', 'coordinator', 'member', 'moderator', 'region')"
RANK = (
    "(SELECT count(*) FROM report AS other WHERE other.campaign_id = report.campaign_id"
    " AND other.edition = report.edition AND other.id <= report.id)"
)


def upgrade() -> None:
    _report()
    _report_text()
    _campaign_release()
    _coding_release()
    _api_key()
    with op.batch_alter_table("gmina") as table:
        table.add_column(
            sa.Column("shows_its_row", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
    with op.batch_alter_table("campaign") as table:
        table.add_column(sa.Column("shown_steps", JSON, server_default=sa.text("'[]'"), nullable=False))
    with op.batch_alter_table("membership") as table:
        table.add_column(sa.Column("region_code", sa.String(length=4), nullable=True))
    _change_membership(NEW_ROLES, "role IN ('administrator', 'region')", region=True)


def downgrade() -> None:
    op.execute("DELETE FROM membership WHERE role = 'region'")
    _change_membership(OLD_ROLES, "role = 'administrator'", region=False)
    with op.batch_alter_table("membership") as table:
        table.drop_column("region_code")
    with op.batch_alter_table("campaign") as table:
        table.drop_column("shown_steps")
    with op.batch_alter_table("gmina") as table:
        table.drop_column("shows_its_row")
    op.drop_table("api_key")
    op.drop_table("coding_release")
    op.drop_table("campaign_release")
    op.drop_table("report_text")
    with op.batch_alter_table("report") as table:
        table.drop_constraint(op.f("fk_report_published_by_person"), type_="foreignkey")
        table.drop_constraint(op.f("uq_report_campaign_id_edition_number"), type_="unique")
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_report_{name}"), type_="check")
        for name in ("withdrawn_reason", "withdrawn_at", "published_note", "published_by", "published_at"):
            table.drop_column(name)
        for name in ("file", "shown", "number"):
            table.drop_column(name)


CHECKS = {
    "numbered_from_one": "number > 0",
    "published_as_a_file": "published_at IS NULL OR file IS NOT NULL",
    "withdrawn_after_publishing": "withdrawn_at IS NULL OR published_at IS NOT NULL",
    "withdrawn_with_a_reason": "(withdrawn_at IS NULL) = (length(withdrawn_reason) = 0)",
}


def _report() -> None:
    """Reports made before keep who made them, when and from which data; what they showed is not known."""
    words = {"server_default": sa.text("''"), "nullable": False}
    with op.batch_alter_table("report") as table:
        table.add_column(sa.Column("number", sa.Integer(), nullable=True))
        table.add_column(sa.Column("shown", JSON, nullable=True))
        table.add_column(sa.Column("file", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("published_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("published_note", sa.String(length=500), **words))
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("withdrawn_reason", sa.String(length=500), **words))
    op.execute(f"UPDATE report SET shown = '{{}}', number = {RANK}")  # noqa: S608  (no text from outside)
    with op.batch_alter_table("report") as table:
        table.alter_column("number", existing_type=sa.Integer(), nullable=False)
        table.alter_column("shown", existing_type=JSON, nullable=False)
        table.create_unique_constraint(
            op.f("uq_report_campaign_id_edition_number"), ["campaign_id", "edition", "number"]
        )
        table.create_foreign_key(op.f("fk_report_published_by_person"), "person", ["published_by"], ["id"])
        for name, rule in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_report_{name}"), rule)


def _report_text() -> None:
    op.create_table(
        "report_text",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rests_on", sa.String(length=64), server_default=sa.text("''"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("revision > 0", name=op.f("ck_report_text_revision_from_one")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_report_text_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_report_text_changed_by_person")),
        sa.PrimaryKeyConstraint("campaign_id", "part", name=op.f("pk_report_text")),
    )


def _campaign_release() -> None:
    op.create_table(
        "campaign_release",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("instrument_key", sa.String(length=60), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_release_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["gmina_code"], ["gmina.code"], name=op.f("fk_campaign_release_gmina_code_gmina")
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_campaign_release")),
    )
    op.create_index(op.f("ix_campaign_release_gmina_code"), "campaign_release", ["gmina_code"])
    op.create_index(op.f("ix_campaign_release_instrument_key"), "campaign_release", ["instrument_key"])


def _coding_release() -> None:
    op.create_table(
        "coding_release",
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("seen_event", sa.Integer(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["gmina_code"], ["gmina.code"], name=op.f("fk_coding_release_gmina_code_gmina")
        ),
        sa.PrimaryKeyConstraint("gmina_code", name=op.f("pk_coding_release")),
    )


def _api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=4), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_api_key_created_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
    )


def _change_membership(roles: str, without_gmina: str, *, region: bool) -> None:
    index, rule = "uq_membership_person_id_region_code", sa.text("role = 'region'")
    if not region:
        op.drop_index(index, "membership")
    with op.batch_alter_table("membership") as table:
        table.drop_constraint(op.f("ck_membership_role_known"), type_="check")
        table.create_check_constraint(op.f("ck_membership_role_known"), roles)
        table.drop_constraint(op.f("ck_membership_gmina_where_needed"), type_="check")
        table.create_check_constraint(
            op.f("ck_membership_gmina_where_needed"), f"({without_gmina}) = (gmina_code IS NULL)"
        )
        if region:
            table.create_check_constraint(
                op.f("ck_membership_region_where_needed"), "(role = 'region') = (region_code IS NOT NULL)"
            )
        else:
            table.drop_constraint(op.f("ck_membership_region_where_needed"), type_="check")
    if region:
        op.create_index(
            index,
            "membership",
            ["person_id", "region_code"],
            unique=True,
            sqlite_where=rule,
            postgresql_where=rule,
        )
