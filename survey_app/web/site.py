"""The public pages: what this is, where to answer with a code, and what is kept about whom."""

from __future__ import annotations

from flask import Blueprint, render_template

from survey_app import polish
from survey_app.services import operator_facts
from survey_app.services.survey.text_retention import MONTHS_KEPT
from survey_app.web.access import current_context, public

blueprint = Blueprint("site", __name__)


@blueprint.get("/")
@public
def home() -> str:
    return render_template("site/home.html")


@blueprint.get("/prywatnosc")
@public
def privacy() -> str:
    settings = current_context().settings
    minutes = settings.session_minutes
    hours = polish.counted(minutes // 60, "godzinie", "godzinach", "godzinach")
    words = hours if minutes % 60 == 0 else polish.counted(minutes, "minucie", "minutach", "minutach")
    return render_template(
        "site/privacy.html",
        session_words=words,
        words_months=MONTHS_KEPT,
        operator=settings.operator,
        missing=[words for _, words in operator_facts.missing_for_privacy(settings)],
    )


@blueprint.get("/anonimowosc")
@public
def anonymity() -> str:
    return render_template("site/anonymity.html")


@blueprint.get("/dostepnosc")
@public
def accessibility() -> str:
    settings = current_context().settings
    return render_template(
        "site/accessibility.html",
        address=settings.public_url,
        operator=settings.operator,
        missing=[words for _, words in operator_facts.missing_for_accessibility(settings)],
    )


@blueprint.get("/pomoc")
@public
def help_page() -> str:
    return render_template("site/help.html")


@blueprint.get("/pomoc/metoda")
@public
def method_page() -> str:
    """Hints and principles of the method, in one place."""
    return render_template("site/method.html")
