"""Papers as the team meets them: begun, filled in by several people, compared, settled, agreed to."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from survey_app.instrument.model import Stance
from survey_app.instrument.paper_model import PaperFact, PaperGroup
from survey_app.services.coding import coding_history
from survey_app.services.context import Context
from survey_app.services.method import definitions, papers
from survey_app.services.method.definitions import paper_definition
from survey_app.services.method.paper_facts import CALCULATED, ROW_FACTS, prefilled
from survey_app.services.method.papers import Content, PaperView
from survey_app.services.register import catalogue, declarations
from survey_app.services.register.declarations import DeclarationDraft
from survey_app.web.app import create_app
from tests import coding_kit as kit
from tests import paper_kit
from tests.coding_rows import id_of
from tests.form_walker import read
from tests.integration.staff import GMINA, OTHER_GMINA, Staff, people, staff

PAPERS = f"/panel/{GMINA}/pisma"
ANNA, JAN = "anna@example.org", "jan@example.org"
STRONG = {"mocne-rows": "nowy1", "mocne-nowy1-opis": "Zgrane szkoły"}


@pytest.fixture
def both(context: Context) -> Flask:
    """The application, on each store."""
    people(context)
    application = create_app(context=context)
    application.testing = True
    return application


def begun(context: Context, content: Content | None = None) -> int:
    return papers.start(context, GMINA, "swot", content or Content(), "", id_of(context, ANNA)).id


def held(context: Context, paper_id: int) -> PaperView:
    return papers.view(context, GMINA, paper_id)


def look(person: Staff, address: str) -> str:
    """The page; the token of what is sent next comes from elsewhere, for a page that is gone has none."""
    page = person.get(address)
    person.address = "/panel/haslo"
    return page


def fields(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def test_a_paper_is_begun_filled_in_and_reads_as_it_was_filled_in(both: Flask, context: Context) -> None:
    jan = staff(both, JAN)
    assert "Analiza SWOT" in look(jan, PAPERS)
    assert "nie są anonimowe" in look(jan, PAPERS)
    page = look(jan, f"{PAPERS}/nowe/swot")
    assert fields(page, "mocne-rows") == ["nowy1", "nowy2", "nowy3"]
    typed = {**STRONG, "dzien": "5.11.2026", "zakres": "\uf0b7\tcała\u00a0gmina"}
    sent = jan.send(f"{PAPERS}/nowe/swot", typed)
    assert sent.status_code == 303
    view = held(context, 1)
    assert view.newest.answers == {"dzien": "2026-11-05", "zakres": "- cała gmina"}
    assert [row["opis"] for row in view.newest.tables["mocne"]] == ["Zgrane szkoły"]
    page = look(jan, f"{PAPERS}/1")
    assert "Zgrane szkoły" in page
    assert "Jan Łoś" in look(jan, PAPERS)
    assert f'href="{PAPERS}/1"' in look(jan, PAPERS)
    assert f'href="{PAPERS}/nowe/swot"' not in look(jan, PAPERS)


def test_the_same_page_sent_twice_makes_one_paper_and_one_version(both: Flask, context: Context) -> None:
    jan = staff(both, JAN)
    for _ in range(2):
        assert jan.send(f"{PAPERS}/nowe/swot", STRONG).location == f"{PAPERS}/1"
    for _ in range(2):
        answer = jan.send(f"{PAPERS}/1/pola", {**STRONG, "base": "1", "wnioski": "Zaczynamy"})
        assert answer.location == f"{PAPERS}/1"
    assert [one.number for one in held(context, 1).versions] == [2, 1]
    assert len(papers.listed(context, GMINA)) == 1
    again = dict(zip(("base", "wnioski"), ("2", "Zaczynamy"), strict=True))
    row = held(context, 1).newest.tables["mocne"][0]
    again |= {"mocne-rows": row["_id"], f"mocne-{row['_id']}-opis": row["opis"]}
    jan.send(f"{PAPERS}/1/pola", again)  # nothing was changed
    assert held(context, 1).newest.number == 2


def test_who_begins_what_somebody_began_meanwhile_keeps_what_was_typed(
    app: Flask, sqlite_context: Context
) -> None:
    jan = staff(app, JAN)
    begun(sqlite_context)
    refused = jan.send(f"{PAPERS}/nowe/swot", {**STRONG, "wnioski": "Moje wnioski"})
    assert refused.status_code == 409
    assert "już tu jest" in refused.text
    assert "Moje wnioski" in refused.text
    assert "Zgrane szkoły" in refused.text
    assert f'href="{PAPERS}/1"' in refused.text
    assert jan.client.get(f"{PAPERS}/nowe/swot").location == f"{PAPERS}/1"


def test_two_people_save_from_the_same_version_and_neither_is_lost(both: Flask, context: Context) -> None:
    number = begun(context, Content({"wnioski": "Razem"}))
    anna, jan = staff(both, ANNA), staff(both, JAN)
    page = f"{PAPERS}/{number}/pola"
    first = anna.send(page, {"base": "1", "wnioski": "Razem, mówi Anna", "zakres": "Gmina"})
    assert first.location == f"{PAPERS}/{number}"
    second = jan.send(page, {"base": "1", "wnioski": "Razem, mówi Jan", **STRONG})
    assert second.location == f"{PAPERS}/{number}/wersje/2/wybor"
    view = held(context, number)
    assert (view.beside, view.newest.number) == ((2,), 3)
    assert view.version(2).answers["wnioski"] == "Razem, mówi Anna"
    choice = look(jan, f"{PAPERS}/{number}/wersje/2/wybor")
    assert '<del><span class="paper-mark">[tylko w wersji 2: </span>Anna' in choice
    assert '<ins><span class="paper-mark">[tylko w wersji 3: </span>Jan' in choice
    assert "dwie osoby zapisały pismo niezależnie" in look(anna, f"{PAPERS}/{number}")
    refused = anna.send(f"{PAPERS}/{number}/uzgodnienie", {"number": "3", "agreed_on": "2026-11-02"})
    assert refused.status_code == 422
    assert "Najpierw trzeba wybrać" in refused.text

    together = look(jan, f"{page}?scal=2")  # what only one of them has is there already
    assert "Zgrane szkoły" in together
    assert ">\nGmina</textarea>" in together
    row = held(context, number).newest.tables["mocne"][0]["_id"]
    typed = {"base": "3", "settles": "2", "wnioski": "Razem, mówią oboje", "zakres": "Gmina"}
    typed |= {"mocne-rows": row, f"mocne-{row}-opis": "Zgrane szkoły"}
    assert jan.send(page, typed).location == f"{PAPERS}/{number}"
    view = held(context, number)
    assert (view.beside, view.newest.settles) == ((), 2)
    assert view.newest.tables["mocne"][0]["_id"] == row


@pytest.mark.parametrize(("keep", "words"), [("newest", "Jan"), ("other", "Anna")])
def test_either_of_two_versions_can_stay(both: Flask, context: Context, keep: str, words: str) -> None:
    number = begun(context)
    anna, jan = staff(both, ANNA), staff(both, JAN)
    anna.send(f"{PAPERS}/{number}/pola", {"base": "1", "wnioski": "Anna"})
    jan.send(f"{PAPERS}/{number}/pola", {"base": "1", "wnioski": "Jan"})
    choice = f"{PAPERS}/{number}/wersje/2/wybor"
    assert jan.send(choice, {"base": "3"}).status_code == 422
    assert jan.send(choice, {"base": "2", "keep": keep}).status_code == 409
    for _ in range(2):
        assert jan.send(choice, {"base": "3", "keep": keep}).location == f"{PAPERS}/{number}"
    view = held(context, number)
    assert (view.beside, view.newest.number, view.newest.answers) == ((), 4, {"wnioski": words})


def test_who_goes_on_from_the_older_of_two_leaves_one_choice(context: Context) -> None:
    """A line of versions counts once, by its end."""
    people(context)
    number, anna, jan = begun(context), id_of(context, ANNA), id_of(context, JAN)
    for person, base, words in ((anna, 1, "a"), (jan, 1, "b"), (anna, 2, "aa")):
        papers.save(context, GMINA, number, base, Content({"wnioski": words}), person)
    assert held(context, number).beside == (3,)
    papers.save(context, GMINA, number, 4, Content({"wnioski": "aa b"}), jan, settles=3)
    assert held(context, number).beside == ()


def test_faults_keep_everything_that_was_typed(app: Flask, sqlite_context: Context) -> None:
    number, jan = begun(sqlite_context), staff(app, JAN)
    typed = {
        **STRONG,
        "base": "1",
        "dzien": "31.02.2026",
        "wnioski": "w" * 4001,
        "said": "po spotkaniu",
        "mocne-nowy1-wykorzystanie": "zły \x01 znak",
    }
    refused = jan.send(f"{PAPERS}/{number}/pola", typed)
    assert refused.status_code == 422
    for words in ("31.02.2026", "w" * 4001, "Zgrane szkoły", "zły \ufffd znak", "po spotkaniu"):
        assert words in refused.text
    assert "Mocne strony, wiersz 1, Jak ją wykorzystać: w tekście jest znak sterujący" in refused.text
    assert fields(refused.text, "base") == ["1"]
    assert held(sqlite_context, number).newest.number == 1
    lost = jan.send(f"{PAPERS}/{number}/pola", {"wnioski": "Bez wersji"})
    assert lost.status_code == 422
    assert "Bez wersji" in lost.text


def test_more_rows_without_scripts_lose_nothing_and_keep_nothing(app: Flask, sqlite_context: Context) -> None:
    number, jan = begun(sqlite_context), staff(app, JAN)
    for address in (f"{PAPERS}/{number}/pola", f"/panel/{GMINA}/pisma/nowe/swot"):
        typed = {**STRONG, "base": "1", "dodaj": "mocne", "dzien": "kiedyś"}
        page = jan.send(address, typed)
        assert page.status_code == 200
        assert fields(page.text, "mocne-rows") == ["nowy1", "nowy2", "nowy3", "nowy4"]
        assert len(fields(page.text, "slabe-rows")) == 3
        assert "Zgrane szkoły" in page.text
        assert "kiedyś" in page.text
    assert held(sqlite_context, number).newest.number == 1


def test_an_emptied_row_goes_and_the_others_keep_their_ids(app: Flask, sqlite_context: Context) -> None:
    rows = {"mocne": [{"_id": "a1", "opis": "Pierwsza"}, {"_id": "a2", "opis": "Druga"}]}
    number, jan = begun(sqlite_context, Content(tables=rows)), staff(app, JAN)
    page = look(jan, f"{PAPERS}/{number}/pola")
    assert fields(page, "mocne-rows")[:2] == ["a1", "a2"]
    typed = {"base": "1", "mocne-rows": ["a1", "a2"], "mocne-a1-opis": "", "mocne-a2-opis": "Druga"}
    jan.send(f"{PAPERS}/{number}/pola", typed)
    assert held(sqlite_context, number).newest.tables == {"mocne": [{"_id": "a2", "opis": "Druga"}]}


def test_a_text_edited_by_hand_stays_until_somebody_goes_back(both: Flask, context: Context) -> None:
    number, jan = begun(context, Content({"wnioski": "Pierwsze"})), staff(both, JAN)
    text = f"{PAPERS}/{number}/tresc"
    assert "Pierwsze" in look(jan, text)
    refused = jan.send(text, {"base": "1", "text": "# Po swojemu\n{gmnia}", "said": "ja"})
    assert refused.status_code == 422
    assert "Nie ma pola „gmnia”" in refused.text
    assert "# Po swojemu" in refused.text
    jan.send(text, {"base": "1", "text": "# Po swojemu\n\nW gminie {gmina}: {wnioski}"})
    page = look(jan, f"{PAPERS}/{number}")
    assert "poprawiona ręcznie" in page
    assert "W gminie Janów Lubelski: Pierwsze" in page
    jan.send(f"{PAPERS}/{number}/pola", {"base": "2", "zakres": "Cała gmina"})
    page = look(jan, f"{PAPERS}/{number}")
    assert "Po swojemu" in page
    assert "Cała gmina" not in page
    assert jan.send(f"{text}/z-pol", {"base": "2"}).location == f"{text}/z-pol"  # not what the page showed
    for _ in range(2):
        assert jan.send(f"{text}/z-pol", {"base": "3"}).location == f"{PAPERS}/{number}"
    page = look(jan, f"{PAPERS}/{number}")
    assert "Cała gmina" in page
    assert "Po swojemu" not in page
    view = held(context, number)
    assert (view.newest.number, view.newest.text) == (4, None)
    assert "Powrót do treści z pól" in look(jan, f"{PAPERS}/{number}/wersje")


def test_any_two_versions_are_compared(app: Flask, sqlite_context: Context) -> None:
    number, jan = begun(sqlite_context, Content({"wnioski": "Spotkania w szkole"})), staff(app, JAN)
    jan.send(f"{PAPERS}/{number}/pola", {"base": "1", "wnioski": "Spotkania w remizie", "said": "po uwagach"})
    history = look(jan, f"{PAPERS}/{number}/wersje")
    assert "po uwagach" in history
    assert "Anna Zając" in history
    page = look(jan, f"{PAPERS}/{number}/wersje/porownanie")
    assert '<del><span class="paper-mark">[usunięto: </span>szkole' in page
    assert '<ins><span class="paper-mark">[dodano: </span>remizie' in page
    assert "Różnice w polach" not in page  # the text of a form shows them all
    back = look(jan, f"{PAPERS}/{number}/wersje/porownanie?od=2&do=1")
    assert '<ins><span class="paper-mark">[dodano: </span>szkole' in back
    assert "Spotkania w szkole" in look(jan, f"{PAPERS}/{number}/wersje/1")
    for address in ("wersje/9", "wersje/porownanie?od=9&do=1", "wersje/9/wybor"):
        assert jan.client.get(f"{PAPERS}/{number}/{address}").status_code == 404


def test_what_is_agreed_to_is_changed_by_nobody_until_it_is_opened_again(
    both: Flask, context: Context
) -> None:
    number = begun(context)
    anna, jan = staff(both, ANNA), staff(both, JAN)
    page, agree = f"{PAPERS}/{number}", f"{PAPERS}/{number}/uzgodnienie"
    look(anna, agree)
    for day, words in (("2026-11-03", "jeszcze nie nadszedł"), ("", "Prosimy podać dzień"), ("x", "dni")):
        refused = anna.send(agree, {"number": "1", "agreed_on": day})
        assert refused.status_code == 422
        assert words in refused.text
    assert anna.send(agree, {"number": "0", "agreed_on": "2026-11-02"}).status_code == 409
    for _ in range(2):
        assert anna.send(agree, {"number": "1", "agreed_on": "2.11.2026"}).status_code == 303
    paper = held(context, number).paper
    assert (paper.state, paper.agreed_version, paper.agreed_on) == ("agreed", 1, dt.date(2026, 11, 2))
    refused = jan.send(f"{page}/pola", {"base": "1", "wnioski": "Po fakcie"})
    assert refused.status_code == 409
    assert "Po fakcie" in refused.text
    refused = jan.send(f"{page}/tresc", {"base": "1", "text": "Po fakcie"})
    assert refused.status_code == 409
    assert "Po fakcie" in refused.text
    for address in ("pola", "tresc"):
        assert jan.client.get(f"{page}/{address}").location == page
    assert jan.send(f"{page}/otwarcie").status_code == 403
    for deed, state in (("otwarcie", "draft"), ("wycofanie", "withdrawn"), ("otwarcie", "draft")):
        look(anna, f"{page}/{deed}")
        for _ in range(2):
            assert anna.send(f"{page}/{deed}").location == page
        assert held(context, number).paper.state == state
    assert jan.send(f"{page}/pola", {"base": "1", "wnioski": "Znów"}).status_code == 303


def test_another_gminas_papers_do_not_exist(app: Flask, sqlite_context: Context) -> None:
    number = begun(sqlite_context)
    foreign = staff(app, "obca@example.org")
    for address in ("", "/pola", "/tresc", "/wersje", "/wersje/1", "/uzgodnienie"):
        assert foreign.client.get(f"/panel/{OTHER_GMINA}/pisma/{number}{address}").status_code == 404
        assert foreign.client.get(f"{PAPERS}/{number}{address}").status_code == 403
    assert foreign.client.get(f"/panel/{OTHER_GMINA}/pisma/{2**70}").status_code == 404
    assert foreign.client.get(f"/panel/{OTHER_GMINA}/pisma/nowe/nieznane").status_code == 404


@pytest.fixture
def invitation(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Flask:
    """A paper with a bit of everything is offered beside the SWOT."""
    paper_kit.offer(monkeypatch, tmp_path / "instruments")
    return app


def test_a_paper_begins_with_what_the_service_knows(invitation: Flask, sqlite_context: Context) -> None:
    context = sqlite_context
    jan = id_of(context, JAN)
    rows = {"mocne": [{"_id": "a1", "opis": "Zgrane szkoły", "wykorzystanie": "Plan"}]}
    number = begun(context, Content({"wnioski": "Uzgodnione"}, rows))
    papers.agree(context, GMINA, number, 1, context.today(), jan)
    found = prefilled(context, GMINA, paper_definition(paper_kit.KEY))
    assert found.answers == {
        "dzien": "2026-11-02",
        "gmina_tu": "Janów Lubelski",
        "rodzaj": {"option": "mw"},
        "wnioski": "Uzgodnione",
    }
    assert [row["osoba"] for row in found.tables["ludzie"]] == [
        "Anna Zając",
        "Jan Łoś",
        "Maria Ćwik",
        "Piotr Żuk",
    ]
    assert found.tables["mocne"] == [{"opis": "Zgrane szkoły"}]
    page = look(staff(invitation, JAN), f"{PAPERS}/nowe/{paper_kit.KEY}")
    assert ">\nPiotr Żuk</textarea>" in page
    assert len(fields(page, "ludzie-rows")) == 5
    assert len(papers.listed(context, GMINA)) == 1  # nothing is kept before it is sent


def test_the_newest_draft_serves_where_nothing_is_agreed_to(
    invitation: Flask, sqlite_context: Context
) -> None:
    context = sqlite_context
    gone = begun(context, Content({"wnioski": "Wycofane"}))
    papers.withdraw(context, GMINA, gone, None)
    definition = paper_definition(paper_kit.KEY)
    assert "wnioski" not in prefilled(context, GMINA, definition).answers
    number = begun(context, Content({"wnioski": "Pierwsze"}))
    papers.save(context, GMINA, number, 1, Content({"wnioski": "Drugie"}), None)
    assert prefilled(context, GMINA, definition).answers["wnioski"] == "Drugie"
    agreed, _ = (
        papers.start(context, GMINA, paper_kit.KEY, Content({"adres": where}), where, None).id
        for where in ("uzgodniony", "nowszy")
    )
    assert prefilled(context, GMINA, definition).answers["adres"] == "nowszy"
    papers.agree(context, GMINA, agreed, 1, context.today(), None)
    assert prefilled(context, GMINA, definition).answers["adres"] == "uzgodniony"


def test_supporters_and_contributions_come_from_coding_and_catalogue(sqlite_context: Context) -> None:
    context = sqlite_context
    team = kit.add_team(context, 3, 3)
    kit.closed_round(context, team)
    first = catalogue.stakeholders(context, kit.GMINA)[0]
    draft = DeclarationDraft("contribution", "świetlica", context.today(), "lokal")
    declarations.add_declaration(context, kit.GMINA, first.id, draft, None)
    coded = coding_history.history(context, kit.GMINA).rounds[-1]
    supporters = [one.name for one in coded.stakeholders if coded.stance(one) is Stance.SUPPORTER]
    of = {fact: rows(context, kit.GMINA) for fact, rows in ROW_FACTS.items()}
    assert [row["podmiot"] for row in of[PaperFact.SUPPORTER_ROWS]] == supporters
    assert [set(row) for row in of[PaperFact.STAKEHOLDER_ROWS]] == [{"podmiot", "sektor", "typ"}] * 3
    assert of[PaperFact.CONTRIBUTION_ROWS] == [{"podmiot": first.name, "wklad": "lokal: świetlica"}]


def test_a_paper_of_the_public_diagnoza_begins_with_no_person_of_the_catalogue(
    sqlite_context: Context,
) -> None:
    """Nor with who of them is Zwolennik, and what they promised."""
    context = sqlite_context
    kit.closed_round(context, kit.add_team(context, 3, 3), points=(3, 3, 3))
    person, *institutions = catalogue.stakeholders(context, kit.GMINA)
    for one in (person, institutions[0]):
        draft = DeclarationDraft("contribution", "świetlica", context.today(), "lokal")
        declarations.add_declaration(context, kit.GMINA, one.id, draft, None)
    whole = prefilled(context, kit.GMINA, paper_definition("pakt"))
    draft = replace(catalogue.draft_of(person), natural_person=True)
    catalogue.update_stakeholder(context, kit.GMINA, person.id, draft, None)
    found = prefilled(context, kit.GMINA, paper_definition("pakt"))
    for table, before in (("sygnatariusze", 3), ("wklady", 2)):
        assert len(whole.tables[table]) == before
        named = [row["podmiot"] for row in found.tables[table]]
        assert named == [row["podmiot"] for row in whole.tables[table] if row["podmiot"] != person.name]
    told = prefilled(context, kit.GMINA, paper_definition("ryzyka")).tables["ryzyka_lista"]
    assert person.name in str(told), "a paper for the team alone"


def test_what_is_off_the_path_is_kept_and_said(invitation: Flask, sqlite_context: Context) -> None:
    jan = staff(invitation, JAN)
    typed = {"nazwa": "Otwarcie", "zdalnie": "nie", "adres": "https://spotkanie.example"}
    assert jan.send(f"{PAPERS}/nowe/{paper_kit.KEY}", typed).location == f"{PAPERS}/1"
    assert held(sqlite_context, 1).newest.answers["adres"] == "https://spotkanie.example"
    page = look(jan, f"{PAPERS}/1")
    assert "Te pytania się pomija" in page
    assert "Adres spotkania w sieci" in page
    assert "https://spotkanie.example" not in page
    jan.send(f"{PAPERS}/1/pola", {**typed, "base": "1", "zdalnie": "tak"})
    page = look(jan, f"{PAPERS}/1")
    assert "https://spotkanie.example" in page
    assert "Te pytania się pomija" not in page


def test_what_the_texts_do_not_show_is_compared_by_fields(invitation: Flask, sqlite_context: Context) -> None:
    jan = staff(invitation, JAN)
    typed = {"nazwa": "Otwarcie", "zdalnie": "nie", "plan-nowy1-co": "Start"}
    jan.send(f"{PAPERS}/nowe/{paper_kit.KEY}", typed)
    jan.send(f"{PAPERS}/1/pola", {**typed, "base": "1", "adres": "https://spotkanie.example"})
    page = look(jan, f"{PAPERS}/1/wersje/porownanie?od=1&do=2")
    assert "Treść obu wersji jest taka sama" in page
    assert "Różnice w polach" in page
    assert "Adres spotkania w sieci: https://spotkanie.example" in page


def test_several_of_a_kind_are_told_apart_by_their_names(invitation: Flask, sqlite_context: Context) -> None:
    jan = staff(invitation, JAN)
    for name in ("Otwarcie", "Otwarcie", "Podsumowanie " + "x" * 150):
        jan.send(f"{PAPERS}/nowe/{paper_kit.KEY}", {"nazwa": name})
    titles = [one.title for one in papers.listed(sqlite_context, GMINA)]
    assert titles == ["Zaproszenie: Podsumowanie " + "x" * 76 + "…", "Zaproszenie: Otwarcie"]
    jan.send(f"{PAPERS}/1/pola", {"base": "1", "nazwa": "Zamknięcie"})
    assert held(sqlite_context, 1).paper.title == "Zaproszenie: Zamknięcie"


def test_a_table_of_given_rows_takes_no_others(invitation: Flask, sqlite_context: Context) -> None:
    jan = staff(invitation, JAN)
    typed = {
        "zgody-rada-kto": "Przewodnicząca",
        "zgody-obcy-kto": "x",
        "plan-nowy1-co": "Start",
        "plan-nowy1-ile": "15,5",
    }
    jan.send(f"{PAPERS}/nowe/{paper_kit.KEY}", typed)
    tables = held(sqlite_context, 1).newest.tables
    assert tables["zgody"] == [{"_id": "rada", "kto": "Przewodnicząca"}]
    assert tables["plan"][0]["ile"] == "15.5"


def test_every_shipped_paper_is_begun_as_it_comes_and_can_be_read(
    app: Flask, sqlite_context: Context
) -> None:
    jan = staff(app, JAN)
    token = {"csrf_token": fields(look(jan, PAPERS + "/nowe/swot"), "csrf_token")[0]}
    for key, definition in definitions.papers().items():
        address = f"{PAPERS}/nowe/{key}"
        form = next(one for one in read(jan.get(address)).forms if one[0].get("class") == "paper-form")[1]
        sent: dict[str, list[str]] = {}
        for field in form:
            if field.sent and field.name != "csrf_token":
                sent.setdefault(field.name, []).append(field.value)
        answer = jan.client.post(address, data={**sent, **token})
        assert answer.status_code == 303, key
        page = jan.get(answer.location)
        assert definition.title in page
        jan.get(f"{answer.location}/pola")
    assert len(papers.listed(sqlite_context, GMINA)) == len(definitions.papers())
    jan.get(PAPERS)


def test_what_papers_take_from_each_other_is_there() -> None:
    known = definitions.papers()
    for key, definition in known.items():
        for source in (definitions.rules_of(definition).prefill or {}).values():
            other, _, field = source.partition(".")
            if field:
                names = {*known[other].by_id, *(table.id for table in known[other].tables)}
                names |= {CALCULATED} if definitions.rules_of(known[other]).calculator else set()
                assert field in names, f"{key}: {source}"


def test_an_advisor_advises_and_has_no_text(app: Flask, sqlite_context: Context) -> None:
    jan = staff(app, JAN)
    key, definition = next(
        (key, one)
        for key, one in definitions.papers().items()
        if definitions.rules_of(one).group is PaperGroup.ADVICE
    )
    advice = definitions.rules_of(definition).advice[0]
    typed = {question: options[0] for question, options in advice.when.items()}
    location = jan.send(f"{PAPERS}/nowe/{key}", typed).location
    assert location is not None
    page = look(jan, location)
    assert advice.title in page
    assert "tresc-pisma" not in page
    assert jan.client.get(f"{location}/tresc").location == location
