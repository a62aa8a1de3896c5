"""The parts of a Word file: runs, fields, contents and three-line tables with widths that fit their words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from gep.messages.tables import GROUP, NUMERIC, SUM, Column, print_cell
from gep.reports.layout import BESIDE, Layout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.reports.outline import Section

INK, GREY = "1A1A1A", "CCCCCC"
THREE_LINES = {"top": (8, INK), "bottom": (8, INK), "insideH": (2, GREY)}
BOXED = dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), (4, INK))
_POWER = re.compile(r"(10\^[−-]?\d+)")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def set_fonts(document: Any, font: str, sizes: Mapping[str, float]) -> None:
    """Give styles of a document one font for all scripts, and each its size in points."""
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for side in ("w:eastAsia", "w:hAnsi", "w:ascii", "w:cs"):
            fonts.set(qn(side), font)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)


def clean_text(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _ILLEGAL.sub("", text)


def fill_cell(cell: Any, text: str, *, size: float, bold: bool = False, right: bool = False) -> Any:
    """Write the text of a cell, close to its lines."""
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
    paragraph.paragraph_format.line_spacing = 1.0
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    fill(paragraph, text, size=size, bold=bold)
    return paragraph


def fill(paragraph: Any, text: str, *, size: float | None = None, bold: bool = False) -> None:
    """Write a text, powers of ten raised."""
    for part in _POWER.split(clean_text(text)):
        if part.startswith("10^"):
            _run(paragraph, "10", size, bold=bold)
            _run(paragraph, part[3:], size, bold=bold).font.superscript = True
        elif part:
            _run(paragraph, part, size, bold=bold)


def _run(paragraph: Any, text: str, size: float | None, *, bold: bool) -> Any:
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size is not None:
        run.font.size = Pt(size)
    return run


def insert_field(paragraph: Any, code: str, shown: str = "1") -> None:
    """Insert a field that Word computes."""
    begin_field(paragraph, code)
    paragraph.add_run(shown)
    end_field(paragraph)


def begin_field(paragraph: Any, code: str) -> None:
    """Begin a field; what follows until its end is what it shows until Word computes it."""
    _mark(paragraph, "begin")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = code
    paragraph.add_run()._r.append(instruction)  # noqa: SLF001 - python-docx has no fields
    _mark(paragraph, "separate")


def end_field(paragraph: Any) -> None:
    """End the field that was begun last."""
    _mark(paragraph, "end")


def _mark(paragraph: Any, kind: str) -> None:
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(element)  # noqa: SLF001 - python-docx has no other way to the XML


def write_contents(document: Any, sections: list[Section]) -> None:
    """Write a table of contents that lists and leads to the sections before Word computes it, with pages once it has."""
    for at, section in enumerate(sections):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(174), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        if not at:
            begin_field(paragraph, 'TOC \\o "1-1" \\h \\z \\u')
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), name_bookmark(section))
        before = len(paragraph._p)  # noqa: SLF001 - python-docx has no other way to the XML
        paragraph.add_run(f"{section.number} {section.title}".strip() + "\t")
        insert_field(paragraph, f"PAGEREF {name_bookmark(section)} \\h", "")
        for run in list(paragraph._p)[before:]:  # noqa: SLF001 - python-docx has no other way to the XML
            link.append(run)
        paragraph._p.append(link)  # noqa: SLF001 - python-docx has no other way to the XML
        if at + 1 == len(sections):
            end_field(paragraph)
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    document.settings.element.append(update)


def name_bookmark(section: Section) -> str:
    """Return the bookmark by which the contents lead to a section's heading."""
    return f"_Toc_{section.id}"


def mark_heading(paragraph: Any, section: Section, number: int) -> None:
    """Mark a heading, so that the contents lead to it."""
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        element = OxmlElement(tag)
        element.set(qn("w:id"), str(number))
        if tag == "w:bookmarkStart":
            element.set(qn("w:name"), name_bookmark(section))
            paragraph._p.insert(1, element)  # noqa: SLF001 - python-docx has no other way to the XML
        else:
            paragraph._p.append(element)  # noqa: SLF001 - python-docx has no other way to the XML


def write_table(document: Any, layout: Layout, room: float, *, boxed: bool = False) -> None:
    """Write a table as wide as the page: heads that every page repeats, a line above, below and under the heads.

    Parameters
    ----------
    room  : width of the page between its margins, mm
    boxed : whether each cell has lines around it, as papers of finance bureaus have
    """
    one, size = layout.table, layout.size
    wide = [Mm(room * part) for part in layout.shares]
    grid = make_grid(document, wide, BOXED if boxed else THREE_LINES)
    head = grid.add_row()
    _repeat(head)
    for cell, column, width in zip(head.cells, one.columns, wide, strict=True):
        fill_cell(cell, _head(column), size=size, bold=True, right=column.kind in NUMERIC)
        cell.width = width
        _lines(cell._tc.get_or_add_tcPr(), "w:tcBorders", {"bottom": (6, INK)})  # noqa: SLF001 - python-docx has no other way to the XML
    for at, row in enumerate(one.rows):
        made = grid.add_row()
        _whole(made)
        shown = made.cells
        for cell, width in zip(shown, wide, strict=True):
            cell.width = width
        if row.kind == GROUP:
            heading = fill_cell(shown[0].merge(shown[-1]), str(row.cells[0]), size=8, bold=True)
            heading.paragraph_format.keep_with_next = True
            continue
        last = at + 2 == len(one.rows) and one.rows[-1].kind == SUM
        for cell, value, column in zip(shown, row.cells, one.columns, strict=True):
            text = print_cell(value, column)
            paragraph = fill_cell(cell, text, size=size, bold=row.kind == SUM, right=column.kind in NUMERIC)
            paragraph.paragraph_format.keep_with_next = last or None


def make_grid(document: Any, widths: list[Any], lines: dict[str, tuple[int, str]] | None = None) -> Any:
    """Return an empty table of columns of given widths, ruled above, below and between its rows.

    Parameters
    ----------
    lines : side → eighths of a point and colour; None: three lines
    """
    grid = document.add_table(rows=0, cols=len(widths))
    grid.autofit = False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    _lines(grid._tbl.tblPr, "w:tblBorders", lines or THREE_LINES)  # noqa: SLF001 - python-docx has no other way to the XML
    _set_sides(grid._tbl.tblPr)  # noqa: SLF001 - python-docx has no other way to the XML
    return grid


def _set_sides(properties: Any) -> None:
    """Set the white beside the text of cells to what the widths of columns were measured with."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        white = OxmlElement(f"w:{side}")
        white.set(qn("w:w"), str(int(BESIDE / 2 * 20)))
        white.set(qn("w:type"), "dxa")
        margins.append(white)
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        look.addprevious(margins)
    else:
        properties.append(margins)


def _lines(properties: Any, tag: str, sides: dict[str, tuple[int, str]]) -> None:
    """Rule the sides of a table or cell; the width is in eighths of a point."""
    borders = OxmlElement(tag)
    for side, (eighths, colour) in sides.items():
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    layout = properties.find(qn("w:tblLayout"))
    if layout is not None:
        layout.addprevious(borders)
    else:
        properties.append(borders)


def _head(column: Column) -> str:
    return f"{column.title}\n({column.unit})" if column.unit else column.title


def _repeat(row: Any) -> None:
    """Mark a row as a head that every page repeats."""
    _whole(row)
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)  # noqa: SLF001 - python-docx has no other way to the XML


def _whole(row: Any) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - python-docx has no other way to the XML
