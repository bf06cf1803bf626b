"""Who did what to a campaign, as written and as read. Never a word about an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.services.context import Context
from survey_app.services.deeds import deeds
from survey_app.store import audit
from survey_app.store.campaigns import Campaign

OBJECT = "campaign"
WORDS: Mapping[str, str] = {
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
    "report_kept": "nowy raport z diagnozy",
    "report_text_changed": "zmiana tekstu zespołu w diagnozie",
    "report_published": "oznaczenie diagnozy jako opublikowanej",
    "report_withdrawn": "wycofanie opublikowanej diagnozy",
    "words_deleted": "usunięcie słów, których nie dopuszczono do raportu",
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
    with context.database.reading() as session:
        told = deeds(session, OBJECT, campaign_id, WORDS)
    return [
        replace(deed, words=f"{deed.words} ({deed.detail})" if deed.detail else deed.words).line
        for deed in told
    ]
