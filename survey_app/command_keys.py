"""`survey-app keys`: the keys of those who spoke in interviews."""

from __future__ import annotations

import click

from survey_app.command_context import full_context
from survey_app.command_words import PolishGroup


@click.group("keys", cls=PolishGroup)
def keys() -> None:
    """Klucze do danych osobowych uczestników wywiadów."""


@keys.command("rotate")
def rotate() -> None:
    """Nadaj każdej osobie nowy klucz i zniszcz dotychczasowy; serwis może w tym czasie działać.

    Po przerwaniu wystarczy uruchomić polecenie jeszcze raz. Danych osobowych ze starszych kopii zapasowych nie da się
    potem otworzyć: od razu po tym poleceniu trzeba zrobić nową.
    """
    from survey_app import polish
    from survey_app.services.interviewing.rotate_keys import rotate as renew

    done = renew(full_context())
    people = polish.counted(done.renewed, "osoby", "osób", "osób")
    click.echo(f"Nowe klucze są nadane; dotyczy to {people}.")
    if done.lost:
        click.echo(
            f"UWAGA: danych osobowych nie da się otworzyć, bo nie ma ich kluczy w KEY_FOLDERS: {done.lost}."
        )
    if done.left:
        click.echo(
            f"UWAGA: dotychczasowych kluczy nie można teraz zniszczyć w obu miejscach: {done.left}. Prosimy sprawdzić"
            " KEY_FOLDERS i uruchomić polecenie jeszcze raz; próbuje także „worker”."
        )
    if done.renewed:
        click.echo("Prosimy od razu zrobić nową kopię zapasową (backup).")
