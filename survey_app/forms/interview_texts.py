"""Forms of what is written about an interview afterwards: notes, their versions, transcripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired

from survey_app.forms.interviews import whole_number
from survey_app.forms.staff_fields import NoControlCharacters, StaffForm, at_most, options

NO_LETTER = "0"  # in a list of letters: the moderator's own words, or the group's
LONGEST_NOTE = 50_000


def kept_lines(text: str | None) -> str:
    """Line breaks as one character; blanks at the ends stay, as a console keeps them."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")


class NoteForm(StaffForm):
    """Names of fields are those of `NoteDraft`. `revision`: of the note that the page knew."""

    revision = HiddenField(default="0")
    question = SelectField("Pytanie", validate_choice=False, choices=[])
    letter = RadioField("Kto to powiedział", validate_choice=False, choices=[], default=NO_LETTER)
    text = TextAreaField(
        "Notatka",
        [DataRequired("Prosimy wpisać notatkę."), at_most(LONGEST_NOTE), NoControlCharacters()],
        description="Litery zamiast nazwisk, także wtedy, gdy ktoś mówi o kimś innym.",
        filters=[kept_lines],
    )
    quotation = BooleanField("To są dosłowne słowa (cytat)")

    def offer(self, questions: Iterable[tuple[str, str]], letters: Iterable[tuple[str, str]]) -> None:
        self.question.choices = options(questions)
        self.letter.choices = options(
            [*letters, (NO_LETTER, "bez litery: słowa moderatora albo całej grupy")]
        )


class RemoveNoteForm(StaffForm):
    revision = HiddenField(default="0")


class SettleForm(StaffForm):
    """`known`: the revisions of the variant and of the note beside which it stands, as they were shown."""

    known = HiddenField(default="")
    keep = RadioField(
        "Co zostaje",
        [DataRequired("Prosimy wybrać, co zostaje.")],
        choices=options(
            [
                ("theirs", "wersja pierwsza"),
                ("mine", "wersja druga"),
                ("both", "obie, jako dwie osobne notatki"),
                ("text", "tekst poniżej, w miejsce obu"),
            ]
        ),
    )
    text = TextAreaField(
        "Tekst w miejsce obu wersji",
        [at_most(LONGEST_NOTE), NoControlCharacters()],
        description="Tylko jeśli powyżej wybrano „tekst poniżej”.",
        filters=[kept_lines],
    )

    @property
    def revisions(self) -> tuple[int, int] | None:
        """None: the page did not say."""
        first, _, second = (self.known.data or "").partition("-")
        found = whole_number(first), whole_number(second)
        return found if all(found) else None


class LockForm(StaffForm):
    """`seen`: the checksum of the notes that the page showed."""

    seen = HiddenField(default="")


class SeenForm(LockForm):
    """Something is removed from a text that was read; `seen`: its checksum."""


class TranscriptForm(StaffForm):
    """Names of fields are the fault places of `transcript_files`."""

    plik = FileField("Plik z transkrypcją")
    tekst = TextAreaField("Albo wklejony tekst", description="Jeśli nie ma pliku.")


class SpeakersForm(StaffForm):
    """`carried`: the transcript between its preview and its saving. Rows: `mowca-0`, `mowca-1` and so on.

    `speaker_faults`: by the name of the row.
    """

    speaker_faults: Mapping[str, str] = {}
    carried = HiddenField(default="")

    @staticmethod
    def meanings(fields: Mapping[str, str], count: int) -> list[str]:
        """What was chosen for each speaker; "" where nothing was."""
        return [fields.get(f"mowca-{place}", "")[:20] for place in range(count)]


class CutForm(SeenForm):
    """Lines of a transcript, counted from 1. `sure`: the lines were shown once more."""

    first = IntegerField("Od wiersza", [InputRequired("Prosimy podać numer pierwszego wiersza.")])
    last = IntegerField("Do wiersza", [InputRequired("Prosimy podać numer ostatniego wiersza.")])
    sure = HiddenField(default="")
