"""gep query: questions to the store."""

from __future__ import annotations

import click

from gep.commands.common import format_option, print_found, print_json, print_table, store_option, tell_all, tell_approved_only
from gep.commands.language import get_language


@click.command()
@click.argument("query", required=False)
@click.option("--list", "list_them", is_flag=True, help="List the named queries and the views.")
@store_option
@format_option
def query(query: str | None, *, list_them: bool, store: str, format: str) -> None:
    """Run a named query or SQL on the store; it can only read."""
    from gep.messages.problems import Problems
    from gep.store.ask import FINANCE, NAMED
    from gep.store.store import Store
    from gep.store.walk import reads_money, refuse_forged

    if list_them or query is None:
        from gep.messages.layout import wrap_text
        from gep.messages.texts import say_in
        from gep.store.questions import QUESTIONS

        lang = get_language()
        of_finance = {one.name: f"{one.number}. {one.zh}" for one in QUESTIONS} if lang == "zh" else {}
        shown = [(name, of_finance.get(name) or say_in(about, lang)) for name, (about, _) in NAMED.items()]
        lines = (line for name, about in shown for line in wrap_text(about, f"{name:<22} ", " " * 23))
        print_found([{"name": name, "about": about} for name, (about, _) in NAMED.items()], lines, format)
        return
    with Store(store) as opened:
        if reads_money(NAMED[query][1] if query in NAMED else query):
            try:
                refuse_forged(opened.connection, opened.path)
            except Problems as forged:
                if query in NAMED:
                    raise
                tell_all([one.found for one in forged.problems], err=True)  # who looks for what was forged must see it
        found = opened.ask(query)
        told = opened.approved() if query in FINANCE else None
    if told is not None:
        tell_approved_only(told)
    if format == "json":
        print_json(found.as_dicts())
        return
    print_table(found.columns, found.rows)
