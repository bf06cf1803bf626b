"""The command line: `survey-app`. Help and errors in plain words; exit status 0, 1 (failed), 2 (wrong use).

What a command needs is imported inside it, so that the help appears at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey_app.command_backup import backup, restore
from survey_app.command_context import bare_context, full_context
from survey_app.command_counts import counts
from survey_app.command_files import READABLE, new_secret_file, write_or_print
from survey_app.command_keys import keys
from survey_app.command_records import records
from survey_app.command_user import user
from survey_app.command_words import PolishGroup, WrongUse, gmina_code, wrong_use
from survey_app.errors import (
    ConflictError,
    InvalidInputError,
    SurveyError,
    UnavailableError,
)

if TYPE_CHECKING:
    from survey_app.services.context import Context

WRITABLE = click.Path(dir_okay=False, writable=True, path_type=Path)

PACKAGE = Path(__file__).resolve().parent
FAILED, WRONG_USE = 1, 2


class PlainErrors(PolishGroup):
    """The one edge where an error becomes a sentence on stderr and an exit status."""

    def main(self, *args: Any, **more: Any) -> Any:
        try:
            status = super().main(*args, **{**more, "standalone_mode": False})
        except click.UsageError as error:
            status = _refused(wrong_use(error), status=WRONG_USE)
        except click.Abort:
            status = _refused("Przerwano.")
        except SurveyError as error:
            status = _refused(*_told(error))
        except OSError as error:
            status = _refused(
                f"Błąd: nie można użyć „{error.filename or 'pliku'}”: {error.strerror or error}."
            )
        except Exception as error:
            # Its message may hold an answer or a token; its kind and place may be shown to anyone.
            status = _refused(f"Błąd programu: {type(error).__name__} ({_place(error)}). Prosimy go zgłosić.")
        sys.exit(status if isinstance(status, int) else 0)


def _refused(*lines: str, status: int = FAILED) -> int:
    """Says why on stderr; returns the exit status."""
    for line in lines:
        click.echo(line, err=True)
    return status


def _told(error: SurveyError) -> list[str]:
    """The sentence, and each fault that it does not hold already."""
    lines = [f"Błąd: {error.message}"]
    if isinstance(error, InvalidInputError):
        lines += [f"  {fault}" for fault in error.faults if fault.message not in error.message]
    if isinstance(error, UnavailableError) and error.__cause__ is not None:
        reason = getattr(error.__cause__, "orig", None) or error.__cause__
        lines.append(f"  Powód: {str(reason).splitlines()[0]}")
    return lines


def _place(error: Exception) -> str:
    """The innermost line of this service that the error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(PACKAGE)]
    return (
        f"{Path(own[-1].filename).relative_to(PACKAGE.parent)}:{own[-1].lineno}" if own else "poza programem"
    )


@click.group(cls=PlainErrors, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Diagnoza lokalna: ankieta, wyniki i diagnoza gminy dla Zespołu Synergii Lokalnej."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adres, na którym serwis nasłuchuje.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Numer portu.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Liczba procesów.")
def serve(host: str, port: int, workers: int) -> None:
    """Uruchom serwis (gunicorn)."""
    from survey_app.config import Settings
    from survey_app.web.server import run

    click.echo(f"Uruchamianie pod http://{host}:{port}/ (zatrzymanie: Ctrl+C)")
    if Settings.from_environment().public_url is None:
        click.echo("Uwaga: bez ustawienia PUBLIC_URL nie otworzy się żadna prawdziwa kampania.")
    run(host, port, workers)


@main.command()
@click.option("--once", is_flag=True, help="Wykonaj zaległe prace i zakończ.")
@click.option(
    "--every", default=60, show_default=True, type=click.IntRange(5, 3600), help="Co ile sekund sprawdzać."
)
def worker(once: bool, every: int) -> None:
    """Prace w tle: dokończenie przerwanych blokad, dzienne liczniki, sprzątanie."""
    from survey_app.log_lines import JSON, tell_of_work
    from survey_app.services.housekeeping import run_forever, run_once

    context = full_context()
    tell: Callable[[str], None] = click.echo
    if context.settings.log_format == JSON:
        tell = tell_of_work
    for line in run_once(context) if once else run_forever(context, every):
        tell(line)


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Numer portu.")
@click.option("--no-serve", is_flag=True, help="Przygotuj dane i PDF, ale nie uruchamiaj serwisu.")
def demo(port: int, no_serve: bool) -> None:
    """Wypełnij przykładową gminę, zapisz jej diagnozę w PDF i uruchom serwis."""
    from survey_app.services.demo.fill import fill

    os.environ.setdefault("SECOND_FACTOR", "optional")  # the example's passwords are printed anyway
    base = f"http://127.0.0.1:{port}"
    if not no_serve:
        from survey_app.web.server import refuse_taken_port, run

        refuse_taken_port("127.0.0.1", port)
    for line in fill(bare_context()).lines(base):
        click.echo(line)
    if not no_serve:
        run("127.0.0.1", port, 2)


@main.group()
def db() -> None:
    """Baza danych."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Załóż bazę albo doprowadź ją do bieżącej wersji."""
    from survey_app.services.gminas import seed_pilot_gminas
    from survey_app.services.library.items import add_first_acts
    from survey_app.services.schema import current, upgrade

    context = bare_context()
    upgrade(context)
    seed_pilot_gminas(context)
    add_first_acts(context)
    click.echo(f"Baza jest w wersji {current(context)}.")


@main.group()
def teryt() -> None:
    """Rejestr gmin TERYT."""


@teryt.command("import")
@click.argument("file", type=READABLE)
def teryt_import(file: Path) -> None:
    """Wczytaj plik TERC z GUS (średniki, UTF-8); nowszy plik uzupełnia starszy."""
    from survey_app.services.import_teryt import import_register

    report = import_register(full_context(), file)
    click.echo(
        f"Gminy w rejestrze: {report.total}. Dodane: {report.added}, zmiana rodzaju: {report.changed_kind},"
        f" zmiana nazwy: {report.renamed}, wykreślone z rejestru: {report.vanished}."
    )


@main.group()
def catalogue() -> None:
    """Gminny Katalog Interesariuszy."""


@catalogue.command("import")
@click.argument("gmina", type=gmina_code)
@click.argument("file", type=READABLE)
def catalogue_import(gmina: str, file: Path) -> None:
    """Wczytaj katalog z pliku CSV albo XLSX; GMINA to kod TERYT (6 albo 7 cyfr)."""
    from survey_app.services.register.import_catalogue import read_file, save
    from survey_app.services.register.sectors import catalogue_sectors

    context = full_context()
    sectors = catalogue_sectors(context, gmina)
    report = save(context, gmina, read_file(file.name, file.read_bytes(), sectors), actor=None)
    click.echo(f"Dodane: {report.added}, zmienione: {report.updated}, bez zmian: {report.unchanged}.")


@main.group()
def instrument() -> None:
    """Definicje narzędzi (ankieta i inne)."""


@instrument.command("check")
@click.argument("files", nargs=-1, required=True, type=READABLE)
def instrument_check(files: tuple[Path, ...]) -> None:
    """Sprawdź pliki definicji i pokaż wszystkie błędy naraz."""
    from survey_app.services.check_instruments import check_files

    results = check_files(files)
    for path, faults in results:
        click.echo(f"{path}: {'bez błędów' if not faults else f'błędy: {len(faults)}'}")
        for fault in faults:
            click.echo(f"  {fault}")
    if any(faults for _, faults in results):
        sys.exit(1)


@instrument.command("to-xlsform")
@click.argument("file", type=READABLE)
@click.option("--out", required=True, type=WRITABLE, help="Plik XLSX na formularz.")
def instrument_to_xlsform(file: Path, out: Path) -> None:
    """Zapisz definicję jako XLSForm (KoboToolbox, ODK) i pokaż, czego nie da się przenieść."""
    from survey_app.services.xlsform.files import export_file

    left = export_file(file, out)
    click.echo(f"Zapisano {out}.")
    _tell_left(left)


@instrument.command("from-xlsform")
@click.argument("file", type=READABLE)
@click.option(
    "--out", required=True, type=WRITABLE, help="Plik YAML na definicję; jego nazwa jest jej kluczem."
)
def instrument_from_xlsform(file: Path, out: Path) -> None:
    """Zrób definicję z XLSForm i pokaż, czego nie da się przenieść. Istniejącego pliku nie nadpisuje."""
    from survey_app.services.xlsform.files import import_file

    imported = import_file(file, out)
    click.echo(f"Zapisano {out}. Pytania: {len(imported.instrument.questions)}.")
    _tell_left(imported.left)


def _tell_left(left: Sequence[object]) -> None:
    if left:
        click.echo("Nie przeniesiono:")
    for one in left:
        click.echo(f"  {one}")


@main.group()
def campaign() -> None:
    """Kampanie: otwarcie, zamknięcie, blokada, stan. CAMPAIGN to identyfikator z adresu ankiety."""


def _campaign_command(name: str, help_text: str) -> Callable[[Callable[[Context, int], None]], click.Command]:
    """A command that looks its campaign up by the public id before it acts."""

    def decorate(act: Callable[[Context, int], None]) -> click.Command:
        @campaign.command(name, help=help_text)
        @click.argument("campaign_id", metavar="CAMPAIGN")
        def command(campaign_id: str) -> None:
            from survey_app.services.survey.campaigns import by_public_id

            context = full_context()
            act(context, by_public_id(context, campaign_id).id)

        return command

    return decorate


@campaign.command("open")
@click.argument("campaign_id", metavar="CAMPAIGN")
@click.option("--codes", type=WRITABLE, help="Plik CSV na jednorazowe kody (tylko kampania z zaproszeniami).")
def campaign_open(campaign_id: str, codes: Path | None) -> None:
    """Otwórz kampanię CAMPAIGN; kody zaproszeń są wypisywane tylko raz."""
    from survey_app.services.survey.campaigns import by_public_id, open_campaign
    from survey_app.services.survey.invitation_files import codes_csv

    context = full_context()
    found = by_public_id(context, campaign_id)
    if found.access == "invitations" and codes is None:
        raise WrongUse("Kampania z zaproszeniami wymaga --codes PLIK: kody są wypisywane tylko raz.")
    if codes is None:
        open_campaign(context, found.id, actor=None)
    else:
        with new_secret_file(codes) as file:
            issued = open_campaign(context, found.id, actor=None)
            file.write(codes_csv(issued))
        click.echo(f"Zapisano kody ({len(issued)}) w pliku {codes}. Nie ma ich nigdzie indziej.")
    click.echo("Kampania jest otwarta.")


@_campaign_command("close", "Zamknij kampanię CAMPAIGN przed terminem.")
def campaign_close(context: Context, campaign_id: int) -> None:
    from survey_app.services.survey.campaigns import close_now

    close_now(context, campaign_id, actor=None)
    click.echo("Kampania jest zamknięta; po czasie na dosłanie można ją zablokować.")


@_campaign_command("lock", "Zablokuj kampanię CAMPAIGN: od tej chwili są wyniki i nic się nie zmienia.")
def campaign_lock(context: Context, campaign_id: int) -> None:
    from survey_app.services.survey.campaigns import lock_campaign

    lock_campaign(context, campaign_id, actor=None)
    click.echo("Kampania jest zablokowana; wyniki są gotowe.")


@_campaign_command("status", "Pokaż stan kampanii CAMPAIGN.")
def campaign_status(context: Context, campaign_id: int) -> None:
    from survey_app.services.survey.campaigns import status_lines

    for line in status_lines(context, campaign_id):
        click.echo(line)


@main.group("coding")
def coding_group() -> None:
    """Kodowanie interesariuszy: plik gminy i zestawienie kilku gmin."""


@coding_group.command("export")
@click.argument("gmina", type=gmina_code)
@click.option("--out", type=WRITABLE, help="Plik CSV do zapisania; bez niego wynik trafia na ekran.")
def coding_export(gmina: str, out: Path | None) -> None:
    """Zapisz liczby z zamkniętych tur gminy.

    Same liczby, bez nazw interesariuszy; GMINA to kod TERYT (6 albo 7 cyfr).
    """
    from survey_app.services import gminas
    from survey_app.services.coding.coding_history import history
    from survey_app.services.coding.gminas_table import coding_file

    context = full_context()
    described, rounds = gminas.describe(context, gmina), history(context, gmina)
    if not rounds.rounds:
        raise ConflictError(f"Gmina {described.name} nie ma jeszcze zamkniętej tury kodowania.")
    write_or_print(coding_file(rounds, described), out)


@coding_group.command("table")
@click.argument("files", nargs=-1, required=True, type=READABLE)
@click.option("--out", type=WRITABLE, help="Plik CSV albo XLSX; bez niego tabela trafia na ekran.")
def coding_table(files: tuple[Path, ...], out: Path | None) -> None:
    """Zestaw kilka gmin obok siebie z ich plików (efekt animacji)."""
    from survey_app.services.coding import gminas_table
    from survey_app.services.coding.gminas_table_file import table_csv, table_lines, table_xlsx

    if out is not None and out.suffix.lower() not in (".csv", ".xlsx"):
        raise WrongUse("Plik z --out musi mieć końcówkę .csv albo .xlsx.")
    frame, faults = gminas_table.read_files([(file.name, file.read_bytes()) for file in files])
    if faults:
        raise InvalidInputError("Nie zrobiono zestawienia: w plikach są błędy.", faults)
    table = gminas_table.table(frame)
    if out is None:
        click.echo("\n".join(table_lines(table)))
    else:
        write_or_print(table_xlsx(table) if out.suffix.lower() == ".xlsx" else table_csv(table), out)


@main.command("export")
@click.argument("gmina", type=gmina_code)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Katalog na pliki."
)
@click.option(
    "--only",
    "kinds",
    multiple=True,
    type=click.Choice(["csv", "xlsx", "sav", "parquet"]),
    help="Tylko te pliki (można podać kilka razy). Sam csv nie potrzebuje wiele pamięci, choćby odpowiedzi był milion.",
)
def export(gmina: str, out: Path, kinds: tuple[str, ...]) -> None:
    """Zapisz dane zablokowanych kampanii gminy GMINA: CSV, XLSX, SPSS z opisem DDI i, jeśli jest pyarrow, Parquet."""
    from survey_app.services.survey.export_folder import KINDS, export_folder

    for path in export_folder(full_context(), gmina, out, kinds or KINDS):
        click.echo(f"Zapisano {path}")


@main.command()
@click.argument("gmina", type=gmina_code)
@click.option("--edition", type=click.Choice(["public", "internal"]), required=True, help="Wydanie raportu.")
@click.option("--out", type=WRITABLE, required=True, help="Plik do zapisania: PDF, DOCX, XLSX albo ZIP.")
@click.option("--campaign", "campaign_id", help="Identyfikator kampanii; bez niego ostatnia zablokowana.")
def report(gmina: str, edition: str, out: Path, campaign_id: str | None) -> None:
    """Zapisz diagnozę gminy GMINA: raport w PDF albo DOCX, tabele w XLSX, pakiet danych w ZIP.

    Gdy gmina nie ma zablokowanej kampanii, a ma zamkniętą turę kodowania, powstaje raport z samego kodowania.
    """
    from survey_app.analysis.edition import Edition
    from survey_app.services.coding import coding_results
    from survey_app.services.survey.build_diagnoza import pdf_of_gmina, rests_on_coding_alone
    from survey_app.services.survey.export_diagnoza import ENDINGS, file_of_gmina

    context, ending = full_context(), out.suffix.lower()
    if ending in ENDINGS:
        out.write_bytes(file_of_gmina(context, gmina, Edition(edition), campaign_id, ending))
    elif campaign_id is None and rests_on_coding_alone(context, gmina):
        out.write_bytes(coding_results.pdf(context, gmina, Edition(edition), actor=None))
        words = "Ta gmina nie ma zablokowanej kampanii, więc to raport z samego kodowania, a nie diagnoza."
        click.echo(words, err=True)
    else:
        out.write_bytes(pdf_of_gmina(context, gmina, edition, campaign_id))
    click.echo(f"Zapisano {out}")


@main.command()
@click.argument("code", metavar="KOD")
@click.option("--out", type=WRITABLE, required=True, help="Plik do zapisania: PDF, DOCX, XLSX albo CSV.")
@click.option(
    "--ankieta", "instrument_key", help="Klucz ankiety; bez niego ta, z której jest najwięcej kampanii."
)
def rollup(code: str, out: Path, instrument_key: str | None) -> None:
    """Zapisz zestawienie gmin powiatu (4 cyfry), województwa (2 cyfry) albo kraju (PL).

    O tym, co powstaje, decyduje końcówka pliku: raport w PDF albo DOCX, jego tabele w XLSX, liczby w CSV.
    """
    from survey_app.services.rollup.region_files import FILES
    from survey_app.services.rollup.region_report import report as region_report

    make = FILES.get(out.suffix.lower())
    if make is None:
        raise WrongUse("Plik z --out musi mieć końcówkę .pdf, .docx, .xlsx albo .csv.")
    out.write_bytes(make(region_report(full_context(), code.strip().upper(), instrument_key)))
    click.echo(f"Zapisano {out}")


@main.group("trace")
def trace_group() -> None:
    """Ślad: kto, co i kiedy zrobił."""


@trace_group.command("check")
@click.argument("gmina", type=gmina_code, required=False)
def trace_check(gmina: str | None) -> None:
    """Sprawdź, czy nikt nie zmienił ani nie usunął wpisów: jednej gminy GMINA albo wszystkich."""
    from survey_app.services.trace import check_all

    states = check_all(full_context(), gmina)
    for state in states:
        click.echo(state.sentence)
    if any(state.broken for state in states):
        raise ConflictError("Ślad był zmieniany poza serwisem. Wpisy wymienione wyżej nie są wiarygodne.")


main.add_command(backup)
main.add_command(restore)
main.add_command(counts)
main.add_command(records)
main.add_command(user)
main.add_command(keys)

if __name__ == "__main__":
    main()
