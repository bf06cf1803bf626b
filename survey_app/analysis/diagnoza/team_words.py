"""What the team writes into the diagnoza: its own words for a part of the summary, conclusions, recommendations.

Plain text, a paragraph per line; lines that begin with a dash are a list, lines numbered from 1 upwards a numbered
one. Nothing else is markup, so no sign that a person types is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from survey_app.analysis.diagnoza.canonical import sha256_of
from survey_app.analysis.diagnoza.document import Block, BulletList, Paragraph
from survey_app.analysis.diagnoza.result import SummaryPart, TeamText

CONCLUSIONS = "conclusions"
RECOMMENDATIONS = "recommendations"
OF_SUMMARY = "summary:"

_POINT = re.compile(r"[-–—•*]\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Told:
    """The summary with the team's words in it, its own chapter, and all of them as they enter the checksum."""

    summary: tuple[SummaryPart, ...]
    conclusions: TeamText | None
    recommendations: TeamText | None
    shown: Mapping[str, object]


def told_by_team(
    words: Mapping[str, TeamText], summary: Sequence[SummaryPart], reference: Sequence[SummaryPart]
) -> Told:
    """`words`: by part ("summary:<key>", "conclusions", "recommendations"); an empty text counts as none.

    `reference`: the summary of the public edition, which is what the team reads when it writes. A part that it has
    not got (too few were heard, say) is printed in no edition, whatever the team wrote there before.
    """
    written = {part: text for part, text in words.items() if text.text.strip()}
    bases = {part.key: rules_checksum([part]) for part in reference}
    whole = rules_checksum(reference)
    used: dict[str, TeamText] = {}
    for part, text in written.items():
        basis = bases.get(part.removeprefix(OF_SUMMARY)) if part.startswith(OF_SUMMARY) else whole
        if basis is not None:
            used[part] = replace(text, outdated=text.rests_on not in ("", basis))
    return Told(
        tuple(replace(part, team=used.get(OF_SUMMARY + part.key)) for part in summary),
        used.get(CONCLUSIONS),
        used.get(RECOMMENDATIONS),
        {part: [text.text, text.changed_on.isoformat(), text.outdated] for part, text in used.items()},
    )


def rules_checksum(parts: Sequence[SummaryPart]) -> str:
    """sha256 over what the rules say in these parts, without what the team made of it."""
    return sha256_of([[part.heading, list(part.sentences), list(part.points)] for part in parts])


def rules_text(part: SummaryPart) -> str:
    """The sentences of the rules as the team would write them: where its own words begin."""
    return "\n".join([*part.sentences, *(f"- {point}" for point in part.points)])


def text_blocks(text: str) -> list[Block]:
    """Paragraphs and lists, in the order of the lines. Numbers count only where they run 1, 2, 3 from the first line
    of the list: "2026. rok" stays the beginning of a sentence.
    """
    blocks: list[Block] = []
    for line in text.splitlines():
        words = line.strip()
        if not words:
            continue
        if point := _POINT.match(words):
            _add_item(blocks, words[point.end() :], ordered=False)
        elif (number := _NUMBER.match(words)) and int(number[1]) in (1, _next_number(blocks)):
            _add_item(blocks, words[number.end() :], ordered=True, is_first=int(number[1]) == 1)
        else:
            blocks.append(Paragraph(words))
    return blocks


def _add_item(blocks: list[Block], words: str, *, ordered: bool, is_first: bool = False) -> None:
    last = blocks[-1] if blocks else None
    if isinstance(last, BulletList) and last.ordered is ordered and not is_first:
        blocks[-1] = BulletList((*last.items, words), ordered)
    else:
        blocks.append(BulletList((words,), ordered))


def _next_number(blocks: Sequence[Block]) -> int:
    last = blocks[-1] if blocks else None
    return len(last.items) + 1 if isinstance(last, BulletList) and last.ordered else 1
