"""Commands about accounts: for the first administrator, and for one who locked themselves out."""

from __future__ import annotations

import click

from survey_app.command_context import full_context, typed_password
from survey_app.command_words import PolishGroup, WrongUse, gmina_code


@click.group(cls=PolishGroup)
def user() -> None:
    """Konta osób z zespołu."""


@user.command("create")
@click.argument("email")
@click.option("--name", prompt="Imię i nazwisko", help="Imię i nazwisko.")
@click.option("--administrator", is_flag=True, help="Administrator serwisu.")
@click.option(
    "--coordinator-of",
    type=gmina_code,
    metavar="GMINA",
    help="Koordynator zespołu gminy (kod TERYT, 6 albo 7 cyfr).",
)
def user_create(email: str, name: str, administrator: bool, coordinator_of: str | None) -> None:
    """Załóż konto; hasło jest czytane z klawiatury albo ze standardowego wejścia."""
    from survey_app.services.accounts import create_user

    if not administrator and not coordinator_of:
        raise WrongUse("Podaj --administrator albo --coordinator-of GMINA.")
    create_user(
        full_context(),
        email,
        name,
        typed_password("Hasło (co najmniej 12 znaków): "),
        administrator=administrator,
        coordinator_of=coordinator_of,
    )
    click.echo(f"Konto {email} jest gotowe.")


@user.command("link")
@click.argument("email", metavar="E-MAIL")
@click.option("--reset-factor", is_flag=True, help="Wyzeruj też drugi składnik (zgubiony telefon i kody).")
def user_link(email: str, reset_factor: bool) -> None:
    """Wydaj odnośnik, którym osoba sama ustawi hasło; działa raz, przez 7 dni."""
    from survey_app.services import accounts
    from survey_app.services.signing_in import links, second_factor

    context = full_context()
    found = accounts.find_person(context, email)
    if found is None:
        raise WrongUse(f"Nie ma konta o adresie {email}.")
    if reset_factor and second_factor.state(context, found.id) is not None:
        second_factor.reset(context, found.id, None)
        click.echo("Drugi składnik jest wyzerowany, a sesje tej osoby zakończone.")
    click.echo(links.address(context, links.issue(context, found.id, None)))
