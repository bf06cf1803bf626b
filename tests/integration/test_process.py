"""The process of the method: the path, what steps need, what a team says of them, a region's own variant."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from flask import Flask

from survey_app.config import INSTRUMENTS
from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.instrument.process_loader import load_process, parse_process
from survey_app.services import team_people
from survey_app.services.context import Context
from survey_app.services.method import deadlines, papers, partnership, process
from survey_app.services.method.papers import Content
from survey_app.services.method.process import StepDraft
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.rollup import regions
from survey_app.services.trace import WORDS
from survey_app.store import audit
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, OTHER_GMINA, people, staff

PAGE = f"/panel/{GMINA}/proces"
FILE = INSTRUMENTS / "processes" / "mlw.yml"


@pytest.fixture
def team(context: Context) -> Context:
    people(context)
    return context


def said(state: str = "doing", revision: int = 0, **more: object) -> StepDraft:
    given = {"person_id": None, "due_on": None, "reason": "", "note": "", **more}
    return StepDraft(state, revision=revision, **given)  # type: ignore[arg-type]


def entry(context: Context, name: str, sector: str, kind: str | None = None) -> int:
    draft = StakeholderDraft(name=name, sector=sector, internal=True, stakeholder_type=kind)
    return catalogue.add_stakeholder(context, GMINA, draft, None).id


def test_without_a_path_the_steps_are_there_to_look_at_and_nothing_is_followed(team: Context) -> None:
    view = process.view(team, GMINA)
    assert view.followed is None
    assert view.next is not None
    assert [stage.stage.id for stage in view.stages] == [
        "zespol",
        "rozpoznanie",
        "animacja",
        "pakt",
        "uslugi",
        "monitoring",
    ]


def test_each_path_has_its_own_steps_and_can_be_changed(team: Context) -> None:
    process.choose_path(team, GMINA, "zsl_first", None)
    first = {one.step.id for one in process.view(team, GMINA).steps}
    process.choose_path(team, GMINA, "kis_exists", None)
    second = {one.step.id for one in process.view(team, GMINA).steps}
    assert "akt" in first - second
    assert "lider_kis" in second - first
    with pytest.raises(InvalidInputError):
        process.choose_path(team, GMINA, "na_skroty", None)
    assert process.view(team, OTHER_GMINA).followed is None


def test_a_step_is_done_when_what_it_needs_is_there_and_says_what_is_missing(team: Context) -> None:
    process.choose_path(team, GMINA, "zsl_first", None)
    assert process.view(team, GMINA).step("sklad").missing == (
        "W zespole nie ma jeszcze osób z instytucji z dwóch różnych sektorów;"
        " metoda chce publicznego, społecznego i biznesu.",
    )
    school, firm = entry(team, "Szkoła", "edukacja"), entry(team, "Tartak", "przedsiebiorcy", "C")
    team_people.set_representations(team, GMINA, id_of(team, "jan@example.org"), [school], None)
    team_people.set_representations(team, GMINA, id_of(team, "maria@example.org"), [firm], None)
    view = process.view(team, GMINA)
    assert view.step("sklad").state == "done"
    missing = view.step("katalog").missing
    assert len(missing) == 2, missing  # fewer than ten, and no social sector; a type C is there
    assert (
        process.view(team, OTHER_GMINA).step("sklad").missing[0].startswith("W zespole nie ma jeszcze trzech")
    )


def test_an_agreed_paper_finishes_its_step_and_a_withdrawn_one_does_not(team: Context) -> None:
    paper = papers.start(team, GMINA, "problemy_cele", Content(), "", None)
    assert process.view(team, GMINA).step("problemy").state == "open"
    papers.agree(team, GMINA, paper.id, 1, team.clock().date(), None)
    assert process.view(team, GMINA).step("problemy").state == "done"
    papers.withdraw(team, GMINA, paper.id, None)
    assert process.view(team, GMINA).step("problemy").state == "open"


def test_a_skipped_step_keeps_its_reason_and_is_out_of_the_way(team: Context) -> None:
    with pytest.raises(InvalidInputError) as refused:
        process.save_step(team, GMINA, "sklad", said("skipped", reason="  "), None)
    assert refused.value.faults[0].where == "reason"
    process.save_step(team, GMINA, "sklad", said("skipped", reason="Zespół jest z pilotażu"), None)
    step = process.view(team, GMINA).step("sklad")
    assert step.said is not None
    assert (step.state, step.said.reason) == ("skipped", "Zespół jest z pilotażu")
    assert process.view(team, GMINA).step("akt").better_after == ()
    process.save_step(team, GMINA, "sklad", said("doing", revision=1, reason="zostaje?"), None)
    again = process.view(team, GMINA).step("sklad").said
    assert again is not None
    assert again.reason == "", "a reason belongs to what is skipped"


def test_two_who_save_a_step_at_once_do_not_overwrite_each_other(team: Context) -> None:
    process.save_step(team, GMINA, "akt", said(note="Projekt u radcy"), None)
    with pytest.raises(ConflictError):
        process.save_step(team, GMINA, "akt", said("done"), None)
    with pytest.raises(NotFoundError):
        process.save_step(team, GMINA, "nie_ma", said(), None)
    stranger = id_of(team, "obcy@example.org")
    with pytest.raises(InvalidInputError):
        process.save_step(team, GMINA, "akt", said(revision=1, person_id=stranger), None)


def test_a_day_of_a_step_and_a_form_that_is_due_again_are_deadlines(team: Context) -> None:
    today = team.clock().date()
    process.save_step(team, GMINA, "akt", said(due_on=today - dt.timedelta(days=1)), None)
    paper = papers.start(team, GMINA, "ewaluacja", Content(), "Ewaluacja wiosną", None)
    papers.agree(team, GMINA, paper.id, 1, today - dt.timedelta(days=170), None)
    found = deadlines.due(team, GMINA, process.view(team, GMINA))
    assert [(one.step_id, one.key, one.late) for one in found] == [
        ("akt", "", True),
        ("", "ewaluacja", False),
    ]
    assert process.view(team, GMINA).step("akt").late


def test_after_a_pact_the_first_evaluation_is_due_within_half_a_year(team: Context) -> None:
    """Also where nobody has begun one yet."""
    today = team.clock().date()
    pact = papers.start(team, GMINA, "pakt", Content(), "Pakt", None)
    for days, late in ((170, False), (200, True)):
        papers.agree(team, GMINA, pact.id, 1, today - dt.timedelta(days=days), None)
        found = deadlines.due(team, GMINA, process.view(team, GMINA))
        told = {one.key: (one.words.endswith("pierwszy raz"), one.late) for one in found}
        assert told == dict.fromkeys(("ewaluacja", "monitoring", "raport_okresowy"), (True, late))
        papers.reopen(team, GMINA, pact.id, None)
    assert deadlines.due(team, GMINA, process.view(team, GMINA)) == []


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-08-31", 6, "2027-02-28"), ("2027-08-31", 6, "2028-02-29"), ("2026-12-01", 1, "2027-01-01")],
)
def test_months_end_where_the_month_ends(day: str, months: int, expected: str) -> None:
    assert deadlines.months_after(dt.date.fromisoformat(day), months).isoformat() == expected


def test_the_kind_of_partnership_follows_from_its_members(team: Context) -> None:
    assert partnership.partnership(team, GMINA).kind == ""
    entry(team, "Urząd", "administracja_publiczna", "B")
    assert partnership.partnership(team, GMINA).kind == "współpraca w jednym sektorze"
    entry(team, "Koło", "organizacje_obywatelskie", "A")
    assert partnership.partnership(team, GMINA).kind == "partnerstwo publiczno-społeczne"
    entry(team, "Tartak „Świerk”", "przedsiebiorcy", "C")
    found = partnership.partnership(team, GMINA)
    assert (found.kind, tuple(found.lacks), found.signed) == ("partnerstwo trójsektorowe", (), False)


def test_a_region_publishes_a_variant_and_a_team_keeps_its_own_until_it_goes_over(team: Context) -> None:
    process.choose_path(team, GMINA, "zsl_first", None)
    changed = FILE.read_text(encoding="utf-8").replace("Powołać zespół", "Powołać zespół po naszemu")
    process.publish_variant(team, "06", changed.encode(), None)
    assert process.view(team, GMINA).step("akt").step.title == "Powołać zespół"
    assert process.view(team, OTHER_GMINA).step("akt").step.title == "Powołać zespół po naszemu"
    assert process.view(team, GMINA).newer
    process.follow_newest(team, GMINA, None)
    assert process.view(team, GMINA).step("akt").step.title == "Powołać zespół po naszemu"
    assert not process.view(team, GMINA).newer
    with pytest.raises(InvalidInputError) as refused:
        process.publish_variant(
            team, "06", changed.replace("after: [sklad]", "after: [skald]").encode(), None
        )
    assert {fault.code for fault in refused.value.faults} == {"process.after"}
    with pytest.raises(InvalidInputError):
        process.publish_variant(team, "06", "key: ż".encode("cp1250"), None)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("id: akt\n", "id: sklad\n", "id.doubled"),
        ("paths: [kis_exists]", "paths: [kis_jest]", "process.path"),
        ("fact: members, least", "fact: papers, least", "process.need"),
        ("page: team", "page: zespol", "value.not_allowed"),
    ],
)
def test_a_faulty_process_names_what_and_where(old: str, new: str, code: str) -> None:
    found, faults = parse_process(FILE.read_text(encoding="utf-8").replace(old, new, 1))
    assert found is None
    assert code in {fault.code for fault in faults}
    assert all(fault.line for fault in faults)


def test_the_shipped_process_stands_on_both_paths() -> None:
    shipped = load_process(FILE)
    assert {path.id for path in shipped.paths} == {"zsl_first", "kis_exists"}
    assert set(shipped.steps_of("zsl_first")) != set(shipped.steps_of("kis_exists"))


def test_two_who_change_the_path_at_once_see_each_other(app: Flask, sqlite_context: Context) -> None:
    """The second is told which path stands now, with the own choice still made, and may save it knowing that."""
    anna, again = staff(app, "anna@example.org"), staff(app, "anna@example.org")
    stale = again.get(PAGE)
    assert 'name="revision" type="hidden" value="0"' in stale
    assert anna.send(f"{PAGE}/sciezka", {"path": "zsl_first", "revision": "0"}).status_code == 302
    late = again.send(f"{PAGE}/sciezka", {"path": "kis_exists", "revision": "0"})
    assert late.status_code == 422
    assert "ktoś inny zmienił ścieżkę" in late.text
    assert re.search(r'value="kis_exists"[^>]* checked', late.text)
    assert process.view(sqlite_context, GMINA).path.id == "zsl_first"
    assert (
        again.send(f"{PAGE}/sciezka", {"path": "zsl_first", "revision": "0"}).status_code == 302
    )  # the same
    assert again.send(f"{PAGE}/sciezka", {"path": "kis_exists", "revision": "1"}).status_code == 302
    changed = FILE.read_text(encoding="utf-8").replace("Powołać zespół", "Powołać zespół po naszemu")
    process.publish_variant(sqlite_context, "06", changed.encode(), None)
    anna.send(f"{PAGE}/nowa-wersja", {"revision": "1"})
    assert "ktoś inny zmienił ścieżkę" in anna.get(PAGE)
    assert process.view(sqlite_context, GMINA).newer
    anna.send(f"{PAGE}/nowa-wersja", {"revision": "2"})
    assert not process.view(sqlite_context, GMINA).newer


def test_a_coordinator_goes_from_the_first_page_through_a_step(app: Flask, sqlite_context: Context) -> None:
    anna = staff(app, "anna@example.org")
    assert "Wybierz ścieżkę i zacznij" in anna.get(f"/panel/{GMINA}")
    anna.get(PAGE)
    assert anna.send(f"{PAGE}/sciezka", {}).status_code == 422
    assert anna.send(f"{PAGE}/sciezka", {"path": "zsl_first"}).status_code == 302
    assert "Zebrać osoby do zespołu" in anna.get(f"/panel/{GMINA}")
    page = anna.get(f"{PAGE}/krok/akt")
    assert "Akt powołania nie jest jeszcze uzgodniony." in page
    jan = id_of(sqlite_context, "jan@example.org")
    typed = {
        "state": "doing",
        "person_id": str(jan),
        "due_on": "2027-06-31",
        "revision": "0",
        "note": "Szkic",
    }
    refused = anna.send(f"{PAGE}/krok/akt", typed)
    assert refused.status_code == 422
    assert "Nie ma takiego dnia" in refused.text
    assert "Szkic" in refused.text
    assert anna.send(f"{PAGE}/krok/akt", {**typed, "due_on": "30.06.2027"}).status_code == 302
    assert re.search(r"Jan Łoś, do 30\.06\.2027|Jan Łoś, do 30 czerwca", anna.get(PAGE))
    stale = anna.send(f"{PAGE}/krok/akt", {**typed, "due_on": "", "state": "done"})
    assert stale.status_code == 422
    assert "ktoś inny zmienił ten krok" in stale.text
    assert "Partnerstwo" in anna.get(f"{PAGE}/partnerstwo")
    with sqlite_context.database.reading() as session:
        assert {one.action for one in audit.events(session, GMINA)} <= set(WORDS)


def test_a_member_reads_and_notes_but_the_coordinator_chooses(app: Flask, sqlite_context: Context) -> None:
    jan = staff(app, "jan@example.org")
    assert "Ścieżkę wybiera koordynator" in jan.get(PAGE)
    assert jan.send(f"{PAGE}/sciezka", {"path": "zsl_first"}).status_code == 403
    assert jan.send(f"{PAGE}/krok/akt", {"state": "done", "revision": "0"}).status_code == 302


def test_a_reader_of_a_wojewodztwo_publishes_by_file(app: Flask, sqlite_context: Context) -> None:
    admin = id_of(sqlite_context, "admin@example.org")
    for code in ("06", "0605"):
        regions.appoint(sqlite_context, "jan@example.org", "Jan Łoś", code, admin)
    jan = staff(app, "jan@example.org")
    page = "/panel/region/06/proces"
    assert "Obowiązuje proces serwisu" in jan.get(page)
    written = jan.file(f"{page}/plik").decode()
    assert jan.send(page, {}).status_code == 422
    broken = written.replace("kind: process", "kind: proces")
    assert "Wiersz 2" in jan.send(page, _file(broken)).text
    assert jan.send(page, _file(written.replace("krok po kroku", "w województwie"))).status_code == 302
    assert "Województwo ma własny wariant" in jan.get(page)
    assert jan.send("/panel/region/0605/proces", _file(written)).status_code == 422


def _file(text: str) -> dict[str, object]:
    return {"content": (io.BytesIO(text.encode()), "proces.yml")}
