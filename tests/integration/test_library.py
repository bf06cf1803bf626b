"""Biblioteczka: who reads what, what is found, what the pages say, and what is left of what was withdrawn."""

from __future__ import annotations

import datetime as dt
import io
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from survey_app.config import Settings
from survey_app.errors import ConfigurationError, ConflictError, InvalidInputError, NotFoundError
from survey_app.services import accounts, gminas, housekeeping, trace
from survey_app.services.context import Context
from survey_app.services.library import items, link_probe, links, search, words
from survey_app.services.library.items import ItemDraft, Scope
from survey_app.services.library.search import Asked
from survey_app.services.personal_data import accounts_data
from survey_app.services.rollup import regions
from survey_app.web.app import create_app
from tests.example_files import a_pdf
from tests.integration.staff import GMINA, OTHER_GMINA, PASSWORD, people, staff
from tests.statements import asked as statements
from tests.stores import Clock

NEAR = Scope(gmina="060203")  # in GMINA's województwo
FAR = Scope(gmina="280301")  # in another
OWN = Scope(gmina=GMINA)
LUBELSKIE = Scope(region="06")
COUNTRY = Scope(region="PL")
EVERYBODY = Scope()
TEXT = "Jak zakładano spółdzielni socjalnych kilka."
PANEL = f"/panel/{GMINA}/biblioteczka"
REFERENCE = "Dz.U. 2003 nr 122 poz. 1143"


def a_text(title: str, text: str = TEXT, **more: object) -> ItemDraft:
    return ItemDraft("document", title, "own", file_name="a.txt", content=text.encode(), **more)  # type: ignore[arg-type]


def titles(context: Context, scope: Scope, text: str = "", **more: str) -> list[str]:
    return [hit.item.title for hit in search.search(context, scope, Asked(text, **more)).hits]


def test_each_reads_what_is_their_own_and_what_was_shared_with_them(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    for owner, shared, open_to_all in (
        (OWN, "own", False),
        (OWN, "region", False),
        (OWN, "country", False),
        (OWN, "own", True),
        (LUBELSKIE, "region", False),
        (LUBELSKIE, "own", False),
        (COUNTRY, "country", False),
    ):
        name = f"{owner.gmina or owner.region} {shared}{' open' if open_to_all else ''}"
        items.add(context, owner, a_text(name, name, shared=shared, open_to_all=open_to_all), None)
    ours = {f"{GMINA} {end}" for end in ("own", "region", "country", "own open")}
    common = {f"{GMINA} country", f"{GMINA} own open", "PL country"}
    near = common | {f"{GMINA} region", "06 region"}
    assert set(titles(context, OWN)) == ours | near
    assert set(titles(context, NEAR)) == near
    assert set(titles(context, LUBELSKIE)) == near | {"06 own"}
    assert set(titles(context, FAR)) == set(titles(context, COUNTRY)) == common
    assert titles(context, EVERYBODY) == [f"{GMINA} own open"]
    assert titles(context, NEAR, owner="country") == ["PL country"]
    assert set(titles(context, NEAR, owner="region")) == {"06 region"}


def test_a_word_is_found_in_any_form_and_the_title_before_the_text(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    inside = items.add(context, OWN, a_text("Poradnik"), None)
    items.add(context, OWN, a_text("Spółdzielnie socjalne", "Nic."), None)
    items.add(context, OWN, a_text("Samo socjalne", "Nic o tym."), None)
    for asked in ("spółdzielnie socjalne", "SPOLDZIELNIE socjalna", "o spółdzielniach socjalnych"):
        assert titles(context, OWN, asked) == ["Spółdzielnie socjalne", "Poradnik"], asked
    assert titles(context, OWN, "spółdzielnie warszawskie") == []
    (hit,) = search.search(context, OWN, Asked("kilku zakładać")).hits
    assert [piece.text for piece in hit.piece if piece.found] == ["zakładano", "kilka"]
    items.change(context, OWN, inside.id, replace(a_text("Poradnik"), content=b"Inny tekst."), None)
    assert titles(context, OWN, "spółdzielnie") == ["Spółdzielnie socjalne"]
    assert titles(context, OWN, "inne teksty") == ["Poradnik"]


def test_what_is_withdrawn_loses_all_but_its_title(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    told = {"description": "Opis", "url": "https://przyklad.pl/jan-lipa"}
    kept = items.add(context, OWN, a_text("Poradnik", open_to_all=True, **told), None)
    with pytest.raises(NotFoundError):
        items.withdraw(context, NEAR, kept.id, None)  # read by them, and not theirs
    items.withdraw(context, OWN, kept.id, None)
    link = ItemDraft("link", "Strona", "own", url="https://przyklad.pl/ewa-lipa")
    items.withdraw(context, OWN, items.add(context, OWN, link, None).id, None)
    for read in (items.item, items.file_of, items.withdraw):
        with pytest.raises(NotFoundError):
            read(context, OWN, kept.id, *((None,) if read is items.withdraw else ()))
    with context.database.connection() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM library_word").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM library_file").scalar() == 0
        rows = connection.exec_driver_sql(
            "SELECT title, description, url, open_to_all FROM library_item ORDER BY id"
        ).all()
        assert [tuple(row) for row in rows] == [
            ("Poradnik", "", "", False),
            ("Strona", "", "about:blank", False),
        ]
        left = connection.exec_driver_sql("SELECT action, detail FROM audit_event ORDER BY place").all()
    assert [tuple(one) for one in left if one[1] == "Poradnik"] == [
        ("library_added", "Poradnik"),
        ("library_opened", "Poradnik"),
        ("library_withdrawn", "Poradnik"),
    ]
    assert next(line.words for line in trace.page(context, GMINA)) == "wycofanie z biblioteczki"


def test_the_administrators_copy_for_a_person_tells_no_titles_of_a_teams_own(sqlite_context: Context) -> None:
    people(sqlite_context)
    jan = accounts.find_person(sqlite_context, "jan@example.org").id  # type: ignore[union-attr]
    items.add(sqlite_context, OWN, a_text("Notatka o Lipowej"), jan)
    own, administrators = (
        str(accounts_data.export_person(sqlite_context, jan, team=team)) for team in (True, False)
    )
    assert "Notatka o Lipowej" in own
    assert "Notatka o Lipowej" not in administrators


def test_one_file_that_is_sent_twice_at_once_is_one_item(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    for scope in (OWN, LUBELSKIE):
        both = threading.Barrier(2)
        made: list[int] = []

        def send(scope: Scope = scope, both: threading.Barrier = both, made: list[int] = made) -> None:
            both.wait()
            made.append(items.add(context, scope, a_text("Poradnik"), None).id)

        senders = [threading.Thread(target=send) for _ in range(2)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert len(made) == 2
        assert len(set(made)) == 1
    with pytest.raises(ConflictError, match="pod tytułem „Poradnik”"):
        items.add(context, OWN, a_text("Inny tytuł"), None)


def test_nobody_waits_while_the_words_of_a_long_file_are_looked_up(
    sqlite_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite there is one writer: what takes seconds must not be done as that."""
    context = sqlite_context
    gminas.seed_pilot_gminas(context)
    look_up, saved = words.weighed, []

    def slowly(*texts: str) -> dict[str, int]:
        with context.database.transaction() as session:
            session.execute(text("SELECT 1"))
            saved.append(texts[0])
        return look_up(*texts)

    monkeypatch.setattr(words, "weighed", slowly)
    made = items.add(context, OWN, a_text("Poradnik"), None)
    items.change(context, OWN, made.id, replace(a_text("Nowy"), file_name="", content=b""), None)
    assert saved == ["Poradnik", "Nowy"]
    assert titles(context, OWN, "spółdzielnia nowa") == ["Nowy"]


def test_the_acts_of_the_sources_come_once_with_what_changed_them(context: Context) -> None:
    assert items.add_first_acts(context) == 4
    assert items.add_first_acts(context) == 0
    (act,) = [hit.item for hit in search.search(context, EVERYBODY, Asked("promocja zatrudnienia")).hits]
    assert (act.as_of, act.outdated_since) == (dt.date(2014, 10, 15), dt.date(2025, 6, 1))
    assert "Dz.U. 2025 poz. 620" in act.outdated_by
    items.withdraw(context, COUNTRY, act.id, None)
    assert items.add_first_acts(context) == 0  # what the administrator took away stays away
    assert len(titles(context, EVERYBODY, owner="country")) == 3


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"title": " \u200b "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"licence": ""}, "licence"),
        ({"licence": "link"}, "licence"),
        ({"licence": "permission-open"}, "licence_note"),
        ({"licence": "unknown", "open_to_all": True}, "open_to_all"),
        ({"category": "nic"}, "category"),
        ({"shared": "wszyscy"}, "shared"),
        ({"law_reference": ""}, "law_reference"),
        ({"as_of": None}, "as_of"),
        ({"as_of": dt.date(2027, 1, 1)}, "as_of"),
        ({"outdated_since": dt.date(2026, 1, 1)}, "outdated_by"),
        ({"outdated_by": "nowa ustawa"}, "outdated_since"),
        ({"outdated_since": dt.date(2000, 1, 1), "outdated_by": "nowa ustawa"}, "outdated_since"),
        ({"url": "http://127.0.0.1/"}, "url"),
        ({"url": "isap.sejm.gov.pl"}, "url"),
        ({"url": "https://example.org/a b"}, "url"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    sqlite_context: Context, changed: dict[str, object], where: str
) -> None:
    act = ItemDraft("act", "Ustawa", "official", law_reference=REFERENCE, as_of=dt.date(2014, 1, 1))
    with pytest.raises(InvalidInputError) as refused:
        items.add(sqlite_context, COUNTRY, replace(act, **changed), None)  # type: ignore[arg-type]
    assert [fault.where for fault in refused.value.faults] == [where]


def test_the_worker_asks_addresses_and_says_which_are_dead(context: Context, clock: Clock) -> None:
    asked: list[str] = []

    def ask(url: str) -> bool:
        asked.append(url)
        if "prywatny" in url:
            raise link_probe.RefusedAddressError(url)
        return "martwy" not in url

    for name in ("zywy", "martwy", "prywatny"):
        link = ItemDraft("link", name, "link", url=f"https://{name}.example.org/")
        items.add(context, COUNTRY, link, None)
    assert links.check_due(context, ask) == []  # of the service's own: not before the next day
    clock.advance(days=2)
    assert links.check_due(context, ask) == ["Sprawdzono odnośniki biblioteczki: 3, bez odpowiedzi: 2."]
    found = {hit.item.title: hit.item.link_answers for hit in search.search(context, COUNTRY, Asked()).hits}
    assert found == {"zywy": True, "martwy": False, "prywatny": None}
    assert links.check_due(context, ask) == []
    (dead,) = [hit.item for hit in search.search(context, COUNTRY, Asked("martwy")).hits]
    items.ask_link_again(context, COUNTRY, dead.id, None)
    assert len(links.check_due(context, ask)) == 1
    clock.advance(days=links.EVERY_DAYS + 1)
    assert len(links.check_due(context, ask)) == 1
    assert len(asked) == 3 + 1 + 3


def test_where_there_is_no_way_out_nobody_is_asked_and_pages_say_so(
    sqlite_context: Context, tmp_path: Path
) -> None:
    def ask(url: str) -> bool:
        raise AssertionError(url)

    link = ItemDraft("link", "ROPS", "link", url="https://rops.example.org/", open_to_all=True)
    person = accounts.create_user(sqlite_context, "rops@example.org", "Róża Rops", PASSWORD).id
    number = items.add(sqlite_context, COUNTRY, link, person).id
    said = "Ta instalacja serwisu nie sprawdza, czy adresy odpowiadają"
    for value, known in (("off", False), ("on", True)):
        chosen = Settings.from_environment({"SURVEY_VAR": str(tmp_path), "LINK_CHECKS": value})
        settings = replace(sqlite_context.settings, link_checks=chosen.link_checks)
        context = replace(sqlite_context, settings=settings)
        page = create_app(context=context).test_client().get(f"/biblioteczka/{number}").text
        assert (said in page) is not known
        if known:
            with pytest.raises(AssertionError, match=r"rops\.example"):
                links.check_due(context, ask)
        else:
            assert links.check_due(context, ask) == []
            with pytest.raises(ConflictError, match="nie sprawdza adresów"):
                items.ask_link_again(context, COUNTRY, number, person)
    with pytest.raises(ConfigurationError, match="LINK_CHECKS"):
        Settings.from_environment({"SURVEY_VAR": str(tmp_path), "LINK_CHECKS": "nie"})


# Pages ---------------------------------------------------------------------------------------------------------------


def form(**changed: object) -> dict[str, object]:
    typed: dict[str, object] = {"title": "Poradnik „KIS”", "licence": "own", "shared": "own", "url": ""}
    return typed | {"content": (io.BytesIO(a_pdf("Reintegration")), "„x” 😀\u202e.exe")} | changed


def item_id(response: TestResponse) -> int:
    assert response.status_code == 303, response.text
    return int(response.location.rpartition("/")[2])


def test_what_servers_elsewhere_do_keeps_no_other_work_of_the_worker(
    sqlite_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order of arrival goes from the log beside the file, however a link's check ends."""
    gminas.seed_pilot_gminas(sqlite_context)
    log = sqlite_context.settings.var / "survey.sqlite3-wal"
    left: list[int] = []

    def stuck(_context: Context) -> list[str]:
        left.append(log.stat().st_size)
        raise RuntimeError

    monkeypatch.setattr(links, "check_due", stuck)
    assert log.stat().st_size
    with pytest.raises(RuntimeError):
        housekeeping.run_once(sqlite_context)
    assert left == [0]


def test_a_member_adds_a_coordinator_opens_and_everybody_reads(app: Flask) -> None:
    jan, anna, nobody = staff(app, "jan@example.org"), staff(app, "anna@example.org"), staff(app)
    assert "Biblioteczka jest jeszcze pusta" in nobody.get("/biblioteczka")
    assert "Biblioteczka jest jeszcze pusta" in jan.get(PANEL)
    jan.get(f"{PANEL}/nowa/dokument")
    # Sharing is not the member's to decide, whatever the request says.
    sent = jan.send(f"{PANEL}/nowa/dokument", form(shared="country", open_to_all="y"))
    number = item_id(sent)
    page = jan.get(f"{PANEL}/{number}")
    assert "kończy się teraz na .pdf zamiast .exe" in page
    assert "W panelu: tylko nasz zespół" in page
    assert "Zmienia i wycofuje koordynator" in page
    assert nobody.client.get(f"/biblioteczka/{number}").status_code == 404
    other = f"/panel/{OTHER_GMINA}/biblioteczka/{number}"
    for address in (other, f"{other}/plik", f"{other}/zmiana", f"{other}/wycofanie"):
        staff(app, "obca@example.org").get(address, 404)
    anna.get(f"{PANEL}/{number}/zmiana")
    opened = anna.send(f"{PANEL}/{number}/zmiana", form(open_to_all="y", content=(io.BytesIO(), "")))
    assert item_id(opened) == number
    assert "Poradnik „KIS”" in nobody.get("/biblioteczka?szukaj=reintegration")
    assert nobody.get(f"/biblioteczka/{number}").count("<h1>") == 1
    file = nobody.client.get(f"/biblioteczka/{number}/plik")
    assert file.data == a_pdf("Reintegration")
    assert file.mimetype == "application/pdf"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Disposition"].startswith('attachment; filename="x.pdf"')
    anna.get(f"{PANEL}/{number}/wycofanie")
    anna.send(f"{PANEL}/{number}/wycofanie")
    assert nobody.client.get(f"/biblioteczka/{number}").status_code == 404
    assert nobody.client.get(f"/biblioteczka/{number}/plik").status_code == 404


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"licence": "permission", "licence_note": "Jan, dziś", "open_to_all": "y"},
            "Zgoda obejmuje tylko zespoły",
        ),
        ({"content": (io.BytesIO(b"\x89PNG\r\n\x1a\n\x00"), "a.pdf")}, "Przyjmujemy tylko pliki"),
        ({"content": (io.BytesIO(b"x\x81"), "a.txt")}, "w kodowaniu UTF-8"),
        ({"content": (io.BytesIO("Błąd 404".encode()), "Uchwała.PDF")}, "Nazwa pliku kończy się na .pdf"),
        ({"content": (io.BytesIO(), "")}, "Prosimy wybrać plik"),
        ({"as_of": "31.02.2026"}, "Nie ma takiego dnia"),
        ({"licence": ""}, "Prosimy wybrać licencję"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(app: Flask, changed: dict[str, object], words: str) -> None:
    anna = staff(app, "anna@example.org")
    anna.get(f"{PANEL}/nowa/dokument")
    refused = anna.send(f"{PANEL}/nowa/dokument", form(description="Długi opis", **changed))
    assert refused.status_code == 422
    assert "Pozycja nie jest zapisana" in refused.text
    assert words in refused.text
    assert "Długi opis" in refused.text
    assert "Biblioteczka jest jeszcze pusta" in anna.get(PANEL)


def test_all_that_is_wrong_with_a_form_is_said_at_once(app: Flask) -> None:
    """Faults of the form and of the use case, each beside its field and each with a way there from the summary."""
    anna = staff(app, "anna@example.org")
    anna.get(f"{PANEL}/nowa/dokument")
    wrong = {"title": " ", "licence": "", "content": (io.BytesIO(), ""), "url": "nie", "as_of": "31.02.2026"}
    page = anna.send(f"{PANEL}/nowa/dokument", form(outdated_by="ustawa", **wrong)).text
    summary = page[page.index('class="summary"') : page.index("<form", page.index('class="summary"'))]
    linked = re.findall(r'href="#([^"]+)"', summary)
    assert sorted(linked) == ["as_of", "content", "licence", "outdated_since", "title", "url"]
    for place in linked:
        assert f'id="{place}-error"' in page
    assert ">Stan na dzień: nie ma takiego dnia." in summary, "there are two days: which one?"
    assert ">Prosimy wpisać tytuł.<" in summary
    number = item_id(anna.send(f"{PANEL}/nowa/dokument", form()))
    page = anna.send(f"{PANEL}/{number}/zmiana", form(**wrong | {"content": (io.BytesIO(), "")})).text
    assert "Prosimy wpisać tytuł" in page
    assert "Prosimy wybrać licencję" in page
    assert "Prosimy wybrać plik" not in page, "it has one"


def test_a_scan_is_kept_and_said_to_be_found_by_its_title_alone(app: Flask) -> None:
    anna = staff(app, "anna@example.org")
    anna.get(f"{PANEL}/nowa/dokument")
    number = item_id(anna.send(f"{PANEL}/nowa/dokument", form(content=(io.BytesIO(a_pdf(" ")), "skan.pdf"))))
    page = anna.get(f"{PANEL}/{number}")
    assert page.count("nie dało się odczytać tekstu") == 2  # said once now, and always beside the file
    assert "Poradnik" in anna.get(f"{PANEL}?szukaj=poradniki")


def test_a_link_is_asked_by_the_worker_and_not_by_a_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    anna, context = staff(app, "anna@example.org"), app.extensions["context"]
    anna.get(f"{PANEL}/nowa/odnosnik")
    typed = {"title": "Strona", "licence": "link", "shared": "own", "url": "https://martwa.example.org/"}
    number = item_id(anna.send(f"{PANEL}/nowa/odnosnik", typed))
    assert "Jeszcze nie sprawdzono" in anna.get(f"{PANEL}/{number}")
    monkeypatch.setattr(link_probe, "resolved", lambda *_: ["127.0.0.1"])
    housekeeping.run_once(context)
    assert "to nie jest publiczny adres" in anna.get(f"{PANEL}/{number}")
    monkeypatch.setattr(link_probe, "resolved", lambda *_: (_ for _ in ()).throw(OSError()))
    anna.send(f"{PANEL}/{number}/sprawdzenie")
    housekeeping.run_once(context)
    assert "<strong>Nie odpowiada</strong> (sprawdzono 2 listopada 2026)" in anna.get(f"{PANEL}/{number}")


def test_a_region_and_the_administrator_keep_their_own(app: Flask) -> None:
    context, admin = app.extensions["context"], staff(app, "admin@example.org")
    accounts.create_user(context, "rops@example.org", "Róża Rops", PASSWORD)
    regions.appoint(context, "rops@example.org", "Róża Rops", "06", None)
    region, reader = "/panel/region/06/biblioteczka", staff(app, "rops@example.org")
    act = {"title": "Ustawa", "licence": "official", "law_reference": REFERENCE, "as_of": "15.10.2014"}
    admin.get("/panel/admin/biblioteczka/nowa/akt")
    sent = admin.send("/panel/admin/biblioteczka/nowa/akt", act | {"shared": "country", "open_to_all": "y"})
    number = item_id(sent)
    admin.get(f"/panel/admin/biblioteczka/{number}/zmiana")
    changes = {"outdated_since": "2025-06-01", "outdated_by": "nowa ustawa", "shared": "country"}
    admin.send(f"/panel/admin/biblioteczka/{number}/zmiana", act | changes)
    for page in (staff(app, "jan@example.org").get(PANEL), reader.get(region)):
        assert "Stan prawny na 15 października 2014; <strong>nieaktualne od 1 czerwca 2025</strong>" in page
    reader.get(f"{region}/{number}/zmiana", 404)
    reader.get(f"{region}/nowa/odnosnik")
    link = {"title": "ROPS", "licence": "link", "shared": "region", "url": "https://rops.example.org/"}
    own = item_id(reader.send(f"{region}/nowa/odnosnik", link))
    assert "województwo lubelskie" in staff(app, "jan@example.org").get(f"{PANEL}/{own}")
    admin.get(f"/panel/admin/biblioteczka/{own}", 404)


def test_a_page_of_many_asks_the_store_as_often_as_one_of_few(app: Flask) -> None:
    context, jan = app.extensions["context"], staff(app, "jan@example.org")
    for number in range(25):
        items.add(context, OWN, a_text(f"Poradnik {number}", f"Tekst {number}", open_to_all=True), None)
    ceilings = {
        f"{PANEL}?szukaj=tekst": 10,
        f"{PANEL}/1": 9,
        "/biblioteczka?szukaj=tekst": 6,
        "/biblioteczka/1": 5,
    }
    for page, most in ceilings.items():
        with statements(context) as seen:
            assert jan.client.get(page).status_code == 200
        assert len(seen) <= most, page
    assert "Strona 2 z 2" in jan.get(f"{PANEL}?szukaj=tekst&strona=2")
    assert "Strona 2 z 2" in jan.get(f"{PANEL}?strona=99999")
    for signs in ("%25", "%F0%9F%98%80", "…%20-"):
        for address in (PANEL, "/biblioteczka"):
            page = jan.get(f"{address}?szukaj={signs}")
            assert "Nie ma czego szukać" in page
            assert "Poradnik" not in page
    page = jan.get(f"{PANEL}?szukaj=tekst+{5000 * 'a'}")
    assert "Szukamy tylko pierwszych 200 znaków" in page
    assert "Nic tu nie pasuje" in page
    assert "Nic tu nie pasuje" in jan.get(
        f"{PANEL}?szukaj=%00%F0%9F%98%80+zzz&rodzaj=inny&kategoria=x&czyje=y"
    )
