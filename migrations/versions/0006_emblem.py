"""The gmina's herb, for the cover of its reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gmina_emblem",
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("alt_text", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "media_type IN ('image/png', 'image/jpeg')", name=op.f("ck_gmina_emblem_kind_known")
        ),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_gmina_emblem_size_positive")),
        sa.CheckConstraint("length(alt_text) > 0", name=op.f("ck_gmina_emblem_alt_text_given")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_gmina_emblem_changed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["gmina_code"], ["gmina.code"], name=op.f("fk_gmina_emblem_gmina_code_gmina")
        ),
        sa.PrimaryKeyConstraint("gmina_code", name=op.f("pk_gmina_emblem")),
    )


def downgrade() -> None:
    op.drop_table("gmina_emblem")
