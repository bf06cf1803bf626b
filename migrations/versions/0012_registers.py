"""Registers with their log, parties and votes; the library; messages of a region and what was recorded of gminas."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gmina_record",
        sa.Column("gmina_code", sa.String(length=6), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('way', 'supporters_first', 'supporters_last', 'service_form')",
            name=op.f("ck_gmina_record_kind_known"),
        ),
        sa.CheckConstraint(
            "length(value) > 0 AND length(source) > 0", name=op.f("ck_gmina_record_with_a_source")
        ),
        sa.ForeignKeyConstraint(
            ["gmina_code"], ["gmina.code"], name=op.f("fk_gmina_record_gmina_code_gmina")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_gmina_record_recorded_by_person")
        ),
        sa.PrimaryKeyConstraint("gmina_code", "kind", name=op.f("pk_gmina_record")),
    )
    op.create_table(
        "library_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gmina_code", sa.String(length=6), nullable=True),
        sa.Column("region_code", sa.String(length=4), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=300), nullable=False),
        sa.Column("licence", sa.String(length=40), nullable=False),
        sa.Column("licence_note", sa.String(length=500), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("link_checked_on", sa.Date(), nullable=True),
        sa.Column("link_answers", sa.Boolean(), nullable=True),
        sa.Column("law_reference", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("outdated_since", sa.Date(), nullable=True),
        sa.Column("outdated_by", sa.String(length=500), nullable=False),
        sa.Column("shared", sa.String(length=8), nullable=False),
        sa.Column("open_to_all", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind <> 'act' OR as_of IS NOT NULL", name=op.f("ck_library_item_an_act_has_its_state")
        ),
        sa.CheckConstraint(
            "kind <> 'link' OR length(url) > 0", name=op.f("ck_library_item_a_link_leads_somewhere")
        ),
        sa.CheckConstraint("kind IN ('document', 'link', 'act')", name=op.f("ck_library_item_kind_known")),
        sa.CheckConstraint(
            "shared IN ('own', 'region', 'country')", name=op.f("ck_library_item_shared_known")
        ),
        sa.CheckConstraint(
            "(gmina_code IS NULL) <> (region_code IS NULL)",
            name=op.f("ck_library_item_of_a_gmina_or_a_region"),
        ),
        sa.CheckConstraint(
            "(outdated_since IS NULL) = (length(outdated_by) = 0)",
            name=op.f("ck_library_item_outdated_by_something"),
        ),
        sa.CheckConstraint("length(licence) > 0", name=op.f("ck_library_item_licensed")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_library_item_titled")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_library_item_added_by_person")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_library_item_changed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["gmina_code"], ["gmina.code"], name=op.f("fk_library_item_gmina_code_gmina")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_item")),
    )
    op.create_index(op.f("ix_library_item_gmina_code"), "library_item", ["gmina_code"])
    op.create_index(op.f("ix_library_item_region_code"), "library_item", ["region_code"])

    op.create_table(
        "region_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=4), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_after", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "length(title) > 0 AND length(text) > 0", name=op.f("ck_region_message_says_something")
        ),
        sa.CheckConstraint(
            "taken_back_at IS NULL OR taken_back_at >= sent_at",
            name=op.f("ck_region_message_taken_back_later"),
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_region_message_sent_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_message")),
    )
    op.create_index(op.f("ix_region_message_region_code"), "region_message", ["region_code"])

    op.create_table(
        "library_file",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_library_file_not_empty")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["library_item.id"], name=op.f("fk_library_file_item_id_library_item")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_library_file")),
    )
    op.create_table(
        "library_word",
        sa.Column("base", sa.String(length=80), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["library_item.id"], name=op.f("fk_library_word_item_id_library_item")
        ),
        sa.PrimaryKeyConstraint("base", "item_id", "weight", name=op.f("pk_library_word")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_library_word_item_id", "library_word", ["item_id"])

    op.create_table(
        "message_read",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["region_message.id"], name=op.f("fk_message_read_message_id_region_message")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_read_person_id_person")),
        sa.PrimaryKeyConstraint("message_id", "person_id", name=op.f("pk_message_read")),
    )
    op.create_index(op.f("ix_message_read_person_id"), "message_read", ["person_id"])

    op.create_table(
        "register_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gmina_code", sa.String(length=6), nullable=True),
        sa.Column("region_code", sa.String(length=4), nullable=True),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("instrument_version_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=True),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("declaration_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "stakeholder_id IS NULL OR sector = ''", name=op.f("ck_register_entry_about_one_thing")
        ),
        sa.CheckConstraint(
            "(gmina_code IS NULL) <> (region_code IS NULL)",
            name=op.f("ck_register_entry_of_a_gmina_or_a_region"),
        ),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_register_entry_titled")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_register_entry_revision_from_one")),
        sa.CheckConstraint(
            "starts_on IS NULL OR due_on IS NULL OR due_on >= starts_on",
            name=op.f("ck_register_entry_due_after_starting"),
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_register_entry_changed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_register_entry_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_register_entry_declaration_id_declaration")
        ),
        sa.ForeignKeyConstraint(
            ["gmina_code"], ["gmina.code"], name=op.f("fk_register_entry_gmina_code_gmina")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_version_id"],
            ["instrument_version.id"],
            name=op.f("fk_register_entry_instrument_version_id_instrument_version"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_register_entry_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name=op.f("fk_register_entry_stakeholder_id_stakeholder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entry")),
        sa.UniqueConstraint("declaration_id", name=op.f("uq_register_entry_declaration_id")),
    )
    op.create_index(op.f("ix_register_entry_gmina_code"), "register_entry", ["gmina_code"])
    op.create_index(op.f("ix_register_entry_person_id"), "register_entry", ["person_id"])
    op.create_index(op.f("ix_register_entry_region_code"), "register_entry", ["region_code"])
    op.create_index(op.f("ix_register_entry_stakeholder_id"), "register_entry", ["stakeholder_id"])

    op.create_table(
        "meeting_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(stakeholder_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_meeting_seat_of_one_of_the_two")
        ),
        sa.CheckConstraint("length(label) > 0", name=op.f("ck_meeting_seat_labelled")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name=op.f("fk_meeting_seat_entry_id_register_entry")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_seat_person_id_person")),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name=op.f("fk_meeting_seat_stakeholder_id_stakeholder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_seat")),
        sa.UniqueConstraint("entry_id", "person_id", name=op.f("uq_meeting_seat_entry_id_person_id")),
        sa.UniqueConstraint(
            "entry_id", "stakeholder_id", name=op.f("uq_meeting_seat_entry_id_stakeholder_id")
        ),
    )
    op.create_index(op.f("ix_meeting_seat_person_id"), "meeting_seat", ["person_id"])
    op.create_index(op.f("ix_meeting_seat_stakeholder_id"), "meeting_seat", ["stakeholder_id"])

    op.create_table(
        "motion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=False),
        sa.Column("votes_against", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=9), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('', 'passed', 'rejected', 'no_quorum')", name=op.f("ck_motion_outcome_known")
        ),
        sa.CheckConstraint(
            "(length(outcome) = 0) = (closed_at IS NULL)", name=op.f("ck_motion_closed_with_an_outcome")
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_motion_worded")),
        sa.CheckConstraint(
            "votes_for >= 0 AND votes_against >= 0 AND abstained >= 0 AND present >= 0 AND present <= seats"
            " AND votes_for + votes_against + abstained <= present",
            name=op.f("ck_motion_one_seat_one_vote"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name=op.f("fk_motion_entry_id_register_entry")
        ),
        sa.ForeignKeyConstraint(["put_by"], ["person.id"], name=op.f("fk_motion_put_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motion")),
        sa.UniqueConstraint("entry_id", "number", name=op.f("uq_motion_entry_id_number")),
    )
    op.create_table(
        "register_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state_from", sa.String(length=40), nullable=False),
        sa.Column("state_to", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "length(kind) > 0 OR length(state_to) > 0", name=op.f("ck_register_event_says_something")
        ),
        sa.CheckConstraint(
            "length(state_to) > 0 OR length(state_from) = 0",
            name=op.f("ck_register_event_a_state_comes_after_another"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name=op.f("fk_register_event_entry_id_register_entry")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_register_event_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_event")),
    )
    op.create_index(op.f("ix_register_event_entry_id"), "register_event", ["entry_id"])

    op.create_table(
        "register_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_id", sa.Integer(), nullable=True),
        sa.Column("gmina_code", sa.String(length=6), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("reply", sa.String(length=3), nullable=False),
        sa.Column("reply_text", sa.Text(), nullable=False),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "offer_id IS NULL OR reply = 'yes'", name=op.f("ck_register_party_offered_with_a_yes")
        ),
        sa.CheckConstraint(
            "reply <> 'no' OR length(reply_text) > 0", name=op.f("ck_register_party_refused_for_a_reason")
        ),
        sa.CheckConstraint("reply IN ('', 'yes', 'no')", name=op.f("ck_register_party_reply_known")),
        sa.CheckConstraint(
            "(CASE WHEN stakeholder_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN gmina_code IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN length(name) = 0 THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_register_party_one_of_three"),
        ),
        sa.CheckConstraint(
            "(length(reply) = 0) = (replied_on IS NULL)", name=op.f("ck_register_party_replied_on_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entry.id"], name=op.f("fk_register_party_entry_id_register_entry")
        ),
        sa.ForeignKeyConstraint(
            ["gmina_code"], ["gmina.code"], name=op.f("fk_register_party_gmina_code_gmina")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["register_entry.id"], name=op.f("fk_register_party_offer_id_register_entry")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_register_party_recorded_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["stakeholder_id"], ["stakeholder.id"], name=op.f("fk_register_party_stakeholder_id_stakeholder")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_party")),
        sa.UniqueConstraint("entry_id", "gmina_code", name=op.f("uq_register_party_entry_id_gmina_code")),
        sa.UniqueConstraint(
            "entry_id", "stakeholder_id", name=op.f("uq_register_party_entry_id_stakeholder_id")
        ),
    )
    op.create_index(op.f("ix_register_party_entry_id"), "register_party", ["entry_id"])
    op.create_index(op.f("ix_register_party_gmina_code"), "register_party", ["gmina_code"])
    op.create_index(op.f("ix_register_party_offer_id"), "register_party", ["offer_id"])
    op.create_index(op.f("ix_register_party_stakeholder_id"), "register_party", ["stakeholder_id"])

    op.create_table(
        "motion_vote",
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("vote", sa.String(length=9), nullable=False),
        sa.CheckConstraint("vote IN ('for', 'against', 'abstained')", name=op.f("ck_motion_vote_vote_known")),
        sa.ForeignKeyConstraint(["motion_id"], ["motion.id"], name=op.f("fk_motion_vote_motion_id_motion")),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["meeting_seat.id"], name=op.f("fk_motion_vote_seat_id_meeting_seat")
        ),
        sa.PrimaryKeyConstraint("motion_id", "seat_id", name=op.f("pk_motion_vote")),
    )
    op.create_index(op.f("ix_motion_vote_seat_id"), "motion_vote", ["seat_id"])


def downgrade() -> None:
    op.drop_table("motion_vote")
    op.drop_table("register_party")
    op.drop_table("register_event")
    op.drop_table("motion")
    op.drop_table("meeting_seat")
    op.drop_table("register_entry")
    op.drop_table("message_read")
    op.drop_table("library_word")
    op.drop_table("library_file")
    op.drop_table("region_message")
    op.drop_table("library_item")
    op.drop_table("gmina_record")
