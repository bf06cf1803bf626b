"""Log-ins through a service of the office: whom they let in, there and back, tied by the person, untied."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from survey_app.config import Settings, SingleSignOn
from survey_app.errors import ConfigurationError, ForbiddenError
from survey_app.models import AuditEvent, ExternalIdentity
from survey_app.services import accounts
from survey_app.services.accounts import Person
from survey_app.services.context import Context
from survey_app.services.signing_in import links, second_factor
from survey_app.services.signing_in.single_sign_on import person_of
from survey_app.web.single_sign_on import two_factors
from tests.integration.staff import GMINA, PASSWORD, Staff, people, staff
from tests.page_police import police
from tests.sign_on_kit import (
    BACK,
    CLIENT,
    SECRET,
    START,
    SUBJECT,
    Provider,
    app_with,
    come_back,
    log_in_there,
    other_house,
    set_out,
)

ANNA, JAN, ADMIN = "anna@example.org", "jan@example.org", "admin@example.org"
ISSUER = "https://login.gmina.example"


@pytest.fixture
def team(context: Context) -> Context:
    people(context)
    return context


def found(context: Context, email: str) -> Person:
    person = accounts.find_person(context, email)
    assert person is not None
    return person


def ties(context: Context) -> list[tuple[int, str, str]]:
    with context.database.reading() as session:
        rows = session.scalars(select(ExternalIdentity).order_by(ExternalIdentity.id)).all()
        return [(row.person_id, row.issuer, row.subject) for row in rows]


def traces(context: Context) -> list[tuple[int | None, int]]:
    with context.database.reading() as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "identity_tied")).all()
        return [(row.person_id, int(row.object_id)) for row in rows]


# Whose account


def test_a_verified_address_ties_the_account_once_and_counts_for_nothing_afterwards(team: Context) -> None:
    anna, jan = found(team, ANNA).id, found(team, JAN).id
    assert person_of(team, ISSUER, "a", "Anna@Example.org", True).id == anna
    assert person_of(team, ISSUER, "a", JAN, True).id == anna, "an address that changed there"
    assert person_of(team, ISSUER, "a", None, None).id == anna
    with pytest.raises(ForbiddenError, match="połączone z kimś innym"):
        person_of(team, ISSUER, "b", ANNA, True)
    assert ties(team) == [(anna, ISSUER, "a")]
    assert traces(team) == [(anna, anna)]
    assert person_of(team, ISSUER, "b", JAN, True).id == jan
    assert person_of(team, f"{ISSUER}/other", "a", JAN, True).id == jan, "a subject is one issuer's own"


@pytest.mark.parametrize(
    ("email", "verified", "words"),
    [
        (ANNA, False, "nie potwierdza"),
        (ANNA, None, "nie potwierdza"),
        (ANNA, "true", "nie potwierdza"),
        (ANNA, 1, "nie potwierdza"),
        (None, True, "nie podała adresu"),
        ([ANNA], True, "nie podała adresu"),
        ("nikt@example.org", True, "nie ma konta o adresie nikt@example.org"),
        ("ａnna@example.org", True, "nie ma konta"),
        ("an\u00adna@example.org", True, "nie ma konta"),
        (f" {ANNA}", True, "nie ma konta"),
        (f"{ANNA}\x00", True, "nie ma konta"),
        (ADMIN, True, "administratora"),
        ("maria@example.org", True, "zamknięte"),
    ],
)
def test_nobody_else_is_let_in(team: Context, email: object, verified: object, words: str) -> None:
    accounts.close_account(team, found(team, "maria@example.org").id, None)
    before = len(accounts.everyone(team))
    with pytest.raises(ForbiddenError, match=words):
        person_of(team, ISSUER, "x", email, verified)
    assert ties(team) == []
    assert traces(team) == []
    assert len(accounts.everyone(team)) == before


@pytest.mark.parametrize("subject", [None, "", 5, "x" * 256, "a\x00b"])
def test_a_subject_that_is_none_names_nobody(team: Context, subject: object) -> None:
    with pytest.raises(ForbiddenError, match="czyje to konto"):
        person_of(team, ISSUER, subject, ANNA, True)


def test_who_is_tied_stays_out_once_the_account_is_closed_or_an_administrators(team: Context) -> None:
    anna = person_of(team, ISSUER, "a", ANNA, True)
    accounts.close_account(team, anna.id, None)
    with pytest.raises(ForbiddenError, match="zamknięte"):
        person_of(team, ISSUER, "a", ANNA, True)
    with team.database.transaction() as session:
        from survey_app.store import sign_in

        sign_in.add_identity(session, found(team, ADMIN).id, ISSUER, "boss")
    with pytest.raises(ForbiddenError, match="administratora"):
        person_of(team, ISSUER, "boss", ADMIN, True)


def test_an_invitation_ends_when_its_account_is_tied(team: Context) -> None:
    """Whoever handed it out could choose a password with it."""
    token = accounts.admit(team, GMINA, "nowa@example.org", "Nowa Osoba", "member", found(team, ANNA).id)
    assert links.owner(team, token)
    person_of(team, ISSUER, "n", "nowa@example.org", True)
    with pytest.raises(Exception, match="Ten odnośnik"):
        links.owner(team, token)


def test_log_ins_at_once_tie_once(team: Context) -> None:
    def attempt(pair: tuple[str, str]) -> int | str:
        try:
            return person_of(team, ISSUER, pair[0], pair[1], True).id
        except ForbiddenError as error:
            return error.message[:20]

    anna = found(team, ANNA).id
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(attempt, [("a", ANNA)] * 4)) == {anna}
        others = list(pool.map(attempt, [("j1", JAN), ("j2", JAN), ("j3", JAN), ("j4", JAN)]))
        mixed = list(pool.map(attempt, [("m", "maria@example.org"), ("m", "piotr@example.org")] * 2))
    assert sorted(map(str, others))[1:] == ["To konto jest już po"] * 3
    assert len(set(mixed) - {"To konto jest już po"}) == 1, "one subject is one person"
    assert len(ties(team)) == len(traces(team)) == 3


# Settings


def test_the_settings_of_a_log_in_service(tmp_path: Path) -> None:
    whole = {
        "SURVEY_VAR": str(tmp_path),
        "OIDC_ISSUER": "https://login.gmina.pl/",
        "OIDC_CLIENT_ID": "a",
        "OIDC_CLIENT_SECRET": SECRET,
    }
    settings = Settings.from_environment(whole)
    assert settings.single_sign_on == SingleSignOn("https://login.gmina.pl", "a", SECRET, "konto urzędowe")
    assert SECRET not in repr(settings)
    assert Settings.from_environment({"SURVEY_VAR": str(tmp_path)}).single_sign_on is None
    for name, value in (
        ("OIDC_ISSUER", "http://login.gmina.pl"),
        ("OIDC_ISSUER", "login.gmina.pl"),
        ("OIDC_CLIENT_ID", ""),
        ("OIDC_CLIENT_SECRET", ""),
    ):
        with pytest.raises(ConfigurationError, match=f"^{name}: "):
            Settings.from_environment({**whole, name: value})


def test_an_issuer_whose_name_ends_with_a_slash(
    service: Flask, provider: Provider, sqlite_context: Context
) -> None:
    """It is compared sign by sign in tokens, and is kept as it calls itself."""
    provider.metadata = {"issuer": f"{provider.issuer}/"}
    assert log_in_there(Staff(service.test_client()), provider).status_code == 502
    provider.claims = {"iss": f"{provider.issuer}/"}
    assert log_in_there(Staff(service.test_client()), provider).location == "/panel"
    assert ties(sqlite_context)[0][1] == f"{provider.issuer}/"


# There and back


def test_the_button_is_there_only_where_a_log_in_service_is_set(
    service: Flask, sqlite_context: Context
) -> None:
    page = Staff(service.test_client()).get("/logowanie?next=/panel/konto")
    assert "Zaloguj przez: Konto urzędu" in page
    assert f'href="{START}?next=/panel/konto"' in page
    from survey_app.web.app import create_app

    without = Staff(create_app(context=sqlite_context).test_client())
    assert "Zaloguj przez" not in without.get("/logowanie")
    assert without.client.get(START).status_code == without.client.get(BACK).status_code == 404


def test_it_asks_as_it_should_and_lets_in(
    service: Flask, provider: Provider, sqlite_context: Context
) -> None:
    anna = Staff(service.test_client())
    response = anna.client.get(START, headers={"Host": "evil.example"})
    asked = dict(parse_qsl(urlsplit(response.location).query))
    assert asked["redirect_uri"] == f"https://ankieta.example{BACK}", "whatever the caller says of the host"
    assert asked["response_type"] == "code"
    assert set(asked["scope"].split()) == {"openid", "email"}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 30
    assert len(asked["nonce"]) >= 20
    assert asked["client_id"] == CLIENT
    assert SECRET not in response.location
    assert log_in_there(anna, provider, f"{START}?next=/panel/konto").location == "/panel/konto"
    assert ANNA in anna.get("/panel/konto")
    assert ties(sqlite_context) == [(found(sqlite_context, ANNA).id, provider.issuer, SUBJECT)]
    assert anna.client.get(START).location == "/panel", "logged in already"
    anna.send("/wyloguj")
    assert anna.client.get("/panel").status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.example/panel", "//evil.example", "/panel\\x", "/panel/" + "x" * 5000]
)
def test_it_leads_nowhere_else(service: Flask, provider: Provider, target: str) -> None:
    anna = Staff(service.test_client())
    set_out(anna, provider, f"{START}?next={target}")
    assert come_back(anna, provider).location == "/panel"


def test_one_log_in_at_a_time_is_remembered(service: Flask, provider: Provider) -> None:
    anna = Staff(service.test_client())
    first = set_out(anna, provider)["state"]
    for _ in range(5):
        set_out(anna, provider)
    assert come_back(anna, provider, state=first).status_code == 400
    assert len(anna.client.get_cookie("panel").value) < 1000  # type: ignore[union-attr]
    assert come_back(anna, provider).location == "/panel"


def test_our_own_second_factor_follows_unless_two_were_asked_for_there(
    sqlite_context: Context, provider: Provider
) -> None:
    people(sqlite_context)
    service = app_with(sqlite_context, provider.issuer, second_factor_required=True)
    anna = Staff(service.test_client())
    assert log_in_there(anna, provider).location.startswith("/logowanie/drugi-skladnik")
    assert anna.client.get(f"/panel/{GMINA}").status_code == 302
    provider.claims = {"amr": ["pwd", "otp"]}
    other = Staff(service.test_client())
    assert log_in_there(other, provider).location == "/panel"
    assert other.client.get(f"/panel/{GMINA}").status_code == 200
    provider.claims = {"sub": "jan", "email": JAN}
    assert log_in_there(Staff(service.test_client()), provider).location == "/panel", "a member needs none"
    jan = found(sqlite_context, JAN)
    with sqlite_context.database.transaction() as session:
        from survey_app.store import sign_in

        sign_in.put_factor(session, jan.id, b"x")
        sign_in.factor(session, jan.id).confirmed_at = sqlite_context.clock()  # type: ignore[union-attr]
    assert second_factor.state(sqlite_context, jan.id)
    assert log_in_there(Staff(service.test_client()), provider).location.startswith("/logowanie/kod")


@pytest.mark.parametrize(
    ("amr", "two"),
    [
        (["mfa"], True),
        (["pwd", "otp"], True),
        (["pin", "hwk"], True),
        (["face", "sms"], True),
        (["pwd"], False),
        (["otp", "hwk"], False),
        (["pwd", "pin"], False),
        (["pwd", "user"], False),
        (["MFA"], False),
        ([], False),
        ("mfa", False),
        (None, False),
        ([["mfa"], 5, None], False),
    ],
)
def test_two_factors_are_two_kinds_of_proof(amr: object, two: bool) -> None:
    assert two_factors(amr) is two


def test_the_address_may_come_from_the_userinfo_endpoint(service: Flask, provider: Provider) -> None:
    provider.metadata = {"userinfo_endpoint": f"{provider.issuer}/userinfo"}
    provider.claims = {"email": ..., "email_verified": ...}
    provider.userinfo = {"sub": "somebody else", "email": ANNA, "email_verified": True}
    assert log_in_there(Staff(service.test_client()), provider).status_code == 502
    provider.userinfo["sub"] = SUBJECT
    assert log_in_there(Staff(service.test_client()), provider).location == "/panel"


def test_who_has_no_account_is_told_what_to_do(service: Flask, provider: Provider) -> None:
    provider.claims = {"email": "nikt@example.org"}
    response = log_in_there(Staff(service.test_client()), provider)
    assert response.status_code == 403
    police(response.text)
    assert "nie ma konta o adresie nikt@example.org" in response.text
    assert 'href="/logowanie' in response.text


# By the person, and undone


def begin_tying(person: Staff, provider: Provider) -> None:
    person.get("/panel/konto/usluga")
    page = person.send("/panel/konto/usluga", {"password": PASSWORD})
    onward = re.search(r'href="([^"]+/authorize[^"]+)"', page.text)
    assert onward is not None
    provider.asked = dict(parse_qsl(urlsplit(unescape(onward[1])).query))
    assert provider.asked["prompt"] == "login", "not as whoever used this browser there before"


def test_who_is_logged_in_ties_the_account_where_no_address_is_verified(
    service: Flask, provider: Provider, sqlite_context: Context
) -> None:
    provider.claims = {"email_verified": ...}
    anna = Staff(service.test_client())
    refusal = log_in_there(anna, provider)
    assert refusal.status_code == 403
    assert "na stronie „Konto”" in refusal.text
    anna.log_in(ANNA)
    assert "Połącz konto" in anna.get("/panel/konto")
    anna.get("/panel/konto/usluga")
    assert anna.send("/panel/konto/usluga", {"password": "wrong"}).status_code == 422
    begin_tying(anna, provider)
    assert come_back(anna, provider).location == "/panel/konto"
    assert "jest połączone" in anna.get("/panel/konto")
    assert ties(sqlite_context) == [(found(sqlite_context, ANNA).id, provider.issuer, SUBJECT)]
    begin_tying(anna, provider)
    assert come_back(anna, provider).location == "/panel/konto", "once more changes nothing"
    provider.claims["sub"] = "another"
    begin_tying(anna, provider)
    assert come_back(anna, provider).status_code == 403
    provider.claims["sub"] = SUBJECT
    jan = staff(service, JAN)
    begin_tying(jan, provider)
    assert come_back(jan, provider).status_code == 403, "it is Anna's"
    assert len(ties(sqlite_context)) == len(traces(sqlite_context)) == 1
    assert log_in_there(Staff(service.test_client()), provider).location == "/panel"


def test_tying_that_somebody_else_began_ties_nothing(
    service: Flask, provider: Provider, sqlite_context: Context
) -> None:
    anna = staff(service, ANNA)
    begin_tying(anna, provider)
    anna.get("/panel/konto")
    with anna.client.session_transaction() as held:
        state = {key: value for key, value in held.items() if key.startswith("_state_office")}
    other, nobody = staff(service, JAN), Staff(service.test_client())
    for person in (other, nobody):
        with person.client.session_transaction() as session:
            session.update(state)
    assert come_back(other, provider).location == "/panel"
    assert come_back(nobody, provider).status_code == 400
    assert ties(sqlite_context) == []


def test_an_administrator_ties_nothing_and_unties_others(
    service: Flask, provider: Provider, sqlite_context: Context
) -> None:
    anna, admin = Staff(service.test_client()), staff(service, ADMIN)
    log_in_there(anna, provider)
    assert "Połącz konto" not in admin.get("/panel/konto")
    provider.claims = {"sub": "admin"}
    begin_tying(admin, provider)
    assert come_back(admin, provider).status_code == 403
    address = f"/panel/admin/osoba/{found(sqlite_context, ANNA).id}"
    assert "Rozłącz" in admin.get(address)
    assert admin.send(f"{address}/usluga").status_code == 303
    assert "Rozłącz" not in admin.get(address)
    assert admin.send(f"{address}/usluga").status_code == 404
    assert ties(sqlite_context) == []
    assert anna.client.get(f"/panel/{GMINA}").status_code == 302, "the session is over"
    provider.claims = {"sub": "new number"}
    assert log_in_there(anna, provider).location == "/panel"


# The provider of another house


@pytest.mark.parametrize("mailed", [True, False])
@pytest.mark.usefixtures("_no_proxy")
def test_a_provider_of_another_house(sqlite_context: Context, mailed: bool) -> None:
    """oidc-provider-mock: discovery, a form, codes and tokens that this project did not write."""
    people(sqlite_context)
    with other_house(email=ANNA, email_verified=mailed) as issuer:
        service = app_with(sqlite_context, issuer)
        anna = Staff(service.test_client())
        form = anna.client.get(f"{START}?next=/panel/konto").location
        assert form.startswith(issuer)
        assert requests.get(form, timeout=30).status_code == 200
        back = requests.post(form, data={"sub": "anna"}, timeout=30, allow_redirects=False).headers[
            "Location"
        ]
        assert back.startswith(f"https://ankieta.example{BACK}?")
        came = anna.client.get(back.removeprefix("https://ankieta.example"))
        assert (came.status_code, came.location) == ((302, "/panel/konto") if mailed else (403, None))
        denied = Staff(service.test_client())
        form = denied.client.get(START).location
        back = requests.post(form, data={"action": "deny"}, timeout=30, allow_redirects=False).headers[
            "Location"
        ]
        assert denied.client.get(back.removeprefix("https://ankieta.example")).status_code == 403
