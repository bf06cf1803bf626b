"""Coding round by round: who rated and how alike, counts per code, and in the internal edition map, list, reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey_app import polish
from survey_app.analysis.charts.coding import codes_by_round
from survey_app.analysis.charts.stakeholder_map import MapMark, stakeholder_map_chart
from survey_app.analysis.coding.level import TENTATIVE, Level, level
from survey_app.analysis.coding.map import stakeholder_map
from survey_app.analysis.coding.result import Agreement, CodedStakeholder, Correction, RoundResult, Votes
from survey_app.analysis.diagnoza.chapters.catalogue import WITHOUT_PERSONS
from survey_app.analysis.diagnoza.coding_section import CodingSection, RoundSection
from survey_app.analysis.diagnoza.document import (
    Block,
    BulletList,
    Chapter,
    CountTable,
    Figure,
    Notice,
    Paragraph,
    Subheading,
    TextTable,
)
from survey_app.analysis.released import HIDDEN, ReleasedTable
from survey_app.instrument.coding_words import listed
from survey_app.instrument.model import Code, Question

NO_SAMPLE = (
    "Kody są decyzjami zespołu o całym katalogu, a nie o próbie. Dlatego podajemy liczby, przepływy i powody, a nie "
    "testy istotności."
)
_NO_MEDIAN = "–"
_LEVELS = {
    Level.RELIABLE: "Osoby oceniały bardzo podobnie.",
    Level.TENTATIVE: "Osoby oceniały dość podobnie; wnioski są ostrożne.",
    Level.LOW: "Oceny wyraźnie się różniły; tym ważniejsza była rozmowa zespołu.",
    Level.CHANCE: "Oceny nie były bardziej zgodne, niż gdyby rozdał je przypadek.",
}


def coding_chapter(section: CodingSection) -> Chapter:
    """Every closed round, the earliest first."""
    blocks: list[Block] = [Paragraph(_intro(section)), Paragraph(NO_SAMPLE)]
    if section.is_internal:
        text = (
            "Rozdział zawiera kody i powody. Przed udostępnieniem na wniosek o informację publiczną trzeba usunąć kody "
            "osób fizycznych: są danymi osobowymi."
        )
        blocks.append(Notice("Tylko w wydaniu wewnętrznym", text))
    else:
        blocks.append(Paragraph(WITHOUT_PERSONS, "note"))
    blocks += _all_rounds(section)
    for round_section in section.rounds:
        blocks += _round(round_section)
    blocks += _conventions(section)
    return Chapter("", "Kodowanie interesariuszy", "kodowanie", blocks)


def all_codes(section: CodingSection) -> tuple[Code, ...]:
    """The codes of every round's scheme, each once, from the most favourable."""
    found: dict[str, Code] = {}
    for one in sorted(section.rounds, key=lambda one: -len(one.codes)):
        for code in one.codes:
            found.setdefault(code.id, code)
    return tuple(found.values())


def _intro(section: CodingSection) -> str:
    meanings = " ".join(f"{code.label}: {_sentence(code.meaning)}" for code in all_codes(section))
    return (
        "Zespół Synergii Lokalnej ocenia interesariuszy według wyróżników i nadaje każdemu kod. Wyróżnik ma jedno "
        "kryterium albo kilka; każde kryterium ocenia się osobno. Każda osoba "
        f"najpierw ocenia sama, potem zespół rozmawia i decyduje, podając powód. {meanings}"
    )


def _sentence(text: str) -> str:
    words = " ".join(text.split())
    return f"{words[:1].lower()}{words[1:].rstrip('.')}."


def _all_rounds(section: CodingSection) -> Iterator[Block]:
    rounds = [(one.label, one.released.by_code) for one in section.rounds]
    codes = all_codes(section)
    yield Figure("Liczba interesariuszy z każdym kodem", codes_by_round(rounds, codes), "tabela-kody")
    yield TextTable(
        "Liczba interesariuszy z każdym kodem",
        ("Tura", "n", *(code.label for code in codes)),
        tuple((label, *_code_cells(table, codes)) for label, table in rounds),
        (3.2, 1, *[1.4] * len(codes)),
        "tabela-kody",
    )
    notes = dict.fromkeys(note for _, table in rounds for note in table.notes)
    yield from (Paragraph(note, "note") for note in notes)


def _code_cells(table: ReleasedTable, codes: Sequence[Code]) -> Iterator[str]:
    row = table.rows[0]
    counts = dict(zip((column.id for column in table.columns), row.counts, strict=True))
    yield HIDDEN if row.base is None else polish.whole(row.base)
    for code in codes:
        if code.id not in counts:
            yield "–"  # not a code of this round's scheme
            continue
        count = counts[code.id]
        yield HIDDEN if count is None else polish.whole(count)


def _round_title(one: RoundSection) -> str:
    """With its number, once: teams like to begin the name with it."""
    if not one.title:
        return one.label
    return (
        one.title if re.match(rf"tura {one.number}\b", one.title, re.I) else f"Tura {one.number}: {one.title}"
    )


def _round(one: RoundSection) -> Iterator[Block]:
    yield Subheading(_round_title(one), f"tura-{one.number}")
    yield Paragraph(_round_words(one))
    yield from _agreement(one)
    yield from _counts(one)
    if one.detail is not None:
        yield from _map(one, one.detail)
        yield from _list(one, one.detail)
        yield from _withdrawn(one, one.detail)
        yield from _corrections(one)
    elif one.corrections:
        times = polish.counted(one.corrections, "raz", "razy", "razy")
        yield Paragraph(
            f"Po zamknięciu tury kody sprostowano {times}; liczby uwzględniają sprostowania.", "note"
        )


def _round_words(one: RoundSection) -> str:
    seats = polish.counted(one.raters, "osoba", "osoby", "osób")
    rated = polish.plural(one.raters, "oceniała", "oceniały", "oceniało")
    scheme = one.coding.scheme(one.scheme).label
    return (
        f"Turę przeprowadzono {_occasion(one)}: otwarto ją {polish.date(one.opened_on)}, zamknięto "
        f"{polish.date(one.closed_on)}. W zespole {rated} {seats}; każde miejsce ma jeden głos. Podział: {scheme}. "
        f"{_criteria(one)}"
    )


def _occasion(one: RoundSection) -> str:
    _, _, words = one.label.partition("(")
    return words.rstrip(")")


def _criteria(one: RoundSection) -> str:
    names = listed([_numbered(question) for question in one.instrument.questions])
    return f"Kryteria: {names}; ich opis jest w aneksie „Wyróżniki i reguła kodów”."


def _numbered(question: Question) -> str:
    """ "2a „Wiedza”": the number tells of which wyróżnik it is."""
    return f"{question.number}{polish.NBSP}„{question.text}”" if question.number else f"„{question.text}”"


def _agreement(one: RoundSection) -> Iterator[Block]:
    if not one.agreement:
        return
    yield TextTable(
        f"Zgodność ocen w turze {one.number} (alfa Krippendorffa)",
        ("Kryterium", "Alfa", "Przedział 95%", "Co to znaczy"),
        tuple(_agreement_cells(one, agreement) for agreement in one.agreement),
        (2.3, 1.5, 1.5, 3.7),
        f"tabela-zgodnosc-{one.number}",
    )


def _agreement_cells(one: RoundSection, agreement: Agreement) -> tuple[str, str, str, str]:
    name = one.instrument.by_id[agreement.criterion].text
    if agreement.alpha is None:
        return name, "nieokreślona", "–", agreement.undefined
    interval = "–"
    if agreement.low is not None and agreement.high is not None:
        interval = f"{polish.decimal(agreement.low, 2)} do {polish.decimal(agreement.high, 2)}"
    return name, polish.decimal(agreement.alpha, 2), interval, agreement_words(agreement)


def agreement_words(agreement: Agreement) -> str:
    """What alpha and the interval say of the ratings; of an undefined one, why it is."""
    reached = level(agreement.alpha)
    told = _LEVELS.get(reached, agreement.undefined)
    accepted = reached in (Level.RELIABLE, Level.TENTATIVE)
    if accepted and agreement.low is not None and agreement.low < TENTATIVE:
        told += " Przedział jest szeroki: zgodność mogła być też słaba."
    return told


def _counts(one: RoundSection) -> Iterator[Block]:
    """By sector, type and place; breakdowns of which nothing may be shown are named once, with the reason."""
    released, number = one.released, one.number
    said = released.by_code.notes
    hidden, reasons = [], dict[str, None]()
    for table, heading, what in (
        (released.by_sector, "Sektor", "sektora"),
        (released.by_type, "Typ", "typu"),
        (released.by_place, "Miejsce", "miejsca"),
    ):
        if any(not row.hidden and row.base for row in table.rows if row.level == "group"):
            anchor = f"tabela-{table.id}-{number}"
            caption = f"Kody w turze {number} według {what}"
            yield CountTable(caption, table, show_shares=False, anchor=anchor, heading=heading, said=said)
        elif any(row.hidden for row in table.rows):
            hidden.append(what)
            reasons |= dict.fromkeys(note for note in table.notes if note not in said)
    if hidden:
        words = " ".join((f"Kodów według {listed(hidden, 'ani')} nie podajemy.", *reasons))
        yield Paragraph(words, "note")


def _map(one: RoundSection, detail: RoundResult) -> Iterator[Block]:
    points, unplaced = stakeholder_map(detail)
    if not points:
        return
    by_id = {stakeholder.stakeholder_id: stakeholder for stakeholder in detail.stakeholders}
    marks = [
        MapMark(
            point.number,
            by_id[point.stakeholder_id].name,
            by_id[point.stakeholder_id].code,
            point.influence,
            point.interest,
            point.x,
            point.y,
        )
        for point in points
    ]
    criteria = one.instrument.by_id
    chart = stakeholder_map_chart(
        marks, detail.codes, criteria[one.coding.influence], criteria[one.coding.interest], len(unplaced)
    )
    yield Subheading(f"Mapa wpływu i zainteresowania, tura {one.number}", f"mapa-{one.number}", 3)
    yield Figure(
        f"Mapa wpływu i zainteresowania, tura {one.number}; numery są w tabeli",
        chart,
        f"tabela-lista-{one.number}",
    )


def _list(one: RoundSection, detail: RoundResult) -> Iterator[Block]:
    numbers = {point.stakeholder_id: point.number for point in stakeholder_map(detail)[0]}
    latest = {correction.stakeholder_id: correction for correction in detail.corrections}
    questions = one.instrument.questions
    legend = ", ".join(f"{question.number}: {question.text}" for question in questions)
    yield Subheading(f"Interesariusze, kody i powody, tura {one.number}", f"lista-{one.number}", 3)
    yield Paragraph(
        "Numer to miejsce na mapie; bez numeru jest ten, komu brakuje jednej z median. Mediana to ocena środkowa, "
        f"a z dwóch środkowych niższa. Mediany: {legend}; „–” "
        f"znaczy, że oceniło mniej niż {polish.whole(one.coding.minimum_ratings)}.",
        "note",
    )
    yield TextTable(
        f"Interesariusze, kody i powody w turze {one.number}",
        ("Interesariusz", "Sektor i typ", "Kod", "Mediany", "Powód, głosy i podstawy"),
        tuple(
            _list_cells(one, detail, stakeholder, numbers.get(stakeholder.stakeholder_id), latest)
            for stakeholder in detail.stakeholders
        ),
        (2.7, 2.2, 1.55, 1.15, 3.9),
        f"tabela-lista-{one.number}",
    )


def _list_cells(
    one: RoundSection,
    detail: RoundResult,
    stakeholder: CodedStakeholder,
    number: int | None,
    latest: dict[int, Correction],
) -> tuple[str, ...]:
    correction = latest.get(stakeholder.stakeholder_id)
    medians = (
        f"{question.number}: {_NO_MEDIAN if (m := stakeholder.medians.get(question.id)) is None else m}"
        for question in one.instrument.questions
    )
    return (
        f"{number}. {stakeholder.name}" if number else stakeholder.name,
        _who(stakeholder),
        _code_words(detail, stakeholder, correction),
        "\n".join(medians),
        _why(stakeholder, correction),
    )


def _who(stakeholder: CodedStakeholder) -> str:
    place = "wewnętrzny" if stakeholder.internal else "zewnętrzny"
    kind = (
        f"typ{polish.NBSP}{stakeholder.stakeholder_type}"
        if stakeholder.stakeholder_type
        else f"bez{polish.NBSP}typu"
    )
    person = ", osoba fizyczna" if stakeholder.natural_person else ""
    return f"{stakeholder.sector_label}\n{place}, {kind}{person}"


def _code_words(detail: RoundResult, stakeholder: CodedStakeholder, correction: Correction | None) -> str:
    words = detail.coding.code(stakeholder.code).label
    if correction is not None:
        return f"{words}\n(sprostowany)"
    if stakeholder.proposed is None:
        return f"{words}\n(bez propozycji)"
    if stakeholder.proposed != stakeholder.code:
        return f"{words}\n(propozycja: {detail.coding.code(stakeholder.proposed).label})"
    return words


def _why(stakeholder: CodedStakeholder, correction: Correction | None) -> str:
    lines = [stakeholder.reason]
    if correction is not None:
        lines = [f"Sprostowanie: {correction.reason}"]
    if stakeholder.votes is not None:
        lines.append(votes_words(stakeholder.votes))
    return "\n".join([*lines, *_evidence_words(stakeholder.evidence)])


def _evidence_words(evidence: Sequence[str]) -> list[str]:
    """A line, or none."""
    return [f"Podstawy: {'; '.join(evidence)}."] if evidence else []


def votes_words(votes: Votes) -> str:
    """ "Głosowanie: za 4, przeciw 1, wstrzymało się 0; uprawnionych 6."."""
    return (
        f"Głosowanie: za {votes.votes_for}, przeciw {votes.votes_against}, wstrzymało się {votes.abstained}; "
        f"uprawnionych {votes.seats}."
    )


def _withdrawn(one: RoundSection, detail: RoundResult) -> Iterator[Block]:
    if detail.withdrawn:
        yield TextTable(
            f"Wyłączeni z tury {one.number} przed jej zamknięciem",
            ("Interesariusz", "Powód"),
            tuple((withdrawn.name, withdrawn.reason) for withdrawn in detail.withdrawn),
            (2, 3),
            f"tabela-wylaczeni-{one.number}",
        )


def _corrections(one: RoundSection) -> Iterator[Block]:
    """Each names what it replaces; the closed round itself stays as it was (METHOD, "Coding")."""
    if not one.corrected:
        return
    label = one.coding.code
    yield TextTable(
        f"Sprostowania po zamknięciu tury {one.number}",
        ("Interesariusz", "Kod zastąpiony", "Kod nowy", "Powód i podstawy", "Data"),
        tuple(
            (
                name,
                label(c.replaces).label,
                label(c.code).label,
                "\n".join([c.reason, *_evidence_words(c.evidence)]),
                polish.date_short(c.made_on),
            )
            for name, c in one.corrected
        ),
        (2.6, 1.4, 1.4, 3, 1.3),
        f"tabela-sprostowania-{one.number}",
    )


def _conventions(section: CodingSection) -> Iterator[Block]:
    """Those of the criteria of every round, each once."""
    texts = dict.fromkeys(
        " ".join(convention.text.split())
        for one in section.rounds
        for convention in one.instrument.definitions.conventions
    )
    if texts:
        yield Subheading("Konwencje kodowania", "kodowanie-konwencje")
        yield Paragraph(
            "Materiały źródłowe metody nie podają skali ani reguły. Poniższe reguły są konwencjami tego serwisu, "
            "zapisanymi w pliku wyróżników; zespół może je zmienić przed kolejną turą, podając powód."
        )
        yield BulletList(tuple(texts))
