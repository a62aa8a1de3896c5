"""The allocation table as a Word file that a bureau can go on editing: the paper, then the calculation."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt

from gep.files.zipped import remove_dates
from gep.reports.allocation_table import format_amount, make_grid
from gep.reports.forms.word_parts import fill, insert_field, set_fonts, write_table

if TYPE_CHECKING:
    from gep.compensation.issued import Booked
    from gep.reports.allocation_table import AllocationTable, Sheet
    from gep.reports.grids import Grid

FONT = "宋体"
ROOM = 261.0
"""Millimetres between the margins of A4 on its side."""
STEPS = 400
"""Steps of the calculation that a Word file holds; the workbook has all."""


def write_word(
    table: AllocationTable, calculation: dict[str, Any], formulas: Grid, decimals: int, booked: Booked | None
) -> bytes:
    """Return the paper and its calculation sheet as the bytes of a .docx file."""
    document = Document()
    _set_up(document, table)
    _say(document, table.title, size=16, bold=True, middle=True)
    if table.issue.number:
        _say(document, table.issue.number, size=10.5, middle=True)
    _say(document, f"状态：{table.state}　{'　'.join(table.details)}", size=9)
    for at, one in enumerate((*table.sheets, *((table.difference,) if table.difference else ()))):
        _write_sheet(document, one, table.issue.unit, decimals)
        if at == 1:
            _say(
                document,
                f"下达合计：{format_amount(table.total, table.issue.unit, decimals)} {table.issue.unit}（{table.words}）",
                size=10.5,
                bold=True,
            )
    for text in table.marks:
        _say(document, text, size=9)
    maker, checker = (booked.maker, booked.checker) if booked is not None else ("", "")
    signs = f"编制：{maker}　　　　复核：{checker}　　　　分管负责人：　　　　{table.issue.issuer or '印发单位'}（盖章）　　　{table.issue.dated or '　　年　　月　　日'}"
    _say(document, "", size=9)
    _say(document, signs, size=10.5)
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _say(document, "计算表", size=14, bold=True, middle=True)
    _say(document, f"取整单位：{calculation['rounding']}。", size=9)
    if formulas.rows:
        _write_grid(document, formulas)
    if calculation["matrix"].rows:
        _write_grid(document, calculation["matrix"])
    steps: Grid = calculation["steps"]
    _write_grid(document, replace(steps, rows=steps.rows[:STEPS]))
    if len(steps.rows) > STEPS:
        _say(document, f"另有 {len(steps.rows) - STEPS} 步，见工作簿。", size=9)
    for text in calculation["marks"]:
        _say(document, text, size=8)
    content = io.BytesIO()
    document.save(content)
    return remove_dates(content.getvalue())


def _set_up(document: Any, table: AllocationTable) -> None:
    document.core_properties.created = document.core_properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001 - no clock in a file that is compared
    document.core_properties.title, document.core_properties.author = table.title, table.issue.issuer
    set_fonts(document, FONT, {"Normal": 10})
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(18)
    head = section.header.paragraphs[0]
    fill(head, f"{table.issue.annex}{'　（示例）' if table.example else ''}　　{table.state}", size=9)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    fill(foot, "第 ", size=8)
    insert_field(foot, "PAGE")
    fill(foot, " 页，共 ", size=8)
    insert_field(foot, "NUMPAGES")
    fill(foot, " 页", size=8)


def _say(document: Any, text: str, *, size: float, bold: bool = False, middle: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(3)
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    fill(paragraph, text, size=size, bold=bold)


def _write_sheet(document: Any, one: Sheet, unit: str, decimals: int) -> None:
    _say(document, f"{one.title}　　（单位：{unit}）", size=11, bold=True)
    _write_grid(document, make_grid(one, unit, decimals))
    if one.note:
        _say(document, f"注：{one.note}", size=9)


def _write_grid(document: Any, grid: Grid) -> None:
    for part in grid.lay(turned=True):
        write_table(document, part, ROOM, boxed=True)
    _say(document, "", size=6)
