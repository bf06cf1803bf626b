"""A QR code as vectors: dark modules joined to runs, drawn as one figure with an alternative text."""

from __future__ import annotations

from typing import Any

import segno

from survey_app.analysis.pdf import style

_QUIET = 4  # modules of white around the code, as the standard asks (ISO/IEC 18004)


class QrCode:
    """`side`: points, the quiet zone included. Error correction M: readable with a smudge."""

    def __init__(self, content: str, side: float) -> None:
        self.width = self.height = side
        code = segno.make(content, error="m", micro=False)
        self._matrix = [[bool(module) for module in row] for row in code.matrix]

    def draw_on(self, canvas: Any) -> None:
        """White ground and dark runs, its lower left corner at the origin."""
        module = self.width / (len(self._matrix) + 2 * _QUIET)
        canvas.setFillColor(style.WHITE)
        canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        canvas.setFillColor(style.QR_DARK)
        path = canvas.beginPath()
        for row, modules in enumerate(self._matrix):
            y = self.height - (row + 1 + _QUIET) * module
            for start, length in _runs(modules):
                path.rect((start + _QUIET) * module, y, length * module, module)
        canvas.drawPath(path, stroke=0, fill=1)


def _runs(modules: list[bool]) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for at, is_dark in enumerate(modules):
        if is_dark and runs and sum(runs[-1]) == at:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((at, 1))
    return runs
