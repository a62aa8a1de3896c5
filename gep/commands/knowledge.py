"""gep standards, rules, coefficients and variables: what the program knows."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import format_option, print_found, standard_option, store_option
from gep.commands.language import get_language


@click.group(invoke_without_command=True)
@format_option
@click.pass_context
def standards(ctx: click.Context, format: str) -> None:
    """List standards; show, check, begin or compare them (standards diff A B)."""
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


@standards.command("show")
@click.argument("standard", metavar="ID|FILE")
@format_option
def standards_show(standard: str, format: str) -> None:
    """Print a whole standard as mathematics: formulas, figures, parameters, sources."""
    from gep.standards.showing import describe_standard
    from gep.terminal.standards import print_standard
    from gep.units.currencies import show_money, show_money_in

    found = describe_standard(standard)
    currency = str(found.get("currency") or "CNY")
    print_found(
        show_money_in(found, currency), (show_money(line, currency) for line in print_standard(found, get_language())), format
    )


@standards.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@format_option
def standards_check(file: Path, format: str) -> None:
    """Say everything that is wrong in the file of a standard, by line."""
    from gep.messages.texts import translate
    from gep.standards.plan import make_plan
    from gep.standards.standard import read_standard

    plan = make_plan(read_standard(file))
    found = {"id": plan.standard.id, "services": len(plan.counted), "rules": len(plan.steps), "figures": len(plan.observed)}
    lang = get_language()
    print_found(
        found,
        [translate(lang, "{id}: nothing is wrong; services {services}, formulas {rules}, figures {figures}", **found)],
        format,
    )


@standards.command("choose")
@click.argument("standard", metavar="ID|FILE", required=False)
@store_option
@format_option
def standards_choose(standard: str | None, store: str, format: str) -> None:
    """Say which standard a store uses where none is named, and why; with ID or FILE: keep that one for it."""
    from gep.store.store import Store
    from gep.tasks.standard_choice import describe_choice, keep_choice
    from gep.terminal.standards import print_choice

    if standard is not None:
        keep_choice(Store(store), standard)
    found = describe_choice(Store(store))
    print_found(found, print_choice(found, get_language()), format)


@standards.command("new")
@click.argument("identity", metavar="ID")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write.  [default: ID.yaml]")
@click.option("--extends", metavar="ID|FILE", help="A standard whose statements it takes over.")
def standards_new(identity: str, output: Path | None, extends: str | None) -> None:
    """Begin a standard of your own: a file with every key explained."""
    from gep.standards.beginning import write_new_standard

    click.echo(str(write_new_standard(identity, output, extends)))


@click.command()
@click.argument("rule", required=False)
@standard_option
@format_option
def rules(rule: str | None, standard: str | None, format: str) -> None:
    """List rules with their variants and lines, and what each reads.

    RULE is the id of a rule or of a service.
    """
    from gep.standards.showing import list_all_rules
    from gep.terminal.standards import print_rules

    found = list_all_rules(rule, standard)
    print_found(found, print_rules(found, get_language()), format)


@click.command()
@click.argument("coefficient", required=False)
@click.option("--county", help="Code or name: show which row wins there.")
@click.option("--year", type=int, help="Accounting year for --county.")
@click.option("--gaps", is_flag=True, help="Show what the standard looks up and no table has, by service and ecosystem type.")
@standard_option
@format_option
def coefficients(
    coefficient: str | None, county: str | None, year: int | None, standard: str | None, format: str, *, gaps: bool
) -> None:
    """List coefficients and prices, or the rows of one and which of them wins; --gaps: those that no table has."""
    if gaps:
        from gep.standards.gaps import list_gaps
        from gep.terminal.knowledge import print_gaps

        lacking = [one for one in list_gaps(standard, county, year) if coefficient in {None, one["coefficient"]}]
        print_found(lacking, print_gaps(lacking, get_language()), format)
        return
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
