"""What commands share: options, the finding of an account, and printing. Heavy parts load where used."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from gep.commands.language import get_language
from gep.commands.outputs import OUTPUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gep.statements.statement import Statement
    from gep.store.accounts import Approved

STORE = "outputs/gep.duckdb"
WRONG = 2
"""Exit code of a command that found something wrong."""

STORE_GIVEN = "gep.store"
"""Where a context keeps the store that a command reads."""


def _keep_store(ctx: click.Context, param: click.Parameter, value: str) -> str:  # noqa: ARG001 - click calls it so
    ctx.meta[STORE_GIVEN] = value
    return value


store_option = click.option(
    "--store", default=STORE, show_default=True, metavar="FILE", callback=_keep_store, help="The DuckDB file runs are kept in."
)
standard_option = click.option(
    "--standard", default=None, metavar="ID|FILE", help="A shipped standard, or a file of your own.  [default: ndrc-2022]"
)


def _find_stored(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001 - click calls it so
    """Return the key under which accounts of a standard are stored, for a file; an id stays as it is."""
    if value is None or not value.lower().endswith((".yaml", ".yml")):
        return value
    from gep.standards.standard import load_standard

    return load_standard(value).key


stored_standard_option = click.option(
    "--standard",
    default=None,
    metavar="ID|FILE",
    callback=_find_stored,
    help="A shipped standard, or a file of your own.  [default: ndrc-2022]",
)
"""The standard of accounts in the store."""
approved_option = click.option("--approved", is_flag=True, help="Only approved accounts, as finance uses them.")
FORMAT, STORING = "gep.format", "gep.storing"
"""Where a context keeps the form that --format gave, and that a command has begun to store."""


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


def end_storing() -> None:
    """Note that everything is stored: a refusal of what is written beside it must not say that nothing was."""
    click.get_current_context().meta[STORING] = False


def ask_standard(store: str, standard: str | None) -> str | None:
    """Return the standard that was named or chosen for a store; on a terminal it is asked once, with the reason for the default, and kept.

    None where nobody named one, none is kept and nobody can be asked.
    """
    from gep.store.store import Store
    from gep.tasks.standard_choice import describe_choice, keep_choice, read_choice

    opened = Store(store)
    if standard is not None or read_choice(opened):
        return standard or read_choice(opened)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    found, lang = describe_choice(opened), get_language()
    click.echo(found["reason"][lang], err=True)
    asked = click.prompt("standard", type=click.Choice(found["shipped"]), default=found["default"], err=True)
    return keep_choice(opened, asked)


class YearOrPeriod(click.ParamType[int]):
    """A year, or a period of several: 2022, 2016-2020."""

    name = "integer"

    def __init__(self, *, strict: bool = False) -> None:
        """Take only years that accounts are of where `strict`."""
        self.strict = strict

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the year, or the period as one."""
        from gep.messages.texts import translate
        from gep.reference.periods import read_year

        if isinstance(value, int):
            return value
        found = read_year(str(value))
        if found is None and str(value).isdecimal() and not self.strict:
            return int(value)
        if found is None:
            said = translate(get_language(), "{value!r} is not a year, and no period such as 2016-2020", value=value)
            self.fail(said, param, ctx)
        return found


YEAR = YearOrPeriod()
YEAR_OF_ACCOUNTS = YearOrPeriod(strict=True)


def refuse_uneven(one: int, other: int) -> None:
    """Refuse to set a year beside a period, or periods of different lengths beside each other.

    Raises
    ------
    Problems : they are not of one length
    """
    from gep.messages.problems import refuse_one
    from gep.messages.texts import say
    from gep.reference.periods import are_equally_long, as_year

    if not are_equally_long([one, other]):
        found = say("{one} and {other} are not equally long", one=as_year(one), other=as_year(other))
        refuse_one("YEAR", found, say("two years, or two periods of the same number of years"))


run_option = click.option("--run", type=int, metavar="N", help="An earlier run of gep history.  [default: the newest]")


def progress_teller() -> Callable[[str], None]:
    """Return what tells the stage on standard error: one line on a terminal, a line a stage elsewhere once a second has passed."""
    from gep.messages.texts import say_in

    begun, lang = time.monotonic(), get_language()

    def tell(stage: str) -> None:
        stage = say_in(stage, lang) if stage else ""
        if sys.stderr.isatty():
            click.echo(f"\r\033[K{stage}", nl=False, err=True)
        elif stage and time.monotonic() - begun > 1:
            click.echo(f"gep: {stage} ({time.monotonic() - begun:.0f} s)", err=True)

    return tell


def tell_all(texts: Iterable[str], *, err: bool = False) -> None:
    """Print what a command has to tell, a line each, in the language of what is said."""
    from gep.messages.texts import say_in

    for text in texts:
        click.echo(say_in(text, get_language()), err=err)


def say_to_user(template: str, *, err: bool = False, **values: object) -> None:
    """Print an English template, filled in, in the language of the call."""
    from gep.messages.texts import translate

    click.echo(translate(get_language(), template, **values), err=err)


def print_found(found: object, lines: Iterable[str], format: str) -> None:
    """Print what was found as JSON, or line by line; a function makes what is long to make, and is called for JSON only."""
    if format == "json":
        print_json(found() if callable(found) else found)
        return
    for text in lines:
        click.echo(text)


def _check_paper(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:  # noqa: ARG001 - click calls it so
    """Refuse an ending that no paper has before anything is computed."""
    if value is not None:
        from gep.reports.statement_forms import check_form

        check_form(value)
    return value


paper_option = click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_check_paper,
    help="Write it as a paper too: .pdf, .html, .docx or .xlsx.",
)


def tell_statement(found: object, told: Statement, format: str, paper: Path | None) -> None:
    """Print a calculation, as JSON or as it is told, and write its paper where one is asked for.

    Parameters
    ----------
    found : what JSON says
    paper : file to write; None: none
    """
    from gep.terminal.statement import print_statement

    if paper is not None:
        from gep.reports.statement_forms import write_statement

        given = click.get_current_context().params
        files = [one for name, one in given.items() if name not in OUTPUTS for one in (one if isinstance(one, tuple) else (one,))]
        write_statement(told, paper, [one for one in files if isinstance(one, Path)])
    print_found(found, print_statement(told), format)
    if paper is not None and format != "json":
        click.echo(str(paper))


def print_json(found: object) -> None:
    """Print anything as JSON."""
    from gep.messages.plain import write_json_text

    click.echo(write_json_text(found))


def print_or_write(text: str, target: Path | None, what: str) -> None:
    """Print a text, or write it to a file and print the file's name."""
    if target is None:
        click.echo(text.rstrip("\n"))
        return
    from gep.files.writing import write_file

    write_file(target, (text.rstrip("\n") + "\n").encode(), what)
    click.echo(str(target))


def refuse_usage(sentence: str) -> NoReturn:
    """Refuse how a command was called, in the language of the call."""
    from gep.messages.texts import say_in

    raise click.UsageError(say_in(sentence, get_language()))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their headings, or as blocks where the terminal is too narrow for them."""
    import shutil

    from gep.messages.table_layout import fit_table

    for text in fit_table(columns, rows, shutil.get_terminal_size().columns, get_language()):
        click.echo(text)


def tell_approved_only(found: Approved) -> None:
    """Say on standard error that only approved results were shown, how many were not, and which were changed since."""
    say_to_user(
        "approved results only: {approved}; {others} not approved are left out",
        approved=found.approved,
        others=found.others,
        err=True,
    )
    for one in found.changed:
        say_to_user("the results of {account} were changed after approval", account=one, err=True)
