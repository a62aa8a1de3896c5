"""The language of a call of the program, and commands that help and refuse in it: click's own words and ours."""

from __future__ import annotations

import copy
import inspect
import re
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import click

from gep.commands.outputs import guard_outputs, make_force_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LANGUAGES = ("zh", "en")
_LANGUAGE: ContextVar[str] = ContextVar("gep_language", default="en")


def get_language() -> str:
    """Return the language of this call, `zh` or `en`."""
    return _LANGUAGE.get()


@contextmanager
def speak(lang: str) -> Iterator[None]:
    """Let everything below be said in a language."""
    token = _LANGUAGE.set(lang)
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def read_language(arguments: Sequence[str]) -> str:
    """Return the language that --lang names anywhere among the arguments, else that of the environment."""
    from gep.messages.texts import read_terminal_language

    reader = click.Command(
        "gep",
        params=[click.Option(["--lang"])],
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
    try:
        given = reader.make_context("gep", list(arguments), resilient_parsing=True).params["lang"]
    except click.UsageError:
        given = None  # --lang without a value: click says so when the command is read
    return given if given in LANGUAGES else read_terminal_language()


def translate_command(command: click.Command, lang: str) -> click.Command:
    """Return a command that takes --lang, and whose help is in a language; the command itself stays as it is."""
    made = copy.copy(command)
    made.params = [_translated(param, command, lang) for param in command.params]
    option = click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        help=_say("Language of all that is said.  [default: GEP_LANG, else the terminal's]", lang),
    )
    made.params.insert(next((at for at, one in enumerate(made.params) if "--format" in one.opts), len(made.params)), option)
    made.params += make_force_option(made.params, lambda text: _say(text, lang))
    made.context_class = _Context
    if lang == "zh":
        paragraphs = re.split(r"\n\n+", inspect.cleandoc(command.help or ""))
        made.help = "\n\n".join(_say(" ".join(one.split()), lang) for one in paragraphs)
        made.short_help = made.help.partition("\n")[0].partition("。")[0].partition("；")[0]
        if isinstance(made, click.Group):
            made.subcommand_metavar = _say("COMMAND [ARGS]...", lang)
        made.options_metavar = _say("[OPTIONS]", lang)
    if isinstance(made, click.Group):
        made.commands = {name: translate_command(one, lang) for name, one in made.commands.items()}
    return made


def _translated(param: click.Parameter, command: click.Command, lang: str) -> click.Parameter:
    made = copy.copy(param)
    kind = made.type
    if isinstance(kind, click.Path):  # click names it when the option is made, in the language of that moment
        made.type = copy.copy(kind)
        made.type.name = _say(_kind_of(kind), lang)
    if lang != "zh":
        return made
    if isinstance(made, click.Option):
        made.help = _say(made.help, lang) if made.help else made.help
        if made.is_flag or made.count:
            return made
    shown = param.make_metavar(click.Context(command))
    made.metavar = re.sub(r"[A-Z][A-Z0-9_]+(?: RANGE)?", lambda found: _say(found[0], lang), shown)
    return made


def _kind_of(path: click.Path) -> str:
    if path.file_okay == path.dir_okay:
        return "path"
    return "file" if path.file_okay else "directory"


def _say(text: str, lang: str) -> str:
    if lang != "zh":
        return text
    from gep.messages.texts import say_in

    return say_in(text, lang)


class _Formatter(click.HelpFormatter):
    """Help in columns of a terminal, where a Chinese character takes two."""

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        self.write(f"{'':{self.current_indent}}{heading}{'：' if get_language() == 'zh' else ':'}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        if get_language() != "zh":
            super().write_text(text)
            return
        from gep.messages.layout import wrap_text

        indent = " " * self.current_indent
        self.write("\n\n".join("\n".join(wrap_text(" ".join(one.split()), indent, indent)) for one in text.split("\n\n")) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms with what they mean beside them."""
        if get_language() != "zh":
            super().write_dl(list(rows), col_max, col_spacing)
            return
        from gep.messages.layout import measure_width, pad, wrap_text

        several = list(rows)
        column = min(max(measure_width(first) for first, _ in several), col_max) + col_spacing
        indent = " " * self.current_indent
        for first, second in several:
            begin = indent + pad(first, column)
            if measure_width(first) > column - col_spacing and second:
                self.write(f"{indent}{first}\n")
                begin = indent + " " * column
            self.write("\n".join(wrap_text(second, begin, indent + " " * column)) + "\n")


class _Context(click.Context):
    formatter_class = _Formatter

    def invoke(self, callback: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Run a command, with what it may write over."""
        with guard_outputs(self):
            return super().invoke(callback, *args, **kwargs)


def teach_click() -> None:
    """Let click say its own texts in the language of the call; it asks `_` and `ngettext` of each of its modules for them."""
    from click import core, decorators, exceptions, formatting, parser, types

    for module in (core, decorators, exceptions, formatting, parser, types):
        for name, said in (("_", _say_of_click), ("ngettext", _say_several)):
            if hasattr(module, name):
                setattr(module, name, said)


def _say_of_click(text: str) -> str:
    return _say(text, get_language())


def _say_several(one: str, several: str, count: Any) -> str:
    return _say_of_click(one if count == 1 else several)
