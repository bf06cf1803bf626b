"""The trace becomes a chain per gmina, and what is in it can be neither changed nor taken out."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MESSAGE = "the trace is only ever added to"


def upgrade() -> None:
    op.create_table(
        "audit_checkpoint",
        sa.Column("ledger", sa.String(length=6), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("place > 0", name=op.f("ck_audit_checkpoint_place_positive")),
        sa.PrimaryKeyConstraint("ledger", name=op.f("pk_audit_checkpoint")),
    )
    with op.batch_alter_table("audit_event") as table:
        table.add_column(sa.Column("ledger", sa.String(length=6), nullable=False, server_default=""))
        table.add_column(sa.Column("place", sa.Integer(), nullable=True))
        table.add_column(sa.Column("digest", sa.String(length=64), nullable=False, server_default=""))
    _chain_what_is_there()
    with op.batch_alter_table("audit_event") as table:
        table.alter_column("ledger", server_default=None)
        table.alter_column("place", nullable=False)
        table.alter_column("digest", server_default=None)
        table.create_unique_constraint(op.f("uq_audit_event_ledger_place"), ["ledger", "place"])
    _guard()


def downgrade() -> None:
    _unguard()
    with op.batch_alter_table("audit_event") as table:
        table.drop_constraint(op.f("uq_audit_event_ledger_place"), type_="unique")
        for name in ("digest", "place", "ledger"):
            table.drop_column(name)
    op.drop_table("audit_checkpoint")


def _chain_what_is_there() -> None:
    """As `store.audit` does from now on, in the order of the ids."""
    connection = op.get_bind()
    events = sa.table(
        "audit_event",
        *(
            sa.column(name)
            for name in ("id", "person_id", "gmina_code", "action", "object_type", "object_id")
        ),
        sa.column("at", sa.DateTime(timezone=True)),
        *(sa.column(name) for name in ("detail", "ledger", "place", "digest")),
    )
    heads: dict[str, tuple[int, str]] = defaultdict(lambda: (0, ""))
    for row in connection.execute(sa.select(events).order_by(events.c.id)).all():
        ledger = row.gmina_code or ""
        place, before = heads[ledger]
        moment = row.at.replace(tzinfo=dt.UTC) if row.at.tzinfo is None else row.at.astimezone(dt.UTC)
        told = [
            before, ledger, place + 1, moment.isoformat(timespec="microseconds"), row.person_id,
            row.action, row.object_type, row.object_id, row.detail,
        ]  # fmt: skip
        digest = hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()
        heads[ledger] = (place + 1, digest)
        connection.execute(
            sa.update(events)
            .where(events.c.id == row.id)
            .values(ledger=ledger, place=place + 1, digest=digest)
        )


def _guard() -> None:
    """An entry may be taken out only up to a checkpoint, which says what the last of those was; none may change."""
    covered = (
        "EXISTS (SELECT 1 FROM audit_checkpoint AS c WHERE c.ledger = OLD.ledger AND c.place >= OLD.place)"
    )
    if op.get_bind().dialect.name == "sqlite":
        raise_it = f"SELECT RAISE(ABORT, '{MESSAGE}'); END"
        op.execute(f"CREATE TRIGGER audit_event_update BEFORE UPDATE ON audit_event BEGIN {raise_it}")
        op.execute(
            f"CREATE TRIGGER audit_event_delete BEFORE DELETE ON audit_event WHEN NOT {covered} BEGIN {raise_it}"
        )
        return
    op.execute(
        f"""CREATE FUNCTION audit_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'DELETE' AND {covered} THEN RETURN OLD; END IF;
          RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
        END $$"""
    )
    op.execute(
        "CREATE TRIGGER audit_event_guard BEFORE UPDATE OR DELETE ON audit_event"
        " FOR EACH ROW EXECUTE FUNCTION audit_event_guard()"
    )


def _unguard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_event_{deed}")
        return
    op.execute("DROP TRIGGER audit_event_guard ON audit_event")
    op.execute("DROP FUNCTION audit_event_guard()")
