"""Looks at the copy of a workbook that an earlier check wrote: explanations are kept, changed figures are not written over."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from gep.files.folder import COPIES
from gep.files.overwriting import Call, get_call
from gep.files.written import is_own
from gep.files.zipped import DAMAGED
from gep.inputs.explanations import join_explanations
from gep.inputs.workbook.layout import read_texts
from gep.inputs.workbook.read import read_workbook
from gep.messages.problems import Problem
from gep.messages.texts import say
from gep.paths import print_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gep.inputs.workbook.book import Book
    from gep.messages.findings import Finding

WHAT = "copy"
"""What a copy is called where it is written."""
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

    It must not where it holds other figures and is not as an earlier check wrote it.
    """
    if not copy.exists() or copy.samefile(source) or is_own(copy, WHAT) or get_call().force:
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


def make_copy_call(target: Path) -> Call:
    """Return what writing a copy may write over: an earlier copy, whose explanations are kept, and which may be what was checked.

    Whether the figures in it are kept too is for `find_changed_copy` to say. What is no copy is judged as every other file is.
    """
    call = get_call()
    if target.parent.name != COPIES or not target.is_file() or not _has_findings(target):
        return call
    return Call(force=True, inputs=tuple(one for one in call.inputs if not (one.is_dir() or one.samefile(target))))


def _has_findings(target: Path) -> bool:
    """Whether a file is a workbook with the sheet of findings."""
    try:
        with zipfile.ZipFile(target) as archive:
            return str(read_texts()["sheets"]["findings"]) in archive.read("xl/workbook.xml").decode()
    except DAMAGED:
        return False


def _figures(book: Book) -> list[tuple[str, ...]]:
    return sorted(tuple(str(row[name]) for name in _FIGURE) for row in book.rows)
