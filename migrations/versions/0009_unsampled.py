"""PostgreSQL's statistics keep no samples of codes, boxes, answers and people's words: they outlive a deletion."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# An ANALYZE copies up to a hundred values of a column into pg_statistic, where they outlive their rows: at the lock, or
# when somebody takes back their words, nothing removes them. None of these columns needs statistics: what is looked up
# by is unique, the rest is only read.
UNSAMPLED = {
    "invitation": ("token_hash", "used", "paper_returned"),
    "submission_key": ("key_hash",),
    "sealed_answer": ("id", "box"),
    "response": ("id", "answers", "institution_name"),
    "open_text": ("id", "text", "cleared_text"),
    "note": ("text",),
    "interview_text": ("text", "segments"),
    "excerpt": ("memo",),
    "participant": ("project_title", "key_name", "sealed"),
    "stakeholder_contact": ("person_name", "email", "phone"),
}


def upgrade() -> None:
    """Samples that an older version's ANALYZE took stay until a superuser removes them from pg_statistic."""
    _set_target(0)


def downgrade() -> None:
    _set_target(-1)


def _set_target(target: int) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in UNSAMPLED.items():
        for column in columns:
            op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STATISTICS {target}')
