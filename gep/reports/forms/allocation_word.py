"""The allocation table as a Word file that a bureau can go on editing: the paper, then the calculation."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from gep.files.zipped import remove_dates
from gep.reports.allocation_table import COUNTY, format_amount, measure_text
from gep.reports.forms.word_parts import fill, fill_cell, insert_field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.compensation.issued import Booked
    from gep.reports.allocation_table import AllocationTable, Sheet

FONT = "宋体"
ROOM = 261.0
"""Millimetres between the margins of A4 on its side."""
STEPS = 400
"""Steps of the calculation that a Word file holds; the workbook has all."""


def write_word(
    table: AllocationTable,
    calculation: dict[str, Any],
    formulas: Sequence[tuple[str, str, str]],
    decimals: int,
    booked: Booked | None,
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
    _say(document, f"取整单位 {calculation['rounding']}。", size=9)
    _write_grid(document, ("事项", "公式（文字）", "公式（符号）"), list(formulas), ())
    if calculation["matrix"]:
        rows = [(row["operation"], row["place"], *row["cells"]) for row in calculation["matrix"]]
        _write_grid(document, ("运算", "县（市、区）", *calculation["stages"]), rows, range(2, 2 + len(calculation["stages"])))
    steps = [(one["stage"], one["what"], one["place"], one["value"], one["unit"], one["note"]) for one in calculation["steps"]]
    _write_grid(document, ("环节", "名称", "地点、期间", "数值", "单位", "说明"), steps[:STEPS], (3,))
    if len(steps) > STEPS:
        _say(document, f"另有 {len(steps) - STEPS} 步，见工作簿。", size=9)
    for text in calculation["marks"]:
        _say(document, text, size=8)
    content = io.BytesIO()
    document.save(content)
    return remove_dates(content.getvalue())


def _set_up(document: Any, table: AllocationTable) -> None:
    document.core_properties.created = document.core_properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001 - no clock in a file that is compared
    document.core_properties.title, document.core_properties.author = table.title, table.issue.issuer
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for side in ("w:eastAsia", "w:hAnsi", "w:ascii", "w:cs"):
        fonts.set(qn(side), FONT)
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
    rows = [
        tuple(format_amount(cell, unit, decimals) if isinstance(cell, int) else cell or "" for cell in row.cells)
        for row in one.rows
    ]
    bold = [at for at, row in enumerate(one.rows) if row.kind != COUNTY]
    _write_grid(document, one.columns, rows, one.money, bold)
    if one.note:
        _say(document, f"注：{one.note}", size=9)


def _write_grid(
    document: Any, columns: Sequence[str], rows: Sequence[Sequence[str]], right: Any, bold: Sequence[int] = ()
) -> None:
    grid = document.add_table(rows=1, cols=len(columns))
    grid.style = "Table Grid"
    widths = [
        max([2 * len(column), *(min(measure_text(row[at]), 44) for row in rows[:200])]) + 2 for at, column in enumerate(columns)
    ]
    for at, column in enumerate(columns):
        fill_cell(grid.rows[0].cells[at], column, size=9, bold=True)
    for line, row in enumerate(rows):
        cells = grid.add_row().cells
        for at, text in enumerate(row):
            fill_cell(cells[at], text, size=8.5, bold=line in bold, right=at in right)
    grid.autofit = False
    for at, column in enumerate(grid.columns):
        column.width = Mm(ROOM * widths[at] / sum(widths))
        for cell in column.cells:
            cell.width = column.width
