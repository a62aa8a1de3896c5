"""gep standards, coefficients and variables: what the program knows."""

from __future__ import annotations

import click

from gep.commands.common import format_option, lang_option, print_json, standard_option


@click.group(invoke_without_command=True)
@lang_option
@format_option
@click.pass_context
def standards(ctx: click.Context, lang: str, format: str) -> None:
    """List the standards, or compare two of them (standards diff A B)."""
    if ctx.invoked_subcommand:
        return
    from gep.standards.differences import listed_standards

    found = listed_standards()
    if format == "json":
        print_json(found)
        return
    for one in found:
        click.echo(f"{one['id']:<16} [{one['mark']}] {one['title'][lang]} {one['number']}")
        click.echo(f"{'':<16} {one['services']} services, {one['unverified']} statements unverified")


@standards.command("diff")
@click.argument("one")
@click.argument("other")
@format_option
def standards_diff(one: str, other: str, format: str) -> None:
    """Show line by line what differs between two standards."""
    from gep.standards.differences import differences, unverified_in_both

    found = differences(one, other)
    if format == "json":
        print_json(found)
        return
    from gep.messages.layout import wrapped

    click.echo(f"{one}  →  {other}")
    for part in found:
        for text in (*wrapped(part["what"], "", "  "), *wrapped(f"{part[one]}  →  {part[other]}", "    ", "      ")):
            click.echo(text)
    if not found:
        click.echo("no difference")
    both = unverified_in_both(one, other)
    click.echo(f"unverified in both: {len(both)}")
    for text in both:
        for line in wrapped(text.removeprefix("unverified "), "    ", "      "):
            click.echo(line)


@click.command()
@click.argument("coefficient", required=False)
@click.option("--county", help="Code or name: show which row wins there.")
@click.option("--year", type=int, help="Accounting year for --county.")
@lang_option
@format_option
def coefficients(coefficient: str | None, county: str | None, year: int | None, lang: str, format: str) -> None:
    """List coefficients and prices, or the rows of one and which of them wins."""
    from gep.standards.glossary import coefficient_list, coefficient_rows

    if coefficient is None:
        found = coefficient_list()
        if format == "json":
            print_json(found)
            return
        for one in found:
            click.echo(f"{one['id']:<30} {one['unit']:<14} {one['rows']:>3} rows  {one['title'][lang]}")
        return
    rows = coefficient_rows(coefficient, county, year)
    if format == "json":
        print_json(rows)
        return
    for one in rows:
        members = " ".join(filter(None, (one["ecosystem"], one["pollutant"], one["product"])))
        spread = f" ({one['low']:g}–{one['high']:g})" if one["low"] is not None and one["high"] is not None else ""
        click.echo(
            f"{one['status']:<7} {one['value']:g} {one['unit']}{spread}  {one['region']} {members} [{one['mark']}] set {one['set']}"
        )
        click.echo(f"        {one['source']}, {one['locator']}; {one['address']}{'; ' + one['note'] if one['note'] else ''}")
    if not rows:
        click.echo("no row is shipped; enter the county's own value under this id")


@click.command()
@click.argument("variable", required=False)
@standard_option
@format_option
def variables(variable: str | None, standard: str | None, format: str) -> None:
    """The glossary of inputs: id, name, unit, who has it, which service needs it."""
    from gep.standards.glossary import variable_list

    found = variable_list(variable, standard)
    if format == "json":
        print_json(found)
        return
    for one in found:
        axes = f" by {', '.join(one['axes'])}" if one["axes"] else ""
        click.echo(f"{one['id']}  [{one['unit']}]{axes}")
        click.echo(f"  {one['title']['zh']} · {one['title']['en']} · {one['department']}")
        if variable:
            click.echo(f"  {one['about']}")
        if one["services"]:
            click.echo(f"  {', '.join(one['services'])}")
