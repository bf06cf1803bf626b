"""A paper as a file: one sheet, or a letter for each chosen stakeholder. Made when it is asked for, kept nowhere.

The same version gives the same bytes: "today" in a text is the day of the version, and so is the file's own date.
Below the title of a form stand the gmina and the day, which a document says in its own text. Below what is agreed and
signed stands who signed it; what is under consultation says so below its title.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from survey_app import polish
from survey_app.analysis.papers.paper_document import PaperFile, Sheet, sheet_of
from survey_app.errors import InvalidInputError, NotFoundError
from survey_app.instrument.paper_model import PaperFact
from survey_app.instrument.paper_text import BLANK
from survey_app.services import gminas
from survey_app.services.coding.coding_history import present_codes
from survey_app.services.context import Context
from survey_app.services.method import papers
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.paper_signatures import signature_blocks
from survey_app.services.method.paper_text import version_text
from survey_app.services.method.paper_trace import record
from survey_app.services.method.papers import PaperVersion, PaperView
from survey_app.services.register import catalogue
from survey_app.store.catalogue import Stakeholder

FORMATS = ("pdf", "docx")
MOST_LETTERS = 500
NOT_AGREED = "nieuzgodniona"
WITHDRAWN = "wycofana"
CONSULTED = "projekt do konsultacji"
NOBODY = "Nie wybrano żadnego odbiorcy. Prosimy zaznaczyć przynajmniej jednego."


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter can go to. `code`: of the last closed round, "" without one; `person`: "" where none is known."""

    id: int
    name: str
    person: str
    sector: str
    sector_label: str
    code: str
    code_label: str


def pdf(context: Context, gmina_code: str, paper_id: int, number: int | None = None) -> bytes:
    """The version as PDF (PDF/UA-1); without a number the agreed one, or the newest. NotFoundError: no such version."""
    return _rendered(_single(context, gmina_code, paper_id, number), "pdf")


def docx(context: Context, gmina_code: str, paper_id: int, number: int | None = None) -> bytes:
    """As `pdf`, as a Word document."""
    return _rendered(_single(context, gmina_code, paper_id, number), "docx")


def _single(context: Context, gmina_code: str, paper_id: int, number: int | None) -> PaperFile:
    view = papers.view(context, gmina_code, paper_id)
    gmina, version = gminas.describe(context, gmina_code), _version(view, number)
    sheet = sheet_of(version_text(context, gmina, view.definition, version), view.paper.title)
    if not rules_of(view.definition).body:
        sheet = replace(sheet, under=(_whose(gmina.name, view, version), *sheet.under))
    if rules_of(view.definition).signed and version.number == view.paper.agreed_version:
        sheet = replace(sheet, body=(*sheet.body, *signature_blocks(context, gmina_code, paper_id)))
    if view.paper.state == "consulted" and version is view.newest:
        sheet = replace(sheet, under=(*sheet.under, f"{CONSULTED}, wersja {version.number}"))
    return PaperFile(view.paper.title, gmina.name, (sheet,), version.made_at)


def _whose(gmina: str, view: PaperView, version: PaperVersion) -> str:
    """A form's own text says neither, as a document's does: of which gmina, of which day, agreed to or not."""
    told = f"Gmina {gmina}, wersja {version.number} z dnia {polish.date(version.made_at)}"
    agreed_on = view.paper.agreed_on if version.number == view.paper.agreed_version else None
    if agreed_on is not None:
        return f"{told}, uzgodniona {polish.date(agreed_on)}"
    return f"{told}, {WITHDRAWN if view.paper.state == 'withdrawn' else NOT_AGREED}"


def _version(view: PaperView, number: int | None) -> PaperVersion:
    if number is None:
        number = view.paper.agreed_version or view.newest.number
    return view.version(number)


def _rendered(file: PaperFile, form: str) -> bytes:
    from survey_app.analysis.papers.paper_docx import paper_docx
    from survey_app.analysis.papers.paper_pdf import paper_pdf

    return paper_docx(file) if form == "docx" else paper_pdf(file)


def letters(
    context: Context,
    gmina_code: str,
    paper_id: int,
    stakeholder_ids: Collection[int],
    form: str,
    actor: int | None,
    number: int | None = None,
) -> bytes:
    """One file ("pdf" or "docx") with a letter for each, in Polish alphabetical order, each on a page of its own.

    Who made it is traced: contact persons' names are in it. InvalidInputError: nobody chosen, too many.
    NotFoundError: no such paper or version, no letter, or somebody who is not in this gmina's catalogue.
    """
    view = papers.view(context, gmina_code, paper_id)
    if not rules_of(view.definition).letters or form not in FORMATS:
        raise NotFoundError("To pismo nie jest listem do wielu odbiorców.")
    chosen = _chosen(context, gmina_code, stakeholder_ids)
    gmina, version = gminas.describe(context, gmina_code), _version(view, number)
    sheets = tuple(
        _letter(version_text(context, gmina, view.definition, version, _facts_of(one)), view.paper.title)
        for one in chosen
    )
    content = _rendered(PaperFile(view.paper.title, gmina.name, sheets, version.made_at), form)
    with context.database.transaction() as session:
        told = f"wersja {version.number}, odbiorców: {len(chosen)}"
        record(context, session, "paper_letters_made", view.paper, actor, told)
    return content


def _chosen(context: Context, gmina_code: str, ids: Collection[int]) -> list[Stakeholder]:
    present = catalogue.stakeholders(context, gmina_code)
    if not ids:
        raise InvalidInputError(NOBODY)
    if len(set(ids)) > MOST_LETTERS:
        raise InvalidInputError(f"Naraz można przygotować najwyżej {MOST_LETTERS} listów.")
    if not set(ids) <= {one.id for one in present}:
        raise NotFoundError("W katalogu tej gminy nie ma takiego odbiorcy.")
    return [one for one in present if one.id in set(ids)]


def _facts_of(one: Stakeholder) -> Mapping[str, str]:
    person = one.contact.person_name if one.contact else ""
    return {PaperFact.RECIPIENT.value: one.name, PaperFact.RECIPIENT_PERSON.value: person}


def _letter(text: str, title: str) -> Sheet:
    """Where no contact person is known, the address has no dotted line for one."""
    sheet = sheet_of(text, title)
    address = (
        "\n".join(line for line in words.split("\n") if line.strip() != BLANK) for words in sheet.address
    )
    return replace(sheet, address=tuple(words for words in address if words))


def recipients(context: Context, gmina_code: str) -> Sequence[Recipient]:
    """Everyone of the catalogue, in Polish alphabetical order, with what they can be chosen by."""
    sectors = catalogue.catalogue_sectors(context, gmina_code)
    codes = {
        one.stakeholder_id: (code.id, code.label_plural) for one, code in present_codes(context, gmina_code)
    }
    return [
        Recipient(
            one.id,
            one.name,
            one.contact.person_name if one.contact else "",
            one.sector,
            sectors.get(one.sector, one.sector),
            *codes.get(one.id, ("", "")),
        )
        for one in catalogue.stakeholders(context, gmina_code)
    ]
