"""A person of the staff in front of the pages: logs in, follows links, sends forms. Every page is policed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey_app.services import accounts, gminas
from survey_app.services.context import Context
from tests.once import built_once
from tests.page_police import police

PASSWORD = "cztery-zwykle-slowa-razem"
GMINA = "060505"  # Janów Lubelski
OTHER_GMINA = "060203"  # Biłgoraj
MEMBERS = ("jan@example.org", "maria@example.org", "piotr@example.org")  # of GMINA
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Staff:
    """One person with a browser."""

    client: FlaskClient
    address: str = field(default="/panel")

    def get(self, address: str, expect: int = 200) -> str:
        """The page, checked; remembers where the person is."""
        response = self.client.get(address)
        assert response.status_code == expect, f"{address}: {response.status_code}, {response.location}"
        if expect == 200:
            self.address = address
        return _checked(response)

    def file(self, address: str) -> bytes:
        response = self.client.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        return response.data

    def send(self, address: str, typed: Mapping[str, Any] | None = None, **options: Any) -> TestResponse:
        """Sends a form with the token of the page that the person is on."""
        token = _TOKEN.search(self.client.get(self.address).text)
        values = {"csrf_token": token[1] if token else "", **(typed or {})}
        response = self.client.post(address, data=values, **options)
        if response.mimetype == "text/html" and response.status_code not in (302, 303):
            _checked(response)
        return response

    def choose_password(self, link: str, password: str = PASSWORD) -> TestResponse:
        """Opens the link that was handed over; who has no second factor is logged in afterwards."""
        self.address = link
        response = self.send(link, {"new": password, "again": password})
        self.address = "/panel/haslo"
        return response

    def log_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        self.address = "/logowanie"
        response = self.send("/logowanie", {"email": email, "password": password})
        self.address = "/panel/haslo"
        return response


def access_link(page: str) -> str:
    """The address on this service of the link that the page hands over."""
    found = re.search(r'id="odnosnik" value="[^"]*(/konto/[^"]+)"', page)
    assert found is not None
    return found[1]


def _checked(response: TestResponse) -> str:
    if response.mimetype == "text/html":
        police(response.text)
    return response.text


@built_once
def people(context: Context) -> None:
    """A coordinator of each of two gminas, three members of the first one and one of the other, an administrator."""
    gminas.seed_pilot_gminas(context)
    for email, name, role in (
        ("anna@example.org", "Anna Zając", {"coordinator_of": GMINA}),
        ("obca@example.org", "Ewa Obca", {"coordinator_of": OTHER_GMINA}),
        ("admin@example.org", "Adam Admin", {"administrator": True}),
        ("jan@example.org", "Jan Łoś", {"member_of": GMINA}),
        ("maria@example.org", "Maria Ćwik", {"member_of": GMINA}),
        ("piotr@example.org", "Piotr Żuk", {"member_of": GMINA}),
        ("obcy@example.org", "Olaf Obcy", {"member_of": OTHER_GMINA}),
    ):
        accounts.create_user(context, email, name, PASSWORD, **role)  # type: ignore[arg-type]


def staff(app: Flask, email: str | None = None) -> Staff:
    """A new browser; logged in if an address is given."""
    person = Staff(app.test_client())
    if email is not None:
        assert person.log_in(email).status_code == 302
    return person
