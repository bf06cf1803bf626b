"""A campaign in Polish words."""

from __future__ import annotations

from survey_app import polish
from survey_app.services.survey.campaign_rules import ANONYMOUS, INVITATIONS, PHASE_WORDS
from survey_app.services.survey.campaigns import Campaign, Phase

UNCONTROLLED = "bez kontroli liczby odpowiedzi"


def phase_word(phase: Phase) -> str:
    """The word that the badge shows."""
    return PHASE_WORDS[phase]


def mode_word(campaign: Campaign) -> str:
    return "anonimowa" if campaign.mode == ANONYMOUS else "imienna"


def access_word(campaign: Campaign) -> str:
    """An open link is labelled everywhere (METHOD, "The ankieta")."""
    return (
        "zaproszenia (jednorazowe kody)"
        if campaign.access == INVITATIONS
        else f"otwarty adres – {UNCONTROLLED}"
    )


def facts(campaign: Campaign) -> list[tuple[str, str]]:
    """What is fixed, as term and description."""
    grace = polish.counted(campaign.grace_minutes, "minuta", "minuty", "minut")
    return [
        ("Początek", polish.moment(campaign.opens_at)),
        ("Koniec", polish.moment(campaign.closes_at)),
        ("Czas na dosłanie", grace),
        ("Tryb", mode_word(campaign)),
        ("Dostęp", access_word(campaign)),
        ("Najmniejsza pokazywana grupa", polish.institutions(campaign.k)),
    ]
