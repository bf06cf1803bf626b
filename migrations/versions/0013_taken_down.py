"""An item of the library that the administrator took off the public page, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CHECKS = {
    "taken_down_for_a_reason": "(taken_down_at IS NULL) = (length(taken_down_reason) = 0)",
    "taken_down_is_not_public": "taken_down_at IS NULL OR NOT open_to_all",
}


def upgrade() -> None:
    with op.batch_alter_table("library_item") as table:
        table.add_column(sa.Column("taken_down_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column(
                "taken_down_reason", sa.String(length=400), server_default=sa.text("''"), nullable=False
            )
        )
        for name, rule in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_library_item_{name}"), rule)


def downgrade() -> None:
    with op.batch_alter_table("library_item") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_library_item_{name}"), type_="check")
        table.drop_column("taken_down_reason")
        table.drop_column("taken_down_at")
