"""Chapters on coding: what each edition says, what the public one can never say, and that both say the same numbers."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import cache

import pytest

from survey_app.analysis.coding.result import Agreement, CodingHistory, Correction, RoundResult
from survey_app.analysis.coding_files import CHANGE_HEADER, change_rows, stakeholder_header, stakeholder_rows
from survey_app.analysis.coding_report import coding_document
from survey_app.analysis.diagnoza.build import build_diagnoza
from survey_app.analysis.diagnoza.cells import cells
from survey_app.analysis.diagnoza.chapters.change import signed
from survey_app.analysis.diagnoza.chapters.coding import agreement_words
from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.document import (
    BulletList,
    CountTable,
    Document,
    Figure,
    Paragraph,
    TextTable,
)
from survey_app.analysis.diagnoza.pdf import render_pdf
from survey_app.analysis.diagnoza.result import Diagnoza
from survey_app.analysis.edition import Edition
from survey_app.analysis.groups import form_groups, type_counts
from survey_app.analysis.response import Population
from tests.unit import example_coding as example
from tests.unit import example_diagnoza
from tests.unit.test_compose import words_of

PLANTED = "Zenobiusz Planta"


def report(history: CodingHistory, edition: Edition) -> Document:
    return coding_document(example.section(history, edition), example.FACTS, edition)


def titles(document: Document) -> list[str]:
    return [f"{chapter.number} {chapter.title}" for chapter in document.chapters]


@cache
def diagnoza(edition: Edition) -> Diagnoza:
    """Sixty answers, and two rounds of coding."""
    ankieta, records = example_diagnoza.ankieta(), example_diagnoza.made_up_records(example_diagnoza.TYPES)
    groups = form_groups(ankieta, type_counts(ankieta, records), 3, anonymous=True)
    return build_diagnoza(
        edition, ankieta, example_diagnoza.campaign_facts(), records, groups, Population(74, {}), {},
        example.two_rounds(), example.RESOURCES,
    )  # fmt: skip


def planted() -> CodingHistory:
    """Every name, reason, piece of evidence, title and declared thing carries the planted words."""
    rounds = tuple(
        replace(
            one,
            title=f"Tura {PLANTED}",
            stakeholders=tuple(
                replace(s, name=f"{PLANTED} {s.stakeholder_id}", reason=PLANTED, evidence=(PLANTED,))
                for s in one.stakeholders
            ),
            withdrawn=tuple(replace(w, name=PLANTED, reason=PLANTED) for w in one.withdrawn),
            corrections=tuple(replace(c, reason=PLANTED) for c in one.corrections),
        )
        for one in example.two_rounds().rounds
    )
    return replace(example.two_rounds(), rounds=rounds)


def test_the_reports_chapters_by_edition() -> None:
    internal, public = (
        titles(report(example.two_rounds(), edition)) for edition in (Edition.INTERNAL, Edition.PUBLIC)
    )
    assert internal == [
        "1 Podsumowanie",
        "2 Gminny Katalog Interesariuszy",
        "3 Kodowanie interesariuszy",
        "4 Zmiana między turami",
        "5 Neutralni i kolejność rozmów",
        "6 Zadeklarowane zasoby",
        "A Wyróżniki i reguła kodów",
        "B Definicje i wzory",
        "C Dane i suma kontrolna",
    ]
    assert not any("kolejność rozmów" in title for title in public)


def test_one_round_has_no_chapter_on_change_and_no_declarations_no_chapter_on_resources() -> None:
    history = CodingHistory((example.closed(1, example.many(12, 5, 0.3)),), {}, frozenset())
    section = example.section(history, Edition.INTERNAL, resources=())
    made = titles(coding_document(section, example.FACTS, Edition.INTERNAL))
    assert not any("Zmiana" in title or "zasoby" in title for title in made)


def test_the_public_edition_holds_no_name_reason_evidence_or_title_of_the_team() -> None:
    resource = replace(example.RESOURCES[0], stakeholder=PLANTED, description=PLANTED)
    section = example.section(planted(), Edition.PUBLIC, (resource,))
    document = coding_document(section, example.FACTS, Edition.PUBLIC)
    assert "Planta" not in repr(document)
    assert "Planta" not in repr(section)
    internal = example.section(planted(), Edition.INTERNAL, (resource,))
    assert "Planta" in repr(coding_document(internal, example.FACTS, Edition.INTERNAL))


def test_the_public_edition_of_the_diagnoza_names_no_stakeholder_either() -> None:
    names = {one.name for result in example.two_rounds().rounds for one in result.stakeholders}
    public, internal = (
        words_of(compose(diagnoza(edition))) for edition in (Edition.PUBLIC, Edition.INTERNAL)
    )
    assert not [name for name in names if name in public]
    assert all(name in internal for name in names)


def correction_of_a_person(result: RoundResult) -> Correction:
    person = next(one for one in result.stakeholders if one.natural_person)
    return Correction(person.stakeholder_id, person.code, "zwolennik", "Po rozmowie.", dt.date(2026, 9, 9))


def test_the_public_edition_is_the_same_whatever_natural_persons_were_rated_coded_and_corrected() -> None:
    """So that nothing at all can be worked out about them from it."""
    history = example.two_rounds()
    turned = replace(
        history,
        rounds=tuple(
            replace(
                one,
                stakeholders=tuple(
                    replace(s, code="neutralny" if s.code == "zwolennik" else "zwolennik")
                    if s.natural_person
                    else s
                    for s in one.stakeholders
                ),
                agreement=(Agreement("wplyw", 0.2, None, None, len(one.stakeholders), 9),),
                corrections=(*one.corrections, correction_of_a_person(one)),
            )
            for one in history.rounds
        ),
    )
    assert report(turned, Edition.PUBLIC) == report(history, Edition.PUBLIC)
    assert report(turned, Edition.INTERNAL) != report(history, Edition.INTERNAL)


def test_who_turns_out_to_be_a_natural_person_after_the_close_stands_in_no_public_count_at_once() -> None:
    history = example.two_rounds()
    known = replace(history, persons=frozenset({1}))
    before, after = (example.section(one, Edition.PUBLIC) for one in (history, known))
    assert [one.released.by_code.rows[0].base for one in after.rounds] == [
        (one.released.by_code.rows[0].base or 0) - 1 for one in before.rounds
    ]
    assert before.rounds[0].agreement
    assert not [one.agreement for one in after.rounds if one.agreement], "the person's ratings are in it"
    assert example.section(known, Edition.INTERNAL).rounds[0].agreement


def test_the_public_edition_has_no_map_and_no_checksum_of_a_round() -> None:
    document = report(example.two_rounds(), Edition.PUBLIC)
    said = words_of(document)
    assert "Mapa interesariuszy" not in said
    assert all(one.checksum not in said for one in example.two_rounds().rounds)


def test_the_internal_edition_says_that_it_may_be_asked_for_and_what_to_take_out_first() -> None:
    said = words_of(report(example.two_rounds(), Edition.INTERNAL))
    assert "informację publiczną" in said
    assert "trzeba usunąć kody osób fizycznych" in said


def test_decisions_are_no_sample_and_the_report_says_so() -> None:
    for edition in Edition:
        said = words_of(report(example.two_rounds(), edition))
        assert "a nie o próbie" in said
        assert "testy istotności" in said


def test_every_chart_has_its_table() -> None:
    document = report(example.two_rounds(), Edition.INTERNAL)
    blocks = [block for chapter in document.chapters for block in chapter.blocks]
    tables = {block.anchor: block.caption for block in blocks if isinstance(block, (CountTable, TextTable))}
    figures = [block for block in blocks if isinstance(block, Figure)]
    assert len(figures) == 4  # codes by round, two maps, flows
    for figure in figures:
        assert tables[figure.table_anchor].startswith(f"{figure.table_label}. ")


def test_anchors_are_unique() -> None:
    for made in (report(example.two_rounds(), Edition.INTERNAL), compose(diagnoza(Edition.INTERNAL))):
        anchors = [chapter.anchor for chapter in made.chapters]
        anchors += [
            block.anchor
            for chapter in made.chapters
            for block in chapter.blocks
            if getattr(block, "anchor", "")
        ]  # type: ignore[misc]
        assert len(anchors) == len(set(anchors))


def test_the_list_gives_the_number_of_the_map_votes_evidence_and_what_was_proposed() -> None:
    history = example.two_rounds()
    document = report(history, Edition.INTERNAL)
    block = table(document, "tabela-lista-1")
    rows = {row[0]: row for row in block.rows}
    name = next(row for row in rows if "Instytucja 06 " in row)
    assert re.match(r"\d+\. ", name)
    assert "Głosowanie: za 4, przeciw 1, wstrzymało się 0; uprawnionych 5." in rows[name][4]
    unplaced = rows["Instytucja 13 w Przykładowie"]
    assert "2b: –" in unplaced[3]
    assert "(bez propozycji)" in unplaced[2]
    evidenced = next(row for key, row in rows.items() if "Instytucja 05 " in key)
    assert "Podstawy: katalog: deklaracja lokalu; dokument: „Uchwała nr 7”." in evidenced[4]


def test_a_correction_is_listed_with_what_it_replaces_and_counts() -> None:
    document = report(example.two_rounds(), Edition.INTERNAL)
    correction = example.two_rounds().last.corrections[0]
    row = table(document, "tabela-sprostowania-2").rows[0]
    coding = example.criteria().definitions.coding
    assert coding is not None
    assert row[1:4] == (
        coding.code(correction.replaces).label,
        coding.code(correction.code).label,
        correction.reason,
    )
    assert document.facts[4] == ("Stan danych", "wersja 2.1, 20 sierpnia 2026")
    listed = next(row for row in table(document, "tabela-lista-2").rows if "Instytucja 01 " in row[0])
    assert listed[2].startswith(coding.code(correction.code).label)
    assert "sprostowany" in listed[2]


def test_who_left_and_who_was_taken_out_stand_with_the_reason() -> None:
    document = report(example.two_rounds(), Edition.INTERNAL)
    gone = {row[0]: row[3] for row in table(document, "tabela-odeszli").rows}
    assert gone["Instytucja 07 w Przykładowie"] == "Wyłączono go z późniejszej tury: Zlikwidowana w lipcu."
    assert set(gone) == {f"Instytucja {n:02d} w Przykładowie" for n in (3, 7, 12)}
    assert {row[0] for row in table(document, "tabela-nowi-lista").rows} == {
        f"Instytucja {n} w Przykładowie" for n in (41, 42, 43)
    }


def test_the_effect_is_in_the_form_of_the_sources_table() -> None:
    section = example.section(example.two_rounds(), Edition.INTERNAL)
    assert section.moves is not None
    row = table(report(example.two_rounds(), Edition.INTERNAL), "tabela-efekt").rows[0]
    moves = section.moves
    assert row == (
        "Przykładowo",
        "przykładowe",
        str(moves.supporters_before),
        str(moves.supporters_after),
        signed(moves.effect),
    )


@pytest.mark.parametrize(("number", "words"), [(13, "+13"), (0, "0"), (-2, "−2")])
def test_an_effect_carries_its_sign(number: int, words: str) -> None:
    assert signed(number) == words


def test_moves_are_listed_and_those_who_stayed_are_counted_with_a_way_to_them() -> None:
    document = report(example.two_rounds(), Edition.INTERNAL)
    rows = table(document, "tabela-zmiany").rows
    assert rows
    assert all(row[2] != row[3] for row in rows)
    (told,) = [
        block
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, Paragraph) and block.text.startswith("Bez zmiany")
    ]
    everyone = table(document, "tabela-lista-2").rows
    new = table(document, "tabela-nowi-lista").rows
    assert told.text.startswith(f"Bez zmiany: {len(everyone) - len(rows) - len(new)}\u00a0interesariusz")
    assert told.link == "tabela-lista-2"


@pytest.mark.parametrize(
    ("alpha", "low", "words"),
    [
        (0.85, 0.7, "bardzo podobnie"),
        (0.7, 0.68, "wnioski są ostrożne"),
        (0.5, 0.2, "wyraźnie się różniły"),
        (0.0, -0.2, "przypadek"),
        (0.85, 0.3, "Przedział jest szeroki"),
    ],
)
def test_agreement_is_told_in_plain_words(alpha: float, low: float, words: str) -> None:
    assert words in agreement_words(Agreement("wplyw", alpha, low, 0.9, 10, 50))


def test_agreement_without_variation_is_undefined_and_says_why() -> None:
    row = table(report(example.two_rounds(), Edition.PUBLIC), "tabela-zgodnosc-1").rows[2]
    assert row[1:] == ("nieokreślona", "–", "Wszystkie oceny są jednakowe.")


def test_a_third_code_that_a_round_did_not_have_is_a_dash() -> None:
    first = example.closed(1, example.many(14, 3, 0.3))
    second = example.closed(
        2,
        [
            replace(one, code="przeciwnik") if one.stakeholder_id % 4 == 0 else one
            for one in example.many(14, 4, 0.5)
        ],
        scheme="trzy_kody",
    )
    document = report(CodingHistory((first, second), {}, frozenset()), Edition.INTERNAL)
    counted = table(document, "tabela-kody")
    assert counted.header == ("Tura", "n", "Zwolennik", "Neutralny", "Przeciwnik")
    assert counted.rows[0][4] == "–"
    assert counted.rows[1][4] == "3"


def test_conventions_anchors_and_the_rule_are_printed() -> None:
    said = words_of(report(example.two_rounds(), Edition.PUBLIC))
    for convention in example.criteria().definitions.conventions:
        assert " ".join(convention.text.split()) in said
    for question in example.criteria().questions:
        assert question.scale is not None
        for anchor in question.scale.anchors.values():
            assert anchor in said


def test_public_resources_are_counts_without_natural_persons() -> None:
    document = report(example.two_rounds(), Edition.PUBLIC)
    assert table(document, "tabela-zasoby").rows == (("lokal", "2"),)
    internal = report(example.two_rounds(), Edition.INTERNAL)
    assert table(internal, "tabela-zasoby").rows == (("lokal", "2"), ("ludzie", "1"))
    assert "Jan Kowal, mentor." in words_of(internal)


def test_the_diagnoza_with_coding_says_so_on_its_title_page_and_in_its_version() -> None:
    made = diagnoza(Edition.INTERNAL)
    document = compose(made)
    assert document.subtitle.endswith("Wyniki ankiety i kodowania interesariuszy")
    assert ("Kodowanie", "tura 1, 20 maja 2026; tura 2, 20 sierpnia 2026") in document.facts
    assert made.data_version == "1.2.1"
    assert [title for title in titles(document) if title[0].isdigit()] == [
        "1 Podsumowanie",
        "2 Metoda i jej ograniczenia",
        "3 Kto odpowiedział",
        "4 Wyniki pytanie po pytaniu",
        "5 Odpowiedzi otwarte",
        "6 Gminny Katalog Interesariuszy",
        "7 Kodowanie interesariuszy",
        "8 Zmiana między turami",
        "9 Gotowość sektorów",
        "10 Neutralni i kolejność rozmów",
        "11 Zadeklarowane zasoby",
    ]
    assert "Zespół zakończył 2\u00a0tury kodowania interesariuszy" in words_of(document)


def test_talks_take_their_arguments_from_the_ankieta_of_the_same_gmina() -> None:
    rows = table(compose(diagnoza(Edition.INTERNAL)), "tabela-rozmowy").rows
    assert rows[0][0].startswith("1. ")
    influences = [row[2] for row in rows]
    assert influences == sorted(influences, reverse=True)
    assert any("Argument" in row[3] for row in rows)


def test_each_argument_stands_once_above_the_table_that_names_it() -> None:
    document = compose(diagnoza(Edition.INTERNAL))
    chapter = next(one for one in document.chapters if one.anchor == "rozmowy")
    told = next(block for block in chapter.blocks if isinstance(block, BulletList)).items
    assert len(set(told)) == len(told) > 0
    shown = "\n".join(row[3] for row in table(document, "tabela-rozmowy").rows)
    for sentence in told:
        name, _, words = sentence.partition(": ")
        assert name in shown
        assert words not in shown


def test_the_checksum_follows_what_the_edition_shows() -> None:
    history = example.two_rounds()
    named = replace(
        history,
        rounds=(history.first, replace(history.last, checksum="f" * 64)),
    )
    public = [example.section(one, Edition.PUBLIC).checksum for one in (history, named)]
    internal = [example.section(one, Edition.INTERNAL).checksum for one in (history, named)]
    assert public[0] == public[1]
    assert internal[0] != internal[1]
    assert diagnoza(Edition.PUBLIC).checksum != diagnoza(Edition.INTERNAL).checksum


def test_the_same_rounds_give_the_same_bytes() -> None:
    example.two_rounds.cache_clear()
    first = render_pdf(report(example.two_rounds(), Edition.INTERNAL))
    example.two_rounds.cache_clear()
    assert render_pdf(report(example.two_rounds(), Edition.INTERNAL)) == first


def test_a_section_of_one_edition_is_never_printed_as_the_other() -> None:
    with pytest.raises(ValueError, match="internal"):
        coding_document(
            example.section(example.two_rounds(), Edition.INTERNAL), example.FACTS, Edition.PUBLIC
        )


def test_hostile_names_and_a_single_stakeholder_make_a_report() -> None:
    hostile = CodingHistory((example.closed(1, example.many(9, 3, 0.2, example.HOSTILE)),), {}, frozenset())
    alone = CodingHistory((example.closed(1, [example.coded(1, "Urząd Gminy")]),), {}, frozenset())
    for history in (hostile, alone):
        for edition in Edition:
            assert render_pdf(report(history, edition)).startswith(b"%PDF")
    assert example.HOSTILE[2] in words_of(report(hostile, Edition.INTERNAL))


def test_files_hold_the_numbers_of_the_report() -> None:
    section = example.section(example.two_rounds(), Edition.INTERNAL)
    assert section.moves is not None
    rounds = [one.detail for one in section.rounds if one.detail is not None]
    header, rows = stakeholder_header(rounds), stakeholder_rows(rounds)
    assert all(len(row) == len(header) for row in rows)
    code, number = header.index("kod"), header.index("tura")
    for one in section.rounds:
        table_ = one.released.by_code
        for column, count in zip(one.codes, table_.rows[0].counts, strict=True):
            assert sum(row[code] == column.label and row[number] == one.number for row in rows) == count
    changes = change_rows(section.moves)
    what = CHANGE_HEADER.index("co się stało")
    assert sum(row[what] == "zmiana kodu" for row in changes) == sum(
        pair.changed for pair in section.moves.pairs
    )
    assert sum(row[what] == "nowy" for row in changes) == 3


def table(document: Document, anchor: str) -> TextTable:
    for chapter in document.chapters:
        for block in chapter.blocks:
            if isinstance(block, TextTable) and block.anchor == anchor:
                assert cells(block).rows == block.rows
                return block
    raise AssertionError(f"no table {anchor}")
