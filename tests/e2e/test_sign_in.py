"""Getting in, as people do: the link, the password, the telephone, the codes, the list of sessions."""

from __future__ import annotations

import base64
import dataclasses
import time

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Page, expect

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.signing_in import links
from survey_app.web.app import create_app
from tests.e2e.browser import Visitor, comes_true, look, serving
from tests.integration.staff import PASSWORD, people

pytestmark = pytest.mark.browser


def shown_on_telephone(secret: str) -> str:
    word = secret.replace(" ", "")
    key = base64.b32decode(word + "=" * (-len(word) % 8))
    return TOTP(key, 6, SHA1(), 30).generate(int(time.time())).decode()


def look_if_possible(page: Page, name: str, *, scripts: bool) -> None:
    """What looks at a page is a script itself, and would wait for ever on one that runs none."""
    if scripts:
        look(page, name)


def type_password(page: Page, email: str) -> None:
    page.get_by_label("Adres e-mail").fill(email)
    page.get_by_label("Hasło").fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_new_coordinator_gets_in_by_link_and_telephone(
    sqlite_context: Context, visitor: Visitor, scripts: bool
) -> None:
    settings = dataclasses.replace(sqlite_context.settings, second_factor_required=True, public_url=None)
    context = Context(settings, sqlite_context.database)  # codes need the telephone's own clock
    people(context)
    anna = accounts.find_person(context, "anna@example.org")
    assert anna is not None
    token = links.issue(context, anna.id, None)
    with serving(create_app(context=context)) as url:
        page = visitor.page(f"{url}/konto/{token}", scripts=scripts)
        look_if_possible(page, "konto-odnosnik", scripts=scripts)
        page.get_by_label("Nowe hasło", exact=True).fill(PASSWORD)
        page.get_by_label("Nowe hasło jeszcze raz").fill(PASSWORD)
        page.get_by_role("button", name="Ustaw hasło").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Drugi składnik logowania")
        look_if_possible(page, "drugi-skladnik", scripts=scripts)
        if scripts:
            comes_true(page, "document.querySelector('img.qr').naturalWidth > 100")
        secret = page.locator("#klucz").inner_text()
        page.get_by_label("Kod", exact=True).fill("000 000")
        page.keyboard.press("Enter")
        expect(page.locator("#bledy")).to_contain_text("Ten kod się nie zgadza")
        page.get_by_label("Kod", exact=True).fill(shown_on_telephone(secret))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Kody zapasowe")
        look_if_possible(page, "kody-zapasowe", scripts=scripts)
        recovery = page.locator(".codes code").first.inner_text()
        page.get_by_role("link", name="Mam kody, dalej").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Janów Lubelski")

        phone = visitor.page(f"{url}/logowanie?next=/panel/konto", scripts=scripts)
        type_password(phone, "anna@example.org")
        expect(phone.get_by_role("heading", level=1)).to_have_text("Kod z telefonu")
        look_if_possible(phone, "kod-z-telefonu", scripts=scripts)
        phone.get_by_label("Kod", exact=True).fill(recovery)
        phone.keyboard.press("Enter")
        expect(phone.get_by_role("heading", level=1)).to_have_text("Anna Zając")
        look_if_possible(phone, "konto", scripts=scripts)
        expect(phone.get_by_text("9 kodów zapasowych")).to_be_visible()
        phone.get_by_role("button", name="Zakończ wszystkie inne").click()
        expect(phone.get_by_text("Inne sesje tego konta są zakończone.")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Logowanie dla zespołów")
