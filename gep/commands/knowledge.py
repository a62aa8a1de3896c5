"""gep standards, coefficients and variables: what the program knows."""

from __future__ import annotations

import click

from gep.commands.common import format_option, print_found, standard_option
from gep.commands.language import get_language


@click.group(invoke_without_command=True)
@format_option
@click.pass_context
def standards(ctx: click.Context, format: str) -> None:
    """List the standards, or compare two of them (standards diff A B)."""
    if ctx.invoked_subcommand:
        return
    from gep.standards.differences import list_standards
    from gep.terminal.knowledge import print_standards

    found = list_standards()
    print_found(found, print_standards(found, get_language()), format)


@standards.command("diff")
@click.argument("one")
@click.argument("other")
@format_option
def standards_diff(one: str, other: str, format: str) -> None:
    """Show line by line what differs between two standards."""
    from gep.standards.differences import list_differences, list_unverified_in_both
    from gep.terminal.knowledge import print_differences

    found = list_differences(one, other)
    print_found(found, print_differences(one, other, found, list_unverified_in_both(one, other), get_language()), format)


@click.command()
@click.argument("coefficient", required=False)
@click.option("--county", help="Code or name: show which row wins there.")
@click.option("--year", type=int, help="Accounting year for --county.")
@format_option
def coefficients(coefficient: str | None, county: str | None, year: int | None, format: str) -> None:
    """List coefficients and prices, or the rows of one and which of them wins."""
    from gep.standards.glossary import list_coefficient_rows, list_coefficients
    from gep.terminal.knowledge import print_coefficient_rows, print_coefficients

    if coefficient is None:
        found = list_coefficients()
        print_found(found, print_coefficients(found, get_language()), format)
        return
    rows = list_coefficient_rows(coefficient, county, year)
    print_found(rows, print_coefficient_rows(rows, get_language()), format)


@click.command()
@click.argument("variable", required=False)
@standard_option
@format_option
def variables(variable: str | None, standard: str | None, format: str) -> None:
    """The glossary of inputs: id, name, unit, who has it, which service needs it."""
    from gep.standards.glossary import list_variables
    from gep.terminal.knowledge import print_variables

    found = list_variables(variable, standard)
    print_found(found, print_variables(found, get_language(), whole=bool(variable)), format)
