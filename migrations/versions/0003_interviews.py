"""Interviews: the plan, the participants' seats without names, and the role of a moderator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OLD_ROLES = "role IN ('administrator', 'coordinator', 'member')"
NEW_ROLES = "role IN ('administrator', 'coordinator', 'member', 'moderator')"
LETTERS = ", ".join(f"'{chr(number)}'" for number in range(ord("A"), ord("Z") + 1))


def upgrade() -> None:
    _change_membership(NEW_ROLES)
    _interview()
    _interview_seat()


def downgrade() -> None:
    op.drop_table("interview_seat")
    op.drop_table("interview")
    op.execute("DELETE FROM membership WHERE role = 'moderator'")
    _change_membership(OLD_ROLES)


def _change_membership(roles: str) -> None:
    with op.batch_alter_table("membership") as table:
        table.drop_constraint(op.f("ck_membership_role_known"), type_="check")
        table.create_check_constraint(op.f("ck_membership_role_known"), roles)


def _interview() -> None:
    op.create_table(
        "interview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("instrument_version_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=3), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("video_link", sa.String(length=500), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("cancelled_reason", sa.String(length=500), nullable=False),
        sa.Column("departure_reason", sa.String(length=500), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("form IN ('idi', 'fgi')", name=op.f("ck_interview_form_known")),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'cancelled')", name=op.f("ck_interview_state_known")
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_interview_takes_time")),
        sa.CheckConstraint(
            "(state = 'cancelled') = (length(cancelled_reason) > 0)",
            name=op.f("ck_interview_cancelled_with_a_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'held') = (held_on IS NOT NULL)", name=op.f("ck_interview_held_has_a_day")
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_interview_revision_from_one")),
        sa.ForeignKeyConstraint(["gmina_code"], ["gmina.code"], name=op.f("fk_interview_gmina_code_gmina")),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_interview_instrument_version_id_instrument_version"),
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["person.id"], name=op.f("fk_interview_moderator_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
    )
    op.create_index(op.f("ix_interview_gmina_code"), "interview", ["gmina_code"], unique=False)
    op.create_index(op.f("ix_interview_moderator_id"), "interview", ["moderator_id"], unique=False)


def _interview_seat() -> None:
    op.create_table(
        "interview_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=7), nullable=False),
        sa.Column("absent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(f"letter IN ({LETTERS})", name=op.f("ck_interview_seat_a_letter")),
        sa.CheckConstraint(
            "role IN ('manages', 'works', 'other')", name=op.f("ck_interview_seat_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_interview_seat_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name=op.f("fk_interview_seat_stakeholder_id_stakeholder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_seat")),
        sa.UniqueConstraint("interview_id", "letter", name=op.f("uq_interview_seat_interview_id_letter")),
    )
    op.create_index(
        op.f("ix_interview_seat_stakeholder_id"), "interview_seat", ["stakeholder_id"], unique=False
    )
