"""The command line: names every command and where it lives, and turns problems into their text and an exit code."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from gep.commands.common import FORMAT, STORING
from gep.commands.language import get_language, read_language, speak, teach_click, translate_command
from gep.messages.console import spare_narrow_consoles
from gep.reference.regions import forget_units

if TYPE_CHECKING:
    from collections.abc import Sequence

teach_click()
WRONG_INPUT, OUR_FAULT, INTERRUPTED = 2, 1, 130

COMMANDS = {
    "new": "workbooks:new",
    "check": "workbooks:check",
    "run": "accounts:run",
    "show": "accounts:show_command",
    "list": "accounts:list_accounts",
    "rank": "places:rank",
    "neighbours": "places:neighbours",
    "trace": "accounts:trace_command",
    "report": "reports:report",
    "history": "history:history",
    "diff": "history:diff",
    "compare": "history:compare",
    "certificate": "certificate:certificate",
    "verify": "certificate:verify_command",
    "scenario": "scenario:scenario",
    "uncertainty": "uncertainty:uncertainty",
    "assets": "assets:assets",
    "carbon": "carbon:carbon",
    "damage": "damage:damage",
    "products": "products:products",
    "review": "review:review",
    "submit": "review:submit",
    "approve": "review:approve",
    "return": "review:return_",
    "export": "places:export",
    "standards": "knowledge:standards",
    "rules": "knowledge:rules",
    "coefficients": "knowledge:coefficients",
    "variables": "knowledge:variables",
    "scheme": "schemes:scheme",
    "compensate": "compensate:compensate_command",
    "transfers": "transfers:transfers",
    "query": "queries:query",
    "indicators": "indicators:indicators",
    "encumber": "encumbrance:encumber",
    "extract": "space:extract",
    "transitions": "space:transitions",
    "erodibility": "space:erodibility",
    "erosivity": "space:erosivity",
    "map": "space:map_services",
    "terrain": "space:terrain",
    "serve": "serve:serve",
    "user": "people:user",
    "backup": "backups:backup",
    "restore": "backups:restore",
}
"""Command → file in gep/commands and the name in it; a file is loaded when its command is asked for."""

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
        file, _, name = COMMANDS[cmd_name].partition(":")
        return translate_command(getattr(import_module(f"gep.commands.{file}"), name), get_language())

    def main(self, args: Sequence[str] | None = None, *more: Any, **named: Any) -> Any:
        """Run the program in the language that --lang, GEP_LANG or the terminal says."""
        given = sys.argv[1:] if args is None else list(args)
        spare_narrow_consoles()
        with speak(read_language(given), given), forget_units():
            return click.Group.main(translate_command(self, get_language()), given, *more, **named)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; problems end with 2, our own faults with 1."""
        gc.set_threshold(COLLECT_AFTER)
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
