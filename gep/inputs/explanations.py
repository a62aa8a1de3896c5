"""Puts what counties wrote beside the findings in their workbooks to the findings they wrote it about."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from gep.messages.findings import Finding
from gep.messages.many_findings import FindingColumns, Findings
from gep.messages.texts import say_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def join_to_many(
    findings: Iterable[Finding | FindingColumns], written: Mapping[tuple[str, str, str, str], str]
) -> list[Finding | FindingColumns]:
    """Return findings with what was written about them; columns stay columns where nothing was written at all."""
    if not written:
        return [replace(one, explanation="") if isinstance(one, Finding) and one.explanation else one for one in findings]
    return list(join_explanations(Findings(findings), written))


def join_explanations(findings: Iterable[Finding], written: Mapping[tuple[str, str, str, str], str]) -> Iterator[Finding]:
    """Yield findings, each with what was written about exactly it: same file, code, place and text, in either language.

    Parameters
    ----------
    written : file, code, place and text of a finding, as its workbook holds them → the explanation
    """
    known = {(file, code, where, _folded(text)): words for (file, code, where, text), words in written.items()}
    for one in findings:
        if not known:
            yield replace(one, explanation="") if one.explanation else one
            continue
        said = (
            known.get((one.problem.file, one.code, one.problem.cell or one.where, _folded(say_in(one.problem.found, lang))))
            for lang in ("zh", "en")
        )
        yield replace(one, explanation=next(filter(None, said), ""))


def _folded(text: str) -> str:
    """Return a text as it comes back from a cell: km² is read as km2, and full-width letters as plain ones."""
    return " ".join(unicodedata.normalize("NFKC", text).split())
