"""Makes a report in one of its forms and writes it whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gep.files.writing import write_file
from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, say
from gep.reports.content import make_report
from gep.reports.model import Report
from gep.reports.outline import BRIEFINGS
from gep.reports.words import read_words

if TYPE_CHECKING:
    from gep.reports.bands import Bands
    from gep.reports.yearbook import Yearbook
    from gep.store.keys import AccountKey
    from gep.store.store import Store

FORMATS = {"pdf": ".pdf", "html": ".html", "docx": ".docx", "xlsx": ".xlsx", "json": ".json", "seea": "-seea.xlsx"}
"""Form → ending of its files."""
_KINDS = ("county", *BRIEFINGS)
FORMS_OF = {
    "pdf": (*_KINDS, "yearbook"),
    "html": (*_KINDS, "yearbook"),
    "docx": _KINDS,
    "xlsx": (*_KINDS, "yearbook"),
    "json": (*_KINDS, "yearbook"),
    "seea": ("county",),
}
"""Form → kinds of reports written in it."""
DRAWN = frozenset({"pdf", "html"})
"""Forms that hold figures as vector graphics."""


@dataclass(frozen=True)
class Options:
    """The way a report is made.

    Attributes
    ----------
    format    : one of FORMATS
    lang      : zh or en
    templates : folder of the user's own templates, texts, style sheet and logo
    variant   : one of gep.reports.forms.pdf.VARIANTS
    """

    format: str = "pdf"
    lang: str = "zh"
    templates: Path | None = None
    variant: str = "pdf"


def format_of(target: Path, given: str | None) -> str:
    """Return the form of a report from what was asked for, or from the ending of its file.

    Parameters
    ----------
    given : one of FORMATS; None: not asked

    Raises
    ------
    Problems : an ending that no form has, or that contradicts the form asked for
    """
    name = target.name.lower()
    if given is not None:
        if not name.endswith("." + FORMATS[given].rpartition(".")[2]):
            refuse_one(
                str(target), say("a report as {given} ends in {ending}", given=given, ending=FORMATS[given]), FORMATS[given]
            )
        return given
    found = [one for one, ending in sorted(FORMATS.items(), key=lambda item: -len(item[1])) if name.endswith(ending)]
    if not found:
        shown = target.suffix or say("a file without ending")
        refuse_one(
            str(target),
            say("reports are not written as {shown}", shown=shown),
            say("one of {names}", names=join_list(FORMATS.values())),
        )
    return found[0]


def write_account_report(
    store: Store, key: AccountKey, file: Path | str, lang: str = "zh", templates: Path | str | None = None
) -> Path:
    """Write the report of a stored account and return where it is; whole or not at all.

    Parameters
    ----------
    key       : where the account stands, as `Store.find` returns it
    file      : its ending names the form: .pdf, .html, .docx, .xlsx or .json
    lang      : zh or en
    templates : folder of templates, texts, styles and a logo of your own

    Raises
    ------
    Problems : a form that there is not, a template that is wrong, or a file that cannot be written

    Examples
    --------
    >>> store = gep.open_store("outputs/gep.duckdb")
    >>> gep.make_report(store, store.find("崇义县", 2022), "report.pdf")
    """
    target = Path(file)
    options = Options(format_of(target, None), lang, None if templates is None else Path(templates))
    with store:
        write_report(store, key, target, lang, options)
    return target


def write_report(
    store: Store, key: AccountKey, target: Path, lang: str = "zh", options: Options | None = None, bands: Bands | None = None
) -> None:
    """Write the report of an account, in the form its file's ending names unless options say it; whole or not at all.

    Parameters
    ----------
    key     : where the account stands
    lang    : zh or en
    options : None: the form of the ending, in the language
    bands   : how sure the account is; None: nobody asked

    Raises
    ------
    Problems : a form that there is not, a template that is wrong, or a target that cannot be written
    """
    chosen = options or Options(format_of(target, None), lang)
    with store:
        report = make_report(store, key.run, key.account, chosen.lang, chosen.templates, bands=bands)
    write(make(report, chosen), target)


def make(report: Report | Yearbook, options: Options) -> bytes:
    """Return the bytes of a report in one of its forms.

    Raises
    ------
    Problems : a form that a yearbook does not have, a template that is wrong, or a font that is missing
    """
    if report.kind not in FORMS_OF[options.format]:
        kinds = [name for name, of in FORMS_OF.items() if report.kind in of]
        said = say("a report of this kind is not written as {format}", format=options.format)
        refuse_one("--format", said, join_list(kinds))
    texts = read_words(report.lang, options.templates)
    if options.format in DRAWN:
        from gep.reports.forms.drawing import draw_figures

        report = replace(report, figures=draw_figures(report.figures, texts))
    match options.format:
        case "pdf" | "html":
            from gep.reports.forms.html import render_html
            from gep.reports.forms.printed import draw_page

            pdf, folder = options.format == "pdf", options.templates
            return draw_page(
                lambda fonts: render_html(report, folder, fonts=fonts), pdf=pdf, variant=options.variant, templates=folder
            )
        case "docx" if isinstance(report, Report):
            from gep.reports.forms.word import write_docx

            return write_docx(report, texts, options.templates)
        case "xlsx":
            from gep.reports.forms.excel import write_xlsx

            return write_xlsx(report, texts)
        case "seea" if isinstance(report, Report):
            from gep.reports.forms.seea import write_seea

            return write_seea(report, texts)
        case "json":
            from gep.reports.forms.json_form import write_report_json

            return write_report_json(report)
    message = f"no form {options.format}"
    raise ValueError(message)


def write(content: bytes, target: Path) -> None:
    """Write a report, whole or not at all.

    Raises
    ------
    Problems : the folder or file cannot be written
    """
    write_file(target, content, "report")
