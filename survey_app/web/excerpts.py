"""One passage of an interview, for who may read it as evidence: a decision points here. METHOD, "IDI and FGI"."""

from __future__ import annotations

from flask import Blueprint, request

from survey_app.services.coding import excerpt_evidence
from survey_app.services.gminas import GminaDescription
from survey_app.web.access import current_context, current_person, member_or_moderator
from survey_app.web.interview_frame import interviews_page

blueprint = Blueprint(
    "excerpts", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wywiady/fragmenty"
)


@blueprint.get("/<int:excerpt_id>")
@member_or_moderator
def show(gmina: GminaDescription, excerpt_id: int) -> str:
    found = excerpt_evidence.reading(current_context(), gmina.code, excerpt_id, current_person().id)
    title = f"Fragment wywiadu nr {found.excerpt_id}"
    return interviews_page(
        "panel/excerpt.html",
        gmina,
        [(title, None)],
        excerpt=found,
        heading=title,
        back=_way_back(gmina, request.args.get("powrot", "")),
    )


def _way_back(gmina: GminaDescription, address: str) -> str | None:
    """The page of coding that pointed here; never an address of anybody else."""
    plain = address.startswith(f"/panel/{gmina.code}/kodowanie/") and not set(address) & set("\\?#\r\n\t")
    return address if plain and ".." not in address else None
