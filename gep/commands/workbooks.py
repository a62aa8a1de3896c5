"""gep new and check: the workbook people fill in, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import (
    YEAR_OF_ACCOUNTS,
    ask_standard,
    format_option,
    print_found,
    say_to_user,
    standard_option,
    store_option,
)
from gep.commands.language import get_language


@click.command()
@click.argument("county")
@click.argument("year", type=YEAR_OF_ACCOUNTS)
@standard_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File, or with --departments folder.  [default: outputs/COUNTY-YEAR]"
)
@click.option("--departments", is_flag=True, help="One workbook a department.")
@click.option(
    "--from-last-year",
    is_flag=True,
    help="Show last year's figures of the store beside the empty cells; keep own rows, coefficients, prices and answers.",
)
@click.option("--units", type=click.Path(path_type=Path), help="Table of units, or folder with one, that COUNTY stands in.")
@click.option("--alone", is_flag=True, help="Of a city or province: one workbook, for an account of its own.")
@store_option
def new(
    county: str,
    year: int,
    standard: str | None,
    output: Path | None,
    units: Path | None,
    store: str,
    *,
    departments: bool,
    from_last_year: bool,
    alone: bool,
) -> None:
    """Write the empty workbook of a county and year.

    Of a city or province a folder with one for each county; COUNTY may be a unit
    of your own.
    """
    from gep.messages.texts import say_in
    from gep.store.store import Store
    from gep.tasks.known_units import know_unit_tables
    from gep.tasks.prepare import write_forms

    def tell(text: str) -> None:
        click.echo(say_in(text, get_language()), err=True)

    chosen = Store(store) if from_last_year else None
    Store(store).know_units()
    know_unit_tables(units)
    standard = standard if from_last_year else ask_standard(store, standard)
    for path in write_forms(county, year, standard, output, chosen, departments=departments, tell=tell, alone=alone):
        click.echo(str(path))


@click.command()
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@standard_option
@click.option("--write-back", is_flag=True, help="Also write a copy of each workbook with the findings in it.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the copies.  [default: 校验, beside the workbook]",
)
@store_option
@format_option
@click.pass_context
def check(
    ctx: click.Context,
    inputs: tuple[Path, ...],
    standard: str | None,
    output: Path | None,
    store: str,
    format: str,
    *,
    write_back: bool,
) -> None:
    """Check INPUTS and compute nothing: all findings, A to D.

    A must be corrected, B explained in writing, C confirmed, D is information. Ends with 2 if there is an A.
    """
    from gep.store.store import Store
    from gep.tasks.check import check_files
    from gep.terminal.findings import print_findings

    findings = check_files(inputs, standard, Store(store))
    copies = []
    if write_back:
        from gep.tasks.check import write_copies

        copies = write_copies(inputs, findings, output, get_language())
    as_json = {"findings": [one.as_dict() for one in findings], "copies": [str(path) for path in copies]}
    print_found(as_json, print_findings(findings, get_language()), format)
    if format != "json":
        for path in copies:
            say_to_user("copy: {file}", file=path, err=True)
    if any(one.grade == "A" for one in findings):
        ctx.exit(2)
