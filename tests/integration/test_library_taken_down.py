"""The administrator takes an item off the library's public page; its team reads why, and cannot show it again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import gminas, trace
from survey_app.services.context import Context
from survey_app.services.library import items, search, take_down
from survey_app.services.library.items import ItemDraft
from survey_app.services.library.search import Asked
from tests.integration.staff import GMINA, OTHER_GMINA, staff
from tests.integration.test_library import COUNTRY, EVERYBODY, LUBELSKIE, OWN, a_text

PANEL = f"/panel/{GMINA}/biblioteczka"
ADMIN = "/panel/admin/biblioteczka"
WHY = "Na zdjęciach widać „twarze” <b>dzieci</b>"
OPEN = a_text("Poradnik", open_to_all=True)


def public(context: Context) -> list[str]:
    return [hit.item.title for hit in search.search(context, EVERYBODY, Asked("")).hits]


def test_only_the_administrator_puts_back_what_was_taken_down(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    ours = items.add(context, OWN, OPEN, None).id
    theirs = items.add(context, LUBELSKIE, replace(OPEN, title="Raport"), None).id
    shut = items.add(context, OWN, a_text("Wewnętrzny", "Inny tekst."), None).id
    for reason in ("\n ", "x" * 401):
        with pytest.raises(InvalidInputError) as refused:
            take_down.take_down(context, ours, reason, None)
        assert [one.where for one in refused.value.faults] == ["reason"]
    for number in (ours, theirs):
        take_down.take_down(context, number, WHY, None)
    with pytest.raises(ConflictError, match="nie ma na stronie"):
        take_down.take_down(context, shut, WHY, None)
    with pytest.raises(NotFoundError):
        take_down.take_down(context, 2**40, WHY, None)
    assert public(context) == []
    assert items.item(context, OWN, ours).own, "it is still the team's"
    with pytest.raises(InvalidInputError) as kept:
        items.change(context, OWN, ours, OPEN, None)
    (fault,) = kept.value.faults
    assert (fault.where, WHY in fault.message) == ("open_to_all", True)
    items.change(context, OWN, ours, replace(OPEN, open_to_all=False, description="Bez zdjęć"), None)
    assert [(one.id, one.taken_down_reason) for one in take_down.of_gmina(context, GMINA)] == [(ours, WHY)]
    assert take_down.of_gmina(context, OTHER_GMINA) == []
    assert {one.id for one in take_down.everywhere(context)} == {ours, theirs}

    take_down.put_back(context, ours, None)
    assert public(context) == ["Poradnik"]
    with pytest.raises(ConflictError, match="już na nią wróciła"):
        take_down.put_back(context, ours, None)
    items.change(context, OWN, ours, replace(OPEN, open_to_all=False), None)
    items.change(context, OWN, ours, OPEN, None)  # the owner's own decision again
    words = [one.words for one in trace.page(context, GMINA)]
    assert "powrót pozycji biblioteczki na stronę publiczną" in words
    assert "zdjęcie pozycji biblioteczki ze strony publicznej przez administratora" in words

    closed = replace(OPEN, title="Raport", licence="unknown", open_to_all=False)
    items.change(context, LUBELSKIE, theirs, closed, None)
    with pytest.raises(ConflictError, match="licencję"):
        take_down.put_back(context, theirs, None)
    items.withdraw(context, LUBELSKIE, theirs, None)
    with pytest.raises(NotFoundError):
        take_down.put_back(context, theirs, None)
    assert take_down.everywhere(context) == []


def test_the_pages_of_taking_down_tell_the_team_why(app: Flask) -> None:
    context, admin = app.extensions["context"], staff(app, "admin@example.org")
    number = items.add(context, OWN, OPEN, None).id
    own = items.add(
        context,
        COUNTRY,
        ItemDraft("link", "ISAP", "link", url="https://isap.example.org/", open_to_all=True),
        None,
    ).id
    assert "Zdejmij ze strony publicznej" not in admin.get(f"{ADMIN}/{own}"), (
        "of its own it decides at the form"
    )
    assert f"{ADMIN}/{number}/zdjecie" in admin.get(f"{ADMIN}/{number}")
    anna, jan, nobody = (staff(app, *who) for who in (["anna@example.org"], ["jan@example.org"], []))
    assert "zdjecie" not in anna.get(f"{PANEL}/{number}")
    address = f"{ADMIN}/{number}/zdjecie"
    assert anna.client.get(address).status_code in (403, 404)
    admin.get(address)
    assert admin.send(address, {"reason": " "}).status_code == 422
    assert admin.send(address, {"reason": WHY}).status_code == 303
    admin.get(f"{ADMIN}/zdjete")
    assert "już zdjęta" in admin.get(admin.send(address, {"reason": WHY}).location)
    assert nobody.client.get(f"/biblioteczka/{number}").status_code == 404
    assert nobody.client.get(f"/biblioteczka/{number}/plik").status_code == 404
    listed = admin.get(f"{ADMIN}/zdjete")
    assert "&lt;b&gt;dzieci" in listed
    assert "gmina Janów Lubelski" in listed
    for member in (anna, jan):
        assert "Administrator serwisu zdjął" in member.get(PANEL)
        page = member.get(f"{PANEL}/{number}")
        assert "2 listopada 2026. Powód: „Na zdjęciach widać „twarze” &lt;b&gt;dzieci" in page
    typed = {"title": "Poradnik", "licence": "own", "shared": "own", "open_to_all": "y"}
    anna.get(f"{PANEL}/{number}/zmiana")
    refused = anna.send(f"{PANEL}/{number}/zmiana", typed)
    assert refused.status_code == 422
    assert "może tylko administrator" in refused.text
    assert admin.send(f"{ADMIN}/{number}/przywrocenie").status_code == 303
    nobody.get(f"/biblioteczka/{number}")
    assert "zdjął" not in anna.get(f"{PANEL}/{number}")
    assert "Niczego nie zdjęto" in admin.get(f"{ADMIN}/zdjete")
    assert "już na nią wróciła" in admin.get(admin.send(f"{ADMIN}/{number}/przywrocenie").location)
