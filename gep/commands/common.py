"""What commands share: options, the finding of an account, and printing. Heavy parts load where used."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from gep.store.accounts import AccountHead, Approved, StoredAccount

STORE = "outputs/gep.duckdb"
WRONG = 2
"""Exit code of a command that found something wrong."""

store_option = click.option("--store", default=STORE, show_default=True, metavar="FILE", help="The DuckDB file runs are kept in.")
standard_option = click.option(
    "--standard", default=None, metavar="ID|FILE", help="A shipped standard, or a file of your own.  [default: ndrc-2022]"
)
approved_option = click.option("--approved", is_flag=True, help="Only approved accounts, as finance uses them.")
LANG, FORMAT, STORING = "gep.lang", "gep.format", "gep.storing"
"""Where a context keeps the language that --lang gave, the form that --format gave, and that a command has begun to store."""


def _keep_language(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Keep the language for refusals, if it was given."""
    if param.name and ctx.get_parameter_source(param.name) is click.core.ParameterSource.COMMANDLINE:
        ctx.meta[LANG] = value
    return value


def _keep_format(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001 - click calls it so
    """Keep the form for refusals."""
    ctx.meta[FORMAT] = value
    return value


def choose_format(*forms: str) -> Callable[[Any], Any]:
    """Return the option --format with its forms, the first of which is the default."""
    return click.option(
        "--format", "format", type=click.Choice(forms), default=forms[0], callback=_keep_format, help="How to print."
    )


format_option = choose_format("text", "json")


def begin_storing() -> None:
    """Note that a refusal from here on has to say that nothing was stored."""
    click.get_current_context().meta[STORING] = True


lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", callback=_keep_language, help="Language of names and texts."
)
said_lang_option = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    expose_value=False,
    callback=_keep_language,
    help="Language of what is said.  [default: the terminal's]",
)


def said_language() -> str:
    """Return the language of refusals and findings: that of --lang, else the terminal's."""
    from gep.messages.texts import language

    found: str = click.get_current_context().meta.get(LANG) or language()
    return found


run_option = click.option("--run", type=int, metavar="N", help="An earlier run of gep history.  [default: the newest]")


def progress_teller() -> Callable[[str], None]:
    """Return what tells the stage on standard error: one line on a terminal, a line a stage elsewhere once a second has passed."""
    from gep.messages.texts import in_language

    begun, lang = time.monotonic(), said_language()

    def tell(stage: str) -> None:
        stage = in_language(stage, lang) if stage else ""
        if sys.stderr.isatty():
            click.echo(f"\r\033[K{stage}", nl=False, err=True)
        elif stage and time.monotonic() - begun > 1:
            click.echo(f"gep: {stage} ({time.monotonic() - begun:.0f} s)", err=True)

    return tell


def tell_all(texts: Iterable[str], *, err: bool = False) -> None:
    """Print what a command has to tell, a line each, in the language of what is said."""
    from gep.messages.texts import in_language

    for text in texts:
        click.echo(in_language(text, said_language()), err=err)


def print_json(found: object) -> None:
    """Print anything as JSON."""
    from gep.messages.plain import as_json

    click.echo(as_json(found))


def print_or_write(text: str, target: Path | None, what: str) -> None:
    """Print a text, or write it to a file and print the file's name."""
    if target is None:
        click.echo(text.rstrip("\n"))
        return
    from gep.files.writing import write_file

    write_file(target, (text.rstrip("\n") + "\n").encode(), what)
    click.echo(str(target))


def print_account(found: StoredAccount, lang: str) -> None:
    """Print one account."""
    from gep.terminal.account import account_lines

    for text in account_lines(found, lang):
        click.echo(text)


def print_list(found: Iterable[AccountHead], lang: str) -> None:
    """Print one line an account."""
    from gep.terminal.account import list_lines

    for text in list_lines(found, lang):
        click.echo(text)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their headings."""
    from gep.messages.layout import table_lines

    for text in table_lines(columns, rows):
        click.echo(text)


def print_fitted(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their headings, or as blocks where the terminal is too narrow for them."""
    import shutil

    from gep.messages.table_layout import fitted_lines

    for text in fitted_lines(columns, rows, shutil.get_terminal_size().columns):
        click.echo(text)


def tell_approved_only(found: Approved, lang: str) -> None:
    """Say on standard error that only approved results were shown, how many were not, and which were changed since."""
    zh = lang == "zh"
    click.echo(
        f"只含已批准的结果:{found.approved} 个;未批准的 {found.others} 个不在内"
        if zh
        else f"approved results only: {found.approved}; {found.others} not approved are left out",
        err=True,
    )
    for one in found.changed:
        click.echo(
            f"哈希不符:{one} 的结果在批准后被改动" if zh else f"the results of {one} were changed after approval", err=True
        )
