"""Themes of the ankieta's open answers: which there are, a page of texts to read, what was counted."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app import polish
from survey_app.analysis.released import HIDDEN
from survey_app.forms.answer_themes import CHOSEN, EVERY, SEEN, read_choices, read_search
from survey_app.services import base_forms
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import answer_themes
from survey_app.services.interviewing.answer_themes import Choice, CodableTexts, Given, OpenAnswer
from survey_app.web.access import current_context, current_person, member_of_gmina
from survey_app.web.interview_frame import interviews_page
from survey_app.web.panel_frame import Link, may_open, page_of

blueprint = Blueprint(
    "answer_themes", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wywiady/tematy/odpowiedzi"
)

TEXTS_ON_A_PAGE = 10
MANY_THEMES = 12  # more than that are folded under each text


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    found = answer_themes.campaigns(current_context(), gmina.code, current_person().id)
    return _page("panel/answer_themes.html", gmina, campaigns=found, hidden=HIDDEN)


@blueprint.get("/<int:campaign_id>/<question_id>")
@member_of_gmina
def show(gmina: GminaDescription, campaign_id: int, question_id: str) -> str:
    """`slowo`: only texts that hold these words, in any form."""
    found = answer_themes.texts(current_context(), gmina.code, campaign_id, question_id, current_person().id)
    return _texts_page(gmina, found)


@blueprint.post("/<int:campaign_id>/<question_id>")
@member_of_gmina
def save(gmina: GminaDescription, campaign_id: int, question_id: str) -> Any:
    """What was changed on this page; the rest of the coder's themes stays."""
    sent = read_choices(request.form.to_dict(flat=False))
    choices = {text_id: Choice(*both) for text_id, both in sent.items()}
    person = current_person()
    given = answer_themes.give(current_context(), gmina.code, campaign_id, question_id, choices, person.id)
    _tell(given)
    words: dict[str, Any] = {name: request.args.get(name) or None for name in ("slowo", "strona")}
    address = url_for(
        "answer_themes.show",
        gmina_code=gmina.code,
        campaign_id=campaign_id,
        question_id=question_id,
        **words,
    )
    return redirect(address, 303)


def _tell(given: Given) -> None:
    if given.changed:
        flash(
            f"Zapisano tematy: {polish.counted(given.changed, 'wypowiedź', 'wypowiedzi', 'wypowiedzi')}.",
            "success",
        )
    else:
        flash("Nic się nie zmieniło.", "info")
    if given.gone:
        flash(
            "Część wypowiedzi w tym czasie przestała być pokazywana, więc ich tematów nie zapisano.",
            "warning",
        )
    if given.refused:
        flash("Część tematów w tym czasie wycofano z drzewa, więc ich nie nadano.", "warning")


def _texts_page(gmina: GminaDescription, found: CodableTexts) -> str:
    wanted = read_search(request.args.get("slowo"))
    words = {one.id: one.words for one in found.answers}
    holding = set(base_forms.find(words, wanted))
    chosen = [one for one in found.answers if one.id in holding]
    number, pages = page_of(len(chosen), TEXTS_ON_A_PAGE)
    shown = chosen[(number - 1) * TEXTS_ON_A_PAGE : number * TEXTS_ON_A_PAGE]
    where: dict[str, Any] = {
        "gmina_code": gmina.code,
        "campaign_id": found.campaign.id,
        "question_id": found.question.id,
    }
    question = f"Pytanie {found.question.number}" if found.question.number else "Pytanie"
    return _page(
        "panel/answer_themes_texts.html",
        gmina,
        question,
        heading=f"{question}: tematy odpowiedzi",
        campaign=found.campaign,
        question=found.question,
        count=len(found.answers),
        found=len(chosen),
        first=(number - 1) * TEXTS_ON_A_PAGE,
        rows=[(one, _offered(found, one)) for one in shown],
        for_all=[(node.id, " › ".join(node.path)) for node in found.themes if not node.retired],
        folded=sum(not node.retired for node in found.themes) > MANY_THEMES,
        wanted=wanted,
        proposals=base_forms.proposals(words),
        knows_forms=base_forms.available(),
        names={"chosen": CHOSEN, "seen": SEEN, "every": EVERY},
        plain=url_for("answer_themes.show", **where),
        action=url_for("answer_themes.save", **where, slowo=wanted or None, strona=number),
        page_number=number,
        pages=pages,
        page_link=url_for("answer_themes.show", **where, slowo=wanted or None, strona="PAGE"),
        proposal_link=url_for("answer_themes.show", **where, slowo="WORD"),
        tree=_tree_address(gmina),
    )


def _offered(found: CodableTexts, answer: OpenAnswer) -> list[tuple[int, str, bool]]:
    """The themes that may be given, and retired ones that the text has."""
    return [
        (node.id, " › ".join(node.path), node.id in answer.theme_ids)
        for node in found.themes
        if not node.retired or node.id in answer.theme_ids
    ]


def _tree_address(gmina: GminaDescription) -> str | None:
    if not may_open("themes.index", gmina.code):
        return None
    return url_for("themes.index", gmina_code=gmina.code)


def _page(template: str, gmina: GminaDescription, here: str = "", **words: Any) -> str:
    tree = _tree_address(gmina)
    crumbs: list[Link] = [("Tematy", tree)] if tree else []
    own = url_for("answer_themes.index", gmina_code=gmina.code) if here else None
    crumbs.append(("Odpowiedzi otwarte", own))
    if here:
        crumbs.append((here, None))
    return interviews_page(template, gmina, crumbs, **words)
