"""Who did what to a campaign, as written and as read. Never a word about an answer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.services.context import Context
from survey_app.store import audit, people
from survey_app.store.campaigns import Campaign

OBJECT = "campaign"
WORDS = {
    "campaign_created": "utworzenie szkicu",
    "campaign_updated": "zmiana szkicu",
    "campaign_discarded": "usunięcie szkicu",
    "campaign_opened": "otwarcie",
    "campaign_codes_reissued": "wydanie nowych kodów wszystkim zaproszonym",
    "campaign_end_moved": "przesunięcie końca",
    "campaign_reminded": "przypomnienie pocztą do wszystkich",
    "campaign_closed": "zamknięcie przed terminem",
    "campaign_locked": "zablokowanie",
    "export": "pobranie danych",
    "paper_ticked": "zaznaczenie zwróconych arkuszy papierowych",
    "paper_typed": "wpisywanie arkuszy papierowych",
}


def record(
    context: Context, session: Session, campaign: Campaign, action: str, actor: int | None, detail: str = ""
) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type=OBJECT,
        object_id=campaign.id,
        gmina_code=campaign.gmina_code,
        detail=detail,
    )


def record_once_a_day(
    context: Context, session: Session, campaign: Campaign, action: str, actor: int | None
) -> None:
    """METHOD, "The ankieta": the record says only that paper was typed; a line per sheet would count them."""
    today = context.today()
    for event in audit.about(session, OBJECT, campaign.id):
        if event.action == action and event.at.astimezone(polish.WARSAW).date() == today:
            return
    record(context, session, campaign, action, actor)


def trace(context: Context, campaign_id: int) -> list[str]:
    """One line per event, the oldest first: when, what, who."""
    with context.database.transaction() as session:
        lines = []
        for event in audit.about(session, OBJECT, campaign_id):
            person = people.get(session, event.person_id) if event.person_id is not None else None
            who = person.name if person else "serwis"
            what = WORDS.get(event.action, event.action) + (f" ({event.detail})" if event.detail else "")
            lines.append(f"{polish.moment(event.at)}: {what} – {who}")
        return lines
