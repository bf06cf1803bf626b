"""What a campaign is at a given moment, and what may be written into a draft. Pure: no store, no clock."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from survey_app.errors import Fault, FaultList
from survey_app.store.campaigns import Campaign, OpenedCampaign

ANONYMOUS, NAMED = "anonymous", "named"
INVITATIONS, OPEN_LINK = "invitations", "open_link"
SMALLEST_K, LARGEST_K = 3, 20
LONGEST_GRACE = 1440
LONGEST_RUN = dt.timedelta(days=366)
MAX_TITLE_LENGTH = 200
MAX_NOTICE_LENGTH = 20_000
_PLACE = re.compile(r"\[[^\[\]\n]{1,200}\]")


class Phase(StrEnum):
    """Where a campaign is. In GRACE it has closed, but a form sent now is still taken."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    GRACE = "grace"
    CLOSED = "closed"
    LOCKED = "locked"


PHASE_WORDS = {
    Phase.DRAFT: "szkic",
    Phase.SCHEDULED: "zaplanowana",
    Phase.OPEN: "otwarta",
    Phase.GRACE: "czas na dosłanie",
    Phase.CLOSED: "zamknięta",
    Phase.LOCKED: "zablokowana",
}


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """What a coordinator decides before opening. Moments are aware; `grace_minutes` is added to the close."""

    title: str
    mode: str
    access: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    grace_minutes: int
    k: int
    notice: str


def phase(campaign: Campaign | OpenedCampaign, now: dt.datetime) -> Phase:
    """By the server's clock alone. Everything is compared in UTC: hours of Warsaw repeat once a year."""
    if campaign.locked_at is not None:
        return Phase.LOCKED
    if campaign.opened_at is None:
        return Phase.DRAFT
    now = now.astimezone(dt.UTC)
    if now < campaign.opens_at.astimezone(dt.UTC):
        return Phase.SCHEDULED
    if now < campaign.closes_at.astimezone(dt.UTC):
        return Phase.OPEN
    return Phase.GRACE if now < grace_ends_at(campaign) else Phase.CLOSED


def grace_ends_at(campaign: Campaign | OpenedCampaign) -> dt.datetime:
    """The moment from which nothing is taken any more."""
    return campaign.closes_at.astimezone(dt.UTC) + dt.timedelta(minutes=campaign.grace_minutes)


def takes_answers(campaign: Campaign | OpenedCampaign, now: dt.datetime) -> bool:
    """METHOD, "The ankieta": every form sent until the close plus the grace time is taken."""
    return phase(campaign, now) in {Phase.OPEN, Phase.GRACE}


def draft_faults(draft: CampaignDraft) -> list[Fault]:
    """Every fault; `where` is the field of the draft."""
    found = FaultList()
    if not draft.title.strip() or len(draft.title) > MAX_TITLE_LENGTH or not draft.title.isprintable():
        hint = f"Wpisz od 1 do {MAX_TITLE_LENGTH} znaków, w jednym wierszu."
        found.add("title", "title", "Tytuł jest pusty albo za długi.", hint)
    if draft.mode not in {ANONYMOUS, NAMED}:
        found.add("mode", "mode", "Nieznany tryb.", "Wybierz: anonimowa albo imienna.")
    if draft.access not in {INVITATIONS, OPEN_LINK}:
        found.add("access", "access", "Nieznany sposób dostępu.", "Wybierz: zaproszenia albo otwarty adres.")
    _check_numbers(draft, found)
    _check_moments(draft, found)
    if not draft.notice.strip() or len(draft.notice) > MAX_NOTICE_LENGTH:
        hint = f"Wpisz ją; najwyżej {MAX_NOTICE_LENGTH} znaków."
        found.add("notice", "notice", "Informacja o przetwarzaniu danych jest pusta albo za długa.", hint)
    return found.faults


def opening_faults(draft: CampaignDraft, now: dt.datetime) -> list[Fault]:
    """What a draft may have and an open campaign may not."""
    found = FaultList(draft_faults(draft))
    if draft.closes_at <= now:
        found.add("closes_at", "closes_at", "Termin zamknięcia już minął.", "Ustaw późniejszy.")
    for place in unfilled_places(draft.notice):
        message = f"W informacji o przetwarzaniu danych zostało puste miejsce: {place}."
        found.add("notice_place", "notice", message, "Wpisz tam właściwy tekst, bez nawiasów.")
    return found.faults


def unfilled_places(notice: str) -> list[str]:
    """The places of the template that nobody has filled, each once: "[adres urzędu]"."""
    return list(dict.fromkeys(_PLACE.findall(notice)))


def draft_of(campaign: Campaign) -> CampaignDraft:
    """A campaign as it could have been typed."""
    return CampaignDraft(
        title=campaign.title,
        mode=campaign.mode,
        access=campaign.access,
        opens_at=campaign.opens_at,
        closes_at=campaign.closes_at,
        grace_minutes=campaign.grace_minutes,
        k=campaign.k,
        notice=campaign.notice,
    )


def draft_mark(campaign: Campaign) -> str:
    """Another one whenever anything of the draft was changed: a page sends back the one that it showed."""
    return hashlib.sha256(repr(draft_of(campaign)).encode()).hexdigest()


def default_notice(gmina_name: str) -> str:
    """The art. 13 notice as a template: the team fills each place in brackets before opening."""
    return _NOTICE.format(gmina=gmina_name)


def _check_numbers(draft: CampaignDraft, found: FaultList) -> None:
    if not 0 <= draft.grace_minutes <= LONGEST_GRACE:
        hint = f"Wpisz od 0 do {LONGEST_GRACE} minut."
        found.add("grace_minutes", "grace_minutes", "Czas na dosłanie jest poza zakresem.", hint)
    if not SMALLEST_K <= draft.k <= LARGEST_K:
        hint = f"Wpisz liczbę od {SMALLEST_K} do {LARGEST_K}."
        found.add("k", "k", "Najmniejsza pokazywana grupa jest poza zakresem.", hint)


def _check_moments(draft: CampaignDraft, found: FaultList) -> None:
    opens, closes = draft.opens_at.astimezone(dt.UTC), draft.closes_at.astimezone(dt.UTC)
    if closes <= opens:
        message = "Zamknięcie musi być później niż otwarcie."
        found.add("closes_at", "closes_at", message, "Popraw jeden z terminów.")
    elif closes - opens > LONGEST_RUN:
        found.add("closes_at", "closes_at", "Kampania trwałaby ponad rok.", "Skróć ją.")


_NOTICE = """\
Kto odpowiada za dane
Administratorem danych jest [Wójt, Burmistrz albo Prezydent] gminy {gmina}: [adres urzędu], [e-mail i telefon urzędu].
Inspektor ochrony danych: [imię i nazwisko, e-mail].

Po co pytamy i na jakiej podstawie
Odpowiedzi posłużą do diagnozy współpracy instytucji w gminie i do planowania Lokalnej Sieci Reintegracji. \
Podstawa: art. 6 ust. 1 lit. e RODO, zadanie realizowane w interesie publicznym: [przepis albo uchwała].

Czy trzeba odpowiadać
Udział jest dobrowolny. Każde pytanie można zostawić bez odpowiedzi.

Kto zobaczy odpowiedzi
Odpowiedzi czyta Zespół Synergii Lokalnej. Serwis prowadzi: [nazwa i adres podmiotu, z którym zawarto umowę \
powierzenia]. Nie przekazujemy danych poza Europejski Obszar Gospodarczy i nie podejmujemy na ich podstawie \
decyzji automatycznych.

Jak długo je przechowujemy
Do: [data albo zdarzenie, po którym dane zostaną usunięte]. Teksty wpisane własnymi słowami, których zespół nie \
dopuści do raportu, są usuwane najpóźniej po 12 miesiącach od zamknięcia ankiety i jej wyników.

Państwa prawa
Mają Państwo prawo dostępu do danych, ich sprostowania, usunięcia i ograniczenia przetwarzania, prawo sprzeciwu \
oraz skargi do Prezesa Urzędu Ochrony Danych Osobowych (ul. Stawki 2, 00-193 Warszawa). W ankiecie anonimowej \
nie wiemy, która odpowiedź jest czyja, więc po jej wysłaniu nie potrafimy jej odszukać, zmienić ani usunąć.
"""
