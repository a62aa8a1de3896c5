"""The statement of a calculation as a Word file: what was chosen, tables, formulas with their numbers, places for signatures."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from gep.files.zipped import remove_dates
from gep.reports.forms.word_methods import write_rule
from gep.reports.forms.word_parts import fill, fill_cell, insert_field, make_grid, set_fonts, write_table
from gep.reports.layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.messages.tables import Table
    from gep.reports.model import Method
    from gep.reports.words import Words
    from gep.statements.statement import Statement

FONT = "宋体"
SIZES = {"Normal": 10, "Title": 17, "Heading 1": 12, "Caption": 9}
HIGH, WIDE, MARGIN = 297, 210, 18
"""Millimetres of A4 and of its margins."""


def write_word(told: Statement, methods: Sequence[Method], made_of: Sequence[tuple[str, str]], words: Words) -> bytes:
    """Return the statement as the bytes of a .docx file.

    Parameters
    ----------
    methods : the rules of its steps
    made_of : files with their hash
    """
    return _Writer(told, words).write(methods, made_of)


class _Writer:
    def __init__(self, told: Statement, words: Words) -> None:
        self.told, self.words = told, words
        self.document = Document()
        self.lying = False

    def write(self, methods: Sequence[Method], made_of: Sequence[tuple[str, str]]) -> bytes:
        words = self.words
        self._set_up()
        self.document.add_paragraph(self.told.title, style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._pairs(self.told.about)
        for at, table in enumerate(self.told.tables, 1):
            self._table(table, at)
        self._turn(lying=False)
        for note in self.told.notes:
            self.say(note)
        if methods:
            self.document.add_heading(words["made_how"], 1)
            for rule in methods:
                write_rule(self.say, rule, words, every=True)
        if made_of:
            self.document.add_heading(words["made_of"], 1)
            self._pairs(made_of)
        self.say("")
        signs = [f"{words[name]}：" if words.lang == "zh" else f"{words[name]}: " for name in ("maker", "checker", "date")]
        self.say("　　　　　　　　　　".join(signs))
        content = io.BytesIO()
        self.document.save(content)
        return remove_dates(content.getvalue())

    def say(self, text: str, *, size: float | None = None, bold: bool = False, keep: bool = False) -> Any:
        """Add a paragraph."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(3)
        paragraph.paragraph_format.keep_with_next = keep
        fill(paragraph, text, size=size, bold=bold)
        return paragraph

    def _set_up(self) -> None:
        core = self.document.core_properties
        core.created = core.modified = datetime(2000, 1, 1)  # noqa: DTZ001 - no clock in a file that is compared
        core.title, core.author = self.told.title, "gep"
        set_fonts(self.document, FONT, SIZES)
        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(WIDE), Mm(HIGH)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(MARGIN)
        foot = page.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        insert_field(foot, "PAGE")
        foot.add_run(" / ")
        insert_field(foot, "NUMPAGES")

    def _pairs(self, rows: Sequence[tuple[str, str]]) -> None:
        widths = [Mm(38), Mm(WIDE - 2 * MARGIN - 38)]
        if not rows:
            return
        grid = make_grid(self.document, widths)
        for row in rows:
            for cell, text, width in zip(grid.add_row().cells, row, widths, strict=True):
                cell.width = width
                fill_cell(cell, text, size=9)
        self.say("", size=4)

    def _table(self, one: Table, at: int) -> None:
        for number, part in enumerate(lay_out(one)):
            self._turn(lying=part.lying)
            caption = self.document.add_paragraph(style="Caption")
            fill(caption, f"{self.words['table']} {at} {one.title}{' ' + self.words['continued'] if number else ''}")
            caption.paragraph_format.keep_with_next = True
            write_table(self.document, part, (HIGH if part.lying else WIDE) - 2 * MARGIN)
        for line in one.note.splitlines():
            self.say(line, size=8)

    def _turn(self, *, lying: bool) -> None:
        """Begin a section of pages on their side, or upright again, if the page is not so already."""
        if lying == self.lying:
            return
        self.lying = lying
        section = self.document.add_section()
        section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(HIGH if lying else WIDE), Mm(WIDE if lying else HIGH)
