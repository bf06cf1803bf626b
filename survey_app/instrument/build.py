"""A checked document -> the frozen model. Runs only on documents without faults."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from survey_app.instrument.build_calculator import with_assumptions
from survey_app.instrument.build_paper import paper_rules, row_table
from survey_app.instrument.build_register import register_rules
from survey_app.instrument.coding_words import written_conventions
from survey_app.instrument.model import (
    AnswerType,
    Code,
    CodeRule,
    CodeScheme,
    Coding,
    Comparison,
    CompleteRule,
    Concreteness,
    Condition,
    ConsentTexts,
    Convention,
    Definitions,
    Fact,
    FactTerm,
    Instrument,
    Interview,
    InterviewForm,
    Kind,
    Operator,
    Option,
    OptionText,
    Question,
    Readiness,
    ReadinessItem,
    Scale,
    ScoreTerm,
    Section,
    Sector,
    SectorTable,
    Source,
    Stance,
    Topic,
)

Document = Mapping[str, Any]


def canonical_json(document: Any) -> str:
    """One spelling for equal documents: sorted keys, no spaces. Its sha256 is the version."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def checksum(document: Document) -> str:
    """The sha256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(document).encode("utf-8")).hexdigest()


def build_instrument(document: Document) -> Instrument:
    """The model of a document that `checks` found nothing wrong with."""
    sections = tuple(_section(section) for section in document["sections"])
    definitions = _definitions(document.get("definitions", {}), _names(sections))
    if definitions.paper is not None and definitions.paper.calculator is not None:
        sections = with_assumptions(sections, definitions.paper.calculator)
    return Instrument(
        key=document["key"],
        kind=Kind(document["kind"]),
        title=document["title"],
        source=_source(document["source"]),
        texts=dict(document.get("texts", {})),
        sections=sections,
        definitions=definitions,
        sha256=checksum(document),
        minutes=document.get("minutes"),
        document=document,
    )


def _source(document: Document) -> Source:
    return Source(document["document"], document["title"], tuple(document.get("mends", ())))


def _section(document: Document) -> Section:
    return Section(
        id=document["id"],
        title=document.get("title", ""),
        questions=tuple(_question(question) for question in document["questions"]),
        intro=document.get("intro"),
        minutes=document.get("minutes"),
        read_aloud=document.get("read_aloud"),
        tables=tuple(row_table(table) for table in document.get("tables", ())),
    )


def _question(document: Document) -> Question:
    kept = ("number", "follows", "help", "paper_help", "warning", "minimum", "maximum")
    sized = ("max_items", "box", "max_length", "decimals", "lines", "identifying")
    return Question(
        id=document["id"],
        type=AnswerType(document["type"]),
        text=document["text"],
        ask_if=condition(document["ask_if"]) if "ask_if" in document else None,
        options=tuple(_option(option) for option in document.get("options", ())),
        scale=_scale(document["scale"]) if "scale" in document else None,
        probes=tuple(document.get("probes", ())),
        **{key: document[key] for key in (*kept, *sized) if key in document},
    )


def condition(document: Document) -> Condition:
    """A condition in either spelling: one comparison, or a list under `all` or `any`."""
    for mode in ("all", "any"):
        if mode in document:
            return Condition(mode, tuple(_comparison(part) for part in document[mode]))
    return Condition("all", (_comparison(document),))


def _comparison(document: Document) -> Comparison:
    value = document.get("value")
    return Comparison(
        document["question"], Operator(document["op"]), tuple(value) if isinstance(value, list) else value
    )


def _option(document: Document) -> Option:
    text = document.get("text")
    return Option(
        id=document["id"],
        label=document["label"],
        code=document["code"],
        text=OptionText(**text) if text else None,
        decline=document.get("decline", False),
    )


def _scale(document: Document) -> Scale:
    anchors = {int(point): anchor for point, anchor in document["anchors"].items()}
    return Scale(document["low"], document["high"], dict(sorted(anchors.items())))


def _names(sections: tuple[Section, ...]) -> dict[str, str]:
    return {question.id: question.text for section in sections for question in section.questions}


def _definitions(document: Document, names: Mapping[str, str]) -> Definitions:
    coding = _coding(document["coding"]) if "coding" in document else None
    kept = {key: document[key] for key in ("smallest_cell", "percent_from") if key in document}
    return Definitions(
        sectors=_sectors(document["sectors"]) if "sectors" in document else None,
        readiness=_readiness(document["readiness"]) if "readiness" in document else None,
        complete=_complete(document["complete"]) if "complete" in document else None,
        coding=coding,
        interview=_interview(document["interview"]) if "interview" in document else None,
        paper=paper_rules(document["paper"]) if "paper" in document else None,
        register=register_rules(document["register"]) if "register" in document else None,
        conventions=(
            *(Convention(**convention) for convention in document.get("conventions", ())),
            *(written_conventions(coding, names) if coding else ()),
        ),
        **kept,
    )


def _complete(document: Document) -> CompleteRule:
    return CompleteRule(tuple(document["of"]), document["at_least"])


def _sectors(document: Document) -> SectorTable:
    catalogue = document.get("catalogue", ())
    return SectorTable(
        question=document["question"],
        sectors=tuple(Sector(s["id"], s["label"], s.get("three_way")) for s in document["sectors"]),
        option_sector={option: s["id"] for s in document["sectors"] for option in s["options"]},
        standalone=tuple(document.get("standalone", ())),
        catalogue_options={entry["id"]: tuple(entry["options"]) for entry in catalogue},
        three_way_labels=dict(document["three_way_labels"]),
        catalogue_labels={entry["id"]: entry["label"] for entry in catalogue},
    )


def _readiness(document: Document) -> Readiness:
    return Readiness(
        items=tuple(ReadinessItem(**item) for item in document["items"]),
        minimum_answers=document["minimum_answers"],
        experience=tuple(ReadinessItem(**item) for item in document.get("experience", ())),
        concreteness=tuple(Concreteness(**item) for item in document.get("concreteness", ())),
        description=document["description"],
    )


def _coding(document: Document) -> Coding:
    return Coding(
        influence=document["influence"],
        interest=document["interest"],
        minimum_ratings=document["minimum_ratings"],
        codes=tuple(Code(**{**code, "stance": Stance(code["stance"])}) for code in document["codes"]),
        schemes=tuple(_scheme(scheme) for scheme in document["schemes"]),
    )


def _interview(document: Document) -> Interview:
    kept = ("people_low", "people_high", "minutes_low", "minutes_high")
    return Interview(
        form=InterviewForm(document["form"]),
        consent=ConsentTexts(**document["consent"]),
        topics=tuple(Topic(**topic) for topic in document["topics"]),
        **{key: document[key] for key in kept},
    )


def _scheme(document: Document) -> CodeScheme:
    rules = tuple(code_rule(rule) for rule in document["rules"])
    return CodeScheme(document["id"], document["label"], document["description"], rules)


def code_rule(document: Document) -> CodeRule:
    """A rule of a scheme: clauses of terms, or the one that applies where no other does."""
    clauses = tuple(tuple(_term(term) for term in clause["all"]) for clause in document.get("any", ()))
    return CodeRule(document["code"], clauses, document.get("otherwise", False))


def _term(document: Document) -> ScoreTerm | FactTerm:
    if "fact" in document:
        return FactTerm(Fact(document["fact"]), document.get("holds", True))
    return ScoreTerm(document["criterion"], Operator(document["op"]), document["value"])
