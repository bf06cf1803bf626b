"""The example region: who reads it, its message to the teams, and the published facts of the pilot in the country.

The country's panel has something to show only where enough gminas stand behind a number: two example gminas never do,
so what the pilot's report printed of its twenty is recorded too, with its source.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.rollup import import_records, messages, regions, releases

READER_EMAIL, READER_NAME = "region@przyklad.pl", "Czytelniczka Przykładowa"
REGION = "99"  # the województwo of the example gminas
SENT_BEFORE = dt.timedelta(days=6)
TITLE = "Spotkanie zespołów i wspólny termin diagnoz"
TEXT = """\
Dziękujemy za przesłane kody i ankiety. W pierwszym tygodniu grudnia zapraszamy po dwie osoby z każdego zespołu na
spotkanie w urzędzie marszałkowskim: pokażemy, co wynika z zestawienia województwa, i ustalimy wspólny termin diagnoz.
Prosimy przynieść pytania o Pakt i o to, jak rozmawiać z firmami. Wiadomość jest przykładowa."""
SOURCES = (
    ("pilot_zwolennicy.csv", "Raport z pilotażu (dokument 002), Tabele 1 i 2"),
    ("pilot_formy.csv", "Raport z pilotażu (dokument 002), Rys. 8"),
)


def is_there(context: Context) -> bool:
    """Is the last thing made?"""
    return accounts.find_person(context, READER_EMAIL) is not None and bool(messages.sent(context, REGION))


def fill(context: Context, shows_its_row: str, password: str) -> bool:
    """What is not there yet; was anything made? `shows_its_row`: the gmina whose team lets the region see it."""
    if is_there(context):
        return False
    reader = accounts.find_person(context, READER_EMAIL)
    if reader is None:
        reader = accounts.create_user(context, READER_EMAIL, READER_NAME, password)
    for code in (REGION, regions.COUNTRY):
        regions.appoint(context, READER_EMAIL, READER_NAME, code, None)
    recorded = {source for source, *_ in import_records.sources(context, regions.COUNTRY)}
    for name, source in SOURCES:
        if source not in recorded:
            content = Path(__file__).with_name(name).read_bytes()
            import_records.save(context, import_records.read_file(context, name, content), source, reader.id)
    releases.refresh_coding(context)  # what the worker does: the demo has none
    regions.show_row(context, shows_its_row, shows=True, actor=None)
    sent_at = context.clock() - SENT_BEFORE
    messages.send(replace(context, clock=lambda: sent_at), REGION, TITLE, TEXT, reader.id)
    return True
