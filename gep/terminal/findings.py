"""Findings of a check on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.findings import GRADES
from gep.messages.layout import wrapped
from gep.messages.texts import in_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.messages.findings import Finding


def finding_lines(found: Sequence[Finding], lang: str) -> Iterator[str]:
    """Yield findings in full, worst first, and how many there are of each grade."""
    zh = lang == "zh"
    for one in found:
        where = f"{one.grade} {one.where}" + ("  " if one.where else "")
        yield from wrapped(where + in_language(one.problem.found, lang), "", "  ")
        if one.problem.expected:
            yield from wrapped(f"{'规则' if zh else 'rule'}  {in_language(one.problem.expected, lang)}", "    ", "      ")
        if one.problem.hint:
            yield from wrapped(f"{'修改' if zh else 'repair'}  {in_language(one.problem.hint, lang)}", "    ", "      ")
        if one.explanation:
            yield from wrapped(f"{'说明' if zh else 'explained'}  {one.explanation}", "    ", "      ")
    counts = [(grade, sum(one.grade == grade for one in found)) for grade in GRADES]
    if zh:
        said_counts = "，".join(f"{grade} 级 {count} 条（{GRADES[grade][0]}）" for grade, count in counts if count)
    else:
        said_counts = ", ".join(f"{count} {grade} ({GRADES[grade][1]})" for grade, count in counts if count)
    yield from wrapped(said_counts or ("没有发现问题" if zh else "nothing found"), "", "  ")


def run_finding_lines(found: Sequence[Finding], lang: str) -> Iterator[str]:
    """Yield what a run says of findings: departments that are missing, and how much is open."""
    zh = lang == "zh"
    for one in found:
        if one.code == "department":
            yield from wrapped(in_language(one.problem.found, lang), "", "  ")
    open_ones = {grade: sum(one.grade == grade and not one.explanation for one in found) for grade in "BC"}
    if any(open_ones.values()):
        b, c = open_ones.values()
        text = (
            f"数据校验：B 级 {b} 条待书面说明，C 级 {c} 条待确认；用 gep check 查看"
            if zh
            else f"checks: {b} B to be explained, {c} C to be confirmed; gep check lists them"
        )
        yield from wrapped(text, "", "  ")
