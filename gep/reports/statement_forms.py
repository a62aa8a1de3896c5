"""Writes the statement of a calculation as a paper: PDF, HTML, Word and Excel, one content."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gep.files.reading import hash_file
from gep.files.writing import write_whole
from gep.messages.problems import refuse_one
from gep.messages.texts import mark_word, say
from gep.reports.methods import make_methods
from gep.reports.words import read_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.statements.statement import Statement

FORMS = (".pdf", ".html", ".docx", ".xlsx")


def check_form(target: Path) -> None:
    """Refuse a file whose ending is not one of FORMS.

    Raises
    ------
    Problems : another ending
    """
    if target.suffix.lower() not in FORMS:
        shown = target.suffix or mark_word("a file without ending")
        refuse_one(str(target), say("reports are not written as {shown}", shown=shown), ", ".join(FORMS))


def write_statement(told: Statement, target: Path, files: Sequence[Path] = ()) -> None:
    """Write a statement by the ending of the target; whole or not at all.

    Parameters
    ----------
    files : that it was made of; the paper names each with its hash

    Raises
    ------
    Problems : another ending than FORMS, or a target that cannot be written
    """
    check_form(target)
    words, told = read_words(told.lang), _begin_with_capitals(told)
    made_of = tuple((one.name, hash_file(one)) for one in files)
    methods = make_methods(told.steps, told.lang)
    ending = target.suffix.lower()
    if ending == ".xlsx":
        from gep.reports.forms.statement_excel import write_excel

        content = write_excel(told, methods, made_of, words)
    elif ending == ".docx":
        from gep.reports.forms.statement_word import write_word

        content = write_word(told, methods, made_of, words)
    else:
        from gep.reports.forms.html import render_statement
        from gep.reports.forms.printed import draw_page

        content = draw_page(lambda fonts: render_statement(told, methods, made_of, words, fonts=fonts), pdf=ending == ".pdf")
    with write_whole(target, "report") as temporary:
        temporary.write_bytes(content)


def _begin_with_capitals(told: Statement) -> Statement:
    """Return a statement whose titles and heads begin as on paper; on a terminal they are plain words."""
    tables = (
        replace(
            one,
            title=_capitalize(one.title),
            columns=tuple(replace(column, title=_capitalize(column.title)) for column in one.columns),
        )
        for one in told.tables
    )
    about = tuple((_capitalize(name), text) for name, text in told.about)
    return replace(told, title=_capitalize(told.title), tables=tuple(tables), about=about)


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]
