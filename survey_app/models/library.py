"""The library of the method (Biblioteczka): documents, links and acts, and the base forms of their words."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base


class LibraryItem(Base):
    """An item of a gmina, a region ("06", "0605") or the country ("PL").

    `shared`: who reads it beside its owner: nobody, the gminas of its region, all gminas. `open_to_all`: it stands on
    the public page, too. `as_of`: the day whose state of law the item shows; `outdated_since`: the day from which it
    is no longer so, `outdated_by` saying what changed it. `taken_down_at`: by the administrator, off the public page.
    """

    __tablename__ = "library_item"
    __table_args__ = (
        CheckConstraint("(gmina_code IS NULL) <> (region_code IS NULL)", name="of_a_gmina_or_a_region"),
        CheckConstraint("kind IN ('document', 'link', 'act')", name="kind_known"),
        CheckConstraint("shared IN ('own', 'region', 'country')", name="shared_known"),
        CheckConstraint("length(title) > 0", name="titled"),
        CheckConstraint("kind <> 'link' OR length(url) > 0", name="a_link_leads_somewhere"),
        CheckConstraint("kind <> 'act' OR as_of IS NOT NULL", name="an_act_has_its_state"),
        CheckConstraint("(outdated_since IS NULL) = (length(outdated_by) = 0)", name="outdated_by_something"),
        CheckConstraint("length(licence) > 0", name="licensed"),
        CheckConstraint(
            "(taken_down_at IS NULL) = (length(taken_down_reason) = 0)", name="taken_down_for_a_reason"
        ),
        CheckConstraint("taken_down_at IS NULL OR NOT open_to_all", name="taken_down_is_not_public"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gmina_code: Mapped[str | None] = mapped_column(ForeignKey("gmina.code"), index=True)
    region_code: Mapped[str | None] = mapped_column(String(4), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(String(40), default="")
    author: Mapped[str] = mapped_column(String(300), default="")
    licence: Mapped[str] = mapped_column(String(40))  # of `services.library.LICENCES`
    licence_note: Mapped[str] = mapped_column(String(500), default="")
    url: Mapped[str] = mapped_column(String(2000), default="")
    link_checked_on: Mapped[dt.date | None]
    link_answers: Mapped[bool | None]
    law_reference: Mapped[str] = mapped_column(String(200), default="")  # "Dz.U. 2003 nr 122 poz. 1143"
    as_of: Mapped[dt.date | None]
    outdated_since: Mapped[dt.date | None]
    outdated_by: Mapped[str] = mapped_column(String(500), default="")
    shared: Mapped[str] = mapped_column(String(8), default="own")
    open_to_all: Mapped[bool] = mapped_column(default=False)
    taken_down_at: Mapped[dt.datetime | None]
    taken_down_reason: Mapped[str] = mapped_column(String(400), default="", server_default=sql("''"))
    withdrawn_at: Mapped[dt.datetime | None]
    added_at: Mapped[dt.datetime]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class LibraryFile(Base):
    """The file of a document, apart from what lists and searches read."""

    __tablename__ = "library_file"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("library_item.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(
        Text, default="", deferred=True
    )  # what could be read of it, for the search
    content: Mapped[bytes] = mapped_column(LargeBinary)


class LibraryWord(Base):
    """A base form of a word of an item, folded; `weight`: how much it says about the item (title over text).

    The weight is of the key so that the search reads the key alone; an item has a form once.
    """

    __tablename__ = "library_word"
    __table_args__ = (Index("ix_library_word_item_id", "item_id"), {"sqlite_with_rowid": False})

    base: Mapped[str] = mapped_column(String(80), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("library_item.id"), primary_key=True)
    weight: Mapped[int] = mapped_column(primary_key=True)
