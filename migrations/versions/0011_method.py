"""The method in a gmina: its process, and its papers (forms and documents) with versions, remarks and signatures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("agreed_version", sa.Integer(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'agreed') = (agreed_version IS NOT NULL)", name=op.f("ck_paper_agreed_to_a_version")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'consulted', 'agreed', 'withdrawn')", name=op.f("ck_paper_state_known")
        ),
        sa.CheckConstraint(
            "(agreed_version IS NULL) = (agreed_on IS NULL)", name=op.f("ck_paper_agreed_on_a_day")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_paper_created_by_person")),
        sa.ForeignKeyConstraint(["gmina_code"], ["gmina.code"], name=op.f("fk_paper_gmina_code_gmina")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    op.create_index(op.f("ix_paper_gmina_code"), "paper", ["gmina_code"])

    op.create_table(
        "process_step",
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("step_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'skipped' OR length(reason) > 0", name=op.f("ck_process_step_skipped_for_a_reason")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'doing', 'done', 'skipped')", name=op.f("ck_process_step_state_known")
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_process_step_revision_from_one")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_process_step_changed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["gmina_code"], ["gmina.code"], name=op.f("fk_process_step_gmina_code_gmina")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_process_step_person_id_person")),
        sa.PrimaryKeyConstraint("gmina_code", "step_id", name=op.f("pk_process_step")),
    )
    op.create_table(
        "gmina_process",
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("instrument_version_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_gmina_process_changed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["gmina_code"], ["gmina.code"], name=op.f("fk_gmina_process_gmina_code_gmina")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_gmina_process_instrument_version_id_instrument_version"),
        ),
        sa.PrimaryKeyConstraint("gmina_code", name=op.f("pk_gmina_process")),
    )
    op.create_table(
        "paper_points",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.CheckConstraint("points BETWEEN 1 AND 5", name=op.f("ck_paper_points_points_one_to_five")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_points_paper_id_paper")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_paper_points_person_id_person")),
        sa.PrimaryKeyConstraint("paper_id", "row_id", "person_id", name=op.f("pk_paper_points")),
    )
    op.create_table(
        "paper_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("contribution", sa.String(length=500), nullable=False),
        sa.Column("signed_by", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(left_on IS NULL) = (length(left_reason) = 0)", name=op.f("ck_paper_signature_left_for_a_reason")
        ),
        sa.CheckConstraint(
            "left_on IS NULL OR left_on >= signed_on", name=op.f("ck_paper_signature_left_after_signing")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_signature_paper_id_paper")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_paper_signature_recorded_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name=op.f("fk_paper_signature_stakeholder_id_stakeholder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_signature")),
        sa.UniqueConstraint(
            "paper_id", "stakeholder_id", name=op.f("uq_paper_signature_paper_id_stakeholder_id")
        ),
    )
    op.create_index(op.f("ix_paper_signature_stakeholder_id"), "paper_signature", ["stakeholder_id"])

    op.create_table(
        "paper_version",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("settles", sa.Integer(), nullable=True),
        sa.Column("instrument_version_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("tables", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("said", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "number > 0 AND base < number", name=op.f("ck_paper_version_made_from_an_earlier_one")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_paper_version_instrument_version_id_instrument_version"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_paper_version_made_by_person")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_version_paper_id_paper")),
        sa.PrimaryKeyConstraint("paper_id", "number", name=op.f("pk_paper_version")),
    )
    op.create_table(
        "region_process",
        sa.Column("wojewodztwo_code", sa.String(length=2), nullable=False),
        sa.Column("instrument_version_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_region_process_instrument_version_id_instrument_version"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_region_process_published_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["wojewodztwo_code"],
            ["wojewodztwo.code"],
            name=op.f("fk_region_process_wojewodztwo_code_wojewodztwo"),
        ),
        sa.PrimaryKeyConstraint("wojewodztwo_code", name=op.f("pk_region_process")),
    )
    op.create_table(
        "paper_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome = '' OR length(answer) > 0", name=op.f("ck_paper_remark_an_outcome_has_words")
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'accepted', 'partly', 'rejected')", name=op.f("ck_paper_remark_outcome_known")
        ),
        sa.CheckConstraint(
            "(length(outcome) = 0) = (answered_at IS NULL)", name=op.f("ck_paper_remark_answered_at_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_paper_remark_answered_by_person")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_paper_remark_made_by_person")),
        sa.ForeignKeyConstraint(
            ["paper_id", "number"],
            ["paper_version.paper_id", "paper_version.number"],
            name=op.f("fk_paper_remark_paper_id_number_paper_version"),
        ),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name=op.f("fk_paper_remark_stakeholder_id_stakeholder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_remark")),
    )
    op.create_index(op.f("ix_paper_remark_paper_id"), "paper_remark", ["paper_id"])
    op.create_index(op.f("ix_paper_remark_stakeholder_id"), "paper_remark", ["stakeholder_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_paper_remark_stakeholder_id"), table_name="paper_remark")
    op.drop_index(op.f("ix_paper_remark_paper_id"), table_name="paper_remark")

    op.drop_table("paper_remark")
    op.drop_table("region_process")
    op.drop_table("paper_version")
    op.drop_index(op.f("ix_paper_signature_stakeholder_id"), table_name="paper_signature")

    op.drop_table("paper_signature")
    op.drop_table("paper_points")
    op.drop_table("gmina_process")
    op.drop_table("process_step")
    op.drop_index(op.f("ix_paper_gmina_code"), table_name="paper")

    op.drop_table("paper")
