"""Do coders give the same themes to the same places? METHOD, "IDI and FGI".

**Convention**: a unit is one place of a text (a question's notes) with one theme; its value is whether the coder gave
the theme anywhere in that place. Compared are the themes that at least one of the coders gave: a theme that nobody
met would only count as agreement. Source: K. Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability": for
two values, with n_0 and n_1 coders of m who said no and yes in a unit, and m >= 2,

    o_01 = sum over units of n_0 n_1 / (m - 1),   o_cc likewise with n_c (n_c - 1)
    alpha = 1 - (n - 1) o_01 / (N_0 N_1),         N_c = o_cc + o_01,   n = N_0 + N_1

which is the nominal alpha (and, with two values, every other one). The paper's example is pinned in the tests.
Interval: percentiles of a bootstrap that draws whole places, for themes of one place hang together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey_app.analysis.themes.places import Place, Span, themes_in

Floats = npt.NDArray[np.float64]
Codings = Mapping[int, Sequence[Span]]  # coder -> the coder's passages in one text; finished, but maybe few
DRAWS, SEED = 1000, 20261
INTERVAL = (2.5, 97.5)
PLACES = 6
NO_PAIRS = "Nie da się policzyć: żadnego tekstu nie zakodowały do końca co najmniej dwie osoby."
NO_VARIATION = "Nie da się policzyć: wszyscy nadali ten temat wszędzie, więc nie widać, czy odróżniają."
NO_INTERVAL = "Nie da się podać przedziału: za mało miejsc, w których porównano koderów."


@dataclass(frozen=True, slots=True)
class ThemeAgreement:
    """`alpha` from -1 to 1, its interval, and what it rests on; None where undefined, with `why` in words.

    `units`: places x themes that at least two coders judged; `places`: different places among them; `both`, `one`:
    units with the theme given by all who judged it, and by some only.
    """

    alpha: float | None
    low: float | None
    high: float | None
    units: int
    places: int
    both: int
    one: int
    why: str = ""


def theme_table(texts: Iterable[tuple[int, Sequence[Place], Codings]]) -> pd.DataFrame:
    """Per unit a row, indexed by (text, place, theme); per coder a column: 1 given, 0 not, NaN did not code the text.

    `texts`: a text's number, its places, and the passages of each coder who finished it. Texts with fewer than two
    such coders are left out, and so are themes that nobody gave in any of the others.
    """
    compared = [text for text in texts if len(text[2]) >= 2]
    themes = sorted(
        {
            theme
            for _, places, codings in compared
            for place in places
            for spans in codings.values()
            for theme in themes_in(place, spans)
        }
    )
    rows: dict[tuple[int, str, int], dict[int, float]] = {}
    for text, places, codings in compared:
        for place in places:
            given = {coder: themes_in(place, spans) for coder, spans in codings.items()}
            for theme in themes:
                rows[text, place.key, theme] = {
                    coder: float(theme in found) for coder, found in given.items()
                }
    coders = sorted({coder for _, _, codings in compared for coder in codings})
    index = pd.MultiIndex.from_tuples(list(rows), names=["text", "place", "theme"]) if rows else None
    return pd.DataFrame(list(rows.values()), index=index, columns=coders, dtype=float)


def theme_agreement(table: pd.DataFrame, *, draws: int = DRAWS, seed: int = SEED) -> ThemeAgreement:
    """Nominal alpha of a `theme_table`, or of some of its rows, with a percentile bootstrap over places.

    The same table gives the same interval, in whatever order its rows and columns stand; `seed` chooses the draws.
    """
    table = table[table.notna().sum(axis=1) >= 2].sort_index() if len(table) else table
    if not len(table):
        return ThemeAgreement(None, None, None, 0, 0, 0, 0, NO_PAIRS)
    yes = table.sum(axis=1).to_numpy(dtype=float)
    coders = table.notna().sum(axis=1).to_numpy(dtype=float)
    each = _coincidences(yes, coders)
    place = table.groupby(level=["text", "place"]).ngroup().to_numpy()
    clusters = np.zeros((place.max() + 1, 3))
    np.add.at(clusters, place, each)
    counts = (len(table), len(clusters), int((yes == coders).sum()), int(((yes > 0) & (yes < coders)).sum()))
    alpha = _alphas(clusters.sum(axis=0)[None])[0]
    if np.isnan(alpha):
        return ThemeAgreement(None, None, None, *counts, NO_VARIATION)
    drawn = np.random.default_rng(seed).multinomial(
        len(clusters), np.full(len(clusters), 1 / len(clusters)), size=draws
    )
    found = _alphas(drawn.astype(float) @ clusters)
    found = found[~np.isnan(found)]
    if len(clusters) == 1 or not len(found):
        return ThemeAgreement(_rounded(alpha), None, None, *counts, NO_INTERVAL)
    low, high = np.percentile(found, INTERVAL)
    return ThemeAgreement(_rounded(alpha), _rounded(low), _rounded(high), *counts)


def by_theme(table: pd.DataFrame) -> dict[int, ThemeAgreement]:
    """Of each theme in a `theme_table` alone: where a definition is not yet clear."""
    if not len(table):
        return {}
    themes = table.index.get_level_values("theme")
    return {int(theme): theme_agreement(table[themes == theme]) for theme in sorted(set(themes))}


def differences(table: pd.DataFrame) -> list[tuple[int, str, int, frozenset[int], frozenset[int]]]:
    """Units that coders judged differently: text, place, theme, who gave it, who did not; in the table's order."""
    found = []
    for unit, row in zip(list(table.index), table.to_dict("records"), strict=True):
        gave = frozenset(int(str(coder)) for coder, value in row.items() if value == 1)
        did_not = frozenset(int(str(coder)) for coder, value in row.items() if value == 0)
        if gave and did_not:
            found.append((int(unit[0]), str(unit[1]), int(unit[2]), gave, did_not))
    return found


def _coincidences(yes: Floats, coders: Floats) -> Floats:
    """What each unit adds to o_00, o_01 and o_11: an array of units x 3."""
    no = coders - yes
    return np.stack([no * (no - 1), no * yes, yes * (yes - 1)], axis=1) / (coders - 1)[:, None]


def _alphas(coincidences: Floats) -> Floats:
    """Alpha of each row of (o_00, o_01, o_11); NaN where it is undefined."""
    none, mixed, both = coincidences.T
    n_0, n_1 = none + mixed, both + mixed
    with np.errstate(invalid="ignore", divide="ignore"):
        alphas: Floats = 1 - (n_0 + n_1 - 1) * mixed / (n_0 * n_1)
    return np.where(n_0 * n_1 > 0, alphas, np.nan)


def _rounded(alpha: float) -> float:
    return round(float(alpha), PLACES) + 0.0
