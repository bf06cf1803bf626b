"""The row file in pieces says what the whole says, in an order that tells nothing; nothing is held between pieces."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from survey_app.analysis.row_file import RowFile, anonymous_rows, named_rows
from survey_app.errors import ConflictError
from survey_app.services.context import Context
from survey_app.services.survey import export_rows, results, take_survey
from survey_app.services.survey.export_folder import export_folder
from survey_app.store import audit
from survey_app.web.server import Beating
from tests.campaign_kit import GMINA, Held, add_gmina, answers, hold, lock, new_key
from tests.integration.test_export import forms, locked

NAMES = (
    "Żłobek",
    "=SUMA(A1)",
    "Zespół Szkół",
    "ćma",
    "Zespół Szkół",
    "Łąka; i pole",
    "Ala\nma",
    "zespół szkół",
    "Ó",
)


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve answers in many pieces, batches and runs."""
    monkeypatch.setattr(export_rows, "_AT_A_TIME", 5)
    monkeypatch.setattr(export_rows, "_A_RUN", 4)
    monkeypatch.setattr("survey_app.services.spreadsheets.ROWS_OF_A_PIECE", 2)
    monkeypatch.setattr("survey_app.store.responses._FEW", {"yield_per": 3})


def as_a_whole(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The file as it was made before there were pieces."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        told = [str(cell).replace(".", ",") if isinstance(cell, float) else cell for cell in row]
        unsafe = ("=", "+", "-", "@", "\t", "\r", "\n")
        writer.writerow(
            [f"'{one}" if isinstance(one, str) and one.startswith(unsafe) else one for one in told]
        )
    return text.getvalue().encode("utf-8-sig")


def book_as_a_whole(rows: RowFile) -> bytes:
    notes = [("uwaga", note, "") for note in rows.notes]
    return as_a_whole(("kolumna", "pytanie", "wartości"), [*rows.codebook, *notes])


def streamed(context: Context, held: Held) -> bytes:
    return b"".join(export_rows.csv_file(context, held.campaign.id, None))


def test_an_anonymous_file_in_pieces_has_the_bytes_of_the_whole_in_another_order(context: Context) -> None:
    held = locked(context, forms())
    found = results.load_results(context, held.campaign.id)
    rows = anonymous_rows(found.instrument, found.records, found.groups)
    whole, first, second = (
        as_a_whole(rows.header, rows.rows),
        streamed(context, held),
        streamed(context, held),
    )
    lines = whole.splitlines(keepends=True)
    assert len(lines) == 13
    for one in (first, second):
        assert one.splitlines(keepends=True)[0] == lines[0]
        assert sorted(one.splitlines(keepends=True)[1:]) == sorted(lines[1:])
    assert first != second, "drawn anew for each file"
    assert export_rows.codebook_csv(context, held.campaign.id) == book_as_a_whole(rows)
    assert rows.risk
    assert rows.risk.encode() in book_as_a_whole(rows)


def test_the_order_does_not_begin_with_the_ids_of_the_store(context: Context) -> None:
    """Were pieces drawn one by one in the order of the store, the first five would be the same five."""
    held = locked(context, forms())
    seen = {frozenset(streamed(context, held).splitlines()[1:6]) for _ in range(6)}
    assert len(seen) > 1


@pytest.mark.parametrize("access", ["invitations", "open_link"])
def test_a_named_file_in_pieces_is_the_whole_byte_for_byte(context: Context, access: str) -> None:
    if access == "invitations":
        held = locked(context, forms(), mode="named")
    else:
        add_gmina(context)
        held = hold(context, mode="named", access=access)
        for name in NAMES:
            said = answers(held.instrument, {"p5": "tak", "p10": f'-1; "{name}"\nżółć'})
            take_survey.submit(context, held.campaign.public_id, None, new_key(), said, name)
        lock(context, held)
    found = results.load_results(context, held.campaign.id)
    rows = named_rows(found.instrument, results.named_records(context, held.campaign.id))
    assert len(rows.rows) == (12 if access == "invitations" else len(NAMES))
    assert streamed(context, held) == as_a_whole(rows.header, rows.rows)
    assert export_rows.codebook_csv(context, held.campaign.id) == book_as_a_whole(rows)


def test_fewer_than_k_give_the_heading_alone_and_the_codebook_says_why(context: Context) -> None:
    held = locked(context, forms()[:2])
    assert streamed(context, held).count(b"\r\n") == 1
    assert "mniej niż 3" in export_rows.codebook_csv(context, held.campaign.id).decode()


def test_between_two_pieces_the_store_is_free_and_the_copy_is_noted_already(context: Context) -> None:
    """A reader who takes a piece and goes for a walk must not keep a lock from rewriting its tables."""
    held = locked(context, forms())
    pieces = export_rows.csv_file(context, held.campaign.id, None)
    with context.database.reading() as session:
        taken = [event.detail for event in audit.events(session, GMINA, 50) if event.action == "export"]
    assert taken == ["csv"]
    assert next(pieces).startswith(b"\xef\xbb\xbfgrupa;")
    assert next(pieces).count(b"\r\n") == 2
    assert context.database.vacuum("response")
    assert sum(piece.count(b"\r\n") for piece in pieces) == 10


def test_before_the_lock_it_is_refused_before_the_first_piece(sqlite_context: Context) -> None:
    add_gmina(sqlite_context)
    held = hold(sqlite_context)
    with pytest.raises(ConflictError):
        export_rows.csv_file(sqlite_context, held.campaign.id, None)


def test_an_answer_that_is_gone_breaks_the_file_off(sqlite_context: Context) -> None:
    """A file that is short of rows must not look like a whole one."""
    from survey_app.models import Response

    held = locked(sqlite_context, forms())
    pieces = export_rows.csv_file(sqlite_context, held.campaign.id, None)
    next(pieces), next(pieces)
    with sqlite_context.database.transaction() as session:
        session.query(Response).delete()
    with pytest.raises(KeyError):
        list(pieces)


def test_only_the_files_asked_for_are_written(sqlite_context: Context, tmp_path: Path) -> None:
    locked(sqlite_context, forms())
    csv_alone = export_folder(sqlite_context, GMINA, tmp_path / "a", ["csv"])
    assert [path.suffix for path in csv_alone] == [".csv", ".csv"]
    others = export_folder(sqlite_context, GMINA, tmp_path / "b", ["xlsx", "sav"])
    assert sorted(path.suffix for path in others) == [".sav", ".xlsx", ".xml"]
    with sqlite_context.database.reading() as session:
        taken = [event.detail for event in audit.events(session, GMINA, 50) if event.action == "export"]
    assert sorted(taken) == ["csv", "sav", "xlsx"]


def test_each_piece_is_a_sign_of_life_and_the_end_of_the_request_closes_what_makes_them() -> None:
    beats: list[int] = []
    closed: list[bool] = []

    class Pieces(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    answer = Beating(Pieces([b"a", b"b"]), lambda: beats.append(1))
    assert b"".join(answer) == b"ab"
    answer.close()
    assert (len(beats), closed) == (2, [True])
