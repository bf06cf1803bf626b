"""DDI Codebook 2.5 as far as the service writes it: which elements stand where, in what order, with what attributes.

Written down from the schema's own declarations (codebook.xsd 2.5.1: content models, required attributes, enumerations,
ID and IDREF), for elements that appear in the service's files; any other element or attribute is a fault. Where the
schema itself is at hand, DDI_SCHEMA names its file and it is asked, too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

NAMESPACE = "{ddi:codebook:2_5}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"

# Element -> its children in order, as a regular expression over "name;".
CONTENT = {
    "codeBook": "(docDscr;)*(stdyDscr;)+(fileDscr;)*(dataDscr;)*",
    "docDscr": "(citation;)?",
    "stdyDscr": "(citation;)+(stdyInfo;)*(method;)*(dataAccs;)*(notes;)*",
    "citation": "titlStmt;(rspStmt;)?(prodStmt;)?(verStmt;)*(notes;)*",
    "titlStmt": "titl;(IDNo;)*",
    "rspStmt": "(AuthEnty;)*",
    "prodStmt": "(producer;)*(prodDate;)*",
    "verStmt": "(version;)?(notes;)*",
    "stdyInfo": "(subject;)*(abstract;)*(sumDscr;)*(notes;)*",
    "subject": "(keyword;)*",
    "sumDscr": "(collDate;)*(nation;)*(geogCover;)*(geogUnit;)*(anlyUnit;)*(universe;)*(dataKind;)*",
    "method": "(dataColl;)*(notes;)*",
    "dataColl": "(timeMeth;)*(dataCollector;)*(sampProc;)*(collMode;)*(resInstru;)*",
    "dataAccs": "(useStmt;)*(notes;)*",
    "useStmt": "(restrctn;)?(conditions;)*",
    "fileDscr": "(fileTxt;)*(notes;)*",
    "fileTxt": "(fileName;)?(dimensns;)?(fileType;)?",
    "dimensns": "(caseQnty;)*(varQnty;)*",
    "dataDscr": "(varGrp;)*(var;)*(notes;)*",
    "varGrp": "(labl;)*",
    "var": "(labl;)*(qstn;)*(valrng;)*(invalrng;)*(universe;)*(catgry;)*(varFormat;)?(notes;)*",
    "qstn": "(qstnLit;|postQTxt;)*",
    "valrng": "((item;|range;)+)",
    "invalrng": "((item;|range;)+)",
    "catgry": "(catValu;)?(labl;)*",
}
TEXTS = {
    "titl", "IDNo", "AuthEnty", "producer", "prodDate", "version", "keyword", "abstract", "collDate", "nation",
    "geogCover", "geogUnit", "anlyUnit", "universe", "dataKind", "timeMeth", "dataCollector", "sampProc", "collMode",
    "resInstru", "restrctn", "conditions", "fileName", "fileType", "caseQnty", "varQnty", "labl", "qstnLit",
    "postQTxt", "catValu", "notes",
}  # fmt: skip
EMPTY = {"item", "range", "varFormat"}

DATE, ANY = r"\d{4}-\d\d-\d\d", ".*"
ATTRIBUTES = {
    "codeBook": {"version": "2[.]5", XML_LANG: "pl", SCHEMA_LOCATION: r"ddi:codebook:2_5 http\S+"},
    "prodDate": {"date": DATE},
    "version": {"date": DATE},
    "IDNo": {"agency": ANY},
    "AuthEnty": {"affiliation": ANY},
    "collDate": {"date": DATE, "event": "start|end|single"},
    "nation": {"abbr": ANY},
    "notes": {"subject": ANY},
    "fileDscr": {"ID": ANY},
    "fileType": {"charset": ANY},
    "varGrp": {"ID": ANY, "type": "section|multipleResp|subject|other", "var": ANY},
    "var": {
        "ID": ANY, "name": ".+", "files": ANY, "dcml": r"\d+", "intrvl": "contin|discrete",
        "nature": "nominal|ordinal|interval|ratio|percent|other",
        "representationType": "text|numeric|code|datetime|other",
    },
    "qstn": {"responseDomainType": "text|numeric|code|category|datetime|multiple|other", "seqNo": ANY},
    "catgry": {"missing": "Y|N", "missType": ANY},
    "item": {"UNITS": "INT|REAL", "VALUE": ANY},
    "range": {"UNITS": "INT|REAL", "min": ANY, "max": ANY},
    "varFormat": {"type": "numeric|character", "schema": "SAS|SPSS|IBM|ANSI|ISO|XML-Data|other", "formatname": ANY},
}  # fmt: skip
REQUIRED = {"var": {"name"}, "item": {"VALUE"}}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


def faults(content: bytes) -> list[str]:
    """Everything in the file that the schema would refuse; empty for a valid one."""
    root = fromstring(content)
    found = [] if root.tag == f"{NAMESPACE}codeBook" else [f"root is {root.tag}"]
    ids = [element.attrib["ID"] for element in root.iter() if "ID" in element.attrib]
    found += [
        f"ID {one!r} twice or not a name" for one in ids if ids.count(one) > 1 or not NAME.fullmatch(one)
    ]
    for element in root.iter():
        found += _of_element(element)
        for key in ("var", "files"):
            if element.tag.removeprefix(NAMESPACE) in ("var", "varGrp"):
                found += [f"no ID {one!r}" for one in element.attrib.get(key, "").split() if one not in ids]
    return found


def _of_element(element: Element) -> Iterator[str]:
    name = element.tag.removeprefix(NAMESPACE)
    children = "".join(f"{child.tag.removeprefix(NAMESPACE)};" for child in element)
    if name in CONTENT:
        if not re.fullmatch(CONTENT[name], children):
            yield f"{name} holds {children}"
        if (element.text or "").strip():
            yield f"{name} holds text beside elements"
    elif name not in TEXTS | EMPTY:
        yield f"unknown element {name}"
    elif children or (name in EMPTY and (element.text or "").strip()):
        yield f"{name} may not hold {children or 'text'}"
    allowed = ATTRIBUTES.get(name, {})
    for key, value in element.attrib.items():
        if not re.fullmatch(allowed.get(key, "$^"), value, re.DOTALL):
            yield f"{name}: {key}={value!r}"
    yield from (f"{name} without {key}" for key in REQUIRED.get(name, set()) - set(element.attrib))
    if "date" in element.attrib:
        dt.date.fromisoformat(element.attrib["date"])
