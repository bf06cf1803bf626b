"""The effect of the scenariusz oddziaływań as the internal edition and the team's page show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.analysis.coding.persuasion_effect import PersuasionEffect
from survey_app.analysis.disclosure.persuasion import ReleasedEffect


@dataclass(frozen=True, slots=True)
class PersuasionSection:
    """Of the internal edition alone. `kinds`: kind of action -> how it is called."""

    effect: PersuasionEffect
    released: ReleasedEffect
    kinds: Mapping[str, str]
