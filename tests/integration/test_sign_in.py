"""The second factor, sessions that can be seen and ended, links, and limits that all processes share."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey_app.errors import ConflictError, GoneError, InvalidInputError
from survey_app.models import AttemptCount, SecondFactor
from survey_app.services import accounts, housekeeping
from survey_app.services.accounts import Person
from survey_app.services.context import Context
from survey_app.services.signing_in import links, second_factor, sessions
from survey_app.web.app import create_app
from tests import naughty
from tests.integration.staff import GMINA, OTHER_GMINA, PASSWORD, Staff, people, staff
from tests.stores import Clock

ANNA, JAN, ADMIN = "anna@example.org", "jan@example.org", "admin@example.org"


def code_at(context: Context, secret: str, seconds: int = 0) -> str:
    """What a telephone shows that many seconds from now."""
    import base64

    word = secret.replace(" ", "")
    key = base64.b32decode(word + "=" * (-len(word) % 8))
    totp = TOTP(key, 6, SHA1(), 30)
    return totp.generate(int(context.clock().timestamp()) + seconds).decode()


def found(context: Context, email: str) -> Person:
    person = accounts.find_person(context, email)
    assert person is not None
    return person


@pytest.fixture
def team(context: Context) -> Context:
    people(context)
    return context


@pytest.fixture
def strict(sqlite_context: Context) -> Flask:
    """A service as an operator has it: coordinators and administrators need a second factor."""
    settings = dataclasses.replace(sqlite_context.settings, second_factor_required=True)
    context = dataclasses.replace(sqlite_context, settings=settings)
    people(context)
    return create_app(context=context)


def context_of(app: Flask) -> Context:
    held: Context = app.extensions["context"]
    return held


def enrolled(context: Context, email: str) -> tuple[str, list[str]]:
    """The secret in the telephone, and the recovery codes."""
    person = found(context, email)
    secret = second_factor.enrol(context, person).secret
    return secret, second_factor.confirm(context, person.id, code_at(context, secret))


# Codes


def test_a_code_works_once_and_for_a_minute_and_a_half(team: Context, clock: Clock) -> None:
    secret, _ = enrolled(team, ANNA)
    anna = found(team, ANNA).id
    clock.advance(minutes=5)
    now = code_at(team, secret)
    assert second_factor.check(team, anna, f"{now[:3]} {now[3:]}")
    assert not second_factor.check(team, anna, now), "used"
    clock.advance(minutes=5)
    assert second_factor.check(team, anna, code_at(team, secret, -30)), "the telephone is late"
    assert second_factor.check(team, anna, code_at(team, secret, 30)), "the telephone is early"
    assert not second_factor.check(team, anna, code_at(team, secret)), "older than one that was used"
    clock.advance(minutes=5)
    assert not second_factor.check(team, anna, code_at(team, secret, -90))
    assert not second_factor.check(team, anna, code_at(team, secret, 90))
    assert not second_factor.check(team, anna, "")
    assert not second_factor.check(team, anna, "żółty kod \udc80")


def test_one_code_lets_one_in_even_twice_at_the_same_moment(team: Context, clock: Clock) -> None:
    secret, recovery = enrolled(team, ANNA)
    anna = found(team, ANNA).id
    clock.advance(minutes=5)
    for code in (code_at(team, secret), recovery[0]):
        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(lambda _, typed=code: second_factor.check(team, anna, typed), range(4))) == 1


def test_a_recovery_code_works_once_however_it_is_typed(team: Context) -> None:
    _, codes = enrolled(team, ANNA)
    anna = found(team, ANNA).id
    assert len(set(codes)) == 10
    assert second_factor.check(team, anna, f" {codes[0].replace('-', ' ').upper()} ")
    assert not second_factor.check(team, anna, codes[0])
    assert not second_factor.check(team, found(team, JAN).id, codes[1]), "somebody else's"
    state = second_factor.state(team, anna)
    assert state is not None
    assert state.codes_left == 9
    fresh = second_factor.new_recovery_codes(team, anna, codes[1])
    assert not second_factor.check(team, anna, codes[2]), "new codes end the old ones"
    assert second_factor.check(team, anna, fresh[0])


def test_the_secret_is_not_in_the_store_and_opens_in_its_own_row_alone(team: Context) -> None:
    secret, _ = enrolled(team, ANNA)
    enrolled(team, JAN)
    with team.database.transaction() as session:
        of_anna = session.get_one(SecondFactor, found(team, ANNA).id)
        of_jan = session.get_one(SecondFactor, found(team, JAN).id)
        assert secret.replace(" ", "").encode() not in of_anna.sealed_secret
        of_jan.sealed_secret, of_jan.last_step = of_anna.sealed_secret, 0
    with pytest.raises(ConflictError):
        second_factor.check(team, found(team, JAN).id, code_at(team, secret))


def test_a_new_secret_of_the_service_takes_over_while_the_old_one_is_still_named(
    team: Context, clock: Clock
) -> None:
    secret, _ = enrolled(team, ANNA)
    clock.advance(minutes=5)
    anna, old = found(team, ANNA).id, team.settings.secret_key
    changed = dataclasses.replace(team.settings, secret_key="another-" + "7" * 40)
    with pytest.raises(ConflictError):
        second_factor.check(dataclasses.replace(team, settings=changed), anna, code_at(team, secret))
    moving = dataclasses.replace(changed, secret_key_fallbacks=(old,))
    assert second_factor.check(dataclasses.replace(team, settings=moving), anna, code_at(team, secret))
    clock.advance(minutes=5)
    alone = dataclasses.replace(team, settings=changed)
    assert second_factor.check(alone, anna, code_at(team, secret)), "its use sealed it under the new one"


# The way in


def test_who_must_have_a_second_factor_sets_it_up_before_anything_opens(strict: Flask, clock: Clock) -> None:
    anna = Staff(strict.test_client())
    onward = anna.log_in(ANNA).location
    assert onward == "/logowanie/drugi-skladnik"
    assert anna.client.get(f"/panel/{GMINA}").status_code == 302, "a password alone opens nothing"
    page = anna.get(onward)
    secret = re.search(r'id="klucz">([^<]+)<', page)
    assert secret is not None
    assert anna.send(onward, {"code": "000000"}).status_code == 422
    assert secret[1] in anna.get(onward), "asked again, the same key"
    codes = anna.send(onward, {"code": code_at(context_of(strict), secret[1])})
    assert codes.status_code == 200
    assert len(re.findall(r"<li><code>", codes.text)) == 10
    assert "Janów Lubelski" in anna.get(f"/panel/{GMINA}")

    clock.advance(minutes=5)
    again = Staff(strict.test_client())
    assert again.log_in(ANNA).location == "/logowanie/kod"
    assert again.client.get("/panel").status_code == 302
    again.get("/logowanie/kod")
    assert again.send("/logowanie/kod", {"code": "123456"}).status_code == 422
    now = code_at(context_of(strict), secret[1])
    assert again.send("/logowanie/kod?next=/panel/konto", {"code": now}).location == "/panel/konto"


def test_who_needs_none_is_asked_for_none(strict: Flask) -> None:
    assert Staff(strict.test_client()).log_in(JAN).location == "/panel"


def test_the_second_step_has_ten_minutes_and_needs_the_first(strict: Flask, clock: Clock) -> None:
    secret, _ = enrolled(context_of(strict), ANNA)
    stranger = Staff(strict.test_client())
    for address in ("/logowanie/kod", "/logowanie/drugi-skladnik"):
        assert stranger.client.get(address).location.startswith("/logowanie?sesja=koniec")
    anna = Staff(strict.test_client())
    anna.log_in(ANNA)
    anna.get("/logowanie/kod")
    clock.advance(minutes=11)
    late = anna.send("/logowanie/kod", {"code": code_at(context_of(strict), secret)})
    assert late.location.startswith("/logowanie?sesja=koniec")
    assert anna.client.get("/panel").status_code == 302


def test_a_factor_in_use_cannot_be_set_up_anew_with_a_password_alone(strict: Flask) -> None:
    enrolled(context_of(strict), ANNA)
    anna = Staff(strict.test_client())
    anna.log_in(ANNA)
    assert anna.client.get("/logowanie/drugi-skladnik").status_code == 409


def test_who_becomes_a_coordinator_needs_a_factor_from_then_on(strict: Flask) -> None:
    jan = Staff(strict.test_client())
    jan.log_in(JAN)
    assert jan.client.get(f"/panel/{GMINA}").status_code == 200
    accounts.make_coordinator(context_of(strict), JAN, OTHER_GMINA, None)
    assert jan.client.get(f"/panel/{GMINA}").status_code == 302


def test_the_limit_on_codes_holds(strict: Flask, clock: Clock) -> None:
    secret, _ = enrolled(context_of(strict), ANNA)
    anna = Staff(strict.test_client())
    anna.log_in(ANNA)
    anna.address = "/logowanie/kod"
    answers = [anna.send("/logowanie/kod", {"code": "123456"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    clock.advance(seconds=30)
    assert anna.send("/logowanie/kod", {"code": code_at(context_of(strict), secret)}).status_code == 429


def test_another_telephone_and_switching_off(strict: Flask, clock: Clock) -> None:
    context = context_of(strict)
    secret, _ = enrolled(context, ANNA)
    enrolled(context, JAN)
    clock.advance(minutes=5)
    anna = Staff(strict.test_client())
    anna.log_in(ANNA)
    anna.address = "/logowanie/kod"
    anna.send("/logowanie/kod", {"code": code_at(context, secret)})
    page = anna.get("/panel/konto")
    assert "Zmień telefon" in page
    clock.advance(minutes=1)
    off = "/panel/konto/drugi-skladnik/wylaczenie"
    assert anna.send(off, {"code": "000000"}).status_code == 422
    assert anna.send(off, {"code": code_at(context, secret)}).location.startswith("/logowanie/drugi-skladnik")
    assert anna.client.get(f"/panel/{GMINA}").status_code == 302


def test_a_member_switches_it_on_and_off(strict: Flask, clock: Clock) -> None:
    context = context_of(strict)
    jan = Staff(strict.test_client())
    jan.log_in(JAN)
    page = jan.get("/panel/konto/drugi-skladnik")
    secret = re.search(r'id="klucz">([^<]+)<', page)
    assert secret is not None
    assert (
        "Kody zapasowe" in jan.send("/panel/konto/drugi-skladnik", {"code": code_at(context, secret[1])}).text
    )
    clock.advance(minutes=1)
    jan.get("/panel/konto")
    fresh = jan.send("/panel/konto/kody-zapasowe", {"code": code_at(context, secret[1])})
    codes = re.findall(r"<code>([^<]+)</code>", fresh.text)
    assert len(codes) == 10
    assert jan.send("/panel/konto/drugi-skladnik/wylaczenie", {"code": codes[0]}).status_code == 303
    assert Staff(strict.test_client()).log_in(JAN).location == "/panel"


def test_the_administrator_resets_a_lost_factor(strict: Flask, clock: Clock) -> None:
    context = context_of(strict)
    secret, _ = enrolled(context, ADMIN)
    enrolled(context, ANNA)
    clock.advance(minutes=5)
    admin = Staff(strict.test_client())
    admin.log_in(ADMIN)
    admin.address = "/logowanie/kod"
    admin.send("/logowanie/kod", {"code": code_at(context, secret)})
    address = f"/panel/admin/osoba/{found(context, ANNA).id}"
    assert "Wyzeruj drugi składnik" in admin.get(address)
    admin.send(f"{address}/drugi-skladnik")
    assert second_factor.state(context, found(context, ANNA).id) is None
    assert "Wyzeruj drugi składnik" not in admin.get(address)
    assert Staff(strict.test_client()).log_in(ANNA).location == "/logowanie/drugi-skladnik"


# Sessions


def test_sessions_are_seen_and_ended(sqlite_context: Context, clock: Clock) -> None:
    people(sqlite_context)
    app = create_app(context=sqlite_context)
    phone, desk = staff(app), staff(app)
    for browser, agent in ((phone, "Android Firefox/140"), (desk, "Windows NT Chrome/150 Safari Edg/150")):
        browser.client.environ_base["HTTP_USER_AGENT"] = agent
        browser.log_in(JAN)
    page = desk.get("/panel/konto")
    assert "Firefox, Android" in page
    assert "Edge, Windows (ta sesja)" in page
    others = re.findall(r"/panel/konto/sesje/(\d+)/koniec", page)
    assert len(others) == 1
    desk.send(f"/panel/konto/sesje/{others[0]}/koniec")
    assert phone.client.get("/panel").status_code == 302
    assert desk.client.get("/panel/konto").status_code == 200
    assert desk.send(f"/panel/konto/sesje/{others[0]}/koniec").status_code == 404
    phone.log_in(JAN)
    desk.send("/panel/konto/sesje/koniec")
    assert phone.client.get("/panel").status_code == 302


def test_nobody_ends_somebody_elses_session(sqlite_context: Context) -> None:
    people(sqlite_context)
    app = create_app(context=sqlite_context)
    anna, jan = staff(app, ANNA), staff(app, JAN)
    of_anna = sessions.of_person(sqlite_context, found(sqlite_context, ANNA).id)[0].id
    assert jan.send(f"/panel/konto/sesje/{of_anna}/koniec").status_code == 404
    assert anna.client.get("/panel/konto").status_code == 200


def test_a_log_out_ends_this_session_even_for_a_copied_cookie(sqlite_context: Context) -> None:
    people(sqlite_context)
    app = create_app(context=sqlite_context)
    here, there = staff(app, JAN), staff(app, JAN)
    copied = here.client.get_cookie("panel")
    assert copied is not None
    here.send("/wyloguj")
    thief: FlaskClient = app.test_client()
    thief.set_cookie("panel", copied.value)
    assert thief.get("/panel").status_code == 302
    assert there.client.get(f"/panel/{GMINA}").status_code == 200, "another browser goes on"


def test_a_session_ends_by_itself_and_leaves_the_store(team: Context, clock: Clock) -> None:
    jan = found(team, JAN).id
    idle = sessions.begin(team, jan, "Firefox", with_factor=False)
    used = sessions.begin(team, jan, "Firefox", with_factor=False)
    for _ in range(9):
        clock.advance(minutes=50)
        assert sessions.alive(team, used) is not None
    assert sessions.alive(team, idle) is None
    clock.advance(minutes=29)
    assert sessions.alive(team, used) is not None
    clock.advance(minutes=1)
    assert sessions.alive(team, used) is None, "eight hours are over"
    housekeeping.run_once(team)
    assert sessions.of_person(team, jan) == []


def test_a_clock_set_back_ends_no_session(team: Context, clock: Clock) -> None:
    token = sessions.begin(team, found(team, JAN).id, "Firefox", with_factor=False)
    clock.advance(hours=-3)
    assert sessions.alive(team, token) is not None


# Links


def test_a_link_works_once_for_seven_days_and_the_newest_alone(team: Context, clock: Clock) -> None:
    jan = found(team, JAN)
    first, second = links.issue(team, jan.id, None), links.issue(team, jan.id, None)
    with pytest.raises(GoneError):
        links.use(team, first, "nowe drzwi do lasu 7")
    with pytest.raises(InvalidInputError):
        links.use(team, second, "krótkie")
    assert links.use(team, second, "nowe drzwi do lasu 7").id == jan.id
    with pytest.raises(GoneError):
        links.use(team, second, "nowe drzwi do lasu 7")
    late = links.issue(team, jan.id, None)
    clock.advance(days=7)
    with pytest.raises(GoneError):
        links.owner(team, late)
    with pytest.raises(GoneError):
        links.owner(team, "zmyślony \udc80")


def test_a_link_of_a_closed_account_is_over(team: Context) -> None:
    jan = found(team, JAN)
    token = links.issue(team, jan.id, None)
    accounts.close_account(team, jan.id, None)
    with pytest.raises(GoneError):
        links.use(team, token, "nowe drzwi do lasu 7")


def test_a_team_gives_nothing_to_an_account_that_waits_for_anothers_invitation(team: Context) -> None:
    """Whoever holds the first link could use what the second team gives."""
    anna, obca, admin = (found(team, email).id for email in (ANNA, "obca@example.org", ADMIN))
    accounts.admit(team, GMINA, "ola@example.org", "Ola", "member", anna)
    with pytest.raises(InvalidInputError) as refused:
        accounts.admit(team, OTHER_GMINA, "ola@example.org", "Ola", "member", obca)
    assert refused.value.faults[0].code == "account_waits"
    token = accounts.admit(team, OTHER_GMINA, "ola@example.org", "Ola", "member", admin)
    links.use(team, token, PASSWORD)
    assert accounts.admit(team, GMINA, "ola@example.org", "Ola", "coordinator", anna) == ""


# Limits


def test_tries_are_counted_over_processes_and_name_nobody(team: Context, clock: Clock) -> None:
    """Two applications on one store are two processes: what one counted, the other knows."""
    one, two = (create_app(context=team) for _ in range(2))
    answers = []
    for number in range(11):
        person = Staff((one, two)[number % 2].test_client())
        answers.append(person.log_in(JAN, "nie to hasło wcale").status_code)
    assert answers == [422] * 10 + [429]
    with team.database.reading() as session:
        kept = session.scalars(select(AttemptCount)).all()
    assert {len(row.key) for row in kept} == {64}
    assert not any(word in repr([row.key for row in kept]) for word in ("127.0.0.1", "jan"))
    clock.advance(minutes=15)
    assert Staff(two.test_client()).log_in(JAN).status_code == 302
    housekeeping.run_once(team)
    clock.advance(minutes=16)
    housekeeping.run_once(team)
    with team.database.reading() as session:
        assert session.scalars(select(AttemptCount)).all() == []


def test_a_whole_training_logs_in_from_one_address(sqlite_context: Context) -> None:
    people(sqlite_context)
    app = create_app(context=sqlite_context)
    team = (ANNA, JAN, ADMIN, "maria@example.org", "piotr@example.org", "obca@example.org")
    for _ in range(5):
        for email in team:
            assert Staff(app.test_client()).log_in(email).status_code == 302
    answers = [
        Staff(app.test_client()).log_in(f"nikt{number}@example.org").status_code for number in range(21)
    ]
    assert answers == [422] * 20 + [429]


def test_tries_that_come_at_once_are_all_counted(team: Context) -> None:
    from survey_app.services.signing_in import attempts

    with ThreadPoolExecutor(8) as pool:
        counted = sorted(pool.map(lambda _: attempts.hit(team, "k" * 64, 900, 1), range(24)))
    assert counted == list(range(1, 25))
    tries, until = attempts.tries(team, "k" * 64)
    assert tries == 24
    assert until == team.clock() + dt.timedelta(minutes=15)


# Anything may be typed


def test_no_text_breaks_the_way_in(context: Context, clock: Clock) -> None:
    """Half-way through a log-in, by a link and on the page of the account; nothing of it lets anybody in."""
    if context.database.is_sqlite:
        typed = naughty.texts()[::4]
    else:  # it minds what SQLite takes
        typed = [*naughty.BY_KIND["control"], *naughty.BY_KIND["nonesuch"]]
    typed = [text for text in typed if not re.search("[\ud800-\udfff]", text)]  # no form can carry those
    settings = dataclasses.replace(context.settings, second_factor_required=True)
    context = dataclasses.replace(context, settings=settings)
    people(context)
    app = create_app(context=context)
    enrolled(context, ANNA)
    token = links.issue(context, found(context, "piotr@example.org").id, None)
    anna, admin, jan = (Staff(app.test_client()) for _ in range(3))
    _, codes = enrolled(context, "maria@example.org")
    for number, text in enumerate(typed):
        clock.advance(minutes=16)  # past every limit, and within a session
        sent = {"code": text, "new": text, "again": text, "email": text, "password": text}
        for person, email in ((anna, ANNA), (admin, ADMIN), (jan, JAN)):
            person.log_in(email)
        if number % 20 == 0:  # her session has its age, too
            maria = Staff(app.test_client())
            maria.log_in("maria@example.org")
            maria.address = "/logowanie/kod"
            maria.send("/logowanie/kod", {"code": codes.pop()})
        for person, address, door in (
            (anna, "/logowanie/kod", "/logowanie/kod"),
            (admin, "/logowanie/drugi-skladnik", "/logowanie/drugi-skladnik"),
            (jan, "/panel/konto/drugi-skladnik", "/panel/konto/drugi-skladnik"),
            (maria, "/panel/konto/kody-zapasowe", "/panel/konto"),
            (maria, "/panel/konto/drugi-skladnik/wylaczenie", "/panel/konto"),
            (Staff(app.test_client()), "/logowanie", "/logowanie"),
        ):
            person.address = door
            answer = person.send(address, sent)
            assert answer.status_code == (413 if len(text) > 100_000 else 422), (number, text, address)
            assert f"<{naughty.MARK}" not in answer.text, (number, text, address)
    visitor = Staff(app.test_client(), f"/konto/{token}")
    short = [text for text in typed if len(text) < 12]
    for text in short:
        clock.advance(minutes=16)
        assert visitor.send(f"/konto/{token}", {"new": text, "again": text}).status_code == 422
    assert anna.client.get("/panel").status_code == 302
    assert admin.client.get("/panel").status_code == 302
