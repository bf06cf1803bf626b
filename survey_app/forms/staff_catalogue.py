"""Forms of the Gminny Katalog Interesariuszy."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import (
    BooleanField,
    EmailField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

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

TYPES = (("", "jeszcze nie wiadomo"), ("A", "A"), ("B", "B"), ("C", "C"))
TYPE_HINTS = {
    "A": "Reintegracja jest głównym celem.",
    "B": "Reintegracja jest jednym z celów.",
    "C": "Reintegracja nie jest celem, ale są usługi, z których mogą korzystać jej uczestnicy.",
}
PLACES = (("1", "wewnętrzny"), ("0", "zewnętrzny"))
PLACE_HINTS = {"1": "Działa w gminie.", "0": "Działa spoza gminy."}


class Checkboxes(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """Several of a list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class StakeholderForm(StaffForm):
    """One institution, firm or person. Names of fields are those of `StakeholderDraft`."""

    name = StringField(
        "Nazwa",
        [required("Prosimy podać nazwę."), at_most(300), NoControlCharacters()],
        filters=[one_line],
    )
    sector = SelectField("Sektor", [required("Prosimy wybrać sektor.")], choices=[])
    internal = RadioField(
        "Położenie",
        choices=options(PLACES, PLACE_HINTS),
        default="1",
    )
    natural_person = BooleanField(
        "To osoba fizyczna, na przykład lider społeczny",
        description="Kod nadany osobie to jej dana osobowa: nie pojawi się w żadnym publicznym raporcie.",
    )
    stakeholder_type = RadioField("Typ ustawowy", choices=options(TYPES, TYPE_HINTS), default="")
    address = StringField(
        "Adres",
        [at_most(300), NoControlCharacters()],
        description="Potrzebny tylko do listów z zaproszeniem.",
        filters=[one_line],
    )
    usefulness = TextAreaField(
        "Przydatność",
        [at_most(2000), NoControlCharacters()],
        description="Co może wnieść do programów reintegracji społecznej i zawodowej.",
        filters=[many_lines],
    )
    spheres = Checkboxes("Sfery, w których działa", choices=[])
    joined_on = Day("W katalogu od", description="Puste: od dziś.")
    note = TextAreaField("Uwagi", [at_most(2000), NoControlCharacters()], filters=[many_lines])
    contact_name = StringField("Osoba do kontaktu", [at_most(200), NoControlCharacters()], filters=[one_line])
    contact_email = EmailField("E-mail do kontaktu", [at_most(254)], filters=[one_line])
    contact_phone = StringField(
        "Telefon do kontaktu", [at_most(40), NoControlCharacters()], filters=[one_line]
    )

    def offer(self, sectors: Mapping[str, str], spheres: Mapping[str, str]) -> None:
        """The sectors are the gmina's, the spheres those of document 000."""
        self.sector.choices = options([("", "– wybierz –"), *sectors.items()])
        self.spheres.choices = options(spheres.items())


class LeavingForm(StaffForm):
    """Fault places of the use case are `left_on` and `reason`."""

    left_on = Day("Dzień odejścia", description="Puste: dziś.")
    reason = StringField(
        "Powód",
        [at_most(300), NoControlCharacters()],
        description="Na przykład: zakończyła działalność. Bez danych osobowych.",
        filters=[one_line],
    )


class ReturnForm(StaffForm):
    joined_on = Day("W katalogu znów od", description="Puste: od dziś.")


class ContributionForm(StaffForm):
    """A resource that the stakeholder declares."""

    resource = RadioField("Rodzaj wkładu", choices=[], validators=[required("Prosimy wybrać rodzaj wkładu.")])
    description = TextAreaField(
        "Co to jest",
        [required("Prosimy opisać wkład."), at_most(1000), NoControlCharacters()],
        description="Na przykład: sala na zajęcia w środy po południu.",
        filters=[many_lines],
    )
    declared_on = Day("Dzień deklaracji", [required("Prosimy podać dzień.")])

    def offer(self, resources: Mapping[str, str]) -> None:
        self.resource.choices = options(resources.items())


class RefusalForm(StaffForm):
    """That the stakeholder will not take part."""

    description = TextAreaField(
        "Kto i jak odmówił",
        [required("Prosimy opisać odmowę."), at_most(1000), NoControlCharacters()],
        description="Na przykład: prezes, w rozmowie telefonicznej; powód, który podał.",
        filters=[many_lines],
    )
    declared_on = Day("Dzień odmowy", [required("Prosimy podać dzień.")])


class WithdrawalForm(StaffForm):
    withdrawn_on = Day("Dzień wycofania", [required("Prosimy podać dzień.")])


class OwnSectorForm(StaffForm):
    label = StringField(
        "Nazwa sektora",
        [required("Prosimy podać nazwę."), at_most(100), NoControlCharacters()],
        filters=[one_line],
    )
    counts_as = SelectField(
        "Liczy się jako",
        [required("Prosimy wybrać sektor.")],
        choices=[],
        description="W ankiecie, w wykresach i w porównaniach gmin wpisy z tego sektora liczą się w tym sektorze.",
    )

    def offer(self, standard: Mapping[str, str]) -> None:
        self.counts_as.choices = options([("", "– wybierz –"), *standard.items()])
