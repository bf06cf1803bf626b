"""`survey-app backup` and `survey-app restore`."""

from __future__ import annotations

from pathlib import Path

import click

from survey_app.command_context import bare_context, full_context, typed_password
from survey_app.command_files import READABLE
from survey_app.command_words import PolishCommand, WrongUse

SHORTEST_PASSPHRASE = 12
WRITABLE = click.Path(dir_okay=False, path_type=Path)
LEFT_OUT = (
    "Bez rejestru nie wiadomo, co usunięto po zrobieniu kopii: mogły wrócić słowa osób, które cofnęły zgodę (notatki,"
    " transkrypcje, cytaty), więc dane osobowe uczestników wywiadów i osoby kontaktowe z katalogu nie zostały"
    " przywrócone."
)


@click.command("backup", cls=PolishCommand)
@click.argument("file", type=WRITABLE)
@click.option("--encrypt", is_flag=True, help="Zaszyfruj kopię hasłem (z klawiatury albo z wejścia).")
def backup(file: Path, encrypt: bool) -> None:
    """Zapisz kopię zapasową bazy w nowym pliku; serwis może w tym czasie działać.

    W kopii nie ma kluczy (KEY_FOLDERS) ani tajnego klucza sesji.
    """
    from survey_app import polish
    from survey_app.services.backup import backup as make

    context = full_context()
    done = make(context, file, _new_passphrase() if encrypt else None)
    rows = polish.counted(done.rows, "wiersz", "wiersze", "wierszy")
    tables = polish.counted(done.tables, "tabeli", "tabel", "tabel")
    click.echo(f"Zapisano {file}: {rows} z {tables}, {_megabytes(done.size)}.")
    click.echo(f"Suma kontrolna (SHA-256 treści): {done.checksum}")
    if not encrypt:
        click.echo("Kopia nie jest zaszyfrowana: są w niej dane osobowe. Do szyfrowania służy --encrypt.")


@click.command("restore", cls=PolishCommand)
@click.argument("file", type=READABLE)
@click.option(
    "--without-ledger",
    is_flag=True,
    help="Gdy przepadł rejestr usuniętych danych: przywróć bez danych osobowych uczestników i osób kontaktowych.",
)
def restore(file: Path, without_ledger: bool) -> None:
    """Przywróć kopię zapasową do pustej bazy (bez „db upgrade”).

    Najpierw sprawdza cały plik. To, co usunięto po zrobieniu kopii, usuwa ponownie według rejestru z KEY_FOLDERS.
    """
    from survey_app import polish
    from survey_app.services.backup_file import look_at
    from survey_app.services.restore import restore as load

    passphrase = None
    if look_at(file).sealed is not None:
        passphrase = typed_password("Hasło do kopii: ", twice=False)
    done = load(bare_context(), file, passphrase, without_ledger=without_ledger)
    rows = polish.counted(done.rows, "wiersz", "wiersze", "wierszy")
    click.echo(f"Przywrócono kopię z {polish.moment(done.made_at)}: {rows}.")
    if without_ledger:
        click.echo(LEFT_OUT)
    elif done.forgotten:
        click.echo(f"Usunięto ponownie to, co było usunięte już po zrobieniu kopii: {done.forgotten}.")
    for line in done.warnings:
        click.echo(line)


def _new_passphrase() -> str:
    typed = typed_password(f"Hasło do kopii (co najmniej {SHORTEST_PASSPHRASE} znaków): ")
    if len(typed) < SHORTEST_PASSPHRASE:
        raise WrongUse(f"Hasło do kopii musi mieć co najmniej {SHORTEST_PASSPHRASE} znaków.")
    return typed


def _megabytes(size: int) -> str:
    from survey_app import polish

    return f"{polish.decimal(max(size / 1_000_000, 0.1))}{polish.NBSP}MB"
