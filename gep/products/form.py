"""Writes the survey form of the catalogue: one sheet, headings, closed lists where a list is closed."""

from __future__ import annotations

import io

import xlsxwriter

from gep.files.sheet_pages import set_page
from gep.products.catalogue import ALL_YEAR, HEADINGS, KINDS

ROWS = 500
"""Rows that offer the closed lists."""
EMPTY = 30
"""Empty rows that are drawn and printed."""
WIDTHS = (18, 12, 20, 12, 12, 12, 12, 18, 40)


def write_form(county: str, year: int) -> bytes:
    """Return the empty form of a county and year as a workbook."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": f"{county} {year} 年生态产品目录"})
    sheet = book.add_worksheet("生态产品目录")
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    plain = book.add_format({"border": 1, "text_wrap": True})
    sheet.write(0, 0, f"{county} {year} 年生态产品目录调查表", book.add_format({"bold": True, "font_size": 14}))
    sheet.write(1, 0, "每行一种产品、一个地点；数量照实填写当期调查数，不折算成全年；负面产品同表填报；每行写明责任部门和依据。")
    for at, heading in enumerate(HEADINGS.values()):
        sheet.write(2, at, heading, bold)
        sheet.set_column(at, at, WIDTHS[at])
    for line in range(3, 3 + EMPTY):
        for at in range(len(HEADINGS)):
            sheet.write_blank(line, at, None, plain)
    names = list(HEADINGS)
    sheet.data_validation(
        3, names.index("kind"), ROWS, names.index("kind"), {"validate": "list", "source": [one.zh for one in KINDS.values()]}
    )
    hint = {"validate": "any", "input_title": "季节", "input_message": f"起止月份，如 3-5、11-2，或 {ALL_YEAR[0]}"}
    sheet.data_validation(3, names.index("season"), ROWS, names.index("season"), hint)
    sheet.freeze_panes(3, 1)
    set_page(sheet, 2 + EMPTY, len(HEADINGS) - 1, lying=True, heads=3)
    book.close()
    return target.getvalue()
