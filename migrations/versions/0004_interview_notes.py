"""Interviews from consent to evidence: participants, notes, texts, themes and passages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _theme()
    _interview_coder()
    _participant()
    _note()
    _interview_progress()
    _interview_text()
    _excerpt()
    _excerpt_theme()
    _finished_coding()
    _open_text_theme()
    with op.batch_alter_table("evidence") as table:
        table.create_index(op.f("ix_evidence_excerpt_id"), ["excerpt_id"], unique=False)
        table.create_foreign_key(op.f("fk_evidence_excerpt_id_excerpt"), "excerpt", ["excerpt_id"], ["id"])

    with op.batch_alter_table("interview") as table:
        table.add_column(
            sa.Column("project_title", sa.String(length=300), server_default=sa.text("''"), nullable=False)
        )
    with op.batch_alter_table("interview_seat") as table:
        table.add_column(sa.Column("newcomer", sa.String(length=32), nullable=True))
        table.create_unique_constraint(
            op.f("uq_interview_seat_interview_id_newcomer"), ["interview_id", "newcomer"]
        )


def downgrade() -> None:
    with op.batch_alter_table("interview_seat") as table:
        table.drop_constraint(op.f("uq_interview_seat_interview_id_newcomer"), type_="unique")
        table.drop_column("newcomer")
    with op.batch_alter_table("interview") as table:
        table.drop_column("project_title")
    with op.batch_alter_table("evidence") as table:
        table.drop_constraint(op.f("fk_evidence_excerpt_id_excerpt"), type_="foreignkey")
        table.drop_index(op.f("ix_evidence_excerpt_id"))
    op.execute("DELETE FROM evidence WHERE kind = 'excerpt'")  # they would point at nothing
    op.drop_table("open_text_theme")
    op.drop_table("finished_coding")
    op.drop_table("excerpt_theme")
    op.drop_table("excerpt")
    op.drop_table("interview_text")
    op.drop_table("interview_progress")
    op.drop_table("note")
    op.drop_table("participant")
    op.drop_table("interview_coder")
    op.drop_table("theme")


def _theme() -> None:
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("topic", sa.String(length=40), server_default=sa.text("''"), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(label) > 0", name=op.f("ck_theme_has_a_label")),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_theme_no_parent_of_its_own")
        ),
        sa.ForeignKeyConstraint(["gmina_code"], ["gmina.code"], name=op.f("fk_theme_gmina_code_gmina")),
        sa.ForeignKeyConstraint(["parent_id"], ["theme.id"], name=op.f("fk_theme_parent_id_theme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
    )
    with op.batch_alter_table("theme") as table:
        table.create_index(op.f("ix_theme_gmina_code"), ["gmina_code"], unique=False)
        table.create_index(op.f("ix_theme_parent_id"), ["parent_id"], unique=False)
        table.create_index(
            "uq_theme_gmina_code_topic",
            ["gmina_code", "topic"],
            unique=True,
            sqlite_where=sa.text("topic <> ''"),
            postgresql_where=sa.text("topic <> ''"),
        )


def _interview_coder() -> None:
    op.create_table(
        "interview_coder",
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_interview_coder_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_interview_coder_person_id_person")
        ),
        sa.PrimaryKeyConstraint("interview_id", "person_id", name=op.f("pk_interview_coder")),
    )
    with op.batch_alter_table("interview_coder") as table:
        table.create_index(op.f("ix_interview_coder_person_id"), ["person_id"], unique=False)


def _participant() -> None:
    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.Boolean(), nullable=True),
        sa.Column("evidence_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instrument_version_id", sa.Integer(), nullable=True),
        sa.Column("project_title", sa.String(length=300), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_name", sa.String(length=32), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retain_until", sa.Date(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("traces_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(agreed IS NULL) = (agreed_at IS NULL)", name=op.f("ck_participant_answered_at_a_time")
        ),
        sa.CheckConstraint(
            "(evidence IS NULL) = (evidence_at IS NULL)",
            name=op.f("ck_participant_evidence_answered_at_a_time"),
        ),
        sa.CheckConstraint(
            "sealed IS NULL OR key_name IS NOT NULL", name=op.f("ck_participant_sealed_under_a_key")
        ),
        sa.CheckConstraint(
            "deleted_at IS NULL OR sealed IS NULL", name=op.f("ck_participant_deleted_is_gone")
        ),
        sa.CheckConstraint(
            "evidence IS NULL OR (agreed IS NOT NULL AND agreed)",
            name=op.f("ck_participant_evidence_after_consent"),
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_participant_revision_from_one")),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR (agreed IS NOT NULL AND agreed)",
            name=op.f("ck_participant_withdrawn_after_consent"),
        ),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_participant_instrument_version_id_instrument_version"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_participant_recorded_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["interview_seat.id"], name=op.f("fk_participant_seat_id_interview_seat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("seat_id", name=op.f("uq_participant_seat_id")),
    )


def _note() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quotation", sa.Boolean(), nullable=False),
        sa.Column("second", sa.Integer(), nullable=False),
        sa.Column("variant_of", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("writer", sa.String(length=32), nullable=False),
        sa.Column("writer_change", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("deleted_at IS NULL OR length(text) = 0", name=op.f("ck_note_deleted_is_empty")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_note_revision_from_one")),
        sa.CheckConstraint("second >= 0", name=op.f("ck_note_after_the_start")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_note_changed_by_person")),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_note_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["interview_seat.id"], name=op.f("fk_note_seat_id_interview_seat")
        ),
        sa.ForeignKeyConstraint(["variant_of"], ["note.id"], name=op.f("fk_note_variant_of_note")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note") as table:
        table.create_index(op.f("ix_note_interview_id"), ["interview_id"], unique=False)
        table.create_index(op.f("ix_note_seat_id"), ["seat_id"], unique=False)
        table.create_index(op.f("ix_note_variant_of"), ["variant_of"], unique=False)


def _interview_progress() -> None:
    op.create_table(
        "interview_progress",
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("mark", sa.String(length=8), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("writer", sa.String(length=32), nullable=False),
        sa.Column("writer_change", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "mark IN ('', 'asked', 'skipped', 'earlier')", name=op.f("ck_interview_progress_mark_known")
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_interview_progress_revision_from_one")),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_interview_progress_time_runs_forward")),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_interview_progress_interview_id_interview")
        ),
        sa.PrimaryKeyConstraint("interview_id", "item", name=op.f("pk_interview_progress")),
    )


def _interview_text() -> None:
    op.create_table(
        "interview_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("segments", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('notes', 'transcript')", name=op.f("ck_interview_text_kind_known")),
        sa.CheckConstraint("number > 0", name=op.f("ck_interview_text_numbered_from_one")),
        sa.CheckConstraint(
            "removed_at IS NULL OR length(text) = 0", name=op.f("ck_interview_text_removed_is_empty")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_interview_text_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_interview_text_interview_id_interview")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_text")),
        sa.UniqueConstraint(
            "interview_id", "kind", "number", name=op.f("uq_interview_text_interview_id_kind_number")
        ),
    )
    with op.batch_alter_table("interview_text") as table:
        table.create_index(op.f("ix_interview_text_interview_id"), ["interview_id"], unique=False)


def _excerpt() -> None:
    op.create_table(
        "excerpt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("coder_id", sa.Integer(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_by", sa.Integer(), nullable=True),
        sa.Column("independent", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "removed_at IS NULL OR (length(memo) = 0 AND cleared_at IS NULL)",
            name=op.f("ck_excerpt_removed_is_bare"),
        ),
        sa.CheckConstraint("start_at >= 0 AND end_at > start_at", name=op.f("ck_excerpt_a_run_of_text")),
        sa.ForeignKeyConstraint(["cleared_by"], ["person.id"], name=op.f("fk_excerpt_cleared_by_person")),
        sa.ForeignKeyConstraint(["coder_id"], ["person.id"], name=op.f("fk_excerpt_coder_id_person")),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["interview_seat.id"], name=op.f("fk_excerpt_seat_id_interview_seat")
        ),
        sa.ForeignKeyConstraint(
            ["text_id"], ["interview_text.id"], name=op.f("fk_excerpt_text_id_interview_text")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excerpt")),
    )
    with op.batch_alter_table("excerpt") as table:
        table.create_index(op.f("ix_excerpt_coder_id"), ["coder_id"], unique=False)
        table.create_index(op.f("ix_excerpt_seat_id"), ["seat_id"], unique=False)
        table.create_index(op.f("ix_excerpt_text_id"), ["text_id"], unique=False)


def _excerpt_theme() -> None:
    op.create_table(
        "excerpt_theme",
        sa.Column("excerpt_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["excerpt_id"], ["excerpt.id"], name=op.f("fk_excerpt_theme_excerpt_id_excerpt")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_excerpt_theme_theme_id_theme")),
        sa.PrimaryKeyConstraint("excerpt_id", "theme_id", name=op.f("pk_excerpt_theme")),
    )
    with op.batch_alter_table("excerpt_theme") as table:
        table.create_index(op.f("ix_excerpt_theme_theme_id"), ["theme_id"], unique=False)


def _finished_coding() -> None:
    op.create_table(
        "finished_coding",
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("coder_id", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["coder_id"], ["person.id"], name=op.f("fk_finished_coding_coder_id_person")),
        sa.ForeignKeyConstraint(
            ["text_id"], ["interview_text.id"], name=op.f("fk_finished_coding_text_id_interview_text")
        ),
        sa.PrimaryKeyConstraint("text_id", "coder_id", name=op.f("pk_finished_coding")),
    )
    with op.batch_alter_table("finished_coding") as table:
        table.create_index(op.f("ix_finished_coding_coder_id"), ["coder_id"], unique=False)


def _open_text_theme() -> None:
    op.create_table(
        "open_text_theme",
        sa.Column("open_text_id", sa.String(length=32), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("coder_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["coder_id"], ["person.id"], name=op.f("fk_open_text_theme_coder_id_person")),
        sa.ForeignKeyConstraint(
            ["open_text_id"], ["open_text.id"], name=op.f("fk_open_text_theme_open_text_id_open_text")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_open_text_theme_theme_id_theme")),
        sa.PrimaryKeyConstraint("open_text_id", "theme_id", "coder_id", name=op.f("pk_open_text_theme")),
    )
    with op.batch_alter_table("open_text_theme") as table:
        table.create_index(op.f("ix_open_text_theme_coder_id"), ["coder_id"], unique=False)
        table.create_index(op.f("ix_open_text_theme_theme_id"), ["theme_id"], unique=False)
