"""The plan of interviews on both stores: warnings and not walls, nothing overwritten, what is still missing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from typing import Any

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.forms.staff_fields import warsaw_moment
from survey_app.services import accounts, team_people
from survey_app.services.context import Context
from survey_app.services.interviewing import (
    interview_files,
    interview_rules,
    interview_views,
    interviews,
    moderators,
    participants,
)
from survey_app.services.interviewing.interviews import Interview, InterviewDraft, SeatDraft
from survey_app.services.register import catalogue, merge_catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.store import audit
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, OTHER_GMINA, PASSWORD, people
from tests.stores import Clock

SOON = warsaw_moment("2026-11-09", "10:00")
SUNDAY = warsaw_moment("2026-11-08", "16:00")


@pytest.fixture
def service(context: Context) -> Context:
    people(context)
    accounts.create_user(context, "mod@example.org", "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    for name, natural in (("Bank", False), ("Ośrodek", False), ("Zofia Lider", True)):
        catalogue.add_stakeholder(
            context, GMINA, StakeholderDraft(name, "edukacja", internal=True, natural_person=natural), None
        )
    return context


def entry(context: Context, name: str) -> int:
    return next(row.id for row in catalogue.stakeholders(context, GMINA) if row.name == name)


def seat(context: Context, name: str = "Bank", role: str = "manages", letter: str = "A") -> SeatDraft:
    return SeatDraft(letter, entry(context, name), role)


def group(context: Context, count: int) -> tuple[SeatDraft, ...]:
    return tuple(seat(context, role="works", letter=interviews.LETTERS[place]) for place in range(count))


def idi(context: Context, **changes: Any) -> Interview:
    draft = InterviewDraft(SOON, 55, (seat(context),), place="Urząd")
    return interviews.plan(context, GMINA, "idi", dataclasses.replace(draft, **changes), None)


def fgi(context: Context, count: int, **changes: Any) -> Interview:
    draft = InterviewDraft(SOON, 90, group(context, count))
    return interviews.plan(context, GMINA, "fgi", dataclasses.replace(draft, **changes), None)


def refused(context: Context, make: Any) -> dict[str, list[str]]:
    """The faults by place; nothing was added."""
    before = len(interview_views.views(context, GMINA))
    with pytest.raises(InvalidInputError) as error:
        make()
    assert len(interview_views.views(context, GMINA)) == before
    found: dict[str, list[str]] = {}
    for fault in error.value.faults:
        found.setdefault(fault.where, []).append(f"{fault.message} {fault.hint}".strip())
    return found


def covered(context: Context, name: str) -> interview_views.Coverage:
    return next(one for one in interview_views.coverage(context, GMINA) if one.name == name)


def test_an_interview_is_kept_as_it_was_planned(service: Context) -> None:
    made = idi(service, moderator_id=id_of(service, "mod@example.org"), note="Klucz u sołtysa")
    view = interview_views.view(service, interviews.interview(service, GMINA, made.id))
    assert view.interview.starts_at == SOON
    assert (view.moderator, view.moderator_gone, view.told, view.missing) == (
        "Łucja Moderator",
        False,
        (),
        (),
    )
    assert [(one.letter, one.name, one.role) for one in view.seats] == [("A", "Bank", "zarządza")]
    assert (view.limits.minutes, view.limits.people_high) == (55, 1)
    with service.database.reading() as session:
        assert [row.action for row in audit.about(session, "interview", made.id)] == ["interview_planned"]


@pytest.mark.parametrize("count", [1, 5, 13])
def test_a_group_outside_the_method_is_a_warning_with_a_reason(service: Context, count: int) -> None:
    told = refused(service, lambda: fgi(service, count))
    assert f"Liczba osób w FGI: {count}, według metody od 6 do 12." in told["departure_reason"][0]
    made = fgi(service, count, departure_reason="Tylu się zgłosiło.")
    view = interview_views.view(service, interviews.interview(service, GMINA, made.id))
    assert len(view.seats) == count
    assert view.interview.departure_reason == "Tylu się zgłosiło."
    assert len(view.told) == 1


@pytest.mark.parametrize("count", [6, 12])
def test_a_group_of_six_to_twelve_needs_no_reason(service: Context, count: int) -> None:
    assert len(fgi(service, count).seats) == count


def test_a_group_whose_people_are_not_known_yet_can_be_planned(service: Context) -> None:
    made = fgi(service, 0)
    view = interview_views.view(service, interviews.interview(service, GMINA, made.id))
    assert view.missing == ("uczestników", "moderatora", "miejsca albo adresu rozmowy")


@pytest.mark.parametrize("minutes", [59, 121])
def test_an_unusual_length_is_a_warning_with_a_reason(service: Context, minutes: int) -> None:
    told = refused(service, lambda: fgi(service, 8, minutes=minutes))
    assert told["departure_reason"][0].startswith(f"Czas FGI: w planie {minutes} min")
    fgi(service, 8, minutes=minutes, departure_reason="Krótka sala")
    for usual in (60, 120):
        fgi(service, 8, minutes=usual)


def test_a_date_in_the_past_is_a_warning_and_a_sunday_is_fine(service: Context) -> None:
    idi(service, starts_at=SUNDAY)
    past = warsaw_moment("2026-11-01", "10:00")
    told = refused(service, lambda: idi(service, starts_at=past))
    assert told["departure_reason"][0].startswith("Ten termin już minął: 1 listopada 2026, godz. 10:00.")
    made = idi(service, starts_at=past, departure_reason="Wpisujemy później.")
    draft = InterviewDraft(past, 55, (seat(service),), place="Świetlica")
    changed = interviews.change(service, GMINA, made.id, draft, made.revision, None)
    assert changed.place == "Świetlica"  # the old date is not told again


def test_a_moderator_with_two_at_once_is_warned_about(service: Context) -> None:
    moderator = id_of(service, "mod@example.org")
    first = idi(service, moderator_id=moderator)
    for shift in (-54, 0, 54):
        at = SOON + dt.timedelta(minutes=shift)
        told = refused(service, lambda at=at: idi(service, moderator_id=moderator, starts_at=at))  # type: ignore[misc]
        assert (
            "Moderator prowadzi w tym czasie inny wywiad: IDI, 9 listopada 2026, godz. 10:00."
            in (told["departure_reason"][0])
        )
    for shift in (-55, 55):  # one right after the other
        idi(service, moderator_id=moderator, starts_at=SOON + dt.timedelta(minutes=shift))
    draft = InterviewDraft(SOON, 55, (seat(service),), place="Bank", moderator_id=moderator)
    interviews.change(service, GMINA, first.id, draft, first.revision, None)  # not with itself
    interviews.cancel(service, GMINA, first.id, "Choroba", 2, None)
    idi(service, moderator_id=moderator)


def test_another_gminas_interview_clashes_and_tells_nothing_of_it(service: Context) -> None:
    moderator = id_of(service, "mod@example.org")
    moderators.add_moderator(service, OTHER_GMINA, "mod@example.org", "x", None)
    draft = InterviewDraft(SOON, 55, (SeatDraft("A", None, "other"),), place="Tajna", moderator_id=moderator)
    interviews.plan(service, OTHER_GMINA, "idi", draft, None)
    told = refused(service, lambda: idi(service, moderator_id=moderator))
    assert told == {
        "departure_reason": [
            "Moderator prowadzi w tym czasie wywiad w innej gminie. Jeśli tak ma być, prosimy napisać powód."
        ]
    }


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 601}, "minutes"),
        ({"place": "x" * 301}, "place"),
        ({"note": "dzwonek\x07"}, "note"),
        ({"video_link": "javascript:alert(1)"}, "video_link"),
        ({"video_link": "http://meet.example.org/x"}, "video_link"),
        ({"video_link": "https://meet.example.org/x y"}, "video_link"),
        ({"seats": ()}, "rola-A"),
        ({"seats": (SeatDraft("A", 1, ""),)}, "rola-A"),
        ({"seats": (SeatDraft("C", None, "manages"),)}, "rola-C"),
        ({"seats": (SeatDraft("A", 9999, "works"),)}, "rola-A"),
        ({"moderator_id": 9999}, "moderator_id"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_place(
    service: Context, changes: dict[str, Any], where: str
) -> None:
    assert where in refused(service, lambda: idi(service, **changes))


def test_a_moderator_of_another_gmina_cannot_be_chosen(service: Context) -> None:
    stranger = id_of(service, "obcy@example.org")
    assert "moderator_id" in refused(service, lambda: idi(service, moderator_id=stranger))


def test_a_stakeholder_of_another_gmina_has_no_seat(service: Context) -> None:
    foreign = catalogue.add_stakeholder(
        service, OTHER_GMINA, StakeholderDraft("Obcy", "edukacja", True), None
    )
    assert "rola-A" in refused(service, lambda: idi(service, seats=(SeatDraft("A", foreign.id, "works"),)))


def test_of_two_who_edit_at_once_the_second_is_told(service: Context) -> None:
    made = idi(service)
    one = InterviewDraft(SOON, 55, (seat(service),), place="Bank, parter")
    other = dataclasses.replace(one, place="Bank, piętro", minutes=50)
    interviews.change(service, GMINA, made.id, one, made.revision, None)
    for act in (
        lambda: interviews.change(service, GMINA, made.id, other, made.revision, None),
        lambda: interviews.cancel(service, GMINA, made.id, "Choroba", made.revision, None),
        lambda: interviews.hold(service, GMINA, made.id, SOON.date(), (), "", made.revision, None),
    ):
        with pytest.raises(ConflictError, match="ktoś inny zmienił"):
            act()
    assert interviews.interview(service, GMINA, made.id).place == "Bank, parter"
    interviews.change(service, GMINA, made.id, other, made.revision + 1, None)  # knowingly now
    assert interviews.interview(service, GMINA, made.id).place == "Bank, piętro"


def test_of_two_at_the_very_same_moment_one_is_told(service: Context) -> None:
    made = idi(service)
    told: list[str] = []
    start = threading.Barrier(2)

    def save(place: str) -> None:
        start.wait()
        draft = InterviewDraft(SOON, 55, (seat(service),), place=place)
        try:
            interviews.change(service, GMINA, made.id, draft, 1, None)
        except ConflictError:
            told.append(place)

    threads = [threading.Thread(target=save, args=(place,)) for place in ("Parter", "Piętro")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = interviews.interview(service, GMINA, made.id)
    assert {kept.place, *told} == {"Parter", "Piętro"}
    assert (len(told), kept.revision) == (1, 2)


def test_saving_without_a_change_is_no_change(service: Context) -> None:
    made = idi(service)
    draft = InterviewDraft(SOON, 55, (seat(service),), place="Urząd")
    assert interviews.change(service, GMINA, made.id, draft, 1, None).revision == 1


def test_who_agreed_to_be_evidence_stays_with_their_institution(service: Context) -> None:
    """The second yes was for the code of this institution; before it a slip of the plan can be mended."""
    made = idi(service)
    first = answered(service, made, None, 0)
    moved = InterviewDraft(SOON, 55, (seat(service, "Ośrodek"),), place="Urząd")
    interviews.change(service, GMINA, made.id, moved, made.revision, None)
    answered(service, made, True, first)
    now = interviews.interview(service, GMINA, made.id)
    back = InterviewDraft(SOON, 55, (seat(service, "Bank"),), place="Urząd")
    with pytest.raises(InvalidInputError) as error:
        interviews.change(service, GMINA, made.id, back, now.revision, None)
    assert [fault.where for fault in error.value.faults] == ["rola-A"]
    kept = interviews.interview(service, GMINA, made.id)
    assert kept.seats[0].stakeholder_id == entry(service, "Ośrodek")


def answered(service: Context, made: Interview, evidence: bool | None, base: int) -> int:
    """The first yes, and the second as given; the revision that came of it."""
    with service.database.transaction() as session:
        row = interview_rules.require_interview(session, GMINA, made.id, alone=True)
        return participants.record_consent(
            service, session, row, "A", True, evidence, service.clock(), None, base
        ).revision


def test_letters_stay_with_their_seats(service: Context) -> None:
    made = fgi(service, 8)
    rows = {one.letter: one.id for one in made.seats}
    fewer = tuple(one for one in group(service, 8) if one.letter != "C")
    changed = interviews.change(service, GMINA, made.id, InterviewDraft(SOON, 90, fewer), 1, None)
    assert {one.letter: one.id for one in changed.seats} == {k: v for k, v in rows.items() if k != "C"}
    again = interviews.change(service, GMINA, made.id, InterviewDraft(SOON, 90, group(service, 8)), 2, None)
    assert "".join(one.letter for one in again.seats) == "ABCDEFGH"


def test_what_is_missing_counts_what_was_held_and_who_came(service: Context, clock: Clock) -> None:
    assert covered(service, "Bank").needs == (interview_views.Heard(), interview_views.Heard())
    boss = idi(service)
    worker = idi(service, seats=(seat(service, role="works"),), starts_at=SUNDAY)
    group_talk = fgi(service, 8)
    bank = covered(service, "Bank")
    assert (bank.manages.planned_at, bank.works and bank.works.planned_at) == (SOON, SUNDAY)
    assert (bank.complete, bank.planned, bank.groups) == (False, True, 1)
    clock.advance(days=8)
    interviews.hold(service, GMINA, boss.id, dt.date(2026, 11, 9), (), "", 1, None)
    interviews.cancel(service, GMINA, worker.id, "Choroba", 1, None)
    interviews.hold(service, GMINA, group_talk.id, dt.date(2026, 11, 9), "GH", "", 1, None)
    bank = covered(service, "Bank")
    assert bank.manages.held_on == dt.date(2026, 11, 9)
    assert bank.works == interview_views.Heard()  # neither the cancelled one nor a group stands for it
    assert interview_views.coverage(service, GMINA)[-1].name != "Bank"
    second = idi(service, seats=(seat(service, role="works"),), departure_reason="Po terminie")
    interviews.hold(service, GMINA, second.id, dt.date(2026, 11, 10), (), "", 1, None)
    assert covered(service, "Bank").complete
    assert interview_views.coverage(service, GMINA)[-1].name == "Bank"


def test_a_natural_person_needs_one_talk(service: Context) -> None:
    made = idi(service, seats=(seat(service, "Zofia Lider", "other"),))
    interviews.hold(service, GMINA, made.id, dt.date(2026, 11, 1), (), "", 1, None)
    assert covered(service, "Zofia Lider").complete


def test_who_did_not_come_was_not_heard(service: Context) -> None:
    made = fgi(service, 6)
    day = dt.date(2026, 11, 2)
    for absent, reason, where in (("ABCDEF", "", "present"), ("A", "", "departure_reason")):
        with pytest.raises(InvalidInputError) as error:
            interviews.hold(service, GMINA, made.id, day, absent, reason, 1, None)
        assert error.value.faults[0].where == where
    with pytest.raises(InvalidInputError, match="się odbył"):
        interviews.hold(service, GMINA, made.id, day + dt.timedelta(days=1), "", "", 1, None)
    held = interviews.hold(service, GMINA, made.id, day, "A", "Jedna osoba zachorowała.", 1, None)
    assert [one.letter for one in held.seats if one.absent] == ["A"]
    with pytest.raises(ConflictError, match="odbył się"):
        interviews.change(service, GMINA, made.id, InterviewDraft(SOON, 90, group(service, 8)), 2, None)
    restored = interviews.restore(service, GMINA, made.id, 2, None)
    assert (restored.state, restored.held_on, {one.absent for one in restored.seats}) == (
        "planned",
        None,
        {False},
    )


def test_a_cancelled_interview_keeps_its_reason_until_it_is_restored(service: Context) -> None:
    made = idi(service)
    with pytest.raises(InvalidInputError):
        interviews.cancel(service, GMINA, made.id, "  ", 1, None)
    cancelled = interviews.cancel(service, GMINA, made.id, "Choroba\n w domu", 1, None)
    assert (cancelled.state, cancelled.cancelled_reason) == ("cancelled", "Choroba\nw domu")
    with pytest.raises(ConflictError):
        interviews.cancel(service, GMINA, made.id, "Jeszcze raz", 2, None)
    assert interviews.restore(service, GMINA, made.id, 2, None).cancelled_reason == ""


def test_seats_follow_a_merged_entry_and_keep_one_that_left(service: Context) -> None:
    made = idi(service)
    merge_catalogue.merge(service, GMINA, entry(service, "Bank"), entry(service, "Ośrodek"), None)
    found = interview_views.view(service, interviews.interview(service, GMINA, made.id))
    assert found.institutions == ("Ośrodek",)
    draft = InterviewDraft(SOON, 55, (seat(service, "Ośrodek"),), place="Nowe")
    catalogue.mark_left(service, GMINA, entry(service, "Ośrodek"), None)
    interviews.change(service, GMINA, made.id, draft, 1, None)
    found = interview_views.view(service, interviews.interview(service, GMINA, made.id))
    assert (found.seats[0].left, found.interview.place) == (True, "Nowe")


def test_a_person_of_the_team_becomes_a_moderator_with_the_first_interview(service: Context) -> None:
    jan = id_of(service, "jan@example.org")
    idi(service, moderator_id=jan)
    assert [(one.name, one.of_team, one.planned) for one in moderators.moderators(service, GMINA)] == [
        ("Jan Łoś", True, 1),
        ("Łucja Moderator", False, 0),
    ]
    moderators.remove(service, GMINA, jan, None)
    assert interview_views.views(service, GMINA)[0].moderator_gone
    found = accounts.person(service, jan)
    assert found is not None
    assert accounts.is_member(found, GMINA)
    with pytest.raises(NotFoundError):
        moderators.remove(service, GMINA, jan, None)


def test_who_leaves_the_team_moderates_no_more(service: Context) -> None:
    jan = id_of(service, "jan@example.org")
    made = idi(service, moderator_id=jan)
    team_people.remove_member(service, GMINA, jan, None)
    found = accounts.person(service, jan)
    assert found is not None
    assert not interviews.is_moderator_of(found, interviews.interview(service, GMINA, made.id))


def test_an_interview_of_another_gmina_does_not_exist(service: Context) -> None:
    made = idi(service)
    for number in (made.id, 10**12, 0):
        with pytest.raises(NotFoundError):
            interviews.interview(service, OTHER_GMINA, number)


def events(content: bytes) -> list[dict[str, str]]:
    """A calendar read back: unfolded, one dictionary per event, texts without their escapes."""
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.replace(b"\r\n ", b"").decode().split("\r\n")
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            plain = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
            found[-1].setdefault(name, plain)
    return found


def calendar(context: Context) -> list[dict[str, str]]:
    return events(interview_files.calendar_file("Janów Lubelski", interview_views.views(context, GMINA)))


def test_the_calendar_tells_of_changes_and_of_a_cancellation(service: Context, clock: Clock) -> None:
    place = "Świetlica; Żółkiewska 3, sala „Łęgi”, wejście od podwórza, drugie piętro na lewo \\ windą"
    made = idi(service, place=place, video_link="https://meet.example.org/a,b;c")
    (first,) = calendar(service)
    assert (first["DTSTART"], first["DTEND"]) == ("20261109T090000Z", "20261109T095500Z")
    assert (first["SUMMARY"], first["LOCATION"]) == ("IDI: Bank", place)
    assert first["URL"] == "https://meet.example.org/a,b;c"
    assert (first["SEQUENCE"], first["STATUS"]) == ("0", "CONFIRMED")
    clock.advance(hours=1)
    draft = InterviewDraft(warsaw_moment("2026-03-30", "09:00"), 55, (seat(service),), departure_reason="x")
    interviews.change(service, GMINA, made.id, draft, 1, None)
    interviews.cancel(service, GMINA, made.id, "Choroba", 2, None)
    (last,) = calendar(service)
    assert (last["UID"], last["SEQUENCE"], last["STATUS"]) == (first["UID"], "2", "CANCELLED")
    assert last["DTSTART"] == "20260330T070000Z"  # summer time
    assert last["DTSTAMP"] > first["DTSTAMP"]


def test_no_calendar_names_a_person(service: Context) -> None:
    idi(
        service,
        seats=(seat(service, "Zofia Lider", "other"),),
        moderator_id=id_of(service, "mod@example.org"),
    )
    fgi(service, 8)
    text = str(calendar(service))
    assert "Zofia" not in text
    assert "Łucja" not in text
    assert [one["SUMMARY"] for one in calendar(service)] == ["IDI: Janów Lubelski", "FGI: Bank"]


def test_the_list_as_a_file_holds_everything_and_no_formula(service: Context) -> None:
    idi(service, place="=1+1", note="Klucz", moderator_id=id_of(service, "mod@example.org"))
    views = interview_views.views(service, GMINA)
    text = interview_files.plan_csv(views).decode("utf-8-sig")
    assert "09.11.2026;10:00;55;'=1+1" in text
    assert "A: Bank, zarządza" in text
    book = interview_files.plan_xlsx(views, interview_views.coverage(service, GMINA))
    assert book.startswith(b"PK")


@pytest.mark.parametrize(("day", "time"), [("2026-03-29", "02:30"), ("2026-10-25", "02:30")])
def test_a_time_that_clocks_skip_or_show_twice_is_no_date(day: str, time: str) -> None:
    with pytest.raises(ValueError, match="zegary"):
        warsaw_moment(day, time)
