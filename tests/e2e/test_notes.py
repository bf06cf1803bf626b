"""The pages after an interview in a real browser: read over, settled, locked, transcripts; on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.store import notes as note_store
from survey_app.web.app import create_app
from tests.coding_rows import id_of
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people
from tests.interview_kit import agree, held, write
from tests.stores import Clock

pytestmark = pytest.mark.browser

MODERATOR = "lucja@example.org"
LONG = "Ośrodek od trzech lat prowadzi wspólnie z bankiem i szkołą punkt porad dla rodzin. " * 3


@pytest.fixture
def address(sqlite_context: Context, clock: Clock) -> Iterator[str]:
    """An FGI of six with notes, of which one was written twice at the same time."""
    people(sqlite_context)
    accounts.create_user(sqlite_context, MODERATOR, "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    talk = held(sqlite_context, "fgi", 6, id_of(sqlite_context, MODERATOR))
    agree(sqlite_context, talk, {"A": (True, True), "B": (True, False), "C": (False, None)})
    first = write(sqlite_context, talk, "g1_1", "A", LONG, second=60)
    write(sqlite_context, talk, "g1_1", "B", "مرحبا 👩\u200d🌾 Nie wiem.", quotation=True, second=70)
    with sqlite_context.database.transaction() as session:
        note_store.put(
            session,
            "f" * 32,
            talk.id,
            question_id="g1_1",
            seat_id=first.seat_id,
            text=LONG + "Trudno było z pieniędzmi.",
            quotation=False,
            second=61,
            variant_of=first.id,
            writer="e" * 32,
            changed_at=clock(),
        )
        item = {"mark": "asked", "seconds": 0, "writer": "a" * 32, "writer_change": 1}
        note_store.put_progress(session, talk.id, "g1_1", **item)
        note_store.put_progress(session, talk.id, "part:otwarcie", **{**item, "mark": "", "seconds": 615})
    clock.advance(hours=5)
    with serving(create_app(context=sqlite_context)) as served:
        yield f"{served}|{first.id}"


def test_notes_are_settled_locked_and_changed(visitor: Visitor, address: str) -> None:
    served, note_id = address.split("|")
    base = f"{served}/panel/{GMINA}/wywiady/1/notatki"
    page = visitor.page(base, account=(MODERATOR, PASSWORD))
    expect(page.get_by_role("link", name="Porównaj i wybierz")).to_be_visible()
    look(page, "notes")
    for path in ("/nowa?pytanie=g1_1", f"/{note_id}", f"/{note_id}/usuniecie"):
        page.goto(base + path)
        look(page, f"notes{path.replace('/', '-').partition('?')[0][:8]}")
    page.goto(f"{base}/{note_id}/wersje")
    page.get_by_role("button", name="Zapisz wybór").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "notes-settling")
    page.get_by_label("wersja druga").check()
    page.get_by_role("button", name="Zapisz wybór").click()
    page.get_by_role("button", name="Zamknij jako wersję 1").click()
    expect(page.get_by_text("wersja 1 jest aktualna")).to_be_visible()
    page.goto(f"{base}/nowa")
    page.get_by_label("Pytanie").select_option("g1_2")
    page.get_by_label("B: ", exact=False).check()
    page.get_by_label("Notatka").fill("Dopisane wieczorem 👩\u200d🌾.")
    page.get_by_role("button", name="Zapisz notatkę").click()
    expect(page.get_by_text("zmiany po wersji 1")).to_be_visible()
    look(page, "notes-changed")
    page.goto(f"{base}/wersje/1")
    look(page, "notes-version")


def test_a_transcript_gets_letters_and_loses_lines(visitor: Visitor, address: str, tmp_path: Path) -> None:
    served = address.split("|", maxsplit=1)[0]
    base = f"{served}/panel/{GMINA}/wywiady/1/transkrypcje"
    page = visitor.page(base, account=(MODERATOR, PASSWORD))
    look(page, "transcripts-empty")
    file = tmp_path / "rozmowa.vtt"
    cues = ("<v Anna>Źródło i żółć.", "<v Anna>I dalej.", "C: Nie chcę.", "<v Jan>Ja też.", "<v Jan>Koniec.")
    times = [f"00:00:0{place}.000 --> 00:00:0{place}.900" for place in range(len(cues))]
    times[1] = "00:00:xx --> zaraz"
    body = "\n\n".join(f"{time}\n{cue}" for time, cue in zip(times, cues, strict=True))
    file.write_bytes(f"WEBVTT\n\n{body}\n".encode("cp1250"))
    page.get_by_label("Plik z transkrypcją").set_input_files(file)
    page.get_by_role("button", name="Dalej: kto mówi").click()
    expect(page.get_by_text("Wiersz 6: nie da się odczytać czasów")).to_be_visible()
    page.get_by_role("button", name="Zapisz transkrypcję").click()
    expect(page.locator("#bledy")).to_be_visible()
    look(page, "transcript-speakers")
    page.get_by_label("„Anna”", exact=True).select_option("A")
    page.get_by_label("„Jan”", exact=True).select_option("bez-litery")
    page.get_by_role("button", name="Zapisz transkrypcję").click()
    expect(page.get_by_text("Transkrypcja nr 1 jest zapisana.")).to_be_visible()
    look(page, "transcripts")
    page.goto(f"{base}/1")
    look(page, "transcript")
    page.get_by_label("Od wiersza").fill("2")
    page.get_by_label("Do wiersza").fill("2")
    page.get_by_role("button", name="Pokaż, co zostanie wycięte").click()
    expect(page.get_by_role("button", name="Tak, wytnij")).to_be_visible()
    look(page, "transcript-cutting")
    page.get_by_role("button", name="Tak, wytnij").click()
    expect(page.get_by_role("button", name="Tak, wytnij")).to_have_count(0)
    expect(page.get_by_text("Źródło i żółć.")).to_be_visible()
    page.wait_for_load_state()  # to its last line
    expect(page.get_by_text("Ja też.")).to_have_count(0)
    page.goto(f"{base}/1/usuniecie")
    look(page, "transcript-removing")
