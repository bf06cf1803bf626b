"""The service with one line of its settings weakened: what the tests of a power cut have to notice."""

from __future__ import annotations

import sys

from survey_app.store import database
from survey_app.web.app import create_app
from survey_app.web.server import serve_app

if __name__ == "__main__":
    database.SQLITE_SETTINGS = tuple(
        one.replace("synchronous=FULL", "synchronous=NORMAL") for one in database.SQLITE_SETTINGS
    )
    database.POSTGRES_SETTING = "SELECT 1"
    port, workers = int(sys.argv[2]), int(sys.argv[4])
    serve_app(create_app(), "127.0.0.1", port, workers)
