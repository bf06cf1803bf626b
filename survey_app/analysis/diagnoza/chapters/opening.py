"""Summary on one page; method and its limits."""

from __future__ import annotations

from survey_app import polish
from survey_app.analysis.diagnoza.chapters.team import mark_of, rules_blocks
from survey_app.analysis.diagnoza.document import (
    Block,
    BulletList,
    Chapter,
    KeyFigure,
    KeyFigures,
    Notice,
    Paragraph,
    Subheading,
)
from survey_app.analysis.diagnoza.result import CampaignFacts, Diagnoza, Edition
from survey_app.analysis.diagnoza.team_words import text_blocks

_CONVENTION = "Konwencja serwisu: "


def access_words(facts: CampaignFacts) -> str:
    """How people came to the ankieta; the open link carries its warning everywhere (METHOD, "The ankieta")."""
    return (
        "zaproszenia dla instytucji z katalogu"
        if facts.invitations
        else "otwarty adres, bez kontroli liczby odpowiedzi"
    )


def summary_chapter(diagnoza: Diagnoza) -> Chapter:
    """What was asked, who answered, what follows: one page."""
    blocks: list[Block] = []
    if diagnoza.edition is Edition.INTERNAL:
        blocks.append(
            Notice(
                "Wydanie wewnętrzne",
                "Dla Zespołu Synergii Lokalnej. Może zostać udostępnione na wniosek o informację publiczną.",
            )
        )
    figures = _key_figures(diagnoza)
    if figures:
        blocks.append(KeyFigures(figures))
    for number, part in enumerate(diagnoza.summary, start=1):
        blocks.append(Subheading(part.heading, f"podsumowanie-{number}", compact=True))
        blocks += [*text_blocks(part.team.text), mark_of(part)] if part.team else rules_blocks(part)
    return Chapter("", "Podsumowanie", "podsumowanie", blocks)


def _key_figures(diagnoza: Diagnoza) -> tuple[KeyFigure, ...]:
    response = diagnoza.response
    figures = [KeyFigure(polish.whole(response.answered), _answers_label(response.answered))]
    if response.rr1 is not None and response.invited is not None:
        if response.invited >= diagnoza.instrument.definitions.percent_from:
            told = f"odsetek odpowiedzi RR1: {response.complete} z {response.invited}"
            figures.append(KeyFigure(polish.percent(response.rr1), told))
        else:
            figures.append(KeyFigure(polish.whole(response.invited), "zaproszono instytucji"))
    if diagnoza.readiness and diagnoza.readiness.rows[0].score is not None:
        row = diagnoza.readiness.rows[0]
        bounds = row.bounds
        told = "gotowość w skali 0–100"
        if bounds:
            told += f", granice {polish.decimal(bounds.low, 0)}–{polish.decimal(bounds.high, 0)}"
        figures.append(KeyFigure(polish.decimal(row.score or 0, 0), told))
    return tuple(figures)


def _answers_label(count: int) -> str:
    return polish.plural(count, "otrzymana ankieta", "otrzymane ankiety", "otrzymanych ankiet")


def method_chapter(diagnoza: Diagnoza) -> Chapter:
    """Where the answers come from, how numbers are to be read, the conventions by name, the limits."""
    blocks: list[Block] = []
    if diagnoza.facts.example:
        text = "Ten raport powstał z danych wymyślonych. Nie opisuje żadnej prawdziwej gminy."
        blocks.append(Notice("Przykład", text))
    blocks += [
        Subheading("Skąd pochodzą odpowiedzi", "metoda-zrodlo"),
        *(Paragraph(text) for text in _origin(diagnoza)),
        Subheading("Jak czytać liczby", "metoda-liczby"),
        BulletList(tuple(_reading(diagnoza))),
        Subheading("Ograniczenia", "metoda-granice"),
        BulletList(tuple(_limits(diagnoza))),
    ]
    conventions = diagnoza.instrument.definitions.conventions
    if conventions:
        blocks += [
            Subheading("Konwencje tego serwisu", "metoda-konwencje"),
            Paragraph(
                "Materiały źródłowe metody nie rozstrzygają wszystkiego. Poniższe reguły są konwencjami tego serwisu, "
                "zapisanymi w pliku ankiety; zespół może je zmienić przed kolejnym badaniem."
            ),
            BulletList(tuple(_plain(convention.text) for convention in conventions)),
        ]
    return Chapter("", "Metoda i jej ograniczenia", "metoda", blocks)


def _plain(text: str) -> str:
    """The heading already says that these are conventions of the service."""
    rest = text.removeprefix(_CONVENTION)
    return rest[:1].upper() + rest[1:]


def _origin(diagnoza: Diagnoza) -> list[str]:
    facts, source = diagnoza.facts, diagnoza.instrument.source
    texts = [
        "Ankieta pomaga zaplanować Lokalną Sieć Reintegracji (LSR): współpracę instytucji gminy na rzecz reintegracji "
        f"społecznej i zawodowej. Wypełniają ją osoby, które reprezentują instytucje. Kwestionariusz, czyli "
        f"{polish.counted(len(diagnoza.instrument.numbered), 'pytanie', 'pytania', 'pytań')}, pochodzi ze źródła: "
        f"„{source.title}” (dokument {source.document}). Jego brzmienie jest w aneksie A.",
        f"Odpowiedzi zbierano od {polish.moment(facts.opens_at)} do {polish.moment(facts.closes_at)}. "
        f"{_mode(facts)} {_access(facts)} {_paper(facts)}".strip(),
    ]
    if source.mends:
        texts.append("W brzmieniu źródła poprawiono drobne usterki: " + " ".join(source.mends))
    return texts


def _mode(facts: CampaignFacts) -> str:
    if facts.anonymous:
        return "Ankieta była anonimowa: nic nie łączy odpowiedzi z zaproszeniem, osobą, adresem ani chwilą wysłania."
    return "Ankieta była imienna: odpowiedzi czytano razem z nazwą instytucji, o czym uprzedzała pierwsza strona."


def _access(facts: CampaignFacts) -> str:
    if facts.invitations:
        return "Każda instytucja z Gminnego Katalogu Interesariuszy dostała jedno zaproszenie."
    return (
        "Ankieta była dostępna pod otwartym adresem, bez kontroli liczby odpowiedzi: nie wiadomo, ile osób mogło "
        "odpowiedzieć, ani czy ktoś nie odpowiedział kilka razy."
    )


def _paper(facts: CampaignFacts) -> str:
    if facts.paper_sheets:
        sheets = polish.counted(facts.paper_sheets, "arkusz", "arkusze", "arkuszy")
        return f"Część odpowiedzi przyszła na papierze ({sheets})."
    return "Część odpowiedzi przyszła na papierze." if facts.paper_used else ""


def _reading(diagnoza: Diagnoza) -> list[str]:
    definitions = diagnoza.instrument.definitions
    items = [
        "Odsetki liczy się wśród tych, którzy odpowiedzieli na dane pytanie (n). Brak odpowiedzi i pytania, których "
        "nie zadano, podajemy osobno.",
        f"Gdy odpowiedzi jest mniej niż {polish.whole(definitions.percent_from)}, podajemy liczby, nie odsetki.",
        "Odsetki zaokrąglamy do pełnych procentów, dlatego ich suma może wynieść na przykład 99% albo 101%.",
    ]
    if diagnoza.facts.anonymous:
        items.append(
            f"Grupy mają co najmniej {polish.counted(diagnoza.facts.k, 'osobę', 'osoby', 'osób')}; mniejsze połączono. "
            "Słowo „ukryte” znaczy, że liczba mogłaby zdradzić odpowiedź konkretnej osoby, wprost albo przez "
            "odejmowanie. Ukryte nie znaczy zero."
        )
    if diagnoza.response.invited is not None:
        items.append(
            "Granice pokazują, ile wyniósłby odsetek TAK wśród wszystkich N zaproszonych, gdyby każda milcząca "
            "instytucja odpowiedziała NIE (TAK / N) albo TAK ((TAK + N − odpowiedzi) / N). Nie wymagają założeń."
        )
    return items


def _limits(diagnoza: Diagnoza) -> list[str]:
    items = list(diagnoza.response.notes)
    if diagnoza.response.invited is not None:
        items.append(
            "Katalog jest całą badaną zbiorowością, a nie próbą. Główną niepewnością jest milczenie tych, którzy "
            "nie odpowiedzieli, dlatego nie podajemy przedziałów ufności ani testów istotności."
        )
    items += [
        "Odpowiada jedna osoba z instytucji; jej opinia nie musi być stanowiskiem całej instytucji.",
        "Ankieta pokazuje deklaracje. Nie sprawdza, co instytucje robią naprawdę.",
    ]
    return items
