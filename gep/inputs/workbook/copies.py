"""Looks at the copy of a workbook that an earlier check wrote: explanations are kept, changed figures are not written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.inputs.explanations import join_explanations
from gep.inputs.workbook.read import read_workbook
from gep.messages.problems import Problem
from gep.messages.texts import say
from gep.paths import print_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gep.inputs.workbook.book import Book
    from gep.messages.findings import Finding

_FIGURE = ("variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")


def join_earlier_explanations(findings: Iterable[Finding], copy: Path) -> list[Finding]:
    """Return findings of a workbook, each with what was written about it in an earlier copy, unless it has an explanation.

    Parameters
    ----------
    copy : the earlier copy; the findings come back as they are where it does not exist
    """
    if not copy.exists():
        return list(findings)
    found = list(findings)
    explanations = read_workbook(copy).explanations
    written = {(file, *key): text for file in {one.problem.file for one in found} for key, text in explanations.items()}
    return [own if own.explanation else kept for own, kept in zip(found, join_explanations(found, written), strict=True)]


def find_changed_copy(source: Path, copy: Path) -> Problem | None:
    """Return why a copy must not be written over, or None where it may be.

    It must not where it was saved after the workbook and holds other figures.
    """
    if not copy.exists() or copy.samefile(source) or copy.stat().st_mtime_ns <= source.stat().st_mtime_ns:
        return None
    if _figures(read_workbook(copy)) == _figures(read_workbook(source)):
        return None
    shown = print_path(copy)
    return Problem(
        shown,
        0,
        say("this copy of {name} was changed and holds other figures; a new copy would write over them", name=source.name),
        "a copy as gep check wrote it",
        say("gep check {copy} --write-back goes on with it; -o FOLDER writes elsewhere", copy=shown),
    )


def _figures(book: Book) -> list[tuple[str, ...]]:
    return sorted(tuple(str(row[name]) for name in _FIGURE) for row in book.rows)
