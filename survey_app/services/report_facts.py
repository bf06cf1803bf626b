"""What the title page of a report says of its gmina."""

from __future__ import annotations

from survey_app.analysis.diagnoza.compose import GminaFacts
from survey_app.services.gminas import GminaDescription


def facts_of(gmina: GminaDescription) -> GminaFacts:
    """For the title page of a report."""
    return GminaFacts(
        gmina_name=gmina.name,
        gmina_teryt=gmina.teryt7,
        gmina_kind=gmina.kind_label,
        powiat=gmina.powiat,
        wojewodztwo=gmina.wojewodztwo,
        example=gmina.example,
    )
