"""What the command line's own machinery says, in Polish: headings of the help, and what was typed wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import click

HEADINGS: Mapping[str, str] = {"Options": "Opcje", "Commands": "Polecenia"}
PLACEHOLDERS: Mapping[str, str] = {
    "OPTIONS": "OPCJE",
    "COMMAND": "POLECENIE",
    "ARGS": "ARGUMENTY",
    "INTEGER RANGE": "LICZBA",
    "TEXT": "TEKST",
    "FILES": "PLIK",
    "FILE": "PLIK",
    "DIRECTORY": "KATALOG",
    "CAMPAIGN": "KAMPANIA",
    "EMAIL": "E-MAIL",
}
SENTENCES: Mapping[str, str] = {
    "Show this message and exit.": "Pokaż tę pomoc i zakończ.",
    "[default: ": "[domyślnie: ",
    "; required]": "; wymagane]",
    "[required]": "[wymagane]",
}
_PLACEHOLDER = re.compile(r"\b(" + "|".join(PLACEHOLDERS) + r")\b")


class PolishFormatter(click.HelpFormatter):
    """The help as click lays it out, with Polish headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, _placeholders(args), prefix or "Użycie: ")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(HEADINGS.get(name, name)):
            yield

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        told = [(_placeholders(first), _sentences(second)) for first, second in rows]
        super().write_dl(told, col_max, col_spacing)


class PolishContext(click.Context):
    formatter_class = PolishFormatter


class PolishCommand(click.Command):
    context_class = PolishContext


class PolishGroup(click.Group):
    context_class = PolishContext
    command_class = PolishCommand


PolishGroup.group_class = PolishGroup


class WrongUse(click.UsageError):
    """Wrong use that this service explains itself, in Polish."""


def gmina_code(typed: str) -> str:
    """A gmina by its TERYT code: six digits, or all seven (the last one, the kind, may change and names nothing)."""
    code = typed.strip()
    return code[:6] if len(code) == len("0605043") and code.isdecimal() else code


def wrong_use(error: click.UsageError) -> str:
    """What was typed wrongly, and where the help is."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    lines = [f"Błąd: {_fault(error)}"]
    if error.ctx is not None:
        lines += [error.ctx.get_usage(), f"Pomoc: {error.ctx.command_path} --help"]
    return "\n".join(lines)


def _fault(error: click.UsageError) -> str:
    if isinstance(error, WrongUse):
        return error.message
    if isinstance(error, click.NoSuchOption):
        return f"Nie ma opcji {error.option_name}.{_perhaps(error.possibilities)}"
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"Nie ma polecenia „{error.command_name}”.{_perhaps(error.possibilities)}"
    if isinstance(error, click.BadOptionUsage):
        return f"Opcja {error.option_name} potrzebuje wartości albo jej nie przyjmuje."
    if isinstance(error, click.MissingParameter):
        wanted = "" if isinstance(error.param and error.param.type, click.Path) else _expected(error.param)
        return f"Brakuje: {_name(error.param)}. {wanted}".strip()
    if isinstance(error, click.BadParameter):
        return f"Zła wartość: {_name(error.param)}. {_expected(error.param)}".strip()
    return "Polecenie jest niepełne albo ma za dużo argumentów."


def _perhaps(possibilities: Sequence[str] | None) -> str:
    return f" Może chodzi o: {', '.join(sorted(possibilities))}?" if possibilities else ""


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "argument"
    return (
        parameter.opts[-1]
        if isinstance(parameter, click.Option)
        else _placeholders(parameter.human_readable_name)
    )


def _expected(parameter: click.Parameter | None) -> str:
    kind = parameter.type if parameter else None
    if isinstance(kind, click.IntRange):
        return f"Potrzebna liczba całkowita od {kind.min} do {kind.max}."
    if isinstance(kind, click.Choice):
        return f"Do wyboru: {', '.join(kind.choices)}."
    if isinstance(kind, click.Path):
        if not kind.file_okay:
            return "Potrzebny katalog."
        return (
            "Nie ma takiego pliku albo nie można go odczytać."
            if kind.exists
            else "Nie można zapisać takiego pliku."
        )
    return ""


def _placeholders(text: str) -> str:
    return _PLACEHOLDER.sub(lambda found: PLACEHOLDERS[found[1]], text)


def _sentences(text: str) -> str:
    for english, polish in SENTENCES.items():
        text = text.replace(english, polish)
    return text
