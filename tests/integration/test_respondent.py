"""A respondent in front of the pages: finds the ankieta, sends it, and never loses what was typed."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from survey_app.forms.handlers import handler
from survey_app.instrument.routing import settle
from survey_app.instrument.values import Answer, State, Value, answered
from survey_app.services.context import Context
from survey_app.services.survey import campaigns, results
from survey_app.web.app import create_app
from survey_app.web.request_body import LARGEST_BODY
from tests.campaign_kit import GMINA, Held, add_gmina, end, hold, lock, send
from tests.page_police import police
from tests.strategies import typed

_KEY = re.compile(r'name="form_key" value="([0-9a-f]{32})"')
_DROP = re.compile(r'name="drop_off_path" value="([^"]+)"')


@dataclass
class Respondent:
    """Someone with a browser and without scripts; every page is policed."""

    app: Flask
    context: Context
    held: Held

    @property
    def address(self) -> str:
        return f"/a/{self.held.campaign.public_id}"

    def get(self, address: str | None = None, expect: int = 200) -> str:
        return self._checked(self.app.test_client().get(address or self.address), expect)

    def post(self, fields: Mapping[str, str], address: str | None = None, expect: int = 303) -> str:
        answer = self.app.test_client().post(address or self.address, data=fields)
        return self._checked(answer, expect)

    def fill_in(self, fields: Mapping[str, str], address: str | None = None, expect: int = 303) -> str:
        """Opens the page and sends it with its key."""
        return self.post({"form_key": key_of(self.get(address)), **fields}, address, expect)

    def kept(self) -> list[Mapping[str, Answer]]:
        """Every answer that the service kept, as results show them after the lock."""
        lock(self.context, self.held)
        return list(results.load_results(self.context, self.held.campaign.id).records)

    def _checked(self, answer: TestResponse, expect: int) -> str:
        assert answer.status_code == expect, answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers
        if expect != 303:
            police(answer.text)
        return answer.text


def key_of(page: str) -> str:
    found = _KEY.search(page)
    assert found
    return found.group(1)


@pytest.fixture
def gmina_context(sqlite_context: Context) -> Context:
    add_gmina(sqlite_context, 3)
    return sqlite_context


def serve(context: Context, **changes: object) -> Respondent:
    """A campaign that is open now, and its pages. The open link, unless said otherwise."""
    app = create_app(context=context)
    app.testing = True
    return Respondent(app, context, hold(context, **{"access": "open_link", **changes}))


@pytest.fixture
def someone(gmina_context: Context) -> Respondent:
    return serve(gmina_context)


# The page ------------------------------------------------------------------------------------------------------


def test_page_says_who_asks_and_what_is_promised(someone: Respondent) -> None:
    page = someone.get()
    for words in (
        "Godziszów",
        "Ankieta instytucji, jesień 2026",
        "przy zapewnieniu pełnej anonimowości",
        "około 10&nbsp;minut",
        "Administratorem danych jest Wójt Gminy Godziszów.",
        "Odpowiedz tylko, jeśli w pytaniu 2 zaznaczono TAK.",
        "Jeśli NIE, przejdź do pytania 5.",
        "9 listopada 2026",
    ):
        assert words in page


def test_each_page_that_is_served_has_a_key_of_its_own(someone: Respondent) -> None:
    assert len({key_of(someone.get()) for _ in range(3)}) == 3


def test_named_campaign_says_so_first_and_never_promises_anonymity(gmina_context: Context) -> None:
    someone = serve(gmina_context, mode="named", access="invitations")
    page = someone.get(f"{someone.address}/{someone.held.codes[0]}")
    assert "Ta ankieta jest imienna" in page
    assert "odpowiedź w imieniu: Instytucja 001" in page
    assert "anonimow" not in page.replace("/anonimowosc", "")
    other = someone.get(f"{someone.address}/{someone.held.codes[1]}")
    assert "Instytucja 002" in other
    assert "Instytucja 001" not in other


def test_staff_who_are_logged_in_leave_no_trace_on_the_page(someone: Respondent) -> None:
    client = someone.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "1.0"
    answer = client.get(someone.address)
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    "path", ["/a/zzzzzzzzzz", "/a/zzzzzzzzzz/K7WD-M3XP-9RTA-HQ5N", "/a/%00", "/a/x/dziekujemy"]
)
def test_an_unknown_address_is_not_found_in_the_same_words(someone: Respondent, path: str) -> None:
    assert "Nie ma takiej ankiety. Prosimy sprawdzić adres albo kod z zaproszenia." in someone.get(path, 404)


def test_a_foreign_or_broken_token_looks_like_an_unknown_campaign(gmina_context: Context) -> None:
    someone, other = serve(gmina_context, access="invitations"), serve(gmina_context, access="invitations")
    unknown = someone.get("/a/zzzzzzzzzz", 404)
    for token in (other.held.codes[0], "K7WD-M3XP-9RTA-HQ5N", "x", "<script>"):
        assert someone.get(f"{someone.address}/{token}", 404) == unknown


def test_a_draft_is_not_there(gmina_context: Context) -> None:
    someone = serve(gmina_context)
    draft = campaigns.create_campaign(gmina_context, GMINA, campaigns.draft_of(someone.held.campaign), None)
    someone.get(f"/a/{draft.public_id}", 404)


def test_before_the_opening_the_page_says_from_when(gmina_context: Context) -> None:
    someone = serve(gmina_context)
    gmina_context.clock.advance(days=-1)  # type: ignore[attr-defined]
    assert "Zacznie się: 2 listopada 2026, godz. 10:00." in someone.get()
    early = someone.post({"form_key": "a" * 32, "p10": "za wcześnie"}, expect=409)
    assert "jeszcze się nie zaczęła" in early
    assert "za wcześnie" in early


def test_after_the_close_the_page_says_so_kindly(someone: Respondent) -> None:
    gmina_clock = someone.context.clock
    gmina_clock.set(someone.held.campaign.closes_at)  # type: ignore[attr-defined]
    assert "termin minął" in someone.get()  # the grace time
    end(someone.context, someone.held)
    assert "Odpowiedzi przyjmowaliśmy do: 9 listopada 2026, godz. 10:00." in someone.get(expect=410)
    assert "policzono" not in someone.get(expect=410)
    lock(someone.context, someone.held)
    assert "Odpowiedzi było bardzo mało" in someone.get(expect=410)


def test_after_the_lock_the_page_says_how_many_were_accepted_and_counted(gmina_context: Context) -> None:
    someone = serve(gmina_context, access="open_link")
    for number in range(5):
        send(gmina_context, someone.held, None, {"p5": "tak" if number % 2 else "nie"})
    end(gmina_context, someone.held)
    lock(gmina_context, someone.held)
    told = someone.get(expect=410).replace("\u00a0", " ")
    assert "Przyjęliśmy 5 odpowiedzi i tyle samo liczą wyniki: 5." in told
    with (
        gmina_context.database.transaction() as session
    ):  # as if somebody had taken an answer out of the results
        session.execute(text("DELETE FROM response WHERE id = (SELECT min(id) FROM response)"))
    told = someone.get(expect=410).replace("\u00a0", " ")
    assert "Przyjęliśmy 5 odpowiedzi, a wyniki liczą 4. Te liczby powinny być równe." in told


# The printed code ----------------------------------------------------------------------------------------------


def test_a_printed_code_leads_to_the_form_whatever_its_spelling(gmina_context: Context) -> None:
    someone = serve(gmina_context, access="invitations")
    code = someone.held.codes[0]
    assert "Kod z zaproszenia" in someone.get()
    for spelling in (code, code.lower(), f" {code.replace('-', ' ')} "):
        answer = someone.app.test_client().post(f"{someone.address}/kod", data={"kod": spelling})
        assert answer.status_code == 303
        assert "form_key" in someone.get(answer.location)


def test_a_wrong_code_comes_back_with_what_was_typed(gmina_context: Context) -> None:
    someone = serve(gmina_context, access="invitations")
    page = someone.post({"kod": '"><b>x'}, f"{someone.address}/kod", 404)
    assert "Nie znamy takiego kodu" in page
    assert 'value="&#34;&gt;&lt;b&gt;x"' in page


# Sending -------------------------------------------------------------------------------------------------------


def test_a_sent_form_is_kept_and_the_address_forgets_the_code(context: Context) -> None:
    add_gmina(context, 3)
    someone = serve(context, access="invitations")
    address = f"{someone.address}/{someone.held.codes[0]}"
    form = {"form_key": key_of(someone.get(address)), "p1": "edukacja", "p2": "nie", "p6-1": "świetlica"}
    answer = someone.app.test_client().post(address, data=form)
    assert (answer.status_code, answer.location) == (303, f"{someone.address}/dziekujemy")
    assert "Twoja odpowiedź została zapisana" in someone.get(answer.location)
    (record,) = someone.kept()
    assert record["p2"] == answered("nie")
    assert record["p3"].state is State.NOT_ASKED
    assert record["p5"].state is State.UNANSWERED
    assert record["p6"].state is State.ANSWERED


def test_the_same_form_sent_again_is_one_answer(someone: Respondent) -> None:
    form = {"form_key": key_of(someone.get()), "p5": "tak"}
    someone.post(form)
    someone.post(form)
    someone.fill_in({"p5": "nie"})
    assert sorted(record["p5"].value for record in someone.kept()) == ["nie", "tak"]  # type: ignore[type-var]


def test_an_empty_form_comes_back_once_before_it_is_an_answer(someone: Respondent) -> None:
    page = someone.fill_in({}, expect=422)
    assert "Nie zaznaczono ani nie wpisano żadnej odpowiedzi" in page
    assert 'name="send_empty"' in page
    someone.post({"form_key": key_of(page), "send_empty": "1"})
    (record,) = someone.kept()
    states = {question_id: answer.state for question_id, answer in record.items()}
    assert {states[question_id] for question_id in ("p2", "p5", "p6", "p7", "p9", "p10")} == {
        State.UNANSWERED
    }
    assert states["p3"] is State.NOT_ASKED


def test_a_used_invitation_gives_back_what_was_typed_to_copy(gmina_context: Context) -> None:
    someone = serve(gmina_context, access="invitations")
    address = f"{someone.address}/{someone.held.codes[0]}"
    before = someone.get(address)
    someone.fill_in({"p5": "tak"}, address)
    after = someone.get(address)
    assert _KEY.sub("", before) == _KEY.sub("", after)
    page = someone.fill_in({"p5": "nie", "p10": "<b>otwarte</b> drzwi"}, address, 410)
    assert "Na to zaproszenie ktoś już odpowiedział" in page
    assert "&lt;b&gt;otwarte&lt;/b&gt; drzwi" in page
    assert len(someone.kept()) == 1


def test_a_form_that_comes_too_late_gives_back_what_was_typed(someone: Respondent) -> None:
    form = {"form_key": key_of(someone.get()), "p10": "spóźnione zdanie"}
    someone.context.clock.set(someone.held.campaign.closes_at)  # type: ignore[attr-defined]
    someone.post({**form, "form_key": key_of(someone.get()), "p10": "w czasie na dosłanie"})
    end(someone.context, someone.held)
    page = someone.post(form, expect=410)
    assert "Ta ankieta jest już zamknięta" in page
    assert "spóźnione zdanie" in page
    assert len(someone.kept()) == 1


def test_named_open_link_needs_the_name_of_the_institution(gmina_context: Context) -> None:
    someone = serve(gmina_context, mode="named")
    page = someone.fill_in({"p5": "tak", "institution_name": " "}, expect=422)
    assert 'href="#institution_name"' in page
    someone.fill_in({"p5": "tak", "institution_name": "Szkoła nr 1"})
    end(someone.context, someone.held)
    campaigns.lock_campaign(someone.context, someone.held.campaign.id, None)
    (record,) = results.named_records(someone.context, someone.held.campaign.id)
    assert record.institution == "Szkoła nr 1"


# Bad input: nothing is kept, nothing is lost -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"p5": "może"}, 422, "nie ma odpowiedzi „może”"),
        ({"p1": "administracja2"}, 422, "nie ma odpowiedzi „administracja2”"),
        ({"p6-1": "x" * 501}, 422, "Prosimy skrócić go o 1\u00a0znak."),
        ({"p9_dlaczego": "y" * 2001, "p9": "nie"}, 422, "może mieć najwyżej 2000"),
        ({"p10": "a\x07b"}, 422, "znak sterujący"),
        ({"p1": "edukacja", "p1-inna": "lasy"}, 422, "wpisano tekst przy „Inna”"),
        ({"p12": "x"}, 400, "Takich pól ta ankieta nie ma: „p12”"),
        ({"institution_name": "Szkoła"}, 400, "„institution_name”"),
        ({"form_key": ""}, 400, "formularz przyszedł niekompletny"),
        ({"p3": "tak"}, 422, "Pytanie 3: jest odpowiedź"),
    ],
)
def test_what_cannot_be_taken_comes_back_whole(
    someone: Respondent, fields: dict[str, str], status: int, words: str
) -> None:
    kept = {"p8-2": "Żółte „karty” <b>", "p7": "tak"}
    page = someone.fill_in({**kept, **fields}, expect=status)
    assert words in page
    assert "Żółte „karty” &lt;b&gt;" in page
    assert '<input type="radio" id="p7" name="p7" value="tak" checked>' in page
    assert "<title>Błąd:" in page
    assert someone.kept() == []


def test_everything_typed_is_still_there_even_the_faulty_part(someone: Respondent) -> None:
    page = someone.fill_in({"p6-2": "x" * 501, "p10": "linia\r\n\r\ndruga"}, expect=422)
    assert "x" * 501 in page
    assert "linia\n\ndruga" in page
    assert 'href="#p6-2"' in page


def test_the_key_of_the_page_survives_a_mend(someone: Respondent) -> None:
    key = key_of(someone.get())
    page = someone.post({"form_key": key, "p5": "może"}, expect=422)
    assert key_of(page) == key
    someone.post({"form_key": key, "p5": "tak"})
    assert [record["p5"].value for record in someone.kept()] == ["tak"]


def test_a_script_in_a_text_is_text(someone: Respondent) -> None:
    page = someone.fill_in({"p10": "<script>alert(1)</script>", "p5": "?"}, expect=422)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_answers_off_the_path_come_back_once_and_are_named(someone: Respondent) -> None:
    form = {"form_key": key_of(someone.get()), "p2": "nie", "p3": "tak", "p4_przyczyny-1": "brak czasu"}
    page = someone.post(form, expect=422)
    assert "Pytanie 3: jest odpowiedź" in page
    assert "brak czasu" in page
    drop = _DROP.search(page)
    assert drop
    assert drop.group(1) == "p3 p4_przyczyny"
    someone.post({**form, "drop_off_path": drop.group(1)})
    (record,) = someone.kept()
    assert (record["p2"], record["p3"].state) == (answered("nie"), State.NOT_ASKED)


def test_what_was_not_named_is_never_dropped(someone: Respondent) -> None:
    form = {"form_key": key_of(someone.get()), "p2": "nie", "p3": "tak", "p9": "tak", "p9_dlaczego": "bo"}
    page = someone.post({**form, "drop_off_path": "p3"}, expect=422)
    assert "bo</textarea>" in page
    assert someone.kept() == []


def test_windows_letters_come_back_to_be_checked(someone: Respondent) -> None:
    key = key_of(someone.get()).encode()
    body = b"form_key=" + key + b"&p10=%BF%F3%B3w"
    answer = someone.app.test_client().post(
        someone.address, data=body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
    assert "żółw</textarea>" in answer.text
    police(answer.text)
    assert someone.kept() == []


@pytest.mark.parametrize(
    ("kind", "size", "status"),
    [
        ("application/x-www-form-urlencoded", 10_000_000, 413),
        ("application/x-www-form-urlencoded", LARGEST_BODY + 1, 413),
        ("multipart/form-data; boundary=x", 100, 415),
        ("application/json", 100, 415),
    ],
)
def test_what_no_form_sends_is_refused_in_plain_words(
    someone: Respondent, kind: str, size: int, status: int
) -> None:
    answer = someone.app.test_client().post(someone.address, data=b"p10=" + b"x" * size, content_type=kind)
    assert answer.status_code == status
    assert "Nic nie zostało zapisane" in answer.text
    police(answer.text)
    assert someone.kept() == []


def test_a_token_that_stopped_working_gives_back_what_was_typed(gmina_context: Context) -> None:
    someone = serve(gmina_context, access="invitations")
    address = f"{someone.address}/{someone.held.codes[0]}"
    form = {"form_key": key_of(someone.get(address)), "p10": "długo pisane zdanie"}
    campaigns.reissue_codes(gmina_context, someone.held.campaign.id, None)
    page = someone.post(form, address, 404)
    assert "długo pisane zdanie" in page
    assert "Nie ma takiej ankiety" in page


# When the store fails ------------------------------------------------------------------------------------------


def test_a_store_that_fails_loses_nothing_and_the_retry_is_one_answer(
    someone: Respondent, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    form = {"form_key": key_of(someone.get()), "p5": "tak", "p10": "sekretne „zdanie”"}

    def failing() -> None:
        raise OperationalError("INSERT sekretne", {}, Exception("disk full"))

    database = someone.context.database

    with monkeypatch.context() as broken, caplog.at_level(logging.DEBUG):
        broken.setattr(database, "engine", SimpleNamespace(begin=failing))
        broken.setattr(database, "_glancers", SimpleNamespace(connect=failing))
        page = someone.post(form, expect=503)
        someone.get(expect=503)
    for name, value in form.items():
        assert f'name="{name}" value="{value}"' in page
    logged = "\n".join(record.getMessage() + str(record.exc_info) for record in caplog.records)
    assert "UnavailableError at survey_app/" in logged
    for secret in (someone.held.campaign.public_id, "sekretne", "/a/"):
        assert secret not in logged
    someone.post(form)
    someone.post(form)
    assert [record["p5"].value for record in someone.kept()] == ["tak"]


def test_a_mistake_in_the_program_loses_nothing_and_logs_no_text(
    someone: Respondent, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from survey_app.services.survey import take_survey

    form = {"form_key": key_of(someone.get()), "p10": "sekretne zdanie"}

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("sekretne zdanie")

    monkeypatch.setattr(take_survey, "submit", broken)
    assert "sekretne zdanie" in someone.post(form, expect=500)
    assert [record.getMessage().split(" at ")[0] for record in caplog.records] == ["RuntimeError"]
    assert "sekretne" not in caplog.text


def test_requests_leave_no_log_line(someone: Respondent, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        someone.fill_in({"p5": "tak"})
        someone.fill_in({"p5": "?"}, expect=422)
        someone.get("/a/zzzzzzzzzz", 404)
    assert [record for record in caplog.records if record.name.startswith(("survey_app", "werkzeug"))] == []


# Whatever is typed ---------------------------------------------------------------------------------------------


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_whatever_is_typed_is_kept_or_named(someone: Respondent, data: st.DataObject) -> None:
    instrument = someone.held.instrument
    values: dict[str, Value] = data.draw(typed(instrument))
    fields: dict[str, str] = {}
    for question_id, value in values.items():
        question = instrument.by_id[question_id]
        sent = handler(question.type).fields(question, value)
        fields |= {name: texts[0] for name, texts in sent.items()}
    if not values:
        fields["send_empty"] = "1"
    off_path = settle(instrument, values).off_path
    page = someone.fill_in(fields, expect=422 if off_path else 303)
    if off_path:
        drop = _DROP.search(page)
        assert drop
        assert drop.group(1).split() == list(off_path)


def test_doubled_slashes_lead_nowhere_and_to_no_other_host(sqlite_context: Context) -> None:
    client = create_app(context=sqlite_context).test_client()
    reply = client.get("/a//abcdefghjk", headers={"Host": "obcy.example"})
    assert reply.status_code == 404
    assert "obcy.example" not in reply.text
