"""Who signed a paper: one by one, many at once, those who leave and come back, entries that become one."""

from __future__ import annotations

import datetime as dt
import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import docx
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.method import paper_files, paper_remarks, paper_signatures, papers
from survey_app.services.method.paper_signatures import Signatory, Words
from survey_app.services.method.papers import Content
from survey_app.services.method.signature_history import signature_history
from survey_app.services.method.signature_words import known_words
from survey_app.services.register import catalogue, declarations
from survey_app.services.register.declarations import DeclarationDraft
from survey_app.services.register.merge_catalogue import merge
from survey_app.store import audit
from survey_app.web.app import create_app
from tests.coding_kit import GMINA, Team, add_team, close, decide_all, laid_open_round
from tests.integration.staff import Staff, staff
from tests.paper_kit import offer_for_people

TODAY = dt.date(2026, 11, 2)
EARLIER = dt.date(2026, 10, 20)
ANNA, JAN = "osoba1.060502@example.org", "osoba2.060502@example.org"


@pytest.fixture(autouse=True)
def _definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    offer_for_people(monkeypatch)


@pytest.fixture
def team(context: Context) -> Team:
    """Five institutions; the first two were coded Zwolennicy in a round that is closed."""
    team = add_team(context, 5)
    held = laid_open_round(context, team)
    first, second, *others = team.stakeholders
    codes = {first: "zwolennik", second: "zwolennik", **dict.fromkeys(others, "przeciwnik")}
    decide_all(context, held.id, team, codes)
    close(context, held.id, team)
    return team


@pytest.fixture
def pact(context: Context, team: Team) -> int:
    """Agreed to on 20 October."""
    made = papers.start(context, GMINA, "umowa", Content({"cel": "Razem"}), "", team.coordinator).id
    papers.agree(context, GMINA, made, 1, EARLIER, team.coordinator)
    return made


def listed(context: Context, pact: int) -> list[Signatory]:
    return paper_signatures.signatories(context, GMINA, pact)


def sign(context: Context, pact: int, ids: list[int], on: dt.date = TODAY, words: Words | None = None) -> int:
    return paper_signatures.sign(context, GMINA, pact, ids, on, None, words)


def trace(context: Context) -> list[tuple[str, str]]:
    with context.database.reading() as session:
        found = audit.events(session, gmina_code=GMINA)
        return [(one.action, one.detail) for one in found if one.object_type == "paper"]


def words_of(content: bytes) -> str:
    """All words of a Word document."""
    found = docx.Document(io.BytesIO(content)).element.body.itertext()
    return re.sub(r"\s+", " ", " ".join(found))


def test_many_sign_on_one_day_and_once(context: Context, team: Team, pact: int) -> None:
    first, second, third, *_ = team.stakeholders
    assert sign(context, pact, [first, second]) == 2
    assert sign(context, pact, [first, second, third], EARLIER, Words(" rola\n ", "sala", "Jan")) == 1
    found = {one.stakeholder_id: one for one in listed(context, pact)}
    assert [found[one].signed_on for one in (first, second, third)] == [TODAY, TODAY, EARLIER]
    assert found[third].words == Words("rola", "sala", "Jan")
    others = paper_signatures.candidates(context, GMINA, pact)
    assert [one.id for one in others] == list(team.stakeholders[3:])
    assert [action for action, _ in trace(context)].count("paper_signed") == 3


@pytest.mark.parametrize("day", [EARLIER - dt.timedelta(1), TODAY + dt.timedelta(1)])
def test_nobody_signs_before_the_agreement_or_in_the_future(
    context: Context, team: Team, pact: int, day: dt.date
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        sign(context, pact, list(team.stakeholders[:1]), day)
    assert [fault.where for fault in refused.value.faults] == ["signed_on"]
    assert listed(context, pact) == []


def test_only_what_is_agreed_and_meant_to_be_signed_is_signed(
    context: Context, team: Team, pact: int
) -> None:
    papers.reopen(context, GMINA, pact, team.coordinator)
    with pytest.raises(ConflictError, match="uzgodnione"):
        sign(context, pact, list(team.stakeholders[:1]))
    form = papers.start(context, GMINA, "problemy", Content(), "", team.coordinator).id
    with pytest.raises(NotFoundError):
        sign(context, form, list(team.stakeholders[:1]))
    catalogue.mark_left(context, GMINA, team.stakeholders[0], None)
    papers.agree(context, GMINA, pact, 1, EARLIER, team.coordinator)
    with pytest.raises(ConflictError, match="nie jest już w katalogu"):
        sign(context, pact, list(team.stakeholders[:2]))
    assert listed(context, pact) == []


def test_who_leaves_stays_on_the_list_and_may_sign_anew(context: Context, team: Team, pact: int) -> None:
    sign(context, pact, list(team.stakeholders[:1]), EARLIER)
    (one,) = listed(context, pact)
    left = dt.date(2026, 10, 25)
    for day, reason, where in (
        (EARLIER - dt.timedelta(1), "powód", "left_on"),
        (TODAY + dt.timedelta(1), "powód", "left_on"),
        (left, "  ", "left_reason"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            paper_signatures.leave(context, GMINA, pact, one.id, day, reason, None)
        assert [fault.where for fault in refused.value.faults] == [where]
    for _ in range(2):
        paper_signatures.leave(context, GMINA, pact, one.id, left, "zmiana zadań", None)
    with pytest.raises(ConflictError):
        paper_signatures.leave(context, GMINA, pact, one.id, TODAY, "inny powód", None)
    (gone,) = listed(context, pact)
    assert (gone.left_on, gone.left_reason) == (left, "zmiana zadań")
    with pytest.raises(InvalidInputError):
        paper_signatures.come_back(context, GMINA, pact, one.id, EARLIER, None)
    for _ in range(2):
        paper_signatures.come_back(context, GMINA, pact, one.id, TODAY, None)
    (back,) = listed(context, pact)
    assert (back.signed_on, back.left_on, back.left_reason) == (TODAY, None, "")
    told = [detail for action, detail in trace(context) if action == "paper_returned"]
    assert len(told) == 1
    assert "wcześniej od 20 października 2026 do 25 października 2026" in told[0]


def test_two_entries_that_become_one_keep_the_earlier_signature(
    context: Context, team: Team, pact: int
) -> None:
    into, double, other, *_ = team.stakeholders
    sign(context, pact, [into], TODAY, Words(role="późniejsza", signed_by="Maria"))
    sign(context, pact, [double], EARLIER, Words(role="wcześniejsza"))
    sign(context, pact, [other], EARLIER)
    said = paper_remarks.add(context, GMINA, pact, 1, "Uwaga podwójnego", double, None)
    merge(context, GMINA, double, into, None)
    assert [one.stakeholder_id for one in listed(context, pact)] == [into, other]
    (kept, _) = listed(context, pact)
    assert (kept.signed_on, kept.words) == (EARLIER, Words("wcześniejsza", "", "Maria"))
    (remark,) = paper_remarks.remarks(context, GMINA, pact)
    assert (remark.id, remark.stakeholder_id) == (said, into)


def test_a_double_that_signed_alone_and_one_that_left(context: Context, team: Team, pact: int) -> None:
    into, double, third, fourth, _ = team.stakeholders
    sign(context, pact, [double, third, fourth], EARLIER)
    ids = {one.stakeholder_id: one.id for one in listed(context, pact)}
    paper_signatures.leave(context, GMINA, pact, ids[third], TODAY, "odeszła", None)
    merge(context, GMINA, double, into, None)
    merge(context, GMINA, third, fourth, None)  # still a party as the other
    assert [(one.stakeholder_id, one.left_on) for one in listed(context, pact)] == [
        (into, None),
        (fourth, None),
    ]


def test_the_agreed_paper_is_printed_with_its_signatories(context: Context, team: Team, pact: int) -> None:
    assert "Lista sygnatariuszy" not in words_of(paper_files.docx(context, GMINA, pact))
    sign(
        context, pact, list(team.stakeholders[:1]), EARLIER, Words("instytucja inicjująca", "sala", "Jan Kos")
    )
    printed = words_of(paper_files.docx(context, GMINA, pact))
    for words in (
        "Lista sygnatariuszy",
        "Instytucja 001",
        "instytucja inicjująca",
        "20 października 2026",
        "Jan Kos",
    ):
        assert words in printed
    assert paper_files.pdf(context, GMINA, pact) == paper_files.pdf(context, GMINA, pact)
    papers.reopen(context, GMINA, pact, team.coordinator)
    assert "Lista sygnatariuszy" not in words_of(paper_files.docx(context, GMINA, pact))


def test_the_coordinator_keeps_the_list_on_pages_and_the_team_reads_it(
    context: Context, team: Team, pact: int
) -> None:
    app: Flask = create_app(context=context)
    app.testing = True
    anna, jan = staff(app, ANNA), staff(app, JAN)
    base = f"/panel/{GMINA}/pisma/{pact}/podpisy"
    page = anna.get(f"{base}/wiele")
    assert re.findall(r'name="stakeholders" value="(\d+)"', page) == [
        str(one) for one in team.stakeholders[:2]
    ]
    refused = anna.send(
        f"{base}/wiele", {"signed_on": "2026-11-03", "stakeholders": str(team.stakeholders[0])}
    )
    assert refused.status_code == 422
    assert "Ten dzień jeszcze nie nadszedł" in refused.text
    stray = anna.send(f"{base}/wiele", {"signed_on": "2026-11-02", "stakeholders": str(team.stakeholders[4])})
    assert stray.status_code == 422
    both = [str(one) for one in team.stakeholders[:2]]
    assert anna.send(f"{base}/wiele", {"signed_on": "2026-11-02", "stakeholders": both}).status_code == 303
    typed = {"signed_on": "2.11.2026", "stakeholders": str(team.stakeholders[2]), "role": "partner"}
    assert anna.send(f"{base}/nowy", typed).status_code == 303
    number = listed(context, pact)[0].id
    changed = {"signed_on": "2026-10-30", "role": "inicjująca", "contribution": "", "signed_by": "dyrektorka"}
    assert act(anna, f"{base}/{number}", changed).status_code == 422  # another day needs a reason
    assert act(anna, f"{base}/{number}", {**changed, "why": "zły dzień"}).status_code == 303
    left = {"left_on": "2026-11-01", "left_reason": "zmiana zadań"}
    assert act(anna, f"{base}/{number}/odejscie", left).status_code == 303
    assert act(anna, f"{base}/{number}/powrot", {"signed_on": "2026-10-31"}).status_code == 422
    catalogue.mark_left(context, GMINA, team.stakeholders[1], None)
    read = jan.get(base)
    for words in (
        "zmiana zadań",
        "dyrektorka",
        "Teraz: 2\u00a0sygnatariuszy",
        "Nie ma już tej instytucji w katalogu",
    ):
        assert words in read
    assert "Odchodzi…" not in read
    forbidden(jan, f"{base}/nowy", f"{base}/wiele", f"{base}/{number}/odejscie")
    assert act(anna, f"{base}/{number}/powrot", {"signed_on": "2026-11-01"}).status_code == 303
    assert "Teraz: 3\u00a0sygnatariuszy" in jan.get(base)


def act(person: Staff, address: str, typed: dict[str, str]) -> TestResponse:
    """Opens the page with the form and sends that, with what the page hands back."""
    return person.send(address, {"seen": seen_on(person.get(address)), **typed})


def seen_on(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_a_signature_entered_by_mistake_is_taken_back_for_a_reason(
    context: Context, team: Team, pact: int
) -> None:
    """It stands on no list, in no file and in no count; the paper's history says that it did, and why no more."""
    first, second, *_ = team.stakeholders
    sign(context, pact, [first, second], EARLIER, Words("inicjująca", "sala", "Jan Kos"))
    ids = {one.stakeholder_id: one.id for one in listed(context, pact)}
    paper_signatures.leave(context, GMINA, pact, ids[second], TODAY, "zła instytucja", None)
    with pytest.raises(InvalidInputError) as refused:
        paper_signatures.undo_leaving(context, GMINA, pact, ids[second], " ", None)
    assert [fault.where for fault in refused.value.faults] == ["why"]
    for _ in range(2):
        paper_signatures.undo_leaving(context, GMINA, pact, ids[second], "nie ten wpis", None)
    assert [(one.signed_on, one.left_on, one.left_reason) for one in listed(context, pact)] == [
        (EARLIER, None, "")
    ] * 2
    with pytest.raises(InvalidInputError):
        paper_signatures.take_back(context, GMINA, pact, ids[first], "", team.coordinator)
    papers.reopen(
        context, GMINA, pact, team.coordinator
    )  # a mistake is a mistake, whatever the paper's state
    paper_signatures.take_back(context, GMINA, pact, ids[first], "zła\ninstytucja", team.coordinator)
    papers.agree(context, GMINA, pact, 1, EARLIER, team.coordinator)
    assert [one.stakeholder_id for one in listed(context, pact)] == [second]
    assert first in {one.id for one in paper_signatures.candidates(context, GMINA, pact)}
    printed = words_of(paper_files.docx(context, GMINA, pact))
    assert ("Instytucja 001" in printed, "Instytucja 002" in printed) == (False, True)
    taken, undone, *_ = signature_history(context, GMINA, pact)
    assert (taken.words, taken.name, taken.who) == ("wycofanie pomyłki", "Instytucja 001", "Osoba 1")
    assert taken.detail == "podpis z dnia 20 października 2026; powód: zła instytucja"
    assert (undone.words, undone.name) == ("cofnięcie odejścia", "Instytucja 002")
    assert undone.detail == "odejście z dnia 2 listopada 2026; powód: nie ten wpis"
    assert sign(context, pact, [first], TODAY) == 1  # and may sign in earnest


def test_two_at_one_signature_overwrite_nothing(context: Context, team: Team, pact: int) -> None:
    """Who acts on a page that somebody else has overtaken is told, and what was typed is still there."""
    app: Flask = create_app(context=context)
    app.testing = True
    anna, again = staff(app, ANNA), staff(app, ANNA)
    first, second, *_ = team.stakeholders
    sign(context, pact, [first], EARLIER, Words(role="inicjująca"))
    base, number = f"/panel/{GMINA}/pisma/{pact}/podpisy", listed(context, pact)[0].id
    seen = seen_on(again.get(f"{base}/{number}"))
    typed = {"signed_on": "2026-10-20", "role": "partnerska", "contribution": "", "signed_by": ""}
    assert act(anna, f"{base}/{number}", typed).status_code == 303
    mine = {**typed, "role": "świadcząca", "seen": seen}
    late = again.send(f"{base}/{number}", mine)
    assert late.status_code == 409
    for words in ("W tym czasie ktoś inny zmienił ten podpis", 'value="świadcząca"', "partnerska"):
        assert words in late.text
    for deed, more in (
        ("odejscie", {"left_on": "2026-11-02", "left_reason": "powód"}),
        ("wycofanie", {"why": "błąd"}),
    ):
        assert again.send(f"{base}/{number}/{deed}", {**more, "seen": seen}).status_code == 409
    assert [(one.words.role, one.left_on) for one in listed(context, pact)] == [("partnerska", None)]
    known = again.send(f"{base}/{number}", {**mine, "seen": seen_on(late.text)})
    assert known.status_code == 303  # knowing what it said, it may be said
    seen = seen_on(again.get(f"{base}/{number}"))
    assert act(anna, f"{base}/{number}/wycofanie", {"why": "zła instytucja"}).status_code == 303
    sign(context, pact, [second], TODAY)  # which may be given the same number
    again.get(base)
    gone = again.send(f"{base}/{number}", {**mine, "role": "ostatnia", "seen": seen})
    assert gone.status_code == 409
    assert 'value="ostatnia"' in gone.text
    assert again.send(f"{base}/{number}/wycofanie", {"why": "zła", "seen": seen}).status_code in (303, 409)
    assert [(one.stakeholder_id, one.words.role) for one in listed(context, pact)] == [(second, "")]
    history = again.get(f"/panel/{GMINA}/pisma/{pact}/wersje")
    assert "Wycofanie pomyłki" in history
    assert "powód: zła instytucja" in history


def test_two_who_take_back_at_once_take_back_one(context: Context, team: Team, pact: int) -> None:
    sign(context, pact, list(team.stakeholders[:2]))
    one, other = listed(context, pact)
    start = threading.Barrier(2)

    def take_back(why: str) -> str:
        start.wait()
        try:
            paper_signatures.take_back(context, GMINA, pact, one.id, why, None, one.mark)
        except NotFoundError:
            return ""
        return why

    with ThreadPoolExecutor(2) as both:
        done = [why for why in both.map(take_back, ("pierwszy", "drugi")) if why]
    told = [detail for action, detail in trace(context) if action == "paper_signature_withdrawn"]
    assert len(told) == len(done) == 1
    assert told[0].endswith(f"powód: {done[0]}")
    assert [left.id for left in listed(context, pact)] == [other.id]


def test_what_is_known_of_signatories_need_not_be_typed_again(context: Context, team: Team) -> None:
    """From the paper's own tables, by name, and from the catalogue; and it may still be changed."""
    first, second, third, fourth, _ = team.stakeholders
    rows = {
        "strony": [
            {"_id": "a", "kto": "instytucja  001", "rola": "inicjująca"},
            {"_id": "b", "kto": "Instytucja 003"},
        ],
        "wnosza": [
            {"_id": "a", "kto": "Instytucja 001", "co": "sala"},
            {"_id": "b", "kto": "Instytucja 001", "co": "bus " * 200},
        ],
    }
    pact = papers.start(context, GMINA, "umowa", Content({}, rows), "", team.coordinator).id
    papers.save(context, GMINA, pact, 1, Content({"cel": "nowszy"}, {}), team.coordinator)
    papers.agree(context, GMINA, pact, 1, EARLIER, team.coordinator)  # not the newest
    for who, what in ((first, "świetlica"), (fourth, "bus")):
        draft = DeclarationDraft("contribution", what, TODAY, "lokal")
        declarations.add_declaration(context, GMINA, who, draft, None)
    known = known_words(context, GMINA, papers.view(context, GMINA, pact))
    assert known.words[first].role == "inicjująca"
    assert known.words[first].contribution.startswith("sala; bus")
    assert len(known.words[first].contribution) <= 500
    assert known.words[fourth] == Words(contribution="lokal: bus")
    assert (list(known.named), second in known.words) == ([first, third], False)
    app: Flask = create_app(context=context)
    app.testing = True
    anna, base = staff(app, ANNA), f"/panel/{GMINA}/pisma/{pact}/podpisy"
    assert "Wymienieni w piśmie, jeszcze bez podpisu" in anna.get(base)
    assert re.findall(r"nowy\?kto=(\d+)", anna.get(base)) == [str(first), str(third)]
    page = anna.get(f"{base}/nowy?kto={fourth}")
    assert 'value="lokal: bus"' in page
    typed = {"signed_on": "2026-11-02", "stakeholders": str(fourth), "contribution": "lokal: dwa busy"}
    assert anna.send(f"{base}/nowy", typed).status_code == 303
    offered = anna.get(f"{base}/wiele")
    assert "Rola: inicjująca." in offered
    both = [str(one) for one in (first, second)]
    assert anna.send(f"{base}/wiele", {"signed_on": "2026-11-02", "stakeholders": both}).status_code == 303
    found = {one.stakeholder_id: one.words for one in listed(context, pact)}
    assert found == {
        first: known.words[first],
        second: Words(),
        fourth: Words(contribution="lokal: dwa busy"),
    }


def forbidden(person: Staff, *addresses: str) -> None:
    for address in addresses:
        assert person.client.get(address).status_code == 403
