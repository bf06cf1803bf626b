"""An answer is acknowledged only when it is safe: asked of the live database, not of what was meant to be set."""

from __future__ import annotations

from survey_app.errors import ConfigurationError
from survey_app.services.context import Context


def require_durable(context: Context) -> None:
    """Raises ConfigurationError, naming the settings, where a power cut could take what had been acknowledged."""
    unsafe = context.database.unsafe_settings()
    if not unsafe:
        return
    where = "w pliku bazy SQLite" if context.database.is_sqlite else "na serwerze PostgreSQL"
    mend = "" if context.database.is_sqlite else " Włącz je (on) w postgresql.conf i przeładuj serwer."
    raise ConfigurationError(
        f"Baza danych mogłaby przy braku prądu zgubić przyjętą odpowiedź, więc serwis nie przyjmuje odpowiedzi."
        f" Ustawienia {where}: {', '.join(unsafe)}.{mend}"
    )
