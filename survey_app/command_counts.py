"""`survey-app counts`: the counts that gminas send up to powiat, województwo and country."""

from __future__ import annotations

import click

from survey_app.command_context import full_context
from survey_app.command_words import PolishGroup, gmina_code


@click.group("counts", cls=PolishGroup)
def counts() -> None:
    """Przechowywane liczby gmin, z których powstają zestawienia regionów."""


@counts.command("rebuild")
@click.argument("gmina", type=gmina_code, required=False)
@click.option("--check", "only_check", is_flag=True, help="Tylko porównaj; niczego nie zmieniaj.")
def rebuild(gmina: str | None, only_check: bool) -> None:
    """Policz je jeszcze raz z odpowiedzi i z tur kodowania: jednej gminy GMINA albo wszystkich.

    Wymienia, co się różniło; samych liczb nie pokazuje, bo niektóre z nich gmina musi ukrywać.
    """
    from survey_app import polish
    from survey_app.services.rollup.rebuild import rebuild as count_again

    done = count_again(full_context(), gmina, only_check=only_check)
    for one in done.differences:
        click.echo(f"{one.gmina}, {one.of}: {', '.join(one.what)}")
    campaigns = polish.counted(
        done.campaigns, "zablokowana kampania", "zablokowane kampanie", "zablokowanych kampanii"
    )
    codings = polish.counted(done.codings, "gmina z kodowaniem", "gminy z kodowaniem", "gmin z kodowaniem")
    click.echo(f"Policzono: {campaigns}, {codings}.")
    if not done.differences:
        click.echo("Przechowywane liczby są takie same.")
    elif only_check:
        click.echo("Różnice są wymienione wyżej; niczego nie zmieniono.")
    else:
        click.echo("To, co wymieniono wyżej, różniło się i zostało zapisane od nowa.")
