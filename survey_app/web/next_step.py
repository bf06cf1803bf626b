"""Where a team stands and what it does next, from its catalogue and its campaigns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from survey_app import polish
from survey_app.services.coding.coding_rounds import CodingRound
from survey_app.services.survey.campaigns import Campaign, Phase, phase

STAGES = (
    "Katalog interesariuszy",
    "Przygotowanie kampanii",
    "Zbieranie odpowiedzi",
    "Zablokowanie kampanii",
    "Wyniki i diagnoza",
)

# Coding goes its own way beside the ankieta: it needs the catalogue and the team, and no campaign.
CODING_STAGES = ("Katalog i zespół", "Oceny indywidualne", "Uzgodnienie kodów", "Kody i mapa interesariuszy")
SMALLEST_TEAM = 3  # fewer ratings give no proposal of a code (METHOD, "Coding")


@dataclass(frozen=True, slots=True)
class CodingStep:
    """Where coding stands. `stage` counts from 1."""

    stage: int
    text: str


def coding_step(institutions: int, people: int, rounds: Sequence[CodingRound]) -> CodingStep:
    """The newest round that was not abandoned; before the first one, what it needs."""
    going = [one for one in rounds if one.stage != "abandoned"]
    if not going:
        return CodingStep(1, _before_coding(institutions, people))
    newest = going[0]
    match newest.stage:
        case "rating":
            until = f" do {polish.date(newest.rating_until)}" if newest.rating_until else ""
            text = f"„{newest.title}”: każda osoba ocenia teraz sama{until}. Nikt nie widzi ocen innych."
            return CodingStep(2, text)
        case "agreement":
            return CodingStep(3, f"„{newest.title}”: oceny są wyłożone, zespół ustala kody.")
        case _:
            last = any(one.occasion == "before_pact" for one in going)
            following = "" if last else " Następną otwiera się przed podpisaniem Paktu."
            return CodingStep(4, f"Zamknięte tury: {len(going)}.{following}")


@dataclass(frozen=True, slots=True)
class CodingAction:
    """What this person does next in coding. `round_id`: the round that it is about."""

    words: str
    endpoint: str
    round_id: int | None = None


def first_coding_action(institutions: int, people: int) -> CodingAction:
    """The coordinator's, before the first round. With an empty catalogue the page's first step leads there already."""
    if not institutions:
        return CodingAction("Czym jest kodowanie", "coding.index")
    if people < SMALLEST_TEAM:
        return CodingAction("Dopisz osoby do zespołu", "team_people.index")
    return CodingAction("Otwórz pierwszą turę", "coding.new")


def coding_action(newest: CodingRound | None, rated: int = 0, due: int = 0) -> CodingAction:
    """`newest`: the newest round that was not abandoned; how much of it the person has rated, while it is rated."""
    if newest is None:
        return CodingAction("Czym jest kodowanie", "coding.index")
    if newest.stage == "rating" and rated < due:
        return CodingAction(f"Oceniaj (ocenione {rated} z {due})", "rating.index", newest.id)
    if newest.stage == "agreement":
        return CodingAction("Przejdź do uzgodnień", "agreement.index", newest.id)
    if newest.stage == "closed":
        return CodingAction("Wyniki kodowania", "coding_results.index")
    return CodingAction("Przejdź do tury", "coding.show", newest.id)


def _before_coding(institutions: int, people: int) -> str:
    if not institutions:
        return "Koduje się interesariuszy z katalogu, a katalog jest jeszcze pusty."
    if people < SMALLEST_TEAM:
        sitting = polish.counted(people, "osoba", "osoby", "osób")
        return f"W zespole: {sitting}. Kod można zaproponować, gdy oceniają co najmniej trzy osoby."
    return "Katalog i zespół są gotowe: można otworzyć pierwszą turę."


@dataclass(frozen=True, slots=True)
class NextStep:
    """`stage` counts from 1. `title` goes on after "Następny krok: ". `campaign`: the one that the step is about."""

    stage: int
    title: str
    text: str
    action: str
    endpoint: str
    campaign: Campaign | None = None


def stakeholders_words(count: int) -> str:
    """Institutions and people alike."""
    return polish.counted(count, "interesariusz", "interesariusze", "interesariuszy")


def next_step(institutions: int, held: Sequence[Campaign], now: dt.datetime) -> NextStep:
    """The step of the newest campaign; before the first one, the catalogue and the draft."""
    if held:
        newest = max(held, key=lambda campaign: campaign.created_at)
        return _of_campaign(newest, now)
    if not institutions:
        text = "Zacznijmy od listy instytucji, firm i osób. Można wczytać plik CSV albo XLSX lub wpisać je ręcznie."
        return NextStep(1, "uzupełnić katalog", text, "Przejdź do katalogu", "catalogue.index")
    text = f"Katalog: {stakeholders_words(institutions)}. Kiedy lista jest gotowa, można przygotować kampanię ankiety."
    return NextStep(2, "przygotować kampanię", text, "Nowa kampania", "campaigns.new")


def _of_campaign(campaign: Campaign, now: dt.datetime) -> NextStep:
    match phase(campaign, now):
        case Phase.DRAFT:
            words = (2, "otworzyć kampanię", "Szkic czeka. Warto go sprawdzić w podglądzie i otworzyć.")
        case Phase.SCHEDULED:
            words = (3, "rozesłać zaproszenia", f"Kampania zacznie się {polish.moment(campaign.opens_at)}.")
        case Phase.OPEN:
            words = (3, "zapraszać do odpowiedzi", f"Kampania trwa do {polish.moment(campaign.closes_at)}.")
        case Phase.GRACE:
            words = (3, "poczekać na ostatnie ankiety", "Kampania się skończyła; trwa czas na dosłanie.")
        case Phase.CLOSED:
            text = "Kampania się skończyła. Po wpisaniu ankiet papierowych trzeba ją zablokować."
            words = (4, "wpisać papier i zablokować kampanię", text)
        case _:
            return NextStep(
                5,
                "przeczytać wyniki i pobrać diagnozę",
                "Kampania jest zablokowana. Warto przejrzeć odpowiedzi otwarte, zanim powstanie diagnoza.",
                "Zobacz wyniki",
                "results.index",
                campaign,
            )
    return NextStep(*words, "Przejdź do kampanii", "campaigns.show", campaign)
