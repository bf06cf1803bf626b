"""DDI Codebook 2.5: what the study was and what each variable of its file means, for archives and catalogues.

The description holds no count but the number of rows, and nothing of what anybody answered: frequencies belong to
released tables. Element order: DDI Codebook 2.5.1, schema codebook.xsd (DDI Alliance).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from survey_app.analysis.files.variables import CodedFile, Variable
from survey_app.instrument.model import AnswerType, Instrument, Question, Section
from survey_app.instrument.routing import written_routing

NAMESPACE = "ddi:codebook:2_5"
SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_NATION = "Polska"
_MISSING_TYPES = {"bez odpowiedzi": "no answer", "nie pytano": "not applicable"}
_DOMAINS = {AnswerType.NUMBER: "numeric", AnswerType.DATE: "datetime"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FILE_ID = "F1"


@dataclass(frozen=True, slots=True)
class Study:
    """What the description says of the campaign: all of it is known to everybody who was asked.

    `invited`: the number of institutions, None with an open link. `file_name`: of the file that is described.
    """

    title: str
    gmina: str
    teryt: str
    powiat: str
    wojewodztwo: str
    begins: dt.date
    ends: dt.date
    anonymous: bool
    invited: int | None
    paper: bool
    file_name: str
    made: dt.date


def ddi_xml(study: Study, instrument: Instrument, file: CodedFile) -> bytes:
    """The codebook as XML in UTF-8; the same input gives the same bytes."""
    root = Element(
        "codeBook",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
            "version": "2.5",
            "xml:lang": "pl",
        },
    )
    _document(root, study)
    _study(root, study, instrument, file)
    _file(root, study, file)
    _variables(root, instrument, file)
    indent(root)
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _text(parent: Element, name: str, text: str, **attributes: str) -> Element:
    """A child with its text; what XML cannot hold (a control character in a title) is left out."""
    child = SubElement(parent, name, attributes)
    child.text = _NOT_XML.sub("", text)
    return child


def _document(root: Element, study: Study) -> None:
    citation = SubElement(SubElement(root, "docDscr"), "citation")
    _text(SubElement(citation, "titlStmt"), "titl", f"Opis danych: {_title(study)}")
    production = SubElement(citation, "prodStmt")
    _text(production, "producer", f"Gmina {study.gmina}")
    _text(production, "prodDate", study.made.isoformat(), date=study.made.isoformat())


def _title(study: Study) -> str:
    return f"{study.title}, {study.gmina} ({study.teryt})"


def _study(root: Element, study: Study, instrument: Instrument, file: CodedFile) -> None:
    described = SubElement(root, "stdyDscr")
    citation = SubElement(described, "citation")
    titles = SubElement(citation, "titlStmt")
    _text(titles, "titl", _title(study))
    _text(titles, "IDNo", f"{study.teryt}-{instrument.key}-{study.begins.isoformat()}", agency="TERYT")
    _text(SubElement(citation, "rspStmt"), "AuthEnty", "Zespół Synergii Lokalnej", affiliation=study.gmina)
    _text(SubElement(citation, "prodStmt"), "producer", f"Gmina {study.gmina}")
    _text(
        SubElement(citation, "verStmt"),
        "version",
        f"Narzędzie „{instrument.title}”, suma kontrolna SHA-256: {instrument.sha256}",
        date=study.made.isoformat(),
    )
    _scope(described, study, instrument)
    _method(described, study, instrument)
    _access(described, file)


def _scope(described: Element, study: Study, instrument: Instrument) -> None:
    scope = SubElement(described, "stdyInfo")
    subject = SubElement(scope, "subject")
    for word in ("partnerstwo lokalne", "przeciwdziałanie wykluczeniu społecznemu", "reintegracja"):
        _text(subject, "keyword", word)
    paragraphs = instrument.introduction(anonymous=study.anonymous)
    _text(scope, "abstract", "\n\n".join(paragraphs) or instrument.title)
    summary = SubElement(scope, "sumDscr")
    for event, day in (("start", study.begins), ("end", study.ends)):
        _text(summary, "collDate", day.isoformat(), date=day.isoformat(), event=event)
    _text(summary, "nation", _NATION, abbr="PL")
    place = (
        f"gmina {study.gmina}, powiat {study.powiat}, województwo {study.wojewodztwo}, TERYT {study.teryt}"
    )
    _text(summary, "geogCover", place)
    _text(summary, "geogUnit", "gmina")
    _text(summary, "anlyUnit", "instytucja")
    _text(summary, "universe", _universe(study))
    _text(summary, "dataKind", "dane z ankiety")


def _universe(study: Study) -> str:
    if study.invited is None:
        return "Kto chciał odpowiedzieć pod otwartym adresem; liczba uprawnionych nie jest znana."
    return f"Instytucje z Gminnego Katalogu Interesariuszy; zaproszone: {study.invited}."


def _method(described: Element, study: Study, instrument: Instrument) -> None:
    method = SubElement(described, "method")
    collected = SubElement(method, "dataColl")
    _text(collected, "timeMeth", "badanie przekrojowe")
    _text(collected, "dataCollector", f"Zespół Synergii Lokalnej, {study.gmina}")
    sampling = (
        "bez losowania: każdy, kto otworzył adres" if study.invited is None else "badanie pełne katalogu"
    )
    _text(collected, "sampProc", sampling)
    _text(collected, "collMode", "ankieta internetowa" + (" i papierowa" if study.paper else ""))
    source = instrument.source
    _text(collected, "resInstru", f"{instrument.title}; źródło: {source.document}, {source.title}")
    for convention in instrument.definitions.conventions:
        _text(method, "notes", convention.text, subject=convention.id)


def _access(described: Element, file: CodedFile) -> None:
    use = SubElement(SubElement(described, "dataAccs"), "useStmt")
    _text(use, "restrctn", "Plik z wierszami jest tylko dla zespołu gminy; publiczne są tabele z diagnozy.")
    for note in file.about:
        _text(use, "conditions", note)


def _file(root: Element, study: Study, file: CodedFile) -> None:
    described = SubElement(SubElement(root, "fileDscr", {"ID": FILE_ID}), "fileTxt")
    _text(described, "fileName", study.file_name)
    size = SubElement(described, "dimensns")
    _text(size, "caseQnty", str(len(file.rows)))
    _text(size, "varQnty", str(len(file.variables)))
    _text(described, "fileType", "SPSS (.sav)", charset="UTF-8")


def _variables(root: Element, instrument: Instrument, file: CodedFile) -> None:
    described = SubElement(root, "dataDscr")
    for section in instrument.sections:
        _group(described, section, file.variables)
    routing = written_routing(instrument)
    for variable in file.variables:
        _variable(described, variable, routing)


def _group(described: Element, section: Section, variables: Iterable[Variable]) -> None:
    """A part of the questionnaire; one without variables of its own has no place here."""
    asked = {question.id for question in section.questions}
    own = [_id(v) for v in variables if v.question is not None and v.question.id in asked]
    if own:
        group = SubElement(
            described, "varGrp", {"ID": f"G_{section.id}", "type": "section", "var": " ".join(own)}
        )
        if section.title:
            _text(group, "labl", section.title)


def _id(variable: Variable) -> str:
    return f"V_{variable.name}"


def _variable(described: Element, variable: Variable, routing: Mapping[str, str]) -> None:
    attributes = {"ID": _id(variable), "name": variable.name, "files": FILE_ID}
    if not variable.is_text:
        nature = {"scale": "ratio"}.get(variable.measure, variable.measure)
        attributes |= {"dcml": str(variable.decimals), "nature": nature}
    attributes["intrvl"] = "contin" if variable.measure == "scale" else "discrete"
    attributes["representationType"] = _representation(variable)
    entry = SubElement(described, "var", attributes)
    _text(entry, "labl", variable.label)
    if variable.question is not None:
        _question(entry, variable.question)
    _ranges(entry, variable)
    if variable.question is not None and variable.question.id in routing:
        _text(entry, "universe", routing[variable.question.id])
    for code, label in variable.values.items():
        _category(entry, code, label)
    for code, state in variable.missing.items():
        _category(entry, code, state, missing="Y", missType=_MISSING_TYPES.get(state, "not reached"))
    kind, form = ("character", "A") if variable.is_text else ("numeric", f"F8.{variable.decimals}")
    SubElement(entry, "varFormat", {"type": kind, "schema": "SPSS", "formatname": form})


def _representation(variable: Variable) -> str:
    if variable.is_text:
        return "text"
    return "numeric" if variable.measure == "scale" else "code"


def _question(entry: Element, question: Question) -> None:
    domain = _DOMAINS.get(question.type, "category" if question.options or question.scale else "text")
    attributes = {"responseDomainType": "category" if question.type is AnswerType.YES_NO else domain}
    asked = SubElement(
        entry, "qstn", {**attributes, **({"seqNo": question.number} if question.number else {})}
    )
    _text(asked, "qstnLit", question.text)
    if question.help:
        _text(asked, "postQTxt", question.help)


def _ranges(entry: Element, variable: Variable) -> None:
    question = variable.question
    if variable.measure == "scale" and question is not None:
        ends: Sequence[tuple[str, float | None]] = (("min", question.minimum), ("max", question.maximum))
        known = {name: f"{end:g}" for name, end in ends if end is not None}
        if known:
            SubElement(SubElement(entry, "valrng"), "range", {"UNITS": "REAL", **known})
    if variable.missing:
        invalid = SubElement(entry, "invalrng")
        for code in variable.missing:
            SubElement(invalid, "item", {"UNITS": "INT", "VALUE": str(code)})


def _category(entry: Element, code: int, label: str, **attributes: str) -> None:
    category = SubElement(entry, "catgry", attributes)
    _text(category, "catValu", str(code))
    _text(category, "labl", label)
