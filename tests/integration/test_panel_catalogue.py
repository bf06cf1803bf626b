"""The catalogue as a coordinator keeps it on the pages."""

from __future__ import annotations

import io
import re
from urllib.parse import quote

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import event

from survey_app.services.context import Context
from survey_app.services.register import catalogue, declarations
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.store import catalogue as catalogue_rows
from survey_app.web.carried_file import pack, unpack
from tests.integration.staff import GMINA, OTHER_GMINA, Staff, staff

BASE = f"/panel/{GMINA}/katalog"
ENTRY = {
    "name": "Świetlica „Promyk” & Syn",
    "sector": "edukacja",
    "internal": "1",
    "stakeholder_type": "B",
    "address": "ul. Zamoyskiego 1",
    "contact_name": "Jan Kos",
    "contact_email": "jan@example.org",
}
GOOD = "Nazwa;Sektor;Wewnętrzny/zewnętrzny;Typ\r\nGOPS;pomoc społeczna;wewnętrzny;A\r\nBank;finanse;zewnętrzny;\r\n"
BAD = "Nazwa;Sektor;Wewnętrzny/zewnętrzny;Typ\r\nGOPS;pomoc spoleczna;wewn;Q\r\nBank;fynanse;tam;\r\n"


@pytest.fixture
def anna(app: Flask) -> Staff:
    return staff(app, "anna@example.org")


def names(context: Context, gmina: str = GMINA) -> list[str]:
    return [row.name for row in catalogue.stakeholders(context, gmina)]


def upload(anna: Staff, content: bytes, name: str = "katalog.csv") -> tuple[int, str]:
    anna.get(f"{BASE}/wczytaj")
    response = anna.send(f"{BASE}/wczytaj", {"plik": (io.BytesIO(content), name)})
    return response.status_code, response.text


def test_an_empty_catalogue_says_how_to_begin(anna: Staff) -> None:
    assert "Katalog jest jeszcze pusty" in anna.get(BASE)


def test_an_entry_is_typed_in_and_found_again(anna: Staff, sqlite_context: Context) -> None:
    assert anna.send(f"{BASE}/nowy", ENTRY).status_code == 302
    assert names(sqlite_context) == ["Świetlica „Promyk” & Syn"]
    assert "Świetlica „Promyk” &amp; Syn" in anna.get(f"{BASE}?szukaj=SWIETLICA")
    assert "Znaleziono 0 z 1" in anna.get(f"{BASE}?szukaj=swietlica&sektor=zdrowie")


def test_a_refused_entry_keeps_what_was_typed_and_says_what_is_wrong(
    anna: Staff, sqlite_context: Context
) -> None:
    response = anna.send(
        f"{BASE}/nowy", {**ENTRY, "name": "", "contact_email": "jan bez małpy", "note": "<b>uwaga</b>"}
    )
    assert response.status_code == 422
    assert "Prosimy podać nazwę" in response.text
    assert "ul. Zamoyskiego 1" in response.text
    assert "&lt;b&gt;uwaga" in response.text
    assert names(sqlite_context) == []
    response = anna.send(f"{BASE}/nowy", {**ENTRY, "contact_email": "jan bez małpy"})
    assert "To nie jest adres e-mail" in response.text


def test_the_same_name_twice_is_refused(anna: Staff, sqlite_context: Context) -> None:
    anna.send(f"{BASE}/nowy", ENTRY)
    response = anna.send(f"{BASE}/nowy", {**ENTRY, "name": "swietlica PROMYK & syn"})
    assert response.status_code == 422
    assert "jest już w katalogu" in response.text
    assert len(names(sqlite_context)) == 1


def test_an_entry_is_corrected_and_shows_what_it_holds(anna: Staff, sqlite_context: Context) -> None:
    anna.send(f"{BASE}/nowy", {**ENTRY, "internal": "0"})
    number = catalogue.stakeholders(sqlite_context, GMINA)[0].id
    page = anna.get(f"{BASE}/{number}/edycja")
    assert 'value="0" checked' in page
    assert 'value="jan@example.org"' in page
    anna.send(f"{BASE}/{number}/edycja", {**ENTRY, "address": "ul. Nowa 2"})
    changed = catalogue.stakeholder(sqlite_context, GMINA, number)
    assert (changed.address, changed.internal) == ("ul. Nowa 2", True)


def test_leaving_asks_first_and_deletes_the_contact(anna: Staff, sqlite_context: Context) -> None:
    anna.send(f"{BASE}/nowy", ENTRY)
    number = catalogue.stakeholders(sqlite_context, GMINA)[0].id
    assert "dane kontaktowe zostaną usunięte" in anna.get(f"{BASE}/{number}/odejscie")
    assert names(sqlite_context) != []
    anna.send(f"{BASE}/{number}/odejscie")
    assert names(sqlite_context) == []
    assert "jan@example.org" not in anna.get(f"{BASE}/{number}")


def test_a_number_in_the_address_opens_nobody_elses_entry(
    app: Flask, anna: Staff, sqlite_context: Context
) -> None:
    anna.send(f"{BASE}/nowy", ENTRY)
    number = catalogue.stakeholders(sqlite_context, GMINA)[0].id
    stranger = staff(app, "obca@example.org")
    stranger.get(f"/panel/{OTHER_GMINA}/katalog/{number}", expect=404)
    assert stranger.send(f"/panel/{OTHER_GMINA}/katalog/{number}/odejscie").status_code == 404
    assert len(names(sqlite_context)) == 1


def test_a_file_is_shown_first_and_saved_on_the_second_step(anna: Staff, sqlite_context: Context) -> None:
    status, page = upload(anna, GOOD.encode("cp1250"))
    assert status == 200
    assert "Wierszy do wczytania: 2" in page
    assert names(sqlite_context) == []
    carried = re.search(r'name="plik" value="([^"]+)"', page)
    assert carried is not None
    response = anna.send(f"{BASE}/wczytaj/zapisz", {"plik": carried[1]})
    assert response.status_code == 302
    assert names(sqlite_context) == ["Bank", "GOPS"]
    anna.send(f"{BASE}/wczytaj/zapisz", {"plik": carried[1]})
    assert names(sqlite_context) == ["Bank", "GOPS"], "a second import doubles nothing"


def test_every_faulty_row_is_shown_and_nothing_is_saved(anna: Staff, sqlite_context: Context) -> None:
    status, page = upload(anna, BAD.encode())
    assert status == 422
    assert "Wierszy z błędami: 2 z 2" in page
    assert "fynanse" in page
    assert 'name="plik" value=' not in page
    assert anna.send(f"{BASE}/wczytaj/zapisz", {"plik": pack("k.csv", BAD.encode())}).status_code == 422
    assert names(sqlite_context) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "pusty.csv"), (b"%PDF-1.7 nie katalog", "katalog.csv"), (b"\xff\xd8\xff", "zdjecie.jpg")],
)
def test_a_file_that_is_no_catalogue_is_refused_in_words(anna: Staff, content: bytes, name: str) -> None:
    status, page = upload(anna, content, name)
    assert status == 422
    assert "Nie można wczytać pliku" in page


def test_no_file_chosen_says_so(anna: Staff) -> None:
    assert "Prosimy wybrać plik" in anna.send(f"{BASE}/wczytaj", {}).text


@pytest.mark.parametrize("broken", ["", "to nie jest plik", "eJw=", pack("k.csv", b"x" * 5_000_001)])
def test_a_carried_file_that_was_changed_is_refused(anna: Staff, broken: str) -> None:
    anna.get(f"{BASE}/wczytaj")
    assert "nie wrócił w całości" in anna.send(f"{BASE}/wczytaj/zapisz", {"plik": broken}).text


def test_a_carried_file_comes_back_whole() -> None:
    assert unpack(pack("kąt.csv", b"\x00a\x00")) == ("kąt.csv", b"\x00a\x00")


def test_too_large_a_request_is_refused_with_a_page(anna: Staff) -> None:
    response = anna.send(f"{BASE}/nowy", {**ENTRY, "note": "x" * 600_000})
    assert response.status_code == 413


def test_the_template_file_can_be_imported_itself(anna: Staff) -> None:
    status, page = upload(anna, anna.file(f"{BASE}/wczytaj/wzor.csv"))
    assert (status, "Przykładowa świetlica" in page) == (200, True)


@pytest.fixture
def entry(anna: Staff, sqlite_context: Context) -> int:
    """An entry with a contact, a person's one, and a second entry beside it."""
    anna.send(
        f"{BASE}/nowy",
        {**ENTRY, "natural_person": "y", "spheres": ["edukacja"], "usefulness": "Zna <b>dzieci"},
    )
    anna.send(f"{BASE}/nowy", {"name": "Bank", "sector": "finanse", "internal": "0", "stakeholder_type": "C"})
    return next(row.id for row in catalogue.stakeholders(sqlite_context, GMINA) if row.natural_person)


def test_a_member_reads_the_catalogue_without_contacts_and_changes_nothing(
    app: Flask, anna: Staff, entry: int
) -> None:
    assert "jan@example.org" in anna.get(BASE)
    assert "jan@example.org" in anna.get(f"{BASE}/{entry}")
    member = staff(app, "jan@example.org")
    for page in (member.get(BASE), member.get(f"{BASE}/{entry}")):
        shown = page.replace("Jan Łoś", "")
        assert "Świetlica" in shown
        assert not any(secret in shown for secret in ("Jan Kos", "jan@example.org", "Zamoyskiego"))
        assert "Popraw wpis" not in shown
        assert "Dodaj wpis" not in shown
    member.get(f"{BASE}/{entry}/edycja", expect=403)
    member.get(f"{BASE}/pobierz", expect=403)
    assert member.client.get(f"{BASE}/wczytaj").status_code == 403
    assert staff(app, "obcy@example.org").client.get(f"{BASE}/{entry}").status_code == 403


def test_the_entry_says_that_a_persons_code_stays_out_of_public_reports(anna: Staff, entry: int) -> None:
    page = anna.get(f"{BASE}/{entry}")
    assert "nie pojawia się w żadnym publicznym raporcie" in page
    assert "Zna &lt;b&gt;dzieci" in page
    assert "edukacja ogólnorozwojowa" in page
    assert "nie pojawi się w żadnym publicznym raporcie" in anna.get(f"{BASE}/nowy")


@pytest.mark.parametrize(
    ("query", "names_found"),
    [
        ("typ=C", {"Bank"}),
        ("typ=brak", set()),
        ("polozenie=zewnetrzny", {"Bank"}),
        ("osoba=tak", {"Świetlica"}),
        ("wklad=tak", {"Bank"}),
        ("wklad=nie&odmowa=nie", {"Świetlica"}),
        ("odmowa=tak", set()),
        ("sfera=edukacja", {"Świetlica"}),
        ("szukaj=RZUTNIK", {"Bank"}),
        ("szukaj=dzieci&sektor=edukacja", {"Świetlica"}),
        ("kto=byli", set()),
        ("kto=wszyscy", {"Bank", "Świetlica"}),
        ("typ=Z&polozenie='&kto=%00", {"Bank", "Świetlica"}),
    ],
)
def test_filters_narrow_the_list(
    anna: Staff, entry: int, sqlite_context: Context, query: str, names_found: set[str]
) -> None:
    bank = next(row.id for row in catalogue.stakeholders(sqlite_context, GMINA) if row.id != entry)
    day = sqlite_context.today().isoformat()
    anna.send(f"{BASE}/{bank}/wklad", {"resource": "sprzet", "description": "rzutnik", "declared_on": day})
    page = anna.get(f"{BASE}?{query}")
    assert {
        name for name in ("Bank", "Świetlica") if re.search(rf'scope="row"[^>]*><a[^>]+>{name}', page)
    } == names_found
    assert "Typ C: 1\u00a0interesariusz<" in page


def test_a_declaration_is_entered_refused_for_a_day_to_come_and_withdrawn(
    anna: Staff, entry: int, sqlite_context: Context
) -> None:
    typed = {"resource": "lokal", "description": "Sala", "declared_on": "2031-01-01"}
    assert "wkład zapisany przed zamknięciem tury" in anna.get(f"{BASE}/{entry}/wklad").lower()
    response = anna.send(f"{BASE}/{entry}/wklad", typed)
    assert response.status_code == 422
    assert "jeszcze nie nadszedł" in response.text
    assert "Sala</textarea>" in response.text
    assert anna.send(f"{BASE}/{entry}/wklad", {**typed, "declared_on": "31.02.2026"}).status_code == 422
    assert anna.send(f"{BASE}/{entry}/wklad", {**typed, "declared_on": "02.11.2026"}).status_code == 302
    (one,) = declarations.declarations(sqlite_context, GMINA, entry)
    address = f"{BASE}/{entry}/deklaracje/{one.id}/wycofanie"
    assert "Sala" in anna.get(address)
    assert anna.send(address, {"withdrawn_on": ""}).status_code == 422
    assert anna.send(address, {"withdrawn_on": "2026-11-02"}).status_code == 302
    assert "wycofano 2 listopada 2026" in anna.get(f"{BASE}/{entry}")
    assert anna.send(address, {"withdrawn_on": "2026-11-02"}).status_code == 422
    day = {"description": "nie chce", "declared_on": "2026-11-02"}
    assert anna.send(f"{BASE}/{entry}/odmowa", day).status_code == 302
    assert ">odmowa</span>" in anna.get(BASE)


def test_who_left_has_a_page_comes_back_and_the_history_tells(
    anna: Staff, entry: int, sqlite_context: Context
) -> None:
    anna.send(f"{BASE}/{entry}/odejscie", {"reason": "zawiesił działalność"})
    page = anna.get(f"{BASE}/{entry}")
    assert "zawiesił działalność" in page
    assert "Popraw wpis" not in page
    assert "Świetlica" in anna.get(f"{BASE}?kto=byli")
    assert anna.send(f"{BASE}/{entry}/edycja", ENTRY).status_code == 422
    anna.get(f"{BASE}/{entry}/powrot")
    assert anna.send(f"{BASE}/{entry}/powrot", {"joined_on": "2026-11-01"}).status_code == 422
    assert anna.send(f"{BASE}/{entry}/powrot", {}).status_code == 302
    page = anna.get(f"{BASE}/{entry}")
    assert "przywrócono do katalogu (Anna Zając)" in page
    assert "Popraw wpis" in page


def test_doubles_are_compared_and_merged(anna: Staff, entry: int, sqlite_context: Context) -> None:
    anna.send(f"{BASE}/nowy", {**ENTRY, "name": "Swietlica Promyk i Syn", "address": "ul. <i>Nowa"})
    double = max(row.id for row in catalogue.stakeholders(sqlite_context, GMINA))
    page = anna.get(f"{BASE}/podwojne")
    assert "Swietlica Promyk i Syn" in page
    pair = {"podwojny": str(double), "zostaje": str(entry)}
    page = anna.get(f"{BASE}/podwojne/porownanie?podwojny={double}&zostaje={entry}")
    assert "ul. &lt;i&gt;Nowa" in page
    same = anna.send(f"{BASE}/podwojne/porownanie", {"podwojny": str(entry), "zostaje": str(entry)})
    assert same.status_code == 409
    assert "jeden i ten sam wpis" in same.text
    for bad in ("", "abc", "²", "99999999999", "424242"):
        assert anna.send(f"{BASE}/podwojne/porownanie", {**pair, "podwojny": bad}).status_code == 404
    assert anna.send(f"{BASE}/podwojne/porownanie", {**pair, "address": "podwojny"}).status_code == 302
    kept = catalogue.stakeholder(sqlite_context, GMINA, entry)
    assert (kept.address, kept.name) == ("ul. <i>Nowa", "Świetlica „Promyk” & Syn")
    assert "wpis podwójny" in anna.get(f"{BASE}/{double}").lower()
    assert anna.send(f"{BASE}/podwojne/porownanie", pair).status_code == 409


def test_own_sectors_are_kept_on_their_page_and_offered_everywhere(anna: Staff, entry: int) -> None:
    anna.get(f"{BASE}/sektory")
    assert anna.send(f"{BASE}/sektory", {"label": "Edukacja", "counts_as": "inny"}).status_code == 422
    assert anna.send(f"{BASE}/sektory", {"label": "Łowiectwo", "counts_as": "inny"}).status_code == 302
    for address in (BASE, f"{BASE}/nowy", f"{BASE}/wczytaj"):
        assert "Łowiectwo" in anna.get(address)
    own = f"{BASE}/sektory/wlasny_lowiectwo"
    anna.send(f"{BASE}/{entry}/edycja", {**ENTRY, "sector": "wlasny_lowiectwo"})
    assert "Łowiectwo" in anna.get(f"{BASE}/{entry}")
    assert "1\u00a0wpis." in anna.get(own)
    assert anna.send(f"{own}/usun").status_code == 409
    assert anna.send(own, {"label": "Myślistwo", "counts_as": "sport"}).status_code == 302
    assert "Myślistwo" in anna.get(BASE)
    anna.send(f"{BASE}/{entry}/edycja", ENTRY)
    assert anna.send(f"{own}/usun").status_code == 302
    anna.get(own, expect=404)


def test_a_start_from_the_list_keeps_what_was_typed_when_refused(
    anna: Staff, sqlite_context: Context
) -> None:
    anna.get(f"{BASE}/zacznij")
    assert anna.send(f"{BASE}/zacznij", {"name-ops": "GOPS"}).status_code == 422
    typed = {"wybrane": ["ops", "bank"], "name-ops": "GOPS „A”", "name-bank": "  "}
    response = anna.send(f"{BASE}/zacznij", typed)
    assert response.status_code == 422
    assert 'value="GOPS „A”"' in response.text
    assert "Brakuje nazwy" in response.text
    assert anna.send(f"{BASE}/zacznij", {**typed, "name-bank": "Bank"}).status_code == 302
    assert names(sqlite_context) == ["Bank", "GOPS „A”"]


def test_the_file_has_contacts_only_when_ticked(anna: Staff, entry: int) -> None:
    anna.get(f"{BASE}/pobierz")
    plain = anna.send(f"{BASE}/pobierz", {"rodzaj": "csv"})
    full = anna.send(f"{BASE}/pobierz", {"rodzaj": "csv", "kontakty": "1"})
    assert "jan@example.org" not in plain.text
    assert "Świetlica" in plain.text
    assert "jan@example.org" in full.text
    assert "z-kontaktami.csv" in full.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "name", ["'; DROP TABLE stakeholder; --", "😀", "„”", "שלום עולם", "<script>", "{{7*7}}"]
)
def test_a_hostile_name_is_only_a_name(anna: Staff, sqlite_context: Context, name: str) -> None:
    assert anna.send(f"{BASE}/nowy", {**ENTRY, "name": name}).status_code == 302
    number = catalogue.stakeholders(sqlite_context, GMINA)[0].id
    assert str(escape(name)) in anna.get(f"{BASE}/{number}")
    assert anna.get(f"{BASE}?szukaj={quote(name)}").count(str(escape(name))) >= 1
    assert anna.send(f"{BASE}/nowy", {**ENTRY, "name": name}).status_code == 422


def test_five_hundred_entries_take_few_queries_and_pages(anna: Staff, sqlite_context: Context) -> None:
    with sqlite_context.database.transaction() as session:
        for number in range(500):
            draft = StakeholderDraft(f"Firma {number:03d}", "przedsiebiorcy", internal=True)
            catalogue_rows.add(session, GMINA, draft, sqlite_context.today())
    asked: list[str] = []
    engine = sqlite_context.database.engine
    event.listen(engine, "before_cursor_execute", lambda *values: asked.append(values[2]))
    page = anna.get(f"{BASE}?strona=5&polozenie=wewnetrzny")
    assert "Firma 400" in page
    assert "Strona 5 z 5" in page
    assert len([one for one in asked if one.startswith("SELECT")]) <= 12
