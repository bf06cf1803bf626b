"""What a paper is begun with: facts of the gmina, its catalogue and its coding, and what other papers hold.

A fact is a text or rows of a table (`PaperFact`); "<key>.<id>" is a field of the newest agreed paper of that key, or of
the newest where none is agreed to; "register:<key>" gives rows of the register's entries (`services/registers/rows`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from survey_app import polish
from survey_app.analysis.edition import Edition
from survey_app.analysis.papers.calculation_words import summary
from survey_app.analysis.papers.calculator import calculated
from survey_app.instrument.assumptions import default_rows
from survey_app.instrument.model import AnswerType, Instrument, Question, Stance
from survey_app.instrument.paper_model import ROW_ID, PaperFact, Row, RowTable
from survey_app.instrument.values import YES_NO_WORDS, Value
from survey_app.services import gminas, team_people
from survey_app.services.coding.coding_history import present_codes
from survey_app.services.context import Context
from survey_app.services.gminas import GminaDescription
from survey_app.services.instruments import used_instrument
from survey_app.services.method import monitoring_facts
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.papers import Content
from survey_app.services.register import catalogue, declarations
from survey_app.services.registers.diary import diary
from survey_app.services.registers.rows import rows_of
from survey_app.store import papers

Rows = Sequence[Row]
CALCULATED = "wynik"  # "<key of a calculator>.wynik": its result in words
OF_REGISTER = "register:"
A_PERSON = "_osoba"  # in a row that names a natural person of the catalogue; no table has such a column
MONITORING = "monitoring"
TYPE_WORDS = {"A": "typ A", "B": "typ B", "C": "typ C"}


def text_facts(context: Context, gmina: GminaDescription, day: dt.date) -> dict[str, str]:
    """Every fact that is a text, by its name; `day`: what "today" is, of a paper that was made earlier."""
    seats = team_people.team(context, gmina.code)
    return {
        PaperFact.GMINA.value: gmina.name,
        PaperFact.GMINA_KIND.value: gmina.kind_label,
        PaperFact.POWIAT.value: gmina.powiat,
        PaperFact.WOJEWODZTWO.value: gmina.wojewodztwo,
        PaperFact.TODAY.value: polish.date(day),
        PaperFact.COORDINATOR.value: ", ".join(seat.name for seat in seats if seat.coordinator),
    }


def prefilled(context: Context, gmina_code: str, definition: Instrument) -> Content:
    """What a new paper begins with: only what its definition asks for, and what fits into the field.

    A paper whose text stands in the public diagnoza begins with no natural person of the catalogue, as that names none.
    """
    wanted = rules_of(definition).prefill or {}
    known = _Known(context, gmina_code, public=rules_of(definition).edition == Edition.PUBLIC)
    answers: dict[str, Value] = {}
    tables: dict[str, Rows] = {}
    most = {table.id: table.most for table in definition.tables}
    calculator = rules_of(definition).calculator
    if calculator is not None:
        tables.update(default_rows(calculator))
    for into, source in wanted.items():
        if source.startswith(OF_REGISTER) and into in most:
            found: object = rows_of(context, gmina_code, source.removeprefix(OF_REGISTER), most[into])
        else:
            found = known.of(source)
        put(definition, into, found, answers, tables)
    return Content(answers, tables)


def put(
    definition: Instrument,
    into: str,
    found: object,
    answers: dict[str, Value],
    tables: dict[str, Rows],
) -> None:
    """Puts what was found into the table or the answer `into`, as far as it fits; else that stays as it is."""
    table = next((one for one in definition.tables if one.id == into), None)
    if table is not None:
        if rows := _as_rows(found, table):
            tables[into] = rows
    elif (value := _as_value(found, definition.by_id[into])) is not None:
        answers[into] = value


class _Known:
    """Asks for each kind of thing once, and only if something of it is wanted."""

    def __init__(self, context: Context, gmina_code: str, *, public: bool) -> None:
        self.context, self.gmina_code, self.public = context, gmina_code, public
        self.texts: Mapping[str, str] | None = None

    def of(self, source: str) -> object:
        """A text, a value of a question, rows, or None."""
        key, _, field = source.partition(".")
        if field:
            return _of_paper(self.context, self.gmina_code, key, field)
        if source in ROW_FACTS:
            rows = ROW_FACTS[PaperFact(source)](self.context, self.gmina_code)
            return [one for one in rows if not (self.public and one.get(A_PERSON))]
        if source in DIFFICULTIES:
            days = _days_since_monitoring(self.context, self.gmina_code)
            return DIFFICULTIES[PaperFact(source)](self.context, self.gmina_code, days)
        if self.texts is None:
            gmina = gminas.describe(self.context, self.gmina_code)
            self.texts = text_facts(self.context, gmina, self.context.today())
        return self.context.today() if source == PaperFact.TODAY else self.texts.get(source)


def _of_paper(context: Context, gmina_code: str, key: str, field: str) -> object:
    with context.database.reading() as session:
        held = [
            one for one in papers.of_gmina(session, gmina_code) if one.key == key and one.state != "withdrawn"
        ]
        if not held:
            return None
        paper = next((one for one in held if one.state == "agreed"), held[0])
        number = paper.agreed_version or papers.newest_head(session, paper.id).number
        version = papers.version(session, paper.id, number)
        assert version is not None, "versions are never deleted"
        if field in version.tables:
            return version.tables[field]
        definition = used_instrument(session, version.instrument_version_id)
        if field == CALCULATED:
            calculator = rules_of(definition).calculator
            return summary(calculated(calculator, version.tables)) if calculator else None
        value = version.answers.get(field)
        if isinstance(value, dict):  # told by its words: ids of options are a definition's own
            option = definition.by_id[field].option(value["option"])
            return value.get("text") or option.label
        return value


def _as_rows(found: object, table: RowTable) -> Rows:
    """Rows with the columns that this table has; a list of texts fills the first column. A table with rows of its own
    takes those that name one of them.
    """
    if not isinstance(found, list):
        return ()
    first, columns = table.columns[0].id, {column.id for column in table.columns}
    rows = [one if isinstance(one, Mapping) else {first: str(one)} for one in found]
    if table.rows:
        own = {one.id for one in table.rows}
        columns = {*columns, ROW_ID}
        rows = [one for one in rows if one.get(ROW_ID) in own]
    kept = [{column: text for column, text in row.items() if column in columns and text} for row in rows]
    return [row for row in kept if row][: table.most]


def _as_value(found: object, question: Question) -> Value | None:
    """The value that the question can hold, or None."""
    if found is None or found == "" or found == []:
        return None
    if question.type is AnswerType.DATE:
        return _day(found)
    if question.type is AnswerType.NUMBER:
        return found if isinstance(found, (int, float)) else None
    if question.type is AnswerType.YES_NO:
        return found if isinstance(found, str) and found in YES_NO_WORDS else None
    words = _words(found)
    if question.type is AnswerType.SINGLE_CHOICE:
        chosen = next((one.id for one in question.options if words in (one.id, one.label)), None)
        return {"option": chosen} if chosen else None
    if question.type is AnswerType.SHORT_TEXTS:
        texts = [_words(one) for one in found] if isinstance(found, list) else [words]
        return texts[: question.max_items]
    return words if question.type is AnswerType.LONG_TEXT else None


def _day(found: object) -> str | None:
    if isinstance(found, dt.date):
        return found.isoformat()
    try:
        return dt.date.fromisoformat(str(found)).isoformat()
    except ValueError:
        return None


def _words(found: object) -> str:
    if isinstance(found, dt.date):
        return polish.date(found)
    if isinstance(found, Mapping):
        return ", ".join(str(text) for key, text in found.items() if key != ROW_ID and text)
    if isinstance(found, list):
        return "\n".join(_words(one) for one in found)
    return YES_NO_WORDS.get(found, found) if isinstance(found, str) else str(found)


# Rows ----------------------------------------------------------------------------------------------------------


def _team(context: Context, gmina_code: str) -> list[Row]:
    return [
        {"osoba": seat.name, "instytucja": ", ".join(name for _, name in seat.represents)}
        for seat in team_people.team(context, gmina_code)
    ]


def _supporters(context: Context, gmina_code: str) -> list[Row]:
    """Zwolennicy of the last closed round, corrections applied, without those that left the catalogue since."""
    persons = {one.id for one in catalogue.stakeholders(context, gmina_code) if one.natural_person}
    return [
        {"podmiot": one.name, "sektor": one.sector_label}
        | _person(one.natural_person or one.stakeholder_id in persons)
        for one, code in present_codes(context, gmina_code)
        if code.stance is Stance.SUPPORTER
    ]


def _person(natural: bool) -> dict[str, str]:
    return {A_PERSON: "tak"} if natural else {}


def _stakeholders(context: Context, gmina_code: str) -> list[Row]:
    sectors = catalogue.catalogue_sectors(context, gmina_code)
    return [
        {
            "podmiot": one.name,
            "sektor": sectors.get(one.sector, one.sector),
            "typ": TYPE_WORDS.get(one.stakeholder_type or "", ""),
        }
        | _person(one.natural_person)
        for one in catalogue.stakeholders(context, gmina_code)
    ]


def _contributions(context: Context, gmina_code: str) -> list[Row]:
    declared = declarations.declarations_of_gmina(context, gmina_code)
    return [
        {"podmiot": one.name, "wklad": words} | _person(one.natural_person)
        for one in catalogue.stakeholders(context, gmina_code)
        if (words := declarations.contribution_words(declared.get(one.id, [])))
    ]


def _actions(context: Context, gmina_code: str) -> list[Row]:
    """What took place in the period of the newest monitoring, else in the last half of a year: numbers, no names.

    A list of those whom the team talks to would tell who is Neutralny.
    """
    start, end = (_day(_of_paper(context, gmina_code, MONITORING, one)) for one in ("okres_od", "okres_do"))
    first = dt.date.fromisoformat(start) if start else context.today() - monitoring_facts.HALF_A_YEAR
    last = dt.date.fromisoformat(end) if end else context.today()
    found = diary(context, gmina_code)
    rows: list[Row] = []
    for kind, label in found.kinds.items():
        lines = [one for one in found.actions if one.kind == kind and first <= one.on_day <= last]
        whom = {(one.stakeholder_id, one.sector, one.members) for one in lines}
        if lines:
            rows.append({"rodzaj": label, "ile": str(len(lines)), "adresaci": str(len(whom))})
    return rows


def _indicators(context: Context, gmina_code: str) -> list[Row]:
    days = _days_since_monitoring(context, gmina_code)
    last = _of_paper(context, gmina_code, MONITORING, monitoring_facts.INDICATORS)
    return monitoring_facts.indicators(context, gmina_code, days, last)


def _days_since_monitoring(context: Context, gmina_code: str) -> tuple[dt.date, dt.date]:
    return monitoring_facts.period(
        _day(_of_paper(context, gmina_code, MONITORING, "okres_do")), context.today()
    )


ROW_FACTS: Mapping[PaperFact, Callable[[Context, str], list[Row]]] = {
    PaperFact.TEAM_ROWS: _team,
    PaperFact.SUPPORTER_ROWS: _supporters,
    PaperFact.STAKEHOLDER_ROWS: _stakeholders,
    PaperFact.CONTRIBUTION_ROWS: _contributions,
    PaperFact.ACTION_ROWS: _actions,
    PaperFact.INDICATOR_ROWS: _indicators,
}
DIFFICULTIES: Mapping[PaperFact, Callable[[Context, str, tuple[dt.date, dt.date]], str]] = {
    PaperFact.PLAN_DIFFICULTIES: monitoring_facts.plan_difficulties,
    PaperFact.PARTNER_DIFFICULTIES: monitoring_facts.partner_difficulties,
}
