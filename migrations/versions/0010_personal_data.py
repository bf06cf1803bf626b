"""What a notice of art. 13 RODO needs: who the gmina's controller is, whether a talk is recorded; and until when the
words of an ankieta were kept. Names and addresses of accounts, which can be erased, are not sampled (as in 0009).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gmina_controller",
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("dpo", sa.String(length=300), nullable=False),
        sa.Column("task", sa.String(length=500), nullable=False),
        sa.Column("processor", sa.String(length=500), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_gmina_controller_changed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["gmina_code"], ["gmina.code"], name=op.f("fk_gmina_controller_gmina_code_gmina")
        ),
        sa.PrimaryKeyConstraint("gmina_code", name=op.f("pk_gmina_controller")),
    )
    with op.batch_alter_table("interview") as table:
        table.add_column(sa.Column("recorded", sa.Boolean(), nullable=True))
    with op.batch_alter_table("campaign") as table:
        table.add_column(sa.Column("words_gone_at", sa.DateTime(timezone=True), nullable=True))
    _set_target(0)


def downgrade() -> None:
    _set_target(-1)
    with op.batch_alter_table("campaign") as table:
        table.drop_column("words_gone_at")
    with op.batch_alter_table("interview") as table:
        table.drop_column("recorded")
    op.drop_table("gmina_controller")


def _set_target(target: int) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for column in ("email", "name"):
            op.execute(f'ALTER TABLE "person" ALTER COLUMN "{column}" SET STATISTICS {target}')
