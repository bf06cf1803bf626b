"""The public pages: what this is, where to answer with a code, and what is kept about whom."""

from __future__ import annotations

from flask import Blueprint, render_template

from survey_app import polish
from survey_app.web.access import current_context, public

blueprint = Blueprint("site", __name__)


@blueprint.get("/")
@public
def home() -> str:
    return render_template("site/home.html")


@blueprint.get("/prywatnosc")
@public
def privacy() -> str:
    minutes = current_context().settings.session_minutes
    hours = polish.counted(minutes // 60, "godzinie", "godzinach", "godzinach")
    words = hours if minutes % 60 == 0 else polish.counted(minutes, "minucie", "minutach", "minutach")
    return render_template("site/privacy.html", session_words=words)


@blueprint.get("/anonimowosc")
@public
def anonymity() -> str:
    return render_template("site/anonymity.html")


@blueprint.get("/dostepnosc")
@public
def accessibility() -> str:
    return render_template("site/accessibility.html", address=current_context().settings.public_url)


@blueprint.get("/pomoc")
@public
def help_page() -> str:
    return render_template("site/help.html")
