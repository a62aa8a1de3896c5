"""The statement of a calculation as a workbook: a sheet a table, numbers as numbers, each number's origin on a sheet of its own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from gep.reports.forms.excel import AUDIT_PRINTED, Book, list_audits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.reports.model import Method
    from gep.reports.words import Words
    from gep.statements.statement import Statement


def write_excel(told: Statement, methods: Sequence[Method], made_of: Sequence[tuple[str, str]], words: Words) -> bytes:
    """Return the statement as the bytes of an .xlsx file.

    Parameters
    ----------
    methods : the rules of its steps
    made_of : files with their hash
    """
    day = datetime(2000, 1, 1)  # noqa: DTZ001 - no clock in a file that is compared
    book = Book(words, {"title": told.title, "author": "gep", "created": day})
    notes = ((words["notes"], text) for text in told.notes)
    book.pairs(words["summary"], [(told.title, ""), *told.about, *notes, *((words["made_of"], f"{a} {b}") for a, b in made_of)])
    for table in told.tables:
        book.table(table)
    if methods:
        book.table(list_audits([(told.title, methods)], words), AUDIT_PRINTED)
    return book.content()
