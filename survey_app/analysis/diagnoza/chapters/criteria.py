"""The annex on coding: criteria with their anchors and the rules, for every version that a round used."""

from __future__ import annotations

from collections.abc import Iterator

from survey_app import polish
from survey_app.analysis.diagnoza.coding_section import CodingSection, RoundSection
from survey_app.analysis.diagnoza.document import Block, BulletList, Chapter, Paragraph, Subheading, TextTable
from survey_app.instrument.coding_words import minimum_words, scheme_words

ALPHA = (
    "Alfa Krippendorffa",
    "α = 1 − D_o / D_e\nD_o to niezgodność zaobserwowana między ocenami tych samych interesariuszy, D_e oczekiwana z "
    "przypadku; odległość dwóch ocen jak dla skali porządkowej. 1 to pełna zgodność, 0 to zgodność przypadkowa. "
    "Przedział 95%: percentyle 2,5 i 97,5 z 1000 losowań interesariuszy ze zwracaniem. Gdy wszystkie oceny są "
    "jednakowe, α jest nieokreślona.",
    "K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011; przedział: A. F. Hayes, K. Krippendorff, "
    "Communication Methods and Measures 1 (1), 2007; progi 0,800 i 0,667: K. Krippendorff, Content Analysis",
)
MEDIAN = (
    "Mediana ocen (dolna)",
    "Ocena na miejscu (m + 1) / 2 z m ocen ułożonych od najniższej; przy parzystym m na miejscu m / 2\nJest to zawsze "
    "ocena, którą ktoś wystawił: z dwóch środkowych niższa. „Nie wiem” nie jest liczone.",
    "Konwencja serwisu",
)
EFFECT = (
    "Efekt animacji",
    "Zwolennicy w ostatnim kodowaniu − Zwolennicy w pierwszym\nKody są decyzjami o całym katalogu, nie o próbie: bez "
    "przedziałów i testów.",
    "Dokument 002, Tabela 2",
)


def criteria_annex(section: CodingSection) -> Chapter:
    """Each version of the criteria once, with the rounds that used it."""
    versions: dict[str, list[RoundSection]] = {}
    for one in section.rounds:
        versions.setdefault(one.instrument.sha256, []).append(one)
    blocks: list[Block] = []
    for number, used in enumerate(versions.values(), start=1):
        blocks += _version(number, used, alone=len(versions) == 1)
    return Chapter("", "Wyróżniki i reguła kodów", "aneks-wyrozniki", blocks)


def coding_definitions(section: CodingSection) -> list[tuple[str, str, str]]:
    """Rows for the annex of definitions."""
    return [ALPHA, MEDIAN, *([EFFECT] if section.change else [])]


def _version(number: int, used: list[RoundSection], *, alone: bool) -> Iterator[Block]:
    instrument = used[0].instrument
    if not alone:
        rounds = ", ".join(str(one.number) for one in used)
        yield Subheading(f"Wersja w turze {rounds}", f"wyrozniki-wersja-{number}", compact=True)
    yield from (
        Paragraph(" ".join(text.split()), "small") for text in instrument.text("introduction").split("\n\n")
    )
    for question in instrument.questions:
        if question.scale is None:
            continue
        yield TextTable(
            f"{question.number}. {question.text}" if question.number else question.text,
            ("Ocena", "Co znaczy"),
            tuple((str(point), question.scale.anchors[point]) for point in sorted(question.scale.anchors)),
            (1, 7),
            f"tabela-skala-{number}-{question.id}",
        )
    names = {question.id: question.text for question in instrument.questions}
    for scheme in dict.fromkeys(one.scheme for one in used):
        coding = used[0].coding
        chosen = coding.scheme(scheme)
        yield Paragraph(f"Reguła, podział „{chosen.label}”:", "small")
        yield BulletList(tuple(f"{words}." for words in scheme_words(coding, chosen, names)))
    yield Paragraph(f"{minimum_words(used[0].coding)} O kodzie decyduje zespół.", "small")


def coding_versions(section: CodingSection) -> list[tuple[str, str]]:
    """What the codes rest on, for the annex of checksums. A round's own sum stands in the internal edition only."""
    rows = [(f"Tura {one.number}: zamknięcie", polish.date(one.closed_on)) for one in section.rounds]
    for one in section.rounds:
        rows.append((f"Tura {one.number}: suma kontrolna wyróżników (SHA-256)", one.instrument.sha256))
        if one.detail is not None:
            rows.append((f"Tura {one.number}: suma kontrolna tury (SHA-256)", one.detail.checksum))
    return rows
