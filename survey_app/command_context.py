"""What commands begin with: the service that they work on, and a password that nobody else sees."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING

import click

from survey_app.command_words import WrongUse

if TYPE_CHECKING:
    from survey_app.services.context import Context


def bare_context() -> Context:
    """The service, whatever state its tables are in."""
    from survey_app.config import Settings
    from survey_app.security import forbid_core_dumps
    from survey_app.services.context import Context

    forbid_core_dumps()
    context = Context.from_settings(Settings.from_environment())
    click.get_current_context().call_on_close(context.database.dispose)
    return context


def full_context() -> Context:
    """The service with the tables that this program needs; says what to run when they are not there."""
    from survey_app.services.schema import require_current

    context = bare_context()
    require_current(context)
    return context


def typed_password(question: str, *, twice: bool = True) -> str:
    """Typed twice at a terminal; one line of standard input otherwise (never an argument: those are visible)."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass(question)
    if twice and first != getpass.getpass("Powtórz hasło: "):
        raise WrongUse("Hasła różnią się.")
    return first
