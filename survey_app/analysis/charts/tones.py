"""The tones of charts: named by what they mean, apart in grey print, and light or dark by the reader's setting.

The values here are for paper and for an SVG that stands alone; on a page the style sheet takes over by class.
"""

from __future__ import annotations

TONES: dict[str, str] = {
    "ink": "#1c2a27",
    "muted": "#4b5853",
    "rule": "#cfc8b6",
    "strong": "#0e5a4f",
    "soft": "#f0c674",
    "none": "#8b938e",
    "hidden": "#77807a",
    "accent": "#b06f00",
    "paper": "#ffffff",
    "step0": "#8b938e",
    "step1": "#d5e6de",
    "step2": "#7fb3a4",
    "step3": "#0e5a4f",
    "on-strong": "#ffffff",
    "on-soft": "#1c2a27",
}

LABEL_ON = {"strong": "on-strong", "step3": "on-strong"}


def label_tone(tone: str) -> str:
    """The tone of a text that stands on a bar of `tone`."""
    return LABEL_ON.get(tone, "on-soft")
