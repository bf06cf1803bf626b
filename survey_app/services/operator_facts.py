"""What the public pages still lack: settings that say who runs the service and who answers for its accessibility."""

from __future__ import annotations

from survey_app.config import Settings


def missing_for_accessibility(settings: Settings) -> list[tuple[str, str]]:
    """(setting, what it says) of each that the declaration of accessibility needs and nobody has set."""
    one = settings.operator
    return _without_value(
        ("OPERATOR_NAME", "nazwa podmiotu", one.name),
        ("PUBLIC_URL", "adres strony", settings.public_url),
        ("SITE_PUBLISHED", "data publikacji strony", one.published_on),
        ("ACCESSIBILITY_DATE", "data sporządzenia deklaracji", one.declared_on),
        ("ACCESSIBILITY_EMAIL", "e-mail w sprawie dostępności", one.accessibility_email),
        ("ACCESSIBILITY_PHONE", "telefon w sprawie dostępności", one.accessibility_phone),
        ("ACCESSIBILITY_BUILDING", "dostępność architektoniczna", one.building),
        ("ACCESSIBILITY_COMMUNICATION", "dostępność komunikacyjno-informacyjna", one.communication),
    )


def missing_for_privacy(settings: Settings) -> list[tuple[str, str]]:
    """As `missing_for_accessibility`, for the page on privacy."""
    one = settings.operator
    return _without_value(
        ("OPERATOR_NAME", "nazwa podmiotu", one.name),
        ("OPERATOR_ADDRESS", "adres podmiotu", one.address),
        ("OPERATOR_EMAIL", "e-mail podmiotu", one.email),
        ("DPO_EMAIL", "e-mail inspektora ochrony danych", one.dpo_email),
    )


def missing(settings: Settings) -> list[tuple[str, str]]:
    """Of both pages, each setting once: for whoever runs the service."""
    return list(dict.fromkeys([*missing_for_privacy(settings), *missing_for_accessibility(settings)]))


def _without_value(*facts: tuple[str, str, object]) -> list[tuple[str, str]]:
    return [(setting, words) for setting, words, value in facts if not value]
