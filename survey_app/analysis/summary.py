"""The summary's sentences, composed from results by rules: what we asked, who answered, what follows.

A sentence is only made where the numbers carry it. Nothing here sees more than the released results.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey_app import polish
from survey_app.analysis.coding_summary import coding_sentences
from survey_app.analysis.diagnoza.coding_section import CodingSection
from survey_app.analysis.diagnoza.interview_section import InterviewSection, interview_sentence
from survey_app.analysis.diagnoza.result import (
    Bounds,
    CampaignFacts,
    ComponentResult,
    QuestionResult,
    ReadinessResult,
    ReadinessRow,
    ResponseResult,
    SummaryPart,
)
from survey_app.analysis.disclosure import GMINA
from survey_app.instrument.model import Instrument

_LOW_RESPONSE = 0.5


def summary(
    instrument: Instrument,
    facts: CampaignFacts,
    response: ResponseResult,
    questions: Sequence[QuestionResult],
    readiness: ReadinessResult | None,
    coding: CodingSection | None = None,
    interviews: InterviewSection | None = None,
) -> tuple[SummaryPart, ...]:
    """Sentences in Polish under plain headings, about one page at most."""
    answered = [_answered(response, facts), *_silence(response)]
    parts = [
        SummaryPart(
            "O co pytaliśmy", (_asked(instrument, facts),), _core_questions(instrument, readiness), "asked"
        ),
        SummaryPart("Kto odpowiedział", tuple(answered), key="answered"),
    ]
    coded = (
        [SummaryPart("Jak zespół ocenił interesariuszy", (" ".join(coding_sentences(coding)),), key="coded")]
        if coding
        else []
    )
    if interviews is not None and interviews.people is not None:
        coded.insert(0, SummaryPart("Kogo wysłuchaliśmy", (interview_sentence(interviews),), key="heard"))
    if response.answered == 0:
        return (*parts, *coded, SummaryPart("Co z tego wynika", (_nobody(facts),), key="follows"))
    parts += [_said(instrument, readiness, questions), *coded]
    parts.append(SummaryPart("Co z tego wynika", tuple(_follows(response, readiness)), key="follows"))
    return tuple(part for part in parts if part.sentences or part.points)


def _said(
    instrument: Instrument, readiness: ReadinessResult | None, questions: Sequence[QuestionResult]
) -> SummaryPart:
    if readiness is None:
        return SummaryPart("Co odpowiedzieli", tuple(_texts(questions)), key="said")
    points = (
        *_components(instrument, readiness),
        *_experience(instrument, readiness),
        *_concreteness(readiness),
        *_texts(questions),
    )
    score = " ".join((*_score(readiness.rows[0]), *_groups(readiness)))
    return SummaryPart("Co odpowiedzieli", (score,), points, "said")


def _core_questions(instrument: Instrument, readiness: ReadinessResult | None) -> tuple[str, ...]:
    parts = readiness.rows[0].components if readiness else ()
    return tuple(f"{_name(instrument, part)}: „{instrument.by_id[part.question].text}”" for part in parts)


def _asked(instrument: Instrument, facts: CampaignFacts) -> str:
    count = polish.counted(len(instrument.numbered), "pytanie", "pytania", "pytań")
    first, last = polish.date(facts.opens_at), polish.date(facts.closes_at)
    span = f"Dnia {first}" if first == last else f"Od {first} do {last}"
    mode = "anonimowo" if facts.anonymous else "imiennie (odpowiedzi są czytane razem z nazwą instytucji)"
    most = " Najważniejsze z nich:" if instrument.definitions.readiness else ""
    return f"{span} instytucje i organizacje (gmina {facts.gmina_name}) mogły {mode} odpowiedzieć na {count}.{most}"


def _answered(response: ResponseResult, facts: CampaignFacts) -> str:
    sheets = polish.counted(response.answered, "ankietę", "ankiety", "ankiet")
    complete = polish.counted(response.complete, "kompletną", "kompletne", "kompletnych")
    got = f"otrzymaliśmy {sheets}, w tym {complete}"
    if response.answered == 0:
        got = "nie otrzymaliśmy żadnej ankiety"
    paper = " Liczba ta obejmuje ankiety papierowe." if facts.paper_used else ""
    if response.invited is None:
        return (
            f"{got[:1].upper()}{got[1:]}.{paper} Ankieta była dostępna przez otwarty adres, bez kontroli liczby "
            "odpowiedzi, więc nie wiadomo, jaką część instytucji opisują wyniki."
        )
    invited = polish.counted(response.invited, "instytucję", "instytucje", "instytucji")
    rate = f" Odsetek odpowiedzi (RR1): {polish.percent(response.rr1)}." if response.rr1 is not None else ""
    return f"Zaprosiliśmy {invited}, {got}.{rate}{paper}"


def _nobody(facts: CampaignFacts) -> str:
    first = (
        "czy zaproszenia dotarły do instytucji"
        if facts.invitations
        else "czy adres ankiety dotarł do instytucji"
    )
    return (
        "Z tej ankiety nic nie wynika o żadnej instytucji. Zanim zostanie powtórzona, warto sprawdzić, "
        f"{first} i czy termin im odpowiadał."
    )


def _silence(response: ResponseResult) -> list[str]:
    if response.invited is None or response.invited <= response.answered or not response.answered:
        return []
    silent = response.invited - response.answered
    who = polish.counted(silent, "zaproszona instytucja", "zaproszone instytucje", "zaproszonych instytucji")
    verb = polish.plural(silent, "odpowiedziała", "odpowiedziały", "odpowiedziało")
    return [
        f"Nie {verb} {who}. Wyniki mówią o tych, którzy odpowiedzieli; tam, gdzie to możliwe, podajemy "
        "też, ile wyszłoby wśród wszystkich zaproszonych, zależnie od tego, co odpowiedzieliby pozostali."
    ]


def _components(instrument: Instrument, readiness: ReadinessResult) -> list[str]:
    return [
        _component(instrument, readiness, position) for position in range(len(readiness.rows[0].components))
    ]


def _component(instrument: Instrument, readiness: ReadinessResult, position: int) -> str:
    part = readiness.rows[0].components[position]
    name = _name(instrument, part)
    if part.base is not None and part.positive is not None:
        return f"{name}: {_told(part)}.{_bounds_told(part.bounds)}"
    shown = [row.components[position] for row in readiness.rows[1:]]
    known = [(p.positive, p.base) for p in shown if p.positive is not None and p.base is not None]
    if not known:
        return f"{name}: wynik jest ukryty, żeby chronić odpowiadających."
    positive, base = sum(p for p, _ in known), sum(b for _, b in known)
    return (
        f"{name}: wynik dla całej gminy jest ukryty, żeby chronić odpowiadających; w grupach, które można pokazać, "
        f"TAK to {polish.whole(positive)} z {polish.whole(base)} odpowiedzi."
    )


def _experience(instrument: Instrument, readiness: ReadinessResult) -> list[str]:
    """Partnership experience, in one sentence, from those questions that may be shown."""
    told = [
        f"{_name(instrument, part)}: {_told(part)}"
        for part in readiness.experience
        if part.base is not None and part.positive is not None
    ]
    return (
        ["Doświadczenie partnerskie (wśród tych, którym zadano pytanie). " + "; ".join(told) + "."]
        if told
        else []
    )


def _concreteness(readiness: ReadinessResult) -> list[str]:
    """How many of those asked wrote anything: a plan is more than a TAK."""
    told = []
    for label, table in readiness.concreteness:
        row = table.row(GMINA)
        if row.base and row.counts[0] is not None:
            wrote = row.base - row.counts[0]
            told.append(f"{label}: {polish.whole(wrote)} z {polish.whole(row.base)}")
    return [f"Co najmniej jeden przykład wpisali ci, których o to pytano. {'; '.join(told)}."] if told else []


def _score(row: ReadinessRow) -> list[str]:
    if row.score is None:
        return [f"Wyniku gotowości dla całej gminy nie podajemy. {row.why_no_score}"]
    limits = ""
    if row.bounds is not None:
        limits = f", a z uwzględnieniem milczących: od {polish.decimal(row.bounds.low, 0)} do "
        limits += f"{polish.decimal(row.bounds.high, 0)}"
    return [f"Gotowość w całej gminie: {polish.decimal(row.score, 0)} na 100{limits}."]


def _groups(readiness: ReadinessResult) -> list[str]:
    scored = [row for row in readiness.rows[1:] if row.score is not None]
    if len(readiness.rows) == 1:
        return [
            "Odpowiedzi nie da się podzielić na grupy, które chroniłyby odpowiadających, dlatego wyniki podajemy "
            "tylko dla całej gminy."
        ]
    if not scored:
        return [
            "W żadnej z grup nie ma dość odpowiedzi, które można pokazać, żeby podać jej wynik gotowości."
        ]
    names = ", ".join(f"„{row.label}”" for row in scored)
    if readiness.separable:
        return [
            f"Wynik gotowości podajemy dla grup: {names}. Granice niektórych z nich nie zachodzą na siebie."
        ]
    return [
        f"Wynik gotowości podajemy dla grup: {names}. Dane nie pozwalają powiedzieć, która jest wyżej, "
        "dlatego grup nie porównujemy."
        if len(scored) > 1
        else f"Wynik gotowości podajemy dla jednej grupy: {names}."
    ]


def _texts(questions: Sequence[QuestionResult]) -> list[str]:
    shown = sum(len(result.texts) for result in questions)
    if not shown:
        return []
    told = polish.counted(shown, "odpowiedź", "odpowiedzi", "odpowiedzi")
    return [f"Własnymi słowami: raport przytacza {told} na pytania otwarte, bez wskazania, kto je napisał."]


def _follows(response: ResponseResult, readiness: ReadinessResult | None) -> list[str]:
    """What follows: only from what was counted, and with what it does not tell."""
    told = []
    arguments = readiness.rows[0].arguments if readiness else ()
    names = [f"„{argument.partition(':')[0]}”" for argument in arguments]
    if len(arguments) == 1:
        advice = arguments[0].partition(":")[2].strip()
        told.append(f"Wśród tych, którzy odpowiedzieli, najniższa składowa to {names[0]}. {advice}")
    elif arguments:
        told.append(
            "Nie da się rozstrzygnąć, która składowa gotowości jest najniższa (w grę wchodzą: "
            f"{', '.join(names)}), więc w rozmowach warto poruszyć każdą z nich."
        )
    if response.rr1 is not None and response.rr1 < _LOW_RESPONSE:
        told.append(
            "Kompletnie odpowiedziała mniej niż połowa zaproszonych. Zanim zapadną decyzje, warto porozmawiać "
            "z tymi, którzy milczą: w wywiadach albo przy okazji spotkań zespołu."
        )
    return told


def _name(instrument: Instrument, part: ComponentResult) -> str:
    number = instrument.by_id[part.question].number
    return f"{part.label} (pytanie {number})" if number else part.label


def _told(part: ComponentResult) -> str:
    if part.base == 0:
        return "nikt nie odpowiedział"
    share = f" ({polish.percent(part.share)})" if part.share is not None else ""
    return f"TAK to {polish.whole(part.positive or 0)} z {polish.whole(part.base or 0)} odpowiedzi{share}"


def _bounds_told(bounds: Bounds | None) -> str:
    if bounds is None or bounds.low == bounds.high:
        return ""
    return (
        f" Wśród wszystkich zaproszonych: od {polish.percent(bounds.low)} do {polish.percent(bounds.high)}."
    )
