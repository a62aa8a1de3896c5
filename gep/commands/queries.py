"""gep query: questions to the store."""

from __future__ import annotations

import click

from gep.commands.common import format_option, print_fitted, print_json, store_option, tell_approved_only


@click.command()
@click.argument("query", required=False)
@click.option("--list", "list_them", is_flag=True, help="List the named queries and the views.")
@store_option
@format_option
def query(query: str | None, *, list_them: bool, store: str, format: str) -> None:
    """Run a named query or SQL on the store; it can only read."""
    from gep.store.ask import FINANCE, NAMED
    from gep.store.store import Store

    if list_them or query is None:
        from gep.messages.layout import wrapped

        if format == "json":
            print_json([{"name": name, "about": about} for name, (about, _) in NAMED.items()])
            return
        for name, (about, _) in NAMED.items():
            for line in wrapped(about, f"{name:<22} ", " " * 23):
                click.echo(line)
        return
    with Store(store) as opened:
        found = opened.ask(query)
        told = opened.approved() if query in FINANCE else None
    if told is not None:
        tell_approved_only(told, "zh")
    if format == "json":
        print_json(found.as_dicts())
        return
    print_fitted(found.columns, found.rows)
