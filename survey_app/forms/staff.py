"""Forms of staff accounts and of the administrator."""

from __future__ import annotations

from wtforms import EmailField, PasswordField, SelectField, StringField, ValidationError

from survey_app.forms.staff_fields import NoControlCharacters, StaffForm, at_most, one_line, options, required

PASSWORD_HINT = "Co najmniej 12 znaków. Dobrze sprawdza się kilka różnych słów."  # noqa: S105  (words, not a password)


class LoginForm(StaffForm):
    email = EmailField(
        "Adres e-mail",
        [required("Prosimy podać adres e-mail."), at_most(254)],
        filters=[lambda text: (text or "").strip()],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        "Hasło",
        [required("Prosimy podać hasło.")],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(StaffForm):
    """A code of the second factor, or a recovery code."""

    code = StringField(
        "Kod",
        [required("Prosimy wpisać kod."), at_most(40)],
        description="Sześć cyfr z aplikacji w telefonie albo jeden z kodów zapasowych.",
        filters=[one_line],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )


class NewPasswordForm(StaffForm):
    """A password chosen by a link, or in place of an old one; the fault place of the use case is `new`."""

    new = PasswordField(
        "Nowe hasło",
        [required("Prosimy podać nowe hasło.")],
        description=PASSWORD_HINT,
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "Nowe hasło jeszcze raz",
        [required("Prosimy powtórzyć nowe hasło.")],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.new.data:
            raise ValidationError("Hasła różnią się. Prosimy wpisać nowe hasło dwa razy tak samo.")


class PasswordForm(NewPasswordForm):
    """Change of one's own password; fault places of the use case are `old` and `new`."""

    old = PasswordField(
        "Obecne hasło",
        [required("Prosimy podać obecne hasło.")],
        render_kw={"autocomplete": "current-password"},
    )


class OwnPasswordForm(StaffForm):
    """The password once more, before something that lets its holder in later."""

    password = PasswordField(
        "Obecne hasło",
        [required("Prosimy podać obecne hasło.")],
        render_kw={"autocomplete": "current-password"},
    )


class NameForm(StaffForm):
    """What a person is called on the pages."""

    name = StringField(
        "Imię i nazwisko",
        [required("Prosimy podać imię i nazwisko."), at_most(200), NoControlCharacters()],
        filters=[one_line],
    )


class UserForm(NameForm):
    """A new account with a role."""

    email = EmailField(
        "Adres e-mail",
        [required("Prosimy podać adres e-mail."), at_most(254)],
        description="Służy do logowania.",
        filters=[lambda text: (text or "").strip()],
    )
    role = SelectField(
        "Rola",
        choices=options(
            [("coordinator", "koordynator zespołu gminy"), ("administrator", "administrator serwisu")]
        ),
    )
    gmina_code = StringField(
        "Kod gminy koordynatora",
        [at_most(7)],
        description="Sześć cyfr kodu TERYT. Administrator serwisu nie potrzebuje gminy.",
        filters=[one_line],
    )

    def validate_gmina_code(self, field: StringField) -> None:
        if self.role.data == "coordinator" and not field.data:
            raise ValidationError("Prosimy podać kod gminy, której zespół ta osoba poprowadzi.")


class GminaForm(StaffForm):
    """A gmina added by hand, without the register's file."""

    teryt7 = StringField(
        "Kod TERYT gminy",
        [required("Prosimy podać kod TERYT.")],
        description="Siedem cyfr: sześć cyfr gminy i cyfra rodzaju (1 miejska, 2 wiejska, 3 miejsko-wiejska).",
        filters=[one_line],
        render_kw={"inputmode": "numeric"},
    )
    name = StringField("Nazwa gminy", [required("Prosimy podać nazwę."), at_most(100)], filters=[one_line])
    powiat_name = StringField("Powiat", [required("Prosimy podać powiat."), at_most(100)], filters=[one_line])
    wojewodztwo_name = StringField(
        "Województwo", [required("Prosimy podać województwo."), at_most(100)], filters=[one_line]
    )


class TeamForm(StaffForm):
    """A team's first coordinator."""

    name = StringField(
        "Imię i nazwisko koordynatora",
        [required("Prosimy podać imię i nazwisko."), at_most(200), NoControlCharacters()],
        filters=[one_line],
    )
    email = EmailField(
        "Adres e-mail koordynatora",
        [required("Prosimy podać adres e-mail."), at_most(254)],
        description="Nowa osoba dostanie odnośnik, którym sama ustawi hasło. Kto ma już konto, loguje się jak dotąd.",
        filters=[lambda text: (text or "").strip()],
    )
