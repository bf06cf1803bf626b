"""Themes by interviews, as a table and as a file. METHOD, "The diagnoza": counts of interviews, not of mentions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.analysis.themes.table import TableInterview, TableTheme, ThemeRow, ThemeTable, theme_table
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import passages, readers, themes
from survey_app.services.interviewing.interview_texts import NOTES, InterviewText
from survey_app.services.interviewing.interviews import FGI, IDI, Interview
from survey_app.services.interviewing.passages import CodedPassage
from survey_app.services.interviewing.themes import ThemeNode
from survey_app.services.spreadsheets import Cell, Sheet, xlsx_bytes
from survey_app.store import excerpts
from survey_app.store import interview_texts as text_store
from survey_app.store import interviews as interview_store

__all__ = ["FoundTable", "current", "interview_label", "readable", "table", "table_within", "xlsx"]

FORM_WORDS = {IDI: "IDI", FGI: "FGI"}
STEP = " › "
CONVENTIONS = (
    "Liczby oznaczają wywiady, a nie wzmianki: 1, jeśli temat poruszono choć raz, 0, jeśli nie.",
    "Temat jest poruszony w wywiadzie, jeśli choć jedna osoba kodująca nadała go fragmentowi (konwencja serwisu).",
    "Temat nadrzędny jest poruszony także wtedy, gdy poruszono temat, który stoi pod nim (konwencja serwisu).",
    "Puste pole: nikt jeszcze nie zakodował tego wywiadu, więc nie wchodzi on do żadnej sumy.",
    "Jeśli notatki mają kilka wersji, liczy się ostatnia, którą dana osoba kodowała.",
    "Arkusz nie zawiera wypowiedzi, nazwisk ani nazw instytucji; numery wywiadów są takie jak w serwisie.",
)


@dataclass(frozen=True, slots=True)
class FoundTable:
    """`left_out`: interviews with texts that this person may not read, so that they are in no column."""

    table: ThemeTable
    left_out: int


def table(context: Context, gmina_code: str, person: accounts.Person) -> FoundTable:
    """Of the interviews whose texts this person may read, by date."""
    themes.tree(context, gmina_code)  # begins it, where nobody has opened it yet
    with context.database.reading() as session:
        interviews, left_out = readable(session, gmina_code, person)
        return FoundTable(table_within(session, gmina_code, interviews), left_out)


def table_within(session: Session, gmina_code: str, interviews: Iterable[Interview]) -> ThemeTable:
    """Of these interviews; those without any text are no columns."""
    known = text_store.of_gmina(session, gmina_code)
    kept = {one.id: (one, known.get(one.id, [])) for one in interviews}
    finished = excerpts.finished(session, [text.id for _, texts in kept.values() for text in texts])
    chosen = current(
        (one for one in passages.coded(session, gmina_code) if one.interview_id in kept),
        {text.id: text for _, texts in kept.values() for text in texts},
        finished,
    )
    columns = [
        TableInterview(one.id, one.form, interview_label(one), any(finished.get(text.id) for text in texts))
        for one, texts in kept.values()
        if texts
    ]
    coded = {one.interview_id for one in chosen}
    columns = [TableInterview(one.id, one.form, one.label, one.coded or one.id in coded) for one in columns]
    nodes = [table_theme(node) for node in themes.tree_within(session, gmina_code)]
    return theme_table(
        nodes, columns, ((one.interview_id, theme) for one in chosen for theme in one.theme_ids)
    )


def readable(session: Session, gmina_code: str, person: accounts.Person) -> tuple[list[Interview], int]:
    """Interviews of the gmina that this person may read, by date; and how many others have texts."""
    every = interview_store.of_gmina(session, gmina_code)
    own = readers.readable(session, person, every)
    known = text_store.of_gmina(session, gmina_code)
    return own, sum(one.id in known and one not in own for one in every)


def current(
    coded: Iterable[CodedPassage],
    texts: Mapping[int, InterviewText],
    finished: Mapping[int, Collection[int]],
) -> list[CodedPassage]:
    """Of the passages those that their coders mean today: where somebody coded several versions of the notes, the last.

    `texts`: by id; `finished`: text id -> coders who went through it, who may have found nothing.
    """
    coded = list(coded)
    last: dict[tuple[int, int], int] = {}
    at_work = {(one.interview_id, one.coder_id, one.text_number) for one in coded if one.text_kind == NOTES}
    for text_id, coders in finished.items():
        text = texts[text_id]
        if text.kind == NOTES:
            at_work |= {(text.interview_id, coder, text.number) for coder in coders}
    for interview_id, coder_id, number in at_work:
        last[interview_id, coder_id] = max(number, last.get((interview_id, coder_id), 0))
    return [
        one
        for one in coded
        if one.text_kind != NOTES or one.text_number == last[one.interview_id, one.coder_id]
    ]


def interview_label(interview: Interview) -> str:
    """ "IDI nr 12, 21.11.2026": whose people spoke is not said."""
    day = polish.date_short(interview.held_on or interview.starts_at)
    return f"{FORM_WORDS[interview.form]} nr {interview.id}, {day}"


def xlsx(context: Context, gmina_code: str, person: accounts.Person) -> bytes:
    """The table, the definitions of its themes, IDI beside FGI, and how it is counted."""
    found = table(context, gmina_code, person)
    notes = [*CONVENTIONS]
    if found.left_out:
        number = polish.counted(found.left_out, "wywiadu", "wywiadów", "wywiadów")
        notes.append(
            f"Pominięto treść {number}: osoba, która pobrała plik, reprezentuje instytucję ich uczestników."
        )
    return xlsx_bytes(
        [
            _mentions_sheet(found.table),
            Sheet(
                "definicje",
                ("temat", "definicja", "przykład", "stan"),
                [_definition(found.table, row) for row in found.table.rows],
            ),
            _forms_sheet(found.table),
            Sheet("uwagi", ("uwagi",), [(note,) for note in notes]),
        ]
    )


def _mentions_sheet(table: ThemeTable) -> Sheet:
    header = ["temat", *(one.label for one in table.interviews), "IDI", "FGI", "razem"]
    rows: list[list[Cell]] = [
        [_path(table, row), *map(_cell, row.cells), *(table.mentions(row, form) for form in (IDI, FGI, None))]
        for row in table.rows
    ]
    base: list[Cell] = ["zakodowane wywiady", *(int(one.coded) for one in table.interviews)]
    base += [table.base(form) for form in (IDI, FGI, None)]
    return Sheet("tematy i wywiady", header, [*rows, base])


def _forms_sheet(table: ThemeTable) -> Sheet:
    header = ("temat", "IDI: poruszono w", "IDI: z ilu", "FGI: poruszono w", "FGI: z ilu")
    rows = [
        (
            _path(table, row),
            table.mentions(row, IDI),
            table.base(IDI),
            table.mentions(row, FGI),
            table.base(FGI),
        )
        for row in table.rows
    ]
    return Sheet("IDI i FGI", header, rows)


def _definition(table: ThemeTable, row: ThemeRow) -> tuple[str, str, str, str]:
    theme = row.theme
    return _path(table, row), theme.definition, theme.example, "wycofany" if theme.retired else "w użyciu"


def _path(table: ThemeTable, row: ThemeRow) -> str:
    """From the top of the tree; what stands above a row is in the table, unless it was retired."""
    by_id = {one.theme.id: one.theme for one in table.rows}
    found, at = [row.theme.label], row.theme.parent_id
    while at is not None and at in by_id:
        found.append(by_id[at].label)
        at = by_id[at].parent_id
    return STEP.join(reversed(found))


def _cell(mentioned: bool | None) -> Cell:
    return None if mentioned is None else int(mentioned)


def table_theme(node: ThemeNode) -> TableTheme:
    """As tables need it."""
    return TableTheme(
        node.id, node.label, node.definition, node.example, node.parent_id, node.depth, node.retired
    )
