"""A search of the library among 5,000 documents, on SQLite and on PostgreSQL, beside plain LIKE over the same texts.

Each document has 400 words, some 250 of them different, drawn from those of this repository as unevenly as
words come in texts. LIKE is asked as people would have to: with the words as typed, so it misses every other form.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import results

DOCUMENTS = 5_000
WORDS = 400
TARGET = 100.0  # milliseconds
TIMES = 15
NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
GMINA = "060505"
SEARCHES = (
    "spółdzielnie socjalne",
    "gmina",
    "klub integracji społecznej w gminie",
    "spoldzielnie socjalne",
    "zespół i partnerstwo, praca z instytucjami",
)
ROOT = Path(__file__).parent.parent


def _vocabulary() -> list[str]:
    """Different words of the Polish texts here, the most frequent first."""
    counts: dict[str, int] = {}
    for folder, kind in (("instruments", "*.yml"), ("templates", "*.html"), ("survey_app", "*.py")):
        for path in sorted((ROOT / folder).rglob(kind)):
            for word in re.findall(r"[^\W\d_]{2,20}", path.read_text(encoding="utf-8")):
                counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], word))


def _texts() -> Iterator[str]:
    known, drawn = _vocabulary(), random.Random(7)
    weights = [1 / (place + 10) for place in range(len(known))]
    for number in range(DOCUMENTS):
        words = drawn.choices(known, weights, k=WORDS)
        if number % 100 == 0:
            words[WORDS // 2 : WORDS // 2] = ["spółdzielni", "socjalnych"]
        yield " ".join(words)


def main() -> None:
    for name, context in _stores():
        _measure(name, context)
        context.database.dispose()


def _stores() -> Iterator[tuple[str, object]]:
    from survey_app.services import gminas, schema
    from survey_app.services.context import Context
    from tests.stores import Cluster, find_programs, settings_for

    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        var = Path(folder) / "var"
        context = Context.from_settings(settings_for(var, f"sqlite:///{folder}/survey.sqlite3"))
        schema.upgrade(context)
        gminas.seed_pilot_gminas(context)
        yield "SQLite", context
    programs = find_programs()
    if programs is None:
        print("PostgreSQL: its programs are not on this machine")
        return
    cluster = Cluster.start(programs)
    try:
        with tempfile.TemporaryDirectory() as folder:
            context = Context.from_settings(settings_for(Path(folder), cluster.url(cluster.create())))
            gminas.seed_pilot_gminas(context)
            yield "PostgreSQL", context
    finally:
        cluster.stop()


def _measure(name: str, context: object) -> None:
    from survey_app.services.library import search
    from survey_app.services.library.items import Scope

    started = time.perf_counter()
    rows = _fill(context)
    print(
        f"{name}: {DOCUMENTS} documents, {rows} words of them kept, in {time.perf_counter() - started:.0f} s"
    )
    for text in SEARCHES:
        found = search.search(context, Scope(gmina=GMINA), search.Asked(text))
        ours = _milliseconds(lambda text=text: search.search(context, Scope(gmina=GMINA), search.Asked(text)))
        plain, hits = _like(context, text)
        print(f"  {text!r}: {ours:.1f} ms, {found.total} found; LIKE {plain:.1f} ms, {hits} found")
        results.note(f"{name}: {text}", ours, "ms", plain, "LIKE over all texts")
        if ours > TARGET:
            print(f"  over {TARGET:.0f} ms")


def _fill(context: object) -> int:
    from survey_app.services.library import words
    from survey_app.store import library

    kept = 0
    texts = _texts()
    for _ in range(DOCUMENTS // 250):
        with context.database.transaction() as session:
            for _ in range(250):
                text = next(texts)
                title = " ".join(text.split(" ", 6)[:6])
                item = library.add(
                    session,
                    library.Scope(gmina=GMINA),
                    kind="document",
                    title=title,
                    licence="own",
                    added_at=NOON,
                    changed_at=NOON,
                )
                content = text.encode()
                library.keep_file(
                    session,
                    item.id,
                    name="a.txt",
                    media_type="text/plain",
                    size=len(content),
                    sha256="0" * 64,
                    text=text,
                    content=content,
                )
                found = words.weighed(title, "", text)
                kept += len(found)
                library.keep_words(session, item.id, found)
    with context.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if context.database.is_sqlite else "VACUUM ANALYZE")
    return kept


def _like(context: object, text: str) -> tuple[float, int]:
    """Milliseconds, and how many it finds."""
    from sqlalchemy import text as sql

    words = [word.lower() for word in re.findall(r"[^\W\d_]{3,}", text)]
    rules = " AND ".join(f"lower(text) LIKE :w{n}" for n in range(len(words)))
    values = {f"w{n}": f"%{word}%" for n, word in enumerate(words)}

    def ask() -> int:
        with context.database.reading() as session:
            return session.scalar(sql(f"SELECT count(*) FROM library_file WHERE {rules}"), values)

    hits = ask()
    return _milliseconds(ask, 5), hits


def _milliseconds(ask: Callable[[], object], times: int = TIMES) -> float:
    """The median."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)
