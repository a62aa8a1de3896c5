"""A report as a Word file that offices can edit: real headings, tables with repeated heads, pictures with alternative texts.

The frontier to python-docx, with word_parts.py and equations.py.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from gep.files.zipped import remove_dates
from gep.reports.forms.drawing import draw_png
from gep.reports.forms.logo import find_logo
from gep.reports.forms.word_methods import write_rule
from gep.reports.forms.word_parts import (
    clean_text,
    fill,
    fill_cell,
    insert_field,
    make_grid,
    mark_heading,
    set_fonts,
    write_contents,
    write_table,
)
from gep.reports.layout import lay_out
from gep.reports.outline import BODIES, BRIEFINGS, WRITTEN, Section, find_first_table, make_outline

if TYPE_CHECKING:
    from pathlib import Path

    from gep.messages.tables import Table
    from gep.reports.model import Figure, Report
    from gep.reports.words import Words

FONT = "Microsoft YaHei"
"""What Word brings on every system; where it is missing the program takes its own font for Chinese."""
SIZES = {"Normal": 9.5, "Title": 24, "Heading 1": 14, "Heading 2": 11, "Heading 3": 10, "Caption": 8.5}
GREEN = RGBColor(0x2F, 0x5D, 0x50)
WIDE, HIGH, ROOM_WIDE, ROOM_HIGH = 210, 297, 261, 174
"""Millimetres of A4, and between its margins lying and standing."""
LOGOS = ("logo.png", "logo.jpg")


def write_docx(report: Report, words: Words, templates: Path | None = None) -> bytes:
    """Return the report as the bytes of a .docx file.

    Parameters
    ----------
    templates : folder of templates, of which it takes the logo, if that is a PNG or JPEG
    """
    return _Writer(report, words, templates).write()


class _Writer:
    def __init__(self, report: Report, words: Words, templates: Path | None) -> None:
        self.report, self.words, self.templates = report, words, templates
        self.document = Document()
        self.sections = make_outline(report, words)
        self.title = clean_text(f"{report.county} {words.say('year_title', year=report.year, title=report.title)}")
        self.figures = {name: at for at, name in enumerate(report.figures, 1)}
        self.lying = False

    def write(self) -> bytes:
        self._set_up()
        self._cover()
        for at, section in enumerate(self.sections):
            self._section(section, at)
        target = io.BytesIO()
        self.document.save(target)
        return remove_dates(target.getvalue())

    def _set_up(self) -> None:
        report = self.report
        properties = self.document.core_properties
        properties.title = self.title
        properties.author = f"gep {report.run.program}"
        properties.language = "zh-CN" if report.lang == "zh" else "en-GB"
        made = datetime.fromisoformat(report.run.made_at)
        properties.created = properties.modified = made
        properties.revision = 1
        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(WIDE), Mm(HIGH)
        page.left_margin = page.right_margin = Mm(18)
        page.top_margin, page.bottom_margin = Mm(22), Mm(20)
        set_fonts(self.document, FONT, SIZES)
        for name in SIZES:
            if name != "Normal":
                self.document.styles[name].font.color.rgb = GREEN if name != "Caption" else RGBColor(0x1A, 0x1A, 0x1A)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-GB")
        language.set(qn("w:eastAsia"), "zh-CN")
        self.document.styles["Normal"].element.get_or_add_rPr().append(language)
        page.header.paragraphs[0].text = clean_text(
            f"{report.county} · {report.year} · {report.standard.id} · {report.state.title}"
        )
        page.different_first_page_header_footer = True
        foot = page.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        insert_field(foot, "PAGE")
        foot.add_run(" / ")
        insert_field(foot, "NUMPAGES")

    def _cover(self) -> None:
        report, words = self.report, self.words
        logo = find_logo(self.templates, LOGOS)
        if logo is not None:
            self.document.add_paragraph().add_run().add_picture(str(logo), height=Mm(22))
        self._text(report.state.title)
        self.document.add_paragraph(self.title, style="Title")
        self._text(f"{report.total.shown} {report.total.unit}", size=22, bold=True)
        self._text(report.coverage)
        rows = [
            (words["code"], report.code),
            (words["standard"], f"{words.wide(report.standard.title)} {report.standard.number} ({report.standard.id})"),
            (words["prices"], report.basis),
            (words["state"], report.state.sentence),
            (words["run"], f"{report.run.run} · {report.run.made_at} UTC · gep {report.run.program}"),
            (words["account_hash"], report.run.account_sha256),
        ]
        if report.state.sha256:
            rows.append((words["signed_hash"], report.state.sha256))
        self._pairs(rows)
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        self._text(words["contents"], bold=True, size=14)
        write_contents(self.document, self.sections)
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _section(self, section: Section, at: int) -> None:
        first = find_first_table(self.report, section)
        self._turn(lying=first is not None and lay_out(first)[0].lying)
        mark_heading(self.document.add_heading(f"{section.number} {section.title}".strip(), 1), section, at)
        report, words = self.report, self.words
        tables, figures = report.tables, report.figures
        if report.kind in BRIEFINGS and section.id in BODIES:
            self._part(section.id)
            return
        match section.id:
            case "summary":
                for sentence in report.summary:
                    self._text(sentence)
                self._text(f"{report.coverage}{words['sentence_space']}{report.state.sentence}", bold=True)
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
                self._table(tables["prices" if tables["value"].rows else "quantity_matrix"])
            case "value":
                self._table(tables["value"])
                self._table(tables["matrix"])
            case "indices":
                if tables["indices"].rows or not tables["shown"].rows:
                    self._table(tables["indices"])
                if tables["shown"].rows:
                    self._table(tables["shown"])
                self._figure(figures.get("map"))
            case "comparison":
                self._table(tables["series" if tables["series"].rows else "quantity_series"])
                self._figure(figures.get("series"))
                self._table(tables["change"])
                self._figure(figures.get("waterfall"))
                self._table(tables["change_inputs"])
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
            case "bands":
                self._table(tables["bands"])
                self._table(tables["swings"])
            case "annex_e":
                self._pairs(list(report.sources))
            case _:
                self._table(tables[{"annex_a": "inputs", "annex_b": "coefficients"}.get(section.id, section.id)])

    def _part(self, name: str) -> None:
        """Write a part of a report for those who decide: what the store says, then what the office wrote."""
        report, words = self.report, self.words
        if name == "status":
            for sentence in report.summary:
                self._text(sentence)
            self._text(f"{report.coverage}{words['sentence_space']}{report.state.sentence}", bold=True)
        tables, figures = BODIES[name]
        for one in tables:
            if one in report.tables:
                self._table(report.tables[one])
        for one in figures:
            self._figure(report.figures.get(one))
        if name == "money":
            for scheme in report.schemes:
                self._table(scheme)
        if name == "open" and report.statements:
            self.document.add_heading(words["open_statements"], 2)
            self._pairs([(words["concerns"], words["statement"]), *report.statements])
        own = [one for one in report.texts if one.part == name]
        if own or name in WRITTEN:
            self._turn(lying=False)
        for text in own:
            for line in filter(str.strip, text.text.splitlines()):
                self._text(line)
            source = f"{words['semicolon']} {words.say('written_source', source=text.source)}" if text.source else ""
            self._note(words.say("written_by", author=text.author) + source)
        if name in WRITTEN and not own:
            self._note(words["not_written"])

    def _methods(self, *, every: bool) -> None:
        """Write the rules: formula, formula in numbers; in the annex all cells with the origin of each number."""
        words = self.words
        intro = words["annex_c_intro"] if every else words["methods_intro"]
        self._text(intro if self.report.services else words["nothing"])
        for service in self.report.services:
            self.document.add_heading(clean_text(service.title), 2)
            for rule in service.methods:
                write_rule(self._text, rule, words, every=every)
                if not every:
                    self._note(rule.source)

    def _unverified(self) -> None:
        words = self.words
        self._text(words["unverified_intro"], keep=True)
        self._pairs([(words["concerns"], words["statement"]), *self.report.statements])
        for note in self.report.standard.notes:
            self._note(note)
        self._table(self.report.tables["explanations"])

    def _signoff(self) -> None:
        words, report = self.words, self.report
        self._text(report.state.sentence)
        for event in report.history:
            self._text(" · ".join(part for part in event if part))
        grid = make_grid(self.document, [Mm(34), Mm(53), Mm(34), Mm(53)])
        for name in (words["maker"], words["checker"], words["approver"]):
            row = grid.add_row()
            row.height = Mm(12)
            cells = row.cells
            cells[0].text, cells[2].text, cells[3].text = name, words["date"], words["stamp"]
        self.document.add_paragraph()
        run = report.run
        rows = (
            ("account_hash", run.account_sha256),
            ("hash_of_run", run.results_sha256),
            ("hash_inputs", run.inputs_sha256),
            ("hash_coefficients", run.coefficients_sha256),
            ("hash_rules", run.rules_sha256),
            ("chain", f"{run.chain_sha256} ({run.chain_link})"),
            ("reason_run", run.reason),
        )
        self._pairs([(words[key], text) for key, text in rows if text])
        self._note(words["safety"])

    def _text(self, text: str, *, size: float | None = None, bold: bool = False, keep: bool = False) -> Any:
        paragraph = self.document.add_paragraph()
        fill(paragraph, text, size=size, bold=bold)
        paragraph.paragraph_format.keep_with_next = keep
        paragraph.paragraph_format.space_after = Pt(4)
        return paragraph

    def _note(self, text: str) -> None:
        if text:
            self._text(text, size=7.5)

    def _pairs(self, rows: list[tuple[str, str]]) -> None:
        self._turn(lying=False)
        widths = [Mm(42), Mm(132)]
        grid = make_grid(self.document, widths)
        for row in rows:
            for cell, text, width in zip(grid.add_row().cells, row, widths, strict=True):
                cell.width = width
                fill_cell(cell, text, size=8.5)
        self.document.add_paragraph()

    def _table(self, one: Table) -> None:
        words = self.words
        for at, part in enumerate(lay_out(one) if one.rows else ()):
            self._turn(lying=part.lying)
            caption = self.document.add_paragraph(style="Caption")
            fill(caption, f"{words['table']} {one.code} {one.title}{' ' + words['continued'] if at else ''}")
            caption.paragraph_format.keep_with_next = True
            write_table(self.document, part, ROOM_WIDE if part.lying else ROOM_HIGH)
        self._note(one.note)

    def _turn(self, *, lying: bool) -> None:
        """Begin a section of pages on their side, or upright again, if the page is not so already."""
        if lying == self.lying:
            return
        self.lying = lying
        section = self.document.add_section()
        section.different_first_page_header_footer = False
        section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(HIGH if lying else WIDE), Mm(WIDE if lying else HIGH)

    def _figure(self, figure: Figure | None) -> None:
        if figure is None:
            return
        self._turn(lying=False)
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        picture = paragraph.add_run().add_picture(io.BytesIO(draw_png(figure, self.words)), width=Mm(172))
        described = picture._inline.docPr  # noqa: SLF001 - python-docx has no other way to an alternative text
        described.set("descr", clean_text(figure.alt))
        described.set("title", clean_text(figure.title))
        caption = self.document.add_paragraph(style="Caption")
        fill(
            caption,
            f"{self.words['figure']} {self.figures[figure.id]} {figure.title}{self.words.say('in_unit', unit=figure.unit)}",
        )
        self._note(figure.note)
