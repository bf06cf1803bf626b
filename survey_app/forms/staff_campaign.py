"""Forms of a campaign: the draft, the move of its end, the clearing of an open text."""

from __future__ import annotations

from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from survey_app.forms.staff_fields import (
    MomentField,
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    one_line,
    options,
    required,
)

NOTICE_LENGTH = 20_000
MODES = (("anonymous", "anonimowa"), ("named", "imienna"))
MODE_HINTS = {
    "anonymous": "Nikt nie może powiązać odpowiedzi z instytucją.",
    "named": "Odpowiedzi są czytane razem z nazwą instytucji; ankieta mówi o tym na początku.",
}
ACCESS = (("invitations", "zaproszenia"), ("open_link", "otwarty adres"))
ACCESS_HINTS = {
    "invitations": "Jednorazowe kody dla instytucji z katalogu. Wiadomo, ilu było zaproszonych.",
    "open_link": "Adres, kod QR i plakat dla każdego – bez kontroli liczby odpowiedzi.",
}


class CampaignForm(StaffForm):
    """Names of fields are those of `CampaignDraft`; `seen`: the mark of the draft that the page began from."""

    seen = HiddenField(default="")
    title = StringField(
        "Tytuł kampanii",
        [required("Prosimy podać tytuł."), at_most(200), NoControlCharacters()],
        description="Widzą go respondenci i czytelnicy diagnozy, np. „Ankieta instytucji, jesień 2026”.",
        filters=[one_line],
    )
    mode = RadioField("Tryb", choices=options(MODES, MODE_HINTS), default="anonymous")
    access = RadioField("Dostęp", choices=options(ACCESS, ACCESS_HINTS), default="invitations")
    opens_at = MomentField("Początek")
    closes_at = MomentField("Koniec")
    grace_minutes = IntegerField(
        "Czas na dosłanie po końcu (w minutach)",
        [
            InputRequired("Prosimy podać liczbę minut; może być 0."),
            NumberRange(0, 1440, "Czas na dosłanie: od 0 do 1440 minut."),
        ],
        description="Kto zaczął przed końcem, zdąży wysłać. Zwykle wystarcza 30 minut.",
        default=30,
    )
    k = IntegerField(
        "Najmniejsza pokazywana grupa",
        [
            InputRequired("Prosimy podać liczbę."),
            NumberRange(3, 20, "Najmniejsza pokazywana grupa: od 3 do 20."),
        ],
        description="Grupa mniejsza niż ta liczba (od 3 do 20) nie jest pokazywana osobno. Jeśli odpowiedzi będzie "
        "mniej niż 15, lepiej wybrać 5: wyniki dotyczą wtedy zwykle całej gminy. Przy 3 mała grupa może sprawić, że "
        "trzeba będzie ukryć także wynik całej gminy.",
        default=3,
    )
    notice = TextAreaField(
        "Informacja o przetwarzaniu danych (art. 13 RODO)",
        [required("Prosimy wpisać informację."), at_most(NOTICE_LENGTH), NoControlCharacters()],
        description="To szablon: miejsca w nawiasach kwadratowych prosimy zastąpić własnym tekstem.",
        filters=[many_lines],
    )

    def validate_closes_at(self, field: MomentField) -> None:
        if self.opens_at.data and field.data and field.data <= self.opens_at.data:
            raise ValidationError("Koniec musi być późniejszy niż początek.")


class EndForm(StaffForm):
    """A new end of a campaign that is open."""

    closes_at = MomentField("Nowy koniec")


class ClearTextForm(StaffForm):
    """What may be shown of a free text."""

    cleared_text = TextAreaField(
        "Tekst do pokazania",
        [
            required("Prosimy zostawić tekst albo wybrać „Nie pokazuj”."),
            at_most(10_000),
            NoControlCharacters(),
        ],
        description="Nazwiska, nazwy i wszystko, co wskazuje osobę, prosimy zastąpić znakami […].",
        filters=[many_lines],
    )
