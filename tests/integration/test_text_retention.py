"""Words of an ankieta that nobody let into a report are gone a year after the lock, also from the file itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_app.instrument.values import Value
from survey_app.services import housekeeping
from survey_app.services.context import Context
from survey_app.services.survey import open_texts, results, text_retention
from survey_app.store import audit, campaigns, responses
from survey_app.store.database import Database
from tests.campaign_kit import Held, add_gmina, hold, lock, send
from tests.stores import Clock

WRITTEN: dict[str, Value] = {
    "p1": {"option": "inna", "text": "Ochotnicza Straż Pożarna w Godziszowie"},
    "p6": ["Klub seniora", "Bursztynowa świetlica"],
    "p10": "Prowadzi ją Genowefa Przykładowa",
}


def cleared(context: Context) -> Held:
    """One text is cleared with a name blacked out, one is withheld, one waits, one can name its institution."""
    add_gmina(context)
    held = hold(context)
    send(context, held, held.codes[0], WRITTEN)
    lock(context, held)
    texts = {row.text: row.id for row in open_texts.waiting(context, held.campaign.id)}
    open_texts.clear(context, texts["Prowadzi ją Genowefa Przykładowa"], "Prowadzi ją […]", actor=None)
    open_texts.withhold(context, texts["Bursztynowa świetlica"], actor=None)
    return held


def words_kept(context: Context, held: Held) -> list[tuple[str, str]]:
    with context.database.reading() as session:
        return [(row.text, row.cleared_text or "") for row in responses.texts(session, held.campaign.id)]


def actions(context: Context, held: Held) -> list[str]:
    with context.database.reading() as session:
        return [event.action for event in audit.about(session, "campaign", held.campaign.id)]


def test_a_year_after_the_lock_only_cleared_words_are_left(context: Context, clock: Clock) -> None:
    held = cleared(context)
    clock.advance(days=364)
    assert text_retention.run_once(context) == []
    assert len(words_kept(context, held)) == 4
    clock.advance(days=1)
    lines = housekeeping.run_once(context)
    assert [line for line in lines if "słów, których nie dopuszczono" in line]
    assert words_kept(context, held) == [("Prowadzi ją […]", "Prowadzi ją […]")]
    assert results.load_results(context, held.campaign.id).cleared_texts == {"p10": ["Prowadzi ją […]"]}
    assert actions(context, held).count("words_deleted") == 1
    assert text_retention.run_once(context) == []


def test_a_campaign_without_such_words_leaves_the_same_trace(context: Context, clock: Clock) -> None:
    """Else the trace would tell whether somebody wrote an institution's name under question 1."""
    add_gmina(context)
    held = hold(context)
    send(context, held, held.codes[0], {"p2": "tak"})
    lock(context, held)
    clock.advance(days=366)
    assert len(text_retention.run_once(context)) == 1
    assert actions(context, held).count("words_deleted") == 1
    assert text_retention.run_once(context) == []


def test_what_is_withheld_later_goes_with_the_next_round(context: Context, clock: Clock) -> None:
    held = cleared(context)
    clock.advance(days=366)
    text_retention.run_once(context)
    (left,) = open_texts.whole(context, open_texts.places(context, held.campaign.id).decided)
    open_texts.withhold(context, left.id, actor=None)
    assert len(text_retention.run_once(context)) == 1
    assert words_kept(context, held) == []


def test_no_page_of_the_file_keeps_a_word(sqlite_context: Context, clock: Clock, var: Path) -> None:
    held = cleared(sqlite_context)
    clock.advance(days=366)
    assert kept_in_files(var, "Bursztynowa")
    text_retention.run_once(sqlite_context)
    assert not any(kept_in_files(var, word) for word in ("Bursztynowa", "Genowefa", "Ochotnicza"))
    assert words_kept(sqlite_context, held)


def test_a_rewrite_that_was_hindered_is_done_again(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words are gone from the rows; that the free pages are clean is said only when they are."""
    held = cleared(context)
    clock.advance(days=366)
    with monkeypatch.context() as fault:
        fault.setattr(Database, "vacuum", lambda *_: False)
        assert "UWAGA" in text_retention.run_once(context)[-1]
    assert gone_at(context, held) is None
    assert text_retention.run_once(context) == []
    assert gone_at(context, held) == clock.now


def gone_at(context: Context, held: Held) -> object:
    with context.database.reading() as session:
        campaign = campaigns.get(session, held.campaign.id)
        assert campaign is not None
        return campaign.words_gone_at


def kept_in_files(var: Path, word: str) -> bool:
    return any(word.encode() in file.read_bytes() for file in var.glob("survey.sqlite3*"))
