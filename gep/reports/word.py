"""A report as a Word file that offices can edit: real headings, tables with repeated heads, pictures with alternative texts.

The frontier to python-docx.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from gep.formula.show import number
from gep.reports.drawing import png
from gep.reports.model import GROUP, MONEY, NUMBER, RATIO, SHARE, SUM, Figure, Report, Table
from gep.reports.numbers import printed
from gep.reports.outline import Section, outline
from gep.reports.zipped import undated
from gep.units import printed_unit

if TYPE_CHECKING:
    from gep.reports.messages import Words

NUMERIC = frozenset({NUMBER, MONEY, SHARE, RATIO})
LATIN, HAN = "Noto Sans SC", "Noto Sans SC"
GREEN = RGBColor(0x2F, 0x5D, 0x50)
MOST_COLUMNS = 8
"""Wider tables go on a page on its side."""
_RAISED = re.compile(r"(10\^[−-]?\d+|_[A-Za-z0-9,]+)")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def docx(report: Report, words: Words) -> bytes:
    """Return the report as a .docx file."""
    return _Writer(report, words).write()


class _Writer:
    def __init__(self, report: Report, words: Words) -> None:
        self.report, self.words = report, words
        self.document = Document()
        self.figures = {name: at for at, name in enumerate(report.figures, 1)}

    def write(self) -> bytes:
        self._set_up()
        self._cover()
        for section in outline(self.report, self.words):
            self._section(section)
        target = io.BytesIO()
        self.document.save(target)
        return undated(target.getvalue())

    def _set_up(self) -> None:
        report = self.report
        properties = self.document.core_properties
        properties.title = _clean(f"{report.county} {report.year} {report.title}")
        properties.author = f"gep {report.run.program}"
        properties.language = "zh-CN" if report.lang == "zh" else "en-GB"
        made = datetime.fromisoformat(report.run.made_at)
        properties.created = properties.modified = made
        properties.revision = 1
        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(18)
        page.top_margin, page.bottom_margin = Mm(22), Mm(20)
        for name, size in (
            ("Normal", 9.5),
            ("Title", 24),
            ("Heading 1", 14),
            ("Heading 2", 11),
            ("Heading 3", 10),
            ("Caption", 8.5),
        ):
            style = self.document.styles[name]
            style.font.name, style.font.size = LATIN, Pt(size)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for side in ("w:eastAsia", "w:hAnsi", "w:ascii", "w:cs"):
                fonts.set(qn(side), HAN)
            for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                fonts.attrib.pop(qn(theme), None)
            if name != "Normal":
                style.font.color.rgb = GREEN if name != "Caption" else RGBColor(0x1A, 0x1A, 0x1A)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-GB")
        language.set(qn("w:eastAsia"), "zh-CN")
        self.document.styles["Normal"].element.get_or_add_rPr().append(language)
        page.header.paragraphs[0].text = _clean(f"{report.county} · {report.year} · {report.standard.id} · {report.state.title}")
        page.different_first_page_header_footer = True
        foot = page.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _field(foot, "PAGE")
        foot.add_run(" / ")
        _field(foot, "NUMPAGES")

    def _cover(self) -> None:
        report, words = self.report, self.words
        self._text(report.state.title)
        self.document.add_paragraph(_clean(f"{report.county} {report.year} {report.title}"), style="Title")
        self._text(f"{report.total.shown} {report.total.unit}", size=22, bold=True)
        self._text(report.coverage)
        rows = [(words["code"], report.code), (words["standard"], f"{words.wide(report.standard.title)} {report.standard.number} ({report.standard.id})"),
                (words["prices"], report.basis), (words["state"], report.state.sentence), (words["run"], f"{report.run.run} · {report.run.made_at} UTC · gep {report.run.program}"),
                (words["account_hash"], report.run.account_sha256)]  # fmt: skip
        if report.state.sha256:
            rows.append((words["signed_hash"], report.state.sha256))
        self._pairs(rows)
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        self._text(words["contents"], bold=True, size=14)
        contents = self.document.add_paragraph()
        _field(contents, 'TOC \\o "1-2" \\h \\z \\u', words["contents"])
        settings = self.document.settings.element
        update = OxmlElement("w:updateFields")
        update.set(qn("w:val"), "true")
        settings.append(update)
        contents.add_run().add_break(WD_BREAK.PAGE)

    def _section(self, section: Section) -> None:
        self.document.add_heading(f"{section.number} {section.title}".strip(), 1)
        report, words = self.report, self.words
        tables, figures = report.tables, report.figures
        match section.id:
            case "summary":
                for sentence in report.summary:
                    self._text(sentence)
                self._figure(figures.get("shares"))
            case "scope":
                self._pairs(list(report.scope))
                self._note(words["scope_not"])
            case "extent":
                self._table(tables["extent"])
                self._figure(figures.get("ecosystems"))
            case "methods":
                self._methods(every=False)
            case "quantities":
                self._table(tables["quantities"])
                self._table(tables["prices"])
            case "value":
                self._table(tables["value"])
                self._table(tables["matrix"])
            case "indices":
                self._table(tables["indices"])
                self._figure(figures.get("map"))
            case "comparison":
                self._table(tables["series"])
                self._figure(figures.get("series"))
                self._table(tables["change"])
                self._figure(figures.get("waterfall"))
            case "schemes":
                for scheme in report.schemes:
                    self._table(scheme)
            case "unverified":
                self._unverified()
            case "signoff":
                self._signoff()
            case "annex_c":
                self._methods(every=True)
            case "annex_d":
                self._table(tables["quantity_matrix"])
                self._table(tables["matrix_detail"])
            case "annex_e":
                self._pairs(list(report.sources))
            case _:
                self._table(tables[{"annex_a": "inputs", "annex_b": "coefficients"}.get(section.id, section.id)])

    def _methods(self, *, every: bool) -> None:
        """Write the rules: formula, formula in numbers; in the annex all cells with the origin of each number."""
        words = self.words
        self._text(words["annex_c_intro" if every else "methods_intro"] if self.report.services else words["nothing"])
        for service in self.report.services:
            self.document.add_heading(_clean(service.title), 2)
            for rule in service.methods:
                self._text(f"{rule.title} [{rule.mark}]", keep=True)
                self._text(rule.text, size=10.5, keep=True)
                for one in rule.audits if every else rule.audits[:1]:
                    named = f"[{one.members}] " if one.members else ""
                    self._text(f"{named}= {one.numbers} = {number(one.value)} {printed_unit(one.unit)}", size=8)
                    for origin in one.origins if every else ():
                        self._text(
                            f"    {origin.symbol} {origin.title} {origin.members} = {number(origin.value)} {printed_unit(origin.unit)} ← {origin.given} {origin.steps} {origin.address} {origin.mark}",
                            size=7,
                        )
                if not every:
                    self._note(f"{rule.rule} ({rule.variant}); {rule.source}")

    def _unverified(self) -> None:
        words = self.words
        self._text(words["unverified_intro"])
        for names, text in self.report.statements:
            self._text(
                f"{names}{':' if names else ''} {text}".strip()
                if words.lang == "en"
                else words.wide(f"{names}: {text}" if names else text)
            )
        for note in self.report.standard.notes:
            self._note(note)
        self._table(self.report.tables["explanations"])

    def _signoff(self) -> None:
        words, report = self.words, self.report
        self._text(report.state.sentence)
        for event in report.history:
            self._text(" · ".join(event))
        grid = self.document.add_table(rows=0, cols=4, style="Table Grid")
        for name in (words["maker"], words["checker"], words["approver"]):
            cells = grid.add_row().cells
            cells[0].text, cells[2].text, cells[3].text = name, words["date"], words["stamp"]
        self._note(words["safety"])

    def _text(self, text: str, *, size: float | None = None, bold: bool = False, keep: bool = False) -> Any:
        paragraph = self.document.add_paragraph()
        _fill(paragraph, text, size=size, bold=bold)
        paragraph.paragraph_format.keep_with_next = keep
        paragraph.paragraph_format.space_after = Pt(4)
        return paragraph

    def _note(self, text: str) -> None:
        if text:
            self._text(text, size=7.5)

    def _pairs(self, rows: list[tuple[str, str]]) -> None:
        table = self.document.add_table(rows=0, cols=2)
        for name, text in rows:
            cells = table.add_row().cells
            cells[0].width, cells[1].width = Mm(42), Mm(132)
            _fill(cells[0].paragraphs[0], name, size=8.5)
            _fill(cells[1].paragraphs[0], text, size=8.5)
        self.document.add_paragraph()

    def _table(self, one: Table) -> None:
        words = self.words
        if one.rows:
            wide = len(one.columns) > MOST_COLUMNS
            if wide:
                self._turn(WD_ORIENT.LANDSCAPE)
            caption = self.document.add_paragraph(style="Caption")
            _fill(caption, f"{words['table']} {one.code} {one.title}")
            caption.paragraph_format.keep_with_next = True
            grid = self.document.add_table(rows=1, cols=len(one.columns), style="Light List")
            grid.alignment = WD_TABLE_ALIGNMENT.CENTER
            _repeat(grid.rows[0])
            for cell, column in zip(grid.rows[0].cells, one.columns, strict=True):
                _fill(cell.paragraphs[0], f"{column.title} ({column.unit})" if column.unit else column.title, size=8, bold=True)
            for row in one.rows:
                self._row(grid, one, row.cells, row.kind)
            if wide:
                self._turn(WD_ORIENT.PORTRAIT)
        self._note(one.note)

    def _row(self, grid: Any, one: Table, cells: tuple[Any, ...], kind: str) -> None:
        made = grid.add_row()
        _whole(made)
        shown = made.cells
        if kind == GROUP:
            _fill(shown[0].merge(shown[-1]).paragraphs[0], str(cells[0]), size=8, bold=True)
            return
        for cell, value, column in zip(shown, cells, one.columns, strict=True):
            paragraph = cell.paragraphs[0]
            _fill(paragraph, printed(value, column), size=7.5 if one.small else 8.5, bold=kind == SUM)
            if column.kind in NUMERIC:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _turn(self, orientation: Any) -> None:
        """Begin a section of pages on their side, or upright again."""
        section = self.document.add_section()
        long, short = Mm(297), Mm(210)
        section.orientation = orientation
        section.page_width, section.page_height = (long, short) if orientation == WD_ORIENT.LANDSCAPE else (short, long)

    def _figure(self, figure: Figure | None) -> None:
        if figure is None:
            return
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        picture = paragraph.add_run().add_picture(io.BytesIO(png(figure, self.words)), width=Mm(172))
        described = picture._inline.docPr  # noqa: SLF001 - python-docx has no other way to an alternative text
        described.set("descr", _clean(figure.alt))
        described.set("title", _clean(figure.title))
        caption = self.document.add_paragraph(style="Caption")
        _fill(
            caption,
            f"{self.words['figure']} {self.figures[figure.id]} {figure.title}{self.words.say('in_unit', unit=figure.unit)}",
        )
        self._note(figure.note)


def _clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _ILLEGAL.sub("", text)


def _fill(paragraph: Any, text: str, *, size: float | None = None, bold: bool = False) -> None:
    """Write a text, powers of ten raised and the letters of symbols lowered."""
    for part in _RAISED.split(_clean(text)) if "10^" in text or "_" in text and " = " in text else [_clean(text)]:  # noqa: RUF021
        if not part:
            continue
        if part.startswith("10^"):
            _run(paragraph, "10", size, bold=bold)
            _run(paragraph, part[3:], size, bold=bold).font.superscript = True
        elif part.startswith("_") and len(part) > 1:
            _run(paragraph, part[1:], size, bold=bold).font.subscript = True
        else:
            _run(paragraph, part, size, bold=bold)


def _run(paragraph: Any, text: str, size: float | None, *, bold: bool) -> Any:
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size is not None:
        run.font.size = Pt(size)
    return run


def _field(paragraph: Any, code: str, shown: str = "1") -> None:
    """Insert a field that Word computes."""
    for kind, text in (("begin", ""), ("instr", code), ("separate", ""), ("text", shown), ("end", "")):
        run = paragraph.add_run()
        if kind == "instr":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
            run._r.append(element)  # noqa: SLF001
        elif kind == "text":
            run.text = text
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._r.append(element)  # noqa: SLF001


def _repeat(row: Any) -> None:
    """Mark a row as a head that every page repeats."""
    _whole(row)
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)  # noqa: SLF001


def _whole(row: Any) -> None:
    """Keep a row on one page."""
    element = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(element)  # noqa: SLF001
