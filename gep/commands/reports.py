"""gep report."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import find, lang_option, standard_option, store_option


@click.command()
@click.argument("county")
@click.argument("year", type=int)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.  [default: outputs/COUNTY-YEAR.pdf]")
@click.option(
    "--format",
    "format",
    type=click.Choice(["pdf", "html", "docx", "xlsx", "json", "seea"]),
    help="Form; else the ending of FILE says it.  [default: pdf]",
)
@click.option(
    "--templates",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of templates, texts, styles and a logo of your own.",
)
@click.option(
    "--pdf-variant",
    type=click.Choice(["pdf", "pdf/ua-1", "pdf/a-2u", "pdf/a-3u", "pdf/a-2a", "pdf/a-3a"]),
    default="pdf",
    show_default=True,
    help="Profile of the PDF.",
)
@standard_option
@store_option
@lang_option
def report(
    county: str,
    year: int,
    output: Path | None,
    format: str | None,
    templates: Path | None,
    pdf_variant: str,
    standard: str | None,
    store: str,
    lang: str,
) -> None:
    """Write the report of a county and year."""
    from gep.reports.writing import FORMATS, Options, format_of, write_report
    from gep.store import reading

    form = format_of(output, format) if output is not None else format or "pdf"
    options = Options(form, lang, templates, pdf_variant)
    with reading(Path(store)) as connection:
        place = find(connection, county, year, standard)
        target = output or Path("outputs") / f"{place.county}-{place.year}{FORMATS[form]}"
        write_report(connection, place.run, place.account, target, lang, options)
    click.echo(str(target))
