"""Sources that say 同上 or 〃: each is the source of the row above, and what was understood is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.files.dittos import is_ditto, resolve_dittos
from gep.messages.findings import Finding
from gep.messages.problems import Problem
from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence


def take_sources_above(
    file: str, texts: Sequence[str], lines: Sequence[int], cells: Sequence[str]
) -> tuple[list[str], list[Finding]]:
    """Return the sources of rows under one another, dittos as what they stand for, and what is to be said of them.

    A ditto with no source directly above it stays as it is written, and is a finding to be confirmed.

    Parameters
    ----------
    texts : the sources as written
    lines, cells : where each stands; a cell is empty in a table
    """
    sources = list(texts)
    findings: list[Finding] = []
    understood: list[int] = []
    for at, (text, source) in enumerate(zip(texts, resolve_dittos(texts), strict=True)):
        if source is not None:
            sources[at] = source
            understood += [at] if is_ditto(text) else []
            continue
        found = say("the source is {text}, and the row above has none", text=text)
        problem = Problem(file, lines[at], found, "the document that the figure stands in", "write the source out", cells[at])
        findings.append(Finding("C", "ditto", problem))
    if understood:
        first = understood[0]
        found = say(
            "the source is {text}; it is read as that of the row above, {source} (rows read so: {count})",
            text=texts[first],
            source=sources[first],
            count=len(understood),
        )
        problem = Problem(file, lines[first], found, "each figure names its source", "", cells[first])
        findings.append(Finding("D", "ditto", problem))
    return sources, findings
