"""Forms of the tree of themes, of passages, and of who codes an interview."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from survey_app.forms.interviews import whole_number
from survey_app.forms.staff_catalogue import Checkboxes
from survey_app.forms.staff_fields import NoControlCharacters, StaffForm, at_most, required

TOP = 0  # in the list of parents: none
LONGEST_LABEL, LONGEST_TEXT, LONGEST_MEMO = 120, 2000, 5000
MOST_SENTENCES = 2000


class ThemeForm(StaffForm):
    """Names of fields are those of `ThemeDraft`."""

    label = StringField(
        "Nazwa tematu",
        [required("Prosimy napisać nazwę tematu."), at_most(LONGEST_LABEL), NoControlCharacters()],
        default="",
    )
    definition = TextAreaField("Definicja", [at_most(LONGEST_TEXT), NoControlCharacters()], default="")
    example = TextAreaField("Przykład", [at_most(LONGEST_TEXT), NoControlCharacters()], default="")
    parent_id = SelectField("Miejsce w drzewie", coerce=int, default=TOP)

    def offer(self, parents: Iterable[tuple[int, str]]) -> None:
        self.parent_id.choices = [
            (TOP, "na samej górze"),
            *((number, f"pod: {words}") for number, words in parents),
        ]


class ThemesOfPassageForm(StaffForm):
    """Which themes a passage has, and what its coder notes about it."""

    themes = Checkboxes("Tematy", coerce=int)
    memo = TextAreaField("Notatka kodera", [at_most(LONGEST_MEMO), NoControlCharacters()], default="")

    def offer(self, themes: Iterable[tuple[int, str]]) -> None:
        self.themes.choices = list(themes)


class PassageForm(ThemesOfPassageForm):
    """One run of the text, [start, end) in code points; or sentences that were ticked, see `read_sentences`."""

    start = HiddenField(default="")
    end = HiddenField(default="")
    words = HiddenField(default="")
    sha256 = HiddenField(default="")

    @property
    def run(self) -> tuple[int, int] | None:
        """None: nothing was selected."""
        start, end = whole_number(self.start.data), whole_number(self.end.data)
        return (start, end) if self.end.data and start < end else None


class CoderForm(StaffForm):
    """Whom the interview is given to."""

    person = SelectField("Osoba", coerce=int)

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        self.person.choices = [(0, "Prosimy wybrać"), *people]


def read_sentences(ticked: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Of values "12-40"; what is no run is left out."""
    found = []
    for value in list(ticked)[:MOST_SENTENCES]:
        start, _, end = value.partition("-")
        if whole_number(start) < whole_number(end):
            found.append((whole_number(start), whole_number(end)))
    return tuple(found)
