"""What the pages of one paper share: its name, its state, the ways to its other pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from flask import flash, redirect, url_for

from survey_app.analysis.diagnoza.document import Block, Subheading, TextTable
from survey_app.analysis.diagnoza.page import PageBlock, page_blocks
from survey_app.analysis.papers.blocks import blocks_of
from survey_app.analysis.papers.figures import with_figures
from survey_app.errors import Fault
from survey_app.forms.interviews import whole_number
from survey_app.forms.paper_page import off_path
from survey_app.forms.papers import SAID_LENGTH
from survey_app.forms.typed_text import clean_line, line_faults
from survey_app.instrument.paper_model import PaperGroup
from survey_app.services import accounts
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import papers
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.differences import Line, differences
from survey_app.services.method.paper_text import fields_of, version_text
from survey_app.services.method.papers import PaperVersion, PaperView, content_of
from survey_app.web.access import current_context, current_person
from survey_app.web.panel_frame import Link, panel_page

SECTION = "papers"
STATE_WORDS = {
    "draft": "szkic",
    "consulted": "w konsultacjach",
    "agreed": "uzgodnione",
    "withdrawn": "wycofane",
}
CLOSED = {
    "agreed": "To pismo jest uzgodnione. Żeby je zmieniać, koordynator otwiera je na nowo.",
    "withdrawn": "To pismo jest wycofane. Żeby je zmieniać, koordynator je przywraca.",
}
NO_BASE = "Strona przyszła niekompletna: nie wiadomo, z której wersji powstała. Prosimy zapisać jeszcze raz."


def is_open(view: PaperView) -> bool:
    """Can it be changed now?"""
    return view.paper.state not in CLOSED


def is_advice(view: PaperView) -> bool:
    """A few questions, then advice: it has no text."""
    return rules_of(view.definition).group is PaperGroup.ADVICE


def is_calculator(view: PaperView) -> bool:
    """Its text is computed, so nobody writes numbers into it."""
    return rules_of(view.definition).calculator is not None


# Text, endpoint (which takes gmina_code and paper_id), and of which papers. Further pages of a paper come here.
TABS: Sequence[tuple[str, str, Callable[[PaperView], bool]]] = (
    ("Pismo", "papers.show", lambda _view: True),
    ("Wypełnianie", "papers.edit", is_open),
    (
        "Poprawianie treści",
        "paper_text.edit",
        lambda view: is_open(view) and not is_advice(view) and not is_calculator(view),
    ),
    ("Uwagi", "paper_remarks.index", lambda view: not is_advice(view)),
    ("Punkty", "paper_points.index", lambda view: bool(rules_of(view.definition).points)),
    ("Podpisy", "paper_signatures.index", lambda view: rules_of(view.definition).signed),
    ("Historia", "paper_versions.index", lambda _view: True),
)


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What a page was made from, and what its sender says. `base`: a version; `settles`: one that stands beside it."""

    base: int
    settles: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of two versions: their texts, and their fields where the texts need not show all of them."""

    text: list[Line]
    fields: list[Line]


@dataclass(frozen=True, slots=True)
class Tab:
    words: str
    address: str
    current: bool


def paper_page(
    template: str, gmina: GminaDescription, view: PaperView, endpoint: str, here: str = "", **words: Any
) -> str:
    """`endpoint`: of the tab that the page belongs to; `here`: its name, where it is a page behind the tab."""
    tabs = [
        Tab(text, address(gmina, view, name), name == endpoint) for text, name, stands in TABS if stands(view)
    ]
    current = next((tab for tab in tabs if tab.current), None)
    crumbs: list[Link] = [("Pisma", url_for("papers.index", gmina_code=gmina.code))]
    crumbs.append(
        (view.paper.title, address(gmina, view, "papers.show") if here or current != tabs[0] else None)
    )
    if current is not None and current != tabs[0]:
        crumbs.append((current.words, current.address if here else None))
    return panel_page(
        template,
        gmina=gmina,
        section=SECTION,
        crumbs=[*crumbs, (here, None)] if here else crumbs,
        paper=view.paper,
        view=view,
        tabs=tabs,
        state=STATE_WORDS[view.paper.state],
        is_open=is_open(view),
        coordinator=accounts.coordinates(current_person(), gmina.code),
        closed_words=CLOSED.get(view.paper.state),
        names=view.people,
        **words,
    )


def find(gmina: GminaDescription, paper_id: int) -> PaperView:
    """NotFoundError if the gmina has no such paper."""
    return papers.view(current_context(), gmina.code, paper_id)


def address(gmina: GminaDescription, view: PaperView, endpoint: str, **values: Any) -> str:
    return url_for(endpoint, gmina_code=gmina.code, paper_id=view.paper.id, **values)


def made_from(view: PaperView, form: Mapping[str, str]) -> tuple[MadeFrom, list[Fault]]:
    """Of a sent page; where it names no version of this paper, the newest and a fault."""
    base, said = whole_number(form.get("base")), clean_line(form.get("said", ""))
    faults = line_faults("said", "Co się zmieniło", said, SAID_LENGTH)
    if base not in {one.number for one in view.versions}:
        base = view.newest.number
        faults.append(Fault("paper.base", "", NO_BASE))
    return MadeFrom(base, number_beside(view, form.get("settles")), said), faults


def number_beside(view: PaperView, typed: str | None) -> int | None:
    """The number of a version that stands beside the newest; None where it names none."""
    number = whole_number(typed)
    return number if number in view.beside else None


def by_place(faults: Sequence[Fault]) -> dict[str, list[str]]:
    """Field -> messages."""
    errors: dict[str, list[str]] = {}
    for fault in faults:
        errors.setdefault(fault.where, []).append(f"{fault.message} {fault.hint}".strip())
    return errors


def text_of_version(gmina: GminaDescription, view: PaperView, version: PaperVersion) -> str:
    """Markdown, as it is printed."""
    return version_text(current_context(), gmina, view.definition, version)


def shown_text(text: str) -> list[PageBlock]:
    """Blocks for `diagnoza/document.html`, below a heading of the page.

    No level of headings is passed over, and each table has a name for who moves from one to the next.
    """
    blocks: list[Block] = []
    level: Literal[2, 3] = 2
    tables = 0
    for block in with_figures(blocks_of(text)):
        if isinstance(block, Subheading):
            block = replace(block, level=min(block.level, level))
            level = 3
        elif isinstance(block, TextTable) and not block.caption:
            tables += 1
            block = replace(block, caption=f"Tabela {tables}")
        blocks.append(block)
    return page_blocks(blocks, "pismo")


def compared(gmina: GminaDescription, view: PaperView, before: int, after: int) -> Comparison:
    """What changed between two versions, in the words that are printed. NotFoundError if there is no such version.

    The fields come beside it where a text need not show all of them: of a document, of a text edited by hand, and where
    something was typed that is passed over.
    """
    old, new = view.version(before), view.version(after)
    text = differences(text_of_version(gmina, view, old), text_of_version(gmina, view, new))
    by_hand = old.text is not None or new.text is not None
    passed_over = any(off_path(view.definition, one.answers) for one in (old, new))
    if not (by_hand or passed_over or rules_of(view.definition).body):
        return Comparison(text, [])
    fields = [fields_of(view.definition, content_of(one)) for one in (old, new)]
    return Comparison(text, differences(*fields))


def to_paper(gmina: GminaDescription, view: PaperView) -> Any:
    return redirect(address(gmina, view, "papers.show"), 303)


def closed_already(gmina: GminaDescription, view: PaperView) -> Any:
    """Back to the paper of which nothing can be changed now, with the reason; None while it can."""
    if is_open(view):
        return None
    flash(CLOSED[view.paper.state], "warning")
    return to_paper(gmina, view)


def after_saving(gmina: GminaDescription, paper_id: int, saved: PaperVersion, known: int) -> Any:
    """To the paper; to the choice, where somebody else saved meanwhile. `known`: the newest version before."""
    view = find(gmina, paper_id)
    if view.beside:
        flash("Zapisano, ale ktoś inny zapisał w tym czasie inną wersję. Obie są zachowane.", "warning")
        return redirect(address(gmina, view, "paper_versions.settling", number=view.beside[0]), 303)
    if saved.number <= known:
        flash("Nic się nie zmieniło, więc nie ma nowej wersji.", "info")
    else:
        flash(f"Zapisano jako wersję {saved.number}.", "success")
    return to_paper(gmina, view)
