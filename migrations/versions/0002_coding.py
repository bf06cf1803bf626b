"""Coding of stakeholders: rounds, ratings, decisions, evidence; a living catalogue; members of a team."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# In the order in which they may go: what points at a table goes before it.
TABLES = (
    "evidence",
    "vote",
    "decision",
    "rating",
    "ballot",
    "round_stakeholder",
    "round_rater",
    "stakeholder_period",
    "representation",
    "declaration",
    "coding_round",
    "own_sector",
    "document",
)

OLD_ROLES = "role IN ('administrator', 'coordinator')"
NEW_ROLES = "role IN ('administrator', 'coordinator', 'member')"
A_COPY_HAS_A_REASON = "(gmina_code IS NULL) = (length(reason) = 0)"
MERGE_CHECKS = {
    "merged_only_when_left": "merged_into_id IS NULL OR left_on IS NOT NULL",
    "merged_into_another": "merged_into_id IS NULL OR merged_into_id <> id",
}


def upgrade() -> None:
    _change_instrument_version()
    _change_membership(NEW_ROLES)
    _change_stakeholder()
    op.create_index("uq_response_id_mode", "response", ["id", "mode"], unique=True)
    _document()
    _own_sector()
    _coding_round()
    _declaration()
    _representation()
    _stakeholder_period()
    _round_rater()
    _round_stakeholder()
    _ballot()
    _rating()
    _decision()
    _vote()
    _evidence()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("uq_response_id_mode", table_name="response")
    _restore_stakeholder()
    op.execute("DELETE FROM membership WHERE role = 'member'")
    _change_membership(OLD_ROLES)
    _restore_instrument_version()


def _change_membership(roles: str) -> None:
    with op.batch_alter_table("membership") as table:
        table.drop_constraint(op.f("ck_membership_role_known"), type_="check")
        table.create_check_constraint(op.f("ck_membership_role_known"), roles)


def _change_instrument_version() -> None:
    with op.batch_alter_table("instrument_version") as table:
        table.add_column(sa.Column("gmina_code", sa.String(length=6), nullable=True))
        table.add_column(sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("published_by", sa.Integer(), nullable=True))
        table.create_index(op.f("ix_instrument_version_gmina_code"), ["gmina_code"], unique=False)
        table.create_foreign_key(
            op.f("fk_instrument_version_gmina_code_gmina"), "gmina", ["gmina_code"], ["code"]
        )
        table.create_foreign_key(
            op.f("fk_instrument_version_published_by_person"), "person", ["published_by"], ["id"]
        )
        table.create_check_constraint(op.f("ck_instrument_version_a_copy_has_a_reason"), A_COPY_HAS_A_REASON)


def _restore_instrument_version() -> None:
    with op.batch_alter_table("instrument_version") as table:
        table.drop_constraint(op.f("ck_instrument_version_a_copy_has_a_reason"), type_="check")
        table.drop_constraint(op.f("fk_instrument_version_published_by_person"), type_="foreignkey")
        table.drop_constraint(op.f("fk_instrument_version_gmina_code_gmina"), type_="foreignkey")
        table.drop_index(op.f("ix_instrument_version_gmina_code"))
        for column in ("published_by", "reason", "gmina_code"):
            table.drop_column(column)


def _change_stakeholder() -> None:
    with op.batch_alter_table("stakeholder") as table:
        table.add_column(
            sa.Column("natural_person", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
        table.add_column(sa.Column("usefulness", sa.Text(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("spheres", JSON, server_default=sa.text("'[]'"), nullable=False))
        table.add_column(
            sa.Column("left_reason", sa.String(length=300), server_default=sa.text("''"), nullable=False)
        )
        table.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        table.create_index(op.f("ix_stakeholder_merged_into_id"), ["merged_into_id"], unique=False)
        table.create_foreign_key(
            op.f("fk_stakeholder_merged_into_id_stakeholder"), "stakeholder", ["merged_into_id"], ["id"]
        )
        for name, rule in MERGE_CHECKS.items():
            table.create_check_constraint(op.f(f"ck_stakeholder_{name}"), rule)


def _restore_stakeholder() -> None:
    with op.batch_alter_table("stakeholder") as table:
        for name in MERGE_CHECKS:
            table.drop_constraint(op.f(f"ck_stakeholder_{name}"), type_="check")
        table.drop_constraint(op.f("fk_stakeholder_merged_into_id_stakeholder"), type_="foreignkey")
        table.drop_index(op.f("ix_stakeholder_merged_into_id"))
        for column in ("merged_into_id", "left_reason", "spheres", "usefulness", "natural_person"):
            table.drop_column(column)


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_not_empty")),
        sa.ForeignKeyConstraint(["gmina_code"], ["gmina.code"], name=op.f("fk_document_gmina_code_gmina")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_document_uploaded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_gmina_code"), "document", ["gmina_code"], unique=False)


def _own_sector() -> None:
    op.create_table(
        "own_sector",
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("counts_as", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["gmina_code"], ["gmina.code"], name=op.f("fk_own_sector_gmina_code_gmina")),
        sa.PrimaryKeyConstraint("gmina_code", "id", name=op.f("pk_own_sector")),
        sa.UniqueConstraint("gmina_code", "label", name=op.f("uq_own_sector_gmina_code_label")),
    )


def _coding_round() -> None:
    op.create_table(
        "coding_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("occasion", sa.String(length=12), nullable=False),
        sa.Column("instrument_version_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("rating_until", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("laid_open_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("represented", JSON, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("abandoned_reason", sa.Text(), nullable=False),
        sa.Column("result", JSON, nullable=True),
        sa.Column("result_sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(stage = 'abandoned') = (length(abandoned_reason) > 0)",
            name=op.f("ck_coding_round_abandoned_with_a_reason"),
        ),
        sa.CheckConstraint(
            "(stage = 'abandoned') = (number IS NULL)", name=op.f("ck_coding_round_abandoned_has_no_number")
        ),
        sa.CheckConstraint(
            "(stage = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_coding_round_closed_has_a_moment")
        ),
        sa.CheckConstraint(
            "(stage = 'closed') = (result IS NOT NULL)", name=op.f("ck_coding_round_closed_has_a_result")
        ),
        sa.CheckConstraint(
            "occasion IN ('start', 'between', 'before_pact')", name=op.f("ck_coding_round_occasion_known")
        ),
        sa.CheckConstraint(
            "stage <> 'rating' OR laid_open_at IS NULL", name=op.f("ck_coding_round_rating_before_laid_open")
        ),
        sa.CheckConstraint(
            "stage IN ('rating', 'agreement', 'closed', 'abandoned')",
            name=op.f("ck_coding_round_stage_known"),
        ),
        sa.CheckConstraint(
            "stage NOT IN ('agreement', 'closed') OR laid_open_at IS NOT NULL",
            name=op.f("ck_coding_round_laid_open_before_agreement"),
        ),
        sa.CheckConstraint(
            "(result IS NULL) = (result_sha256 IS NULL)", name=op.f("ck_coding_round_result_has_a_checksum")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_coding_round_closed_by_person")),
        sa.ForeignKeyConstraint(
            ["gmina_code"], ["gmina.code"], name=op.f("fk_coding_round_gmina_code_gmina")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_coding_round_instrument_version_id_instrument_version"),
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_coding_round_opened_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_round")),
        sa.UniqueConstraint("gmina_code", "number", name=op.f("uq_coding_round_gmina_code_number")),
    )
    op.create_index(op.f("ix_coding_round_gmina_code"), "coding_round", ["gmina_code"], unique=False)
    op.create_index(
        "uq_coding_round_gmina_code_open",
        "coding_round",
        ["gmina_code"],
        unique=True,
        sqlite_where=sa.text("stage IN ('rating', 'agreement')"),
        postgresql_where=sa.text("stage IN ('rating', 'agreement')"),
    )


def _declaration() -> None:
    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("resource", sa.String(length=20), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'contribution') = (resource IS NOT NULL)",
            name=op.f("ck_declaration_contribution_has_a_resource"),
        ),
        sa.CheckConstraint("kind IN ('contribution', 'refusal')", name=op.f("ck_declaration_kind_known")),
        sa.CheckConstraint("length(description) > 0", name=op.f("ck_declaration_described")),
        sa.CheckConstraint(
            "withdrawn_on IS NULL OR withdrawn_on >= declared_on",
            name=op.f("ck_declaration_withdrawn_after_declaring"),
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_declaration_entered_by_person")),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name=op.f("fk_declaration_stakeholder_id_stakeholder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    op.create_index(op.f("ix_declaration_stakeholder_id"), "declaration", ["stakeholder_id"], unique=False)


def _representation() -> None:
    op.create_table(
        "representation",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_representation_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name=op.f("fk_representation_stakeholder_id_stakeholder")
        ),
        sa.PrimaryKeyConstraint("person_id", "stakeholder_id", name=op.f("pk_representation")),
    )
    op.create_index(
        op.f("ix_representation_stakeholder_id"), "representation", ["stakeholder_id"], unique=False
    )


def _stakeholder_period() -> None:
    op.create_table(
        "stakeholder_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("left_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("left_on >= joined_on", name=op.f("ck_stakeholder_period_left_after_joining")),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"],
            ["stakeholder.id"],
            name=op.f("fk_stakeholder_period_stakeholder_id_stakeholder"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stakeholder_period")),
    )
    op.create_index(
        op.f("ix_stakeholder_period_stakeholder_id"), "stakeholder_period", ["stakeholder_id"], unique=False
    )


def _round_rater() -> None:
    op.create_table(
        "round_rater",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agrees_to_names", sa.Boolean(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_round_rater_person_id_person")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["coding_round.id"], name=op.f("fk_round_rater_round_id_coding_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_round_rater")),
    )
    op.create_index(op.f("ix_round_rater_person_id"), "round_rater", ["person_id"], unique=False)


def _round_stakeholder() -> None:
    op.create_table(
        "round_stakeholder",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (length(withdrawn_reason) = 0)",
            name=op.f("ck_round_stakeholder_withdrawn_with_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["coding_round.id"], name=op.f("fk_round_stakeholder_round_id_coding_round")
        ),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"],
            ["stakeholder.id"],
            name=op.f("fk_round_stakeholder_stakeholder_id_stakeholder"),
        ),
        sa.PrimaryKeyConstraint("round_id", "stakeholder_id", name=op.f("pk_round_stakeholder")),
    )
    op.create_index(
        op.f("ix_round_stakeholder_stakeholder_id"), "round_stakeholder", ["stakeholder_id"], unique=False
    )


def _ballot() -> None:
    op.create_table(
        "ballot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("show_of_hands", sa.Boolean(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("votes_abstained", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (votes_for IS NULL)", name=op.f("ck_ballot_counted_at_the_close")
        ),
        sa.CheckConstraint(
            "(votes_for IS NULL) = (votes_against IS NULL) AND (votes_for IS NULL) = (votes_abstained IS NULL)",
            name=op.f("ck_ballot_counted_together"),
        ),
        sa.CheckConstraint(
            "votes_for IS NULL OR (votes_for >= 0 AND votes_against >= 0 AND votes_abstained >= 0"
            " AND votes_for + votes_against + votes_abstained <= seats)",
            name=op.f("ck_ballot_one_seat_one_vote"),
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_ballot_opened_by_person")),
        sa.ForeignKeyConstraint(
            ["round_id", "stakeholder_id"],
            ["round_stakeholder.round_id", "round_stakeholder.stakeholder_id"],
            name="fk_ballot_stakeholder",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
    )
    op.create_index(op.f("ix_ballot_round_id"), "ballot", ["round_id"], unique=False)
    op.create_index(
        "uq_ballot_round_id_stakeholder_id_open",
        "ballot",
        ["round_id", "stakeholder_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _rating() -> None:
    op.create_table(
        "rating",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("point", sa.Integer(), nullable=True),
        sa.Column("dont_know", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("point IS NULL OR NOT dont_know", name=op.f("ck_rating_a_point_or_not_known")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_rating_revision_from_one")),
        sa.ForeignKeyConstraint(
            ["round_id", "person_id"],
            ["round_rater.round_id", "round_rater.person_id"],
            name="fk_rating_rater",
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "stakeholder_id"],
            ["round_stakeholder.round_id", "round_stakeholder.stakeholder_id"],
            name="fk_rating_stakeholder",
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "person_id", "stakeholder_id", "criterion", name=op.f("pk_rating")
        ),
    )


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("proposed", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("correction", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "NOT correction OR replaces_id IS NOT NULL", name=op.f("ck_decision_a_correction_replaces")
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_decision_reason_given")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_decision_ballot_id_ballot")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_decision_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["decision.id"], name=op.f("fk_decision_replaces_id_decision")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "stakeholder_id"],
            ["round_stakeholder.round_id", "round_stakeholder.stakeholder_id"],
            name="fk_decision_stakeholder",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_decision_replaces_id")),
    )
    op.create_index(op.f("ix_decision_round_id"), "decision", ["round_id"], unique=False)
    op.create_index(
        "uq_decision_round_id_stakeholder_id_first",
        "decision",
        ["round_id", "stakeholder_id"],
        unique=True,
        sqlite_where=sa.text("replaces_id IS NULL"),
        postgresql_where=sa.text("replaces_id IS NULL"),
    )


def _vote() -> None:
    op.create_table(
        "vote",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=10), nullable=False),
        sa.CheckConstraint("choice IN ('for', 'against', 'abstained')", name=op.f("ck_vote_choice_known")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_vote_ballot_id_ballot")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vote_person_id_person")),
        sa.PrimaryKeyConstraint("ballot_id", "person_id", name=op.f("pk_vote")),
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("stakeholder_id", sa.Integer(), nullable=True),
        sa.Column("criterion", sa.String(length=40), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("excerpt_id", sa.Integer(), nullable=True),
        sa.Column("response_id", sa.String(length=32), nullable=True),
        sa.Column("response_mode", sa.String(length=12), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(kind = 'catalogue') = (entry_id IS NOT NULL) AND (kind = 'document') = (document_id IS NOT NULL)"
            " AND (kind = 'excerpt') = (excerpt_id IS NOT NULL)"
            " AND (kind = 'named_answer') = (response_id IS NOT NULL)",
            name=op.f("ck_evidence_points_at_one_thing"),
        ),
        sa.CheckConstraint(
            "(response_id IS NULL AND response_mode IS NULL)"
            " OR (response_id IS NOT NULL AND response_mode IS NOT NULL AND response_mode = 'named')",
            name=op.f("ck_evidence_never_an_anonymous_answer"),
        ),
        sa.CheckConstraint(
            "kind IN ('catalogue', 'document', 'excerpt', 'named_answer')",
            name=op.f("ck_evidence_kind_known"),
        ),
        sa.CheckConstraint(
            "(decision_id IS NULL) = (criterion IS NOT NULL) AND (criterion IS NULL) = (round_id IS NULL)"
            " AND (criterion IS NULL) = (person_id IS NULL) AND (criterion IS NULL) = (stakeholder_id IS NULL)",
            name=op.f("ck_evidence_of_a_rating_or_a_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_evidence_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_evidence_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["stakeholder.id"], name=op.f("fk_evidence_entry_id_stakeholder")
        ),
        sa.ForeignKeyConstraint(
            ["response_id", "response_mode"], ["response.id", "response.mode"], name="fk_evidence_response"
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "person_id", "stakeholder_id", "criterion"],
            ["rating.round_id", "rating.person_id", "rating.stakeholder_id", "rating.criterion"],
            name="fk_evidence_rating",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_decision_id"), "evidence", ["decision_id"], unique=False)
    op.create_index(op.f("ix_evidence_document_id"), "evidence", ["document_id"], unique=False)
