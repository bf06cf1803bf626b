"""Locked versions, transcripts, and what is cut out of them, on both stores: nothing silently, nothing half."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from survey_app.errors import ConflictError, GoneError, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.interviewing import (
    interview_texts,
    interviews,
    note_review,
    notes,
    transcripts,
    withdraw,
)
from survey_app.services.interviewing.interview_texts import InterviewText
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.notes import NoteDraft
from survey_app.services.interviewing.transcripts import LEFT_OUT, NOBODY, WORDS
from survey_app.store import audit, excerpts
from survey_app.store import interview_texts as store
from survey_app.store import notes as note_store
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, OTHER_GMINA, people
from tests.interview_kit import agree, held, write

COMBINED = "z\u0307o\u0301l\u0328w 👩\u200d🌾 مرحبا"


@pytest.fixture
def service(context: Context) -> Context:
    people(context)
    return context


@pytest.fixture
def talk(service: Context) -> Interview:
    """An FGI of six in which A and B said something."""
    made = held(service, "fgi", 6)
    agree(service, made, {"A": (True, True), "B": (True, False), "C": (False, None)})
    write(service, made, "g1_1", "B", f"Mówi {COMBINED}\ni dalej.", second=20)
    write(service, made, "g1_1", "A", "Znam dwa partnerstwa.", quotation=True, second=10)
    write(service, made, "g0_1", None, "Cisza na sali.", second=5)
    write(service, made, "", "A", "Poza pytaniami 🙂.", second=1)
    return made


def shown(context: Context, interview: Interview) -> str:
    return note_review.review(context, GMINA, interview.id).sha256


def lock(context: Context, interview: Interview) -> InterviewText:
    return interview_texts.lock_notes(context, GMINA, interview.id, shown(context, interview), None)


def pieces(row: InterviewText) -> list[tuple[str | None, str]]:
    return [(one["letter"], row.text[one["start"] : one["end"]]) for one in row.segments]


def passage(context: Context, row: InterviewText, words: str) -> int:
    with context.database.transaction() as session:
        start = row.text.index(words)
        return excerpts.add(
            session,
            text_id=row.id,
            seat_id=None,
            question_id="",
            start_at=start,
            end_at=start + len(words),
            coder_id=id_of(context, "jan@example.org"),
            memo="",
            created_at=context.clock(),
            independent=True,
            theme_ids=(),
        ).id


def words_of(context: Context, row: InterviewText, excerpt_id: int) -> str | None:
    """None: its words are gone."""
    with context.database.reading() as session:
        found = excerpts.get(session, excerpt_id)
        text = interview_texts.text(session, GMINA, row.interview_id, row.id)
        assert found is not None
        return None if found.removed_at else text.text[found.start_at : found.end_at]


# Versions -------------------------------------------------------------------------------------------------------


def test_a_version_holds_the_notes_in_the_order_of_the_questions(service: Context, talk: Interview) -> None:
    row = lock(service, talk)
    assert pieces(row) == [
        (None, "Cisza na sali."),
        ("A", "Znam dwa partnerstwa."),
        ("B", f"Mówi {COMBINED}\ni dalej."),
        ("A", "Poza pytaniami 🙂."),
    ]
    assert [one["question"] for one in row.segments] == ["g0_1", "g1_1", "g1_1", ""]
    assert [one["quotation"] for one in row.segments] == [False, True, False, False]
    assert row.number == 1
    with service.database.reading() as session:
        assert [one.action for one in audit.about(session, "interview_text", row.id)] == [
            "interview_notes_locked"
        ]


def test_a_later_change_is_shown_and_becomes_the_next_version(service: Context, talk: Interview) -> None:
    first = lock(service, talk)
    assert note_review.review(service, GMINA, talk.id).locked
    parts = note_review.review(service, GMINA, talk.id).parts
    noted = {one.text: one for part in parts for question in part.questions for one in question.notes}
    changed, gone = noted["Znam dwa partnerstwa."], noted["Cisza na sali."]
    draft = NoteDraft("g1_1", "B", "Znam dwa partnerstwa.", True)
    notes.add_or_change(service, GMINA, talk.id, changed.id, draft, changed.revision, None)
    notes.remove(service, GMINA, talk.id, gone.id, gone.revision, None)
    write(service, talk, "g1_1", "A", "Nowe.", second=99)
    found = note_review.review(service, GMINA, talk.id)
    assert sorted((one.kind, one.before_words, one.after_words) for one in found.changes) == [
        ("added", "", "Nowe."),
        ("changed", "Znam dwa partnerstwa.", "Znam dwa partnerstwa."),
        ("removed", "Cisza na sali.", ""),
    ]
    assert lock(service, talk).number == 2
    with service.database.reading() as session:
        assert interview_texts.text(session, GMINA, talk.id, first.id).text == first.text


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("unseen", "Notatki zmieniły się"),
        ("twice", "już zamknięte jako wersja 1"),
        ("empty", "nie ma czego zamykać"),
        ("planned", "zapisać, że wywiad się odbył"),
        ("variants", "dwie wersje"),
    ],
)
def test_what_cannot_be_locked_is_said_in_words(
    service: Context, talk: Interview, case: str, words: str
) -> None:
    seen = shown(service, talk)
    if case == "unseen":
        write(service, talk, "g0_1", "A", "Dopisane po otwarciu strony.")
    elif case == "twice":
        lock(service, talk)
    elif case == "empty":
        talk = held(service, "idi", 1)
        seen = shown(service, talk)
    elif case == "planned":
        interviews.restore(service, GMINA, talk.id, talk.revision, None)
    else:
        variant(service, talk)
    with pytest.raises(ConflictError, match=words):
        interview_texts.lock_notes(service, GMINA, talk.id, seen, None)
    with service.database.reading() as session:
        assert len(store.of_interview(session, talk.id)) == (case == "twice")


def variant(context: Context, talk: Interview) -> str:
    """Beside A's first note, as a device leaves it that was away."""
    with context.database.transaction() as session:
        root = next(one for one in note_store.notes(session, talk.id) if one.text.startswith("Znam"))
        beside = note_store.put(
            session,
            "f" * 32,
            talk.id,
            question_id=root.question_id,
            seat_id=root.seat_id,
            text="Znam trzy.",
            quotation=False,
            second=11,
            variant_of=root.id,
            writer="e" * 32,
            changed_at=context.clock(),
        )
        return beside.id


def test_of_two_who_lock_at_once_the_second_is_told(service: Context, talk: Interview) -> None:
    seen, ready, told = shown(service, talk), threading.Barrier(2), []

    def one() -> None:
        ready.wait()
        try:
            made = interview_texts.lock_notes(service, GMINA, talk.id, seen, None)
            told.append(f"wersja {made.number}")
        except ConflictError as error:
            told.append(error.message)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(words[:8] for words in told) == ["Te notat", "wersja 1"]
    with service.database.reading() as session:
        assert [row.number for row in store.of_interview(session, talk.id)] == [1]


def test_a_text_of_another_interview_or_gmina_is_not_there(service: Context, talk: Interview) -> None:
    row, other = lock(service, talk), held(service, "idi", 1)
    with service.database.reading() as session:
        for gmina, interview_id, text_id in (
            (OTHER_GMINA, talk.id, row.id),
            (GMINA, other.id, row.id),
            (GMINA, talk.id, row.id + 1),
            (GMINA, talk.id, 2**40),
        ):
            with pytest.raises(NotFoundError):
                interview_texts.text(session, gmina, interview_id, text_id)


# Cutting --------------------------------------------------------------------------------------------------------


def cut_letter(context: Context, interview: Interview, letter: str | None) -> int:
    with context.database.transaction() as session:
        return interview_texts.cut_letter(context, session, interview, letter)


def test_what_a_letter_said_is_cut_out_and_the_rest_keeps_its_passages(
    service: Context, talk: Interview
) -> None:
    row = lock(service, talk)
    kept = [
        passage(service, row, words)
        for words in ("Cisza na", "Mówi z\u0307o\u0301", "👩\u200d🌾 مرحبا\ni dalej")
    ]
    gone = [
        passage(service, row, words) for words in ("dwa partnerstwa", "sali.\n\nZnam", "Poza pytaniami 🙂.")
    ]
    assert cut_letter(service, talk, "A") == 2
    assert [words_of(service, row, one) for one in kept] == [
        "Cisza na",
        "Mówi z\u0307o\u0301",
        "👩\u200d🌾 مرحبا\ni dalej",
    ]
    assert [words_of(service, row, one) for one in gone] == [None, None, None]
    with service.database.reading() as session:
        rest = interview_texts.text(session, GMINA, talk.id, row.id)
    assert pieces(rest) == [(None, "Cisza na sali."), ("B", f"Mówi {COMBINED}\ni dalej.")]
    assert rest.text == f"Cisza na sali.\n\nMówi {COMBINED}\ni dalej."
    assert rest.redacted_at is not None
    assert rest.sha256 != row.sha256
    assert "Znam" not in repr(rest.segments)


def test_when_nobody_is_left_the_text_goes_and_its_number_is_not_given_again(
    service: Context, talk: Interview
) -> None:
    row = lock(service, talk)
    one = passage(service, row, "Cisza")
    assert cut_letter(service, talk, None) == 4
    with service.database.reading() as session:
        assert interview_texts.texts(session, talk.id) == []
        bare = store.of_interview(session, talk.id, include_removed=True)[0]
        assert (bare.text, bare.segments, bare.sha256) == ("", [], "")
        found = excerpts.get(session, one)
        assert found is not None
        assert found.removed_at is not None
    assert lock(service, talk).number == 2


def test_a_cut_version_is_what_the_notes_that_are_left_would_be(service: Context, talk: Interview) -> None:
    lock(service, talk)
    with service.database.transaction() as session:
        seat = next(seat for seat in talk.seats if seat.letter == "A")
        note_store.erase_seat(session, talk.id, seat.id, service.clock())
        interview_texts.cut_letter(service, session, talk, "A")
    assert note_review.review(service, GMINA, talk.id).locked


# Transcripts ----------------------------------------------------------------------------------------------------

TALK = f"M: Kto zacznie?\nA: Ja, {COMBINED}.\nDalej mówię.\nB: A ja nie.\nA: Na koniec."
MEANT = {"M": NOBODY, "A": "A", "B": "B"}


def kept(context: Context, interview: Interview, text: str = TALK, meant: Any = None) -> InterviewText:
    found = transcripts.read_pasted(text)
    return transcripts.keep(context, GMINA, interview.id, found, meant or MEANT, None)


def test_a_transcript_is_kept_under_letters_apart_from_notes(service: Context, talk: Interview) -> None:
    row = kept(service, talk)
    assert (row.kind, row.number, row.file_name) == ("transcript", 1, "tekst wklejony")
    assert pieces(row) == [
        (None, "Kto zacznie?"),
        ("A", f"Ja, {COMBINED}.\nDalej mówię."),
        ("B", "A ja nie."),
        ("A", "Na koniec."),
    ]
    assert [(one.number, one.letter) for one in transcripts.line_views(row)] == [
        (1, None),
        (2, "A"),
        (3, "A"),
        (4, "B"),
        (5, "A"),
    ]
    assert lock(service, talk).number == 1


def test_who_did_not_agree_is_in_no_transcript(service: Context, talk: Interview) -> None:
    for letter in ("C", "D", "Z", "bzdura"):
        with pytest.raises(InvalidInputError) as error:
            kept(service, talk, meant={**MEANT, "B": letter})
        assert [fault.where for fault in error.value.faults] == ["mowca-2"]
    row = kept(service, talk, meant={**MEANT, "B": LEFT_OUT})
    assert "A ja nie" not in row.text
    silent = held(service, "fgi", 6)
    with pytest.raises(ConflictError, match="Bez zgody"):
        kept(service, silent)


def test_a_mark_that_nobody_explained_is_asked_about(service: Context, talk: Interview) -> None:
    with pytest.raises(InvalidInputError) as error:
        kept(service, talk, meant={"M": NOBODY, "A": "A"})
    assert "„B”: prosimy wskazać" in error.value.faults[0].message


def test_the_same_transcript_twice_is_told(service: Context, talk: Interview) -> None:
    kept(service, talk)
    with pytest.raises(ConflictError, match="już jest zapisana jako nr 1"):
        kept(service, talk)


def test_a_withdrawal_takes_the_letters_words_and_names_what_it_cannot(
    service: Context, talk: Interview
) -> None:
    row = kept(service, talk)
    on_b = passage(service, row, "ja nie")
    assert cut_letter(service, talk, "A") == 2
    assert words_of(service, row, on_b) == "ja nie"
    with service.database.reading() as session:
        rest = interview_texts.text(session, GMINA, talk.id, row.id)
        loose = interview_texts.unattributed(session, talk)
    assert rest.text == "Kto zacznie?\nA ja nie."
    assert [(one.number, one.characters) for one in loose] == [(1, len("Kto zacznie?"))]


def test_a_withdrawal_takes_words_that_stood_under_another_letter_when_they_were_locked(
    service: Context, talk: Interview
) -> None:
    """The moderator had noted B's words under A, locked them, and put that right afterwards."""
    note = write(service, talk, "g1_2", "A", "To powiedziała B.", second=30)
    first = lock(service, talk)
    on_b = passage(service, first, "powiedziała B")
    draft = NoteDraft("g1_2", "B", "To powiedziała B.", second=30)
    notes.add_or_change(service, GMINA, talk.id, note.id, draft, note.revision, None)
    lock(service, talk)
    foreseen = withdraw.foresee(service, GMINA, talk.id, "B")
    went = withdraw.withdraw(service, GMINA, talk.id, "B", None)
    assert (foreseen.texts, foreseen.passages, went.passages) == (2, 1, 1)
    with service.database.reading() as session:
        left = [row.text for row in interview_texts.texts(session, talk.id)]
        gone = excerpts.get(session, on_b)
    assert len(left) == 2
    assert all("powiedziała B" not in text and "Znam dwa partnerstwa." in text for text in left)
    assert gone is not None
    assert gone.removed_at is not None


def test_words_that_were_taken_for_somebody_else_s_lean_on_nobody_s_consent(
    service: Context, talk: Interview
) -> None:
    """A let her sentences be evidence, B did not; the note under A was B's, and is put right after the lock."""
    note = write(service, talk, "g1_2", "A", "To powiedziała B.", second=30)
    first = lock(service, talk)
    seat = next(one.id for one in talk.seats if one.letter == "A")
    wrong, right = passage(service, first, "powiedziała B"), passage(service, first, "dwa partnerstwa")
    with service.database.transaction() as session:
        for number in (wrong, right):
            found = excerpts.get(session, number)
            assert found is not None
            found.seat_id = seat
    draft = NoteDraft("g1_2", "B", "To powiedziała B.", second=30)
    notes.add_or_change(service, GMINA, talk.id, note.id, draft, note.revision, None)
    with service.database.reading() as session:
        seats = [found.seat_id for number in (wrong, right) if (found := excerpts.get(session, number))]
    assert seats == [None, seat]


def test_who_did_not_agree_is_in_no_transcript_however_they_are_marked(
    service: Context, talk: Interview
) -> None:
    """C refused. Their mark may be written otherwise, or be one of very many."""
    for mark in ("c", "Osoba C", "uczestnik c"):
        found = transcripts.read_pasted(f"A: Zaczynam.\n{mark}: Nie zapisujcie mnie.\nA: Kończę.")
        assert transcripts.suggestions(found, "AB")[1] == LEFT_OUT
        for meaning in (NOBODY, WORDS):
            with pytest.raises(InvalidInputError, match="poprawić"):
                transcripts.keep(service, GMINA, talk.id, found, {"A": "A", mark: meaning}, None)
    many = "".join(f"Punkt {'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10]}: x\n" * 2 for n in range(60))
    found = transcripts.read_pasted(f"A: Zaczynam.\n{many}C: Nie zapisujcie mnie.")
    assert "C" in {one.mark for one in transcripts.speakers(found)}
    with pytest.raises(InvalidInputError):
        transcripts.read_pasted("".join(f"Anna {n}: x\n" for n in range(201)))


def test_lines_are_cut_by_hand_over_speakers_with_the_passages_that_touch_them(
    service: Context, talk: Interview
) -> None:
    row = kept(service, talk)
    before, touched, after = (passage(service, row, one) for one in ("Ja, ", "mówię.\nA ja", "koniec"))
    with pytest.raises(ConflictError, match="zmieniła się"):
        transcripts.cut(service, GMINA, talk.id, 1, 3, 4, "0" * 64, None)
    for first, last in ((0, 1), (1, 6), (4, 3), (6, 6)):
        with pytest.raises(InvalidInputError):
            transcripts.cut(service, GMINA, talk.id, 1, first, last, row.sha256, None)
    transcripts.cut(service, GMINA, talk.id, 1, 3, 4, row.sha256, None)
    rest = transcripts.transcript(service, GMINA, talk.id, 1)
    assert pieces(rest) == [(None, "Kto zacznie?"), ("A", f"Ja, {COMBINED}."), ("A", "Na koniec.")]
    assert rest.text == f"Kto zacznie?\nJa, {COMBINED}.\nNa koniec."
    assert [words_of(service, row, one) for one in (before, touched, after)] == ["Ja, ", None, "koniec"]


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 3), (2, 2), (5, 5), (4, 5)])
def test_any_run_of_lines_leaves_the_other_lines_as_they_were(
    service: Context, talk: Interview, first: int, last: int
) -> None:
    row = kept(service, talk)
    before = [(one.words, one.letter) for one in transcripts.line_views(row)]
    transcripts.cut(service, GMINA, talk.id, 1, first, last, row.sha256, None)
    rest = transcripts.transcript(service, GMINA, talk.id, 1)
    left = [one for place, one in enumerate(before, start=1) if not first <= place <= last]
    assert [(one.words, one.letter) for one in transcripts.line_views(rest)] == left


def test_a_removed_transcript_is_gone_with_its_words(service: Context, talk: Interview) -> None:
    row = kept(service, talk)
    with pytest.raises(ConflictError):
        transcripts.remove(service, GMINA, talk.id, 1, "", None)
    transcripts.remove(service, GMINA, talk.id, 1, row.sha256, None)
    with pytest.raises(GoneError):
        transcripts.transcript(service, GMINA, talk.id, 1)
    assert kept(service, talk).number == 2
