"""The forms of the library's items: one per kind, with what the three kinds share."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import (
    BooleanField,
    FileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

from survey_app.forms.day import Day
from survey_app.forms.staff_fields import (
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    one_line,
    options,
    required,
)

_YEARS = (1900, 2100)  # an act may be older than anything else here


class ItemForm(StaffForm):
    """Names of fields are the fault places of `items.add` and `items.change`."""

    title = StringField(
        "Tytuł",
        [required("Prosimy wpisać tytuł."), at_most(300), NoControlCharacters()],
        filters=[one_line],
    )
    description = TextAreaField(
        "Opis",
        [at_most(5000), NoControlCharacters()],
        description="O czym to jest i do czego się przyda. Słowa z opisu są ważniejsze w szukaniu niż słowa z pliku.",
        filters=[many_lines],
    )
    category = SelectField("Kategoria", default="")
    author = StringField("Autor albo wydawca", [at_most(300), NoControlCharacters()], filters=[one_line])
    licence = SelectField("Licencja", default="")
    licence_note = StringField("Uwaga do licencji", [at_most(500), NoControlCharacters()], filters=[one_line])
    outdated_since = Day("Nieaktualne od", years=_YEARS)
    outdated_by = StringField(
        "Co to zmieniło",
        [at_most(500), NoControlCharacters()],
        description="Na przykład ustawa, która zastąpiła tę, albo nowsze wydanie.",
        filters=[one_line],
    )
    shared = RadioField("Kto to czyta w panelu", default="own")
    open_to_all = BooleanField(
        "Pokaż każdemu, bez logowania",
        description="Pozycja stanie na publicznej stronie Biblioteczki.",
    )

    def offer(
        self,
        categories: Iterable[tuple[str, str]],
        licences: Iterable[tuple[str, str]],
        shared: Iterable[tuple[str, str]],
    ) -> None:
        """What can be chosen; (value, label)."""
        self.category.choices = [SelectChoice("", "(bez kategorii)"), *options(categories)]
        self.licence.choices = [SelectChoice("", "(prosimy wybrać)"), *options(licences)]
        self.shared.choices = options(shared)


class DocumentForm(ItemForm):
    """A browser never sends a file back to the form."""

    content = FileField("Plik")
    url = StringField("Strona, z której pochodzi", [at_most(2000), NoControlCharacters()], filters=[one_line])
    as_of = Day("Stan na dzień", years=_YEARS)


class LinkForm(ItemForm):
    url = StringField(
        "Adres strony",
        [required("Prosimy podać adres strony."), at_most(2000), NoControlCharacters()],
        description="Publiczny adres, który zaczyna się od http:// albo https://.",
        filters=[one_line],
    )
    as_of = Day("Stan na dzień", years=_YEARS)


class ActForm(ItemForm):
    law_reference = StringField(
        "Miejsce ogłoszenia",
        [required("Prosimy podać miejsce ogłoszenia."), at_most(200), NoControlCharacters()],
        description="Na przykład: Dz.U. 2003 nr 122 poz. 1143.",
        filters=[one_line],
    )
    as_of = Day(
        "Stan prawny na dzień", [required("Prosimy podać dzień, na który jest stan prawny.")], years=_YEARS
    )
    url = StringField(
        "Adres w ISAP albo w dzienniku", [at_most(2000), NoControlCharacters()], filters=[one_line]
    )


FORMS: dict[str, type[ItemForm]] = {"document": DocumentForm, "link": LinkForm, "act": ActForm}


class TakeDownForm(StaffForm):
    """Why the administrator takes an item off the public page."""

    reason = TextAreaField(
        "Powód",
        [
            required("Prosimy napisać powód. Zobaczy go zespół, do którego należy pozycja."),
            at_most(400),
            NoControlCharacters(),
        ],
        description="Bez danych osobowych. Zobaczy go zespół, do którego należy pozycja.",
        filters=[one_line],
    )
