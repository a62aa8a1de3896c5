"""The command line: names every command and where it lives, and turns problems into their text and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gep.commands.common import FORMAT, STORE_GIVEN, STORING
from gep.commands.language import get_language, read_language, speak, teach_click, translate_command, write_commands
from gep.messages.console import spare_narrow_consoles
from gep.reference.adopted import forget_units

if TYPE_CHECKING:
    from collections.abc import Sequence

teach_click()
WRONG_INPUT, OUR_FAULT, INTERRUPTED = 2, 1, 130

COMMANDS = {
    "new": ("workbooks:new", "Write the empty workbook of a county and year."),
    "check": ("workbooks:check", "Check INPUTS and compute nothing: all findings, A to D."),
    "run": ("accounts:run", "Compute and store the accounts of all counties and years in INPUTS."),
    "show": ("accounts:show_command", "Show the account of a county and year, or the sum over a place."),
    "list": ("accounts:list_accounts", "List the accounts in the store, with their state of review."),
    "rank": ("places:rank", "Rank the counties of a place by a figure."),
    "neighbours": ("places:neighbours", "Show a county beside the counties that touch it."),
    "trace": ("accounts:trace_command", "Explain a value: formula, formula in numbers, origin of each number."),
    "report": ("reports:report", "Write the report of a county and year, or of all counties."),
    "history": ("history:history", "List the runs of a county and year: when, why, in which state, which superseded which."),
    "diff": ("history:diff", "Show what two runs have differently: inputs, coefficients, rules, results."),
    "compare": ("history:compare", "Show why two years of a county differ, or one year under two standards."),
    "certificate": (
        "certificate:certificate",
        "Write one file that proves an account: inputs, coefficients, rules, results, sign-offs, hashes.",
    ),
    "verify": (
        "certificate:verify_command",
        "Compute a certificate again, or walk the chain of a store, and say where it differs.",
    ),
    "scenario": (
        "scenario:scenario",
        "Show what a stored account would come to under scenarios: other land, inputs, coefficients or prices. Nothing is stored.",
    ),
    "uncertainty": (
        "uncertainty:uncertainty",
        "Show how far an account may be off: many draws of its uncertain numbers, by its own rules.",
    ),
    "assets": ("assets:assets", "Assets behind the flows: extent, value, and what changed them."),
    "carbon": ("carbon:carbon", "Carbon stocks and their change, apart from GEP's yearly carbon and from project credits."),
    "damage": ("damage:damage", "Damage to ecosystems: interim loss, treatment cost, settlement to the fen."),
    "products": ("products:products", "The catalogue of ecological products, and series watched by thresholds."),
    "review": ("review:review", "Print the reviewer's list of an account: what to look at before signing."),
    "submit": ("review:submit", "Submit the newest result of a county and year for approval."),
    "approve": ("review:approve", "Approve what was submitted; the checker is not the maker."),
    "return": ("review:return_", "Return what was submitted to its maker, with what has to change."),
    "export": ("places:export", "Write accounts, services, inputs and coefficients as Parquet."),
    "standards": ("knowledge:standards", "List standards; show, check, begin or compare them (standards diff A B)."),
    "rules": ("knowledge:rules", "List rules with their variants and lines, and what each reads."),
    "coefficients": (
        "knowledge:coefficients",
        "List coefficients and prices, or the rows of one and which of them wins; --gaps: those that no table has.",
    ),
    "variables": ("knowledge:variables", "The glossary of inputs: id, name, unit, who has it, which service needs it."),
    "scheme": ("schemes:scheme", "List, show, check and register compensation schemes."),
    "compensate": (
        "compensate:compensate_command",
        "Compute SCHEME (an id, a file, or a folder of versions) for YEAR and show every step; prepare it for booking with --post.",
    ),
    "transfers": (
        "transfers:transfers",
        "Answer what finance staff ask about booked transfers; prepare and confirm bookings, reversals and payments.",
    ),
    "query": ("queries:query", "Run a named query or SQL on the store; it can only read."),
    "indicators": ("indicators:indicators", "Show status against targets, gap, score and rank (综合考核)."),
    "encumber": ("encumbrance:encumber", "What is sold, pledged or compensated; nothing twice."),
    "extract": ("space:extract", "Make the input table of counties from land cover and rasters."),
    "transitions": ("space:transitions", "Account what became of the land between two years, zone by zone."),
    "sediment": ("space:sediment", "Follow the sediment to the streams: SDR of InVEST."),
    "nutrients": ("space:nutrients", "Follow nitrogen and phosphorus to the streams: NDR of InVEST."),
    "cover": ("space:cover", "Compute the cover factor C from land cover and cover of vegetation."),
    "erodibility": ("space:erodibility", "Compute the soil erodibility K from texture and organic carbon."),
    "erosivity": ("space:erosivity", "Compute the rainfall erosivity R from daily rain, averaged over years."),
    "map": ("space:map_services", "Compute services for every pixel, by the rules of the account."),
    "terrain": ("space:terrain", "Compute the slope factor LS from a terrain model in metres."),
    "serve": ("serve:serve", "Start the platform: fill in, check, run, review and pay in a browser."),
    "user": ("people:user", "Make and change accounts of the platform; `gep serve` starts it."),
    "backup": ("backups:backup", "Write a backup of store and office into FOLDER, beside a running server or without one."),
    "restore": ("backups:restore", "Put BACKUP where there is no store yet, once both chains in it have been walked."),
}
"""Command → file in gep/commands and the name in it, and the first words of its help; a file is loaded when its command is asked for."""

COLLECT_AFTER = 100_000
"""Objects made between two searches for garbage in circles: at Python's 700 a command of a second spends a twelfth of it searching."""


class Commands(click.Group):
    """A group that turns problems into their text and exit code 2, and anything unforeseen into one sentence and 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands in the order of work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        file, _, name = COMMANDS[cmd_name][0].partition(":")
        return translate_command(getattr(import_module(f"gep.commands.{file}"), name), get_language())

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the list of commands without loading any."""
        write_commands(formatter, {name: words for name, (_, words) in COMMANDS.items()})

    def main(self, args: Sequence[str] | None = None, *more: Any, **named: Any) -> Any:
        """Run the program in the language that --lang, GEP_LANG or the terminal says."""
        given = sys.argv[1:] if args is None else list(args)
        spare_narrow_consoles()
        with speak(read_language(given), given), forget_units():
            return click.Group.main(translate_command(self, get_language()), given, *more, **named)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the options; stopped here, the program says so too, and not click."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except KeyboardInterrupt:
            _tell_interrupted(storing=False)
            raise click.exceptions.Exit(INTERRUPTED) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; problems end with 2, our own faults with 1."""
        gc.set_threshold(COLLECT_AFTER)
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # large tables: a twentieth less memory than with its own
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)
        except KeyboardInterrupt:
            _tell_interrupted(storing=bool(ctx.meta.get(STORING)))
            ctx.exit(INTERRUPTED)
        except Exception as error:
            from gep.messages.problems import Problems, RuleError
            from gep.messages.texts import say, say_in

            lang = get_language()
            if isinstance(error, OSError | MemoryError):
                from gep.files.refusals import describe_system

                error = describe_system(error)
            elif not isinstance(error, Problems):
                error = _find_forgery(ctx.meta.get(STORE_GIVEN)) or error
            if isinstance(error, Problems):
                if ctx.meta.get(FORMAT) == "json":
                    import json

                    click.echo(json.dumps(error.as_dict(), ensure_ascii=False, indent=1), err=True)
                else:
                    click.echo(error.text(lang, "nothing was stored" if ctx.meta.get(STORING) else ""), err=True)
                ctx.exit(WRONG_INPUT)
            if isinstance(error, RuleError):
                click.echo(say_in(say("a rule of this program cannot be right: {error}", error=error), lang), err=True)
                ctx.exit(OUR_FAULT)
            if ctx.find_root().params.get("debug"):
                raise
            ours = say("gep failed, and the fault is ours: {kind}: {error}", kind=type(error).__name__, error=error)
            click.echo(f"{say_in(ours, lang)}\n{say_in('Run gep --debug ... for details.', lang)}", err=True)
            ctx.exit(OUR_FAULT)


def _find_forgery(store: str | None) -> Exception | None:
    """Return what says that a store does not follow its chain: whoever changed it made the program fail; None where that is not so."""
    from gep.messages.problems import Problem, Problems
    from gep.messages.texts import say
    from gep.store.walk import walk_chain

    try:
        broken = walk_chain(Path(store)).broken if store else ()
    except Exception:  # noqa: BLE001 - the first failure is told, not that of looking why
        return None
    hint = (
        "the store was changed by another program: gep verify --store FILE says where; go on from a copy that follows its chain"
    )
    return (
        Problems(
            [
                Problem(str(store), 0, say("{table}: {found}", table=one.table, found=one.found), one.expected, hint)
                for one in broken
            ]
        )
        if broken
        else None
    )


def _tell_interrupted(*, storing: bool) -> None:
    """Say that somebody stopped the program; a run that was not finished is not in the store."""
    from gep.messages.texts import say_in

    text = "interrupted: nothing was stored unless it was said above" if storing else "interrupted"
    click.echo(f"\n{say_in(text, get_language())}", err=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.option("--debug", is_flag=True, hidden=True)
@click.version_option(package_name="gep")
def main(*, debug: bool) -> None:
    """Accounts of Gross Ecosystem Product (生态产品总值).

    Every number can be explained down to the cell it came from.
    """
