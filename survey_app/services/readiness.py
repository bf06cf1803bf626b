"""Whether this process can serve just now: its store, the version of the tables, the places of the private keys."""

from __future__ import annotations

import os
from pathlib import Path

from survey_app.services import schema
from survey_app.services.context import Context


def is_ready(context: Context) -> bool:
    """Never raises: whatever goes wrong while it is asked is a no."""
    try:
        return schema.serves(schema.current(context)) and _keys_in_reach(context.settings.key_folders)
    except Exception:
        return False


def _keys_in_reach(folders: tuple[Path, Path]) -> bool:
    """Both places, as the service needs them. Neither is there before the first key: they are made with it."""
    if not any(folder.exists() for folder in folders):
        return True
    return all(folder.is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK) for folder in folders)
